"""The compiled data of the engine, loaded in about a millisecond: word classes, phrases, evidence, rules and forms."""

from __future__ import annotations

import marshal
import os
from copy import copy

from amends.core.people import AUDIENCES
from amends.core.record import replace
from amends.language.forms import Form, FormMove
from amends.language.match import Lexicon, PhraseTable
from amends.language.moves import MoveScorer
from amends.language.rules import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAGIC = b"amends-index-1\n"
MARSHAL_VERSION = 2
"""Read by every Python 3, and without references to shared objects, so that the same data gives the same bytes.
An index with another mark is compiled anew from the files beside it."""

_OFF = tuple((audience, "off") for audience in AUDIENCES)


class Index:
    """Everything that was data: shared by all checks of a process, never changed."""

    __slots__ = ("form_labels", "form_signs", "forms", "lexicon", "rule_names", "rules", "scorer", "structural", "tables")

    def __init__(self, parts: dict[str, Any]) -> None:
        self.lexicon = Lexicon(parts["class_names"], parts["class_lists"])
        self.tables = ((PhraseTable(parts["nodes"]), parts["effects"]),)
        self.scorer = MoveScorer(parts["biases"], parts["cues"], parts["labels"], parts["features"])
        self.rules = tuple(Rule(*values) for values in parts["rules"])
        self.forms = tuple(_form(values) for values in parts["forms"])
        self.form_signs: list[tuple[int, float]] = parts["form_signs"]
        self.form_labels: dict[str, tuple[tuple[int, float], ...]] = parts["form_labels"]
        self._name_rules()

    def _name_rules(self) -> None:
        self.rule_names = frozenset(rule.id for rule in self.rules)
        self.structural = tuple(rule for rule in self.rules if rule.detector or rule.pattern)

    def extended(self, rules: list[Any], forms: dict[str, Any] | None, nodes: list[Any], effects: list[tuple[int, int]]) -> Index:
        """A copy with more rules and forms, whose phrases stand in a table of their own; one of the same name replaces ours."""
        made = copy(self)
        made.rules = (*self.rules, *(Rule(*values) for values in rules))
        made.tables = (*self.tables, (PhraseTable(nodes), effects))
        if forms is not None:
            made.forms = (*self.forms, *(_form(values) for values in forms["forms"]))
            made.form_signs = [*self.form_signs, *forms["form_signs"]]
            made.form_labels = {
                label: (*self.form_labels.get(label, ()), *forms["form_labels"].get(label, ())) for label in {**self.form_labels, **forms["form_labels"]}
            }
        made._replaced()
        made._name_rules()
        return made

    def _replaced(self) -> None:
        """Where two rules or forms have one name, only the newer keeps it; numbers stay, since the tables know them."""
        newest = {rule.id: number for number, rule in enumerate(self.rules)}
        self.rules = tuple(rule if newest[rule.id] == number else replace(rule, id="", severity_for=_OFF, detector=None, pattern=None) for number, rule in enumerate(self.rules))
        latest = {form.id: number for number, form in enumerate(self.forms)}
        self.forms = tuple(form if latest[form.id] == number else replace(form, id="") for number, form in enumerate(self.forms))


def load() -> Index:
    """The index of this package; compiled in memory where the built file is missing or of another make."""
    path = os.path.join(os.path.dirname(__file__), "index.bin")
    try:
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        data = b""
    if not data.startswith(MAGIC):
        from amends.language.compile import compile_index

        data = compile_index()
    return Index(marshal.loads(data[len(MAGIC) :]))


def _form(values: tuple[Any, ...]) -> Form:
    at = Form.__slots__.index("moves")
    return Form(*values[:at], tuple(FormMove(*move) for move in values[at]), *values[at + 1 :])
