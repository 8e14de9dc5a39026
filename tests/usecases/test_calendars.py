"""Calendars that people subscribe to, read back by another library than the one that writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import vobject

from amends.core.errors import InputError, NotFoundError
from amends.store.schema import calendar_address
from amends.usecases.due import Reminding

if TYPE_CHECKING:
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of vobject, which is old and was chosen for that: it shares no code


def events(feed: bytes) -> list[Any]:
    whole = vobject.readOne(feed.decode())
    assert whole.name == "VCALENDAR"
    return list(whole.contents.get("vevent", []))


def feed(usecases: UseCases, **of: str) -> bytes:
    return usecases.calendars.feed(usecases.calendars.subscribe(**of).token)


def test_a_subscription_is_read_back_by_an_independent_parser(usecases: UseCases, clock: FixedClock) -> None:
    due = clock.now() + HOUR
    words = "Wir melden uns; wieder, bis „halb drei“ \\ spätestens — " + "und zwar mit allen Zahlen, " * 6
    made = usecases.promising.add(words, due, tz="Europe/London").promise
    (event,) = events(feed(usecases, person="local"))
    assert event.uid.value == f"{made.id}@amends"
    assert event.summary.value == made.words
    assert event.dtstart.value == due
    assert event.dtend.value > due
    assert (event.status.value, event.contents["class"][0].value, event.transp.value) == ("CONFIRMED", "PRIVATE", "TRANSPARENT")
    assert event.last_modified.value == made.recorded_at
    assert event.dtstamp.value.tzinfo is not None
    alarms = sorted(alarm.trigger.value for alarm in event.contents["valarm"])
    assert alarms[:2] == [due - 15 * timedelta(minutes=1), due]


def test_lines_are_folded_and_end_as_the_standard_says(usecases: UseCases, clock: FixedClock) -> None:
    usecases.promising.add("ä" * 400, clock.now() + HOUR)
    written = feed(usecases, person="local")
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    assert b"\n" not in written.replace(b"\r\n", b"")


def test_a_promise_to_the_day_is_an_all_day_entry_in_its_own_zone(usecases: UseCases) -> None:
    due = datetime(2026, 3, 9, 3, 0, tzinfo=UTC)  # still the eighth in New York
    usecases.promising.add("the report", due, grain="day", tz="America/New_York")
    (event,) = events(feed(usecases, person="local"))
    assert (event.dtstart.value, event.dtend.value) == (date(2026, 3, 8), date(2026, 3, 9))


def test_what_happens_to_a_promise_is_seen_at_the_next_look(usecases: UseCases, clock: FixedClock) -> None:
    one = usecases.promising.add("words", clock.now() + HOUR, made_to="the board").promise
    address = usecases.calendars.subscribe(person="local")
    (before,) = events(usecases.calendars.feed(address.token))
    clock.advance(minutes=1)
    usecases.promising.withdraw(one.id, why="not ours")
    (after,) = events(usecases.calendars.feed(address.token))
    assert (before.status.value, after.status.value) == ("CONFIRMED", "CANCELLED")
    assert int(after.sequence.value) > int(before.sequence.value)
    assert after.uid.value == before.uid.value
    assert after.last_modified.value > before.last_modified.value
    assert "valarm" not in after.contents
    assert after.summary.value == "Withdrawn: words"


def test_the_same_calendar_is_the_same_to_the_byte(usecases: UseCases, clock: FixedClock) -> None:
    usecases.promising.add("words", clock.now() + HOUR)
    address = usecases.calendars.subscribe(person="local")
    first = usecases.calendars.feed(address.token)
    clock.advance(seconds=10)
    assert usecases.calendars.feed(address.token) == first


def test_an_incidents_calendar_holds_its_promises_and_nothing_private(usecases: UseCases, clock: FixedClock) -> None:
    incident = usecases.incidents.open("The export skipped rows")
    usecases.promising.add("of the incident", clock.now() + HOUR, incident_id=incident.id)
    usecases.promising.add("of mine", clock.now() + HOUR)
    assert [one.summary.value for one in events(feed(usecases, incident_id=incident.id))] == ["of the incident"]
    assert b"The export skipped rows" in feed(usecases, incident_id=incident.id)


def test_a_persons_calendar_holds_what_they_must_keep(usecases: UseCases, clock: FixedClock) -> None:
    usecases.promising.add("mine", clock.now() + HOUR)
    usecases.promising.add("for ben", clock.now() + HOUR, owner="ben")
    usecases.promising.add("no time", None)
    assert [one.summary.value for one in events(feed(usecases, person="local"))] == ["mine"]
    (bens,) = events(feed(usecases, person="ben"))
    assert (bens.summary.value, bens.status.value) == ("Proposed: for ben", "TENTATIVE")


def test_an_empty_calendar_is_a_calendar(usecases: UseCases) -> None:
    assert events(feed(usecases, person="nobody")) == []


def test_an_address_that_was_revoked_is_as_unknown_as_any_other(usecases: UseCases) -> None:
    address = usecases.calendars.subscribe(person="local")
    assert usecases.calendars.list(person="local") == (address.calendar,)
    usecases.calendars.revoke(address.calendar.id)
    usecases.calendars.revoke(address.calendar.id)
    said = set()
    for token in (address.token, "unknown", "", "ü\ud800", "x" * 10_000):
        with pytest.raises(NotFoundError) as caught:
            usecases.calendars.feed(token)
        said.add(caught.value.message)
    assert len(said) == 1
    assert usecases.calendars.list(person="local") == ()
    with pytest.raises(NotFoundError):
        usecases.calendars.revoke("NOSUCH")


def test_the_secret_is_kept_nowhere(usecases: UseCases) -> None:
    address = usecases.calendars.subscribe(person="local")
    with usecases.store.reading() as connection:
        (row,) = connection.execute(calendar_address.select())
    assert address.token not in map(str, row)
    assert all(address.token not in entry.data for entry in usecases.journal.entries())


def test_a_calendar_is_of_one_person_or_of_one_incident(usecases: UseCases) -> None:
    for of in ({}, {"person": "ana", "incident_id": "x"}):
        with pytest.raises(InputError):
            usecases.calendars.subscribe(**of)
    with pytest.raises(NotFoundError):
        usecases.calendars.subscribe(incident_id="NOSUCH")


def test_a_link_leads_back_where_the_team_says_where_that_is(
    usecases: UseCases, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usecases.due, "team", Reminding(link="https://amends.example/"))
    one = usecases.promising.add("words", clock.now() + HOUR).promise
    (event,) = events(feed(usecases, person="local"))
    assert event.url.value == f"https://amends.example/promises/{one.id}"
