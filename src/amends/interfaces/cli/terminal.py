"""The terminal: its colours, its width, and how many columns a text takes in it."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

_FIRST_MARK = "\u0300"
"""The first character that may take no column. Below it, and among dashes, quotation marks and arrows, each takes one."""
_CODES = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "good": "32",
    "bold": "1",
    "dim": "2",
}


class Paint:
    """Puts a style around a text, or leaves it plain. Colour never carries a meaning that the words do not."""

    __slots__ = ("on",)

    def __init__(self, on: bool) -> None:
        self.on = on

    def __call__(self, style: str, text: str) -> str:
        """The text in a style: one of the severities, good, bold or dim."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.on and text else text


def wants_colour(stream: TextIO, variable: Callable[[str], str | None]) -> bool:
    """Whether to colour: NO_COLOR says no, FORCE_COLOR says yes, otherwise only a terminal that is not dumb."""
    if variable("NO_COLOR"):
        return False
    if variable("FORCE_COLOR"):
        return True
    return stream.isatty() and variable("TERM") != "dumb"


def columns(stream: TextIO, variable: Callable[[str], str | None]) -> int:
    """The width to write for: that of the terminal, COLUMNS when it is set, else 80; never under 30 or over 100."""
    said = variable("COLUMNS") or ""
    try:
        width = int(said) if said.isdigit() else os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):  # no terminal, or a stream without a file
        width = 80
    return min(max(width, 30), 100)


def cells(text: str, column: int = 0) -> Iterator[tuple[str, int]]:
    """Each code point as it is to be printed, with the columns that it takes; `column` is where the text starts.

    A tab is widened to the next multiple of four, a control character shown by its picture (a draft must not be able to
    steer the terminal), a mark that joins the character before it takes no column.
    """
    if text.isprintable() and all(char < _FIRST_MARK or "\u2010" <= char <= "\u2027" or "\u2190" <= char <= "\u21ff" for char in text):
        yield from ((char, 1) for char in text)
        return
    from unicodedata import category, east_asian_width

    joined = False
    for char in text:
        code = ord(char)
        shown, width = char, 1
        if char == "\t":
            width = 4 - column % 4
            shown = " " * width
        elif code < 32 or code == 127:
            shown = chr(0x2400 + code) if code < 32 else "\u2421"
        elif code < 0x300:
            shown = char if char.isprintable() or char == "\xa0" else "\ufffd"
        else:
            shown, width = _wide(char, category(char), east_asian_width(char), joined)
        joined = char == "\u200d"
        column += width
        yield shown, width


def _wide(char: str, category: str, wide: str, joined: bool) -> tuple[str, int]:
    """How a character beyond Latin is shown: marks and the parts of a joined emoji add no column, steering ones are replaced."""
    code = ord(char)
    if 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069 or category in ("Cc", "Cs", "Zl", "Zp"):
        return "\ufffd", 1
    if joined or category in ("Mn", "Me", "Cf") or 0x1F3FB <= code <= 0x1F3FF:
        return char, 0
    return char, 2 if wide in "WF" else 1


def shown_width(text: str) -> int:
    """The columns that a text takes."""
    return sum(width for _, width in cells(text))


def safe(text: str) -> str:
    """A text on one line that cannot steer the terminal."""
    return "".join(shown for shown, _ in cells(text.replace("\n", " ").replace("\r", "")))


def reads_right_to_left(text: str) -> bool:
    """Whether a terminal may reorder the text, so that marks under it would stand in the wrong place."""
    if text.isascii():
        return False
    from unicodedata import bidirectional

    return any(bidirectional(char) in ("R", "AL", "AN") for char in text)


def wrapped(text: str, width: int, first: str = "", later: str = "") -> list[str]:
    """The words of a text in lines of at most `width` columns; the first line starts with `first`, the others with `later`."""
    lines: list[str] = []
    line, used, empty = first, shown_width(first), True
    for word in safe(text).split():
        size = shown_width(word)
        if not empty and used + 1 + size > width:
            lines.append(line)
            line, used, empty = later, shown_width(later), True
        line += word if empty else f" {word}"
        used += size + (not empty)
        empty = False
    lines.append(line)
    return lines
