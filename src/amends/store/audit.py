"""Reads the whole journal against itself and against the texts that it knows by their hash, and reports what does not fit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import literal, or_, select

from amends.core.problem import Problem
from amends.store.instant import stamp
from amends.store.journal import ORIGIN, PAGE, entries, row_hash, text_hash
from amends.store.schema import document_version, draft_version, journal, timeline_version, tombstone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Connection, Row, Table

    from amends.core.incident import JournalEntry

RESTORE = "compare with a backup: somebody, or a broken disk, changed the database behind the program"


def chain_problems(connection: Connection) -> Iterator[Problem]:
    """Rows that were altered, are missing, or do not follow the row before them, in order."""
    previous_seq, previous_hash = 0, ORIGIN
    for entry in entries(connection):
        if entry.seq != previous_seq + 1:
            gone = f"{previous_seq + 1}" if entry.seq == previous_seq + 2 else f"{previous_seq + 1} to {entry.seq - 1}"
            yield problem("journal-gap", entry.seq, f"rows missing before row {entry.seq}: {gone}")
        elif entry.previous != previous_hash:
            yield problem("journal-link", entry.seq, f"row {entry.seq} does not follow row {previous_seq}")
        if entry.hash != _expected(entry):
            yield problem("journal-altered", entry.seq, f"row {entry.seq} ({entry.what}) is not as it was written")
        previous_seq, previous_hash = entry.seq, entry.hash


@dataclass(frozen=True, slots=True)
class Texts:
    """A table of texts that are kept in versions, and what the journal says of each.

    `whats` are the changes that bring a version, each with the outcome it must have; `same` are the columns that the journal holds too,
    by the names that it has for them, `at` and `author` the columns that must be the time and the actor of its row.
    """

    name: str
    table: Table
    subject: str
    owner: str
    number: str
    text: str
    whats: dict[str, str]
    same: dict[str, str]
    at: str
    author: str | None = None


def _outcomes(of: str) -> dict[str, str]:
    return {f"{of}.started": "saved", f"{of}.saved": "saved", f"{of}.merged": "merged", f"{of}.set-aside": "set-aside"}


TEXTS = (
    Texts(
        "draft", draft_version, "draft", "draft_id", "version", "text", _outcomes("draft"),
        {"based_on": "based_on", "form": "form", "audience": "audience", "tz": "tz"}, "recorded_at",
    ),
    Texts(
        "document", document_version, "document", "document_id", "version", "text", _outcomes("document"),
        {"based_on": "based_on"}, "recorded_at", "author",
    ),
    Texts(
        "timeline", timeline_version, "incident", "incident_id", "number", "document", {"timeline.assembled": ""},
        {"entries": "entries", "tz": "tz"}, "made_at", "made_by",
    ),
)  # fmt: skip


def text_problems(connection: Connection, of: Texts) -> Iterator[Problem]:
    """Versions that are not the ones the journal speaks of, or that are gone, in order of the journal; erased ones are read elsewhere."""
    own = of.table.c
    erased = is_erased(of.table).label("erased")
    query = (
        select(journal.c.seq, journal.c.at.label("told_at"), journal.c.actor, journal.c.what, journal.c.subject, journal.c.data)
        .add_columns(own[of.text].label("kept_text"), own.salt.label("kept_salt"), erased, *(own[name] for name in _compared(of)))
        .join_from(journal, of.table, own.journal_seq == journal.c.seq, isouter=True)
        .where(journal.c.what.in_(of.whats))
        .order_by(journal.c.seq)
    )
    for row in connection.execution_options(yield_per=PAGE).execute(query):
        if row.kept_text is None:
            yield problem(f"{of.name}-missing", row.seq, f"the version of {row.subject} that row {row.seq} speaks of is gone")
        elif not row.erased and not _is_told(row, of):
            told = f"row {row.seq} speaks of another text of {row.subject} than the one that is kept"
            yield problem(f"{of.name}-altered", row.seq, told)


def unrecorded_problems(connection: Connection, of: Texts) -> Iterator[Problem]:
    """Versions that the journal does not speak of: slipped in, or the end of the journal was cut off."""
    own = of.table.c
    query = (
        select(own[of.owner].label("owner"), own[of.number].label("number"), own.journal_seq)
        .join_from(of.table, journal, own.journal_seq == journal.c.seq, isouter=True)
        .where(or_(journal.c.seq.is_(None), journal.c.what.not_in(of.whats)))
        .order_by(own.journal_seq)
    )
    for row in connection.execution_options(yield_per=PAGE).execute(query):
        told = f"version {row.number} of {of.subject}/{row.owner} cites row {row.journal_seq}, which does not speak of it"
        yield problem(f"{of.name}-unrecorded", row.journal_seq, told)


def is_erased(table: Table) -> ColumnElement[bool]:
    """Whether a tombstone speaks of a row of this table."""
    own = tombstone.c
    return select(literal(1)).where(own.kept_in == table.name, own.row_seq == table.c.journal_seq).exists()


def told_in(data: str) -> dict[str, Any]:
    """What a row of the journal says; an unreadable one says nothing, and is reported as altered anyway."""
    try:
        read = json.loads(data)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def problem(code: str, seq: int, message: str) -> Problem:
    """Something that does not fit, at a row of the journal."""
    return Problem(code, message, RESTORE, field=f"journal[{seq}]")


def _compared(of: Texts) -> tuple[str, ...]:
    more = ("outcome",) if "outcome" in of.table.c else ()
    return (of.owner, of.number, *of.same.values(), *more, of.at, *([of.author] if of.author else []))


def _is_told(row: Row[Any], of: Texts) -> bool:
    kept, told = row._mapping, told_in(row.data)  # noqa: SLF001  # its public name, with an underscore so that no column hides it
    first = told.get("imported", {})  # what the row was in the store where it was written
    while "before" in first:
        first = first["before"]
    at, actor = first.get("at", stamp(row.told_at)), first.get("actor", row.actor)
    return (
        row.subject == f"{of.subject}/{kept[of.owner]}"
        and told.get("version") == kept[of.number]
        and told.get("sha256") == text_hash(row.kept_salt, row.kept_text)
        and all(told[name] == kept[column] for name, column in of.same.items() if name in told)
        and of.whats[row.what] in ("", kept.get("outcome"))
        and at == stamp(kept[of.at])
        and (of.author is None or actor == kept[of.author])
    )


def _expected(entry: JournalEntry) -> str:
    return row_hash(
        seq=entry.seq, at=entry.at, actor=entry.actor, what=entry.what, subject=entry.subject, data=entry.data, previous=entry.previous
    )
