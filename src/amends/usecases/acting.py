"""Action items of a review: proposed, accepted by a named person until a time, done, and shown to help by evidence; and every way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from amends.core.errors import ConflictError, InputError, NotFoundError, require_known
from amends.core.people import LOCAL_PERSON
from amends.core.problem import Problem
from amends.incidents.acting import ActionStanding, by_urgency, refusal, standing, undoable
from amends.incidents.action_wording import remarks
from amends.incidents.actions import ACTION_EVIDENCE, ACTION_KINDS, ActionEvent, ActionItem
from amends.incidents.due_rules import due_rule
from amends.language.records import Draft
from amends.promises.promise import Evidence
from amends.store import actions as rows
from amends.usecases import access
from amends.usecases.given import KEY_DIGITS, aware, line, one_meant, paragraphs, passed, require_same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from amends.core.ports import Clock, Ids
    from amends.incidents.due_rules import DueRule
    from amends.store.actions import Told
    from amends.store.engine import Store, Transaction
    from amends.usecases.checking import Checking

TITLE_LIMIT = 200
DETAIL_LIMIT = 4000
NAME_LIMIT = 100
LINE_LIMIT = 500
"""The longest reason, reference, or answer to what would show that it helps, in code points."""

_REVIEW = "post-incident-review"
_HARDER = ("be-more-careful", "review-soft-action")
"""The rules of our own that find what asks people to try harder."""

_HELPS = "such as: “a deploy that drops an index is red”, or “no page about the queue for a month”"
_SHOWN = "name a measure, an alert that fired, a test, a commit; where somebody's word is all there is, say so: person and who"


class _Fields(TypedDict, total=False):
    """What an event may say beside what happened and when; see `ActionEvent`."""

    person: str | None
    due: datetime | None
    text: str | None
    evidence_kind: str | None
    evidence: str | None
    undoes: str | None


class Acting:
    """What people can do with action items. `by` is who does it; those of a private incident are there for who was invited to it."""

    def __init__(self, store: Store, clock: Clock, ids: Ids, checking: Callable[[], Checking]) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._checking = checking

    # Looking

    def get(self, action_id: str, *, by: str = LOCAL_PERSON) -> ActionStanding:
        """One action item with all that happened to it. Raises NotFoundError, also for one of an incident that `by` may not see."""
        with self._store.reading() as connection:
            return self._seen(connection, action_id, by)

    def meant(self, part: str, *, by: str = LOCAL_PERSON) -> ActionStanding:
        """The one action item whose id is, begins with or ends with `part`. Raises NotFoundError, UsageError where it could be several."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            found = self._read(rows.named_like(connection, part.upper(), seen_by=by))
        return one_meant("action item", part, [(one.item.id, one.item.title, one) for one in found])

    def of_incident(self, incident_id: str, *, by: str = LOCAL_PERSON) -> list[ActionStanding]:
        """The action items of one incident, the one proposed first first. Raises NotFoundError."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            return self._read(rows.of_incident(connection, incident_id))

    def open(
        self, *, incident_id: str | None = None, owner: str | None = None, overdue: bool = False, by: str = LOCAL_PERSON
    ) -> list[ActionStanding]:
        """What still asks something of somebody, due first first: of one incident, of one owner, only what is overdue, or all.

        What is done and not shown to help is among it. Raises NotFoundError for the incident.
        """
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            if incident_id is not None:
                access.seen(connection, incident_id, by)
            found = self._read(rows.open_ones(connection, seen_by=by, incident_id=incident_id, owner=owner))
        return by_urgency(one for one in found if one.is_open and owner in (None, one.owner) and (one.overdue or not overdue))

    def open_of(self, person: str, *, by: str = LOCAL_PERSON) -> list[ActionStanding]:
        """What a person accepted and has not done, due first first: for Today and for reminders."""
        return [one for one in self.open(owner=person, by=by) if one.state == "accepted"]

    def newest(
        self,
        *,
        incident_id: str | None = None,
        owner: str | None = None,
        limit: int = 100,
        before: str | None = None,
        by: str = LOCAL_PERSON,
    ) -> list[ActionStanding]:
        """Action items whatever became of them, the one proposed last first; `before` is the id of the last one of the page before.

        Fewer than `limit` come only where there are no more. Raises NotFoundError for the incident.
        """
        found: list[ActionStanding] = []
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            if incident_id is not None:
                access.seen(connection, incident_id, by)
            while len(found) < limit:
                told = rows.newest(connection, seen_by=by, incident_id=incident_id, owner=owner, limit=limit, before=before)
                found += [one for one in self._read(told) if owner in (None, one.owner)]
                if len(told) < limit:
                    break
                before = told[-1][0].id
        return found[:limit]

    # Remarks

    def remarks(self, title: str) -> tuple[Problem, ...]:
        """What is to be said about the words of a title, by the rules for messages and by those for action items; never a refusal."""
        draft = Draft(f"Actions\n1. {title}\n", self._clock.now(), form=_REVIEW)
        found = [one for one in self._checking().check(draft).findings if one.rule in _HARDER]
        harder = tuple(Problem(one.rule, one.message, one.suggestions[0] if one.suggestions else "", field="title") for one in found[:1])
        return harder + tuple(one for one in remarks(title) if not harder or one.code != "action-without-end")

    def remarks_on(self, now: ActionStanding, *, by: str = LOCAL_PERSON) -> tuple[Problem, ...]:
        """The remarks on an action item as it stands: on its title, and on a time later than the due rule of the severity."""
        said = self.remarks(now.item.title)
        accepted = next((one for one in reversed(now.events) if one.what == "accepted"), None)
        if now.due is None or accepted is None or now.state != "accepted":
            return said
        rule = self.due_rule(now.item.incident_id, by=by)
        if now.due <= rule.until(accepted.at.astimezone(now.due.tzinfo)):
            return said
        late = f"due later than the {rule.days} days that are usual for {rule.severity}"
        return (*said, Problem("action-due-late", late, rule.source, field="due"))

    def due_rule(self, incident_id: str, *, by: str = LOCAL_PERSON) -> DueRule:
        """How long an action item of an incident may take, by its severity. Raises NotFoundError."""
        with self._store.reading() as connection:
            return due_rule(access.seen(connection, incident_id, by).severity)

    # Acting

    def propose(
        self,
        incident_id: str,
        title: str,
        *,
        kind: str = "other",
        detail: str | None = None,
        once: str | None = None,
        by: str = LOCAL_PERSON,
    ) -> ActionStanding:
        """Write an idea down, which binds nobody; `kind` is what it puts in place, one of `ACTION_KINDS`.

        `once`, from `given.id_once`, makes a second try give back what the first one wrote.
        Raises InputError for a title or detail that cannot be kept, UnknownNameError for the kind, NotFoundError for the incident.
        """
        require_known("kind of action item", kind, ACTION_KINDS)
        words = line(title, "title", TITLE_LIMIT, "say in one line what will be there, the rest in the detail")
        more = paragraphs(detail, "detail", DETAIL_LIMIT) if detail and detail.strip() else None
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            if once is not None and (known := rows.named_like(connection, once[:KEY_DIGITS], seen_by=by)):
                require_same(known[0][0].id, once)
                return self._read(known)[0]
            item = ActionItem(once or self._ids.new(), incident_id, words, kind, self._clock.now(), by, more)
            rows.add(connection, item, salt=self._ids.new())
            return self._seen(connection, item.id, by)

    def accept(
        self, action_id: str, *, helps_when: str, person: str | None = None, due: datetime | None = None, by: str = LOCAL_PERSON
    ) -> ActionStanding:
        """Take an idea on until a time; `person` says for whom, where `by` writes down another's word.

        `helps_when` says what would show that it helps. Without `due`, the rule of the incident's severity says until when.
        Raises ConflictError where it is no idea any more, InputError for an empty answer or a time that has passed.
        """
        named = line(person, "person", NAME_LIMIT) if person else by
        shown = line(helps_when, "helps_when", LINE_LIMIT, _HELPS)
        with self._store.writing() as connection:
            before = self._changed(connection, action_id, by)
            until = due or due_rule(access.seen(connection, before.item.incident_id, by).severity).until(self._clock.now())
            return self._add(connection, before, "accepted", by, person=named, due=self._to_come(until), text=shown)

    def decline(self, action_id: str, *, why: str | None = None, by: str = LOCAL_PERSON) -> ActionStanding:
        """Give back what was accepted; it is an idea again. Raises ConflictError."""
        return self._act(action_id, "declined", by, text=_why(why))

    def move(self, action_id: str, due: datetime, *, why: str | None = None, by: str = LOCAL_PERSON) -> ActionStanding:
        """Give it another time, the old one stays visible: before it was due that is honest, afterwards it stays late.

        Raises ConflictError where nothing is left to move, InputError for a time that has passed.
        """
        return self._act(action_id, "moved", by, due=self._to_come(due), text=_why(why))

    def done(
        self, action_id: str, *, evidence: Evidence | None = None, at: datetime | None = None, by: str = LOCAL_PERSON
    ) -> ActionStanding:
        """Say that it is done, at `at` (None for now), by what that is shown (None for the word of `by`).

        Raises ConflictError where it was not accepted or is done already, InputError for a time to come.
        """
        shown = _evidence(evidence) if evidence is not None else Evidence("person", by)
        return self._act(action_id, "done", by, at=at, evidence_kind=shown.kind, evidence=shown.reference)

    def reopen(self, action_id: str, *, why: str, due: datetime | None = None, by: str = LOCAL_PERSON) -> ActionStanding:
        """Say that it is not done after all, or must be done otherwise, until `due` where that is another time. Raises ConflictError."""
        until = self._to_come(due) if due is not None else None
        return self._act(action_id, "reopened", by, due=until, text=_why(why, needed=True))

    def verify(
        self, action_id: str, evidence: Evidence | None, *, at: datetime | None = None, note: str | None = None, by: str = LOCAL_PERSON
    ) -> ActionStanding:
        """Say by what evidence it was shown that it helps. Somebody's word counts only as evidence of the kind `person`.

        Raises InputError without evidence, ConflictError where it is not done.
        """
        if evidence is None:
            raise InputError("nothing shows yet that it helps", hint=_SHOWN, field="evidence")
        shown = _evidence(evidence)
        return self._act(action_id, "verified", by, at=at, text=_why(note), evidence_kind=shown.kind, evidence=shown.reference)

    def no_help(
        self, action_id: str, *, why: str, evidence: Evidence | None = None, at: datetime | None = None, by: str = LOCAL_PERSON
    ) -> ActionStanding:
        """Say that it was done and did not help, and how that was seen. Raises ConflictError where it is not done."""
        shown = _evidence(evidence) if evidence is not None else None
        kind, reference = (shown.kind, shown.reference) if shown is not None else (None, None)
        return self._act(action_id, "no-help", by, at=at, text=_why(why, needed=True), evidence_kind=kind, evidence=reference)

    def drop(self, action_id: str, *, why: str, by: str = LOCAL_PERSON) -> ActionStanding:
        """Say that nobody will do it, and why. Raises ConflictError where it is dropped already, or was shown to help."""
        return self._act(action_id, "dropped", by, text=_why(why, needed=True))

    def undo(self, action_id: str, event_id: str | None = None, *, by: str = LOCAL_PERSON) -> ActionStanding:
        """Take back one event (None for the last that can be), which stays in the history. Raises NotFoundError, ConflictError."""
        with self._store.writing() as connection:
            before = self._changed(connection, action_id, by)
            able = undoable(before)
            if event_id is None and not able:
                raise ConflictError("nothing that happened to this action item can be undone", hint="drop an idea that nobody needs")
            event_id = event_id or able[-1].id
            if all(one.id != event_id for one in before.events):
                raise NotFoundError(f"nothing of the id {event_id[:40]!r} happened to this action item")
            if all(one.id != event_id for one in able):
                raise ConflictError("this cannot be undone", hint="it was undone already, or is what a tracker said; act again instead")
            return self._append(connection, before, "taken-back", by, undoes=event_id)

    # Tickets

    def record_within(
        self, connection: Transaction, action_id: str, what: str, by: str, at: datetime | None = None, **fields: Unpack[_Fields]
    ) -> ActionStanding:
        """Write down what a tracker did or said, inside a transaction that asked whether `by` may. Raises ConflictError."""
        (now,) = self._read([rows.get(connection, action_id)])
        return self._add(connection, now, what, by, at, **fields)

    # Within

    def _act(self, action_id: str, what: str, by: str, at: datetime | None = None, **fields: Unpack[_Fields]) -> ActionStanding:
        with self._store.writing() as connection:
            before = self._changed(connection, action_id, by)
            return self._add(connection, before, what, by, passed(at, self._clock.now(), "at"), **fields)

    def _add(
        self, connection: Transaction, about: ActionStanding, what: str, by: str, at: datetime | None = None, **fields: Unpack[_Fields]
    ) -> ActionStanding:
        if because := refusal(about, what):
            said = what.replace("-", " ")
            raise ConflictError(f"this action item cannot be {said}: {because}", hint="look at it again: somebody may have acted")
        return self._append(connection, about, what, by, at, **fields)

    def _append(
        self, connection: Transaction, about: ActionStanding, what: str, by: str, at: datetime | None = None, **fields: Unpack[_Fields]
    ) -> ActionStanding:
        now = self._clock.now()
        rows.add_event(connection, ActionEvent(self._ids.new(), about.item.id, what, at or now, now, by, **fields))
        return self._read([rows.get(connection, about.item.id)])[0]

    def _changed(self, connection: Transaction, action_id: str, by: str) -> ActionStanding:
        found = self._seen(connection, action_id, by)
        access.require(connection, by, "write", f"action/{action_id}")
        return found

    def _seen(self, connection: Transaction, action_id: str, by: str) -> ActionStanding:
        access.require(connection, by, "read")
        (found,) = self._read([rows.get(connection, action_id)])
        access.part_seen(connection, found.item.incident_id, by, "action", action_id)
        return found

    def _read(self, told: Iterable[Told]) -> list[ActionStanding]:
        now = self._clock.now()
        return [standing(item, events, now) for item, events in told]

    def _to_come(self, due: datetime) -> datetime:
        if aware(due, "due") <= self._clock.now():
            raise InputError("that time has passed already", hint="agree on a time to come", field="due")
        return due


def _evidence(given: Evidence) -> Evidence:
    require_known("kind of evidence", given.kind, ACTION_EVIDENCE)
    return Evidence(given.kind, line(given.reference, "evidence", LINE_LIMIT, _SHOWN))


def _why(why: str | None, *, needed: bool = False) -> str | None:
    if needed or (why and why.strip()):
        return line(why or "", "why", LINE_LIMIT, "say why in one line, for those who will ask")
    return None
