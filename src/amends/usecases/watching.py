"""Watching an incident: what changed in the meantime, whoever changed it in whichever process, and who may go on watching."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.people import LOCAL_PERSON
from amends.store import watching as rows
from amends.usecases import access

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from amends.core.ports import Clock
    from amends.store.engine import Store


@dataclass(frozen=True, slots=True)
class Touched:
    """What changed: `seq` is the number of the last change that was looked at, `about` the subjects by incident, as `message/ID`."""

    seq: int
    about: Mapping[str, frozenset[str]]


class Watching:
    """Reads only; one question to the store while nothing happens."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def begin(self, incident_id: str, seen: int | None = None, *, by: str = LOCAL_PERSON) -> tuple[int, bool]:
        """The number of the last change, for somebody who may watch this incident, and whether it changed since number `seen`.

        Without a number it counts as changed. Raises NotFoundError, ForbiddenError.
        """
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            head = rows.head(connection)
            if seen is None or not head - rows.MOST_ROWS <= seen <= head:
                return head, True
            return head, incident_id in rows.touched(connection, seen)[1]

    def since(self, seq: int) -> Touched:
        """What changed after a number, in all incidents: no words, only what to look at again."""
        with self._store.reading() as connection:
            return Touched(*rows.touched(connection, seq))

    def views(self, incident_id: str, people: Collection[str], sessions: Collection[str]) -> tuple[dict[str, str], frozenset[str]]:
        """Who of some people may still see an incident, with the name of the view that they have of it, and which sessions still live.

        People with the same view see the same page. That is what their role gives; where the page may name a private incident, each has
        their own.
        """
        with self._store.reading() as connection:
            roles = rows.roles_of(connection, people)
            shown = rows.invited(connection, incident_id, people)
            alive = rows.living(connection, sessions, self._clock.now()) if sessions else frozenset()
            apart = rows.may_differ(connection, incident_id)
        return {name: f"{role} {name}" if apart else role for name, role in roles.items() if name in shown}, alive
