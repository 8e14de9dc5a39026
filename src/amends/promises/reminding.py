"""When a promise reminds its owner: before it is due, when it is due, and after it was missed; and a draft its author while it is not sent.

Pure: the same promise, standing and plan give the same moments whenever they are asked for. What is in the past by then is for
whoever sends; so a machine that slept, or whose clock was wrong, finds the same reminders when it looks again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from amends.core.zones import zone_named
from amends.language.times.calendar import DEFAULT, Calendar
from amends.promises.fate import end_of_minute

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from amends.promises.promise import Promise, Standing

MOMENTS = ("before", "due", "after", "unsent")
"""Which of its reminders one is."""

REMINDER_STATES = ("planned", "sending", "sent", "failed", "overtaken")
"""How far a reminder is. `sending` was claimed and may or may not have gone out; `failed` was tried as often as we try; `overtaken` was
not needed any more when its time came: the promise was settled, or a later reminder of it was due too."""

SHORTEST = timedelta(minutes=5)
"""A promise shorter than this is not reminded of beforehand: who made it is still at it."""

LIES = timedelta(minutes=10)
"""How long a draft lies before its author hears of it: who still writes is left alone."""

_LIES_AGAIN = timedelta(hours=1)
_QUARTER = 4
_LEAST, _MOST = timedelta(minutes=2), timedelta(days=1)
_NUDGE = timedelta(minutes=10)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """One reminder to be: which one, and when. `sort_key` puts the one that says most last."""

    moment: str
    at: datetime

    @property
    def sort_key(self) -> tuple[datetime, int]:
        """By time; of two at the same time the later moment is last."""
        return self.at, MOMENTS.index(self.moment)


@dataclass(frozen=True, slots=True)
class Term:
    """What is due at a time and is no promise of the ledger; the fields are those of `Promise`."""

    due: datetime | None
    made_at: datetime
    recorded_at: datetime
    grain: str | None
    tz: str | None


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of each day in which nobody is to be woken, on the clocks of `zone`; they may run over midnight."""

    start: time
    end: time
    zone: str

    def around(self, at: datetime) -> tuple[datetime, datetime] | None:
        """The beginning and the end of the quiet hours that hold an instant, None outside them."""
        zone = ZoneInfo(self.zone)
        today = at.astimezone(zone).date()
        for day in (today - _DAY, today):
            start = datetime.combine(day, self.start, zone).astimezone(UTC)
            last = day if self.start < self.end else day + _DAY
            end = datetime.combine(last, self.end, zone).astimezone(UTC)
            if start <= at < end:
                return start, end
        return None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a team decided about reminders.

    `before` and `after` are lengths before the due time and after its minute has passed; None stands for our own choice, which
    `planned` explains. `zone` is where a day begins for promises that name no zone.
    """

    before: tuple[timedelta, ...] | None = None
    after: tuple[timedelta, ...] | None = None
    quiet: Quiet | None = None
    zone: str | None = None
    calendar: Calendar = DEFAULT


def planned(promise: Promise | Term, standing: Standing, plan: Plan) -> tuple[Moment, ...]:
    """When to remind of a promise, in order of time; nothing when it is closed or has no time.

    Our own choice, where the plan says nothing else:
    - A promise to the minute or hour: beforehand when a quarter of its time is left, because an update must be written first; at least
      two minutes and at most a day ahead. When it is due. Ten minutes after its minute has passed, when it can still be said with little
      harm; and once more on the next morning. Then no more: who ignored three reminders is not helped by a fourth.
    - A promise to the day or longer: on the morning of its day, and for a week, month or quarter on the working day before too,
      because that is when work can still be moved. At its end. On the next working morning.

    What lies before the promise was recorded is left out, unless nothing else remains. A snooze holds everything until its end and then
    reminds once. Quiet hours hold a reminder until they end, with three exceptions: the promise was made in these very hours, so somebody
    is up; a reminder before the due time would come after it, so it comes as they begin; the end of a snooze was chosen by a person.
    """
    if promise.due is None or standing.closed:
        return ()
    moments = [Moment("due", promise.due)]
    with suppress(OverflowError):  # on the first and last days of the calendar there is no room around the due time
        moments += [*_before(promise, promise.due, plan), *_after(promise, promise.due, plan)]
        moments = [_quietly(promise, one, plan.quiet) for one in moments]
    moments = _since(moments, promise.recorded_at)
    if standing.snoozed_until is not None:
        moments = _held(moments, promise.due, standing.snoozed_until)
    return tuple(sorted(set(moments), key=lambda one: one.sort_key))


def unsent(written_at: datetime, now: datetime, plan: Plan) -> tuple[Moment, ...]:
    """When to remind of a draft that was written last at `written_at`: when it has lain for ten minutes, an hour later, and next morning.

    Nothing while it is still written in, so that a page that saves as one types plans nothing.
    """
    if now < written_at + LIES:
        return ()
    first = written_at + LIES
    zone = zone_named(plan.zone) or ZoneInfo("UTC")
    day = first.astimezone(zone).date()
    mornings = (_morning(one, zone, plan.calendar) for one in (day, day + _DAY))
    later = next(at for at in mornings if at > first + _LIES_AGAIN)
    moments = (first, first + _LIES_AGAIN, later)
    hours = plan.quiet
    held = (hours.around(at) if hours is not None and not hours.around(written_at) else None for at in moments)
    return tuple(Moment("unsent", span[1] if span else at) for at, span in zip(moments, held, strict=True))


def between(first: datetime, last: datetime, plan: Plan) -> tuple[Moment, ...]:
    """When to remind of what is best begun between two times: on the first working morning of that time, and on the last that leaves a day.

    Where it holds no working morning, as it begins. Quiet hours hold a reminder until they end.
    """
    zone = zone_named(plan.zone) or ZoneInfo("UTC")
    day, end = first.astimezone(zone).date(), last.astimezone(zone).date()
    days = [day + _DAY * number for number in range((end - day).days + 1)]
    mornings = [_morning(one, zone, plan.calendar) for one in days if plan.calendar.is_working(one)]
    within = [at for at in mornings if first <= at <= last - _DAY] or [first]
    hours = [plan.quiet.around(at) if plan.quiet is not None else None for at in within]
    return tuple(dict.fromkeys(Moment("before", span[1] if span else at) for at, span in ((within[0], hours[0]), (within[-1], hours[-1]))))


def _before(promise: Promise | Term, due: datetime, plan: Plan) -> Iterator[Moment]:
    made = promise.made_at
    if plan.before is not None:
        yield from (Moment("before", due - ahead) for ahead in plan.before if due - ahead > made)
        return
    mornings = list(_mornings_before(promise, due, plan)) if _is_long(promise) else []
    if mornings:
        yield from (Moment("before", at) for at in mornings)
    elif due - made >= SHORTEST:
        yield Moment("before", due - min(max((due - made) / _QUARTER, _LEAST), _MOST))


def _mornings_before(promise: Promise | Term, due: datetime, plan: Plan) -> Iterator[datetime]:
    zone = _zone(promise, plan)
    day = due.astimezone(zone).date()
    days = [day] if promise.grain == "day" else [_working_day_before(day, plan.calendar), day]
    for one in days:
        at = _morning(one, zone, plan.calendar)
        if promise.made_at < at < due:
            yield at


def _after(promise: Promise | Term, due: datetime, plan: Plan) -> Iterator[Moment]:
    passed = end_of_minute(due)
    if plan.after is not None:
        yield from (Moment("after", passed + behind) for behind in plan.after)
        return
    zone = _zone(promise, plan)
    if _is_long(promise):
        next_day = plan.calendar.add_working_days(due.astimezone(zone).date(), 1)
        yield Moment("after", _morning(next_day, zone, plan.calendar))
        return
    nudge = passed + _NUDGE
    yield Moment("after", nudge)
    day = nudge.astimezone(zone).date()
    mornings = (_morning(one, zone, plan.calendar) for one in (day, day + _DAY))
    yield Moment("after", next(at for at in mornings if at > nudge))


def _quietly(promise: Promise | Term, one: Moment, quiet: Quiet | None) -> Moment:
    hours = quiet.around(one.at) if quiet is not None else None
    if hours is None or hours[0] <= promise.made_at < hours[1]:
        return one
    start, end = hours
    if one.moment == "before" and promise.due is not None and end >= promise.due:
        return Moment(one.moment, start)
    return Moment(one.moment, end)


def _since(moments: list[Moment], recorded_at: datetime) -> list[Moment]:
    later = [one for one in moments if one.at >= recorded_at]
    return later or [Moment(max(moments, key=lambda one: one.sort_key).moment, recorded_at)]


def _held(moments: list[Moment], due: datetime, until: datetime) -> list[Moment]:
    if all(one.at >= until for one in moments):
        return moments
    moment = "before" if until < due else "due" if until < end_of_minute(due) else "after"
    return [Moment(moment, until), *(one for one in moments if one.at > until)]


def _is_long(promise: Promise | Term) -> bool:
    return promise.grain not in (None, "minute", "hour")


def _zone(promise: Promise | Term, plan: Plan) -> ZoneInfo:
    """Where the promise's days begin; a name that this machine does not know must not cost a reminder."""
    return zone_named(promise.tz) or zone_named(plan.zone) or ZoneInfo("UTC")


def _morning(day: date, zone: ZoneInfo, calendar: Calendar) -> datetime:
    return datetime.combine(day, time(calendar.day_start), zone).astimezone(UTC)


def _working_day_before(day: date, calendar: Calendar) -> date:
    for back in range(1, 32):
        if calendar.is_working(day - back * _DAY):
            return day - back * _DAY
    return day - _DAY
