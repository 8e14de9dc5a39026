"""Incidents are opened with one sentence, kept true, hidden but never deleted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import InputError, NotFoundError, UnknownNameError
from amends.core.incident import SEVERITIES, STATUSES
from amends.testing import START

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
