"""One paper, three formats: what a reader finds in one, they find in all, and no text becomes markup in any."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from time import monotonic
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from amends.core.errors import TooLargeError, UnknownNameError
from amends.core.paper import Grid, Heading, Listing, Paper, Paragraph, Quote, texts
from amends.integrations.export.documents import markdown, pdf, render
from amends.integrations.imports.markdown import read_paper

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTILE = (
    "# no heading", "*not bold* _nor this_ ~~nor~~", "<script>alert(1)</script>", "[link](javascript:alert(1))", "| a | b |", "1. no list",
    "- no point", "#eval(1+1) #panic() $x^2$ @label <label>", "`code` ``` more", "back\\slash & ampersand &amp;", "> no quote",
    '"; sys.inputs #include "/etc/passwd"', "===", "+ plus", "Köln — 4 212 Ω ж",
)  # fmt: skip
PAPER = Paper(
    HOSTILE[2],
    "SEV2 · monitoring · began 2026-03-04 11:50 CET\nTimeline: version 2",
    (
        Heading(1, HOSTILE[0]), Paragraph("\n".join(HOSTILE)), Listing(HOSTILE[:3], (True, False, True)), Listing(HOSTILE),
        Quote(HOSTILE[3], HOSTILE[7]),
        Grid(("Time", "What | where"), tuple((f"2026-03-04 11:5{at} CET", text) for at, text in enumerate(HOSTILE[:6]))),
    ),
)  # fmt: skip


REVIEW = """# Review

We *broke* it, see [the log](https://x.example/1).

- [x] told
- [ ] fixed

> sorry

```
code <b>
```

| a | b |
|---|---|
| 1 | <i>2</i> |

1. one
2. two

<script>alert(1)</script>
"""


def _plain(words: str) -> str:
    """Words without what a layout may add or leave out: spaces, line breaks, hyphens where a line was broken."""
    return re.sub(r"[\s\u00ad]+", "", words)


def _in_docx(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        tree = ET.fromstring(file.read("word/document.xml"))
    return "".join(node.text or "" for node in tree.iter() if node.tag.endswith("}t"))


def _streams(data: bytes) -> Iterator[tuple[int, bytes]]:
    for found in re.finditer(rb"(\d+) 0 obj\s*<<(?:(?!endobj).)*?>>\s*stream\r?\n", data, re.DOTALL):
        body = data[found.end() : data.index(b"endstream", found.end())]
        try:
            yield int(found[1]), zlib.decompressobj().decompress(body)
        except zlib.error:
            continue


def _in_pdf(data: bytes) -> str:
    """The text of a PDF of typst: each font maps its glyphs to characters (ToUnicode), each page shows glyphs by number."""
    streams = dict(_streams(data))
    maps = {number: _to_unicode(body) for number, body in streams.items() if b"beginbfchar" in body or b"beginbfrange" in body}
    fonts = {
        int(number): maps[int(target)]
        for number, target in re.findall(rb"(\d+) 0 obj\s*<<(?:(?!endobj).)*?/ToUnicode (\d+) 0 R", data, re.DOTALL)
    }
    named = {name: fonts[int(target)] for name, target in re.findall(rb"/(f\d+) (\d+) 0 R", data) if int(target) in fonts}
    found = []
    for _, body in sorted(streams.items()):
        if b"BT" in body and b"Tf" in body:
            found.append(_shown(body, named))
    return "".join(found)


def _to_unicode(body: bytes) -> dict[int, str]:
    found = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", body, re.DOTALL):
        for code, value in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[int(code, 16)] = bytes.fromhex(value.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", body, re.DOTALL):
        for first, last, value in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            for at in range(int(first, 16), int(last, 16) + 1):
                found[at] = chr(int(value, 16) + at - int(first, 16))
    return found


def _shown(body: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    words, font, at = [], {}, 0
    while found := re.compile(rb"/(f\d+) [\d.]+ Tf|\(").search(body, at):
        at = found.end()
        if found[1]:
            font = fonts.get(found[1], {})
            continue
        raw, at = _string(body, at)
        words += [font.get(int.from_bytes(raw[place : place + 2]), "") for place in range(0, len(raw), 2)]
    return "".join(words)


def _string(body: bytes, at: int) -> tuple[bytes, int]:
    """The bytes of a string that begins at a place, and where it ends; brackets in it may stand unescaped where they are in pairs."""
    begin, depth = at, 1
    while depth:
        depth += {b"(": 1, b")": -1}.get(body[at : at + 1], 0)
        at += 2 if body[at : at + 1] == b"\\" else 1
    return _unescaped(body[begin : at - 1]), at


def _unescaped(raw: bytes) -> bytes:
    named = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
    return re.sub(
        rb"\\([0-7]{1,3}|.)", lambda one: bytes([int(one[1], 8)]) if one[1].isdigit() else named.get(one[1], one[1]), raw, flags=re.DOTALL
    )


def _in_markdown(text: str) -> str:
    found = []
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        assert token.type != "html_block", "nothing that people wrote is HTML"
        for child in token.children or ():
            assert child.type not in ("html_inline", "link_open", "image", "strong_open", "em_open", "code_inline"), child.content
            found.append(child.content or "")
    return "".join(found)


def test_all_formats_say_the_same() -> None:
    in_markdown = _plain(_in_markdown(markdown.write(PAPER)))
    in_docx, in_pdf = _plain(_in_docx(render(PAPER, "docx"))), _plain(_in_pdf(render(PAPER, "pdf")))
    for text in texts(PAPER):
        for line in text.split("\n"):
            assert _plain(line) in in_markdown, "Markdown"
            assert _plain(line) in in_docx, "DOCX"
            assert _plain(line) in in_pdf, "PDF"


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=60).filter(str.strip))
def test_no_text_becomes_markup_in_markdown(text: str) -> None:
    made = markdown.write(
        Paper(text, text, (Heading(1, text), Paragraph(text), Listing((text,)), Quote(text, text), Grid((text,), ((text,),))))
    )
    assert _plain(_in_markdown(made)).count(_plain(text)) >= 8


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=200))
def test_no_text_breaks_a_document(text: str) -> None:
    paper = Paper(text or "-", text, (Paragraph(text), Grid(("a", "b"), ((text, text),))))
    assert render(paper, "pdf").startswith(b"%PDF-")
    with zipfile.ZipFile(io.BytesIO(render(paper, "docx"))) as file:
        ET.fromstring(file.read("word/document.xml"))


def test_a_timeline_of_five_thousand_rows_is_a_pdf_within_seconds() -> None:
    rows = tuple(
        (f"2026-03-04 10:{at // 60 % 60:02}:{at % 60:02} UTC", f"card service does not answer, attempt {at}", "app.log:17")
        for at in range(5000)
    )
    began = monotonic()
    made = render(Paper("Timeline", "5,000 entries", (Grid(("Time", "What", "Source"), rows, (3, 8, 3)),)), "pdf")
    assert monotonic() - began < 15, "it takes about one second on a machine that is not busy"
    assert _plain("attempt 4999") in _plain(_in_pdf(made))


def test_more_rows_than_a_pdf_holds_are_refused_with_what_to_do() -> None:
    rows = (("x",),) * (pdf.MOST_ROWS + 1)
    with pytest.raises(TooLargeError, match="20,000") as caught:
        render(Paper("Timeline", "", (Grid(("a",), rows),)), "pdf")
    assert "Markdown" in caught.value.hint


def test_the_same_paper_is_the_same_pdf() -> None:
    assert render(PAPER, "pdf") == render(PAPER, "pdf")


def test_an_unknown_format_is_named_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="rtf"):
        render(PAPER, "rtf")


def test_markdown_that_people_wrote_keeps_its_structure_and_no_html() -> None:
    paper = read_paper("Review", "about", REVIEW)
    assert paper.blocks == (
        Paragraph("We broke it, see the log (https://x.example/1)."), Listing(("told", "fixed"), (True, False)), Quote("sorry"),
        Quote("code <b>"), Grid(("a", "b"), (("1", "<i>2</i>"),)), Listing(("one", "two")), Paragraph("<script>alert(1)</script>"),
    )  # fmt: skip
