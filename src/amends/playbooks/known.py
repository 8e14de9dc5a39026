"""What a run of a playbook is told of the data: what each source holds, and which conditions show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

KINDS = (
    "message", "point", "entry", "action", "promise", "document", "break", "repair", "review", "wave", "incident", "fact", "commit",
    "link", "sign", "person",
)  # fmt: skip
"""What an artifact can refer to; `person` is somebody's word: who said it, when."""

WORD = "person"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that the data hold: a reference with the words by which people know it.

    `lacks` says what it still misses to count, each as the end of a sentence ("names nobody who asked"); `at` is when it happened or was
    said, aware and in UTC, and `by` who said it or is to do it.
    """

    kind: str
    id: str
    words: str
    lacks: tuple[str, ...] = ()
    at: datetime | None = None
    by: str | None = None

    @property
    def is_sound(self) -> bool:
        """Whether it lacks nothing."""
        return not self.lacks


@dataclass(frozen=True, slots=True)
class Saw:
    """Whether a condition shows in the data (None where they cannot tell), what was seen, in words, where, and since when it is so."""

    holds: bool | None
    words: str
    where: tuple[Item, ...] = ()
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the data show at one moment, by the names of `sources`. A name that is missing holds nothing, or cannot be told."""

    held: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)
    shows: Mapping[str, Saw] = field(default_factory=dict)

    def items(self, *sources: str) -> tuple[Item, ...]:
        """All that some sources hold, in their order, each thing once."""
        found = {(one.kind, one.id): one for name in sources for one in self.held.get(name, ())}
        return tuple(found.values())
