"""Erasing what a person asked to have erased: their words go for good, and that they were there, and why they went, stays provable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.errors import ConflictError, NotFoundError, UnknownNameError
from amends.core.people import LOCAL_PERSON
from amends.store import erasure as rows
from amends.store import journal, postings, practising, recurring
from amends.store.schema import is_id
from amends.usecases import access
from amends.usecases.given import line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from amends.core.ports import Clock, Ids
    from amends.store.engine import Store, Transaction

WHY_LIMIT = 500
PERSON = "person"

LEFT = (
    "Backups, exports and messages that went out before still hold it.",
    "Who wrote it, when, and how long it was stay in the journal.",
    "Where somebody wrote the same words elsewhere, as in a point of an account or a version of it, they are erased there by themselves.",
)
LEFT_OF_PERSON = (
    "The name of the account stays in what they wrote and in the journal, as a pseudonym.",
    "Backups and exports that were made before still hold the account.",
)


@dataclass(frozen=True, slots=True)
class Erasure:
    """What would be erased, or was: rows by table, and what stays all the same."""

    subject: str
    rows: dict[str, int]
    left: tuple[str, ...]
    erased_at: datetime | None = None
    why: str | None = None


class Erasing:
    """What an owner of the workspace can erase. It cannot be undone."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    def plan(self, subject: str, *, by: str = LOCAL_PERSON) -> Erasure:
        """What erasing a subject would take and leave. Raises what `erase` raises, and changes nothing."""
        with self._store.reading() as connection:
            return self._plan(connection, *self._asked(connection, subject, by))

    def erase(self, subject: str, why: str, *, by: str = LOCAL_PERSON) -> Erasure:
        """Erase for good. A subject reads `message/ID`, `event/ID`, `person/NAME`, …; `why` is kept with the tombstone, so it names nobody.

        Raises ForbiddenError for all but owners, NotFoundError, UnknownNameError, InputError without a reason, ConflictError where
        nothing is left to erase or nobody could manage the workspace any more.
        """
        why = line(why, "why", WHY_LIMIT, "say in one line who asked for it and on what ground, without the words themselves")
        with self._store.writing() as connection:
            kind, one = self._asked(connection, subject, by)
            plan = self._plan(connection, kind, one)
            now = self._clock.now()
            if kind == PERSON:
                self._erase_person(connection, one, why, now, by)  # and what they practised, of which the plan says nothing
            else:
                rows.erase(connection, kind, one, at=now, by=by, why=why, new_salt=self._ids.new)
                if kind == "draft":
                    rows.discard_open(connection, one, now, by)
                postings.read_again(connection, None)  # or the words would stay there until somebody looks for like incidents
                recurring.drop_matches(connection)  # which quote words that two incidents share; found anew when somebody looks
        rows.sweep(self._store)
        return Erasure(plan.subject, plan.rows, plan.left, now, why)

    def _asked(self, connection: Transaction, subject: str, by: str) -> tuple[str, str]:
        access.require(connection, by, "manage")
        kind, _, one = subject.partition("/")
        if kind not in (*rows.KINDS, PERSON):
            raise UnknownNameError("subject", kind[:40], (*tuple(sorted(f"{name}/ID" for name in rows.KINDS)), f"{PERSON}/NAME"))
        if kind == PERSON:
            if not rows.has_person(connection, one):
                raise NotFoundError(f"there is no account {one[:40]!r}", hint="`amends people list` shows them")
            return kind, one
        row = rows.get(connection, kind, one) if is_id(one) else None
        if row is None:
            raise NotFoundError(f"there is no {kind} {one[:40]!r}", hint="`amends search --format json` shows ids")
        self._require_seen(connection, kind, row, by)
        return kind, one

    def _require_seen(self, connection: Transaction, kind: str, row: Mapping[Any, Any], by: str) -> None:
        """A private incident is there for those invited; an owner lets themselves in first, and says why."""
        incident_id = row["id"] if kind == "incident" else row.get("incident_id")
        if incident_id is not None:
            access.seen(connection, incident_id, by)

    def _plan(self, connection: Transaction, kind: str, one: str) -> Erasure:
        subject = f"{kind}/{one}"
        if kind == PERSON:
            if rows.is_last_owner(connection, one):
                raise ConflictError(f"{one} is the last owner of the workspace", hint="make somebody else an owner first")
            return Erasure(subject, {PERSON: 1}, LEFT_OF_PERSON)
        counted = rows.counted(connection, kind, one)
        if not counted:
            raise ConflictError(f"nothing of {subject} is left to erase")
        return Erasure(subject, counted, LEFT)

    def _erase_person(self, connection: Transaction, name: str, why: str, now: datetime, by: str) -> None:
        salt = self._ids.new()
        practising.drop_all(connection, name)
        rows.erase_person(connection, name, at=now, by=by, why_sha256=journal.text_hash(salt, why), salt=salt)
