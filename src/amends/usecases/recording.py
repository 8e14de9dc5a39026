"""The record of an incident: facts, milestones, the two boxes, commits and comments; each stays, and a correction stands beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amends.core.errors import ConflictError, ForbiddenError, InputError, require_known
from amends.core.people import LOCAL_PERSON
from amends.incidents.event import AGAIN, BOXES, COMMITS, FACTS, FINDERS, MILESTONES, SAID, IncidentEvent, standing
from amends.incidents.stale import StaleError
from amends.store import record as rows
from amends.usecases import access
from amends.usecases.given import KEY_DIGITS, line, paragraphs, passed, require_same

if TYPE_CHECKING:
    from datetime import datetime

    from amends.core.ports import Clock, Ids
    from amends.store.engine import Store, Transaction

FACT_LIMIT = 500
"""The longest fact, in code points: it is put into messages, and has to be read in a list."""
FIGURE_LIMIT = 100
COMMENT_LIMIT = 10_000
SUBJECT_LIMIT = 300
_HASH = re.compile(r"[0-9a-f]{7,64}")


class Recording:
    """What a person can write down about an incident. `by` is who does it; a private incident is there for those who were invited.

    `once`, from `given.id_once`, makes a second try give back what the first one wrote.
    """

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    def events(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[IncidentEvent, ...]:
        """Everything that happened to an incident, in the order in which it was recorded. Raises NotFoundError, ForbiddenError."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            return rows.events_of(connection, incident_id)

    def fact(
        self,
        incident_id: str,
        kind: str,
        text: str,
        *,
        value: str | None = None,
        at: datetime | None = None,
        replaces: str | None = None,
        once: str | None = None,
        by: str = LOCAL_PERSON,
    ) -> IncidentEvent:
        """Write down a fact that held at `at` (None for now). A `number` has its figure with its unit, as written, in `value`.

        `replaces` is the fact that this one corrects. Raises InputError, UnknownNameError for a kind, NotFoundError, ForbiddenError, and
        StaleError where the fact was corrected or withdrawn meanwhile.
        """
        require_known("fact", kind, FACTS)
        words = line(text, "text", FACT_LIMIT, "write one fact in one line; several are several facts")
        if (kind == "number") is (value is None):
            problem = "a number needs its figure" if value is None else f"a fact about {kind!r} has no figure of its own"
            raise InputError(
                problem, hint='give the figure with its unit, such as "4212 payments", as the value of a number', field="value"
            )
        figure = line(value, "value", FIGURE_LIMIT) if value is not None else None
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            if (made := _made_before(connection, incident_id, once)) is not None:
                return made
            now = self._clock.now()
            when = passed(at, now, "at")
            if replaces is not None:
                self._require_standing(connection, incident_id, replaces, ("fact",), words if figure is None else f"{figure}: {words}")
            return self._add(
                connection, incident_id, "fact", by, once, now, at=when, kind=kind, text=words, value=figure, replaces=replaces
            )

    def milestone(
        self,
        incident_id: str,
        kind: str,
        at: datetime | None = None,
        *,
        value: str | None = None,
        text: str | None = None,
        replaces: str | None = None,
        once: str | None = None,
        by: str = LOCAL_PERSON,
    ) -> IncidentEvent:
        """Write down when a milestone was reached, None for now. For `detected`, `value` says who found it: us, or others.

        Of the kinds that an incident has once, it takes the place of the one that stands; of the others, of the one that it `replaces`.
        Raises InputError for a time to come, UnknownNameError, NotFoundError, StaleError, ForbiddenError.
        """
        require_known("milestone", kind, MILESTONES)
        if kind == "detected":
            require_known("finder", value or "", FINDERS)
        elif value is not None:
            raise InputError(f"a milestone {kind!r} has no value", hint="only `detected` says who found it", field="value")
        words = line(text, "text", FACT_LIMIT) if text and text.strip() else None
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            if (made := _made_before(connection, incident_id, once)) is not None:
                return made
            now = self._clock.now()
            when = passed(at, now, "at")
            if replaces is not None:
                self._require_standing(connection, incident_id, replaces, ("milestone",), words)
            before = standing(rows.events_of(connection, incident_id), "milestone", kind) if kind not in AGAIN else ()
            if before and replaces is None and (before[-1].at, before[-1].value, before[-1].text) == (when, value, words):
                return before[-1]
            old = replaces or (before[-1].id if before else None)
            return self._add(connection, incident_id, "milestone", by, once, now, at=when, kind=kind, text=words, value=value, replaces=old)

    def tick(
        self, incident_id: str, box: str, *, ticked: bool = True, text: str | None = None, once: str | None = None, by: str = LOCAL_PERSON
    ) -> IncidentEvent:
        """Tick a box of the follow-up note, or open it again; `text` says what shows it. Raises UnknownNameError, InputError."""
        require_known("box", box, BOXES)
        value = "ticked" if ticked else "open"
        words = line(text, "text", FACT_LIMIT) if text and text.strip() else None
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            if (made := _made_before(connection, incident_id, once)) is not None:
                return made
            before = standing(rows.events_of(connection, incident_id), "box", box)
            if before and (before[-1].value, before[-1].text) == (value, words):
                return before[-1]
            old = before[-1].id if before else None
            return self._add(connection, incident_id, "box", by, once, kind=box, text=words, value=value, replaces=old)

    def commit(
        self, incident_id: str, kind: str, sha: str, subject: str, *, once: str | None = None, by: str = LOCAL_PERSON
    ) -> IncidentEvent:
        """Name a commit of the incident and what it does: `hotfix`, `rollback` or `guardrail`. The same one twice is one.

        Raises InputError for what is no hash, UnknownNameError, NotFoundError, ForbiddenError.
        """
        require_known("commit", kind, COMMITS)
        name = sha.strip().lower()
        if not _HASH.fullmatch(name):
            raise InputError(
                f"{sha[:80]!r} is no hash of a commit", hint="7 to 64 digits of 0-9 and a-f, as `git log` shows them", field="sha"
            )
        words = line(subject, "subject", SUBJECT_LIMIT)
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            if (made := _made_before(connection, incident_id, once)) is not None:
                return made
            for one in standing(rows.events_of(connection, incident_id), "commit", kind):
                if (one.value, one.text) == (name, words):
                    return one
            return self._add(connection, incident_id, "commit", by, once, kind=kind, text=words, value=name)

    def comment(self, incident_id: str, text: str, *, once: str | None = None, by: str = LOCAL_PERSON) -> IncidentEvent:
        """Say something to those who work on it. Raises InputError, NotFoundError, ForbiddenError."""
        words = paragraphs(text, "text", COMMENT_LIMIT)
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            if (made := _made_before(connection, incident_id, once)) is not None:
                return made
            return self._add(connection, incident_id, "comment", by, once, text=words)

    def withdraw(self, incident_id: str, event_id: str, *, once: str | None = None, by: str = LOCAL_PERSON) -> IncidentEvent:
        """Take back a fact, milestone, box, commit, or a comment of one's own; it stays in the history.

        Raises NotFoundError, ConflictError for what cannot be taken back, StaleError for what no longer stands, ForbiddenError.
        """
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            if (made := _made_before(connection, incident_id, once)) is not None:
                return made
            old = self._require_standing(connection, incident_id, event_id, SAID, None)
            if old.what == "comment" and old.by != by:
                raise ForbiddenError("only who wrote a comment can take it back", hint="answer it with a comment of your own")
            return self._add(connection, incident_id, "withdrawn", by, once, kind=old.what, replaces=old.id)

    def _require_standing(
        self, connection: Transaction, incident_id: str, event_id: str, what: tuple[str, ...], refused: str | None
    ) -> IncidentEvent:
        """The event, if it still holds; else StaleError with the one that took its place, and the words that were refused."""
        old = rows.get(connection, incident_id, event_id)
        if old.what not in what:
            raise ConflictError(f"{old.what!r} cannot be replaced or taken back", hint="change it again instead")
        after = {event.replaces: event for event in rows.events_of(connection, incident_id) if event.replaces is not None}
        current = old
        while current.id in after:
            current = after[current.id]
        if current is not old:
            done = "was withdrawn" if current.what == "withdrawn" else "was corrected"
            raise StaleError(f"this {old.what} {done} meanwhile", current, refused)
        return old

    def _add(
        self,
        connection: Transaction,
        incident_id: str,
        what: str,
        by: str,
        once: str | None = None,
        now: datetime | None = None,
        *,
        at: datetime | None = None,
        kind: str | None = None,
        text: str | None = None,
        value: str | None = None,
        replaces: str | None = None,
    ) -> IncidentEvent:
        now = now or self._clock.now()
        new = IncidentEvent(once or self._ids.new(), incident_id, what, at or now, now, by, kind, text, value, replaces)
        rows.add(connection, new, salt=self._ids.new())
        return new


def _made_before(connection: Transaction, incident_id: str, once: str | None) -> IncidentEvent | None:
    """What a first try with the same key wrote down. Raises InputError where that was something else."""
    if once is None:
        return None
    found = next((event for event in rows.events_of(connection, incident_id) if event.id.startswith(once[:KEY_DIGITS])), None)
    if found is not None:
        require_same(found.id, once)
    return found
