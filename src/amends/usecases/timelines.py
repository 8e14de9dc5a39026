"""The timeline of an incident: its versions as they were read, and what people note about the entries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from amends.core.errors import ConflictError, InputError, NotFoundError, UsageError
from amends.core.people import LOCAL_PERSON
from amends.store import drafts, messages
from amends.store import timelines as rows
from amends.timeline.notes import UNMARKED, WITHDRAWABLE, Entry, Marks, Note, marks, noted
from amends.usecases import access
from amends.usecases.assembling import Behind, Sources
from amends.usecases.given import aware, line, storable
from amends.usecases.timeline_page import Lanes, Update, payload

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from amends.core.incident import DraftVersion, Incident
    from amends.core.ports import Clock, Ids
    from amends.store.engine import Store, Transaction
    from amends.timeline.versions import Evidence, Run, Version, VersionHead
    from amends.usecases.gathering import Gathering
    from amends.usecases.promising import Promising

TEXT_LIMIT = 2000
"""The longest comment, reason, or added entry, in code points."""

NAME_LIMIT = 100
MOST_PROMISES = 500
"""Promises of one incident that are shown beside its timeline."""

_VERSIONS_KEPT = 4
"""Versions that are held in memory: they never change, and each page asks for one."""


@dataclass(frozen=True, slots=True)
class Told:
    """The timeline of an incident as it stands.

    `version` is the one that is shown, None where nothing was read yet. `run` is the reading that began last, its state `INTERRUPTED` where
    its process is gone. `unread` are sources that were added, or taken in again, since the version was made; `left` those that it still
    shows though they were removed.
    """

    incident: Incident
    evidence: tuple[Evidence, ...]
    version: Version | None
    versions: tuple[VersionHead, ...]
    entries: tuple[Entry, ...]
    run: Run | None
    unread: tuple[Evidence, ...]
    left: tuple[Evidence, ...]


class Timelines:
    """What people can do with the timeline of an incident. `by` is who does it."""

    def __init__(self, store: Store, clock: Clock, ids: Ids, gathering: Gathering, promising: Promising) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._gathering = gathering
        self._promising = promising
        self._sources = Sources()
        self._documents: dict[tuple[str, int], Version] = {}

    # Looking

    def get(self, incident_id: str, number: int | None = None, *, by: str = LOCAL_PERSON) -> Told:
        """The timeline of an incident, in its newest version or another one. Raises NotFoundError."""
        with self._store.reading() as connection:
            incident = access.seen(connection, incident_id, by)
            evidence = rows.evidence_of(connection, incident_id)
            heads = rows.heads(connection, incident_id)
            wanted = heads[0].number if heads and number is None else number
            version = None if wanted is None else self._version(connection, incident_id, wanted)
            entries = self._entries(connection, incident_id, version, marks(rows.notes_of(connection, incident_id)))
            run = rows.last_run(connection, incident_id)
        read = set(version.document["evidence"]) if version is not None else set()
        there = tuple(one for one in evidence if one.removed_at is None)
        return Told(
            incident, there, version, heads, tuple(entries), self._gathering.as_it_is(run),
            unread=tuple(one for one in there if one.id not in read),
            left=tuple(one for one in evidence if one.removed_at is not None and one.id in read),
        )  # fmt: skip

    def entry(self, incident_id: str, entry_id: str, *, by: str = LOCAL_PERSON) -> Entry:
        """One entry with everything noted about it, whichever version it stands in. Raises NotFoundError."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            return self._find(connection, incident_id, entry_id)[0]

    def marked(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[Entry, ...]:
        """The entries that somebody pinned or added by hand, and nobody hid. Raises NotFoundError."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            said = {name: one for name, one in marks(rows.notes_of(connection, incident_id)).items() if _is_marked(one)}
            heads = rows.heads(connection, incident_id) if said else ()
            version = self._version(connection, incident_id, heads[0].number) if heads else None
            return tuple(self._entries(connection, incident_id, version, said, only=True))

    def notes(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[Note, ...]:
        """Everything that was noted, in the order in which it was recorded. Raises NotFoundError."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            return rows.notes_of(connection, incident_id)

    def behind(self, incident_id: str, entry_id: str, *, by: str = LOCAL_PERSON) -> Behind:
        """The bytes that an entry cites. Raises NotFoundError where its source is gone or changed, or where a person added it."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            found, number = self._find(connection, incident_id, entry_id)
            if number is None:
                raise NotFoundError("a person wrote this entry; no source holds it", hint="its history says who and when")
            version = self._version(connection, incident_id, number)
            operands = self._gathering.operands(rows.evidence_of(connection, incident_id), version.document["evidence"])
        return self._sources.behind(found.row, operands)

    def lanes(self, incident_id: str, *, by: str = LOCAL_PERSON) -> Lanes:
        """What was promised and told about an incident, each in the order of its time. Raises NotFoundError."""
        promises = self._promising.newest(incident_id=incident_id, limit=MOST_PROMISES, by=by)
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            sent = messages.of_incident(connection, incident_id)
            forms = {one.id: drafts.version(connection, one.draft_id, one.version) for one in sent}
        updates = [Update(one.id, one.sent_at, _form(forms[one.id]), one.audience, one.text) for one in sent]
        return Lanes(tuple(sorted(promises, key=lambda entry: entry.promise.made_at)), tuple(updates))

    def payload(self, incident_id: str, number: int | None = None, *, by: str = LOCAL_PERSON) -> dict[str, Any]:
        """What the picture is drawn from; see `timeline_page`. Raises NotFoundError, also where nothing was read yet."""
        told = self.get(incident_id, number, by=by)
        if told.version is None:
            raise NotFoundError("the evidence of this incident was not read yet", hint="add evidence, and read it")
        return payload(told.incident.title, told.version, told.entries, self.lanes(incident_id, by=by))

    def known(self, *, by: str = LOCAL_PERSON) -> dict[str, tuple[int, int]]:
        """Incidents with evidence that `by` may see: sources, and entries of the newest version (-1 where nothing was read)."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            return rows.with_any(connection, seen_by=by)

    # Noting

    def pin(self, incident_id: str, entry_id: str, *, by: str = LOCAL_PERSON) -> Note | None:
        """Say that an entry matters; None where it is pinned already. Raises NotFoundError, as all below do."""
        return self._switch(incident_id, entry_id, "pinned", by)

    def unpin(self, incident_id: str, entry_id: str, *, by: str = LOCAL_PERSON) -> Note | None:
        """Undo `pin`."""
        return self._switch(incident_id, entry_id, "unpinned", by)

    def hide(self, incident_id: str, entry_id: str, *, by: str = LOCAL_PERSON) -> Note | None:
        """Say that an entry does not belong to the story; it stays, out of sight."""
        return self._switch(incident_id, entry_id, "hidden", by)

    def show(self, incident_id: str, entry_id: str, *, by: str = LOCAL_PERSON) -> Note | None:
        """Undo `hide`."""
        return self._switch(incident_id, entry_id, "shown", by)

    def comment(self, incident_id: str, entry_id: str, text: str, *, by: str = LOCAL_PERSON) -> Note:
        """Say something about an entry. Raises InputError for words that cannot be kept."""
        return self._note(incident_id, entry_id, "commented", by, text=_words(text, "text"))

    def correct(self, incident_id: str, entry_id: str, time: datetime, why: str, *, by: str = LOCAL_PERSON) -> Note:
        """Give an entry another time, with the reason; the one of its source stays beside it, and so does every correction before.

        Raises InputError without a reason, and for a time without an offset.
        """
        return self._note(incident_id, entry_id, "corrected", by, text=_words(why, "why"), time=aware(time, "time"))

    def add(self, incident_id: str, time: datetime, text: str, *, actor: str | None = None, by: str = LOCAL_PERSON) -> Note:
        """Write down what no log knows. The id of the note is the id of the entry. Raises InputError, also for a time to come."""
        if aware(time, "time") > self._clock.now():
            raise InputError("that is still to come", hint="a timeline tells what happened; promise what will", field="time")
        words, who = _words(text, "text"), line(actor, "actor", NAME_LIMIT) if actor and actor.strip() else None
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            own = self._ids.new()
            new = Note(own, incident_id, own, "added", self._clock.now(), by, words, time, who)
            rows.add_note(connection, new, salt=self._ids.new())
            return new

    def withdraw(self, incident_id: str, note_id: str, *, by: str = LOCAL_PERSON) -> Note:
        """Take back a comment, a correction or an added entry of one's own; it stays in the history.

        Raises NotFoundError, UsageError for somebody else's, ConflictError for one that was taken back, or cannot be.
        """
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            told = rows.notes_of(connection, incident_id)
            old = next((note for note in told if note.id == note_id), None)
            if old is None:
                raise NotFoundError(f"there is no note {note_id[:40]!r} in this timeline")
            if old.by != by:
                raise UsageError(f"only {old.by}, who wrote this, can take it back", hint="comment on it, or correct it again")
            if old.what not in WITHDRAWABLE or any(note.undoes == note_id for note in told):
                raise ConflictError("this cannot be taken back", hint="look at it again: it may be undone already")
            new = Note(self._ids.new(), incident_id, old.entry, "withdrawn", self._clock.now(), by, undoes=note_id)
            rows.add_note(connection, new, salt=self._ids.new())
            return new

    # Within

    def _version(self, connection: Transaction, incident_id: str, number: int) -> Version:
        key = (incident_id, number)
        found = self._documents.get(key)
        if found is None:
            found = self._documents[key] = rows.version(connection, incident_id, number)
            if len(self._documents) > _VERSIONS_KEPT:
                self._documents.pop(next(iter(self._documents)), None)
        return found

    def _entries(
        self, connection: Transaction, incident_id: str, version: Version | None, said: Mapping[str, Marks], *, only: bool = False
    ) -> list[Entry]:
        """The entries of a version with what was noted about them, and those that were noted elsewhere; with `only` no others."""
        shown = version.document["rows"] if version is not None else []
        shown = [row for row in shown if row["id"] in said] if only else shown
        known = {row["id"] for row in shown}
        elsewhere = {}
        for name, state in said.items():
            if name not in known and state.added is None:
                elsewhere[name] = self._row(connection, incident_id, name, state)
        return noted(shown, said, elsewhere)

    def _row(self, connection: Transaction, incident_id: str, entry_id: str, state: Marks) -> dict[str, Any]:
        """The row of a noted entry, from the version in which somebody noted something about it last."""
        number = next(note.version for note in reversed(state.history) if note.version is not None)
        version = self._version(connection, incident_id, number)
        found: dict[str, Any] = next(row for row in version.document["rows"] if row["id"] == entry_id)
        return found

    def _find(self, connection: Transaction, incident_id: str, entry_id: str) -> tuple[Entry, int | None]:
        """An entry, and the newest version that holds it; None for one that a person added. Raises NotFoundError."""
        notes = [note for note in rows.notes_of(connection, incident_id) if note.entry == entry_id]
        state = marks(notes).get(entry_id, UNMARKED)
        if state.added is not None:
            return next(iter(noted([], {entry_id: replace(state, gone=False)}, {}))), None
        heads = rows.heads(connection, incident_id)
        for head in heads:
            version = self._version(connection, incident_id, head.number)
            row = next((row for row in version.document["rows"] if row["id"] == entry_id), None)
            if row is not None:
                (entry,) = noted([row], {entry_id: state}, {})
                return replace(entry, is_current=head is heads[0]), head.number
        raise NotFoundError(f"there is no entry {entry_id[:40]!r} in this timeline", hint="it may stand in another incident")

    def _switch(self, incident_id: str, entry_id: str, what: str, by: str) -> Note | None:
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            found, _ = self._find(connection, incident_id, entry_id)
            state = found.marks
            holds = {"pinned": state.pinned, "unpinned": not state.pinned, "hidden": state.hidden, "shown": not state.hidden}
            return None if holds[what] else self._write(connection, incident_id, entry_id, what, by)

    def _note(self, incident_id: str, entry_id: str, what: str, by: str, *, text: str, time: datetime | None = None) -> Note:
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            return self._write(connection, incident_id, entry_id, what, by, text=text, time=time)

    def _write(
        self,
        connection: Transaction,
        incident_id: str,
        entry_id: str,
        what: str,
        by: str,
        text: str | None = None,
        time: datetime | None = None,
    ) -> Note:
        _, number = self._find(connection, incident_id, entry_id)
        new = Note(self._ids.new(), incident_id, entry_id, what, self._clock.now(), by, text, time, version=number)
        rows.add_note(connection, new, salt=self._ids.new())
        return new


def _is_marked(one: Marks) -> bool:
    return (one.pinned or one.added is not None) and not one.hidden and not one.gone


def _words(text: str, field: str) -> str:
    kept = storable(text, field).strip()
    if not kept or len(kept) > TEXT_LIMIT:
        what = "say why the time is another" if field == "why" else "say it in a few words"
        raise InputError(f"1 to {TEXT_LIMIT:,} characters are needed here", hint=what, field=field)
    return kept


def _form(sent: DraftVersion | None) -> str:
    """The form that a message was written in; one that nobody chose is a message, whatever it turned out to be."""
    return "message" if sent is None or sent.content.form == "auto" else sent.content.form
