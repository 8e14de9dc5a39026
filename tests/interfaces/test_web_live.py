"""Pages that stay live: what readers of an incident are told, when a stream ends, and that nobody waits for another one."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
import urllib.request
import zlib
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from amends import asgi, wiring
from amends.core.errors import NotFoundError
from amends.interfaces.api.limits import Limits
from amends.interfaces.web import hub as hubs
from amends.interfaces.web.hub import Hub, Watcher, event
from amends.interfaces.web.live import GZIP_HEAD, cut
from amends.store.schema import incident, person, session
from amends.testing import CountingIds, FixedClock
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from amends.store.engine import Store

READ_S = 5.0


@pytest.fixture
def usecases(store: Store) -> UseCases:
    return UseCases(Checking, lambda: store, FixedClock(), CountingIds())


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything of this house twenty times as fast."""
    for name, seconds in {"LOOK_S": 0.02, "PUSH_S": 0.05, "CHECK_S": 0.1, "GONE_S": 0.3}.items():
        monkeypatch.setattr(hubs, name, seconds)


def told(watcher: Watcher) -> list[tuple[str, Any]]:
    """What a reader was told, and takes now; without who is here."""
    chunks = b"".join(one.plain for one in watcher.waiting).decode().split("\n\n")
    watcher.waiting = []
    watcher.wake.clear()
    events = [dict(line.split(": ", 1) for line in chunk.splitlines()) for chunk in chunks if chunk]
    return [(one["event"], json.loads(one["data"])) for one in events if one.get("event") not in (None, "here")]


async def until(done: Callable[[], Any]) -> Any:
    """Waits for something to be true."""
    for _ in range(int(READ_S / 0.02)):
        found = done()
        if found:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError("nothing happened")


class Readers:
    """Readers of incidents in one process, whose pages say what the journal's last row was when they were rendered."""

    def __init__(self, usecases: UseCases) -> None:
        self.usecases = usecases
        self.rendered: list[tuple[str, str]] = []
        self.hub = Hub(usecases, self.parts)

    def parts(self, incident_id: str, by: str) -> dict[str, str]:
        self.rendered.append((incident_id, by))
        heads = self.usecases.documents.list(incident_id, by=by)
        return {"texts": f"<ul id=texts>{len(heads)}</ul>", "quiet": "<p id=quiet>always the same</p>"}

    def reader(self, incident_id: str, by: str = "local", *, of: str | None = None, at: str = "", parts: bool = True) -> Watcher:
        head, _ = self.usecases.watching.begin(incident_id, by=by)
        watcher = Watcher(incident_id, by, of, at, parts)
        self.hub.join(watcher, head, missed=False)
        return watcher

    def run(self, story: Coroutine[Any, Any, None]) -> None:
        async def whole() -> None:
            try:
                await asyncio.wait_for(story, 4 * READ_S)
            finally:
                for room in list(self.hub._rooms.values()):
                    for watcher in list(room.watchers):
                        self.hub.leave(watcher)

        with ThreadPoolExecutor(1) as thread:  # the loop of a browser test may still stand in this one
            thread.submit(asyncio.run, whole()).result()


@pytest.fixture
def readers(usecases: UseCases) -> Readers:
    return Readers(usecases)


def test_readers_are_told_of_a_change_and_get_only_the_parts_that_differ(readers: Readers) -> None:
    incident_id = readers.usecases.incidents.open("Checkout fails").id

    async def story() -> None:
        first, second = readers.reader(incident_id), readers.reader(incident_id)
        await until(lambda: [one for one in told(first) if one[0] == "parts"])
        told(second)
        made = readers.usecases.documents.new(incident_id, "Notes")
        events = dict(await until(lambda: sorted(told(first)) if len(first.waiting) > 1 else []))
        assert events["changed"] == {"subjects": [f"document/{made.head.id}"], "all": False}
        assert events["parts"] == {"texts": "<ul id=texts>1</ul>"}

    readers.run(story())


def test_all_who_see_the_same_share_one_rendering(readers: Readers) -> None:
    incident_id = readers.usecases.incidents.open("Checkout fails").id

    async def story() -> None:
        many = [readers.reader(incident_id) for _ in range(50)]
        await until(lambda: all(one.waiting for one in many))
        readers.rendered.clear()
        readers.usecases.documents.new(incident_id, "Notes")
        await until(lambda: readers.rendered)
        await asyncio.sleep(0.2)
        assert readers.rendered == [(incident_id, "local")]

    readers.run(story())


def test_what_changes_in_another_incident_is_nobody_elses_news(readers: Readers) -> None:
    one, other = (readers.usecases.incidents.open(title).id for title in ("Checkout fails", "Search is slow"))

    async def story() -> None:
        watcher = readers.reader(one)
        await until(lambda: told(watcher))
        readers.usecases.documents.new(other, "Notes")
        await asyncio.sleep(0.2)
        assert told(watcher) == []

    readers.run(story())


def test_a_page_that_is_older_than_the_last_change_is_told_to_read_all(readers: Readers) -> None:
    watching = readers.usecases.watching
    incident_id = readers.usecases.incidents.open("Checkout fails").id
    seen, missed = watching.begin(incident_id)
    assert missed
    assert watching.begin(incident_id, seen) == (seen, False)
    readers.usecases.incidents.open("Another")
    assert not watching.begin(incident_id, seen)[1]
    readers.usecases.documents.new(incident_id, "Notes")
    assert watching.begin(incident_id, seen)[1]
    assert watching.begin(incident_id, seen + 10**9)[1]


def test_everything_that_belongs_to_an_incident_is_found_from_the_journal(readers: Readers) -> None:
    usecases = readers.usecases
    incident = usecases.incidents.open("Checkout fails")
    after, _ = usecases.watching.begin(incident.id)
    promise = usecases.promising.add("call the shops", None, made_to="Ines", incident_id=incident.id)
    message = usecases.messaging.record("Checkout fails. Next update 11:20 UTC.", incident_id=incident.id)
    usecases.drafting.new("private words", incident_id=incident.id)
    about = usecases.watching.since(after).about[incident.id]
    assert {f"promise/{promise.promise.id}", f"message/{message.id}"} <= about
    assert not [subject for subject in about if subject.startswith("draft/")]


def people(store: Store, clock: FixedClock) -> None:
    now = clock.now()
    with store.writing() as connection:
        rows = [{"name": name, "display": name, "role": role, "created_at": now} for name, role in (("ana", "owner"), ("cem", "reader"))]
        connection.execute(person.insert(), rows)
        own = {"id": "s1", "person": "cem", "token_sha256": "x", "created_at": now, "seen_at": now, "expires_at": now.replace(year=2027)}
        connection.execute(session.insert(), own)


def test_people_of_another_role_get_a_rendering_of_their_own(readers: Readers, store: Store) -> None:
    incident_id = readers.usecases.incidents.open("Checkout fails").id
    people(store, FixedClock())

    async def story() -> None:
        many = [readers.reader(incident_id, name) for name in ("ana", "cem", "cem")]
        await until(lambda: all(one.waiting for one in many) and len(readers.rendered) >= 2)
        assert sorted(readers.rendered[:2]) == [(incident_id, "ana"), (incident_id, "cem")]

    readers.run(story())


def test_where_the_page_may_name_a_private_incident_everybody_has_their_own(readers: Readers, store: Store) -> None:
    first = readers.usecases.incidents.open("Checkout fails").id
    alone = readers.usecases.incidents.open("Search is slow").id
    chained = readers.usecases.incidents.open("The fix broke refunds", follows=first).id
    people(store, FixedClock())
    names, watching = {"ana", "cem", "nobody"}, readers.usecases.watching
    by_role = {"ana": "owner", "cem": "reader"}
    assert watching.views(chained, names, ())[0] == by_role
    with store.writing() as connection:
        connection.execute(incident.update().where(incident.c.id == first).values(visibility="private"))
    assert watching.views(alone, names, ())[0] == by_role
    assert watching.views(chained, names, ())[0] == {"ana": "owner ana", "cem": "reader cem"}
    assert watching.views(first, names, ())[0] == {}
    with pytest.raises(NotFoundError):
        watching.begin(first, by="cem")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE session SET revoked_at = '2026-03-04T10:00:00.000000+00:00'",
        "UPDATE person SET disabled_at = '2026-03-04T10:00:00.000000+00:00' WHERE name = 'cem'",
        "UPDATE incident SET visibility = 'private'",
    ],
    ids=["the session ends", "the account ends", "the incident becomes private"],
)
def test_who_may_not_see_it_any_more_is_let_go(readers: Readers, store: Store, statement: str) -> None:
    incident_id = readers.usecases.incidents.open("Checkout fails").id
    people(store, FixedClock())

    async def story() -> None:
        watcher = readers.reader(incident_id, "cem", of="s1")
        await until(lambda: told(watcher))
        with store.writing() as connection:
            connection.exec_driver_sql(statement)
        await until(lambda: watcher.ended)
        assert told(watcher) == [("gone", [])]

    readers.run(story())


def test_a_reader_who_takes_nothing_is_let_go_and_the_others_are_not_held_up(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "MOST_WAITING", 3)
    incident_id = readers.usecases.incidents.open("Checkout fails").id

    async def story() -> None:
        slow, quick = readers.reader(incident_id), readers.reader(incident_id)
        for number in range(6):
            readers.usecases.documents.new(incident_id, f"Notes {number}")
            await until(lambda: told(quick))
        assert slow.ended
        assert not quick.ended

    readers.run(story())


def test_one_person_has_so_many_streams_and_the_oldest_ends(readers: Readers, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "MOST_STREAMS", 2)
    incident_id = readers.usecases.incidents.open("Checkout fails").id
    people(store, FixedClock())

    async def story() -> None:
        first, *others = [readers.reader(incident_id, "cem", of="s1") for _ in range(3)]
        assert first.ended
        assert told(first)[-1] == ("full", [])
        assert not any(one.ended for one in others)

    readers.run(story())


def test_who_is_here_is_told_by_name_and_forgotten_after_a_while(readers: Readers, store: Store) -> None:
    incident_id = readers.usecases.incidents.open("Checkout fails").id
    people(store, FixedClock())

    def here(watcher: Watcher) -> Any:
        lines = b"".join(one.plain for one in watcher.waiting).decode().splitlines()
        named = [json.loads(line[6:]) for before, line in pairwise(lines) if before == "event: here"]
        return named[-1] if named else None

    async def story() -> None:
        ana = readers.reader(incident_id, "ana")
        cem = readers.reader(incident_id, "cem", at="DOC")
        both = [{"person": "ana", "at": ""}, {"person": "cem", "at": "DOC"}]
        await until(lambda: here(ana) == both)
        readers.hub.leave(cem)
        await until(lambda: here(ana) == both[:1])

    readers.run(story())


def test_nothing_is_asked_of_the_store_when_nobody_watches(readers: Readers) -> None:
    incident_id = readers.usecases.incidents.open("Checkout fails").id

    async def story() -> None:
        watcher = readers.reader(incident_id)
        readers.hub.leave(watcher)
        task = readers.hub._task
        assert task is not None
        await asyncio.wait_for(task, READ_S)
        assert readers.hub.watched == 0

    readers.run(story())


class Served(uvicorn.Server):
    """What `amends start` does when it is stopped."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        wiring.stopping.begun = True
        await super().shutdown(sockets)


def test_a_stream_over_the_wire_begins_with_what_was_missed_and_does_not_hold_up_the_end(
    usecases: UseCases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring.stopping, "begun", False, raising=False)
    incident_id = usecases.incidents.open("Checkout fails").id
    listener = socket.create_server(("127.0.0.1", 0))
    server = Served(uvicorn.Config(asgi.compose(usecases, Limits(per_second=0)), log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/incidents/{incident_id}/live"
    try:
        with urllib.request.urlopen(f"{address}?after=0", timeout=READ_S) as stream:
            assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert [stream.readline() for _ in range(2)] == [b"retry: 2000\n", b"\n"]
            assert stream.readline() == b"event: changed\n"
            began = time.monotonic()
            server.should_exit = True
            stream.read()
        thread.join(READ_S)
        assert not thread.is_alive()
        assert time.monotonic() - began < READ_S
    finally:
        server.should_exit = True
        thread.join(READ_S)
        monkeypatch.setattr(wiring.stopping, "begun", False)


def test_events_are_packed_once_and_fit_into_any_stream_of_gzip() -> None:
    some = [event("parts", {"story": "<li>Checkout fails</li>" * 200}, 7), event("here", []), event("changed", {"subjects": []}, 8)]
    for events in (some, some[::-1], some * 3):
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        got = [unpacker.decompress(piece) for piece in (GZIP_HEAD, *(one.packed for one in events))]
        assert got == [b"", *(one.plain for one in events)], "each arrives whole with its own piece"
    assert len(some[0].packed) < len(some[0].plain) / 10


def test_parts_are_cut_out_of_a_page_whole() -> None:
    inner = '<div data-live-part="two"><div>a</div><section>b</section></div>'
    page = f'<main><section id="x" data-live-part="one"><section>1</section>&lt;section&gt;</section>{inner}<div>c</div></main>'
    assert cut(page) == {"one": page[6 : page.index("<div data")], "two": inner}


def test_there_is_no_stream_of_what_is_not_there(client: Any) -> None:
    assert client.get("/incidents/nowhere/live").status_code == 404
