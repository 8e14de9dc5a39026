"""The one place that says who may do what. Every use case asks here, in its own transaction, before it reads or writes.

A role gives verbs in the whole workspace; a private incident is there for invited people only, whatever their role. What somebody may not
see answers exactly as what is not there; what they may see and not change is refused by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from amends.core.errors import AmendsError, ForbiddenError, NoAccountError, NotFoundError
from amends.store import access as rows
from amends.store import incidents

if TYPE_CHECKING:
    from amends.core.incident import Incident
    from amends.store.engine import Transaction

Error = TypeVar("Error", bound=AmendsError)

MAY = {"owner": ("read", "write", "manage"), "responder": ("read", "write"), "reader": ("read",)}
"""What each role may: read what is open, write (to send, to promise, to close), manage people and the workspace."""


WORKSPACE = "workspace"
"""What the journal calls the thing that was asked for where it is no single one."""

_ARTICLE = {"owner": "an", "responder": "a", "reader": "a"}


def require(connection: Transaction, by: str, verb: str, subject: str = WORKSPACE) -> str:
    """The role of who acts, which must have this verb; `subject` is what for, as the journal writes it. Raises ForbiddenError."""
    role = rows.role_of(connection, by)
    if role is None:
        stranger = NoAccountError(f"{by[:100]!r} has no account here", hint="sign in, or ask an owner of the workspace to invite you")
        raise denied(stranger, by, verb, subject)
    if verb not in MAY[role]:
        who = "an owner" if verb == "manage" else "a responder or an owner"
        error = ForbiddenError(f"{_ARTICLE[role]} {role} may not do this", hint=f"ask {who} of the workspace")
        raise denied(error, by, verb, subject)
    return role


def denied(error: Error, by: str, verb: str, subject: str) -> Error:
    """The same error, marked as access that was denied, which the store writes into the journal when it passes."""
    error.denied = (by, verb, subject)
    return error


def can(connection: Transaction, by: str, verb: str) -> bool:
    """Whether somebody may, for a page that offers what they can do."""
    role = rows.role_of(connection, by)
    return role is not None and verb in MAY[role]


def seen(connection: Transaction, incident_id: str, by: str) -> Incident:
    """An incident that somebody may see. Raises NotFoundError, also for a private one that they were not invited to; ForbiddenError."""
    require(connection, by, "read", f"incident/{incident_id[:40]}")
    found = incidents.get(connection, incident_id)
    if found.visibility != "open" and not rows.is_shown(connection, incident_id, by):
        raise denied(NotFoundError(f"there is no incident {incident_id!r}"), by, "read", f"incident/{incident_id}")
    return found


def part_seen(connection: Transaction, incident_id: str | None, by: str, kind: str, name: str) -> None:
    """Whether somebody may see a part of an incident, or something that belongs to none, such as the `message` of an id.

    Of a private incident not even the id is told: what is hidden answers as what is not there. Raises NotFoundError, ForbiddenError.
    """
    subject = f"{kind}/{name}"
    require(connection, by, "read", subject)
    if incident_id is not None and not rows.is_shown(connection, incident_id, by):
        called = _CALLED.get(kind, kind)
        raise denied(NotFoundError(f"there is no {called} {name!r}"), by, "read", subject)


def changed(connection: Transaction, incident_id: str, by: str) -> Incident:
    """An incident that somebody may change. Raises NotFoundError and ForbiddenError."""
    found = seen(connection, incident_id, by)
    require(connection, by, "write", f"incident/{incident_id}")
    return found


_CALLED = {"action": "action item"}
"""What people call the kinds that the journal calls otherwise."""
