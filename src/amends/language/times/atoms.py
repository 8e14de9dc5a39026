"""The smallest pieces of a time as it is written, and which of them begins at a place.

One table leads from a word to its reader; figures have readers of their own (`numbers`). No reader looks further
than a handful of words, so reading a text is linear in its length.
"""

from __future__ import annotations

from itertools import compress

from amends.language.match import Memo
from amends.language.times.lengths import quantity
from amends.language.times.lexer import Clock, Date, Day, Every, Length, Part, Period, Weekday, Words
from amends.language.times.numbers import ORDINALS, day_of_month, figure, half, quarter, spoken, year_at
from amends.language.times.words import (
    ABOUT,
    AT_MOST,
    CLOCKS,
    DAYS,
    EDGES,
    ENDS,
    GLUED_UNITS,
    MONTH_LEADS,
    MONTHS,
    NUMBERS,
    PARTS,
    PERIOD_ENDS,
    RECURRENCES,
    RECURRING_NOUNS,
    RELATIVE_SHIFTS,
    SHY_MONTHS,
    SHY_WEEKDAY_LEADS,
    SHY_WEEKDAYS,
    UNCOUNTED,
    UNITS,
    WEEKDAYS,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Reader = Callable[[Words, int], "Found | None"]

Atom = Clock | Weekday | Date | Day | Part | Length | Period | Every
Found = tuple[Atom, int]

_ORDINALS_IN_A_DATE = ORDINALS | {"d"}
_EVENTS = frozenset({"release", "deploy", "deployment", "version", "standup", "meeting", "patch"})
_PEOPLE = frozenset({"shift", "shifts", "crew", "crews", "staff", "team", "nurse", "porter", "watch"})
"""Who works in a part of a day: "night shift" is no time."""
_PERIODS = frozenset({"week", "month", "quarter", "year", "weekend", "sprint", "iteration", "fortnight", "half"})
_NEXT = frozenset({"next", "following", "coming", "upcoming"})
_PAST = frozenset({"last", "past", "previous"})
_WORKDAYS = frozenset({"day", "business", "play", "work", "today", "shift"})
_WEEKS_OF_A_MONTH = {"first": 1, "second": 2, "third": 3, "last": 5}


def atom(w: Words, i: int) -> Found | None:
    """The atom that begins at `i` and the place behind it, or None."""
    reader: Reader | None = _READER[w.words[i]]
    return reader(w, i) if reader is not None else None


def beginnings(w: Words) -> Iterable[int]:
    """The places of the words with which an atom can begin, in order."""
    return compress(range(w.size), map(_READER.__getitem__, w.words))


_READER = Memo(lambda word: figure if word[:1].isdecimal() else READERS.get(word))
"""Who reads the atoms that can begin with a word; nearly all words of a text are asked for."""


# Days


def _day(w: Words, i: int) -> Found:
    return Day(DAYS[w.words[i]]), i + 1


def _days(w: Words, i: int) -> Found | None:
    """A day in the possessive, "with tonight's run"; that of an event ("today's outage") is none of ours."""
    word = w.words[i].removesuffix("'s")
    if w.at(i - 1) not in ("with", "in"):
        return None
    return (Part("tonight"), i + 1) if word == "tonight" else (Day(DAYS[word]), i + 1)


def _day_after(w: Words, i: int) -> Found | None:
    """The day after tomorrow, from "day" on."""
    if w.at(i + 1) == "after" and w.at(i + 2) in ("tomorrow", "tmrw"):
        return Day(2), i + 3
    return (Day(-2), i + 3) if w.at(i + 1) == "before" and w.at(i + 2) == "yesterday" else None


def _weekday(w: Words, i: int) -> Found | None:
    """Friday, Fri., Friday week."""
    word = w.words[i]
    if word in SHY_WEEKDAYS and not w.capital(i) and w.at(i - 1) not in SHY_WEEKDAY_LEADS:
        return None
    j = i + 1
    j += word in SHY_WEEKDAYS and w.at(j) == "." and w.glued(j) and j + 1 < w.size
    if w.at(j) == "week" and w.at(i - 1) not in ("this", "next", "last"):
        return Weekday(WEEKDAYS[word], 2), j + 1
    return Weekday(WEEKDAYS[word], None), j


def _month(w: Words, i: int) -> Found | None:
    """March 20, Aug. 4th, March 9, 2026; "in March" is the whole month."""
    word = w.words[i]
    month = MONTHS[word]
    j = i + 1 + (w.at(i + 1) == "." and w.glued(i + 1) and w.at(i + 2)[:1].isdecimal())
    j += w.at(j) == "the"
    day = w.at(j)
    if day.isdecimal() and len(day) <= 2 and day.strip("0") and not (w.at(j + 1) == ":" and w.glued(j + 1)):
        j += 1 + (w.at(j + 1) in _ORDINALS_IN_A_DATE and w.glued(j + 1))
        year, j = year_at(w, j)
        return Date(year, month, int(day)), j
    if w.at(i - 1) not in MONTH_LEADS or (word in SHY_MONTHS and not w.capital(i)):
        return None
    year, j = year_at(w, i + 1)
    return Period("month", number=month, year=year), j


# Parts of a day and instants with a name


def _part(w: Words, i: int) -> Found | None:
    """Morning, evening; but "night shift" names people, and "parents' evening is on Friday" an event."""
    if w.at(i + 1) in _PEOPLE or (w.at(i + 1) in ("is", "was") and w.at(i - 1) == "'"):
        return None
    return Part(PARTS[w.words[i]]), i + 1


def _tonight(_w: Words, i: int) -> Found:
    return Part("tonight"), i + 1


def _named_clock(w: Words, i: int) -> Found:
    return Clock(12, name=CLOCKS[w.words[i]]), i + 1


def _first(w: Words, i: int) -> Found | None:
    """First thing tomorrow, first thing in the morning, the first week of January."""
    if w.at(i + 1) == "thing":
        return Part("first"), i + (5 if w.words[i + 2 : i + 5] == ["in", "the", "morning"] else 2)
    return _week_of(w, i)


def _week_of(w: Words, i: int) -> Found | None:
    """The first week of January."""
    if w.at(i + 1) != "week" or w.at(i + 2) != "of" or w.at(i + 3) not in MONTHS:
        return None
    year, j = year_at(w, i + 4)
    period = Period("month", number=MONTHS[w.words[i + 3]], year=year)
    period.week = _WEEKS_OF_A_MONTH[w.words[i]]
    return period, j


def _top(w: Words, i: int) -> Found | None:
    """Top of the hour, top of the next hour."""
    j = i + 1 + (w.at(i + 1) == "of") + (w.at(i + 2) == "the")
    j += w.at(j) == "next"
    return (Clock(0, name="minute"), j + 1) if w.at(j) == "hour" else None


def _minute_mark(w: Words, i: int) -> Found | None:
    """The minute of this or the next hour: "at :45"."""
    minute = w.at(i + 1)
    if w.at(i - 1) not in ("at", "by", "@") or not w.glued(i + 1) or len(minute) != 2 or not minute.isdecimal() or int(minute) > 59:
        return None
    return Clock(0, int(minute), name="minute"), i + 2


# Periods


def _period_end(w: Words, i: int) -> Found:
    return Period(PERIOD_ENDS[w.words[i]], edge="end"), i + 1


def _weekend(_w: Words, i: int) -> Found:
    return Period("weekend"), i + 1


def _shifted(w: Words, i: int) -> Found | None:
    """This afternoon, next Friday, last week, the next two hours, next sprint, this time tomorrow."""
    word = w.words[i]
    shift = RELATIVE_SHIFTS[word]
    following = w.at(i + 1)
    if following in WEEKDAYS:
        return Weekday(WEEKDAYS[following], shift), i + 2
    if following in PARTS and word in ("this", "last"):
        return (Part(PARTS[following], this=True) if word == "this" else Day(-1)), i + 2
    if word == "this" and following == "time" and (w.at(i + 2) in DAYS or w.at(i + 2) in WEEKDAYS or w.at(i + 2) == "next"):
        return Clock(0, name="now"), i + 2
    if word == "last" and (found := _week_of(w, i)) is not None:
        return found
    if (word in _NEXT or word in _PAST) and (counted := _counted(w, i)) is not None:
        return counted
    return _period(w, i + 1, shift, said=word)


def _counted(w: Words, i: int) -> Found | None:
    """A number of units behind "next" or "past": next 30 minutes, past two days."""
    j = i + 1
    while w.at(j) in ABOUT or w.at(j) in AT_MOST:
        j += 1
    word = w.at(j)
    if not (word[:1].isdecimal() or word in NUMBERS or word in UNCOUNTED or word in ("couple", "half")):
        return None
    found = quantity(w, j)
    if found is not None and isinstance(found[0], Length):
        found[0].past = w.words[i] in _PAST
    return found


def _period(w: Words, i: int, shift: int, *, said: str = "", edge: str = "") -> Found | None:
    """The period named at `i`: week, month, quarter, year, weekend, sprint; behind "next" also hour, day and release."""
    word = w.at(i)
    if word in _PERIODS:
        if said == "the" and not edge and word != "weekend" and w.at(i - 2) not in ("within", "inside"):
            return None
        return Period("sprint" if word == "iteration" else word, shift, edge=edge), i + 1
    if word == "hour" and (said in _NEXT or (said == "the" and w.at(i - 2) in ("within", "inside", "in"))):
        return Length(1, 1, "hour"), i + 1
    if word in ("business", "working", "work"):
        if w.at(i + 1) == "day" and said in _NEXT:
            return Day(1, working=True), i + 2
        return (Period("week", shift, edge=edge), i + 2) if w.at(i + 1) == "week" else None
    return _next_one(word, i + 1) if said in _NEXT else None


def _next_one(word: str, behind: int) -> Found | None:
    """The next release, the next minute, the next day."""
    if word in _EVENTS:
        return Period("event", 1), behind
    if word in ("minute", "second"):
        return Length(1, 1, word), behind
    return (Day(1), behind) if word == "day" else None


def _named_period(w: Words, i: int, edge: str) -> Found | None:
    """July, July 2026, Q2, Q2 2026, H1, 2026."""
    word = w.at(i)
    if word in MONTHS and (word not in SHY_MONTHS or w.capital(i)):
        year, j = year_at(w, i + 1)
        return Period("month", number=MONTHS[word], year=year, edge=edge), j
    if word in ("q", "h"):
        found = _fiscal(w, i)
        if found is not None and isinstance(found[0], Period):
            found[0].edge = edge
        return found
    year, j = year_at(w, i)
    return (Period("year", number=year, edge=edge), j) if year and j == i + 1 else None


def _fiscal(w: Words, i: int) -> Found | None:
    """Q3, Q1 2027, H2."""
    number = w.at(i + 1)
    if not (w.glued(i + 1) and w.capital(i) and len(number) == 1 and "1" <= number <= ("4" if w.words[i] == "q" else "2")):
        return None
    year, j = year_at(w, i + 2)
    return Period("quarter" if w.words[i] == "q" else "half", number=int(number), year=year), j


def _end_of(w: Words, i: int) -> Found | None:
    """End of day, end of business, end of next week, close of play, end of Q2 2026, end July, end of Friday."""
    if w.at(i + 1) not in ("of", "-"):
        return _named_period(w, i + 1, "end") if w.words[i] == "end" else None
    j = i + (2 if w.at(i + 1) == "of" else 4)
    j += w.at(j) in ("the", "my", "our", "your")
    word = w.at(j)
    shift = RELATIVE_SHIFTS.get(word) if word != "the" else None
    if shift is not None:
        found = _period(w, j + 1, shift, said=word, edge="end")
        if found is not None and isinstance(found[0], Period):
            return found
        if w.at(j + 1) in WEEKDAYS or w.at(j + 1) in ("day", "business", "working"):
            return Clock(17, name="eod"), j + 2 * (word == "this" and w.at(j + 1) == "day")
        return _named_period(w, j + 1, "end")
    if word == "business" and w.at(j + 1) in ("day", "hours"):
        return Clock(17, name="eod"), j + 2
    if word in _WORKDAYS or word in DAYS or word in WEEKDAYS:
        return Clock(17, name="eod"), j + (word in _WORKDAYS and word != "today")
    return _period(w, j, 0, edge="end") or _named_period(w, j, "end")


def _edge_of(w: Words, i: int) -> Found | None:
    """Early next week, mid-March, late this week, middle of next week, later today, mid-afternoon."""
    said = w.words[i]
    edge = EDGES[said]
    if said in ("middle", "beginning", "start") and w.at(i + 1) != "of":
        return None
    j = i + 1
    while w.at(j) in ("-", "of", "in", "the", "on"):
        j += 1
    word = w.at(j)
    if word in PARTS and said != "later":
        return Part(PARTS[word]), j + 1
    if word in DAYS and said in ("later", "late", "early"):
        return (Part("tonight") if word in ("tonight", "tonite") else Day(DAYS[word])), j + 1
    if word == "this" and w.at(j + 1) in PARTS:
        return Part(PARTS[w.at(j + 1)], this=True), j + 2
    if word in RELATIVE_SHIFTS:
        return _period(w, j + 1, RELATIVE_SHIFTS[word], said=word, edge=edge)
    if word in ("week", "month"):
        return Period(word, edge=edge), j + 1
    return _named_period(w, j, edge)


def _the(w: Words, i: int) -> Found | None:
    """The 15th, the day after tomorrow, the weekend, the end of the week, the next two hours, the new year."""
    following = w.at(i + 1)
    if following not in _BEHIND_THE and not following[:1].isdecimal():
        return None
    if following in _AFTER_THE:
        return READERS[following](w, i + 1)
    if following == "new" and w.at(i + 2) == "year" and w.at(i - 1) in ("by", "before"):
        return Period("year", edge="end"), i + 3
    if following in ("week", "month", "quarter", "year", "sprint", "hour"):
        return _period(w, i + 1, 0, said="the")
    if following == "night" and w.at(i - 1) in ("through", "over", "during"):
        return Part("overnight"), i + 2
    if following in ("morning", "evening", "afternoon") and w.at(i - 1) in ("in", "by", "during"):
        return Part(PARTS[following]), i + 2
    if following in EDGES and w.at(i + 2) == "of":
        return _edge_of(w, i + 1)
    return day_of_month(w, i + 1, following) if following[:1].isdecimal() else None


# Recurrences


def _every(w: Words, i: int) -> Found | None:
    """Every 30 minutes, every hour, each day, every Friday, every other day."""
    j = i + 1
    if w.at(j) in WEEKDAYS:
        return Every(None), j
    if w.at(j) in PARTS:
        return Every(Length(1, 1, "day")), j
    count = 2 if w.at(j) == "other" else 1
    j += count - 1
    unit = UNITS.get(w.at(j))
    if unit and w.at(j) not in GLUED_UNITS:
        return Every(Length(count, count, unit)), j + 1
    if w.at(j) == "half" and w.at(j + 1) == "hour":
        return Every(Length(30, 30, "minute")), j + 2
    found = quantity(w, j)
    return (Every(found[0]), found[1]) if found is not None and isinstance(found[0], Length) else None


def _recurrence(w: Words, i: int) -> Found | None:
    """Hourly, daily, weekly; but "weekly releases" tells of which kind, not when."""
    count, unit = RECURRENCES[w.words[i]]
    if w.at(i + 1)[:1].isalpha() and w.at(i + 1) not in RECURRING_NOUNS and w.at(i - 1) not in ("be", "is", "are"):
        return None
    return Every(Length(count, count, unit)), i + 1


def _article(w: Words, i: int) -> Found | None:
    """An hour and a half, a week; "a week on Friday" is the Friday after the coming one."""
    if w.at(i + 1) == "week" and w.at(i + 2) in ("on", "from") and w.at(i + 3) in WEEKDAYS:
        return Weekday(WEEKDAYS[w.at(i + 3)], 2), i + 4
    return spoken(w, i)


READERS: dict[str, Reader] = {
    **dict.fromkeys(NUMBERS, spoken),
    **dict.fromkeys(("a", "an"), _article),
    **dict.fromkeys(UNCOUNTED, quantity),
    **dict.fromkeys(RECURRENCES, _recurrence),
    **dict.fromkeys(MONTHS, _month),
    **dict.fromkeys(WEEKDAYS, _weekday),
    **dict.fromkeys(DAYS, _day),
    **dict.fromkeys((f"{day}'s" for day in DAYS), _days),
    **dict.fromkeys(PARTS, _part),
    **dict.fromkeys(CLOCKS, _named_clock),
    **dict.fromkeys(PERIOD_ENDS, _period_end),
    **dict.fromkeys(RELATIVE_SHIFTS, _shifted),
    **dict.fromkeys(ENDS, _end_of),
    **dict.fromkeys(EDGES, _edge_of),
    **dict.fromkeys(("tonight", "tonite"), _tonight),
    **dict.fromkeys(("every", "each"), _every),
    **dict.fromkeys(("second", "third"), _week_of),
    "the": _the,
    "half": half,
    "couple": quantity,
    "quarter": quarter,
    "q": _fiscal,
    "h": _fiscal,
    "weekend": _weekend,
    "day": _day_after,
    "first": _first,
    "top": _top,
    ":": _minute_mark,
}
"""From a word to the reader of the atoms that can begin with it."""

_AFTER_THE = frozenset({"day", "weekend", "first", "second", "third", "top", *ENDS, *_NEXT, *_PAST, "current"})
"""Words whose own reader goes on behind "the"."""
_BEHIND_THE = (
    _AFTER_THE | EDGES.keys() | {"new", "week", "month", "quarter", "year", "sprint", "hour", "night", "morning", "evening", "afternoon"}
)
"""All words behind "the" that can be a time, other than figures: most others end the matter at once."""
