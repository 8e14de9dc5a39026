"""The first start shows one believable incident, marked as a sample, with a poor draft to learn on and a good one to compare."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

from amends.core.files import read_toml
from amends.core.incident import SEVERITIES, STATUSES
from amends.language.records import Draft
from amends.narrative.account import CLAIMS, CONDITIONS, PARTS
from amends.narrative.linking import sentences_of
from amends.store import versions
from amends.testing import START
from amends.usecases import assembling
from amends.usecases.assembling import Behind
from amends.usecases.sample import read_sample, seed_sample, tell_sample
from amends.usecases.sample_account import FILE as ACCOUNT
from house.laws import ROOT

if TYPE_CHECKING:
    import pytest

    from amends.language.records import Document
    from amends.usecases.facade import UseCases


def checked(usecases: UseCases, form: str) -> Document:
    """What the engine says about the sample draft of a form, at the moment of the first start."""
    seed_sample(usecases)
    (content,) = [draft.content for draft in usecases.drafting.list_open() if draft.content.form == form]
    return usecases.checking.check(Draft(content.text, usecases.clock.now(), content.form, content.audience, content.tz))


def test_it_is_marked_as_a_sample_in_every_place_it_is_listed(usecases: UseCases) -> None:
    incident = seed_sample(usecases)
    assert usecases.incidents.list() == (incident,)
    assert {draft.origin for draft in usecases.drafting.list_open()} == {"sample"}
    assert usecases.incidents.open("ours").origin == "own"
    assert usecases.drafting.new("ours").origin == "own"


def test_it_is_believable(usecases: UseCases) -> None:
    incident = seed_sample(usecases)
    assert incident is not None
    assert (incident.started_at, incident.recorded_at) == (START - timedelta(minutes=84), START)
    assert incident.severity in SEVERITIES
    assert incident.status in STATUSES
    texts = [draft.content.text for draft in usecases.drafting.list_open()]
    assert not [text for text in texts if re.search(r"[{}]", text)], "every clock time is filled in"
    assert "since 09:26 UTC" in " ".join(texts)


def test_it_tells_of_the_incident_whose_evidence_is_shipped(usecases: UseCases) -> None:
    seed_sample(usecases)
    chat = (ROOT / "src" / "amends" / "samples" / "checkout" / "slack" / "inc-20260304-checkout" / "2026-03-04.json").read_text("utf-8")
    texts = " ".join(draft.content.text for draft in usecases.drafting.list_open())
    assert "258 of 831 payments failed" in texts
    assert "258 of 831 payments failed" in chat, "the same numbers stand in the evidence"


def test_it_is_put_there_once_and_does_not_come_back_by_itself(usecases: UseCases) -> None:
    incident = seed_sample(usecases)
    assert incident is not None
    assert seed_sample(usecases) is None
    usecases.incidents.remove(incident.id)
    assert seed_sample(usecases) is None
    assert (usecases.incidents.list(), usecases.drafting.list_open()) == ((), ())
    back = usecases.incidents.restore(incident.id)
    assert (usecases.incidents.list(), len(usecases.drafting.list_open())) == ((back,), 2)
    assert back.id == incident.id


def test_people_who_have_incidents_of_their_own_are_given_no_sample(usecases: UseCases) -> None:
    ours = usecases.incidents.open("The export skipped 12 rows")
    assert seed_sample(usecases) is None
    assert usecases.incidents.list() == (ours,)


def test_starts_at_once_put_it_there_once(usecases: UseCases) -> None:
    with ThreadPoolExecutor(4) as pool:
        seeded = [future.result() for future in [pool.submit(seed_sample, usecases) for _ in range(4)]]
    assert sum(incident is not None for incident in seeded) == 1
    assert len(usecases.drafting.list_open()) == 2


def test_the_first_message_shows_what_the_checker_does(usecases: UseCases) -> None:
    document = checked(usecases, "first-message")
    assert {finding.flaw for finding in document.findings} >= {"hedge", "vague", "blame"}
    missing = {move.move for move in document.moves if move.required and not move.present}
    assert missing >= {"recovery", "prevention"}


def test_the_status_update_is_one_to_learn_from(usecases: UseCases) -> None:
    document = checked(usecases, "status-update")
    assert [(finding.rule, finding.message) for finding in document.findings if finding.severity != "note"] == []
    assert all(move.present for move in document.moves if move.required)
    assert "next_update" in {promise.kind for promise in document.promises}


def test_its_evidence_is_read_into_a_timeline_that_shows_what_happened_and_that_its_account_cites(usecases: UseCases) -> None:
    incident = seed_sample(usecases)
    assert incident is not None
    tell_sample(usecases, incident)
    read_sample(usecases, incident)
    for thread in threading.enumerate():
        if thread.name == "amends-timeline":
            thread.join(60)
    told = usecases.timelines.get(incident.id)
    assert told.run is not None
    assert (told.run.state, told.run.failure) == ("done", None)
    assert {"chat", "commit", "deploy", "alert", "status", "log"} <= {str(entry.row["kind"]) for entry in told.entries}
    assert 50 < len(told.entries) < 1000, "what matters, not everything"
    account = usecases.narrating.get(incident.id)
    wanted = sum("entry" in cited for one in read_toml(ACCOUNT)[0]["point"] for cited in one.get("evidence", ()))  # type: ignore[attr-defined]  # a file of our own
    assert sum(cited.kind == "entry" for one in account.points for cited in one.evidence) == wanted, "each is found by its words"
    assert {one.support.status for one in account.claims} == {"confirmed"}
    assert {one.support.status for one in account.of("condition")} == {"confirmed", "likely"}
    cited = next(one for one in account.claims[0].evidence if one.kind == "entry")
    behind = usecases.narrating.behind(incident.id, cited.id)
    assert isinstance(behind, Behind)
    assert "maximum-pool-size" in behind.itself + behind.after
    counted = {one.audience: one.drifts for one in usecases.versions.of_incident(incident.id)}
    assert (counted["team"], counted["customers"]) == (0, 0), "also where everything is confirmed"
    assert counted["leadership"] >= 6


def test_where_no_evidence_can_be_read_the_sample_still_has_it(usecases: UseCases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembling, "is_installed", lambda: False)
    incident = seed_sample(usecases)
    assert incident is not None
    read_sample(usecases, incident)
    told = usecases.timelines.get(incident.id)
    assert ([one.name for one in told.evidence], told.run) == (["checkout"], None)


def test_what_was_sent_kept_its_promises_and_the_next_update_is_still_to_come(usecases: UseCases) -> None:
    incident = seed_sample(usecases)
    assert incident is not None
    tell_sample(usecases, incident)
    story = usecases.stories.of(incident.id)
    updates = [entry for entry in story.promises if entry.promise.kind == "next_update"]
    assert [entry.standing.state for entry in updates] == ["kept", "kept", "open"]
    assert {entry.standing.state for entry in story.promises} == {"kept", "open"}
    assert len(story.messages) == 3
    assert usecases.due.look().missed == usecases.due.look().coming == (), "nobody is asked for what was promised in a sample"


def test_the_messages_that_were_sent_have_nothing_to_fix(usecases: UseCases) -> None:
    incident = seed_sample(usecases)
    assert incident is not None
    tell_sample(usecases, incident)
    for message in usecases.messaging.of_incident(incident.id):
        draft = usecases.drafting.get(message.draft_id)
        content = draft.content
        document = usecases.checking.check(Draft(content.text, message.sent_at, content.form, content.audience, content.tz))
        assert [finding.message for finding in document.findings if finding.severity == "error"] == []


def test_its_story_has_people_facts_an_open_question_a_commit_and_actions(usecases: UseCases) -> None:
    incident = seed_sample(usecases)
    assert incident is not None
    tell_sample(usecases, incident)
    story = usecases.stories.of(incident.id)
    assert {event.what for event in story.events} >= {"opened", "milestone", "fact", "commit"}
    assert {one.kind for one in story.stakeholders} == {"affected", "needs-to-know", "saw-wrong"}
    assert [one.state for one in story.actions] == ["accepted", "idea"]
    assert usecases.today.firsts(incident.id).found_by == "others"


def test_its_account_has_every_part_and_stands_on_what_people_said_where_no_evidence_can_be_read(usecases: UseCases) -> None:
    incident = seed_sample(usecases)
    assert incident is not None
    tell_sample(usecases, incident)
    account = usecases.narrating.get(incident.id)
    assert {one.point.part for one in account.points} == set(PARTS) - {"no-organisational"}
    assert {one.point.kind for one in account.of("claim")} == set(CLAIMS)
    assert {one.point.kind for one in account.of("condition")} == set(CONDITIONS)
    assert not [one.point.text for one in account.of("badly") if not (one.point.answer or one.point.because)]
    assert len(account.of("position")) == 2
    assert [one.is_open for part in ("disagreement", "question", "trust-break") for one in account.of(part)] == [True, True, True]
    assert {one.support.status for one in account.claims} == {"confirmed", "likely"}
    assert not [one.point.text for one in account.points if re.search(r"[{}]", one.point.text)], "every clock time is filled in"


def test_its_versions_are_tied_to_the_account_in_every_sentence_but_one_that_says_too_much(usecases: UseCases) -> None:
    incident = seed_sample(usecases)
    assert incident is not None
    tell_sample(usecases, incident)
    audiences = [one.audience for one in usecases.documents.list(incident.id)]
    assert audiences == ["team", "leadership", "customers"]
    with usecases.store.reading() as connection:
        loose = [
            part.text
            for head in usecases.documents.list(incident.id)
            for part in sentences_of(usecases.documents.get(head.id).text, versions.ties_of(connection, head.id))
            if not part.tied
        ]
    assert loose == ["The problem is fully understood and cannot happen again."]
    (withheld,) = usecases.versions.redactions(incident.id)
    assert (withheld.audience, withheld.ground) == ("customers", "privacy")


def test_what_its_honest_versions_leave_out_is_no_drift_and_what_leadership_is_told_drifts_in_every_sentence_but_one(
    usecases: UseCases,
) -> None:
    incident = seed_sample(usecases)
    assert incident is not None
    tell_sample(usecases, incident)
    views = {one.audience: usecases.versions.view(incident.id, one.audience) for one in usecases.versions.of_incident(incident.id)}
    assert [(name, [one.drift for one in views[name].drifts]) for name in ("team", "customers")] == [("team", []), ("customers", [])]
    drifts = views["leadership"].drifts
    assert {one.drift.kind for one in drifts} >= {
        "softened_number", "dropped_fact", "raised_certainty", "changed_time", "cause_shifted", "agent_removed", "unsupported_claim",
    }  # fmt: skip
    quoted = " ".join(one.drift.retold.quote for one in drifts if one.drift.retold is not None)
    assert [
        words for words in ("some payments", "half an hour", "newsletter", "right away", "cannot happen again") if words not in quoted
    ] == []
    parts = {one.item: one.point.part for one in views["leadership"].account.points}
    dropped = {parts[item] for one in drifts if one.drift.kind == "dropped_fact" for item in one.items}
    assert dropped >= {"cost", "trust-break"}, "what it cost people, and that Finance believes nobody, is owed to leadership"


def test_held_against_the_teams_version_leaderships_drifts_and_the_customers_does_not(usecases: UseCases) -> None:
    incident = seed_sample(usecases)
    assert incident is not None
    tell_sample(usecases, incident)
    assert usecases.versions.between(incident.id, "team", "customers").drifts == ()
    found = usecases.versions.between(incident.id, "team", "leadership").drifts
    assert {one.kind for one in found} >= {"softened_number", "changed_time", "agent_removed", "dropped_fact"}
