"""Who is reminded of a pulse, when, and of what: never of how many answered, and with nothing that leads to a link."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from amends import wiring
from amends.integrations.channels import Channel, Notice
from amends.integrations.channels.webhook import event
from amends.integrations.channels.wording import subject, text
from amends.testing import START, CountingIds, FixedClock
from amends.trust.pulse import items_for
from amends.trust.review import QUESTIONS
from amends.usecases.checking import Checking
from amends.usecases.due import Reminding
from amends.usecases.facade import UseCases

if TYPE_CHECKING:
    from pathlib import Path

    from amends.store.engine import Store
    from amends.usecases.pulses import Opened

DAY = timedelta(days=1)


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
def box() -> Box:
    return Box()


@pytest.fixture
def team(store: Store, clock: FixedClock, box: Box, tmp_path: Path) -> UseCases:
    return UseCases(
        Checking, lambda: store, clock, CountingIds(), reminding=lambda: Reminding(channels=(box,), link="https://amends.example"),
        new_secret=wiring.new_secret, home=lambda: str(tmp_path / "home"),
    )  # fmt: skip


def contained(team: UseCases) -> str:
    made = team.incidents.open("Checkout is down").id
    team.incidents.change_status(made, "monitoring", reason="payments go through again")
    return made


def heard(team: UseCases, clock: FixedClock, box: Box, days: float, hours: int = 6) -> list[tuple[str, str, str, datetime]]:
    """Who is reminded of what about waves while time goes by; reviews are reminded of beside."""
    found, end = [], clock.now() + days * DAY
    while clock.now() < end:
        clock.advance(hours=hours)
        before = len(box.notices)
        team.due.run_once()
        found += [(one.step, one.moment, one.to, clock.now()) for one in box.notices[before:] if one.step.endswith("-wave")]
    return found


def answered(team: UseCases, opened: Opened, count: int) -> None:
    for token in opened.links["team"][:count]:
        team.pulses.answer(token, {one.number: 4 for one in items_for("team")})


def closed(team: UseCases, incident: str, which: str) -> None:
    opened = team.pulses.open(incident, which, {"team": 6})
    answered(team, opened, 6)
    team.pulses.close(opened.wave.id)


def test_who_sees_to_the_review_is_reminded_while_a_wave_is_best_opened(team: UseCases, clock: FixedClock, box: Box) -> None:
    incident = contained(team)
    team.trust_reviews.plan(incident, lead="Bo")
    team.trust_reviews.hand_over(incident, "quarter", "Cleo")
    told = heard(team, clock, box, 20)
    assert [one[:3] for one in told] == [("open-wave", "before", "Bo")] * 2, "twice, and then no more"
    assert all(3 * DAY <= at - START <= 10 * DAY for *_, at in told)
    closed(team, incident, "baseline")
    month = heard(team, clock, box, 12)
    assert [one[2] for one in month] == ["Bo", "Bo"]
    assert all(21 * DAY <= at - START <= 30 * DAY for *_, at in month), "soon enough for the review after a month"
    quarter = heard(team, clock, box, 68)
    assert [one[2] for one in quarter] == ["Cleo", "Cleo"]
    assert all(at.weekday() < 5 and at.hour >= 9 for *_, at in (*told, *month, *quarter)), "on working days, not at night"


def test_nobody_is_reminded_to_ask_what_was_asked(team: UseCases, clock: FixedClock, box: Box) -> None:
    incident = contained(team)
    team.trust_reviews.plan(incident, lead="Bo")
    team.due.plan()
    clock.advance(days=1)
    closed(team, incident, "baseline")
    assert heard(team, clock, box, 15) == []


def test_without_a_repair_nobody_is_asked_to_ask(team: UseCases, clock: FixedClock, box: Box) -> None:
    contained(team)
    assert heard(team, clock, box, 40, hours=24) == []


def test_where_no_review_is_planned_who_asked_last_is_reminded_of_the_next_wave(team: UseCases, clock: FixedClock, box: Box) -> None:
    incident = contained(team)
    clock.advance(days=4)
    closed(team, incident, "baseline")
    assert {one[2] for one in heard(team, clock, box, 30, hours=24)} == {"local"}


def test_a_live_incident_a_held_review_and_a_time_that_is_over_remind_nobody(team: UseCases, clock: FixedClock, box: Box) -> None:
    live, held, over = contained(team), contained(team), contained(team)
    for one in (live, held, over):
        team.trust_reviews.plan(one, lead="Bo")
    team.incidents.change_status(live, "investigating", reason="it fails again")
    clock.advance(days=29)
    for question in QUESTIONS:
        team.trust_reviews.answer(held, "month", question, kind="unknown", asked="Ines", asked_at=clock.now())
    team.trust_reviews.hold(held, "month", "continue", why="Two of three were told first.")
    assert [one.incident.id for one in team.pulses.steps() if one.first <= clock.now()] == [over]
    clock.advance(days=2)
    assert heard(team, clock, box, 5) == [], "an old incident is not asked about the moment a new version of this program looks"


def test_who_opened_a_wave_is_reminded_a_day_before_it_ends_and_when_it_has(team: UseCases, clock: FixedClock, box: Box) -> None:
    incident = contained(team)
    clock.advance(days=4)
    team.trust_reviews.plan(incident, lead="Bo")
    opened = team.pulses.open(incident, "baseline", {"team": 6}, closes_at=clock.now() + 7 * DAY)
    told = heard(team, clock, box, 9, hours=1)
    ends = opened.wave.closes_at
    assert told == [("close-wave", "before", "local", ends - DAY), ("close-wave", "due", "local", ends)]
    last = box.notices[-1]
    assert subject(last).startswith("Ended 2026-")
    assert last.words == "Trust pulse, baseline: Checkout is down"
    assert "close the wave" in text(last)
    assert last.link == f"https://amends.example/incidents/{incident}/pulse"


def test_more_time_moves_the_reminders_and_closing_ends_them(team: UseCases, clock: FixedClock, box: Box) -> None:
    incident = contained(team)
    clock.advance(days=4)
    opened = team.pulses.open(incident, "baseline", {"team": 6}, closes_at=clock.now() + 3 * DAY)
    team.due.plan()
    later = team.pulses.extend(opened.wave.id, clock.now() + 6 * DAY).closes_at
    answered(team, opened, 6)
    assert heard(team, clock, box, 5.5) == [("close-wave", "before", "local", later - DAY)]
    team.pulses.close(opened.wave.id)
    assert heard(team, clock, box, 3) == []


@pytest.mark.parametrize("count", [0, 5])
def test_a_reminder_says_nothing_of_how_many_answered_and_holds_no_link(
    team: UseCases, clock: FixedClock, box: Box, count: int, store: Store
) -> None:
    incident = contained(team)
    clock.advance(days=4)
    opened = team.pulses.open(incident, "baseline", {"team": 17})
    answered(team, opened, count)
    assert len(heard(team, clock, box, 15, hours=12)) == 2
    ends = opened.wave.closes_at
    for notice, opening in zip(box.notices, ("Ends", "Ended"), strict=True):
        said = subject(notice), text(notice), str(event(notice))
        assert all(token not in one for token in opened.links["team"] for one in said)
        assert said[0] == f"{opening} {ends:%Y-%m-%d %H:%M} UTC: Trust pulse, baseline: Checkout is down", "the same, whoever answered"
        assert "17" not in said[1].replace(f"{ends:%Y-%m-%d %H:%M}", "").replace(incident, "")
    with store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT subject FROM reminder").scalars().all()
    assert {one for one in rows if one.startswith("wave/")} == {f"wave/{incident}/baseline/{step}" for step in ("close",)}


def test_of_a_private_incident_only_the_invited_hear_on_a_channel_of_their_own(team: UseCases, clock: FixedClock, box: Box) -> None:
    own, other = Box("hers", "mia"), Box("his", "rob")
    team.people.add("mia", "owner")
    team.people.add("rob", "responder", by="mia")
    incident = team.incidents.open("A message went to the wrong people", by="mia", private=True).id
    team.incidents.change_status(incident, "monitoring", reason="it is called back", by="mia")
    clock.advance(days=4)
    team.pulses.open(incident, "baseline", {"team": 6}, closes_at=clock.now() + 3 * DAY, by="mia")
    assert team.pulses.steps(by="rob") == ()
    team.due.team = Reminding(channels=(box, own, other))
    heard(team, clock, box, 4)
    assert (len(own.notices), box.notices, other.notices) == (2, [], [])
