"""Markdown that people wrote, as HTML that cannot do anything: no markup of theirs, no images, links that tell nobody where from."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LONGEST = 200_000
"""Code points above which a text is shown as it was typed: its readers look for a line, and nobody waits seconds for its headings."""

_TAGS = frozenset(
    "a blockquote br code del em h2 h3 h4 h5 h6 hr li ol p pre s strong table tbody td th thead tr ul".split()  # what Markdown makes
)
_DEEPEST = 6


def rendered(text: str) -> Markup:
    """A text as HTML. Headings begin at the second level, because the page has the first; an image becomes a link to it."""
    if len(text) > LONGEST:
        return Markup("<pre>%s</pre>") % text
    import nh3

    html = _reader().render(text)
    attributes = {"a": {"href"}, "ol": {"start"}}
    clean = nh3.clean(
        html, tags=set(_TAGS), attributes=attributes, url_schemes={"http", "https", "mailto"}, link_rel="noopener noreferrer nofollow"
    )
    return Markup(clean)  # noqa: S704  # it went through the cleaner in the line above


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    reader.core.ruler.push("lower", _lower)
    reader.add_render_rule("image", _image)
    return reader


def _lower(state: object) -> None:
    tokens: Sequence[Token] = getattr(state, "tokens", ())
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(_DEEPEST, int(token.tag[1]) + 1)}"


def _image(_: object, tokens: Sequence[Token], index: int, *_more: object) -> str:
    """A link instead of a picture: who opens a note must not tell a stranger's server that they did."""
    token = tokens[index]
    return f'<a href="{escape(str(token.attrs.get("src", "")))}">{escape(token.content or "image")}</a>'
