"""Times in prose: where they stand, and which instants they mean to somebody who speaks at one time in one zone.

Atoms are detected (`atoms`), neighbours joined into frames (`frames`), each frame resolved once
(`resolve`). What kind of thing a time is (a promise, a past time, a length) the clause around it decides, in
`commitments`; here a time is read as lying ahead.
"""

from __future__ import annotations

from datetime import timedelta

from amends.core.record import record
from amends.language.times.calendar import DEFAULT, Calendar
from amends.language.times.days import Speaker
from amends.language.times.frames import Frame, frames
from amends.language.times.lexer import Words
from amends.language.times.resolve import Moment, resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["DEFAULT", "IMPOSSIBLE", "Calendar", "TimeExpression", "express", "find_times", "length_of", "note_of", "quoted"]

_IN_THE_QUOTE = frozenset({"in", "within", "from", "between", "over", "during", "under"})
IMPOSSIBLE = "there is no such date"
_NOTES = {
    "impossible": IMPOSSIBLE,
    "no-calendar": "no date follows from it: the calendar does not say when that is",
    "uncounted": "no number, so no time",
    "hanging": "counted from something that is not dated here",
    "zone-ambiguous": "the zone means different times to different readers; read as {zone}",
    "order-assumed": "day and month could be swapped",
    "half-of-day-assumed": "morning or afternoon is not said; read as the next one to come",
    "rolled": "this time has passed today; read as tomorrow's",
    "same-weekday": "said on that weekday; read as next week's",
    "weekday-mismatch": "weekday and date do not agree; the date was taken",
    "gap": "the clocks skip this time that day; moved behind the change",
    "fold": "the clocks show this time twice that day; the first was taken",
    "after-hours": "the working day was over; read as the end of the day",
    "edge-assumed": "an early or middle part of a period; its day is assumed",
}
"""What was assumed or is missing, by flag, in the order in which it is told."""


@record
class TimeExpression:
    """A time in a text, read as lying ahead of the time of speaking.

    `due` is its end and `earliest` its beginning where it is a range; both None where no instant follows. `grain` is minute,
    hour, day, week, month, quarter or None. `zone` names the zone stated with it, or is None. `flags` say what it is and
    what was assumed: zone-stated, zone-inherited, zone-ambiguous, impossible, range, recurring, approximate, duration
    (only a length), uncounted, past, hanging, no-calendar, order-assumed, rolled, gap, fold, and others of `_NOTES`.
    `lead` is the word before it that relates it to what happens (by, in, for, since), `length` its length if it is one.
    """

    start: int
    end: int
    quote: str
    earliest: datetime | None
    due: datetime | None
    grain: str | None
    zone: str | None
    flags: frozenset[str]
    lead: str = ""
    length: timedelta | None = None
    note: str | None = None


def find_times(masked: str, at: datetime, tz: str | None = None, calendar: Calendar = DEFAULT) -> list[TimeExpression]:
    """All times of a text, in order; `at` is when it is said and `tz` the sender's zone, None for the offset of `at`."""
    w = Words(masked, 0, len(masked))
    found = frames(w)
    speaker = Speaker(at, tz, calendar) if found else None
    return [express(w, frame, resolve(frame, speaker)) for frame in found] if speaker is not None else []


def express(w: Words, frame: Frame, moment: Moment) -> TimeExpression:
    """A frame and its meaning as the record that leaves this room."""
    start, end = quoted(w, frame)
    return TimeExpression(
        start=start,
        end=end,
        quote=w.text[start:end],
        earliest=moment.earliest,
        due=moment.due,
        grain=moment.grain,
        zone=moment.zone,
        flags=frozenset(moment.flags),
        lead=frame.lead,
        length=length_of(frame),
        note=note_of(moment),
    )


def quoted(w: Words, frame: Frame) -> tuple[int, int]:
    """The span of a time with the preposition that belongs to it ("in 45 min", but "14:30" without its "by")."""
    first = frame.first
    if frame.lead in _IN_THE_QUOTE and frame.every is None:
        for j in range(frame.first - 1, max(-1, frame.first - 4), -1):
            if w.words[j] in _IN_THE_QUOTE:
                first = j
                break
    return w.starts[first], w.ends[frame.last - 1]


def length_of(frame: Frame) -> timedelta | None:
    """The length that a frame tells, at its upper end; None where it is no length or is counted in working days."""
    length = frame.length
    if length is None or length.high is None:
        return None
    hours = {"second": 1 / 3600, "minute": 1 / 60, "hour": 1, "day": 24, "week": 168, "fortnight": 336}.get(length.unit)
    return timedelta(hours=min(length.high, 1e5) * hours) if hours else None


def note_of(moment: Moment) -> str | None:
    """In words, what was assumed or is missing; None where nothing was."""
    if moment.flags.isdisjoint(_NOTES):
        return None
    told = [text.format(zone=moment.zone) for flag, text in _NOTES.items() if flag in moment.flags]
    return "; ".join(told)
