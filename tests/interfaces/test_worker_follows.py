"""The worker follows tickets beside its reminders: now and then, and whatever a tracker does, it goes on."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from amends.integrations.trackers import talk
from amends.interfaces.worker import Companion, follow_until
from amends.testing import FixedClock, memory_store
from amends.testing.trackers import TrackerDouble, tracker_double
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from amends.usecases.tracking import Outside
from amends.wiring import ids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Run = Callable[..., Any]


class Setting:
    """An action item with a ticket, and a worker that may look at it."""

    def __init__(self, double: TrackerDouble) -> None:
        self.double = double
        self.clock = FixedClock()
        outside = Outside({"ours": double.tracker("ours")})
        self.usecases = UseCases(Checking, memory_store, self.clock, ids(), outside=lambda: outside)
        incident = self.usecases.incidents.open("Checkout is down").id
        self.item = self.usecases.acting.propose(incident, "Add a test").item.id
        self.usecases.tracking.push(self.item)

    def said(self) -> str | None:
        said = self.usecases.acting.get(self.item).said
        return said.state if said is not None else None

    def until(self, state: str) -> None:
        end = time.monotonic() + 10
        while self.said() != state:
            assert time.monotonic() < end, "the worker has not followed"
            time.sleep(0.02)


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Setting]:
    monkeypatch.setattr(talk, "PAUSES_S", ())
    with tracker_double("github") as double:
        made = Setting(double)
        yield made
        made.usecases.close()


def test_a_companion_of_the_server_follows_and_ends_with_it(setting: Setting) -> None:
    companion = Companion(setting.usecases, remind=False, follow=True)
    companion.start()
    setting.until("open")
    companion.stop()
    assert not any(thread.name == "amends-worker" for thread in threading.enumerate())


def test_a_tracker_that_fails_is_logged_and_asked_again_later(setting: Setting, caplog: pytest.LogCaptureFixture) -> None:
    setting.double.faults.append("503")
    stop = threading.Event()
    thread = threading.Thread(target=follow_until, args=(stop, setting.usecases, 0.02))
    with caplog.at_level(logging.WARNING, "amends"):
        thread.start()
        end = time.monotonic() + 10
        while not caplog.records:
            assert time.monotonic() < end
            time.sleep(0.02)
        assert "ours cannot answer now (503)" in caplog.text
        setting.double.close()
        setting.clock.advance(minutes=15)
        setting.until("closed")
        stop.set()
        thread.join()


def test_a_worker_of_its_own_needs_something_to_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMENDS_HOME", "home")
    ran = run("work")

    assert ran.status == 2
    assert "no way to remind anybody is set up" in ran.err
