"""Times that a retold text changes: what is seen, and what only looks like it."""

from __future__ import annotations

import pytest

from amends.narrative.comparing.timing import find_times
from narrative.comparing.tellings import two

SHOWN = 0.5


def changed(source: str, retold: str) -> list[tuple[str, str]]:
    """The rules that see a changed time, and the words of the retold text that they quote."""
    found = find_times(*two(source, retold))
    return [
        (one.rule, retold[slice(*one.retold)]) for one in found if one.confidence >= SHOWN and one.kind == "changed_time" and one.retold
    ]


def softened(source: str, retold: str) -> list[str]:
    found = find_times(*two(source, retold))
    return [retold[slice(*one.retold)] for one in found if one.confidence >= SHOWN and one.kind == "softened_number" and one.retold]


def rules(source: str, retold: str) -> list[str]:
    return [rule for rule, _ in changed(source, retold)]


LIFTS = (
    "08:10: the controller update goes out to the lifts. 08:40: a tenant reports that the lifts stand still. "
    "09:30: some lifts of the east wing are running again. 10:25: all lifts are running again."
)
KIOSK = "Between 13:05 and 17:45 the ticket kiosks rejected every card. We had installed an expired key."
TWO_DAYS = "Between 20:30 UTC on 4 May 2022 and 06:15 UTC on 5 May 2022 the archive rejected all uploads."


# Starts and ends


def test_a_range_of_which_one_end_was_moved_is_seen() -> None:
    assert rules(KIOSK, "Between 13:05 and 16:20 the ticket kiosks rejected every card.") == ["range-end"]
    assert rules(KIOSK, "From 13:50 to 17:45 the ticket kiosks rejected every card.") == ["range-start"]


@pytest.mark.parametrize(
    "honest",
    [
        "From 13:05 to 17:45 the kiosks rejected cards, because we had installed an expired key.",
        "From 1:05 to 5:45 pm our kiosks took no card.",
        "For four hours and 40 minutes the kiosks rejected every card.",
        "For almost five hours our kiosks rejected every card.",
    ],
)
def test_the_same_range_in_another_form_is_none(honest: str) -> None:
    assert changed(KIOSK, honest) == []


def test_a_partial_recovery_told_as_the_end_is_seen_and_quoted_with_what_was_over() -> None:
    assert changed(LIFTS, "After an update at 08:10 our lifts stood still. By 09:30 the lifts were running again.") == [
        ("end-part", "By 09:30 the lifts were running")
    ]


@pytest.mark.parametrize(
    "honest",
    [
        "After an update at 08:10 our lifts stood still. By 09:30 some were running again, and by 10:25 all were.",
        "After an update at 08:10 our lifts stood still until 10:25.",
        "Our lifts stood still for two hours and a quarter. The first were running again by 09:30.",
        "After an update at 08:10 our lifts stood still. A tenant reported it at 08:40.",
    ],
)
def test_a_partial_recovery_that_is_told_as_one_is_none(honest: str) -> None:
    assert changed(LIFTS, honest) == []


def test_the_end_may_stand_in_the_next_clause() -> None:
    assert "end-part" in rules(
        LIFTS, "Our lifts stood still from 08:10. We restarted the controller at 09:30, which resolved the incident."
    )


def test_the_alarm_told_as_the_start_is_seen() -> None:
    assert rules(LIFTS, "From 08:40 our lifts stood still. All were running again at 10:25.") == ["start"]


def test_the_alarm_told_as_the_alarm_is_none() -> None:
    assert changed(LIFTS, "Our lifts stood still. A tenant told us from 08:40 on. All were running again at 10:25.") == []


def test_a_day_told_as_the_end_is_seen_where_a_later_day_is_left_out() -> None:
    source = "On 6 June at 07:00 the move began. On 7 June at 18:00 half were back. On 9 June at 11:00 the last files were restored."
    assert rules(source, "The move began on 6 June, and by 7 June the files were restored.") == ["end-day"]
    assert rules(source, "The move began on 6 June, and by 9 June the files were restored.") == []


# Lengths


def test_a_length_counted_from_the_alarm_is_seen() -> None:
    assert rules(LIFTS, "Our lifts were down for an hour and 45 minutes.") == ["length-late"]


def test_a_length_that_arithmetic_gives_is_none() -> None:
    assert changed(LIFTS, "Our lifts were down for two hours and 15 minutes.") == []
    assert changed(LIFTS, "Our lifts were down for about two and a half hours.") == []


FERRY = "The booking of ferries was down for 83 minutes. Nobody could pay."


@pytest.mark.parametrize("told", ["for 40 minutes", "for just over an hour", "for about an hour"])
def test_a_length_shorter_than_the_one_that_the_source_tells_is_seen(told: str) -> None:
    assert rules(FERRY, f"Our booking of ferries was down {told}.") == ["length-short"]


@pytest.mark.parametrize(
    "told",
    [
        "for 83 minutes",
        "for an hour and 23 minutes",
        "for almost an hour and a half",
        "for about an hour and a half",
        "for over 80 minutes",
    ],
)
def test_a_length_rounded_up_or_bounded_is_none(told: str) -> None:
    assert changed(FERRY, f"Our booking of ferries was down {told}.") == []


def test_a_length_that_leads_to_an_event_is_held_against_its_clock() -> None:
    source = "11:00: the wrong prices go live. 11:20: a shopper writes in. 12:10: the right prices are loaded."
    assert rules(source, "The right prices were loaded within 20 minutes.") == ["length-event"]
    assert rules(source, "The right prices were loaded within 70 minutes.") == []


def test_a_length_that_is_most_of_the_source_s_range_is_seen_and_one_of_a_small_part_is_not() -> None:
    assert rules(KIOSK, "Our ticket kiosks rejected every card for about three hours.") == ["length-range"]
    assert rules(KIOSK, "Our ticket kiosks rejected every card. For half an hour the doors failed, too.") == []


def test_a_length_counted_from_elsewhere_is_none_where_its_clause_says_so() -> None:
    assert changed(LIFTS, "Our lifts stood still. A tenant told us after half an hour, and repair took another hour and 45 minutes.") == []


# Days and clocks


def test_two_days_told_as_one_are_seen() -> None:
    assert rules(TWO_DAYS, "On 4 May 2022 the archive rejected all uploads.") == ["days"]


@pytest.mark.parametrize(
    "honest",
    [
        "From 4 May 2022 until the next morning the archive rejected all uploads.",
        "On 4 and 5 May 2022 the archive rejected all uploads.",
        "On 4 May 2022 the archive began to reject uploads, for nine hours and 45 minutes.",
        "From 20:30 UTC on 4 May to 06:15 UTC on 5 May the archive rejected all uploads.",
    ],
)
def test_two_days_told_as_two_are_none(honest: str) -> None:
    assert changed(TWO_DAYS, honest) == []


def test_a_day_between_two_is_seen() -> None:
    source = "From 20:30 on 4 May 2022 to 06:15 on 6 May 2022 the archive rejected all uploads."
    assert rules(source, "On 5 May 2022 the archive rejected all uploads.") == ["days"]


def test_days_of_which_one_was_moved_are_seen() -> None:
    assert rules("From 2 March to 9 March the meters sent nothing.", "From 4 March to 9 March the meters sent nothing.") == ["day-from"]


def test_a_day_that_the_source_does_not_know_is_seen() -> None:
    assert "day" in rules("On 2 March the meters stopped. On 9 March they sent data again.", "On 17 March the meters stopped.")


def test_a_clock_that_the_source_does_not_know_is_seen_unless_it_follows() -> None:
    source = "At 09:00 UTC the pumps stopped. Half an hour later the guard rang. At 11:00 UTC the pumps ran again."
    assert rules(source, "At 09:00 UTC the pumps stopped, and at 10:10 UTC the guard rang.") == ["clock"]
    assert rules(source, "At 09:00 UTC the pumps stopped, and at 09:30 UTC the guard rang.") == []
    assert rules(source, "At 10:00 CET the pumps stopped.") == []


def test_another_part_of_the_day_is_seen() -> None:
    source = "At 14:00 the residents were told about the water. The pipe burst at 06:00."
    assert rules(source, "In the morning the residents were told about the water.") == ["part-of-day"]
    assert rules(source, "In the afternoon the residents were told about the water.") == []


def test_a_later_report_told_as_the_one_is_seen() -> None:
    source = "At 07:15 a porter phoned about the doors. Nobody took it down. At 11:05 a visitor phoned about the doors."
    assert "report-late" in rules(source, "A visitor phoned about the doors at 11:05.")
    assert rules(source, "A porter phoned about the doors at 07:15, a visitor at 11:05.") == []


# Words for a wait

ALARM = "06:20: the smoke sensor reports a fault. 07:45: the guard starts to inspect the cellar. The log was kept."


@pytest.mark.parametrize("words", ["straight away", "immediately", "without delay", "promptly"])
def test_words_for_no_wait_are_seen_where_the_source_tells_of_one(words: str) -> None:
    found = changed(ALARM, f"The guard inspected the cellar {words}.")
    assert found == [("quick", f"guard inspected the cellar {words}")]


def test_words_for_no_wait_are_none_where_there_was_none() -> None:
    assert (
        changed(
            "06:20: the sensor reports a fault. 06:22: the guard starts to inspect the cellar.", "The guard inspected the cellar promptly."
        )
        == []
    )
    assert changed("The guard immediately inspected the cellar.", "The guard inspected the cellar immediately.") == []
    assert changed(ALARM, "All the sensors reported at once.") == []


def test_words_for_some_time_are_a_softened_number() -> None:
    assert softened(FERRY, "Our booking of ferries was down for a short while.") == ["for a short while"]
    assert softened("The pool was closed for nine days.", "The pool was closed for several days.") == ["for several days"]


@pytest.mark.parametrize(
    ("source", "honest"),
    [
        ("The pool was closed for nine days.", "The pool was closed for several days, nine in all."),
        ("The pool was closed for some days.", "The pool was closed for some days."),
        ("The pool was closed for nine days.", "The pool was closed for nine days, and some days were hot."),
    ],
)
def test_words_for_some_time_are_none_where_the_number_is_told_or_was_never_known(source: str, honest: str) -> None:
    assert softened(source, honest) == []


def test_a_few_days_until_something_are_a_changed_time() -> None:
    assert rules("The deposits were returned after 26 days.", "The deposits were returned within a few days.") == ["quick"]


# Everywhere


def test_a_text_against_itself_changes_nothing() -> None:
    for text in (LIFTS, KIOSK, TWO_DAYS, FERRY, ALARM):
        assert find_times(*two(text, text)) == [] or not changed(text, text)


def test_the_same_texts_give_the_same_candidates() -> None:
    retold = "From 08:40 our lifts stood still. By 09:30 the lifts were running again."
    assert find_times(*two(LIFTS, retold)) == find_times(*two(LIFTS, retold))


@pytest.mark.parametrize("empty", ["", "Nothing happened.", "24", "12:00"])
def test_texts_without_times_are_no_trouble(empty: str) -> None:
    assert find_times(*two(empty, LIFTS)) is not None
    assert find_times(*two(LIFTS, empty)) is not None
