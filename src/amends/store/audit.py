"""Reads the whole journal against itself and against the drafts it speaks of, and reports what does not fit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from amends.core.problem import Problem
from amends.store.journal import ORIGIN, PAGE, entries, row_hash, text_hash
from amends.store.schema import draft_version, journal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from amends.core.incident import JournalEntry

RESTORE = "compare with a backup: somebody, or a broken disk, changed the database behind the program"


def chain_problems(connection: Connection) -> Iterator[Problem]:
    """Rows that were altered, are missing, or do not follow the row before them, in order."""
    previous_seq, previous_hash = 0, ORIGIN
    for entry in entries(connection):
        if entry.seq != previous_seq + 1:
            gone = f"{previous_seq + 1}" if entry.seq == previous_seq + 2 else f"{previous_seq + 1} to {entry.seq - 1}"
            yield _problem("journal-gap", entry.seq, f"rows missing before row {entry.seq}: {gone}")
        elif entry.previous != previous_hash:
            yield _problem("journal-link", entry.seq, f"row {entry.seq} does not follow row {previous_seq}")
        if entry.hash != _expected(entry):
            yield _problem("journal-altered", entry.seq, f"row {entry.seq} ({entry.what}) is not as it was written")
        previous_seq, previous_hash = entry.seq, entry.hash


def text_problems(connection: Connection) -> Iterator[Problem]:
    """Versions of drafts that are not the ones the journal speaks of, or that are gone, in order of the journal."""
    version = draft_version.c
    query = (
        select(journal.c.seq, journal.c.subject, journal.c.data, version.draft_id, version.version, version.text, version.salt)
        .join_from(journal, draft_version, version.journal_seq == journal.c.seq, isouter=True)
        .where(journal.c.what.in_(TEXT_CHANGES))
        .order_by(journal.c.seq)
    )
    for row in connection.execution_options(yield_per=PAGE).execute(query):
        if row.text is None:
            yield _problem("draft-missing", row.seq, f"the version of {row.subject} that row {row.seq} speaks of is gone")
        elif (f"draft/{row.draft_id}", row.version, text_hash(row.salt, row.text)) != (row.subject, *_told(row.data)):
            yield _problem("draft-altered", row.seq, f"row {row.seq} speaks of another text of {row.subject} than the one that is kept")


def unrecorded_problems(connection: Connection) -> Iterator[Problem]:
    """Versions of drafts that the journal does not speak of: slipped in, or the end of the journal was cut off."""
    version = draft_version.c
    query = (
        select(version.draft_id, version.version, version.journal_seq)
        .join_from(draft_version, journal, version.journal_seq == journal.c.seq, isouter=True)
        .where(or_(journal.c.seq.is_(None), journal.c.what.not_in(TEXT_CHANGES)))
        .order_by(version.journal_seq)
    )
    for row in connection.execution_options(yield_per=PAGE).execute(query):
        told = f"version {row.version} of draft/{row.draft_id} cites row {row.journal_seq}, which does not speak of it"
        yield _problem("draft-unrecorded", row.journal_seq, told)


TEXT_CHANGES = ("draft.started", "draft.saved", "draft.merged", "draft.set-aside")
"""The changes that bring a version of a draft, which the row describes by hash and length."""


def _expected(entry: JournalEntry) -> str:
    return row_hash(
        seq=entry.seq, at=entry.at, actor=entry.actor, what=entry.what, subject=entry.subject, data=entry.data, previous=entry.previous
    )


def _told(data: str) -> tuple[object, object]:
    """The version and the hash that a row speaks of; an unreadable row speaks of nothing and is reported as altered anyway."""
    try:
        read = json.loads(data)
    except ValueError:
        return None, None
    return (read.get("version"), read.get("sha256")) if isinstance(read, dict) else (None, None)


def _problem(code: str, seq: int, message: str) -> Problem:
    return Problem(code, message, RESTORE, field=f"journal[{seq}]")
