"""When something is practised again: one card for each skill in each form, on the scheduler FSRS with its default parameters.

The algorithm hardly matters, meeting it again does (Latimier 2021: expanding against even intervals g = 0.03, not significant); so the
settings are plain, and a card is served by a different scenario each time.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fsrs import Card as Memory
from fsrs import Rating, Scheduler

from amends.practice.acts import SKILLS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from amends.language.records import Document
    from amends.practice.scenario import Scenario
    from amends.practice.score import Score

MOST_A_DAY = 3
"""So many drills are proposed in a day; more is not learnt better."""
LONGEST_DAYS = 60
RATINGS = ("again", "hard", "good", "easy")
"""How well something was done, from worst to best."""
FAILED, SHAKY, FLUENT = 50, 70, 90
"""Below the first mark everything comes again; from the second it went well, from the third very well."""

_SKILL_OF = {"commitment": "timed"}
"""Moves of a form that drills know under another name."""

_SCHEDULER = Scheduler(
    desired_retention=0.85, learning_steps=(), relearning_steps=(), maximum_interval=LONGEST_DAYS, enable_fuzzing=False
)  # the steps of one and ten minutes are made for words on cards, not for talks of five minutes
_RATING = dict(zip(RATINGS, (Rating.Again, Rating.Hard, Rating.Good, Rating.Easy), strict=True))


def reviewed(state: str | None, rating: str, at: datetime) -> tuple[str, datetime]:
    """The state of a card after a look at it, and when it is due again; None stands for a new card."""
    before = Memory.from_dict(json.loads(state)) if state else Memory(card_id=1, due=at)
    after, _ = _SCHEDULER.review_card(before, _RATING[rating], at)
    return json.dumps(after.to_dict()), after.due


def ratings(score: Score, *, fluent: bool) -> dict[str, tuple[str, int, int]]:
    """For each skill of a rubric how well it was done, how many of its questions were answered with yes, and how many with no.

    `fluent` says that it was the first try and without help: only then can it be very well.
    """
    found = {}
    for skill in dict.fromkeys(item.skill for item in score.items):
        answers = [item.passed for item in score.items if item.skill == skill]
        found[skill] = (_rating(score, all(answers), fluent=fluent), sum(answers), len(answers) - sum(answers))
    return found


def _rating(score: Score, kept: bool, *, fluent: bool) -> str:
    if not kept or "blocker" in score.capped or score.total < FAILED:
        return "again"
    if score.total < SHAKY:
        return "hard"
    return "easy" if score.total >= FLUENT and fluent else "good"


def really(document: Document) -> tuple[tuple[str, str, bool], ...]:
    """What a message that was really sent shows of the skills that its form asks for: skill, rating, and whether it did it.

    What is missing comes again soon; what is there went well. What the form does not ask for says nothing.
    """
    asked = (one for one in document.moves if one.required and _SKILL_OF.get(one.move, one.move) in SKILLS)
    return tuple((_SKILL_OF.get(one.move, one.move), "good" if one.present else "again", one.present) for one in asked)


def today(cards: Mapping[tuple[str, str], datetime], now: datetime, done: int) -> tuple[tuple[str, str], ...]:
    """What is due, the longest overdue first, as far as the day has room after the drills that were `done` in it."""
    due = sorted((at, key) for key, at in cards.items() if at <= now)
    return tuple(key for _, key in due[: max(0, MOST_A_DAY - done)])


def serving(skill: str, form: str, last: str | None, scenarios: Sequence[Scenario], played: Mapping[str, int]) -> str | None:
    """The scenario that exercises a skill in a form and is another than the last one; else in another form; the least played first.

    Where there is no other the last one serves again; None where nothing exercises it.
    """
    able = [one for one in scenarios if any(item.skill == skill for item in one.rubric)]
    others = [one for one in able if one.id != last]
    for choice in ([one for one in others if one.form == form], others, able):
        if choice:
            return min(choice, key=lambda one: (played.get(one.id, 0), one.number, one.id)).id
    return None


def replayed(looks: Iterable[tuple[str, datetime]]) -> tuple[str, datetime] | None:
    """The state of a card after all looks at it, the oldest first; None where there was none."""
    found: tuple[str, datetime] | None = None
    for rating, at in looks:
        found = reviewed(found[0] if found else None, rating, at)
    return found
