"""Running playbooks: beginning one, filling what its steps leave behind from the data, and everything else that happens in a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from amends.core.errors import ConflictError, InputError, NotFoundError, require_known
from amends.core.people import LOCAL_PERSON
from amends.incidents.stale import StaleError
from amends.playbooks.acts import choosable, refusal, require_about, takes_words
from amends.playbooks.known import KINDS, WORD, Known
from amends.playbooks.linting import by_our_rules, faults_in
from amends.playbooks.loading import pinned
from amends.playbooks.offering import offers
from amends.playbooks.run import NO, YES, Run, RunEvent, counting, undoable
from amends.playbooks.run import lead as leading
from amends.playbooks.sources import SOURCES
from amends.playbooks.state import run_state
from amends.store import playbooks as rows
from amends.usecases import access, follow_ups
from amends.usecases.given import KEY_DIGITS, line, one_meant, paragraphs, passed, require_same
from amends.usecases.playbook_gates import PlaybookGateError
from amends.usecases.trust_planning import plan_within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from amends.core.errors import AmendsError
    from amends.core.incident import Incident
    from amends.core.ports import Clock, Ids
    from amends.playbooks.followup import Awaited
    from amends.playbooks.linting import Fault
    from amends.playbooks.offering import Offer
    from amends.playbooks.playbook import Playbook
    from amends.playbooks.state import RunState
    from amends.store.engine import Store, Transaction
    from amends.store.playbooks import Told
    from amends.usecases.playbook_shelf import PlaybookShelf
    from amends.usecases.playbook_sources import PlaybookSources

WORDS_LIMIT = 2000
WHY_LIMIT = 1000
NAME_LIMIT = 100

_WHY = "write it for those who will read it at the review"
_ASKED = "name whom you asked, and when; until they answer that is the answer"
_SAID = "name who said it, and when; their word is what is cited, not yours"
_AGAIN = "the run shows what comes first, and what each field misses as the data are now"


class _Fields(TypedDict, total=False):
    """What an event may say beside what happened; see `playbooks.run.RunEvent`."""

    about: str | None
    value: str | None
    ref_kind: str | None
    ref: str | None
    text: str | None
    person: str | None
    asked: str | None
    asked_at: datetime | None
    why: str | None
    undoes: str | None


class Playbooks:
    """What people can do with playbooks. `by` is who does it; who may not see an incident finds no run of it.

    Runs of a private playbook are there for who began them and who leads them, and for nobody else.
    """

    def __init__(self, store: Callable[[], Store], clock: Clock, ids: Ids, shelf: PlaybookShelf, sources: PlaybookSources) -> None:
        self._open = store
        self._clock = clock
        self._ids = ids
        self.shelf = shelf
        self._sources = sources

    # The library

    def list(self) -> tuple[Playbook, ...]:
        """Every playbook that can be run here."""
        return self.shelf.all()

    def get(self, playbook_id: str) -> Playbook:
        """One playbook. Raises UnknownNameError, which lists them, and InputError where its file is wrong."""
        return self.shelf.get(playbook_id)

    def wrong(self) -> tuple[AmendsError, ...]:
        """What is wrong in a team's files that cannot be read."""
        return self.shelf.wrong()

    def lint(self, source: str, path: str) -> tuple[Fault, ...]:
        """All that is wrong with the text of a playbook's file, its examples played and its words held against our own rules."""
        from amends.language.index import load

        return faults_in(source, path, by_our_rules(load()))

    # Looking

    def offered(self, incident_id: str, *, by: str = LOCAL_PERSON, quickly: bool = False) -> tuple[Offer, ...]:
        """What may help with an incident now, and what in its data says so; not what was begun for it already.

        `quickly` leaves out the signs that a text must be read for. Raises NotFoundError, ForbiddenError, as all below do.
        """
        with self._open().reading() as connection:
            access.seen(connection, incident_id, by)
            told = [one for one in rows.of_incident(connection, incident_id) if self._is_shown(one, by)]
        begun = {run.playbook_id for run, events in told if all(one.what != "stopped" for one in counting(events))}
        known = self._sources.known(incident_id, by=by, quickly=quickly)
        return offers((one for one in self.shelf.all() if one.id not in begun), known)

    def begun(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[Run, ...]:
        """The runs of an incident that are neither stopped nor finished, without how they stand."""
        with self._open().reading() as connection:
            access.seen(connection, incident_id, by)
            told = [one for one in rows.of_incident(connection, incident_id) if self._is_shown(one, by)]
        return tuple(run for run, events in told if not {one.what for one in counting(events)} & {"stopped", "finished"})

    def of_incident(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[RunState, ...]:
        """The runs of an incident that somebody may see, the one begun first first."""
        with self._open().reading() as connection:
            access.seen(connection, incident_id, by)
            told = [one for one in rows.of_incident(connection, incident_id) if self._is_shown(one, by)]
        return self._states(incident_id, told, by)

    def state(self, run_id: str, *, by: str = LOCAL_PERSON) -> RunState:
        """How a run stands, with what the data hold now. Raises NotFoundError, also for one that `by` may not see."""
        with self._open().reading() as connection:
            told = self._seen(connection, run_id, by)
        return self._states(told[0].incident_id, [told], by)[0]

    def meant(self, part: str, *, by: str = LOCAL_PERSON) -> RunState:
        """The one run whose id is, begins with or ends with `part`. Raises NotFoundError, UsageError where it could be several."""
        with self._open().reading() as connection:
            access.require(connection, by, "read")
            found = [one for one in rows.named_like(connection, part.upper(), seen_by=by) if self._is_shown(one, by)]
        told = one_meant("run of a playbook", part, [(one[0].id, one[0].title, one) for one in found])
        return self._states(told[0].incident_id, [told], by)[0]

    def overrides(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[tuple[RunState, RunEvent], ...]:
        """The gates of an incident's runs that were overridden, each with its reason and its run, for the review.

        Nothing else of these runs is looked at: their fields and gates stand as if the data held nothing.
        """
        with self._open().reading() as connection:
            access.seen(connection, incident_id, by)
            told = [one for one in rows.of_incident(connection, incident_id) if self._is_shown(one, by)]
        states = (self._state(one, Known()) for one in told)
        return tuple((one, event) for one in states for event in one.overrides)

    def due(self, *, by: str = LOCAL_PERSON) -> tuple[Awaited, ...]:
        """What is due after the playbooks that somebody may see, the oldest first; the looks back are among the trust reviews."""
        with self._open().reading() as connection:
            access.require(connection, by, "read")
            return follow_ups.shown(connection, self._clock.now(), by)

    # Beginning

    def start(
        self,
        incident_id: str,
        playbook_id: str,
        *,
        lead: str | None = None,
        answers: Mapping[str, bool] | None = None,
        overrides: Mapping[str, str] | None = None,
        once: str | None = None,
        by: str = LOCAL_PERSON,
    ) -> RunState:
        """Begin a playbook for an incident, pinned as it is now; `lead` leads it, `answers` open or shut gates that ask a person.

        Raises PlaybookGateError where a gate refuses, unless `overrides` gives its reason; ConflictError where it is running already;
        UnknownNameError for the playbook or a gate. `once`, from `given.id_once`, makes a second try give back what the first began.
        """
        playbook = self.shelf.get(playbook_id)
        person = line(lead, "person", NAME_LIMIT) if lead and lead.strip() else None
        first: list[_Fields] = [{"about": gate, "value": YES if yes else NO} for gate, yes in (answers or {}).items()]
        then: list[_Fields] = [{"about": gate, "why": _reason(why)} for gate, why in (overrides or {}).items()]
        for fields in (*first, *then):
            require_about(playbook, "answered", fields.get("about"))
        known = self._sources.known(incident_id, by=by)
        with self._open().writing() as connection:
            incident = access.changed(connection, incident_id, by)
            running = [one for one in rows.of_incident(connection, incident_id) if self._is_shown(one, by)]
            made = next((one for one in running if once is not None and one[0].id.startswith(once[:KEY_DIGITS])), None)
            if made is not None and once is not None:
                require_same(made[0].id, once)
                return self._state(made, known)
            self._require_not_running(running, playbook)
            now = self._clock.now()
            run = Run(once or self._ids.new(), incident_id, playbook.id, playbook.title, playbook.sha256, playbook.text, now, by)
            events: tuple[RunEvent, ...] = (self._event(run, 1, "started", by, {"person": person}),)
            for what, told in (("answered", first), ("overridden", then)):
                for fields in told:
                    state = run_state(run, playbook, events, known, now)
                    if refusal(state, what, fields.get("about")) is None:
                        events += (self._event(run, len(events) + 1, what, by, fields),)
            shut = tuple(one for one in run_state(run, playbook, events, known, now).gates if one.refused)
            if shut:
                raise PlaybookGateError(playbook.title, shut)
            rows.add(connection, run, salt=self._ids.new())
            for event in events:
                rows.add_event(connection, event, salt=self._ids.new())
            if playbook.plans_reviews:
                self._plan(connection, incident, by, person)
            return run_state(run, playbook, events, known, now)

    # At the gates

    def answer_gate(
        self, run_id: str, gate: str, *, yes: bool, person: str | None = None, seen: int | None = None, by: str = LOCAL_PERSON
    ) -> RunState:
        """Answer what a gate asks, by the word of `person` (None for `by`). `seen` is the number of the last event that was seen.

        Raises UnknownNameError, ConflictError where the data answer it, StaleError where somebody answered it meanwhile.
        """
        who = line(person, "person", NAME_LIMIT) if person and person.strip() else by
        return self._act(run_id, "answered", by, seen, about=gate, value=YES if yes else NO, person=who)

    def override(self, run_id: str, gate: str, *, why: str, seen: int | None = None, by: str = LOCAL_PERSON) -> RunState:
        """Go on in spite of a shut gate, with a reason that stays visible and that the review shows. Raises ConflictError, InputError."""
        return self._act(run_id, "overridden", by, seen, about=gate, why=_reason(why))

    # In the steps

    def fill(
        self,
        run_id: str,
        field: str,
        *,
        kind: str,
        ref: str | None = None,
        text: str | None = None,
        person: str | None = None,
        said_at: datetime | None = None,
        by: str = LOCAL_PERSON,
    ) -> RunState:
        """Put a reference into a field, named as `artifact.field`: something that the data hold, by its kind and id, or a person's word.

        A word (`kind` is person) needs who said it in `person`, when in `said_at` (None for now) and what in `text`.
        Raises NotFoundError for what the data do not offer there, ConflictError where its step is not reached.
        """
        require_known("kind of reference", kind, KINDS)
        if kind == WORD:
            at = passed(said_at, self._clock.now(), "said_at")
            words = paragraphs(text or "", "text", WORDS_LIMIT)
            who = line(person or "", "person", NAME_LIMIT, _SAID)
            return self._act(run_id, "filled", by, None, about=field, ref_kind=WORD, ref=who, person=who, text=words, asked_at=at)
        return self._act(run_id, "filled", by, None, about=field, ref_kind=kind, ref=(ref or "")[:NAME_LIMIT])

    def unknown(
        self, run_id: str, field: str, *, asked: str, asked_at: datetime | None = None, why: str | None = None, by: str = LOCAL_PERSON
    ) -> RunState:
        """Say that nobody knows yet: whom you asked, and when (None for now). Raises ConflictError where this may not stay unknown."""
        who = line(asked, "person", NAME_LIMIT, _ASKED)
        reason = line(why, "why", WHY_LIMIT) if why and why.strip() else None
        at = passed(asked_at, self._clock.now(), "asked_at")
        return self._act(run_id, "unknown", by, None, about=field, asked=who, asked_at=at, why=reason)

    def decide(self, run_id: str, decision: str, text: str, *, seen: int | None = None, by: str = LOCAL_PERSON) -> RunState:
        """Take a decision, in words or by one of its options. Raises StaleError where somebody decided it meanwhile, with your words."""
        words = paragraphs(text, "text", WORDS_LIMIT)
        return self._act(run_id, "decided", by, seen, about=decision, text=words, value=words)

    def reply(self, run_id: str, question: str, text: str, *, by: str = LOCAL_PERSON) -> RunState:
        """Write down an answer to one of the questions worth asking; it is kept for those who run it, and cites nothing."""
        return self._act(run_id, "replied", by, None, about=question, text=paragraphs(text, "text", WORDS_LIMIT))

    def follow_up(self, run_id: str, follow_up: str, text: str, *, by: str = LOCAL_PERSON) -> RunState:
        """Say that a follow-up was done, and what came of it."""
        return self._act(run_id, "followed", by, None, about=follow_up, text=paragraphs(text, "text", WORDS_LIMIT))

    # Of the run

    def hand_over(self, run_id: str, person: str, *, by: str = LOCAL_PERSON) -> RunState:
        """Say who leads it from now on."""
        return self._act(run_id, "handed-over", by, None, person=line(person, "person", NAME_LIMIT))

    def stop(self, run_id: str, *, why: str, by: str = LOCAL_PERSON) -> RunState:
        """End it before its end, with the reason; undoing that takes it up again."""
        return self._act(run_id, "stopped", by, None, why=_reason(why))

    def finish(self, run_id: str, *, by: str = LOCAL_PERSON) -> RunState:
        """Say that it is finished. Raises ConflictError, with what is still to be done, where anything is missing."""
        return self._act(run_id, "finished", by, None)

    def undo(self, run_id: str, event_id: str | None = None, *, by: str = LOCAL_PERSON) -> RunState:
        """Take back one event (None for the last), which stays in the history. Raises NotFoundError, ConflictError."""
        told, known = self._begin(run_id, by)
        with self._open().writing() as connection:
            told = self._again(connection, told[0].id, by)
            able = undoable(told[1])
            if event_id is not None and all(one.id != event_id for one in told[1]):
                raise NotFoundError(f"nothing of the id {event_id[:40]!r} happened in this run")
            if not able or (event_id is not None and all(one.id != event_id for one in able)):
                raise ConflictError("this cannot be undone", hint="it was undone already, or it is how the run began")
            return self._append(connection, told, known, "undone", by, undoes=event_id or able[-1].id)

    # Within

    def _act(self, run_id: str, what: str, by: str, seen: int | None, **fields: Unpack[_Fields]) -> RunState:
        told, known = self._begin(run_id, by)
        with self._open().writing() as connection:
            told = self._again(connection, told[0].id, by)
            before = self._state(told, known)
            require_about(before.playbook, what, fields.get("about"))
            self._require_seen(before, what, seen, fields)
            if because := refusal(before, what, fields.get("about")):
                raise ConflictError(f"this cannot be done now: {because}", hint=_AGAIN)
            if what == "filled":
                if _stands_there(before, fields):
                    return before  # pressed twice
                self._require_held(before, fields)
            return self._append(connection, told, known, what, by, **fields)

    def _begin(self, run_id: str, by: str) -> tuple[Told, Known]:
        """A run and what the data hold, read before the transaction that writes: other rooms open their own."""
        with self._open().reading() as connection:
            told = self._seen(connection, run_id, by)
        return told, self._sources.known(told[0].incident_id, by=by)

    def _again(self, connection: Transaction, run_id: str, by: str) -> Told:
        told = self._seen(connection, run_id, by)
        access.changed(connection, told[0].incident_id, by)
        return told

    def _append(self, connection: Transaction, told: Told, known: Known, what: str, by: str, **fields: Unpack[_Fields]) -> RunState:
        run, events = told
        new = self._event(run, len(events) + 1, what, by, fields)
        rows.add_event(connection, new, salt=self._ids.new())
        return self._state((run, (*events, new)), known)

    def _event(self, run: Run, number: int, what: str, by: str, fields: _Fields) -> RunEvent:
        now = self._clock.now()
        return RunEvent(self._ids.new(), run.id, run.incident_id, number, what, now, now, by, **fields)

    def _require_seen(self, before: RunState, what: str, seen: int | None, fields: _Fields) -> None:
        """Of what has one answer, nobody writes over an answer that they have not seen; what they wrote comes back with the error."""
        about = fields.get("about")
        same = [one for one in before.events if one.about == about and one.what in ("answered", "overridden", "decided", "undone")]
        if seen is not None and what in ("answered", "overridden", "decided") and same and same[-1].number > seen:
            words = fields.get("text") or fields.get("why") or fields.get("value")
            raise StaleError(f"{same[-1].by} answered this meanwhile", before, words)

    def _require_held(self, before: RunState, fields: _Fields) -> None:
        about, kind, ref = fields.get("about") or "", fields.get("ref_kind") or "", fields.get("ref") or ""
        if kind == WORD:
            if not takes_words(before, about):
                hint = "choose something that the data hold, or say whom you asked"
                raise InputError("the word of a person does not count in this field", hint=hint, field="kind")
            return
        found = choosable(before, about, kind, ref)
        if found is None:
            field = before.field(about)
            takes = field is not None and field.field.pick == "some"
            only = " or ".join(SOURCES[name].words for name in field.field.sources) if field is not None else ""
            hint = (
                f"it takes only {only}; and not what stands there already" if takes else "this field holds all that the data hold by itself"
            )
            raise NotFoundError(f"there is no {kind} {ref[:40]!r} to choose for this field", hint=hint)
        fields["text"] = found.words

    def _require_not_running(self, running: Iterable[Told], playbook: Playbook) -> None:
        for run, events in running:
            ended = {one.what for one in counting(events)} & {"stopped", "finished"}
            if run.playbook_id == playbook.id and not ended:
                raise ConflictError(f"“{playbook.title}” is running for this incident already", hint=f"go on with it: {run.id}")

    def _plan(self, connection: Transaction, incident: Incident, by: str, person: str | None) -> None:
        """Both looks back, as soon as the incident is contained; a run that was begun before gets them with its first repair."""
        try:
            plan_within(connection, self._clock, self._ids, incident, by, person)
        except ConflictError:
            return

    def _seen(self, connection: Transaction, run_id: str, by: str) -> Told:
        access.require(connection, by, "read")
        told = rows.get(connection, run_id)
        access.part_seen(connection, told[0].incident_id, by, "run", run_id)
        if not self._is_shown(told, by):
            raise access.denied(NotFoundError(f"there is no run {run_id[:40]!r} of a playbook"), by, "read", f"run/{run_id}")
        return told

    def _is_shown(self, told: Told, by: str) -> bool:
        run, events = told
        return by in (run.by, leading(counting(events)), LOCAL_PERSON) or not self._playbook(run).private

    def _states(self, incident_id: str, told: Iterable[Told], by: str) -> tuple[RunState, ...]:
        runs = tuple(told)
        if not runs:
            return ()
        known = self._sources.known(incident_id, by=by)
        return tuple(self._state(one, known) for one in runs)

    def _state(self, told: Told, known: Known) -> RunState:
        run, events = told
        return run_state(run, self._playbook(run), events, known, self._clock.now())

    def _playbook(self, run: Run) -> Playbook:
        """The playbook as it was when the run was begun, whatever became of its file since."""
        return pinned(run)


def _stands_there(before: RunState, fields: _Fields) -> bool:
    """Whether somebody put this very thing, or this very word of the same person, into the field before."""
    field = before.field(fields.get("about") or "")
    put = (one.event for one in field.held if one.event is not None) if field is not None else ()
    wanted = (fields.get("ref_kind"), fields.get("ref"))
    return any((one.ref_kind, one.ref) == wanted and (one.ref_kind != WORD or one.text == fields.get("text")) for one in put)


def _reason(why: str) -> str:
    return line(why, "why", WHY_LIMIT, _WHY)
