"""What a reader of a structured source is given, and what it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from amends.core.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import tzinfo
    from mmap import mmap

    from amends.timeline.entry import Event

HEAD = 1 << 16
"""Bytes of the beginning of a file by which a reader knows it."""


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of one file, and what is known beside them.

    `zone` is that of times which name none (UTC where it is None); `modified_at` is microseconds since 1970; `names` is what sibling
    files tell, such as the name of each user id of a Slack export.
    """

    name: str
    data: bytes | memoryview | mmap
    zone: tzinfo | None = None
    modified_at: int | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def view(self) -> memoryview:
        """The bytes, without copying them when a part is taken."""
        return memoryview(self.data)


@dataclass(frozen=True, slots=True)
class Reader:
    """One kind of source: `sniff` knows it by its first bytes, `read` gives its events and what was wrong with it."""

    id: str
    kind: str
    sniff: Callable[[bytes, str], bool]
    read: Callable[[Source], Iterator[Event | Problem]]


def trouble(source: Source, code: str, message: str, offset: int, hint: str = "", line: int | None = None) -> Problem:
    """A problem at a byte of a source."""
    return Problem(code, message, hint, source.name, line, f"byte {offset}")
