"""Reads every record that only grows against the journal, which knows each by its hash, and reports what does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import literal, not_, select

from amends.store import narrative, suggesting, versions
from amends.store.actions import PROPOSED
from amends.store.audit import is_erased, problem, told_in
from amends.store.deliveries import TOLD
from amends.store.journal import PAGE, record_hash
from amends.store.messages import LATER, SENT
from amends.store.promises import MADE
from amends.store.schema import (
    account_evidence,
    account_point,
    action_event,
    action_item,
    delivery,
    fingerprint,
    guardrail_event,
    incident_event,
    journal,
    message,
    metadata,
    model_adoption,
    model_draft,
    playbook_event,
    playbook_run,
    promise,
    promise_event,
    recurrence_judgement,
    redaction,
    repair_action,
    timeline_note,
    tombstone,
    trust_break,
    trust_review,
    trust_review_event,
    version_sent,
    version_tie,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import ColumnElement, Connection, Table

    from amends.core.problem import Problem

ERASED = "record.erased"
"""The change by which words of a person give way to a tombstone."""

_UNTOLD = frozenset({"salt", "journal_seq", "vouched", "told_about", "hash_salt"})


@dataclass(frozen=True, slots=True)
class Records:
    """A table of records: which changes bring one, what their hash is salted with, and of what the journal says they are."""

    table: Table
    brought_by: ColumnElement[bool]
    salt: ColumnElement[Any]
    subject: ColumnElement[str]


def _holds(key: str) -> ColumnElement[bool]:
    """That a row of the journal names a record of its own beside its subject; its data is canonical JSON and holds no person's text."""
    return journal.c.data.like(f'%"{key}":"%')


def _of(table: Table, word: str, column: str) -> ColumnElement[str]:
    return literal(f"{word}/") + table.c[column]


def _salt_of(parent: Table, child: ColumnElement[str]) -> ColumnElement[Any]:
    return select(parent.c.salt).where(parent.c.id == child).scalar_subquery()


_what = journal.c.what
RECORDS = (
    Records(message, _what == SENT, message.c.id, _of(message, "message", "id")),
    Records(promise, _what == MADE, promise.c.salt, _of(promise, "promise", "id")),
    Records(
        promise_event,
        _what.like("promise.%") & (_what != MADE),
        _salt_of(promise, promise_event.c.promise_id),
        _of(promise_event, "promise", "promise_id"),
    ),
    Records(delivery, _what.like(f"{TOLD}%"), delivery.c.id, _of(delivery, "message", "message_id")),
    Records(
        incident_event, _what.like("incident.%") & _holds("event"), incident_event.c.salt, _of(incident_event, "incident", "incident_id")
    ),
    Records(action_item, _what == PROPOSED, action_item.c.salt, _of(action_item, "action", "id")),
    Records(
        action_event,
        _what.like("action.%") & _holds("event"),
        _salt_of(action_item, action_event.c.action_id),
        _of(action_event, "action", "action_id"),
    ),
    *(
        Records(table, _what.in_(brought_by), table.c.salt, _of(table, "incident", "incident_id"))
        for table, brought_by in (
            (account_point, (narrative.STATED, narrative.REVISED, narrative.WITHDRAWN)),
            (account_evidence, (narrative.CITED, narrative.UNCITED)),
            (version_tie, (versions.TIED, versions.UNTIED)),
            (redaction, (versions.REDACTED, versions.LIFTED)),
            (version_sent, (versions.SENT,)),
            (model_draft, (suggesting.DRAFTED,)),
            (model_adoption, (suggesting.ADOPTED,)),
        )
    ),
    *(
        Records(table, _what.like(f"{began}.%") & _holds(key), table.c.salt, _of(table, "incident", "incident_id"))
        for table, began, key in (
            (trust_break, "trust", "placed"),
            (repair_action, "trust", "repair"),
            (trust_review, "trust", "review"),
            (trust_review_event, "trust", "review_event"),
            (playbook_run, "playbook", "run"),
            (playbook_event, "playbook", "run_event"),
            (fingerprint, "recurrence", "fingerprint"),
            (recurrence_judgement, "recurrence", "judgement"),
            (guardrail_event, "recurrence", "guardrail_event"),
        )
    ),
    Records(timeline_note, _what.like("timeline.%") & _holds("note"), timeline_note.c.salt, _of(timeline_note, "incident", "incident_id")),
)


def ledger_problems(connection: Connection) -> Iterator[Problem]:
    """Records that were altered, are gone, or that the journal does not speak of; then what is wrong with what was erased."""
    for records in RECORDS:
        yield from _gone(connection, records.table, records.brought_by)
    yield from _gone(connection, tombstone, _what == ERASED)
    for records in RECORDS:
        yield from _false(connection, records)
    yield from erased_problems(connection)


def _gone(connection: Connection, table: Table, told: ColumnElement[bool]) -> Iterator[Problem]:
    """Records that the journal speaks of and that are not there."""
    query = select(journal.c.seq, journal.c.subject).join_from(journal, table, table.c.journal_seq == journal.c.seq, isouter=True)
    query = query.where(told, table.c.journal_seq.is_(None)).order_by(journal.c.seq)
    for row in connection.execution_options(yield_per=PAGE).execute(query):
        what = table.name.replace("_", " ")
        yield problem("record-missing", row.seq, f"the {what} of {row.subject} that row {row.seq} speaks of is gone")


def _false(connection: Connection, of: Records) -> Iterator[Problem]:
    """Records that the journal does not speak of, or of which it says something else."""
    table, what = of.table, of.table.name.replace("_", " ")
    query = select(table, of.salt.label("hash_salt"), of.subject.label("told_about"), journal.c.data.label("vouched"))
    query = query.join_from(table, journal, (table.c.journal_seq == journal.c.seq) & (journal.c.subject == of.subject), isouter=True)
    query = query.where(not_(is_erased(table))).order_by(table.c.journal_seq)
    for row in connection.execution_options(yield_per=PAGE).execute(query).mappings():
        seq = row["journal_seq"]
        if row["vouched"] is None:
            yield problem("record-unrecorded", seq, f"the {what} of {row['told_about']} cites row {seq}, which does not speak of it")
        elif _hash(row) != told_in(row["vouched"]).get("sha256"):
            yield problem("record-altered", seq, f"the {what} of {row['told_about']} is not the one that row {seq} speaks of")


def _hash(row: Mapping[Any, Any]) -> str:
    told = {name: value for name, value in row.items() if name not in _UNTOLD and (value is not None or name not in LATER)}
    return record_hash(row["hash_salt"], told)


# What was erased


def erased_hash(salt: str, row: Mapping[Any, Any]) -> str:
    """The hash by which the journal knows what is left of a row whose words were erased."""
    return record_hash(salt, {name: value for name, value in row.items() if name not in ("salt", "journal_seq")})


def stone_hash(stone: Mapping[Any, Any]) -> str:
    """The hash by which the journal knows a tombstone; which row it lies on follows from what is left of it."""
    return record_hash(stone["salt"], {name: stone[name] for name in ("kept_in", "subject", "erased_at", "by", "why")})


def erased_problems(connection: Connection) -> Iterator[Problem]:
    """Tombstones that the journal does not speak of, or whose row is not what was left of it."""
    query = select(tombstone, journal.c.data, journal.c.what, journal.c.subject.label("about")).order_by(tombstone.c.journal_seq)
    query = query.join_from(tombstone, journal, tombstone.c.journal_seq == journal.c.seq, isouter=True)
    for stone in connection.execution_options(yield_per=PAGE).execute(query).mappings():
        seq = stone["journal_seq"]
        told = told_in(stone["data"] or "")
        if stone["what"] != ERASED or stone["about"] != stone["subject"] or told.get("tombstone") != stone_hash(stone):
            yield problem("tombstone-false", seq, f"the tombstone of {stone['subject']} is not the one that row {seq} speaks of")
        elif not _is_left(connection, stone, told.get("sha256")):
            yield problem("record-altered", stone["row_seq"], f"what was left of {stone['subject']} is not what row {seq} speaks of")


def _is_left(connection: Connection, stone: Mapping[Any, Any], told: object) -> bool:
    table = metadata.tables.get(stone["kept_in"])
    if table is None or "journal_seq" not in table.c:
        return False
    row = connection.execute(select(table).where(table.c.journal_seq == stone["row_seq"])).mappings().one_or_none()
    return row is not None and row.get("salt", stone["salt"]) == stone["salt"] and erased_hash(stone["salt"], row) == told
