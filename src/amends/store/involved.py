"""Who is part of an incident, as rows: holders of functions, who may see it, who must be told, and where else it stands."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import delete, insert, select, update

from amends.core.errors import NotFoundError
from amends.incidents.involved import Assignment, Invitation, Link, Stakeholder
from amends.store import journal
from amends.store.schema import assignment, invitation, is_id, link, message, stakeholder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Table

Row = TypeVar("Row", Stakeholder, Link)


# Functions


def assign(connection: Connection, new: Assignment) -> None:
    """Give somebody a function, with its row of the journal."""
    told = {"assignment": new.id, "function": new.function}
    _note(connection, "incident.assigned", new.incident_id, new.since, new.given_by, told)
    connection.execute(insert(assignment), asdict(new))


def end(connection: Connection, held: Assignment, at: datetime, by: str) -> None:
    """Let somebody hold a function no longer, with its row of the journal."""
    told = {"assignment": held.id, "function": held.function}
    _note(connection, "incident.left", held.incident_id, at, by, told)
    connection.execute(update(assignment).where(assignment.c.id == held.id).values(until=at))


def assignments_of(connection: Connection, incident_id: str) -> tuple[Assignment, ...]:
    """Everybody who holds or held a function, in the order in which they took it."""
    own = assignment.c
    query = select(assignment).where(own.incident_id == incident_id).order_by(own.since, own.id)
    return tuple(Assignment(**row) for row in connection.execute(query).mappings())


def holder(connection: Connection, incident_id: str, function: str) -> Assignment | None:
    """Who holds a function now."""
    own = assignment.c
    query = select(assignment).where(own.incident_id == incident_id, own.function == function, own.until.is_(None))
    row = connection.execute(query.order_by(own.since.desc()).limit(1)).mappings().one_or_none()
    return Assignment(**row) if row else None


# Who may see it


def invite(connection: Connection, new: Invitation) -> None:
    """Let somebody see a private incident, with a row of the journal that says whom; who was invited already stays so as they were."""
    if new.person in {one.person for one in invitations_of(connection, new.incident_id)}:
        return
    what = "incident.invited" if new.why is None else "incident.let-in"
    _note(connection, what, new.incident_id, new.since, new.invited_by, {"person": new.person})
    connection.execute(insert(invitation), asdict(new))


def uninvite(connection: Connection, incident_id: str, person: str, at: datetime, by: str) -> None:
    """Let somebody see a private incident no longer, with its row of the journal."""
    _note(connection, "incident.uninvited", incident_id, at, by, {"person": person})
    connection.execute(delete(invitation).where(invitation.c.incident_id == incident_id, invitation.c.person == person))


def invitations_of(connection: Connection, incident_id: str) -> tuple[Invitation, ...]:
    """Who was invited, in the order in which they were."""
    own = invitation.c
    query = select(invitation).where(own.incident_id == incident_id).order_by(own.since, own.person)
    return tuple(Invitation(**row) for row in connection.execute(query).mappings())


def concerned(connection: Connection, incident_id: str) -> Iterable[str]:
    """Who holds a function in an incident or wrote a message in it, each once, in the order of their names."""
    holds = select(assignment.c.person).where(assignment.c.incident_id == incident_id, assignment.c.until.is_(None))
    wrote = select(message.c.author).where(message.c.incident_id == incident_id)
    return sorted(connection.execute(holds.union(wrote)).scalars())


# Who must be told, and where else it stands


def add_stakeholder(connection: Connection, new: Stakeholder) -> None:
    """Keep somebody who must be told, with its row of the journal."""
    told = {"stakeholder": new.id, "kind": new.kind, "audience": new.audience}
    _note(connection, "stakeholder.added", new.incident_id, new.added_at, new.added_by, told)
    connection.execute(insert(stakeholder), asdict(new))


def stakeholders_of(connection: Connection, incident_id: str) -> tuple[Stakeholder, ...]:
    """Who must be told, in the order in which they were added, removed ones too."""
    return _of(connection, stakeholder, Stakeholder, incident_id)


def stakeholder_in(connection: Connection, incident_id: str, stakeholder_id: str) -> Stakeholder:
    """One of them. Raises NotFoundError."""
    return _one(connection, stakeholder, Stakeholder, incident_id, stakeholder_id, "stakeholder")


def add_link(connection: Connection, new: Link) -> None:
    """Keep where else something stands, with its row of the journal."""
    _note(connection, "link.added", new.incident_id, new.added_at, new.added_by, {"link": new.id, "kind": new.kind})
    connection.execute(insert(link), asdict(new))


def links_of(connection: Connection, incident_id: str) -> tuple[Link, ...]:
    """The links of an incident in the order in which they were added, removed ones too."""
    return _of(connection, link, Link, incident_id)


def link_in(connection: Connection, incident_id: str, link_id: str) -> Link:
    """One of them. Raises NotFoundError."""
    return _one(connection, link, Link, incident_id, link_id, "link")


def set_removed(connection: Connection, one: Stakeholder | Link, at: datetime, by: str) -> None:
    """Take a stakeholder or a link out of the lists, with its row of the journal; it stays."""
    table, name = (stakeholder, "stakeholder") if isinstance(one, Stakeholder) else (link, "link")
    _note(connection, f"{name}.removed", one.incident_id, at, by, {name: one.id})
    connection.execute(update(table).where(table.c.id == one.id).values(removed_at=at))


def _of(connection: Connection, table: Table, kind: type[Row], incident_id: str) -> tuple[Row, ...]:
    query = select(table).where(table.c.incident_id == incident_id).order_by(table.c.added_at, table.c.id)
    return tuple(kind(**row) for row in connection.execute(query).mappings())


def _one(connection: Connection, table: Table, kind: type[Row], incident_id: str, name: str, noun: str) -> Row:
    row = None
    if is_id(name):
        query = select(table).where(table.c.id == name, table.c.incident_id == incident_id)
        row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"nothing of the id {name[:40]!r} is a {noun} of this incident")
    return kind(**row)


def _note(connection: Connection, what: str, incident_id: str, at: datetime, by: str, data: Mapping[str, object]) -> None:
    journal.append(connection, at=at, actor=by, what=what, subject=f"incident/{incident_id}", data=data)
