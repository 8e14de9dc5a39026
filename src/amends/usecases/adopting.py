"""Taking over what other tools exported: incidents with their messages and promises, entries of timelines, action items with their moves.

Everything remembers what it is called over there, in its id, so that a second run adds only what is new. What happened keeps its time;
when we were told is now. Nothing becomes a promise of a person that was only a suggestion: an action item counts as accepted where its
tool names somebody and a date.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING

from amends.core.errors import AmendsError, NotFoundError, UnknownNameError, UsageError
from amends.core.people import LOCAL_PERSON
from amends.core.problem import Problem
from amends.incidents.actions import ActionEvent, ActionItem
from amends.integrations.imports.records import ForeignAction, ForeignEntry, ForeignIncident
from amends.store import actions as action_rows
from amends.store import incidents as incident_rows
from amends.store import timelines as timeline_rows
from amends.timeline.notes import Note
from amends.usecases import access
from amends.usecases.given import KEY_DIGITS, id_once
from amends.usecases.importing import plain_problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from amends.core.ports import Clock, Ids
    from amends.integrations.imports.records import Foreign, ForeignMessage
    from amends.store.engine import Store
    from amends.usecases.incidents import Incidents
    from amends.usecases.involving import Involving
    from amends.usecases.messaging import Messaging
    from amends.usecases.promising import Promising
    from amends.usecases.recording import Recording

TOOLS = ("statuspage", "dispatch", "incidentio", "jira")
REMARKS = ("message-remark", "deleted", "not-accepted")
"""Problems that tell of something that was taken over all the same, or left out on purpose; the others are rows that were refused."""


@dataclass(slots=True)
class Adopted:
    """What came of it: how many of what were made and were there already, the incidents, and what was refused or is worth knowing."""

    dry: bool
    made: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    incidents: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """How many rows could not be used."""
        return sum(problem.code not in REMARKS for problem in self.problems)

    def as_dict(self, tool: str) -> dict[str, object]:
        """The same as plain values, as programs get it."""
        told = {"schema": "amends.taken-over/1", "tool": tool, "dry_run": self.dry, "made": dict(+self.made), "known": dict(+self.known)}
        return {**told, "incidents": self.incidents, "refused": self.refused, "problems": [plain_problem(one) for one in self.problems]}


class Adopting:
    """Takes over; `by` is who does it, and who is written down as the author of what no person of ours wrote."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        ids: Ids,
        *,
        incidents: Incidents,
        involving: Involving,
        recording: Recording,
        messaging: Messaging,
        promising: Promising,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._incidents = incidents
        self._involving = involving
        self._recording = recording
        self._messaging = messaging
        self._promising = promising

    def take(
        self, tool: str, data: bytes, path: str, *, incident_id: str | None = None, dry_run: bool = False, by: str = LOCAL_PERSON
    ) -> Adopted:
        """Take over one file of a tool of `TOOLS`. `incident_id` is where entries and action items go that name no incident we have.

        A row that cannot be used is told and left out. Raises InputError for a file that is none of this tool, UnknownNameError,
        NotFoundError, ForbiddenError.
        """
        if tool not in TOOLS:
            raise UnknownNameError("tool", tool[:40], TOOLS)
        with self._store.reading() as connection:
            access.require(connection, by, "write")
            if incident_id is not None:
                access.changed(connection, incident_id, by)
        told = Adopted(dry_run)
        for one in self._read(tool, data, path):
            if isinstance(one, Problem):
                told.problems.append(one)
                continue
            try:
                self._one(one, incident_id, told, path, by)
            except NotFoundError as error:  # it was taken over before, and is private to others
                told.problems.append(Problem("refused", error.message, "ask who took it over to invite you", path))
        return told

    def _one(self, one: Foreign, incident_id: str | None, told: Adopted, path: str, by: str) -> None:
        if isinstance(one, ForeignIncident):
            self._incident(one, told, path, by)
        elif isinstance(one, ForeignEntry):
            self._entry(one, _needed(incident_id, "a timeline"), told, by)
        else:
            self._action(one, incident_id, told, path, by)

    def _read(self, tool: str, data: bytes, path: str) -> Iterable[Foreign | Problem]:
        found: Iterable[Foreign | Problem] = import_module(f"amends.integrations.imports.{tool}").read(data, path)
        return found

    def _incident(self, one: ForeignIncident, told: Adopted, path: str, by: str) -> None:
        own = id_once(one.key, b"", "incident")
        there = self._is_there(own, by)
        told.incidents.append(own)
        (told.known if there else told.made)["incidents"] += 1
        if not there and not told.dry:
            self._open(one, own, by)
        for message in one.messages:
            self._message(one, message, own if there or not told.dry else None, told, path, by)

    def _is_there(self, incident_id: str, by: str) -> bool:
        """Whether an incident is here already. Raises NotFoundError where it is, and `by` may not see it."""
        with self._store.reading() as connection:
            try:
                incident_rows.get(connection, incident_id)
            except NotFoundError:
                return False
            access.seen(connection, incident_id, by)
            return True

    def _open(self, one: ForeignIncident, own: str, by: str) -> None:
        with self._store.writing() as connection:
            self._incidents.open_within(
                connection, one.title, severity=one.severity, started_at=one.started_at, status=one.status, private=one.private,
                incident_id=own, by=by,
            )  # fmt: skip
        self._involving.add_link(own, "other", one.address or one.key, title=one.called or one.key, by=by)
        for name in one.affected:
            self._involving.add_stakeholder(own, name, kind="affected", audience="customers", by=by)
        for kind, at in one.moments:
            self._recording.milestone(own, kind, at, text=f"as {one.called or one.key} says", by=by)
        for kind, words in one.facts:
            self._recording.fact(own, kind, " ".join(words.split())[:_FACT], at=one.started_at, by=by)

    def _message(self, about: ForeignIncident, one: ForeignMessage, incident_id: str | None, told: Adopted, path: str, by: str) -> None:
        once = id_once(one.key, one.text.encode(), "message")
        for remark in one.remarks:
            words = f"the update of {one.sent_at:%Y-%m-%d %H:%M} UTC about “{about.title}” {remark}"
            told.problems.append(Problem("message-remark", words, "compare it with what readers saw", path))
        sent = self._messaging.of_incident(incident_id, by=by) if incident_id else ()
        known = next((message for message in sent if message.id[:KEY_DIGITS] == once[:KEY_DIGITS]), None)
        if known is not None:
            told.known["messages"] += 1
            if known.id != once:
                words = f"the update of {one.sent_at:%Y-%m-%d %H:%M} UTC about “{about.title}” has other words than when it was taken over"
                told.problems.append(Problem("message-remark", words, "a message that was sent stays as it was; send a correction", path))
            return
        told.made["messages"] += 1
        if incident_id is None or told.dry:
            return
        try:
            made = self._messaging.record(
                one.text, form="status-update", audience="customers", tz=one.tz, incident_id=incident_id, sent_at=one.sent_at,
                via="status page", once=once, by=by,
            )  # fmt: skip
        except AmendsError as error:
            told.made["messages"] -= 1
            told.problems.append(Problem("refused", error.message, error.hint, path))
            return
        told.made["promises"] += len(self._promising.of_message(made.id, by=by))

    def _entry(self, one: ForeignEntry, incident_id: str, told: Adopted, by: str) -> None:
        own = id_once(one.key, b"", "entry", incident_id)
        with self._store.reading() as connection:
            there = any(note.id == own for note in timeline_rows.notes_of(connection, incident_id))
        (told.known if there else told.made)["entries"] += 1
        if there or told.dry:
            return
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            note = Note(own, incident_id, own, "added", self._clock.now(), by, one.text[:_NOTE], one.at, one.actor)
            timeline_rows.add_note(connection, note, salt=self._ids.new())

    def _action(self, one: ForeignAction, given: str | None, told: Adopted, path: str, by: str) -> None:
        incident_id = self._incident_of(one, given, told, path, by)
        if incident_id is None:
            return
        own = id_once(one.key, b"", "action")
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            known = action_rows.named_like(connection, own, seen_by=by)
        have = {event.id for _, events in known for event in events}
        (told.known if known else told.made)["action items"] += 1
        now = self._clock.now()
        events = [event for event in _events(one, own, now, by) if event.id not in have]
        told.made["moves"] += sum(event.what == "moved" for event in events)
        if one.owner and not one.due:
            words = f"{one.ticket} “{one.title}” names {one.owner} and no date; it stays an idea until somebody accepts it"
            told.problems.append(Problem("not-accepted", words, "accept it with a time", path))
        if told.dry or not (events or not known):
            return
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            if not known:
                item = ActionItem(own, incident_id, one.title, "other", min(one.created_at, now), by, one.detail)
                action_rows.add(connection, item, salt=self._ids.new())
            for event in events:
                action_rows.add_event(connection, event, at=now)

    def _incident_of(self, one: ForeignAction, given: str | None, told: Adopted, path: str, by: str) -> str | None:
        """The incident of an action item: the one that was taken over from its tool, else the one that was given."""
        if one.incident is not None:
            taken = id_once(f"{one.tracker}/{one.incident}", b"", "incident")
            if self._is_there(taken, by):
                return taken
        if given is None:
            words = f"{one.ticket} “{one.title}” belongs to no incident that is here"
            told.problems.append(Problem("no-incident", words, "name one with --incident", path))
        return given


_FACT = 500
_NOTE = 2000


def _needed(incident_id: str | None, what: str) -> str:
    if incident_id is None:
        raise UsageError(f"{what} belongs to an incident", hint="name it with --incident ID")
    return incident_id


def _events(one: ForeignAction, own: str, now: datetime, by: str) -> list[ActionEvent]:
    """What happened to an action item over there, recorded when its tool recorded it; when we were told stands in the journal.

    No two are recorded at the same instant, because the order of recording is the order in which they count.
    """
    found: list[ActionEvent] = []

    def add(key: str, what: str, at: datetime, **more: object) -> None:
        event_id = id_once(f"{one.key}/{key}", b"", "action event")
        recorded = min(at, now)
        if found:
            recorded = max(recorded, found[-1].recorded_at + timedelta(microseconds=1))
        found.append(ActionEvent(event_id, own, what, min(at, now), recorded, by, **more))  # type: ignore[arg-type]  # fields of the record

    ticket = f"{one.tracker}:{one.ticket}"
    add("linked", "linked", one.created_at, text=one.address, evidence_kind="ticket", evidence=ticket)
    if one.owner and one.due:
        add("accepted", "accepted", one.created_at, person=one.owner, due=one.due)
        for move in one.moves:
            if move.due is not None:
                add(move.key, "moved", move.at, due=move.due)
    if one.state == "done" and one.owner and one.due:
        add("done", "done", one.state_at or now, evidence_kind="ticket", evidence=one.ticket)
    elif one.state == "dropped":
        add("dropped", "dropped", one.state_at or now, text=f"as {ticket} says")
    return found
