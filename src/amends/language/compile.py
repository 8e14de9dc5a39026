"""Compiles the data files of the engine into one index, when the package is built and whenever a test run starts.

Reading a hundred TOML files at each start would cost the command line more than the check itself (docs/decisions/0003).
Run as a module, `python -m amends.language.compile` writes the index beside this file.
"""

from __future__ import annotations

import marshal
import sys
from array import array
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amends.core.errors import InputError
from amends.core.record import fields, values
from amends.language.datafiles import read_classes, read_form, read_lexicon, read_rule
from amends.language.features import BLOCK, CUE, FORM, RULE
from amends.language.match import MAGIC, MARSHAL_VERSION, SHAPES, PhraseError, compile_phrases
from amends.language.rules import Rule, structural_numbers

if TYPE_CHECKING:
    from amends.language.forms import Form
    from amends.language.match import Packed

HERE = Path(__file__).parent


def compile_index(root: Path = HERE) -> bytes:
    """The index of all lexicons, rules and forms under `root`, as bytes; the same bytes for the same files.

    Raises:
        InputError: a file that cannot be read as what it should be; names the file, and the line or field.
    """
    return MAGIC + marshal.dumps(compile_parts(root), MARSHAL_VERSION)


def compile_parts(root: Path) -> dict[str, Any]:
    """The parts of the index as plain data, in the shape that `index.Index` is made of."""
    bit, class_lists, class_names = _classes(str(root / "lexicons" / "classes.toml"))
    phrases = Phrases(bit)
    evidence = _evidence(sorted((root / "lexicons").glob("move-*.toml")), phrases)
    rules = compile_rules(sorted((root / "rules").glob("*.toml")), phrases)
    forms = compile_forms(sorted((root / "forms").glob("*.toml")), phrases)
    return {
        "class_names": class_names,
        "class_lists": class_lists,
        "table": phrases.table(),
        "effects": phrases.effects,
        **evidence,
        **forms,
        "rules": [_packed(rule) for rule in rules.values()],
        "rule_names": [rule[0] for rule in rules.values()],
        "structural": structural_numbers([Rule(*rule) for rule in rules.values()]),
        "forms": [_packed(form) for form in forms["forms"].values()],
        "form_names": [form[0] for form in forms["forms"].values()],
    }


class Phrases:
    """Collects phrases with what each stands for, and compiles them into one table."""

    def __init__(self, bit: dict[str, int]) -> None:
        self._bit = bit
        self._phrases: list[tuple[str, int]] = []
        self.effects: list[tuple[int, int]] = []

    def add(self, kind: int, number: int, phrases: list[str], path: str) -> None:
        """Remember phrases of one cue, rule, excuse or form; a phrase that cannot be read is an InputError of its file."""
        if not phrases:
            return
        for phrase in phrases:
            try:
                compile_phrases([(phrase, 0)], self._bit)
            except PhraseError as error:
                raise InputError(str(error), path=path, field="phrases") from error
            self._phrases.append((phrase, len(self.effects)))
        self.effects.append((kind, number))

    def table(self) -> Packed:
        """The compiled table."""
        return compile_phrases(self._phrases, self._bit)


def compile_rules(paths: list[Path], phrases: Phrases, ours: tuple[str, ...] = ()) -> dict[int, tuple[Any, ...]]:
    """Read rule files into plain tuples by number, and add their phrases to the table.

    `ours` are the names that have the numbers from 0; a rule with one of these names takes its number.
    """
    numbers = {name: number for number, name in enumerate(ours)}
    found = {}
    for path in paths:
        rule, hits, unless = read_rule(str(path))
        number = numbers.setdefault(rule.id, len(numbers))
        phrases.add(RULE, number, hits, str(path))
        phrases.add(BLOCK, number, unless, str(path))
        found[number] = _plain(rule, drop=("hits", "misses", "path"))
    return found


def _packed(plain: tuple[Any, ...]) -> bytes:
    return marshal.dumps(plain, MARSHAL_VERSION)


def _plain(thing: Rule | Form, drop: tuple[str, ...]) -> tuple[Any, ...]:
    """A record as a tuple, some fields emptied: examples and paths are read from the files when they are asked for."""
    emptied = {"hits": (), "misses": (), "path": None}
    return tuple(emptied[name] if name in drop else value for name, value in zip(fields(thing), values(thing), strict=True))


def _classes(path: str) -> tuple[dict[str, int], tuple[str, bytes, list[int]], list[str]]:
    """The bit of each class, the words of all classes as `match.Lexicon` takes them, and the names of the classes."""
    classes = read_classes(path)
    names = sorted(classes)
    bit = {name: 1 << place for place, name in enumerate((*SHAPES, *names))}
    lists: dict[str, int] = {}
    for name in names:
        for word in classes[name]:
            lists[word] = lists.get(word, 0) | bit[name]
    words = sorted(lists)
    masks = sorted(set(lists.values()))
    place = {mask: at for at, mask in enumerate(masks)}
    return bit, (" ".join(words), array("H", (place[lists[word]] for word in words)).tobytes(), masks), names


def _evidence(paths: list[Path], phrases: Phrases) -> dict[str, Any]:
    """The names of all cues by number, and the moves that a line of some name holds."""
    cues: list[str] = []
    labels: dict[str, list[str]] = {}
    for path in paths:
        data = read_lexicon(str(path))
        for label in data.get("labels", {}):
            labels.setdefault(label, []).append(data["move"])
        for cue in data.get("cues", ()):
            phrases.add(CUE, len(cues), cue["phrases"], str(path))
            cues.append(f"{data['move']}: {cue['name']}")
    return {"cues": cues, "labels": {label: tuple(moves) for label, moves in sorted(labels.items())}}


def compile_forms(paths: list[Path], phrases: Phrases, ours: tuple[str, ...] = (), first_sign: int = 0) -> dict[str, Any]:
    """Read form files into plain tuples by number, with the signs by which each is recognised; `ours` as for rules."""
    numbers = {name: number for number, name in enumerate(ours)}
    forms: dict[int, tuple[Any, ...]] = {}
    signs: list[tuple[int, float]] = []
    labels: dict[str, list[tuple[int, float]]] = {}
    for path in paths:
        form, found, named, _, _ = read_form(str(path))
        number = numbers.setdefault(form.id, len(numbers))
        for weight, words in found:
            phrases.add(FORM, first_sign + len(signs), words, str(path))
            signs.append((number, weight))
        for label, weight in named.items():
            labels.setdefault(label, []).append((number, weight))
        plain = _plain(form, drop=("path",))
        moves = tuple(values(move) for move in form.moves)
        forms[number] = tuple(moves if name == "moves" else value for name, value in zip(fields(form), plain, strict=True))
    return {"forms": forms, "form_signs": signs, "form_labels": {label: tuple(weights) for label, weights in sorted(labels.items())}}


def main() -> int:
    """Write the index of this package; says what is wrong with a data file and returns 2 when it cannot."""
    try:
        data = compile_index()
    except InputError as error:
        place = f"{error.path}:{error.line}" if error.line else error.path
        print(f"{place}: {error.field or 'file'}: {error.message} {error.hint}".rstrip(), file=sys.stderr)
        return 2
    (HERE / "index.bin").write_bytes(data)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
