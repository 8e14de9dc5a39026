"""A document for people, before it becomes Markdown, PDF or DOCX: so that all three say the same.

Texts are plain: nothing in them is markup, and what looks like markup is shown as it stands. Times are written out by whoever makes the
paper, with their zone, so that a reader elsewhere is not misled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, tzinfo


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` is 1 to 3, below the title."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences; line breaks in them are kept."""

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Points, one a line; `ticked` has a box for each point that says whether it is done, and is empty where there are no boxes."""

    points: tuple[str, ...]
    ticked: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; each row has as many cells as `head`. `widths` are parts of the width of a page, empty for what fits."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of somebody as they were written, and where they stand."""

    text: str
    source: str = ""


Block = Heading | Paragraph | Listing | Grid | Quote


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: its title, a line about what and when it is, and what it says. `language` is for hyphens and screen readers."""

    title: str
    about: str
    blocks: tuple[Block, ...]
    language: str = "en"


def texts(paper: Paper) -> list[str]:
    """Every text of a document in reading order, as any reader of any format must find it."""
    found = [paper.title, paper.about]
    for block in paper.blocks:
        if isinstance(block, Heading | Paragraph):
            found.append(block.text)
        elif isinstance(block, Listing):
            found += block.points
        elif isinstance(block, Grid):
            found += [*block.head, *(cell for row in block.rows for cell in row)]
        else:
            found += [block.text, block.source]
    return [text for text in found if text]


def clock(at: datetime | None, zone: tzinfo = UTC) -> str:
    """An instant as people read it, with its zone: `2026-03-04 11:50 CET`; empty for none."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    seconds = f":{local:%S}" if local.second or local.microsecond else ""
    return f"{local:%Y-%m-%d %H:%M}{seconds} {local.tzname() or ''}".rstrip()
