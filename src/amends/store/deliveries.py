"""Who was told what, as rows that are only ever added: each try to reach somebody, what came of it, and that they read it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from amends.incidents.involved import Delivery
from amends.store import journal
from amends.store.messages import LATER
from amends.store.parts import in_parts
from amends.store.schema import delivery, is_id, message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sqlalchemy import Connection, Select

TOLD = "delivery."
"""How the changes are called by which somebody is told: this and the kind of delivery."""

_NAMES = tuple(field.name for field in fields(Delivery))


def add(connection: Connection, new: Delivery) -> None:
    """Keep one step of a message towards a stakeholder, with its row of the journal, which knows the reason of a failure by its hash."""
    row = asdict(new)
    known = {name: value for name, value in row.items() if value is not None or name not in LATER}
    told = {"sha256": journal.record_hash(new.id, known), "stakeholder": new.stakeholder_id}
    what, subject = f"{TOLD}{new.what}", f"message/{new.message_id}"
    seq = journal.append(connection, at=new.recorded_at, actor=new.by, what=what, subject=subject, data=told)
    connection.execute(insert(delivery), row | {"journal_seq": seq})


def of_message(connection: Connection, message_id: str) -> tuple[Delivery, ...]:
    """What is known of one message and everybody it was for, in the order in which it was recorded."""
    if not is_id(message_id):
        return ()
    return _read(connection, _deliveries().where(delivery.c.message_id == message_id))


def of_incident(connection: Connection, incident_id: str) -> tuple[Delivery, ...]:
    """The same for all messages about an incident, in one query."""
    query = _deliveries().join(message, message.c.id == delivery.c.message_id).where(message.c.incident_id == incident_id)
    return _read(connection, query)


def of_incidents(connection: Connection, ids: Sequence[str]) -> dict[str, list[Delivery]]:
    """The same of many incidents, in few statements."""
    found: dict[str, list[Delivery]] = defaultdict(list)
    for part in in_parts(ids):
        query = _deliveries().add_columns(message.c.incident_id).join(message, message.c.id == delivery.c.message_id)
        for row in connection.execute(query.where(message.c.incident_id.in_(part)).order_by(delivery.c.journal_seq)).mappings():
            found[row["incident_id"]].append(Delivery(**{name: row[name] for name in _NAMES}))
    return found


def _deliveries() -> Select[Any]:
    return select(*(delivery.c[name] for name in _NAMES))


def _read(connection: Connection, query: Select[Any]) -> tuple[Delivery, ...]:
    return tuple(Delivery(**row) for row in connection.execute(query.order_by(delivery.c.journal_seq)).mappings())
