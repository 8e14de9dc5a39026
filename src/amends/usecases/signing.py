"""Signing in and staying signed in: sessions of browsers, tokens of programs, and slowness for those who guess."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from amends.core.accounts import PRACTICE, TOKEN_SCOPES, ApiToken, Caller, Session, SignInError, TooManyTriesError
from amends.core.errors import InputError, NotFoundError, UnknownNameError
from amends.core.people import LOCAL_PERSON
from amends.store import access as standings
from amends.store import attempts, sessions
from amends.store import people as rows
from amends.usecases import access
from amends.usecases.given import line

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from amends.core.ports import Clock, Ids
    from amends.store.engine import Store, Transaction

IDLE = timedelta(days=7)
"""A session that nobody used for so long is over: whoever was not there for a week signs in again."""

LONGEST = timedelta(days=30)
"""And so is one that is this old, however much it was used."""

SEEN_EVERY = timedelta(minutes=1)
"""How often the use of a session or token is noted."""

FREE_TRIES = 5
"""Tries of one name from one address that may fail before anybody has to wait."""

LONGEST_WAIT_S = 300
"""Nobody waits longer, so that who guesses at a name cannot lock its owner out."""

ADDRESS_TRIES = 50
"""Tries from one address that may fail in an hour, whatever the names."""

NAME_TRIES = 100
"""Tries at one name in an hour, whatever the addresses, after which only addresses that it has signed in from are let try."""

_HOUR = timedelta(hours=1)
_REMEMBERED = timedelta(days=90)
_WRONG = "this name and password do not belong together"


@dataclass(frozen=True, slots=True)
class Entered:
    """A new session, and the key to it, which is kept by the browser only."""

    session: Session
    key: str


class Signing:
    """Who a request comes from, and how they came in."""

    def __init__(self, store: Store, clock: Clock, ids: Ids, new_secret: Callable[[], str]) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._new_secret = new_secret

    # Coming and going

    def sign_in(self, name: str, password: str, *, address: str, agent: str | None = None, instead_of: str | None = None) -> Entered:
        """Open a session; `address` is where the request came from, `instead_of` the key of a session that this one replaces.

        Raises SignInError, which does not tell whether the name or the password was wrong, and TooManyTriesError.
        """
        from amends.integrations import passwords

        name, now = name.strip().lower()[:100], self._clock.now()
        with self._store.writing() as connection:  # counted as failed until it succeeds, so that many at once are no way around
            self._require_patience(connection, name, address)
            attempts.failed(connection, name, address, now, forget_before=now - _REMEMBERED)
            kept = rows.password_of(connection, name)
        if not passwords.matches(kept or passwords.nobodys(), password) or kept is None:
            raise SignInError(_WRONG, hint="try again, or ask an owner of the workspace for an invitation")
        fresh = passwords.hashed(password) if passwords.is_outdated(kept) else None
        with self._store.writing() as connection:
            attempts.succeeded(connection, name, address, self._clock.now())
            if fresh is not None:
                rows.change(connection, name, password=fresh)
            return self.enter_within(connection, name, agent=agent, instead_of=instead_of)

    def enter(self, name: str, *, agent: str | None = None, instead_of: str | None = None) -> Entered:
        """Open a session for somebody who has shown otherwise who they are. Raises SignInError where they may not work here."""
        with self._store.writing() as connection:
            return self.enter_within(connection, name, agent=agent, instead_of=instead_of)

    def enter_within(self, connection: Transaction, name: str, *, agent: str | None, instead_of: str | None) -> Entered:
        """The same inside a transaction that does more."""
        if standings.role_of(connection, name) is None:
            raise SignInError("this account was disabled", hint="ask an owner of the workspace")
        now, key = self._clock.now(), self._new_secret()
        before = sessions.of_key(connection, instead_of, now) if instead_of else None
        if before is not None:
            sessions.revoke(connection, before.person, now, only=before.id)
        told = "".join(one for one in agent[:200] if one.isprintable()) if agent else None
        new = Session(self._ids.new(), name, now, now, now + LONGEST, agent=told)
        sessions.add(connection, new, key)
        rows.note(connection, name, "session.started", {"session": new.id}, at=now, by=name)
        return Entered(new, key)

    def caller(self, *, session_key: str | None = None, token_key: str | None = None) -> Caller | None:
        """Who a request comes from, by what it brought; None where that opens nothing, or nothing any more. One indexed query."""
        now = self._clock.now()
        if token_key is not None:
            return self._by_token(token_key, now)
        if session_key is None:
            return None
        with self._store.reading() as connection:
            found = sessions.of_key(connection, session_key, now)
        if found is None or now - found.seen_at > IDLE:
            return None
        if now - found.seen_at >= SEEN_EVERY:
            with self._store.writing() as connection:
                sessions.set_seen(connection, found.id, now)
        return Caller(found.person, session_id=found.id)

    def sign_out(self, session_key: str) -> None:
        """End the session of a key, if it is one."""
        now = self._clock.now()
        with self._store.writing() as connection:
            found = sessions.of_key(connection, session_key, now)
            if found is not None:
                self._revoke(connection, found.person, found.person, only=found.id)

    # Sessions

    def sessions(self, name: str | None = None, *, by: str = LOCAL_PERSON) -> tuple[Session, ...]:
        """Where somebody is signed in, the one used last first: oneself, or for who manages the workspace anybody."""
        now = self._clock.now()
        with self._store.reading() as connection:
            return sessions.in_use(connection, self._of(connection, name, by), now=now, idle_since=now - IDLE)

    def revoke(self, session_id: str | None = None, *, name: str | None = None, but: str | None = None, by: str = LOCAL_PERSON) -> int:
        """End one session, or all but one; of oneself, or for who manages the workspace of anybody. How many that were.

        Raises NotFoundError for a session that is not theirs.
        """
        with self._store.writing() as connection:
            ended = self._revoke(connection, self._of(connection, name, by), by, only=session_id, but=but)
        if session_id is not None and not ended:
            raise NotFoundError("there is no such session", hint="it may have ended meanwhile")
        return ended

    # Tokens

    def new_token(
        self, name: str, scopes: tuple[str, ...], *, lasts: timedelta | None = None, by: str = LOCAL_PERSON
    ) -> tuple[ApiToken, str]:
        """A token for a program that acts for `by`, and its key, which is shown this once.

        Raises InputError for a name or length that cannot be, UnknownNameError for a scope, ForbiddenError for `manage` without the role.
        """
        name = line(name, "name", 100)
        if not scopes:
            raise InputError("a token needs a scope", hint=f"one of {', '.join(TOKEN_SCOPES)}", field="scopes")
        for scope in scopes:
            if scope not in TOKEN_SCOPES:
                raise UnknownNameError("scope", scope[:40], TOKEN_SCOPES)
        if lasts is not None and not timedelta(0) < lasts <= timedelta(days=3660):
            raise InputError("a token lasts at least a moment and at most ten years", hint="give a number of days", field="days")
        now, key = self._clock.now(), f"amends_{self._new_secret()}"
        ordered = tuple(sorted(set(scopes), key=TOKEN_SCOPES.index))
        widest = next((one for one in reversed(ordered) if one not in ("check", PRACTICE)), "read")
        new = ApiToken(self._ids.new(), by, name, ordered, now, now + lasts if lasts else None)
        with self._store.writing() as connection:
            if not standings.has_accounts(connection):
                hint = "make the first account: amends people add NAME --role owner"
                raise InputError("without accounts no token is needed: whoever reaches this machine may ask", hint=hint, field="name")
            access.require(connection, by, widest)
            sessions.add_token(connection, new, key)
            rows.note(connection, by, "token.made", {"token": new.id, "scopes": list(new.scopes)}, at=now, by=by)
        return new, key

    def tokens(self, name: str | None = None, *, by: str = LOCAL_PERSON) -> tuple[ApiToken, ...]:
        """The tokens of oneself, or for who manages the workspace of anybody, the oldest first; not their keys."""
        with self._store.reading() as connection:
            return sessions.tokens_of(connection, self._of(connection, name, by))

    def revoke_token(self, token_id: str, *, by: str = LOCAL_PERSON) -> ApiToken:
        """Let a token open nothing any more. Raises NotFoundError, also for one of somebody else where `by` does not manage."""
        now = self._clock.now()
        with self._store.writing() as connection:
            access.require(connection, by, "read")
            found = sessions.token(connection, token_id)
            if found.person != by and not access.can(connection, by, "manage"):
                raise access.denied(NotFoundError(f"there is no token {token_id[:40]!r}"), by, "manage", f"person/{found.person}")
            if sessions.revoke_tokens(connection, found.person, now, only=found.id):
                rows.note(connection, found.person, "token.revoked", {"token": found.id}, at=now, by=by)
            return sessions.token(connection, token_id)

    # Within

    def _by_token(self, key: str, now: datetime) -> Caller | None:
        with self._store.reading() as connection:
            found = sessions.token_of_key(connection, key, now)
        if found is None or found.scopes == (sessions.INVITE,):
            return None
        if found.used_at is None or now - found.used_at >= SEEN_EVERY:
            with self._store.writing() as connection:
                sessions.set_used(connection, found.id, now)
        return Caller(found.person, scopes=found.scopes)

    def _of(self, connection: Transaction, name: str | None, by: str) -> str:
        access.require(connection, by, "read")
        if name is not None and name != by:
            access.require(connection, by, "manage", f"person/{name[:40]}")
            return rows.get(connection, name).name
        return by

    def _revoke(self, connection: Transaction, name: str, by: str, *, only: str | None = None, but: str | None = None) -> int:
        now = self._clock.now()
        ended = sessions.revoke(connection, name, now, only=only, but=but)
        if ended:
            rows.note(connection, name, "session.revoked", {"sessions": ended, "session": only}, at=now, by=by)
        return ended

    def _require_patience(self, connection: Transaction, name: str, address: str) -> None:
        """Raises TooManyTriesError where this name from this address, this address, or this name has failed too often."""
        now = self._clock.now()
        failures, last, known = attempts.pair(connection, name, address)
        waits = [_wait_s(failures, FREE_TRIES, last, now)]
        if not known:  # from where somebody has signed in before, only their own mistakes count
            waits.append(_wait_s(*_counted(attempts.of_address(connection, address, now - _HOUR), ADDRESS_TRIES), now))
            waits.append(_wait_s(*_counted(attempts.of_name(connection, name, now - _HOUR), NAME_TRIES), now))
        if max(waits) > 0:
            raise TooManyTriesError(max(waits))


def _counted(found: tuple[int, datetime | None], free: int) -> tuple[int, int, datetime | None]:
    return found[0], free, found[1]


def _wait_s(failures: int, free: int, last: datetime | None, now: datetime) -> int:
    """Seconds still to wait: none for the first tries, then twice as long after each, up to `LONGEST_WAIT_S`."""
    if failures < free or last is None:
        return 0
    wait = min(LONGEST_WAIT_S, 2 ** min(failures - free + 1, 10))
    left = wait - (now - last).total_seconds()
    return min(LONGEST_WAIT_S, int(left) + 1) if left > 0 else 0
