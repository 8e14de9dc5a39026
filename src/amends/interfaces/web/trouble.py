"""A form that could not be taken, so that its page shows every word of it again with what is wrong beside the field."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as made
from typing import TYPE_CHECKING

from amends.core.errors import ConflictError, InputError, UsageError
from amends.interfaces.web import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amends.core.errors import AmendsError

REFUSED = (InputError, UsageError, ConflictError)
"""What a form answers beside its fields. Everything else has a page of its own."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A form that could not be taken: which act, which field, what is wrong, and everything that was typed."""

    act: str = ""
    field: str = ""
    message: str = ""
    hint: str = ""
    typed: Mapping[str, str] = made(default_factory=dict)

    def of(self, act: str, name: str) -> str:
        """What is wrong with a field of an act, in words, or ""."""
        return f"{words.sentence(self.message)} {words.sentence(self.hint)}".strip() if (act, name) == (self.act, self.field) else ""

    def value(self, act: str, name: str, otherwise: str = "") -> str:
        """What was typed into a field of an act."""
        return self.typed.get(name, otherwise) if act == self.act else otherwise


def trouble_with(act: str, error: AmendsError, typed: Mapping[str, str], fields: tuple[str, ...] = ()) -> Trouble:
    """What `error` says about a form; a field that the form does not have (`fields`, empty for any) is said above its button."""
    name = getattr(error, "field", None) or ""
    return Trouble(act, name if not fields or name in fields else "", error.message, error.hint, typed)
