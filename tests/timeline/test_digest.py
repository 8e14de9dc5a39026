"""What a unit keeps of its lines: one key for lines that say the same, and counts that, put together, are those of the whole."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.timeline import digest as module
from amends.timeline.digest import CELL, PAUSE, WARNING, digest, keys_of, keys_of_events, packed, unpacked
from amends.timeline.entry import UNDATED, Event
from amends.timeline.kinds import is_change, wording
from amends.timeline.lines.source import LineLog
from amends.timeline.table import COLUMNS, Table, of_events

STAMP = b"2026-03-04 10:%02d:%02d,%03d "


def table_of(data: bytes) -> Table:
    log = LineLog(3, date(2026, 3, 4))
    log.read(np.frombuffer(data, np.uint8), 0)
    return log.table()


def keyed(*lines: bytes, end: bytes = b"\n") -> tuple[list[int], dict[int, str]]:
    """The keys of lines, each with a time of its own before it."""
    data = end.join(STAMP % (number // 60, number % 60, 0) + line for number, line in enumerate(lines)) + end
    keys, texts = keys_of(table_of(data), np.frombuffer(data, np.uint8), 0)
    return keys.tolist(), texts


def test_lines_of_one_wording_have_one_key_and_it_is_told() -> None:
    keys, texts = keyed(b"ERROR no disk 9 left", b"ERROR no disk 1000 left", b"ERROR no disc 9 left")
    assert keys[0] == keys[1] != keys[2]
    assert texts == {keys[0]: "ERROR no disk # left", keys[2]: "ERROR no disc # left"}


@pytest.mark.parametrize("before", [0, 10, 57, 64, 100, 128, 500, 900])
def test_lines_that_differ_late_are_of_two_kinds(before: int) -> None:
    keys, _ = keyed(b"ERROR " + b"x" * before + b" opened", b"ERROR " + b"x" * before + b" closed")
    assert keys[0] != keys[1]


def test_lines_below_warning_have_none_unless_they_tell_of_a_change() -> None:
    keys, texts = keyed(b"INFO served 9", b"INFO Deployed checkout v7", b"DEBUG config is 7 bytes", b"ERROR Deployed nothing")
    assert [key > 0 for key in keys] == [False, True, False, True]
    assert texts[keys[1]] == "INFO Deployed checkout v#"


def test_a_change_that_is_told_late_in_a_line_is_found() -> None:
    assert keyed(b"INFO " + b"a.b.c " * 15 + b"Deployed checkout", b"INFO served")[0][0] > 0


@pytest.mark.parametrize("others", [0, 1, 1000])
def test_however_many_lines_look_alike_one_that_tells_of_a_change_late_is_found(others: int) -> None:
    same = b"INFO " + b"a.b.c " * 11
    keys, texts = keyed(*[same + b"served"] * others, same + b"Deployed checkout v7", *[same + b"served"] * others)
    assert [place for place, key in enumerate(keys) if key] == [others]
    assert set(texts.values()) == {(same + b"Deployed checkout v#").decode()}


def test_web_requests_have_a_key_for_each_method_path_and_status_whoever_asked() -> None:
    asked = [(b"10.0.0.7", b"/pay/1", 504), (b"192.0.2.117", b"/pay/22", 504), (b"10.0.0.7", b"/pay/1", 502), (b"10.0.0.7", b"/cart", 504)]
    agents = [b"curl/8.9.1", b"Mozilla/5.0 (X11; Linux)", b"curl/8.9.1", b"curl/8.9.1"]
    data = b"".join(
        b'%s - - [04/Mar/2026:10:00:0%d +0000] "POST %s HTTP/1.1" %d 164 "-" "%s" 0.%d\n' % (peer, second, path, status, agent, second)
        for second, ((peer, path, status), agent) in enumerate(zip(asked, agents, strict=True))
    )
    table = table_of(data)
    keys, texts = keys_of(table, np.frombuffer(data, np.uint8), 0)
    assert [texts[key] for key in keys.tolist()] == ["POST /pay/# 504", "POST /pay/# 504", "POST /pay/# 502", "POST /cart 504"]
    alone = [keys_of(table.taken(slice(row, row + 1)), np.frombuffer(data, np.uint8), 0)[0].tolist() for row in range(4)]
    assert [key for (key,) in alone] == keys.tolist()


def test_of_an_entry_of_several_lines_the_first_makes_the_kind() -> None:
    keys, texts = keyed(b"ERROR no disk\n  at one\n  at two", b"ERROR no disk", b"ERROR no disk\n  at three", b"ERROR no disk\n")
    assert set(texts.values()) == {"ERROR no disk"}
    assert len(set(keys)) == 1


def test_line_ends_make_no_kind() -> None:
    lines = (b"ERROR no disk 4", b"WARN slow\n  at one", b"INFO served")
    assert keyed(*lines) == keyed(*lines, end=b"\r\n")


def test_a_line_whose_time_stands_at_its_end_is_told_by_what_stands_before() -> None:
    data = b"127.0.0.1 refused the page [04/Mar/2026:10:42:07 +0000]\n127.0.0.1 opened the page [04/Mar/2026:10:42:08 +0000]\n"
    columns = {name: np.zeros(2, kind) for name, kind in COLUMNS.items()}
    starts = np.array([0, data.index(b"\n") + 1])
    places = np.array([data.index(b"[") + 1, data.index(b"[") + 1 + 0])
    own = {"offset": starts, "length": np.diff([*starts, len(data)]) - 1, "line": [1, 2], "level": [WARNING] * 2, "time_at": places}
    table = Table({**columns, **{name: np.asarray(value, COLUMNS[name]) for name, value in own.items()}})
    table = table.with_columns(time_length=np.full(2, 26, np.int16), event=np.full(2, -1, np.int32))
    keys, _ = keys_of(table, np.frombuffer(data, np.uint8), 0)
    assert keys[0] != keys[1]


WORDS = st.sampled_from([b"disk", b"disc", b"7", b"1234", b"10.0.0.1", b"3f2a91c0", b"restarted", b"x" * 61, b"\xc3\xa9", b"{"])
LINES = st.lists(st.tuples(st.sampled_from([b"ERROR", b"WARN", b"INFO"]), st.lists(WORDS, max_size=6), st.booleans()), max_size=30)


@settings(max_examples=60, deadline=None)
@given(LINES, st.integers(0, 30))
def test_keys_are_those_of_the_wordings_wherever_a_source_is_cut(lines: list[tuple[bytes, list[bytes], bool]], cut: int) -> None:
    raw = [
        STAMP % (n // 60, n % 60, n) + b" ".join([level, *words]) + b"\n" + b"  at a\n" * more
        for n, (level, words, more) in enumerate(lines)
    ]
    data = b"".join(raw)
    if not data:
        return
    table = table_of(data)
    keys, texts = keys_of(table, np.frombuffer(data, np.uint8), 0)
    for row in range(len(table)):
        first = data[int(table["offset"][row]) :].split(b"\n", 1)[0]
        behind = first[int(table["time_at"][row]) + int(table["time_length"][row]) :]
        said = wording(behind)
        serious = int(table["level"][row]) >= WARNING
        if len(first) > int(table["time_at"][row]) + int(table["time_length"][row]) + 8:
            change = is_change(said) and module.has_stem(behind[: module.SEEN])  # further behind nobody looks for one
            assert texts.get(int(keys[row])) == (said if serious or change else None)
    at = len(b"".join(raw[:cut]))
    after = np.asarray(table["offset"]) >= at
    for part, (start, end) in ((~after, (0, at)), (after, (at, len(data)))):
        own = np.frombuffer(data[start:end], np.uint8)
        assert keys_of(table.taken(part), own, start)[0].tolist() == keys[part].tolist()


def test_many_lines_with_little_in_common_are_searched_and_the_same_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [b"INFO a", b"INFO Deployed v7", b"INFO " + b"a.b.c " * 15 + b"Deployed v8", b"INFO " + b"x" * 200 + b" Deployed v8", b"INFO b"]
    found = keyed(*lines)
    assert [key > 0 for key in found[0]] == [False, True, True, False, False]
    monkeypatch.setattr(module, "_ASKED", 1)
    assert keyed(*lines) == found


def test_beyond_a_number_of_kinds_the_rarest_are_told_by_their_first_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KINDS", 2)
    lines = [*[b"ERROR one"] * 3, *[b"ERROR two"] * 2, b"ERROR a b c d", b"ERROR a b c e", b"ERROR f g h i"]
    keys, texts = keyed(*lines)
    assert [texts[key] for key in keys[2:]] == ["ERROR one", "ERROR two", "ERROR two", *["ERROR a b c …"] * 2, "ERROR f g h …"]
    keys, texts = keyed(*lines, b"ERROR k", b"ERROR l")
    assert [texts[key] for key in keys[4:]] == ["ERROR two", *["lines that are all unlike"] * 5]


def test_events_that_are_log_lines_have_keys_too() -> None:
    said = [("error", "no disk 4"), ("error", "no disk 17\nat one"), ("info", "no disk 4"), ("info", "deployed v4")]
    events = [Event(n, "", "utc", n, 1, "log", text, level=level) for n, (level, text) in enumerate(said)]
    keys, texts = keys_of_events(of_events(0, [*events, Event(9, "", "utc", 9, 1, "chat", "deployed v4")]))
    assert keys[0] == keys[1] > 0
    assert keys[2] == keys[4] == 0
    assert texts[int(keys[3])] == "deployed v#"


def rows(*times: int, level: int = WARNING) -> Table:
    values = {
        "time": times,
        "offset": range(len(times)),
        "line": range(len(times)),
        "level": [level] * len(times),
        "event": [-1] * len(times),
    }
    return Table({name: np.array(list(values.get(name, [0] * len(times))), kind) for name, kind in COLUMNS.items()})


def test_a_cell_has_its_first_line_how_many_and_the_last_time() -> None:
    table = rows(5, CELL - 1, 3, CELL, UNDATED)
    made = digest(table, np.array([7, 7, 7, 7, 7], np.uint64), {7: "a"})
    assert made.cells["time"].tolist() == [3, CELL]
    assert made.cells["offset"].tolist() == [2, 3]
    assert (made.count.tolist(), made.last.tolist()) == ([3, 1], [CELL - 1, CELL])


def test_of_two_lines_of_one_microsecond_the_first_is_the_first() -> None:
    assert digest(rows(5, 5, 5), np.array([7, 7, 7], np.uint64), {7: "a"}).cells["offset"].tolist() == [0]


def test_minutes_tell_how_many_lines_of_each_level() -> None:
    minute = 60_000_000
    made = digest(rows(-1, 0, 1, 10 * minute, UNDATED, level=3), np.zeros(5, np.uint64), {})
    assert (made.minute.tolist(), made.level.tolist(), made.lines.tolist()) == ([-1, 0, 10], [3, 3, 3], [1, 2, 1])
    far = digest(rows(0, 10**17), np.zeros(2, np.uint64), {})
    assert (far.minute.tolist(), far.lines.tolist()) == ([0, 10**17 // minute], [1, 1])


def test_the_last_line_before_a_pause_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    minute = 60_000_000
    times = [0, 1, PAUSE * minute, (PAUSE + 1) * minute, (PAUSE + 50) * minute, (PAUSE + 51) * minute]
    assert digest(rows(*times), np.zeros(6, np.uint64), {}).pauses["offset"].tolist() == [1, 3, 5]
    monkeypatch.setattr(module, "MOST_PAUSES", 1)
    assert digest(rows(*times), np.zeros(6, np.uint64), {}).pauses["offset"].tolist() == [3, 5]


def test_when_there_is_something_again_behind_a_pause_is_kept() -> None:
    minute = 60_000_000
    assert digest(rows(5, 9, 20 * minute + 7, 21 * minute), np.zeros(4, np.uint64), {}).resumes.tolist() == [5, 20 * minute + 7]
    assert digest(rows(), np.zeros(0, np.uint64), {}).resumes.tolist() == []


def test_a_digest_is_the_same_after_it_was_bytes() -> None:
    events = [Event(n * CELL, "then", "stated", n, 1, "log", f"disk {n}", level="error", actor="a") for n in range(3)]
    table = of_events(0, [Event(0, "", "utc", 0, 1, "chat", "hello"), *events])
    made = digest(table, *keys_of_events(table))
    again = unpacked(packed(made))
    assert packed(again) == packed(made)
    assert again.texts == made.texts
    assert again.cells.events == made.cells.events == tuple(events)
    for name in COLUMNS:
        assert again.cells[name].dtype == COLUMNS[name]
        assert again.cells[name].tolist() == made.cells[name].tolist()
        assert again.pauses[name].tolist() == made.pauses[name].tolist()
    for name in ("key", "count", "last", "minute", "level", "lines", "resumes"):
        assert getattr(again, name).tolist() == getattr(made, name).tolist()
