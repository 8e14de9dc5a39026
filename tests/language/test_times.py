"""Times in prose: which words are a time, and which instant they mean to whom."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from amends.language.times import TimeExpression, find_times
from amends.language.times.calendar import DEFAULT, Calendar

WEDNESDAY = "2026-03-04T10:00:00+00:00"
LONDON = (WEDNESDAY, "Europe/London")
NEW_YORK = ("2026-03-04T10:00:00-05:00", "America/New_York")
BERLIN_BEFORE_SUMMER = ("2026-03-26T15:20:00+01:00", "Europe/Berlin")
SYDNEY_BEFORE_SUMMER = ("2026-10-02T09:15:00+10:00", "Australia/Sydney")


def only(text: str, speaker: tuple[str, str | None] = LONDON, calendar: Calendar = DEFAULT) -> TimeExpression:
    """The one time of a text."""
    found = find_times(text, datetime.fromisoformat(speaker[0]), speaker[1], calendar)
    assert len(found) == 1, [time.quote for time in found]
    return found[0]


def due(text: str, speaker: tuple[str, str | None] = LONDON, calendar: Calendar = DEFAULT) -> str | None:
    moment = only(text, speaker, calendar).due
    return moment.isoformat() if moment else None


@pytest.mark.parametrize(
    ("words", "clock"),
    [
        ("by 14:30", "14:30"),
        ("by 2:30 pm", "14:30"),
        ("by 2.30pm", "14:30"),
        ("at 14.30", "14:30"),
        ("at 14h30", "14:30"),
        ("at 1430", "14:30"),
        ("at 1430 hrs", "14:30"),
        ("by 5 p.m.", "17:00"),
        ("by 12 noon", "12:00"),
        ("by noon", "12:00"),
        ("at 4 o'clock", "16:00"),
        ("by 4", "16:00"),
        ("at half past three", "15:30"),
        ("by half five", "17:30"),
        ("at quarter to twelve", "11:45"),
        ("at ten to four", "15:50"),
        ("at 20 past 3", "15:20"),
        ("at 11 tonight", "23:00"),
        ("by EOD", "17:00"),
        ("by close of business", "17:00"),
        ("before the end of the day", "17:00"),
        ("at the top of the hour", "11:00"),
        ("at :45", "10:45"),
    ],
)
def test_a_clock_time_is_the_next_one_of_its_kind(words: str, clock: str) -> None:
    assert due(words) == f"2026-03-04T{clock}:00+00:00"
    assert only(words).grain == "minute"


def test_a_clock_time_that_has_passed_is_tomorrows_and_says_so() -> None:
    passed = only("by 09:00")
    assert passed.due == datetime.fromisoformat("2026-03-05T09:00:00+00:00")
    assert "rolled" in passed.flags
    assert passed.note == "this time has passed today; read as tomorrow's"


def test_midnight_ends_the_day_that_is_named_or_the_present_one() -> None:
    assert due("by midnight") == "2026-03-05T00:00:00+00:00"
    assert due("by midnight on Friday") == "2026-03-07T00:00:00+00:00"


def test_the_end_of_a_working_day_that_is_over_is_the_end_of_the_day() -> None:
    assert due("by EOD", ("2026-03-04T18:30:00+00:00", "Europe/London")) == "2026-03-04T23:59:00+00:00"


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", "2026-03-04"),
        ("tonight", "2026-03-04"),
        ("tomorrow", "2026-03-05"),
        ("tmrw", "2026-03-05"),
        ("the day after tomorrow", "2026-03-06"),
        ("on Friday", "2026-03-06"),
        ("by Fri", "2026-03-06"),
        ("this Friday", "2026-03-06"),
        ("next Friday", "2026-03-13"),
        ("on Friday week", "2026-03-13"),
        ("on Wednesday", "2026-03-11"),
        ("by the 15th", "2026-03-15"),
        ("by the 2nd", "2026-04-02"),
        ("on March 20", "2026-03-20"),
        ("on 20 March", "2026-03-20"),
        ("on the 2 of November", "2026-11-02"),
        ("on 9th of May 2027", "2027-05-09"),
        ("on Apr. 7th, 2026", "2026-04-07"),
        ("on 2026-03-12", "2026-03-12"),
        ("on 12.03.2026", "2026-03-12"),
        ("on 2026/03/12", "2026-03-12"),
        ("on 12-Mar-2026", "2026-03-12"),
        ("a week on Friday", "2026-03-13"),
        ("a week from Friday", "2026-03-13"),
        ("by January 15", "2027-01-15"),
        ("Friday, 6 March 2026", "2026-03-06"),
    ],
)
def test_a_bare_day_is_the_whole_day(words: str, day: str) -> None:
    found = only(words)
    assert found.due is not None
    assert found.due.replace(tzinfo=None).isoformat() == f"{day}T23:59:00"
    assert found.grain == "day"


@pytest.mark.parametrize(
    ("words", "last", "grain"),
    [
        ("by EOW", "2026-03-06", "week"),
        ("this week", "2026-03-06", "week"),
        ("next week", "2026-03-13", "week"),
        ("by the end of next week", "2026-03-13", "week"),
        ("early next week", "2026-03-10", "day"),
        ("over the weekend", "2026-03-08", "day"),
        ("by EOM", "2026-03-31", "month"),
        ("by the end of July", "2026-07-31", "month"),
        ("in April", "2026-04-30", "month"),
        ("by mid-August", "2026-08-15", "day"),
        ("by the end of the quarter", "2026-03-31", "quarter"),
        ("in Q3", "2026-09-30", "quarter"),
        ("by end of Q2 2027", "2027-06-30", "quarter"),
        ("by H2", "2026-12-31", "quarter"),
        ("by EOY", "2026-12-31", "quarter"),
    ],
)
def test_a_period_is_due_on_its_last_day(words: str, last: str, grain: str) -> None:
    found = only(words)
    assert found.due is not None
    assert (found.due.date().isoformat(), found.grain) == (last, grain)


@pytest.mark.parametrize(
    ("words", "length", "instant"),
    [
        ("in 45 min", timedelta(minutes=45), "2026-03-04T10:45:00"),
        ("in an hour and a half", timedelta(minutes=90), "2026-03-04T11:30:00"),
        ("in 1h 30m", timedelta(minutes=90), "2026-03-04T11:30:00"),
        ("in 1h30", timedelta(minutes=90), "2026-03-04T11:30:00"),
        ("ETA 45 min", timedelta(minutes=45), "2026-03-04T10:45:00"),
        ("in half an hour", timedelta(minutes=30), "2026-03-04T10:30:00"),
        ("within the hour", timedelta(hours=1), "2026-03-04T11:00:00"),
        ("in the next hour", timedelta(hours=1), "2026-03-04T11:00:00"),
        ("within 24 hours", timedelta(hours=24), "2026-03-05T10:00:00"),
        ("in a couple of hours", timedelta(hours=2), "2026-03-04T12:00:00"),
        ("30 minutes from now", timedelta(minutes=30), "2026-03-04T10:30:00"),
        ("back in 5", timedelta(minutes=5), "2026-03-04T10:05:00"),
        ("ETA: ~10", timedelta(minutes=10), "2026-03-04T10:10:00"),
        ("in three days", timedelta(days=3), "2026-03-07T23:59:00"),
        ("within two weeks", timedelta(weeks=2), "2026-03-18T23:59:00"),
        ("in a fortnight", timedelta(weeks=2), "2026-03-18T23:59:00"),
    ],
)
def test_a_length_counts_from_the_time_of_speaking(words: str, length: timedelta, instant: str) -> None:
    found = only(words)
    assert found.length == length
    assert found.due == datetime.fromisoformat(f"{instant}+00:00")


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("for two and a half hours", 150),
        ("for one and a quarter hours", 75),
        ("almost 3 1/2 hours", 210),
        ("about 2\u00bd hours", 150),
        ("for a quarter of an hour", 15),
        ("it took a quarter hour", 15),
        ("after three-quarters of an hour", 45),
        ("for three quarters of an hour", 45),
        ("for an hour and a half", 90),
        ("for two hours and a half", 150),
        ("for nine and three-quarter hours", 585),
        ("during an hour and three quarters", 105),
        ("it lasted 1 h 52", 112),
        ("it lasted 2 h 33 min", 153),
        ("for 8 h", 480),
        ("it broke off after 7 h", 420),
        ("seventy-three minutes", 73),
        ("for eighteen minutes", 18),
    ],
)
def test_a_length_is_read_to_its_last_part(words: str, minutes: float) -> None:
    assert only(words).length == timedelta(minutes=minutes)


@pytest.mark.parametrize("words", ["a quarter of our customers", "three quarters of them waited", "at 14 h it was over"])
def test_a_share_and_an_hour_of_the_day_are_no_lengths(words: str) -> None:
    assert all(time.length is None for time in find_times(words, datetime.fromisoformat(WEDNESDAY), "Europe/London"))


@pytest.mark.parametrize("words", ["for 45 minutes", "it took two hours", "another 40 minutes", "10 minutes after the deploy"])
def test_a_length_that_no_word_turns_into_a_deadline_has_no_due_time(words: str) -> None:
    assert only(words).due is None
    assert only(words).length is not None


def test_a_number_that_is_not_told_leaves_no_due_time_and_says_why() -> None:
    few = only("in a few hours")
    assert (few.due, few.note) == (None, "no number, so no time")


@pytest.mark.parametrize(
    ("words", "earliest", "latest"),
    [
        ("in 1-2 hours", "2026-03-04T11:00", "2026-03-04T12:00"),
        ("in 3 to 4 hours", "2026-03-04T13:00", "2026-03-04T14:00"),
        ("between 2 and 3 pm", "2026-03-04T14:00", "2026-03-04T15:00"),
        ("2-3pm", "2026-03-04T14:00", "2026-03-04T15:00"),
        ("12-14 March", "2026-03-12T23:59", "2026-03-14T23:59"),
        ("from 12th to 14th of March", "2026-03-12T23:59", "2026-03-14T23:59"),
        ("March 12 to 14", "2026-03-12T23:59", "2026-03-14T23:59"),
        ("from 22:00 to 23:30", "2026-03-04T22:00", "2026-03-04T23:30"),
        ("22:00\u201323:30", "2026-03-04T22:00", "2026-03-04T23:30"),
        ("from 23:00 to 01:00 on Friday", "2026-03-06T23:00", "2026-03-07T01:00"),
        ("Friday 23:00 to Saturday 01:00", "2026-03-06T23:00", "2026-03-07T01:00"),
        ("Fri \u2192 Mon", "2026-03-06T23:59", "2026-03-09T23:59"),
        ("from 11 January to 9 February 2021", "2021-01-11T23:59", "2021-02-09T23:59"),
        ("between 22:40 on 30 Dec and 06:15 on 2 Jan 2024", "2023-12-30T22:40", "2024-01-02T06:15"),
    ],
)
def test_a_range_is_due_at_its_end(words: str, earliest: str, latest: str) -> None:
    found = only(words)
    assert found.earliest == datetime.fromisoformat(f"{earliest}+00:00")
    assert found.due == datetime.fromisoformat(f"{latest}+00:00")


@pytest.mark.parametrize(
    ("words", "next_one"),
    [
        ("every 30 minutes", "2026-03-04T10:30"),
        ("every half hour", "2026-03-04T10:30"),
        ("hourly", "2026-03-04T11:00"),
        ("every Friday at 9:00", "2026-03-06T09:00"),
    ],
)
def test_what_recurs_is_due_the_next_time(words: str, next_one: str) -> None:
    assert "recurring" in only(words).flags
    assert due(words) == f"{next_one}:00+00:00"


# Zones


@pytest.mark.parametrize(
    ("words", "speaker", "instant"),
    [
        ("15:30 UTC", NEW_YORK, "2026-03-04T15:30:00+00:00"),
        ("2:30pm PT", NEW_YORK, "2026-03-04T14:30:00-08:00"),
        ("9am Pacific tomorrow", LONDON, "2026-03-05T09:00:00-08:00"),
        ("EOD PT", NEW_YORK, "2026-03-04T17:00:00-08:00"),
        ("16:00 CET", LONDON, "2026-03-04T16:00:00+01:00"),
        ("18:00 US/Pacific", LONDON, "2026-03-04T18:00:00-08:00"),
        ("18:00 US / Pacific time", LONDON, "2026-03-04T18:00:00-08:00"),
        ("18:00 Europe/Berlin", LONDON, "2026-03-04T18:00:00+01:00"),
        ("17:00 London time", NEW_YORK, "2026-03-04T17:00:00+00:00"),
        ("17:00 (UTC)", NEW_YORK, "2026-03-04T17:00:00+00:00"),
        ("16:00 UTC+2", LONDON, "2026-03-04T16:00:00+02:00"),
        ("16:00 +05:30", LONDON, "2026-03-04T16:00:00+05:30"),
        ("2026-03-05T08:00Z", NEW_YORK, "2026-03-05T08:00:00+00:00"),
        ("2026-03-05T08:00-05:00", LONDON, "2026-03-05T08:00:00-05:00"),
        ("at 14:30", ("2026-03-04T10:00:00+02:00", None), "2026-03-04T14:30:00+02:00"),
    ],
)
def test_a_stated_zone_beats_the_senders_and_that_the_offset_of_the_message(
    words: str, speaker: tuple[str, str | None], instant: str
) -> None:
    assert due(words, speaker) == instant


def test_whether_a_zone_was_stated_is_told() -> None:
    assert "zone-stated" in only("14:30 UTC").flags
    assert "zone-stated" not in only("14:30").flags
    assert only("14:30 PT").zone == "America/Los_Angeles"


@pytest.mark.parametrize(
    ("abbreviation", "home", "offset"),
    [
        ("IST", "America/New_York", "+05:30"),
        ("IST", "Europe/Dublin", "+00:00"),
        ("IST", "Asia/Jerusalem", "+02:00"),
        ("CST", "Europe/London", "-06:00"),
        ("CST", "Asia/Shanghai", "+08:00"),
        ("BST", "Asia/Dhaka", "+06:00"),
        ("AST", "Asia/Riyadh", "+03:00"),
        ("EST", "Australia/Brisbane", "+10:00"),
    ],
)
def test_an_abbreviation_of_many_zones_means_the_senders_own_and_is_noted(abbreviation: str, home: str, offset: str) -> None:
    found = only(f"14:30 {abbreviation}", (WEDNESDAY, home))
    assert found.due is not None
    assert found.due.isoformat().endswith(offset)
    assert "zone-ambiguous" in found.flags
    assert "different readers" in (found.note or "")


def test_the_season_in_an_abbreviation_is_not_taken_at_its_word() -> None:
    assert due("11:30 PST", ("2026-07-15T08:00:00-07:00", "America/Los_Angeles")) == "2026-07-15T11:30:00-07:00"


def test_an_unknown_zone_of_the_sender_falls_back_to_the_offset_of_the_message() -> None:
    assert due("at 14:30", ("2026-03-04T10:00:00+02:00", "Mars/Olympus")) == "2026-03-04T14:30:00+02:00"


def test_daylight_saving_is_that_of_the_day_meant() -> None:
    assert due("Monday 10:00", ("2026-03-05T11:00:00-05:00", "America/New_York")) == "2026-03-09T10:00:00-04:00"


def test_a_time_that_the_clocks_skip_moves_behind_the_change() -> None:
    skipped = only("Sunday at 02:30", BERLIN_BEFORE_SUMMER)
    assert skipped.due == datetime.fromisoformat("2026-03-29T03:30:00+02:00")
    assert "gap" in skipped.flags
    assert due("Sunday at 02:30", SYDNEY_BEFORE_SUMMER) == "2026-10-04T03:30:00+11:00"


def test_a_time_that_comes_twice_is_the_first() -> None:
    twice = only("Sunday at 01:30", ("2026-10-30T17:45:00-04:00", "America/New_York"))
    assert twice.due == datetime.fromisoformat("2026-11-01T01:30:00-04:00")
    assert "fold" in twice.flags


def test_of_two_standard_time_is_the_second() -> None:
    second = only("02:30 CET", ("2025-10-26T00:50:00+02:00", "Europe/Berlin"))
    assert second.due == datetime.fromisoformat("2025-10-26T02:30:00+01:00")
    assert "fold" not in second.flags


# What is assumed, and what cannot be


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Europe/London", "2026-03-12"), ("America/New_York", "2026-12-03"), ("Asia/Tokyo", "2026-03-12"), (None, "2026-03-12")],
)
def test_two_numbers_are_day_first_outside_of_america(zone: str | None, day: str) -> None:
    found = only("by 12/03", (WEDNESDAY, zone))
    assert found.due is not None
    assert found.due.date().isoformat() == day
    assert "order-assumed" in found.flags


@pytest.mark.parametrize("words", ["31 June", "February 30", "on 2026-02-29", "31/09/2026"])
def test_a_date_that_does_not_exist_has_no_due_time_and_says_so(words: str) -> None:
    found = only(words)
    assert found.due is None
    assert "impossible" in found.flags
    assert found.note == "there is no such date"


def test_a_weekday_that_does_not_fit_its_date_is_noted() -> None:
    assert "weekday-mismatch" in only("Monday, 10 March 2026").flags
    assert "weekday-mismatch" not in only("Tuesday, 10 March 2026").flags


@pytest.mark.parametrize("words", ["next sprint", "in the next release"])
def test_what_no_calendar_tells_has_no_due_time_and_says_so(words: str) -> None:
    assert only(words).due is None
    assert "no-calendar" in only(words).flags


@pytest.mark.parametrize(
    "text",
    [
        "We handle 1500 requests per second.",
        "Version 2.30 of v1.29.10 is out.",
        "weekly.ci.example.org was restarted",
        "$48.20 for 12 seats, a 10:1 ratio",
        "You may march on.",
        "A second reviewer read it.",
        "Ticket #1630, 24/7 support",
        "I am in.",
        "The night shift knows.",
        "Take it to desk 4.",
    ],
)
def test_figures_and_names_are_no_times(text: str) -> None:
    assert find_times(text, datetime.fromisoformat(WEDNESDAY), "Europe/London") == []


def test_each_time_is_quoted_with_the_preposition_that_belongs_to_it() -> None:
    text = "Ready in 45 min, at 14:30 UTC on Friday, or from Monday to Wednesday."
    found = find_times(text, datetime.fromisoformat(WEDNESDAY), None)
    assert [time.quote for time in found] == ["in 45 min", "14:30 UTC on Friday", "from Monday to Wednesday"]
    assert [time.lead for time in found] == ["in", "at", "from"]


# The calendar of a team


def test_a_team_says_when_its_days_weeks_and_quarters_end() -> None:
    team = Calendar(eod=18, week_end=3, weekend=(4, 5), year_start=4, day_first=False)
    assert due("by EOD", calendar=team) == "2026-03-04T18:00:00+00:00"
    assert due("by EOW", calendar=team) == "2026-03-05T23:59:00+00:00"
    assert due("by 12/03", calendar=team) == "2026-12-03T23:59:00+00:00"
    assert due("in Q1", calendar=team) == "2026-06-30T23:59:00+01:00"


def test_working_days_skip_weekends_and_holidays() -> None:
    easter = Calendar(holidays=(date(2026, 4, 3), date(2026, 4, 6)))
    thursday = ("2026-04-02T10:00:00+01:00", "Europe/London")
    assert due("in two business days", thursday) == "2026-04-06T23:59:00+01:00"
    assert due("in two business days", thursday, easter) == "2026-04-08T23:59:00+01:00"


def test_working_hours_count_within_working_days() -> None:
    friday = ("2026-03-06T16:00:00+00:00", "Europe/London")
    assert due("in 4 business hours", friday) == "2026-03-09T12:00:00+00:00"
    team = Calendar(day_start=8, eod=16, holidays=(date(2026, 3, 9),))
    assert due("in 4 business hours", friday, team) == "2026-03-10T12:00:00+00:00"


@pytest.mark.parametrize("words", ["the next business day", "next working day", "the following business day", "within 1 business day"])
def test_the_next_working_day_is_the_one_on_which_people_work_again(words: str) -> None:
    friday = ("2026-03-06T10:00:00+00:00", "Europe/London")
    assert due(f"by {words}" if "within" not in words else words, friday) == "2026-03-09T23:59:00+00:00"
    assert due(words, friday, Calendar(holidays=(date(2026, 3, 9),))) == "2026-03-10T23:59:00+00:00"


def test_the_next_working_day_has_hours_too() -> None:
    friday = ("2026-03-06T10:00:00+00:00", "Europe/London")
    assert due("by 10:00 the next business day", friday) == "2026-03-09T10:00:00+00:00"
    assert due("by end of next business day", friday) == "2026-03-09T17:00:00+00:00"


def test_sprints_end_by_the_teams_calendar() -> None:
    team = Calendar(sprint_end=date(2026, 2, 20), sprint_days=14)
    assert due("this sprint", calendar=team) == "2026-03-06T23:59:00+00:00"
    assert due("next sprint", calendar=team) == "2026-03-20T23:59:00+00:00"
