"""The one ASGI application of a server process: the workbench's pages, the API under `/api/v1`, and the two health addresses.

It stands above the interfaces because they do not know each other and the composition root below them knows none.
Servers load it by name, as is usual: `uvicorn --factory amends.asgi:create`; `amends start` does the same.
"""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from amends import wiring
from amends.core.errors import AmendsError, UsageError
from amends.interfaces.api.app import create_api
from amends.interfaces.api.door import Scoped, is_check, is_described, not_signed_in
from amends.interfaces.api.limits import Limits
from amends.interfaces.door import Door
from amends.interfaces.web.app import create_app
from amends.interfaces.web.security import Fence
from amends.interfaces.web.signing import Reading, is_open, turned_away
from amends.interfaces.worker import Companion

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Any

    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

    from amends.interfaces.web.security import App, Receive, Scope, Send
    from amends.usecases.facade import UseCases

logger = logging.getLogger("amends")
API = "/api/v1"
NO_STORE = {"cache-control": "no-store"}


def create() -> App:
    """The application as the environment and the project file want it. Raises UsageError and InputError where they cannot be read.

    The store is made ready beside it: who only checks need not wait, and a store that fails is told by `/readyz`.
    """
    names = (wiring.environment("AMENDS_ALLOWED_HOSTS") or "").replace(",", " ").split()
    settings = wiring.settings_in(os.getcwd())
    usecases = wiring.open_usecases(settings)
    wiring.elsewhere(settings)  # a secret that is missing is told now, and not to whoever signs in first
    companion = None
    if settings is not None and (settings.channels or settings.trackers):
        companion = Companion(usecases, remind=bool(settings.channels), follow=bool(settings.trackers))
    app = compose(usecases, limits_from_environment(), tuple(names), companion)
    threading.Thread(target=prepare, args=(usecases,), name="amends-store", daemon=True).start()
    return app


def prepare(usecases: UseCases) -> None:
    """Opens the store, migrates it, and puts the sample of the first start into it, whose evidence is then read beside everything else."""
    from amends.usecases.sample import read_sample, seed_sample, tell_sample

    try:
        owner = usecases.people.first_owner()
        sample = seed_sample(usecases, by=owner)
        if sample is not None:
            tell_sample(usecases, sample, by=owner)
            read_sample(usecases, sample, by=owner)
    except AmendsError as error:
        logger.warning("%s; %s", error.message, error.hint)


def compose(usecases: UseCases, limits: Limits = Limits(), hosts: tuple[str, ...] = (), companion: Companion | None = None) -> App:
    """The pages and the API over the same use cases, behind their doors."""
    return enclose(rooms(usecases, limits), usecases, hosts, companion)


def rooms(usecases: UseCases, limits: Limits = Limits()) -> tuple[FastAPI, App]:
    """The pages, and the API: both as they are behind their doors, where nobody asks who comes in."""
    pages = create_app(usecases)
    _add_health(pages, usecases)
    return pages, create_api(usecases, limits)


def enclose(inside: tuple[FastAPI, App], usecases: UseCases, hosts: tuple[str, ...] = (), companion: Companion | None = None) -> App:
    """What `rooms` made, behind the doors and fences of a server.

    Requests are told apart here and not by a mount of the pages: the API then answers for everything below its address, and a check
    passes through no layer that is there for pages.
    """
    pages_app, api_app = inside
    refuse = turned_away(pages_app.state.pages)
    pages = Fence(Door(Reading(pages_app), usecases, refuse, open_to_all=is_open), hosts)
    door = Door(Scoped(api_app), usecases, not_signed_in, open_to_all=is_described, storeless=is_check, takes_tokens=True)
    api = Fence(door, hosts)

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(f"{API}/"):
            await api({**scope, "root_path": scope.get("root_path", "") + API}, receive, send)
        elif scope["type"] == "lifespan" and companion is not None:
            await pages(scope, receive, _accompanied(send, companion))
        else:
            await pages(scope, receive, send)

    return either


def _accompanied(send: Send, companion: Companion) -> Send:
    """The worker begins when the server has begun, so that it delays no page, and ends before the server says that it has."""

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "lifespan.shutdown.complete":
            await run_in_threadpool(companion.stop)
        await send(message)
        if message["type"] == "lifespan.startup.complete":
            companion.start()

    return sending


def _add_health(pages: FastAPI, usecases: UseCases) -> None:
    async def healthz(_: Request) -> Response:
        """Whether this process serves at all."""
        return JSONResponse({"status": "ok"}, headers=NO_STORE)

    async def readyz(_: Request) -> Response:
        """Whether migrations are current and the store answers."""
        for problem in await run_in_threadpool(usecases.readiness.problems):
            return JSONResponse({"status": "not ready", "detail": problem.message, "hint": problem.hint}, 503, NO_STORE)
        return JSONResponse({"status": "ready"}, headers=NO_STORE)

    pages.add_route("/healthz", healthz)
    pages.add_route("/readyz", readyz)


def limits_from_environment() -> Limits:
    """`AMENDS_RATE_LIMIT` is requests a second for each client, or `off`; `AMENDS_MAX_BYTES` the largest request body."""
    usual = Limits()
    rate = wiring.environment("AMENDS_RATE_LIMIT")
    largest = wiring.environment("AMENDS_MAX_BYTES")
    per_second = 0.0 if rate == "off" else _number("AMENDS_RATE_LIMIT", rate, usual.per_second)
    max_bytes = int(_number("AMENDS_MAX_BYTES", largest, usual.max_bytes))
    return Limits(max_bytes=max_bytes, per_second=per_second, burst=max(1, int(2 * per_second)))


def _number(name: str, given: str | None, usual: float) -> float:
    if not given:
        return usual
    try:
        number = float(given)
    except ValueError:
        number = -1.0
    if not 0 < number < float("inf"):
        raise UsageError(f"{name} is {given[:40]!r}, which is no number above 0", hint="write a number, or for the rate limit: off")
    return number
