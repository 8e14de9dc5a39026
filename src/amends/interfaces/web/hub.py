"""Who watches which incident in this process, and what they are told when something changes, whoever changed it in whichever process.

Everything here runs on the event loop, so nothing needs a lock; the store is asked, and pages are rendered, in threads beside it.
"""

from __future__ import annotations

import asyncio
import logging
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.concurrency import run_in_threadpool

from amends import wiring
from amends.core.errors import AmendsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from amends.usecases.facade import UseCases

    Parts = Callable[[str, str], Mapping[str, str]]

logger = logging.getLogger("amends")

LOOK_S = 0.5
"""How often the end of the journal is looked at while somebody watches."""

PUSH_S = 1.0
"""The shortest time between two renderings of one incident: what changes meanwhile goes with the next."""

AGAIN_S = 60.0
"""How often what is watched is rendered although nothing changed: time alone makes things due and late."""

CHECK_S = 15.0
"""How often it is asked whether those who watch still may."""

GONE_S = 30.0
"""How long somebody who left is still named among those who are here; a reload takes less."""

MOST_WAITING = 8
"""Events that a reader has not taken before they are let go, to come back and get everything at once."""

MOST_STREAMS = 12
"""Streams that one person may have open at once; the oldest one ends when another begins. Without accounts all are one person's."""

MOST_WITHOUT_ACCOUNTS = 200


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it goes over the wire, as it is and packed; packed once for all readers."""

    plain: bytes
    packed: bytes


@dataclass(slots=True, eq=False)
class Watcher:
    """One open stream: whose it is, which document they write in, and what waits to be sent to them."""

    incident_id: str
    person: str
    session: str | None
    at: str
    parts: bool
    waiting: list[Event] = field(default_factory=list)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False

    def tell(self, event: Event) -> None:
        """Put an event in line; a reader who takes none is let go."""
        if len(self.waiting) >= MOST_WAITING:
            self.end()
        elif not self.ended:
            self.waiting.append(event)
            self.wake.set()

    def end(self, last: Event | None = None) -> None:
        """The stream is over, after a last event where there is one."""
        self.waiting = [last] if last else []
        self.ended = True
        self.wake.set()


@dataclass(slots=True)
class Room:
    """An incident that is watched: by whom, what they were shown last by view, and the subjects that changed since."""

    watchers: list[Watcher] = field(default_factory=list)
    shown: dict[str, dict[str, str]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    pushed_at: float = 0.0
    checked_at: float = 0.0
    here: dict[tuple[str, str], float] = field(default_factory=dict)
    told_here: bytes = b""


class Hub:
    """The rooms of this process. `parts` renders the live parts of an incident's page for a person, by the id of their element."""

    def __init__(self, usecases: UseCases, parts: Parts | None) -> None:
        self._usecases = usecases
        self._parts = parts
        self._rooms: dict[str, Room] = {}
        self._seq = 0
        self._task: asyncio.Task[None] | None = None

    @property
    def watched(self) -> int:
        """How many streams are open."""
        return sum(len(room.watchers) for room in self._rooms.values())

    def join(self, watcher: Watcher, head: int, *, missed: bool) -> None:
        """Begin to watch; `head` is the last change now, `missed` whether the reader's page is older than the last one of this incident."""
        own = [one for room in self._rooms.values() for one in room.watchers if one.person == watcher.person and not one.ended]
        if len(own) >= (MOST_STREAMS if watcher.session else MOST_WITHOUT_ACCOUNTS):
            own[0].end(event("full", []))
        room = self._rooms.setdefault(watcher.incident_id, Room())
        room.watchers.append(watcher)
        if self._task is None or self._task.done():
            self._seq = head
            self._task = asyncio.get_running_loop().create_task(self._run())
        missed = missed or self._seq > head  # the others may have been told of more than was looked at for this reader
        watcher.tell(event("changed", {"subjects": [], "all": True}, head) if missed else wired(b"id: %d\n\n" % head))
        room.told_here = b""  # so that who came hears who is here

    def leave(self, watcher: Watcher) -> None:
        """Stop watching. Who left is still here for a while."""
        room = self._rooms.get(watcher.incident_id)
        if room is None or watcher not in room.watchers:
            return
        room.watchers.remove(watcher)
        room.here[watcher.person, watcher.at] = asyncio.get_running_loop().time() + GONE_S
        if not room.watchers:
            del self._rooms[watcher.incident_id]

    async def _run(self) -> None:
        """Looks and tells until nobody watches or the server stops."""
        while self._rooms and not wiring.stopping.begun:
            await asyncio.sleep(LOOK_S)
            try:
                await self._look()
            except AmendsError as error:
                logger.warning("live pages wait: %s", error.message)
        for watcher in [one for room in self._rooms.values() for one in room.watchers]:
            watcher.end()

    async def _look(self) -> None:
        found = await run_in_threadpool(self._usecases.watching.since, self._seq)
        self._seq = found.seq
        now = asyncio.get_running_loop().time()
        for incident_id, subjects in found.about.items():
            if incident_id in self._rooms:
                self._rooms[incident_id].changed |= subjects
        for incident_id, room in list(self._rooms.items()):
            try:
                await self._look_at(incident_id, room, now)
            except Exception:  # a page that cannot be rendered must not end the streams of the others
                logger.exception("incident %s is not live now", incident_id)

    async def _look_at(self, incident_id: str, room: Room, now: float) -> None:
        stale = now - room.pushed_at >= AGAIN_S
        if (room.changed or stale) and now - room.pushed_at >= PUSH_S:
            await self._push(incident_id, room, now)
        elif now - room.checked_at >= CHECK_S:
            await self._views(incident_id, room, now)
        self._tell_here(room, now)

    async def _push(self, incident_id: str, room: Room, now: float) -> None:
        """Tell everybody in a room what changed, and send them what it looks like now."""
        subjects, room.changed = sorted(room.changed), set()
        room.pushed_at = now
        views = await self._views(incident_id, room, now)
        if subjects:
            told = event("changed", {"subjects": subjects, "all": self._parts is None}, self._seq)
            for watcher in room.watchers:
                watcher.tell(told)
        if self._parts is None:
            return
        for view, watchers in _by_view(views, room.watchers).items():
            fresh = dict(await run_in_threadpool(self._parts, incident_id, watchers[0].person))
            before = room.shown.get(view)
            room.shown[view] = fresh
            different = {name: html for name, html in fresh.items() if before is None or before.get(name) != html}
            if different:
                told = event("parts", different, self._seq)
                for watcher in watchers:
                    watcher.tell(told)

    async def _views(self, incident_id: str, room: Room, now: float) -> dict[str, str]:
        """The views of those who watch; who may not any more is told so and let go."""
        room.checked_at = now
        people = {one.person for one in room.watchers}
        sessions = {one.session for one in room.watchers if one.session}
        views, alive = await run_in_threadpool(self._usecases.watching.views, incident_id, people, sessions)
        for watcher in room.watchers:
            if watcher.person not in views or (watcher.session and watcher.session not in alive):
                watcher.end(event("gone", []))
        return views

    def _tell_here(self, room: Room, now: float) -> None:
        """Tell everybody who is here, where that is news."""
        for watcher in room.watchers:
            room.here[watcher.person, watcher.at] = now + GONE_S
        room.here = {who: until for who, until in room.here.items() if until > now}
        told = event("here", [{"person": person, "at": at} for person, at in sorted(room.here)])
        if told.plain != room.told_here:
            room.told_here = told.plain
            for watcher in room.watchers:
                watcher.tell(told)


def _by_view(views: Mapping[str, str], watchers: Iterable[Watcher]) -> dict[str, list[Watcher]]:
    """Those who want parts, by what they see."""
    found: dict[str, list[Watcher]] = {}
    for watcher in watchers:
        if watcher.parts and not watcher.ended and watcher.person in views:
            found.setdefault(views[watcher.person], []).append(watcher)
    return found


def event(name: str, data: Any, seq: int | None = None) -> Event:
    """An event (https://html.spec.whatwg.org/multipage/server-sent-events.html) with its data as JSON, which has no bare line ends."""
    number = b"" if seq is None else b"id: %d\n" % seq
    return wired(b"event: %s\n%sdata: %s\n\n" % (name.encode(), number, msgspec.json.encode(data)))


def wired(plain: bytes) -> Event:
    """Bytes for the wire. Each piece is packed without looking back at the one before, so that it fits into every reader's stream."""
    packer = zlib.compressobj(PACKED, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Event(plain, packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH))


PACKED = 4
"""How hard events are packed: a page that changes every second is a tenth as large for a millisecond of work."""
