"""Markdown with times: lists, tables, headings and lines that begin with one, under headings that name the day.

A time of day belongs to the day named last above it, else to that of the file's name or front matter, else to when the file was changed
last; it is flagged, since the day was not written there. After midnight the day goes on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from amends.timeline.entry import UNDATED, Event, flag
from amends.timeline.layout import ZONES
from amends.timeline.readers.source import Reader, trouble
from amends.timeline.readers.times import YEARS, Instant, at
from amends.timeline.readers.values import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.core.problem import Problem
    from amends.timeline.readers.source import Source

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = re.compile(
    rf"(?<!\d)(?:(?P<Y>\d{{4}})[-/](?P<m>\d\d)[-/](?P<d>\d\d)"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th|\.)? (?:of )?(?P<b2>{_MONTH}),? (?P<Y2>\d{{4}})"
    rf"|(?P<b3>{_MONTH}) (?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<Y3>\d{{4}})|(?P<d4>\d{{1,2}})\.(?P<m4>\d{{1,2}})\.(?P<Y4>\d{{4}}))(?!\d)",
    re.IGNORECASE,
)
_CLOCK = (
    r"(?P<H>[01]?\d|2[0-3]):(?P<M>[0-5]\d)(?::(?P<S>[0-5]\d)(?:[.,](?P<f>\d{1,9}))?)?(?!\d)(?: ?(?P<p>[AaPp])\.?[Mm]\b\.?)?"
    r"(?P<z> ?(?:Z\b|[+-][01]\d:?[0-5]\d(?!\d))"
    r"| \(?(?:UTC|GMT|CET|CEST|EET|EEST|BST|WET|WEST|MSK|IST|JST|[ECMP][SD]T)\b\)?(?: ?[+-]\d{1,2}(?::\d\d)?(?!\d))?)?"
)
_BEGINS = re.compile(
    r"(?P<mark>\s*+(?:[-*+] |\d{1,3}[.)] |#{1,6} |\| ?)?)[\s*_`\[(~]*+"
    rf"(?:(?P<date>{_DATE.pattern})(?:,? at|,|T|:)? ?)?{_CLOCK}[\s*_`\])~]*(?P<sep>[-–—:|,.]*\s*)",
    re.IGNORECASE,
)
_HEADING = re.compile(r"\s{0,3}#{1,6} |\*\*[^*]+\*\*\s*$")
_ZONED = re.compile(r"\b(?:times?|timeline)\b[^\n]{0,40}?\b(?:in |are |\()?\s*(UTC|GMT|CES?T|EES?T|BST|[ECMP][SD]T)\b", re.IGNORECASE)
_LIST = re.compile(r"\s*(?:[-*+] |\d{1,3}[.)] |#{1,6} |\|)")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_LINE = re.compile(rb"[^\n]*+\n?")
_HALF_DAY = 12 * 3600
_LONGEST = 4000
_LINES = 4000


def sniff(head: bytes, _: str) -> bool:
    """Whether a text has lines of a list, a table or headings that begin with a time, and is no log whose lines all do."""
    if b"\0" in head or head[:1] in (b"{", b"["):
        return False
    lines = head[:32768].decode("utf-8", "replace").split("\n")[:_LINES]
    timed = [line for line in lines if _LIST.match(line) and _BEGINS.match(line[:_LONGEST])]
    headed = any(line.startswith(("#", "|--", "| --")) for line in lines)
    return len(timed) >= 2 or (bool(timed) and headed)


@dataclass
class Day:
    """The day that times of day belong to, and the time that was read last."""

    named: date | None
    zone: str | None = None
    in_table: str | None = None
    last: int = -1

    def set(self, day: date | None) -> None:
        """Name another day."""
        if day is not None:
            self.named, self.last = day, -1


def read(source: Source) -> Iterator[Event | Problem]:
    """The lines that say when, each with those that belong to it."""
    view = source.view
    day = Day(_day_of_name(source.name) or _day_changed(source))
    open_at, open_end, found, is_row = 0, 0, None, False
    words: list[str] = []
    for start, end, line in _lines(view):
        began = _BEGINS.match(line[:_LONGEST])
        goes_on = began is None and found is not None and _goes_on(line, is_row)
        if goes_on:
            words.append(line.strip())
            open_end = end
            continue
        if found is not None:
            yield from _event(source, day, found, (open_at, open_end), words)
            found = None
        if began is not None:
            found, words, open_at, open_end = began, [_words(began, line)], start, end
            is_row = line.lstrip().startswith(("|", "#"))
        else:
            _learn(day, line)
    if found is not None:
        yield from _event(source, day, found, (open_at, open_end), words)


def _lines(view: memoryview) -> Iterator[tuple[int, int, str]]:
    """Each line with its first byte and the one behind its last, without the line end."""
    start = 3 if bytes(view[:3]) == b"\xef\xbb\xbf" else 0
    while start < len(view):
        found = _LINE.match(view, start)
        if found is None:
            return
        raw = bytes(found[0])
        yield start, start + len(raw.rstrip(b"\r\n")), raw.rstrip(b"\r\n").decode("utf-8", "replace")
        start = found.end()


def _goes_on(line: str, is_row: bool) -> bool:
    """Whether a line belongs to the one that said when: text behind a list item, or what is indented; the row of a table stands alone."""
    return not is_row and bool(line.strip()) and (line.startswith((" ", "\t")) or not (_LIST.match(line) or _HEADING.match(line)))


def _words(began: re.Match[str], line: str) -> str:
    rest = line[began.end() :].strip()
    if began["mark"].strip() == "|":
        rest = " – ".join(cell for cell in (cell.strip() for cell in rest.strip("|").split("|")) if cell)
    return rest


def _learn(day: Day, line: str) -> None:
    """What a line that is no entry says of the day and the zone."""
    if not line.lstrip().startswith("|"):
        day.in_table = None
    told = _ZONED.search(line[:_LONGEST])
    if told is not None:
        if line.lstrip().startswith("|"):
            day.in_table = told[1].upper()
        else:
            day.zone = told[1].upper()
    if _HEADING.match(line) or re.match(r"\s*(?:date|day|datum)\b", line, re.IGNORECASE) or (len(line) <= 40 and not _LIST.match(line)):
        day.set(_date_in(line))


def _date_in(text: str) -> date | None:
    found = _DATE.search(text[:_LONGEST])
    return _date(found) if found else None


def _date(found: re.Match[str]) -> date | None:
    year = found["Y"] or found["Y2"] or found["Y3"] or found["Y4"]
    name = found["b2"] or found["b3"]
    month = _MONTHS.index(name[:3].lower()) + 1 if name else int(found["m"] or found["m4"])
    try:
        made = date(int(year), month, int(found["d"] or found["d2"] or found["d3"] or found["d4"]))
    except ValueError:
        return None
    return made if made.year in YEARS else None


def _day_of_name(name: str) -> date | None:
    return _date_in(re.sub(r"[_T]", " ", re.split(r"[/!]", name)[-1]))


def _day_changed(source: Source) -> date | None:
    if source.modified_at is None or not 0 <= source.modified_at < 7_000_000_000_000_000:
        return None
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=source.modified_at)).astimezone(source.zone or UTC).date()


def _event(source: Source, day: Day, found: re.Match[str], place: tuple[int, int], words: list[str]) -> Iterator[Event | Problem]:
    own = _date(found) if found["date"] else None
    if found["date"] and own is None:
        yield trouble(source, "bad-time", f"a date that is on no calendar: {found['date'][:40]!r}", place[0])
    day.set(own)
    written = _written(found)
    told = _instant(source, day, found, written) if day.named is not None and not (found["date"] and own is None) else None
    if told is None:
        if day.named is None:
            yield trouble(
                source, "no-date", f"a time of day without a day: {written[:40]!r}", place[0], "put the date into a heading above it"
            )
        told = Instant(UNDATED, written, "stated")
    inferred = flag("date_inferred") if own is None and told.time != UNDATED else 0
    text = clean("\n".join(word for word in words if word))
    yield Event(told.time, written, told.zone, place[0], place[1] - place[0], "other", text, flags=told.flags | inferred)


def _written(found: re.Match[str]) -> str:
    start = found.start("date") if found["date"] else found.start("H")
    ends = [found.end(name) for name in ("M", "S", "f", "z") if found[name]]
    end = max(ends) + (2 if found["p"] and not found["z"] else 0)
    return " ".join(found.string[start:end].split())


def _instant(source: Source, day: Day, found: re.Match[str], written: str) -> Instant | None:
    hour = int(found["H"])
    if found["p"] and 1 <= hour <= 12:
        hour = hour % 12 + 12 * (found["p"].lower() == "p")
    seconds = hour * 3600 + int(found["M"]) * 60 + int(found["S"] or 0)
    assert day.named is not None
    if not found["date"] and day.last >= 0 and day.last - seconds > _HALF_DAY:
        day.named += timedelta(days=1)
    day.last = seconds
    fraction = int(((found["f"] or "") + "000000")[:6])
    known = datetime(day.named.year, day.named.month, day.named.day) + timedelta(seconds=seconds, microseconds=fraction)  # noqa: DTZ001  # a clock on a wall
    east = _minutes_east((found["z"] or "").strip(" ()") or day.in_table or day.zone or "")
    if east is None:
        return at(known, written, source.zone)
    return at(known.replace(tzinfo=UTC) - timedelta(minutes=east), written, source.zone)


def _minutes_east(zone: str) -> int | None:
    """Minutes east of Greenwich of a zone as people write it; None where none is written."""
    name, sign, digits = re.match(r"([A-Za-z]*)[ ()]*([+-]?)([\d:]*)", zone.upper()).groups()  # type: ignore[union-attr]  # every part may be empty
    if not name and not digits:
        return None
    hours, _, minutes = digits.partition(":") if ":" in digits else (digits[:-2], "", digits[-2:]) if len(digits) > 2 else (digits, "", "")
    shift = (int(hours or 0) * 60 + int(minutes or 0)) * (-1 if sign == "-" else 1)
    return ZONES.get(name, 0) + shift


READER = Reader("markdown", "other", sniff, read)
