"""Accounts: who may work here, in which role, and how the first of them comes to be."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from amends.core.accounts import ApiToken, Person, SignInError
from amends.core.errors import ConflictError, InputError, UnknownNameError, UsageError
from amends.core.people import LOCAL_PERSON, ROLES
from amends.incidents import acting
from amends.incidents.actions import ActionEvent
from amends.promises.promise import Event, standing
from amends.store import access as standings
from amends.store import actions, promises, sessions
from amends.store import people as rows
from amends.usecases import access
from amends.usecases.given import line, storable

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.core.ports import Clock, Ids
    from amends.store.engine import Store, Transaction

SHORTEST, LONGEST = 12, 1000
"""Characters of a password. Length is what makes one strong; rules about kinds of characters only make it hard to remember."""

INVITED_FOR = timedelta(days=7)
"""How long an invitation can be taken up."""

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}")


class People:
    """What owners do with accounts, and everybody with their own. `by` is who does it."""

    def __init__(self, store: Store, clock: Clock, ids: Ids, new_secret: Callable[[], str]) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._new_secret = new_secret

    # Looking

    def are_here(self) -> bool:
        """Whether this workspace has accounts."""
        with self._store.reading() as connection:
            return standings.has_accounts(connection)

    def first_owner(self) -> str:
        """Whose that is which nobody asked for, such as the sample: the first owner, or the one person of this machine."""
        with self._store.reading() as connection:
            able = [one for one in rows.listed(connection) if one.role == "owner" and one.disabled_at is None]
        return min(able, key=lambda one: one.created_at).name if able else LOCAL_PERSON

    def me(self, *, by: str = LOCAL_PERSON) -> Person:
        """The account of who asks; in a workspace without accounts, the one person of this machine as if they had one."""
        with self._store.reading() as connection:
            role = access.require(connection, by, "read")
            return rows.find(connection, by) or Person(by, by, role, self._clock.now())

    def list(self, *, by: str = LOCAL_PERSON) -> tuple[Person, ...]:
        """Everybody who has an account, by name; those who were disabled too. Who does not manage sees no addresses."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            found = rows.listed(connection)
            if access.can(connection, by, "manage"):
                return found
        return tuple(one if one.name == by else replace(one, email=None, identity=None) for one in found)

    # Managing

    def add(
        self,
        name: str,
        role: str,
        *,
        display: str | None = None,
        email: str | None = None,
        password: str | None = None,
        by: str = LOCAL_PERSON,
    ) -> Person:
        """Make an account; without a password it is taken up by an invitation. The first one is an owner, and takes over what was local.

        Raises InputError for a name or password that cannot be used, UnknownNameError for a role, ConflictError for a name that is taken.
        """
        new = Person(name_of(name), line(display or name, "name", 100), _role(role), self._clock.now(), _email(email))
        kept = None if password is None else _hashed(new.name, password)
        with self._store.writing() as connection:
            access.require(connection, by, "manage")
            first = not standings.has_accounts(connection)
            if first and new.role != "owner":
                raise UsageError("the first account is an owner's: somebody must be able to let others in", hint="give it --role owner")
            self._add(connection, new, kept, by=new.name if first else by)
            if first:
                self._take_over(connection, new.name)
            return rows.get(connection, new.name)

    def invite(self, name: str, *, by: str = LOCAL_PERSON) -> str:
        """The secret of a new invitation, by which somebody chooses a password, once and within a week; earlier ones end."""
        key = self._new_secret()
        now = self._clock.now()
        with self._store.writing() as connection:
            self._manage(connection, by)
            who = rows.get(connection, name)
            sessions.revoke_tokens(connection, who.name, now, scope=sessions.INVITE)
            new = ApiToken(self._ids.new(), who.name, "invitation", (sessions.INVITE,), now, now + INVITED_FOR)
            sessions.add_token(connection, new, key)
            rows.note(connection, who.name, "person.invited", {}, at=now, by=by)
        return key

    def invited(self, key: str) -> Person:
        """Whom an invitation is for. Raises SignInError for one that was used, is over, or never was."""
        with self._store.reading() as connection:
            return rows.get(connection, self._invitation(connection, key).person)

    def take_up(self, key: str, password: str) -> Person:
        """Choose a password by an invitation, which ends with it, as does every session there was. Raises SignInError, InputError."""
        kept = _hashed(self.invited(key).name, password)
        with self._store.writing() as connection:
            name = self._invitation(connection, key).person
            self._set_password(connection, name, kept, by=name)
            return rows.get(connection, name)

    def set_password(
        self, name: str, password: str, *, current: str | None = None, keep: str | None = None, by: str = LOCAL_PERSON
    ) -> None:
        """Give somebody another password: owners to everybody, others to themselves, who say the one they have.

        Every session of theirs ends but `keep`. Raises InputError, SignInError where `current` is not it, ForbiddenError.
        """
        with self._store.reading() as connection:
            if name != by:
                access.require(connection, by, "manage", f"person/{name[:40]}")
            access.require(connection, by, "read")
            before = rows.password_of(connection, rows.get(connection, name).name)
        if name == by and before is not None and not _matches(before, current or ""):
            raise SignInError("this is not the password that you have now", hint="write the one that you signed in with")
        kept = _hashed(name, password)
        with self._store.writing() as connection:
            self._set_password(connection, name, kept, by=by, keep=keep)

    def change_role(self, name: str, role: str, *, by: str = LOCAL_PERSON) -> Person:
        """Give somebody another role. Raises ConflictError for the last owner, UnknownNameError, NotFoundError."""
        return self._change(name, by, "person.role", {"role": _role(role)})

    def disable(self, name: str, *, by: str = LOCAL_PERSON) -> Person:
        """Let somebody in no more; their sessions and tokens end at once. What they did stays. Raises ConflictError for the last owner."""
        return self._change(name, by, "person.disabled", {"disabled_at": self._clock.now()})

    def enable(self, name: str, *, by: str = LOCAL_PERSON) -> Person:
        """Let somebody in again; they sign in anew."""
        return self._change(name, by, "person.enabled", {"disabled_at": None})

    # Within

    def _change(self, name: str, by: str, what: str, values: dict[str, object]) -> Person:
        now = self._clock.now()
        with self._store.writing() as connection:
            self._manage(connection, by)
            before = rows.get(connection, name)
            working = before.role == "owner" and before.disabled_at is None
            if working and what != "person.enabled" and values.get("role") != "owner" and rows.owners(connection) == 1:
                hint = "make somebody else an owner first"
                raise ConflictError(f"{name} is the last owner, and somebody must be able to let others in", hint=hint)
            if all(getattr(before, field) == value for field, value in values.items()):
                return before
            rows.change(connection, name, **values)
            if what == "person.disabled":
                sessions.revoke(connection, name, now)
                sessions.revoke_tokens(connection, name, now)
            told = {"role": values["role"], "before": before.role} if "role" in values else {}
            rows.note(connection, name, what, told, at=now, by=by)
            return rows.get(connection, name)

    def _manage(self, connection: Transaction, by: str) -> None:
        if not standings.has_accounts(connection):
            raise UsageError("this workspace has no accounts yet", hint="make the first one: amends people add NAME --role owner")
        access.require(connection, by, "manage")

    def _add(self, connection: Transaction, new: Person, password: str | None, *, by: str) -> None:
        if rows.find(connection, new.name) is not None:
            raise ConflictError(f"somebody is called {new.name} already", hint="add a letter or a number to the name")
        rows.add(connection, new, password=password, by=by)

    def add_within(self, connection: Transaction, new: Person) -> Person:
        """Make the account of somebody who signed in elsewhere and may enter; a number is added to a name that is taken."""
        names = (new.name, *(f"{new.name[:36]}-{number}" for number in range(2, 1000)))
        free = next(name for name in names if rows.find(connection, name) is None)
        self._add(connection, replace(new, name=free), None, by=free)
        return rows.get(connection, free)

    def _set_password(self, connection: Transaction, name: str, kept: str, *, by: str, keep: str | None = None) -> None:
        now = self._clock.now()
        rows.change(connection, name, password=kept)
        sessions.revoke(connection, name, now, but=keep)
        sessions.revoke_tokens(connection, name, now, scope=sessions.INVITE)
        rows.note(connection, name, "person.password", {}, at=now, by=by)

    def _invitation(self, connection: Transaction, key: str) -> ApiToken:
        found = sessions.token_of_key(connection, key, self._clock.now())
        if found is None or found.scopes != (sessions.INVITE,):
            raise SignInError("this invitation was used, or is over", hint="ask an owner of the workspace for a new one")
        return found

    def _take_over(self, connection: Transaction, name: str) -> None:
        """What was local belongs to the first account from now on; its promises and action items are handed over, for all to see."""
        rows.take_over(connection, name)
        now = self._clock.now()
        first = now - timedelta(microseconds=1)  # the order in which events were recorded is the order in which they count
        for promise, events in promises.unsettled(connection, seen_by=None):
            if standing(promise, events, now).owner == LOCAL_PERSON:
                for what, by, to, at in (("offered", LOCAL_PERSON, name, first), ("taken-on", name, None, now)):
                    promises.add_event(connection, Event(self._ids.new(), promise.id, what, now, at, by, to=to))
        for item, acts in actions.open_ones(connection, seen_by=None):
            stands = acting.standing(item, acts, now)
            if stands.state == "accepted" and stands.owner == LOCAL_PERSON:
                given = ActionEvent(self._ids.new(), item.id, "declined", now, first, LOCAL_PERSON)
                taken = ActionEvent(self._ids.new(), item.id, "accepted", now, now, name, name, stands.due, stands.helps_when)
                actions.add_event(connection, given)
                actions.add_event(connection, taken)


def name_of(written: str) -> str:
    """The name of an account. Raises InputError for what is none, and for the one that is nobody's where there are accounts."""
    name = written.strip().lower()
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{written[:40]!r} cannot be the name of an account",
            hint="1 to 40 small letters, digits and hyphens, such as anna or anna-b",
            field="name",
        )
    if name == LOCAL_PERSON:
        raise InputError(f"{LOCAL_PERSON} is nobody's name here", hint="take your own", field="name")
    return name


def _role(role: str) -> str:
    if role not in ROLES:
        raise UnknownNameError("role", role[:40], ROLES)
    return role


def _email(written: str | None) -> str | None:
    if not written or not written.strip():
        return None
    if not _EMAIL.fullmatch(written.strip()):
        raise InputError(f"{written[:60]!r} is no e-mail address", hint="write it like anna@example.org", field="email")
    return storable(written.strip(), "email")


def _hashed(name: str, password: str) -> str:
    from amends.integrations import passwords

    storable(password, "password")
    if not SHORTEST <= len(password) <= LONGEST or password.lower() == name:
        hint = "several words that belong together for nobody but you"
        raise InputError(f"a password has at least {SHORTEST} characters, and is not the name", hint=hint, field="password")
    return passwords.hashed(password)


def _matches(kept: str, password: str) -> bool:
    from amends.integrations import passwords

    return passwords.matches(kept, password)
