"""The day that a frame names, for somebody who speaks on another day: dates, weekdays, the 15th, today.

What was assumed on the way is added to `flags`. A day that is read as past (`back`) is the latest there was, else the
next there is.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from amends.language.times import zones
from amends.language.times.calendar import Calendar, add_days, exists, month_last

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import tzinfo

    from amends.language.times.frames import Frame
    from amends.language.times.lexer import Date, Weekday

_HALF_A_YEAR = 190
"""A weekday may pick the year of a date within this many days; further off it is taken for a slip."""
_LAST_YEAR = 9000


class Speaker:
    """Who says a time: when, in which zone, by which calendar; `stated` is a zone that the whole message goes by."""

    __slots__ = ("_meanings", "_nows", "_steady", "at", "calendar", "home", "stated", "today")

    def __init__(self, at: datetime, tz: str | None, calendar: Calendar, stated: zones.Zone | None = None) -> None:
        self.at = at
        self.home: tzinfo = (zones.named(tz) if tz else None) or at.tzinfo or UTC
        self.calendar = calendar
        self.stated = stated
        self.today = at.astimezone(self.home).date()
        self._meanings: dict[str, tuple[str, tzinfo]] = {}
        self._nows: dict[tzinfo, datetime] = {}
        self._steady: dict[tuple[tzinfo, date], bool] = {}

    def now_in(self, zone: tzinfo) -> datetime:
        """The minute of speaking on the clocks of a zone; each bare clock of the message is measured against it."""
        found = self._nows.get(zone)
        if found is None:
            found = self._nows[zone] = self.at.astimezone(zone).replace(second=0, microsecond=0)
        return found

    def steady(self, zone: tzinfo, day: date) -> bool:
        """Whether the clocks of a zone are not changed on a day; most times of a message stand on one or two days."""
        found = self._steady.get((zone, day))
        if found is None:
            begins, ends = datetime.combine(day, time(), tzinfo=zone), datetime.combine(add_days(day, 1), time(), tzinfo=zone)
            found = self._steady[zone, day] = begins.utcoffset() == ends.utcoffset()
        return found

    def meaning(self, zone: zones.Zone) -> tuple[str, tzinfo]:
        """What a stated zone means to the speaker: its name and the zone itself."""
        found = self._meanings.get(zone.words)
        if found is None:
            found = self._meanings[zone.words] = zones.meaning(zone, self.home, self.at)
        return found


def named_day(frame: Frame, speaker: Speaker, flags: set[str], *, back: bool, later_today: bool) -> date | None:
    """The day of a frame, or None where it names none; `later_today` tells whether its clock is still to come today.

    A date that does not exist is None with the flag "impossible".
    """
    if frame.date is not None:
        return _date(frame, frame.date, speaker, flags, back=back)
    if frame.weekday is not None:
        return _weekday(frame, frame.weekday, speaker, flags, back=back, later_today=later_today)
    if frame.day is not None:
        if frame.day.working:
            return speaker.calendar.add_working_days(speaker.today, frame.day.shift)
        return add_days(speaker.today, frame.day.shift)
    if frame.part is not None and (frame.part.this or frame.part.name == "tonight"):
        return speaker.today
    return None


def _date(frame: Frame, written: Date, speaker: Speaker, flags: set[str], *, back: bool) -> date | None:
    today = speaker.today
    month, day = _order(written, speaker, flags)
    if month is None:
        return _day_of_month(day, today, flags, back=back)
    if written.year is not None:
        stated = _existing(written.year, month, day, flags)
        if stated is not None and frame.weekday is not None and stated.weekday() != frame.weekday.day:
            flags.add("weekday-mismatch")
        return stated
    span = range(today.year - 1, today.year + 9 if (month, day) == (2, 29) else today.year + 2)
    candidates = [date(year, month, day) for year in span if exists(year, month, day)]
    if not candidates:
        flags.add("impossible")
        return None
    if frame.weekday is not None:
        matching = [found for found in candidates if found.weekday() == frame.weekday.day and abs((found - today).days) <= _HALF_A_YEAR]
        if matching:
            return matching[0]
        flags.add("weekday-mismatch")
    wanted = [found for found in candidates if (found <= today if back else found >= today)]
    return min(wanted or candidates, key=lambda found: abs((found - today).days))


def _order(written: Date, speaker: Speaker, flags: set[str]) -> tuple[int | None, int]:
    """Month and day of two numbers: day first, except where the sender lives in America."""
    month, day = written.month, written.day
    if not written.numeric or month is None or month == day:
        return month, day
    flags.add("order-assumed")
    day_first = speaker.calendar.day_first
    if day_first is None:
        day_first = not str(speaker.home).startswith(("America/", "US/"))
    return (day, month) if day_first else (month, day)


def _existing(year: int, month: int, day: int, flags: set[str]) -> date | None:
    if 1 <= year <= _LAST_YEAR and exists(year, month, day):
        return date(year, month, day)
    flags.add("impossible")
    return None


def _day_of_month(day: int, today: date, flags: set[str], *, back: bool) -> date | None:
    """The next 15th there is, or the latest there was."""
    for months in range(14):
        last = month_last(today.year, today.month + (-months if back else months))
        if day <= last.day:
            found = last.replace(day=day)
            if found <= today if back else found >= today:
                return found
    flags.add("impossible")
    return None


def _weekday(frame: Frame, weekday: Weekday, speaker: Speaker, flags: set[str], *, back: bool, later_today: bool) -> date:
    """Friday is the coming one, "next Friday" that of next week, "last Friday" the one that was, "Friday week" a week later."""
    today = speaker.today
    offset = weekday.day - today.weekday()
    ahead = offset % 7
    shift = weekday.shift
    if shift is None and frame.period is not None and frame.period.unit == "week":
        return add_days(today, offset + 7 * frame.period.shift)
    if shift == 1:
        return add_days(today, offset + 7)
    if shift == 2:
        return add_days(today, ahead + 7)
    if shift == -1 or (back and shift is None):
        return add_days(today, ahead - 7 if ahead or not back else 0)
    if ahead == 0 and shift is None and not later_today:
        flags.add("same-weekday")
        return add_days(today, 7)
    return add_days(today, ahead)
