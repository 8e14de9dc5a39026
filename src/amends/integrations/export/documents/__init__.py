"""Documents for people in the formats that they ask for, made from one paper, so that all of them say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.errors import UnknownNameError

if TYPE_CHECKING:
    from amends.core.paper import Paper

FORMATS = ("markdown", "pdf", "docx")
SUFFIXES = {"markdown": "md", "pdf": "pdf", "docx": "docx"}
MEDIA = {
    "markdown": "text/markdown; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def render(paper: Paper, form: str) -> bytes:
    """The bytes of a document. Raises UnknownNameError, NeedsExtraError where the part that writes this format is not installed."""
    if form == "markdown":
        from amends.integrations.export.documents.markdown import write

        return write(paper).encode()
    if form == "pdf":
        from amends.integrations.export.documents.pdf import write as write_pdf

        return write_pdf(paper)
    if form == "docx":
        from amends.integrations.export.documents.docx import write as write_docx

        return write_docx(paper)
    raise UnknownNameError("format", form[:40], FORMATS)
