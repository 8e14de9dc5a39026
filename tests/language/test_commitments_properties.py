"""What holds for any text: nothing is raised, spans are exact, the answer is the same twice, and time grows with the text."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.language.commitments import find
from amends.language.text import parse
from amends.language.times import find_times

if TYPE_CHECKING:
    from amends.language.records import Commitment, PastTime

WEDNESDAY = datetime(2026, 3, 4, 10, tzinfo=UTC)
PIECES = (
    "next update|by|at|in|within|until|from|to|between|and|,|;|.|:|-|–|→|(|)|/|the|a|every|next|this|last|end of|week|Friday|Fri|Sat|March"
    "|may|20|31|4|5pm|14:30|1600|2026-03-12|12/03|30 June|31 June|hours|minutes|a couple of|half past|quarter to|noon|midnight|EOD|tomorrow"
    "|tonight|UTC|PT|IST|CST|UTC+2|US/Pacific|Q3|sprint|we'll|I|will|not|never|expect|hope|please|you|if|once|when|fixed|broke|yesterday"
    "|ago|from now|soon|ASAP|every 30 minutes|\n|\u2019ll|\U0001f525|~~|²|٣"
).split("|")
speech = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)
anything = st.one_of(st.text(max_size=200), speech, st.builds("{} {}".format, speech, st.text(max_size=20)))
instants = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(tzinfo=timezone(timedelta(hours=2))))
zones = st.sampled_from(["UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Nowhere/Land", None])


@given(anything, instants, zones)
def test_any_text_is_read_without_an_error_and_quoted_exactly(text: str, at: datetime, tz: str | None) -> None:
    promises, past = find(parse(text), at, tz)
    spans: list[Commitment | PastTime] = [*promises, *past]
    for found in spans:
        assert text[found.start : found.end] == found.quote
        assert found.quote == found.quote.strip()
    for promise in promises:
        assert promise.due is None or promise.due.tzinfo is not None
        assert promise.kind in ("next_update", "fix", "prevention", "deliver", "other")
        assert promise.firmness in ("firm", "conditional", "expectation", "vague")
        assert promise.grain in ("minute", "hour", "day", "week", "month", "quarter", None)
        if promise.time_quote is not None:
            assert text[promise.time_start : promise.time_end] == promise.time_quote
        if promise.due is not None and promise.due_earliest is not None:
            assert promise.due_earliest <= promise.due


@given(anything, instants, zones)
def test_the_same_text_has_the_same_answer(text: str, at: datetime, tz: str | None) -> None:
    assert find(parse(text), at, tz) == find(parse(text), at, tz)


@given(speech, instants, zones)
def test_times_stand_in_order_and_do_not_overlap(text: str, at: datetime, tz: str | None) -> None:
    found = find_times(text, at, tz)
    assert all(text[one.start : one.end] == one.quote for one in found)
    assert all(one.end <= other.start or one.start <= other.start for one, other in pairwise(found))


@given(st.text(alphabet="\U0001f525\u0301é\U0001f469\u200d\U0001f692", min_size=1, max_size=8))
def test_emoji_and_combining_characters_move_no_offset(prefix: str) -> None:
    text = f"{prefix} Next update at 14:30 UTC."
    (found,) = find(parse(text), WEDNESDAY, "UTC")[0]
    assert found.due == WEDNESDAY.replace(hour=14, minute=30)
    assert (found.time_quote, text[found.time_start : found.time_end]) == ("14:30 UTC", "14:30 UTC")


@given(
    st.sampled_from(["by {} March", "at {}", "in {} hours", "every {} days", "{}/{}", "next {} weeks", "Q{}", "in {} months"]),
    st.integers(0, 10**30),
)
@settings(max_examples=200)
def test_no_number_is_too_large(form: str, number: int) -> None:
    find(parse("I'll send it " + form.replace("{}", str(number)) + "."), WEDNESDAY, "Europe/London")


@pytest.mark.parametrize(
    "piece",
    [
        "by 14:30 ",
        "we'll ",
        "and ",
        ", ",
        "Friday ",
        "in 5 ",
        "if we will ",
        "the next ",
        "2026-03-12 to ",
        "~~",
        '"',
        "(",
        "no ",
        "x",
        "9",
        "14:30-",
        "every ",
        "fixed by 14:30 ",
        "we'll fix it by 14:30, ",
        "done by 5pm and ",
        "if it was fixed we expect ",
        "no update by Friday; ",
    ],
)
def test_time_grows_with_the_length_of_a_hostile_line(piece: str) -> None:
    def took(repeats: int) -> float:
        text = parse("I'll send it " + piece * repeats)
        best = float("inf")
        for _ in range(3):
            begun = time.process_time()
            find(text, WEDNESDAY, "UTC")
            best = min(best, time.process_time() - begun)
        return best

    small, large = took(2_000), took(8_000)
    assert large < 8 * small + 0.1, f"four times the text took {large / small:.1f} times as long"
