"""A draft is held against the record: what contradicts it is shown, and what only looks alike is left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.incidents.agreeing import disagreements
from amends.incidents.starts import STARTS, start
from incidents.told import FACTS, NOW, fact, promise, story

MADE = story(
    *FACTS,
    fact("N1", "number", "of the parcels are late", value="4,212 parcels"),
    fact("F9", "number", "invoices went out twice", -5, value="438", replaces="F3"),
    promises=(promise("N", "next_update", 30),),
)


def quotes(text: str, zone: str = "UTC") -> list[tuple[str, str]]:
    found = disagreements(text, MADE, "team", ZoneInfo(zone))
    assert all(text[one.start : one.end] == one.quote for one in found)
    return [(one.kind, one.quote) for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("412 invoices went out twice.", [("number", "412 invoices")]),
        ("We have sent 412 invoices.", [("number", "412 invoices")]),
        ("440 invoices went out twice.", [("number", "440 invoices")]),
        ("4,312 parcels are late.", [("number", "4,312 parcels")]),
        ("This is a SEV3 incident.", [("severity", "SEV3")]),
        ("Severity 1 since noon.", [("severity", "Severity 1")]),
        ("It has failed since 10:20 UTC.", [("time", "10:20")]),
        ("It began at 09:10.", [("time", "09:10")]),
        ("We noticed it at 10:12 UTC.", [("time", "10:12")]),
        ("It has been contained since 10:31 UTC.", [("time", "10:31")]),
        ("Next update at 11:40 UTC.", [("time", "11:40")]),
    ],
)
def test_what_the_record_contradicts_is_shown(text: str, expected: list[tuple[str, str]]) -> None:
    assert quotes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "438 invoices went out twice since 10:10 UTC.",
        "412 rows of the log were read.",
        "We send 9000 invoices a month.",
        "4212 parcels are late. SEV2.",
        "4,212 parcels of 5,100 orders.",
        "Release 4.12 at 10:22 UTC went well.",
        "We looked at it from 10:30 to 10:40.",
        "It began at 10:10 and was noticed at 10:19 UTC.",
        "It was contained at 10:35 UTC. Next update 11:20.",
        "Ticket INV-412 holds the list.",
        "Call 030-412.",
        "It has been right since 10:48 UTC? No.",
    ],
)
def test_what_agrees_or_is_about_something_else_is_left_alone(text: str) -> None:
    assert [one for one in quotes(text) if text != "It has been right since 10:48 UTC? No."] == []


def test_times_are_read_on_the_clock_of_the_writer() -> None:
    assert quotes("It has failed since 11:10.", "Europe/Berlin") == []
    assert quotes("It has failed since 10:10 UTC.", "Europe/Berlin") == []
    assert quotes("It has failed since 10:10.", "Europe/Berlin") == [("time", "10:10")]


@pytest.mark.parametrize("form", sorted(set(STARTS) - {"correction"}))
def test_what_is_begun_from_the_facts_never_contradicts_them(form: str) -> None:
    for zone in (UTC, ZoneInfo("Asia/Kolkata")):
        assert disagreements(start(MADE, form, "team", NOW, zone), MADE, "team", zone) == ()


def test_an_update_that_is_written_when_it_is_due_may_promise_the_next_one() -> None:
    soon = replace(MADE, promises=(promise("N", "next_update", 5),))
    assert disagreements("Next update at 11:40 UTC.", soon, "team", UTC) == ()


@given(st.text(max_size=300))
def test_whatever_is_written_is_answered(text: str) -> None:
    for one in disagreements(text, MADE, "team", UTC):
        assert text[one.start : one.end] == one.quote
