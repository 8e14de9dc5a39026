"""Parts of a timeline: rows that go in come out in order, from any number of parts, and a part is there whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.store.evidence.folder import Folder, name_of
from amends.store.evidence.parts import Parts, Placed, Stretch
from amends.timeline.entry import UNDATED, Event
from amends.timeline.table import of_events

if TYPE_CHECKING:
    from pathlib import Path

TIMES = st.lists(st.integers(-5, 20) | st.just(UNDATED), max_size=12)


def write(parts: Parts, path: Path, times: list[int]) -> Placed:
    """A part of log lines of ten bytes each, at these times."""
    events = [Event(time, "", "stated", 10 * number, 9, "log", f"line {number}") for number, time in enumerate(times)]
    table = of_events(0, events, [number + 1 for number in range(len(times))])
    order = np.argsort(table["time"], kind="stable")
    parts.write(table.taken(order), np.zeros(len(times), np.uint64), str(path))
    dated = [time for time in times if time != UNDATED]
    return Placed(str(path), (), min(dated, default=None), max(dated, default=None), len(times) - len(dated), has_texts=bool(times))


@given(st.lists(TIMES, min_size=1, max_size=4), st.integers(-6, 21), st.integers(0, 10))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_rows_come_out_in_order_of_time_then_source_then_place(
    tmp_path_factory: pytest.TempPathFactory, units: list[list[int]], start: int, width: int
) -> None:
    folder = tmp_path_factory.mktemp("parts")
    wanted = []
    with Parts(threads=1, spill=str(folder)) as parts:
        placed = []
        for source, times in enumerate(units):
            one = write(parts, folder / f"it's {source}.parquet", times)
            placed.append(Placed(one.path, (Stretch(source, 1000, 7),), one.first, one.last, one.undated, has_texts=one.has_texts))
            wanted += [(time, source, 1000 + 10 * number, 8 + number) for number, time in enumerate(times)]
        for window in ((None, None), (start, start + width), (start, None), (None, start)):
            inside = [
                one for one in wanted
                if one[0] == UNDATED or ((window[0] is None or one[0] >= window[0]) and (window[1] is None or one[0] <= window[1]))
            ]  # fmt: skip
            found = [(row.time, row.source, row.offset, row.line) for rows in parts.ordered(placed, *window) for row in rows]
            assert found == sorted(inside)
            assert parts.count(placed, *window) == len(inside)
        for time, source, offset, _ in wanted:
            row = parts.find(placed, source, offset + 3)
            assert row is not None
            assert (row.time, row.offset, row.text) == (time, offset, f"line {(offset - 1000) // 10}")
        assert parts.find(placed, 99, 0) is None


def test_a_part_is_the_same_bytes_whoever_writes_it(tmp_path: Path) -> None:
    for name in ("a", "b"):
        with Parts(threads=1) as parts:
            write(parts, tmp_path / name, [3, 1, UNDATED, 2] * 5000)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_part_that_cannot_be_written_is_an_error_of_the_system_and_leaves_nothing(tmp_path: Path) -> None:
    with Parts(threads=1) as parts:
        with pytest.raises(OSError):  # noqa: PT011  # whatever the system says
            write(parts, tmp_path / "gone" / "a", [1])
        write(parts, tmp_path / "a", [1])
    assert os.listdir(tmp_path) == ["a"]


def test_half_characters_and_nothing_are_kept_as_well_as_they_can_be(tmp_path: Path) -> None:
    event = Event(1, "", "stated", 0, 4, "chat", "a \ud83d b \0", "Ana")
    with Parts(threads=1) as parts:
        table = of_events(0, [event], [1])
        parts.write(table, np.zeros(1, np.uint64), str(tmp_path / "a"))
        ((row,),) = parts.ordered([Placed(str(tmp_path / "a"), (Stretch(0, 0, 0),), 1, 1, 0, has_texts=True)])
    assert (row.text, row.actor) == ("a ? b \0", "Ana")


def test_a_record_is_there_whole_or_not_at_all_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path / "kept"))
    name = name_of("a", 1, None, b"\0")
    assert folder.get("units", name) is None
    folder.put("units", name, b"one")
    folder.put("units", name, b"two")
    assert folder.get("units", name) == b"two"
    assert [path.name for path in (tmp_path / "kept").rglob("*") if path.is_file()] == [name]
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0


@given(
    st.lists(st.binary() | st.text() | st.integers() | st.none(), max_size=4), st.lists(st.binary() | st.text() | st.integers(), max_size=4)
)
def test_names_of_unlike_things_are_unlike(one: list[bytes | str | int | None], other: list[bytes | str | int]) -> None:
    assert (name_of(*one) == name_of(*other)) == (one == other)


def test_what_nobody_asked_for_is_swept_and_what_was_asked_for_stays(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path))
    for name in ("aa-old", "aa-asked", "aa-new"):
        folder.put("units", name, b"x")
    month = 31 * 86_400
    for name in ("aa-old", "aa-asked"):
        os.utime(tmp_path / "units" / "aa" / name, (1000, 1000))
    now = os.stat(tmp_path / "units" / "aa" / "aa-new").st_mtime
    assert folder.get("units", "aa-asked") == b"x"
    folder.sweep(now)
    assert sorted(os.listdir(tmp_path / "units" / "aa")) == ["aa-asked", "aa-new"]
    folder.sweep(now + 60)
    folder.sweep(now + month)
    assert os.listdir(tmp_path / "units" / "aa") == []
