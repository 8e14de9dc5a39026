"""The compiled data of the engine, loaded in about a millisecond: word classes, phrases, evidence, rules and forms."""

from __future__ import annotations

import marshal
import os
from collections.abc import Sequence

from amends.core.record import fields
from amends.language.features import BLOCK, FORM, NOTHING, RULE
from amends.language.forms import Form, FormMove
from amends.language.match import MAGIC, Lexicon, PhraseTable
from amends.language.rules import Rule, structural_numbers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeVar

    from amends.language.features import Table
    from amends.language.model.network import Network

    T = TypeVar("T")


class Shelf(Sequence):  # type: ignore[type-arg]  # importing TypeVar would cost start-up time
    """Records that come packed, one by one, and are unpacked when they are first asked for: most checks need few of them."""

    def __init__(self, packed: list[bytes], make: Callable[[tuple[Any, ...]], Any]) -> None:
        self._packed = packed
        self._make = make
        self._made: list[Any] = [None] * len(packed)

    def __len__(self) -> int:
        return len(self._packed)

    def __getitem__(self, number: int) -> Any:  # type: ignore[override]  # nobody takes slices of a shelf
        found = self._made[number]
        if found is None:
            found = self._made[number] = self._make(marshal.loads(self._packed[number]))  # noqa: S302 - our own index
        return found


class Index:
    """Everything that was data: shared by all checks of a process, never changed."""

    __slots__ = (
        "_network",
        "cues",
        "form_labels",
        "form_names",
        "form_signs",
        "forms",
        "labels",
        "lexicon",
        "rule_names",
        "rules",
        "structural_by_form",
        "tables",
    )

    def __init__(self, parts: dict[str, Any]) -> None:
        self.lexicon = Lexicon(parts["class_names"], parts["class_lists"])
        self.tables: tuple[Table, ...] = ((PhraseTable(parts["table"], self.lexicon), parts["effects"]),)
        self.cues: tuple[str, ...] = tuple(parts["cues"])
        self.labels: dict[str, tuple[str, ...]] = parts["labels"]
        self._network: Network | None = None
        self.rules: Sequence[Rule] = Shelf(parts["rules"], lambda values: Rule(*values))
        self.rule_names: tuple[str, ...] = tuple(parts["rule_names"])
        self.forms: Sequence[Form] = Shelf(parts["forms"], _form)
        self.form_names: tuple[str, ...] = tuple(parts["form_names"])
        self.form_signs: list[tuple[int, float]] = parts["form_signs"]
        self.form_labels: dict[str, tuple[tuple[int, float], ...]] = parts["form_labels"]
        self.structural_by_form: dict[str, list[int]] = parts["structural"]

    @property
    def network(self) -> Network:
        """The judge of moves and flaws; its file is mapped when it is first asked for."""
        if self._network is None:
            from amends.language.model import open_network

            self._network = open_network(self.lexicon, self.cues, self.rule_names)
        return self._network

    def structural(self, form: str) -> Iterator[Rule]:
        """The rules that look at more than words and speak about a form."""
        for number in sorted([*self.structural_by_form.get("", ()), *self.structural_by_form.get(form, ())]):
            yield self.rules[number]

    def extended(self, team: dict[str, Any]) -> Index:
        """A copy with a team's rules and forms, whose phrases stand in a table of their own.

        One that has the name of ours takes its number and its place, and our phrases for it mean nothing any more.
        """
        made = Index.__new__(Index)
        made._network = None  # noqa: SLF001  # its own class
        made.lexicon, made.cues, made.labels = self.lexicon, self.cues, self.labels
        made.rules = _merged(self.rules, {number: Rule(*values) for number, values in team["rules"].items()})
        made.rule_names = tuple(rule.id for rule in made.rules)
        made.forms = _merged(self.forms, {number: _form(values) for number, values in team["forms"].items()})
        made.form_names = tuple(form.id for form in made.forms)
        made.structural_by_form = structural_numbers(made.rules)
        ours = [_unless_replaced(effect, team, self.form_signs) for effect in self.tables[0][1]]
        made.tables = ((self.tables[0][0], ours), (PhraseTable(team["table"], self.lexicon), team["effects"]))
        made.form_signs = [*self.form_signs, *team["form_signs"]]
        kept = {label: tuple(sign for sign in signs if sign[0] not in team["forms"]) for label, signs in self.form_labels.items()}
        made.form_labels = {label: (*kept.get(label, ()), *team["form_labels"].get(label, ())) for label in {**kept, **team["form_labels"]}}
        return made


def _merged(ours: Sequence[T], theirs: dict[int, T]) -> tuple[T, ...]:
    found = dict(enumerate(ours)) | theirs
    return tuple(found[number] for number in sorted(found))


def _unless_replaced(effect: tuple[int, int], team: dict[str, Any], form_signs: list[tuple[int, float]]) -> tuple[int, int]:
    """What a phrase of ours means where a team has replaced some rules and forms."""
    kind, number = effect
    gone = (kind in (RULE, BLOCK) and number in team["rules"]) or (kind == FORM and form_signs[number][0] in team["forms"])
    return (NOTHING, 0) if gone else effect


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
    return Index(marshal.loads(data[len(MAGIC) :]))  # noqa: S302 - the package's own file, built with it


def _form(values: tuple[Any, ...]) -> Form:
    given = dict(zip(fields(Form), values, strict=True))
    return Form(**{**given, "moves": tuple(FormMove(*move) for move in given["moves"])})
