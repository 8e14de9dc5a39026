"""A worker that is killed with no warning, at each of the moments that matter, on both databases: nothing is lost, and only what may
have gone out is sent again, marked as a repeat, under the same id.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from amends.testing import START, FixedClock
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases
from amends.wiring import ids

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_S = 30
WORKER = Path(__file__).with_name("worker.py")
DUE = START + timedelta(hours=1)


class House:
    """A store with one promise due in an hour, and processes that work on it."""

    def __init__(self, url: str, folder: Path) -> None:
        self._environment = {**os.environ, "AMENDS_DATABASE_URL": url, "AMENDS_HOME": str(folder / "home")}
        self._trace = folder / "trace"
        self._processes: list[subprocess.Popen[str]] = []
        from amends.store.engine import open_store

        self._store = open_store(url)
        self.clock = FixedClock()
        self.usecases = UseCases(Checking, lambda: self._store, self.clock, ids())
        self.promise = self.usecases.promising.add("the next update", DUE).promise.id

    def worker(self, mode: str, now: datetime = DUE) -> subprocess.Popen[str]:
        command = [sys.executable, str(WORKER), str(self._trace), now.isoformat(), mode]
        process = subprocess.Popen(command, env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._processes.append(process)
        return process

    def lines(self) -> list[list[str]]:
        return [line.split() for line in self._trace.read_text().splitlines()] if self._trace.exists() else []

    def wait_for(self, what: str, number: int = 1) -> list[list[str]]:
        def found() -> list[list[str]]:
            return [line for line in self.lines() if line[0] == what]

        until = time.monotonic() + PATIENCE_S
        while len(found()) < number:
            assert time.monotonic() < until, f"waited for {number} × {what}, saw {self.lines()}"
            time.sleep(0.02)
        return found()

    def wait_for_state(self, moment: str, state: str) -> None:
        until = time.monotonic() + PATIENCE_S
        while state not in self.states(moment):
            assert time.monotonic() < until, f"waited for {moment} to be {state}, saw {self.usecases.due.of_promise(self.promise)}"
            time.sleep(0.02)

    def states(self, moment: str) -> list[str]:
        return [one.state for one in self.usecases.due.of_promise(self.promise) if one.moment == moment]

    def close(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
        self._store.close()


@pytest.fixture
def house(store_url: str, tmp_path: Path) -> Iterator[House]:
    made = House(store_url, tmp_path)
    yield made
    made.close()


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()  # SIGKILL: no handler, no farewell
    process.wait()


def end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(PATIENCE_S) == 0


def test_killed_between_sending_and_recording_it_is_sent_again_as_a_repeat_under_the_same_id(house: House) -> None:
    first = house.worker("stop-after")
    ((_, reminder, moment, said),) = house.wait_for("sent")
    assert (moment, said) == ("due", "first")
    kill(first)
    assert house.states("due") == ["sending"]
    second = house.worker("run")
    house.wait_for("sent", 2)
    house.wait_for_state("due", "sent")
    end(second)
    assert house.lines() == [["sent", reminder, "due", "first"], ["sent", reminder, "due", "repeat"]]
    (row,) = (one for one in house.usecases.due.of_promise(house.promise) if one.moment == "due")
    assert (row.repeated, row.attempts) == (True, 2)


def test_killed_before_sending_it_is_sent_by_the_next_one(house: House) -> None:
    first = house.worker("stop-before")
    ((_, reminder, *_),) = house.wait_for("waiting")
    kill(first)
    second = house.worker("run")
    assert house.wait_for("sent") == [["sent", reminder, "due", "repeat"]], "nobody can know that it did not go out"
    house.wait_for_state("due", "sent")
    end(second)


def test_killed_before_anything_was_due_nothing_is_lost_and_nothing_is_a_repeat(house: House) -> None:
    first = house.worker("run", START)
    house.wait_for_state("due", "planned")
    kill(first)
    second = house.worker("run")
    assert [line[2:] for line in house.wait_for("sent")] == [["due", "first"]]
    house.wait_for_state("due", "sent")
    end(second)


def test_killed_after_recording_nothing_is_sent_again(house: House) -> None:
    first = house.worker("run")
    house.wait_for_state("due", "sent")
    kill(first)
    again = house.worker("once")
    out, _ = again.communicate(timeout=PATIENCE_S)
    assert "sent=0" in out
    assert len(house.lines()) == 1


def test_a_worker_at_work_is_left_alone_by_another_and_by_cron_even_with_a_clock_days_ahead(house: House) -> None:
    first = house.worker("stop-after")
    ((_, reminder, *_),) = house.wait_for("sent")
    for now in (DUE, DUE - timedelta(days=3), DUE + timedelta(minutes=5)):
        out, _ = house.worker("once", now).communicate(timeout=PATIENCE_S)
        assert "sent=0" in out
    assert [line[1] for line in house.lines()] == [reminder]
    kill(first)
    out, _ = house.worker("once").communicate(timeout=PATIENCE_S)
    assert "sent=1, repeated=1" in out


def test_cron_finishes_what_a_killed_worker_began_and_a_worker_what_cron_began(house: House) -> None:
    kill_me = house.worker("stop-after")
    house.wait_for("sent")
    kill(kill_me)
    out, _ = house.worker("once").communicate(timeout=PATIENCE_S)
    assert "sent=1, repeated=1" in out
    assert [line[3] for line in house.lines()] == ["first", "repeat"]


def test_restarts_in_a_row_send_each_reminder_once(house: House) -> None:
    for now in (START, DUE - timedelta(minutes=10), DUE, DUE + timedelta(minutes=11), DUE + timedelta(minutes=12), DUE):
        out, _ = house.worker("once", now).communicate(timeout=PATIENCE_S)
        assert "repeated=0" in out
    assert [line[2:] for line in house.lines()] == [["before", "first"], ["due", "first"], ["after", "first"]]
