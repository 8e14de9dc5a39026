"""HTML of a status page, a mail or a chat reduced to the text that its reader sees; nothing of it is ever shown as HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset("p div br li ul ol tr table h1 h2 h3 h4 h5 h6 blockquote pre hr section article header footer".split())
_UNSEEN = frozenset("script style head title template noscript".split())
_MARKUP = re.compile(
    r"(?P<unseen><!--.*?(?:-->|\Z)|<[!?][^<>]{0,4000}+>)"
    r"|(?P<tag></?[A-Za-z][\w:.-]{0,60}+(?:[^<>\"']++|\"[^\"]{0,4000}+\"|'[^']{0,4000}+'){0,200}+>)|<",
    re.DOTALL,
)
_QUIET = 40
"""How deep nested elements are followed; no message is built deeper."""


class _Reader(HTMLParser):
    """Gathers the text, with an end of line where a block begins or ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN and len(self._unseen) < _QUIET:
            self._unseen.append(tag)
        elif tag in _BLOCKS:
            self.parts.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        elif tag in _BLOCKS and tag not in ("br", "hr"):  # these have no end, but `<br/>` is reported as if it had
            self.parts.append("\n\n" if tag in ("p", "blockquote", "table") else "\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)


def looks_like_html(text: str) -> bool:
    """Whether a text holds tags or character references, and not only a less-than sign."""
    at, last = text.find("<"), text.rfind(">")
    while 0 <= at < len(text) - 1:
        if (text[at + 1].isalpha() or text[at + 1] == "/") and at < last:
            return True
        at = text.find("<", at + 1)
    return "&" in text and any(mark in text for mark in ("&amp;", "&lt;", "&gt;", "&quot;", "&nbsp;", "&#"))


def _tame(found: re.Match[str]) -> str:
    """A whole tag as it is, a lone sign as a sign: tags without an end cost the parser time by the square, and some marks stop it."""
    return "" if found["unseen"] else found["tag"] or "&lt;"


def text_of(html: str) -> str:
    """The words of some HTML, a line for each block, without what is not shown."""
    reader = _Reader()
    reader.feed(_MARKUP.sub(_tame, html))
    reader.close()
    lines = ("".join(reader.parts)).replace("\xa0", " ").split("\n")
    kept: list[str] = []
    for line in (" ".join(line.split()) for line in lines):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()
