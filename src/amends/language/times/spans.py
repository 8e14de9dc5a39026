"""Where periods end and lengths lead to: the last day of a week, a quarter or a sprint; 45 minutes, three working days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from amends.language.times.calendar import Calendar, add_days, add_months, month_last

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.language.times.days import Speaker
    from amends.language.times.lexer import Period

_MONTHS_OF = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_DAYS_OF = {"day": 1, "week": 7, "fortnight": 14}
_MINUTES_OF = {"second": 1 / 60, "minute": 1.0, "hour": 60.0}
_LONGEST_MINUTES = 60 * 24 * 366
_LONGEST_DAYS = 36_500
_MOST_WORKDAYS = 2_000
_GRAINS = {"day": "day", "week": "week", "fortnight": "week", "weekend": "day", "sprint": "week", "month": "month"}
_LAST_YEAR = 9000


def grain_of(unit: str) -> str:
    """How fine a period or a recurrence is; years and halves count by quarters."""
    return _GRAINS.get(unit, "quarter")


def last_day(period: Period, speaker: Speaker, *, back: bool = False) -> date | None:
    """The last day of a period, or the day that "early" or "mid" make of it; None where the calendar does not tell."""
    last = _end(period, speaker.today, speaker.calendar, back=back)
    if last is None or period.edge not in ("early", "mid"):
        return last
    early = period.edge == "early"
    if period.unit == "month":
        return last.replace(day=10 if early else 15)
    span = {"week": 4, "sprint": 4, "quarter": 90, "half": 180}.get(period.unit, 365)
    return add_days(last, -span * 3 // 4 if early else -span // 2)


def _end(period: Period, today: date, calendar: Calendar, *, back: bool) -> date | None:
    """The last day of the whole period."""
    unit, shift = period.unit, period.shift
    if unit == "month":
        return _month_end(period, today, back=back)
    if unit == "half":
        return _half_end(period, today)
    if unit == "quarter":
        return calendar.quarter_last(today, shift, number=period.number, year=period.year)
    if unit == "year":
        return date(min(period.number or today.year + shift, _LAST_YEAR), 12, 31)
    by_week = {"week": calendar.week_last, "weekend": calendar.weekend_last, "sprint": calendar.sprint_last}
    if unit in by_week:
        return by_week[unit](today, shift)
    return add_days(today, 14) if unit == "fortnight" else None


def _month_end(period: Period, today: date, *, back: bool) -> date:
    if period.number is None:
        return month_last(today.year, today.month + period.shift)
    year = period.year or today.year + (period.number < today.month and not back) - (period.number > today.month and back)
    last = month_last(year, period.number)
    return last.replace(day=min(last.day, 7 * period.week)) if period.week else last


def _half_end(period: Period, today: date) -> date:
    if period.number is None:
        return month_last(today.year, 6 * ((today.month - 1) // 6 + 1 + period.shift))
    end = month_last(period.year or today.year, 6 * period.number)
    return end if period.year or end >= today else month_last(today.year + 1, 6 * period.number)


def is_short(unit: str) -> bool:
    """Whether a unit is counted on the clock and not in days."""
    return unit in _MINUTES_OF or unit == "workhour"


def after(count: float, unit: str, speaker: Speaker, from_tomorrow: int, end_of: Callable[[date], datetime]) -> tuple[datetime, str]:
    """The instant `count` units from the time of speaking, and how fine it is; whole days end by `end_of`.

    `from_tomorrow` shifts the day from which days are counted ("a week from tomorrow").
    """
    if unit in _MINUTES_OF:
        minutes = max(-_LONGEST_MINUTES, min(_LONGEST_MINUTES, count * _MINUTES_OF[unit]))
        return (speaker.at + timedelta(minutes=minutes)).astimezone(speaker.home), "minute"
    if unit == "workhour":
        return _working_hours(count, speaker), "minute"
    calendar = speaker.calendar
    start = add_days(speaker.today, from_tomorrow)
    if unit == "workday":
        return end_of(calendar.add_working_days(start, min(int(count + 0.999), _MOST_WORKDAYS))), "day"
    if unit in _MONTHS_OF and count == int(count):
        return end_of(add_months(start, int(count) * _MONTHS_OF[unit])), "day"
    days = count * _DAYS_OF.get(unit, calendar.sprint_days if unit == "sprint" else 30 * _MONTHS_OF.get(unit, 1))
    if days != int(days) and abs(days) < 2:
        return (speaker.at + timedelta(days=days)).astimezone(speaker.home), "minute"
    return end_of(add_days(start, int(max(-_LONGEST_DAYS, min(_LONGEST_DAYS, days + 0.5))))), "day"


def _working_hours(count: float, speaker: Speaker) -> datetime:
    """Hours counted between the beginning and the end of working days."""
    calendar = speaker.calendar
    local = speaker.at.astimezone(speaker.home)
    day, left = local.date(), timedelta(hours=min(count, float(_MOST_WORKDAYS)))
    start = max(local, datetime.combine(day, time(calendar.day_start), tzinfo=speaker.home))
    while True:
        closing = datetime.combine(day, time(calendar.eod % 24), tzinfo=speaker.home)
        if calendar.is_working(day) and start < closing:
            if start + left <= closing:
                return start + left
            left -= closing - start
        day = calendar.add_working_days(day, 1)
        start = datetime.combine(day, time(calendar.day_start), tzinfo=speaker.home)
