"""A paper as Markdown (CommonMark with tables) in which texts stay texts: what they hold cannot become markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amends.core.paper import Grid, Heading, Listing, Paragraph, Quote

if TYPE_CHECKING:
    from amends.core.paper import Block, Paper

_MARKUP = re.compile(r"([\\`*_\[\]<>|~&])")
_AT_START = re.compile(r"^(\s*)([#+=-]|\d{1,9}(?=[.)]))", re.MULTILINE)
_AFTER_NUMBER = re.compile(r"^(\s*\d{1,9})([.)])", re.MULTILINE)


def write(paper: Paper) -> str:
    """The document, ending in a line break."""
    parts = [f"# {one_line(paper.title)}", plain(paper.about), *(_block(block) for block in paper.blocks)]
    return "\n\n".join(part for part in parts if part) + "\n"


def plain(text: str) -> str:
    """A text in which nothing is markup; line breaks stay."""
    escaped = _MARKUP.sub(r"\\\1", text.replace("\r\n", "\n").replace("\r", "\n"))
    escaped = _AFTER_NUMBER.sub(r"\1\\\2", escaped)
    escaped = _AT_START.sub(lambda found: found[0] if found[2][0].isdigit() else f"{found[1]}\\{found[2]}", escaped)
    lines = [line.strip() for line in escaped.strip().split("\n")]
    return "\n".join(f"{line}\\" if line and after else line for line, after in zip(lines, [*lines[1:], ""], strict=True))


def one_line(text: str) -> str:
    """The same in one line."""
    return plain(" ".join(text.split()))


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * (block.level + 1)} {one_line(block.text)}"
    if isinstance(block, Paragraph):
        return plain(block.text)
    if isinstance(block, Listing):
        boxes = [f"[{'x' if done else ' '}] " for done in block.ticked] or [""] * len(block.points)
        return "\n".join(f"- {box}{one_line(point)}" for box, point in zip(boxes, block.points, strict=True))
    if isinstance(block, Grid):
        return _grid(block)
    assert isinstance(block, Quote), "every kind of block stands above"
    quoted = "\n".join(f"> {line}" if line else ">" for line in plain(block.text).split("\n"))
    return f"{quoted}\n>\n> — {one_line(block.source)}" if block.source else quoted


def _grid(block: Grid) -> str:
    lines = [block.head, tuple("---" for _ in block.head), *block.rows]
    cells = [[one_line(cell) if number != 1 else cell for cell in line] for number, line in enumerate(lines)]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)
