"""Pages that stay live: one stream of server-sent events for each reader of an incident.

The page of the incident is rendered once for all readers who see the same, and what is different in it now is sent to each of them, part by
part; docs/decisions/0019 has the measurements behind this. A reader who is slow, or whose stream breaks, comes back by themselves and says
which change they know of; everything that they missed is then in the parts they get.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response

from amends.core.people import SESSION, SIGNED_IN
from amends.interfaces.web.given import who
from amends.interfaces.web.hub import Event, Hub, Watcher, wired

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope, Send

    from amends.interfaces.web.hub import Parts
    from amends.usecases.facade import UseCases

HEARTBEAT_S = 15.0
"""How often something is sent although nothing happened, so that a stream whose reader is gone is found out."""

SLOW_S = 20.0
"""How long one event may take to be taken by a reader's network."""

BACK_MS = 2000
"""After how long a browser comes back when a stream ends."""

LONGEST_NUMBER = 16
"""Digits of the number of a change that is believed."""

GZIP_HEAD = bytes([31, 139, 8, 0, 0, 0, 0, 0, 0, 255])
"""How a gzip stream begins (RFC 1952, section 2.3); its pieces are those of `Event.packed`, and it ends when somebody hangs up."""

HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"vary", b"accept-encoding"),
    (b"x-accel-buffering", b"no"),
)


STILL_HERE = wired(b": still here\n\n")
_PART = re.compile(r'<([a-z]+)[^<>]* data-live-part="([a-z-]+)"')
"""Where a part of a page begins that can be sent alone."""


class Live:
    """The address of the stream of an incident, whose page `page` answers; without it readers are only told that something changed."""

    def __init__(self, usecases: UseCases, page: Callable[[Request, str], Response] | None = None) -> None:
        self._usecases = usecases
        self.hub = Hub(usecases, parts_of(page) if page is not None else None)

    def router(self) -> APIRouter:
        """The route, which does not belong to the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/incidents/{incident_id}/live", self.live, methods=["GET"])
        return router

    async def live(self, request: Request, incident_id: str, after: str = "", at: str = "", parts: str = "") -> Response:
        """What changes in an incident from now on; `after` is the last change that the page knows of, `at` the document they write in.

        Where `parts` is `no`, and in a document, it is only told that something changed.
        """
        by = who(request)
        said = request.headers.get("last-event-id") or after
        seen = int(said) if said.isdecimal() and len(said) < LONGEST_NUMBER else None
        head, missed = await run_in_threadpool(lambda: self._usecases.watching.begin(incident_id, seen, by=by))
        watcher = Watcher(incident_id, by, request.scope.get(SESSION), at[:40], parts=not at and parts != "no")
        return Stream(self.hub, watcher, head, missed=missed)


class Stream(Response):
    """An answer that lasts until its reader goes, may not see it any more, or takes too long."""

    def __init__(self, hub: Hub, watcher: Watcher, head: int, *, missed: bool) -> None:
        super().__init__()
        self._hub = hub
        self._watcher = watcher
        self._head = head
        self._missed = missed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends events as they come."""
        packs = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        more = [(b"content-encoding", b"gzip")] if packs else []
        await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, *more]})
        self._hub.join(self._watcher, self._head, missed=self._missed)
        gone = asyncio.ensure_future(_gone(receive))
        try:
            if packs:
                await self._send(send, GZIP_HEAD)
            events = [wired(b"retry: %d\n\n" % BACK_MS)]
            while events and not gone.done():
                await self._send(send, b"".join(one.packed if packs else one.plain for one in events))
                events = await self._next(gone)
            if not gone.done():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            pass  # the reader's network takes nothing; the server closes the connection, and the browser comes back
        finally:
            self._hub.leave(self._watcher)
            gone.cancel()

    async def _next(self, gone: asyncio.Future[None]) -> list[Event]:
        """What to send next, nothing when the stream is over."""
        watcher = self._watcher
        if not watcher.waiting and not watcher.ended:
            woken = asyncio.ensure_future(watcher.wake.wait())
            either: set[asyncio.Future[Any]] = {woken, gone}
            await asyncio.wait(either, timeout=HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED)
            woken.cancel()
        watcher.wake.clear()
        events, watcher.waiting = watcher.waiting, []
        over = watcher.ended or gone.done()
        return events if events or over else [STILL_HERE]

    async def _send(self, send: Send, chunk: bytes) -> None:
        await asyncio.wait_for(send({"type": "http.response.body", "body": chunk, "more_body": True}), SLOW_S)


def parts_of(page: Callable[[Request, str], Response]) -> Parts:
    """What renders the live parts of the page of an incident as somebody sees it, by name."""

    def parts(incident_id: str, by: str) -> dict[str, str]:
        scope = {"type": "http", "method": "GET", "path": f"/incidents/{incident_id}", "query_string": b"", "headers": [], SIGNED_IN: by}
        return cut(bytes(page(Request(scope), incident_id).body).decode())

    return parts


def cut(html: str) -> dict[str, str]:
    """The live parts of a page of ours, by name. In what our templates write, `<` stands in no text and no attribute."""
    found = {}
    for begins in _PART.finditer(html):
        depth = 0
        for tag in re.finditer(rf"<(/?){begins[1]}\b", html[begins.start() :]):
            depth += -1 if tag[1] else 1
            if not depth:
                end = html.index(">", begins.start() + tag.end()) + 1
                found[begins[2]] = html[begins.start() : end]
                break
    return found


async def _gone(receive: Receive) -> None:
    """Returns when the reader closes the connection."""
    with suppress(asyncio.CancelledError):
        while (await receive())["type"] != "http.disconnect":
            pass
