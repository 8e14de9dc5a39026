"""Accounts as rows, and what the workspace keeps of a password: its hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from amends.core.accounts import Person
from amends.core.errors import NotFoundError
from amends.core.people import LOCAL_PERSON
from amends.store import journal, practising
from amends.store.schema import assignment, draft, invitation, person

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, RowMapping

_own = person.c


def add(connection: Connection, new: Person, *, password: str | None, by: str) -> None:
    """Keep a new account; `password` is a hash. The journal learns the name and the role."""
    row = {name: getattr(new, name) for name in ("name", "display", "email", "role", "identity", "created_at")}
    connection.execute(insert(person), row | {"password": password})
    note(connection, new.name, "person.added", {"role": new.role}, at=new.created_at, by=by)


def note(connection: Connection, name: str, what: str, data: Mapping[str, object], *, at: datetime, by: str) -> None:
    """The row of the journal for a change of an account."""
    journal.append(connection, at=at, actor=by, what=what, subject=f"person/{name}", data=data)


def find(connection: Connection, name: str) -> Person | None:
    """The account of that name, None where there is none."""
    return _one(connection, _own.name == name)


def get(connection: Connection, name: str) -> Person:
    """One account, disabled or not. Raises NotFoundError."""
    found = find(connection, name)
    if found is None:
        raise NotFoundError(f"nobody here is called {name[:40]!r}", hint="`amends people list` shows who has an account")
    return found


def of_identity(connection: Connection, identity: str) -> Person | None:
    """Whose account it is that an identity elsewhere signs in to."""
    return _one(connection, _own.identity == identity)


def listed(connection: Connection) -> tuple[Person, ...]:
    """Every account, by name."""
    return tuple(_read(row) for row in connection.execute(select(person).order_by(_own.name)).mappings())


def password_of(connection: Connection, name: str) -> str | None:
    """The hash of somebody's password; None for strangers, and for those who sign in elsewhere or were disabled."""
    found: str | None = connection.execute(select(_own.password).where(_own.name == name, _own.disabled_at.is_(None))).scalar()
    return found


def change(connection: Connection, name: str, **values: Any) -> None:
    """Change an account: `role`, `display`, `email`, `identity`, `password` (a hash), `disabled_at`."""
    connection.execute(update(person).where(_own.name == name).values(**values))


def owners(connection: Connection) -> int:
    """How many owners can work here."""
    query = select(func.count()).select_from(person).where(_own.role == "owner", _own.disabled_at.is_(None))
    return int(connection.execute(query).scalar_one())


def take_over(connection: Connection, name: str) -> None:
    """Give what belonged to the one person of this machine to the first account: drafts, places in incidents, invitations, practice."""
    connection.execute(update(draft).where(draft.c.author == LOCAL_PERSON).values(author=name))
    connection.execute(update(invitation).where(invitation.c.person == LOCAL_PERSON).values(person=name))
    connection.execute(update(assignment).where(assignment.c.person == LOCAL_PERSON).values(person=name))
    practising.take_over(connection, LOCAL_PERSON, name)


def _one(connection: Connection, which: Any) -> Person | None:
    row = connection.execute(select(person).where(which)).mappings().one_or_none()
    return None if row is None else _read(row)


def _read(row: RowMapping) -> Person:
    kept = {name: value for name, value in row.items() if name != "password"}
    return Person(**kept, has_password=row["password"] is not None)
