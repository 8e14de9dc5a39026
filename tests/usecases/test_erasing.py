"""Erasing: the words are gone everywhere, the chain still holds, and nothing else can be changed under the same pretext."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from amends.core.errors import ConflictError, InputError, NotFoundError, UnknownNameError
from amends.store.guards import ERASABLE, ERASED
from amends.store.ledger_audit import ledger_problems
from amends.store.schema import metadata, promise, tombstone
from amends.testing import START
from amends.trust.review import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from amends.store.engine import Store
    from amends.usecases.facade import UseCases

SECRET = "Annabel"
WHY = "asked for on 4 March"
LATER = START + timedelta(days=300)


def sent(usecases: UseCases) -> str:
    """A message about an incident, written in two versions, with one promise that was moved."""
    incident = usecases.incidents.open("The export skips rows")
    draft = usecases.drafting.new(f"{SECRET} ran it.", "auto", incident_id=incident.id)
    usecases.drafting.save(draft.id, f"{SECRET} ran it. Next update by 11:10 UTC to {SECRET}.", "auto", None, "UTC", 1)
    return usecases.messaging.send(draft.id, audience="team").id


def everything(store: Store) -> str:
    """Every value of every table, as one text."""
    with store.reading() as connection:
        return "\n".join(str(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(table.select()))


def test_the_words_of_a_message_are_gone_from_every_table_and_the_journal_holds(usecases: UseCases, store: Store) -> None:
    message = sent(usecases)
    assert usecases.searching.find(SECRET).total == 2
    done = usecases.erasing.erase(f"message/{message}", WHY)
    assert done.rows == {"draft_version": 2, "promise": 1}
    assert SECRET not in everything(store)
    assert usecases.searching.find(SECRET).total == 0
    assert usecases.searching.find("erased").total == 0
    assert usecases.messaging.get(message).text == ERASED
    assert usecases.journal.verify() == []


def test_what_comes_after_an_erasure_is_vouched_for_as_ever(usecases: UseCases) -> None:
    message = sent(usecases)
    usecases.erasing.erase(f"message/{message}", WHY)
    (entry,) = usecases.promising.of_message(message)
    usecases.promising.withdraw(entry.promise.id, why="not needed")
    assert usecases.journal.verify() == []


def test_a_citation_of_a_fact_goes_with_it_and_the_claim_is_erased_by_itself(usecases: UseCases, store: Store) -> None:
    incident = usecases.incidents.open("The export skips rows")
    fact = usecases.recording.fact(incident.id, "cause", f"{SECRET} skipped a step")
    (claim,) = usecases.narrating.begin(incident.id, [fact.id])
    assert usecases.erasing.erase(f"event/{fact.id}", WHY).rows == {"incident_event": 1, "account_evidence": 1}
    usecases.erasing.erase(f"point/{claim.item}", WHY)
    assert SECRET not in everything(store)
    assert usecases.narrating.recorded(incident.id) == (), "what is erased begins nothing"


def test_all_versions_of_a_fact_go_with_it(usecases: UseCases, store: Store) -> None:
    incident = usecases.incidents.open("The export skips rows")
    first = usecases.recording.fact(incident.id, "cause", f"{SECRET} skipped a step")
    second = usecases.recording.fact(incident.id, "cause", f"a step was skipped by {SECRET}", replaces=first.id)
    usecases.erasing.erase(f"event/{first.id}", WHY)
    assert SECRET not in everything(store)
    with pytest.raises(ConflictError, match="nothing of"):
        usecases.erasing.erase(f"event/{second.id}", WHY)


def test_a_point_goes_with_all_its_revisions_what_it_cites_and_why_it_was_withheld(usecases: UseCases, store: Store) -> None:
    incident = usecases.incidents.open("The export skips rows").id
    first = usecases.narrating.state(incident, "claim", f"{SECRET} skipped a step", kind="signal", who=SECRET).point
    usecases.narrating.cite(incident, first.item, "person", text=f"{SECRET}: I skipped it")
    second = usecases.narrating.revise(incident, first.item, based_on=first.id, text=f"a step was skipped by {SECRET}").point
    usecases.versions.redact(incident, first.item, "customers", "privacy", f"it names {SECRET}")
    assert usecases.searching.find(SECRET).total == 1
    assert usecases.erasing.erase(f"point/{second.id}", WHY).rows == {"account_point": 2, "account_evidence": 1, "redaction": 1}
    assert SECRET not in everything(store)
    assert usecases.searching.find(SECRET).total == 0
    assert usecases.journal.verify() == []


def test_words_of_a_message_are_gone_from_what_cites_them_and_sentences_of_a_text_from_what_ties_them(
    usecases: UseCases, store: Store
) -> None:
    incident = usecases.incidents.open("The export skips rows").id
    message = usecases.messaging.record(f"{SECRET} ran it.", incident_id=incident, audience="team").id
    item = usecases.narrating.state(incident, "claim", "it was run", kind="fact").item
    usecases.narrating.cite(incident, item, "message", ref=message)
    text = usecases.versions.open(incident, "leadership").head.id
    usecases.documents.save(text, f"{SECRET} ran it.", 1)
    usecases.versions.tie(text, f"{SECRET} ran it.", item)
    assert usecases.erasing.erase(f"message/{message}", WHY).rows["account_evidence"] == 1
    assert usecases.erasing.erase(f"document/{text}", WHY).rows["version_tie"] == 1
    assert SECRET not in everything(store)
    assert usecases.journal.verify() == []


def test_words_that_runs_of_playbooks_and_looks_back_copied_are_gone_from_them(usecases: UseCases, store: Store) -> None:
    incident = usecases.incidents.open("The export skips rows").id
    usecases.incidents.change_status(incident, "monitoring")
    action = usecases.acting.propose(incident, f"Let {SECRET} rest", kind="other").item.id
    promised = usecases.promising.add(f"call {SECRET}", START + timedelta(hours=1), incident_id=incident).promise.id
    broken = usecases.repairing.add_break(incident, "The shops count their rows themselves", whose="the shops")
    usecases.repairing.tie(incident, action, kind="alert-gap", breaks=[broken.item], uncertainty=f"You reach {SECRET} at once")
    past = dict.fromkeys(("contained", "facts", "speak"), f"{SECRET} wants it now")
    run = usecases.playbooks.start(
        incident, "repair-trust", lead="ada", answers={"lead": True, "optics": True, "speak": False}, overrides=past
    ).run.id
    usecases.playbooks.fill(run, "initial-repair-frame.operations", kind="action", ref=action)
    usecases.playbooks.fill(run, "initial-repair-frame.next-talk", kind="promise", ref=promised)
    look_back(usecases, incident)
    assert everything(store).count(SECRET) > 10

    assert usecases.erasing.erase(f"action/{action}", WHY).rows == {
        "action_item": 1, "repair_action": 1, "playbook_event": 1, "trust_review_event": 1,
    }  # fmt: skip
    assert usecases.erasing.erase(f"promise/{promised}", WHY).rows == {"promise": 1, "playbook_event": 1}
    usecases.erasing.erase(f"run/{run}", WHY)
    assert SECRET not in everything(store)
    assert usecases.journal.verify() == []


def look_back(usecases: UseCases, incident: str) -> None:
    usecases.clock.advance(days=1)  # type: ignore[attr-defined]  # the clock of the fixture
    usecases.trust_reviews.move(incident, "month", usecases.clock.now() + timedelta(days=1), why="the shops ask")
    for question in QUESTIONS:
        usecases.trust_reviews.answer(incident, "month", question, "a page", kind="link", ref="https://wiki.example/x")
    usecases.trust_reviews.hold(incident, "month", "continue", why="Nothing shows yet whether it helped.")


def test_nothing_is_left_in_the_files_of_the_database(usecases: UseCases, store: Store) -> None:
    message = sent(usecases)
    usecases.erasing.erase(f"message/{message}", WHY)
    if store.kind == "sqlite":
        from pathlib import Path

        file = Path(str(store.engine.url.database))
        for one in file.parent.glob(f"{file.name}*"):
            data = one.read_bytes().lower()
            assert SECRET.lower().encode() not in data, one


def test_the_plan_tells_what_goes_and_what_stays_and_changes_nothing(usecases: UseCases, store: Store) -> None:
    message = sent(usecases)
    before = everything(store)
    plan = usecases.erasing.plan(f"message/{message}")
    assert plan.rows == {"draft_version": 2, "promise": 1}
    assert any("Backups" in line for line in plan.left)
    assert everything(store) == before


@pytest.mark.parametrize(
    ("subject", "why", "error"),
    [
        ("nothing/1", WHY, UnknownNameError),
        ("message/NONE", WHY, NotFoundError),
        ("message/';--", WHY, NotFoundError),
        ("person/nobody", WHY, NotFoundError),
        ("message/X", " ", InputError),
    ],
)
def test_what_cannot_be_erased_is_said(usecases: UseCases, subject: str, why: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        usecases.erasing.erase(subject, why)


@contextmanager
def buried(store: Store, table: str) -> Iterator[Connection]:
    """A transaction, taken back in the end, in which the first row of a table has a tombstone; the new salt is `fresh`."""
    with store.engine.connect() as connection:
        seq = connection.execute(text(f"SELECT min(journal_seq) FROM {table}")).scalar_one()
        stone = {"kept_in": table, "row_seq": seq, "subject": "x", "erased_at": START, "by": "ana", "why": "why", "salt": "fresh"}
        connection.execute(tombstone.insert(), stone | {"journal_seq": seq})
        yield connection
        connection.rollback()


OTHERS = {"due": LATER, "due_earliest": LATER, "made_at": LATER, "recorded_at": LATER, "proposed": 1, "private": 1, "journal_seq": 1}


@pytest.mark.parametrize("column", [column.name for column in promise.columns])
def test_a_tombstone_lets_no_other_change_through(usecases: UseCases, store: Store, column: str) -> None:
    sent(usecases)
    values = {"words": ERASED, "time_words": ERASED, "salt": "fresh", column: OTHERS.get(column, "another")}
    with buried(store, "promise") as connection, pytest.raises(DBAPIError, match="kept as they were written"):
        connection.execute(promise.update().values(**values))


def test_without_a_tombstone_not_even_erasing_is_let_through(usecases: UseCases, store: Store) -> None:
    sent(usecases)
    with pytest.raises(DBAPIError, match="kept as they were written"), store.writing() as connection:
        connection.execute(text(f"UPDATE draft_version SET text = '{ERASED}'"))


def test_a_tombstone_lets_no_row_be_deleted(usecases: UseCases, store: Store) -> None:
    sent(usecases)
    with buried(store, "draft_version") as connection, pytest.raises(DBAPIError, match="kept as they were written"):
        connection.execute(text("DELETE FROM draft_version"))


def test_words_that_were_erased_without_the_journal_are_found(usecases: UseCases, store: Store) -> None:
    sent(usecases)
    with buried(store, "promise") as connection:
        connection.execute(promise.update().values(words=ERASED, time_words=ERASED, salt="fresh"))
        assert [problem.code for problem in ledger_problems(connection)] == ["tombstone-false"]


@pytest.mark.parametrize("change", ["UPDATE tombstone SET why = 'another'", "DELETE FROM tombstone"])
def test_a_tombstone_itself_is_kept(usecases: UseCases, store: Store, change: str) -> None:
    usecases.erasing.erase(f"message/{sent(usecases)}", WHY)
    with pytest.raises(DBAPIError, match="kept as they were written"), store.writing() as connection:
        connection.execute(text(change))


def test_every_table_of_words_that_only_grows_can_be_erased_and_names_columns_that_are_there() -> None:
    for name, columns in ERASABLE.items():
        assert set(columns) <= set(metadata.tables[name].c.keys())
