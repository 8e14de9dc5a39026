"""Changes before an effect are candidates, nearest first; one after it never is, and nothing is said to be a cause."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.timeline.candidates import LONGEST, SHOWN, WINDOW, Changes, before, changes, lasting, words
from amends.timeline.entry import UNDATED
from amends.timeline.folding import Change

SECOND = 1_000_000


def known(*times: int, source: int = 1) -> Changes:
    return changes(Change(time, source, "log", f"change at {time}") for time in times)


def candidates(known: Changes, effect: int, source: int, doubts: dict[int, int], since: int) -> tuple[str, ...]:
    return words(known, before(known, effect, source, doubts, since))


def test_the_nearest_change_comes_first() -> None:
    assert candidates(known(30 * SECOND, 0, 50 * SECOND), 155 * SECOND, 2, {}, UNDATED) == (
        "candidate: “change at 50000000”, 105 s before",
        "candidate: “change at 30000000”, 125 s before",
        "candidate: “change at 0”, 155 s before",
    )


def test_of_many_the_nearest_are_named_and_the_others_counted() -> None:
    found = candidates(known(*range(10)), 20, 2, {}, UNDATED)
    assert len(found) == SHOWN + 1
    assert found[-1] == "and 7 more in the 2 h before"


@pytest.mark.parametrize(("at", "named"), [(-WINDOW - 1, 0), (-WINDOW, 1), (-1, 1), (1, 0)])
def test_only_changes_of_the_last_hours_count_and_none_that_comes_after(at: int, named: int) -> None:
    assert len(candidates(known(at), 0, 2, {}, UNDATED)) == named


def test_what_came_before_the_log_was_seen_is_not_named() -> None:
    assert len(candidates(known(5, 10), 20, 2, {}, since=6)) == 1


def test_a_change_of_the_same_microsecond_is_not_before() -> None:
    assert candidates(known(7), 7, 2, {}, UNDATED) == ("at the same time: “change at 7”",)


@pytest.mark.parametrize("at", [-39, -1, 0, 1, 39])
def test_a_change_within_the_error_of_the_clocks_is_not_claimed_to_be_before(at: int) -> None:
    (found,) = candidates(known(at * SECOND), 0, 2, {1: 30 * SECOND, 2: 10 * SECOND}, UNDATED)
    assert not found.startswith("candidate")
    assert found.startswith("at ")


@pytest.mark.parametrize(("at", "named"), [(-40, True), (-41, True), (40, False)])
def test_beyond_the_error_of_the_clocks_order_counts(at: int, named: bool) -> None:
    found = candidates(known(at * SECOND), 0, 2, {1: 30 * SECOND, 2: 10 * SECOND}, UNDATED)
    assert [one.startswith("candidate") for one in found] == [True] * named


def test_entries_of_one_source_have_one_clock() -> None:
    assert candidates(known(-1), 0, 1, {1: 30 * SECOND}, UNDATED) == ("candidate: “change at -1”, 0 s before",)


def test_long_words_are_cut_and_only_the_first_line_counts() -> None:
    (found,) = candidates(changes([Change(0, 1, "log", "a  b\nc" + "x" * 100)]), 5, 2, {}, UNDATED)
    assert found == "candidate: “a b”, 0 s before"
    (found,) = candidates(changes([Change(0, 1, "log", "x" * 200)]), 5, 2, {}, UNDATED)
    assert len(found) == LONGEST
    assert found.endswith("x…”, 0 s before")


def test_entries_of_one_change_are_one_candidate_so_that_others_are_named_too() -> None:
    deploy = [(0, "merged #7 Wider pool"), (60, "deploy of v2.1.0 to production: (#7)"), (90, "deploy of v2.1.0 to production: success")]
    other = [(95, "deploy of v9.0.0 to production: success"), (100, "Scaled up replica set shop-77aa to 6 from 4")]
    known = changes(Change(at * SECOND, 1, "deploy", text) for at, text in [*deploy, *other])
    assert candidates(known, 120 * SECOND, 2, {}, UNDATED) == (
        "candidate: deploy “Scaled up replica set shop-77aa to 6 from 4”, 20 s before",
        "candidate: deploy “deploy of v9.0.0 to production: success”, 25 s before",
        "candidate: deploy of v2.1.0 to production (merged 00:00:00Z, out 00:01:30Z), 30 s before",
    )


def test_of_a_change_only_what_is_before_its_effect_counts() -> None:
    known = changes(
        Change(at * SECOND, 1, "deploy", f"deploy of v2.1.0 to live: {state}") for at, state in [(0, "in progress"), (60, "success")]
    )
    assert candidates(known, 30 * SECOND, 2, {}, UNDATED) == ("candidate: deploy “deploy of v2.1.0 to live: in progress”, 30 s before",)


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (599, "599 s"), (600, "10 min"), (7199, "119 min"), (7200, "2 h"), (90_000, "25 h")]
)
def test_how_long_something_is_is_said_as_people_do(seconds: int, said: str) -> None:
    assert lasting(seconds * SECOND) == said


TIMES = st.integers(-3 * WINDOW, 3 * WINDOW)


@given(st.lists(TIMES, max_size=20), TIMES, st.dictionaries(st.integers(1, 2), st.integers(0, 10**9), max_size=2))
def test_a_candidate_is_always_before_its_effect_by_more_than_the_clocks_may_differ(
    times: list[int], effect: int, doubts: dict[int, int]
) -> None:
    doubt = sum(doubts.values())
    before = [time for time in times if 0 < effect - time <= WINDOW and effect - time >= doubt]
    found = [one for one in candidates(known(*times), effect, 2, doubts, UNDATED) if one.startswith("candidate")]
    assert [one.split(",")[0] for one in found] == [f"candidate: “change at {time}”" for time in sorted(before, reverse=True)[:SHOWN]]
    assert not any("cause" in one for one in found)
