"""A scenario as its file says it: who speaks, what is true, what moves them, what they say, and what counts as done well.

Texts may hold `{names}`, which the values of a variant fill. Acts are those of `acts.ACTS`, the scenario's own cues, and its facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

NO_PROMISE = "what you said"
"""What stands for a promise that nobody made; a line that quotes it reads badly."""
OWN_PREFIX = "own-"
"""Begins the id of a scenario that was made of what somebody answered."""
METERS = ("anger", "trust", "clarity")
"""What moves in the other person, each from 0 to 100."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the cast. `relation` is customer, peer, report, manager, executive, partner or stranger."""

    name: str
    role: str
    relation: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Something true. `match` are regular expressions of which one shows that a sentence states it.

    One that the `counterpart` knows counts only once it is told, which `reveal` (a condition) allows.
    """

    id: str
    text: str
    known_to: str
    match: tuple[str, ...]
    reveal: str | None = None


@dataclass(frozen=True, slots=True)
class Cue:
    """An act of this scenario alone: regular expressions of which one in a sentence shows it, unless one of `unless` does too."""

    id: str
    good: bool
    says: str
    match: tuple[str, ...]
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trigger:
    """How an act moves the meters, at most `cap` times in a conversation, where `needs` holds and `unless` does not."""

    act: str
    anger: int = 0
    trust: int = 0
    clarity: int = 0
    cap: int = 99
    needs: str | None = None
    unless: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A line of the counterpart. `about` names the act whose words `{quote}` stands for, and which must have been heard.

    With `asks` it puts `question`, which any of these acts answers; `reveal` are facts that it tells. A line is said once unless it may
    `repeat`. `say` may hold several wordings, of which the seed chooses.
    """

    id: str
    say: tuple[str, ...]
    when: str = "always"
    about: str | None = None
    by: str | None = None
    asks: tuple[str, ...] = ()
    question: str | None = None
    reveal: tuple[str, ...] = ()
    repeat: bool = False
    boost: int = 0


@dataclass(frozen=True, slots=True)
class Inject:
    """Something that happens from outside after a turn; the meters move by it."""

    id: str
    turn: int
    say: str
    by: str | None = None
    when: str = "always"
    asks: tuple[str, ...] = ()
    question: str | None = None
    anger: int = 0
    trust: int = 0
    clarity: int = 0


@dataclass(frozen=True, slots=True)
class Ending:
    """How the conversation can end: `success` or `failure`, when, and the last words."""

    id: str
    result: str
    when: str
    say: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A yes or no question about the whole conversation, worth `weight` of 100.

    Yes when all of `all`, one of `any` and none of `none` were heard (within the first `within` turns where given) and `when` holds at
    the end. Without a `blocker` item there is no passing. `skill` is what it exercises.
    """

    id: str
    text: str
    weight: int
    skill: str
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    within: int | None = None
    when: str = "always"
    blocker: bool = False


@dataclass(frozen=True, slots=True)
class Coaching:
    """What the other person heard in an act, or in its absence, and one sentence that would have done better here."""

    act: str
    heard: str
    rewrite: str


@dataclass(frozen=True, slots=True)
class Level:
    """How hard it is: turns until it ends open, how far a meter moves in one turn, where the meters start, how they drift."""

    difficulty: int
    turns: int
    max_change: int
    anger: int
    trust: int
    clarity: int
    drift_anger: int = 4
    drift_trust: int = -2
    drift_clarity: int = -2


@dataclass(frozen=True, slots=True)
class Transcript:
    """Turns of a learner as an example: played good ones succeed, poor ones do not."""

    kind: str
    turns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One drill. `later_of` and `receiver_of` name the scenario whose day after, or whose other chair, this is.

    `at` is the fictional now (RFC 3339), `pace` the minutes that a turn takes, `patience` the words that are read in one turn.
    `promise` is what the learner is taken to have promised where nothing was played before. `press` are wordings with `{question}` for
    asking again; `idle` what is said to a turn that holds nothing; `open` the last words when the turns are over. `sha256` is of the
    file's bytes, and names with `version` what was played.
    """

    id: str
    version: int
    number: int
    title: str
    form: str
    audience: str
    learner_role: str
    at: str
    zone: str
    channel: str
    stakes: str
    brief: str
    cast: tuple[Person, ...]
    opening: str
    opening_asks: tuple[str, ...]
    opening_question: str | None
    facts: tuple[Fact, ...]
    cues: tuple[Cue, ...]
    triggers: tuple[Trigger, ...]
    replies: tuple[Reply, ...]
    injects: tuple[Inject, ...]
    endings: tuple[Ending, ...]
    rubric: tuple[Item, ...]
    coaching: tuple[Coaching, ...]
    levels: tuple[Level, ...]
    variants: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    press: tuple[str, ...]
    idle: tuple[str, ...]
    open: str
    model: str
    anti_model: str
    reflect: tuple[str, ...]
    transcripts: tuple[Transcript, ...]
    pace: int = 3
    patience: int = 160
    promise: str = NO_PROMISE
    later_of: str | None = None
    in_days: int | None = None
    receiver_of: str | None = None
    group: bool = False
    source: str = ""
    sha256: str = ""
    path: str = ""

    @property
    def opener(self) -> Person:
        """Who speaks first, and wherever a line names nobody."""
        return self.cast[0]

    def own_acts(self) -> dict[str, bool]:
        """The acts that only this scenario knows, each with whether it is good: its cues and its facts."""
        return {**{cue.id: cue.good for cue in self.cues}, **{fact.id: True for fact in self.facts}}


CONDITIONS = {
    "facts": ("reveal",), "triggers": ("needs", "unless"), "replies": ("when",), "injects": ("when",), "endings": ("when",),
    "rubric": ("when",),
}  # fmt: skip
"""The fields of records that hold conditions."""

RECORDS: dict[str, type[Any]] = {
    "cast": Person, "facts": Fact, "cues": Cue, "triggers": Trigger, "replies": Reply, "injects": Inject, "endings": Ending,
    "rubric": Item, "coaching": Coaching, "levels": Level, "transcripts": Transcript,
}  # fmt: skip
"""The fields of a scenario that hold records; all others hold texts and numbers."""
