"""What was written down about an incident elsewhere, as the points of its account that it would become.

Nobody types again what stands in the record, was told to readers, or was marked on the timeline. A fact or a milestone is the word of who
wrote it down, and is cited as that; a message and an entry are cited as themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from amends.incidents.facts import sentence, words_of
from amends.timeline.entry import UNDATED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.core.incident import SentMessage
    from amends.incidents.event import IncidentEvent
    from amends.incidents.story import Story
    from amends.narrative.account import Account
    from amends.timeline.notes import Entry

WHERE = ("fact", "milestone", "message", "entry")
"""Where something was written down: as a fact or a milestone of the record, in a message that was sent, or on the timeline."""

LONGEST = 240
"""Characters of a message or an entry that a claim repeats; what it cites holds all of it."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PARTS = {
    "happened": ("claim", "fact"), "impact": ("claim", "effect"), "number": ("claim", "number"), "cause": ("claim", "cause"),
    "recovery": ("claim", "fact"), "prevention": ("claim", "decision"), "decision": ("claim", "decision"),
    "constraint": ("question", None), "question": ("question", None),
}  # fmt: skip
"""What a fact of each kind becomes in the account."""
_REACHED = {
    "impact-began": "It hit somebody for the first time", "contained": "It was contained",
    "checked-in": "We sat down with who counts on us", "timeline-shared": "The timeline was shared",
    "meeting": "We met about it", "fix-deployed": "The fix was deployed",
    "recovered": "Everything was right again",
}  # fmt: skip
_FOUND = {"us": "We found it ourselves", "others": "Others told us of it"}
_TOLD = {
    "team": "The team was told",
    "leadership": "Leadership was told",
    "customers": "Customers were told",
    "partner": "Partners were told",
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """Something that was written down, as the point that it would become; `id` is that of the event, the message or the entry.

    `where` is one of `WHERE`, `by` who wrote it down. `item` is the point that holds it already, None where none does; `gone` says that
    one held it and was withdrawn.
    """

    id: str
    where: str
    part: str
    text: str
    by: str
    kind: str | None = None
    at: datetime | None = None
    value: str | None = None
    item: str | None = None
    gone: bool = False


def recorded(story: Story, entries: Iterable[Entry], account: Account) -> tuple[Recorded, ...]:
    """Everything that was written down about an incident, by its time, those without one last; `entries` are those that somebody marked."""
    found = [
        *(_fact(one) for one in story.standing("fact") if one.kind in _PARTS),
        *(_milestone(one) for one in story.standing("milestone")),
        *(_message(one) for one in story.reached),
        *(_entry(one) for one in entries),
    ]
    cited = {one.ref: point.item for point in account.points for one in point.evidence if one.ref is not None}
    said = {_plain(one.point.text, one.point.value): one.item for one in account.points}
    gone = {one.ref for point in account.withdrawn for one in point.evidence if one.ref is not None}
    held = (replace(one, item=cited.get(one.id) or said.get(_plain(one.text, one.value)), gone=one.id in gone) for one in found)
    return tuple(sorted(held, key=lambda one: (one.at is None, one.at or _EPOCH, WHERE.index(one.where), one.id)))


def said_in(event: IncidentEvent) -> str:
    """What an event of the record says, as the word of who wrote it down. Empty for what is neither a fact nor a milestone."""
    if event.what == "milestone":
        return _milestone(event).text
    return sentence(words_of(event)) if event.what == "fact" else ""


def _fact(one: IncidentEvent) -> Recorded:
    part, kind = _PARTS[one.kind or ""]
    moment = one.at if part == "claim" and one.at < one.recorded_at else None  # else it is when somebody wrote, not when it was
    value = one.value if kind == "number" else None
    text = (one.text or "").strip() if value else sentence(words_of(one))
    return Recorded(one.id, "fact", part, text, one.by, kind, moment, value)


def _milestone(one: IncidentEvent) -> Recorded:
    said = _FOUND.get(one.value or "", "It was noticed") if one.kind == "detected" else _REACHED[one.kind or ""]
    text = f"{said}. {sentence(one.text)}" if one.text else f"{said}."
    return Recorded(one.id, "milestone", "claim", text, one.by, "fact", one.at)


def _message(one: SentMessage) -> Recorded:
    said = f"{_TOLD.get(one.audience or '', 'Readers were told')}: “{_short(one.text)}”"
    return Recorded(one.id, "message", "claim", said, one.author, "fact", one.sent_at)


def _entry(one: Entry) -> Recorded:
    at = None if one.time == UNDATED else _EPOCH + timedelta(microseconds=one.time)
    by = one.marks.added.by if one.marks.added is not None else str(one.row.get("actor") or one.row["source"])
    return Recorded(one.id, "entry", "claim", _short(str(one.row["text"])), by, "fact", at)


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"


def _plain(text: str, value: str | None) -> str:
    """Words without what tells no difference: how they are spaced, capitals, and the stop at their end."""
    return " ".join(f"{text.rstrip('.!… ')} {value or ''}".casefold().split())
