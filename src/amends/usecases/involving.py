"""The people of an incident: who holds which function, who may see it, who must be told, and the links to where else it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amends.core.errors import ConflictError, InputError, require_known
from amends.core.people import AUDIENCES, LOCAL_PERSON
from amends.incidents.involved import FUNCTIONS, LINKS, STAKEHOLDER_KINDS, Assignment, Invitation, Link, Stakeholder
from amends.store import incidents
from amends.store import involved as rows
from amends.store.access import role_of
from amends.usecases import access
from amends.usecases.given import line

if TYPE_CHECKING:
    from amends.core.ports import Clock, Ids
    from amends.store.engine import Store, Transaction

NAME_LIMIT = 100
ADDRESS_LIMIT = 300
TARGET_LIMIT = 2000
WHY_LIMIT = 500
SIZE_LIMIT = 10**12
"""More than there are people, payments or machines; and what every database can hold."""
SCHEMES = ("http", "https", "ssh", "git", "mailto")
"""The kinds of addresses that may be written down: a page makes links of them."""
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")


class Involving:
    """What a person can do about the people of an incident. `by` is who does it; a private one is there for those who were invited."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    # Functions

    def hand_over(self, incident_id: str, function: str, person: str, *, by: str = LOCAL_PERSON) -> Assignment:
        """Give somebody a function. Who held it until now holds it no longer, from the same instant; who gets it may see the incident.

        Raises UnknownNameError, InputError for who has no account where there are accounts, NotFoundError, ForbiddenError.
        """
        require_known("function", function, FUNCTIONS)
        name = line(person, "person", NAME_LIMIT)
        with self._store.writing() as connection:
            incident = access.changed(connection, incident_id, by)
            self._require_known(connection, name)
            now = self._clock.now()
            before = rows.holder(connection, incident_id, function)
            if before is not None and before.person == name:
                return before
            if before is not None:
                rows.end(connection, before, now, by)
            new = Assignment(self._ids.new(), incident_id, function, name, now, by)
            rows.assign(connection, new)
            if incident.visibility == "private":
                rows.invite(connection, Invitation(incident_id, name, now, by))
            return new

    def leave(self, incident_id: str, function: str, *, by: str = LOCAL_PERSON) -> Assignment:
        """Let nobody hold a function any more: the one who held it, until now. Raises ConflictError where nobody does, and the others."""
        require_known("function", function, FUNCTIONS)
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            before = rows.holder(connection, incident_id, function)
            if before is None:
                raise ConflictError(f"nobody holds the function {function!r} now", hint="look at who holds which")
            rows.end(connection, before, self._clock.now(), by)
            return next(one for one in rows.assignments_of(connection, incident_id) if one.id == before.id)

    # Who may see it

    def invite(self, incident_id: str, person: str, *, by: str = LOCAL_PERSON) -> Invitation:
        """Let somebody see a private incident; in an open one it counts from when it becomes private. Twice is once.

        Raises InputError for who has no account where there are accounts, NotFoundError, ForbiddenError.
        """
        name = line(person, "person", NAME_LIMIT)
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            self._require_known(connection, name)
            rows.invite(connection, Invitation(incident_id, name, self._clock.now(), by))
            return self._invitation(connection, incident_id, name)

    def uninvite(self, incident_id: str, person: str, *, by: str = LOCAL_PERSON) -> tuple[Invitation, ...]:
        """Let somebody see a private incident no longer; those who still may. Who holds a function, and the last one, stay.

        Raises ConflictError for these, and where the person is not invited; NotFoundError, ForbiddenError.
        """
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            left = [one for one in rows.invitations_of(connection, incident_id) if one.person != person]
            if len(left) == len(rows.invitations_of(connection, incident_id)):
                raise ConflictError(f"{person[:NAME_LIMIT]!r} is not invited", hint="look at who is")
            if any(one.person == person and one.until is None for one in rows.assignments_of(connection, incident_id)):
                raise ConflictError(f"{person!r} holds a function in it", hint="hand the function over first")
            if not left:
                raise ConflictError("nobody could see it then", hint="invite somebody else first")
            rows.uninvite(connection, incident_id, person, self._clock.now(), by)
            return tuple(left)

    def let_in(self, incident_id: str, why: str, *, by: str = LOCAL_PERSON) -> Invitation:
        """Let oneself see a private incident, as an owner of the workspace, with a reason that everybody in it sees.

        Raises InputError without a reason, NotFoundError, ForbiddenError for anybody but an owner.
        """
        reason = line(why, "why", WHY_LIMIT, "say why you need to see it; everybody in it will read this")
        with self._store.writing() as connection:
            access.require(connection, by, "manage", f"incident/{incident_id[:40]}")
            incidents.get(connection, incident_id)
            rows.invite(connection, Invitation(incident_id, by, self._clock.now(), by, reason))
            return self._invitation(connection, incident_id, by)

    # Who must be told

    def add_stakeholder(
        self,
        incident_id: str,
        name: str,
        *,
        kind: str = "affected",
        audience: str = "customers",
        address: str | None = None,
        size: int | None = None,
        by: str = LOCAL_PERSON,
    ) -> Stakeholder:
        """Write down a group or a person that must be told: why, as which audience, at which address, and how many they are.

        Twice is once. Raises InputError, UnknownNameError, NotFoundError, ForbiddenError.
        """
        require_known("kind", kind, STAKEHOLDER_KINDS)
        require_known("audience", audience, AUDIENCES)
        called = line(name, "name", NAME_LIMIT)
        reached = line(address, "address", ADDRESS_LIMIT) if address and address.strip() else None
        if size is not None and not 0 <= size <= SIZE_LIMIT:
            raise InputError(f"{size} is no number of people", hint=f"0 to {SIZE_LIMIT:,}; leave it out where nobody knows", field="size")
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            for one in rows.stakeholders_of(connection, incident_id):
                if one.removed_at is None and (one.name.casefold(), one.kind, one.audience) == (called.casefold(), kind, audience):
                    return one
            new = Stakeholder(self._ids.new(), incident_id, called, kind, audience, self._clock.now(), by, reached, size)
            rows.add_stakeholder(connection, new)
            return new

    def remove_stakeholder(self, incident_id: str, stakeholder_id: str, *, by: str = LOCAL_PERSON) -> Stakeholder:
        """Take somebody out of the list of those who must be told; what they were told stays. Raises NotFoundError, ForbiddenError."""
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            one = rows.stakeholder_in(connection, incident_id, stakeholder_id)
            if one.removed_at is None:
                rows.set_removed(connection, one, self._clock.now(), by)
            return rows.stakeholder_in(connection, incident_id, stakeholder_id)

    # Where else it stands

    def add_link(self, incident_id: str, kind: str, target: str, *, title: str | None = None, by: str = LOCAL_PERSON) -> Link:
        """Write down where else something about it stands: an address, a path, or the name of a channel or ticket. Twice is once.

        Raises InputError for an address of a kind that is none of `SCHEMES`, UnknownNameError, NotFoundError, ForbiddenError.
        """
        require_known("link", kind, LINKS)
        place = line(target, "target", TARGET_LIMIT)
        scheme = _SCHEME.match(place)
        if scheme is not None and scheme[1].lower() not in SCHEMES:
            hint = f"an address begins with {', '.join(SCHEMES[:-1])} or {SCHEMES[-1]} and a colon"
            raise InputError(f"an address cannot begin with {scheme[1]!r}", hint=hint, field="target")
        called = line(title, "title", NAME_LIMIT) if title and title.strip() else None
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            for one in rows.links_of(connection, incident_id):
                if one.removed_at is None and (one.kind, one.target, one.title) == (kind, place, called):
                    return one
            new = Link(self._ids.new(), incident_id, kind, place, self._clock.now(), by, called)
            rows.add_link(connection, new)
            return new

    def remove_link(self, incident_id: str, link_id: str, *, by: str = LOCAL_PERSON) -> Link:
        """Take a link out of the list. Raises NotFoundError, ForbiddenError."""
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            one = rows.link_in(connection, incident_id, link_id)
            if one.removed_at is None:
                rows.set_removed(connection, one, self._clock.now(), by)
            return rows.link_in(connection, incident_id, link_id)

    def _invitation(self, connection: Transaction, incident_id: str, person: str) -> Invitation:
        return next(one for one in rows.invitations_of(connection, incident_id) if one.person == person)

    def _require_known(self, connection: Transaction, person: str) -> None:
        if role_of(connection, person) is None:
            raise InputError(f"{person!r} has no account here", hint="an owner of the workspace can invite them", field="person")
