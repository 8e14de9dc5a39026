"""Where a conversation stands, and how conditions see it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from amends.practice.acts import GOOD
from amends.practice.scenario import METERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amends.practice.heard import Heard
    from amends.practice.stage import Stage

PATIENT = 3
"""A question is asked so often, then the other person stops waiting for its answer."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A question of the counterpart that waits: who asked, its words, which acts answer it, how often it was put.

    Where the answer is `known`, because it was given before it was asked for, nobody has to give it again.
    """

    by: str
    question: str
    asks: tuple[str, ...]
    times: int = 1
    known: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """Where a conversation stands after `turn` turns.

    `heard` counts the acts that counted, `fired` the triggers, `used` says in which turn a line was last said, `first` in which turn an
    act was first heard, `promise` is what was promised in the play before, where there was one. `ended` is success, failure or open, or
    None while it goes on.
    """

    turn: int
    anger: int
    trust: int
    clarity: int
    heard: Mapping[str, int]
    first: Mapping[str, int]
    fired: Mapping[int, int]
    used: Mapping[str, int]
    revealed: frozenset[str]
    pending: Pending | None
    pressed: int = 0
    ended: str | None = None
    ending: str | None = None
    promise: str | None = None

    def meter(self, name: str) -> int:
        """One of the three meters."""
        value: int = getattr(self, name)
        return value


@dataclass(frozen=True, slots=True)
class Line:
    """Something that is said: by whom, the words, the line's id; `outside` for what happens rather than answers."""

    by: str
    text: str
    id: str
    outside: bool = False


class At:
    """A place in a conversation as conditions see it (`condition.Moment`)."""

    __slots__ = ("_heard", "_names", "_stage", "_state")

    def __init__(self, stage: Stage, state: State, heard: Heard, names: frozenset[str]) -> None:
        self._stage = stage
        self._state = state
        self._heard = heard
        self._names = names

    def number(self, name: str) -> int:
        """A meter, the turn, the turns left, or the words of this turn."""
        if name in METERS:
            return self._state.meter(name)
        if name == "turn":
            return self._state.turn
        if name == "left":
            return self._stage.level.turns - self._state.turn
        return self._heard.words

    def flag(self, name: str) -> bool:
        """Whether a question waits; there is no other flag."""
        del name
        return self._state.pending is not None

    def call(self, function: str, argument: str) -> int:
        """What a condition asks about an act, a topic, a fact or a line."""
        state = self._state
        if function == "heard":
            return int(argument in self._names)
        if function in ("ever", "times"):
            return state.heard.get(argument, 0)
        if function == "only":
            return int(argument in self._names and not any(is_good(self._stage, one) for one in self._names - {argument}))
        if function == "asked":
            asked = "question" in self._names
            return int(asked and (not argument or argument in self._heard.topics))
        if function == "revealed":
            return int(argument in state.revealed)
        if function == "can":
            return int(argument not in state.revealed and may_reveal(self._stage, self, argument))
        return int(argument in state.used)


def is_good(stage: Stage, act: str) -> bool:
    """Whether an act does something for the other person."""
    return act in GOOD or act in stage.good


def may_reveal(stage: Stage, moment: At, fact: str) -> bool:
    """Whether a hidden fact may be told now."""
    return any(one.id == fact and stage.condition(one.reveal).holds(moment) for one in stage.scenario.facts)


def ask(stage: Stage, state: State, by: str, asks: tuple[str, ...], question: str) -> State:
    """The state with a question put; the one that waited before is let go.

    A fact or a cue that was heard before is known; a move ("when?") may be asked for again and again.
    """
    known = asks[0] in state.heard and asks[0] in stage.good
    return replace(state, pending=Pending(by, question, asks, known=known))
