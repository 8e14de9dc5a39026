"""What is wrong with a playbook: what cannot be read, what nobody could reach, produce or be asked, and words that we would not use.

Its examples are played, so that a playbook is tried before somebody needs it. All that is wrong is said at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from amends.core.toml_lines import lines_of_fields
from amends.language.check import check
from amends.language.records import Draft
from amends.playbooks.loading import read_whole
from amends.playbooks.playing import play

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amends.language.index import Index
    from amends.playbooks.playbook import Example, Field, Playbook

LEAST_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, as a field path of the file and a line, what, and what to do."""

    field: str
    message: str
    hint: str = ""
    line: int | None = None


def faults_in(source: str, path: str, remarks: Callable[[str], tuple[str, ...]] | None = None) -> tuple[Fault, ...]:
    """Everything that is wrong with the text of a playbook's file, as far as it can be read; `path` is that of the file.

    In the order of the lines. The examples are played only where everything can be read.
    """
    playbook, errors = read_whole(source, path)
    unread = tuple(Fault(one.field or "", one.message, one.hint or _EXPECTED, one.line) for one in errors)
    tried = lint(playbook, remarks, played=not errors) if playbook is not None else ()
    return tuple(sorted((*unread, *tried), key=lambda one: one.line or 0))


def lint(playbook: Playbook, remarks: Callable[[str], tuple[str, ...]] | None = None, *, played: bool = True) -> tuple[Fault, ...]:
    """Everything that is wrong with a playbook that can be read, in the order of what is looked at.

    `remarks` says what our rules say about a text; without `played` its examples are not tried.
    """
    found = [*_gates(playbook), *_steps(playbook), *_artifacts(playbook), *_lists(playbook), *_examples(playbook, played=played)]
    if remarks is not None:
        found += [Fault(field, f"“{text}”: {one}", _REWORD) for field, text in sentences(playbook) for one in remarks(text)]
    lines = lines_of_fields(playbook.text) if found else {}
    return tuple(replace(one, line=_line(lines, one.field)) for one in found)


def _line(lines: dict[str, int], field: str) -> int | None:
    """The line of a field, or of the nearest one around it."""
    while field and field not in lines:
        field = field.rpartition(".")[0]
    return lines.get(field)


_EXPECTED = "write what is expected there; docs/how-to/write-a-playbook.md goes through one file"
_REWORD = "say it as you would want to read it of yourself"


def by_our_rules(index: Index) -> Callable[[str], tuple[str, ...]]:
    """What the rules of our language say about a text, as errors only: a playbook names what goes wrong, which a guess may take ill."""

    def remarks(text: str) -> tuple[str, ...]:
        found = check(Draft(text, datetime(2026, 3, 9, tzinfo=UTC), form="any", audience="team"), index).findings
        return tuple(one.message for one in found if one.severity == "error")

    return remarks


def sentences(playbook: Playbook) -> Iterator[tuple[str, str]]:
    """Every text that a playbook says in its own voice, with its place; the mistakes and warnings describe what others say."""
    for name in ("title", "situation", "goal", "why"):
        yield name, getattr(playbook, name)
    yield from ((f"good[{number}]", one) for number, one in enumerate(playbook.good))
    for table, keys in _SAYS.items():
        for number, row in enumerate(getattr(playbook, table)):
            yield from ((f"{table}[{number}].{key}", getattr(row, key)) for key in keys if getattr(row, key))
    for number, step in enumerate(playbook.steps):
        yield from ((f"steps[{number}].actions[{place}]", one) for place, one in enumerate(step.actions))
    for number, artifact in enumerate(playbook.artifacts):
        for place, field in enumerate(artifact.fields):
            yield from ((f"artifacts[{number}].fields[{place}].{key}", getattr(field, key)) for key in ("title", "ask"))


_SAYS = {
    "use_when": ("text",), "not_when": ("text",), "gates": ("title", "because", "first", "ask"), "prerequisites": ("text",),
    "inputs": ("text",), "steps": ("title", "purpose"), "artifacts": ("title", "text"), "decisions": ("text",), "questions": ("text",),
    "follow_ups": ("title", "text"), "metrics": ("text",),
}  # fmt: skip


def _gates(playbook: Playbook) -> Iterator[Fault]:
    asked = None
    for number, gate in enumerate(playbook.gates):
        where = f"gates[{number}]"
        if gate.condition is None and gate.ask is None:
            yield Fault(where, f"nothing opens the gate {gate.id!r}", "give it a condition that the data show, or a question to a person")
        if gate.condition is None and asked is None:
            asked = gate.id
        if gate.refuses and gate.condition is None:
            yield Fault(
                f"{where}.refuses", f"{gate.id!r} refuses, and only a person could open it before there is a run", "give a condition"
            )
        if gate.condition is not None and asked is not None:
            yield Fault(where, f"{gate.id!r} is asked of the data, after {asked!r} was asked of a person", "put what the data know first")


def _steps(playbook: Playbook) -> Iterator[Fault]:
    if len(playbook.steps) < 2:
        yield Fault("steps", "a playbook of fewer than two steps is a checklist", "say what comes first, and what follows from it")
    for number, step in enumerate(playbook.steps):
        if not step.outputs:
            yield Fault(f"steps[{number}].outputs", f"the step {step.id!r} leaves nothing behind", "name the artifact that comes out of it")
        if not step.actions:
            yield Fault(f"steps[{number}].actions", f"the step {step.id!r} says nothing to do", "say what is done in it, one action a line")


def _artifacts(playbook: Playbook) -> Iterator[Fault]:
    for number, artifact in enumerate(playbook.artifacts):
        where = f"artifacts[{number}]"
        makers = [step.id for step in playbook.steps if artifact.id in step.outputs]
        if len(makers) != 1:
            said = "no step" if not makers else f"{len(makers)} steps"
            yield Fault(where, f"{said} leaves the artifact {artifact.id!r} behind", "name it in the outputs of one step")
        if not any(one.needed and not one.may_be_unknown for one in artifact.fields):
            yield Fault(f"{where}.fields", f"everything in {artifact.id!r} may stay unknown", "say of one field may_be_unknown = false")
        for place, field in enumerate(artifact.fields):
            yield from _field(field, f"{where}.fields[{place}]")


def _field(field: Field, where: str) -> Iterator[Fault]:
    if not field.sources and not field.words:
        yield Fault(where, f"nothing can fill {field.id!r}", "bind it to a source, or let the word of a person count")
    if field.pick == "some" and not field.sources:
        yield Fault(f"{where}.pick", f"{field.id!r} has no source to choose from", 'name a source, or say pick = "all"')
    if field.most is not None and field.most < field.least:
        yield Fault(f"{where}.most", f"at most {field.most} and at least {field.least} cannot both be", "raise most, or lower least")
    if field.least == 0 and field.most is None and not field.whole and field.needed:
        yield Fault(f"{where}.least", f"{field.id!r} is needed and asks for nothing", "ask for one, or say needed = false")


def _lists(playbook: Playbook) -> Iterator[Fault]:
    for name in ("good", "mistakes", "roles", "use_when", "not_when", "inputs", "metrics", "follow_ups"):
        if not getattr(playbook, name):
            yield Fault(name, f"{name.replace('_', ' ')} is empty", "say at least one")
    if not any(one.condition for one in playbook.use_when):
        yield Fault("use_when", "nothing in the data would offer it", "give one of them a condition")


def _examples(playbook: Playbook, *, played: bool) -> Iterator[Fault]:
    if len(playbook.examples) < LEAST_EXAMPLES:
        yield Fault("examples", f"{len(playbook.examples)} examples are too few", "show one run that finishes and two that do not")
    if not any(one.ends == "finished" for one in playbook.examples):
        yield Fault("examples", "no example finishes", "show what a whole run holds")
    for number, example in enumerate(playbook.examples):
        said = _played(playbook, example) if played else None
        if said:
            yield Fault(f"examples[{number}]", f"“{example.title}” {said}", "correct how it ends, or what it holds, answers and decides")


def _played(playbook: Playbook, example: Example) -> str | None:
    played = play(playbook, example)
    if (played.ends, played.at) == (example.ends, example.at):
        return None
    because = played.state.next
    return f"ends {_ends(played.ends, played.at)}, not {_ends(example.ends, example.at)}: {because.do} ({because.because or because.what})"


def _ends(ends: str, at: str | None) -> str:
    return ends if at is None else f"{ends} at {at}"
