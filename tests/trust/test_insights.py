"""Figures over time: what counts in which period, what is said of a change, and what is not said of too little."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from amends.core.errors import UnknownNameError
from amends.trust.figures import (
    Counted,
    Exposed,
    Side,
    Sides,
    Timed,
    before_and_after,
    judged_rates,
    judged_shares,
    judged_times,
    length,
    median_interval,
)
from amends.trust.insights import METRICS, Insights, Lived, insights
from amends.trust.periods import Period, periods

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def test_the_last_period_is_running_and_each_begins_where_the_one_before_ends() -> None:
    told = periods(NOW, 4, BERLIN)
    assert [one.name for one in told] == ["Q1 2026", "Q2 2026", "Q3 2026", "Q4 2026"]
    assert told[-1].running
    assert not told[-2].running
    assert told[-1].until == NOW
    assert [one.end for one in told[:-1]] == [one.start for one in told[1:]]
    assert told[1].start.isoformat() == "2026-04-01T00:00:00+02:00"


def test_before_the_first_incident_nothing_is_exposed() -> None:
    told = periods(NOW, 4, UTC, since=datetime(2026, 8, 31, tzinfo=UTC))
    assert [one.name for one in told] == ["Q3 2026", "Q4 2026"]
    assert told[0].days == 31


def test_months_and_quarters_are_all_there_is() -> None:
    assert [one.name for one in periods(NOW, 2, UTC, "month")] == ["Oct 2026", "Nov 2026"]
    with pytest.raises(UnknownNameError, match="week"):
        periods(NOW, 2, UTC, "week")


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=40).map(sorted))
def test_the_interval_of_a_median_is_as_wide_as_the_sign_test_demands_and_no_wider(values: list[int]) -> None:
    low, high = median_interval(values)
    n = len(values)
    wanted = max((k for k in range(1, n // 2 + 1) if binom.cdf(k - 1, n, 0.5) <= 0.025 + 1e-12), default=0)
    assert (low, high) == ((values[wanted - 1], values[n - wanted]) if wanted else (None, None))
    assert (low is None) == (n < 6)


def test_the_running_period_is_left_out_and_two_are_the_baseline() -> None:
    counts = [Counted(9, 9), Counted(10, 2), Counted(10, 4), Counted(12, 11), Counted(3, 0)]
    names = ["Q4 2025", "Q1 2026", "Q2 2026", "Q3 2026", "Q4 2026"]
    assert before_and_after(counts, names) == Sides(Counted(20, 6), Counted(12, 11), "in Q1 2026 and Q2 2026", "in Q3 2026")
    assert before_and_after(counts[:3], names[:3]) is None


def sides(before: Side, after: Side) -> Sides[Side]:
    return Sides(before, after, "in spring", "in summer")


@pytest.mark.parametrize(
    ("before", "after", "better", "said"),
    [
        (Counted(20, 6), Counted(12, 11), "higher", "Improved: 11 of 12 in summer, 6 of 20 in spring."),
        (Counted(20, 6), Counted(12, 11), "lower", "Worse: 11 of 12 in summer, 6 of 20 in spring."),
        (Counted(8, 4), Counted(8, 6), "higher", "Probably improved: 6 of 8 in summer, 4 of 8 in spring."),
        (Counted(8, 4), Counted(8, 5), "higher", "Cannot tell yet: 5 of 8 in summer, 4 of 8 in spring."),
        (Counted(40, 2), Counted(4, 4), "higher", "Cannot tell yet: 4 in summer and 40 in spring are too few to compare (from 5 on)."),
        (Counted(0, 0), Counted(9, 9), "higher", "Cannot tell yet: 9 in summer and 0 in spring are too few to compare (from 5 on)."),
    ],
)
def test_a_change_of_a_share_in_words(before: Counted, after: Counted, better: str, said: str) -> None:
    assert judged_shares(sides(before, after), better=better).says == said


def test_a_change_of_a_rate_in_words_and_what_none_still_allows() -> None:
    fewer = judged_rates(sides(Exposed(8, 180), Exposed(2, 90)), "repeat")
    assert fewer.says == "Probably improved: 2 repeats in summer (90 days), 8 in spring (180 days)."
    none = judged_rates(sides(Exposed(0, 180), Exposed(0, 90)), "repeat")
    assert none.chance is None
    assert none.says == (
        "Cannot tell yet: no repeat in summer, and none in spring. Even if 4 in 90 days were usual, there could be none by chance."
    )


@pytest.mark.parametrize(("before", "after"), [(0, 1), (0, 4), (4, 0), (2, 2)])
def test_a_handful_of_repeats_says_nothing_of_a_change(before: int, after: int) -> None:
    told = judged_rates(sides(Exposed(before, 180), Exposed(after, 90)), "repeat")
    assert (told.verdict, told.chance) == ("cannot tell yet", None)
    assert told.says.endswith("fewer than 5 together are too few to compare.")
    assert judged_rates(sides(Exposed(0, 180), Exposed(5, 90)), "repeat").verdict == "worse"


def test_answers_of_one_person_count_as_one() -> None:
    """Five people who gave three answers each are five: as fifteen, chance would look like a change."""
    before, after = Counted(15, 0, 5), Counted(15, 6, 5)
    assert judged_shares(sides(Counted(15, 0), Counted(15, 6)), better="higher").verdict == "improved"
    told = judged_shares(sides(before, after), better="higher")
    assert told.verdict == "probably improved"
    assert told.says == "Probably improved: 6 of 15 in summer, 0 of 15 in spring, of 5 and 5 people."
    assert judged_shares(sides(Counted(12, 0, 4), after), better="higher").says.startswith("Cannot tell yet: 5 in summer and 4 in spring")
    shown, alone = after.figure("Q1", "answers agree"), Counted(5, 2).figure("Q1", "")
    assert (shown.value, shown.n, shown.low, shown.high) == (alone.value, 5, alone.low, alone.high)
    assert shown.says == "6 of 15 answers agree, given by 5 people"
    assert before + after == Counted(30, 6, 10)
    assert Counted(0, 0, 0).figure("Q1", "answers agree").says == "nothing to count"


def test_one_long_night_does_not_decide_about_times() -> None:
    usual = Timed((300, 360, 420, 480, 540, 600, 660))
    assert judged_times(sides(usual, Timed((300, 360, 420, 480, 540, 86_400)))).verdict == "cannot tell yet"
    assert judged_times(sides(usual, Timed((60, 70, 80, 90, 100, 120)))).verdict == "improved"
    assert judged_times(sides(usual, Timed((60, 70)))).says.startswith("Cannot tell yet: 2 in summer and 7 in spring")


@pytest.mark.parametrize(("seconds", "words"), [(0, "0 min"), (90, "2 min"), (3_600, "1 h"), (40_000, "11 h 7 min"), (260_000, "3 days")])
def test_lengths_of_time_in_words(seconds: int, words: str) -> None:
    assert length(seconds) == words


def lived(day: int, *, repeats: bool = False, to_human: int | None = None, found_by: str | None = "us") -> Lived:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)
    promises = ((at + timedelta(hours=1), "kept"), (at + timedelta(days=100), "missed"))
    return Lived(f"i{day}", at, repeats, 4, 1, found_by, to_human, None, promises, ((at + timedelta(days=3), day % 2 == 0),))


def told(*given: Lived) -> Insights:
    return insights(given, periods(NOW, 4, UTC))


def test_each_thing_counts_in_the_period_in_which_it_happened() -> None:
    found = told(lived(10, repeats=True, to_human=120), lived(95, to_human=600), lived(200, found_by=None))
    assert [one.id for one in found.metrics] == list(METRICS)
    assert found.incidents == 3
    says = {one.id: [figure.says for figure in one.figures] for one in found.metrics}
    assert says["repeat-rate"][:2] == ["1 of 1 incidents repeated one before", "0 of 1 incidents repeated one before"]
    assert says["promise-hit-rate"] == [
        "1 of 1 promises were kept in time",
        "1 of 2 promises were kept in time",
        "1 of 2 promises were kept in time",
        "0 of 1 promises were kept in time",
    ]
    assert says["early-escalation"][0] == "2 min from the first signal to the first message, in the one incident"
    assert says["first-honest-status"] == ["nothing to measure"] * 4
    assert [one.says for one in found.get("status-honesty").beside][2] == "nothing to count"


def test_without_incidents_nothing_is_claimed() -> None:
    for metric in told().metrics:
        assert metric.judged.verdict == "cannot tell yet"
        assert metric.judged.chance is None
        assert all(one.value is None for one in metric.figures)


def test_no_figure_knows_a_name() -> None:
    """Nothing that could rank people or teams comes in, so nothing of the kind can come out."""
    for record in (Lived, Period):
        assert not {"by", "person", "owner", "author", "team", "lead"} & set(record.__slots__)
