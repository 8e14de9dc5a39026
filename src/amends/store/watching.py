"""What changed since somebody looked, told by the journal, and who may still look: asked twice a second while anybody watches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, func, or_, select

from amends.store.access import has_accounts
from amends.store.schema import (
    account_point,
    action_item,
    document,
    fingerprint,
    guardrail_event,
    incident,
    invitation,
    journal,
    message,
    model_draft,
    person,
    playbook_run,
    promise,
    recurrence_judgement,
    recurrence_match,
    session,
    trust_review,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection

MOST_ROWS = 2000
"""How many changes are looked at in one go; what is left comes with the next."""

_OWNERS = {
    "message": message, "promise": promise, "action": action_item, "document": document, "point": account_point, "model": model_draft,
    "run": playbook_run, "review": trust_review, "fingerprint": fingerprint, "judgement": recurrence_judgement,
    "guardrail": guardrail_event,
}  # fmt: skip
"""What belongs to an incident, by how the journal calls it."""


def head(connection: Connection) -> int:
    """The number of the last change, 0 before the first."""
    return connection.execute(select(func.max(journal.c.seq))).scalar() or 0


def touched(connection: Connection, after: int) -> tuple[int, dict[str, frozenset[str]]]:
    """The number of the last change looked at, and the subjects that changed since number `after`, by the incident that they belong to."""
    rows = connection.execute(
        select(journal.c.seq, journal.c.subject).where(journal.c.seq > after).order_by(journal.c.seq).limit(MOST_ROWS)
    )
    last, subjects = after, set()
    for seq, subject in rows:
        last = seq
        subjects.add(subject)
    found: dict[str, set[str]] = {}
    named: dict[str, list[str]] = {}
    for subject in subjects:
        kind, _, name = subject.partition("/")
        if kind == "incident":
            found.setdefault(name, set()).add(subject)
        elif kind in _OWNERS:
            named.setdefault(kind, []).append(name)
    for kind, names in named.items():
        table = _OWNERS[kind]
        for name, incident_id in connection.execute(select(table.c.id, table.c.incident_id).where(table.c.id.in_(names))):
            if incident_id is not None:
                found.setdefault(incident_id, set()).add(f"{kind}/{name}")
    return last, {name: frozenset(about) for name, about in found.items()}


def roles_of(connection: Connection, names: Collection[str]) -> dict[str, str]:
    """The roles of those who may work here; everybody is owner in a workspace without accounts."""
    if not has_accounts(connection):
        return dict.fromkeys(names, "owner")
    own = person.c
    query = select(own.name, own.role).where(own.name.in_(names), own.disabled_at.is_(None))
    return {row.name: row.role for row in connection.execute(query)}


def invited(connection: Connection, incident_id: str, names: Collection[str]) -> frozenset[str]:
    """Those of some people who may see an incident: all where it is open."""
    if connection.execute(select(incident.c.visibility).where(incident.c.id == incident_id)).scalar() == "open":
        return frozenset(names)
    own = invitation.c
    query = select(own.person).where(own.incident_id == incident_id, own.person.in_(names))
    return frozenset(connection.execute(query).scalars())


def living(connection: Connection, sessions: Collection[str], now: datetime) -> frozenset[str]:
    """Those of some sessions that were not ended and have not run out."""
    own = session.c
    query = select(own.id).where(own.id.in_(sessions), own.revoked_at.is_(None), own.expires_at > now)
    return frozenset(connection.execute(query).scalars())


def may_differ(connection: Connection, incident_id: str) -> bool:
    """Whether two people of one role may see different things on the page of an incident.

    It names those that it follows from or that follow from it, and those that it may be again, and one of them may be private.
    """
    own, met = incident.c, recurrence_match.c
    linked = exists().where(or_(and_(own.id == incident_id, own.follows.is_not(None)), own.follows == incident_id))
    matched = exists().where(met.incident_id == incident_id)
    return bool(connection.execute(select((linked | matched) & exists().where(own.visibility != "open"))).scalar())
