"""When a day, a week, a quarter and a sprint end: the settings behind words such as EOD, and the arithmetic on days.

Pure arithmetic on `datetime.date`; hours are on the clock of whoever speaks. The defaults are the conventions of the
evaluation sets: a working day ends at 17:00, a week on Friday, quarters start in January.
"""

from __future__ import annotations

from datetime import date, timedelta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_DAY = timedelta(days=1)
_LONGEST_RUN_OF_DAYS_OFF = 366
_FURTHEST = 36_525
"""A century in days: no promise reaches further, and arithmetic on dates stays in range."""


class Calendar:
    """How a team counts its days.

    `eod` is the hour at which a working day ends, `day_start` the one at which it begins, `morning_end`, `afternoon_end`,
    `evening_end` those of the parts of a day. `week_end` is the last day of a working week and `weekend` the days off
    (Monday is 0). `day_first` reads 12/03 as 12 March; None leaves it to the zone. `year_start` is the month in which
    the first quarter begins. `sprint_end` is the last day of any one sprint and `sprint_days` the length of all.
    """

    __slots__ = (
        "afternoon_end",
        "day_first",
        "day_start",
        "eod",
        "evening_end",
        "holidays",
        "morning_end",
        "sprint_days",
        "sprint_end",
        "week_end",
        "weekend",
        "year_start",
    )

    def __init__(
        self,
        *,
        eod: int = 17,
        day_start: int = 9,
        morning_end: int = 12,
        afternoon_end: int = 17,
        evening_end: int = 21,
        week_end: int = 4,
        weekend: Iterable[int] = (5, 6),
        day_first: bool | None = None,
        holidays: Iterable[date] = (),
        year_start: int = 1,
        sprint_end: date | None = None,
        sprint_days: int = 14,
    ) -> None:
        self.eod = eod
        self.day_start = day_start
        self.morning_end = morning_end
        self.afternoon_end = afternoon_end
        self.evening_end = evening_end
        self.week_end = week_end
        self.weekend = frozenset(weekend)
        self.day_first = day_first
        self.holidays = frozenset(holidays)
        self.year_start = year_start
        self.sprint_end = sprint_end
        self.sprint_days = sprint_days

    def is_working(self, day: date) -> bool:
        """Whether people work on that day."""
        return day.weekday() not in self.weekend and day not in self.holidays

    def add_working_days(self, day: date, count: int) -> date:
        """The working day that lies `count` working days after `day`."""
        off = 0
        while count > 0 and off < _LONGEST_RUN_OF_DAYS_OFF:
            day += _DAY
            working = self.is_working(day)
            count -= working
            off = 0 if working else off + 1
        return day

    def week_last(self, day: date, shift: int = 0) -> date:
        """The last working day of the week of `day`, or of the week `shift` weeks later; the coming one on a weekend."""
        start = add_days(day, -day.weekday())
        if shift == 0 and day.weekday() > self.week_end:
            shift = 1
        return add_days(start, self.week_end + 7 * shift)

    def weekend_last(self, day: date, shift: int = 0) -> date:
        """The last day of the coming weekend, or of the one `shift` weeks later."""
        last = max(self.weekend, default=6)
        return add_days(day, (last - day.weekday()) % 7 + 7 * shift)

    def quarter_last(self, day: date, shift: int = 0, *, number: int | None = None, year: int | None = None) -> date:
        """The last day of the quarter of `day`, of one `shift` quarters later, or of the given quarter that comes next."""
        first_month = (day.month - self.year_start) // 3 * 3 + self.year_start  # may be below 1: the year before
        if number is None:
            return month_last(day.year, first_month + 2 + 3 * shift)
        month = self.year_start + 3 * number - 1
        if year is not None:
            return month_last(year, month)
        ends = (month_last(day.year + step, month) for step in (-1, 0, 1))
        return next(end for end in ends if end >= day)

    def sprint_last(self, day: date, shift: int = 0) -> date | None:
        """The last day of the sprint of `day`, or of one `shift` sprints later; None where no sprint is configured."""
        if self.sprint_end is None or self.sprint_days < 1:
            return None
        return add_days(day, (self.sprint_end - day).days % self.sprint_days + self.sprint_days * shift)


def add_days(day: date, count: int) -> date:
    """The day `count` days later, never further than a century."""
    if not count:
        return day
    return day + timedelta(days=count if -_FURTHEST <= count <= _FURTHEST else _FURTHEST if count > 0 else -_FURTHEST)


def add_months(day: date, count: int) -> date:
    """The same day `count` months later, or the last day of that month where it has no such day."""
    count = max(-1200, min(1200, count))
    last = month_last(day.year, day.month + count)
    return last.replace(day=min(day.day, last.day))


def month_last(year: int, month: int) -> date:
    """The last day of a month; months beyond December, or before January, belong to another year."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - _DAY


def exists(year: int, month: int, day: int) -> bool:
    """Whether a date is on the calendar: 31 June is not."""
    return 1 <= month <= 12 and 1 <= day <= month_last(year, month).day


DEFAULT = Calendar()
