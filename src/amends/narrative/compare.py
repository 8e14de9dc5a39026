"""Compares two tellings of one incident and finds the places where the second became cleaner but less true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.narrative.drift import Comparison

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.language.index import Index


def compare(source: str, retold: str, index: Index, *, audience: str | None = None, withheld: Iterable[tuple[int, int]] = ()) -> Comparison:
    """Hold a retold text against its source.

    `withheld` are spans of the source whose absence was declared elsewhere. Deterministic: the same texts give the same comparison.
    """
    raise NotImplementedError
