"""Markdown that people wrote, read as a paper: its structure counts, its texts stay texts, and HTML in it is no more than text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.core.paper import Block, Grid, Heading, Listing, Paper, Paragraph, Quote

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEVELS = 3


def read_paper(title: str, about: str, text: str) -> Paper:
    """A text as a paper with this title; a first heading that repeats the title is left out."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"html": False}).enable(["table"]).parse(text)
    blocks = tuple(_blocks(tokens))
    first = blocks[0] if blocks else None
    if isinstance(first, Heading) and first.text.casefold() == title.casefold():
        blocks = blocks[1:]
    return Paper(title, about, blocks)


def _blocks(tokens: list[Any]) -> Iterator[Block]:
    at = 0
    while at < len(tokens):
        token = tokens[at]
        end = _end(tokens, at)
        inside = tokens[at + 1 : end]
        if token.type == "heading_open":
            yield Heading(min(int(token.tag[1]), _LEVELS), " ".join(_words(inside)))
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            yield _listing(inside)
        elif token.type == "table_open":
            yield from _grid(inside)
        elif token.type == "blockquote_open":
            yield Quote("\n".join(_words(inside)))
        elif token.type in ("fence", "code_block"):
            yield Quote(token.content.rstrip("\n"))
        elif words := _words([token, *inside]):
            yield Paragraph("\n".join(words))
        at = end + 1


def _end(tokens: list[Any], at: int) -> int:
    """Where what is opened at a place is closed; the place itself for what opens nothing."""
    depth = 0
    for place in range(at, len(tokens)):
        depth += tokens[place].nesting
        if depth <= 0:
            return place
    return len(tokens) - 1


def _words(tokens: list[Any]) -> list[str]:
    """The texts in some tokens, one for each block of them."""
    found = []
    for token in tokens:
        if token.type == "inline":
            found.append(_inline(token))
        elif token.type in ("fence", "code_block"):
            found.append(token.content.rstrip("\n"))
    return [text for text in found if text]


def _inline(token: Any) -> str:
    parts, address = [], ""
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            parts.append("\n" if child.type == "hardbreak" else " ")
        elif child.type == "link_open":
            address = str(child.attrs.get("href", ""))
        elif child.type == "link_close":
            if address and not "".join(parts).endswith(address):
                parts.append(f" ({address})")
            address = ""
        else:
            parts.append(child.content)
    return "".join(parts).strip()


def _listing(tokens: list[Any]) -> Listing:
    points, at = [], 0
    while at < len(tokens):
        end = _end(tokens, at)
        if tokens[at].type == "list_item_open":
            points += [" ".join(_words(tokens[at:end]))]
        at = end + 1
    boxes = [point[:4].lower() for point in points]
    if boxes and all(box in ("[ ] ", "[x] ") for box in boxes):
        return Listing(tuple(point[4:] for point in points), tuple(box == "[x] " for box in boxes))
    return Listing(tuple(points))


def _grid(tokens: list[Any]) -> Iterator[Block]:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline(token))
    if rows:
        yield Grid(tuple(rows[0]), tuple(tuple(row) for row in rows[1:]))
