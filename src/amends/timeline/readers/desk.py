"""The desk at which the elements of a source are read: it knows their places and zone, the ids it has seen, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from amends.timeline.entry import UNDATED, Event
from amends.timeline.readers import pieces
from amends.timeline.readers.source import trouble
from amends.timeline.readers.times import Instant, instant
from amends.timeline.readers.values import clean, parsed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amends.core.problem import Problem
    from amends.timeline.readers.pieces import Piece
    from amends.timeline.readers.source import Source

_SMALL = 1 << 16
"""Bytes of what stands around a list that are read with it, such as the name of a page beside its incidents."""


@dataclass(frozen=True, slots=True)
class Element:
    """One object of a source: its place, its value, and what stands around the list that it is in."""

    piece: Piece
    value: dict[str, Any]
    around: dict[str, Any] = field(default_factory=dict)

    def get(self, key: str) -> Any:
        """The value of a key; None where there is none."""
        return self.value.get(key)


class Desk:
    """Gathers what an element tells and what is wrong with it; `run` gives it on."""

    __slots__ = ("_out", "_seen", "kind", "source")

    def __init__(self, source: Source, kind: str) -> None:
        self.source = source
        self.kind = kind
        self._out: list[Event | Problem] = []
        self._seen: set[int] = set()

    def run(self, read: Callable[[Desk, Element], None], *lists: str) -> Iterator[Event | Problem]:
        """What a reader says of each object of the source: of those in the lists that are named, else of those at the top."""
        for document in pieces.documents(self.source.view):
            for piece, around in _elements(document, lists):
                element = self.element(piece, around)
                if element is not None:
                    read(self, element)
                yield from self.flush()
        if not self.source.data:
            yield trouble(self.source, "empty", "there is nothing in it", 0)

    def flush(self) -> list[Event | Problem]:
        """What was gathered, once."""
        out, self._out = self._out, []
        return out

    def element(self, piece: Piece, around: dict[str, Any] | None = None) -> Element | None:
        """A part as an object; None, and a problem, where it is none."""
        if piece.broken:
            self.tell("truncated" if "breaks" in piece.broken else "bad-line", f"not read: {piece.broken}", piece.offset, "export it again")
            return None
        try:
            value = parsed(piece.raw)
        except ValueError as error:
            self.tell("bad-line", f"not read: {str(error)[:80]}", piece.offset, "export it again")
            return None
        if not isinstance(value, dict):
            self.tell("bad-field", f"not an object but {type(value).__name__}", piece.offset)
            return None
        return Element(piece, value, around or {})

    def inner(self, element: Element, *path: str) -> Iterator[Element]:
        """The objects of a list inside of an element."""
        for piece in pieces.within(element.piece, *path, "*"):
            found = self.element(piece, element.value)
            if found is not None:
                yield found

    def tell(self, code: str, message: str, offset: int, hint: str = "") -> None:
        """Say what is wrong with the source at a byte."""
        self._out.append(trouble(self.source, code, message, offset, hint))

    def time(self, value: object, unit: str = "") -> Instant | None:
        """The time that a value tells, in the zone of the source where it names none."""
        return instant(value, self.source.zone, unit)

    def say(
        self,
        element: Element,
        when: object,
        text: str,
        *,
        kind: str | None = None,
        actor: str | None = None,
        level: str | None = None,
        flags: int = 0,
        thread: str | None = None,
        reference: str | None = None,
        id: str | None = None,
    ) -> None:
        """Say that something happened, citing an element. With an `id` it is said once, and the second time is told."""
        piece = element.piece
        if id is not None and self.is_repeated(id):
            self.tell("duplicate", f"it is there twice: {clean(id)[:80]}", piece.offset)
            return
        told = when if isinstance(when, Instant) else self.time(when)
        if told is None:
            self._undated(when, piece.offset)
            told = Instant(UNDATED, clean(str(when))[:80] if when is not None else "", "stated")
        self._out.append(
            Event(
                told.time,
                told.text,
                told.zone,
                piece.offset,
                piece.length,
                kind or self.kind,
                clean(text),
                clean(actor) if actor else None,
                level,
                told.flags | flags,
                clean(thread) if thread else None,
                clean(reference) if reference else None,
            )
        )

    def _undated(self, when: object, offset: int) -> None:
        if when is None or when == "":
            self.tell("no-time", "it does not say when", offset)
        else:
            hint = "such as 2026-03-04T10:50:00Z, of a year from 1970 to 2199"
            self.tell("bad-time", f"not a time: {clean(repr(when))[:60]}", offset, hint)

    def is_repeated(self, id: str) -> bool:
        """Whether an id was here before; it is from now on."""
        number = hash(id)
        known = number in self._seen
        self._seen.add(number)
        return known


def _elements(document: Piece, lists: tuple[str, ...]) -> Iterator[tuple[Piece, dict[str, Any]]]:
    """The objects of a document, with what stands around them."""
    if document.sign == b"[":
        for piece in pieces.within(document, "*"):
            yield piece, {}
        return
    keys = pieces.members(document) if lists and document.sign == b"{" else {}
    found = [keys[name] for name in lists if name in keys and keys[name].sign == b"["]
    if not found:
        yield document, {}
        return
    around = {name: _value(piece) for name, piece in keys.items() if piece not in found and piece.length <= _SMALL}
    for one in found:
        for piece in pieces.within(one, "*"):
            yield piece, around


def _value(piece: Piece) -> Any:
    try:
        return parsed(piece.raw)
    except ValueError:
        return None
