"""Detectors for dates: sums that do not add up, days that do not exist, weekdays that do not fit."""

from __future__ import annotations

import re
from datetime import date, timedelta

from amends.language.context import Remark
from amends.language.detectors.words import DAY_OF_MONTH, ISO_DATE, MONTH, WEEKDAY
from amends.language.records import Edit
from amends.language.times import IMPOSSIBLE
from amends.language.times.calendar import exists

__all__ = ["date_arithmetic", "impossible_date", "weekday_of_date"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.context import Context
    from amends.language.records import Commitment
    from amends.language.rules import Rule
    from amends.language.text import Sentence

    Pair = tuple[int, int, str]
    """Days and working days between two days, and the words that compare them."""

_DATE = rf"(?:(?:{WEEKDAY},?\s+)?{DAY_OF_MONTH}|{ISO_DATE})"
_LINK = r"\s*(?P<link>→|->|–|—|-|,?\s+not\s+|,?\s+instead\s+of\s+|,?\s+rather\s+than\s+|\s+to\s+|\s+until\s+)\s*(?:on\s+)?"
_TWO_DATES = rf"(?P<first>{_DATE}){_LINK}(?P<second>{_DATE})"
_TWO_WEEKDAYS = rf"\b(?P<first>{WEEKDAY})\b{_LINK}(?P<second>{WEEKDAY})\b"
_DATED = rf"\b(?P<day>{DAY_OF_MONTH})(?:,?\s+(?P<year>\d{{4}})\b)?|\b(?P<iso>{ISO_DATE})\b"
_WEEKDAY_AND_DATE = rf"\b(?P<weekday>{WEEKDAY})\b,?\s+(?P<date>{DAY_OF_MONTH})(?:,?\s+(?P<year>\d{{4}})\b)?"
_ISO_SIGN = r"-\d\d-\d\d(?<=\d{4}-\d\d-\d\d)"
"""An ISO date, looked for by its hyphen: figures are many, hyphens few."""
_LENGTH = (
    r"\b(?P<count>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten)\s+(?P<work>working\s+|business\s+)?(?P<unit>days?"
    r"|weeks?)\b"
)
_MOVED = r"\b(?:slip|mov|shift|delay|postpon|push|late|instead|now|extend|earlier)"
"""Only beside such a word do "Monday to Friday" or "3 to 12 June" put a new date in place of an old one."""
_NUMBERS = {word: number for number, word in enumerate("zero one two three four five six seven eight nine ten".split())} | {"a": 1, "an": 1}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LENGTH_WORDS = frozenset("day days week weeks".split())
_WEEKDAY_WORDS = frozenset(
    "mon monday tue tues tuesday wed weds wednesday thu thur thurs thursday fri friday sat saturday sun sunday"
    " mondays tuesdays wednesdays thursdays fridays saturdays sundays".split()
)
_MONTH_WORDS = frozenset(
    "jan january feb february mar march apr april may jun june jul july aug august"
    " sep sept september oct october nov november dec december".split()
)
"""Without one of these words there is nothing to look for: the quick way out for most messages."""
_LONGEST = 3660
"""Working days are counted one by one; nobody slips by more than ten years."""


def date_arithmetic(context: Context, _rule: Rule) -> Iterator[Remark]:
    """A length in days or weeks beside two days that are further apart, or closer: 2 days (Fri → Mon)."""
    if _LENGTH_WORDS.isdisjoint(context.vocabulary):
        return
    for sentence in context.text.sentences:
        if _LENGTH_WORDS.isdisjoint(context.words(sentence)):
            continue
        words = context.text.masked[sentence.start : sentence.end]
        pair = _pair_of_dates(words, context.at.date()) or _pair_of_weekdays(words)
        lengths = list(re.finditer(_LENGTH, words, re.IGNORECASE)) if pair is not None else []
        if pair is not None and len(lengths) == 1:
            yield from _compare(sentence, lengths[0], pair)


def _names_two(signs: tuple[str, ...], words: str) -> bool:
    """Whether two months or weekdays can stand in a sentence: few lengths have days beside them."""
    return sum(map(words.lower().count, signs)) > 1


def _pair_of_dates(words: str, today: date) -> Pair | None:
    if not _names_two(_MONTHS, words) and re.search(_ISO_SIGN, words) is None:
        return None
    found = re.search(_TWO_DATES, words, re.IGNORECASE)
    if found is None or not _replaces(found["link"], words):
        return None
    first, second = _date_of(found["first"], today), _date_of(found["second"], today)
    if first is None or second is None:
        return None
    early, late = min(first, second), max(first, second)
    work = sum((early + timedelta(days=step)).weekday() < 5 for step in range(1, min((late - early).days, _LONGEST) + 1))
    return (late - early).days, work, found[0].strip()


def _pair_of_weekdays(words: str) -> Pair | None:
    if not _names_two(_WEEKDAYS, words):
        return None
    found = re.search(_TWO_WEEKDAYS, words, re.IGNORECASE)
    if found is None or not _replaces(found["link"], words):
        return None
    first, second = (_WEEKDAYS.index(found[name][:3].lower()) for name in ("first", "second"))
    if found["link"].strip(" ,").lower().startswith(("not", "instead", "rather")):
        first, second = second, first
    days = (second - first) % 7
    return days, sum((first + step) % 7 < 5 for step in range(1, days + 1)), found[0].strip()


def _replaces(link: str, words: str) -> bool:
    """Whether what stands between two dates puts a new one in place of an old one."""
    return link.strip(" ,").lower() not in ("to", "until", "–", "—", "-") or re.search(_MOVED, words, re.IGNORECASE) is not None


def _compare(sentence: Sentence, length: re.Match[str], pair: Pair) -> Iterator[Remark]:
    """The remark on a length that is not the distance of its two days, with the right one as its edit."""
    days, work, phrase = pair
    said = _NUMBERS.get(length["count"].lower(), 0) or int(re.sub(r"\D", "", length["count"]) or 0)
    claimed = said * 7 if length["unit"].lower().startswith("week") else said
    whole_weeks = not any(char.isdigit() for char in phrase) and not length["work"] and (claimed - days) % 7 == 0 and claimed > 0
    truth = work if length["work"] else days
    if claimed == truth or whole_weeks:
        return
    right = f"{truth} {'working ' if length['work'] else ''}day{'' if truth == 1 else 's'}"
    start, end = sentence.start + length.start(), sentence.start + length.end()
    yield Remark(start, end, {"phrase": phrase, "right": right}, None, (Edit(f"Write {right}", start, end, right),))


def impossible_date(context: Context, _rule: Rule) -> Iterator[Remark]:
    """A date that no calendar has: 31 June, 30 February, 2026-13-01."""
    masked = context.text.masked
    yield from (
        Remark(promise.time_start, promise.time_end)
        for promise in context.promises
        if promise.time_start is not None and promise.time_end is not None and _in_numbers_only(promise)
    )
    if _MONTH_WORDS.isdisjoint(context.vocabulary) and re.search(_ISO_SIGN, masked) is None:
        return
    for found in re.finditer(_DATED, masked, re.IGNORECASE):
        if found["iso"]:
            possible = exists(*(int(part) for part in found["iso"].split("-")))
        else:
            month, day = _month_and_day(found["day"])
            years = (int(found["year"]),) if found["year"] else range(context.at.year - 1, context.at.year + 4)
            possible = any(exists(year, month, day) for year in years) or "may" in found["day"]
        if not possible:
            yield Remark(found.start(), found.end())


def _in_numbers_only(promise: Commitment) -> bool:
    """Whether something is promised for a day that no calendar has, in numbers whose order the grammar of times knows: 31/06/2026."""
    words = promise.time_quote or ""
    return promise.note is not None and IMPOSSIBLE in promise.note and "-" not in words and not any(map(str.isalpha, words))


def weekday_of_date(context: Context, _rule: Rule) -> Iterator[Remark]:
    """A weekday beside a date that falls on another one, in the year named, or in this, the last and the next one."""
    words = context.vocabulary
    if _WEEKDAY_WORDS.isdisjoint(words) or _MONTH_WORDS.isdisjoint(words):
        return
    today = context.at.date()
    for found in re.finditer(_WEEKDAY_AND_DATE, context.text.masked, re.IGNORECASE):
        possible = _dates_of(found["date"], today, int(found["year"]) if found["year"] else None)
        if possible and all(_WEEKDAYS[one.weekday()] != found["weekday"][:3].lower() for one in possible):
            yield Remark(found.start(), found.end(), {"weekday": f"{possible[0]:%A}"})


def _date_of(words: str, today: date) -> date | None:
    """The date that words name, in the year in which it is nearest where none is given; None where there is no such date."""
    iso = re.search(ISO_DATE, words)
    if iso:
        parts = [int(part) for part in iso[0].split("-")]
        return date(*parts) if exists(*parts) else None
    return next(iter(_dates_of(words, today)), None)


def _dates_of(words: str, today: date, year: int | None = None) -> list[date]:
    """The dates that a day and a month may name, the nearest first: a text of last year and one about the next name no year either."""
    month, day = _month_and_day(words)
    years = (today.year - 1, today.year, today.year + 1) if year is None else (year,)
    return sorted((date(one, month, day) for one in years if exists(one, month, day)), key=lambda one: abs(one - today))


def _month_and_day(words: str) -> tuple[int, int]:
    """The numbers of month and day in words such as `Thu 14 May` or `May 14th`."""
    found = re.search(DAY_OF_MONTH, words, re.IGNORECASE)
    assert found is not None
    name = re.search(MONTH, found[0], re.IGNORECASE)
    number = re.search(r"\d+", found[0])
    assert name is not None
    assert number is not None
    return _MONTHS.index(name[0][:3].lower()) + 1, int(number[0])
