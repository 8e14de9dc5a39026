"""A scenario made ready to be played: one variant filled in, one level chosen, patterns and conditions compiled."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from amends.core.errors import UnknownNameError
from amends.practice.acts import BAD
from amends.practice.condition import ALWAYS, parse
from amends.practice.figures import known_figures
from amends.practice.scenario import CONDITIONS, Cue, Scenario
from amends.practice.spelling import words_of
from amends.practice.wording import RUN, shingles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from amends.practice.condition import Condition
    from amends.practice.scenario import Level, Reply

NAME = re.compile(r"\{([a-z_]+)\}")
"""A name in a text that a variant fills in."""


@dataclass(frozen=True, slots=True)
class Sign:
    """The patterns of a fact or a cue: what shows it in a sentence, and what shows that it is something else."""

    id: str
    shows: re.Pattern[str]
    unless: re.Pattern[str] | None


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """What a play needs and never changes.

    `scenario` has the variant filled in; conditions stand under the text they were read from. `words` and `figures` are those of the
    whole scenario; `examples` are the word runs of texts that nobody may pass off as their own.
    """

    scenario: Scenario
    level: Level
    variant: str
    seed: int
    at: datetime
    signs: tuple[Sign, ...]
    conditions: dict[str, Condition]
    good: frozenset[str]
    bad: frozenset[str]
    hidden: frozenset[str]
    words: frozenset[str]
    figures: frozenset[str]
    examples: tuple[frozenset[tuple[str, ...]], ...]

    def time_of(self, turn: int) -> datetime:
        """The hour of the drill at which a turn (from 1) is said."""
        return self.at + timedelta(minutes=self.scenario.pace * (turn - 1))

    def condition(self, source: str | None) -> Condition:
        """A condition of the scenario by its text; none stands for always."""
        return ALWAYS if source is None else self.conditions[source]

    def wording(self, reply: Reply, turn: int) -> str:
        """The wording of a line that this seed says; one that is said again is said in other words."""
        return reply.say[(chance(self.seed, self.scenario.id, reply.id) + (turn if reply.repeat else 0)) % len(reply.say)]


def chance(seed: int, *names: str) -> int:
    """A number that depends on the seed and the names alone, the same on every machine."""
    return int.from_bytes(hashlib.sha256("\0".join((str(seed), *names)).encode()).digest()[:6], "big")


def stage(scenario: Scenario, seed: int = 0, difficulty: int | None = None, variant: str | None = None) -> Stage:
    """Make a scenario ready; without a difficulty the easiest level, without a variant the one that the seed chooses.

    Raises:
        UnknownNameError: the scenario has no such level or variant; carries those it has.
    """
    level = _level(scenario, difficulty)
    names = tuple(name for name, _ in scenario.variants)
    if variant is None:
        variant = names[chance(seed, scenario.id, "variant") % len(names)]
    elif variant not in names:
        raise UnknownNameError("variant", variant, names)
    return replace(_set(scenario, variant), level=level, seed=seed)


@lru_cache(maxsize=512)
def _set(scenario: Scenario, variant: str) -> Stage:
    """A variant filled in and compiled, at the first level and for no seed: that is what takes time."""
    values = dict(dict(scenario.variants)[variant])
    told = _filled(scenario, lambda text: fill(text, values))
    told = replace(told, facts=_matching(scenario.facts, told.facts, values), cues=_matching(scenario.cues, told.cues, values))
    own = told.own_acts()
    texts = tuple(texts_of(told))
    common = frozenset().union(
        *(shingles(text, RUN) for text in (told.brief, told.opening, told.stakes, *(fact.text for fact in told.facts)))
    )
    examples = (told.model, told.anti_model, " ".join(item.text for item in told.rubric))
    return Stage(
        told, told.levels[0], variant, 0, datetime.fromisoformat(told.at), tuple(_sign(one) for one in (*told.facts, *told.cues)),
        {source: parse(source) for source in _conditions(told)},
        frozenset(name for name, good in own.items() if good), frozenset((*BAD, *(name for name, good in own.items() if not good))),
        frozenset(fact.id for fact in told.facts if fact.known_to == "counterpart"), words_of(texts), known_figures(texts),
        tuple(shingles(one, RUN) - common for one in examples),
    )  # fmt: skip


def fill(text: str, values: Mapping[str, str]) -> str:
    """A text with the values of a variant in the places of their names; other names stay."""
    return NAME.sub(lambda name: values.get(name[1], name[0]), text)


def _level(scenario: Scenario, difficulty: int | None) -> Level:
    if difficulty is None:
        return min(scenario.levels, key=lambda one: one.difficulty)
    for level in scenario.levels:
        if level.difficulty == difficulty:
            return level
    raise UnknownNameError("difficulty", str(difficulty), tuple(str(one.difficulty) for one in scenario.levels))


def _filled(thing: Any, fill: Callable[[str], str]) -> Any:
    """A record with every text in it filled in, however deep it stands."""
    if isinstance(thing, str):
        return fill(thing)
    if isinstance(thing, tuple):
        return tuple(_filled(one, fill) for one in thing)
    if is_dataclass(thing) and not isinstance(thing, type):
        kept = ("variants",) if isinstance(thing, Scenario) else ()
        return replace(thing, **{one.name: _filled(getattr(thing, one.name), fill) for one in fields(thing) if one.name not in kept})
    return thing


def texts_of(thing: Any) -> Iterator[str]:
    """Every text in a record, however deep it stands."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, tuple):
        for one in thing:
            yield from texts_of(one)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from texts_of(getattr(thing, field.name))


def _matching(raw: tuple[Any, ...], told: tuple[Any, ...], values: dict[str, str]) -> tuple[Any, ...]:
    """Facts or cues whose patterns hold the values as plain words, whatever signs stand in them."""
    plain = {name: re.escape(value) for name, value in values.items()}
    found = []
    for source, one in zip(raw, told, strict=True):
        unless = {"unless": tuple(fill(pattern, plain) for pattern in source.unless)} if isinstance(one, Cue) else {}
        found.append(replace(one, match=tuple(fill(pattern, plain) for pattern in source.match), **unless))
    return tuple(found)


def _sign(one: Any) -> Sign:
    unless = getattr(one, "unless", ())
    return Sign(one.id, _pattern(one.match), _pattern(unless) if unless else None)


def _pattern(many: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in many), re.IGNORECASE)


def _conditions(told: Scenario) -> set[str]:
    rows = (getattr(one, key) for table, keys in CONDITIONS.items() for one in getattr(told, table) for key in keys)
    return {source for source in rows if source is not None}
