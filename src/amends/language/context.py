"""What a detector may look at, and what it returns: a remark on a span, which its rule turns into a finding."""

from __future__ import annotations

from bisect import bisect_right
from operator import attrgetter

from amends.core.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from amends.language.features import Reading
    from amends.language.forms import Form
    from amends.language.records import Commitment, Edit, FlawLabel, MoveLabel, MoveReport, PastTime
    from amends.language.rules import Rule
    from amends.language.text import Sentence, Text
    from amends.language.times import Calendar


@record
class Remark:
    """Something that a detector found: where, and the values that the rule's texts may name in {braces}.

    `severity` and `edits` replace those of the rule where given.
    """

    start: int
    end: int
    values: dict[str, str] = {}  # noqa: RUF012 - a record's default is never written to
    severity: str | None = None
    edits: tuple[Edit, ...] = ()


_FIRST = attrgetter("first")
_NEAR = 100
"""So many words of a sentence are counted; in a longer one the places of all words are made at once, to stay linear."""
_LEAD = 12
"""What stands before the words of a line as its number, bullet or box is at most so long."""


class Context:
    """One draft with all that the engine knows about it before findings are made.

    `flaws[n]` are the flaws of sentence n; `unsaid` are the sentences that are only gaps of the form; `vocabulary` is the set of
    the words of the draft; `makers` leads from each move that is made to the sentences that make it, with their confidence, in
    order.
    """

    __slots__ = (
        "_lines", "_missing", "_pieces", "_signs", "at", "audience", "calendar", "flaws", "form", "makers", "moves", "past_times",
        "promises", "reading", "reports", "text", "tz", "unsaid", "vocabulary",
    )  # fmt: skip

    def __init__(
        self,
        reading: Reading,
        moves: list[tuple[MoveLabel, ...]],
        form: Form,
        audience: str,
        promises: tuple[Commitment, ...],
        past_times: tuple[PastTime, ...],
        at: datetime,
        tz: str | None,
        calendar: Calendar,
    ) -> None:
        self.reading = reading
        self.text: Text = reading.text
        self.moves = moves
        self.form = form
        self.audience = audience
        self.promises = promises
        self.past_times = past_times
        self.at = at
        self.tz = tz
        self.calendar = calendar
        self.reports: tuple[MoveReport, ...] = ()
        self.flaws: list[list[FlawLabel]] = [[] for _ in moves]
        self.unsaid: set[int] = set()
        self.vocabulary = frozenset(self.text.words)
        self._pieces: frozenset[str] | None = None
        self._signs: frozenset[str] | None = None
        self._missing: frozenset[str] | None = None
        self._lines: dict[Sentence, str] = {}
        self.makers: dict[str, dict[int, float]] = {}
        for place, labels in enumerate(moves):
            for label in labels:
                self.makers.setdefault(label.move, {})[place] = label.confidence

    @property
    def pieces(self) -> frozenset[str]:
        r"""The words as a pattern's `\b` sees them: cut at hyphens and apostrophes."""
        if self._pieces is None:
            cut = " ".join([word for word in self.vocabulary if not word.isalpha()]).replace("-", " ").replace("'", " ").split()
            self._pieces = self.vocabulary.union(cut)
        return self._pieces

    @property
    def signs(self) -> frozenset[str]:
        """Those of its words that are none: %, →, code, links."""
        if self._signs is None:
            self._signs = frozenset([word for word in self.vocabulary if not word[0].isalnum()])
        return self._signs

    @property
    def missing(self) -> frozenset[str]:
        """The moves that the form speaks of and no sentence makes."""
        if self._missing is None:
            self._missing = frozenset([report.move for report in self.reports if not report.present])
        return self._missing

    def sureness(self, place: int, flaw: str) -> float:
        """How sure it is that a sentence has a flaw, from 0 to 1; 0 where it is not told to have it."""
        return next((label.confidence for label in self.flaws[place] if label.flaw == flaw), 0.0)

    def has(self, place: int, move: str) -> bool:
        """Whether sentence number `place` makes a move."""
        return place in self.makers.get(move, ())

    def places(self, move: str) -> list[int]:
        """The numbers of the sentences that make a move, in order."""
        return list(self.makers.get(move, ()))

    def prose(self) -> list[Sentence]:
        """The sentences that carry the message: no greeting, signature or heading."""
        return [sentence for sentence in self.text.sentences if sentence.kind not in ("greeting", "signature", "heading")]

    def words(self, sentence: Sentence) -> list[str]:
        """The words of a sentence, in lower case."""
        return self.text.words[sentence.first : sentence.last]

    def line_of(self, sentence: Sentence) -> str:
        """The words of a sentence as they were written, with the number, bullet or box that opens its line."""
        line = self._lines.get(sentence)
        if line is None:
            text = self.text.masked
            begin = text.rfind("\n", 0, sentence.start) + 1
            lead = text[begin : sentence.start]
            marker = len(lead) <= _LEAD and all(char in "xX" or not char.isalpha() for char in lead)
            line = self._lines[sentence] = text[begin if marker else sentence.start : sentence.end]
        return line

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The offsets of words [first, last) of one sentence: counted from where it begins, since few are ever asked for."""
        text = self.text
        sentence = text.sentences[bisect_right(text.sentences, first, key=_FIRST) - 1]
        if last - sentence.first > _NEAR:
            return text.spans[first][0], text.spans[last - 1][1]
        ends = [sentence.start]
        for word in text.written[sentence.first : last]:
            ends.append(text.masked.index(word, ends[-1]) + len(word))
        return ends[first - sentence.first + 1] - len(text.written[first]), ends[-1]

    def marked(self, rule: Rule, first: int, last: int) -> tuple[int, int]:
        """The offsets of the words of a hit that its rule points at: those it marks, else all of them."""
        if rule.mark:
            words = self.text.words
            places = [place for place in range(first, last) if words[place] in rule.mark]
            if places:
                first, last = places[0], places[-1] + 1
        return self.span(first, last)

    def whole(self) -> tuple[int, int]:
        """The span that stands for the whole message: its first line of prose, or nothing at its start."""
        prose = self.prose()
        return (prose[0].start, prose[0].end) if prose else (0, min(len(self.text.raw), 1))


if TYPE_CHECKING:
    from collections.abc import Callable

    Detector = Callable[[Context, Rule], Iterator[Remark]]
