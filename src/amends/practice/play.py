"""The conversation as a state machine: what was heard moves the other person, who answers, asks, tells, and at some point is done.

`begin` and `step` are pure: the same stage and turns give the same play, byte for byte. They know acts, not words, so that the proofs of
`solving` walk the very machine that people play.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from amends.practice.partner import answer, last_word, opening
from amends.practice.scenario import METERS
from amends.practice.state import PATIENT, At, Line, Pending, State, ask, is_good

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amends.practice.heard import Heard
    from amends.practice.scenario import Ending, Inject, Trigger
    from amends.practice.stage import Stage

_FULL = 100


@dataclass(frozen=True, slots=True)
class Change:
    """What a trigger did to the meters, before the clamp."""

    act: str
    anger: int
    trust: int
    clarity: int


@dataclass(frozen=True, slots=True)
class Step:
    """One turn's effect: the state after it, what was said, which triggers fired, and the acts with `unanswered` among them."""

    state: State
    lines: tuple[Line, ...]
    changes: tuple[Change, ...]
    names: frozenset[str]
    drifted: bool


def begin(stage: Stage, promise: str | None = None) -> tuple[State, Line]:
    """The state before the first turn, and the counterpart's opening; `promise` is what was promised in the play before."""
    level, scenario = stage.level, stage.scenario
    line = opening(stage, promise or scenario.promise)
    pending = Pending(line.by, scenario.opening_question or scenario.opening, scenario.opening_asks) if scenario.opening_asks else None
    return State(0, level.anger, level.trust, level.clarity, {}, {}, {}, {}, frozenset(), pending, promise=promise), line


def step(stage: Stage, before: State, heard: Heard) -> Step:
    """The next turn. Must not be called once the conversation has ended."""
    turn = before.turn + 1
    names = heard.names
    if before.pending and not before.pending.known and not _answers(before.pending, names):
        names |= {"unanswered"}
    counted = names if not heard.foul else frozenset(name for name in names if name in stage.bad)
    told = replace(
        before, turn=turn, heard=_counted(before.heard, counted), first=_first(before.first, counted, turn),
        pending=_still_pending(before.pending, names), pressed=before.pressed,
    )  # fmt: skip
    changes, fired = _triggered(stage, before, told, heard, counted)
    moved, drifted = _moved(stage, replace(told, fired=fired), changes)
    ending = _ending(stage, moved, heard, counted)
    if ending is None:
        return _answered(stage, moved, heard, counted, changes, drifted)
    line = Line(ending.by or stage.scenario.opener.name, ending.say, ending.id)
    first = last_word(stage, moved, At(stage, moved, heard, counted), heard, counted) if ending.result == "success" else ()
    return Step(replace(moved, ended=ending.result, ending=ending.id), (*first, line), changes, counted, drifted)


def _answered(stage: Stage, state: State, heard: Heard, names: frozenset[str], changes: tuple[Change, ...], drifted: bool) -> Step:
    """The turn when it ends nothing: an answer, what happens from outside, and the end where the turns are over."""
    if state.turn >= stage.level.turns:
        line = Line(stage.scenario.opener.name, stage.scenario.open, "open")
        return Step(replace(state, ended="open", ending="open"), (line,), changes, names, drifted)
    lines, state = answer(stage, state, At(stage, state, heard, names), heard, names)
    for inject in stage.scenario.injects:
        if inject.turn == state.turn and stage.condition(inject.when).holds(At(stage, state, heard, names)):
            lines = (*lines, Line(inject.by or stage.scenario.opener.name, inject.say, inject.id, outside=True))
            state = _struck(stage, state, inject)
    return Step(state, lines, changes, names, drifted)


def _struck(stage: Stage, state: State, inject: Inject) -> State:
    """The state after something from outside, which may ask a question of its own."""
    anger, trust, clarity = (_clamp(state.meter(name) + getattr(inject, name)) for name in METERS)
    moved = replace(state, anger=anger, trust=trust, clarity=clarity)
    by = inject.by or stage.scenario.opener.name
    fresh = state.pending is not None and state.pending.times == 1  # put a breath ago: nobody is talked past
    return ask(stage, moved, by, inject.asks, inject.question or inject.say) if inject.asks and not fresh else moved


def _answers(pending: Pending, names: frozenset[str]) -> bool:
    return not names.isdisjoint(pending.asks)


def _still_pending(pending: Pending | None, names: frozenset[str]) -> Pending | None:
    if pending is None or pending.known or _answers(pending, names) or pending.times >= PATIENT:
        return None
    return pending


def _counted(before: Mapping[str, int], names: frozenset[str]) -> dict[str, int]:
    return {**before, **{name: before.get(name, 0) + 1 for name in sorted(names)}}


def _first(before: Mapping[str, int], names: frozenset[str], turn: int) -> dict[str, int]:
    return {**dict.fromkeys(sorted(names), turn), **before}


def _triggered(stage: Stage, before: State, told: State, heard: Heard, names: frozenset[str]) -> tuple[tuple[Change, ...], dict[int, int]]:
    """The triggers that fire on what was heard. Their conditions see the meters as they were and this turn's acts as heard."""
    moment = At(stage, told, heard, names)
    fired = dict(before.fired)
    changes = []
    for number, trigger in enumerate(stage.scenario.triggers):
        if trigger.act in names and fired.get(number, 0) < trigger.cap and _fits(stage, trigger, moment):
            fired[number] = fired.get(number, 0) + 1
            changes.append(Change(trigger.act, trigger.anger, trigger.trust, trigger.clarity))
    return tuple(changes), fired


def _fits(stage: Stage, trigger: Trigger, moment: At) -> bool:
    if not stage.condition(trigger.needs).holds(moment):
        return False
    return trigger.unless is None or not stage.condition(trigger.unless).holds(moment)


def _moved(stage: Stage, state: State, changes: tuple[Change, ...]) -> tuple[State, bool]:
    """The meters after this turn: the sum of the changes, clamped; where nothing good was done for the first time, the drift on top."""
    level = stage.level
    new = {act for act, turn in state.first.items() if turn == state.turn}
    drifted = not any(is_good(stage, act) for act in new.union(change.act for change in changes))
    drift = {"anger": level.drift_anger, "trust": level.drift_trust, "clarity": level.drift_clarity} if drifted else {}

    def after(name: str) -> int:
        change = sum(getattr(one, name) for one in changes) + drift.get(name, 0)
        return _clamp(state.meter(name) + max(-level.max_change, min(level.max_change, change)))

    anger, trust, clarity = map(after, METERS)
    return replace(state, anger=anger, trust=trust, clarity=clarity), drifted


def _clamp(value: int) -> int:
    return max(0, min(_FULL, value))


def _ending(stage: Stage, state: State, heard: Heard, names: frozenset[str]) -> Ending | None:
    """How the conversation ends here, if it does. Nobody is won over by a turn that costs trust or leaves a question open."""
    moment = At(stage, state, heard, names)
    clean = not heard.foul and state.pending is None and not any(_costs(stage, one, moment, names) for one in stage.scenario.triggers)
    for ending in stage.scenario.endings:
        if (clean or ending.result == "failure") and stage.condition(ending.when).holds(moment):
            return ending
    return None


def _costs(stage: Stage, trigger: Trigger, moment: At, names: frozenset[str]) -> bool:
    """Whether something bad was heard that this scenario answers to, here and now; that its cap is spent makes it no better."""
    return trigger.act in names and trigger.act in stage.bad and _fits(stage, trigger, moment)
