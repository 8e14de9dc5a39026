"""The follow-up note: within half an hour, with two commits that can be read, two boxes, and everybody on both lists."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import ConflictError, ForbiddenError, OutsideError
from amends.incidents.commits import Commit
from amends.integrations.trackers.github import GitHub
from amends.store.schema import person
from amends.testing import CountingIds
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from amends.usecases.tracking import Outside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from amends.core.incident import Incident
    from amends.store.engine import Store
    from amends.testing import FixedClock

NOTE = "From 10:10 UTC to 10:35 UTC 41 customers got an invoice twice. I stopped the job.\n"


class Hub(GitHub):
    """A tracker that has commits, or fails."""

    def __init__(self, *told: Commit, error: OutsideError | None = None) -> None:
        super().__init__("ours", "shop/billing", "t")
        self.told = told
        self.error = error

    def commits(self, since: datetime, until: datetime) -> tuple[Commit, ...]:
        if self.error is not None:
            raise self.error
        return tuple(one for one in self.told if since <= one.at <= until)


@pytest.fixture
def outside() -> dict[str, GitHub]:
    return {}


@pytest.fixture
def usecases(store: Store, clock: FixedClock, outside: dict[str, GitHub]) -> Iterator[UseCases]:
    made = UseCases(Checking, lambda: store, clock, CountingIds(), outside=lambda: Outside(outside))
    yield made
    assert made.journal.verify() == []


@pytest.fixture
def incident(usecases: UseCases, clock: FixedClock) -> Incident:
    return usecases.incidents.open("Invoices went out twice", started_at=clock.now())


def missing(usecases: UseCases, incident: Incident) -> list[str]:
    return [one.code for one in usecases.notes.of(incident.id).missing]


def test_it_is_due_half_an_hour_after_the_first_signal(usecases: UseCases, incident: Incident, clock: FixedClock) -> None:
    start = clock.now()
    assert usecases.notes.of(incident.id).due == start + timedelta(minutes=30)
    clock.advance(minutes=12)
    usecases.recording.milestone(incident.id, "detected", start + timedelta(minutes=10), value="us")
    note = usecases.notes.of(incident.id)
    assert (note.due, note.late) == (start + timedelta(minutes=40), False)
    clock.advance(minutes=29)
    assert usecases.notes.of(incident.id).late


def test_what_it_lacks_is_told_until_all_of_it_is_there(usecases: UseCases, incident: Incident) -> None:
    usecases.involving.add_stakeholder(incident.id, "finance", kind="needs-to-know", audience="team")
    usecases.involving.add_stakeholder(incident.id, "the dashboard's readers", kind="saw-wrong", audience="leadership")
    assert missing(usecases, incident) == ["no-recovery", "no-hotfix", "no-guardrail", "open-impact", "open-prevention", "not-sent"]
    usecases.recording.fact(incident.id, "recovery", "We stopped the job on the second host")
    usecases.recording.commit(incident.id, "hotfix", "a" * 40, "fix")
    usecases.recording.commit(incident.id, "guardrail", "b" * 40, "billing: refuse a second run of the invoice job")
    usecases.recording.tick(incident.id, "impact", text="41 counted in the mail log")
    usecases.recording.tick(incident.id, "prevention", ticked=False, text="tested by Friday 6 March")
    assert missing(usecases, incident) == ["subject-empty", "not-sent"]
    usecases.recording.commit(incident.id, "hotfix", "c" * 40, "billing: run the invoice job on one host only")
    sent = usecases.messaging.record(NOTE, form="follow-up-note", incident_id=incident.id, audience="team", tz="UTC")
    note = usecases.notes.of(incident.id)
    assert (note.message, note.late) == (sent, False)
    assert [one.code for one in note.missing] == ["untold-saw-wrong"]
    assert note.sentences == ("Invoices went out twice, at 10:50 UTC.", "We stopped the job on the second host.")


def test_it_is_shared_with_both_lists_by_one_act_and_once(usecases: UseCases, incident: Incident) -> None:
    with pytest.raises(ConflictError, match="not sent"):
        usecases.notes.share(incident.id)
    for name, kind, audience in (
        ("finance", "needs-to-know", "team"),
        ("the board", "saw-wrong", "leadership"),
        ("shops", "affected", "customers"),
    ):
        usecases.involving.add_stakeholder(incident.id, name, kind=kind, audience=audience)
    usecases.messaging.record(NOTE, form="follow-up-note", incident_id=incident.id, audience="team", tz="UTC", to=[])
    told = usecases.notes.share(incident.id, via="meeting")
    assert {one.stakeholder.name for one in told.heard if one.reached} == {"finance", "the board"}
    with pytest.raises(ConflictError, match="everybody"):
        usecases.notes.share(incident.id)
    usecases.telling.acknowledge(told.message.id, told.heard[0].stakeholder.id)
    (_, knew), _ = usecases.notes.of(incident.id).lists
    assert [(one.stakeholder.name, one.state) for one in knew] == [("finance", "acknowledged")]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_candidates_come_from_a_repository_that_is_evidence(
    usecases: UseCases, incident: Incident, clock: FixedClock, tmp_path: Path
) -> None:
    folder = tmp_path / "billing"
    folder.mkdir()
    at = clock.now().isoformat()
    who = {
        f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "A"), ("EMAIL", "a@b.c"), ("DATE", at))
    }
    env = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for words in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", 'Revert "billing: send invoices from both hosts"']):
        subprocess.run(["git", *words], cwd=folder, env=env, check=True, capture_output=True)
    assert usecases.notes.candidates(incident.id).candidates == ()
    usecases.gathering.add_path(incident.id, str(folder))
    clock.advance(minutes=30)
    found = usecases.notes.candidates(incident.id)
    assert (found.sources, found.problems) == (("billing",), ())
    assert [(one.kind, one.commit.subject) for one in found.candidates] == [("rollback", 'Revert "billing: send invoices from both hosts"')]
    assert usecases.notes.candidates(incident.id, repository=str(folder)).candidates == found.candidates


def test_the_candidates_come_from_github_and_what_cannot_be_read_is_told_beside(
    usecases: UseCases, incident: Incident, clock: FixedClock, outside: dict[str, GitHub]
) -> None:
    outside["ours"] = Hub(Commit("d" * 40, clock.now(), "billing: refuse a second run of the invoice job"))
    outside["theirs"] = Hub(error=OutsideError("theirs has had too many requests", hint="try again in 30 s"))
    found = usecases.notes.candidates(incident.id)
    assert [(one.commit.sha[0], one.kind) for one in found.candidates] == [("d", "guardrail")]
    assert found.sources == ("ours", "theirs")
    assert [(one.path, one.message) for one in found.problems] == [("theirs", "theirs has had too many requests")]


def test_only_who_manages_the_workspace_makes_the_server_read_a_folder(
    usecases: UseCases, incident: Incident, store: Store, tmp_path: Path
) -> None:
    with store.writing() as connection:
        for name, role in (("olga", "owner"), ("rita", "responder")):
            row = {"name": name, "display": name, "role": role, "created_at": usecases.clock.now()}
            connection.execute(person.insert().values(**row))
    with pytest.raises(ForbiddenError):
        usecases.notes.candidates(incident.id, repository=str(tmp_path), by="rita")
    assert usecases.notes.candidates(incident.id, by="rita").candidates == ()
    assert usecases.notes.candidates(incident.id, repository=str(tmp_path), by="olga").problems
    with store.writing() as connection:
        connection.execute(person.delete())
