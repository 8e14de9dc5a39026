"""When a promise reminds: examples for each rule, and laws that hold for every promise, plan and zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from amends.language.times.calendar import DEFAULT, Calendar
from amends.promises.plan import plan_mistakes, plan_of
from amends.promises.promise import Event, Promise, Standing, standing
from amends.promises.reminding import LIES, Moment, Plan, Quiet, between, planned, unsent

MADE = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)  # a Wednesday
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NIGHT = Quiet(time(22), time(7), "UTC")
OPEN = Standing("open", "ana")


def promise(
    due: datetime | None, *, made: datetime = MADE, grain: str | None = "minute", tz: str | None = "UTC", **more: object
) -> Promise:
    given: dict[str, object] = {"recorded_at": made, **more}
    return Promise("P", "words", "other", "firm", due, grain, "ana", "ana", made, tz=tz, **given)


def moments(one: Promise, plan: Plan = Plan(), now: Standing = OPEN) -> list[tuple[str, datetime]]:  # frozen
    return [(moment.moment, moment.at) for moment in planned(one, now, plan)]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "ahead"),
    [
        (30 * MINUTE, 7.5 * MINUTE),
        (HOUR, 15 * MINUTE),
        (6 * MINUTE, 2 * MINUTE),
        (5 * MINUTE, 2 * MINUTE),
        (30 * DAY, DAY),
        (4.9 * MINUTE, None),
    ],
)
def test_before_is_a_quarter_of_the_time_within_limits(length: timedelta, ahead: timedelta | None) -> None:
    due = MADE + length
    before = [one for moment, one in moments(promise(due)) if moment == "before"]
    assert before == ([due - ahead] if ahead else [])


def test_a_promise_to_the_minute() -> None:
    assert moments(promise(at(4, 11))) == [
        ("before", at(4, 10, 45)), ("due", at(4, 11)), ("after", at(4, 11, 11)), ("after", at(5, 9)),
    ]  # fmt: skip


def test_one_missed_in_the_night_comes_up_on_the_same_morning() -> None:
    assert moments(promise(at(5, 3)))[-1] == ("after", at(5, 9))


def test_a_promise_to_the_day() -> None:
    friday = promise(at(6, 17), grain="day")
    assert moments(friday) == [("before", at(6, 9)), ("due", at(6, 17)), ("after", at(9, 9))], "the next working day is Monday"


def test_a_promise_made_during_its_day_has_no_morning_left() -> None:
    assert moments(promise(at(4, 18), grain="day"))[0] == ("before", at(4, 16))


def test_a_promise_to_the_week_reminds_on_the_working_day_before_too() -> None:
    monday = promise(at(9, 17), grain="week")
    assert moments(monday)[:2] == [("before", at(6, 9)), ("before", at(9, 9))]


def test_holidays_are_no_working_days() -> None:
    plan = Plan(calendar=Calendar(holidays=[date(2026, 3, 9)], day_start=8))
    assert moments(promise(at(6, 17), grain="day"), plan)[-1] == ("after", at(10, 8))


def test_mornings_are_those_of_the_promise_then_of_the_team() -> None:
    tokyo = promise(datetime(2026, 3, 6, 8, tzinfo=UTC), grain="day", tz="Asia/Tokyo")
    assert moments(tokyo)[0] == ("before", at(6, 0))
    unknown = promise(datetime(2026, 3, 6, 8, tzinfo=UTC), grain="day", tz="Nowhere/Town")
    assert moments(unknown, Plan(zone="Asia/Tokyo"))[0] == ("before", at(6, 0))


def test_a_team_says_how_long_before_and_after() -> None:
    plan = Plan(before=(30 * MINUTE, DAY), after=(5 * MINUTE,))
    assert moments(promise(at(4, 11)), plan) == [("before", at(4, 10, 30)), ("due", at(4, 11)), ("after", at(4, 11, 6))]


def test_no_time_or_no_more_to_do_reminds_of_nothing() -> None:
    assert moments(promise(None, grain=None)) == []
    assert moments(promise(at(4, 11)), now=Standing("kept", "ana", closed=True)) == []


def test_quiet_hours_hold_what_falls_into_them() -> None:
    assert moments(promise(at(5, 3)), Plan(quiet=NIGHT)) == [
        ("before", at(4, 22, 45 - 45)), ("due", at(5, 7)), ("after", at(5, 7)), ("after", at(5, 9)),
    ]  # fmt: skip


def test_who_promises_in_quiet_hours_is_up() -> None:
    night = promise(at(5, 3), made=at(5, 2))
    assert moments(night, Plan(quiet=NIGHT))[:3] == moments(night)[:3]
    evening_before = promise(at(6, 3), made=at(5, 2))
    assert moments(evening_before, Plan(quiet=NIGHT))[1] == ("due", at(6, 7)), "that was another night"


def test_a_snooze_holds_everything_and_then_reminds_once() -> None:
    one = promise(at(4, 12))
    for until, moment in ((at(4, 11, 50), "before"), (at(4, 12), "due"), (at(4, 12, 5), "after")):
        snoozed = standing(one, [Event("E", "P", "snoozed", MADE, MADE, "ana", until=until)], MADE)
        told = moments(one, Plan(quiet=Quiet(time(11), time(13), "UTC")), snoozed)
        assert told[0] == (moment, until), "chosen by a person, so quiet hours do not move it"
        assert all(later > until for _, later in told[1:])
    early = Standing("open", "ana", snoozed_until=MADE)
    assert moments(one, now=early) == moments(one), "a snooze that ends before the first reminder changes nothing"


def test_what_was_recorded_late_is_reminded_of_from_then_on() -> None:
    assert moments(promise(at(4, 11), recorded_at=at(4, 10, 50)))[0] == ("due", at(4, 11))
    assert moments(promise(at(4, 11), recorded_at=at(20, 8))) == [("after", at(20, 8))]


ZONES = st.sampled_from(
    ["UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago", "Pacific/Apia"]
)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC, microsecond=0))
LENGTHS = st.integers(1, 60 * 24 * 120).map(lambda minutes: timedelta(minutes=minutes)) | st.integers(1, 600).map(
    lambda s: timedelta(seconds=s)
)
TIMES = st.times().map(lambda one: one.replace(microsecond=0))
QUIET = st.none() | st.builds(Quiet, TIMES, TIMES, ZONES).filter(lambda quiet: quiet.start != quiet.end)
AHEAD = st.none() | st.lists(LENGTHS, max_size=3).map(tuple)
PLANS = st.builds(Plan, AHEAD, AHEAD, QUIET, ZONES)


@st.composite
def promises(draw: st.DrawFn) -> Promise:
    made = draw(INSTANTS)
    return promise(
        made + draw(LENGTHS), made=made, grain=draw(st.sampled_from(["minute", "hour", "day", "week", "month", "quarter", None])),
        tz=draw(ZONES | st.none()), recorded_at=made + draw(st.just(timedelta()) | LENGTHS),
    )  # fmt: skip


def snoozes(one: Promise) -> st.SearchStrategy[Standing]:
    ends = LENGTHS.map(lambda length: Standing("open", "ana", snoozed_until=one.made_at + length))
    return st.just(OPEN) | ends


@given(st.data(), promises(), PLANS)
def test_every_open_promise_with_a_time_reminds_at_least_once_and_in_order(data: st.DataObject, one: Promise, plan: Plan) -> None:
    told = planned(one, data.draw(snoozes(one)), plan)
    assert told
    assert list(told) == sorted(set(told), key=lambda moment: moment.sort_key)
    assert all(moment.at >= one.made_at for moment in told if moment.moment != "before" or plan.quiet is None)
    assert planned(one, Standing("open", "ana"), plan) == planned(one, Standing("open", "ana"), plan)


@given(promises(), PLANS)
def test_nobody_is_woken_but_for_the_reasons_that_are_given(one: Promise, plan: Plan) -> None:
    assume(plan.quiet is not None)
    quiet, due = plan.quiet, one.due
    assert quiet is not None
    assert due is not None
    for moment in planned(one, OPEN, plan):
        hours = quiet.around(moment.at)
        if hours is None or moment.at == one.recorded_at:
            continue
        awake = hours[0] <= one.made_at < hours[1]
        pulled_forward = moment.moment == "before" and moment.at == hours[0] and hours[1] >= due
        assert awake or pulled_forward, f"{moment} is inside {hours}"


@given(promises(), PLANS)
def test_a_reminder_beforehand_never_comes_after_the_time(one: Promise, plan: Plan) -> None:
    assert one.due is not None
    assume(one.recorded_at == one.made_at)
    assert all(moment.at <= one.due for moment in planned(one, OPEN, plan) if moment.moment == "before")


@given(st.data(), promises(), PLANS)
def test_nothing_reminds_before_a_snooze_ends(data: st.DataObject, one: Promise, plan: Plan) -> None:
    snoozed = data.draw(snoozes(one))
    assume(snoozed.snoozed_until is not None)
    assert snoozed.snoozed_until is not None
    assert all(moment.at >= snoozed.snoozed_until for moment in planned(one, snoozed, plan))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), ZONES)
def test_quiet_hours_begin_and_end_by_the_clock_on_the_wall_when_it_is_changed_too(naive: datetime, zone: str) -> None:
    instant = naive.replace(tzinfo=UTC)
    hours = Quiet(time(22), time(7), zone).around(instant)
    local = instant.astimezone(ZoneInfo(zone))
    assert (hours is not None) == (local.hour >= 22 or local.hour < 7)
    if hours is not None:
        assert [one.astimezone(ZoneInfo(zone)).hour for one in hours] == [22, 7]


@pytest.mark.parametrize(
    ("zone", "due", "morning"),
    [
        ("Europe/London", datetime(2026, 3, 29, 16, 0, tzinfo=UTC), datetime(2026, 3, 29, 8, 0, tzinfo=UTC)),  # the clocks went forward
        ("Europe/London", datetime(2026, 10, 25, 17, 0, tzinfo=UTC), datetime(2026, 10, 25, 9, 0, tzinfo=UTC)),  # and back
    ],
)
def test_a_morning_is_at_nine_on_the_day_the_clocks_change(zone: str, due: datetime, morning: datetime) -> None:
    one = promise(due, made=due - 5 * DAY, grain="day", tz=zone)
    assert moments(one)[0] == ("before", morning)


@given(st.datetimes(timezones=st.just(UTC)))
def test_promises_at_the_ends_of_the_calendar_still_remind(due: datetime) -> None:
    assert planned(promise(due, made=datetime.min.replace(tzinfo=UTC), tz="Pacific/Apia"), OPEN, Plan(quiet=NIGHT))


def test_the_words_of_the_project_file() -> None:
    said = {"before": ["1d", "30m"], "after": ["2h"], "quiet": "22:30-7:00", "quiet_tz": "Asia/Tokyo"}
    assert not list(plan_mistakes(said))
    plan = plan_of(said, "Europe/London", DEFAULT)
    assert plan == Plan((30 * MINUTE, DAY), (2 * HOUR,), Quiet(time(22, 30), time(7), "Asia/Tokyo"), "Europe/London", DEFAULT)
    assert plan_of({"quiet": "22:00-07:00"}, "Europe/London", DEFAULT).quiet == Quiet(time(22), time(7), "Europe/London")
    assert plan_of({"quiet": "22:00-07:00"}, None, DEFAULT).quiet == NIGHT
    assert plan_of({}, None, DEFAULT) == Plan(calendar=DEFAULT)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"before": ["30"]}, "before[0]"), ({"before": ["1h", "soon"]}, "before[1]"), ({"after": ["99999m"]}, "after[0]"),
        ({"quiet": "night"}, "quiet"), ({"quiet": "25:00-07:00"}, "quiet"), ({"quiet": "07:00-07:00"}, "quiet"),
        ({"quiet_tz": "Mars"}, "quiet_tz"),
    ],
)  # fmt: skip
def test_mistakes_in_the_project_file_are_named(said: dict[str, object], key: str) -> None:
    ((where, message, hint),) = plan_mistakes(said)
    assert where == key
    assert message
    assert hint


def test_a_moment_is_a_value() -> None:
    assert Moment("due", MADE) == Moment("due", MADE)


# Drafts


def test_a_draft_that_has_lain_is_told_of_after_ten_minutes_an_hour_later_and_on_the_next_morning() -> None:
    assert [one.at for one in unsent(at(4, 10), at(4, 10, 10), Plan())] == [at(4, 10, 10), at(4, 11, 10), at(5, 9)]


def test_a_draft_of_the_night_comes_up_on_the_same_morning() -> None:
    assert [one.at for one in unsent(at(4, 3), at(4, 4), Plan())] == [at(4, 3, 10), at(4, 4, 10), at(4, 9)]


def test_quiet_hours_hold_the_reminder_of_a_draft_unless_it_was_written_in_them() -> None:
    held = [one.at for one in unsent(at(4, 21, 55), at(5, 12), Plan(quiet=NIGHT))]
    assert held == [at(5, 7), at(5, 7), at(5, 9)]
    assert unsent(at(4, 22, 5), at(5, 12), Plan(quiet=NIGHT))[0].at == at(4, 22, 15), "somebody is up"


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)), st.integers(-60, 5000))
def test_nothing_is_planned_before_a_draft_has_lain_and_the_same_afterwards_whenever_it_is_asked(written: datetime, minutes: int) -> None:
    begun = written.replace(tzinfo=UTC)
    planned_then = unsent(begun, begun + minutes * MINUTE, Plan())
    assert planned_then == (() if minutes * MINUTE < LIES else unsent(begun, begun + DAY, Plan()))


@pytest.mark.parametrize(
    ("first", "last", "plan", "expected"),
    [
        (at(6, 10), at(13, 10), Plan(), [at(9, 9), at(12, 9)]),  # from a Friday to a Friday
        (at(6, 8), at(7, 10), Plan(), [at(6, 9)]),
        (at(7, 10), at(8, 10), Plan(), [at(7, 10)]),  # a weekend
        (at(6, 10), at(13, 10), Plan(calendar=Calendar(holidays=frozenset({date(2026, 3, 12)}))), [at(9, 9), at(11, 9)]),
        (at(6, 10), at(13, 10), Plan(quiet=Quiet(time(20), time(10), "UTC")), [at(9, 10), at(12, 10)]),
        (at(6, 10), at(13, 10), Plan(zone="Europe/Berlin"), [at(9, 8), at(12, 8)]),
    ],
)
def test_what_is_best_begun_in_a_time_reminds_on_its_first_and_its_last_morning(
    first: datetime, last: datetime, plan: Plan, expected: list[datetime]
) -> None:
    assert [(one.moment, one.at) for one in between(first, last, plan)] == [("before", moment) for moment in expected]
