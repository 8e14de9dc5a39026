"""A paper as DOCX, with the styles that word processors know, so that people can go on writing in it."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from amends.core.errors import NeedsExtraError
from amends.core.paper import Grid, Heading, Listing, Paragraph, Quote

if TYPE_CHECKING:
    from amends.core.paper import Block, Paper

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write(paper: Paper) -> bytes:
    """The document. Raises NeedsExtraError."""
    try:
        from docx import Document
    except ModuleNotFoundError as error:
        raise NeedsExtraError("a DOCX", "export") from error
    made = Document()
    made.core_properties.title = _text(paper.title)
    made.core_properties.author = "Amends"
    made.core_properties.language = paper.language
    made.add_heading(_text(paper.title), 0)
    made.add_paragraph(_text(paper.about), style="Subtitle")
    for block in paper.blocks:
        _add(made, block)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _add(made: Any, block: Block) -> None:
    if isinstance(block, Heading):
        made.add_heading(_text(block.text), block.level)
    elif isinstance(block, Paragraph):
        made.add_paragraph(_text(block.text))
    elif isinstance(block, Listing):
        boxes = ["☒ " if done else "☐ " for done in block.ticked] or [""] * len(block.points)
        for box, point in zip(boxes, block.points, strict=True):
            made.add_paragraph(box + _text(point), style=None if box else "List Bullet")
    elif isinstance(block, Grid):
        _add_grid(made, block)
    elif isinstance(block, Quote):
        made.add_paragraph(_text(block.text), style="Intense Quote")
        if block.source:
            made.add_paragraph(f"— {_text(block.source)}")


def _add_grid(made: Any, block: Grid) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    table = made.add_table(rows=1, cols=len(block.head), style="Table Grid")
    for cell, words in zip(table.rows[0].cells, block.head, strict=True):
        cell.paragraphs[0].add_run(_text(words)).bold = True
    head = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001  # the library has no name for "repeat this row on each page"
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    head.append(repeat)
    for row in block.rows:
        # `table.add_row` looks at every row that is there; five thousand of them would take minutes.
        added = OxmlElement("w:tr")
        for words in row:
            cell, paragraph, run = OxmlElement("w:tc"), OxmlElement("w:p"), OxmlElement("w:r")
            size = OxmlElement("w:rPr")
            half_points = OxmlElement("w:sz")
            half_points.set(qn("w:val"), str(int(Pt(8.5).pt * 2)))
            size.append(half_points)
            run.append(size)
            run.text = _text(words)
            paragraph.append(run)
            cell.append(paragraph)
            added.append(cell)
        table._tbl.append(added)  # noqa: SLF001  # the library has no name for this either


def _text(words: str) -> str:
    """What XML can hold; a character that it cannot becomes a mark that one is missing."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", words)
