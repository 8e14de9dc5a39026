"""The one place that says who may do what. Every use case asks here, in its own transaction, before it reads or writes.

A role gives verbs in the whole workspace; a private incident is there for invited people only, whatever their role. What somebody may not
see answers exactly as what is not there; what they may see and not change is refused by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.errors import ForbiddenError, NotFoundError
from amends.store import access as rows
from amends.store import incidents

if TYPE_CHECKING:
    from amends.core.incident import Incident
    from amends.store.engine import Transaction

MAY = {"owner": ("read", "write", "manage"), "responder": ("read", "write"), "reader": ("read",)}
"""What each role may: read what is open, write (to send, to promise, to close), manage people and the workspace."""


def require(connection: Transaction, by: str, verb: str) -> str:
    """The role of who acts, which must have this verb. Raises ForbiddenError."""
    role = rows.role_of(connection, by)
    if role is None:
        raise ForbiddenError(f"{by!r} has no account here", hint="sign in, or ask an owner of the workspace to invite you")
    if verb not in MAY[role]:
        raise ForbiddenError(f"a {role} may not do this", hint="ask a responder or an owner of the workspace")
    return role


def seen(connection: Transaction, incident_id: str, by: str) -> Incident:
    """An incident that somebody may see. Raises NotFoundError, also for a private one that they were not invited to; ForbiddenError."""
    require(connection, by, "read")
    found = incidents.get(connection, incident_id)
    if found.visibility != "open" and not rows.is_shown(connection, incident_id, by):
        raise NotFoundError(f"there is no incident {incident_id!r}")
    return found


def changed(connection: Transaction, incident_id: str, by: str) -> Incident:
    """An incident that somebody may change. Raises NotFoundError and ForbiddenError."""
    found = seen(connection, incident_id, by)
    require(connection, by, "write")
    return found
