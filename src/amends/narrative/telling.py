"""The account as plain prose: what a version is held against, with the place of every point, so that each drift leads back to one.

A point is one paragraph of one or more sentences, and says in words how well it is supported: what is likely is not told as certain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

    from amends.narrative.account import Account, Point, Stated

SHORT_LABEL = 3
"""Words of a label before a colon that still belong to what follows; a comparison takes a longer one for a statement of its own."""
STATUS_WORDS = {"confirmed": "", "likely": "Likely: ", "inconclusive": "Unclear, evidence differs: ", "unsupported": "Not confirmed: "}
"""How a claim begins, by how well it is supported."""
INSIDE = ("team", "leadership")
"""The audiences that are owed all of an account; others are owed what happened, why, whom it hit, and what is not known."""

_CONDITION_WORDS = {"confirmed": "", "likely": "Likely ", "inconclusive": "Unclear ", "unsupported": "Unproven "}
_LESSONS = ("well", "badly", "luck", "disagreement")
_SAID_OF = {
    "well": "What went well: ",
    "badly": "What went badly: ",
    "luck": "Where luck helped: ",
    "cost": "What it cost people: ",
    "no-organisational": "No organisational condition: ",
}
_OPEN = {
    "question": "Not known: ",
    "trust-break": "Trust broken and not repaired: ",
    "disagreement": "Not agreed: ",
}
_CLOSED = {"question": "Asked and answered: ", "trust-break": "Broken trust, closed since: ", "disagreement": "Agreed after all: "}
_ENDS = (".", "!", "?", "…", ".”", '."')


@dataclass(frozen=True, slots=True)
class Told:
    """The account as a text: `places` are the half-open spans of its points, in code points, each with its item, in order.

    `asides` are spans whose absence is no drift for anybody: labels of ours, why a decision was reasonable, the sides of a disagreement.
    """

    text: str
    places: tuple[tuple[int, int, str], ...]
    asides: tuple[tuple[int, int], ...] = ()

    def at(self, start: int, end: int) -> tuple[str, ...]:
        """The items whose places overlap a span."""
        return tuple(item for begin, finish, item in self.places if begin < end and start < finish)

    def spans_of(self, items: Iterable[str]) -> tuple[tuple[int, int], ...]:
        """Where some items are told."""
        wanted = frozenset(items)
        return tuple((begin, finish) for begin, finish, item in self.places if item in wanted)


def as_text(account: Account, zone: tzinfo) -> Told:
    """Tell an account, clock times in `zone`: what happened in order, what it cost, why, what is not agreed or known."""
    text, places, asides = "", [], []
    for one in _in_order(account):
        begin = len(text)
        label, words, aside = _paragraph(one, zone)
        if len(label.split()) > SHORT_LABEL:
            asides.append((begin, begin + len(label.rstrip())))
        text += label + words
        if aside:
            asides.append((len(text) + 1, len(text) + 1 + len(aside)) if words else (len(text), len(text) + len(aside)))
            text += f" {aside}" if words else aside
        places.append((begin, len(text), one.item))
        text += "\n\n"
    return Told(text.rstrip("\n") + "\n" if text else "", tuple(places), tuple(asides))


def not_owed(account: Account, told: Told, audience: str) -> tuple[tuple[int, int], ...]:
    """The spans of an account as text that a version for an audience may leave out without a word."""
    lessons = () if audience in INSIDE else tuple(one.item for part in _LESSONS for one in account.of(part))
    return (*told.asides, *told.spans_of(lessons))


def _in_order(account: Account) -> Iterator[Stated]:
    yield from account.claims
    yield from account.of("cost")
    yield from account.of("trust-break")
    yield from account.of("condition")
    yield from account.of("no-organisational")
    for part in ("well", "badly", "luck"):
        yield from account.of(part)
    for split in account.of("disagreement"):
        yield split
        yield from (side for side in account.of("position") if side.point.of == split.item)
    yield from account.of("question")


def _paragraph(one: Stated, zone: tzinfo) -> tuple[str, str, str]:
    """A point as its label, what it says, and what belongs to it and is owed to nobody; the last two may be empty."""
    point = one.point
    reason = _sentence(point.because) if point.because else ""
    match point.part:
        case "claim" if point.kind == "decision":
            aside = f"It was reasonable at the time: {reason}" if reason else ""
            return STATUS_WORDS[one.support.status], _claim(point, zone), aside
        case "claim":
            return STATUS_WORDS[one.support.status], _joined(_claim(point, zone), reason), ""
        case "condition":
            label = f"{_CONDITION_WORDS[one.support.status]}{point.kind or ''} condition: "
            return label[0].upper() + label[1:], _joined(_sentence(point.text), reason), ""
        case "question" | "trust-break" | "disagreement":
            words = _OPEN if one.is_open else _CLOSED
            return words[point.part], _joined(_sentence(_with_figure(point)), _sentence(point.answer) if point.answer else ""), ""
        case "position":
            return f"Held by {point.who or 'one side'}: ", "", _joined(_sentence(point.text), reason)
    unanswered = f"No action answers it: {reason}" if point.part == "badly" and reason and not point.answer else ""
    return _SAID_OF.get(point.part, ""), _sentence(_with_figure(point)), unanswered


def _claim(point: Point, zone: tzinfo) -> str:
    words = _with_figure(point)
    if point.kind == "signal" and point.who and point.who.casefold() not in words.casefold():
        words = f"{point.who} saw it: {words}"
    if point.at is not None:
        local = point.at.astimezone(zone)
        if f"{local:%H:%M}" not in words:
            words = f"At {local:%H:%M %Z}, {_going_on(words)}"
    return _sentence(words)


def _joined(words: str, more: str) -> str:
    return f"{words} {more}" if more else words


def _with_figure(point: Point) -> str:
    """The words of a point with whose it is, in brackets, and its figure behind, where they do not say them."""
    words = point.text
    if point.part in ("cost", "trust-break") and point.who and point.who.casefold() not in words.casefold():
        words = f"{words.rstrip('.')} ({point.who})"
    if point.value and point.value.casefold() not in words.casefold():
        words = f"{words.rstrip('.')}: {point.value}"
    return words


def _going_on(words: str) -> str:
    """Words behind others: without the capital of a word that only has one because it began a sentence."""
    first = words.partition(" ")[0]
    return first.lower() + words[len(first) :] if first in _PLAIN else words


_PLAIN = frozenset("A Almost An The This That These Those We They It Our Its Their No Nobody Some All Every Each Most Many".split())


def _sentence(words: str) -> str:
    """Words on one line, with a full stop behind where nothing else ends them."""
    kept = " ".join(words.split())
    return kept if kept.endswith(_ENDS) else f"{kept}."
