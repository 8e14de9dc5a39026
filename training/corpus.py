"""Reads the labelled text (see GUIDELINE.md) and lines it up with the sentences that the engine sees."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from amends.language import commitments
from amends.language.features import read
from amends.language.index import load
from amends.language.labels import FLAWS, MOVES
from amends.language.text import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.features import Reading

HERE = Path(__file__).parent
TEXT = HERE / "text"
LABELS = (*MOVES, *FLAWS)
INDEX = load()
_AT = datetime(2026, 3, 4, 10, 50, tzinfo=UTC)
_LINE = re.compile(r"(?P<words>.*\S) ::(?: (?P<moves>[a-z ]+?))??(?: ?\| (?P<flaws>[a-z ]+))?")
_HEADER = re.compile(r"=== (?P<kind>[a-z]+) \| (?P<voice>.+)")


@dataclass
class Labelled:
    """A sentence as it was written and labelled; `start` and `end` are its place in the message."""

    words: str
    labels: frozenset[str]
    start: int
    end: int
    line: int


@dataclass
class Message:
    """A message with its labelled sentences."""

    kind: str
    voice: str
    path: Path
    text: str = ""
    sentences: list[Labelled] = field(default_factory=list)

    def add(self, words: str, labels: frozenset[str], *, paragraph: bool, line: int) -> None:
        """Put a sentence behind the others: list items on lines of their own, paragraphs apart, all others in a row."""
        if self.text:
            listed = words.startswith(("- ", "* ")) or self.sentences[-1].words.startswith(("- ", "* "))
            self.text += "\n\n" if paragraph else "\n" if listed else " "
        start = len(self.text)
        self.text += words
        self.sentences.append(Labelled(words, labels, start, len(self.text), line))


class CorpusError(ValueError):
    """A line that cannot be read: names the file, the line and what is wrong."""


def messages(folder: Path = TEXT) -> Iterator[Message]:
    """Every message under a folder, in the order of file names.

    Raises:
        CorpusError: a line has no labels, an unknown one, or stands before the first header.
    """
    for path in sorted(folder.rglob("*.txt")):
        yield from _messages_of(path)


def _messages_of(path: Path) -> Iterator[Message]:
    message: Message | None = None
    paragraph = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if header := _HEADER.fullmatch(line):
            if message:
                yield message
            message = Message(header["kind"], header["voice"], path)
        elif not line.strip():
            paragraph = True
            continue
        else:
            found = _LINE.fullmatch(line)
            if found is None or message is None:
                raise CorpusError(f"{path}:{number}: expected `=== kind | voice` or `sentence :: moves | flaws`, found {line[:60]!r}")
            labels = frozenset(f"{found['moves'] or ''} {found['flaws'] or ''}".split())
            if unknown := labels - set(LABELS):
                raise CorpusError(f"{path}:{number}: unknown label {', '.join(sorted(unknown))}")
            message.add(found["words"], labels, paragraph=paragraph, line=number)
        paragraph = False
    if message:
        yield message


def reading_of(text: str) -> Reading:
    """What the engine sees in a text before it judges."""
    parsed = parse(text)
    promises, _ = commitments.find(parsed, _AT)
    return read(parsed, INDEX.lexicon, INDEX.tables, promises, INDEX.labels)


def labels_of(message: Message, reading: Reading) -> list[frozenset[str] | None]:
    """The labels of each sentence that the engine sees: those of all labelled ones that it mostly covers or lies mostly in."""
    found: list[frozenset[str] | None] = []
    for sentence in reading.text.sentences:
        inside = [one.labels for one in message.sentences if mostly(sentence.start, sentence.end, one.start, one.end)]
        found.append(frozenset().union(*inside) if inside else None)
    return found


def mostly(start: int, end: int, other_start: int, other_end: int) -> bool:
    """Whether one of two spans lies mostly in the other; the rule by which sentences are matched in all measurements."""
    shared = min(end, other_end) - max(start, other_start)
    return shared > 0 and 2 * shared >= min(end - start, other_end - other_start)
