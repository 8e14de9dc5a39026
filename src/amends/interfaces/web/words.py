"""The words of the pages: names of moves, what to do about a missing one, severities, audiences. Plain, specific, no blame."""

from __future__ import annotations

import re
from contextvars import ContextVar

from amends.core.people import LOCAL_PERSON

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"\[([^\[\]\n]+)\]\([^()\s]+\)")
_MARKS = re.compile(r"^[ \t]*(?:#{1,6}|[-*+>])[ \t]+|\*\*|__|~~|`+", re.MULTILINE)

READER: ContextVar[str] = ContextVar("reader", default=LOCAL_PERSON)
"""Who reads the page that is being made, whom it calls “you”."""

MOVE_NAMES = {
    "fact": "What happened",
    "impact": "Who was affected",
    "cause": "Why",
    "ownership": "Ownership",
    "regret": "Sorry",
    "empathy": "What they felt",
    "status": "State now",
    "recovery": "Recovery",
    "prevention": "Prevention",
    "commitment": "What comes next",
    "constraint": "What is open",
    "request": "Request",
    "thanks": "Thanks",
}
"""How a step is labelled; short, because five of them share a line."""

DO_NOW = {
    "fact": "Say what happened, and when.",
    "impact": "Say who was affected.",
    "cause": "Say why it happened, as far as you know.",
    "ownership": "Say what was yours in it.",
    "regret": "Say that you are sorry.",
    "empathy": "Say what it was like for them.",
    "status": "Say how things stand now.",
    "recovery": "Say what you are doing about it, and by when.",
    "prevention": "Say what keeps it from happening again.",
    "commitment": "Say what you will do next, and when they hear from you.",
    "constraint": "Say what you are waiting for, or do not know yet.",
    "request": "Say what you need from the reader.",
    "thanks": "Say whom you thank.",
}
"""The answer to "what should I do now?" while a move is missing."""

SIGNALS = {
    "ownership": ("Ownership", "says what was yours", "not said yet"),
    "impact": ("Impact awareness", "says who was affected", "not said yet"),
    "recovery": ("Recovery", "says what is being done", "not said yet"),
}
"""Per signal: its name, and what it says when met and when not."""

SIGNAL_FORMS = ("first-message", "follow-up-note", "bug-report", "any")
"""Forms in which the author speaks of their own part; in others a signal would ask for what nobody expects there."""

SEVERITY_NAMES = {"error": "Fix", "warning": "Weigh", "note": "Note"}

SEVERITY_COUNTS = {"error": ("{} to fix", "{} to fix"), "warning": ("{} to weigh", "{} to weigh"), "note": ("{} note", "{} notes")}

STATUS_NAMES = {
    "investigating": "Investigating",
    "identified": "Identified",
    "monitoring": "Monitoring",
    "resolved": "Resolved",
    "reviewed": "Reviewed",
}
STATUS_ORDER = {name: at for at, name in enumerate(STATUS_NAMES)}

INCIDENT_PAGES = (
    ("", "Story"),
    ("messages", "Messages"),
    ("actions", "Actions"),
    ("timeline", "Timeline"),
    ("account", "Account"),
    ("versions", "Versions"),
    ("review", "Review"),
    ("trust", "Trust"),
    ("playbooks", "Playbooks"),
    ("recurrence", "Met before"),
    ("documents", "Documents"),
    ("meeting", "Meeting"),
    ("export", "Export"),
)
"""The pages of an incident: the end of the address, and the name of its tab."""

HELD_NAMES = {
    "held": ("kept", "Held"), "untried": ("quiet", "Untried"), "not-there": ("late", "Not in place"), "not-in-time": ("soon", "Too late"),
    "did-not-hold": ("missed", "Did not hold"),
}  # fmt: skip
"""How a guardrail did: how it looks, and what it is called."""

VERDICT_NAMES = {"repeat": "The same again", "related": "Related", "new": "Another one"}

AUDIENCE_NAMES = {"team": "the team", "leadership": "leadership", "customers": "customers", "partner": "a partner"}

MODEL_PURPOSES = {"version": "The incident as told to them", "factors": "A summary of what contributed"}

PROMISE_KINDS = {"next_update": "Next update", "fix": "Fix", "prevention": "Prevention", "deliver": "Delivery", "other": "Promise"}

FIRMNESS_NOTES = {
    "firm": "",
    "conditional": "depends on something",
    "expectation": "an expectation, not a promise",
    "vague": "no time that can be kept",
}

ZONE = "UTC"
"""What times are written in until a script knows the reader's zone."""

KIND_DUE = {
    "next_update": "The next update is due",
    "fix": "A fix is due",
    "prevention": "A prevention is due",
    "deliver": "A delivery is due",
    "other": "A promise is due",
}

ASKING = {
    "untold": ("One change is not told yet.", "{} changes are not told yet."),
    "waiting": ("One promise waits for an answer.", "{} promises wait for an answer."),
    "timeless": ("One promise has no time yet.", "{} promises have no time yet."),
}
"""What to do now where nothing is due, for one promise and for several."""

STATE_NAMES = {
    "open": "Open",
    "soon": "Due soon",
    "missed": "Missed",
    "kept": "Kept",
    "late": "Late",
    "moved": "Moved",
    "withdrawn": "Withdrawn",
    "unverifiable": "No time",
    "proposed": "Not accepted yet",
    "declined": "Declined",
    "offered": "Offered",
}
"""How a promise stands, in the words of a label."""

EVENT_NAMES = {
    "accepted": "Accepted",
    "declined": "Declined",
    "kept": "Kept",
    "moved": "Moved",
    "withdrawn": "Withdrawn",
    "offered": "Offered",
    "taken-on": "Taken on",
    "turned-down": "Turned down",
    "told": "Told",
    "snoozed": "Reminders held",
    "taken-back": "Undone",
}

EVENT_SAYS = {
    "accepted": "Accepted. It counts from now on.",
    "declined": "Declined. It needs somebody else, or a word that it will not be kept.",
    "kept": "Kept.",
    "moved": "Moved. The new time counts now.",
    "withdrawn": "Withdrawn.",
    "offered": "Offered. Until it is taken on, it stays with its owner.",
    "taken-on": "Taken on by its new owner.",
    "turned-down": "Turned down. It stays with its owner.",
    "told": "Noted: they have heard of it.",
    "snoozed": "Its reminders are held.",
    "taken-back": "Undone. It stands as before.",
}
"""What the banner says after an act."""

EVIDENCE_NAMES = {"commit": "A commit", "ticket": "A ticket", "deploy": "A deploy", "person": "Somebody's word"}

EXAMPLE_PROMISE = "I roll the change back by 14:30 UTC. Next update at 14:00 UTC."
"""The one real example of the empty page of promises."""


def person(name: str | None) -> str:
    """A person as the pages speak of them: the one of an installation without accounts is you."""
    return "you" if name == READER.get() else name or "nobody yet"


MOMENTS = {"before": "Beforehand", "due": "When it is due", "after": "After it was missed"}

REMINDER_STATES = {
    "planned": "planned",
    "sending": "on its way",
    "sent": "sent",
    "failed": "did not get through",
    "overtaken": "not needed any more",
}

ENTRY_KINDS = {
    "chat": "Chat",
    "alert": "Alert",
    "deploy": "Deploy",
    "commit": "Commit",
    "ticket": "Ticket",
    "status": "Status page",
    "mail": "Mail",
    "other": "Other",
}
"""What sort of thing an entry is; a log line says so by itself."""

REASONS = {
    "first-seen": "first of its kind",
    "burst": "burst",
    "rate-change": "more or fewer than before",
    "change": "a change",
    "after-change": "first seen after a change",
    "alert": "an alert",
    "human": "somebody wrote it",
    "silence": "fell silent after it",
}
"""Why an entry is kept, where the engine says nothing more exact."""

NOTE_NAMES = {
    "pinned": "Pinned",
    "unpinned": "No longer pinned",
    "hidden": "Hidden",
    "shown": "Shown again",
    "commented": "Comment",
    "corrected": "Time corrected",
    "added": "Added",
    "withdrawn": "Taken back",
}

NOTE_SAYS = {
    "pinned": "Pinned.",
    "unpinned": "No longer pinned.",
    "hidden": "Hidden. It stays in the evidence, out of sight here.",
    "shown": "Shown again.",
    "commented": "Your comment stands beside it.",
    "corrected": "Corrected. The time of the source stays beside it.",
    "added": "Added. It stands where it happened.",
    "withdrawn": "Taken back. The history keeps it.",
}
"""What the banner says after a note."""


FACT_NAMES = {
    "happened": "What happened",
    "impact": "Impact",
    "number": "A number",
    "cause": "Cause",
    "recovery": "Recovery",
    "prevention": "Prevention",
    "constraint": "Not known yet",
    "decision": "Decision",
    "question": "To decide",
}
MILESTONE_NAMES = {
    "impact-began": "Impact began",
    "detected": "Detected",
    "contained": "Contained",
    "checked-in": "Sat down with who counts on us",
    "timeline-shared": "Timeline shared",
    "meeting": "Meeting",
    "fix-deployed": "Fix deployed",
    "recovered": "Recovered",
}
FINDER_NAMES = {"us": "found by us", "others": "others told us"}
MILESTONE_CHOICES = (
    ("detected-us", "Detected: found by us"),
    ("detected-others", "Detected: others told us"),
    *((kind, name) for kind, name in MILESTONE_NAMES.items() if kind != "detected"),
)
"""The milestones as a form offers them."""

BOX_NAMES = {"impact": "Impact box", "prevention": "Prevention box"}
BOX_ASKS = {
    "impact": "The impact is written down, and those who were hit know",
    "prevention": "Something stands in the way of the same mistake",
}
COMMIT_NAMES = {"hotfix": "Hotfix", "rollback": "Rollback", "guardrail": "Guardrail"}
EVENT_LABELS = {
    "opened": "Opened",
    "renamed": "Renamed",
    "started": "Beginning corrected",
    "visibility-private": "Private: for those invited",
    "visibility-open": "Open to everybody here",
    "gate": "Passed with a reason",
    "comment": "Comment",
    "removed": "Put away",
    "restored": "Brought back",
    "follows": "Follows from another incident",
}
FUNCTION_NAMES = {
    "lead": "Lead",
    "communications": "Communications",
    "scribe": "Scribe",
    "operations": "Operations",
    "liaison": "Liaison",
    "deputy": "Deputy",
}
STAKEHOLDER_NAMES = {"affected": "affected", "needs-to-know": "needs to know", "saw-wrong": "saw something wrong"}
DELIVERY_NAMES = {"sent": "was sent", "read": "has read", "acknowledged": "acknowledged"}
LINK_NAMES = {
    "repository": "Repository",
    "channel": "Chat channel",
    "ticket": "Ticket",
    "dashboard": "Dashboard",
    "document": "Document",
    "other": "Other",
}
DOCUMENT_NAMES = {"note": "Note", "review": "Review", "agenda": "Agenda", "version": "Version", "other": "Text"}
ACTION_EVENT_NAMES = {
    "accepted": "Action item accepted",
    "done": "Action item done",
    "verified": "Action item helps",
    "no-help": "Action item did not help",
    "dropped": "Action item dropped",
    "reopened": "Action item open again",
}
KEYS = (
    (("Ctrl", "K"), "Go anywhere: pages, incidents, action items"),
    (("T",), "Today"),
    (("N",), "A new incident: what happened?"),
    (("I",), "Incidents"),
    (("W",), "Write a message"),
    (("P",), "Promises"),
    (("A",), "Action items"),
    (("/",), "Search"),
    (("J", "K"), "To the next or the last thing in a list"),
    (("?",), "This list"),
)
"""The keys of the pages, as their list shows them; on a timeline its picture has keys of its own."""

HIT_NAMES = {
    "incident": "Incident",
    "fact": "Fact",
    "comment": "Comment",
    "message": "Message",
    "draft": "Draft",
    "promise": "Promise",
    "action": "Action item",
    "document": "Text",
    "note": "Note in a timeline",
    "evidence": "Evidence",
    "link": "Link",
    "stakeholder": "Who must know",
    "point": "Point of the account",
}
NEXT_STATUS = {
    "investigating": ("identified", "We know what it is"),
    "identified": ("monitoring", "It is contained"),
    "monitoring": ("resolved", "It is resolved"),
    "resolved": ("reviewed", "It is reviewed"),
}
"""Per status: the one that comes next, and the words of the button that says so."""

INCIDENT_SAYS = {
    "status": "The status is changed. Those who wait for a word have not heard it from here.",
    "severity": "The severity is changed.",
    "title": "The title is changed.",
    "start": "The beginning is corrected.",
    "private": "Private now: for those invited only.",
    "open": "Open now to everybody here.",
    "follows": "The chain is changed.",
    "removed": "Put away. It stands in no list any more.",
    "restored": "Brought back.",
    "fact": "Written down.",
    "milestone": "Written down.",
    "ticked": "Ticked.",
    "unticked": "Open again.",
    "commit": "Named.",
    "comment": "Said.",
    "withdrawn": "Taken back. The history keeps it.",
    "handed-over": "Handed over.",
    "left": "Nobody holds it now.",
    "invited": "Invited.",
    "uninvited": "No longer invited.",
    "let-in": "You are in. Everybody in this incident sees your reason.",
    "stakeholder": "On the list of those who must be told.",
    "stakeholder-removed": "Off the list. What they were told stays.",
    "link": "Linked.",
    "link-removed": "No longer linked.",
}
"""What the banner says after an act on an incident."""

ASKS = {
    "tell": "It changed, and those who were promised have not heard",
    "accept": "Its owner has not taken it on",
    "answer": "Somebody was asked to take it over",
    "assign": "Nobody has taken it on",
    "time": "It has no time yet",
}
"""What a promise waits for."""

EXAMPLE_INCIDENT = "My deploy at 10:42 broke the login"


def plain(text: str) -> str:
    """A draft in one line of plain words: no switches and other comments, no marks of Markdown, links by their words."""
    text = _LINK.sub(r"\1", _COMMENT.sub("", text))
    return " ".join(_MARKS.sub("", text).split())


def zone_of_source(zone: str) -> str:
    """How the times of a source were understood, in words."""
    if zone.startswith("assumed:"):
        return f"no zone written; taken as {zone.removeprefix('assumed:')}"
    return "zone written" if zone == "stated" else "times in UTC"


EXAMPLE = (
    (
        "fact",
        "At 16:08 I merged a schema change that dropped the region index.",
    ),
    ("impact", "Search has been timing out for EU users since 16:11."),
    ("ownership", "I skipped the staging run, that was my call."),
    ("recovery", "The index is rebuilding now, done by 16:50, and I'll post at 16:40 either way."),
    ("prevention", "I'm adding a migration check that blocks index drops without a second reviewer."),
)
"""The one real example of the empty page: a first message, sentence by sentence, with the move that each makes."""


def sentence(words: str) -> str:
    """A message of the program, which begins small and has no full stop, as a sentence of a page."""
    if not words:
        return ""
    return words[0].upper() + words[1:] + ("" if words[-1] in ".!?…" else ".")


EMPTY_NOW = "Say what happened, and when."
READY = "Ready to send."
