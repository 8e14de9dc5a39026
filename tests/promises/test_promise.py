"""How a promise stands, as a specification: every history has exactly one meaning, and time alone never forgives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.incident import SentMessage
from amends.promises import fate
from amends.promises.ledger import LedgerEntry, by_urgency, left_behind, refusal, settles
from amends.promises.promise import EVENTS, EVIDENCE, STATES, Event, Evidence, Promise, Standing, standing

if TYPE_CHECKING:
    from collections.abc import Iterable

MADE = datetime(2026, 3, 4, 14, 0, tzinfo=UTC)
DUE = MADE + timedelta(minutes=30)
MINUTE = timedelta(minutes=1)
_numbers = count(1)


def promise(**changes: Any) -> Promise:
    base: dict[str, Any] = {
        "id": "P", "words": "Next update 14:30", "kind": "next_update", "firmness": "firm", "due": DUE, "grain": "minute",
        "maker": "Ana", "owner": "Ana", "made_at": MADE, "recorded_at": MADE, "audience": "team", "incident_id": "I",
    }  # fmt: skip
    return Promise(**base | changes)


def event(what: str, after: float, *, at: float | None = None, **more: Any) -> Event:
    """Something that is recorded `after` minutes, and happened then or at `at` minutes."""
    recorded = MADE + after * MINUTE
    return Event(f"E{next(_numbers):04d}", "P", what, recorded if at is None else MADE + at * MINUTE, recorded, "Ana", **more)


def at(minutes: float, *events: Event, **changes: Any) -> Standing:
    return standing(promise(**changes), events, MADE + minutes * MINUTE)


# What time alone does


@pytest.mark.parametrize(
    ("minutes", "state"), [(0, "open"), (29.9, "open"), (30, "open"), (30.99, "open"), (31, "missed"), (9999, "missed")]
)
def test_a_promise_is_open_until_the_end_of_its_minute_and_missed_from_then_on(minutes: float, state: str) -> None:
    assert at(minutes).state == state
    assert at(minutes).step == "settle"


def test_a_promise_without_a_time_is_unverifiable_and_asks_for_one() -> None:
    found = at(9999, due=None)
    assert (found.state, found.step, found.closed) == ("unverifiable", "time", False)


# Keeping


@pytest.mark.parametrize(("minutes", "state", "late"), [(10, "kept", 0), (30.9, "kept", 0), (31, "late", 60), (39, "late", 540)])
def test_keeping_counts_from_when_it_happened_not_from_when_it_was_recorded(minutes: float, state: str, late: int) -> None:
    found = at(500, event("kept", 400, at=minutes, evidence=Evidence("message", "M")))
    assert (found.state, found.late_by_s, found.closed, found.step) == (state, late, True, "")
    assert found.evidence == Evidence("message", "M")
    assert found.settled_at == MADE + minutes * MINUTE


def test_what_had_no_time_is_settled_but_nobody_can_say_that_it_was_in_time() -> None:
    found = at(60, event("kept", 50), due=None)
    assert (found.state, found.closed, found.late_by_s) == ("unverifiable", True, 0)


def test_undoing_brings_back_how_it_stood_and_both_stay_in_the_history() -> None:
    kept = event("kept", 20)
    assert at(25, kept, event("taken-back", 22, undoes=kept.id)).state == "open"
    assert at(40, kept, event("taken-back", 22, undoes=kept.id)).state == "missed"
    assert at(21, kept, event("taken-back", 22, undoes=kept.id)).state == "kept", "before it was undone, it held"


# Moving and withdrawing


@pytest.mark.parametrize("what", ["moved", "withdrawn"])
def test_before_it_is_due_letting_go_is_honest_afterwards_it_stays_missed(what: str) -> None:
    assert at(100, event(what, 30.9)).state == what
    assert at(100, event(what, 31)).state == "missed"


@pytest.mark.parametrize("what", ["moved", "withdrawn"])
def test_what_counts_is_when_it_was_recorded_since_a_time_can_be_claimed_afterwards(what: str) -> None:
    assert at(100, event(what, 50, at=10)).state == "missed"


def test_what_was_let_go_asks_that_those_who_were_promised_are_told_and_then_nothing() -> None:
    moved = event("moved", 10, successor="Q")
    assert (at(11, moved).step, at(11, moved).closed, at(11, moved).successor) == ("tell", True, "Q")
    assert at(13, moved, event("told", 12)).step == ""
    assert at(11, moved, audience=None).step == "", "nobody else was promised anything"
    assert at(11, moved, audience=None, made_to="Dana").step == "tell"


def test_nothing_becomes_of_a_closed_promise_any_more() -> None:
    moved = event("moved", 10)
    assert at(100, moved, event("kept", 20)).state == "moved"
    assert at(100, event("kept", 20), event("withdrawn", 25)).state == "kept"


# Whose it is


def test_a_proposed_promise_binds_nobody_until_it_is_accepted() -> None:
    assert (at(99, proposed=True).state, at(99, proposed=True).step) == ("proposed", "accept")
    assert at(99, event("accepted", 5), proposed=True).state == "missed"
    assert at(20, event("accepted", 5, to="Bo"), proposed=True, owner=None).owner == "Bo"


def test_a_promise_of_nobody_in_particular_asks_for_an_owner() -> None:
    assert at(5, proposed=True, owner=None).step == "assign"


def test_a_declined_promise_goes_back_and_is_not_silently_closed() -> None:
    declined = event("declined", 5)
    assert (at(99, declined, proposed=True).state, at(99, declined, proposed=True).step) == ("declined", "assign")
    assert at(20, declined, event("accepted", 6, to="Cy"), proposed=True).owner == "Cy"
    assert at(99, event("declined", 5)).state == "missed", "what was never proposed cannot be declined"


def test_handing_over_needs_a_yes_and_then_those_who_were_promised_are_told() -> None:
    offered = event("offered", 5, to="Bo")
    assert (at(6, offered).owner, at(6, offered).offered_to, at(6, offered).step) == ("Ana", "Bo", "answer")
    taken = at(8, offered, event("taken-on", 7))
    assert (taken.owner, taken.offered_to, taken.step) == ("Bo", None, "tell")
    assert at(10, offered, event("taken-on", 7), event("told", 9)).step == "settle"
    refused = at(8, offered, event("turned-down", 7))
    assert (refused.owner, refused.step) == ("Ana", "settle")


def test_a_snooze_leaves_a_trace_and_changes_nothing_else() -> None:
    until = MADE + 20 * MINUTE
    found = at(6, event("snoozed", 5, until=until))
    assert (found.state, found.snoozed_until) == ("open", until)
    assert at(31, event("snoozed", 5, until=MADE + 99 * MINUTE)).state == "missed"


# For every history


def histories() -> st.SearchStrategy[list[Event]]:
    def build(rows: list[tuple[str, int, int, str | None, int]]) -> list[Event]:
        made: list[Event] = []
        for number, (what, recorded, back, name, pick) in enumerate(rows):
            undoes = made[pick % len(made)].id if what == "taken-back" and made else None
            evidence = Evidence(EVIDENCE[pick % len(EVIDENCE)], "x") if what == "kept" else None
            when = MADE + recorded * MINUTE
            until = when + back * MINUTE if what == "snoozed" else None
            made.append(
                Event(f"E{number:04d}", "P", what, when - back * MINUTE, when, "Ana", None, name, until, evidence, None, undoes)
            )  # fmt: skip
        return made

    row = st.tuples(
        st.sampled_from(EVENTS), st.integers(0, 90), st.integers(0, 90), st.sampled_from([None, "Ana", "Bo"]), st.integers(0, 50)
    )
    return st.lists(row, max_size=12).map(build)


promises = st.builds(
    promise,
    due=st.sampled_from([DUE, None]),
    proposed=st.booleans(),
    owner=st.sampled_from(["Ana", None]),
    audience=st.sampled_from(["team", None]),
)
minutes = st.integers(0, 120)


@given(promises, histories(), minutes)
def test_every_history_has_exactly_one_meaning(made: Promise, events: list[Event], now: int) -> None:
    moment = MADE + now * MINUTE
    found = standing(made, events, moment)
    assert found == standing(made, reversed(events), moment), "the order in which events are read does not matter"
    assert found.state in STATES
    assert found.step in ("", "accept", "assign", "answer", "settle", "time", "tell")
    assert found.step in {"", "tell"} if found.closed else found.step != "", "what is open always asks for something"


@given(promises, histories(), minutes)
def test_what_is_settled_has_its_evidence_and_what_was_let_go_its_event(made: Promise, events: list[Event], now: int) -> None:
    found = standing(made, events, MADE + now * MINUTE)
    happened = {one.what for one in events if one.recorded_at <= MADE + now * MINUTE}
    if found.state in ("kept", "late"):
        assert found.evidence is not None
        assert found.settled_at is not None
    if found.state in ("moved", "withdrawn"):
        assert found.state in happened
    if found.closed:
        assert happened & {"kept", "moved", "withdrawn"}, "nothing is closed by itself"


@given(promises, histories(), minutes, minutes)
def test_time_alone_only_turns_open_into_missed(made: Promise, events: list[Event], first: int, more: int) -> None:
    known = [one for one in events if one.recorded_at <= MADE + first * MINUTE]
    before = standing(made, known, MADE + first * MINUTE)
    after = standing(made, known, MADE + (first + more) * MINUTE)
    assert after.state == before.state or (before.state, after.state) == ("open", "missed")


@given(promises, histories(), st.integers(31, 120))
def test_once_its_minute_has_passed_nothing_recorded_later_makes_it_moved_or_withdrawn(
    made: Promise, events: list[Event], now: int
) -> None:
    if made.due is None:
        return
    late = [one for one in events if one.recorded_at >= fate.end_of_minute(made.due)]
    assert standing(made, late, MADE + now * MINUTE).state not in ("moved", "withdrawn", "open")


@given(promises, histories(), st.sampled_from(EVENTS), minutes)
def test_what_is_refused_would_have_changed_nothing(made: Promise, events: list[Event], what: str, now: int) -> None:
    moment = MADE + now * MINUTE
    known = [one for one in events if one.recorded_at <= moment]
    before = standing(made, known, moment)
    if what != "taken-back" and refusal(before, what):
        act = Event("F", "P", what, moment, moment, "Ana", to="Cy", evidence=Evidence("person", "Ana"))
        assert standing(made, [*known, act], moment) == before


# What settles what, and what is left behind


@pytest.mark.parametrize(
    ("message", "yes"),
    [
        ({}, True),
        ({"incident_id": "J"}, False),
        ({"audience": "customers"}, False),
        ({"sent_at": MADE}, False),
        ({"sent_at": DUE + 99 * MINUTE}, True),
    ],
)
def test_the_next_update_of_the_same_incident_to_the_same_audience_settles_it(message: dict[str, Any], yes: bool) -> None:
    sent = {"incident_id": "I", "audience": "team", "sent_at": MADE + MINUTE} | message
    assert settles(promise(), sent_message(**sent)) is yes
    assert not settles(promise(kind="fix"), sent_message(**sent))


def test_a_message_about_no_incident_settles_nothing() -> None:
    assert not settles(promise(incident_id=None), sent_message(incident_id=None, audience="team", sent_at=DUE))


def sent_message(*, incident_id: str | None, audience: str, sent_at: datetime) -> SentMessage:
    return SentMessage("M", "D", 1, incident_id, audience, "Ana", sent_at, sent_at, "Still down.")


def entries(*told: tuple[Promise, Iterable[Event]], now: float = 5) -> list[LedgerEntry]:
    return [LedgerEntry(one, tuple(events), standing(one, events, MADE + now * MINUTE)) for one, events in told]


def test_an_absence_asks_for_each_promise_that_falls_due_in_it_until_it_is_handed_over_moved_or_withdrawn() -> None:
    day = timedelta(days=1)
    made = {name: promise(id=name, due=MADE + days * day) for name, days in {"before": 1, "in": 3, "in-too": 2, "after": 9}.items()}
    offered = event("offered", 1, to="Bo")
    cases = {
        "untouched": (),
        "offered": (offered,),
        "taken on, nobody told": (offered, event("taken-on", 2)),
        "taken on and told": (offered, event("taken-on", 2), event("told", 3)),
        "moved, nobody told": (event("moved", 2),),
        "moved and told": (event("moved", 2), event("told", 3)),
        "withdrawn and told": (event("withdrawn", 2), event("told", 3)),
        "kept": (event("kept", 2),),
    }
    left = {
        name: bool(left_behind(entries((made["in"], events)), "Ana", MADE + 1.5 * day, MADE + 7 * day)) for name, events in cases.items()
    }
    assert left == {
        "untouched": True, "offered": True, "taken on, nobody told": True, "taken on and told": False, "moved, nobody told": True,
        "moved and told": False, "withdrawn and told": False, "kept": False,
    }  # fmt: skip
    found = left_behind(entries(*((one, ()) for one in made.values())), "Ana", MADE + 1.5 * day, MADE + 7 * day)
    assert [entry.promise.id for entry in found] == ["in-too", "in"]
    assert left_behind(entries((made["in"], ())), "Bo", MADE, MADE + 7 * day) == []


def test_what_is_due_first_stands_first_and_what_has_no_time_last() -> None:
    told = [(promise(id="late", due=DUE + MINUTE), ()), (promise(id="none", due=None), ()), (promise(id="soon"), ())]
    assert [entry.promise.id for entry in by_urgency(entries(*told))] == ["soon", "late", "none"]


def test_a_private_promise_is_seen_by_its_maker_its_owner_and_who_was_offered_it() -> None:
    (private,) = entries((promise(private=True), (event("offered", 1, to="Bo"),)))
    assert [private.is_seen_by(name) for name in ("Ana", "Bo", "Cy")] == [True, True, False]
