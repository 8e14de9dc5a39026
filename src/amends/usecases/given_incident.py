"""What one sentence says of an incident: when it began and how bad it is, read by the engine; the rest is its title."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from amends.language.records import PastTime
    from amends.language.times import TimeExpression

_SEVERITY = re.compile(r"(?<![\w-])\[?\(?sev(?:erity)?[ -]?([1-5])\b[\])]*\s*[:,;–—-]*\s*", re.IGNORECASE)
_LEAD = re.compile(r"(?:\b(?:as of|since|at|from|around|about)\s+)+$", re.IGNORECASE)
_EDGES = " \t,;:–—-"


@dataclass(frozen=True, slots=True)
class GivenIncident:
    """A sentence that opens an incident: its title, and where it says so its severity, its beginning, and the words that told that."""

    title: str
    severity: str | None = None
    started_at: datetime | None = None
    time_words: str | None = None


def read_incident(
    words: str, past: Sequence[PastTime], times: Sequence[TimeExpression], at: datetime, *, rated: bool = False
) -> GivenIncident:
    """What the words say to somebody who writes them at `at`; `past` and `times` are what the engine found in them.

    `rated` says that the severity was given otherwise, and is not looked for.

    A time counts where it has passed and is the only one, or the only one after “since”; a day counts from its beginning. The words of a
    clock time leave the title, those of a day stay, because nobody reads an hour out of them.
    """
    when = _began(past, times, at)
    title, severity = words, None
    started_at, told = None, None
    if when is not None:
        found, day = when
        assert found.time is not None, "a beginning has a time"
        started_at = found.time.replace(hour=0, minute=0, second=0, microsecond=0) if day else found.time
        told = found.quote
        title = words if day else _without(words, found.start, found.end)
    if not rated and (named := _SEVERITY.search(title)) is not None:
        severity = f"SEV{named[1]}"
        title = _without(title, named.start(), named.end())
    kept = title if any(char.isalpha() for char in title) else words
    return GivenIncident(_capital(kept.strip(), words), severity, started_at, told)


def _began(past: Sequence[PastTime], times: Sequence[TimeExpression], at: datetime) -> tuple[PastTime, bool] | None:
    """The time at which it began, and whether it is a whole day."""
    known = {(one.start, one.end): one for one in times}
    found = [one for one in past if one.time is not None and at - timedelta(days=366) <= one.time <= at]
    since = [one for one in found if (time := known.get((one.start, one.end))) is not None and time.lead == "since"]
    chosen = since or found
    if len(chosen) != 1:
        return None
    time = known.get((chosen[0].start, chosen[0].end))
    grain = time.grain if time is not None else None
    if grain not in ("minute", "hour", "day", None):
        return None
    return chosen[0], grain == "day"


def _without(words: str, start: int, end: int) -> str:
    before = _LEAD.sub("", words[:start]).rstrip()
    after = words[end:].lstrip()
    if not before:
        return after.lstrip(_EDGES)
    if not after.strip(".!"):
        return before.rstrip(_EDGES) + after
    return f"{before}{'' if after[0] in ',.;:' else ' '}{after}"


def _capital(title: str, words: str) -> str:
    """A title begins as the sentence began."""
    return title[0].upper() + title[1:] if title and words.strip()[0].isupper() else title
