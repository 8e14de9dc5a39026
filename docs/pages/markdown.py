"""What the generated pages are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NOTE = "<!-- Generated from the code by docs/generate.py. Change the code, then run `just docs`. -->"


class UndocumentedError(Exception):
    """Something that users meet has no words in the code; names it."""


def document(title: str, *parts: str) -> str:
    """A page: its title, the note that it is generated, its parts."""
    return "\n\n".join([f"# {title}", NOTE, *(part.strip("\n") for part in parts if part)]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; empty when it would have no rows."""
    lines = [f"| {' | '.join(cell(one) for one in row)} |" for row in rows]
    return "\n".join([f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *lines]) if lines else ""


def cell(text: str) -> str:
    """Text that may stand in a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def described(what: str, text: str | None) -> str:
    """The words for a thing. Raises UndocumentedError when there are none."""
    if not text or not text.strip():
        raise UndocumentedError(f"{what} has no description")
    return text.strip()


def code(text: str) -> str:
    """Text as code, also when it holds backticks."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def quoted(text: str) -> str:
    """Text as a quotation, line by line."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())


def paragraphs(docstring: str) -> str:
    """A docstring as Markdown: its lines joined into paragraphs."""
    blocks = docstring.strip().split("\n\n")
    return "\n\n".join(" ".join(line.strip() for line in block.splitlines()) for block in blocks)
