"""Whether a sentence tells that one person failed to do something: somebody in it, and after that what was not done, or done wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.trust.signs.somebody import ends_with_somebody, place_of_somebody
from amends.trust.signs.words import heard, places, spared

if TYPE_CHECKING:
    from amends.language.index import Index


def fails(said: str, before: str, index: Index) -> bool:
    """Whether a sentence tells of a person who failed; one without a subject goes on with the person with whom the sentence before ends."""
    if spared("failing", said):
        return False
    start = place_of_somebody(said, index)
    if start is None and ends_with_somebody(before, index):
        start = 0
    if start is None:
        return False
    return any(end > start for _, end in places("failing", said)) or heard("inattentive", said) is not None
