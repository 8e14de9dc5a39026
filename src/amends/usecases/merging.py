"""Joins what two people did to one draft since they last saw the same version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.incident import DraftContent

if TYPE_CHECKING:
    from typing import TypeVar

    T = TypeVar("T")


class _ClashError(Exception):
    """Both changed the same thing, in different ways."""


def merged(base: DraftContent | None, theirs: DraftContent, mine: DraftContent) -> DraftContent | None:
    """Both changes in one content, or None where both changed the same field in different ways.

    A field is taken whole: two different texts are never woven together, because a sentence that nobody wrote could be sent.
    Without a base only equal contents agree.
    """
    if base is None:
        return theirs if mine == theirs else None
    try:
        return DraftContent(
            text=_field(base.text, theirs.text, mine.text),
            form=_field(base.form, theirs.form, mine.form),
            audience=_field(base.audience, theirs.audience, mine.audience),
            tz=_field(base.tz, theirs.tz, mine.tz),
        )
    except _ClashError:
        return None


def _field(base: T, theirs: T, mine: T) -> T:
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    raise _ClashError
