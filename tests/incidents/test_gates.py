"""What keeps an incident from being called resolved or reviewed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from amends.core.incident import STATUSES
from amends.incidents.event import IncidentEvent
from amends.incidents.gates import Gate, GateError, closed
from amends.promises.ledger import LedgerEntry
from amends.promises.promise import Event, Evidence, Promise, standing

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
MADE = NOW - timedelta(hours=1)


def promise(kind: str, due: datetime | None = None, *events: Event, number: int = 1, owner: str | None = "ana") -> LedgerEntry:
    made = Promise(f"P{number}", f"the {kind}", kind, "firm", due, "minute", "ana", owner, MADE, MADE, audience="team")
    return LedgerEntry(made, events, standing(made, events, NOW))


def happened(what: str, at: datetime = NOW) -> Event:
    return Event("E1", "P1", what, at, at, "ana", evidence=Evidence("person", "ana") if what == "kept" else None)


def noted(what: str, kind: str, *, text: str | None = None, value: str | None = None, replaces: str | None = None) -> IncidentEvent:
    return IncidentEvent(f"N{what}{kind}{value}", "I1", what, NOW, NOW, "ana", kind=kind, text=text, value=value, replaces=replaces)


def ids(gates: tuple[Gate, ...]) -> list[str]:
    return [gate.id for gate in gates]


@pytest.mark.parametrize("kind", ["next_update", "fix"])
def test_an_incident_is_not_resolved_while_people_wait_for_an_update_or_a_fix_even_before_its_time(kind: str) -> None:
    waiting = promise(kind, NOW + timedelta(hours=1))
    assert ids(closed("resolved", "monitoring", [waiting], (), NOW, guarded=True)) == ["promise:P1"]


def test_a_promise_of_another_kind_keeps_nobody_from_resolving() -> None:
    assert closed("resolved", "monitoring", [promise("deliver", NOW - timedelta(hours=1))], (), NOW, guarded=False) == ()


def test_what_was_kept_or_withdrawn_and_told_is_answered() -> None:
    kept = promise("fix", NOW, happened("kept"))
    gone = promise("fix", NOW, happened("withdrawn"), Event("E2", "P1", "told", NOW, NOW, "ana"))
    assert closed("resolved", "monitoring", [kept, gone], (), NOW, guarded=False) == ()


def test_a_promise_that_changed_and_that_nobody_told_of_is_not_answered() -> None:
    gate = closed("resolved", "monitoring", [promise("fix", NOW, happened("withdrawn"))], (), NOW, guarded=False)[0]
    assert "have not heard" in gate.message
    assert gate.hint == "tell them"


def test_a_review_needs_what_stands_in_the_way_of_the_same_mistake() -> None:
    assert ids(closed("reviewed", "resolved", [], (), NOW, guarded=False)) == ["guardrail"]
    assert closed("reviewed", "resolved", [], (), NOW, guarded=True) == ()


@pytest.mark.parametrize(
    "events",
    [
        (noted("commit", "guardrail", value="4f2c1ab", text="ci: refuse pools larger than the database"),),
        (noted("box", "prevention", value="ticked", text="the start-up check of the pools"),),
    ],
)
def test_a_guardrail_is_a_commit_or_a_box_with_what_ticked_it(events: tuple[IncidentEvent, ...]) -> None:
    assert closed("reviewed", "resolved", [], events, NOW, guarded=False) == ()


@pytest.mark.parametrize(
    "events",
    [
        (noted("commit", "hotfix", value="4f2c1ab"),),
        (noted("box", "prevention", value="ticked"),),
        (noted("box", "prevention", value="open", text="on Friday"),),
        (noted("box", "impact", value="ticked", text="258 payments"),),
    ],
)
def test_a_hotfix_and_a_box_without_words_are_no_guardrail(events: tuple[IncidentEvent, ...]) -> None:
    assert ids(closed("reviewed", "resolved", [], events, NOW, guarded=False)) == ["guardrail"]


def test_a_prevention_that_was_promised_and_is_there_is_a_guardrail_and_one_to_come_is_not() -> None:
    done, to_come = promise("prevention", NOW, happened("kept")), promise("prevention", NOW + timedelta(days=3))
    assert closed("reviewed", "resolved", [done], (), NOW, guarded=False) == ()
    assert ids(closed("reviewed", "resolved", [to_come], (), NOW, guarded=False)) == ["guardrail"]


def test_an_overdue_promise_of_any_kind_keeps_an_incident_from_being_reviewed_and_one_to_come_does_not() -> None:
    overdue, to_come = promise("deliver", NOW - timedelta(minutes=1)), promise("other", NOW + timedelta(days=1), number=2)
    assert ids(closed("reviewed", "resolved", [overdue, to_come], (), NOW, guarded=True)) == ["promise:P1"]


def test_who_goes_straight_to_reviewed_passes_the_gates_of_resolved_too() -> None:
    waiting = promise("next_update", NOW + timedelta(hours=1))
    assert ids(closed("reviewed", "identified", [waiting], (), NOW, guarded=True)) == ["promise:P1"]


def test_a_gate_that_was_passed_with_a_reason_stays_open_and_the_others_stay_shut() -> None:
    waiting, other = promise("fix", NOW), promise("fix", NOW, number=2)
    passed = (noted("gate", "promise:P1", text="the vendor fixes it next week, customers know"),)
    assert ids(closed("resolved", "monitoring", [waiting, other], passed, NOW, guarded=False)) == ["promise:P2"]


def test_who_resolved_early_with_a_reason_is_asked_again_before_the_review_is_over() -> None:
    waiting = promise("fix", NOW)
    passed = (noted("gate", "promise:P1", text="customers know", value="resolved"),)
    assert closed("resolved", "monitoring", [waiting], passed, NOW, guarded=True) == ()
    assert ids(closed("reviewed", "resolved", [waiting], passed, NOW, guarded=True)) == ["promise:P1"]


@pytest.mark.parametrize("before", STATUSES)
def test_the_way_back_and_the_way_to_monitoring_are_always_open(before: str) -> None:
    waiting = promise("fix", NOW - timedelta(hours=1))
    for status in STATUSES[: max(STATUSES.index(before) + 1, 3)]:
        assert closed(status, before, [waiting], (), NOW, guarded=False) == ()


def test_the_error_names_the_first_gate_how_many_more_there_are_and_what_to_do() -> None:
    gates = closed("resolved", "monitoring", [promise("fix", NOW), promise("fix", NOW, number=2)], (), NOW, guarded=False)
    error = GateError("resolved", gates)
    assert error.message == "the incident is not resolved yet: “the fix” waits for an answer, and 1 more"
    assert "write the reason" in error.hint
    assert error.gates == gates
