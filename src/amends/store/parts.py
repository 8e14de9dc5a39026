"""Long lists of values, in parts that one statement takes: SQLite takes some thousand parameters at most."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")
AT_ONCE = 500
"""Values asked for in one statement."""


def in_parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in their order, at most `AT_ONCE` at a time."""
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))
