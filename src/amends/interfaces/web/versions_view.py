"""What the pages of versions show: a telling with the words marked in which it drifts, the account with the words it lost, and each drift.

Offsets for scripts are counted in UTF-16 units, as browsers count; those in comparisons are code points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from amends.interfaces.web.view import Utf16
from amends.narrative.linking import plain, told_items

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amends.narrative.account import Stated
    from amends.narrative.drift import Drift, Side
    from amends.narrative.version import Redaction
    from amends.promises.ledger import LedgerEntry
    from amends.usecases.versions import VersionView

    Drawn = tuple[int, int, str, tuple[int, ...]]

KINDS = {
    "dropped_fact": "Left out",
    "softened_number": "Number softened",
    "softened_severity": "Softened",
    "raised_certainty": "More certain than known",
    "changed_time": "Another time",
    "agent_removed": "Who did it is gone",
    "unsupported_claim": "Nothing supports it",
    "cause_shifted": "Another cause",
    "repeated_promise": "The same promise again",
}
"""The ways in which a telling drifts, as a label says them."""

GROUNDS = {"legal": "Legal", "privacy": "Privacy", "security": "Security"}
STATES = {
    "drifts": ("missed", "Drifts"), "weighed": ("soon", "To weigh"), "untold": ("quiet", "Not told"), "told": ("kept", "Told"),
    "withheld": ("soon", "Withheld"),
}  # fmt: skip
"""How a point stands in a version: the tone, which has a shape of its own, and the word."""

_WORD = re.compile(r"[^\W_]+(?:[.,:'’-][^\W_]+)*(?:[ \u00a0\u202f]?%)?")
_GAP = re.compile(r"[\s,;:()“”\"–—-]*")


@dataclass(frozen=True, slots=True)
class Mark:
    """A half-open span of a text, in code points: `lost` words that the other text does not have, or `changed` ones that only it has.

    `grave` tells errors from what is to be weighed.
    """

    start: int
    end: int
    what: str
    number: int
    grave: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a text, and how they are marked: nothing, `lost` or `changed`; `numbers` are the drifts that mark them."""

    text: str
    what: str = ""
    numbers: tuple[int, ...] = ()
    grave: bool = True

    @property
    def looks(self) -> str:
        """The classes that draw the mark: what is to be weighed has another line than what is grave."""
        return self.what if self.grave or not self.what else f"{self.what} is-weighed"


@dataclass(frozen=True, slots=True)
class Card:
    """One drift: its number, what it is, what a reader would wrongly believe, and both sides with their words marked."""

    number: int
    kind: str
    tone: str
    message: str
    source: tuple[Piece, ...]
    retold: tuple[Piece, ...]
    item: str = ""
    insert: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A point as the account tells it, with its lost words, how it stands in the version, and the redaction that withholds it."""

    one: Stated
    state: str
    pieces: tuple[Piece, ...]
    told: str
    redaction: Redaction | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A version held against the account, for its page."""

    heading: str
    cards: tuple[Card, ...]
    reading: tuple[Piece, ...]
    paragraphs: tuple[Paragraph, ...]
    marks: dict[str, list[Drawn]]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two plain texts held against each other, for their page."""

    heading: str
    cards: tuple[Card, ...]
    source: tuple[Piece, ...]
    retold: tuple[Piece, ...]
    marks: dict[str, list[Drawn]]


def held(view: VersionView, names: dict[str, str]) -> Held:
    """Everything that the page of a version shows beside its editor."""
    source, text = view.source, view.text
    found = sorted(view.drifts, key=lambda one: _order(one.drift))
    drifts = [one.drift for one in found]
    lost, changed = source_marks(drifts, source.text), retold_marks(drifts, text)
    drifting = {item for one in found for item in one.items}
    gravely = {item for one in found if one.drift.severity == "error" for item in one.items}
    told = told_items(view.sentences)
    withheld = {one.item: one for one in view.redactions}
    paragraphs = []
    for start, end, item in source.places:
        one = view.account.get(item)
        if one is None:
            continue
        redaction = withheld.get(item) or withheld.get(one.point.of or "")
        drifts_as = "drifts" if item in gravely else "weighed" if item in drifting else ""
        state = "withheld" if redaction else drifts_as or ("told" if item in told else "untold")
        paragraphs.append(Paragraph(one, state, pieces(source.text, lost, start, end), plain(source.text[start:end]), redaction))
    cards = tuple(
        card(number, one.drift, source.text, text, lost, changed, one.items[0] if one.items else "") for number, one in enumerate(found, 1)
    )
    heading = _heading(view, drifts, names[view.audience])
    return Held(heading, cards, pieces(text, changed), tuple(paragraphs), {"text": wide(text, changed)})


def compared(source: str, retold: str, drifts: Sequence[Drift], *, usable: bool = True, reader: str = "a reader") -> Compared:
    """Everything that the page shows about two texts; `usable` says that both could be read, `reader` who reads the second."""
    drifts = sorted(drifts, key=_order)
    lost, changed = source_marks(drifts, source), retold_marks(drifts, retold)
    cards = tuple(card(number, one, source, retold, lost, changed) for number, one in enumerate(drifts, 1))
    marks = {"source": wide(source, lost), "retold": wide(retold, changed)}
    given = bool(source.strip() and retold.strip()) and usable
    heading = count(drifts, reader) if given else "Does the second telling say what the first one says?"
    return Compared(heading, cards, pieces(source, lost), pieces(retold, changed), marks)


def count(drifts: Sequence[Drift], reader: str = "a reader") -> str:
    """What the drifts do to a reader, as the heading says it: believe what is not so, and not learn what matters."""
    name = reader[0].upper() + reader[1:]
    left_out = sum(one.retold is None for one in drifts)
    wrong = len(drifts) - left_out
    if not drifts:
        return f"{name} would believe nothing that is not so."
    may = "would" if any(one.severity == "error" for one in drifts) else "might"
    unlearnt = "not learn one thing that matters" if left_out == 1 else f"not learn {left_out} things that matter"
    if not wrong:
        return f"{name} {may} {unlearnt}."
    believed = "one thing that is not so" if wrong == 1 else f"{wrong} things that are not so"
    return f"{name} {may} believe {believed}{f', and {unlearnt}' if left_out else ''}."


def card(number: int, drift: Drift, source: str, retold: str, lost: Sequence[Mark], changed: Sequence[Mark], item: str = "") -> Card:
    """One drift with both sides; what it can put into the retold text is the whole of what was left out."""
    one, other = drift.source, drift.retold
    return Card(
        number, KINDS.get(drift.kind, drift.kind), drift.severity, drift.message,
        pieces(source, _of(lost, number), one.start, one.end) if one else (),
        pieces(retold, _of(changed, number), other.start, other.end) if other else (),
        item, plain(source[one.start : one.end]) if one and not other else "",
    )  # fmt: skip


def source_marks(drifts: Iterable[Drift], text: str) -> tuple[Mark, ...]:
    """The words that were lost: all of a side that is told nowhere, else those that the other side does not have."""
    numbered = enumerate(drifts, 1)
    return tuple(mark for number, one in numbered if one.source for mark in _marks(text, one.source, one.retold, "lost", number, one))


def retold_marks(drifts: Iterable[Drift], text: str) -> tuple[Mark, ...]:
    """The words in which a text drifts: all of a side that nothing stands behind, else those that the other side does not have."""
    numbered = enumerate(drifts, 1)
    return tuple(mark for number, one in numbered if one.retold for mark in _marks(text, one.retold, one.source, "changed", number, one))


def pieces(text: str, marks: Iterable[Mark], start: int = 0, end: int | None = None) -> tuple[Piece, ...]:
    """A part of a text, cut where a mark begins or ends."""
    stop = len(text) if end is None else end
    inside = [one for one in marks if one.start < stop and start < one.end]
    cuts = sorted({start, stop, *(at for one in inside for at in (one.start, one.end) if start < at < stop)})
    found = []
    for begin, finish in pairwise(cuts):
        over = [one for one in inside if one.start <= begin and finish <= one.end]
        numbers = tuple(dict.fromkeys(one.number for one in over))
        what = over[0].what if over else ""
        found.append(Piece(text[begin:finish], what, numbers, any(one.grave for one in over) or not over))
    return tuple(found)


def wide(text: str, marks: Iterable[Mark]) -> list[Drawn]:
    """Marks as the script draws them: in UTF-16 units, none over another, in their order, each with every drift that it is of."""
    at = Utf16(text)
    found: list[Drawn] = []
    begin = 0
    for piece in pieces(text, marks):
        end = begin + len(piece.text)
        if piece.what:
            found.append((at(begin), at(end), piece.looks, piece.numbers))
        begin = end
    return found


def promised(one: LedgerEntry) -> str:
    """An open promise as a sentence to put into a version."""
    words = plain(one.promise.words)
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _heading(view: VersionView, drifts: Sequence[Drift], name: str) -> str:
    if not view.account.points:
        return "State the account first. This is held against it."
    if not view.text.strip():
        return f"Write what {name} should know."
    if view.problems:
        return "This could not be held against the account."
    return count(drifts, name)


def _order(drift: Drift) -> int:
    """What is grave comes first; the rest stays in the order of the texts."""
    return 0 if drift.severity == "error" else 1


def _of(marks: Iterable[Mark], number: int) -> tuple[Mark, ...]:
    return tuple(one for one in marks if one.number == number)


def _marks(text: str, own: Side, other: Side | None, what: str, number: int, drift: Drift) -> list[Mark]:
    grave = drift.severity == "error"
    whole = Mark(own.start, own.end, what, number, grave)
    if other is None:
        return [whole]
    known = {word.casefold() for word in _WORD.findall(other.quote)}
    found: list[Mark] = []
    for word in _WORD.finditer(text, own.start, own.end):
        if word[0].casefold() in known:
            continue
        start, end = word.span()
        if found and _GAP.fullmatch(text, found[-1].end, start):
            start = found.pop().start
        found.append(Mark(start, end, what, number, grave))
    return found or [whole]
