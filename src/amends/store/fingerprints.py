"""What fingerprints are read from: the words that were written of some incidents, in a fixed number of queries however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from amends.recurrence.fingerprint import LONGEST, Said
from amends.store.parts import in_parts
from amends.store.schema import account_evidence, account_point, draft_version, fingerprint, incident, incident_event, message, tombstone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

_FACTS = {"cause": "cause", "happened": "happened", "impact": "claim", "constraint": "claim", "recovery": "claim"}
_COMMITS = ("hotfix", "rollback")
_CLAIMS = {"cause": "cause", "signal": "claim", "fact": "happened", "effect": "claim"}
_POINTS = {"condition": "condition", "badly": "badly"}
_ENTRIES = ("log", "alert", "deploy")
_MESSAGES = 3
"""The first messages of an incident are read: later ones repeat them."""


def said_of(connection: Connection, ids: Sequence[str]) -> dict[str, list[Said]]:
    """What was written of each of some incidents and still stands, as far as a fingerprint is read from it."""
    found: dict[str, list[Said]] = {name: [] for name in ids}
    for part in in_parts(tuple(found)):
        for reader in (_titles, _facts, _points, _cited, _messages):
            for name, said in reader(connection, part):
                found[name].append(said)
    return found


def last_change(connection: Connection, incident_id: str) -> int:
    """The number of the last row of the journal that changed words from which the fingerprint of an incident is read."""
    tables = (incident_event, account_point, account_evidence, message, fingerprint)
    numbers = [select(func.max(table.c.journal_seq)).where(table.c.incident_id == incident_id).scalar_subquery() for table in tables]
    numbers.append(select(func.max(tombstone.c.journal_seq)).scalar_subquery())  # whatever was erased may have been among them
    return max((number or 0 for number in connection.execute(select(*numbers)).one()), default=0)


def _titles(connection: Connection, ids: Sequence[str]) -> Iterator[tuple[str, Said]]:
    for row in connection.execute(select(incident.c.id, incident.c.title).where(incident.c.id.in_(ids))):
        yield row.id, Said("title", row.title)


def _facts(connection: Connection, ids: Sequence[str]) -> Iterator[tuple[str, Said]]:
    """Facts and commits that nothing took the place of."""
    own = incident_event.c
    query = select(own.id, own.incident_id, own.what, own.kind, own.text, own.replaces).where(own.incident_id.in_(ids))
    rows = connection.execute(query.order_by(own.journal_seq)).all()
    gone = {row.replaces for row in rows if row.replaces is not None}
    for row in rows:
        source = _FACTS.get(row.kind) if row.what == "fact" else "commit" if row.what == "commit" and row.kind in _COMMITS else None
        if source is not None and row.text and row.id not in gone:
            yield row.incident_id, Said(source, row.text, row.id)


def _points(connection: Connection, ids: Sequence[str]) -> Iterator[tuple[str, Said]]:
    """Claims and conditions of the account in their newest revision."""
    own = account_point.c
    query = select(own.id, own.incident_id, own.item, own.part, own.kind, own.text, own.what).where(own.incident_id.in_(ids))
    newest = {row.item: row for row in connection.execute(query.order_by(own.journal_seq))}
    for row in newest.values():
        source = _CLAIMS.get(row.kind) if row.part == "claim" else _POINTS.get(row.part)
        if source is not None and row.what == "written":
            yield row.incident_id, Said(source, row.text, row.item)


def _cited(connection: Connection, ids: Sequence[str]) -> Iterator[tuple[str, Said]]:
    """Entries of the timeline that the account cites, and that nobody took back."""
    own = account_evidence.c
    query = select(own.id, own.incident_id, own.entry_kind, own.quote, own.undoes).where(own.incident_id.in_(ids), own.kind == "entry")
    rows = connection.execute(query.order_by(own.journal_seq)).all()
    undone = {row.undoes for row in rows if row.undoes is not None}
    for row in rows:
        if row.undoes is None and row.id not in undone and row.quote and row.entry_kind in _ENTRIES:
            yield row.incident_id, Said("deploy" if row.entry_kind == "deploy" else "entry", row.quote, row.id)


def _messages(connection: Connection, ids: Sequence[str]) -> Iterator[tuple[str, Said]]:
    own, kept = message.c, draft_version.c
    number = func.row_number().over(partition_by=own.incident_id, order_by=(own.sent_at, own.id)).label("number")
    joined = message.join(draft_version, (kept.draft_id == own.draft_id) & (kept.version == own.version))
    ranked = select(own.id, own.incident_id, func.substr(kept.text, 1, LONGEST).label("text"), number).select_from(joined)
    first = ranked.where(own.incident_id.in_(ids)).subquery()
    for row in connection.execute(select(first).where(first.c.number <= _MESSAGES).order_by(first.c.number)):
        yield row.incident_id, Said("message", row.text, row.id)
