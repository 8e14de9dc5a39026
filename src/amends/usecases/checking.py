"""Checking drafts, and looking up the rules and forms that they are checked against. Never touches the store."""

from __future__ import annotations

from amends.core.errors import UnknownNameError
from amends.language.check import check
from amends.language.index import Index, load
from amends.language.options import Options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from amends.language.forms import Form
    from amends.language.records import Document, Draft
    from amends.language.rules import Rule


class Checking:
    """The engine with the decisions of one team; made once, used for every draft."""

    def __init__(self, options: Options | None = None, index: Index | None = None) -> None:
        self._options = options or Options()
        self._index = index or load()

    def check(self, draft: Draft) -> Document:
        """Everything the engine says about a draft.

        Raises:
            UnknownNameError: unknown form or audience.
        """
        return check(draft, self._index, self._options)

    def rules(self) -> tuple[Rule, ...]:
        """All rules, in the order of their names, without their examples."""
        return self._index.rules

    def forms(self) -> tuple[Form, ...]:
        """All forms, in the order of their names."""
        return self._index.forms

    def rule(self, name: str) -> Rule:
        """A rule with its examples, read from its file.

        Raises:
            UnknownNameError: no rule has that name.
        """
        for rule in self._index.rules:
            if rule.id == name:
                return rule
        raise UnknownNameError("rule", name, tuple(rule.id for rule in self._index.rules))

    def form(self, name: str) -> Form:
        """A form.

        Raises:
            UnknownNameError: no form has that name.
        """
        for form in self._index.forms:
            if form.id == name:
                return form
        raise UnknownNameError("form", name, tuple(form.id for form in self._index.forms))
