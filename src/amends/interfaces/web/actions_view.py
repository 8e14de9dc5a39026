"""What the pages of action items show: one sentence on what to do now, the items by what they ask for, and what each can become."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from amends.incidents.acting import by_urgency, refusal
from amends.interfaces.web import words
from amends.interfaces.web.promises_view import say_away, say_length

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from amends.core.incident import Incident
    from amends.core.problem import Problem
    from amends.incidents.acting import ActionStanding
    from amends.incidents.actions import ActionEvent

SOON = timedelta(days=3)
"""How close the time of an action item must be to be called soon."""

KINDS = (
    ("test", "A test"), ("alert", "An alert"), ("monitoring", "Monitoring"), ("limit", "A limit"), ("automation", "Automation"),
    ("rollout", "A gradual rollout"), ("kill-switch", "A kill switch"), ("soak", "A soak or beta stage"), ("checklist", "A checklist"),
    ("review", "A review"), ("runbook", "A runbook"), ("test-plan", "A test plan"), ("ownership", "An owner"),
    ("documentation", "Documentation"), ("other", "Something else"),
)  # fmt: skip
"""What an action item can put in place, what works by itself first."""

EVIDENCE = (
    ("measure", "A measure"), ("alert", "An alert that fired"), ("test", "A test"), ("commit", "A commit"), ("deploy", "A deploy"),
    ("ticket", "A ticket"), ("message", "A message"), ("person", "Somebody's word"),
)  # fmt: skip

EVENT_NAMES = {
    "accepted": "Accepted", "declined": "Given back", "moved": "Moved", "done": "Done", "reopened": "Open again", "verified": "It helps",
    "no-help": "It did not help", "dropped": "Dropped", "linked": "Made a ticket", "followed": "The tracker said", "taken-back": "Undone",
}  # fmt: skip

SECTIONS = (
    ("overdue", "Late"),
    ("confirm", "Its ticket was closed: is it done?"),
    ("do", "To do"),
    ("again", "Did not help"),
    ("verify", "Done, not shown to help"),
    ("accept", "Ideas that nobody has accepted"),
)
"""What stands on the page, in the order of what to do first."""

_ANSWERS = {
    "overdue": ("One action item is late. Do it, or say honestly until when.", "{} action items are late. Answer the oldest first."),
    "confirm": ("A ticket was closed. Say whether the action item is done.", "{} tickets were closed. Say whether they are done."),
    "again": ("One action item did not help. Reopen it, or propose what would.", "{} action items did not help."),
    "verify": ("One is done. Show that it helps.", "{} are done, and nobody has shown that they help."),
    "accept": ("One idea waits for somebody to take it on.", "{} ideas wait for somebody to take them on."),
}
_STATES = {"idea": "Idea", "done": "Done", "verified": "Helps", "no-help": "Did not help", "dropped": "Dropped"}
_TONES = {"idea": "quiet", "done": "soon", "verified": "kept", "no-help": "missed", "dropped": "quiet"}
_ACTS = ("accept", "done", "verify", "no-help", "move", "reopen", "decline", "drop")
_NEEDS = {"accept": "accepted", "verify": "verified", "move": "moved", "reopen": "reopened", "decline": "declined", "drop": "dropped"}


@dataclass(frozen=True, slots=True)
class Row:
    """One action item as a page shows it. `acts` are those that it offers; `tone` is one of missed, soon, kept, quiet."""

    now: ActionStanding
    tone: str
    state: str
    away: str
    kind: str
    acts: tuple[str, ...]
    incident: Incident | None

    @property
    def id(self) -> str:
        """The item's id."""
        return self.now.item.id


@dataclass(frozen=True, slots=True)
class Section:
    """Items that ask for the same."""

    key: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A page of action items: what to do now, what asks for something, and what is over."""

    at: datetime
    answer: str
    sections: tuple[Section, ...]
    over: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """One event of a history; `undone` where it was taken back, `undoes` the name of what it took back."""

    event: ActionEvent
    name: str
    undone: bool
    undoes: str = ""


def board(items: Sequence[ActionStanding], incidents: Mapping[str, Incident], at: datetime) -> Board:
    """The page over action items, whatever became of them."""
    rows = [row(one, at, incidents.get(one.item.incident_id)) for one in by_urgency(items)]
    sections = tuple(
        Section(key, title, found) for key, title in SECTIONS if (found := tuple(one for one in rows if _section(one.now) == key))
    )
    over = tuple(one for one in rows if not one.now.is_open)
    return Board(at, _answer(sections, over, at), sections, over)


def _section(now: ActionStanding) -> str:
    return "overdue" if now.overdue and now.step == "do" else now.step


def _answer(sections: Sequence[Section], over: Sequence[Row], at: datetime) -> str:
    found = {one.key: one.rows for one in sections}
    for key in ("overdue", "confirm", "again"):
        if key in found:
            return _counted(key, len(found[key]))
    if "do" in found and (due := found["do"][0].now.due) is not None:
        return f"The next action item is due {say_away(due, at)}."
    for key in ("verify", "accept"):
        if key in found:
            return _counted(key, len(found[key]))
    return "Every action item is done." if over else "There is no action item yet."


def _counted(key: str, count: int) -> str:
    one, several = _ANSWERS[key]
    return one if count == 1 else several.format(count)


def row(now: ActionStanding, at: datetime, incident: Incident | None = None) -> Row:
    """One action item for a page."""
    tone, state = _tone(now, at)
    away = say_away(now.due, at) if now.due is not None and now.state == "accepted" else ""
    return Row(now, tone, state, away, dict(KINDS)[now.item.kind], acts_of(now), incident)


def _tone(now: ActionStanding, at: datetime) -> tuple[str, str]:
    if now.state != "accepted" or now.due is None:
        late = ", late" if now.late and now.state in ("done", "verified") else ""
        return _TONES[now.state], _STATES[now.state] + late
    if now.overdue:
        return "missed", "Late"
    return ("soon", "Due soon") if now.due - at <= SOON else ("quiet", "To do")


def acts_of(now: ActionStanding) -> tuple[str, ...]:
    """The acts that make sense where an item stands; what it asks for now comes first."""
    return tuple(act for act in _ACTS if not refusal(now, _NEEDS.get(act, act)) and not (act == "drop" and now.state == "done"))


def history(now: ActionStanding) -> tuple[Past, ...]:
    """Everything that happened to an action item, in the order it was recorded."""
    undone = {event.undoes for event in now.events}
    names = {event.id: EVENT_NAMES[event.what] for event in now.events}
    return tuple(Past(event, names[event.id], event.id in undone, names.get(event.undoes or "", "")) for event in now.events)


def compact(items: Iterable[ActionStanding], at: datetime) -> tuple[Row, ...]:
    """The rows for the page of an incident: what asks for something, due first first."""
    return tuple(row(one, at) for one in by_urgency(items) if one.is_open)


def remark(said: Sequence[Problem]) -> str:
    """The first remark as sentences, "" for none."""
    return f"{words.sentence(said[0].message)} {words.sentence(said[0].hint)}".strip() if said else ""


def moved_by(now: ActionStanding) -> str:
    """By how much its time was moved in all, in words; "" where it was not."""
    if not now.was_due or now.due is None or now.due <= now.was_due[0]:
        return ""
    return say_length(int((now.due - now.was_due[0]).total_seconds()) // 60)
