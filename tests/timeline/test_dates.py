"""A log whose lines say no day often says it by its name."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.timeline.dates import day_named, day_of_end

DAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    "name",
    [
        "app-2026-03-04.log",
        "app.log.20260304",
        "log_2026_03_04T10",
        "log_2026_03_04T10-11-12.txt.gz",
        "2026.03.04.stderrout.log",
        "app.log-20260304.gz",
        "app.2026030410.log",
        "app-20260304T104207Z.log",
        "app-20260304104207.log",
        "u_ex-2025-01-01-until-2026-03-04.log",
        "logs/2026-03-04/app.log",
        "bundle-2025-01-01.zip!/app-2026-03-04.log",
        "C:\\logs\\2026-03-04\\app.log",
        "app-2026-03-04-99.log",
    ],
)
def test_the_day_of_a_name_is_read(name: str) -> None:
    assert day_named(name) == DAY


@pytest.mark.parametrize(
    "name",
    [
        "",
        "app.log",
        "app.log.1",
        "app-2026-13-04.log",
        "build-20261304.log",
        "app-2026-03.log",
        "req-120260304.log",
        "4711-20-03-04",
        "a-2026-03.04",
    ],
)
def test_other_numbers_are_no_day(name: str) -> None:
    assert day_named(name) is None


@given(
    st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%Y_%m_%d", "%Y.%m.%d"]), st.sampled_from(".-_ ")
)
def test_any_day_is_found_again(day: date, layout: str, mark: str) -> None:
    assert day_named(f"app{mark}{day.strftime(layout)}{mark}log") == day


@pytest.mark.parametrize(
    ("name", "modified", "has_day", "wanted"),
    [
        ("app.log", DAY, False, DAY),
        ("app.log", None, False, None),
        ("app-2026-03-04.log", None, True, DAY),
        ("app-2026-03-04.log", date(2026, 3, 5), False, DAY),
        ("week-2026-03-04.log", date(2026, 3, 10), True, date(2026, 3, 10)),
        ("app-2026-03-04.log", date(2026, 9, 10), True, DAY),  # copied half a year later
        ("app-2026-03-04.log", date(2020, 1, 1), True, DAY),
    ],
)
def test_a_log_ends_on_the_day_of_its_name_or_of_its_last_change(
    name: str, modified: date | None, has_day: bool, wanted: date | None
) -> None:
    assert day_of_end(name, modified, has_day=has_day) == wanted
