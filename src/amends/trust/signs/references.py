"""How a sign names what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.trust.signs.records import Ref

if TYPE_CHECKING:
    from amends.trust.signs.records import Text

_KINDS = {"message": "message", "trust-review": "review"}


def kind_of(text: Text) -> str:
    """The kind of reference to a text."""
    return _KINDS.get(text.kind, "document")


def ref(text: Text, words: str) -> Ref:
    """A reference to words of a text."""
    return Ref(kind_of(text), text.id, " ".join(words.split()))
