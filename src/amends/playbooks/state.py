"""How a run stands: its gates, how far its steps may be taken, what each artifact holds, and what to do now.

A step is reached when every gate lets through and every step before it is complete; complete means that no needed field of its artifacts is
missing, and every needed decision is taken. So an empty playbook ends where it began. A gate that shuts again takes nothing back: what was
finished stays finished, and the step that is to be taken waits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from amends.playbooks import followup
from amends.playbooks.artifact import ArtifactState, FieldState, artifact_state
from amends.playbooks.gate import SHUT, UNANSWERED, GateState, gate_state
from amends.playbooks.known import WORD, Item, Known
from amends.playbooks.run import counting, last, lead
from amends.playbooks.sources import SOURCES

if TYPE_CHECKING:
    from datetime import datetime

    from amends.playbooks.followup import FollowUpState
    from amends.playbooks.playbook import Decision, Playbook, Question, Step
    from amends.playbooks.run import Run, RunEvent

GOING, HALTED, STOPPED, FINISHED = "going", "halted", "stopped", "finished"
STATES = (GOING, HALTED, STOPPED, FINISHED)
"""A run that is halted waits at a gate that is shut or unanswered; it goes on by itself once the gate is open."""

DONE, NOW, WAITING, AHEAD = "finished", "now", "waiting", "ahead"
STEP_STATES = (DONE, NOW, WAITING, AHEAD)
"""How far a step is: finished with all before it, to be taken now, to be taken once a gate is open, or still ahead."""


@dataclass(frozen=True, slots=True)
class DecisionState:
    """A decision point, and how it was decided; None before."""

    decision: Decision
    taken: RunEvent | None


@dataclass(frozen=True, slots=True)
class QuestionState:
    """A question, and what was answered to it, oldest first."""

    question: Question
    replies: tuple[RunEvent, ...]


@dataclass(frozen=True, slots=True)
class StepState:
    """A step: its number from 1, whether it is reached and complete, with its artifacts, decision points and questions.

    `state` is one of `STEP_STATES`, and says finished also of a step that a gate keeps from being reached now.
    """

    step: Step
    number: int
    state: str
    reached: bool
    complete: bool
    artifacts: tuple[ArtifactState, ...]
    decisions: tuple[DecisionState, ...]
    questions: tuple[QuestionState, ...]

    def waits_for(self, place: str) -> bool:
        """Whether a field of it misses something that is written at a place, one of `sources.PLACES`."""
        fields = (one for artifact in self.artifacts for one in artifact.fields if not one.passes)
        return any(SOURCES[name].place == place for one in fields for name in one.field.sources)


@dataclass(frozen=True, slots=True)
class Next:
    """What to do now: `do` in words, why in `because`, and where: the `about` of a field, gate or decision, or a `place` of the program.

    `what` is gate, ask, field, decide, finish, follow-up or nothing.
    """

    what: str
    do: str
    because: str = ""
    about: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class RunState:
    """A run as it stands at `now`. `events` are all of them, oldest first; what was undone is among them."""

    run: Run
    playbook: Playbook
    events: tuple[RunEvent, ...]
    now: datetime
    state: str
    lead: str | None
    gates: tuple[GateState, ...]
    steps: tuple[StepState, ...]
    questions: tuple[QuestionState, ...]
    follow_ups: tuple[FollowUpState, ...]
    next: Next
    overrides: tuple[RunEvent, ...]
    stopped: RunEvent | None = None
    finished: RunEvent | None = None

    @property
    def is_open(self) -> bool:
        """Whether something can still be done in it."""
        return self.stopped is None and self.finished is None

    @property
    def current(self) -> StepState | None:
        """The step to be taken: the first one that is not complete, the last one where all are; None where none is reached."""
        reached = [one for one in self.steps if one.reached]
        return next((one for one in reached if not one.complete), reached[-1] if reached else None)

    @property
    def standing(self) -> StepState | None:
        """The first step that is not finished, whatever the gates say now, the last one where all are; None in a playbook without steps."""
        return next((one for one in self.steps if one.state != DONE), self.steps[-1] if self.steps else None)

    @property
    def resting(self) -> str | None:
        """Why nothing can be taken in it now, in a sentence; None where no gate is shut, or it has ended."""
        shut = next((one.gate for one in self.gates if one.state == SHUT), None)
        if self.state != HALTED or shut is None:
            return None
        why = "while the incident is live" if shut.condition == "incident-live" else f"until this is so: {shut.title.lower()}"
        kept = " What is finished stays finished." if any(one.state == DONE for one in self.steps) else ""
        return f"The run rests {why}.{kept}"

    @property
    def version(self) -> int:
        """The number of the newest event, by which somebody says what they have seen."""
        return self.events[-1].number if self.events else 0

    def step(self, step_id: str) -> StepState | None:
        """The step of an id."""
        return next((one for one in self.steps if one.step.id == step_id), None)

    def field(self, about: str) -> FieldState | None:
        """The field that `artifact.field` names."""
        every = (one for step in self.steps for artifact in step.artifacts for one in artifact.fields)
        return next((one for one in every if one.about == about), None)

    @property
    def can_finish(self) -> bool:
        """Whether nothing stands in the way of the end."""
        return self.state == GOING and all(one.reached and one.complete for one in self.steps)


def run_state(run: Run, playbook: Playbook, events: tuple[RunEvent, ...], known: Known, now: datetime) -> RunState:
    """How a run of a playbook stands; `events` are its own, oldest first."""
    holding = counting(events)
    leading = lead(holding)
    told = _with_lead(known, leading)
    gates = tuple(gate_state(one, holding, told.shows) for one in playbook.gates)
    let_through = all(one.lets_through for one in gates)
    steps = _steps(playbook, holding, told, let_through=let_through)
    stopped, finished = last(holding, "stopped"), last(holding, "finished")
    state = STOPPED if stopped is not None else FINISHED if finished is not None else GOING if let_through else HALTED
    follow_ups = tuple(followup.follow_up_state(one, run.started_at, holding, told, now) for one in playbook.follow_ups)
    made = RunState(
        run, playbook, events, now, state, leading, gates, steps,
        tuple(_question(one, holding) for one in playbook.questions if one.step is None),
        follow_ups, Next("nothing", ""), tuple(one for one in holding if one.what == "overridden"), stopped, finished,
    )  # fmt: skip
    return replace(made, next=_next(made))


def _with_lead(known: Known, leading: str | None) -> Known:
    if leading is None:
        return known
    return Known({**known.held, "run.lead": (Item(WORD, leading, leading, by=leading),)}, known.shows)


def _steps(playbook: Playbook, events: tuple[RunEvent, ...], known: Known, *, let_through: bool) -> tuple[StepState, ...]:
    found: list[StepState] = []
    behind = True  # whether every step before it is complete
    for number, step in enumerate(playbook.steps, 1):
        artifacts = tuple(artifact_state(one, events, known) for one in playbook.artifacts if one.id in step.outputs)
        decisions = tuple(DecisionState(one, last(events, "decided", one.id)) for one in playbook.decisions if one.step == step.id)
        questions = tuple(_question(one, events) for one in playbook.questions if one.step == step.id)
        decided = all(one.taken is not None or not one.decision.needed for one in decisions)
        complete = decided and all(one.is_complete for one in artifacts)
        state = AHEAD if not behind else DONE if complete else NOW if let_through else WAITING
        found.append(StepState(step, number, state, behind and let_through, complete, artifacts, decisions, questions))
        behind = behind and complete
    return tuple(found)


def _question(question: Question, events: tuple[RunEvent, ...]) -> QuestionState:
    return QuestionState(question, tuple(one for one in events if one.what == "replied" and one.about == question.id))


def _next(now: RunState) -> Next:
    due = next((one for one in now.follow_ups if one.is_due), None)
    if not now.is_open:
        if due is not None and now.finished is not None:
            return Next("follow-up", due.follow_up.title, due.follow_up.text, due.follow_up.id)
        return Next("nothing", "nothing is left to do here")
    shut = sorted((one for one in now.gates if not one.lets_through), key=lambda one: one.state == UNANSWERED)
    if shut:
        gate = shut[0].gate
        if shut[0].state == UNANSWERED:
            return Next("ask", gate.ask or gate.title, gate.because, gate.id)
        return Next("gate", gate.first, gate.because, gate.id, gate.place)
    for step in now.steps:
        if not step.complete:
            return _in_step(step)
    return Next("finish", "say that it is finished", "every field of every step holds what it needs")


def _in_step(step: StepState) -> Next:
    for artifact in step.artifacts:
        for one in artifact.fields:
            if not one.passes:
                because = next((why for why in one.misses if why), "")
                return Next("field", one.field.ask, because, one.about)
    left = next(one.decision for one in step.decisions if one.taken is None and one.decision.needed)
    return Next("decide", left.text, "this is decided before the step is left", left.id)
