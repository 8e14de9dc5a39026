"""The workbench in a real browser: Debian's Chromium, driven by Playwright, against a server of this test process."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import uvicorn

from amends import asgi, wiring
from amends.interfaces.api.limits import Limits
from amends.testing import FixedClock
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from e2e.page import Workbench

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import NoReturn

    from playwright.sync_api import Browser, BrowserContext

# A page that asks for speech recognition on the device kills a Chromium without a desktop; tests say themselves what there is to hear.
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-features=OnDeviceWebSpeechAvailable"
).split()
NO_BROWSER = "Chromium is not installed (AMENDS_TEST_CHROMIUM can name one)"

NewPage = Callable[..., Workbench]


def chromium() -> str | None:
    """The browser of this machine, None without one; the one without a desktop first, which takes the least time."""
    named = (os.environ.get("AMENDS_TEST_CHROMIUM"), "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next((path for name in named if name and (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser(cannot_run: Callable[[str], NoReturn]) -> Iterator[Browser]:
    """One browser for all tests; each gets a profile of its own."""
    path = chromium()
    if path is None:
        cannot_run(NO_BROWSER)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a workbench whose clock stands at 10:50 UTC on 4 March 2026."""
    folder: Path = tmp_path_factory.mktemp("workbench")
    with served_from(usecases_in(folder, FixedClock())) as made:
        yield made


def usecases_in(folder: Path, clock: FixedClock) -> UseCases:
    """Everything a user can do, over a store in a folder."""
    return UseCases(Checking, lambda: _open_store(folder), clock, wiring.ids(), home=lambda: str(folder))


@contextmanager
def served_from(usecases: UseCases) -> Iterator[str]:
    """A server over `usecases`, by its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = asgi.compose(usecases, Limits(per_second=0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()
    usecases.close()


def _open_store(folder: Path) -> object:
    from amends.store.engine import open_store
    from amends.store.migrate import migrate

    store = open_store(f"sqlite:///{folder / 'amends.sqlite3'}")
    migrate(store)
    return store


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[NewPage]:
    """Opens a page of the workbench in a fresh profile; at the end nothing may have been said to the console but what a test expects."""
    opened: list[tuple[BrowserContext, Workbench]] = []

    def visit(path: str = "/write", *, context: BrowserContext | None = None, **options: object) -> Workbench:
        settings = {"viewport": {"width": 1280, "height": 900}, "timezone_id": "Europe/London", "locale": "en-GB", **options}
        made = context or browser.new_context(base_url=address, **settings)
        workbench = Workbench(made.new_page(), address)
        opened.append((made, workbench))
        workbench.open(path)
        return workbench

    yield visit
    complaints = [line for _, workbench in opened for line in workbench.complaints]
    strangers = [line for _, workbench in opened for line in workbench.strangers]
    for context, _ in opened:
        context.close()
    assert complaints == []
    assert strangers == []
