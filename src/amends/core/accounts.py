"""Who has an account here, where they are signed in, and the tokens of their programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.errors import AmendsError

if TYPE_CHECKING:
    from datetime import datetime

SCOPES = ("check", "read", "write", "manage")
"""What a token may be used for, from least to most; each but the first includes those before it. A role still limits it."""

PRACTICE = "practice"
"""The scope that opens the private practice of whoever made the token. No other includes it: a key in a build must not read that."""

TOKEN_SCOPES = (*SCOPES, PRACTICE)
"""Everything that a token can be made for."""


@dataclass(frozen=True, slots=True)
class Person:
    """An account. `name` is how the journal writes them; `identity` is issuer and subject where they sign in elsewhere."""

    name: str
    display: str
    role: str
    created_at: datetime
    email: str | None = None
    identity: str | None = None
    disabled_at: datetime | None = None
    has_password: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """Where somebody is signed in. It ends at `expires_at`, or when nothing was asked with it for a while."""

    id: str
    person: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class ApiToken:
    """The key of a program that acts for somebody, within `scopes`. The key itself is known to who made it only."""

    id: str
    person: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a request comes from: the account, and the session or the scopes of the token that it brought."""

    person: str
    session_id: str | None = None
    scopes: tuple[str, ...] | None = None

    def may(self, scope: str) -> bool:
        """Whether the key that the request brought is good for this; a session is good for everything."""
        if self.scopes is None or scope in self.scopes:
            return True
        return scope in SCOPES and any(SCOPES.index(one) > SCOPES.index(scope) for one in self.scopes if one in SCOPES)


class SignInError(AmendsError):
    """Nobody is signed in, or the way they tried did not work."""

    code = "not-signed-in"


class TooManyTriesError(AmendsError):
    """Signing in failed too often; carries the seconds after which it may be tried again."""

    code = "too-many-tries"

    def __init__(self, wait_s: int) -> None:
        super().__init__("too many tries that failed", hint=f"wait {wait_s} s, then try again")
        self.retry_after = wait_s
