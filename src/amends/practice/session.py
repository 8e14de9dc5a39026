"""What is kept of somebody's practice: their drills, what is due again, and how fast they spoke. Each record belongs to one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.practice.scenario import OWN_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from amends.practice.drill import Played
    from amends.practice.interview import Answers
    from amends.practice.scenario import Scenario

KINDS = {"drill": "", "later": "the day after: ", "receiver": "the other chair: ", "own": "of your own: ", "rehearsal": "a draft: "}
"""A main drill, its day after, its other chair, somebody's own conversation, and a draft that is tried on a persona.

Each with the words that stand before a title in a list.
"""
NOTES = ("refused", "unanswered", "late", "busy", "off")
"""Why a written line was said though a model was to voice it: its words were not fit, it failed, it was slow, too much was asked of it at
once, or it may not be asked any more."""
TEXT_LIMIT = 20_000
"""The longest turn, in characters; nobody says more in one breath, and an answer to it would say nothing."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a turn was spoken: told to the speaker, never scored.

    All in seconds: how long it took, its longest pause, and when the sentence began that owns what happened (None where none did).
    """

    seconds: float
    pauses: int = 0
    longest_pause: float = 0.0
    fillers: int = 0
    ownership_at: float | None = None


@dataclass(frozen=True, slots=True)
class Locked:
    """What a drill was begun with, so that it can be played again: the file by version and hash, the engine, and what chance chose."""

    version: int
    sha256: str
    engine: int
    seed: int
    difficulty: int
    variant: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """A drill of somebody as it is kept, without what was said. `turns` counts theirs.

    `score` and `passed` are there once it is over. `first` says that they had not played this scenario before, `left` that they left it.
    `promise` is what a day after takes from the drill before it. `voice` is the model, and its host, that may voice the other person.
    """

    id: str
    person_id: str
    scenario_id: str
    title: str
    form: str
    kind: str
    aided: bool
    started_at: datetime
    ended_at: datetime | None
    score: int | None
    passed: bool | None
    first: bool
    left: bool
    turns: int
    locked: Locked
    promise: str | None = None
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class Voiced:
    """What a model made of a line of a turn, which `number` counts from 0; without a `text` the written line was said, and `note` why."""

    turn: int
    number: int
    line: str
    model: str
    text: str | None
    note: str | None = None


def voiced_in(turn: int, voices: Iterable[Voiced]) -> dict[tuple[int, str], Voiced]:
    """What a model made of the lines of a turn, by the number and the id of the line."""
    return {(one.number, one.line): one for one in voices if one.turn == turn}


@dataclass(frozen=True, slots=True)
class Session:
    """A drill of somebody with the whole conversation. `delivery` has one place for each turn.

    `changed` says that the scenario or the engine is another now than the one that was played: what is shown is played anew, and the
    score and the result are those of the day. `voices` are the lines that a model was to voice; they count for nothing.
    """

    sitting: Sitting
    played: Played
    delivery: tuple[Delivery | None, ...]
    changed: bool
    voices: tuple[Voiced, ...] = ()

    @property
    def id(self) -> str:
        """Its id."""
        return self.sitting.id

    @property
    def person_id(self) -> str:
        """Whose it is."""
        return self.sitting.person_id

    @property
    def scenario_id(self) -> str:
        """Which scenario was played."""
        return self.sitting.scenario_id

    @property
    def title(self) -> str:
        """The scenario's title on that day."""
        return self.sitting.title

    @property
    def aided(self) -> bool:
        """Whether remarks were shown after each turn."""
        return self.sitting.aided

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        return self.sitting.kind

    @property
    def started_at(self) -> datetime:
        """When it was begun."""
        return self.sitting.started_at

    @property
    def ended_at(self) -> datetime | None:
        """When it was over, or left; None while it goes on."""
        return self.sitting.ended_at

    @property
    def score(self) -> int | None:
        """What it was worth; None while it goes on."""
        return self.sitting.score

    @property
    def passed(self) -> bool | None:
        """Whether it was passed; None while it goes on."""
        return self.sitting.passed

    @property
    def locked(self) -> Locked:
        """What it was begun with."""
        return self.sitting.locked


@dataclass(frozen=True, slots=True)
class Entry:
    """A main drill as the catalogue shows it to one person.

    With the ids of its day after and its other chair, how often they played it, their best score, and whether it is proposed for today.
    """

    scenario: Scenario
    later: str | None
    receiver: str | None
    played: int
    best: int | None
    due: bool


@dataclass(frozen=True, slots=True)
class Card:
    """Something to practise again: a skill in a form, when, and the scenario that is proposed for it; None where none exercises it."""

    skill: str
    form: str
    due: datetime
    scenario_id: str | None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One look at a skill in a form, by a drill or (where somebody asked for that) by a real message."""

    id: str
    skill: str
    form: str
    at: datetime
    rating: str
    kept: int
    missed: int
    counted: bool
    session_id: str | None = None
    scenario_id: str | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """A conversation that somebody described, to practise it. It is begun like a drill, under `scenario_id`."""

    id: str
    title: str
    answers: Answers
    written_at: datetime

    @property
    def scenario_id(self) -> str:
        """The id under which it is played."""
        return f"{OWN_PREFIX}{self.id}"


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody chose for their practice: whether messages that they really sent count as looks at a skill."""

    count_real: bool = False
