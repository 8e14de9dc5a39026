"""Insights: gathers what the incidents show, and asks for the figures over months or quarters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from amends.core.errors import InputError
from amends.core.people import LOCAL_PERSON
from amends.store import recurring, watching
from amends.trust.insights import Lived, insights
from amends.trust.periods import COUNT, MOST, periods
from amends.usecases import access
from amends.usecases.narrating import account_within
from amends.usecases.stories import told_within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import tzinfo

    from amends.core.ports import Clock
    from amends.incidents.firsts import Firsts
    from amends.incidents.story import Story
    from amends.narrative.account import Account
    from amends.narrative.honesty import StatusHonesty
    from amends.store.engine import Store, Transaction
    from amends.trust.insights import Insights as Told
    from amends.trust.pulse import WaveResult
    from amends.usecases.honesty import Honesty
    from amends.usecases.today import Today

INCIDENTS = 5000
"""The most incidents that one answer counts, the last to start first."""

_DUE = ("kept", "late", "missed")
_NEVER = datetime.max.replace(tzinfo=UTC)


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
        if not 1 <= count <= MOST:
            raise InputError(f"{count} periods cannot be shown", hint=f"ask for 1 to {MOST}", field="count")
        now = self._clock.now()
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            spans = periods(now, count, zone, kind, since=recurring.known_since(connection))
            found = recurring.begun_since(connection, spans[0].start, INCIDENTS, seen_by=by) if spans else []
            again = self._again(connection, [one.id for one in found], by)
            head = self._refresh(connection)
        lived = [
            replace(self._lived(one.id, head, by, now), repeats=one.id in again, pulses=tuple(self._pulses(one.id, by))) for one in found
        ]
        return insights(lived, spans)

    def _again(self, connection: Transaction, ids: list[str], by: str) -> frozenset[str]:
        """Those that are of a kind met before: as somebody judged, else as they were matched, where that is shown at all."""
        judged: dict[str, bool] = {}
        for one in recurring.judgements(connection, seen_by=by):
            judged[one.incident_id] = judged.get(one.incident_id, False) or one.verdict == "repeat"
        matched = recurring.met_before(connection, seen_by=by)
        return frozenset(one for one in ids if judged.get(one, one in matched))

    def _lived(self, incident_id: str, head: int, by: str, now: datetime) -> Lived:
        known = self._known.get(incident_id)
        if known is not None and now < known[1]:
            return known[0]
        with self._store.reading() as connection:
            story, account = told_within(connection, incident_id, now, by), account_within(connection, incident_id)
        lived = _of(story, account, self._honesty().of_story(story, account), self._today().firsts_of(story))
        coming = (entry.promise.due for entry in story.promises if not entry.is_settled and entry.promise.due is not None)
        until = min((due for due in coming if due > now), default=_NEVER)
        with self._guard:
            if head == self._head:
                self._known[incident_id] = lived, until
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
