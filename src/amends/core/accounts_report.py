"""Accounts, sessions and tokens as plain values: the same for the command line and the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amends.core.accounts import ApiToken, Person, Session


def person_as_dict(one: Person) -> dict[str, Any]:
    """An account as plain values."""
    disabled = one.disabled_at.isoformat() if one.disabled_at else None
    return {"name": one.name, "display": one.display, "role": one.role, "email": one.email, "disabled_at": disabled}


def session_as_dict(one: Session) -> dict[str, Any]:
    """A session as plain values."""
    times = {"created_at": one.created_at, "seen_at": one.seen_at, "expires_at": one.expires_at}
    return {"id": one.id, "person": one.person, "agent": one.agent, **{name: at.isoformat() for name, at in times.items()}}


def token_as_dict(one: ApiToken) -> dict[str, Any]:
    """A token as plain values, without its key."""
    times = {"created_at": one.created_at, "expires_at": one.expires_at, "used_at": one.used_at, "revoked_at": one.revoked_at}
    plain = {name: at.isoformat() if at else None for name, at in times.items()}
    return {"id": one.id, "name": one.name, "person": one.person, "scopes": list(one.scopes), **plain}
