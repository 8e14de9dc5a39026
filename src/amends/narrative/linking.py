"""Which sentence of a version tells which point of the account: as people tied them, and as the comparison finds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.language.text import parse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from amends.narrative.drift import Comparison, Drift
    from amends.narrative.telling import Told
    from amends.narrative.version import Redaction, Tie

_NO_STATEMENTS = frozenset({"heading", "greeting", "signature"})
"""Kinds of sentences that say nothing about an incident."""


@dataclass(frozen=True, slots=True)
class VersionSentence:
    """A sentence of a version: its half-open span in code points, the items that people tied it to, and those that it seems to tell."""

    start: int
    end: int
    text: str
    tied: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Traced:
    """A drift, and the points of the account that it is about; none where the version says what no point says."""

    drift: Drift
    items: tuple[str, ...]


def plain(sentence: str) -> str:
    """A sentence as ties know it: on one line."""
    return " ".join(sentence.split())


def tied_now(ties: Iterable[Tie]) -> tuple[Tie, ...]:
    """The ties that nobody undid, from all that were recorded."""
    listed = tuple(ties)
    undone = {one.undoes for one in listed if one.undoes is not None}
    return tuple(one for one in listed if one.undoes is None and one.id not in undone)


def withheld_now(redactions: Iterable[Redaction], now: datetime, audience: str | None = None) -> tuple[Redaction, ...]:
    """What is withheld at a moment, from one audience or from any: not lifted, and not past the time at which it was to be."""
    listed = tuple(redactions)
    lifted = {one.undoes for one in listed if one.undoes is not None}
    return tuple(
        one for one in listed
        if one.undoes is None and one.id not in lifted and audience in (None, one.audience) and (one.lift_at is None or one.lift_at > now)
    )  # fmt: skip


def sentences_of(
    text: str, ties: Iterable[Tie] = (), told: Told | None = None, comparison: Comparison | None = None
) -> tuple[VersionSentence, ...]:
    """The sentences of a version with the points that they tell; a tie holds as long as its sentence stands in the text."""
    by_text: dict[str, list[str]] = {}
    for tie in tied_now(ties):
        by_text.setdefault(tie.sentence, []).append(tie.item)
    found = []
    for one in parse(text).sentences:
        if one.kind in _NO_STATEMENTS:
            continue
        words = text[one.start : one.end]
        tied = tuple(dict.fromkeys(by_text.get(plain(words), ())))
        seems = _offered(one.start, one.end, told, comparison)
        found.append(VersionSentence(one.start, one.end, words, tied, tuple(item for item in seems if item not in tied)))
    return tuple(found)


def traced(comparison: Comparison, told: Told) -> tuple[Traced, ...]:
    """Each drift of a comparison with the account as text, and the points that it is about."""
    return tuple(Traced(one, told.at(one.source.start, one.source.end) if one.source is not None else ()) for one in comparison.drifts)


def told_items(sentences: Iterable[VersionSentence]) -> frozenset[str]:
    """The points that a version tells."""
    return frozenset(item for one in sentences for item in (*one.tied, *one.offered))


def _offered(start: int, end: int, told: Told | None, comparison: Comparison | None) -> tuple[str, ...]:
    if told is None or comparison is None:
        return ()
    items = (
        item
        for retold, sources in comparison.pairs
        if retold.start < end and start < retold.end
        for source in sources
        for item in told.at(source.start, source.end)
    )
    return tuple(dict.fromkeys(items))
