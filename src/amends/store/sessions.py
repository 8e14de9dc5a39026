"""Sessions and tokens as rows. Of a key only its SHA-256 is kept: 256 random bits need no slower hash, and nobody can use what is here."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import insert, or_, select, update

from amends.core.accounts import ApiToken, Session
from amends.core.errors import NotFoundError
from amends.store.schema import api_token, is_id, person, session

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection

INVITE = "invite"
"""The scope of the key in an invitation, which opens nothing but the page where a password is chosen, once."""

_SESSION = (
    session.c.id,
    session.c.person,
    session.c.created_at,
    session.c.seen_at,
    session.c.expires_at,
    session.c.revoked_at,
    session.c.agent,
)


def hash_of(key: str) -> str:
    """How a key is known here."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


# Sessions


def add(connection: Connection, new: Session, key: str) -> None:
    """Remember where somebody signed in."""
    connection.execute(insert(session), asdict(new) | {"token_sha256": hash_of(key)})


def of_key(connection: Connection, key: str, now: datetime) -> Session | None:
    """The session that a key opens: not revoked, not over, of somebody who may work here. One indexed query."""
    query = select(*_SESSION).join_from(session, person, person.c.name == session.c.person)
    query = query.where(session.c.token_sha256 == hash_of(key), session.c.revoked_at.is_(None), person.c.disabled_at.is_(None))
    row = connection.execute(query.where(session.c.expires_at > now)).one_or_none()
    return None if row is None else Session(*row)


def set_seen(connection: Connection, session_id: str, at: datetime) -> None:
    """Note that a session was used."""
    connection.execute(update(session).where(session.c.id == session_id).values(seen_at=at))


def in_use(connection: Connection, name: str, *, now: datetime, idle_since: datetime) -> tuple[Session, ...]:
    """Where somebody is signed in, the one used last first."""
    own = session.c
    query = select(*_SESSION).where(own.person == name, own.revoked_at.is_(None), own.expires_at > now, own.seen_at > idle_since)
    return tuple(Session(*row) for row in connection.execute(query.order_by(own.seen_at.desc(), own.id.desc())))


def revoke(connection: Connection, name: str, at: datetime, *, only: str | None = None, but: str | None = None) -> int:
    """End the sessions of somebody: one of them, all, or all but one; how many that were."""
    own = session.c
    query = update(session).where(own.person == name, own.revoked_at.is_(None))
    if only is not None:
        query = query.where(own.id == only)
    if but is not None:
        query = query.where(own.id != but)
    return int(connection.execute(query.values(revoked_at=at)).rowcount)


# Tokens


def add_token(connection: Connection, new: ApiToken, key: str) -> None:
    """Remember a token."""
    connection.execute(insert(api_token), asdict(new) | {"scopes": " ".join(new.scopes), "token_sha256": hash_of(key)})


def token_of_key(connection: Connection, key: str, now: datetime) -> ApiToken | None:
    """The token of a key: not revoked, not over, of somebody who may work here. One indexed query."""
    own = api_token.c
    query = _tokens().join_from(api_token, person, person.c.name == own.person)
    query = query.where(own.token_sha256 == hash_of(key), own.revoked_at.is_(None), person.c.disabled_at.is_(None))
    row = connection.execute(query.where(or_(own.expires_at.is_(None), own.expires_at > now))).one_or_none()
    return None if row is None else _token(row)


def set_used(connection: Connection, token_id: str, at: datetime) -> None:
    """Note that a token was used."""
    connection.execute(update(api_token).where(api_token.c.id == token_id).values(used_at=at))


def tokens_of(connection: Connection, name: str) -> tuple[ApiToken, ...]:
    """The tokens of somebody that were not revoked, the oldest first; invitations are none."""
    own = api_token.c
    query = _tokens().where(own.person == name, own.revoked_at.is_(None), own.scopes != INVITE).order_by(own.created_at, own.id)
    return tuple(_token(row) for row in connection.execute(query))


def token(connection: Connection, token_id: str) -> ApiToken:
    """One token, revoked or not. Raises NotFoundError."""
    row = connection.execute(_tokens().where(api_token.c.id == token_id)).one_or_none() if is_id(token_id) else None
    if row is None:
        raise NotFoundError(f"there is no token {token_id[:40]!r}")
    return _token(row)


def revoke_tokens(connection: Connection, name: str, at: datetime, *, only: str | None = None, scope: str | None = None) -> int:
    """End the tokens of somebody: one of them, those of one scope, or all; how many that were."""
    own = api_token.c
    query = update(api_token).where(own.person == name, own.revoked_at.is_(None))
    if only is not None:
        query = query.where(own.id == only)
    if scope is not None:
        query = query.where(own.scopes == scope)
    return int(connection.execute(query.values(revoked_at=at)).rowcount)


def _tokens() -> Any:
    own = api_token.c
    return select(own.id, own.person, own.name, own.scopes, own.created_at, own.expires_at, own.used_at, own.revoked_at)


def _token(row: Any) -> ApiToken:
    return ApiToken(**{**row._mapping, "scopes": tuple(row.scopes.split())})  # noqa: SLF001  # SQLAlchemy's public name for it
