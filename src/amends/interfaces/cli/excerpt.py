"""The words that a finding is about, shown in their line with marks underneath, as compilers show code."""

from __future__ import annotations

from amends.interfaces.cli.terminal import cells, reads_right_to_left

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from amends.core.span import LineIndex
    from amends.interfaces.cli.terminal import Paint

_MOST_ROWS = 3
"""A long span is shown by its first rows and its last one."""


class _Row:
    """One printed row of a source line: its text, the marks under it, and whether it continues the row before."""

    __slots__ = ("continued", "line", "marks", "text")

    def __init__(self, line: int, text: str, marks: str) -> None:
        self.line = line
        self.continued = False
        self.text = text
        self.marks = marks


def excerpt(text: str, index: LineIndex, start: int, end: int, width: int, paint: Paint, style: str) -> list[str]:
    """The lines to print for the span [start, end) of a text, at most `width` columns wide."""
    first, last = index.place(start)[0], index.place(max(end - 1, start))[0]
    gutter = max(len(str(last)), 2)
    rows: list[_Row] = []
    for line in _some(first, last):
        rows += _rows_of_line(text, index, line, start, end, width - gutter - 5)
    skipped = len(rows) > _MOST_ROWS or last - first > 2
    shown = [*rows[: _MOST_ROWS - 1], rows[-1]] if len(rows) > _MOST_ROWS else rows
    out: list[str] = []
    for number, row in enumerate(shown):
        if skipped and number == len(shown) - 1 and number:
            out.append(paint("dim", f" {'':>{gutter}} ┆"))
        label = "" if row.continued else str(row.line)
        out.append(paint("dim", f" {label:>{gutter}} │ ") + row.text)
        out.append(paint("dim", f" {'':>{gutter}} │ ") + paint(style, row.marks))
    return out


def _some(first: int, last: int) -> list[int]:
    """The lines of a span worth showing: the first two and the last."""
    return list(range(first, last + 1)) if last - first < 3 else [first, first + 1, last]


def _rows_of_line(text: str, index: LineIndex, line: int, start: int, end: int, width: int) -> list[_Row]:
    """The rows of one line that the span touches; of a very long line only the words around the span are looked at."""
    begin, stop = index.line_span(line)
    start, end = max(start, begin), min(max(end, start + 1), stop)
    cut_before = start - begin > 3 * width
    if cut_before:
        begin = start - width // 2
        space = text.find(" ", begin, start)
        begin = space + 1 if space >= 0 else begin
    cut_after = stop - begin > 8 * width and stop > end
    if cut_after:
        stop = min(stop, max(begin + 8 * width, start + 4 * width))
    rows: list[_Row] = []
    for number, (left, right) in enumerate(_wrap(text[begin:stop], width)):
        left, right = begin + left, begin + right
        if (right <= start and right < stop) or left >= max(end, start + 1):
            continue
        row = _row(text, line, left, right, start, end)
        row.continued = bool(rows)
        if number or cut_before:
            row.text, row.marks = f"… {row.text}" if not rows else row.text, f"  {row.marks}" if not rows else row.marks
        if right < stop or cut_after:
            row.text += " …" if right >= end else ""
        rows.append(row)
    return rows or [_Row(line, "", "^")]


def _row(text: str, line: int, left: int, right: int, start: int, end: int) -> _Row:
    raw = text[left:right].rstrip()
    shown: list[str] = []
    under = ""
    for offset, (glyph, width) in enumerate(cells(raw), left):
        shown.append(glyph)
        under += ("^" if start <= offset < end else " ") * width
    under = under.rstrip() or f"{under}^"  # a place behind the last character still gets its mark
    if reads_right_to_left(raw):
        under = f"here: {''.join(shown[max(start - left, 0) : end - left])}"
    return _Row(line, "".join(shown), under)


def _wrap(line: str, width: int) -> list[tuple[int, int]]:
    """Half-open parts of a line that fit the width, broken after spaces where there are any."""
    parts: list[tuple[int, int]] = []
    left = used = 0
    space = -1
    for offset, (glyph, size) in enumerate(cells(line)):
        if used + size > width - 4 and offset > left and glyph != " ":
            right = space if space > left else offset
            parts.append((left, right))
            used = sum(size for _, size in cells(line[right:offset]))
            left = right
        if line[offset] in " \t":
            space = offset + 1
        used += size
    parts.append((left, len(line)))
    return parts
