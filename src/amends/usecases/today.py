"""What a person should do now, over all incidents: what is due, what was missed, what nobody has heard, and what waits unsent."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from amends.core.incident import STATUSES
from amends.core.people import LOCAL_PERSON
from amends.incidents import clock, presets
from amends.incidents.firsts import Firsts, firsts
from amends.incidents.hearing import unreached
from amends.incidents.silence import Silence, silence
from amends.language.records import Draft
from amends.promises.ledger import LedgerEntry, by_urgency, entry_of
from amends.store import deliveries, drafts, messages, promises, reminders, settings
from amends.store import timelines as evidence
from amends.store import today as rows
from amends.timeline.notes import micros
from amends.usecases import access

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.core.incident import DraftContent, Incident, SavedDraft, SentMessage
    from amends.core.ports import Clock
    from amends.incidents.clock import Owed
    from amends.incidents.event import IncidentEvent
    from amends.incidents.presets import Preset
    from amends.incidents.story import Story
    from amends.language.records import Document
    from amends.store.engine import Store, Transaction
    from amends.store.promises import Told
    from amends.usecases.checking import Checking

SHOWN = 300
"""Incidents that are looked at, the latest first. Whoever has more that are neither resolved nor reviewed has another problem."""

DRAFTS = 20
PRESET = "clock.preset"
"""The setting that names the preset of the workspace."""

WORK = ("commit", "chat", "deploy")
"""Kinds of timeline entries that show somebody at work."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KEPT = 2 * SHOWN
_CHECKED = 512
_RESOLVED = STATUSES.index("resolved")


@dataclass(frozen=True, slots=True)
class TodayView:
    """What the page of today shows, the most urgent first in each list.

    `owed` is what the clock of each incident asks for, `missed` and `coming` are promises, `asking` those that wait for an answer or for
    somebody to be told. `drafts` are the person's own unsent ones. `open` are incidents that are not resolved.
    """

    now: datetime
    owed: tuple[Owed, ...]
    silences: tuple[Silence, ...]
    missed: tuple[LedgerEntry, ...]
    coming: tuple[LedgerEntry, ...]
    asking: tuple[LedgerEntry, ...]
    drafts: tuple[SavedDraft, ...]
    open: tuple[Incident, ...]
    incidents: dict[str, Incident]


class Today:
    """Looks at everything that is live; nothing here changes anything."""

    def __init__(self, store: Store, clock: Clock, checking: Callable[[], Checking]) -> None:
        self._store = store
        self._clock = clock
        self._checking = checking
        self._guard = Lock()
        self._worked: dict[tuple[str, int], tuple[datetime, ...]] = {}
        self._checked: dict[tuple[str, str], Document] = {}

    def of(self, *, by: str = LOCAL_PERSON) -> TodayView:
        """Everything that asks something of somebody, of what `by` may see. Raises ForbiddenError."""
        now = self._clock.now()
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            live = _ours(rows.live(connection, by, now - clock.FADES, SHOWN))
            samples = reminders.sample_incidents(connection) if any(one.origin == "own" for one in live) else frozenset()
            told = [one for one in promises.unsettled(connection, seen_by=by) if one[0].incident_id not in samples]
            found = _entries(told, by, now)
            owed, silences = self._of_incidents(connection, live, found, now)
            unsent = drafts.opened(connection, author=by, limit=DRAFTS)
        missed = tuple(one for one in found if one.standing.state == "missed" and not one.standing.closed)
        asking = tuple(one for one in found if one.standing.step not in ("", "settle") and one not in missed)
        coming = tuple(one for one in found if one.standing.step == "settle" and one.promise.due is not None and one not in missed)
        still = tuple(one for one in live if STATUSES.index(one.status) < _RESOLVED)
        written = tuple(one for one in unsent if one.content.text.strip())
        return TodayView(now, owed, silences, missed, coming, asking, written, still, {one.id: one for one in live})

    def of_incident(self, incident_id: str, *, by: str = LOCAL_PERSON) -> tuple[tuple[Owed, ...], Silence | None]:
        """What one incident owes, and its silence. Raises NotFoundError, ForbiddenError."""
        now = self._clock.now()
        with self._store.reading() as connection:
            one = access.seen(connection, incident_id, by)
            found = _entries(promises.unsettled(connection, incident_id=incident_id, seen_by=by), by, now)
            owed, silences = self._of_incidents(connection, (one,), found, now)
        return owed, silences[0] if silences else None

    def of_story(self, story: Story) -> tuple[tuple[Owed, ...], Silence | None]:
        """The same of a story that was read already, without reading it again."""
        one = story.incident
        with self._store.reading() as connection:
            done = rows.done(connection, (one.id,)).get(one.id, {})
            rules, worked = _preset(connection), self._work(connection, one.id, story.timeline)
        found = by_urgency(entry for entry in story.promises if not entry.is_settled)
        owed = clock.owed(one, story.events, story.reached, found, done, rules, story.now)
        quiet = silence(one, (*_noted(story.events), *worked), story.reached, story.now)
        return tuple(sorted(owed, key=lambda one: one.due)), quiet

    def firsts(self, incident_id: str, *, by: str = LOCAL_PERSON) -> Firsts:
        """Who found an incident, who was told first, and how long it took until somebody was told honestly. Raises NotFoundError."""
        with self._store.reading() as connection:
            one = access.seen(connection, incident_id, by)
            known = rows.events(connection, (incident_id,)).get(incident_id, ())
            lost = unreached(deliveries.of_incident(connection, incident_id))
            sent = tuple(message for message in messages.of_incident(connection, incident_id) if message.id not in lost)
        return self._firsts(one, known, sent)

    def firsts_of(self, story: Story) -> Firsts:
        """The same of a story that was read already."""
        return self._firsts(story.incident, story.events, story.reached)

    def reader_of(self, incident_id: str, sent: tuple[SentMessage, ...]) -> Callable[[SentMessage], Document]:
        """What the engine says of each of these messages of an incident, as its author meant it, once somebody asks for it.

        What was sent never changes, so each message is checked once; an erased one is another text.
        """
        kept: dict[str, DraftContent] = {}
        checked = self._checked
        if any((message.id, message.text) not in checked for message in sent):
            with self._store.reading() as connection:
                kept = drafts.contents_sent(connection, incident_id)

        def check(message: SentMessage) -> Document:
            key = message.id, message.text
            found = checked.get(key)
            if found is None:
                content = kept.get(message.id)
                form, tz = (content.form, content.tz) if content is not None else ("auto", None)
                found = self._checking().check(Draft(message.text, message.sent_at, form, message.audience, tz))
                with self._guard:
                    while len(checked) >= _CHECKED:
                        checked.pop(next(iter(checked)))
                    checked[key] = found
            return found

        return check

    def _firsts(self, one: Incident, known: tuple[IncidentEvent, ...], sent: tuple[SentMessage, ...]) -> Firsts:
        return firsts(one, known, sent, self.reader_of(one.id, sent))

    def preset(self, *, by: str = LOCAL_PERSON) -> Preset:
        """The rules that the clocks of this workspace follow. Raises ForbiddenError."""
        with self._store.reading() as connection:
            access.require(connection, by, "read")
            return _preset(connection)

    def choose_preset(self, name: str, *, by: str = LOCAL_PERSON) -> Preset:
        """Let the clocks follow another preset. Raises UnknownNameError, ForbiddenError for anybody but an owner."""
        chosen = presets.preset(name)
        with self._store.writing() as connection:
            access.require(connection, by, "manage")
            settings.put(connection, PRESET, name, at=self._clock.now(), by=by)
        return chosen

    def _of_incidents(
        self, connection: Transaction, live: tuple[Incident, ...], found: list[LedgerEntry], now: datetime
    ) -> tuple[tuple[Owed, ...], tuple[Silence, ...]]:
        ids = tuple(one.id for one in live)
        events, sent = rows.events(connection, ids), rows.messages(connection, ids)
        done, versions = rows.done(connection, ids), rows.newest_versions(connection, ids)
        rules = _preset(connection)
        promised: dict[str | None, list[LedgerEntry]] = defaultdict(list)
        for entry in found:
            promised[entry.promise.incident_id].append(entry)
        owed: list[Owed] = []
        silences: list[Silence] = []
        for one in live:
            known, told = events.get(one.id, ()), sent.get(one.id, ())
            owed += clock.owed(one, known, told, promised[one.id], done.get(one.id, {}), rules, now)
            work = (*_noted(known), *self._work(connection, one.id, versions.get(one.id)))
            if (quiet := silence(one, work, told, now)) is not None:
                silences.append(quiet)
        return tuple(sorted(owed, key=lambda one: one.due)), tuple(sorted(silences, key=lambda one: one.since))

    def _work(self, connection: Transaction, incident_id: str, number: int | None) -> tuple[datetime, ...]:
        """When the timeline shows somebody at work. A version never changes, so each is read once."""
        if number is None:
            return ()
        with self._guard:
            known = self._worked.get((incident_id, number))
        if known is None:
            document = evidence.version(connection, incident_id, number).document
            known = tuple(_instant(row) for row in document["rows"] if row["kind"] in WORK and row["time"])
            with self._guard:
                if len(self._worked) >= _KEPT:
                    self._worked.pop(next(iter(self._worked)))
                self._worked[incident_id, number] = known
        return known


def _ours(live: tuple[Incident, ...]) -> tuple[Incident, ...]:
    """Without the sample, once there is an incident of our own."""
    own = tuple(one for one in live if one.origin == "own")
    return own or live


def _entries(told: list[Told], by: str, now: datetime) -> list[LedgerEntry]:
    return by_urgency(entry for one in told if (entry := entry_of(one, now)).is_seen_by(by))


def _instant(row: dict[str, object]) -> datetime:
    return _EPOCH + timedelta(microseconds=micros(row["time"]))


def _noted(events: tuple[IncidentEvent, ...]) -> tuple[datetime, ...]:
    """What people wrote down is work too; who only looks writes nothing."""
    return tuple(event.at for event in events if event.what in ("fact", "commit", "milestone", "comment"))


def _preset(connection: Transaction) -> Preset:
    name = settings.get(connection, PRESET)
    return presets.preset(name if name in presets.names() else presets.USUAL)
