"""The workbench and its API in process, over a store in memory and a clock that stands still."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any

from starlette.testclient import TestClient

from amends import asgi
from amends.core.people import SIGNED_IN
from amends.interfaces.api.limits import Limits
from amends.testing import CountingIds, FixedClock, memory_store, memory_usecases
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI

    from amends.core.ports import Clock
    from amends.interfaces.web.security import App, Receive, Scope, Send
    from amends.store.engine import Store

UNLIMITED = Limits(per_second=0)
_served: ContextVar[UseCases] = ContextVar("_served")


class Through:
    """Stands for an object that each request has one of its own of: whatever is asked of it is asked of that one."""

    def __init__(self, of: Callable[[], Any]) -> None:
        self._of = of

    def __getattr__(self, name: str) -> Any:
        return getattr(self._of(), name)


def application(usecases: UseCases, hosts: tuple[str, ...] = ()) -> App:
    """What `asgi.compose` makes of the use cases, without a limit, in a hundredth of the time.

    The routes and templates are the same for all, and are made once in a process; doors and fences, which remember whom they met, are
    made anew. The hub of live pages is shared: what tests it composes an application of its own.
    """
    inner = asgi.enclose(_rooms(), usecases, hosts)

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        _served.set(usecases)
        await inner(scope, receive, send)

    return served


def bare_api(usecases: UseCases, signed_in: Callable[[], str | None]) -> App:
    """The API without its door, asked by whom `signed_in` names; None is the one person of a workspace without accounts."""
    _, inner = _rooms()

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        _served.set(usecases)
        if (person := signed_in()) is not None:
            scope[SIGNED_IN] = person
        await inner(scope, receive, send)

    return served


@cache
def _rooms() -> tuple[FastAPI, App]:
    usecases: Any = Through(_served.get)
    # What the rooms keep for themselves when they are made. Asked of the use cases, it would be kept from one test to the next.
    for part in ("checking", "clock", "ids"):
        setattr(usecases, part, Through(lambda part=part: getattr(_served.get(), part)))
    before = _served.set(memory_usecases())
    made = asgi.rooms(usecases, UNLIMITED)
    _served.reset(before)
    return made


@contextmanager
def served(
    limits: Limits = UNLIMITED,
    clock: Clock | None = None,
    open_store: Callable[[], Store] = memory_store,
    hosts: tuple[str, ...] = (),
    address: str = "http://testserver",
) -> Iterator[TestClient]:
    """A client of the whole application; errors of ours come back as answers, as a browser would see them."""
    usecases = UseCases(Checking, open_store, clock or FixedClock(), CountingIds())
    app = application(usecases, hosts) if limits == UNLIMITED else asgi.compose(usecases, limits, hosts)
    with TestClient(app, base_url=address, follow_redirects=False, raise_server_exceptions=False) as client:
        yield client
    usecases.close()
