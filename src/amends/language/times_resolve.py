"""From a frame to the instants it means, for somebody who speaks at one time in one zone.

Each rule is one convention of the evaluation sets: a working day ends at the calendar's hour, a bare day is the whole
day, a range is due at its end, a clock time that has passed is tomorrow's. Daylight saving is looked up on the day meant,
so "Monday 10:00" across the change is right; a time that the change skips moves behind the gap, one that comes twice is
the first.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

from amends.language import zones
from amends.language.calendar import Calendar, add_days, add_months, exists, month_last
from amends.language.times_frames import Frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import tzinfo

    from amends.language.times_atoms import Clock, Date, Length, Period, Weekday

_LAST = time(23, 59)
_HALF_A_YEAR = 190
"""A weekday may pick the year of a date within this many days; further off it is taken for a slip."""
_NIGHT_OWL = 5
"""An hour up to this one, said about tonight, belongs to the next morning."""
_LATEST_AFTERNOON = 7
"""A loose hour up to this one that has passed is this afternoon's, a later one tomorrow's."""
_DEADLINE_LEADS = frozenset({"in", "within", "over", "under", "by", "eta"})
_MONTHS_OF = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_DAYS_OF = {"day": 1, "week": 7, "fortnight": 14}
_MINUTES_OF = {"second": 1 / 60, "minute": 1.0, "hour": 60.0}
_LONGEST_MINUTES = 60 * 24 * 366


class Speaker:
    """Who says a time: when, in which zone, by which calendar; `stated` is a zone that the whole message goes by."""

    __slots__ = ("at", "calendar", "home", "stated", "today")

    def __init__(self, at: datetime, tz: str | None, calendar: Calendar, stated: zones.Zone | None = None) -> None:
        self.at = at
        self.home: tzinfo = (zones.named(tz) if tz else None) or at.tzinfo or timezone.utc
        self.calendar = calendar
        self.stated = stated
        self.today = at.astimezone(self.home).date()


class Moment:
    """What a frame means: the instants between which it lies, how fine it is, and what was assumed on the way."""

    __slots__ = ("due", "earliest", "flags", "grain", "zone")

    def __init__(self, due: datetime | None, grain: str | None, flags: set[str], zone: str | None = None) -> None:
        self.due = due
        self.earliest: datetime | None = None
        self.grain = grain
        self.flags = flags
        self.zone = zone


def resolve(frame: Frame, speaker: Speaker, *, back: bool = False, deadline: bool = False) -> Moment:
    """The instants a frame means; `back` reads it as past, `deadline` takes a bare length as one from now on."""
    return _Resolver(frame, speaker, back=back, deadline=deadline).moment()


class _Resolver:
    """One reading of one frame."""

    def __init__(self, frame: Frame, speaker: Speaker, *, back: bool, deadline: bool) -> None:
        self.frame = frame
        self.speaker = speaker
        self.calendar = speaker.calendar
        self.back = back
        self.deadline = deadline
        self.flags: set[str] = set()
        self.zone_name: str | None = None
        self.zone = self._zone()

    def moment(self) -> Moment:
        """Pick the reading by what the frame holds."""
        frame = self.frame
        if frame.until is not None:
            return self._range(frame.until)
        if frame.every is not None:
            return self._every(frame.every.length)
        if frame.length is not None:
            return self._length(frame.length)
        if frame.period is not None and frame.date is None and frame.weekday is None:
            return self._period(frame.period)
        return self._point()

    # Zones

    def _zone(self) -> tzinfo:
        """The zone stated with the time, or in its other half, or once in the message; else the sender's."""
        frame, speaker = self.frame, self.speaker
        stated = frame.zone or (frame.until.zone if frame.until is not None else None)
        if stated is not None:
            self.flags.add("zone-stated")
        elif speaker.stated is not None and frame.clock is not None and frame.clock.name in ("", "noon", "midnight"):
            stated = speaker.stated
            self.flags.add("zone-inherited")
        if stated is None:
            return speaker.home
        if stated.ambiguous:
            self.flags.add("zone-ambiguous")
        self.zone_name, found = zones.meaning(stated, speaker.home, speaker.at)
        return found

    def _aware(self, day: date, at: time) -> datetime:
        """A local time as an instant; behind the gap where daylight saving skips it, the first where it comes twice."""
        local = datetime.combine(day, at, tzinfo=self.zone)
        if self.zone is timezone.utc:
            return local
        later = local.replace(fold=1)
        before, after = local.utcoffset(), later.utcoffset()
        if before != after:
            if before is not None and after is not None and after > before:
                self.flags.add("gap")
                return local.astimezone(timezone.utc).astimezone(self.zone)
            self.flags.add("fold")
        return local

    def _result(self, day: date, at: time, grain: str | None) -> Moment:
        return self._done(self._aware(day, at), grain)

    def _done(self, due: datetime | None, grain: str | None) -> Moment:
        return Moment(due, grain, self.flags, self.zone_name)

    # Points

    def _point(self) -> Moment:
        day, certain = self._day()
        if "impossible" in self.flags:
            return self._done(None, "day")
        clock, part = self.frame.clock, self.frame.part
        if clock is not None:
            return self._clock(clock, day)
        if part is not None:
            return self._part(part.name, day)
        if not certain or day is None:
            return self._done(None, None)
        return self._result(day, _LAST, "day")

    def _day(self) -> tuple[date | None, bool]:
        """The day that the frame names, and whether it names one."""
        frame = self.frame
        if frame.date is not None:
            return self._date(frame.date), True
        if frame.weekday is not None:
            return self._weekday(frame.weekday), True
        if frame.day is not None:
            return add_days(self.speaker.today, frame.day.shift), True
        if frame.part is not None and frame.part.name.startswith("this "):
            return self.speaker.today, True
        if frame.part is not None and frame.part.name == "tonight":
            return self.speaker.today, True
        return None, False

    def _date(self, written: Date) -> date | None:
        """The date meant: the next one where the year is left out, the latest one when it is past."""
        today = self.speaker.today
        month, day = self._order(written)
        if written.year is not None:
            stated = self._existing(written.year, month or today.month, day)
            if stated is not None and self.frame.weekday is not None and stated.weekday() != self.frame.weekday.day:
                self.flags.add("weekday-mismatch")
            return stated
        if month is None:
            return self._day_of_month(day)
        years = [year for year in (today.year, today.year + 1, today.year - 1) if exists(year, month, day)]
        if not years:
            return self._existing(today.year, month, day) or (self._leap(today.year) if (month, day) == (2, 29) else None)
        candidates = [date(year, month, day) for year in years]
        if self.frame.weekday is not None:
            matching = [found for found in candidates if found.weekday() == self.frame.weekday.day and abs((found - today).days) <= _HALF_A_YEAR]
            if matching:
                return min(matching, key=lambda found: abs((found - today).days))
            self.flags.add("weekday-mismatch")
        wanted = [found for found in candidates if (found <= today if self.back else found >= today)]
        return min(wanted or candidates, key=lambda found: abs((found - today).days))

    def _order(self, written: Date) -> tuple[int | None, int]:
        """Month and day of two numbers: day first, except where the sender lives in America."""
        if not written.numeric or written.month is None:
            return written.month, written.day
        first, second = written.month, written.day
        if first == second:
            return first, second
        self.flags.add("order-assumed")
        day_first = self.calendar.day_first
        if day_first is None:
            day_first = not str(self.speaker.home).startswith(("America/", "US/"))
        return (second, first) if day_first else (first, second)

    def _existing(self, year: int, month: int, day: int) -> date | None:
        if 1 <= year <= 9000 and exists(year, month, day):
            return date(year, month, day)
        self.flags.add("impossible")
        return None

    def _leap(self, year: int) -> date | None:
        self.flags.discard("impossible")
        ahead = [y for y in range(year, year + 9) if exists(y, 2, 29)]
        return date(ahead[0], 2, 29)

    def _day_of_month(self, day: int) -> date | None:
        """ "the 15th": the next one there is, or the latest one when it is past."""
        today = self.speaker.today
        step = -1 if self.back else 1
        for months in range(14):
            last = month_last(today.year, today.month + step * months)
            if day <= last.day:
                found = last.replace(day=day)
                if found <= today if self.back else found >= today:
                    return found
        self.flags.add("impossible")
        return None

    def _weekday(self, weekday: Weekday) -> date:
        """Friday is the coming one, "next Friday" that of next week, "last Friday" the one that was; "Friday week" a week after."""
        today = self.speaker.today
        ahead = (weekday.day - today.weekday()) % 7
        shift = weekday.shift
        if self.frame.period is not None and shift is None and self.frame.period.unit == "week":
            shift = self.frame.period.shift
            return add_days(today, weekday.day - today.weekday() + 7 * shift)
        if shift == -1 or (self.back and shift is None):
            behind = (today.weekday() - weekday.day) % 7
            return add_days(today, -behind if behind or self.back else -7)
        if shift == 1:
            return add_days(today, weekday.day - today.weekday() + 7)
        if shift == 2:
            return add_days(today, ahead + 7)
        if ahead == 0 and shift is None and not self._later_today():
            self.flags.add("same-weekday")
            return add_days(today, 7)
        return add_days(today, ahead)

    def _later_today(self) -> bool:
        """Whether the frame's clock, on today's date, is still to come."""
        clock = self.frame.clock
        if clock is None or clock.name == "minute":
            return False
        hour = self.calendar.eod if clock.name == "eod" else clock.hour
        return self._aware(self.speaker.today, time(hour % 24, clock.minute)) > self.speaker.at

    # Clocks

    def _clock(self, clock: Clock, day: date | None) -> Moment:
        if clock.name == "minute":
            return self._minute(clock.minute)
        if clock.name == "now":
            return self._result(day or self.speaker.today, self.speaker.at.astimezone(self.zone).time().replace(second=0, microsecond=0), "minute")
        if clock.name == "eod":
            return self._end_of_day(day)
        if clock.name == "midnight" or (clock.hour == 24):
            return self._midnight(day)
        hour = self._hour(clock, day)
        if day is None:
            return self._roll(time(hour, clock.minute), loose=self._loose(clock) and hour == clock.hour)
        if self._into_the_night(hour):
            day = add_days(day, 1)
        return self._result(day, time(hour, clock.minute), "minute")

    def _into_the_night(self, hour: int) -> bool:
        part = self.frame.part
        return part is not None and part.name in ("night", "tonight", "this night") and hour <= _NIGHT_OWL

    def _loose(self, clock: Clock) -> bool:
        """Whether the clock may be read twelve hours later; nobody writes UTC on a clock of twelve."""
        return clock.loose and not (self.frame.zone is not None and self.zone is timezone.utc)

    def _hour(self, clock: Clock, day: date | None) -> int:
        """The hour on the clock of 24, from the part of day where the clock leaves it open."""
        part = self.frame.part.name if self.frame.part is not None else ""
        hour = clock.hour
        if not self._loose(clock) or hour >= 13:
            return hour
        if part.endswith(("afternoon", "evening", "tonight", "night", "lunch")):
            night = part.endswith(("night", "tonight"))
            return hour % 12 if night and (hour == 12 or hour <= _NIGHT_OWL) else hour % 12 + 12
        if part.endswith("morning"):
            return hour % 12 if hour == 12 else hour
        if day is not None and hour < _LATEST_AFTERNOON and not self.back:
            self.flags.add("half-of-day-assumed")
            return hour + 12
        if day == self.speaker.today and not self.back and hour < 12 and self._aware(day, time(hour, clock.minute)) < self.speaker.at:
            return hour + 12
        return hour

    def _roll(self, at: time, *, loose: bool) -> Moment:
        """A clock time without a day: the next one, or the latest one when it is past."""
        now = self.speaker.at
        local_now = now.astimezone(self.zone).replace(second=0, microsecond=0)
        today = local_now.date()
        due = self._aware(today, at)
        if self.back:
            return self._done(due if due <= now else self._aware(add_days(today, -1), at), "minute")
        if due >= local_now:
            if loose and at.hour < _LATEST_AFTERNOON and at.hour and due - local_now > timedelta(hours=6) and local_now.hour == 0:
                self.flags.add("half-of-day-assumed")
            return self._done(due, "minute")
        if loose and at.hour <= 12:
            other = self._aware(today, at.replace(hour=at.hour % 12 + 12))
            if other >= local_now and (at.hour <= _LATEST_AFTERNOON or at.minute == 0 and other - local_now <= timedelta(hours=6)):
                self.flags.add("half-of-day-assumed")
                return self._done(other, "minute")
        self.flags.add("rolled")
        return self._done(self._aware(add_days(today, 1), at), "minute")

    def _minute(self, minute: int) -> Moment:
        """The next time the clock shows that minute."""
        local = self.speaker.at.astimezone(self.zone).replace(second=0, microsecond=0)
        ahead = (minute - local.minute) % 60 or 60
        return self._done(local + timedelta(minutes=ahead - (60 if self.back else 0)), "minute")

    def _end_of_day(self, day: date | None) -> Moment:
        """The end of the working day; when it has passed today, the end of the day itself."""
        local_now = self.speaker.at.astimezone(self.zone)
        closing = time(self.calendar.eod % 24)
        day = day or (local_now.date() if self.frame.zone is not None else self.speaker.today)
        due = self._aware(day, closing)
        if due < self.speaker.at and not self.back and day == local_now.date():
            self.flags.add("after-hours")
            return self._result(day, _LAST, "minute")
        return self._done(due, "minute")

    def _midnight(self, day: date | None) -> Moment:
        """The midnight that ends the day named, or the next one."""
        today = self.speaker.at.astimezone(self.zone).date()
        return self._result(add_days(day or today, 0 if self.back and day is None else 1), time(0), "minute")

    # Parts of a day

    def _part(self, name: str, day: date | None) -> Moment:
        """A part of a day is due at its end; without a day it is the next one of its kind."""
        calendar = self.calendar
        kind = name.removeprefix("this ")
        if kind.startswith("first"):
            return self._next_part(time(calendar.day_start), day or (add_days(self.speaker.today, 1) if self._passed(time(calendar.day_start)) else None))
        if kind == "overnight" or (kind == "night" and day is None):
            return self._result(add_days(day or self.speaker.today, 1), time(6), "day")
        if kind in ("night", "tonight"):
            return self._result(day or self.speaker.today, _LAST, "day")
        if kind == "lunch":
            early = self.frame.lead in ("before", "by") and day is None
            return self._next_part(time(calendar.morning_end if early or self.frame.lead == "before" else calendar.morning_end + 2), day)
        hour = {"morning": calendar.morning_end, "afternoon": calendar.afternoon_end, "evening": calendar.evening_end}[kind]
        return self._next_part(time(hour), day)

    def _passed(self, at: time) -> bool:
        return self._aware(self.speaker.today, at) <= self.speaker.at

    def _next_part(self, end: time, day: date | None) -> Moment:
        if day is None:
            day = self.speaker.today
            if self._passed(end) and not self.back:
                day = add_days(day, 1)
        return self._result(day, end, "day")

    # Periods

    def _period(self, period: Period) -> Moment:
        """A period is due on its last day, or early and in its middle where that is said."""
        if period.unit == "event":
            self.flags.add("no-calendar")
            return self._done(None, None)
        day = self._last_day(period)
        if day is None:
            self.flags.add("no-calendar")
            return self._done(None, None)
        grain = {"week": "week", "weekend": "day", "fortnight": "week", "month": "month", "sprint": "week"}.get(period.unit, "quarter")
        if period.edge in ("early", "mid"):
            self.flags.add("edge-assumed")
            day, grain = self._edge(period, day), "day"
        clock = self.frame.clock
        if clock is not None and not clock.name:
            return self._result(day, time(clock.hour % 24, clock.minute), "minute")
        return self._result(day, _LAST, grain)

    def _last_day(self, period: Period) -> date | None:
        today, calendar = self.speaker.today, self.calendar
        if period.unit == "week":
            return calendar.week_last(today, period.shift)
        if period.unit == "weekend":
            return calendar.weekend_last(today, period.shift)
        if period.unit == "fortnight":
            return add_days(today, 14)
        if period.unit == "sprint":
            return calendar.sprint_last(today, period.shift)
        if period.unit == "quarter":
            return calendar.quarter_last(today, period.shift, number=period.number, year=period.year)
        if period.unit == "month":
            return self._month_last(period)
        if period.unit == "half":
            return self._half_last(period)
        return date(min(period.number or today.year + period.shift, 9000), 12, 31)

    def _month_last(self, period: Period) -> date:
        today = self.speaker.today
        if period.number is None:
            return month_last(today.year, today.month + period.shift)
        if period.year is not None:
            return month_last(period.year, period.number)
        year = today.year + (period.number < today.month and not self.back) - (period.number > today.month and self.back)
        return month_last(year, period.number)

    def _half_last(self, period: Period) -> date:
        today = self.speaker.today
        if period.number is None:
            number = (today.month - 1) // 6 + 1 + period.shift
            return month_last(today.year, 6 * number)
        end = month_last(period.year or today.year, 6 * period.number)
        return end if period.year or end >= today else month_last(today.year + 1, 6 * period.number)

    def _edge(self, period: Period, last: date) -> date:
        """Early in a week is Tuesday, its middle Wednesday; early in a month is the 10th, its middle the 15th."""
        early = period.edge == "early"
        if period.unit in ("week", "sprint"):
            return add_days(last, -3 if early else -2)
        if period.unit == "month":
            return last.replace(day=10 if early else 15)
        span = {"quarter": 90, "half": 180}.get(period.unit, 365)
        return add_days(last, -span * 2 // 3 if early else -span // 2)

    # Lengths, recurrences, ranges

    def _length(self, length: Length) -> Moment:
        """A length counts from now where its lead says so; else it only tells how long something takes."""
        frame = self.frame
        if length.unit.startswith("past ") or frame.relative in ("ago", "hanging"):
            return self._elapsed(length)
        if not (self.deadline or frame.lead in _DEADLINE_LEADS or frame.relative):
            self.flags.add("duration")
            return self._done(None, None)
        if length.high is None:
            self.flags.add("uncounted")
            return self._done(None, None)
        due, grain = self._after(length.high, length.unit)
        moment = self._done(due, grain)
        if length.about:
            self.flags.add("approximate")
            moment.grain = "hour" if length.unit == "hour" else grain
        if length.low != length.high:
            moment.earliest = self._after(length.low, length.unit)[0]
        return moment

    def _elapsed(self, length: Length) -> Moment:
        if self.frame.relative == "hanging":
            self.flags.add("hanging")
            return self._done(None, None)
        self.flags.add("past")
        if length.high is None:
            return self._done(None, None)
        return self._done(self._after(-length.high, length.unit.removeprefix("past "))[0], None)

    def _after(self, count: float, unit: str) -> tuple[datetime | None, str | None]:
        """The instant `count` units from the time of speaking, and how fine it is."""
        speaker = self.speaker
        if unit in _MINUTES_OF:
            minutes = max(-_LONGEST_MINUTES, min(_LONGEST_MINUTES, count * _MINUTES_OF[unit]))
            return (speaker.at + timedelta(minutes=minutes)).astimezone(speaker.home), "minute"
        if unit == "workhour":
            return self._working_hours(count), "minute"
        start = add_days(speaker.today, {"from tomorrow": 1, "from yesterday": -1}.get(self.frame.relative, 0))
        if unit == "workday":
            return self._aware(self.calendar.add_working_days(start, min(int(count + 0.999), 2000)), _LAST), "day"
        if unit == "sprint":
            unit, count = "day", count * self.calendar.sprint_days
        if unit in _MONTHS_OF and count == int(count):
            return self._aware(add_months(start, int(count) * _MONTHS_OF[unit]), _LAST), "day"
        days = count * _DAYS_OF.get(unit, 30 * _MONTHS_OF.get(unit, 1))
        if days != int(days) and abs(days) < 2:
            return (speaker.at + timedelta(days=days)).astimezone(speaker.home), "minute"
        return self._aware(add_days(start, int(max(-36_500, min(36_500, days + 0.5)))), _LAST), "day"

    def _working_hours(self, count: float) -> datetime:
        """Hours counted between the beginning and the end of working days."""
        calendar = self.calendar
        local = self.speaker.at.astimezone(self.zone)
        day, left = local.date(), timedelta(hours=min(count, 2000.0))
        start = max(local, self._aware(day, time(calendar.day_start)))
        while True:
            closing = self._aware(day, time(calendar.eod % 24))
            if calendar.is_working(day) and start < closing:
                if start + left <= closing:
                    return start + left
                left -= closing - start
            day = calendar.add_working_days(day, 1)
            start = self._aware(day, time(calendar.day_start))

    def _every(self, length: Length | None) -> Moment:
        """The next time of something that recurs."""
        self.flags.add("recurring")
        if self.frame.clock is not None or self.frame.weekday is not None or length is None:
            return self._point()
        if self.frame.period is not None:
            return self._period(self.frame.period)
        if length.high is None:
            return self._done(None, None)
        if length.unit in _MINUTES_OF or length.unit == "workhour":
            due, grain = self._after(length.high, length.unit)
            return self._done(due, grain)
        due, _ = self._after(length.high, length.unit)
        return self._done(due, {"day": "day", "week": "week", "fortnight": "week", "month": "month"}.get(length.unit, "quarter"))

    def _range(self, until: Frame) -> Moment:
        """Both ends, each taking from the other what it does not say; due at the later one."""
        frame = self.frame
        self.flags.add("range")
        if frame.clock is not None and until.clock is not None:
            return self._clock_range(frame.clock, until.clock, until)
        start, end = self._half(frame, frame, until), self._half(until, until, frame)
        self.flags |= start.flags | end.flags
        moment = self._done(end.due, end.grain)
        moment.earliest = start.due if start.due and end.due and start.due <= end.due else None
        return moment

    def _half(self, own: Frame, first: Frame, second: Frame) -> Moment:
        """One end of a range of days, with the zone of the other where it states none."""
        half = _copy(own)
        half.zone = first.zone or second.zone
        return resolve(half, self.speaker, back=self.back)

    def _clock_range(self, opening: Clock, closing: Clock, until: Frame) -> Moment:
        frame = self.frame
        start, end = _copy(frame), _copy(until)
        start.clock, end.clock = opening, closing
        _share(start, end)
        if opening.loose and not closing.loose and not closing.name and opening.hour < 12 <= closing.hour and opening.hour + 12 <= closing.hour:
            start.clock = _shifted_clock(opening)
        back = resolve(end, self.speaker, back=self.back)
        front = resolve(start, self.speaker, back=self.back)
        self.flags |= back.flags | front.flags
        self.flags.discard("rolled")
        moment = self._done(back.due, "minute")
        if back.due is not None and front.due is not None:
            if front.due > back.due and until.date is None and until.weekday is None and until.day is None:
                if start.date is None and start.weekday is None and start.day is None:
                    front.due -= timedelta(days=1)  # it has begun already
                else:
                    moment.due = back.due + timedelta(days=1)  # it ends after midnight
            moment.earliest = front.due
        return moment


def _copy(frame: Frame) -> Frame:
    """The same frame without its other end."""
    same = Frame(frame.first, frame.last, frame.lead)
    for slot in ("clock", "zone", "weekday", "date", "day", "part", "length", "period", "every"):
        setattr(same, slot, getattr(frame, slot))
    return same


def _share(start: Frame, end: Frame) -> None:
    """Let each end of a range take zone and day from the other where it has none."""
    for one, other in ((start, end), (end, start)):
        one.zone = one.zone or other.zone
        if one.date is None and one.weekday is None and one.day is None:
            one.date, one.weekday, one.day = other.date, other.weekday, other.day
        one.part = one.part or other.part


def _shifted_clock(clock: Clock) -> Clock:
    return type(clock)(clock.hour + 12, clock.minute)
