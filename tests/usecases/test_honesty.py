"""The account over time, on both kinds of database: honesty from what is kept, the history in sentences, and who may not see either."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import NotFoundError
from amends.testing import START

if TYPE_CHECKING:
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases

PROMISE = "We will improve the monitoring of the payment queue."


@pytest.fixture
def incident(usecases: UseCases) -> str:
    return usecases.incidents.open("Payments fail", started_at=START - timedelta(minutes=20)).id


def send(usecases: UseCases, incident: str, text: str, *, audience: str = "customers", corrects: str | None = None) -> str:
    sent = usecases.messaging.record(text, form="status-update", audience=audience, tz="UTC", incident_id=incident, corrects=corrects)
    return sent.id


def test_messages_promises_account_and_record_come_together_in_the_figures(usecases: UseCases, clock: FixedClock, incident: str) -> None:
    usecases.recording.milestone(incident, "detected", value="others")
    usecases.recording.milestone(incident, "contained")
    clock.advance(minutes=5)
    first = send(usecases, incident, f"In all, 41 payments failed. {PROMISE} Next update by 11:30 UTC.")
    clock.advance(minutes=5)
    item = usecases.narrating.state(incident, "claim", "Payments that failed", kind="number", value="258 payments").item
    usecases.narrating.cite(incident, item, "measure", text="rows with status failed: 258")
    clock.advance(hours=3)
    second = send(usecases, incident, f"Some payments failed. {PROMISE}")
    found = usecases.honesty.of(incident)
    (wrong,) = found.get("contradicted").parts
    assert [(one.source, one.id) for one in wrong.quotes] == [("message", first), ("account", item)]
    (soft,) = found.get("softened").parts
    assert [(one.source, one.id) for one in soft.quotes] == [("account", item), ("message", second)]
    (late,) = found.get("in-time").parts
    assert (late.counts, late.quotes[1].id) == (False, first)
    assert late.text.startswith("promised for 11:30 UTC; it came late, ")
    assert [told.message_id for told in found.repeated[0].occurrences] == [first, second]
    assert found.get("found-first").parts[0].text == "the incident: others told us"
    send(usecases, incident, "Correction: we counted again, and 258 payments failed.", corrects=first)
    assert usecases.honesty.of(incident).get("put-right").count == 1


def test_an_incident_without_anything_cannot_be_told_of(usecases: UseCases, incident: str) -> None:
    assert [one.name for one in usecases.honesty.of(incident).figures if one.known] == []
    assert usecases.honesty.history(incident) == ()


def test_the_history_follows_the_order_of_recording(usecases: UseCases, clock: FixedClock, incident: str) -> None:
    first = usecases.narrating.state(incident, "claim", "Payments failed", kind="fact", by="ana")
    clock.advance(minutes=1)
    usecases.narrating.cite(incident, first.item, "person", text="Ben: I saw it", by="ben")
    usecases.narrating.revise(incident, first.item, based_on=first.point.id, text="Card payments failed", by="ana")
    usecases.narrating.withdraw(incident, first.item, based_on=usecases.narrating.get(incident).points[0].point.id)
    told = usecases.honesty.history(incident)
    assert [(one.done, one.by, one.before, one.after) for one in told] == [
        ("stated", "ana", None, "unsupported"), ("cited", "ben", "unsupported", "likely"),
        ("revised", "ana", "likely", "likely"), ("withdrawn", "local", "likely", None),
    ]  # fmt: skip
    assert (told[0].at, told[1].at) == (START, START + timedelta(minutes=1))


def test_who_may_not_see_the_incident_finds_neither(usecases: UseCases) -> None:
    usecases.people.add("anna", "owner")
    usecases.people.add("ben", "reader", by="anna")
    private = usecases.incidents.open("Private", private=True, by="anna").id
    for look in (usecases.honesty.of, usecases.honesty.history):
        look(private, by="anna")
        for name, by in ((private, "ben"), ("NOSUCH", "anna")):
            with pytest.raises(NotFoundError):
                look(name, by=by)
