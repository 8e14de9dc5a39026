"""From a frame to the instants it means, for somebody who speaks at one time in one zone.

Each rule is one convention of the evaluation sets: a working day ends at the calendar's hour, a bare day is the whole
day, a range is due at its end, a clock time that has passed is tomorrow's. Daylight saving is looked up on the day meant,
so "Monday 10:00" across the change is right; a time that the change skips moves behind the gap, one that comes twice is
the first, unless its zone says standard time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

from amends.language.times.calendar import add_days
from amends.language.times.days import Speaker, named_day
from amends.language.times.spans import after, grain_of, is_short, last_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import tzinfo

    from amends.language.times.frames import Frame
    from amends.language.times.lexer import Clock, Length, Part, Period

_LAST = time(23, 59)
_NIGHT_OWL = 5
"""An hour up to this one, said about tonight, belongs to the next morning."""
_LATEST_AFTERNOON = 7
"""A loose hour up to this one that has passed is this afternoon's, a later one tomorrow's."""
_SOON = timedelta(hours=6)
_DEADLINE_LEADS = frozenset({"in", "within", "over", "under", "eta"})


class Moment:
    """What a frame means: the instants between which it lies, how fine it is, its zone if stated, and what was assumed."""

    __slots__ = ("due", "earliest", "flags", "grain", "zone")

    def __init__(self, due: datetime | None, grain: str | None, flags: set[str], zone: str | None = None) -> None:
        self.due = due
        self.earliest: datetime | None = None
        self.grain = grain
        self.flags = flags
        self.zone = zone


def resolve(frame: Frame, speaker: Speaker, *, back: bool = False, deadline: bool = False) -> Moment:
    """The instants a frame means; `back` reads it as past, `deadline` takes a bare length as one from now on."""
    reading = _Reading(frame, speaker, back=back)
    if frame.until is not None:
        return reading.range(frame.until)
    if frame.every is not None:
        return reading.every(frame.every.length)
    if frame.length is not None:
        return reading.length(frame.length, deadline=deadline)
    if frame.period is not None and not frame.dated:
        return reading.period(frame.period)
    return reading.point()


class _Reading:
    """One reading of one frame."""

    __slots__ = ("back", "calendar", "flags", "frame", "speaker", "zone", "zone_name")

    def __init__(self, frame: Frame, speaker: Speaker, *, back: bool) -> None:
        self.frame = frame
        self.speaker = speaker
        self.calendar = speaker.calendar
        self.back = back
        self.flags: set[str] = set()
        self.zone_name: str | None = None
        self.zone = self._zone()

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
        self.zone_name, found = speaker.meaning(stated)
        return found

    def _aware(self, day: date, at: time) -> datetime:
        """A local time as an instant; behind the gap where daylight saving skips it; of two, the first, or what its zone says."""
        local = datetime.combine(day, at, tzinfo=self.zone)
        if self.zone is UTC or self.speaker.steady(self.zone, day):
            return local
        offset, folded = local.utcoffset(), local.replace(fold=1).utcoffset()
        if offset == folded or offset is None or folded is None:
            return local
        if folded > offset:
            self.flags.add("gap")
            return local.astimezone(UTC).astimezone(self.zone)
        if self.frame.zone is not None and self.frame.zone.standard:
            return local.replace(tzinfo=timezone(folded))
        self.flags.add("fold")
        return local.replace(tzinfo=timezone(offset))  # an instant that comes twice equals no other until its offset is fixed

    def _on(self, day: date, at: time, grain: str | None) -> Moment:
        return self._done(self._aware(day, at), grain)

    def _done(self, due: datetime | None, grain: str | None) -> Moment:
        return Moment(due, grain, self.flags, self.zone_name)

    # Points

    def point(self) -> Moment:
        """A day, a clock, a part of a day, or what they make together."""
        frame = self.frame
        day = named_day(frame, self.speaker, self.flags, back=self.back, later_today=frame.weekday is not None and self._later_today())
        if "impossible" in self.flags:
            return self._done(None, "day")
        if frame.clock is not None:
            return self._clock(frame.clock, day)
        if frame.part is not None:
            return self._part(frame.part, day)
        return self._on(day, _LAST, "day") if day is not None else self._done(None, None)

    def _later_today(self) -> bool:
        """Whether the frame's clock, on today's date, is still to come."""
        clock = self.frame.clock
        if clock is None or clock.name == "minute":
            return False
        hour = self.calendar.eod if clock.name == "eod" else clock.hour
        return self._aware(self.speaker.today, time(hour % 24, clock.minute)) > self.speaker.at

    def _clock(self, clock: Clock, day: date | None) -> Moment:
        if clock.name == "minute":
            return self._minute(clock.minute)
        if clock.name == "now":
            return self._on(day or self.speaker.today, self.speaker.now_in(self.zone).time(), "minute")
        if clock.name == "eod":
            return self._end_of_day(day)
        if clock.name == "midnight" or clock.hour == 24:
            ends = day or self.speaker.now_in(self.zone).date()
            return self._on(add_days(ends, 0 if self.back and day is None else 1), time(0), "minute")
        hour = self._hour(clock, day)
        if day is None:
            return self._roll(time(hour, clock.minute), loose=self._loose(clock) and hour == clock.hour)
        part = self.frame.part
        into_the_night = part is not None and part.name in ("night", "tonight") and hour <= _NIGHT_OWL
        return self._on(add_days(day, 1) if into_the_night else day, time(hour, clock.minute), "minute")

    def _loose(self, clock: Clock) -> bool:
        """Whether the clock may be read twelve hours later; nobody writes UTC on a clock of twelve."""
        return clock.loose and not (self.frame.zone is not None and self.zone is UTC)

    def _hour(self, clock: Clock, day: date | None) -> int:
        """The hour on the clock of 24, from the part of day where the clock leaves it open."""
        hour = clock.hour
        if not self._loose(clock) or hour > 12:
            return hour
        part = self.frame.part.name if self.frame.part is not None else ""
        if part in ("night", "tonight"):
            return hour % 12 if hour == 12 or hour <= _NIGHT_OWL else hour + 12
        if part in ("afternoon", "evening", "lunch"):
            return hour % 12 + 12
        if part == "morning":
            return hour % 12
        if day is None or self.back or hour == 12:
            return hour
        if hour < _LATEST_AFTERNOON or (day == self.speaker.today and self._aware(day, time(hour, clock.minute)) < self.speaker.at):
            self.flags.add("half-of-day-assumed")
            return hour + 12
        return hour

    def _roll(self, at: time, *, loose: bool) -> Moment:
        """A clock time without a day: the next one, or the latest one when it is past."""
        now = self.speaker.now_in(self.zone)
        today = now.date()
        due = self._aware(today, at)
        if self.back:
            return self._done(due if due <= self.speaker.at else self._aware(add_days(today, -1), at), "minute")
        if due >= now:
            return self._done(due, "minute")
        if loose:
            later = self._aware(today, at.replace(hour=at.hour % 12 + 12))
            if later >= now and (at.hour <= _LATEST_AFTERNOON or (at.minute == 0 and later - now <= _SOON)):
                self.flags.add("half-of-day-assumed")
                return self._done(later, "minute")
        self.flags.add("rolled")
        return self._on(add_days(today, 1), at, "minute")

    def _minute(self, minute: int) -> Moment:
        """The next time the clock shows that minute, or the last time it did."""
        now = self.speaker.now_in(self.zone)
        ahead = (minute - now.minute) % 60 or 60
        return self._done(now + timedelta(minutes=ahead - (60 if self.back else 0)), "minute")

    def _end_of_day(self, day: date | None) -> Moment:
        """The end of the working day; when it has passed today, the end of the day itself."""
        today = self.speaker.now_in(self.zone).date()
        day = day or (today if self.frame.zone is not None else self.speaker.today)
        due = self._aware(day, time(self.calendar.eod % 24))
        if due < self.speaker.at and day == today and not self.back:
            self.flags.add("after-hours")
            return self._on(day, _LAST, "minute")
        return self._done(due, "minute")

    # Parts of a day

    def _part(self, part: Part, day: date | None) -> Moment:
        """A part of a day is due at its end; without a day it is the next one of its kind."""
        calendar, name = self.calendar, part.name
        if name == "overnight" or (name == "night" and day is None):
            return self._on(add_days(day or self.speaker.today, 0 if self.back and day is None else 1), time(6), "day")
        if name in ("night", "tonight"):
            return self._on(day or self.speaker.today, _LAST, "day")
        if name == "lunch":
            early = self.frame.lead == "before" or (self.frame.lead == "by" and day is None)
            end = time(calendar.morning_end if early else calendar.morning_end + 2)
        else:
            ends = {"first": calendar.day_start, "morning": calendar.morning_end, "afternoon": calendar.afternoon_end}
            end = time(ends.get(name, calendar.evening_end))
        if day is None:
            day = self.speaker.today
            if not self.back and self._aware(day, end) <= self.speaker.at:
                day = add_days(day, 1)
        return self._on(day, end, "day")

    # Periods, lengths, recurrences

    def period(self, period: Period) -> Moment:
        """A period is due on its last day, or early and in its middle where that is said."""
        day = last_day(period, self.speaker, back=self.back)
        if day is None:
            self.flags.add("no-calendar")
            return self._done(None, None)
        grain = "week" if period.week else grain_of(period.unit)
        if period.edge in ("early", "mid"):
            self.flags.add("edge-assumed")
            grain = "day"
        clock = self.frame.clock
        if clock is not None and not clock.name:
            return self._on(day, time(clock.hour % 24, clock.minute), "minute")
        return self._on(day, _LAST, grain)

    def length(self, length: Length, *, deadline: bool) -> Moment:
        """A length counts from now where its lead says so; else it only tells how long something takes."""
        frame = self.frame
        if frame.relative == "hanging":
            self.flags.add("hanging")
            return self._done(None, None)
        if length.past or frame.relative == "ago":
            self.flags.add("past")
            return self._done(self._after(-length.high, length.unit)[0] if length.high is not None else None, None)
        if not (deadline or frame.lead in _DEADLINE_LEADS or frame.relative):
            self.flags.add("duration")
            return self._done(None, None)
        if length.high is None:
            self.flags.add("uncounted")
            return self._done(None, None)
        due, grain = self._after(length.high, length.unit)
        if length.about:
            self.flags.add("approximate")
        moment = self._done(due, "hour" if length.about and length.unit == "hour" else grain)
        if length.low != length.high:
            moment.earliest = self._after(length.low, length.unit)[0]
        return moment

    def _after(self, count: float, unit: str) -> tuple[datetime, str]:
        shift = {"from tomorrow": 1, "from yesterday": -1}.get(self.frame.relative, 0)
        return after(count, unit, self.speaker, shift, lambda day: self._aware(day, _LAST))

    def every(self, length: Length | None) -> Moment:
        """The next time of something that recurs."""
        self.flags.add("recurring")
        frame = self.frame
        if length is None or frame.clock is not None or frame.weekday is not None:
            return self.point()
        if frame.period is not None:
            return self.period(frame.period)
        if length.high is None:
            return self._done(None, None)
        due, grain = self._after(length.high, length.unit)
        return self._done(due, grain if is_short(length.unit) else grain_of(length.unit))

    # Ranges

    def range(self, until: Frame) -> Moment:
        """Both ends, each taking from the other what it does not say; due at the later one."""
        frame = self.frame
        self.flags.add("range")
        start, end = frame.copy(), until.copy()
        start.zone = start.zone or end.zone
        end.zone = end.zone or start.zone
        if start.date is not None and end.date is not None:
            start.date = start.date.before(end.date)
        if frame.clock is not None and until.clock is not None:
            return self._clocks(start, end, own_day=frame.dated and until.dated)
        first, last = resolve(start, self.speaker, back=self.back), resolve(end, self.speaker, back=self.back)
        self.flags |= first.flags | last.flags
        moment = self._done(last.due, last.grain)
        moment.earliest = first.due if first.due and last.due and first.due <= last.due else None
        return moment

    def _clocks(self, start: Frame, end: Frame, *, own_day: bool) -> Moment:
        """A range of clock times; one that would end before it begins has begun yesterday, or ends after midnight."""
        for one, other in ((start, end), (end, start)):
            if not one.dated:
                one.share_day(other)
            one.part = one.part or other.part
        if start.clock is not None and end.clock is not None:
            start.clock = _same_half(start.clock, end.clock)
        first, last = resolve(start, self.speaker, back=self.back), resolve(end, self.speaker, back=self.back)
        self.flags |= (first.flags - {"rolled"}) | last.flags
        moment = self._done(last.due, "minute")
        moment.earliest = first.due
        if last.due is not None and first.due is not None and first.due > last.due and not own_day:
            if start.dated:
                moment.due = last.due + timedelta(days=1)
            else:
                moment.earliest = first.due - timedelta(days=1)
        return moment


def _same_half(opening: Clock, closing: Clock) -> Clock:
    """The opening clock in the half of the day of the closing one: "between 2 and 3 pm"."""
    if opening.loose and not closing.loose and not closing.name and opening.hour + 12 <= closing.hour:
        return type(opening)(opening.hour + 12, opening.minute)
    return opening
