"""Work that nobody was told of, and the first moments of an incident."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from amends.core.incident import Incident, SentMessage
from amends.incidents.event import IncidentEvent
from amends.incidents.firsts import firsts
from amends.incidents.silence import silence
from amends.language.records import Document, Draft
from amends.usecases.checking import Checking

BEGAN = datetime(2026, 3, 4, 10, 42, tzinfo=UTC)


def minutes(count: float) -> datetime:
    return BEGAN + timedelta(minutes=count)


def incident(status: str = "investigating") -> Incident:
    return Incident("I1", "Checkout is down", "SEV2", status, BEGAN, BEGAN)


def message(at: float, text: str = "") -> SentMessage:
    return SentMessage(f"M{at}", "D1", 1, "I1", "team", "ana", minutes(at), minutes(at), text)


def test_work_that_nobody_was_told_of_is_silence_from_its_first_piece_on() -> None:
    found = silence(incident(), [minutes(9), minutes(4), minutes(6)], [], minutes(10))
    assert found is not None
    assert (found.since, found.last, found.count) == (minutes(4), minutes(9), 3)


def test_a_message_ends_the_silence_and_work_after_it_begins_another() -> None:
    work = [minutes(4), minutes(20)]
    assert silence(incident(), work, [message(10)], minutes(24)) is None, "the later work is four minutes old"
    found = silence(incident(), work, [message(10)], minutes(25))
    assert found is not None
    assert found.since == minutes(20)


@pytest.mark.parametrize("status", ["resolved", "reviewed"])
def test_nobody_is_asked_to_speak_about_work_after_the_end(status: str) -> None:
    assert silence(incident(status), [minutes(4)], [], minutes(60)) is None


def test_work_before_the_incident_and_work_to_come_are_not_of_it() -> None:
    assert silence(incident(), [minutes(-4), minutes(70)], [], minutes(60)) is None


def checked(message: SentMessage) -> Document:
    return Checking().check(Draft(message.text, message.sent_at, "first-message", "team", "UTC"))


VAGUE = "There might be a small issue with checkout, should be fine soon."
HONEST = (
    "At 10:42 UTC I merged a change that broke checkout, and since then all card payments in the EU fail. "
    "I am rolling it back, done by 11:10 UTC. Next update 11:00 UTC."
)


def test_the_first_honest_status_is_the_first_that_says_what_happened_and_whom_it_hit_without_making_it_small() -> None:
    found = firsts(incident(), (), (message(30, HONEST), message(4, VAGUE)), checked)
    assert (found.seconds_to_told, found.seconds_to_honest) == (240, 1800)


def test_without_a_message_there_is_no_first_and_the_time_is_unknown_not_zero() -> None:
    found = firsts(incident(), (), (), checked)
    assert (found.told, found.seconds_to_told, found.seconds_to_honest, found.found_by) == (None, None, None, None)


def test_the_time_counts_from_when_the_impact_began_where_that_was_written_down_and_who_found_it_is_told() -> None:
    events = (
        IncidentEvent("E1", "I1", "milestone", minutes(-10), minutes(1), "ana", kind="impact-began"),
        IncidentEvent("E2", "I1", "milestone", minutes(2), minutes(2), "ana", kind="detected", value="others"),
    )
    found = firsts(incident(), events, (message(4, HONEST),), checked)
    assert (found.seconds_to_honest, found.found_by, found.detected) == (840, "others", minutes(2))
