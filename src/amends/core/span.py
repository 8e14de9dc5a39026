"""Positions in a text, counted in Unicode code points, half-open, as in every output of Amends."""

from __future__ import annotations

from bisect import bisect_right


class LineIndex:
    """Turns offsets of one text into 1-based lines and columns, in logarithmic time.

    A line ends at a line feed, a carriage return or the pair of both, as editors count them.
    """

    __slots__ = ("_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        starts = [0]
        at = text.find("\n")
        if "\r" in text:
            length = len(text)
            for offset, char in enumerate(text):
                if char == "\n" or (char == "\r" and not (offset + 1 < length and text[offset + 1] == "\n")):
                    starts.append(offset + 1)
        else:
            while at >= 0:
                starts.append(at + 1)
                at = text.find("\n", at + 1)
        self._starts = starts

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset, both 1-based, the column in code points."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line_span(self, line: int) -> tuple[int, int]:
        """The half-open span of a 1-based line, without its line ending."""
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self._text)
        while end > start and self._text[end - 1] in "\r\n":
            end -= 1
        return start, end

    def __len__(self) -> int:
        return len(self._starts)


def utf16_offset(text: str, offset: int) -> int:
    """The same position counted in UTF-16 code units, as editors and browsers count."""
    return offset + sum(1 for char in text[:offset] if char > "\uffff")
