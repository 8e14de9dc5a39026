"""Reads sent messages, promises and their events against the journal, and reports what does not fit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import literal, select

from amends.core.problem import Problem
from amends.store.audit import RESTORE
from amends.store.journal import PAGE, record_hash
from amends.store.messages import LATER, SENT
from amends.store.promises import MADE
from amends.store.schema import journal, message, promise, promise_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Connection, RowMapping, Table

_UNTOLD = frozenset({"salt", "journal_seq", "vouched", "about", "hash_salt"})


def ledger_problems(connection: Connection) -> Iterator[Problem]:
    """Records that were altered, are gone, or that the journal does not speak of."""
    made, sent = journal.c.what == MADE, journal.c.what == SENT
    happened = journal.c.what.like("promise.%") & (journal.c.what != MADE)
    salt = select(promise.c.salt).where(promise.c.id == promise_event.c.promise_id).scalar_subquery()
    yield from _gone(connection, message, sent)
    yield from _gone(connection, promise, made)
    yield from _gone(connection, promise_event, happened)
    yield from _false(connection, message, message.c.id, literal("message/") + message.c.id)
    yield from _false(connection, promise, promise.c.salt, literal("promise/") + promise.c.id)
    yield from _false(connection, promise_event, salt, literal("promise/") + promise_event.c.promise_id)


def _gone(connection: Connection, table: Table, told: ColumnElement[bool]) -> Iterator[Problem]:
    """Records that the journal speaks of and that are not there."""
    query = select(journal.c.seq, journal.c.subject).join_from(journal, table, table.c.journal_seq == journal.c.seq, isouter=True)
    for row in connection.execute(query.where(told, table.c.journal_seq.is_(None)).order_by(journal.c.seq)):
        what = table.name.replace("_", " ")
        yield _problem("record-missing", row.seq, f"the {what} of {row.subject} that row {row.seq} speaks of is gone")


def _false(connection: Connection, table: Table, salt: ColumnElement[Any], subject: ColumnElement[str]) -> Iterator[Problem]:
    """Records that the journal does not speak of, or of which it says something else."""
    what = table.name.replace("_", " ")
    query = select(table, salt.label("hash_salt"), subject.label("about"), journal.c.data.label("vouched"))
    query = query.join_from(table, journal, (table.c.journal_seq == journal.c.seq) & (journal.c.subject == subject), isouter=True)
    for row in connection.execution_options(yield_per=PAGE).execute(query.order_by(table.c.journal_seq)).mappings():
        seq = row["journal_seq"]
        if row["vouched"] is None:
            yield _problem("record-unrecorded", seq, f"the {what} of {row['about']} cites row {seq}, which does not speak of it")
        elif _hash(row) != _told(row["vouched"]):
            yield _problem("record-altered", seq, f"the {what} of {row['about']} is not the one that row {seq} speaks of")


def _hash(row: RowMapping) -> str:
    told = {name: value for name, value in row.items() if name not in _UNTOLD and (value is not None or name not in LATER)}
    return record_hash(row["hash_salt"], told)


def _told(data: str) -> object:
    try:
        read = json.loads(data)
    except ValueError:
        return None
    return read.get("sha256") if isinstance(read, dict) else None


def _problem(code: str, seq: int, told: str) -> Problem:
    return Problem(code, told, RESTORE, field=f"journal[{seq}]")
