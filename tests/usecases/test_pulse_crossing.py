"""That the same people are asked about two incidents at once is said before it happens, by what incidents say of who they are."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from amends import wiring
from amends.testing import CountingIds, FixedClock
from amends.trust.asking import TWICE
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from amends.usecases.sample import seed_sample

if TYPE_CHECKING:
    from pathlib import Path

    from amends.store.engine import Store


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def usecases(store: Store, clock: FixedClock, tmp_path: Path) -> UseCases:
    return UseCases(Checking, lambda: store, clock, CountingIds(), new_secret=wiring.new_secret, home=lambda: str(tmp_path / "home"))


def contained(usecases: UseCases, title: str, *, private: bool = False, by: str = "local") -> str:
    made = usecases.incidents.open(title, private=private, by=by).id
    usecases.incidents.change_status(made, "monitoring", reason="it works again", by=by)
    return made


def told(usecases: UseCases, incident: str, *groups: str, by: str = "local") -> list[str]:
    return [one.message for one in usecases.pulses.advice(incident, "baseline", groups, by=by) if one.code == TWICE]


def affected(usecases: UseCases, incident: str, name: str, audience: str = "leadership") -> None:
    usecases.involving.add_stakeholder(incident, name, kind="affected", audience=audience)


def test_the_same_stakeholders_of_two_incidents_are_named_before_the_second_wave(usecases: UseCases, clock: FixedClock) -> None:
    login, search = contained(usecases, "Login is down"), contained(usecases, "Search is slow")
    affected(usecases, login, "Payments")
    affected(usecases, search, "payments")
    affected(usecases, search, "Sales")
    assert told(usecases, search, "stakeholders") == []
    usecases.pulses.open(login, "baseline", {"stakeholders": 6})
    clock.advance(days=5)
    (said,) = told(usecases, search, "stakeholders")
    assert said == "Payments is being asked about “Login is down” too, in a wave that was opened 5 days ago"
    assert told(usecases, search, "team") == [], "the team of one is not the stakeholders of the other"
    opened = usecases.pulses.open(search, "baseline", {"stakeholders": 6})
    assert said in [one.message for one in opened.advice], "it is said, and refuses nothing"


def test_who_was_in_both_incidents_is_asked_twice_as_one_team(usecases: UseCases) -> None:
    login, search = contained(usecases, "Login is down"), contained(usecases, "Search is slow")
    usecases.involving.hand_over(login, "lead", "Ana")
    usecases.involving.hand_over(search, "scribe", "Ana")
    usecases.involving.hand_over(search, "lead", "Ben")
    usecases.pulses.open(login, "baseline", {"team": 6})
    assert [one.partition(" too")[0] for one in told(usecases, search, "team")] == ["Ana is being asked about “Login is down”"]


def test_other_people_are_not_the_same_and_where_nobody_is_named_it_may_be_so(usecases: UseCases) -> None:
    login, search, mail = (contained(usecases, title) for title in ("Login is down", "Search is slow", "Mail is late"))
    affected(usecases, login, "Payments")
    affected(usecases, search, "Sales")
    usecases.pulses.open(login, "baseline", {"stakeholders": 6})
    assert told(usecases, search, "stakeholders") == []
    (said,) = told(usecases, mail, "stakeholders", "users")
    assert said.startswith("stakeholders are being asked about “Login is down” too")
    assert said.endswith("nothing says whether they are the same people")
    assert told(usecases, mail, "users") == [], "no users were asked"


def test_a_wave_counts_for_a_fortnight_after_it_was_opened_and_as_long_as_it_is_open(usecases: UseCases, clock: FixedClock) -> None:
    login, search = contained(usecases, "Login is down"), contained(usecases, "Search is slow")
    opened = usecases.pulses.open(login, "baseline", {"team": 5}, closes_at=clock.now() + timedelta(days=27))
    clock.advance(days=20)
    assert len(told(usecases, search, "team")) == 1
    clock.advance(days=7)
    usecases.pulses.close(opened.wave.id)
    assert told(usecases, search, "team") == []
    again = usecases.pulses.open(login, "month", {"team": 5}, closes_at=clock.now() + timedelta(days=2))
    clock.advance(days=3)
    usecases.pulses.close(again.wave.id)
    (said,) = told(usecases, search, "team")
    assert "a team were asked about “Login is down” too, in a wave that was opened 3 days ago" in said
    clock.advance(days=12)
    assert told(usecases, search, "team") == []


def test_what_was_destroyed_unread_the_sample_and_what_somebody_may_not_see_do_not_count(usecases: UseCases) -> None:
    sample = seed_sample(usecases)
    assert sample is not None
    usecases.incidents.change_status(sample.id, "monitoring", reason="it works again")
    usecases.pulses.open(sample.id, "baseline", {"team": 5})
    usecases.people.add("mia", "owner")
    usecases.people.add("rob", "responder", by="mia")
    secret = contained(usecases, "A letter went astray", private=True, by="mia")
    wrong = contained(usecases, "Login is down", by="rob")
    search = contained(usecases, "Search is slow", by="rob")
    usecases.pulses.abandon(usecases.pulses.open(wrong, "baseline", {"team": 5}, by="rob").wave.id, by="rob")
    usecases.pulses.open(secret, "baseline", {"team": 5}, by="mia")
    assert told(usecases, search, "team", by="rob") == []
    assert usecases.pulses.ahead(search, by="rob")[0].code == "pulse-early"
