"""What is right helps and what is wrong harms, whoever types it: true moves, blame, slips of the fingers, spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amends.practice.drill import replay, start, take
from practice.gaming import slipped
from practice.scenes import INDEX, SCENARIOS, between, good, play, raw, ready, rewrites
from practice.spellings import american, british

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.practice.drill import Played
    from amends.practice.scenario import Scenario
    from amends.practice.stage import Stage

BLAME = (
    "Honestly, this is all Kevin's fault, he never looks before he pushes a button.",
    "It only went wrong because the people on the other shift were too lazy to check their own work.",
)
MOST = 5
"""So many of 100 points at most may a slip of the fingers or another spelling move."""


def places(on: Stage) -> Iterator[tuple[Played, str]]:
    """Turns to add something to: a good one as the only turn, and in each good conversation the last one that is heard."""
    yield start(on), good(on)[0][0]
    for turns in good(on):
        last = len(play(on, turns).turns)
        yield replay(on, turns[: last - 1], INDEX), turns[last - 1]


def long(on: Stage, text: str) -> bool:
    """Whether more is said than the other person reads: then adding something may well cost something."""
    return len(text.split()) > on.scenario.patience


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.id)
def test_a_true_move_that_was_missing_never_lowers_the_points(scenario: Scenario) -> None:
    on = ready(scenario)
    lowered = []
    for before, text in places(on):
        points = raw(on, text, before)
        for act, sentence in rewrites(on).items():
            more = f"{text} {sentence}"
            if act not in before.state.heard and not long(on, more) and (now := raw(on, more, before)) < points:
                why = between(take(before, text, INDEX), take(before, more, INDEX))
                lowered.append(f"{points} → {now} by {act} ({why}), after {len(before.turns)} turns: {text} + {sentence}")

    assert not lowered, "\n".join(lowered)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.id)
def test_blame_never_raises_the_points(scenario: Scenario) -> None:
    on = ready(scenario)
    raised = [
        f"{points} → {now}: {text} + {blame}"
        for before, text in places(on)
        for points in [raw(on, text, before)]
        for blame in BLAME
        if (now := raw(on, f"{text} {blame}", before)) > points
    ]

    assert not raised, "\n".join(raised)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.id)
def test_slips_of_the_fingers_hardly_move_the_points(scenario: Scenario) -> None:
    on = ready(scenario)
    moved = []
    for turns in good(on):
        meant = play(on, turns)
        for seed in (1, 2):
            typed = tuple(slipped(text, seed * 100 + number) for number, text in enumerate(turns))
            points, now = meant.score.raw, (read := play(on, typed)).score.raw
            if abs(now - points) > MOST:
                moved.append(f"{points} → {now} ({between(meant, read)}): {' | '.join(typed)}")

    assert not moved, "\n".join(moved)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.id)
def test_spelling_of_either_side_hardly_moves_the_points(scenario: Scenario) -> None:
    on = ready(scenario)
    moved = []
    for turns in good(on):
        points = play(on, turns).score.raw
        spelt = {table.__name__: play(on, map(table, turns)).score.raw for table in (american, british)}
        moved += [f"{points} → {now}, {name}: {' | '.join(turns)}" for name, now in spelt.items() if abs(now - points) > MOST]

    assert not moved, "\n".join(moved)
