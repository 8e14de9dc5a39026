"""Parts of JSON are found at the bytes where they stand, in whole texts and in broken ones."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.timeline.readers.pieces import documents, members, pieces, scanned, within

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
INDENTS = st.sampled_from([None, 0, 1, 4])


def written(value: Any, indent: int | None, ascii_only: bool = True) -> bytes:
    return json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")


@settings(max_examples=50, deadline=None)
@given(st.lists(VALUES), INDENTS, st.booleans())
def test_elements_of_a_list_parse_to_themselves(values: list[Any], indent: int | None, ascii_only: bool) -> None:
    data = b" \n" + written(values, indent, ascii_only) + b"\n"
    found = list(pieces(data, "*"))
    assert [json.loads(data[one.offset : one.offset + one.length]) for one in found] == values
    assert all(bytes(one.raw) == data[one.offset : one.offset + one.length] for one in found)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text(), st.lists(VALUES), min_size=1), INDENTS, st.data())
def test_lists_in_objects_too(value: dict[str, list[Any]], indent: int | None, data: st.DataObject) -> None:
    text = written({"outer": value}, indent)
    key = data.draw(st.sampled_from(sorted(value)))
    found = list(pieces(text, "outer", key, "*"))
    assert [json.loads(text[one.offset : one.offset + one.length]) for one in found] == value[key]


@settings(max_examples=50, deadline=None)
@given(VALUES, INDENTS)
def test_the_scanner_finds_what_the_decoder_finds(value: Any, indent: int | None) -> None:
    document = next(documents(written({"a": value, "b": [value, 1, "x"]}, indent)))
    assert {key: (one.offset, one.length) for key, one in scanned(document)} == {
        key: (one.offset, one.length) for key, one in members(document).items()
    }
    inner = members(document)["b"]
    assert [(one.offset, one.length) for _, one in scanned(inner)] == [(one.offset, one.length) for one in within(inner, "*")]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.dictionaries(st.text(), VALUES), min_size=1), st.sampled_from([b"\n", b"\r\n", b"\n\n", b"\n\x1e"]))
def test_one_value_a_line(values: list[Any], between: bytes) -> None:
    data = between.join(written(value, None) for value in values)
    assert [json.loads(data[one.offset : one.offset + one.length]) for one in pieces(data)] == values


@settings(max_examples=50, deadline=None)
@given(st.lists(st.dictionaries(st.text(), VALUES), min_size=2, max_size=4))
def test_values_over_several_lines_one_after_the_other(values: list[Any]) -> None:
    data = b"\n".join(written(value, 2) for value in values)
    assert [json.loads(data[one.offset : one.offset + one.length]) for one in pieces(data)] == values


@settings(max_examples=50, deadline=None)
@given(st.lists(st.dictionaries(st.text(), VALUES), min_size=1), st.data())
def test_of_a_list_that_breaks_off_what_is_whole_is_read(values: list[Any], data: st.DataObject) -> None:
    text = written(values, None)
    cut = data.draw(st.integers(1, len(text) - 1))
    *whole, last = list(pieces(text[:cut], "*"))
    assert last.broken
    assert [json.loads(bytes(one.raw)) for one in whole] == values[: len(whole)]
    assert sum(one.length for one in whole) + last.length <= cut


@settings(max_examples=50, deadline=None)
@given(st.binary(), st.sampled_from([(), ("*",), ("a",), ("a", "*")]))
def test_bytes_of_any_kind_are_no_trouble(data: bytes, path: tuple[str, ...]) -> None:
    for one in pieces(b'{"a":[' + data, *path):
        assert 0 <= one.offset <= one.offset + one.length <= len(data) + 6


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet='[]{}",:\\\n 1a', max_size=60))
def test_signs_in_any_order_are_no_trouble(text: str) -> None:
    data = text.encode()
    end = 0
    for one in pieces(data):
        assert one.offset >= end
        end = one.offset + one.length
        assert end <= len(data)


def test_a_broken_element_does_not_hide_the_others() -> None:
    data = b'[{"a": 1}, {broken}, {"a": 2}, {"a": \xff"x"}, {"a": 3}]'
    assert [bytes(one.raw) for one in pieces(data, "*")] == [b'{"a": 1}', b"{broken}", b'{"a": 2}', b'{"a": \xff"x"}', b'{"a": 3}']


def test_of_a_key_that_is_there_twice_the_last_is_taken() -> None:
    data = b'{"a": [1], "a": [2, 3]}'
    assert [bytes(one.raw) for one in pieces(data, "a", "*")] == [b"2", b"3"]


@pytest.mark.parametrize("data", [b"[" * 200_000, b'{"a":' * 100_000, b'["' + b"\\" * 200_001, b'["' + b"x" * 1_000_000])
def test_nesting_without_end_is_told_at_once(data: bytes) -> None:
    found = list(pieces(data, "*"))
    assert len(found) <= 1
    assert all(one.broken for one in found)


def test_views_are_not_copies() -> None:
    data = b'[{"a": [1, 2, 3]}]'
    assert next(pieces(data, "*")).raw.obj is not None
    assert msgspec.json.decode(next(pieces(data, "*", "a")).raw) == [1, 2, 3]
