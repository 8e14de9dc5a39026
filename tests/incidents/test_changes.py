"""What has changed since the last update: all of it, in sentences, and nothing that its readers know already."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from amends.core.people import AUDIENCES
from amends.incidents.acting import standing as action_standing
from amends.incidents.actions import ActionEvent, ActionItem
from amends.incidents.changes import as_text, last_to, since
from amends.language.records import Draft
from amends.usecases.checking import Checking
from incidents.told import FACTS, NOW, act, event, fact, incident, message, promise, story

SENT = message("W")
"""Sent twenty minutes ago."""


def told(*args: Any, **more: Any) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in since(story(*args, **more), SENT)]


def test_nothing_has_changed_where_everything_was_known_before() -> None:
    assert told(*FACTS[:8]) == []
    assert as_text((), SENT, story(), UTC) == "No change since 10:30 UTC.\n"


@pytest.mark.parametrize(
    ("happened", "kind", "expected"),
    [
        (fact("N", "impact", "Two shops closed early", -5), "fact", "Impact: Two shops closed early."),
        (fact("N", "number", "orders are missing", -5, value="12"), "number", "12 orders are missing."),
        (fact("N", "question", "Do we refund?", -5), "fact", "To be decided: Do we refund?"),
        (fact("N", "decision", "We refund all", -5), "fact", "Decided: We refund all."),
        (
            fact("N", "number", "invoices went out twice", -5, value="438", replaces="F3"),
            "number",
            "438 invoices went out twice; we said 412 before.",
        ),
        (
            fact("N", "impact", "43 customers got two", -5, replaces="F2"),
            "corrected",
            "Corrected: 43 customers got two. We said “41 customers got each invoice twice” before.",
        ),
        (
            event("N", "withdrawn", -5, kind="fact", replaces="F4"),
            "withdrawn",
            "We no longer say this: “The job had no lock, and two hosts ran it”.",
        ),
        (event("N", "milestone", -5, kind="recovered"), "milestone", "It has been right again since 10:45 UTC."),
        (
            event("N", "commit", -5, kind="hotfix", value="a1b2c3d4e5f6a7", text="billing: one host"),
            "commit",
            "Hotfix: `billing: one host` (a1b2c3d4e5f6).",
        ),
        (event("N", "box", -5, kind="impact", value="ticked", text="412 counted"), "box", "Impact checked: 412 counted."),
    ],
)
def test_each_change_of_the_record_is_one_sentence(happened: object, kind: str, expected: str) -> None:
    assert told(*FACTS[:8], happened) == [(kind, expected)]


def test_how_it_stands_is_told_with_what_it_was() -> None:
    made = replace(
        story(
            event("S1", "status", -10, kind="identified", value="investigating"),
            event("S2", "status", -5, kind="monitoring", value="identified"),
            event("V1", "severity", -5, kind="SEV1", value="SEV2"),
        ),
        incident=incident(status="monitoring", severity="SEV1"),
    )
    assert [one.text for one in since(made, SENT)] == [
        "Status: monitoring since 10:45 UTC, it is contained.",
        "Severity: SEV1, before SEV2.",
    ]


def test_there_and_back_again_is_no_change() -> None:
    made = story(
        event("S1", "status", -10, kind="identified", value="investigating"),
        event("S2", "status", -5, kind="investigating", value="identified"),
    )
    assert since(made, SENT) == ()


def test_a_fact_that_was_corrected_twice_is_told_once_against_what_they_know() -> None:
    chain = (
        fact("N1", "number", "invoices went out twice", -10, value="430", replaces="F3"),
        fact("N2", "number", "invoices went out twice", -5, value="438", replaces="N1"),
    )
    assert told(*FACTS[:8], *chain) == [("number", "438 invoices went out twice; we said 412 before.")]


def test_promises_that_were_kept_moved_missed_withdrawn_and_made() -> None:
    kept = promise("P1", "fix", 60, act("A1", "P1", "kept", -5))
    moved = promise("P2", "fix", 60, act("A2", "P2", "moved", -5, successor="P3"))
    new = promise("P3", "fix", 120, made=-5, follows="P2")
    missed = promise("P4", "prevention", -5)
    taken = promise("P5", "fix", 60, act("A5", "P5", "withdrawn", -5, why="no"))
    fresh = promise("P6", "deliver", 90, made=-5)
    assert sorted(text for _, text in told(promises=(kept, moved, new, missed, taken, fresh))) == [
        "Kept at 10:45 UTC: “We fix the job”.",
        "Moved to 12:50 UTC, from 11:50 UTC: “We fix the job”.",
        "Promised by 12:20 UTC: “We fix the job”.",
        "We did not keep this at 10:45 UTC: “We fix the job”.",
        "Withdrawn: “We fix the job”.",
    ]


def test_what_others_were_promised_what_is_private_and_what_was_kept_before_is_none() -> None:
    before = promise("P1", "fix", 60, act("A1", "P1", "kept", -25), made=-40)
    private = promise("P2", "fix", -5, private=True, audience=None)
    others = promise("P3", "next_update", -5, audience="customers")
    own = promise("P4", "next_update", 30, message_id="W")
    assert told(promises=(before, private, others, own)) == []


def test_actions_and_the_timeline() -> None:
    item = ActionItem("X", "I1", "Alert when the job sends twice", "alert", NOW, "local")
    at = NOW - timedelta(minutes=5)
    accepted = ActionEvent("E", "X", "accepted", at, at, "local", person="ana", due=NOW + timedelta(hours=2))
    made = story(actions=(action_standing(item, (accepted,), NOW),), timeline=3, timeline_at=NOW - timedelta(minutes=5))
    assert [one.text for one in since(made, SENT)] == [
        "Accepted: Alert when the job sends twice, until 12:50 UTC.", "The timeline is at version 3 since 10:45 UTC."
    ]  # fmt: skip


def test_times_stand_on_the_clock_of_the_reader() -> None:
    (change,) = since(story(event("N", "milestone", -5, kind="recovered")), SENT, ZoneInfo("Europe/Berlin"))
    assert change.text == "It has been right again since 11:45 CET."


@pytest.mark.parametrize("audience", AUDIENCES)
def test_our_own_rules_find_no_flaw_in_the_words(audience: str) -> None:
    made = replace(
        story(
            *FACTS,
            event("S2", "status", -5, kind="monitoring", value="identified"),
            event("V1", "severity", -5, kind="SEV1", value="SEV2"),
            *(
                event(f"M{kind}", "milestone", -4, kind=kind)
                for kind in ("checked-in", "timeline-shared", "meeting", "fix-deployed", "recovered")
            ),
            fact("N9", "number", "invoices went out twice", -5, value="438", replaces="F3"),
            event("W9", "withdrawn", -5, kind="fact", replaces="F4"),
            promises=(promise("P4", "prevention", -5), promise("P1", "fix", 60, act("A1", "P1", "kept", -5))),
            timeline=3,
            timeline_at=NOW,
        ),
        incident=incident(status="monitoring", severity="SEV1"),
    )
    text = as_text(since(made, SENT), SENT, made, UTC)
    document = Checking().check(Draft(text, NOW, "any", audience, "UTC"))
    assert [(one.rule, text[one.start : one.end]) for one in document.findings] == []
    assert document.promises == (), "telling what became of a promise makes no new one"


def test_the_last_update_to_an_audience() -> None:
    sent = (message("A"), message("B", minutes=-10), message("C", "customers", minutes=-5))
    assert last_to(story(messages=sent), "team") == sent[1]
    assert last_to(story(messages=sent), "leadership") is None
