"""A paper as PDF, set by typst with the fonts that come with it. Nothing is fetched, and texts go in as data, never as markup."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from amends.core.errors import NeedsExtraError, TooLargeError
from amends.core.paper import Grid, Heading, Listing, Paragraph

if TYPE_CHECKING:
    from amends.core.paper import Block, Paper

MOST_ROWS = 20_000
"""Rows of tables that one PDF has; 5,000 take some seconds."""

_PAGE = os.path.join(os.path.dirname(__file__), "page.typ")
_COVERED = 0x2BFF
"""The last character for which the fonts that come along have most; further ones are looked for in those of the machine."""


def write(paper: Paper) -> bytes:
    """The document. Raises NeedsExtraError, TooLargeError above `MOST_ROWS`."""
    try:
        import typst
    except ModuleNotFoundError as error:
        raise NeedsExtraError("a PDF", "export") from error
    rows = sum(len(block.rows) for block in paper.blocks if isinstance(block, Grid))
    if rows > MOST_ROWS:
        raise TooLargeError(f"{rows:,} rows are more than a PDF holds ({MOST_ROWS:,})", hint="take Markdown, or a shorter stretch of time")
    data = json.dumps(
        {"title": paper.title, "about": paper.about, "language": paper.language, "blocks": [_plain(block) for block in paper.blocks]},
        ensure_ascii=False,
    )
    only_ours = not any(ord(char) > _COVERED for char in data)
    made: bytes = typst.compile(_PAGE, format="pdf", sys_inputs={"paper": data}, ignore_system_fonts=only_ours)
    return made


def _plain(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": block.text}
    if isinstance(block, Listing):
        return {"kind": "listing", "points": block.points, "ticked": block.ticked}
    if isinstance(block, Grid):
        return {"kind": "grid", "head": block.head, "rows": block.rows, "widths": block.widths}
    return {"kind": "quote", "text": block.text, "source": block.source}
