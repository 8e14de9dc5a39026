"""Times as data writes them: ISO 8601 and its cousins, mail dates, and counts since 1970, as microseconds in UTC.

A time that names no zone is taken in the zone of its source, which is told. Years that nothing of ours can be from, such as 0001
for "never", are no times.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from amends.timeline.entry import flag
from amends.timeline.layout import Layout, micros

YEARS = range(1970, 2200)
"""Outside of these a time is a mistake, or stands for none."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST = 80
_DIGITS_OF_A_CLOCK = len("20260304104207")
_NUMBER = re.compile(r"(\d{1,19})(?:\.(\d{1,18}))?", re.ASCII)
_ISO = re.compile(r"\d{4}-?\d\d-?\d\d(?:[T ]\d\d(?::?\d\d){0,2}(?:[.,]\d+)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?", re.ASCII)
_MAIL = re.compile(r"(?:[A-Z][a-z]{2}, ?)?\d{1,2} [A-Z][a-z]{2} \d{4} \d", re.ASCII)
_UNITS = {"s": 1_000_000, "ms": 1000, "us": 1}
_BY_DIGITS = {9: "s", 10: "s", 12: "ms", 13: "ms", 15: "us", 16: "us", 18: "ns", 19: "ns"}
"""What numbers count that stand for times from 1973 to 2286."""
_DAY = date(1970, 1, 1)
_LAYOUTS = [
    re.compile(Layout(base).source.encode())
    for base in (
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%d %H:%M:%S",
        "%Y/%m/%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%d, %H:%M",
        "%Y/%m/%d %H:%M",
        "%d/%b/%Y:%H:%M:%S",
        "%-d %b %Y %H:%M:%S",
        "%-d %b %Y %H:%M",
        "%b %-d, %Y %-I:%M:%S %p",
        "%b %-d, %Y %-I:%M %p",
        "%b %-d, %Y %H:%M:%S",
        "%b %-d, %Y %H:%M",
        "%b %-d, %Y, %-I:%M:%S %p",
        "%b %-d, %Y, %-I:%M %p",
        "%-d/%b/%y %-I:%M %p",
        "%a %b %e %H:%M:%S %Y",
        "%-d.%-m.%Y %H:%M:%S",
        "%-d.%-m.%Y %H:%M",
    )
]


class Instant(NamedTuple):
    """A time that was read: microseconds, how it was written, and how its zone was known (stated, utc, or assumed with its name)."""

    time: int
    text: str
    zone: str
    flags: int = 0


def instant(value: object, zone: tzinfo | None = None, unit: str = "") -> Instant | None:
    """The time that a value tells; None where it tells none. `unit` is s, ms, us or ns where the source fixes what numbers count."""
    if isinstance(value, str):
        text = value.strip()
        if not text or len(text) > _LONGEST:
            return None
        number = _NUMBER.fullmatch(text)
        if number is not None and len(text) == _DIGITS_OF_A_CLOCK and not unit:
            return _written(f"{text[:8]}T{text[8:]}", zone)
        if number is not None and not _ISO.fullmatch(text):
            return counted(number[1], number[2] or "", text, unit)
        return _written(text, zone)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    number = _NUMBER.fullmatch(repr(value) if isinstance(value, int) else f"{value:.6f}")
    return counted(number[1], number[2] or "", repr(value), unit) if number else None


def counted(whole: str, fraction: str, text: str, unit: str = "") -> Instant | None:
    """A count since 1970; what it counts is told by its digits where it is not known. Other numbers are ids, or dates of some kind."""
    unit = unit or _BY_DIGITS.get(len(whole), "")
    if not unit:
        return None
    if unit == "ns":
        time = int(whole) // 1000
    else:
        factor = _UNITS[unit]
        digits = len(str(factor)) - 1
        time = int(whole) * factor + int((fraction + "000000")[:digits] or 0)
    return Instant(time, text, "utc") if time < (YEARS.stop - 1970) * 31_556_952_000_000 else None


def _written(text: str, zone: tzinfo | None) -> Instant | None:
    try:
        found = datetime.fromisoformat(text) if _ISO.fullmatch(text) else None
        if found is None and _MAIL.match(text):
            found = parsedate_to_datetime(text)
        if found is not None:
            return at(found, text, zone)
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    return _laid_out(text, zone)


def _laid_out(text: str, zone: tzinfo | None) -> Instant | None:
    shortened = re.sub(r"([A-Z][a-z]{2})[a-z]{1,6}(?= \d)", r"\1", text.replace(" at ", " ")).replace("(", "").replace(")", "")
    data = shortened.encode("utf-8", "replace")
    for pattern in _LAYOUTS:
        found = pattern.fullmatch(data)
        if found is None:
            continue
        try:
            clock, east = micros(found, _DAY)
        except ValueError:
            return None
        known = datetime(1970, 1, 1) + timedelta(microseconds=clock)  # noqa: DTZ001  # what a clock on a wall shows
        return at(known if east is None else known.replace(tzinfo=UTC) - timedelta(minutes=east), text, zone)
    return None


def at(found: datetime, text: str, zone: tzinfo | None) -> Instant | None:
    """An instant of a calendar and a clock; one without a zone is taken in that of the source."""
    if found.year not in YEARS:
        return None
    if found.tzinfo is not None:
        return Instant((found - _EPOCH) // _MICROSECOND, text, "stated")
    known = found.replace(tzinfo=zone or UTC)
    return Instant((known - _EPOCH) // _MICROSECOND, text, f"assumed:{zone_name(zone)}", flag("zone_assumed"))


def zone_name(zone: tzinfo | None) -> str:
    """What to call a zone."""
    return "UTC" if zone is None else str(getattr(zone, "key", None) or zone)


def shown(time: int) -> str:
    """An instant as a text for a sentence, in UTC and to the second."""
    return (_EPOCH + timedelta(microseconds=time)).strftime("%Y-%m-%d %H:%M:%S UTC")
