"""Insights: gathers what the incidents show, and asks for the figures over months or quarters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from amends.core.errors import InputError
from amends.core.people import LOCAL_PERSON
from amends.store import pulses, recurring, watching
from amends.trust.insights import Lived, insights
from amends.trust.periods import COUNT, MOST, periods
from amends.usecases import access
from amends.usecases.stories import lived_within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import tzinfo

    from amends.core.incident import Incident
    from amends.core.ports import Clock
    from amends.incidents.firsts import Firsts
    from amends.incidents.story import Story
    from amends.narrative.account import Account
    from amends.narrative.honesty import StatusHonesty
    from amends.store.engine import Store, Transaction
    from amends.trust.insights import Insights as Told
    from amends.trust.periods import Period
    from amends.trust.pulse import WaveResult
    from amends.usecases.honesty import Honesty
    from amends.usecases.today import Today

INCIDENTS = 5000
"""The most incidents that one answer counts, the last to start first."""

AT_ONCE = 200
"""How many incidents are read together."""

_DUE = ("kept", "late", "missed")
_EVER, _NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Insights:
    """Figures over all incidents that `by` may see; the sample is none. Nothing here changes anything.

    What an incident shows is read once, and again when something has happened to it or a promise of it has come due.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        honesty: Callable[[], Honesty],
        today: Callable[[], Today],
        pulses: Callable[[str, str], Iterable[WaveResult]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._honesty = honesty
        self._today = today
        self._pulses = pulses
        self._guard = Lock()
        self._head = 0
        self._known: dict[str, tuple[Lived, datetime]] = {}

    def over(self, kind: str = "quarter", *, count: int = COUNT, zone: tzinfo = UTC, by: str = LOCAL_PERSON) -> Told:
        """The figures of the last `count` months or quarters in a zone, of which the last one is running.

        Raises UnknownNameError for the kind, InputError for a count that cannot be, ForbiddenError.
        """
        now = self._clock.now()
        with self._store.reading() as connection:
            spans, found = self._found(connection, kind, count, zone, by, now)
            again = self._again(connection, [one.id for one in found], by)
            head = self._refresh(connection)
            asked = set(pulses.asked_since(connection, _EVER))
        known = self._known_now(found, now)
        known |= self._read([one for one in found if one.id not in known], head, by, now)
        lived = [
            replace(known[one.id], repeats=one.id in again, pulses=tuple(self._pulses(one.id, by)) if one.id in asked else ())
            for one in found
        ]
        return insights(lived, spans)

    def read_some(self, kind: str = "quarter", *, count: int = COUNT, zone: tzinfo = UTC, by: str = LOCAL_PERSON) -> tuple[int, int]:
        """Read on towards these figures, `AT_ONCE` incidents at most: how many are read by then, and how many there are.

        For a page, which says how far it is instead of letting somebody wait: an incident that has not been read takes some hundredths of a
        second. Raises as `over` does.
        """
        now = self._clock.now()
        with self._store.reading() as connection:
            _, found = self._found(connection, kind, count, zone, by, now)
            head = self._refresh(connection)
        known = self._known_now(found, now)
        missing = [one for one in found if one.id not in known]
        return len(known) + len(self._read(missing[:AT_ONCE], head, by, now)), len(found)

    def _found(
        self, connection: Transaction, kind: str, count: int, zone: tzinfo, by: str, now: datetime
    ) -> tuple[tuple[Period, ...], list[Incident]]:
        if not 1 <= count <= MOST:
            raise InputError(f"{count} periods cannot be shown", hint=f"ask for 1 to {MOST}", field="count")
        access.require(connection, by, "read")
        spans = periods(now, count, zone, kind, since=recurring.known_since(connection))
        return spans, recurring.begun_since(connection, spans[0].start, INCIDENTS, seen_by=by) if spans else []

    def _again(self, connection: Transaction, ids: list[str], by: str) -> frozenset[str]:
        """Those that are of a kind met before: as somebody judged, else as they were matched, where that is shown at all."""
        judged: dict[str, bool] = {}
        for one in recurring.judgements(connection, seen_by=by):
            judged[one.incident_id] = judged.get(one.incident_id, False) or one.verdict == "repeat"
        matched = recurring.met_before(connection, seen_by=by)
        return frozenset(one for one in ids if judged.get(one, one in matched))

    def _known_now(self, found: list[Incident], now: datetime) -> dict[str, Lived]:
        known = {one.id: self._known.get(one.id) for one in found}
        return {name: told[0] for name, told in known.items() if told is not None and now < told[1]}

    def _read(self, found: list[Incident], head: int, by: str, now: datetime) -> dict[str, Lived]:
        """What each of some incidents shows, by its id; read some hundred at a time, so that memory stays small."""
        lived = {}
        for start in range(0, len(found), AT_ONCE):
            with self._store.reading() as connection:
                read = list(lived_within(connection, found[start : start + AT_ONCE], now, by))
            for story, account in read:
                lived[story.incident.id] = self._reckoned(story, account, head)
        return lived

    def _reckoned(self, story: Story, account: Account, head: int) -> Lived:
        lived = _of(story, account, self._honesty().of_story(story, account), self._today().firsts_of(story))
        coming = (entry.promise.due for entry in story.promises if not entry.is_settled and entry.promise.due is not None)
        until = min((due for due in coming if due > story.now), default=_NEVER)
        with self._guard:
            if head == self._head:
                self._known[story.incident.id] = lived, until
        return lived

    def _refresh(self, connection: Transaction) -> int:
        """Forget the incidents that something has happened to since the last look; where the journal stands now."""
        with self._guard:
            head = watching.head(connection)
            if not self._known:
                self._head = head
            while self._head < head:
                self._head, touched = watching.touched(connection, self._head)
                for name in touched:
                    self._known.pop(name, None)
            return self._head


def _of(story: Story, account: Account, status: StatusHonesty, first: Firsts) -> Lived:
    """What one incident shows; of private promises nothing, because they are nobody else's."""
    wrong = status.get("contradicted")
    due = [
        (entry.promise.due, entry.standing.state)
        for entry in story.promises
        if entry.promise.due is not None and entry.standing.state in _DUE and not entry.promise.private
    ]
    done = [(one.done_at, one.state == "verified") for one in story.actions if one.done_at is not None and one.state != "dropped"]
    return Lived(
        story.incident.id, story.incident.started_at, repeats=False, checkable=wrong.n, contradicted=wrong.count,
        found_by=first.found_by, to_human=_to_human(account, first),
        to_honest=first.seconds_to_honest, promises=tuple(due), actions=tuple(done),
    )  # fmt: skip


def _to_human(account: Account, first: Firsts) -> int | None:
    """Seconds from the first signal that is known, of the record or of the account, to the first message to anybody."""
    signals = [one.point.at for one in account.of("claim", "signal") if one.point.at is not None]
    signals += [first.detected] if first.detected is not None else []
    if not signals or first.told is None:
        return None
    return max(0, int((first.told.sent_at - min(signals)).total_seconds()))
