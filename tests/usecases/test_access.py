"""What is private reaches nobody who was not invited, also where nobody asks: reminders, calendars, and what was local before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import NoAccountError, NotFoundError
from amends.integrations import passwords
from amends.integrations.channels import Channel
from amends.testing import CountingIds
from amends.usecases.checking import Checking
from amends.usecases.due import Due, Reminding
from amends.usecases.facade import UseCases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.integrations.channels import Notice
    from amends.store.engine import Store
    from amends.testing import FixedClock

PASSWORD = "four ducks on a quiet pond"


class Box(Channel):
    """A channel that keeps what it is given."""

    def __init__(self, name: str, person: str | None = None) -> None:
        super().__init__(name, person)
        self.notices: list[Notice] = []

    def send(self, notice: Notice) -> None:
        self.notices.append(notice)


@pytest.fixture
def boxes() -> dict[str, Box]:
    return {"room": Box("room"), "ben": Box("ben", "ben"), "dan": Box("dan", "dan")}


@pytest.fixture
def company(store: Store, clock: FixedClock, boxes: dict[str, Box], monkeypatch: pytest.MonkeyPatch) -> Iterator[UseCases]:
    """anna owns, ben and dan respond; each of the two has a channel of his own beside the one that all read."""
    from argon2 import PasswordHasher

    monkeypatch.setattr(passwords, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    made = UseCases(Checking, lambda: store, clock, CountingIds(), reminding=lambda: Reminding(channels=tuple(boxes.values())))
    for name, role in (("anna", "owner"), ("ben", "responder"), ("dan", "responder")):
        made.people.add(name, role, password=PASSWORD, by="local" if name == "anna" else "anna")
    yield made
    assert made.journal.verify(by="anna") == []


def test_a_reminder_of_a_private_incident_goes_where_only_its_invited_owner_reads(
    company: UseCases, boxes: dict[str, Box], clock: FixedClock
) -> None:
    here = company.incidents.open("Payroll shows other people's numbers", private=True, by="ben").id
    company.promising.add("call the lawyer", clock.now() + timedelta(hours=1), incident_id=here, by="ben")
    company.promising.add("call the shops", clock.now() + timedelta(hours=1), private=False, by="ben")
    clock.advance(minutes=61)
    company.due.run_once()

    assert {notice.words for notice in boxes["ben"].notices} == {"call the lawyer", "call the shops"}
    assert {notice.words for notice in boxes["room"].notices} == {"call the shops"}
    assert boxes["dan"].notices == []


def test_who_owns_a_promise_of_an_incident_and_was_not_invited_hears_nothing(
    company: UseCases, boxes: dict[str, Box], clock: FixedClock
) -> None:
    here = company.incidents.open("Search is slow", by="ben").id
    company.promising.add("look at the index", clock.now() + timedelta(hours=1), owner="dan", incident_id=here, by="ben")
    entry = company.promising.unsettled(by="dan")[0]
    company.promising.accept(entry.promise.id, by="dan")
    company.due.plan()
    company.incidents.set_private(here, private=True, by="ben")
    clock.advance(minutes=61)
    company.due.run_once()

    assert boxes["dan"].notices == []
    assert boxes["room"].notices == []
    with pytest.raises(NotFoundError):
        company.promising.get(entry.promise.id, by="dan")
    with pytest.raises(NotFoundError):
        company.due.of_promise(entry.promise.id, by="dan")
    assert company.due.unsent(by="dan") == ()


def test_what_became_private_is_gone_from_the_timeline_of_others(company: UseCases) -> None:
    here = company.incidents.open("Search is slow", by="ben").id
    company.timelines.add(here, company.clock.now(), "somebody called", by="ben")
    assert company.timelines.notes(here, by="dan")
    company.incidents.set_private(here, private=True, by="ben")

    for ask in (company.timelines.get, company.timelines.notes, company.timelines.lanes, company.gathering.run, company.gathering.stop):
        with pytest.raises(NotFoundError):
            ask(here, by="dan")
    with pytest.raises(NotFoundError):
        company.gathering.receive(here, "app.log", by="dan")
    assert company.timelines.known(by="dan") == {}


def test_nobody_is_called_local_where_there_are_accounts(company: UseCases) -> None:
    for ask in (
        company.promising.unsettled,
        company.drafting.list_open,
        company.due.look,
        company.timelines.known,
        company.journal.entries,
    ):
        with pytest.raises(NoAccountError):
            ask()


def test_a_calendar_from_before_the_accounts_answers_no_more(store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    from argon2 import PasswordHasher

    monkeypatch.setattr(passwords, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    made = UseCases(Checking, lambda: store, clock, CountingIds())
    token = made.calendars.subscribe(person="local").token
    assert made.calendars.feed(token).startswith(b"BEGIN:VCALENDAR")
    made.people.add("anna", "owner", password=PASSWORD)
    with pytest.raises(NotFoundError):
        made.calendars.feed(token)


def test_a_run_that_reminds_needs_no_account(store: Store, clock: FixedClock, company: UseCases) -> None:
    company.promising.add("call the shops", clock.now() + timedelta(hours=1), private=False, by="ben")
    clock.advance(minutes=61)
    box = Box("other")
    assert Due(store, clock, CountingIds(), lambda: Reminding(channels=(box,))).run_once().sent == 1
