r"""How a time is written: a base such as `%Y-%m-%d %H:%M:%S`, and what one found in a file adds to it.

A base says the order of the fields and what stands between them. Whether a fraction and a zone follow, how many digits a
fraction has and which sign parts it, differs from file to file and is learnt there: `Layout.regex` finds a time of the base in
a line with whatever follows, and `Layout.written` says for one that was found where each field stands, so that all times
written alike can be read at once (`lines.template`).

Fields: `%Y %y %m %d %H %I %M %S` are digits of fixed width; `%e %k` a day or an hour with or without a leading space, `%-d %-m %-H %-I
%-M %-S` without leading zeros; `%b` a month's name, `%a` a weekday's, `%p` AM or PM; `%t` the T or the space between date and time; `%i`
a number of milliseconds without leading zeros; `%z` a zone that stands elsewhere than behind the time; `%s` seconds since 1970 with or
without a fraction, `%L` milliseconds, `%U` microseconds, `%N` nanoseconds since 1970. Counts since 1970 are read for 2001 to 2033 only,
since other numbers of that length are more often something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from amends.core.errors import InputError

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()

FIELDS = {
    "Y": r"(?P<Y>(?:19|20|21)\d\d)",
    "y": r"(?P<y>\d{2})",
    "m": r"(?P<m>0[1-9]|1[0-2])",
    "-m": r"(?P<m>1[0-2]|0?[1-9])",
    "d": r"(?P<d>0[1-9]|[12]\d|3[01])",
    "e": r"(?P<d>[ 0]?[1-9]|[12]\d|3[01])",
    "-d": r"(?P<d>[12]\d|3[01]|0?[1-9])",
    "H": r"(?P<H>[01]\d|2[0-3])",
    "k": r"(?P<H>[ 0]?\d|1\d|2[0-3])",
    "-H": r"(?P<H>1\d|2[0-3]|0?\d)",
    "I": r"(?P<I>0[1-9]|1[0-2])",
    "-I": r"(?P<I>1[0-2]|0?[1-9])",
    "p": r"(?P<p>[AaPp][Mm])",
    "M": r"(?P<M>[0-5]\d)",
    "-M": r"(?P<M>[1-5]\d|0?\d)",
    "S": r"(?P<S>[0-5]\d|60)",
    "-S": r"(?P<S>[1-5]\d|60|0?\d)",
    "b": r"(?P<b>(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))",
    "a": r"(?:(?i:mon|tue|wed|thu|fri|sat|sun))",
    "t": r"[T ]",
    "i": r"(?P<i>\d{1,3})(?!\d)",
    "s": r"(?P<s>1\d{9})(?:\.(?P<f>\d{1,9}))?(?!\d)",
    "L": r"(?P<L>1\d{12})(?!\d)",
    "U": r"(?P<U>1\d{15})(?!\d)",
    "N": r"(?P<N>1\d{18})(?!\d)",
}
"""The regular expression of each field; the group names are how a time that was found is read."""

_FRACTION = r"(?:(?P<mark>[.,:])(?P<f>(?<=\.)\d{1,9}|\d{3}(?:\d{3}(?:\d{3})?)?(?!,\d)))?(?!\d)"
"""Behind a point any number of digits; behind a comma or a colon, which part other things too, three, six or nine."""

_OFFSET = r"[+-](?:0\d|1[0-4])"
_EPOCHS = {"s": 1_000_000, "L": 1000, "U": 1, "N": 0}

_HOURS = {
    0: "Z UTC GMT UT WET",
    1: "CET BST WEST WAT",
    2: "CEST EET SAST",
    3: "EEST MSK EAT",
    5: "PKT",
    7: "WIB",
    8: "HKT SGT",
    9: "JST KST",
    10: "AEST",
    11: "AEDT",
    12: "NZST",
    13: "NZDT",
    -4: "EDT",
    -5: "EST CDT",
    -6: "CST MDT",
    -7: "MST PDT",
    -8: "PST AKDT",
    -9: "AKST",
    -10: "HST",
}
ZONES = {name: 60 * hours for hours, names in _HOURS.items() for name in names.split()} | {"IST": 330, "ACST": 570, "ACDT": 630}
"""Minutes east of Greenwich of the abbreviations that programs write: those of America by RFC 5322, section 4.3; IST is India's."""

_ZONE_NAMES = "|".join(sorted((name for name in ZONES if name != "Z"), key=len, reverse=True))
_ZONE = rf"(?P<z> ?Z\b| ?{_OFFSET}:?(?:[03]0|[14]5)(?!:?\d)|{_OFFSET}(?![\d:.,-])| (?:{_ZONE_NAMES})\b)?"
"""Two digits alone are a zone only right behind the time; after a space they may be anything."""

_PLACED = rf"(?P<z> ?(?:Z\b|{_OFFSET}(?::?(?:[03]0|[14]5))?(?!:?\d)|(?:{_ZONE_NAMES})\b))?"
"""A zone where the base says that one stands."""


@dataclass(frozen=True, slots=True)
class Written:
    """A time as it stands in a line: its first and last byte, each field with its place, and the zone with the byte where it begins."""

    start: int
    end: int
    fields: tuple[tuple[str, int, int], ...]
    zone: str | None
    zone_at: int = -1

    def moved(self, by: int) -> Written:
        """The same, read in a longer text."""
        fields = tuple((name, first + by, end + by) for name, first, end in self.fields)
        return Written(self.start + by, self.end + by, fields, self.zone, self.zone_at + by if self.zone else -1)


@dataclass(frozen=True)
class Layout:
    """A base: the order of the fields of a time and what stands between them. Raises InputError for a field that is none."""

    base: str

    @cached_property
    def source(self) -> str:
        """The regular expression of a time of this base, with whatever fraction and zone follow."""
        parts = re.split(r"%(-?[A-Za-z])", self.base)
        unknown = [name for name in parts[1::2] if name not in FIELDS and name != "z"]
        if unknown:
            raise InputError(f"a time has no field %{unknown[0]}", hint=f"known: {', '.join(f'%{name}' for name in FIELDS)}", field="time")
        made = "".join(_PLACED if part == "z" else FIELDS[part] if number % 2 else re.escape(part) for number, part in enumerate(parts))
        # A fraction follows the seconds, which need not be last; a zone follows the time of day.
        seconds = next((FIELDS[name] for name in ("S", "-S") if FIELDS[name] in made), None)
        if self.is_epoch or seconds is None:
            return made
        before, _, after = made.partition(seconds)
        fraction = "" if "i" in parts[1::2] else _FRACTION
        return f"{before}{seconds}{fraction}{after}{'' if 'z' in parts[1::2] else _ZONE}"

    @property
    def is_epoch(self) -> bool:
        """Whether it counts from 1970, so that no zone is asked for."""
        return any(f"%{name}" in self.base for name in _EPOCHS)

    @cached_property
    def has_year(self) -> bool:
        """Whether it names the year."""
        return self.is_epoch or "%Y" in self.base or "%y" in self.base

    @cached_property
    def has_date(self) -> bool:
        """Whether it names the day."""
        return self.is_epoch or any(f"%{name}" in self.base for name in ("d", "e", "-d"))


def written(found: re.Match[bytes]) -> Written:
    """Where the fields of a time stand that `Layout.source` found, within the group `time`."""
    names = [name for name, value in found.groupdict().items() if value and name in _NAMES]
    fields = tuple(sorted(((name, *found.span(name)) for name in names), key=lambda field: field[1]))
    zone = found.groupdict().get("z")
    place = found.start("z") if zone else -1
    return Written(*found.span("time"), fields, zone.decode() if zone else None, place)


_NAMES = frozenset("Y y m d H I p M S b s L U N f i".split())


def micros(found: re.Match[bytes], default: date) -> tuple[int, int | None]:
    """A time that was found, in microseconds as its clock shows them, and the minutes east of Greenwich where it says so.

    `default` supplies the year, or the day, that is not written. A date that is on no calendar raises ValueError.
    """
    group = {name: value for name, value in found.groupdict().items() if value is not None}
    for name, factor in _EPOCHS.items():
        if name in group:
            whole = int(group[name])
            return (whole // 1000 if name == "N" else whole * factor + _fraction(group.get("f"))), 0
    year = int(group["Y"]) if "Y" in group else 2000 + int(group["y"]) if "y" in group else default.year
    month = int(group["m"]) if "m" in group else _MONTHS.index(group["b"].decode().lower()) + 1 if "b" in group else default.month
    day = date(year, month, int(group["d"]) if "d" in group else default.day)
    hour = int(group["H"]) if "H" in group else int(group["I"]) % 12 + 12 * (group.get("p", b"").lower() == b"pm")
    seconds = hour * 3600 + int(group.get("M", 0)) * 60 + int(group.get("S", 0))
    return ((day.toordinal() - _EPOCH_DAY) * 86_400 + seconds) * 1_000_000 + _part(group), minutes_east(group.get("z"))


def minutes_east(zone: bytes | None) -> int | None:
    """Minutes east of Greenwich of a zone as it is written behind a time, None where none is."""
    if not zone:
        return None
    name = zone.decode().strip()
    if name in ZONES:
        return ZONES[name]
    digits = name[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return -minutes if name[0] == "-" else minutes


def _part(group: dict[str, bytes]) -> int:
    """The microseconds beyond the second, from a fraction or from a number of milliseconds."""
    return int(group["i"]) * 1000 if "i" in group else _fraction(group.get("f"))


def _fraction(digits: bytes | None) -> int:
    """The microseconds of a fraction; what is finer is cut off."""
    return int((digits + b"000000")[:6]) if digits else 0
