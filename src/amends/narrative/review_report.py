"""A review and what it still lacks as plain values, the same on the command line and over HTTP: `amends.review/1`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.core.paper import Grid, Heading, Listing, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.core.paper import Block, Paper
    from amends.narrative.gaps import Gap

SCHEMA = "amends.review/1"
BLOCKS = ("heading", "paragraph", "listing", "grid", "quote")


def as_dict(incident_id: str, shape: str, paper: Paper, lacking: Iterable[Gap]) -> dict[str, Any]:
    """A review with its gaps. Of a block, what its kind does not have is None."""
    return {
        "schema": SCHEMA,
        "incident": incident_id,
        "shape": shape,
        "title": paper.title,
        "about": paper.about,
        "blocks": [block_as_dict(one) for one in paper.blocks],
        "gaps": [gap_as_dict(one) for one in lacking],
    }


def gap_as_dict(gap: Gap) -> dict[str, Any]:
    """One thing that lacks; `item` is the point of the account that it is about."""
    return {"code": gap.code, "message": gap.message, "hint": gap.hint, "item": gap.item, "quote": gap.quote or None}


def block_as_dict(block: Block) -> dict[str, Any]:
    """One part of the document, by its `kind`: one of `BLOCKS`."""
    made: dict[str, Any] = {"kind": "quote", "level": None, "text": None, "points": None, "head": None, "rows": None, "source": None}
    if isinstance(block, Heading):
        return {**made, "kind": "heading", "level": block.level, "text": block.text}
    if isinstance(block, Paragraph):
        return {**made, "kind": "paragraph", "text": block.text}
    if isinstance(block, Listing):
        return {**made, "kind": "listing", "points": list(block.points)}
    if isinstance(block, Grid):
        return {**made, "kind": "grid", "head": list(block.head), "rows": [list(row) for row in block.rows]}
    return {**made, "text": block.text, "source": block.source}
