"""A year ago today: in the zone of who reads, over leap days and changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest

from amends.recurrence.anniversary import pasts

BERLIN = ZoneInfo("Europe/Berlin")


def days(now: datetime, zone: tzinfo = UTC) -> dict[int, tuple[str, float]]:
    """For each number of years the day that is looked back at, and how many days long it is."""
    return {one.years: (one.day.isoformat(), (one.end - one.start) / timedelta(days=1)) for one in pasts(now, zone)}


@pytest.mark.parametrize(
    ("today", "looked_at"),
    [
        ("2026-11-21", {1: ("2025-11-21", 1), 2: ("2024-11-21", 1)}),
        ("2025-02-28", {1: ("2024-02-28", 2), 2: ("2023-02-28", 1)}),  # 29 February 2024 has no day of its own in 2025
        ("2026-02-28", {1: ("2025-02-28", 1), 2: ("2024-02-28", 2)}),
        ("2024-02-28", {1: ("2023-02-28", 1), 2: ("2022-02-28", 1)}),
        ("2024-02-29", {}),  # no such day one and two years before, and their 28 February had its anniversary yesterday
        ("2025-03-01", {1: ("2024-03-01", 1), 2: ("2023-03-01", 1)}),
    ],
)
def test_a_day_looks_back_at_the_same_date_and_no_date_is_passed_over(today: str, looked_at: dict[int, tuple[str, float]]) -> None:
    assert days(datetime.fromisoformat(f"{today}T12:00:00+00:00")) == looked_at


def test_the_day_is_the_one_of_who_reads() -> None:
    shortly_before_midnight = datetime(2026, 5, 3, 22, 30, tzinfo=UTC)

    assert days(shortly_before_midnight)[1][0] == "2025-05-03"
    assert days(shortly_before_midnight, BERLIN)[1][0] == "2025-05-04"


def test_a_day_on_which_the_clocks_changed_is_as_long_as_it_was() -> None:
    (past, _) = pasts(datetime(2026, 3, 30, 9, tzinfo=UTC), BERLIN)
    assert past.end - past.start == timedelta(hours=23)
