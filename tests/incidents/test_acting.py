"""What becomes of an action item: every history has one meaning, and nothing is verified without evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.incident import SEVERITIES
from amends.incidents.acting import GUARDRAILS, STEPS, ActionStanding, by_urgency, is_guardrail, refusal, standing, undoable
from amends.incidents.actions import ACTION_EVENTS, ACTION_EVIDENCE, ACTION_KINDS, ACTION_STATES, ActionEvent, ActionItem
from amends.incidents.due_rules import due_rule
from amends.promises.promise import Evidence

START = datetime(2026, 3, 4, 10, 50, tzinfo=UTC)
DUE = START + timedelta(days=15)
ITEM = ActionItem("A1", "I1", "Refuse a deploy that drops an index", "test", START, "Dana")
_numbers = count(1)


def event(what: str, days: float = 1, **fields: object) -> ActionEvent:
    at = START + timedelta(days=days)
    made = ActionEvent(f"E{next(_numbers):05}", ITEM.id, what, at, at, "Dana")
    return replace(made, **fields)  # type: ignore[arg-type]  # the fields of an event, by name


def accepted(days: float = 1, **fields: object) -> ActionEvent:
    return event("accepted", days, **{"person": "Bo", "due": DUE, "text": "the deploy of a dropped index is red", **fields})


def after(*events: ActionEvent, days: float = 100, item: ActionItem = ITEM) -> ActionStanding:
    return standing(item, events, START + timedelta(days=days))


DONE = {"evidence_kind": "commit", "evidence": "4f2c1ab"}
MEASURED = {"evidence_kind": "measure", "evidence": "0 of 212 deploys"}


def test_an_idea_binds_nobody_and_is_never_late() -> None:
    now = after(days=1000)

    assert (now.state, now.owner, now.due, now.step, now.late, now.overdue) == ("idea", None, None, "accept", False, False)


def test_an_idea_becomes_a_commitment_of_a_named_person_until_a_time_with_what_would_show_that_it_helps() -> None:
    now = after(accepted(), days=2)

    assert (now.state, now.owner, now.due, now.step) == ("accepted", "Bo", DUE, "do")
    assert now.helps_when == "the deploy of a dropped index is red"


@pytest.mark.parametrize("missing", ["person", "due"])
def test_nobody_accepts_without_a_name_and_a_time(missing: str) -> None:
    assert after(accepted(**{missing: None})).state == "idea"


def test_it_is_in_time_until_the_end_of_the_due_minute() -> None:
    last = standing(ITEM, [accepted()], DUE + timedelta(seconds=59))
    assert (last.overdue, last.late) == (False, False)
    over = standing(ITEM, [accepted()], DUE + timedelta(seconds=60))
    assert (over.overdue, over.late) == (True, True)


def test_what_was_done_late_stays_late_and_is_overdue_no_more() -> None:
    now = after(accepted(), event("done", 20, **DONE))

    assert (now.state, now.late, now.overdue, now.shown) == ("done", True, False, Evidence("commit", "4f2c1ab"))


def test_moving_before_the_time_is_honest_and_the_old_time_stays_visible() -> None:
    later = DUE + timedelta(days=10)
    now = after(accepted(), event("moved", 10, due=later, text="the migration comes first"), days=16)

    assert (now.due, now.was_due, now.late, now.overdue) == (later, (DUE,), False, False)


def test_moving_after_the_time_stays_late() -> None:
    now = after(accepted(), event("moved", 16, due=DUE + timedelta(days=10)), days=17)

    assert (now.late, now.overdue) == (True, False)
    assert after(accepted(), event("moved", 16, due=DUE + timedelta(days=10)), event("done", 18, **DONE)).late


def test_a_time_that_is_claimed_afterwards_does_not_make_a_move_honest() -> None:
    backdated = event("moved", 16, due=DUE + timedelta(days=10), at=START + timedelta(days=3))

    assert after(accepted(), backdated, days=17).late


def test_giving_it_back_makes_it_an_idea_again_which_says_why() -> None:
    now = after(accepted(), event("declined", 3, text="I move to another team"))

    assert (now.state, now.owner, now.due, now.was_due, now.reason) == ("idea", None, None, (DUE,), "I move to another team")


def test_handing_it_over_with_the_time_that_it_had_moves_nothing() -> None:
    handed = after(accepted(), event("declined", 3), accepted(4, person="Ines"), days=5)
    assert (handed.owner, handed.due, handed.was_due) == ("Ines", DUE, ())
    later = after(accepted(), event("declined", 3), accepted(4, person="Ines", due=DUE + timedelta(days=9)), days=5)
    assert later.was_due == (DUE,), "what was agreed on first stays visible"


def test_done_is_not_the_end_somebody_shows_that_it_helps() -> None:
    done = after(accepted(), event("done", 5, **DONE))
    assert done.step == "verify"
    helps = after(accepted(), event("done", 5, **DONE), event("verified", 40, **MEASURED))
    assert (helps.state, helps.step, helps.helps) == ("verified", "", Evidence("measure", "0 of 212 deploys"))


def test_nothing_is_verified_without_evidence() -> None:
    assert after(accepted(), event("done", 5, **DONE), event("verified", 40)).state == "done"


def test_what_did_not_help_asks_for_something_else() -> None:
    now = after(accepted(), event("done", 5, **DONE), event("no-help", 40, text="it happened again on Tuesday"))

    assert (now.state, now.step, now.reason) == ("no-help", "again", "it happened again on Tuesday")


def test_newer_evidence_outweighs_what_was_shown_before() -> None:
    history = [accepted(), event("done", 5, **DONE), event("verified", 40, **MEASURED), event("no-help", 50, text="it happened again")]

    assert after(*history).state == "no-help"
    assert after(*history, event("verified", 60, **MEASURED)).state == "verified"


def test_what_is_reopened_is_to_be_done_again_by_the_same_person() -> None:
    done = [accepted(), event("done", 5, **DONE)]
    again = after(*done, event("reopened", 6, text="the test never ran"), days=7)
    assert (again.state, again.owner, again.due, again.shown, again.done_at) == ("accepted", "Bo", DUE, None, None)
    later = after(*done, event("reopened", 30, due=START + timedelta(days=40)), days=31)
    assert (later.due, later.was_due, later.late) == (START + timedelta(days=40), (DUE,), False)


def test_what_is_dropped_says_why_and_asks_nothing_more() -> None:
    now = after(accepted(), event("dropped", 3, text="the service is switched off"))

    assert (now.state, now.step, now.reason, now.overdue) == ("dropped", "", "the service is switched off", False)


def test_what_is_taken_back_no_longer_counts_and_stays_in_the_history() -> None:
    done = event("done", 5, **DONE)
    now = after(accepted(), done, event("taken-back", 6, undoes=done.id), days=7)

    assert now.state == "accepted"
    assert [one.what for one in now.events] == ["accepted", "done", "taken-back"]
    assert [one.what for one in undoable(now)] == ["accepted"]


def test_a_closed_ticket_proposes_to_the_owner_to_say_it_is_done_and_does_nothing_more() -> None:
    linked = event("linked", 2, evidence_kind="ticket", evidence="github:12", text="https://example.com/12")
    closed = event("followed", 3, evidence_kind="ticket", evidence="github:12", text="closed")
    now = after(accepted(), linked, closed, days=4)

    assert (now.state, now.step, now.ticket, now.ticket_url) == ("accepted", "confirm", "github:12", "https://example.com/12")
    assert not is_guardrail(now), "closing a ticket is not the changed condition"


def test_another_day_in_the_tracker_is_shown_and_moves_nothing() -> None:
    there = DUE + timedelta(days=10)
    linked = event("linked", 2, evidence_kind="ticket", evidence="jira:OPS-1")
    said = event("followed", 3, evidence_kind="ticket", evidence="jira:OPS-1", text="open", due=there)
    now = after(accepted(), linked, said, days=4)

    assert (now.due, now.due_there) == (DUE, there)
    same = replace(said, due=DUE.replace(hour=23, minute=59))
    assert after(accepted(), linked, same, days=4).due_there is None, "trackers know days, and the same day is no news"


def test_what_a_tracker_says_about_another_ticket_is_not_heard() -> None:
    linked = event("linked", 2, evidence_kind="ticket", evidence="github:12")
    other = event("followed", 3, evidence_kind="ticket", evidence="github:11", text="closed")

    assert after(accepted(), linked, other, days=4).said is None


@pytest.mark.parametrize("kind", ACTION_KINDS)
def test_a_guardrail_works_when_nobody_thinks_of_it_and_is_there(kind: str) -> None:
    item = replace(ITEM, kind=kind)
    done = [accepted(), event("done", 5, **DONE)]

    assert is_guardrail(after(*done, item=item)) == (kind in GUARDRAILS)
    assert not is_guardrail(after(accepted(), item=item)), "what is only planned stops nothing"
    assert not is_guardrail(after(*done, event("no-help", 9, text="again"), item=item)), "nor does what was shown not to help"


def test_what_is_due_first_stands_first_and_ideas_stand_last() -> None:
    idea = after()
    late = after(accepted(due=START + timedelta(days=2)))
    soon = after(accepted())

    assert by_urgency([idea, soon, late]) == [late, soon, idea]


@pytest.mark.parametrize("severity", SEVERITIES)
def test_every_severity_has_a_due_rule_with_its_source(severity: str) -> None:
    rule = due_rule(severity)

    assert rule.days > 0
    assert rule.source


def test_the_due_rules_of_the_field_are_the_published_ones() -> None:
    assert [due_rule(severity).days for severity in ("SEV1", "SEV2")] == [15, 30]
    assert due_rule("SEV1").until(START) == datetime(2026, 3, 19, 23, 59, tzinfo=UTC)


EVENTS = st.lists(
    st.builds(
        lambda what, day, told, person, due, evidence, undoes: replace(
            event(what, day),
            recorded_at=START + timedelta(days=told),
            person=person,
            due=due,
            text="closed" if evidence else "a reason",
            evidence_kind=evidence,
            evidence="reference" if evidence else None,
            undoes=undoes,
        ),
        st.sampled_from(ACTION_EVENTS),
        st.integers(0, 40),
        st.integers(0, 40),
        st.sampled_from([None, "Bo", "Dana"]),
        st.sampled_from([None, DUE, START + timedelta(days=30)]),
        st.sampled_from([None, *ACTION_EVIDENCE]),
        st.sampled_from([None, "E00001"]),
    ),
    max_size=12,
)


@given(EVENTS, st.integers(0, 50))
def test_any_sequence_of_events_has_one_meaning(events: list[ActionEvent], days: int) -> None:
    now = after(*events, days=days)

    assert now == after(*reversed(events), days=days), "the order in which they are read does not matter"
    assert now.state in ACTION_STATES
    assert now.step in STEPS
    assert (now.state in ("idea", "dropped")) or (now.owner is not None and now.due is not None), "who keeps it until when is known"
    assert now.state != "verified" or now.helps is not None, "verified means evidence"
    assert not now.overdue or (now.state == "accepted" and now.late)
    assert not is_guardrail(now) or now.done_at is not None


@given(EVENTS, EVENTS, st.integers(0, 50))
def test_what_is_recorded_later_does_not_change_how_it_stood(before: list[ActionEvent], later: list[ActionEvent], days: int) -> None:
    told_later = [replace(one, recorded_at=START + timedelta(days=days + 1 + place)) for place, one in enumerate(later)]

    assert after(*before, *told_later, days=days) == after(*before, days=days)


@given(EVENTS, st.sampled_from(ACTION_EVENTS))
def test_an_act_that_is_not_refused_is_heard(events: list[ActionEvent], what: str) -> None:
    """Whatever the history: an act with all that it needs either is refused with words, or leaves a trace in how it stands."""
    if what == "taken-back":
        return
    now = after(*events, days=60)
    next_one = event(what, 61, person="Ines", due=START + timedelta(days=99), text="because", **MEASURED)
    if what == "followed" and now.ticket is not None:
        next_one = replace(next_one, evidence=now.ticket)
    then = after(*events, next_one, days=62)
    heard = replace(then, events=()) != replace(now, events=())

    assert heard == (refusal(now, what) == "")
