"""The journal: a chain that cannot fork, and whose every alteration is found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from amends.store import journal
from amends.store.engine import open_store
from amends.testing import START, CountingIds, FixedClock
from amends.usecases.checking import Checking
from amends.usecases.drafting import Drafting
from amends.usecases.facade import UseCases
from amends.usecases.journal import Journal

if TYPE_CHECKING:
    from amends.store.engine import Store


def note(store: Store, what: str = "test.noted", **data: object) -> int:
    with store.writing() as connection:
        return journal.append(connection, at=START, actor="ana", what=what, subject="test/1", data=data)


def tamper(store: Store, *statements: str) -> None:
    """Do behind the program what only somebody with the database in hand can do: with the guards taken off."""
    with store.writing() as connection:
        if store.kind == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            for table in ("journal", "draft_version", "message", "promise", "promise_event"):
                for verb in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER keep_{table}_{verb}"))
        for statement in statements:
            connection.execute(text(statement))


def codes(store: Store) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.field) for problem in Journal(store).verify()]


def test_each_row_names_the_row_before_it_and_the_first_names_none(store: Store) -> None:
    assert [note(store, number=n) for n in range(3)] == [1, 2, 3]
    entries = Journal(store).entries()
    assert [entry.previous for entry in entries] == [journal.ORIGIN, entries[0].hash, entries[1].hash]
    assert codes(store) == []


def test_the_hash_is_the_documented_one_so_that_others_can_verify_it(store: Store) -> None:
    note(store, b="ü", a=1)
    canonical = (
        '{"actor":"ana","at":"2026-03-04T10:50:00.000000+00:00","data":"{\\"a\\":1,\\"b\\":\\"\\\\u00fc\\"}","journal":"amends/1",'
        f'"previous":"{"0" * 64}","seq":1,"subject":"test/1","what":"test.noted"}}'
    )
    assert Journal(store).entries()[0].hash == sha256(canonical.encode()).hexdigest()


def test_the_same_changes_give_the_same_hashes_on_both_databases(store: Store) -> None:
    Drafting(store, FixedClock(), CountingIds()).new("The export skipped 12 rows.")
    assert Journal(store).entries()[-1].hash[:12] == "118feee909e8"


def test_entries_are_read_from_a_row_on_up_to_a_limit_and_by_subject(store: Store) -> None:
    for number in range(5):
        note(store, number=number)
    journal_ = Journal(store)
    assert [entry.seq for entry in journal_.entries(after=2, limit=2)] == [3, 4]
    assert [entry.seq for entry in journal_.about("test/1")] == [1, 2, 3, 4, 5]
    assert journal_.about("test/2") == ()


@pytest.mark.parametrize("table", ["journal", "draft_version"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET salt = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_itself_refuses_to_change_a_kept_row(store: Store, table: str, statement: str) -> None:
    Drafting(store, FixedClock(), CountingIds()).new("The export skipped 12 rows.")
    if statement.startswith("TRUNCATE") and store.kind == "sqlite":
        return  # SQLite has no such statement
    wanted = statement.format(table).replace("salt", "salt" if table == "draft_version" else "what")
    with pytest.raises(DBAPIError, match="are kept as they were written"), store.writing() as connection:
        connection.execute(text(wanted))
    assert codes(store) == []


def test_the_database_itself_refuses_a_fork(store: Store) -> None:
    note(store)
    with pytest.raises(IntegrityError), store.writing() as connection:
        connection.execute(
            text("INSERT INTO journal SELECT 2, at, actor, what, subject, data, previous, 'another hash' FROM journal WHERE seq = 1")
        )


@pytest.mark.parametrize(
    "change", ["actor = 'bo'", "what = 'other'", "subject = 'test/2'", "data = '{}'", "at = '2026-03-04 10:51:00+00:00'"]
)
def test_an_altered_row_is_found_by_its_number(store: Store, change: str) -> None:
    for number in range(4):
        note(store, number=number)
    tamper(store, f"UPDATE journal SET {change} WHERE seq = 2")
    assert codes(store) == [("journal-altered", "journal[2]")]


def test_a_row_that_was_altered_and_hashed_anew_no_longer_fits_the_next_one(store: Store) -> None:
    for number in range(3):
        note(store, number=number)
    second = Journal(store).entries()[1]
    forged = journal.row_hash(
        seq=2, at=second.at, actor="bo", what=second.what, subject=second.subject, data=second.data, previous=second.previous
    )
    tamper(store, f"UPDATE journal SET actor = 'bo', hash = '{forged}' WHERE seq = 2")
    assert codes(store) == [("journal-link", "journal[3]")]


def test_missing_rows_are_counted_out(store: Store) -> None:
    for number in range(5):
        note(store, number=number)
    tamper(store, "DELETE FROM journal WHERE seq IN (1, 3, 4)")
    problems = Journal(store).verify()
    assert [(problem.code, problem.message) for problem in problems] == [
        ("journal-gap", "rows missing before row 2: 1"),
        ("journal-gap", "rows missing before row 5: 3 to 4"),
    ]
    assert all("backup" in problem.hint for problem in problems)


def test_a_draft_whose_text_was_changed_behind_the_journal_is_found(store: Store) -> None:
    drafting = Drafting(store, FixedClock(), CountingIds())
    drafting.new("The export skipped 12 rows.")
    drafting.new("The export skipped 15 rows.")
    tamper(store, "UPDATE draft_version SET text = 'The export skipped 2 rows.' WHERE text LIKE '%12%'")
    assert codes(store) == [("draft-altered", "journal[1]")]


def test_versions_that_were_swapped_are_found_though_each_text_is_known(store: Store) -> None:
    drafting = Drafting(store, FixedClock(), CountingIds())
    draft = drafting.new("one")
    drafting.save(draft.id, "two", "auto", None, None, 1)
    tamper(store, "UPDATE draft_version SET version = version + 10", "UPDATE draft_version SET version = 13 - version")
    assert codes(store) == [("draft-altered", "journal[1]"), ("draft-altered", "journal[2]")]


def test_a_version_that_is_gone_is_found(store: Store) -> None:
    drafting = Drafting(store, FixedClock(), CountingIds())
    draft = drafting.new("one")
    drafting.save(draft.id, "two", "auto", None, None, 1)
    tamper(store, "DELETE FROM draft_version WHERE version = 1")
    assert codes(store) == [("draft-missing", "journal[1]")]


@pytest.mark.postgres
def test_a_cut_off_end_is_found_by_the_draft_that_cites_it(migrated_postgres: str) -> None:
    store = open_store(migrated_postgres)
    Drafting(store, FixedClock(), CountingIds()).new("one")
    tamper(store, "DELETE FROM journal")
    assert codes(store) == [("draft-unrecorded", "journal[1]")]
    store.close()


def test_a_version_that_the_journal_does_not_speak_of_is_found(store: Store) -> None:
    Drafting(store, FixedClock(), CountingIds()).new("one")
    note(store)
    columns = "draft_id, 2, 'slipped in', form, audience, tz, 1, outcome, recorded_at, salt, 2"
    tamper(store, f"INSERT INTO draft_version SELECT {columns} FROM draft_version")
    assert codes(store) == [("draft-unrecorded", "journal[2]")]


@pytest.mark.parametrize("data", ["not json", "[]", '{"version": 1}'])
def test_data_that_cannot_be_read_is_a_problem_not_a_crash(store: Store, data: str) -> None:
    Drafting(store, FixedClock(), CountingIds()).new("one")
    tamper(store, f"UPDATE journal SET data = '{data}'".replace(":", r"\:"))
    assert codes(store) == [("journal-altered", "journal[1]"), ("draft-altered", "journal[1]")]


def test_a_journal_longer_than_a_page_is_verified_whole(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amends.store.journal.PAGE", 7)
    with store.writing() as connection:
        for number in range(50):
            at = datetime(2026, 3, 4, 10, number, 0, number, tzinfo=UTC)
            journal.append(connection, at=at, actor="ana", what="test.noted", subject="test/1", data={"number": number})
    assert codes(store) == []
    tamper(store, "UPDATE journal SET actor = 'bo' WHERE seq = 43")
    assert codes(store) == [("journal-altered", "journal[43]")]


@pytest.fixture
def ledger(store: Store) -> Store:
    """A sent message with one promise, moved once: rows 1 to 6 are the draft, the message, its finishing, two promises and the move."""
    usecases = UseCases(Checking, lambda: store, FixedClock(), CountingIds())
    message = usecases.messaging.record("Next update by 11:10 UTC.", audience="team", tz="UTC")
    (update,) = usecases.promising.of_message(message.id)
    usecases.promising.move(update.promise.id, START + timedelta(hours=1), why="the line is down")
    assert usecases.journal.verify() == []
    return store


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE promise SET due = NULL WHERE follows IS NULL", ("record-altered", "journal[4]")),
        ("UPDATE promise SET words = 'Next update some day' WHERE follows IS NULL", ("record-altered", "journal[4]")),
        ("UPDATE promise_event SET why = NULL", ("record-altered", "journal[6]")),
        ("UPDATE promise_event SET what = 'kept'", ("record-altered", "journal[6]")),
        ("UPDATE message SET audience = 'customers'", ("record-altered", "journal[2]")),
        ("DELETE FROM promise_event", ("record-missing", "journal[6]")),
        ("UPDATE promise_event SET journal_seq = 1", ("record-unrecorded", "journal[1]")),
    ],
)
def test_a_ledger_that_was_changed_behind_the_journal_is_found(ledger: Store, change: str, found: tuple[str, str]) -> None:
    tamper(ledger, change)
    assert found in codes(ledger)
