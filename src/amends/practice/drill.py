"""A drill as it is played: the learner's texts in, the whole conversation with states, findings and score out.

Nothing is kept between turns but the texts themselves: a play is its transcript, played again. That makes every play repeatable, lets a
group play without anything being stored, and cannot lose what somebody wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from amends.practice.fouls import Past
from amends.practice.hearing import hear
from amends.practice.play import begin, step
from amends.practice.score import scored

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.language.index import Index
    from amends.practice.heard import Heard
    from amends.practice.play import Step
    from amends.practice.scenario import Scenario
    from amends.practice.score import Score
    from amends.practice.stage import Stage
    from amends.practice.state import Line, State

ENGINE = 1
"""Counts up whenever the same transcript may be played otherwise than before; results are kept with it."""


@dataclass(frozen=True, slots=True)
class Played:
    """A conversation so far: how it stood at first, what opened it, and for each turn what was heard and what came of it."""

    stage: Stage
    first: State
    opening: Line
    turns: tuple[Heard, ...]
    steps: tuple[Step, ...]
    unheard: int = 0

    @property
    def state(self) -> State:
        """Where it stands now."""
        return self.steps[-1].state if self.steps else self.first

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.state.ended is not None

    @property
    def score(self) -> Score:
        """What it is worth as it stands."""
        return scored(self.stage, self.steps, self.turns)


def start(stage: Stage, promise: str | None = None) -> Played:
    """The conversation before the learner's first word; on the day after, `promise` is what they promised."""
    first, line = begin(stage, promise)
    return Played(stage, first, line, (), ())


def take(played: Played, text: str, index: Index) -> Played:
    """The conversation after one more turn; what is said after the end is counted and not heard."""
    if played.over:
        return Played(played.stage, played.first, played.opening, played.turns, played.steps, played.unheard + 1)
    stage = played.stage
    own = tuple(one.text for one in played.turns if "rambling" not in one.names)
    past = Past(own, tuple(_told(played)), played.state.revealed)
    heard = hear(text, stage, index, past, stage.time_of(len(played.turns) + 1))
    done = step(stage, played.state, heard)
    return Played(stage, played.first, played.opening, (*played.turns, heard), (*played.steps, done))


def replay(stage: Stage, texts: Iterable[str], index: Index, promise: str | None = None) -> Played:
    """The conversation that these turns make."""
    played = start(stage, promise)
    for text in texts:
        played = take(played, text, index)
    return played


def promise_for(played: Played, later: Scenario) -> str | None:
    """The promise that comes back on the day after: of all that were made the one due closest to it; None where none was made."""
    made = [one for heard in played.turns for one in heard.promises]
    day = datetime.fromisoformat(later.at)
    return min(made, key=lambda one: abs(one.due - day)).quote if made else None


def no_day_after(played: Played, later: Scenario) -> str | None:
    """Why nothing of a drill can come back on the day after; None if something can.

    That is `failure` where the other person broke it off, and `promise` where nothing with a time was promised.
    """
    if played.state.ended == "failure":
        return "failure"
    return "promise" if promise_for(played, later) is None else None


def _told(played: Played) -> Iterable[str]:
    yield played.opening.text
    for one in played.steps:
        yield from (line.text for line in one.lines)
