"""What the tests over all scenarios share: the scenarios, ready to be played, and a learner's turns played on them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from amends.language.index import load
from amends.practice.drill import replay, start, take
from amends.practice.fouls import taken_from_examples
from amends.practice.loading import load_folder
from amends.practice.stage import stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.practice.drill import Played
    from amends.practice.scenario import Scenario
    from amends.practice.stage import Stage

SCENARIOS: tuple[Scenario, ...] = load_folder()
MAINS = tuple(one for one in SCENARIOS if one.later_of is None and one.receiver_of is None)
INDEX = load()


@lru_cache(maxsize=256)
def ready(scenario: Scenario, difficulty: int | None = None) -> Stage:
    """The scenario in its first variant; without a difficulty at its easiest level."""
    return stage(scenario, 0, difficulty, scenario.variants[0][0])


def play(on: Stage, turns: Iterable[str]) -> Played:
    """A conversation of these turns."""
    return replay(on, turns, INDEX)


def raw(on: Stage, text: str, before: Played | None = None) -> int:
    """The points, before any cap, of a conversation that ends with this turn."""
    return take(before or start(on), text, INDEX).score.raw


def good(on: Stage) -> tuple[tuple[str, ...], ...]:
    """The good transcripts, filled in."""
    return tuple(one.turns for one in on.scenario.transcripts if one.kind == "good")


def rewrites(on: Stage) -> dict[str, str]:
    """A sentence for each act that the rubric asks for, as the coaching gives it; none in the words of the example."""
    told = {one.act: one.rewrite for one in on.scenario.coaching if not taken_from_examples(one.rewrite, on)}
    wanted = [name for item in on.scenario.rubric for name in (*item.all, *item.any)]
    return {name: told[name] for name in dict.fromkeys(wanted) if name in told}


def between(one: Played, other: Played) -> str:
    """What is heard in the other conversation and not in this one, and the other way round, for a failure that can be understood."""
    heard = [{name for turn in played.turns for name in turn.names} for played in (one, other)]
    return f"come: {', '.join(sorted(heard[1] - heard[0]))}; gone: {', '.join(sorted(heard[0] - heard[1]))}"
