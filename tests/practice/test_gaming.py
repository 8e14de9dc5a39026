"""No drill is won by anything but talking to the person in it: eight attacks on every scenario, made from its own file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from practice.gaming import ATTACKS, model_pasted
from practice.scenes import MAINS, good, play, ready

if TYPE_CHECKING:
    from amends.practice.scenario import Scenario


@pytest.mark.parametrize("scenario", MAINS, ids=lambda one: one.id)
@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_passes(scenario: Scenario, attack: str) -> None:
    on = ready(scenario)

    passed = [played for said in ATTACKS[attack](on) if (played := play(on, said)).score.passed]

    assert not passed, "\n".join(f"{one.score.total}: {' | '.join(heard.text for heard in one.turns)}" for one in passed)


@pytest.mark.parametrize("scenario", MAINS, ids=lambda one: one.id)
def test_the_example_is_nobodys_own_words(scenario: Scenario) -> None:
    on = ready(scenario)

    for said in model_pasted(on):
        if len(said[0].split()) >= 30:  # a sentence or two may well be what anybody would say
            heard = play(on, said[:1]).turns[0]
            assert heard.foul, heard.text


@pytest.mark.parametrize("scenario", MAINS, ids=lambda one: one.id)
def test_what_people_really_say_is_no_attack(scenario: Scenario) -> None:
    """The other side of it: nothing in the transcripts is taken for one, but what is meant to be."""
    on = ready(scenario)

    for turns in good(on):
        played = play(on, turns)
        assert [heard.text for heard in played.turns if heard.foul] == []
