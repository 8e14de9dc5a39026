"""What is kept of a timeline, and why: repeats of one kind stand as one entry with their number, and nobody's words are dropped."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.timeline import highlight as module
from amends.timeline.digest import WARNING, digest, keys_of, packed, unpacked
from amends.timeline.entry import KINDS, LEVELS, REASONS, UNDATED, Event
from amends.timeline.highlight import BURST, GAP, Place, rates
from amends.timeline.highlight import highlights as judged
from amends.timeline.lines.source import LineLog
from amends.timeline.table import COLUMNS, Table, joined, of_events

if TYPE_CHECKING:
    from amends.timeline.digest import Digest
    from amends.timeline.highlight import Kept

ERROR = LEVELS.index("error") + 1
INFO = LEVELS.index("info") + 1
SECOND = 1_000_000


def made(*rows: dict[str, int]) -> Table:
    """A table in order, of rows that are log lines with an error unless they say otherwise."""
    standard = {"kind": KINDS.index("log"), "level": ERROR, "event": -1, "shape": 7}
    rows = tuple({**standard, "offset": number, **row} for number, row in enumerate(rows))
    table = Table({name: np.array([row.get(name, 0) for row in rows], kind) for name, kind in COLUMNS.items()})
    return table.taken(np.argsort(table["time"], kind="stable"))


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


def test_of_nothing_nothing_is_kept() -> None:
    assert len(highlights(made()).table) == 0


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


def cut(table: Table, source: int, places: list[int]) -> list[tuple[Place, Digest]]:
    """The digests of the lines of one source, cut into units before some of its rows."""
    own = table.taken(np.flatnonzero(np.asarray(table["source"]) == source))
    own = own.taken(np.argsort(np.asarray(own["offset"]), kind="stable"))
    key = np.where(np.asarray(own["level"]) >= WARNING, np.asarray(own["shape"]) % len(WORDS) + 1, 0).astype(np.uint64)
    found = []
    for first, last in pairwise([0, *sorted(min(place, len(own)) for place in places), len(own)]):
        part = own.taken(slice(first, last))
        start = int(part["offset"][0]) if len(part) else 0
        part = part.with_columns(offset=np.asarray(part["offset"]) - start)
        texts = {one: WORDS[one - 1] for one in np.unique(key[first:last]).tolist() if one}
        found.append((Place(source, start, 0), unpacked(packed(digest(part, key[first:last], texts)))))
    return found


def told(kept: Kept) -> list[tuple[object, ...]]:
    """Everything that is said of what is kept."""
    columns = [kept.table[name].tolist() for name in COLUMNS if name != "event"]
    return list(zip(*columns, kept.count.tolist(), kept.last.tolist(), kept.why.tolist(), kept.because, strict=True))


UNITS = st.lists(st.integers(0, 120), max_size=4)
BUSY = st.lists(
    st.tuples(st.integers(0, 7200), st.integers(0, 1), st.integers(3, 6), st.integers(0, 2), st.integers(1, 30)).map(
        lambda one: [
            {"time": (one[0] + n * 7) * SECOND, "source": one[1], "level": one[2], "shape": one[3], "offset": 0} for n in range(one[4])
        ]
    ),
    max_size=8,
).map(lambda groups: [{**row, "offset": 10 * n} for n, row in enumerate(row for group in groups for row in group)])


@settings(max_examples=80, deadline=None)
@given(BUSY, UNITS, UNITS, st.booleans())
def test_any_cut_of_the_lines_into_units_keeps_the_same(
    rows: list[dict[str, int]], one: list[int], other: list[int], late_first: bool
) -> None:
    table = made(*rows)
    whole = judged([*cut(table, 0, []), *cut(table, 1, [])], joined([]))
    units = [*cut(table, 0, one), *cut(table, 1, other)]
    assert told(judged(units[::-1] if late_first else units, joined([]))) == told(whole)


@settings(max_examples=80, deadline=None)
@given(BUSY)
def test_what_is_kept_stands_in_order_and_no_line_is_counted_twice(rows: list[dict[str, int]]) -> None:
    table = made(*rows)
    kept = judged([*cut(table, 0, []), *cut(table, 1, [])], joined([]))
    places = list(zip(*(kept.table[name].tolist() for name in ("time", "source", "offset")), strict=True))
    assert places == sorted(places)
    assert len(set(places)) == len(places)
    for kind in {(row["source"], row["level"], row["shape"]) for row in rows if row["level"] >= WARNING}:
        lines = sorted(row["time"] for row in rows if (row["source"], row["level"], row["shape"]) == kind)
        of_kind = np.flatnonzero(
            [one == kind for one in zip(*(kept.table[name].tolist() for name in ("source", "level", "shape")), strict=True)]
        )
        assert kept.count[of_kind].sum() <= len(lines)
        for row in of_kind.tolist():
            if "silence" not in why(kept)[row]:
                first, last = int(kept.table["time"][row]), int(kept.last[row])
                assert int(kept.count[row]) <= sum(first <= time <= last for time in lines)


def test_what_lies_between_two_instants_is_kept_and_judged_on_everything() -> None:
    table = made(*lines(0, 10, 20), *lines(1000, 1010), *lines(3000, 3001, shape=2))
    parts = cut(table, 0, [])
    assert judged(parts, joined([]), 15 * SECOND, 15 * SECOND).count.tolist() == [3]
    assert len(judged(parts, joined([]), 21 * SECOND, 2999 * SECOND).table) == 0
    assert judged(parts, joined([]), 21 * SECOND).table["time"].tolist() == [3000 * SECOND]


def test_the_files_of_a_log_that_was_rotated_are_one_log() -> None:
    table = made(*lines(0, 10, 20, source=0), *lines(30, 40, source=1))
    parts = [*cut(table, 0, []), *cut(table, 1, [])]
    assert judged(parts, joined([])).count.tolist() == [3, 2]
    assert judged(parts, joined([]), logs={1: 0}).count.tolist() == [5]


def steadily(*, until: int = 240, rate: int = 10, **values: int) -> list[dict[str, int]]:
    """Lines of some level, so many a minute."""
    return lines(*(second for second in range(0, until * 60, 60 // rate)), **values)


def test_a_rate_that_rises_is_told_with_the_changes_before_it() -> None:
    errors = [*lines(*range(0, 240 * 60, 120)), *lines(*range(180 * 60 + 1, 200 * 60, 3))]
    table = made(*errors, *steadily(level=INFO, shape=0))
    deploys = [Event(at * SECOND, "", "utc", n, 1, "deploy", f"v{n}") for n, at in enumerate((60, 9_000, 10_700, 11_100))]
    kept = judged(cut(table, 0, []), of_events(1, deploys))
    (row,) = [row for row, one in enumerate(why(kept)) if "rate-change" in one and "after-change" in one]
    at = int(kept.table["time"][row])
    assert abs(at - 180 * 60 * SECOND) <= 60 * SECOND
    rose, *named = kept.because[row]
    assert rose == "rose from about 30 an hour to about 20 a minute"
    assert named[0].startswith("candidate: deploy “v2”, 1")
    assert named[1].startswith("candidate: deploy “v1”, ")
    assert len(named) == 2
    assert not any("cause" in word for words in kept.because for word in words)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 1500), max_size=6))
def test_neither_a_rise_nor_a_silence_depends_on_where_units_end(places: list[int]) -> None:
    quiet = [row for row in steadily(level=INFO, rate=5, shape=0) if not 100 <= row["time"] // (60 * SECOND) < 112]
    rows = [*quiet, *lines(*range(0, 90 * 60, 180)), *lines(*range(150 * 60, 170 * 60, 5))]
    table = made(*({**row, "offset": 10 * n} for n, row in enumerate(sorted(rows, key=lambda row: row["time"]))))
    whole = told(judged(cut(table, 0, []), joined([])))
    assert {reason for one in why(judged(cut(table, 0, []), joined([]))) for reason in one} >= {"rate-change", "silence", "first-seen"}
    assert told(judged(cut(table, 0, places), joined([]))) == whole


def test_an_error_that_is_new_after_a_change_says_so_if_the_log_was_seen_before() -> None:
    table = made(*lines(0, level=INFO), *lines(100), *lines(0, source=1, level=INFO))
    deploy = [Event(50 * SECOND, "", "utc", 0, 1, "deploy", "v7")]
    kept = judged(cut(table, 0, []), of_events(2, deploy))
    assert why(kept)[1] == {"first-seen", "after-change"}
    assert kept.because[1] == ("candidate: deploy “v7”, 50 s before",)
    late = made(*lines(100))
    assert why(judged(cut(late, 0, []), of_events(2, deploy)))[1] == {"first-seen"}


def test_what_begins_together_names_its_candidates_once() -> None:
    words = [0, 1, 2]
    errors = [row for source in words for row in [*lines(0, source=source, level=INFO), *lines(100 + 9 * source, source=source)]]
    deploy = [Event(50 * SECOND, "", "utc", 0, 1, "deploy", "v7"), Event(150 * SECOND, "", "utc", 1, 1, "alert", "firing", level="error")]
    again = [Event(900 * SECOND, "", "utc", 2, 1, "alert", "firing too", level="error")]
    kept = judged([part for source in words for part in cut(made(*errors), source, [])], of_events(7, [*deploy, *again]))
    assert kept.because == (
        (),
        ("candidate: deploy “v7”, 50 s before",),
        ("9 s after the errors of 00:01:40Z, where the candidates are named",),
        ("18 s after the errors of 00:01:40Z, where the candidates are named",),
        ("50 s after the errors of 00:01:40Z, where the candidates are named",),
        ("candidate: deploy “v7”, 14 min before",),
    )
    assert all("after-change" in one for one in why(kept)[1:])


def test_what_follows_another_change_names_it() -> None:
    errors = [row for source in (0, 1) for row in [*lines(0, source=source, level=INFO), *lines(100 + 90 * source, source=source)]]
    deploys = [Event(at * SECOND, "", "utc", at, 1, "deploy", f"v{at}") for at in (50, 150)]
    kept = judged([part for source in (0, 1) for part in cut(made(*errors), source, [])], of_events(7, deploys))
    assert kept.because[-1] == ("candidate: deploy “v150”, 40 s before", "candidate: deploy “v50”, 140 s before")


@pytest.mark.parametrize(
    ("lines", "minutes", "said"),
    [
        (12.4, 20, "about 12 a minute"),
        (2.0, 20, "about 2 a minute"),
        (1.33, 30, "about 40 in 30 minutes"),
        (0.5, 300, "about 30 an hour"),
        (0.001, 60, "almost none"),
    ],
)
def test_a_rate_is_told_in_numbers_that_people_count_in(lines: float, minutes: int, said: str) -> None:
    assert module.rate_of(lines, minutes) == said


def test_clocks_that_may_differ_make_no_candidate() -> None:
    table = made(*lines(0, level=INFO), *lines(100))
    kept = judged(cut(table, 0, []), of_events(2, [Event(50 * SECOND, "", "utc", 0, 1, "deploy", "v7")]), doubts={2: 90 * SECOND})
    assert kept.because[1] == ("at about the same time, since clocks may differ by 90 s: deploy “v7”",)


def test_a_line_that_tells_of_a_change_is_one_and_a_candidate() -> None:
    told = {29: b"INFO Deployed v7", 30: b"ERROR no disk"}
    data = b"".join(b"2026-03-04 10:%02d:00 %s\n" % (minute, told.get(minute, b"INFO served")) for minute in range(60))
    log = LineLog(0, date(2026, 3, 4))
    log.read(np.frombuffer(data, np.uint8), 0)
    table = log.table()
    parts = [(Place(0, 0, 0), digest(table, *keys_of(table, np.frombuffer(data, np.uint8), 0)))]

    def text(rows: Table, row: int) -> str:
        at = int(rows["offset"][row])
        return data[at : at + int(rows["length"][row])].decode()[20:]

    kept, quoted = judged(parts, joined([])), judged(parts, joined([]), said=text)
    assert why(kept) == [{"change"}, {"first-seen", "after-change"}]
    assert kept.because[1] == ("candidate: “INFO Deployed v#”, 60 s before",)
    assert quoted.because[1] == ("candidate: “INFO Deployed v7”, 60 s before",)


def test_a_log_that_falls_silent_is_told_at_its_last_line() -> None:
    again = [{**row, "time": row["time"] + 107 * 60 * SECOND} for row in steadily(until=60, level=INFO)]
    table = made(*steadily(until=100, level=INFO), *again)
    kept = judged(cut(table, 0, [300, 500]), joined([]))
    assert why(kept) == [{"silence"}]
    assert kept.table["time"].tolist() == [(100 * 60 - 6) * SECOND]
    assert kept.because == (("no line for 426 s",),)


def said(*told: tuple[int, str, str, str | None]) -> Kept:
    """What is kept of events: the second, the kind, the words and the author of each."""
    events = [Event(at * SECOND, "", "utc", n, 1, kind, text, actor=actor) for n, (at, kind, text, actor) in enumerate(told)]
    return judged([], of_events(0, events))


def test_repeats_of_an_alert_are_one_entry() -> None:
    disk = [(0, "alert", "firing: disk at 91 %", None), (30, "alert", "firing: disk at 95 %", None)]
    kept = said(*disk, (31, "alert", "firing: memory", None))
    assert kept.count.tolist() == [2, 1]
    assert kept.last.tolist() == [30 * SECOND, 31 * SECOND]


def test_what_two_people_say_is_never_one_entry() -> None:
    assert said((0, "chat", "same here", "Ada"), (1, "chat", "same here", "Bo"), (2, "chat", "same here", None)).count.tolist() == [1, 1, 1]
    assert said((0, "chat", "4 left", "Ada"), (1, "chat", "5 left", "Ada"), (2, "chat", "5 left", "Ada")).count.tolist() == [1, 2]


def test_a_change_that_a_program_tells_in_a_chat_is_one_and_still_a_statement() -> None:
    kept = said((0, "chat", "shop v7 → production: finished", "deploybot"), (9, "chat", "shop v7 → production: finished", "Ada"))
    assert why(kept) == [{"human", "change"}, {"human"}]


def test_alerts_name_the_changes_before_them() -> None:
    events = [Event(0, "", "utc", 0, 1, "deploy", "v7"), Event(90 * SECOND, "", "utc", 1, 1, "alert", "firing", level="error")]
    assert judged([], of_events(0, events)).because == ((), ("candidate: deploy “v7”, 90 s before",))


def test_rates_are_those_of_all_lines_and_of_serious_ones() -> None:
    table = made(*lines(0, 1, 61, level=INFO), *lines(2, 3600), *lines(5, source=1))
    found = rates([*cut(table, 0, [2]), *cut(table, 1, [])])
    assert (found[0].minute.tolist(), found[0].all.tolist(), found[0].serious.tolist()) == ([0, 1, 60], [3, 1, 1], [1, 0, 1])
    assert found[1].serious.tolist() == [1]
