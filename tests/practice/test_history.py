"""What somebody's drills can honestly say."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from amends.practice.history import CANNOT_TELL, ENOUGH, FALLING, RISING, UNCHANGED, history, trend
from amends.practice.session import Delivery, Locked, Reviewed, Sitting
from amends.testing import START


def sitting(number: int, score: int | None = 60, **more: object) -> Sitting:
    at = START + timedelta(days=number)
    given: dict[str, object] = {
        "id": f"{number:026d}", "person_id": "ana", "scenario_id": f"drill-{number}", "title": "A drill", "form": "status-update",
        "kind": "drill", "aided": False, "started_at": at, "ended_at": at, "score": score, "passed": bool(score and score >= 70),
        "first": True, "left": False, "turns": 4, "locked": Locked(1, "", 1, 0, 1, "one"),
    }  # fmt: skip
    return Sitting(**{**given, **more})  # type: ignore[arg-type]  # the fields are those above


@pytest.mark.parametrize("many", range(ENOUGH))
def test_below_eight_drills_nothing_is_called_a_trend(many: int) -> None:
    assert trend(range(many)) == CANNOT_TELL


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([40, 45, 50, 55, 60, 65, 70, 75], RISING),
        ([75, 70, 65, 60, 55, 50, 45, 40], FALLING),
        ([60, 50, 70, 55, 65, 60, 58, 62], UNCHANGED),
        ([60] * 12, UNCHANGED),
        ([60, 60, 60, 60, 60, 60, 60, 90], UNCHANGED),
    ],
)
def test_a_trend_is_what_chance_would_hardly_do(scores: list[int], expected: str) -> None:
    assert trend(scores) == expected


def test_chance_is_seldom_taken_for_a_trend() -> None:
    dice = Random(8)
    called = sum(trend([dice.randrange(30, 100) for _ in range(ENOUGH)]) != UNCHANGED for _ in range(400))
    assert called / 400 <= 0.05


def test_only_first_tries_without_help_that_were_finished_count() -> None:
    told = history(
        [sitting(1), sitting(2, first=False), sitting(3, aided=True), sitting(4, left=True), sitting(5, None, ended_at=None)], (), ()
    )
    assert (told.drills, told.counted) == (3, 1)
    assert [(one.form, len(one.points), one.trend, one.needed) for one in told.forms] == [("status-update", 1, CANNOT_TELL, 7)]


def test_forms_are_kept_apart_and_drills_stand_in_their_order() -> None:
    many = [sitting(number, 40 + 5 * number, form="bug-report" if number % 2 else "status-update") for number in range(12)]
    told = history(list(reversed(many)), (), ())
    assert {one.form: one.trend for one in told.forms} == {"bug-report": CANNOT_TELL, "status-update": CANNOT_TELL}
    assert [point.score for point in told.forms[0].points] == [45, 55, 65, 75, 85, 95]


def test_skills_say_how_often_with_their_n() -> None:
    looks = [
        Reviewed("1", "fact", "status-update", START, "good", 2, 0, counted=True),
        Reviewed("2", "fact", "bug-report", START, "again", 1, 1, counted=True),
        Reviewed("3", "fact", "bug-report", START, "good", 9, 9, counted=False),
    ]
    assert [(one.skill, one.kept, one.missed) for one in history((), looks, ()).skills] == [("fact", 3, 1)]


def test_delivery_is_held_against_ones_own_and_nobody_elses() -> None:
    slow, fast = Delivery(60, pauses=6, longest_pause=3, fillers=4, ownership_at=12), Delivery(30, pauses=1, longest_pause=1)
    told = {one.name: one for one in history((), (), [[(100, slow)], [], [(90, fast)]]).delivery}
    assert (told["pace"].usual, told["pace"].last, told["pace"].turns) == (140, 180, 2)
    assert (told["pauses"].usual, told["pauses"].last) == (4, 2)
    assert told["until you own it"].turns == 1
    assert history((), (), [[(10, Delivery(0))]]).delivery == ()
