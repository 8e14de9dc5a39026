"""Durable jobs, by DBOS: a delivery that was begun is taken up again when the worker starts after a crash.

The rows of reminders are the truth (`usecases.due`): they say what is due and who has it, so that losing every job loses nothing. DBOS
adds that an interrupted delivery is resumed at the start, without waiting to be looked for, and that deliveries run beside each other
within limits. Its own tables lie in a file beside a SQLite store, and in the schema `dbos` of a PostgreSQL one.

It is told to keep to itself: no address of its maker's console in the log, no administration port, no measurements sent anywhere, its
records as JSON and not as pickles, and one fixed version, because it resumes nothing of another one.
"""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dbos import WorkflowHandle

logger = logging.getLogger("amends")

VERSION = "1"
"""Raised when a job of the version before cannot be resumed by this code."""

AT_ONCE = 4
"""Deliveries that run at the same time; a channel that hangs must not hold up the others."""

_FINISH_S = 35
"""How long a stop waits for deliveries on their way: a little longer than the longest delivery."""


class JobsError(Exception):
    """The job engine cannot start: its database does not take its tables, or was written by a newer one."""


class Jobs:
    """Runs deliveries as durable workflows, until it is closed. One in each process: DBOS knows one instance only."""

    def __init__(self, deliver: Callable[[str], str]) -> None:
        self._deliver = deliver
        self._running: dict[str, WorkflowHandle[str]] = {}
        self._room = threading.Semaphore(AT_ONCE)

    def start(self, reminder_id: str, tries: int) -> None:
        """Deliver a reminder, unless this very try of it is under way. Returns at once; waits only when too many are."""
        name = f"{reminder_id}-{tries}"
        if name in self._running:
            return
        with SetWorkflowID(name):
            self._running[name] = DBOS.start_workflow(_delivery, reminder_id)

    def tidy(self) -> None:
        """Forget the jobs that are done, here and in the engine's tables, which would grow for ever otherwise."""
        done = [name for name, handle in self._running.items() if handle.get_status().status not in ("PENDING", "ENQUEUED")]
        if done:
            DBOS.delete_workflows(done)
            for name in done:
                del self._running[name]

    def deliver(self, reminder_id: str) -> str:
        """Deliver one, when there is room."""
        with self._room:
            return self._deliver(reminder_id)


def _forget_finished() -> None:
    """Jobs that ended before a crash, and were not tidied away any more."""
    done = [one.workflow_id for one in DBOS.list_workflows(status=["SUCCESS", "ERROR"], load_input=False, load_output=False)]
    if done:
        DBOS.delete_workflows(done)


_current: Jobs | None = None


@DBOS.workflow(name="deliver")
def _delivery(reminder_id: str) -> str:
    return _handed_over(reminder_id)


@DBOS.step(name="hand over")
def _handed_over(reminder_id: str) -> str:
    assert _current is not None, "deliveries run while jobs are open"
    return _current.deliver(reminder_id)


@contextmanager
def open_jobs(url: str, deliver: Callable[[str], str]) -> Iterator[Jobs]:
    """Start the engine, resume what a crash interrupted, and stop it at the end of the block, after what is on its way."""
    global _current
    config: DBOSConfig = {
        "name": "amends",
        "system_database_url": url,
        "application_version": VERSION,
        "executor_id": "amends",
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "WARNING",
        "enable_otlp": False,
        "conductor_key": None,
    }
    DBOS(config=config)
    _current = jobs = Jobs(deliver)
    try:
        try:
            DBOS.launch()
        except Exception as error:
            raise JobsError(str(error).partition("\n")[0][:200] or type(error).__name__) from error
        _forget_finished()
        yield jobs
    finally:
        DBOS.destroy(workflow_completion_timeout_sec=_FINISH_S)
        _current = None
