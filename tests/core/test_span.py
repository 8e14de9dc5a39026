"""Lines, columns and UTF-16 positions of offsets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from amends.core.span import LineIndex, utf16_offset


def test_lines_and_columns_start_at_one_and_count_code_points() -> None:
    index = LineIndex("ab\n🔥c\r\nd\re")
    assert [index.place(offset) for offset in (0, 2, 3, 4, 7, 9)] == [(1, 1), (1, 3), (2, 1), (2, 2), (3, 1), (4, 1)]
    assert index.line_span(2) == (3, 5)


@given(st.text())
def test_utf16_positions_are_those_of_an_encoder(text: str) -> None:
    whole = text.encode("utf-16-le", "surrogatepass")
    assert utf16_offset(text, len(text)) == len(whole) // 2


@given(st.text(alphabet="a\n\r🔥"), st.data())
def test_every_offset_lies_in_the_line_that_it_is_said_to_be_on(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    line, column = LineIndex(text).place(offset)
    before = (
        text[:offset].replace("\r\n", "\n").replace("\r", "\n")
        if not text[:offset].endswith("\r") or text[offset : offset + 1] != "\n"
        else None
    )
    if before is not None:
        assert line == before.count("\n") + 1
        assert column >= 1
