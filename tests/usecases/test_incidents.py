"""Incidents are opened with one sentence, kept true, hidden but never deleted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from amends.core.errors import ConflictError, InputError, NotFoundError, UnknownNameError
from amends.core.incident import SEVERITIES, STATUSES
from amends.incidents.gates import GateError
from amends.incidents.stale import StaleError
from amends.testing import START
from amends.usecases.given import id_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases


def notes(usecases: UseCases, incident_id: str) -> list[tuple[str, dict[str, str]]]:
    """What the journal tells of an incident, without the event that each row speaks of."""
    told = [(entry.what, json.loads(entry.data)) for entry in usecases.journal.about(f"incident/{incident_id}")]
    return [(what, {name: value for name, value in data.items() if name not in ("event", "sha256")}) for what, data in told]


def test_one_sentence_opens_an_incident(usecases: UseCases) -> None:
    incident = usecases.incidents.open("  The export skipped 12 rows ")
    assert incident == usecases.incidents.get(incident.id)
    assert (incident.title, incident.severity, incident.status, incident.origin) == (
        "The export skipped 12 rows",
        "SEV3",
        "investigating",
        "own",
    )
    assert (incident.started_at, incident.recorded_at, incident.removed_at) == (START, START, None)


def test_when_it_started_and_when_we_were_told_are_two_times(usecases: UseCases) -> None:
    began = datetime(2026, 3, 4, 9, 15, tzinfo=timezone(timedelta(hours=1)))
    incident = usecases.incidents.open("The export skipped 12 rows", severity="SEV1", started_at=began)
    kept = usecases.incidents.get(incident.id)
    assert (kept.started_at, kept.recorded_at) == (datetime(2026, 3, 4, 8, 15, tzinfo=UTC), START)


@pytest.mark.parametrize(("severity", "status"), list(zip(SEVERITIES, STATUSES, strict=True)))
def test_every_severity_and_status_is_kept_and_noted_with_what_it_was(usecases: UseCases, severity: str, status: str) -> None:
    incident = usecases.incidents.open("The export skipped 12 rows")
    usecases.incidents.change_severity(incident.id, severity, by="ana")
    changed = usecases.incidents.change_status(incident.id, status, reason="nobody promised anything", by="ana")
    assert (changed.severity, changed.status) == (severity, status)
    expected = [("incident.opened", {"origin": "own", "severity": "SEV3", "status": "investigating"})]
    expected += [("incident.severity-changed", {"before": "SEV3", "after": severity})] * (severity != "SEV3")
    expected += [("incident.gate", {"gate": "guardrail"})] * (status == "reviewed")
    expected += [("incident.status-changed", {"before": "investigating", "after": status})] * (status != "investigating")
    assert notes(usecases, incident.id) == expected


def test_lists_begin_with_what_started_last_and_can_be_limited_and_narrowed(usecases: UseCases, clock: FixedClock) -> None:
    opened = []
    for number in range(4):
        opened.append(usecases.incidents.open(f"incident {number}"))
        clock.advance(minutes=1)
    usecases.incidents.change_status(opened[1].id, "resolved")
    titles = [incident.title for incident in usecases.incidents.list(limit=3)]
    assert titles == ["incident 3", "incident 2", "incident 1"]
    assert [incident.title for incident in usecases.incidents.list(statuses=("resolved", "reviewed"))] == ["incident 1"]


def test_a_removed_incident_leaves_the_lists_with_its_drafts_and_both_come_back(usecases: UseCases, clock: FixedClock) -> None:
    incident = usecases.incidents.open("The export skipped 12 rows")
    draft = usecases.drafting.new("I broke the export.", incident_id=incident.id)
    clock.advance(minutes=1)
    removed = usecases.incidents.remove(incident.id)
    assert (removed.removed_at, usecases.incidents.list(), usecases.drafting.list_open()) == (clock.now(), (), ())
    assert usecases.drafting.get(draft.id) == draft
    assert usecases.incidents.remove(incident.id) == removed
    restored = usecases.incidents.restore(incident.id)
    assert restored == replace(incident, version=3)
    assert (usecases.incidents.list(), usecases.drafting.list_open()) == ((restored,), (draft,))
    assert [what for what, _ in notes(usecases, incident.id)] == ["incident.opened", "incident.removed", "incident.restored"]


@pytest.mark.parametrize("title", ["", " \n ", "two\nlines", "x" * 201, "a\0b"])
def test_what_cannot_be_a_title_is_refused(usecases: UseCases, title: str) -> None:
    with pytest.raises(InputError) as caught:
        usecases.incidents.open(title)
    assert caught.value.field == "title"
    assert usecases.incidents.list() == ()


def test_a_time_without_an_offset_is_refused(usecases: UseCases) -> None:
    with pytest.raises(InputError, match="offset") as caught:
        usecases.incidents.open("The export skipped 12 rows", started_at=datetime(2026, 3, 4, 9, 15))
    assert caught.value.field == "started_at"


def test_unknown_names_are_refused_with_the_list(usecases: UseCases) -> None:
    incident = usecases.incidents.open("The export skipped 12 rows")
    with pytest.raises(UnknownNameError, match="unknown severity 'SEV9'"):
        usecases.incidents.open("x", severity="SEV9")
    with pytest.raises(UnknownNameError, match="unknown severity 'high'"):
        usecases.incidents.change_severity(incident.id, "high")
    with pytest.raises(UnknownNameError, match="unknown status 'closed'"):
        usecases.incidents.change_status(incident.id, "closed")
    with pytest.raises(UnknownNameError, match="unknown status 'closed'"):
        usecases.incidents.list(statuses=("closed",))


@pytest.mark.parametrize("incident_id", ["", "0" * 26, "a\0b"])
def test_an_id_that_is_none_is_not_found(usecases: UseCases, incident_id: str) -> None:
    incidents = usecases.incidents
    attempts: tuple[Callable[[], object], ...] = (
        lambda: incidents.get(incident_id),
        lambda: incidents.remove(incident_id),
        lambda: incidents.restore(incident_id),
        lambda: incidents.change_severity(incident_id, "SEV1"),
        lambda: incidents.change_status(incident_id, "resolved"),
    )
    for attempt in attempts:
        with pytest.raises(NotFoundError):
            attempt()


# What one sentence says


@pytest.mark.parametrize(
    ("sentence", "title", "severity", "minutes_ago"),
    [
        ("Checkout is down since 10:42", "Checkout is down", "SEV3", 8),
        ("Since 10:42 checkout is down.", "Checkout is down.", "SEV3", 8),
        ("SEV2: checkout is down since 10:42 UTC", "Checkout is down", "SEV2", 8),
        ("Deploy at 10:42 broke checkout (sev 1)", "Deploy broke checkout", "SEV1", 8),
        ("Checkout went down 20 minutes ago", "Checkout went down", "SEV3", 20),
        ("Backups have been failing since Monday", "Backups have been failing since Monday", "SEV3", 58 * 60 + 50),
        ("Payments fail since 10:42, reported at 10:47", "Payments fail, reported at 10:47", "SEV3", 8),
        ("At 10:40 I deployed and at 10:42 checkout went down", "At 10:40 I deployed and at 10:42 checkout went down", "SEV3", 0),
        ("The nightly export will miss its 12:00 deadline", "The nightly export will miss its 12:00 deadline", "SEV3", 0),
        ("since 10:42", "since 10:42", "SEV3", 8),
        ("v1.10.42 broke checkout", "v1.10.42 broke checkout", "SEV3", 0),
    ],
)
def test_a_sentence_says_when_it_began_and_how_bad_it_is(
    usecases: UseCases, sentence: str, title: str, severity: str, minutes_ago: int
) -> None:
    made = usecases.incidents.open(sentence)
    assert (made.title, made.severity, START - made.started_at) == (title, severity, timedelta(minutes=minutes_ago))
    assert made.recorded_at == START
    (opened,) = usecases.recording.events(made.id)
    assert (opened.what, opened.text, opened.at) == ("opened", sentence, START), "its words stay, whatever was read from them"


def test_a_time_is_read_on_the_clock_of_who_writes(usecases: UseCases) -> None:
    made = usecases.incidents.open("Checkout is down since 11:42", tz="Europe/Berlin")
    assert made.started_at == START - timedelta(minutes=8)
    assert usecases.incidents.open("Checkout is down since 10:42", tz="Nowhere/Land").started_at == START - timedelta(minutes=8)


def test_what_was_said_beside_the_sentence_counts_and_then_its_words_stay(usecases: UseCases) -> None:
    made = usecases.incidents.open("SEV2 checkout is down since 10:42", severity="SEV4", started_at=START - timedelta(hours=1))
    assert (made.title, made.severity) == ("SEV2 checkout is down since 10:42", "SEV4")
    rated = usecases.incidents.open("SEV2 checkout is down since 10:42", severity="SEV4")
    assert (rated.title, rated.started_at) == ("SEV2 checkout is down", START - timedelta(minutes=8))


def test_an_incident_cannot_begin_in_the_future(usecases: UseCases) -> None:
    with pytest.raises(InputError, match="still to come") as caught:
        usecases.incidents.open("x", started_at=START + timedelta(minutes=1))
    assert caught.value.field == "started_at"


def test_the_same_key_opens_one_incident(usecases: UseCases) -> None:
    once = id_once("k", b"body", "local", "incident")
    first = usecases.incidents.open("Checkout is down", once=once)
    assert usecases.incidents.open("Checkout is down", once=once) == first
    with pytest.raises(InputError, match="another request"):
        usecases.incidents.open("Search is down", once=id_once("k", b"other", "local", "incident"))
    assert usecases.incidents.list() == (first,)


# Changes that somebody else does not see


def test_who_changes_what_has_changed_since_is_told_how_it_stands(usecases: UseCases) -> None:
    seen = usecases.incidents.open("Checkout is down")
    usecases.incidents.rename(seen.id, "Checkout fails for cards", version=seen.version, by="ana")
    attempts: tuple[Callable[[], object], ...] = (
        lambda: usecases.incidents.rename(seen.id, "Checkout and search are down", version=seen.version, by="ben"),
        lambda: usecases.incidents.change_severity(seen.id, "SEV1", version=seen.version, by="ben"),
        lambda: usecases.incidents.change_status(seen.id, "identified", version=seen.version, by="ben"),
        lambda: usecases.incidents.change_start(seen.id, START - timedelta(hours=1), version=seen.version, by="ben"),
    )
    for attempt in attempts:
        with pytest.raises(StaleError) as caught:
            attempt()
        assert caught.value.current == usecases.incidents.get(seen.id)
    with pytest.raises(StaleError) as caught:
        attempts[0]()
    assert caught.value.refused == "Checkout and search are down"
    assert usecases.incidents.get(seen.id).title == "Checkout fails for cards"


def test_who_wants_what_stands_already_is_not_refused(usecases: UseCases) -> None:
    seen = usecases.incidents.open("Checkout is down")
    changed = usecases.incidents.change_severity(seen.id, "SEV1", version=seen.version)
    assert usecases.incidents.change_severity(seen.id, "SEV1", version=seen.version) == changed
    assert usecases.incidents.rename(seen.id, "Checkout is down", version=seen.version) == changed


def test_every_change_stands_in_the_record_with_what_it_was(usecases: UseCases, clock: FixedClock) -> None:
    earlier, made = usecases.incidents.open("The deploy"), usecases.incidents.open("Checkout is down")
    clock.advance(minutes=5)
    changes = usecases.incidents
    changes.rename(made.id, "Cards fail", version=1, by="ana")
    changes.change_severity(made.id, "SEV1", by="ana")
    changes.change_start(made.id, START - timedelta(minutes=8), by="ana")
    changes.set_private(made.id, private=True, by="ana")
    changes.follow(made.id, earlier.id, by="ana")
    changes.change_status(made.id, "identified", reason="the index", by="ana")
    changes.remove(made.id, by="ana")
    told = [(event.what, event.kind, event.value, event.text, event.by) for event in usecases.recording.events(made.id, by="ana")[1:]]
    assert told == [
        ("renamed", None, "Checkout is down", "Cards fail", "ana"),
        ("severity", "SEV1", "SEV3", None, "ana"),
        ("started", "2026-03-04T10:42:00+00:00", "2026-03-04T10:50:00+00:00", None, "ana"),
        ("visibility", "private", "open", None, "ana"),
        ("follows", earlier.id, None, None, "ana"),
        ("status", "identified", "investigating", "the index", "ana"),
        ("removed", None, None, None, "ana"),
    ]
    assert changes.get(made.id, by="ana").version == 8


# Gates


def test_it_is_not_resolved_while_an_update_was_promised_unless_a_reason_stays(usecases: UseCases) -> None:
    made = usecases.incidents.open("Checkout is down")
    usecases.messaging.record("Checkout fails. Next update 11:10 UTC.", incident_id=made.id, sent_at=START)
    with pytest.raises(GateError) as caught:
        usecases.incidents.change_status(made.id, "resolved")
    (gate,) = caught.value.gates
    assert usecases.incidents.gates(made.id, "resolved") == (gate,)
    assert usecases.incidents.get(made.id) == made
    assert usecases.incidents.change_status(made.id, "monitoring").status == "monitoring"
    assert usecases.incidents.change_status(made.id, "resolved", reason="told them by phone", by="ana").status == "resolved"
    (passed,) = [event for event in usecases.recording.events(made.id) if event.what == "gate"]
    assert (passed.kind, passed.text, passed.value, passed.by) == (gate.id, "told them by phone", "resolved", "ana")


def test_it_is_reviewed_once_a_guardrail_stands_in_the_way(usecases: UseCases) -> None:
    made = usecases.incidents.open("Checkout is down")
    with pytest.raises(GateError, match="nothing stands in the way"):
        usecases.incidents.change_status(made.id, "reviewed", reason=" ")
    usecases.recording.commit(made.id, "guardrail", "a1b2c3d", "Refuse a migration that drops an index")
    assert usecases.incidents.change_status(made.id, "reviewed").status == "reviewed"


# Chains


def test_a_chain_is_told_from_both_ends_and_is_never_a_circle(usecases: UseCases, clock: FixedClock) -> None:
    first = usecases.incidents.open("The deploy broke checkout")
    clock.advance(minutes=5)
    second = usecases.incidents.open("The rollback lost orders", follows=first.id)
    clock.advance(minutes=5)
    third = usecases.incidents.open("The refund ran twice", follows=second.id)
    other = usecases.incidents.open("The cache stayed cold", follows=first.id)
    story = usecases.stories.of(third.id)
    assert (story.before, story.after) == ((first, second), ())
    assert usecases.stories.of(first.id).after == (second, third, other)
    for circle in (first.id, second.id, third.id):
        with pytest.raises(ConflictError, match="cannot follow from itself"):
            usecases.incidents.follow(first.id, circle)
    alone = usecases.incidents.follow(third.id, None)
    assert (alone.follows, usecases.stories.of(third.id).before) == (None, ())
    assert usecases.incidents.follow(first.id, third.id).follows == third.id


# Pages of a long list


def test_pages_go_on_where_the_last_one_ended_also_among_those_that_began_together(usecases: UseCases, clock: FixedClock) -> None:
    made = [usecases.incidents.open(f"incident {number}", severity=SEVERITIES[number % 5]) for number in range(4)]
    clock.advance(minutes=1)
    made += [usecases.incidents.open(f"incident {number}", severity=SEVERITIES[number % 5]) for number in range(4, 7)]
    first = usecases.incidents.list(limit=3)
    second = usecases.incidents.list(limit=3, before=first[-1].id)
    third = usecases.incidents.list(limit=3, before=second[-1].id)
    assert [one.id for one in (*first, *second, *third)] == [one.id for one in reversed(made)]
    assert usecases.incidents.list(before=third[-1].id) == ()
    assert usecases.incidents.list(severities=("SEV2",)) == (made[6], made[1])
    with pytest.raises(NotFoundError):
        usecases.incidents.list(before="0" * 26)


def test_a_status_is_written_down_later_than_it_was_reached_and_both_times_are_kept(usecases: UseCases, clock: FixedClock) -> None:
    incident = usecases.incidents.open("Checkout is down", started_at=START - timedelta(hours=1))
    usecases.incidents.change_status(incident.id, "identified")
    clock.advance(minutes=45)
    reached = START - timedelta(minutes=10)
    usecases.incidents.change_status(incident.id, "monitoring", reached_at=reached)
    last = usecases.recording.events(incident.id)[-1]
    assert (last.kind, last.at, last.recorded_at) == ("monitoring", reached, clock.now())
    assert usecases.repairing.board(incident.id).since == reached, "the looks back count from then, also where `identified` came later"
    refused: list[tuple[dict[str, Any], str]] = [
        ({"status": "resolved", "reached_at": clock.now() + timedelta(minutes=1)}, "still to come"),
        ({"status": "resolved", "reached_at": START - timedelta(hours=2)}, "before the incident began"),
        ({"status": "monitoring", "reached_at": START}, "monitoring already"),
        ({"reached_at": START}, "no status is given"),
    ]
    for given, said in refused:
        with pytest.raises(InputError, match=said) as caught:
            usecases.incidents.change(incident.id, **given)
        assert caught.value.field == "reached_at"
    events = usecases.recording.events(incident.id)
    usecases.incidents.change_status(incident.id, "monitoring", reached_at=reached)
    assert usecases.recording.events(incident.id) == events, "the same again is no news"
