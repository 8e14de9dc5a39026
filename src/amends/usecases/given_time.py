"""Times that people write in words (Friday 17:00, in 45 min), read by the engine; what leaves room for doubt is refused with its reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from amends.core.errors import InputError
from amends.language.times import find_times
from amends.usecases.given import line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from amends.language.records import Commitment
    from amends.language.times import TimeExpression
    from amends.language.times.calendar import Calendar

TIME_LIMIT = 100
"""The longest words for one time, in code points."""
HINT = "write 15:30, tomorrow 10:00, Friday 17:00, in 45 min, or 2026-03-04T15:30:00+00:00"

_LENGTH = re.compile(r"(?:in\s+)?(?:(\d{1,4})\s*h(?:(?:ou)?rs?)?)?\s*(?:(\d{1,5})\s*m(?:in(?:ute)?s?)?)?", re.IGNORECASE)
_AROUND = frozenset({"at", "by", "on", "in", "until", "till", "before", "to", "the", "for", "from", "now", "around"})
"""Words beside a time that change nothing about it."""


@dataclass(frozen=True, slots=True)
class GivenTime:
    """A time that was written in words: the instant, how exactly it was said, and what was assumed about it."""

    due: datetime
    grain: str
    words: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class GivenPromise:
    """What the words of a promise say of its kind and its time; `time` is None where they name none, and `note` may say why."""

    kind: str
    time: GivenTime | None
    note: str | None = None


def read_time(words: str, at: datetime, tz: str | None, calendar: Calendar, field: str = "due") -> GivenTime:
    """The one time that some words mean to somebody who writes them at `at` in the zone `tz` (None for the offset of `at`).

    Raises InputError, for `field`, where they name no time, an impossible one, several, or more than a time.
    """
    text = line(words, field, TIME_LIMIT, HINT)
    length = _LENGTH.fullmatch(text)
    if length is not None and any(length.groups()):
        span = timedelta(hours=int(length[1] or 0), minutes=int(length[2] or 0))
        return GivenTime(_minute(at + span), "minute", text)
    found = find_times(text, at, tz, calendar)
    _require_possible(found, field)
    if len(found) != 1:
        what = "no time" if not found else f"{len(found)} times"
        raise InputError(f"{what} can be read from {text!r}, and one is needed", hint=HINT, field=field)
    one = found[0]
    rest = [word for word in (text[: one.start] + text[one.end :]).casefold().split() if word not in _AROUND]
    if one.due is None or rest or "recurring" in one.flags:
        reason = f"only “{one.quote}” of it was understood" if rest else one.note or "no single instant follows from it"
        raise InputError(f"{text!r} cannot be used as a time: {reason}", hint=HINT, field=field)
    return GivenTime(_minute(one.due), one.grain or "minute", one.quote, one.note)


def read_promise(words: str, promises: Iterable[Commitment], at: datetime, tz: str | None, calendar: Calendar) -> GivenPromise:
    """What the words of one promise say, by the promises that the engine finds in them; or by their time, where it finds none.

    Raises InputError where they name an impossible time, or several and no promise that says which of them counts.
    """
    times = find_times(words, at, tz, calendar)
    _require_possible(times, "words")
    made = sorted(promises, key=lambda one: one.due is None)
    _require_one([(one.due, one.time_quote or one.quote) for one in made if one.due is not None])
    if made:
        one = made[0]
        time = GivenTime(_minute(one.due), one.grain or "minute", one.time_quote or one.quote, one.note) if one.due is not None else None
        return GivenPromise(one.kind, time, one.note)
    ahead = [found for found in times if found.due is not None and found.due > at and "recurring" not in found.flags]
    _require_one([(found.due, found.quote) for found in ahead])
    for found in ahead[:1]:
        if found.due is not None:
            return GivenPromise("other", GivenTime(_minute(found.due), found.grain or "minute", found.quote, found.note))
    return GivenPromise("other", None)


def _minute(at: datetime) -> datetime:
    """The minute of an instant: nobody promises seconds, and until the end of the minute it is in time anyway."""
    return at.replace(second=0, microsecond=0)


def _require_one(found: Sequence[tuple[datetime | None, str]]) -> None:
    if len({due for due, _ in found}) > 1:
        named = ", ".join(f"“{quote}”" for _, quote in found)
        raise InputError(f"the words name several times: {named}", hint="say which one is meant, as the due time", field="due")


def _require_possible(found: Iterable[TimeExpression], field: str) -> None:
    for one in found:
        if "impossible" in one.flags:
            raise InputError(f"“{one.quote}” is no time: {one.note}", hint=HINT, field=field)
