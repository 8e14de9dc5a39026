"""A playbook as its file says it: when it helps, what must be true before, its steps, and what each of them leaves behind.

Nothing here is a blank page. An artifact is made of fields, and a field holds references to what the data hold, or says who was asked for
it and when; what somebody wrote is a reference too, to the word of a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

PICKS = ("all", "some")
"""How a field comes by what it holds: `all` that its sources hold, as they hold it now, or `some`, which a person chooses."""

ENDS = ("finished", "refused", "gate", "step")
"""How an example ends: its run finishes, is refused, waits at a gate, or stands at a step."""


@dataclass(frozen=True, slots=True)
class UseWhen:
    """A sign that this playbook helps; with a `condition`, one of `sources.CONDITIONS`, the data show it and the playbook is offered."""

    text: str
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class NotWhen:
    """A case in which it does harm or is in vain; `gate` keeps it out where it has one."""

    text: str
    gate: str | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """Something that must be so before a step is taken.

    `condition` is asked of the data and must hold or, with `holds = false`, must not; `ask` is what a person is asked, where yes opens.
    `because` is the reason that a shut gate gives, `first` the step to take instead, at `place`, one of `sources.PLACES`. One that
    `refuses` keeps a run from being begun at all.
    """

    id: str
    title: str
    because: str
    first: str
    place: str
    condition: str | None = None
    holds: bool = True
    ask: str | None = None
    refuses: bool = False


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """What must be true for it to work, and the gate that asks for it."""

    text: str
    gate: str | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """What to have at hand; `source`, one of `sources.SOURCES`, shows whether it is here already."""

    text: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Why a step is taken, what is done in it, and the ids of the artifacts that come out of it."""

    id: str
    title: str
    purpose: str
    actions: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that an artifact must say, and what may say it.

    `sources` are names of `sources.SOURCES`, `pick` how the field takes from them. At least `least` of what it holds must lack nothing, at
    most `most` may stand in it; with `whole` nothing in it may lack anything. With `words` the word of a person counts. Where it
    `may_be_unknown`, "asked whom, when" passes; what is not `needed` holds nobody up, unless one of `needed_if` is so: a condition that the
    data show, or a decision as `decision: option`. `ask` says what to look for.
    """

    id: str
    title: str
    ask: str
    sources: tuple[str, ...] = ()
    pick: str = "all"
    least: int = 1
    most: int | None = None
    whole: bool = False
    words: bool = False
    may_be_unknown: bool = True
    needed: bool = True
    needed_if: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Artifact:
    """What a step leaves behind: a document made of fields."""

    id: str
    title: str
    text: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """A point where judgement matters; one that is `needed` is decided before its `step` is left. `options` may suggest the answers."""

    id: str
    step: str
    text: str
    options: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Something worth asking oneself or others in a step, or at any time."""

    id: str
    text: str
    step: str | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is done some `days` after the run was begun; done as soon as `source` holds something sound, else when somebody says so."""

    id: str
    title: str
    text: str
    days: int
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """What shows over a longer time whether it worked; `id` is a name of `sources.METRICS`."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """A run of this playbook that is its test, and shows how it goes.

    `conditions` are those that the data answer, with `held` sound things in each source and `lacking` what one of its things lacks.
    `answers` open or shut gates, `overrides` give reasons, `chosen`, `words` and `unknown` are fields as `artifact.field`, `decided` are
    decisions with the option that was chosen. It `ends` in one of `ENDS`, at the gate or the step `at`.
    """

    title: str
    ends: str
    at: str | None = None
    lead: str | None = None
    conditions: tuple[tuple[str, bool], ...] = ()
    held: tuple[tuple[str, int], ...] = ()
    lacking: tuple[tuple[str, str], ...] = ()
    answers: tuple[tuple[str, bool], ...] = ()
    overrides: tuple[tuple[str, str], ...] = ()
    chosen: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    decided: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Playbook:
    """A procedure with all that belongs to it. Of a `private` one the runs are there for who began them and who leads them, nobody else.

    `plans_reviews` says that beginning it plans the looks back after a month and a quarter. `signs` are ids of warning signs that the
    program watches for, `mistakes` and `warnings` words. `sha256` is that of the file, `text` the file itself.
    """

    id: str
    version: int
    number: int
    title: str
    situation: str
    goal: str
    owner: str
    roles: tuple[str, ...]
    why: str
    good: tuple[str, ...]
    mistakes: tuple[str, ...]
    warnings: tuple[str, ...]
    signs: tuple[str, ...]
    use_when: tuple[UseWhen, ...]
    not_when: tuple[NotWhen, ...]
    gates: tuple[Gate, ...]
    prerequisites: tuple[Prerequisite, ...]
    inputs: tuple[Input, ...]
    steps: tuple[Step, ...]
    artifacts: tuple[Artifact, ...]
    decisions: tuple[Decision, ...]
    questions: tuple[Question, ...]
    follow_ups: tuple[FollowUp, ...]
    metrics: tuple[Metric, ...]
    examples: tuple[Example, ...]
    plans_reviews: bool = False
    private: bool = False
    sha256: str = ""
    path: str = ""
    text: str = ""

    def step(self, step_id: str) -> Step | None:
        """The step of an id."""
        return _named(self.steps, step_id)

    def artifact(self, artifact_id: str) -> Artifact | None:
        """The artifact of an id."""
        return _named(self.artifacts, artifact_id)

    def gate(self, gate_id: str) -> Gate | None:
        """The gate of an id."""
        return _named(self.gates, gate_id)

    def decision(self, decision_id: str) -> Decision | None:
        """The decision point of an id."""
        return _named(self.decisions, decision_id)

    def question(self, question_id: str) -> Question | None:
        """The question of an id."""
        return _named(self.questions, question_id)

    def follow_up(self, follow_up_id: str) -> FollowUp | None:
        """The follow-up of an id."""
        return _named(self.follow_ups, follow_up_id)

    def field(self, about: str) -> Field | None:
        """The field that `artifact.field` names."""
        artifact_id, _, field_id = about.partition(".")
        artifact = self.artifact(artifact_id)
        return _named(artifact.fields, field_id) if artifact is not None else None

    def step_of(self, artifact_id: str) -> Step | None:
        """The step that an artifact comes out of."""
        return next((one for one in self.steps if artifact_id in one.outputs), None)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every field as `artifact.field`, in the order of the steps."""
        found = (self.artifact(name) for step in self.steps for name in step.outputs)
        return tuple(f"{one.id}.{field.id}" for one in found if one is not None for field in one.fields)


class _WithId(Protocol):
    @property
    def id(self) -> str: ...


_Row = TypeVar("_Row", bound=_WithId)


def _named(rows: tuple[_Row, ...], name: str) -> _Row | None:
    return next((one for one in rows if one.id == name), None)
