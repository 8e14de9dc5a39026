"""The review of an incident: made at any time from its account, begun once as a text of people, and exported in every format."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from amends.core.errors import ForbiddenError, NotFoundError
from amends.core.paper import texts
from amends.language.records import Draft
from amends.testing import START

if TYPE_CHECKING:
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases


@pytest.fixture
def incident(usecases: UseCases) -> str:
    """An incident with an account, made as people make one."""
    own = usecases.incidents.open("Checkout timed out", severity="SEV2", started_at=START - timedelta(minutes=30)).id
    narrating = usecases.narrating
    for minutes, words in (
        (30, "The migration ran"),
        (25, "Checkout slowed down"),
        (20, "The first shop called"),
        (5, "The index is back"),
    ):
        entry = usecases.timelines.add(own, START - timedelta(minutes=minutes), words, actor="Eva")
        narrating.choose(own, [entry.id])
    number = narrating.state(own, "claim", "Payments that failed", kind="number", value="258 of 831 payments")
    narrating.cite(own, number.item, "measure", text="the ledger: 258")
    narrating.state(own, "condition", "The check of migrations has no rule for an index", kind="technical")
    narrating.state(own, "badly", "Nobody knew whom to call")
    usecases.recording.milestone(own, "recovered", at=START - timedelta(minutes=2))
    return own


def test_a_review_is_made_of_what_stands_now_and_says_what_it_lacks(usecases: UseCases, incident: str) -> None:
    told = usecases.reviewing.of(incident, zone=ZoneInfo("Europe/Berlin"))
    words = "\n".join(texts(told.paper))
    assert "2026-03-04 11:20 CET" in words
    assert "258 of 831 payments. [confirmed: " in words
    assert "written by hand by local" in words
    lacking = ["cost", "timeline", "single-cause", "organisational", "unsupported", "unanswered", "nothing-went-well", "action"]
    assert [one.code for one in told.gaps] == lacking
    assert told.written is None
    assert usecases.reviewing.gaps(incident) == told.gaps


def test_what_is_withheld_from_the_team_is_named_as_withheld_and_not_told(usecases: UseCases, incident: str) -> None:
    number = usecases.narrating.get(incident).of("claim", "number")[0]
    usecases.versions.redact(incident, number.item, "customers", "legal", "the case is open")
    assert "258 of 831" in "\n".join(texts(usecases.reviewing.review(incident)))
    usecases.versions.redact(incident, number.item, "team", "legal", "the case is open", lift_at=START + timedelta(days=30))
    told = "\n".join(texts(usecases.reviewing.review(incident)))
    assert "Withheld on legal grounds until 2026-04-03: the case is open. [confirmed]" in told
    assert "258" not in told
    assert "impact" not in [one.code for one in usecases.reviewing.gaps(incident)], "it is known, and only not told"


def test_a_gap_that_is_filled_is_gone(usecases: UseCases, incident: str) -> None:
    action = usecases.acting.propose(incident, "Refuse a migration that drops an index", kind="test").item.id
    usecases.acting.accept(action, helps_when="it is refused in the test")
    badly = usecases.narrating.get(incident).of("badly")[0].point
    usecases.narrating.revise(incident, badly.item, based_on=badly.id, answer=action)
    usecases.narrating.state(incident, "cost", "A night without sleep", who="Eva")
    assert not {"unanswered", "cost", "action", "unaccepted"} & {one.code for one in usecases.reviewing.gaps(incident)}
    assert "Answered by the action “Refuse a migration" in "\n".join(texts(usecases.reviewing.review(incident)))


def test_the_text_of_the_review_is_begun_once_and_people_write_on_in_it(usecases: UseCases, incident: str) -> None:
    begun = usecases.reviewing.start(incident, by="ana")
    assert (begun.head.kind, begun.head.title, begun.head.created_by) == ("review", "Review: Checkout timed out", "ana")
    assert "258 of 831 payments" in begun.text
    usecases.documents.save(begun.head.id, f"{begun.text}\nWritten by people.\n", begun.head.version)
    again = usecases.reviewing.start(incident)
    assert (again.head.id, again.head.version) == (begun.head.id, 2)
    assert usecases.reviewing.of(incident).written == again.head
    assert "Written by people." in "\n".join(texts(usecases.exporting.paper(incident, "review", zone=ZoneInfo("UTC"))))


def test_the_clock_that_waits_for_the_review_stops_when_it_is_begun(usecases: UseCases, incident: str, clock: FixedClock) -> None:
    usecases.incidents.change_status(incident, "resolved")
    clock.advance(days=2)
    owed = [one.what for one in usecases.today.of_incident(incident)[0]]
    usecases.reviewing.start(incident)
    assert "review" in owed
    assert "review" not in [one.what for one in usecases.today.of_incident(incident)[0]]


def test_a_review_is_exported_before_anybody_wrote_one_only_where_there_is_an_account(usecases: UseCases, incident: str) -> None:
    assert "review" in usecases.exporting.papers_of(incident)
    paper = usecases.exporting.paper(incident, "review", zone=ZoneInfo("UTC"))
    assert paper == usecases.reviewing.review(incident)
    empty = usecases.incidents.open("Nothing is known").id
    assert "review" not in usecases.exporting.papers_of(empty)
    with pytest.raises(NotFoundError):
        usecases.exporting.paper(empty, "review", zone=ZoneInfo("UTC"))


def test_what_is_begun_has_no_errors_for_the_engine_once_its_repair_is_written_down(usecases: UseCases, incident: str) -> None:
    usecases.narrating.state(incident, "claim", "The query read the whole table because the index was gone", kind="cause")
    action = usecases.acting.propose(incident, "Refuse a migration that drops an index", kind="test").item.id
    usecases.acting.accept(action, helps_when="it is refused in the test")
    text = usecases.reviewing.start(incident).text
    found = usecases.checking.check(Draft(text, START, form="post-incident-review")).findings
    assert [one.rule for one in found if one.severity == "error"] == []


def test_who_may_not_see_an_incident_finds_no_review_and_a_reader_begins_none(usecases: UseCases) -> None:
    usecases.people.add("anna", "owner")
    for name, role in (("ben", "responder"), ("cora", "reader")):
        usecases.people.add(name, role, by="anna")
    private = usecases.incidents.open("Private", private=True, by="anna").id
    opened = usecases.incidents.open("Open", by="anna").id
    for ask in (usecases.reviewing.of, usecases.reviewing.review, usecases.reviewing.gaps, usecases.reviewing.start):
        with pytest.raises(NotFoundError):
            ask(private, by="ben")
    assert [one.code for one in usecases.reviewing.gaps(opened, by="cora")] == ["empty"]
    with pytest.raises(ForbiddenError):
        usecases.reviewing.start(opened, by="cora")
