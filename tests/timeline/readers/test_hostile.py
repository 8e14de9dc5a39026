"""Readers meet bytes that nobody meant them to meet: nothing raises, nothing is cited that is not there, and what is whole is read."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amends.timeline.entry import UNDATED, Event
from amends.timeline.readers import HEAD, READERS, Reader, Source, reader_of
from timeline.readers.golden import samples

if TYPE_CHECKING:
    from amends.core.problem import Problem

BY_ID = {one.id: one for one in READERS}
DATA = [(path.parent.name, path.read_bytes()) for path in samples()]
SOME = [
    b"\x00",
    b"\xff",
    b'"',
    b"\\",
    b"{",
    b"[",
    b"}",
    b"]",
    b",",
    b"\n",
    b"\n\n",
    b"null",
    b"1e999",
    b"NaN",
    b"\\ud800",
    b"9999-12-31",
    b"-1",
    b"From ",
    b"|",
]


def check(reader: Reader, data: bytes) -> tuple[list[Event], list[Problem]]:
    events, problems = [], []
    for one in reader.read(Source("x", data)):
        if isinstance(one, Event):
            assert 0 <= one.offset <= one.offset + one.length <= len(data)
            assert one.time == UNDATED or 0 <= one.time < 2**53
            one.text.encode()
            events.append(one)
        else:
            problems.append(one)
    return events, problems


@pytest.mark.parametrize("reader", READERS, ids=lambda one: one.id)
@given(st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_any_bytes(reader: Reader, data: bytes) -> None:
    reader.sniff(data, "x")
    check(reader, data)


@pytest.mark.parametrize(("id", "data"), DATA, ids=lambda part: part if isinstance(part, str) else "")
@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_samples_with_pieces_changed(id: str, data: bytes, draw: st.DataObject) -> None:
    changed = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, len(changed)))
        upto = min(len(changed), at + draw.draw(st.sampled_from([0, 0, 1, 3, 40])))
        changed[at:upto] = draw.draw(st.sampled_from(SOME) | st.binary(max_size=6))
    reader_of(bytes(changed[:HEAD]), "x")
    check(BY_ID[id], bytes(changed))


@pytest.mark.parametrize(("id", "data"), DATA, ids=lambda part: part if isinstance(part, str) else "")
def test_samples_cut_off_anywhere(id: str, data: bytes) -> None:
    whole, _ = check(BY_ID[id], data)
    for cut in range(0, len(data), max(1, len(data) // 40)):
        events, problems = check(BY_ID[id], data[:cut])
        assert len(events) <= len(whole) + 1
        assert events or problems or cut < len(data) // 2 or id in {"markdown", "table", "slack-names", "opsgenie"}


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "soon", 5e300, [], {}, None, True])
@pytest.mark.parametrize(
    ("id", "data"), [pair for pair in DATA if pair[1][:1] in b"{["], ids=lambda part: part if isinstance(part, str) else ""
)
def test_values_of_another_kind_everywhere(id: str, data: bytes, value: object) -> None:
    """Whatever stands where a reader looks for something else, it says so and goes on."""
    import json

    def swapped(node: object, depth: int = 0) -> list[object]:
        if isinstance(node, dict):
            made: list[object] = [{**node, key: value} for key in node]
            made += [{**node, key: inner} for key, found in node.items() for inner in swapped(found, depth + 1)]
            return made
        if isinstance(node, list):
            return [
                [*node[:number], inner, *node[number + 1 :]] for number, found in enumerate(node[:2]) for inner in [value, *swapped(found)]
            ]
        return []

    for line in [data] if data[:1] == b"[" or b"\n{" not in data else data.split(b"\n"):
        try:
            node = json.loads(line)
        except ValueError:
            continue
        for changed in swapped(node)[:150]:
            check(BY_ID[id], json.dumps(changed).encode())


def test_deep_nesting_is_a_problem_of_one_element() -> None:
    deep = b'{"type": "message", "ts": "1772620927.000100", "text": "deep", "blocks": ' + b"[" * 5000 + b"]" * 5000 + b"}"
    good = b'{"type": "message", "ts": "1772620928.000100", "text": "good"}'
    events, problems = check(BY_ID["slack"], b"[" + deep + b"," + good + b"]")
    assert [one.text for one in events] == ["good"]
    assert len(problems) == 1


@pytest.mark.parametrize("id", ["jsonlogs", "table", "markdown", "mail", "journald", "git", "slack"])
def test_a_line_without_end_takes_no_time_without_end(id: str) -> None:
    heads = {
        "jsonlogs": b'{"time": "2026-03-04T10:42:07Z", "msg": "',
        "table": b'time,text\n2026-03-04 10:42:07,"',
        "markdown": b"# 2026-03-04\n- 10:42 ",
        "mail": b"From: a@example.com\nDate: Wed, 4 Mar 2026 10:50:00 +0000\nSubject: x\n\n",
        "journald": b"__REALTIME_TIMESTAMP=1772620927000123\nMESSAGE=",
        "git": b"\0amends-commit\0" + b"a" * 40 + b"\0",
        "slack": b'[{"type": "message", "ts": "1772620927.000100", "text": "',
    }
    began = time.perf_counter()
    check(BY_ID[id], heads[id] + b"x" * 10_000_000)
    assert time.perf_counter() - began < 20


@pytest.mark.parametrize("line", [b'{"a": [\n', b'{"time": "\n', b'"\n', b"{\n", b"[\n", b"\\\n", b'a"b,c\n'])
@pytest.mark.parametrize("id", ["jsonlogs", "slack", "table", "markdown"])
def test_many_broken_lines_take_time_by_their_number(id: str, line: bytes) -> None:
    heads = {"table": b"time,text\n2026-03-04 10:42:07,x\n", "slack": b"", "jsonlogs": b"", "markdown": b"- 10:42 x\n"}
    began = time.perf_counter()
    check(BY_ID[id], heads[id] + line * 20_000)
    assert time.perf_counter() - began < 20


@pytest.mark.parametrize(
    ("id", "data"),
    [
        ("mail", b"From: a@b\nDate: x\n\nFrom " + b"x" * 1_000_000),
        ("markdown", (b" " * 3990 + b"x\n") * 500),
        ("markdown", b"- 10:42 x\n" + b"# times " * 100_000),
        ("slack", b'[{"type": "message", "ts": "1772620927.1", "text": "' + b"<a|" * 300_000 + b'"}]'),
        ("jira", b'{"key": "A", "fields": {"created": "2026-03-04T10:42:07Z", "description": "' + b"<a" * 300_000 + b'"}}'),
        (
            "statuspage",
            b'{"incidents": [{"incident_updates": [{"created_at": "2026-03-04T10:42:07Z", "body": "' + b"<a" * 300_000 + b'"}]}]}',
        ),
        ("git", b"\0amends-commit\0" * 200_000),
        ("journald", b"__CURSOR=x\n" + b"A\n" * 300_000),
        ("table", b'time,text\n2026-03-04 10:42:07,"' + b'""' * 1_000_000),
    ],
)
def test_what_was_made_to_be_slow_is_not(id: str, data: bytes) -> None:
    began = time.perf_counter()
    check(BY_ID[id], data)
    assert time.perf_counter() - began < 20


def test_bytes_that_are_no_utf_8_are_replaced_and_cited() -> None:
    data = b'[{"type": "message", "ts": "1772620927.000100", "text": "caf\xe9 \\ud800 \\u0000"}]'
    (event,), problems = check(BY_ID["slack"], data)
    assert event.text == "caf� � �"
    assert (event.offset, event.length) == (1, len(data) - 2)
    assert not problems


def test_a_file_of_many_objects_is_read_one_by_one() -> None:
    data = b"[" + b",".join(b'{"type": "message", "ts": "%d.000100", "text": "x"}' % (1772620927 + number) for number in range(3000)) + b"]"
    events, problems = check(BY_ID["slack"], data)
    assert (len(events), len(problems)) == (3000, 0)
    assert all(data[one.offset : one.offset + one.length].endswith(b'"x"}') for one in events)


def test_an_empty_file_is_told() -> None:
    for reader in READERS:
        assert not check(reader, b"")[0]
