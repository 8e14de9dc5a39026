"""Who somebody is to the workspace, and which incidents they may see: asked in the transaction that then acts on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select

from amends.store.schema import incident, invitation, person

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection


def has_accounts(connection: Connection) -> bool:
    """Whether people sign in here; before the first account there is one person, and everything is theirs."""
    return bool(connection.execute(select(exists().where(person.c.name.is_not(None)))).scalar())


def role_of(connection: Connection, name: str) -> str | None:
    """The role of somebody who may work here, `owner` for anybody in a workspace without accounts; None for strangers."""
    own = person.c
    row = connection.execute(select(own.role, own.disabled_at).where(own.name == name)).one_or_none()
    if row is not None:
        return None if row.disabled_at is not None else str(row.role)
    return None if has_accounts(connection) else "owner"


def shown_to(name: str) -> ColumnElement[bool]:
    """The condition on `incident` that somebody may see it: it is open, or they were invited. For every query that lists or joins it."""
    invited = exists().where(invitation.c.incident_id == incident.c.id, invitation.c.person == name)
    return or_(incident.c.visibility == "open", invited)


def invited_to_private(connection: Connection) -> dict[str, frozenset[str]]:
    """The private incidents, each with the people who were invited: for what sends notices, and asks for nobody."""
    query = select(incident.c.id, invitation.c.person).join_from(incident, invitation, isouter=True)
    query = query.where(incident.c.visibility == "private")
    found: dict[str, set[str]] = {}
    for name, guest in connection.execute(query):
        found.setdefault(name, set()).update([guest] if guest is not None else [])
    return {name: frozenset(guests) for name, guests in found.items()}


def is_shown(connection: Connection, incident_id: str, name: str) -> bool:
    """The same for one incident."""
    return bool(connection.execute(select(exists().where(incident.c.id == incident_id, shown_to(name)))).scalar())
