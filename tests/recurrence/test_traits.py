"""What words say of an incident. The data files bring their own tests: each kind is found in its hits and in none of its misses."""

from __future__ import annotations

from collections import Counter

import pytest

from amends.recurrence.components import components, examples
from amends.recurrence.traits import FILES, Kind, found, kinds, title, tokens

ALL = [one for part in FILES for one in kinds(part)]


def named(part: str, text: str) -> set[str]:
    return {hit.kind.id for hit in found(part, tokens(text))}


@pytest.mark.parametrize(("one", "text"), [pytest.param(one, text, id=f"{one.part}-{one.id}") for one in ALL for text in one.hits])
def test_a_kind_is_found_in_each_of_its_hits(one: Kind, text: str) -> None:
    assert one.id in named(one.part, text)


@pytest.mark.parametrize(("one", "text"), [pytest.param(one, text, id=f"{one.part}-{one.id}") for one in ALL for text in one.misses])
def test_a_kind_is_not_found_in_its_near_misses(one: Kind, text: str) -> None:
    assert one.id not in named(one.part, text)


@pytest.mark.parametrize(("text", "name"), examples()[0])
def test_a_component_is_found_in_each_of_its_hits(text: str, name: str) -> None:
    assert name in [one.name for one in components(text, tokens(text))]


@pytest.mark.parametrize("text", examples()[1])
def test_no_component_is_found_in_a_near_miss(text: str) -> None:
    assert components(text, tokens(text)) == ()


def test_every_kind_has_at_least_three_hits_and_three_near_misses_and_a_name_of_its_own() -> None:
    assert [one.id for one in ALL if len(one.hits) < 3 or len(one.misses) < 3] == []
    assert [name for name, times in Counter((one.part, one.id) for one in ALL).items() if times > 1] == []


def test_what_people_declared_once_is_known_as_a_component_from_then_on() -> None:
    text = "The Nightjar was late again"
    assert components(text, tokens(text)) == ()
    assert [one.name for one in components(text, tokens(text), frozenset({"nightjar"}))] == ["nightjar"]


def test_a_kind_is_called_by_its_title_and_other_words_by_themselves() -> None:
    assert title("trigger", "release") == "a release"
    assert title("component", "checkout") == title("condition", "checkout") == "checkout"
