"""Timelines as rows, on each kind of database: versions and notes cannot be changed, and the journal knows them without their words."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from amends.core.errors import NotFoundError
from amends.core.incident import Incident
from amends.store import incidents, journal
from amends.store import timelines as rows
from amends.timeline.notes import Note
from amends.timeline.versions import Evidence, Run, Version

if TYPE_CHECKING:
    from amends.store.engine import Store

NOW = datetime(2026, 3, 4, 10, 50, tzinfo=UTC)
DOCUMENT = {"evidence": ["e1"], "rows": [{"id": "3f2a91c0-0", "text": "naïve \u0000 text"}], "problems": []}


@pytest.fixture
def filled(store: Store) -> Store:
    """One incident with a source, a version, a note and a reading."""
    with store.writing() as connection:
        incidents.add(connection, Incident("i1", "Saved cards are rejected", "SEV3", "investigating", NOW, NOW))
        source = Evidence(
            "e1", "i1", "payroll.log", kept=True, place="payroll.log", sha256="ab" * 32, size=5_000_000_000, added_at=NOW, added_by="ana"
        )
        rows.add_evidence(connection, source)
        rows.add_version(connection, Version("i1", 1, NOW, "ana", None, 1, DOCUMENT), salt="salt")
        rows.add_note(connection, Note("n1", "i1", "3f2a91c0-0", "commented", NOW, "ana", "Kim saw it", version=1), salt="salt")
        rows.add_run(connection, Run("r1", "i1", "running", None, NOW, "ana", "p1", NOW))
    return store


def test_everything_is_read_back_as_it_was_written(filled: Store) -> None:
    with filled.reading() as connection:
        assert rows.version(connection, "i1", 1).document == DOCUMENT
        assert rows.notes_of(connection, "i1") == (Note("n1", "i1", "3f2a91c0-0", "commented", NOW, "ana", "Kim saw it", version=1),)
        (source,) = rows.evidence_of(connection, "i1")
        assert (source.size, source.kept, source.removed_at) == (5_000_000_000, True, None)
        assert rows.with_any(connection, seen_by="local") == {"i1": (1, 1)}


@pytest.mark.parametrize("table", ["timeline_version", "timeline_note"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET incident_id = 'i2'", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_a_version_or_a_note(filled: Store, table: str, statement: str) -> None:
    with pytest.raises(DBAPIError, match="kept as they were written"), filled.writing() as connection:
        connection.execute(text(statement.format(table)))


def test_the_journal_knows_what_was_kept_by_its_hash_and_holds_no_word_of_it(filled: Store) -> None:
    with filled.reading() as connection:
        told = list(journal.entries(connection, subject="incident/i1"))
    assert [entry.what for entry in told] == ["evidence.added", "timeline.assembled", "timeline.commented"]
    assert not any(word in entry.data for entry in told for word in ("payroll", "Kim", "text"))
    assert json.loads(told[1].data)["sha256"] == journal.text_hash("salt", journal.canonical(DOCUMENT))


def test_one_number_is_one_version_and_a_note_is_taken_back_once(filled: Store) -> None:
    with pytest.raises(IntegrityError), filled.writing() as connection:
        rows.add_version(connection, Version("i1", 1, NOW, "ben", None, 1, DOCUMENT), salt="other")
    with filled.writing() as connection:
        rows.add_note(connection, Note("n2", "i1", "3f2a91c0-0", "withdrawn", NOW, "ana", undoes="n1"), salt="salt")
    with pytest.raises(IntegrityError), filled.writing() as connection:
        rows.add_note(connection, Note("n3", "i1", "3f2a91c0-0", "withdrawn", NOW, "ana", undoes="n1"), salt="salt")


def test_a_note_speaks_of_a_version_that_there_is(filled: Store) -> None:
    with pytest.raises(IntegrityError), filled.writing() as connection:
        rows.add_note(connection, Note("n2", "i1", "3f2a91c0-0", "pinned", NOW, "ana", version=2), salt="salt")


@pytest.mark.parametrize("number", [0, -1, 2, 2**31, 2**70])
def test_a_version_of_any_other_number_is_not_there(filled: Store, number: int) -> None:
    with pytest.raises(NotFoundError), filled.reading() as connection:
        rows.version(connection, "i1", number)


def test_a_reading_is_changed_as_it_goes(filled: Store) -> None:
    with filled.writing() as connection:
        rows.set_run(connection, "r1", done=6_000_000_000, total=7_000_000_000, state="done", version=1)
    with filled.reading() as connection:
        found = rows.last_run(connection, "i1")
    assert found == Run("r1", "i1", "done", None, NOW, "ana", "p1", NOW, 6_000_000_000, 7_000_000_000, 1)
