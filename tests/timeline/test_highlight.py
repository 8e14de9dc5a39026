"""What is kept of a timeline, and why: repeats of one kind stand as one entry with their number, and nobody's words are dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.timeline.digest import WARNING, digest
from amends.timeline.entry import KINDS, LEVELS, REASONS, UNDATED
from amends.timeline.highlight import BURST, GAP, Place, everything
from amends.timeline.highlight import highlights as judged
from amends.timeline.table import COLUMNS, Table, in_order

if TYPE_CHECKING:
    from amends.timeline.highlight import Kept

ERROR = LEVELS.index("error") + 1
INFO = LEVELS.index("info") + 1
SECOND = 1_000_000


def made(*rows: dict[str, int]) -> Table:
    """A table in order, of rows that are log lines with an error unless they say otherwise."""
    standard = {"kind": KINDS.index("log"), "level": ERROR, "event": -1, "shape": 7}
    rows = tuple({**standard, "offset": number, **row} for number, row in enumerate(rows))
    return in_order(Table({name: np.array([row.get(name, 0) for row in rows], kind) for name, kind in COLUMNS.items()}))


WORDS = ("apples are sour", "bread went stale there", "the cellar is full of water")


def highlights(table: Table) -> Kept:
    """What is kept of rows: log lines by the digest of each source, the wording told by `shape`; the rest as events."""
    log = np.asarray(table["kind"]) == KINDS.index("log")
    digests = []
    for source in np.unique(np.asarray(table["source"])[log]).tolist():
        own = table.taken(log & (np.asarray(table["source"]) == source))
        wordings = np.unique(table["shape"])
        key = np.where(np.asarray(own["level"]) >= WARNING, np.searchsorted(wordings, own["shape"]) + 1, 0).astype(np.uint64)
        digests.append((Place(source, 0, 0), digest(own, key, dict(enumerate(WORDS, 1)))))
    return judged(digests, table.taken(~log))


def lines(*times: float, **values: int) -> list[dict[str, int]]:
    return [{"time": round(time * SECOND), **values} for time in times]


def why(kept: Kept) -> list[set[str]]:
    return [{name for bit, name in enumerate(REASONS) if int(one) >> bit & 1} for one in kept.why]


def test_bursts_collapse_by_kind_though_they_are_interleaved() -> None:
    kept = highlights(made(*lines(*range(0, 40, 2), shape=1), *lines(*range(1, 40, 2), shape=2)))
    assert kept.table["time"].tolist() == [0, SECOND]
    assert kept.count.tolist() == [20, 20]
    assert kept.last.tolist() == [38 * SECOND, 39 * SECOND]
    assert why(kept) == [{"first-seen", "burst"}] * 2


@pytest.mark.parametrize(("apart", "counts"), [(GAP, [2]), (GAP + 1, [1])])
def test_a_burst_ends_when_more_than_the_gap_lies_between(apart: int, counts: list[int]) -> None:
    assert highlights(made({"time": 5}, {"time": 5 + apart})).count.tolist()[:1] == counts


def test_a_kind_that_comes_again_in_a_burst_is_kept_and_is_not_seen_for_the_first_time() -> None:
    kept = highlights(made(*lines(*range(BURST)), *lines(*range(1000, 1000 + BURST))))
    assert why(kept) == [{"first-seen", "burst"}, {"burst"}]
    assert kept.count.tolist() == [BURST, BURST]


@pytest.mark.parametrize(("count", "reasons"), [(BURST - 1, {"first-seen"}), (BURST, {"first-seen", "burst"})])
def test_it_takes_some_lines_to_make_a_burst(count: int, reasons: set[str]) -> None:
    assert why(highlights(made(*lines(*range(count))))) == [reasons]


@pytest.mark.parametrize(("name", "values"), [("source", (0, 1)), ("level", (WARNING, ERROR)), ("shape", (3, 4))])
def test_no_burst_spans_two_sources_levels_or_looks(name: str, values: tuple[int, int]) -> None:
    kept = highlights(made(*lines(0, 2, 4, **{name: values[0]}), *lines(1, 3, **{name: values[1]})))
    assert kept.table[name].tolist() == list(values)
    assert kept.count.tolist() == [3, 2]


def test_what_is_less_than_a_warning_or_says_no_level_is_not_kept() -> None:
    assert len(highlights(made(*lines(0, 1, level=INFO), *lines(2, level=0))).table) == 0


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("deploy", "change"),
        ("commit", "change"),
        ("alert", "alert"),
        ("chat", "human"),
        ("mail", "human"),
        ("ticket", "human"),
        ("status", "human"),
    ],
)
def test_changes_alerts_and_people_are_always_kept_each_by_itself(kind: str, reason: str) -> None:
    table = made(
        *lines(1, 1, 2, kind=KINDS.index(kind), level=0), *lines(0, 1, level=INFO), {"time": UNDATED, "kind": KINDS.index(kind), "level": 0}
    )
    kept = highlights(table)
    assert why(kept) == [{reason}] * 4
    assert kept.count.tolist() == [1] * 4


def test_within_a_second_the_order_of_the_sources_is_kept() -> None:
    table = made(*({"time": 5, "offset": at, "source": source, "kind": KINDS.index("chat")} for source in (0, 1) for at in (10, 20, 30)))
    kept = highlights(table)
    places = list(zip(kept.table["source"].tolist(), kept.table["offset"].tolist(), strict=True))
    assert places == [(0, 10), (0, 20), (0, 30), (1, 10), (1, 20), (1, 30)]


def test_all_entries_are_each_by_itself() -> None:
    kept = everything(made(*lines(*range(30))))
    assert kept.count.tolist() == [1] * 30
    assert kept.last.tolist() == kept.table["time"].tolist()


def test_of_nothing_nothing_is_kept() -> None:
    assert len(highlights(made()).table) == len(everything(made()).table) == 0


def test_what_has_no_time_is_no_burst() -> None:
    assert len(highlights(made(*({"time": UNDATED} for _ in range(20)))).table) == 0


ROWS = st.lists(
    st.builds(
        lambda time, source, level, shape, kind: {"time": time * SECOND, "source": source, "level": level, "shape": shape, "kind": kind},
        st.integers(0, 400),
        st.integers(0, 2),
        st.integers(0, 7),
        st.sampled_from([0, 1, 2**64 - 1]),
        st.integers(0, len(KINDS) - 1),
    ),
    max_size=60,
)


def bursts(table: Table) -> list[list[int]]:
    """The rows of each run of lines of one kind, found by going from one to the next."""
    runs: list[list[int]] = []
    open_run: dict[tuple[int, int, int], list[int]] = {}
    for row in range(len(table)):
        if int(table["kind"][row]) != KINDS.index("log") or int(table["level"][row]) < WARNING:
            continue
        key = int(table["source"][row]), int(table["level"][row]), int(table["shape"][row])
        run = open_run.get(key)
        if run is None or int(table["time"][row]) - int(table["time"][run[-1]]) > GAP:
            open_run[key] = run = []
            runs.append(run)
        run.append(row)
    return runs


@settings(max_examples=200, deadline=None)
@given(ROWS)
def test_counts_are_those_of_the_lines(rows: list[dict[str, int]]) -> None:
    table = made(*rows)
    kept = highlights(table)
    seen: set[tuple[int, ...]] = set()
    wanted: dict[int, tuple[int, int]] = {}
    for run in bursts(table):
        key = tuple(int(table[name][run[0]]) for name in ("source", "level", "shape"))
        if key not in seen or len(run) >= BURST:
            wanted[int(table["offset"][run[0]])] = len(run), int(table["time"][run[-1]])
        seen.add(key)
    log = kept.table["kind"] == KINDS.index("log")
    found = zip(kept.table["offset"][log].tolist(), kept.count[log].tolist(), kept.last[log].tolist(), strict=True)
    assert {at: (count, last) for at, count, last in found} == wanted
    assert sum(1 for one in why(kept) if "first-seen" in one) == len(seen)
    assert kept.table["time"].tolist() == sorted(kept.table["time"].tolist())
