"""Warning signs out of the store, on both kinds of database: what is gathered, what a sign links to, and who may not see it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import NotFoundError
from amends.promises.promise import Evidence

if TYPE_CHECKING:
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases

PROMISE = "We will improve the monitoring of the payment queue."


@pytest.fixture
def incident(usecases: UseCases) -> str:
    return usecases.incidents.open("Payments fail").id


def send(usecases: UseCases, incident: str, text: str, audience: str) -> str:
    return usecases.messaging.record(text, form="status-update", audience=audience, tz="UTC", incident_id=incident).id


def found(usecases: UseCases, incident: str) -> dict[str, list[tuple[str, str]]]:
    """The signs that show, each with the kind and the id of what it links to."""
    return {one.id: [(ref.kind, ref.id) for ref in one.where] for one in usecases.signs.of(incident)}


def test_messages_actions_and_reviews_come_together_in_the_signs(usecases: UseCases, clock: FixedClock, incident: str) -> None:
    told = send(usecases, incident, "Our release at 10:42 broke the card check: 4,212 payments failed. I skipped the staging run.", "team")
    clock.advance(minutes=20)
    up = send(usecases, incident, "There was a brief hiccup and a few payments were affected.", "leadership")
    first = send(usecases, incident, f"We are sorry that you could not pay. {PROMISE}", "customers")
    clock.advance(days=3)
    second = send(usecases, incident, f"We apologise again. {PROMISE}", "customers")
    showing = found(usecases, incident)
    assert {("message", told), ("message", up)} <= set(showing["cleaner-upward"])
    assert showing["same-promise"] == [("message", first), ("message", second)]
    assert showing["regret-without-change"] == [("message", first), ("message", second)]
    item = usecases.acting.propose(incident, "Alert for failed payments", kind="alert").item.id
    usecases.acting.accept(item, due=clock.now() + timedelta(days=2), helps_when="it fires in the drill")
    usecases.acting.done(item)
    usecases.documents.new(incident, "Review", text="All actions have been completed and closed.", kind="review")
    assert found(usecases, incident)["closed-unchecked"][-1] == ("action", item)
    usecases.acting.verify(item, Evidence("measure", "fired 3 min after the queue stopped in the drill"))
    assert "closed-unchecked" not in found(usecases, incident)


def test_delays_are_held_against_incidents_of_the_same_kind_only(usecases: UseCases, clock: FixedClock) -> None:
    made = []
    for delay in (5, 10, 10, 60, 50, 70):
        one = usecases.incidents.open("Import stopped").id
        usecases.recurring.declare(one, component="import")
        clock.advance(minutes=delay)
        send(usecases, one, "The import has stopped; next update 18:00 UTC.", "team")
        clock.advance(days=9)
        made.append(one)
    middle = made[2]
    item = usecases.acting.propose(middle, "Alert for a quiet import", kind="alert").item.id
    usecases.acting.accept(item, due=clock.now() + timedelta(days=2), helps_when="it fires")
    usecases.acting.done(item)
    kinds = [ref for ref in found(usecases, middle)["still-defensive"] if ref[0] == "incident"]
    assert {name for _, name in kinds} == set(made[3:])
    other = usecases.incidents.open("Payments fail").id
    assert "still-defensive" not in found(usecases, other)


def test_nothing_shows_where_there_is_nothing_and_for_whom_there_is_nothing(usecases: UseCases, incident: str) -> None:
    assert usecases.signs.of(incident) == ()
    usecases.people.add("anna", "owner")
    usecases.people.add("ben", "reader", by="anna")
    private = usecases.incidents.open("Private", private=True, by="anna").id
    assert usecases.signs.of(private, by="anna") == ()
    for name in (private, "NOSUCH"):
        with pytest.raises(NotFoundError):
            usecases.signs.of(name, by="ben")
