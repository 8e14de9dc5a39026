"""Scores a conversation by yes and no questions, each with the words that answer it; what spoils the whole caps the sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.practice.state import At

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.practice.heard import Heard
    from amends.practice.play import Step
    from amends.practice.scenario import Item
    from amends.practice.stage import Stage

PASS = 70
"""From here on a drill is passed; the mark is shown before it begins."""
CAPS = {"failure": 40, "open": 69, "blocker": 49, "fouls": 40}
"""The most that a conversation can score that failed, was left open, missed a blocker, or was half made of turns that are none. In the
study behind this room a conversation that ended in a quarrel still scored 75 without a cap. One that holds everything that was asked for
and only ran out of turns is not capped: nothing was missing but time."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the learner that decided a question: the turn (from 1) and where they stand in it."""

    turn: int
    start: int
    end: int
    text: str
    act: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of the rubric with its answer: `passed`, the points, the words for it and against it, and what was missing."""

    id: str
    text: str
    weight: int
    skill: str
    blocker: bool
    passed: bool
    points: int
    quotes: tuple[Quote, ...]
    against: tuple[Quote, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """The whole: `raw` is the sum of the points, `total` what remains under the caps, `capped` names them."""

    total: int
    raw: int
    passed: bool
    capped: tuple[str, ...]
    items: tuple[Answered, ...]


def scored(stage: Stage, steps: Sequence[Step], turns: Sequence[Heard]) -> Score:
    """The score of the turns so far. A conversation still going on is judged as if it were left here."""
    items = tuple(_answered(stage, item, steps, turns) for item in stage.scenario.rubric)
    raw = sum(item.points for item in items)
    end = steps[-1].state.ended if steps else None
    capped = []
    if end == "failure":
        capped.append("failure")
    elif end != "success" and not (end == "open" and all(item.passed for item in items)):
        capped.append("open")
    if any(item.blocker and not item.passed for item in items):
        capped.append("blocker")
    if turns and 2 * sum(one.foul for one in turns) >= len(turns):
        capped.append("fouls")
    total = min([raw, *(CAPS[name] for name in capped)])
    return Score(total, raw, total >= PASS, tuple(capped), items)


def _answered(stage: Stage, item: Item, steps: Sequence[Step], turns: Sequence[Heard]) -> Answered:
    within = item.within or len(turns)
    made = {name for step in steps[:within] for name in step.names}
    missing = tuple(name for name in item.all if name not in made)
    if item.any and made.isdisjoint(item.any):
        missing += item.any
    broken = {name for step in steps for name in step.names} & set(item.none)
    last = steps[-1] if steps else None
    holds = last is not None and stage.condition(item.when).holds(At(stage, last.state, turns[-1], last.names))
    passed = holds and not missing and not broken
    return Answered(
        item.id, item.text, item.weight, item.skill, item.blocker, passed, item.weight if passed else 0,
        _quotes((*item.all, *item.any), steps[:within], turns), _quotes(item.none, steps, turns), missing,
    )  # fmt: skip


def _quotes(names: Sequence[str], steps: Sequence[Step], turns: Sequence[Heard]) -> tuple[Quote, ...]:
    """For each act the first words that carry it."""
    found = []
    for name in names:
        for number, (step, heard) in enumerate(zip(steps, turns, strict=False), 1):
            act = next((one for one in heard.acts if one.name == name), None)
            if act is not None and name in step.names:
                start, end = heard.sentence(act)
                found.append(Quote(number, start, end, heard.text[start:end], name))
                break
    return tuple(found)
