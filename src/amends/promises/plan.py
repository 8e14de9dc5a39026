"""A team's decisions about reminders as its project file words them: `before = ["30m"]`, `quiet = "22:00-07:00"`."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import TYPE_CHECKING

from amends.core.zones import zone_named
from amends.promises.reminding import Plan, Quiet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from amends.language.times.calendar import Calendar

_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d) *[-–] *([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_LENGTH = re.compile(r"(\d{1,4})(m|h|d)", re.ASCII)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def plan_mistakes(values: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with the table `[reminders]`, as key, message and hint."""
    for key in ("before", "after"):
        lengths = values.get(key)
        for index, one in enumerate(lengths if isinstance(lengths, list | tuple) else ()):
            if _length(one) is None:
                yield f"{key}[{index}]", f"{one!r} is no length of time", 'write "30m", "2h" or "1d"'
    quiet, zone = values.get("quiet"), values.get("quiet_tz")
    if quiet is not None and _hours(quiet) is None:
        yield "quiet", f"{quiet!r} are no hours of a day", 'write "22:00-07:00"'
    if isinstance(zone, str) and zone_named(zone) is None:
        yield "quiet_tz", f"unknown time zone {zone!r}", "write an IANA name such as Europe/London"


def plan_of(values: Mapping[str, object], zone: str | None, calendar: Calendar) -> Plan:
    """The plan that a table without mistakes means; `zone` is that of the team, and UTC where none is known."""
    hours = _hours(values.get("quiet"))
    quiet_zone = values.get("quiet_tz")
    quiet = Quiet(*hours, str(quiet_zone or zone or "UTC")) if hours is not None else None
    return Plan(_lengths(values.get("before")), _lengths(values.get("after")), quiet, zone, calendar)


def _lengths(given: object) -> tuple[timedelta, ...] | None:
    if not isinstance(given, list | tuple):
        return None
    return tuple(sorted({length for one in given if (length := _length(one)) is not None}))


def _length(given: object) -> timedelta | None:
    found = _LENGTH.fullmatch(given) if isinstance(given, str) else None
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None


def _hours(given: object) -> tuple[time, time] | None:
    found = _HOURS.fullmatch(given) if isinstance(given, str) else None
    if found is None:
        return None
    start, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    return (start, end) if start != end else None
