"""Texts begun from what is known of an incident: nothing is typed twice, and what is not known stands as a gap in [brackets].

The gaps are those of the forms' own templates, so that a checker counts none of them as said. Every figure and every time comes from
`facts`: two texts about one incident cannot disagree in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.errors import UnknownNameError
from amends.core.people import AUDIENCES
from amends.incidents.event import standing
from amends.incidents.facts import Facts, sentence, words_of

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from amends.core.incident import SentMessage
    from amends.incidents.event import IncidentEvent
    from amends.incidents.story import Story

STARTS = {
    "first-message": ("first-message", "team"),
    "status-update": ("status-update", "team"),
    "exec-status": ("exec-status", "leadership"),
    "customer-apology": ("customer-apology", "customers"),
    "internal-apology": ("first-message", "team"),
    "follow-up-note": ("follow-up-note", "team"),
    "correction": ("any", "team"),
}
"""What can be begun: with the form that it is checked as, and whom it is usually for."""

STATUS_SAYS = {
    "investigating": "the cause is not found yet",
    "identified": "the cause is found",
    "monitoring": "it is contained",
    "resolved": "it is resolved",
    "reviewed": "it is resolved and reviewed",
}
"""What a status means to its reader."""

_CORRECTION = re.compile(
    r"Correction of our message of (?P<at>[^\n]{0,20}?\d\d:\d\d [A-Za-z]+(?:[+-]\d\d:\d\d)?)(?:: it said “(?P<quote>[^”\n]+)”)?"
)
"""How a correction begins, so that the draft says itself which message was wrong."""

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]*)*[.!?]?")


@dataclass(frozen=True, slots=True)
class Begun:
    """A text begun from facts: the form that it is checked as, whom it is for, and the message that it corrects."""

    text: str
    form: str
    audience: str
    corrects: str | None = None


def start(story: Story, form: str, audience: str | None, now: datetime, zone: tzinfo, wrong: SentMessage | None = None) -> str:
    """The beginning of a text of a kind (`STARTS`) for an audience, on the clock of `zone`; `wrong` is the message that a correction is of.

    Raises UnknownNameError for a kind or an audience that there is not.
    """
    if form not in STARTS:
        raise UnknownNameError("form", form[:80], tuple(STARTS))
    if audience is not None and audience not in AUDIENCES:
        raise UnknownNameError("audience", audience[:80], AUDIENCES)
    reader = audience or (wrong.audience if wrong is not None else None) or STARTS[form][1]
    facts = Facts(story, reader, now, zone)
    if form == "correction":
        return _correction(facts, wrong)
    return _WRITERS[form](facts)


def wrong_sentence(story: Story, wrong: SentMessage) -> tuple[str, str] | None:
    """A sentence of a message that says what was corrected since, and what holds instead; None where nothing shows which it was."""
    for old, new in corrected(story, wrong.sent_at):
        needle = old.value if old.kind == "number" and old.value else old.text
        if not needle:
            continue
        figure = re.match(r"[\d.,]*\d", needle)
        pattern = rf"(?<![\d.,]){re.escape(figure[0])}(?![\d]|[.,]\d)" if figure else re.escape(needle.rstrip("."))
        for found in _SENTENCE.finditer(wrong.text):
            if re.search(pattern, found[0], re.IGNORECASE):
                return found[0].strip(), sentence(words_of(new))
    return None


def corrects_in(text: str, messages: tuple[SentMessage, ...], zone: tzinfo) -> SentMessage | None:
    """The message that a draft of a correction is about: the one that it quotes, or names by its time; None where it says neither."""
    found = _CORRECTION.match(text.lstrip())
    if found is None:
        return None
    for message in reversed(messages):
        quoted = found["quote"] is not None and not found["quote"].startswith("[") and found["quote"] in message.text
        if quoted or f"{message.sent_at.astimezone(zone):%H:%M} " in found["at"]:
            return message
    return None


def corrected(story: Story, since: datetime) -> tuple[tuple[IncidentEvent, IncidentEvent], ...]:
    """The facts that were corrected since a moment: what was said before, and what holds now."""
    by_id = {event.id: event for event in story.events}
    found = []
    for now in standing(story.events, "fact"):
        first = now
        while first.replaces in by_id and first.recorded_at > since:
            first = by_id[first.replaces]
        if first is not now and now.recorded_at > since:
            found.append((first, now))
    return tuple(found)


def _first_message(facts: Facts) -> str:
    next_one = facts.due("next_update") or "[HH:MM and zone]"
    if facts.recovery:
        recovery = f"{_said(facts.recovery)} I post again at {next_one}."
    else:
        recovery = f"[What is done or being done], done by [HH:MM and zone]; I post again at {next_one}."
    return _lines(
        _said((facts.opening, *facts.rest)),
        _said(facts.impact) or _IMPACT_GAP,
        _OWN_GAP,
        recovery,
        _said(facts.prevention) or _PREVENTION_GAP,
    )


def _internal_apology(facts: Facts) -> str:
    """One paragraph: the act, what it did, that it was mine, what is right again, what guards it now, thanks and regret."""
    return " ".join((
        "Team:",
        _said((facts.opening, *facts.rest)),
        _said(facts.impact) or _IMPACT_GAP,
        _OWN_GAP,
        _said(facts.recovery) or "I [have reverted, am restoring] [what], done by [HH:MM ZONE].",
        _said(facts.prevention) or _PREVENTION_GAP,
        "Thanks to [role] for [what], and sorry for [the trouble it caused].",
    ))  # fmt: skip


def _status_update(facts: Facts) -> str:
    next_one = facts.due("next_update") or "[HH:MM ZONE]"
    state = STATUS_SAYS[facts.story.incident.status]
    if facts.story.incident.status == "investigating" and facts.story.standing("fact", "cause"):
        state = STATUS_SAYS["identified"]
    fix, guard = facts.due("fix"), facts.due("prevention")
    does = [one for one in (f"the fix is done by {fix}" if fix else "", f"the guard against it by {guard}" if guard else "") if one]
    commitments = "; ".join(does) or "we [do what] by [HH:MM]"
    current = _said((*facts.impact, *facts.all("recovery"), *_reached(facts))) or "[what is true now, with a number]; [what works]."
    return _lines(
        f"Subject: {facts.story.incident.title[:100]} – {state}, next update {next_one}",
        "",
        f"Context: {_said((facts.opening, *facts.rest))}",
        f"Current: {current}",
        f"Constraints: {_said(facts.unknown) or '[what you wait for and from which role; what you do not know yet; or: none].'}",
        f"Commitments: {commitments}; next update {next_one}.",
    )


def _exec_status(facts: Facts) -> str:
    cause, constraint = _said(facts.all("cause")), _said(facts.all("constraint"))
    return _lines(
        f"TL;DR: {facts.opening}",
        *([f"Cause: {cause}"] if cause else []),
        f"Impact: {_said(facts.impact) or '[who, how many, how much money, until when].'}",
        f"Recovery: {_said((*facts.recovery, *facts.prevention)) or '[what] by [day HH:MM]; [what] by [day HH:MM].'}",
        *([f"Open: {constraint}"] if constraint else []),
        "Risk: [what could still go wrong]; if [trigger], we [what you do then].",
        f"Decision: {_said(facts.all('question')) or '[what you need decided, by when; or: none].'}",
        f"Next update: {facts.due('next_update') or '[day HH:MM ZONE]'}.",
    )


def _customer_apology(facts: Facts) -> str:
    delivered = facts.due("deliver") or facts.due("next_update") or "[day HH:MM]"
    put_right = _said((*facts.recovery, *facts.prevention)) or (
        "I have [what is put right already, with its amount or reference], and [what keeps it from happening again]."
    )
    return _lines(
        f"Subject: {facts.story.incident.title[:100]}: what we do about it",
        "",
        "Dear [name],",
        "",
        f"{_said((facts.opening, *facts.impact))} [What this cost you: what they had to do, miss or pay.] I can see [what that was like].",
        "We [what we did wrong, in the active voice]. I'm sorry.",
        put_right,
        f"You will [see or receive what] by {delivered}, and you reach me at [direct line].",
    )


def _follow_up_note(facts: Facts) -> str:
    noticed, contained = facts.milestone("detected") or "at [HH:MM]", facts.milestone("contained") or "at [HH:MM]"
    began = facts.time(facts.began)
    review = facts.due("prevention") or "DATE"
    return _lines(
        f"{facts.opening} {_said(facts.recovery[:1]) or '[What you have done and will do, by HH:MM.]'}",
        "",
        f"Commit 1: {_commit(facts, 'hotfix', 'hotfix') or '[component]: [what the hotfix does, and why]'}",
        f"Commit 2: {_commit(facts, 'rollback', 'guardrail') or '[component]: [what the rollback or guardrail does, and why]'}",
        "",
        f"What: {_said((facts.opening, *facts.rest))}",
        f"When: from {began}, noticed {noticed}, contained {contained}.",
        f"Who: {_said(facts.impact) or '[who was affected and how many, and what they may have used]'}",
        f"Fix: {_said(facts.recovery) or '[what repairs it]'}",
        f"Guardrail: {_said(facts.prevention) or f'[what catches it next time, owner, next look on {review}]'}",
        "",
        _box(facts, "impact", "Impact", "[checked how, with a number]"),
        _box(facts, "prevention", "Prevention", "[tested how, or due on DATE]"),
    )


def _correction(facts: Facts, wrong: SentMessage | None) -> str:
    """What was wrong, in its own words, then what holds: it says so in the first line, and repeats nothing else."""
    if wrong is None:
        return _lines(
            "Correction: I wrote “[what was wrong]”. That was wrong. [What is true instead.]", "What changes for you: [what, until when]."
        )
    at = facts.time(wrong.sent_at)
    found = wrong_sentence(facts.story, wrong)
    said, holds = found if found is not None else ("[what was wrong]", "[What is true instead.]")
    return _lines(
        f"Correction of our message of {at}: it said “{said}”{'' if said.endswith(('.', '!', '?')) else '.'}",
        f"That was wrong. What is right: {holds}",
        "If you have used the wrong one: [what to do about it].",
        f"Next update: {facts.due('next_update') or '[HH:MM ZONE]'}.",
    )


_IMPACT_GAP = "[Who or what is affected since when, and how many; or: impact not known yet, I check X by HH:MM.]"
_OWN_GAP = "That was my mistake: I [the act, or what I left out]."
_PREVENTION_GAP = "I'm adding [a test, check, alert, limit or runbook step] that [stops or shows this class of error]."
_WRITERS = {
    "first-message": _first_message,
    "internal-apology": _internal_apology,
    "status-update": _status_update,
    "exec-status": _exec_status,
    "customer-apology": _customer_apology,
    "follow-up-note": _follow_up_note,
}


def _said(sentences: tuple[str, ...]) -> str:
    """Sentences in a row, each once."""
    return " ".join(dict.fromkeys(one for one in sentences if one))


def _lines(*lines: str) -> str:
    return "\n".join(lines).strip() + "\n"


def _reached(facts: Facts) -> tuple[str, ...]:
    recovered, contained = facts.milestone("recovered"), facts.milestone("contained")
    if recovered:
        return (f"It has been right again since {recovered}.",)
    return (f"It has been contained since {contained}.",) if contained else ()


def _commit(facts: Facts, *kinds: str) -> str:
    found = [one for kind in kinds for one in facts.story.standing("commit", kind)]
    return f"`{found[-1].text}` ({(found[-1].value or '')[:12]})" if found else ""


def _box(facts: Facts, kind: str, name: str, gap: str) -> str:
    found = facts.story.standing("box", kind)
    ticked = bool(found) and found[-1].value == "ticked"
    return f"{'[x]' if ticked else '☐'} {name}: {(found[-1].text if found else None) or gap}"
