"""What the pages of promises show of the ledger: one sentence on what to do now, the promises by what they ask for, and how they fared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

from amends.core import lengths
from amends.interfaces.web import words
from amends.promises import fate
from amends.promises.ledger import refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amends.core.incident import Incident
    from amends.promises.ledger import LedgerEntry
    from amends.promises.promise import Event

SOON = timedelta(hours=1)
"""How close a due time must be to be called soon."""

LISTED = 50
"""Promises of one section that are shown; the others come up as these go."""

TRACKED = 60
"""The settled promises in the strip."""

_JUDGED = ("kept", "late", "missed")
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One promise as a page shows it. `acts` are the acts that it offers, in order; `tone` is one of missed, soon, kept, late, quiet."""

    entry: LedgerEntry
    tone: str
    state: str
    away: str
    origin: str
    acts: tuple[str, ...]
    incident: Incident | None
    suggested: datetime
    notes: tuple[str, ...] = ()
    held_until: datetime | None = None

    @property
    def id(self) -> str:
        """The promise's id."""
        return self.entry.promise.id

    @property
    def sample(self) -> bool:
        """Whether it belongs to the sample of the first start."""
        return self.incident is not None and self.incident.origin == "sample"

    @property
    def to(self) -> str:
        """Whom it was made to."""
        promise = self.entry.promise
        return promise.made_to or words.AUDIENCE_NAMES.get(promise.audience or "", "")

    @property
    def counts_down(self) -> bool:
        """Whether its due time still matters."""
        return self.entry.promise.due is not None and not self.entry.standing.closed


@dataclass(frozen=True, slots=True)
class Answer:
    """The sentence at the top: words, and a due time to count down to behind them."""

    words: str
    due: datetime | None = None
    away: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Promises that ask for the same; `more` is how many there are beyond those listed."""

    key: str
    title: str
    rows: tuple[Row, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """The page of promises."""

    now: datetime
    answers: tuple[Answer, ...]
    sections: tuple[Section, ...]
    settled: tuple[Row, ...]
    track: tuple[Row, ...]
    tally: str
    is_empty: bool


SECTIONS = (
    ("missed", "Missed"),
    ("due", "Due next"),
    ("untold", "Changed and not told"),
    ("waiting", "Waiting for somebody"),
    ("timeless", "Without a time"),
)
"""What stands on the page, in the order of what to do first."""

_SECTION_OF_STEP = {"accept": "waiting", "assign": "waiting", "answer": "waiting", "tell": "untold", "settle": "due", "time": "timeless"}


def board(unsettled: Sequence[LedgerEntry], newest: Sequence[LedgerEntry], incidents: Mapping[str, Incident], now: datetime) -> Board:
    """The page over what asks for something and the promises recorded last, whatever became of them."""
    asking = [row(entry, incidents, now) for entry in unsettled]
    rows = [row(entry, incidents, now) for entry in newest]
    settled = tuple(one for one in rows if one.entry.is_settled)
    told = [one for one in (*asking, *settled) if not one.sample] or [*asking, *settled]
    judged = [one for one in rows if one.entry.standing.state in _JUDGED and (not one.sample or one in told)]
    return Board(
        now=now,
        answers=answer([one for one in asking if one in told], any_settled=any(one in told for one in settled)),
        sections=tuple(_sections(asking)),
        settled=settled,
        track=tuple(judged[:TRACKED][::-1]),
        tally=_tally(judged),
        is_empty=not asking and not settled,
    )


def _sections(asking: Sequence[Row]) -> Iterable[Section]:
    for key, title in SECTIONS:
        found = tuple(one for one in asking if _section(one.entry) == key)
        if found:
            yield Section(key, title, found[:LISTED], max(0, len(found) - LISTED))


def _section(entry: LedgerEntry) -> str:
    now = entry.standing
    return "missed" if now.state == "missed" and not now.closed else _SECTION_OF_STEP[now.step]


def answer(asking: Sequence[Row], *, any_settled: bool) -> tuple[Answer, ...]:
    """The answer to "what should I do now?": what was missed, what is due next, or that nothing is due; two where both press."""
    counts = {key: sum(_section(one.entry) == key for one in asking) for key, _ in SECTIONS}
    due = [_due_next(one) for one in asking if one.entry.standing.state == "open" and one.counts_down]
    if counts["missed"]:
        one = "One promise was missed. Say so, and what holds now."
        missed = Answer(one if counts["missed"] == 1 else f"{counts['missed']} promises were missed. Answer the oldest first.")
        return (missed, *due[:1])
    if due:
        return (due[0],)
    for key, (single, several) in words.ASKING.items():
        if counts[key]:
            return (Answer(single if counts[key] == 1 else several.format(counts[key])),)
    return (Answer("Nothing is due." if any_settled else "Nothing is promised yet."),)


def _due_next(one: Row) -> Answer:
    promise = one.entry.promise
    return Answer(words.KIND_DUE.get(promise.kind, words.KIND_DUE["other"]), promise.due, one.away)


def row(entry: LedgerEntry, incidents: Mapping[str, Incident], now: datetime) -> Row:
    """One promise for a page."""
    promise, stands = entry.promise, entry.standing
    tone, state = _tone(entry, now)
    return Row(
        entry=entry,
        tone=tone,
        state=state,
        away=say_away(promise.due, now) if promise.due is not None else "",
        origin=_origin(entry),
        acts=acts_of(entry),
        incident=incidents.get(promise.incident_id or ""),
        suggested=suggested(promise.due, now),
        notes=tuple(_notes(entry)),
        held_until=stands.snoozed_until if stands.snoozed_until and stands.snoozed_until > now and not stands.closed else None,
    )


def _tone(entry: LedgerEntry, now: datetime) -> tuple[str, str]:
    promise, stands = entry.promise, entry.standing
    names = words.STATE_NAMES
    if stands.state == "late":
        return "late", f"{say_length(stands.late_by_s // 60)} late"
    if stands.closed or stands.state in ("missed", "unverifiable", "declined"):
        tone = {"kept": "kept", "missed": "missed"}.get(stands.state, "quiet")
        return tone, "Done" if stands.closed and stands.state == "unverifiable" else names[stands.state]
    near = promise.due is not None and promise.due - now <= SOON
    state = "offered" if stands.offered_to is not None else stands.state
    if state == "open":
        return ("soon", names["soon"]) if near else ("quiet", names["open"])
    return "soon" if near else "quiet", names[state]


def _origin(entry: LedgerEntry) -> str:
    """The time as it was said, for those who hover over it."""
    promise = entry.promise
    said = f"said as “{promise.time_words}”" if promise.time_words else "written as a time"
    zone = f" in {promise.tz}" if promise.tz and promise.tz not in (promise.time_words or "") else ""
    return words.sentence(f"{said}{zone}{'; ' + promise.note if promise.note else ''}")


def _notes(entry: LedgerEntry) -> Iterable[str]:
    promise, stands = entry.promise, entry.standing
    if stands.offered_to is not None and not stands.closed:
        yield f"Offered to {words.person(stands.offered_to)}, who has not answered."
    if stands.untold:
        yield "Those it was made to have not heard that it changed."
    if promise.due is None and promise.note:
        yield words.sentence(promise.note)
    if promise.firmness == "conditional":
        yield "It depends on something."
    if promise.private:
        yield "Only you see it."


def acts_of(entry: LedgerEntry) -> tuple[str, ...]:
    """The acts that make sense for the reader where a promise stands; what it asks for now comes first."""
    stands = entry.standing
    first = {"accept": ("accept", "decline"), "assign": ("assign",), "answer": ("accept", "decline")}.get(stands.step, ())
    acts = [*first]
    if not refusal(stands, "told"):
        acts += ["write", "tell"]
    if stands.closed:
        return tuple(acts)
    if entry.promise.kind == "next_update" and entry.promise.incident_id is not None and stands.state in ("open", "missed"):
        acts.append("update")
    acts += ["keep", "move"]
    if words.READER.get() == entry.promise.maker:
        acts.append("withdraw")
    if stands.state in ("proposed", "declined"):
        return tuple(acts)
    acts += ["keep-when", "offer"]
    if stands.state == "open" and entry.promise.due is not None:
        acts.append("snooze")
    return tuple(acts)


def suggested(due: datetime | None, now: datetime) -> datetime:
    """A new time to begin from: half an hour after what was promised, or after now, on a round five minutes."""
    start = max(due or now, now).replace(second=0, microsecond=0) + timedelta(minutes=30)
    return start + timedelta(minutes=-start.minute % 5)


def say_away(due: datetime, now: datetime) -> str:
    """How far a due time is away. The whole promised minute is still in time.

    >>> from datetime import datetime, timedelta, timezone
    >>> now = datetime(2026, 3, 4, 10, 50, tzinfo=timezone.utc)
    >>> [say_away(now + timedelta(minutes=away), now) for away in (24, 150, 4000, 0, -1, -90)]
    ['in 24 min', 'in 2 h 30 min', 'in 2 days', 'now', '1 min ago', '1 h 30 min ago']
    """
    if now >= fate.end_of_minute(due):
        return f"{say_length((now - due) // _MINUTE)} ago"
    return f"in {say_length(ceil((due - now) / _MINUTE))}" if due > now else "now"


def say_length(minutes: int) -> str:
    """A length in words; less than a minute is one."""
    return lengths.in_words(max(1, minutes))


def _tally(judged: Sequence[Row]) -> str:
    """Kept, late and missed in words, with the share that was kept in time."""
    if not judged:
        return ""
    counts = {state: sum(one.entry.standing.state == state for one in judged) for state in _JUDGED}
    told = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    return f"{told}: {100 * counts['kept'] // len(judged)} % in time."


@dataclass(frozen=True, slots=True)
class Past:
    """One event of a history; `undone` where it was taken back, `undoes` the name of what it took back."""

    event: Event
    name: str
    undone: bool
    undoes: str = ""


def history(entry: LedgerEntry) -> tuple[Past, ...]:
    """Everything that happened to a promise, in the order it was recorded."""
    undone = {event.undoes for event in entry.events}
    names = {event.id: words.EVENT_NAMES[event.what] for event in entry.events}
    return tuple(Past(event, names[event.id], event.id in undone, names.get(event.undoes or "", "")) for event in entry.events)


def can_be_undone(entry: LedgerEntry, event: Event) -> bool:
    """Whether the banner after an act offers to undo it."""
    return event.what not in ("moved", "taken-back") and not any(other.undoes == event.id for other in entry.events)
