"""A model may voice the other person of a drill: only where an owner allowed it, and only for whom switched it on for that very drill.

The engine chooses every line and judges every turn; nothing that is done here is read by it. The words are asked for after the turn was
stored, outside of every transaction and within a bound of time. What comes back has to pass the gates of `practice.voice`; it is asked for
once more where it does not, and then the written line is said. A turn never fails because of a model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from threading import BoundedSemaphore, Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from amends.core.errors import AmendsError, ConflictError, ForbiddenError, NotFoundError, OutsideError, UsageError
from amends.integrations.llm import Message
from amends.practice.session import Voiced
from amends.practice.voice import GATES, question, refused, unquoted
from amends.store import practising as rows
from amends.store import settings
from amends.store.engine import StoreError
from amends.usecases import access
from amends.usecases.suggesting import VOICE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from amends.core.ports import Clock
    from amends.practice.session import Session
    from amends.practice.state import Line
    from amends.store.engine import Store, Transaction

SECONDS = 8.0
"""The longest that an answer in a drill waits for the model, for all lines and every second try together."""
AT_ONCE = 6
"""Turns of which one process has the lines voiced at a time; who comes then hears the written line."""
REST_S = 60
"""So long a model is left alone after it failed or was slow: the next turns should not wait for nothing."""
MOST_TOKENS = 400
_LEAST_S = 0.05
_TRIES = 2


class Speaker(Protocol):
    """A model, as far as this asks it."""

    name: str

    @property
    def host(self) -> str:
        """Where the words go."""
        ...

    def ask(self, messages: Sequence[Message], *, most_tokens: int, within: float | None = None) -> str:
        """Its answer. Raises OutsideError."""
        ...


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that may voice drills here: its name, and the host that would read what is said in them."""

    model: str
    host: str

    def __str__(self) -> str:
        return f"{self.model} at {self.host}"


class Voicing:
    """Lines of drills voiced by a model. `seconds` is how long an answer waits for it at most."""

    def __init__(self, store: Store, clock: Clock, model: Callable[[], Speaker | None], *, seconds: float = SECONDS) -> None:
        self._store = store
        self._clock = clock
        self._model = model
        self._seconds = seconds
        self._asking = BoundedSemaphore(AT_ONCE)
        self._rests_until: datetime | None = None

    # Allowing

    def offered(self, person: str) -> Offer | None:
        """The model that this person can let voice a drill; None where none is set up, or no owner allowed it."""
        with self._store.reading() as connection:
            access.require(connection, person, "read")
            found = self._allowed(connection)
        return Offer(found.name, found.host) if found else None

    def require(self, person: str) -> Offer:
        """The same. Raises UsageError where none is set up, ForbiddenError where no owner allowed it."""
        found = self.offered(person)
        if found is not None:
            return found
        if self._model() is None:
            hint = "docs/how-to/voice-a-drill.md shows how; it is the same drill without one"
            raise UsageError("no model is set up to voice a drill", hint=hint)
        hint = "an owner allows it in the settings, or with `amends account model --allow-practice`"
        raise ForbiddenError("nobody allowed a model to voice drills", hint=hint)

    def _allowed(self, connection: Transaction) -> Speaker | None:
        if settings.get(connection, VOICE) != "yes":
            return None
        try:
            return self._model()
        except UsageError:  # a key that is not there: the settings page says so
            return None

    def switch(self, person: str, session_id: str, *, on: bool) -> None:
        """Let the model voice a drill of theirs from now on, or no longer.

        Raises NotFoundError, ConflictError where it is over, and what `require` raises.
        """
        voice = str(self.require(person)) if on else None
        with self._store.writing() as connection:
            access.require(connection, person, "read")
            found = rows.find(connection, person, session_id)
            if found is None:
                raise NotFoundError(f"there is no drill {session_id[:40]!r} of yours", hint="the practice page lists them")
            if found[0].ended_at is not None:
                raise ConflictError("this conversation is over", hint="begin another one")
            rows.put_voice(connection, session_id, voice)

    # Voicing

    def voiced(self, session: Session) -> Session:
        """The drill with the answer to its last turn voiced, where its person switched that on, and as it was otherwise. Never fails."""
        if session.sitting.voice is None or session.changed:
            return session
        known = {(one.turn, one.number) for one in session.voices}
        turn = len(session.played.turns)
        lines = session.played.steps[-1].lines if turn else ()
        wanted = [(number, one) for number, one in enumerate(lines) if not one.outside and (turn, number) not in known]
        if not wanted:
            return session
        try:
            made = self._made(session, turn, wanted)
            self._keep(session, made)
        except StoreError:  # the turn is stored; its answer is said as it was written
            return session
        return replace(session, voices=(*session.voices, *made))

    def _keep(self, session: Session, made: tuple[Voiced, ...]) -> None:
        with self._store.writing() as connection:
            if rows.find(connection, session.person_id, session.id) is not None:  # it may have been forgotten meanwhile
                rows.add_voices(connection, session.id, made)

    def _made(self, session: Session, turn: int, wanted: list[tuple[int, Line]]) -> tuple[Voiced, ...]:
        with self._store.reading() as connection:
            speaker = self._allowed(connection)
        agreed = session.sitting.voice or ""
        if speaker is None or str(Offer(speaker.name, speaker.host)) != agreed:
            return _written(turn, wanted, agreed, "off")
        if self._rests_until is not None and self._clock.now() < self._rests_until:
            return _written(turn, wanted, speaker.name, "unanswered")
        if not self._asking.acquire(blocking=False):
            return _written(turn, wanted, speaker.name, "busy")
        work = _Work(speaker, session, turn, monotonic() + self._seconds, self._asking.release)
        Thread(target=work.run, args=(wanted,), daemon=True).start()  # so that a turn ends in time whatever the model does
        ended = work.done.wait(self._seconds)
        note = work.trouble if ended else "late"
        found = tuple(work.made)
        if note:
            self._rests_until = self._clock.now() + timedelta(seconds=max(work.rest, REST_S))
        return found + _written(turn, wanted[len(found) :], speaker.name, note or "unanswered")


class _Work:
    """Asking for the lines of one turn, in a thread of its own. `made` grows with each; `trouble` is the note where it went wrong."""

    def __init__(self, speaker: Speaker, session: Session, turn: int, end: float, release: Callable[[], None]) -> None:
        self._speaker = speaker
        self._session = session
        self._turn = turn
        self._end = end
        self._release = release
        self.done = Event()
        self.made: list[Voiced] = []
        self.trouble = ""
        self.rest = 0

    def run(self, wanted: list[tuple[int, Line]]) -> None:
        """Ask for each line, until one fails."""
        self.trouble = "unanswered"  # what nobody foresaw is told like a fault
        try:
            for number, line in wanted:
                text = self._said(line)
                self.made.append(Voiced(self._turn, number, line.id, self._speaker.name, text, None if text else "refused"))
            self.trouble = ""
        except OutsideError as error:
            self.trouble = "late" if self._left < _LEAST_S else "unanswered"
            self.rest = error.retry_after or 0
        except AmendsError:
            return
        finally:
            self._release()
            self.done.set()

    @property
    def _left(self) -> float:
        return self._end - monotonic()

    def _said(self, line: Line) -> str | None:
        """A line as the model says it; None where it does not pass twice. Raises OutsideError, also where no time is left."""
        asked = question(self._session.played, line)
        user = asked.user
        for _ in range(_TRIES):
            if self._left < _LEAST_S:
                raise OutsideError("no time is left", passing=True)
            parts = (Message("system", asked.system), Message("user", user))
            said = unquoted(self._speaker.ask(parts, most_tokens=MOST_TOKENS, within=self._left))
            wrong = refused(said, line, self._session.played)
            if not wrong:
                return said
            user = f"{asked.user}\n\nYour last answer could not be used: {'; '.join(GATES[one] for one in wrong)}."
        return None


def _written(turn: int, wanted: Sequence[tuple[int, Line]], model: str, note: str) -> tuple[Voiced, ...]:
    return tuple(Voiced(turn, number, line.id, model, None, note) for number, line in wanted)
