"""A draft as the engine reads it: sentences, list items, headings and `Label:` lines with exact offsets, and its words.

One pass over the lines finds the structure, one over each block the sentences, one over the text the words; no step looks
back further than a line, so time is linear in the length of the text. What is not the author's prose is masked, not lost.
"""

from __future__ import annotations

import re

from amends.language.lines import is_greeting, is_header, is_reply_mark, is_sign_off, is_trailer, label_of, marker
from amends.language.mask import STAND_INS, blank, mask_inline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MARKUPS = ("auto", "plain", "markdown", "slack", "email")


class Sentence:
    """One unit of the text: its span, what it is, and which words it holds.

    `kind` is "sentence", "item", "heading", "label", "greeting" or "signature"; `label` the lower-case name of a `Name: …`
    line (the span then covers the whole line); `first` and `last` the half-open range of its words in `Text.words`.
    """

    __slots__ = ("end", "first", "kind", "label", "last", "paragraph", "start")

    def __init__(self, start: int, end: int, kind: str, label: str | None, paragraph: int) -> None:
        self.start = start
        self.end = end
        self.kind = kind
        self.label = label
        self.paragraph = paragraph
        self.first = self.last = 0

    def __repr__(self) -> str:
        return f"Sentence({self.start}, {self.end}, {self.kind!r}, {self.label!r})"


class Text:
    """A parsed draft.

    `masked` has the length of `raw`; `written` are its words with straight apostrophes, `words` the same in lower case,
    at `spans`.
    """

    __slots__ = ("_spans", "masked", "raw", "sentences", "words", "written")

    def __init__(self, raw: str, masked: str, sentences: list[Sentence]) -> None:
        self.raw = raw
        self.masked = masked
        self.sentences = sentences
        self.written: list[str] = []
        self.words: list[str] = []
        self._spans: list[tuple[int, int]] | None = None
        self._tokenise()

    def _tokenise(self) -> None:
        written = self.written
        for sentence in self.sentences:
            sentence.first = len(written)
            if sentence.kind != "signature":
                written += _TOKEN.findall(self.masked, sentence.start, sentence.end)
            sentence.last = len(written)
        self.words += map(str.lower, written)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The half-open span of each word, in the order of `words`; made when first asked for."""
        if self._spans is None:
            self._spans = [
                found.span()
                for sentence in self.sentences
                if sentence.kind != "signature"
                for found in _TOKEN.finditer(self.masked, sentence.start, sentence.end)
            ]
        return self._spans

    def of(self, sentence: Sentence) -> str:
        """The words of a sentence as they were written."""
        return self.raw[sentence.start : sentence.end]


_TOKEN = re.compile(
    r"(?=\S)(?:[^\W\d]\w*+(?:['\-]\w++)*+"  # words: don't, follow-up, v12, some_name
    r"|\d++(?:[.,:/\-]\d++)*+[^\W\d_]*+"  # numbers, clock times, dates, amounts with their unit: 14:30, 4,212, 45min
    rf"|[%?!;+&$£#]|→|€|(?:{'|'.join(STAND_INS)})+)"  # a set with signs beyond Latin takes three times as long to compile
)

_STOP = re.compile(r"[.!?…]++(?:[\"'»)\]*_]|”|’)*+(?=\s|$)")
_ABBREVIATIONS = frozenset(
    "e.g i.e vs mr mrs ms dr prof sr jr st etc approx ca cf al no nos fig inc ltd co corp dept est min max sec hr hrs"
    " jan feb mar apr jun jul aug sep sept oct nov dec a.m p.m mon tue tues wed thu thur thurs fri sat sun"
    " viz resp incl excl rev ver vol pp ph.d u.s u.k".split()
)
_LOWER_STOPS = frozenset("e.g i.e vs mr mrs ms dr prof no nos fig approx ca cf resp incl excl viz".split())
_CLOCK_LINE = r"(?:\d{4}-\d\d-\d\d[ T])?(?:\d{1,2} [A-Z][a-z]{2,8} )?\d{1,2}[:.h]\d{2}(?::\d{2})?\b"
_WRAP = 60
"""A line at least this long is taken to be wrapped by the mail program, not ended by its author."""


def parse(raw: str, markup: str = "auto") -> Text:
    """Read a draft; `markup` is one of `MARKUPS`, and with "auto" what each line looks like decides.

    Plain text is taken as it stands: no line of it is code, a header or a quotation.
    """
    straight = raw.replace("\u2019", "'").replace("\u02bc", "'") if "\u2019" in raw or "\u02bc" in raw else raw
    if markup == "plain":
        return Text(raw, straight, list(_sentences(straight, _blocks(straight, None))))
    lines = _Lines(straight)
    masked = mask_inline(lines.masked())
    return Text(raw, masked, list(_sentences(masked, _blocks(masked, lines))))


class _Lines:
    """What each line of a draft is, beyond prose: decided before sentences are looked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.hidden: list[tuple[int, int]] = []
        self.signature_from = len(text)
        self._scan()

    def masked(self) -> str:
        pieces: list[str] = []
        done = 0
        for start, end in self.hidden:
            pieces += (self.text[done:start], blank(self.text[start:end]))
            done = end
        pieces.append(self.text[done:])
        return "".join(pieces)

    def _scan(self) -> None:
        fence = ""
        spans = list(_line_spans(self.text))
        at = self._skip_front_matter(spans)
        at = self._skip_headers(spans, at)
        for number in range(at, len(spans)):
            start, end = spans[number]
            line = self.text[start:end]
            head = line.lstrip()[:3]
            if fence:
                self._hide(start, end)
                if head == fence:
                    fence = ""
            elif head in ("```", "~~~"):
                fence = head
                self._hide(start, end)
            elif head[:1] == ">" or head == "&gt" or is_trailer(line):
                self._hide(start, end)
            elif is_reply_mark(line):
                self._hide(start, spans[-1][1])
                return

    def _hide(self, start: int, end: int) -> None:
        self.hidden.append((start, end))

    def _skip_front_matter(self, spans: list[tuple[int, int]]) -> int:
        if not self.text.startswith("---\n"):
            return 0
        for number, (start, end) in enumerate(spans[1:60], 1):
            if self.text[start:end].rstrip() in ("---", "..."):
                self._hide(0, end)
                return number + 1
        return 0

    def _skip_headers(self, spans: list[tuple[int, int]], at: int) -> int:
        """Mail headers open a mail; `Subject:` stays, since its words are read first."""
        number, found = at, 0
        while number < len(spans):
            start, end = spans[number]
            line = self.text[start:end]
            folded = found and line[:1] in " \t" and line.strip()
            if is_header(line) or folded:
                found += 1
            elif not line.lower().startswith("subject:"):
                break
            number += 1
        if not found:
            return at
        for start, end in spans[at:number]:
            if not self.text[start:end].lower().startswith("subject:"):
                self._hide(start, end)
        return number


class _Block:
    """A run of lines read together: its kind, its label, and the span of its words."""

    __slots__ = ("end", "kind", "label", "newest", "paragraph", "start")

    def __init__(self, start: int, end: int, kind: str, label: str | None, paragraph: int) -> None:
        self.start, self.end, self.kind, self.label, self.paragraph = start, end, kind, label, paragraph
        self.newest = start  # where its latest line begins


def _line_spans(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    size = len(text)
    while at < size:
        end = text.find("\n", at)
        end = size if end < 0 else end
        yield at, end
        at = end + 1


def _blocks(masked: str, lines: _Lines | None) -> Iterator[_Block]:
    """Lines joined into paragraphs, items, headings and labelled lines, in order."""
    open_block: _Block | None = None
    paragraph = 0
    for start, end in _line_spans(masked):
        if not masked[start:end].strip():
            if open_block:
                yield open_block
                open_block = None
            paragraph += 1
            continue
        if open_block and _continues(masked, open_block, start, end):
            open_block.newest, open_block.end = start, end
            continue
        if open_block:
            yield open_block
        open_block = _open(masked, start, end, paragraph, plain=lines is None)
        if open_block and open_block.kind in ("heading", "greeting", "signature"):
            yield open_block
            open_block = None
    if open_block:
        yield open_block


def _open(masked: str, start: int, end: int, paragraph: int, *, plain: bool) -> _Block | None:
    """The block that a line begins, past its marker; None for a rule or an empty item."""
    line = masked[start:end]
    kind, skip = ("prose", 0) if plain else marker(line)
    if kind == "rule":
        return None
    while skip < len(line) and line[skip] in " \t|":
        skip += 1
    if skip >= len(line):
        return None
    rest = line[skip:]
    if kind == "prose" and not plain and (is_greeting(rest) or is_sign_off(rest)):
        return _Block(start + skip, end, "greeting" if is_greeting(rest) else "signature", None, paragraph)
    label = None if kind == "heading" else label_of(rest)
    return _Block(start + skip, end, "label" if label else "sentence" if kind == "prose" else kind, label, paragraph)


def _continues(masked: str, block: _Block, start: int, end: int) -> bool:
    """Whether a line carries on the sentence of the line before it: wrapped by a program, or broken mid-sentence."""
    line = masked[start:end]
    text = line.strip()
    if marker(line)[0] != "prose" or text[0] == "|" or text[:3] in ("```", "~~~"):
        return False
    if (text[0].isdigit() and re.match(_CLOCK_LINE, text)) or is_sign_off(text) or label_of(text) is not None:
        return False
    newest = masked[block.newest : block.end].rstrip()
    return len(newest) >= _WRAP or (text[0].islower() and newest[-1:] not in ".!?…")


def _sentences(masked: str, blocks: Iterator[_Block]) -> Iterator[Sentence]:
    """Each block cut at its full stops; headings, greetings and signatures stay whole."""
    for block in blocks:
        if block.kind in ("heading", "greeting", "signature"):
            yield from _trimmed(masked, block.start, block.end, block)
            continue
        at = block.start
        for found in _STOP.finditer(masked, block.start, block.end):
            if found.end() < block.end and not _ends_sentence(masked, at, found, block.end):
                continue
            yield from _trimmed(masked, at, found.end(), block)
            at = found.end()
        if at < block.end:
            yield from _trimmed(masked, at, block.end, block)


def _trimmed(masked: str, start: int, end: int, block: _Block) -> Iterator[Sentence]:
    while start < end and (masked[start].isspace() or masked[start] == "|"):
        start += 1
    while end > start and (masked[end - 1].isspace() or masked[end - 1] == "|"):
        end -= 1
    if start == end or not (
        masked[start].isalnum() or any(char.isalnum() or char in STAND_INS for char in masked[start : min(end, start + 400)])
    ):
        return
    yield Sentence(start, end, block.kind, block.label, block.paragraph)


def _goes_on(before: str, after: str) -> bool:
    """Whether a time with a.m. or p.m. does not end its sentence: a zone follows, or all before it is "At 1:30"."""
    word = after.split(None, 1)[0].strip(",.)(;:") if after.strip() else ""
    return (word.isupper() and 2 <= len(word) <= 5) or len(before.split()) <= 4


def _ends_sentence(masked: str, begin: int, found: re.Match[str], limit: int) -> bool:
    """Whether a full stop followed by white space ends the sentence, or belongs to an abbreviation, a time or a list."""
    stop = found.start()
    mark = masked[stop : found.end()]
    after = found.end()
    while after < limit and masked[after] in " \t\r\n":
        after += 1
    following = masked[after : after + 1]
    if mark[:1] in "!?":
        return True
    word_start = stop
    while word_start > begin and (masked[word_start - 1].isalnum() or masked[word_start - 1] == "."):
        word_start -= 1
    word = masked[word_start:stop].lower()
    if word in _ABBREVIATIONS:
        if word in ("a.m", "p.m"):
            return not following.islower() and not _goes_on(masked[begin:stop], masked[after : after + 8])
        return word not in _LOWER_STOPS and following.isupper() and word in ("etc", "al", "sec", "min", "max", "hrs", "co", "inc", "ltd")
    if len(word) == 1 and word.isalpha() and masked[word_start].isupper() and word_start > begin:
        return False
    if mark.startswith(("..", "…")) and following.islower():
        return False
    return not (word.isdigit() and word_start <= begin + 1 and stop - begin <= 4)
