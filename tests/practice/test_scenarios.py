"""Every scenario that ships is proved, and complete: what the catalogue promises is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amends.practice.linting import faults_of, shared
from amends.practice.loading import load_folder
from practice.scenes import INDEX, MAINS, SCENARIOS

if TYPE_CHECKING:
    from amends.practice.scenario import Scenario

PERSONAS = load_folder(Path(__file__).parents[2] / "src" / "amends" / "practice" / "personas")
CUSTOMERS = {"charged-twice", "never-again", "missed-sla"}
"""Drills in which the other one is no colleague: nobody of ours sits in that chair."""


def test_there_are_twenty_four_each_with_a_day_after_and_with_the_other_chair_where_it_is_a_colleagues() -> None:
    assert [one.number for one in MAINS] == list(range(1, 25))
    laters = {one.later_of for one in SCENARIOS if one.later_of}
    chairs = {one.receiver_of for one in SCENARIOS if one.receiver_of}
    ids = {one.id for one in MAINS}
    assert laters == ids
    assert chairs == ids - CUSTOMERS


@pytest.mark.parametrize("scenario", [*SCENARIOS, *PERSONAS], ids=lambda one: one.id)
def test_a_scenario_is_proved(scenario: Scenario) -> None:
    assert [f"{one.field}: {one.message}" for one in faults_of(scenario, INDEX)] == []


def test_no_two_are_the_same_drill_in_other_clothes() -> None:
    assert [f"{Path(one.path).stem}: {one.message}" for one in shared(SCENARIOS)] == []


@pytest.mark.parametrize("scenario", MAINS, ids=lambda one: one.id)
def test_a_drill_is_no_toy(scenario: Scenario) -> None:
    assert len(scenario.replies) >= 12
    assert sum(one.about is not None for one in scenario.replies) >= 4
    assert any(one.known_to == "counterpart" for one in scenario.facts)
    assert scenario.reflect


def test_some_are_played_in_a_room_with_several_voices() -> None:
    assert sum(one.group and len(one.cast) > 1 for one in MAINS) >= 2
