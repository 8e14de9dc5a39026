"""The smallest pieces of a time as it is written: a clock, a weekday, a date, a length, a period, a recurrence.

Each reader looks at the words from one place on and answers with the atom and the place behind it, or None. None looks
further than a handful of words, so reading a text is linear in its length.
"""

from __future__ import annotations

import re

from amends.language import zones
from amends.language.times_words import (
    ABOUT,
    AFTER_HOUR,
    AT_MOST,
    BETWEEN,
    CLOCKS,
    DAYS,
    EDGES,
    ENDS,
    GLUED_UNITS,
    MONTHS,
    NUMBERS,
    PARTS,
    PERIOD_ENDS,
    RECURRENCES,
    RELATIVE_SHIFTS,
    SHY_MONTHS,
    SHY_WEEKDAYS,
    UNCOUNTED,
    UNITS,
    WEEKDAYS,
    WORKING,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,:/]\d+)*|[\ue000-\uf8ff]+|\S")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?![\d-])")
_COLON = re.compile(r"([01]?\d|2[0-4])[:.]([0-5]\d)(?::[0-5]\d(?:[.,]\d+)?)?$")
_SLASHED = re.compile(r"(\d{1,2})([/.])(\d{1,2})(?:\2(\d{4}|\d{2}))?$")
_PACKED = re.compile(r"([01]\d|2[0-3])([0-5]\d)$")
_ORDINALS = frozenset({"st", "nd", "rd", "th"})
_RECURRING = frozenset(
    "update updates report reports note notes status summary check checks review reviews call sync post posts until till for from at on and or as in by here via to while during before after"
    " with through".split()
)
_ORDINALS_IN_A_DATE = _ORDINALS | {"d"}
_CLOCK_LEADS = frozenset("at by before until till til after from between to and around about ~ - \u2013 @ or past".split())
_DATE_LEADS = frozenset("on by before until till til from between to - \u2013 \u2192 ( for due since , and week starting through".split())


class Words:
    """A stretch of text cut into words, numbers and marks; `words` in lower case, `starts` and `ends` their offsets."""

    __slots__ = ("ends", "size", "starts", "text", "words")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        found = list(_TOKEN.finditer(text, start, end))
        self.words = [match.group().lower() for match in found]
        self.starts = [match.start() for match in found]
        self.ends = [match.end() for match in found]
        self.size = len(found)

    def at(self, i: int) -> str:
        """The word at a place, or nothing outside of the text."""
        return self.words[i] if 0 <= i < self.size else ""

    def glued(self, i: int) -> bool:
        """Whether the word at `i` stands right behind the one before it."""
        return 0 < i < self.size and self.starts[i] == self.ends[i - 1]

    def written(self, i: int, to: int) -> str:
        """The text from the word at `i` up to the one before `to`."""
        return self.text[self.starts[i] : self.ends[to - 1]]

    def capital(self, i: int) -> bool:
        """Whether the word at `i` begins with a capital."""
        return self.text[self.starts[i]].isupper()


class Clock:
    """A time of day. `loose` where it may as well mean twelve hours later; `name` is noon, midnight, eod, now or minute."""

    slot = "clock"
    __slots__ = ("hour", "loose", "minute", "name")

    def __init__(self, hour: int, minute: int = 0, *, loose: bool = False, name: str = "") -> None:
        self.hour, self.minute, self.loose, self.name = hour, minute, loose, name


class Weekday:
    """A day of the week; `shift` is 0 for the coming one, 1 for "next", -1 for "last", None where nothing is said."""

    slot = "weekday"
    __slots__ = ("day", "shift")

    def __init__(self, day: int, shift: int | None) -> None:
        self.day, self.shift = day, shift


class Date:
    """A calendar date; year or month may be left out. `numeric` keeps the order in which two numbers stood."""

    slot = "date"
    __slots__ = ("day", "month", "numeric", "year")

    def __init__(self, year: int | None, month: int | None, day: int, *, numeric: bool = False) -> None:
        self.year, self.month, self.day, self.numeric = year, month, day, numeric


class Day:
    """A day counted from the one on which it is said: 0 is today."""

    slot = "day"
    __slots__ = ("shift",)

    def __init__(self, shift: int) -> None:
        self.shift = shift


class Part:
    """A part of a day: morning, afternoon, lunch, evening, night, overnight; or "first", the first thing in it."""

    slot = "part"
    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class Length:
    """A length of time from `low` to `high` units; `high` is None where the number is not told ("a few hours")."""

    slot = "length"
    __slots__ = ("about", "high", "low", "unit")

    def __init__(self, low: float, high: float | None, unit: str, *, about: bool = False) -> None:
        self.low, self.high, self.unit, self.about = low, high, unit, about


class Period:
    """A week, month, quarter, half, year, weekend, sprint or release, `shift` of them away, or by `number` and `year`."""

    slot = "period"
    __slots__ = ("edge", "number", "shift", "unit", "year")

    def __init__(self, unit: str, shift: int = 0, *, number: int | None = None, year: int | None = None, edge: str = "") -> None:
        self.unit, self.shift, self.number, self.year, self.edge = unit, shift, number, year, edge


class Every:
    """Something that comes again and again; the length between two of them, or nothing where a weekday says it."""

    slot = "every"
    __slots__ = ("length",)

    def __init__(self, length: Length | None) -> None:
        self.length = length


Atom = Clock | Weekday | Date | Day | Part | Length | Period | Every | zones.Zone
Found = tuple[Atom, int]


def atom(w: Words, i: int) -> Found | None:
    """The atom that begins at `i`, if any; zones are read by `zone`, since they never stand alone."""
    word = w.words[i]
    if word[0].isdigit():
        return _numeric(w, i)
    reader = _READERS.get(word)
    return reader(w, i) if reader else None


def begins(word: str) -> bool:
    """Whether an atom can begin with this word."""
    return word in _READERS or word[0].isdigit()


# Numbers


def _numeric(w: Words, i: int) -> Found | None:
    word = w.words[i]
    if w.glued(i) and (w.words[i - 1].isalpha() and w.words[i - 1] not in ("t", "q", "h") or w.words[i - 1] in ("_", "#", "$", "\u20ac", "\u00a3")):
        return None
    for reader in _NUMERIC_READERS:
        if (found := reader(w, i, word)) is not None:
            return found
    return None


def _iso(w: Words, i: int, word: str) -> Found | None:
    if len(word) != 4 or w.at(i + 1) != "-":
        return None
    match = _ISO.match(w.text, w.starts[i])
    return (Date(int(match[1]), int(match[2]), int(match[3])), i + 5) if match else None


def _colon(w: Words, i: int, word: str) -> Found | None:
    """14:30, 2:30 pm, 2.30pm, 14.30 after "at"."""
    match = _COLON.match(word)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2])
    meridiem, end = _meridiem(w, i + 1)
    if "." in word and not meridiem and (w.at(i - 1) not in ("at", "until", "by", "from", "before") or len(match[1]) < 2 or w.at(i + 1) in UNITS):
        return None
    return _clock(hour, minute, meridiem, end, loose=len(match[1]) == 1 or hour in (10, 11, 12) and hour != 0 and False)


def _clock(hour: int, minute: int, meridiem: str, end: int, *, loose: bool) -> Found | None:
    if meridiem:
        if not 1 <= hour <= 12:
            return (Clock(hour, minute), end) if hour <= 23 else None
        return Clock(hour % 12 + (12 if meridiem == "p" else 0), minute), end
    if hour > 24 or (hour == 24 and minute):
        return None
    return Clock(hour, minute, loose=loose and 1 <= hour <= 12), end


def _meridiem(w: Words, i: int) -> tuple[str, int]:
    """The letter of a.m. or p.m. at `i`, and the place behind it."""
    word = w.at(i)
    if word in ("am", "pm"):
        return word[0], i + 1
    if word in ("a", "p") and w.at(i + 1) == "." and w.at(i + 2) == "m":
        return word, i + 4 if w.at(i + 3) == "." else i + 3
    return "", i


def _hours_and_minutes(w: Words, i: int, word: str) -> Found | None:
    """13h30, 13h00, 7h."""
    if w.at(i + 1) != "h" or not w.glued(i + 1) or len(word) > 2 or not word.isdigit():
        return None
    if w.glued(i + 2) and len(w.at(i + 2)) == 2 and w.at(i + 2).isdigit() and w.at(i + 3) != "m" and w.at(i - 1) not in ("in", "within", "eta", "~"):
        return _clock(int(word), int(w.at(i + 2)), "", i + 3, loose=False) if int(w.at(i + 2)) < 60 else None
    return None


def _dated(w: Words, i: int, word: str) -> Found | None:
    """12/03, 12/03/2026, 6.11., 04.03.2026: two numbers whose order depends on the reader."""
    match = _SLASHED.match(word)
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    year = int(match[4]) if match[4] else None
    dotted = match[2] == "."
    if year is None and ((dotted and not _is_dotted_date(w, i)) or (not dotted and not _takes_date(w, i))):
        return None
    if not (1 <= first <= 31 and 1 <= second <= 31) or (first > 12 and second > 12) or word == "24/7":
        return None
    if dotted and (second > 12 or (year is not None and year < 100 and len(word) < 8)):
        return None  # a version
    if year is not None and year < 100:
        year += 2000
    end = i + 2 if dotted and year is None and w.at(i + 1) == "." and w.glued(i + 1) and i + 2 < w.size else i + 1
    if dotted or first > 12:
        return Date(year, second, first, numeric=False), end
    return (Date(year, first, second), end) if second > 12 else (Date(year, first, second, numeric=True), end)


def _is_dotted_date(w: Words, i: int) -> bool:
    """Whether "6.11" is a date: after a word that takes one, or at either end of a range of two such numbers."""
    follows, leads = w.at(i + 1), w.at(i - 1)
    if follows in UNITS or follows == "%":
        return False
    ranged = (follows in ("-", "\u2013") and _SLASHED.match(w.at(i + 2)) is not None) or (leads in ("-", "\u2013") and _SLASHED.match(w.at(i - 2)) is not None)
    return ranged or (leads in ("on", "due") or leads in WEEKDAYS) and w.at(i) != "0.0"


def _takes_date(w: Words, i: int) -> bool:
    before = w.at(i - 1)
    return not before or before in _DATE_LEADS or before in WEEKDAYS or before in DAYS or before in (":", "date", "the", "is")


def _day_of_month(w: Words, i: int, word: str) -> Found | None:
    """5 January 2027, 1st of April, the 15th."""
    if not word.isdigit() or len(word) > 2 or not 1 <= int(word) <= 99:
        return None
    j = i + 1
    ordinal = w.at(j) in _ORDINALS and w.glued(j)
    j += ordinal
    of = w.at(j) == "of"
    month = MONTHS.get(w.at(j + of))
    if month and not (w.at(j + of) == "march" and w.at(j + of + 1) in ("to", "on")):
        j += of + 1
        j += w.at(j) == "." and w.at(j - 1) in ("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec") and j + 1 < w.size
        year, j = _year(w, j)
        return Date(year, month, int(word)), j
    if ordinal and int(word) <= 31 and (w.at(i - 1) == "the" or w.at(i - 1) in WEEKDAYS or w.at(i - 2) in WEEKDAYS) and not w.at(j).isalpha():
        return Date(None, None, int(word)), j
    return None


def _year(w: Words, i: int) -> tuple[int | None, int]:
    """A year at `i`, perhaps behind a comma, and the place behind it."""
    j = i + (w.at(i) == ",")
    word = w.at(j)
    if len(word) == 4 and word.isdigit() and 1970 <= int(word) <= 2199 and w.at(j + 1) not in (":", "-"):
        return int(word), j + 1
    return None, i


def _packed(w: Words, i: int, word: str) -> Found | None:
    """1600 or 0930, where nothing is counted: after "at", before a zone or "hrs"."""
    match = _PACKED.match(word)
    if match is None or (w.at(i + 1) == "-" and w.at(i + 2).isdigit()):
        return None
    before, after = w.at(i - 1), w.at(i + 1)
    marked = (after in ("hrs", "hours", "h") and before in ("at", "by", "until", "till", "before", "from", "to", "-")) or zone(w, i + 1) is not None
    like_a_year = word[:2] in ("19", "20") and before != "at"
    spoken = (before in ("at", "by", "until", "till", "before", "from", "to", "-", "\u2013", "update", ":", "eta")) and (not after or after in AFTER_HOUR or zone(w, i + 1))
    if not marked and (like_a_year or not spoken):
        return None
    return Clock(int(match[1]), int(match[2])), i + 2 if after in ("hrs", "hours", "h") else i + 1


def _hour(w: Words, i: int, word: str) -> Found | None:
    """5pm, 5 p.m., 4 o'clock, 4 after "by", 11 before "tomorrow"."""
    if not word.isdigit() or len(word) > 2 or int(word) > 24:
        return None
    hour = int(word)
    meridiem, end = _meridiem(w, i + 1)
    if meridiem:
        return _clock(hour, 0, meridiem, end, loose=False) if 1 <= hour <= 12 else None
    if w.at(i + 1) == "o'clock":
        return _clock(hour, 0, "", i + 2, loose=True)
    if w.at(i + 1) == ":" and w.glued(i + 1):
        return None
    if _stands_as_hour(w, i, i + 1):
        return _clock(hour, 0, "", i + 1, loose=not word.startswith("0"))
    return None


def _stands_as_hour(w: Words, i: int, end: int) -> bool:
    """Whether a bare number from `i` to `end` is an hour, by what stands around it."""
    after = w.at(end)
    named_day = after in DAYS or (after == "this" and w.at(end + 1) in PARTS) or (after == "in" and w.at(end + 2) in PARTS)
    before = w.at(i - 1)
    if before == "the" or before in MONTHS:
        return False
    if before in ("-", "\u2013", "and", "to", "or") and not (w.at(i - 2) and _plain_hour(w.at(i - 2)) and w.at(i - 3) in ("between", "from")):
        return named_day or (zone(w, end) is not None)
    if w.words[i - 1 : i] == ["/"]:
        return False
    if before not in _CLOCK_LEADS:
        return named_day or (zone(w, end) is not None)
    if before in ("about", "around", "~") and w.at(i - 2) not in ("at", "by", "until", "till", "before"):
        return named_day
    if before in ("between", "from") and after in ("and", "to", "-", "\u2013", "until", "till"):
        return _hour_follows(w, end + 1)
    if before in ("after", "from", "to", "past") and not named_day:
        return before == "after" and (not after or after in ".,;!?)") or zone(w, end) is not None
    return not after or after in AFTER_HOUR or zone(w, end) is not None


def _plain_hour(word: str) -> bool:
    return word.isdigit() and len(word) <= 2 and int(word) <= 24


def _hour_follows(w: Words, i: int) -> bool:
    """Whether the second half of "between 2 and 3 pm" is an hour too."""
    return (_plain_hour(w.at(i)) and (bool(_meridiem(w, i + 1)[0]) or not w.at(i + 1) or w.at(i + 1) in AFTER_HOUR)) or _COLON.match(w.at(i)) is not None


def _minutes_past(w: Words, i: int, word: str) -> Found | None:
    """10 past 3, 20 to 4 and the bare minutes of "in 5", "give me 5"."""
    if not word.isdigit() or len(word) > 3 or not 1 <= int(word) <= 180:
        return None
    return _past(w, i, int(word), i + 1) or _bare_minutes(w, i, float(word))


def _bare_minutes(w: Words, i: int, count: float) -> Found | None:
    """ "back in 5", "in 5 or 10", "give me 5", "ETA: ~10": minutes that are not said."""
    after = w.at(i + 1)
    j = i - 1
    while w.at(j) in (":", "~", "about", "around", "is", "now", "-"):
        j -= 1
    lead = w.at(j)
    asked = lead in ("in", "within", "eta") or (lead == "me" and w.at(j - 1) == "give") or (lead == "us" and w.at(j - 1) == "give")
    if not asked or (after and after not in ". , ; ! ) - \u2013 \u2014 and or then so if once for with unless &".split()):
        return None
    if after in ("-", "\u2013") and w.at(i + 2).isdigit():
        return None if w.at(i + 3) in UNITS else (Length(count, float(w.at(i + 2)), "minute"), i + 3)
    return Length(count, count, "minute", about=w.at(i - 1) in ABOUT), i + 1


# Lengths


def _quantity(w: Words, i: int, word: str = "") -> Found | None:  # noqa: ARG001  # one shape for all readers of numbers
    """45 min, 1-2 hours, two business days, an hour and a half, a couple of hours, half an hour, 1h 30m."""
    low, j = _number(w, i)
    if j == i:
        return None
    high = low
    if w.at(j) in ("-", "\u2013", "to", "or") and (ranged := _number(w, j + 1))[1] > j + 1 and ranged[0] is not None:
        high, j = ranged
    unit, j = _unit(w, j, word=w.words[i])
    if not unit:
        return None
    about = w.at(i - 1) in ABOUT or w.words[i] == "couple" or (low != high)
    length = Length(low or 0.0, high, unit, about=about)
    return _and_more(w, j, length)


def _number(w: Words, i: int) -> tuple[float | None, int]:
    """A number in figures or words and the place behind it; None for one that is not told; the same place where there is none."""
    word = w.at(i)
    if word[:1].isdigit():
        return (_figure(word), i + 1) if _figure(word) is not None else (None, i)
    if word == "half":
        return 0.5, i + 1 + (w.at(i + 1) in ("a", "an"))
    if word in ("a", "an", "the") and w.at(i + 1) in ("couple", "few", "half", "dozen"):
        return _number(w, i + 1)
    if word == "couple":
        return 2.0, i + 1 + (w.at(i + 1) == "of")
    if word in UNCOUNTED:
        return None, i + 1 + (w.at(i + 1) == "of")
    if word in ("twenty", "thirty", "forty", "fifty") and w.at(i + 1) == "-" and w.at(i + 2) in NUMBERS:
        return float(NUMBERS[word] + NUMBERS[w.at(i + 2)]), i + 3
    return (float(NUMBERS[word]), i + 1) if word in NUMBERS else (None, i)


def _figure(word: str) -> float | None:
    """A plain number up to six figures, with a decimal point or a comma between thousands."""
    if len(word) > 7 or ":" in word or "/" in word:
        return None
    whole, comma, rest = word.partition(",")
    text = whole + rest if comma and len(rest) == 3 else word.replace(",", ".")
    return float(text) if text.count(".") <= 1 else None


def _unit(w: Words, i: int, word: str) -> tuple[str, int]:
    """The unit at `i` behind a number, with "business" and "working" folded in; empty where there is none."""
    working = ""
    j = i + (w.at(i) == "-")
    while w.at(j) in BETWEEN or w.at(j) in WORKING:
        working = working or ("work" if w.at(j) in WORKING else "")
        j += 1
    name = w.at(j)
    unit = UNITS.get(name)
    if unit is None or (name in GLUED_UNITS and not (w.glued(j) and word[0].isdigit() and w.text[w.starts[j]].islower())):
        return "", i
    if working and unit in ("day", "hour"):
        unit = working + unit
    return unit, j + 1


def _and_more(w: Words, i: int, length: Length) -> Found:
    """ "and a half", "30 minutes" behind "1 hour", "or so"."""
    if w.at(i) == "and" and w.at(i + 1) == "a" and w.at(i + 2) in ("half", "quarter") and length.high is not None:
        more = 0.5 if w.at(i + 2) == "half" else 0.25
        length, i = Length(length.low + more, length.high + more, length.unit, about=length.about), i + 3
    elif length.unit == "hour" and length.high is not None:
        j = i + (w.at(i) in ("and", ","))
        count, k = _number(w, j)
        unit, end = _unit(w, k, word=w.at(j)) if count is not None and k > j else ("", j)
        if unit == "minute" and count is not None:
            length, i = Length(length.low * 60 + count, length.high * 60 + count, "minute", about=length.about), end
    if w.at(i) == "or" and w.at(i + 1) in ("so", "less", "thereabouts"):
        length.about = length.about or w.at(i + 1) != "less"
        i += 2
    return length, i


# Words


def _spoken_number(w: Words, i: int) -> Found | None:
    """ "ten to four", "two hours", "at three", "a week"."""
    word = w.words[i]
    value = NUMBERS[word]
    if word not in ("a", "an"):
        if (found := _past(w, i, value, i + 1)) is not None:
            return found
        if value <= 12 and w.at(i + 1) == "o'clock":
            return _clock(value, 0, "", i + 2, loose=True)
        if value <= 12 and _spoken_hour(w, i):
            meridiem, end = _meridiem(w, i + 1)
            return _clock(value, 0, meridiem, end, loose=True)
    if (found := _quantity(w, i)) is not None:
        return found
    return _bare_minutes(w, i, float(value)) if word in ("five", "ten", "fifteen", "twenty", "thirty", "forty", "sixty") else None


def _spoken_hour(w: Words, i: int) -> bool:
    """Whether "three" in "at three" is an hour; "at one of the sites" is none."""
    if w.at(i - 1) not in ("at", "by", "before", "until", "till"):
        return False
    after = w.at(i + 1)
    return bool(_meridiem(w, i + 1)[0]) or not after or (after in AFTER_HOUR and after not in ("of", "or", "and", "to", "-", "in", "/")) or zone(w, i + 1) is not None


def _past(w: Words, i: int, minutes: int, j: int) -> Found | None:
    """ "ten to four", "20 past 3", "half past three", "quarter to five"; "half past" alone is that minute of this hour."""
    if minutes >= 60 or w.at(j) not in ("past", "to", "after", "before", "til", "till"):
        return None
    sign = 1 if w.at(j) in ("past", "after") else -1
    hour_word = w.at(j + 1)
    if hour_word in ("the",) and w.at(j + 2) == "hour":
        return Clock(0, sign * minutes % 60, name="minute"), j + 3
    hour = NUMBERS.get(hour_word) if hour_word not in ("a", "an") else None
    if hour is None and _plain_hour(hour_word):
        hour = int(hour_word)
    if hour is None or not 1 <= hour <= 12 or (w.at(j) in ("to", "after", "before") and (w.at(j + 2) in UNITS or w.at(j + 2).isdigit() or not _closes(w, j + 2))):
        return None
    total = hour * 60 + sign * minutes
    meridiem, end = _meridiem(w, j + 2)
    return _clock(total // 60, total % 60, meridiem, end, loose=True)


def _closes(w: Words, i: int) -> bool:
    return not w.at(i) or w.at(i) in AFTER_HOUR or bool(_meridiem(w, i)[0])


def _half(w: Words, i: int) -> Found | None:
    """half past three, half an hour, half past."""
    if w.at(i + 1) == "past":
        return _past(w, i, 30, i + 1) or (Clock(0, 30, name="minute"), i + 2)
    return _quantity(w, i)


def _quarter(w: Words, i: int) -> Found | None:
    """quarter past three, a quarter of an hour; the quarter of a year is read with its "this" or "end of"."""
    if w.at(i + 1) in ("past", "to"):
        return _past(w, i, 15, i + 1)
    if w.at(i + 1) == "of" and w.at(i + 2) == "an" and w.at(i + 3) == "hour":
        return Length(15, 15, "minute"), i + 4
    return None


def _month(w: Words, i: int) -> Found | None:
    """March 20, Aug 4th, March 9, 2026; "in March" is the whole month."""
    month = MONTHS[w.words[i]]
    j = i + 1 + (w.at(i + 1) == "." and w.glued(i + 1) and w.at(i + 2)[:1].isdigit())
    j += w.at(j) == "the"
    day = w.at(j)
    if day.isdigit() and len(day) <= 2 and int(day) >= 1 and not (w.at(j + 1) == ":" and w.glued(j + 1)):
        j += 1 + (w.at(j + 1) in _ORDINALS_IN_A_DATE and w.glued(j + 1))
        year, j = _year(w, j)
        return Date(year, month, int(day)), j
    if w.words[i] in SHY_MONTHS and not (w.capital(i) and w.at(i - 1) in ("in", "by", "of", "until", "from", "during", "since", "mid", "late", "early", "before", "-", "this", "next")):
        return None
    if w.at(i - 1) not in ("in", "by", "of", "until", "till", "from", "during", "since", "mid", "late", "early", "before", "-", "to", "next", "this", "last", "through"):
        return None
    year, j = _year(w, i + 1)
    return Period("month", number=month, year=year), j


def _weekday(w: Words, i: int) -> Found | None:
    """Friday, Fri., Friday week."""
    word = w.words[i]
    if word in SHY_WEEKDAYS and not w.capital(i) and w.at(i - 1) not in ("by", "on", "until", "till", "before", "next", "this", "cob", "eod", "end", "of", "from", "last", ",", "-", "since"):
        return None
    j = i + 1
    j += w.at(j) == "." and w.glued(j) and j + 1 < w.size and word in SHY_WEEKDAYS
    if w.at(j) == "week" and w.at(i - 1) not in ("this", "next", "last"):
        return Weekday(WEEKDAYS[word], 2), j + 1
    return Weekday(WEEKDAYS[word], None), j


def _day(w: Words, i: int) -> Found | None:
    return Day(DAYS[w.words[i]]), i + 1


def _part(w: Words, i: int) -> Found | None:
    return Part(PARTS[w.words[i]]), i + 1


def _tonight(w: Words, i: int) -> Found | None:
    return Part("tonight"), i + 1


def _named_clock(w: Words, i: int) -> Found | None:
    return Clock(12, name=CLOCKS[w.words[i]]), i + 1


def _period_end(w: Words, i: int) -> Found | None:
    return Period(PERIOD_ENDS[w.words[i]], edge="end"), i + 1


def _shifted(w: Words, i: int) -> Found | None:
    """this afternoon, next Friday, last week, the next two hours, next sprint, this time tomorrow."""
    word = w.words[i]
    shift = RELATIVE_SHIFTS[word]
    following = w.at(i + 1)
    if following in WEEKDAYS:
        found = _weekday_after(w, i + 1, shift)
        return found
    if following in PARTS and word in ("this", "last"):
        name = PARTS[following]
        return (Part("this " + name) if word == "this" else Day(-1)), i + 2
    if word == "this" and following == "time" and w.at(i + 2) in DAYS | WEEKDAYS | {"next": 1}:
        return Clock(0, name="now"), i + 2
    if word in ("next", "following", "coming", "last", "past", "previous") and (found := _counted(w, i)) is not None:
        return found
    return _period(w, i + 1, shift, said=word)


def _weekday_after(w: Words, i: int, shift: int) -> Found:
    return Weekday(WEEKDAYS[w.words[i]], shift), i + 1


def _counted(w: Words, i: int) -> Found | None:
    """ "next 30 minutes", "next couple of hours", "past 2 days"; the lead before them tells the direction."""
    j = i + 1
    while w.at(j) in ABOUT or w.at(j) in AT_MOST:
        j += 1
    if w.at(j)[:1].isdigit() or w.at(j) in NUMBERS or w.at(j) in UNCOUNTED or w.at(j) in ("couple", "half"):
        found = _quantity(w, j)
        if found is not None and isinstance(found[0], Length) and w.words[i] in ("last", "past", "previous"):
            found[0].unit = "past " + found[0].unit
        return found
    return None


def _period(w: Words, i: int, shift: int, *, said: str = "", edge: str = "") -> Found | None:
    """week, month, quarter, half, year, weekend, sprint, release, day, hour, Q3, July, 2026 from `i` on."""
    word = w.at(i)
    if word == "hour" and said in ("next", "coming", "following"):
        return Length(1, 1, "hour"), i + 1
    if word == "hour" and said == "the" and w.at(i - 2) in ("within", "inside"):
        return Length(1, 1, "hour"), i + 1
    if word in ("minute", "second") and said == "next":
        return Length(1, 1, word), i + 1
    if word in ("week", "month", "quarter", "year", "weekend", "sprint", "fortnight", "half", "iteration"):
        if said == "the" and not edge and word not in ("weekend",) and w.at(i - 2) not in ("within", "inside"):
            return None
        unit = "sprint" if word == "iteration" else word
        return Period(unit, shift, edge=edge), i + 1
    if word in ("release", "deploy", "deployment", "version", "standup", "meeting", "patch") and said in ("next", "following", "coming", "upcoming"):
        return Period("event", 1), i + 1
    if word == "business" and w.at(i + 1) in ("day", "week"):
        return (Length(1, 1, "workday"), i + 2) if w.at(i + 1) == "day" else (Period("week", shift, edge=edge), i + 2)
    if word in ("working", "work") and w.at(i + 1) == "day" and said in ("next", "following"):
        return Length(1, 1, "workday"), i + 2
    if word == "day" and said in ("next", "following"):
        return Day(1), i + 1
    return None


def _the(w: Words, i: int) -> Found | None:
    """the 15th, the day after tomorrow, the weekend, the end of the week, the next two hours."""
    following = w.at(i + 1)
    if following == "day" and w.at(i + 2) == "after" and w.at(i + 3) in ("tomorrow", "tmrw"):
        return Day(2), i + 4
    if following == "day" and w.at(i + 2) == "before" and w.at(i + 3) == "yesterday":
        return Day(-2), i + 4
    if following in ("end", "close") and (found := _end_of(w, i + 1)) is not None:
        return found
    if following in ("weekend", "week", "month", "quarter", "year", "sprint", "hour"):
        return _period(w, i + 1, 0, said="the")
    if following in ("next", "coming", "following", "past", "last", "previous", "upcoming", "current"):
        return _shifted(w, i + 1)
    if following == "night" and w.at(i - 1) in ("through", "over", "during"):
        return Part("overnight"), i + 2
    if following in ("morning", "evening", "afternoon") and w.at(i - 1) in ("in", "by", "during"):
        return Part(PARTS[following]), i + 2
    if following in EDGES and w.at(i + 2) == "of":
        return _edge_of(w, i + 1)
    if following == "top" and w.at(i + 2) == "of":
        return _top(w, i + 1)
    if following[:1].isdigit():
        return _day_of_month(w, i + 1, following)
    return None


def _weekend(w: Words, i: int) -> Found | None:
    return Period("weekend"), i + 1


def _day_after(w: Words, i: int) -> Found | None:
    """ "day after tomorrow" without its article."""
    return (Day(2), i + 3) if w.at(i + 1) == "after" and w.at(i + 2) in ("tomorrow", "tmrw") else None


def _end_of(w: Words, i: int) -> Found | None:
    """end of day, end of business, end of next week, close of play, end of Q2 2026, end of July, end of Friday."""
    j = i + 1 + (w.at(i + 1) == "of") + (w.at(i + 1) == "-") * 2
    if w.at(i + 1) not in ("of", "-"):
        return _end_without_of(w, i)
    j += w.at(j) in ("the", "my", "our", "your")
    word = w.at(j)
    if word == "business" and w.at(j + 1) in ("day", "hours"):
        return Clock(17, name="eod"), j + 2
    if word in ("day", "business", "play", "work", "today", "shift"):
        return Clock(17, name="eod"), j + 1 - (word == "today")
    if word in ("tomorrow", "tmrw") or word in WEEKDAYS:
        return Clock(17, name="eod"), j
    if word in RELATIVE_SHIFTS and word != "the":
        if w.at(j + 1) == "day" or (w.at(j + 1) == "business" and w.at(j + 2) == "day"):
            return Clock(17, name="eod"), j + (word == "this") * 2
        if w.at(j + 1) in WEEKDAYS:
            return Clock(17, name="eod"), j
        return _period(w, j + 1, RELATIVE_SHIFTS[word], said=word, edge="end") or _named_period(w, j + 1, "end")
    return _period(w, j, 0, edge="end") or _named_period(w, j, "end")


def _end_without_of(w: Words, i: int) -> Found | None:
    """ "end day" is not English, "week end" neither; "end July" is."""
    return _named_period(w, i + 1, "end") if w.words[i] == "end" else None


def _named_period(w: Words, i: int, edge: str) -> Found | None:
    """July, July 2026, Q2, Q2 2026, H1, 2026 from `i` on."""
    word = w.at(i)
    if word in MONTHS and (word not in SHY_MONTHS or w.capital(i)):
        year, j = _year(w, i + 1)
        return Period("month", number=MONTHS[word], year=year, edge=edge), j
    if word in ("q", "h"):
        found = _fiscal(w, i)
        if found is not None and isinstance(found[0], Period):
            found[0].edge = edge
        return found
    year, j = _year(w, i)
    return (Period("year", number=year, edge=edge), j) if year and j == i + 1 else None


def _fiscal(w: Words, i: int) -> Found | None:
    """Q3, Q1 2027, H2."""
    number = w.at(i + 1)
    if not (w.glued(i + 1) and w.capital(i) and len(number) == 1 and "1" <= number <= ("4" if w.words[i] == "q" else "2")):
        return None
    j = i + 2
    year, j = _year(w, j)
    return Period("quarter" if w.words[i] == "q" else "half", number=int(number), year=year), j


def _edge_of(w: Words, i: int) -> Found | None:
    """early next week, mid-March, late this week, middle of next week, later today."""
    edge = EDGES[w.words[i]]
    j = i + 1
    if w.words[i] in ("middle", "beginning", "start") and w.at(j) != "of":
        return None
    while w.at(j) in ("-", "of", "in", "the", "on"):
        j += 1
    word = w.at(j)
    if word in DAYS and w.words[i] in ("later", "late", "early", "earlier"):
        return (Part("tonight"), j + 1) if word == "tonight" else (Day(DAYS[word]), j + 1)
    if word in PARTS and w.words[i] in ("early", "late", "mid"):
        return Part(PARTS[word]), j + 1
    if word == "this" and w.at(j + 1) in PARTS:
        return Part("this " + PARTS[w.at(j + 1)]), j + 2
    shift = RELATIVE_SHIFTS.get(word)
    if shift is not None:
        return _period(w, j + 1, shift, said=word, edge=edge)
    if word in ("week", "month") and w.words[i] in ("mid", "middle", "later", "early"):
        return Period(word, 0, edge=edge), j + 1
    return _named_period(w, j, edge)


def _every(w: Words, i: int) -> Found | None:
    """every 30 minutes, every hour, each day, every Friday, every other day."""
    j = i + 1
    if w.at(j) in WEEKDAYS or w.at(j) in PARTS:
        return Every(None if w.at(j) in WEEKDAYS else Length(1, 1, "day")), j
    other = 2 if w.at(j) == "other" else 1
    j += other - 1
    if w.at(j) == "half" and w.at(j + 1) == "hour":
        return Every(Length(30, 30, "minute")), j + 2
    unit = UNITS.get(w.at(j))
    if unit and w.at(j) not in GLUED_UNITS:
        return Every(Length(other, other, unit)), j + 1
    found = _quantity(w, j)
    if found is not None and isinstance(found[0], Length):
        return Every(found[0]), found[1]
    return None


def _recurrence(w: Words, i: int) -> Found | None:
    count, unit = RECURRENCES[w.words[i]]
    if w.at(i + 1)[:1].isalpha() and w.at(i + 1) not in _RECURRING and w.at(i - 1) not in ("be", "is", "are"):
        return None  # "weekly releases" tells of which kind, not when
    return Every(Length(count, count, unit)), i + 1


def _first_thing(w: Words, i: int) -> Found | None:
    if w.at(i + 1) != "thing":
        return None
    if w.at(i + 2) == "in" and w.at(i + 3) == "the" and w.at(i + 4) == "morning":
        return Part("first morning"), i + 5
    return Part("first"), i + 2


def _top(w: Words, i: int) -> Found | None:
    """top of the hour, top of the next hour."""
    j = i + 1 + (w.at(i + 1) == "of") + (w.at(i + 2) == "the")
    j += w.at(j) == "next"
    return (Clock(0, name="minute"), j + 1) if w.at(j) == "hour" else None


def _minute_mark(w: Words, i: int) -> Found | None:
    """ "at :45", the minute of this or the next hour."""
    minute = w.at(i + 1)
    if w.at(i - 1) not in ("at", "by", "@") or not w.glued(i + 1) or len(minute) != 2 or not minute.isdigit() or int(minute) > 59:
        return None
    return Clock(0, int(minute), name="minute"), i + 2


def _weekly_day(w: Words, i: int) -> Found | None:
    """fortnight without a number: "in a fortnight" is read as a quantity; "a week from today" too."""
    return _quantity(w, i)


def zone(w: Words, i: int) -> tuple[zones.Zone, int] | None:
    """The zone that stands at `i`: UTC, CET, US/Pacific, Pacific time, London time, UTC+2, +02:00, local."""
    word = w.at(i)
    if not word:
        return None
    if word in ("+", "-", "\u2212"):
        return _offset(w, i, i, "") if w.glued(i) else None
    if not word[0].isalpha():
        return None
    if word in zones.REGIONS and "/" in (w.at(i + 1), w.at(i + 2)):
        match = zones.PATH.match(w.text, w.starts[i])
        found = zones.path(match[0]) if match else None
        if match and found:
            return found, _skip_time(w, _behind(w, i, match.end()))
    if word in ("utc", "gmt") and w.at(i + 1) in ("+", "-", "\u2212") and (offset := _offset(w, i, i + 1, word)) is not None:
        return offset
    written = w.text[w.starts[i] : w.ends[i]]
    if (abbreviated := zones.abbreviation(written)) is not None:
        return abbreviated, _skip_time(w, i + 1)
    if word in zones.NAMES:
        return zones.Zone(written, (zones.NAMES[word],)), _skip_time(w, i + 1 + (w.at(i + 1) in ("standard", "daylight")))
    if word in zones.CITIES and (w.at(i + 1) in ("time", "local") or w.at(i + 1) == ")"):
        return zones.Zone(written, (zones.CITIES[word],)), _skip_time(w, i + 1)
    return None


def _skip_time(w: Words, i: int) -> int:
    return i + (w.at(i) == "time") + (w.at(i) == "local" and w.at(i + 1) == "time")


def _offset(w: Words, i: int, sign: int, name: str) -> tuple[zones.Zone, int] | None:
    match = zones.OFFSET.match(w.text, w.starts[sign])
    if match is None or int(match[2]) > 14:
        return None
    if not name and not match[3] and len(match[2]) < 2:
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    end = _behind(w, sign, match.end())
    return zones.Zone(w.written(i, end), offset=-minutes if match[1] != "+" else minutes), end


def _behind(w: Words, i: int, offset: int) -> int:
    """The first word at or behind an offset of the text."""
    while i < w.size and w.starts[i] < offset:
        i += 1
    return i


_NUMERIC_READERS: tuple[Callable[[Words, int, str], Found | None], ...] = (
    _iso,
    _hours_and_minutes,
    _packed,
    _quantity,
    _colon,
    _dated,
    _day_of_month,
    _hour,
    _minutes_past,
)

_READERS: dict[str, Callable[[Words, int], Found | None]] = {
    **dict.fromkeys(NUMBERS, _spoken_number),
    **dict.fromkeys(UNCOUNTED, _weekly_day),
    **dict.fromkeys(RECURRENCES, _recurrence),
    **dict.fromkeys(MONTHS, _month),
    **dict.fromkeys(WEEKDAYS, _weekday),
    **dict.fromkeys(DAYS, _day),
    **dict.fromkeys(PARTS, _part),
    **dict.fromkeys(CLOCKS, _named_clock),
    **dict.fromkeys(PERIOD_ENDS, _period_end),
    **dict.fromkeys(RELATIVE_SHIFTS, _shifted),
    **dict.fromkeys(ENDS, _end_of),
    **dict.fromkeys(EDGES, _edge_of),
    "tonight": _tonight,
    "tonite": _tonight,
    "the": _the,
    "half": _half,
    "couple": _weekly_day,
    "quarter": _quarter,
    "q": _fiscal,
    "h": _fiscal,
    "weekend": _weekend,
    "day": _day_after,
    "every": _every,
    "each": _every,
    "first": _first_thing,
    "top": _top,
    ":": _minute_mark,
}
