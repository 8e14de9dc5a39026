"""The workbench and its API in process, over a store in memory and a clock that stands still."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from starlette.testclient import TestClient

from amends import asgi
from amends.interfaces.api.limits import Limits
from amends.testing import CountingIds, FixedClock, memory_store
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amends.core.ports import Clock
    from amends.store.engine import Store

UNLIMITED = Limits(per_second=0)


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
    app = asgi.compose(usecases, limits, hosts)
    with TestClient(app, base_url=address, follow_redirects=False, raise_server_exceptions=False) as client:
        yield client
    usecases.close()
