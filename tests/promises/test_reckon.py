"""The figures of an audit, and what of it is shown: fed one by one, in memory that does not grow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from amends.promises.audit import AuditedPromise, Passed, Silent
from amends.promises.fate import FATES
from amends.promises.picks import MARKS, Best, Picks
from amends.promises.reckon import BUCKETS, Reckoning, badness, bucket, months, summary, worst
from amends.promises.waiting import TOLD

MADE = datetime(2026, 3, 4, 10, 50, tzinfo=UTC)


def promise(fate: str = "kept", late: int | None = None, made: datetime = MADE, **changes: Any) -> AuditedPromise:
    late = 0 if fate == "kept" else late
    values: dict[str, Any] = {
        "incident": "login",
        "message": "1",
        "made_at": made,
        "quote": "Next update at 11:30",
        "kind": "next_update",
        "firmness": "firm",
        "due": made + timedelta(minutes=40),
        "grain": "minute",
        "fate": fate,
        "settled_at": None,
        "late_by_s": late,
        "settled_by": None,
        "reason": None,
        "moved_to": None,
        "title": None,
        "author": None,
        "audience": None,
        "source": "u.jsonl",
        "line": 1,
    }
    return AuditedPromise(**{**values, **changes})


def passed(incident: str = "login", last: datetime = MADE) -> Passed:
    return Passed(incident, None, 3, MADE, last, ended=True)


def reckoned(*found: AuditedPromise) -> Reckoning:
    reckoning = Reckoning()
    for one in found:
        reckoning.promise(one)
    return reckoning


def test_the_summary_has_the_keys_of_the_contract_first() -> None:
    reckoning = reckoned(promise(), promise("late", 540), promise("missed"), promise("unverifiable", reason=TOLD["past"]))
    reckoning.silent = 2
    reckoning.passed(passed())
    found = summary(reckoning.figures())
    assert list(found)[:8] == ["made", "kept", "late", "missed", "moved", "open", "unverifiable", "updates_without_next_time"]
    assert (found["made"], found["kept"], found["updates"], found["incidents"], found["updates_without_next_time"]) == (4, 1, 3, 1, 2)
    assert found["hit_rate"] == 0.3333
    assert found["late_by_s"] == {"p50": 540, "p90": 540, "p99": 540, "max": 540}
    assert reckoning.figures().reasons == ((TOLD["past"], 1),)


def test_the_rate_counts_only_what_can_be_judged() -> None:
    assert reckoned(promise("open"), promise("moved"), promise("unverifiable")).figures().hit_rate is None
    assert reckoned(promise(), promise("open")).figures().hit_rate == 1


def test_months_are_those_in_which_promises_were_made() -> None:
    figures = reckoned(promise(), promise("missed", made=MADE + timedelta(days=30)), promise(made=MADE + timedelta(days=31))).figures()
    assert [(one["month"], one["made"], one["hit_rate"]) for one in months(figures)] == [("2026-03", 1, 1), ("2026-04", 2, 0.5)]


def test_lateness_falls_into_fixed_buckets() -> None:
    assert [bucket("late", seconds) for seconds in (60, 300, 301, 900, 3600, 14_400, 86_400, 86_401)] == [
        BUCKETS[1][0],
        BUCKETS[1][0],
        BUCKETS[2][0],
        BUCKETS[2][0],
        BUCKETS[3][0],
        BUCKETS[4][0],
        BUCKETS[5][0],
        BUCKETS[6][0],
    ]
    figures = reckoned(promise(), promise("late", 61), promise("missed"), promise("open")).figures()
    assert dict(figures.lateness) == {
        **dict.fromkeys((name for name, _ in BUCKETS), 0),
        "on time": 1,
        "up to 5 minutes late": 1,
        "never": 1,
    }


@given(st.lists(st.integers(60, 10_000_000), min_size=1, max_size=200))
def test_quantiles_are_right_to_the_minute_and_beyond_a_day_to_the_hour(seconds: list[int]) -> None:
    figures = reckoned(*(promise("late", one) for one in seconds)).figures()
    ordered = sorted(seconds)
    for share, found in figures.late_quantiles:
        exact = ordered[-(-len(ordered) * share // 100) - 1]
        assert exact <= found or found == figures.latest_s
        assert found - exact < (60 if exact <= 86_400 else 3600)
    assert figures.latest_s == ordered[-1]


@given(st.lists(st.tuples(st.sampled_from(FATES), st.integers(0, 500)), max_size=60))
def test_the_order_of_feeding_changes_no_figure_and_everything_adds_up(parts: list[tuple[str, int]]) -> None:
    found = [promise(fate, 90 if fate == "late" else None, MADE + timedelta(days=day)) for fate, day in parts]
    figures = reckoned(*found).figures()
    assert reckoned(*reversed(found)).figures() == figures
    assert figures.made == len(found) == sum(count for _, count in figures.counts)
    assert sum(count for _, count in figures.lateness) == figures.judged
    assert sum(int(str(one["made"])) for one in months(figures)) == figures.made


def test_memory_does_not_grow_with_what_is_fed() -> None:
    reckoning = Reckoning()
    for number in range(30_000):
        reckoning.promise(promise("late", 60 + number * 997, MADE + timedelta(days=number * 20 % 1_000_000)))
    assert len(reckoning._late) <= 1_440 + 366 * 24
    assert len(reckoning._months) <= 2_401


def test_the_worst_are_missed_then_the_latest() -> None:
    found = [promise(), promise("late", 60), promise("missed"), promise("late", 7200)]
    assert [one.fate + str(one.late_by_s or "") for one in worst(found)] == ["missed", "late7200", "late60", "kept"]
    assert badness(found[2]) > badness(found[3])


@given(st.lists(st.integers(-50, 50)), st.integers(0, 8))
def test_the_best_are_those_that_sorting_would_give(numbers: list[int], most: int) -> None:
    best: Best[int] = Best(most)
    for number in numbers:
        best.add((number,), number)
    assert best.items() == sorted(numbers, reverse=True)[:most]


def test_few_incidents_are_drawn_the_worst_first_and_the_newest_of_the_others() -> None:
    picks = Picks(incidents=4)
    for number in range(10):
        picks.add(promise("missed" if number == 2 else "late" if number == 5 else "kept", 90 if number == 5 else None))
        picks.add(passed(str(number), MADE + timedelta(hours=number)))
    bad, new = picks.strips()
    assert [one.passed.incident for one in bad] == ["2", "5"]
    assert [one.passed.incident for one in new] == ["9", "8"]
    assert picks.drawable == 10


def test_an_incident_with_many_promises_is_drawn_in_part_and_says_so() -> None:
    picks = Picks()
    for _ in range(MARKS + 5):
        picks.add(promise())
    picks.add(promise("unverifiable"))
    picks.add(passed())
    _, (strip,) = picks.strips()
    assert (len(strip.promises), strip.more, dict(strip.counts)) == (MARKS, 5, {"kept": MARKS + 5, "unverifiable": 1})


def test_an_incident_without_a_promise_that_was_due_is_not_drawn() -> None:
    picks = Picks()
    picks.add(promise("unverifiable"))
    picks.add(passed())
    picks.add(Silent("login", "1", MADE, None, None, "u.jsonl", 1))
    assert picks.strips() == ([], [])
    assert [one.message for one in picks.silent.items()] == ["1"]
