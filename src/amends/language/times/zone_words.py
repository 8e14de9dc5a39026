"""The zone that stands at a place in a text, next to a time: UTC, CET, US/Pacific, London time, UTC+2, +02:00."""

from __future__ import annotations

import re

from amends.language.times import zones

TYPE_CHECKING = False
if TYPE_CHECKING:
    from amends.language.times.lexer import Words

_SIGNS = frozenset({"+", "-", "\u2212"})
_STARTS = frozenset(zones.ABBREVIATIONS) | frozenset(zones.NAMES) | frozenset(zones.CITIES) | zones.REGIONS | _SIGNS


def zone(w: Words, i: int) -> tuple[zones.Zone, int] | None:
    """The zone at `i` and the place behind it; None where there is none."""
    word = w.at(i)
    if word not in _STARTS:
        return None
    if word in _SIGNS:
        return _offset(w, i, i) if w.glued(i) or (word == "+" and ":" in w.at(i + 1)) else None
    if word in zones.REGIONS and "/" in (w.at(i + 1), w.at(i + 2)) and (found := _path(w, i)) is not None:
        return found
    if word in ("utc", "gmt") and w.at(i + 1) in _SIGNS and (offset := _offset(w, i, i + 1)) is not None:
        return offset
    return _named(w, i, word)


def _path(w: Words, i: int) -> tuple[zones.Zone, int] | None:
    match = re.match(zones.PATH, w.text[w.starts[i] : w.starts[i] + zones.LONGEST_PATH])
    found = zones.path(match[0]) if match else None
    return (found, _skip_time(w, _behind(w, i, w.starts[i] + match.end()))) if match and found else None


def _named(w: Words, i: int, word: str) -> tuple[zones.Zone, int] | None:
    """An abbreviation, a zone of America by its everyday name, or a city in front of "time"."""
    written = w.text[w.starts[i] : w.ends[i]]
    if (found := zones.abbreviation(written)) is not None:
        return found, _skip_time(w, i + 1)
    if word in zones.NAMES:
        return zones.Zone(written, (zones.NAMES[word],)), _skip_time(w, i + 1 + (w.at(i + 1) in ("standard", "daylight")))
    if word in zones.CITIES and w.at(i + 1) in ("time", "local", ")"):
        return zones.Zone(written, (zones.CITIES[word],)), _skip_time(w, i + 1)
    return None


def _skip_time(w: Words, i: int) -> int:
    return i + (w.at(i) == "time") + 2 * (w.at(i) == "local" and w.at(i + 1) == "time")


def _offset(w: Words, i: int, sign: int) -> tuple[zones.Zone, int] | None:
    """A fixed offset with its sign at `sign`; without UTC before it, it needs two figures."""
    word, plus = w.at(sign + 1), w.words[sign] == "+"
    figures = word.replace(":", "")
    if not w.glued(sign + 1) or not figures.isdecimal() or len(figures) > 4 or (i == sign and len(figures) < 2):
        return None
    if i == sign and not plus and w.at(i - 2) != "t":
        return None  # 09:24-10:43 is a range, 2026-03-04T09:24-05:00 is not
    hours, rest = (figures[:-2], figures[-2:]) if len(figures) > 2 else (figures, "0")
    if int(hours) > 14 or int(rest) > 59:
        return None
    minutes = int(hours) * 60 + int(rest)
    return zones.Zone(w.written(i, sign + 2), offset=minutes if plus else -minutes), sign + 2


def _behind(w: Words, i: int, offset: int) -> int:
    """The first word at or behind an offset of the text."""
    while i < w.size and w.starts[i] < offset:
        i += 1
    return i
