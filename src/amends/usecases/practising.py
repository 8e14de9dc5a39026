"""Somebody's private practice: their drills, what they practise again, and their history.

It is nobody else's business, whatever their role, so every call takes the person it is about, and asks only for what is theirs. Nothing
of it is written into the journal, and what is another's answers exactly as what is not there, without a note of who asked (decision
0024). A drill is the turns that were said in it, played again.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from amends.core.errors import AmendsError, ConflictError, InputError, NotFoundError, UnknownNameError, UsageError, require_known
from amends.core.zones import zone_named
from amends.practice.drill import ENGINE, no_day_after, promise_for, replay, start, take
from amends.practice.history import history
from amends.practice.scenario import OWN_PREFIX
from amends.practice.schedule import ratings, really
from amends.practice.session import Card, Choices, Entry, Locked, Own, Reviewed, Session, Sitting
from amends.practice.stage import stage
from amends.store import practising as rows
from amends.usecases import access
from amends.usecases import practising_after as following
from amends.usecases.drills import Drills, require_short
from amends.usecases.given import one_meant, storable
from amends.usecases.practising_own import Personas

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from amends.core.ports import Clock, Ids
    from amends.language.forms import Form
    from amends.language.records import Document
    from amends.practice.drill import Played
    from amends.practice.history import History
    from amends.practice.interview import Answers
    from amends.practice.scenario import Scenario
    from amends.practice.session import Delivery
    from amends.practice.stage import Stage
    from amends.store.engine import Store, Transaction
    from amends.usecases.practising_shelf import Shelf

MOST_LISTED = 500
REMEMBERED = 512
"""Conversations going on that one process keeps played, so that a turn does not play all those before it again."""
_COUNTING = ("drill", "later", "receiver")
"""Kinds of drills that exercise something which is practised again; what somebody made up themselves is theirs to judge."""
_NO_DAY_AFTER = {
    "failure": ("the other person broke that one off, so it has no day after", "begin it again, or another one"),
    "promise": ("nothing with a time was promised there, so nothing can come back", "promise something with a day or an hour"),
}


class Practising(Drills):
    """What a person does in practice. `person` is who acts, and the one whose practice it is."""

    def __init__(self, store: Store, clock: Clock, ids: Ids, shelf: Shelf, zone: Callable[[], str | None] = lambda: None) -> None:
        super().__init__(ids, shelf)
        self._here = zone
        self._store = store
        self._clock = clock
        self._personas = Personas()
        self._playing: dict[str, Played] = {}

    # Looking

    def catalogue(self, person: str) -> tuple[Entry, ...]:
        """The main drills, with how often this person played each and whether it is due."""
        with self._store.reading() as connection:
            access.require(connection, person, "read")
            sittings = rows.listed(connection, person)
            due = {one.scenario_id for one in following.due(connection, person, sittings, self._shelf.main(), self._clock.now())}
        return tuple(self._entry(one, sittings, due) for one in self._shelf.main())

    def _entry(self, scenario: Scenario, sittings: tuple[Sitting, ...], due: set[str | None]) -> Entry:
        mine = [one for one in sittings if one.scenario_id == scenario.id and one.turns]
        scores = [one.score for one in mine if one.score is not None]
        later, receiver = self._shelf.beside(scenario.id)
        return Entry(scenario, later, receiver, len(mine), max(scores, default=None), due=scenario.id in due)

    def sessions(self, person: str, limit: int = 100) -> tuple[Sitting, ...]:
        """Their drills, the newest first, without what was said."""
        with self._store.reading() as connection:
            access.require(connection, person, "read")
            return rows.listed(connection, person, min(limit, MOST_LISTED))

    def session(self, person: str, session_id: str) -> Session:
        """One drill with the whole conversation. Raises NotFoundError, also where it is somebody else's."""
        with self._store.reading() as connection:
            sitting, source = self._own(connection, person, session_id)
            said, voices = rows.said(connection, session_id), rows.voices(connection, session_id)
        scenario = self._scenario(sitting, source)
        played = self._played(sitting, scenario, tuple(text for text, _, _ in said))
        return Session(sitting, played, tuple(how for _, _, how in said), _changed(sitting, scenario), voices)

    def meant(self, person: str, part: str) -> Sitting:
        """The drill of theirs whose id is, begins with or ends with `part`. Raises NotFoundError, UsageError where it could be several."""
        found = [(one.id, one.title, one) for one in self.sessions(person, MOST_LISTED) if _is_part(part, one.id)]
        return one_meant("drill", part, found, hint="`amends practice history` lists them, with the end of each id")

    # Playing

    def begin(
        self,
        person: str,
        scenario_id: str,
        *,
        difficulty: int | None = None,
        variant: str | None = None,
        seed: int | None = None,
        aided: bool = True,
        after: str | None = None,
        zone: str | None = None,
    ) -> Session:
        """Begin a drill; without a `seed` by dice.

        What comes `after` a drill of theirs takes seed, level and variant from it, and a day after what was promised in it.
        `zone` is that of their clock, in which times are meant in a conversation of their own; that of this place where it is not known.
        Raises UnknownNameError for a scenario, difficulty or variant, NotFoundError for `after`, UsageError where it is another scenario,
        or nothing of it can come back.
        """
        if scenario_id.startswith(OWN_PREFIX):
            if variant or after:
                raise UsageError("a conversation of your own has no variants, and comes after no other", hint="begin it by its name alone")
            return self._begin_own(person, scenario_id, difficulty, seed, aided=aided, zone=zone)
        scenario = self._shelf.get(scenario_id)
        promise = None
        if after is not None:
            before = self.session(person, after)
            if before.scenario_id not in (scenario.later_of, scenario.receiver_of):
                raise UsageError(f"{scenario_id} does not come after {before.scenario_id}", hint="begin it without a drill before it")
            promise = _promised(before.played, scenario) if scenario.later_of else None
            seed = before.locked.seed if seed is None else seed
            if before.locked.variant in {name for name, _ in scenario.variants}:
                variant = variant or before.locked.variant
            if difficulty is None and before.locked.difficulty in {one.difficulty for one in scenario.levels}:
                difficulty = before.locked.difficulty
        chosen = stage(scenario, self._dice() if seed is None else seed, difficulty, variant)
        return self._begin(person, chosen, aided=aided, promise=promise, kind=_kind(scenario))

    def _begin_own(
        self, person: str, scenario_id: str, difficulty: int | None, seed: int | None, *, aided: bool, zone: str | None
    ) -> Session:
        source = self._source(person, scenario_id, zone)
        chosen = stage(self._personas.scenario(source), self._dice() if seed is None else seed, difficulty)
        return self._begin(person, chosen, aided=aided, promise=None, kind="own", source=source)

    def own_scenario(self, person: str, scenario_id: str, zone: str | None = None) -> Scenario:
        """The scenario of a conversation that they described, as it would begin now. Raises UnknownNameError."""
        return self._personas.scenario(self._source(person, scenario_id, zone))

    def _source(self, person: str, scenario_id: str, zone: str | None) -> str:
        own = next((one for one in self.own(person) if one.scenario_id == scenario_id), None)
        if own is None:
            raise UnknownNameError("scenario", scenario_id[:80], tuple(one.id for one in self._shelf.all()))
        return self._personas.asked(own.answers, own.id, *self._now_in(zone))

    def _begin(self, person: str, chosen: Stage, *, aided: bool, promise: str | None, kind: str, source: str | None = None) -> Session:
        told = chosen.scenario
        locked = Locked(told.version, told.sha256, ENGINE, chosen.seed, chosen.level.difficulty, chosen.variant)
        sitting = Sitting(
            self._ids.new(), person, told.id, told.title, told.form, kind, aided, self._clock.now(), None, None, None,
            first=False, left=False, turns=0, locked=locked, promise=promise,
        )  # fmt: skip
        with self._store.writing() as connection:
            access.require(connection, person, "read")
            rows.add(connection, sitting, source)
        return Session(sitting, start(chosen, promise), (), changed=False)

    def say(self, person: str, session_id: str, text: str, turn: int, delivery: Delivery | None = None) -> Session:
        """Say something as turn number `turn`, from 1, and have the answer. The same words again for a turn that was taken change nothing.

        Raises NotFoundError, TooLargeError, InputError for a character no database holds, ConflictError where the turn was taken with
        other words, is not the next one, or the conversation is over or cannot go on.
        """
        require_short(text)
        storable(text, "text")
        before = self.session(person, session_id)
        said = tuple(heard.text for heard in before.played.turns)
        if turn <= before.sitting.turns:
            if 0 < turn <= len(said) and said[turn - 1] == text:
                return before
            raise ConflictError(
                f"turn {turn} was taken with other words", hint="look at the conversation again: another window of yours was faster"
            )
        if before.ended_at is not None:
            raise ConflictError("this conversation is over", hint="begin it again to try something else")
        if before.changed:
            raise ConflictError("this scenario was changed since you began", hint="what you said is kept; begin it again to go on")
        if turn != before.sitting.turns + 1:
            raise ConflictError(f"the next turn is {before.sitting.turns + 1}, not {turn}", hint="look at the conversation again")
        played = take(before.played, text, self._index)
        if not self._keep(before.sitting, played, text, turn, delivery):
            return self.say(person, session_id, text, turn, delivery)  # somebody was faster: it is one of the cases above now
        self._remember(session_id, played)
        return self.session(person, session_id)

    def _keep(self, sitting: Sitting, played: Played, text: str, turn: int, delivery: Delivery | None) -> bool:
        now = self._clock.now()
        with self._store.writing() as connection:
            access.require(connection, sitting.person_id, "read")
            if not rows.add_turn(connection, sitting.id, turn, text, now, delivery):
                return False
            if played.over:
                self._end(connection, replace(sitting, turns=turn), played, now)
        return True

    def leave(self, person: str, session_id: str) -> Session:
        """Leave a drill before its end: it is scored as it stands, and counts for nothing. Nothing changes for one that is over."""
        before = self.session(person, session_id)
        if before.ended_at is None:
            score = before.played.score if before.sitting.turns else None
            total, passed = (score.total, score.passed) if score else (None, None)
            with self._store.writing() as connection:
                self._own(connection, person, session_id)
                rows.end(connection, session_id, self._clock.now(), score=total, passed=passed, first=False, left=True)
        return self.session(person, session_id)

    def _end(self, connection: Transaction, sitting: Sitting, played: Played, now: datetime) -> None:
        """Keep the result, and what follows for the skills that were exercised."""
        first = not rows.played_before(connection, sitting.person_id, sitting.scenario_id, sitting.id)
        score = played.score
        rows.end(connection, sitting.id, now, score=score.total, passed=score.passed, first=first, left=False)
        if sitting.kind not in _COUNTING:
            return
        fluent = first and not sitting.aided
        looks = tuple(
            Reviewed(self._ids.new(), skill, sitting.form, now, rating, kept, missed, fluent, sitting.id, sitting.scenario_id)
            for skill, (rating, kept, missed) in ratings(score, fluent=fluent).items()
        )
        following.look(connection, sitting.person_id, looks)

    # What comes of it

    def due(self, person: str) -> tuple[Card, ...]:
        """What to practise today: at most three, each with a scenario that is another than the last one."""
        with self._store.reading() as connection:
            access.require(connection, person, "read")
            return following.due(connection, person, rows.listed(connection, person), self._shelf.main(), self._clock.now())

    def history(self, person: str) -> History:
        """What their drills can honestly say."""
        with self._store.reading() as connection:
            access.require(connection, person, "read")
            sittings = rows.listed(connection, person)
            looks = rows.reviews(connection, person)
            spoken = rows.spoken(connection, person)
        return history(sittings, looks, [[(len(text.split()), how) for text, how in turns] for turns in spoken.values()])

    def settings(self, person: str) -> Choices:
        """What they chose."""
        with self._store.reading() as connection:
            access.require(connection, person, "read")
            return rows.choices(connection, person)

    def set(self, person: str, *, count_real: bool) -> Choices:
        """Choose whether messages that they really send count as looks at a skill."""
        with self._store.writing() as connection:
            access.require(connection, person, "read")
            rows.put_choices(connection, person, Choices(count_real))
        return Choices(count_real)

    # Taking it along, and forgetting it

    def export(self, person: str) -> dict[str, Any]:
        """Everything that is kept of their practice, as plain values."""
        with self._store.reading() as connection:
            access.require(connection, person, "read")
            return following.exported(connection, person)

    def forget(self, person: str, session_id: str | None = None) -> None:
        """Forget one drill with what followed from it, or everything. It cannot be undone. Raises NotFoundError."""
        with self._store.writing() as connection:
            access.require(connection, person, "read")
            if session_id is None:
                rows.drop_all(connection, person)
                self._playing.clear()
            else:
                self._own(connection, person, session_id)
                rows.drop(connection, session_id)
                self._playing.pop(session_id, None)
                following.deal_again(connection, person)
        rows.sweep(self._store)

    # Conversations of their own

    def own(self, person: str) -> tuple[Own, ...]:
        """The conversations that they described, the newest first."""
        with self._store.reading() as connection:
            access.require(connection, person, "read")
            return rows.owns(connection, person)

    def own_meant(self, person: str, part: str) -> Own:
        """The one of them that `part` means, as for `meant`; it may be written as the name under which it is begun."""
        found = [(one.id, one.title, one) for one in self.own(person) if _is_part(part.removeprefix(OWN_PREFIX), one.id)]
        return one_meant("conversation", part, found, hint="`amends practice own` lists them")

    def forms(self) -> tuple[Form, ...]:
        """The kinds of message that a conversation of one's own, or a draft, can be heard as."""
        return tuple(self._index.forms)

    def personas(self) -> tuple[Scenario, ...]:
        """Who can be spoken to in a conversation of one's own."""
        return self._personas.all()

    def keep_own(self, person: str, answers: Answers) -> Own:
        """Keep a conversation that they described. Raises InputError for an answer that is missing or too long, UnknownNameError."""
        for field, one in asdict(answers).items():
            storable(one if isinstance(one, str) else "\n".join(one), field)
        require_known("form", answers.form, self._index.form_names)
        own_id, now = self._ids.new(), self._clock.now()
        told = self._personas.scenario(self._personas.asked(answers, own_id, now, "UTC"))
        new = Own(own_id, told.title, answers, now)
        with self._store.writing() as connection:
            access.require(connection, person, "read")
            rows.add_own(connection, person, new)
        return new

    def drop_own(self, person: str, own_id: str) -> None:
        """Forget one of them. Raises NotFoundError."""
        with self._store.writing() as connection:
            access.require(connection, person, "read")
            if not rows.drop_own(connection, person, own_id):
                raise NotFoundError(f"there is no conversation {own_id[:40]!r} of yours")
        rows.sweep(self._store)

    def rehearse(self, person: str, text: str, persona: str, *, form: str = "status-update", zone: str | None = None) -> Session:
        """Try a draft on a persona: it is the first turn of a drill that takes all it says for true. `zone` as for `begin`.

        Raises UnknownNameError for a persona or a form, InputError for a draft of no words, and what `say` raises.
        """
        require_short(storable(text, "text"))
        if not text.strip():
            raise InputError("there are no words in this draft", hint="write what you would send", field="text")
        require_known("form", form, self._index.form_names)
        source = self._personas.drafted(text, form, persona, *self._now_in(zone))
        chosen = stage(self._personas.scenario(source), self._dice())
        begun = self._begin(person, chosen, aided=True, promise=None, kind="rehearsal", source=source)
        return self.say(person, begun.id, text, 1)

    # Messages that were really sent

    def count_real(self, person: str, document: Document, message_id: str) -> None:
        """Count a message that they really sent as a look at what it should do, if they chose that; each message once."""
        with self._store.writing() as connection:
            self.count_within(connection, person, document, message_id)

    def count_within(self, connection: Transaction, person: str, document: Document, message_id: str) -> None:
        """The same inside a transaction that does more."""
        if not rows.choices(connection, person).count_real or rows.has_counted(connection, person, message_id):
            return
        now = self._clock.now()
        looks = tuple(
            Reviewed(self._ids.new(), skill, document.form, now, rating, int(kept), int(not kept), counted=False)
            for skill, rating, kept in really(document)
        )
        following.look(connection, person, looks, message_id)

    # Inside

    def _now_in(self, zone: str | None) -> tuple[datetime, str]:
        """Now on somebody's clock, and the zone of it. Raises UsageError."""
        name = zone or self._here() or "UTC"
        found = zone_named(name)
        if found is None:
            raise UsageError(f"unknown time zone {name[:80]!r}", hint="write an IANA name such as Europe/London")
        return self._clock.now().astimezone(found), name

    def _own(self, connection: Transaction, person: str, session_id: str) -> tuple[Sitting, str | None]:
        access.require(connection, person, "read")
        found = rows.find(connection, person, session_id)
        if found is None:
            raise NotFoundError(f"there is no drill {session_id[:40]!r} of yours", hint="the practice page lists them")
        return found

    def _scenario(self, sitting: Sitting, source: str | None) -> Scenario:
        try:
            if source is not None:
                return self._personas.scenario(source)
            return self._shelf.get(sitting.scenario_id)
        except AmendsError as error:
            hint = "what you said in it is in the export of your practice"
            raise NotFoundError(f"the scenario {sitting.scenario_id!r} of this drill is not here any more", hint=hint) from error

    def _played(self, sitting: Sitting, scenario: Scenario, texts: tuple[str, ...]) -> Played:
        known = self._playing.get(sitting.id)
        if known and known.stage.scenario.sha256 == scenario.sha256 and tuple(one.text for one in known.turns) == texts:
            return known
        return replay(_stage(sitting, scenario), texts, self._index, sitting.promise)

    def _remember(self, session_id: str, played: Played) -> None:
        self._playing.pop(session_id, None)
        if len(self._playing) >= REMEMBERED:
            self._playing.pop(next(iter(self._playing), ""), None)
        self._playing[session_id] = played


def _stage(sitting: Sitting, scenario: Scenario) -> Stage:
    locked = sitting.locked
    try:
        return stage(scenario, locked.seed, locked.difficulty, locked.variant)
    except UnknownNameError:  # the file lost this level or this variant since
        return stage(scenario, locked.seed)


def _changed(sitting: Sitting, scenario: Scenario) -> bool:
    return (sitting.locked.sha256, sitting.locked.engine) != (scenario.sha256, ENGINE)


def _promised(played: Played, later: Scenario) -> str | None:
    """What comes back on the day after. Raises UsageError where nothing can."""
    why = no_day_after(played, later)
    if why is not None:
        message, hint = _NO_DAY_AFTER[why]
        raise UsageError(message, hint=hint)
    return promise_for(played, later)


def _is_part(part: str, whole: str) -> bool:
    """Whether an id begins or ends with these characters, in capitals or not."""
    return bool(part) and (whole.startswith(part.upper()) or whole.endswith(part.upper()))


def _kind(scenario: Scenario) -> str:
    if scenario.later_of:
        return "later"
    return "receiver" if scenario.receiver_of else "drill"
