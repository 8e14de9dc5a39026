"""Asking those affected, so that nobody can tell who said what: opening a wave, answering by a link, closing, and what came of it.

What holds an answer while a wave is open is sealed with a key in a file of its own; closing counts, and destroys the key. See
`docs/pulse.md` for what that protects from, and what not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from amends.core.errors import ConflictError, InputError, NotFoundError
from amends.core.people import LOCAL_PERSON
from amends.core.problem import Problem
from amends.integrations import sealing
from amends.integrations.sealing import Keyring, mark
from amends.store import pulses as rows
from amends.trust import anonymity
from amends.trust.pairing import CODE_LIMIT
from amends.trust.pulse import (
    GROUPS,
    WAVES,
    Change,
    GroupNow,
    Item,
    Question,
    Wave,
    WaveResult,
    WaveStep,
    changes,
    items_for,
    next_wave,
    questions,
)
from amends.trust.scoring import Answer, check_answer
from amends.usecases import access, wave_crossing, wave_steps
from amends.usecases.given import aware, one_meant, storable
from amends.usecases.pulse_closing import Before, Closing, closing, opened_answers, sealed_answer
from amends.usecases.pulse_showing import shown
from amends.usecases.trust_planning import contained_within

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from amends.core.ports import Clock, Ids
    from amends.store.engine import Store, Transaction

FOLDER = "pulse"
"""Where the keys lie in the folder of the data; no backup and no export of ours takes it along."""
GRACE = timedelta(days=3)
"""So long after its time a wave can still be given more time before it is closed by itself; it takes no answers meanwhile."""
_TOKEN = 22
"""Characters of the secret in a link: 132 bits, and still an address that can be copied by hand."""

_NO_LINK = "this link takes no answer"
_NO_LINK_HINT = "the wave may be over; if you should have a link, ask whoever invited you for a new one"
_AWAY = "the key of this wave is not on this machine"
_AWAY_HINT = "use the machine, or the AMENDS_HOME, where the wave was opened; if that is gone, abandon the wave and ask anew"


@dataclass(frozen=True, slots=True)
class Opened:
    """A wave that was opened: the secrets of its links by group, in the order of chance, shown this once; and what to say of its time."""

    wave: Wave
    links: dict[str, tuple[str, ...]]
    advice: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link asks: the statements for its group, the open questions, and until when. It says nothing about who holds the link.

    Where so few were invited that comments could never be shown, there are no open questions.
    """

    group: str
    items: tuple[Item, ...]
    questions: tuple[Question, ...]
    closes_at: datetime
    least: int


@dataclass(frozen=True, slots=True)
class Closed:
    """A wave that was closed, as it may be shown; and what did not go as it should."""

    result: WaveResult
    problems: tuple[Problem, ...]


class Pulses:
    """Waves of an incident. `by` is who acts; answering needs nobody."""

    def __init__(self, store: Store, clock: Clock, ids: Ids, new_secret: Callable[[], str], home: Callable[[], str] | None) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._new_secret = new_secret
        self._keys = Keyring(None if home is None else lambda: f"{home()}/{FOLDER}", new_secret)

    # Looking

    def of_incident(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[Wave, ...]:
        """The waves of an incident, the one opened first first. Raises NotFoundError, ForbiddenError."""
        self._finish()
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            return rows.of_incident(connection, incident_id)

    def step(self, incident_id: str, *, by: str = LOCAL_PERSON) -> WaveStep | None:
        """What is to be done next, and until when: a wave to be opened or closed. Raises NotFoundError, ForbiddenError."""
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            return wave_steps.step_of(connection, incident_id, self._clock.now())

    def steps(self, *, by: str = LOCAL_PERSON) -> tuple[WaveStep, ...]:
        """The same over all incidents that somebody may see, what ends first first. Raises ForbiddenError."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            return wave_steps.steps(connection, self._clock.now(), by)

    def get(self, wave_id: str, *, by: str = LOCAL_PERSON) -> Wave:
        """A wave as it stands. Raises NotFoundError, also for one of an incident that `by` may not see."""
        with self._store.reading() as connection:
            return _seen(connection, wave_id, by)

    def meant(self, incident_id: str, part: str | None, *, by: str = LOCAL_PERSON) -> Wave:
        """The wave of an incident that a name (month) or part of an id means; the last one where nothing is said. Raises NotFoundError."""
        waves = self.of_incident(incident_id, by=by)
        if part is None and waves:
            return waves[-1]
        named = [one for one in waves if part in {None, one.which} or (part and part.upper() in {one.id, one.id[: len(part)]})]
        hint = "open one with `amends pulse open`"
        return one_meant("wave", part or "", [(one.id, one.which, one) for one in named], hint=hint)

    def advice(self, incident_id: str, which: str, groups: Collection[str] = GROUPS, *, by: str = LOCAL_PERSON) -> tuple[Problem, ...]:
        """What is to be said about asking this wave, and these groups, now; raises what `open` would raise about the incident."""
        with self._store.reading() as connection:
            return self._require(connection, incident_id, which, groups, by)

    def ahead(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[Problem, ...]:
        """The same of the wave that comes next; nothing where none can be opened now. Raises NotFoundError, ForbiddenError."""
        which = next_wave([one.which for one in self.of_incident(incident_id, by=by)])
        try:
            return self.advice(incident_id, which, by=by) if which is not None else ()
        except ConflictError:
            return ()

    def result(self, wave_id: str, *, by: str = LOCAL_PERSON) -> WaveResult:
        """What came of a wave. Raises NotFoundError, ConflictError for one that is still open, of which nothing can be read."""
        with self._store.reading() as connection:
            return shown(connection, _seen(connection, wave_id, by))

    def results(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[WaveResult, ...]:
        """What came of every wave of an incident that is closed, in the order of the waves. Raises NotFoundError, ForbiddenError."""
        self._finish()
        with self._store.reading() as connection:
            access.seen(connection, incident_id, by)
            waves = [one for one in rows.of_incident(connection, incident_id) if not one.is_open]
            return tuple(shown(connection, one) for one in sorted(waves, key=lambda one: WAVES.index(one.which)))

    def compare(
        self, incident_id: str, before: str = "baseline", after: str | None = None, *, by: str = LOCAL_PERSON
    ) -> tuple[Change, ...]:
        """What changed between two waves of an incident (`after` None for the last one). Raises NotFoundError where one is not there."""
        found = {one.which: one for one in self.results(incident_id, by=by)}
        later = after or next((which for which in reversed(WAVES) if which in found), "")
        for which in (before, later):
            if which not in found or before == later:
                told = f"this incident has no closed wave {which!r} to compare" if which not in found else "there is only one wave yet"
                raise NotFoundError(told, hint=f"closed: {', '.join(found) or 'none'}")
        return changes(found[before], found[later])

    # Asking

    def open(
        self,
        incident_id: str,
        which: str,
        groups: Mapping[str, int],
        *,
        closes_at: datetime | None = None,
        least: int = anonymity.LEAST,
        by: str = LOCAL_PERSON,
    ) -> Opened:
        """Open a wave for groups of so many people; the links come back once, and never again.

        Raises UnknownNameError, InputError for a group that is too small (with what to do instead) or a time that cannot be, ConflictError
        where the incident is live or another wave is open, NotFoundError, ForbiddenError, NeedsExtraError.
        """
        anonymity.require_groups(groups, least)
        sealing.require()
        now = self._clock.now()
        ends = _ends(closes_at, now, now)
        ordered = tuple(GroupNow(name, groups[name], 0) for name in GROUPS if name in groups)
        wave = Wave(self._ids.new(), incident_id, which, now, by, ends, None, least, ordered)
        with self._store.reading() as connection:
            access.changed(connection, incident_id, by)
            said = self._require(connection, incident_id, which, groups, by)
        key = self._keys.make(wave.id)
        try:
            with self._store.writing() as connection:
                access.changed(connection, incident_id, by)
                self._require(connection, incident_id, which, groups, by)
                rows.add(connection, wave, at=now)
                links = {one.name: self._new_links(connection, wave, key, one) for one in ordered}
        except BaseException:
            self._keys.destroy(wave.id)
            raise
        if not any(one.which != wave.which for one in self.of_incident(incident_id, by=by)):
            self._keys.make(_pairing(incident_id))
        return Opened(wave, links, said)

    def links(self, wave_id: str, *, by: str = LOCAL_PERSON) -> Opened:
        """New links for the groups of a wave in which nobody has answered yet; the old ones take no answer any more.

        For somebody who lost them. Where somebody answered, nobody can know whose link is left. Raises ConflictError then.
        """
        with self._store.writing() as connection:
            wave = _changed(connection, wave_id, by)
            self._require_open(wave)
            key = self._key_of(wave)
            unanswered = [one for one in wave.groups if not one.answered]
            if not unanswered:
                told = "somebody in every group has answered, and nobody knows whose links are left"
                raise ConflictError(told, hint="those who have no link can be asked in the next wave")
            links = {one.name: self._new_links(connection, wave, key, one) for one in unanswered}
        return Opened(wave, links, ())

    def extend(self, wave_id: str, closes_at: datetime, *, by: str = LOCAL_PERSON) -> Wave:
        """Let a wave take answers until another time, four weeks after it opened at most. Raises InputError, ConflictError if closed."""
        with self._store.writing() as connection:
            wave = _changed(connection, wave_id, by)
            self._require_open(wave)
            now = self._clock.now()
            rows.move(connection, wave, _ends(closes_at, wave.opened_at, now), by=by, at=now)
            return rows.get(connection, wave_id)

    # Answering, without an account

    def asked(self, token: str) -> Asked:
        """What a link asks. A link that has answered asks the same: whoever handed out links must not learn from them who answered.

        Raises NotFoundError, the same for a link of a wave that is over and for none at all; ConflictError where the key is elsewhere.
        """
        with self._store.reading() as connection:
            wave, group, _ = self._link(connection, token)
        never_shown = anonymity.why_comments_hidden(sum(one.invited for one in wave.groups)) is not None
        return Asked(group, items_for(group), () if never_shown else questions(), wave.closes_at, wave.least)

    def answer(self, token: str, scores: Mapping[int, int | None], *, comments: Mapping[str, str] | None = None, code: str = "") -> None:
        """Take an answer: None is "cannot say", what is missing was left out. The first answer of a link counts; another changes nothing.

        So a form that is sent twice is thanked twice, and counted once. Raises UsageError and InputError for what is no answer, and as
        `asked` does.
        """
        told = {name: storable(text, "comment") for name, text in (comments or {}).items()}
        word = storable(code, "code")[:CODE_LIMIT]
        with self._store.reading() as connection:
            wave, group, _ = self._link(connection, token)
        given = check_answer(group, Answer(dict(scores), told, word))
        sealed = sealed_answer(self._key_of(wave), wave.id, group, given)
        with self._store.writing() as connection:
            wave, group, hash_ = self._link(connection, token)
            if rows.spend(connection, hash_):
                rows.hold(connection, wave.id, self._chance(), sealed)

    # Closing

    def close(self, wave_id: str, *, by: str = LOCAL_PERSON) -> Closed:
        """Close a wave: its answers are counted and destroyed, and so is their key. A closed one stays as it is.

        One that nobody answered, while it still takes answers, is abandoned instead: closed, it could never be asked again.
        Raises ConflictError for such a one, and where the key is not on this machine, NotFoundError, ForbiddenError.
        """
        with self._store.reading() as connection:
            wave = _changed(connection, wave_id, by)
            if wave.is_open and self._clock.now() < wave.closes_at and not rows.held(connection, wave_id):
                hint = "abandon it, and it can be opened anew; closed it would count as asked"
                raise ConflictError(f"nobody has answered the wave {wave.which!r} yet", hint=hint)
        problems = self._close(wave_id, by)
        return Closed(self.result(wave_id, by=by), problems)

    def abandon(self, wave_id: str, *, by: str = LOCAL_PERSON) -> None:
        """Destroy an open wave with its answers, unread, so that it can be opened anew: asked wrongly, or the key is gone.

        Raises ConflictError for a closed one, NotFoundError, ForbiddenError.
        """
        with self._store.writing() as connection:
            wave = _changed(connection, wave_id, by)
            self._require_open(wave)
            rows.abandon(connection, wave, by=by, at=self._clock.now())
        self._keys.destroy(wave_id)
        rows.scrub(self._store)

    def close_due(self) -> tuple[str, ...]:
        """Close every wave whose time was over `GRACE` ago and whose key is on this machine; their ids.

        For the worker and whoever looks: sealed answers and their key should not lie around because somebody forgot them.
        """
        with self._store.reading() as connection:
            over = rows.open_ones(connection, over_at=self._clock.now() - GRACE)
        here = [one for one in over if self._keys.get(one.id) is not None]
        for one in here:
            self._close(one.id, one.opened_by)
        return tuple(one.id for one in here)

    def forget_pairing(self, incident_id: str, *, by: str = LOCAL_PERSON) -> bool:
        """Destroy what ties the same people's answers together over the waves; whether there was something. After the last review.

        What was compared already stays, as counts. Raises NotFoundError, ForbiddenError.
        """
        with self._store.writing() as connection:
            access.changed(connection, incident_id, by)
            gone = rows.forget_pairs(connection, incident_id)
        had = self._keys.destroy(_pairing(incident_id))
        if gone:
            rows.scrub(self._store)
        return had or bool(gone)

    def strike(self, wave_id: str, comment_id: str, *, by: str = LOCAL_PERSON) -> WaveResult:
        """Erase a comment for good, such as one that names somebody. Raises NotFoundError, ForbiddenError."""
        with self._store.writing() as connection:
            wave = _changed(connection, wave_id, by)
            if not rows.strike(connection, wave, comment_id[:100], by=by, at=self._clock.now()):
                raise NotFoundError(
                    f"there is no comment {comment_id[:40]!r}", hint="`amends pulse show INCIDENT` tells them with their ids"
                )
        rows.scrub(self._store)
        return self.result(wave_id, by=by)

    # What they share

    def _close(self, wave_id: str, by: str) -> tuple[Problem, ...]:
        done = None
        with self._store.writing() as connection:
            wave = rows.get(connection, wave_id)
            if wave.is_open:
                done = self._closing(connection, wave)
                chance = [self._chance() for _ in done.kept]
                rows.close(
                    connection,
                    wave,
                    done.kept,
                    answered=done.answered,
                    pairs=done.pairs,
                    comments=done.comments,
                    keys=chance,
                    by=by,
                    at=self._clock.now(),
                )
                if wave.which == WAVES[-1]:
                    rows.forget_pairs(connection, wave.incident_id)
        self._keys.destroy(wave_id)
        if wave.which == WAVES[-1]:
            self._keys.destroy(_pairing(wave.incident_id))  # no wave needs it any more
        if done is None:
            return ()
        if rows.scrub(self._store):
            return done.problems
        left = "the database was in use, so deleted pages are not overwritten yet; they are sealed, and their key is destroyed"
        return (*done.problems, Problem("pulse-not-scrubbed", left, "nothing needs to be done; the next wave that closes does it again"))

    def _closing(self, connection: Transaction, wave: Wave) -> Closing:
        answers, broken = opened_answers(self._key_of(wave), wave.id, rows.held(connection, wave.id))
        earlier = [one for one in rows.of_incident(connection, wave.incident_id) if not one.is_open]
        kept = {one.which: rows.kept_of(connection, one.id) for one in earlier}
        tallies = {(which, name): one.tally for which, groups in kept.items() for name, one in groups.items() if one.tally is not None}
        before = Before(
            {group.name: tuple(one.n for (_, name), one in tallies.items() if name == group.name) for group in wave.groups},
            {place: one.index_n for place, one in tallies.items()},
            rows.pairs_of(connection, wave.incident_id),
        )
        return closing(wave, answers, broken, before, self._keys.get(_pairing(wave.incident_id)), self._chance)

    def _finish(self) -> None:
        """Close what is long over, and destroy each key that nothing needs any more: a process may have ended before it did so."""
        self.close_due()
        names = self._keys.names()
        waves = [name for name in names if not name.startswith(_PAIRING)]
        paired = [name.removeprefix(_PAIRING) for name in names if name.startswith(_PAIRING)]
        if not names:
            return
        with self._store.reading() as connection:
            closed = rows.closed_among(connection, waves)
            reviewed = rows.reviewed_among(connection, paired)
        for name in closed:
            self._keys.destroy(name)
        for incident_id in reviewed:
            with self._store.writing() as connection:
                rows.forget_pairs(connection, incident_id)
            self._keys.destroy(_pairing(incident_id))
        if closed or reviewed:
            rows.scrub(self._store)

    def _require(self, connection: Transaction, incident_id: str, which: str, groups: Collection[str], by: str) -> tuple[Problem, ...]:
        incident = access.seen(connection, incident_id, by)
        waves = rows.of_incident(connection, incident_id)
        still = next((one.which for one in waves if one.is_open), None)
        anonymity.require_wave(which, incident.status, [one.which for one in waves], still)
        now = self._clock.now()
        of_its_time = anonymity.advice(which, contained_within(connection, incident), now)
        return (*of_its_time, *wave_crossing.crossing(connection, incident_id, groups, by, now))

    def _require_open(self, wave: Wave) -> None:
        if not wave.is_open:
            raise ConflictError(f"the wave {wave.which!r} is closed", hint="what came of it stays as it is")

    def _key_of(self, wave: Wave) -> bytes:
        key = self._keys.get(wave.id)
        if key is None:
            raise ConflictError(_AWAY, hint=_AWAY_HINT)
        return key

    def _link(self, connection: Transaction, token: str) -> tuple[Wave, str, str]:
        """The wave, the group and the hash of a link that takes answers now."""
        waves = rows.taking(connection, self._clock.now())
        keys = {name: key for name in waves if (key := self._keys.get(name)) is not None}
        found = rows.link(connection, [mark(key, "link", token[:100]) for key in keys.values()]) if keys else None
        if found is None and len(keys) < len(waves):
            raise ConflictError(_AWAY, hint="try again later, or ask whoever invited you: nothing was stored")
        if found is None:
            raise NotFoundError(_NO_LINK, hint=_NO_LINK_HINT)
        hash_, wave_id, group = found
        return rows.get(connection, wave_id), group, hash_

    def _new_links(self, connection: Transaction, wave: Wave, key: bytes, group: GroupNow) -> tuple[str, ...]:
        tokens = tuple(self._chance() for _ in range(group.invited))
        rows.replace_links(connection, wave.id, group.name, [mark(key, "link", one) for one in tokens])
        return tokens

    def _chance(self) -> str:
        return self._new_secret()[-_TOKEN:]


_PAIRING = "pairing-"


def _pairing(incident_id: str) -> str:
    return f"{_PAIRING}{incident_id}"


def _seen(connection: Transaction, wave_id: str, by: str) -> Wave:
    wave = rows.get(connection, wave_id)
    access.part_seen(connection, wave.incident_id, by, "wave", wave_id)
    return wave


def _changed(connection: Transaction, wave_id: str, by: str) -> Wave:
    wave = _seen(connection, wave_id, by)
    access.changed(connection, wave.incident_id, by)
    return wave


def _ends(closes_at: datetime | None, opened_at: datetime, now: datetime) -> datetime:
    if closes_at is None:
        return opened_at + timedelta(days=anonymity.USUAL_DAYS)
    ends = aware(closes_at, "closes_at")
    if ends <= now or ends > opened_at + timedelta(days=anonymity.LONGEST_DAYS):
        told = f"a wave takes answers until some time within {anonymity.LONGEST_DAYS} days after it opened"
        raise InputError(told, hint="two weeks are usual", field="closes_at")
    return ends
