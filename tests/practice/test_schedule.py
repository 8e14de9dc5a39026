"""When something is practised again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from amends.language.check import check
from amends.language.index import load
from amends.language.options import Options
from amends.language.records import Draft
from amends.practice.schedule import LONGEST_DAYS, MOST_A_DAY, ratings, really, replayed, reviewed, serving, today
from amends.practice.score import Answered, Score
from amends.testing import START
from amends.usecases.practising_shelf import Shelf

if TYPE_CHECKING:
    from amends.practice.scenario import Scenario


def intervals(*rated: str) -> list[int]:
    state, at, found = None, START, []
    for rating in rated:
        state, due = reviewed(state, rating, at)
        found.append((due - at).days)
        at = due
    return found


def test_intervals_are_those_that_were_measured_and_never_longer_than_two_months() -> None:
    assert intervals("good", "good", "good", "good") == [4, 31, LONGEST_DAYS, LONGEST_DAYS]
    assert intervals("again")[0] == 1, "days, not minutes: nobody does the same talk twice in ten minutes"
    assert intervals("again", "good", "good") == sorted(intervals("again", "good", "good"))


def test_the_same_looks_give_the_same_card() -> None:
    looks = [("good", START), ("again", START + timedelta(days=4)), ("hard", START + timedelta(days=6))]
    state, due = None, START
    for rating, at in looks:
        state, due = reviewed(state, rating, at)
    assert replayed(looks) == (state, due) == replayed(looks)
    assert replayed([]) is None


def answered(skill: str, *, passed: bool = True) -> Answered:
    return Answered("q", "Was it?", 10, skill, blocker=False, passed=passed, points=10 if passed else 0, quotes=(), against=(), missing=())


@pytest.mark.parametrize(
    ("total", "capped", "fluent", "expected"),
    [
        (95, (), True, "easy"), (95, (), False, "good"), (90, (), True, "easy"), (89, (), True, "good"), (70, (), False, "good"),
        (69, (), True, "hard"), (50, (), True, "hard"), (49, (), True, "again"), (80, ("blocker",), True, "again"),
    ],
)  # fmt: skip
def test_what_went_well_is_rated_by_the_whole(total: int, capped: tuple[str, ...], fluent: bool, expected: str) -> None:
    score = Score(total, total, passed=True, capped=capped, items=(answered("fact"),))
    assert ratings(score, fluent=fluent) == {"fact": (expected, 1, 0)}


def test_a_question_answered_with_no_brings_its_skill_again_and_no_other() -> None:
    items = (answered("fact"), answered("fact", passed=False), answered("timed"))
    found = ratings(Score(95, 95, passed=True, capped=(), items=items), fluent=True)
    assert found == {"fact": ("again", 1, 1), "timed": ("easy", 1, 0)}


def test_at_most_three_a_day_the_longest_overdue_first() -> None:
    cards = {("fact", f"form-{number}"): START - timedelta(days=number) for number in range(5)}
    cards["timed", "later"] = START + timedelta(days=1)
    assert today(cards, START, 0) == (("fact", "form-4"), ("fact", "form-3"), ("fact", "form-2"))
    assert len(today(cards, START, 2)) == 1
    assert today(cards, START, MOST_A_DAY + 1) == ()


@pytest.fixture(scope="module")
def drill() -> Scenario:
    return Shelf().get("charged-twice")


def test_a_card_is_served_by_another_scenario_than_the_last_one(drill: Scenario) -> None:
    twin, other = replace(drill, id="twin", number=99), replace(drill, id="other", number=100, form="status-update")
    skill, form = drill.rubric[0].skill, drill.form
    assert serving(skill, form, drill.id, (drill, twin, other), {}) == "twin"
    assert serving(skill, form, drill.id, (drill, other), {}) == "other", "else in another form"
    assert serving(skill, form, drill.id, (drill,), {}) == drill.id, "else the same one"
    assert serving(skill, form, None, (drill, twin), {drill.id: 2}) == "twin", "the least played first"
    assert serving("no such skill", form, None, (drill, twin), {}) is None


def test_a_real_message_is_looked_at_for_what_its_form_asks_for_only() -> None:
    text = "Checkout is down since 10:42 and cards fail. I broke it with the 10:40 deploy."
    document = check(Draft(text, START, form="first-message"), load(), Options())
    found = {skill: (rating, kept) for skill, rating, kept in really(document)}
    required = {one.move for one in document.moves if one.required}
    assert found
    assert all(rating == ("good" if kept else "again") for rating, kept in found.values())
    assert set(found) <= {"timed" if move == "commitment" else move for move in required}
