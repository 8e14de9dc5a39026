"""Blanks what is not the author's prose, so that nothing in it is judged and no offset ever moves.

A masked span keeps its length. Code, links and quotations become runs of a stand-in character, because the grammar
around them needs a noun ("the `region` index"); markup, headers and comments become spaces.
"""

from __future__ import annotations

import re

CODE = "\ue000"
LINK = "\ue001"
QUOTE = "\ue002"
MENTION = "\ue003"
STAND_INS = CODE + LINK + QUOTE + MENTION

_MARKUP = (
    ("<!--", r"<!--(?s:.{0,2000}?)-->", " "),
    ("`", r"(?<!`)(`{1,3}+)(?:[^`\n]|\n(?!\n)){1,2000}+\1(?!`)", CODE),
    ("<", r"<[@#!][^<>\n]{1,80}+>", MENTION),
    ("://", r"<?https?://(?:[^\s<>\"')\]|.,;:!?]|[.,;:!?](?=[^\s<>\"')\]|]))++(?:\|[^<>\n]{0,200}+>|>)?", LINK),
    ("@", r"(?<![\w.+-])[\w.+-]{1,64}+@[\w-]{1,63}+\.[\w-]{2,60}+(?:\.[\w-]{2,20}+)?", LINK),
    ("@", r"(?<!\w)@[\w.-]{2,40}+", MENTION),
    ("](", r"\]\([^()\s]{1,2000}+(?:\s\"[^\"\n]{0,200}+\")?\)", " "),
    ("*", r"(?<![*\w])\*{1,3}+(?=[\w\"(])|(?<=[\w.!?:)\"])\*{1,3}+(?!\*)", " "),
    ("_", r"(?<!\w)_{1,2}+(?=[A-Za-z])|(?<=[A-Za-z.!?])_{1,2}+(?!\w)", " "),
    ("~~", r"~~", " "),
)
"""What is masked inside a line: a mark that must be there at all, the pattern, the stand-in; in this order, and every
repetition is bounded or possessive, so that no text makes the scan slow. They are compiled when first met: most drafts
hold none of the marks."""
_DOUBLE = '"([^"\n]{1,400})"|\u201c([^\u201d\n]{1,400})\u201d|\u00ab([^\u00bb\n]{1,400})\u00bb'
_WORD = r"\w+"


def mask_inline(text: str) -> str:
    """Blank comments, code, links, mentions, emphasis marks and quotations; same length, line ends kept."""
    for mark, pattern, stand_in in _MARKUP:
        if mark in text:
            text = re.sub(pattern, lambda found, by=stand_in: blank(found.group(), by), text)  # type: ignore[misc]  # a default, not an argument
    return mask_quotes(text)


def blank(text: str, stand_in: str = " ") -> str:
    """The same number of characters, all blanked, with line ends kept."""
    if "\n" not in text and "\r" not in text:
        return stand_in * len(text)
    return "".join(char if char in "\r\n" else stand_in for char in text)


def mask_quotes(text: str) -> str:
    """Blank what stands between double quotation marks, where the author says something around it.

    A message pasted whole between quotation marks is the author's own and stays.
    """
    if '"' not in text and "\u201c" not in text and "\u00ab" not in text:
        return text
    pieces: list[str] = []
    done = 0
    for line_start, line_end in _paragraphs(text):
        line_start, line_end = _inside_own_quotes(text, line_start, line_end)
        spans = [found.span() for found in re.compile(_DOUBLE).finditer(text, line_start, line_end)]
        if not spans or _words_outside(text, line_start, line_end, spans) < 3:
            continue
        for start, end in spans:
            pieces += (text[done:start], QUOTE * (end - start))
            done = end
    pieces.append(text[done:])
    return "".join(pieces)


def _inside_own_quotes(text: str, start: int, end: int) -> tuple[int, int]:
    """The span of a line without the quotation marks that hold all of it: those inside may still quote somebody."""
    line = text[start:end].rstrip()
    opening = start + len(line) - len(line.lstrip())
    if line.count('"') > 2 and text[opening] == '"' and line.endswith('"'):
        return opening + 1, start + len(line) - 1
    return start, end


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """The spans between line ends, in order."""
    spans = []
    at = 0
    while at <= len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        spans.append((at, end))
        at = end + 1
    return spans


def _words_outside(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> int:
    """How many words stand outside the quotations of a line; stops counting at three."""
    count = 0
    for found in re.compile(_WORD).finditer(text, start, end):
        if not any(a <= found.start() < b for a, b in spans[:50]):
            count += 1
            if count == 3:
                break
    return count
