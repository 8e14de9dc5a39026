"""Who is reminded of what is to be done some days after a playbook was begun, and when it is enough."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from amends.integrations.channels import Channel, Notice
from amends.integrations.channels.wording import text
from amends.promises.promise import Evidence
from amends.testing import START, CountingIds, FixedClock
from amends.usecases.checking import Checking
from amends.usecases.due import Reminding
from amends.usecases.facade import UseCases

if TYPE_CHECKING:
    from amends.store.engine import Store

DAY = timedelta(days=1)
FIRST_HOUR, HOLIDAY, MANAGER = "own-a-mistake-first-hour", "string-of-mistakes-before-a-holiday", "repair-a-managers-mistake"


class Box(Channel):
    """A channel that keeps what it is given."""

    def __init__(self, name: str = "box", person: str | None = None) -> None:
        super().__init__(name, person)
        self.notices: list[Notice] = []

    def send(self, notice: Notice) -> None:
        self.notices.append(notice)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def boxes() -> list[Box]:
    return [Box(), Box("hers", "mara"), Box("his", "rob")]


@pytest.fixture
def team(store: Store, clock: FixedClock, boxes: list[Box]) -> UseCases:
    return UseCases(Checking, lambda: store, clock, CountingIds(), reminding=lambda: Reminding(channels=tuple(boxes)))


def begun(team: UseCases, playbook: str, lead: str = "mara") -> str:
    """A run past every gate, which has a reason where the data of an empty incident shut it."""
    incident = team.incidents.open("I dropped the index of the search").id
    team.incidents.change_status(incident, "monitoring", reason="the index is back")
    gates = team.playbooks.get(playbook).gates
    answers = {one.id: True for one in gates if one.ask}
    overrides = {one.id: "this is a test of what comes afterwards" for one in gates}
    return team.playbooks.start(incident, playbook, lead=lead, answers=answers, overrides=overrides).run.id


def heard(team: UseCases, clock: FixedClock, box: Box, days: float) -> list[tuple[str, str, int]]:
    """What somebody is reminded of, with the day since the beginning."""
    found, end = [], clock.now() + days * DAY
    while clock.now() < end:
        clock.advance(hours=8)
        before = len(box.notices)
        team.due.run_once()
        told = [one for one in box.notices[before:] if one.step == "follow-up"]
        found += [(one.subject.rpartition("/")[2], one.moment, (clock.now() - START).days) for one in told]
    return found


def test_a_follow_up_is_reminded_of_on_its_day_and_once_more_until_somebody_says_what_came_of_it(
    team: UseCases, clock: FixedClock, boxes: list[Box]
) -> None:
    run = begun(team, FIRST_HOUR)
    told = heard(team, clock, boxes[0], 4)
    assert {(name, day) for name, _, day in told} == {("guard-works", 1), ("guard-works", 2)}, "in the morning, at its time, next morning"
    assert [one.follow_up.id for one in team.playbooks.due()] == ["guard-works"]
    notice = boxes[0].notices[-1]
    assert (notice.to, notice.subject) == ("mara", f"follow-up/{run}/guard-works")
    assert "See that the guard works (after “Own a mistake in the first hour”)." in text(notice)
    assert "say in the run what came of it" in text(notice)
    team.playbooks.follow_up(run, "guard-works", "the migration was refused")
    team.playbooks.follow_up(run, "ask-them", "they heard in time")
    assert heard(team, clock, boxes[0], 8) == []
    assert team.playbooks.due() == ()


def test_who_leads_now_is_reminded_and_a_run_that_was_stopped_reminds_nobody(team: UseCases, clock: FixedClock, boxes: list[Box]) -> None:
    one, other = begun(team, FIRST_HOUR), begun(team, FIRST_HOUR)
    team.playbooks.hand_over(one, "rob")
    team.playbooks.stop(other, why="it was another team's")
    heard(team, clock, boxes[2], 3)
    assert {each.subject.split("/")[1] for box in boxes for each in box.notices} == {one}
    assert not boxes[1].notices


def test_what_the_data_show_is_not_asked_for(team: UseCases, clock: FixedClock, boxes: list[Box]) -> None:
    run = begun(team, HOLIDAY)
    incident = team.playbooks.state(run).run.incident_id
    made = team.acting.propose(incident, "Refuse a migration that drops an index", kind="test").item.id
    team.acting.accept(made, due=clock.now() + 9 * DAY, helps_when="such a migration is red")
    team.acting.done(made)
    clock.advance(days=58)
    team.due.run_once()
    team.acting.verify(made, evidence=Evidence("measure", "two migrations were refused"))
    assert heard(team, clock, boxes[0], 5) == []
    again = begun(team, HOLIDAY)
    clock.advance(days=59)
    team.due.plan()
    assert {name for name, *_ in heard(team, clock, boxes[0], 3)} == {"guards-held"}, "where nothing was shown, it is"
    assert again in boxes[0].notices[-1].subject


def test_the_looks_back_are_reminded_of_once_as_reviews(team: UseCases, clock: FixedClock, boxes: list[Box]) -> None:
    begun(team, "repair-trust")
    told = heard(team, clock, boxes[0], 33)
    assert {name for name, *_ in told} == {"promote"}, "the look back after a month is a trust review"
    assert "review" in {one.step for one in boxes[0].notices}


def test_of_a_private_playbook_nobody_hears_but_who_leads_it(team: UseCases, clock: FixedClock, boxes: list[Box]) -> None:
    begun(team, MANAGER)
    everybody, hers, his = boxes
    assert {name for name, *_ in heard(team, clock, hers, 16)} == {"two-weeks"}
    assert not [one for one in (*everybody.notices, *his.notices) if one.step == "follow-up"]
    assert team.playbooks.due(by="rob") == ()
    assert [one.follow_up.id for one in team.playbooks.due(by="mara")] == ["two-weeks"]


def test_what_was_due_long_before_this_program_could_remind_of_it_stays_quiet(team: UseCases, clock: FixedClock, boxes: list[Box]) -> None:
    begun(team, FIRST_HOUR)
    clock.advance(days=30)
    assert heard(team, clock, boxes[0], 2) == []
