"""The follow-up note as it stands: two sentences, two commits, two boxes, and who needed to know or read the wrong number.

What it asks for is that of the source: a tangible note within half an hour, two commits that can be read in six months, impact and
prevention ticked or dated, shared with those who needed to know and again with those who saw what was wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from amends.core.problem import Problem
from amends.incidents.commits import judge
from amends.incidents.event import BOXES
from amends.incidents.facts import Facts
from amends.incidents.hearing import heard
from amends.promises.fate import end_of_minute

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from amends.core.incident import SentMessage
    from amends.incidents.commits import Judgement
    from amends.incidents.event import IncidentEvent
    from amends.incidents.hearing import Heard
    from amends.incidents.story import Story

FORM = "follow-up-note"
WITHIN = timedelta(minutes=30)
"""After the first signal. Source: mistake management, "filled out in the first 30 minutes"."""

LISTS = ("needs-to-know", "saw-wrong")
"""Whom the note is shared with, and then again."""


@dataclass(frozen=True, slots=True)
class NoteCommit:
    """A commit of the note with what its subject lacks."""

    event: IncidentEvent
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """The note at a moment.

    `sentences` are the two for the one who must know, None while what they need is not written down. `repair` is the hotfix, `guard` the
    rollback or guardrail; `boxes` pairs each box with its last event, None where nobody touched it. `message` is the note sent last,
    `lists` how far it has come with each who needed to know or saw the wrong number. `missing` is what it still lacks.
    """

    due: datetime
    written_at: datetime | None
    late: bool
    sentences: tuple[str, str] | None
    repair: NoteCommit | None
    guard: NoteCommit | None
    boxes: tuple[tuple[str, IncidentEvent | None], ...]
    message: SentMessage | None
    lists: tuple[tuple[str, tuple[Heard, ...]], ...]
    missing: tuple[Problem, ...]


def note(story: Story, message: SentMessage | None, zone: tzinfo) -> Note:
    """The follow-up note of an incident; `message` is the last one that was sent, `written_at` when."""
    due = signal(story) + WITHIN
    written = message.sent_at if message is not None else None
    repair, guard = _commit(story, "hotfix"), _commit(story, "rollback", "guardrail")
    boxes = tuple((box, found[-1] if (found := story.standing("box", box)) else None) for box in BOXES)
    own = [one for one in story.deliveries if message is not None and one.message_id == message.id]
    lists = tuple((kind, tuple(heard(one, own) for one in story.told if one.kind == kind)) for kind in LISTS)
    sentences = _sentences(story, zone)
    late = (written or story.now) >= end_of_minute(due)
    missing = tuple(_missing(sentences, repair, guard, boxes, message, lists))
    return Note(due, written, late, sentences, repair, guard, boxes, message, lists, missing)


def signal(story: Story) -> datetime:
    """When somebody noticed first, as far as anybody wrote down; else when we were told."""
    detected = story.standing("milestone", "detected")
    return detected[0].at if detected else max(story.incident.started_at, story.incident.recorded_at)


def _sentences(story: Story, zone: tzinfo) -> tuple[str, str] | None:
    """What happened, and what is being done about it; the second needs a fact or a promise."""
    facts = Facts(story, "team", story.now, zone)
    return (facts.opening, facts.recovery[0]) if facts.recovery else None


def _commit(story: Story, *kinds: str) -> NoteCommit | None:
    found = [one for one in story.standing("commit") if one.kind in kinds]
    return NoteCommit(found[-1], judge(found[-1].text or "")) if found else None


def _missing(
    sentences: tuple[str, str] | None,
    repair: NoteCommit | None,
    guard: NoteCommit | None,
    boxes: tuple[tuple[str, IncidentEvent | None], ...],
    message: SentMessage | None,
    lists: tuple[tuple[str, tuple[Heard, ...]], ...],
) -> list[Problem]:
    found = []
    if sentences is None:
        found.append(
            Problem("no-recovery", "nothing says what is being done about it", "write down what repairs it, as a fact of the incident")
        )
    if repair is None:
        found.append(Problem("no-hotfix", "no commit is named that repairs it", "choose one of the candidates"))
    if guard is None:
        found.append(Problem("no-guardrail", "no commit is named that takes it back or guards it", "choose one of the candidates"))
    for one in (repair, guard):
        found += [Problem(j.code, j.message, f"write {j.instead}") for j in (one.judgements if one is not None else ())]
    for box, event in boxes:
        if event is None or (event.value != "ticked" and not event.text):
            found.append(Problem(f"open-{box}", f"{box} is neither ticked nor dated", "tick it with what shows it, or say until when"))
    if message is None:
        found.append(Problem("not-sent", "the note was not sent yet", "begin it from the facts, and send it"))
    for kind, people in lists:
        names = [one.stakeholder.name for one in people if not one.reached]
        if message is not None and names:
            why = "needed to know" if kind == "needs-to-know" else "saw what was wrong"
            found.append(
                Problem(f"untold-{kind}", f"{len(names)} who {why} have not got the note: {', '.join(names[:5])}", "share it again")
            )
    return found
