"""Detectors for times and dates: the next update, estimates, and arithmetic that does not add up."""

from __future__ import annotations

import re
from datetime import date, timedelta

from amends.language.calendar import exists
from amends.language.context import Remark
from amends.language.detectors_shape import absent
from amends.language.records import Edit
from amends.language.zones import abbreviation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.context import Context
    from amends.language.records import Commitment
    from amends.language.rules import Rule
    from amends.language.text import Sentence

LIVE_UPDATE = timedelta(minutes=60)
"""Somebody who waits while it is still broken wants to hear within the hour."""
_ROLLED = timedelta(hours=18)
"""A bare clock time that would be so far ahead is one that has just passed."""
_DAY_SAID = (
    r"\d{4}|tomorrow|tonight|morning|noon|evening|day\b|week|\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
)
_MOVED = r"\b(?:slip|mov|shift|delay|postpon|push|late|instead|now|extend|earlier)"
"""Only beside such a word do "Monday to Friday" or "3 to 12 June" compare an old date with a new one."""
_BROKEN = (
    r"\b(?:fail(?:s|ing)?|down|unavailable|offline|timing out|errors?|outage|degraded|stuck|affected|cannot|can't|unable|blocked|not working|broken)\b"
)
_RECOVERED = r"\b(?:resolved|restored|back to normal|fully recovered|recovered|fixed|closed|all clear)\b"
_PLACES = r"\blocal\b|\b[A-Z][a-z]+ time\b|\d(?:Z|\s?[ap]\.?m\.? [A-Z]{2,4})\b|[+-]\d\d:?\d\d\b|\b(?:Eastern|Pacific|Central|Mountain)\b"
_ESTIMATE = (
    r"\b(?:eta\b|(?:expect|anticipate|estimate)[a-z]*\b[^.;]{0,60}\b(?:resol|restor|fix|recover|back|complet|resume|normal)[a-z]*"
    r"|(?:should|will) be (?:back|resolved|fixed|restored|up)|\bbe (?:fixed|resolved|restored|back(?: up| online)?) (?:by|within|in|before|at))\b"
)
_MENDING = r"\b(?:\w+ing|started|begun|running|in progress|under way|underway)\b"
_WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)(?:[a-z]{0,6}day|s|rs?|nes)?"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DATE = rf"(?:(?:{_WEEKDAY},?\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?)\b)"
_LINK = r"\s*(?P<link>→|->|–|—|-|,?\s+not\s+|,?\s+instead\s+of\s+|,?\s+rather\s+than\s+|\s+to\s+|\s+until\s+)\s*(?:on\s+)?"
_LENGTH = r"\b(?P<count>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten)\s+(?P<work>working\s+|business\s+)?(?P<unit>days?|weeks?)\b"
_NUMBERS = {word: number for number, word in enumerate("zero one two three four five six seven eight nine ten".split())} | {"a": 1, "an": 1}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_HALF_A_YEAR = 183


def next_updates(context: Context) -> list[Commitment]:
    """The speaker's promises that name the time of the next update."""
    return [one for one in context.promises if one.actor == "speaker" and one.kind == "next_update" and one.due is not None]


def update_without_next_time(context: Context, rule: Rule) -> Iterator[Remark]:
    """A message of a form that always names the time of the next update, and does not; it stands on the update promised, if any."""
    wanted = context.form.move("commitment")
    if wanted is None or wanted.condition != "next-update":
        return
    open_promise = next((one for one in context.promises if one.kind == "next_update" and one.due is None), None)
    for remark in absent(context, "commitment"):
        if open_promise is None:
            yield remark
        else:
            yield Remark(open_promise.start, open_promise.end, remark.values, remark.severity, remark.edits)


def next_update_without_zone(context: Context, rule: Rule) -> Iterator[Remark]:
    """A clock time for the next update while no zone is named anywhere; milder where the draft itself knows its zone."""
    clocked = [one for one in next_updates(context) if re.search(r"\d[:.h]\d\d|\d\s*[ap]\.?m", one.time_quote or one.quote)]
    if clocked and not _names_zone(context):
        one = clocked[0]
        yield Remark(one.start, one.end, {"words": one.quote}, "note" if context.tz is not None else None)


def _names_zone(context: Context) -> bool:
    if any(word.isupper() and word.isalpha() and len(word) <= 5 and abbreviation(word) is not None for word in context.text.written):
        return True
    return re.search(_PLACES, context.text.masked) is not None


def next_update_in_the_past(context: Context, rule: Rule) -> Iterator[Remark]:
    """A next update whose time has passed when the message is sent."""
    for one in next_updates(context):
        assert one.due is not None
        ahead = one.due - context.at
        rolled = ahead > _ROLLED and ahead <= timedelta(days=1) and not re.search(_DAY_SAID, (one.time_quote or one.quote).lower())
        if ahead < timedelta(0) or rolled:
            sent = context.at.astimezone(one.due.tzinfo)
            yield Remark(one.start, one.end, {"sent": f"{sent:%H:%M}"})


def next_update_too_late(context: Context, rule: Rule) -> Iterator[Remark]:
    """Something is still broken, and the next word is more than an hour away."""
    updates = next_updates(context)
    if not updates or not _is_live(context):
        return
    first = min(updates, key=lambda one: one.due or context.at)
    assert first.due is not None
    wait = first.due - context.at
    if LIVE_UPDATE < wait < _ROLLED:
        yield Remark(first.start, first.end, {"minutes": str(round(wait.total_seconds() / 60))})


def _is_live(context: Context) -> bool:
    """Whether the message says that it is broken now, and not that it is over."""
    now = " ".join(context.text.of(context.text.sentences[place]) for place in context.places("status")).lower()
    return re.search(_BROKEN, now) is not None and re.search(_RECOVERED, context.text.masked.lower()) is None


def resolution_estimate(context: Context, rule: Rule) -> Iterator[Remark]:
    """A time for the end of it, said to people who will hold us to it."""
    for start, end in _estimates(context):
        yield Remark(start, end)
        return


def missing_estimate(context: Context, rule: Rule) -> Iterator[Remark]:
    """A repair is under way, and no time says when it will be done: the team can plan with a rough one."""
    if any(one.due is not None for one in context.promises) or any(True for _ in _estimates(context)):
        return
    for place in context.places("recovery"):
        sentence = context.text.sentences[place]
        words = context.text.of(sentence)
        if re.search(_MENDING, words, re.IGNORECASE) and not re.search(r"\d[:.]\d\d|\d\s*(?:min|h\b|hour)|\b(?:complete|done|back|since)\b", words):
            yield Remark(sentence.start, sentence.end)
            return


def _estimates(context: Context) -> Iterator[tuple[int, int]]:
    for one in context.promises:
        if one.kind == "fix" and one.due is not None and one.firmness in ("firm", "expectation") and one.due > context.at:
            yield one.start, one.end
    for sentence in context.text.sentences:
        words = context.text.masked[sentence.start : sentence.end]
        found = re.search(_ESTIMATE, words, re.IGNORECASE)
        if found and re.search(r"\d", words[found.start() :]):
            yield sentence.start + found.start(), sentence.end


def date_arithmetic(context: Context, rule: Rule) -> Iterator[Remark]:
    """A length in days or weeks beside two days or dates that are further apart, or closer: 2 days (Fri → Mon)."""
    for sentence in context.text.sentences:
        words = context.text.masked[sentence.start : sentence.end]
        if "day" not in words and "week" not in words:
            continue
        lengths = list(re.finditer(_LENGTH, words, re.IGNORECASE))
        pair = _pair_of_dates(words, context.at.date()) or _pair_of_weekdays(words)
        if len(lengths) == 1 and pair is not None:
            yield from _compare(sentence, lengths[0], pair)


def _compares(link: str, words: str) -> bool:
    """Whether what stands between two dates puts a new one in place of an old one."""
    return link.strip(" ,").lower() not in ("to", "until", "–", "—", "-") or re.search(_MOVED, words, re.IGNORECASE) is not None


def _pair_of_dates(words: str, today: date) -> tuple[int, int, str] | None:
    """Days and working days between two dates that one phrase compares, and the phrase; None where there is no such pair."""
    found = re.search(rf"(?P<first>{_DATE}|\d{{4}}-\d\d-\d\d){_LINK}(?P<second>{_DATE}|\d{{4}}-\d\d-\d\d)", words, re.IGNORECASE)
    if found is None or not _compares(found["link"], words):
        return None
    first, second = _date_of(found["first"], today), _date_of(found["second"], today)
    if first is None or second is None:
        return None
    early, late = min(first, second), max(first, second)
    work = sum((early + timedelta(days=step)).weekday() < 5 for step in range(1, min((late - early).days, 3660) + 1))
    return (late - early).days, work, found[0].strip()


def _date_of(words: str, today: date) -> date | None:
    """The date that words name, in the year in which it is nearest."""
    iso = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", words)
    if iso:
        year, month, day = (int(part) for part in iso.groups())
        return date(year, month, day) if exists(year, month, day) else None
    number, name = re.search(r"\d+", words), re.search(rf"\b{_MONTH}", re.sub(rf"\b{_WEEKDAY}\b,?", "", words, count=1, flags=re.IGNORECASE), re.IGNORECASE)
    if number is None or name is None:
        return None
    month, day = _MONTHS.index(name[0][:3].lower()) + 1, int(number[0])
    near = [date(year, month, day) for year in (today.year - 1, today.year, today.year + 1) if exists(year, month, day)]
    return min(near, key=lambda one: abs(one - today), default=None)


def _pair_of_weekdays(words: str) -> tuple[int, int, str] | None:
    """Days and working days from one weekday to another, and the phrase that compares them."""
    found = re.search(rf"\b(?P<first>{_WEEKDAY})\b{_LINK}(?P<second>{_WEEKDAY})\b", words, re.IGNORECASE)
    if found is None or not _compares(found["link"], words):
        return None
    first, second = (_WEEKDAYS.index(found[name][:3].lower()) for name in ("first", "second"))
    if found["link"].strip(" ,").lower().startswith(("not", "instead", "rather")):
        first, second = second, first
    days = (second - first) % 7
    return days, sum((first + step) % 7 < 5 for step in range(1, days + 1)), found[0].strip()


def _compare(sentence: Sentence, length: re.Match[str], pair: tuple[int, int, str]) -> Iterator[Remark]:
    days, work, phrase = pair
    said = _NUMBERS.get(length["count"].lower()) or int(re.sub(r"\D", "", length["count"]) or 0)
    claimed = said * 7 if length["unit"].lower().startswith("week") else said
    truth = work if length["work"] else days
    only_weekdays = not any(char.isdigit() for char in phrase)
    if claimed == truth or (only_weekdays and not length["work"] and (claimed - truth) % 7 == 0 and claimed > 0):
        return
    kind = length["work"] or ""
    right = f"{truth} {kind.strip() + ' ' if kind else ''}day{'' if truth == 1 else 's'}"
    start, end = sentence.start + length.start(), sentence.start + length.end()
    yield Remark(start, end, {"phrase": phrase, "right": right}, None, (Edit(f"Write {right}", start, end, right),))


def impossible_date(context: Context, rule: Rule) -> Iterator[Remark]:
    """A date that no calendar has: 31 June, 30 February, 2026-13-01."""
    words = context.text.words
    if not any(word[:3] in _MONTHS or (len(word) == 10 and word[4] == "-" and word[0].isdigit()) for word in words):
        return
    masked = context.text.masked
    for found in re.finditer(rf"\b(?:{_DATE}(?:,?\s+(?P<year>\d{{4}})\b)?|\d{{4}}-\d\d-\d\d\b)", masked, re.IGNORECASE):
        if _is_impossible(found[0], found["year"], context.at.year):
            yield Remark(found.start(), found.end())


def _is_impossible(words: str, year: str | None, this_year: int) -> bool:
    iso = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", words)
    if iso:
        return not exists(*(int(part) for part in iso.groups()))
    number, name = re.search(r"\d{1,2}", words), re.search(rf"\b{_MONTH}", re.sub(rf"\b{_WEEKDAY}\b,?", "", words, count=1, flags=re.IGNORECASE), re.IGNORECASE)
    if number is None or name is None or name[0].lower() in ("mark", "marked", "marks", "decide", "decided", "maybe", "market", "second"):
        return False
    month = _MONTHS.index(name[0][:3].lower()) + 1
    years = (int(year),) if year else (this_year - 1, this_year, this_year + 1)
    return not any(exists(one, month, int(number[0])) for one in years)


def weekday_of_date(context: Context, rule: Rule) -> Iterator[Remark]:
    """A weekday beside a date that falls on another one."""
    words = context.text.words
    if not any(word[:3] in _WEEKDAYS for word in words):
        return
    pattern = rf"\b(?P<day>{_WEEKDAY})\b,?\s+(?P<date>(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?))\b(?:,?\s+(?P<year>\d{{4}})\b)?"
    for found in re.finditer(pattern, context.text.masked, re.IGNORECASE):
        meant = _date_of(found["date"], context.at.date())
        if meant is not None and found["year"]:
            meant = meant.replace(year=int(found["year"])) if exists(int(found["year"]), meant.month, meant.day) else None
        if meant is None or _WEEKDAYS[meant.weekday()] == found["day"][:3].lower():
            continue
        if found["year"] is None and abs((meant - context.at.date()).days) > _HALF_A_YEAR - 30:
            continue
        yield Remark(found.start(), found.end(), {"weekday": f"{meant:%A}"})


def fact_without_time(context: Context, rule: Rule) -> Iterator[Remark]:
    """It says what happened and nowhere when."""
    places = context.places("fact")
    if not places:
        return
    masked = context.text.masked
    if re.search(rf"\d[:.h]\d\d|\d\s*[ap]\.?m\b|\b{_WEEKDAY}\b|{_DATE}|\d{{4}}-\d\d|\b(?:yesterday|today|tonight|this (?:morning|afternoon|evening|week)|last (?:night|week|month)|(?:minutes?|hours?|days?|weeks?) ago|at (?:noon|midnight))\b", masked, re.IGNORECASE):
        return
    sentence = context.text.sentences[places[0]]
    yield Remark(sentence.start, sentence.end)
