"""A change of rate is found within minutes where there is one, and none is found in lines that come steadily."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.timeline import rates
from amends.timeline.rates import MINUTE, Series, Shift, shifts

HOURS_6 = 360


def series(*counts: list[int], start: int = 1_000) -> Series:
    """Series by the counts of their minutes; lines of a minute come at its tenths."""
    number, time, count = [], [], []
    for which, own in enumerate(counts):
        for minute, lines in enumerate(own):
            for tenth in range(min(10, lines)):
                number.append(which)
                time.append((start + minute) * MINUTE + tenth * MINUTE // 10)
                count.append(len(range(tenth, lines, 10)))
    spans = np.full(len(counts), start), np.array([start + len(own) - 1 for own in counts])
    return Series(np.array(number, np.int64), np.array(time, np.int64), np.array(count, np.int64), *spans)


def told(own: Series) -> list[tuple[int, bool]]:
    """The minute of each change, and whether the rate rises."""
    return [(int(own.time[shift.cell] // MINUTE) - int(own.start[own.number[shift.cell]]), shift.is_rise) for shift in shifts(own)]


def steady(rate: float, seed: int, minutes: int = HOURS_6) -> list[int]:
    return [int(lines) for lines in np.random.default_rng(seed).poisson(rate, minutes)]


@pytest.mark.parametrize(("low", "high"), [(0, 2), (1, 5), (2, 20), (20, 60)])
@pytest.mark.parametrize("at", [30, 180, 181, 300])
def test_a_rise_and_a_fall_are_found_where_they_are(low: int, high: int, at: int) -> None:
    counts = [low] * at + [high] * 20 + [low] * (HOURS_6 - at - 20)
    found = told(series(counts))
    assert found[0] == (at, True)
    assert found[1:] == ([(at + 20, False)] if low else [])


def test_rates_are_told_in_lines_a_minute() -> None:
    (rise,) = shifts(series([1] * 200 + [12] * 160))
    assert (round(rise.before), round(rise.after), rise.minutes) == (1, 12, 160)


@pytest.mark.parametrize("rate", [0.05, 0.2, 2, 20, 200])
def test_in_lines_that_come_steadily_hardly_anything_is_found(rate: float) -> None:
    assert len(shifts(series(*(steady(rate, seed) for seed in range(100))))) <= 2


@pytest.mark.parametrize(("rate", "factor"), [(0.2, 10), (2, 3), (2, 10), (20, 3)])
def test_nearly_every_onset_is_found_within_three_minutes(rate: float, factor: int) -> None:
    counts = []
    for seed in range(100):
        own = np.array(steady(rate, seed))
        own[150:170] = np.random.default_rng(7_000 + seed).poisson(rate * factor, 20)
        counts.append(own.tolist())
    made = series(*counts)
    near = {int(made.number[one.cell]) for one in shifts(made) if one.is_rise and abs(made.time[one.cell] // MINUTE - 1_150) <= 3}
    assert len(near) >= 94


def test_lines_that_come_in_clumps_are_less_evidence() -> None:
    random = np.random.default_rng(3)
    counts = [(random.poisson(0.3, HOURS_6) * 40).tolist() for _ in range(30)]
    assert len(shifts(series(*counts))) <= 2


def test_too_few_lines_are_no_rate() -> None:
    assert shifts(series([0] * 200 + [1] * 4 + [0] * 156)) == []
    assert shifts(series([])) == []


def test_months_are_judged_by_the_hours_around() -> None:
    counts = [2] * 100_000
    counts[70_001:70_021] = [20] * 20
    assert told(series(counts)) == [(70_001, True), (70_021, False)]


def test_one_wrong_date_costs_neither_memory_nor_what_is_found() -> None:
    own = series([1] * 200 + [12] * 20 + [1] * 140)
    wrong = 4_000_000_000
    far = Series(np.append(own.number, 0), np.append(own.time, wrong * MINUTE), np.append(own.count, 1), own.start, np.array([wrong]))
    assert told(far)[0] == (200, True)


def test_the_stretches_that_vary_most_are_judged_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MOST", 1)
    made = series([1] * 200 + [3] * 160, [1] * 200 + [30] * 160)
    assert {int(made.number[one.cell]) for one in shifts(made)} == {1}


COUNTS = st.lists(st.lists(st.integers(0, 12), min_size=20, max_size=120), min_size=1, max_size=4)


@settings(max_examples=40, deadline=None)
@given(COUNTS)
def test_each_series_is_judged_by_itself(counts: list[list[int]]) -> None:
    together = series(*counts)
    alone: list[Shift] = []
    for which, own in enumerate(counts):
        before = int((together.number < which).sum())
        alone += [Shift(one.cell + before, one.before, one.after, one.minutes) for one in shifts(series(own))]
    assert shifts(together) == alone


@settings(max_examples=40, deadline=None)
@given(COUNTS, st.integers(-(10**6), 10**6))
def test_nothing_depends_on_the_year(counts: list[list[int]], by: int) -> None:
    assert shifts(series(*counts)) == shifts(series(*counts, start=1_000 + by))
