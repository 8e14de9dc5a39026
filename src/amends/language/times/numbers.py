"""Atoms that begin with a number, in figures or in words: clocks, dates, lengths.

Each reader looks at the words from one place on and answers with the atom and the place behind it, or None. None looks
further than a handful of words, so reading a text is linear in its length.
"""

from __future__ import annotations

from amends.language.times.lengths import quantity
from amends.language.times.lexer import Clock, Date, Length, Words
from amends.language.times.words import (
    ABOUT,
    AFTER_HOUR,
    BETWEEN,
    DAYS,
    MONTHS,
    NUMBERS,
    PARTS,
    SHORT_MONTHS,
    UNITS,
    WEEKDAYS,
    WORKING,
)
from amends.language.times.zone_words import zone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    _Readers = tuple[Callable[[Words, int, str], "Found | None"], ...]

Numeric = Clock | Date | Length
Found = tuple[Numeric, int]

_DASHES = frozenset({"-", "\u2013"})
_TO = frozenset({"-", "\u2013", "to", "until", "till"})
ORDINALS = frozenset({"st", "nd", "rd", "th"})
_HOURS = frozenset({"hrs", "hours", "h"})
_AT = frozenset({"at", "by", "before", "until", "till"})
_DOT_LEADS = _AT | {"from"}
_CLOCK_LEADS = _AT | {"til", "after", "from", "between", "to", "and", "around", "about", "~", "-", "\u2013", "@", "or", "past"}
_PACKED_LEADS = _AT | {"from", "to", "-", "\u2013", "update", ":", "eta"}
_DATE_LEADS = frozenset(
    "on by before until till til from between to - \u2013 \u2192 ( for due since , and week starting through : date the is than".split()
)
_BARE_MINUTES_END = frozenset(". , ; ! ) - \u2013 \u2014 and or then so if once for with unless &".split())
_BEFORE_IDENTIFIER = frozenset({"_", "#", "$", "\u20ac", "\u00a3"})
_BEHIND_ARTICLE = frozenset({"couple", "few", "half", "quarter", "dozen", "to", "or", *_DASHES, *BETWEEN, *WORKING, *UNITS})
"""Words with which "a" and "an" can begin a length."""
_SPOKEN_MINUTES = frozenset({"five", "ten", "fifteen", "twenty", "thirty", "forty", "sixty"})


def figure(w: Words, i: int) -> Found | None:
    """The atom that begins with the figures at `i`; none where they are a part of a name ("v12", "#1630", "$40")."""
    word = w.words[i]
    if w.glued(i):
        before = w.words[i - 1]
        if before in _BEFORE_IDENTIFIER or (before.isalpha() and before not in ("t", "q", "h")):
            return None
    for reader in _BY_LENGTH.get(len(word), _LONG) if word.isdecimal() else _CLOCK if ":" in word else _MARKED:
        if (found := reader(w, i, word)) is not None:
            return found
    return None


# Dates


def _iso(w: Words, i: int, word: str) -> Found | None:
    """2026-03-12."""
    month, day = w.at(i + 2), w.at(i + 4)
    if len(word) != 4 or w.at(i + 1) != "-" or w.at(i + 3) != "-" or not _short(month) or not _short(day):
        return None
    if not word.isdecimal() or not w.glued(i + 1) or not w.glued(i + 4) or (w.at(i + 5) == "-" and w.glued(i + 6)):
        return None
    return Date(int(word), int(month), int(day)), i + 5


def _short(word: str) -> bool:
    """Whether a word is a number of one or two figures."""
    return 1 <= len(word) <= 2 and word.isdecimal()


def _pair(w: Words, i: int, word: str) -> Found | None:
    """12/03, 12/03/2026, 6.11., 04.03.2026, 2026/03/12: two numbers, in an order that depends on the reader where a slash parts them."""
    if (year_first := word.split("/"))[1:] and len(year_first[0]) == 4:
        whole = len(year_first) == 3 and _short(year_first[1]) and _short(year_first[2])
        return (Date(int(year_first[0]), int(year_first[1]), int(year_first[2])), i + 1) if whole else None
    numbers = _numbers_of_date(word)
    if numbers is None or word == "24/7":
        return None
    first, second, dotted = int(numbers[0]), int(numbers[1]), "." in word
    year = int(numbers[2]) if len(numbers) > 2 else None
    if not (1 <= first <= 31 and 1 <= second <= 31) or (first > 12 and second > 12):
        return None
    if year is None and not (_is_dotted_date(w, i) if dotted else _takes_date(w, i)):
        return None
    if year is not None and year < 100:
        year += 2000
    if dotted:
        if second > 12 or (year is not None and len(word) < 8):
            return None  # a version
        closes = year is None and w.at(i + 1) == "." and w.glued(i + 1) and i + 2 < w.size
        return Date(year, second, first), i + 1 + closes
    if first > 12:
        return Date(year, second, first), i + 1
    return Date(year, first, second, numeric=second <= 12), i + 1


def _numbers_of_date(word: str) -> list[str] | None:
    """The two or three numbers of a date, parted by slashes or by dots; None where the word is none."""
    numbers = word.split("/" if "/" in word else ".")
    if not 2 <= len(numbers) <= 3 or not _short(numbers[0]) or not _short(numbers[1]):
        return None
    return numbers if len(numbers) == 2 or (len(numbers[2]) in (2, 4) and numbers[2].isdecimal()) else None


def _is_dotted_date(w: Words, i: int) -> bool:
    """Whether "6.11" is a date: after a word that takes one, or at either end of a range of two such numbers."""
    follows, leads = w.at(i + 1), w.at(i - 1)
    if follows in UNITS or follows == "%":
        return False
    ranged = (follows in _DASHES and _numbers_of_date(w.at(i + 2)) is not None) or (
        leads in _DASHES and _numbers_of_date(w.at(i - 2)) is not None
    )
    return ranged or leads in ("on", "due") or leads in WEEKDAYS


def _takes_date(w: Words, i: int) -> bool:
    before = w.at(i - 1)
    return not before or before in _DATE_LEADS or before in WEEKDAYS or before in DAYS


def day_of_month(w: Words, i: int, word: str) -> Found | None:
    """5 January 2027, 1st of April, the 15th."""
    if not word.isdecimal() or len(word) > 2 or word in ("0", "00"):
        return None
    j = i + 1
    ordinal = w.at(j) in ORDINALS and w.glued(j)
    j += ordinal
    j_month = j + (w.at(j) == "of" or (w.at(j) == "-" and w.glued(j) and w.glued(j + 1)))
    month = MONTHS.get(w.at(j_month))
    if month:
        behind = _behind_month(w, j_month)
        year, j = year_at(w, behind + (j_month > j and w.at(behind) == "-" and w.glued(behind + 1)))
        return Date(year, month, int(word)), j if year else behind
    if w.at(j) in _TO and _short(w.at(j + 1)) and (month := MONTHS.get(w.at(_behind_day(w, j + 1)))):
        return Date(year_at(w, _behind_day(w, j + 1) + 1)[0], month, int(word)), j  # the first half of "12 to 14 March"
    named = w.at(i - 1) == "the" or w.at(i - 1) in WEEKDAYS or w.at(i - 2) in WEEKDAYS
    if ordinal and int(word) <= 31 and named and not w.at(j).isalpha():
        return Date(None, None, int(word)), j
    return None


def _behind_day(w: Words, i: int) -> int:
    """The place behind the day of a month at `i`, with its "th" and "of"."""
    j = i + 1 + (w.at(i + 1) in ORDINALS and w.glued(i + 1))
    return j + (w.at(j) == "of")


def _behind_month(w: Words, i: int) -> int:
    """The place behind the month at `i` and the full stop of its short form."""
    return i + 1 + (w.at(i + 1) == "." and w.words[i] in SHORT_MONTHS and i + 2 < w.size)


def year_at(w: Words, i: int) -> tuple[int | None, int]:
    """A year at `i`, perhaps behind a comma, and the place behind it."""
    j = i + (w.at(i) == ",")
    word = w.at(j)
    if len(word) == 4 and word.isdecimal() and 1970 <= int(word) <= 2199 and w.at(j + 1) not in (":", "-"):
        return int(word), j + 1
    return None, i


# Clocks


def clock(hour: int, minute: int, meridiem: str, end: int, *, loose: bool) -> Found | None:
    """A clock from its parts; `meridiem` is a, p or empty. None where there is no such time."""
    if meridiem:
        if 1 <= hour <= 12:
            return Clock(hour % 12 + (12 if meridiem == "p" else 0), minute), end
        return (Clock(hour, minute), end) if hour <= 23 else None
    if hour > 24 or (hour == 24 and minute):
        return None
    return Clock(hour, minute, loose=loose and 1 <= hour <= 12), end


def meridiem(w: Words, i: int) -> tuple[str, int]:
    """The letter of a.m. or p.m. at `i`, and the place behind it; empty and `i` where there is none."""
    word = w.at(i)
    if word in ("am", "pm"):
        return word[0], i + 1
    if word in ("a", "p") and w.at(i + 1) == "." and w.at(i + 2) == "m":
        return word, i + 4 if w.at(i + 3) == "." else i + 3
    return "", i


def _colon(w: Words, i: int, word: str) -> Found | None:
    """14:30, 2:30 pm, 2.30pm, 14.30 after "at"."""
    parts = _hour_and_minute(word)
    if parts is None:
        return None
    hour, minute = parts
    half, end = meridiem(w, i + 1)
    if ":" not in word and not half and (w.at(i - 1) not in _DOT_LEADS or len(hour) < 2 or w.at(i + 1) in UNITS):
        return None
    return clock(int(hour), int(minute), half, end + (w.at(end) in ("hrs", "hours")), loose=len(hour) == 1)


def _hour_and_minute(word: str) -> tuple[str, str] | None:
    """The two numbers of 14:30, 14:30:05 or 14.30; None where the word is no such time."""
    hour, mark, rest = word.partition(":" if ":" in word else ".")
    if not mark or not _short(hour) or int(hour) > 24 or not (len(rest) == 2 or rest[2:3] == ":"):
        return None
    minute = rest[:2]
    return (hour, minute) if minute.isdecimal() and int(minute) < 60 else None


def _with_h(w: Words, i: int, word: str) -> Found | None:
    """13h30, 8h00; "1h30" behind "in" is a length."""
    minutes = w.at(i + 2)
    if w.at(i + 1) != "h" or not w.glued(i + 1) or not w.glued(i + 2) or len(word) > 2 or not word.isdecimal():
        return None
    if (
        len(minutes) != 2
        or not minutes.isdecimal()
        or int(minutes) > 59
        or w.at(i + 3) == "m"
        or w.at(i - 1) in ("in", "within", "eta", "~")
    ):
        return None
    return clock(int(word), int(minutes), "", i + 3, loose=False)


def _packed(w: Words, i: int, word: str) -> Found | None:
    """1600 or 0930, where nothing is counted: after "at", before a zone or "hrs"."""
    if len(word) != 4 or not word.isdecimal() or int(word[:2]) > 23 or int(word[2:]) > 59:
        return None
    if w.at(i + 1) == "-" and w.at(i + 2).isdecimal():
        return None
    before, after = w.at(i - 1), w.at(i + 1)
    zoned = zone(w, i + 1) is not None
    hours = after in _HOURS and (
        before in _PACKED_LEADS or before.isdecimal() or before in WEEKDAYS or before in MONTHS or before in ORDINALS
    )
    like_a_year = word[:2] in ("19", "20") and before != "at"
    spoken = before in _PACKED_LEADS and not like_a_year and (not after or after in AFTER_HOUR)
    if not (zoned or hours or spoken):
        return None
    return Clock(int(word[:2]), int(word[2:])), i + 1 + (after in _HOURS)


def _hour(w: Words, i: int, word: str) -> Found | None:
    """5pm, 5 p.m., 12 noon, 4 o'clock, 4 after "by", 11 before "tomorrow"."""
    if not plain_hour(word):
        return None
    hour = int(word)
    after = w.at(i + 1)
    half, end = meridiem(w, i + 1)
    if half:
        return clock(hour, 0, half, end, loose=False) if 1 <= hour <= 12 else None
    if hour == 12 and after in ("noon", "midday", "midnight"):
        return Clock(12, name="midnight" if after == "midnight" else "noon"), i + 2
    if after == "o'clock":
        return clock(hour, 0, "", i + 2, loose=True)
    if (after == ":" and w.glued(i + 1)) or not _stands_as_hour(w, i, i + 1):
        return None
    return clock(hour, 0, "", i + 1, loose=not word.startswith("0"))


def plain_hour(word: str) -> bool:
    """Whether a word is a number that could be an hour."""
    return word.isdecimal() and len(word) <= 2 and int(word) <= 24


def _stands_as_hour(w: Words, i: int, end: int) -> bool:
    """Whether a bare number from `i` to `end` is an hour, by what stands around it."""
    before, after = w.at(i - 1), w.at(end)
    dated = after in DAYS or (after == "this" and w.at(end + 1) in PARTS) or (after == "in" and w.at(end + 2) in PARTS)
    if before in ("the", "/") or before in MONTHS:
        return False
    if dated or zone(w, end) is not None:
        return True
    if after in _DASHES and plain_hour(w.at(end + 1)) and meridiem(w, end + 2)[0]:
        return True  # "2-3pm"
    if before in ("between", "from") and after in ("and", "to", "-", "\u2013", "until", "till"):
        return _hour_follows(w, end + 1)
    if before in ("-", "\u2013", "and", "to", "or"):
        return plain_hour(w.at(i - 2)) and w.at(i - 3) in ("between", "from") and _ends_there(after)
    if before == "after":
        return not after or after in ".,;!?)"
    if before in ("about", "around", "~"):
        return w.at(i - 2) in _AT and _ends_there(after)
    return before in _CLOCK_LEADS and before not in ("from", "past") and _ends_there(after)


def _ends_there(after: str) -> bool:
    return not after or after in AFTER_HOUR


def _hour_follows(w: Words, i: int) -> bool:
    """Whether the second half of "between 2 and 3 pm" is an hour too."""
    closes = bool(meridiem(w, i + 1)[0]) or _ends_there(w.at(i + 1)) or zone(w, i + 1) is not None
    return (plain_hour(w.at(i)) and closes) or _hour_and_minute(w.at(i)) is not None


def past_hour(w: Words, minutes: int, j: int) -> Found | None:
    """Ten to four, 20 past 3, half past three, with the "to" or "past" at `j`; "ten past the hour" is that minute of any hour."""
    word = w.at(j)
    if minutes >= 60 or word not in ("past", "to", "after", "before", "til", "till"):
        return None
    if word in ("after", "before") and w.at(j - 2) not in _CLOCK_LEADS:
        return None  # "at desk 4 before 5pm"
    sign = 1 if word in ("past", "after") else -1
    said = w.at(j + 1)
    if said == "the" and w.at(j + 2) == "hour":
        return Clock(0, sign * minutes % 60, name="minute"), j + 3
    hour = NUMBERS.get(said, 0) if said not in ("a", "an") else 0
    hour = int(said) if plain_hour(said) else hour
    if not 1 <= hour <= 12 or (word != "past" and not _closes_clock(w, j + 2)):
        return None
    total = hour * 60 + sign * minutes
    half, end = meridiem(w, j + 2)
    return clock(total // 60, total % 60, half, end, loose=True)


def _closes_clock(w: Words, i: int) -> bool:
    return w.at(i) not in UNITS and (_ends_there(w.at(i)) or bool(meridiem(w, i)[0]))


# Bare minutes


def _minutes(w: Words, i: int, word: str) -> Found | None:
    """10 past 3, and the bare minutes of "in 5"."""
    if not word.isdecimal() or len(word) > 3 or not 1 <= int(word) <= 180:
        return None
    return past_hour(w, int(word), i + 1) or bare_minutes(w, i, float(word))


def bare_minutes(w: Words, i: int, count: float) -> Found | None:
    """Minutes without the word: "back in 5", "give me 5", "ETA: ~10", "in 5-10"."""
    after = w.at(i + 1)
    j = i - 1
    while w.at(j) in (":", "~", "about", "around", "is", "now", "-"):
        j -= 1
    asked = w.at(j) in ("in", "within", "eta", "brb") or (w.at(j) in ("me", "us") and w.at(j - 1) == "give")
    if not asked or (after and after not in _BARE_MINUTES_END):
        return None
    if after in _DASHES and w.at(i + 2).isdecimal():
        return None if w.at(i + 3) in UNITS else (Length(count, float(w.at(i + 2)), "minute"), i + 3)
    return Length(count, count, "minute", about=w.at(i - 1) in ABOUT), i + 1


# Numbers in words


def spoken(w: Words, i: int) -> Found | None:
    """Ten to four, at three, four o'clock, two hours, a week, in ten."""
    word = w.words[i]
    value = NUMBERS[word]
    if word in ("a", "an"):
        return quantity(w, i) if w.at(i + 1) in _BEHIND_ARTICLE else None
    if (found := past_hour(w, value, i + 1)) is not None:
        return found
    if value <= 12 and w.at(i + 1) == "o'clock":
        return clock(value, 0, "", i + 2, loose=True)
    if value <= 12 and _spoken_hour(w, i):
        half, end = meridiem(w, i + 1)
        return clock(value, 0, half, end, loose=True)
    return quantity(w, i) or (bare_minutes(w, i, float(value)) if word in _SPOKEN_MINUTES else None)


def _spoken_hour(w: Words, i: int) -> bool:
    """Whether "three" in "at three" is an hour; "at one of the sites" is none."""
    if w.at(i - 1) not in _AT or w.at(i - 2) == w.at(i):
        return False  # "one by one"
    after = w.at(i + 1)
    closed = after in AFTER_HOUR and after not in ("of", "or", "and", "to", "-", "in", "/")
    return closed or not after or bool(meridiem(w, i + 1)[0]) or zone(w, i + 1) is not None


def half(w: Words, i: int) -> Found | None:
    """Half past three, half past, half five, half an hour."""
    if w.at(i + 1) == "past":
        return past_hour(w, 30, i + 1) or (Clock(0, 30, name="minute"), i + 2)
    if w.at(i - 1) in _AT and 2 <= (hour := NUMBERS.get(w.at(i + 1), 0)) <= 12 and _closes_clock(w, i + 2):
        return clock(hour, 30, meridiem(w, i + 2)[0], meridiem(w, i + 2)[1], loose=True)
    return quantity(w, i)


def quarter(w: Words, i: int) -> Found | None:
    """Quarter past three, a quarter of an hour; the quarter of a year is read with its "this" or "end of"."""
    if w.at(i + 1) in ("past", "to"):
        return past_hour(w, 15, i + 1)
    return quantity(w, i)


_SHORT: _Readers = (_with_h, quantity, day_of_month, _hour, _minutes)
_BY_LENGTH: dict[int, _Readers] = {1: _SHORT, 2: _SHORT, 3: (quantity, _minutes), 4: (_iso, _packed, quantity)}
_LONG: _Readers = (quantity,)
_CLOCK: _Readers = (_colon,)
_MARKED: _Readers = (quantity, _colon, _pair)
"""Who may read figures, by how they look: plain ones by their length, those with a colon, those with another mark inside."""
