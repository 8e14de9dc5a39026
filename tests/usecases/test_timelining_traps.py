"""Traps that real logs set (reference/timeline.md 3.4), each with lines of our own, from the file to the row."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from usecases.evidence_told import told

if TYPE_CHECKING:
    from pathlib import Path

WRITTEN = datetime(2026, 3, 4, 18, tzinfo=UTC).timestamp()


def read(tmp_path: Path, data: str, name: str = "a.log", tz: str | None = None) -> list[tuple[str, str | None, tuple[str, ...]]]:
    """Time, level and flags of each entry of a log that was last written on 4 March 2026."""
    path = tmp_path / name
    path.write_text(data)
    os.utime(path, (WRITTEN, WRITTEN))
    rows, problems = told(tmp_path / "kept", path, tz=tz)
    assert not problems
    assert sum(row["length"] + 1 for row in rows) == len(data.encode())
    return [(row["time"], row["level"], tuple(row["flags"])) for row in rows]


def test_the_name_of_a_rotated_file_before_a_line_is_not_its_time(tmp_path: Path) -> None:
    prefix = "till-api.log.3.2026-03-02_09:15:30 "
    data = f"{prefix}2026-03-04 10:42:07.123 411 WARNING shop.api [req-7] slow\n"
    data += f"{prefix}2026-03-04 10:42:08.001 411 INFO shop.api [req-8] fine\n"
    assert read(tmp_path, data) == [
        ("2026-03-04T10:42:07.123000Z", "warning", ("zone_assumed",)),
        ("2026-03-04T10:42:08.001000Z", "info", ("zone_assumed",)),
    ]


@pytest.mark.parametrize(("tz", "hour", "flags"), [(None, "02", ("zone_assumed",)), ("America/Los_Angeles", "10", ())])
def test_of_a_count_of_seconds_and_a_local_time_the_finer_one_counts(tmp_path: Path, tz: str, hour: str, flags: tuple[str, ...]) -> None:
    """The local time has microseconds; its zone is assumed, which is said, or given, and then both agree."""
    lines = [
        f"- {1772620927 + n} 2026.03.04 R02-M1 2026-03-04-02.42.{7 + n:02}.36377{n} R02-M1 RAS KERNEL INFO cache parity {n}\n"
        for n in range(3)
    ]
    assert read(tmp_path, "".join(lines), tz=tz) == [(f"2026-03-04T{hour}:42:{7 + n:02}.36377{n}Z", "info", flags) for n in range(3)]


def test_lines_that_are_not_in_order_are_all_there_and_their_bytes_in_order(tmp_path: Path) -> None:
    data = "".join(f"{number} node-{number} unix.hw state_change {1772620927 + 37 * (number * 7 % 11)} 1 Link ok\n" for number in range(11))
    found = read(tmp_path, data)
    assert [time for time, _, _ in found] == sorted(time for time, _, _ in found)
    assert len(found) == 11


def test_numbers_without_leading_zeros_are_read(tmp_path: Path) -> None:
    data = "20260304-9:2:8:5|Step|30002312|counted 7\n20260304-10:12:38:47|Step|30002312|counted 8\n"
    assert [time for time, _, _ in read(tmp_path, data)] == ["2026-03-04T09:02:08.005000Z", "2026-03-04T10:12:38.047000Z"]


@pytest.mark.parametrize(
    ("data", "wanted", "level"),
    [
        ("03-04 10:42:07.123  1702  2395 W PowerTill: low\n", "2026-03-04T10:42:07.123000Z", "warning"),
        ("[03.04 10:42:07] till.exe - shop.example.org:443 open through proxy\n", "2026-03-04T10:42:07.000000Z", None),
        ("Mar  4 10:42:07 web-1 cron[7]: began\n", "2026-03-04T10:42:07.000000Z", None),
        ("E0304 10:42:07.123456   411 till.cc:88] lost\n", "2026-03-04T10:42:07.123456Z", "error"),
        ("Dec 31 23:59:59 web-1 cron[7]: began\n", "2025-12-31T23:59:59.000000Z", None),
        ("Mar  7 10:42:07 web-1 cron[7]: of last year, as no line is written after its file\n", "2025-03-07T10:42:07.000000Z", None),
    ],
    ids=["phone", "proxy", "syslog", "glog", "new year", "future"],
)
def test_a_year_that_is_not_written_is_that_in_which_the_file_was_and_is_flagged(
    tmp_path: Path, data: str, wanted: str, level: str
) -> None:
    assert read(tmp_path, data) == [(wanted, level, ("year_inferred", "zone_assumed"))]


def test_a_leap_day_without_a_year_is_in_the_last_year_that_had_one(tmp_path: Path) -> None:
    assert [time for time, _, _ in read(tmp_path, "Feb 29 10:42:07 web-1 cron[7]: began\n")] == ["2024-02-29T10:42:07.000000Z"]


def test_numbers_that_look_like_counts_of_seconds_are_no_times(tmp_path: Path) -> None:
    data = "2026-03-04T10:42:07Z INFO order 1772699999 stored as 1772699999123\nid=1772688888 shipped\n2026-03-04T10:42:08Z INFO next\n"
    assert [time for time, _, _ in read(tmp_path, data)] == ["2026-03-04T10:42:07.000000Z", "2026-03-04T10:42:08.000000Z"]


def test_a_second_date_in_the_words_of_a_line_is_not_its_time(tmp_path: Path) -> None:
    data = "".join(
        f"2026-03-04 10:42:{second:02}, Info                  CBS    Loaded stack of 2026-02-11 built 2026-02-11 09:15:00\n"
        for second in range(3)
    )
    assert [(time, level) for time, level, _ in read(tmp_path, data)] == [
        (f"2026-03-04T10:42:{second:02}.000000Z", "info") for second in range(3)
    ]


def test_of_two_times_of_a_proxy_that_of_the_request_counts(tmp_path: Path) -> None:
    data = "Mar  4 10:42:09 lb-1 haproxy[4]: 10.0.0.9:3 [04/Mar/2026:10:42:07.655] shop s/web-1 10/0/30/69/109 503 7 ---- 1/1/1/1/0 0/0\n"
    assert [(time, level) for time, level, _ in read(tmp_path, data)] == [("2026-03-04T10:42:07.655000Z", "error")]


def test_order_within_a_second_is_that_of_the_file(tmp_path: Path) -> None:
    data = "".join(f"2026-03-04T10:42:07Z INFO step {number}\n" for number in range(300))
    path = tmp_path / "a.log"
    path.write_text(data)
    rows, _ = told(tmp_path / "kept", path)
    assert [row["text"].rpartition(" ")[2] for row in rows] == [str(number) for number in range(300)]
