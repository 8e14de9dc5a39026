"""What an incident owes and when, by each preset."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.errors import UnknownNameError
from amends.core.incident import SEVERITIES, STATUSES, Incident, SentMessage
from amends.incidents.clock import Owed, owed
from amends.incidents.event import MILESTONES, IncidentEvent
from amends.incidents.presets import names, preset
from amends.promises.ledger import LedgerEntry
from amends.promises.promise import Promise, standing

if TYPE_CHECKING:
    from amends.incidents.presets import Preset

BEGAN = datetime(2026, 3, 4, 10, 42, tzinfo=UTC)
SOURCES = preset("sources")


def minutes(count: float) -> datetime:
    return BEGAN + timedelta(minutes=count)


def incident(severity: str = "SEV2", status: str = "investigating") -> Incident:
    return Incident("I1", "Checkout is down", severity, status, BEGAN, BEGAN)


def message(at: float, audience: str = "team") -> SentMessage:
    return SentMessage(f"M{at}", "D1", 1, "I1", audience, "ana", minutes(at), minutes(at), "")


def event(what: str, kind: str, at: float) -> IncidentEvent:
    return IncidentEvent(f"E{what}{kind}{at}", "I1", what, minutes(at), minutes(at), "ana", kind=kind)


def next_update(due: float, now: float, audience: str = "team") -> LedgerEntry:
    made = Promise("P1", "next update", "next_update", "firm", minutes(due), "minute", "ana", "ana", BEGAN, BEGAN, audience=audience)
    return LedgerEntry(made, (), standing(made, (), minutes(now)))


def look(
    at: float,
    *messages: SentMessage,
    events: tuple[IncidentEvent, ...] = (),
    promises: tuple[LedgerEntry, ...] = (),
    done: dict[str, datetime] | None = None,
    rules: Preset = SOURCES,
    of: Incident | None = None,
) -> dict[str, Owed]:
    """What is owed some minutes after the beginning, by its name and audience."""
    found = owed(of or incident(), events, messages, promises, done or {}, rules, minutes(at))
    return {one.what if one.what != "next-update" else f"next-update {one.audience}": one for one in found}


def test_a_first_message_is_owed_within_five_minutes_a_timeline_in_fifteen_a_check_in_and_the_note_in_thirty() -> None:
    found = look(0)
    due = {name: (one.due - BEGAN) // timedelta(minutes=1) for name, one in found.items()}
    assert due == {"first-message": 5, "first-customers-message": 5, "timeline": 15, "checked-in": 30, "follow-up-note": 30}


def test_what_comes_within_ten_minutes_is_due_now_and_its_whole_last_minute_is_still_in_time() -> None:
    assert look(0)["first-message"].state == "due"
    assert look(0)["timeline"].state == "coming"
    assert look(5.9)["first-message"].state == "due"
    assert look(6)["first-message"].state == "late"


def test_a_message_to_anybody_is_the_first_one_but_customers_are_told_by_a_message_to_customers_only() -> None:
    assert "first-message" not in look(3, message(2))
    assert "first-customers-message" in look(3, message(2))
    assert "first-customers-message" not in look(3, message(2, "customers"))


def test_a_mild_incident_owes_customers_nothing_by_itself() -> None:
    assert "first-customers-message" not in look(0, of=incident("SEV4"))


def test_deadlines_count_from_when_somebody_noticed_where_that_was_written_down() -> None:
    assert look(0, events=(event("milestone", "detected", -3),))["first-message"].due == minutes(2)


def test_an_incident_that_was_told_of_late_owes_its_first_message_from_then_on() -> None:
    told_late = Incident("I1", "t", "SEV2", "investigating", BEGAN, minutes(60))
    assert look(60, of=told_late)["first-message"].due == minutes(65)


@pytest.mark.parametrize(("what", "how"), [("timeline", "done"), ("follow-up-note", "done"), ("checked-in", "milestone")])
def test_what_is_there_is_owed_no_more(what: str, how: str) -> None:
    events = (event("milestone", what, 9),) if how == "milestone" else ()
    done = {what: minutes(9)} if how == "done" else {}
    assert what not in look(10, events=events, done=done)


def test_customers_hear_every_twenty_minutes_for_two_hours_and_every_hour_afterwards() -> None:
    assert look(31, message(30, "customers"))["next-update customers"].due == minutes(50)
    assert look(131, message(130, "customers"))["next-update customers"].due == minutes(190)


def test_an_audience_that_was_promised_a_time_waits_for_that_and_not_for_the_rhythm() -> None:
    assert "next-update team" in look(31, message(30))
    assert "next-update team" not in look(31, message(30), promises=(next_update(45, 31),))


def test_a_promised_update_that_was_missed_stays_with_the_ledger_and_is_not_asked_for_twice() -> None:
    assert "next-update team" not in look(60, message(30), promises=(next_update(45, 60),))


def test_nothing_more_is_owed_to_readers_once_the_incident_is_resolved_but_a_review_is() -> None:
    resolved = incident(status="resolved")
    found = look(31, message(5), message(6, "customers"), events=(event("status", "resolved", 30),), of=resolved)
    assert not any(name.startswith("next-update") for name in found)
    assert found["review"].due == minutes(30) + timedelta(days=7), "five working days from a Wednesday pass a weekend"


def test_what_was_never_done_is_history_two_weeks_after_the_resolution() -> None:
    resolved, events = incident(status="resolved"), (event("status", "resolved", 30),)
    assert look(30 + 15 * 24 * 60, events=events, of=resolved) == {}


def test_a_removed_incident_owes_nothing() -> None:
    removed = Incident("I1", "t", "SEV1", "investigating", BEGAN, BEGAN, removed_at=BEGAN)
    assert look(60, of=removed) == {}


@pytest.mark.parametrize("name", names())
def test_every_preset_names_its_sources_and_asks_only_for_what_the_clock_can_see(name: str) -> None:
    rules = preset(name)
    seen = {"timeline", "follow-up-note", "review", *MILESTONES}
    for deadline in rules.deadlines:
        assert deadline.is_message or deadline.what in seen, deadline.what
        assert deadline.span or deadline.working_days, f"{deadline.what} is due at once"
    told = [(one.why, one.source, one.severities) for one in rules.deadlines]
    told += [(one.why, one.source, one.severities) for one in rules.rhythms]
    for why, source, severities in told:
        assert why.endswith(".")
        assert source
        assert set(severities) <= set(SEVERITIES)
    assert rules.deadlines or rules.rhythms


def test_pagerduty_asks_for_a_postmortem_of_the_worst_in_three_days_and_of_the_next_in_five_working_days() -> None:
    events, rules = (event("status", "resolved", 0),), preset("pagerduty")
    worst = look(1, events=events, rules=rules, of=incident("SEV1", "resolved"))
    second = look(1, events=events, rules=rules, of=incident("SEV2", "resolved"))
    assert worst["review"].due - BEGAN == timedelta(days=3)
    assert second["review"].due - BEGAN == timedelta(days=7)


def test_an_unknown_preset_is_refused_with_the_names() -> None:
    with pytest.raises(UnknownNameError) as caught:
        preset("ours")
    assert caught.value.known[0] == "sources"


@given(
    st.sampled_from(names()),
    st.sampled_from(SEVERITIES),
    st.sampled_from(STATUSES),
    st.lists(st.tuples(st.integers(0, 600), st.sampled_from(("team", "customers", "leadership")))),
    st.integers(0, 100_000),
)
def test_whatever_happened_the_clock_says_each_thing_once_and_in_the_order_of_time(
    name: str, severity: str, status: str, sent: list[tuple[int, str]], now: int
) -> None:
    messages = tuple(message(at, audience) for at, audience in sorted(sent))
    events = tuple(event("status", one, 5) for one in STATUSES[1 : STATUSES.index(status) + 1])
    found = owed(incident(severity, status), events, messages, (), {}, preset(name), minutes(now))
    assert [one.due for one in found] == sorted(one.due for one in found)
    assert len({(one.what, one.audience) for one in found}) == len(found)
