"""Where units of work are done: in this process, in several of this machine, or on a Dask cluster. All give the same results.

Tasks are handed in one by one and come back in any order, so that what follows from the first may be handed in later. A task must be safe
to do twice: a worker that dies takes its task with it, and another does it again.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Callable


class WorkerDiedError(Exception):
    """A worker died on a task, and again on it alone: too little memory, or a fault in a library."""


@dataclass(frozen=True, slots=True)
class Task:
    """A call to be made anywhere, under a tag by which the caller knows its result."""

    tag: Any
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What a task gave: its value, or the error that it raised."""

    tag: Any
    value: Any = None
    error: Exception | None = None


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Engine(Protocol):
    """Does tasks. `width` is how many it should have in hand to be busy."""

    width: int

    def __enter__(self) -> Self: ...

    def __exit__(self, *problem: object) -> None: ...

    def submit(self, task: Task) -> None:
        """Hand a task in."""

    def next(self) -> Result:
        """The next result, waited for. Only while tasks are in hand."""


class Here:
    """Does each task in this process when its result is asked for."""

    width = 1

    def __init__(self) -> None:
        self._tasks: deque[Task] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self._tasks.clear()

    def submit(self, task: Task) -> None:
        """Hand a task in."""
        self._tasks.append(task)

    def next(self) -> Result:
        """Do the task that waits longest."""
        task = self._tasks.popleft()
        try:
            return Result(task.tag, task.function(*task.arguments))
        except Exception as error:  # noqa: BLE001  # whatever it is belongs to the caller
            return Result(task.tag, error=error)


class Pool:
    """Does tasks in processes of this machine. `alone` says that this process has no other thread, so that it may be forked."""

    def __init__(self, workers: int, *, alone: bool = False) -> None:
        self.width = 2 * workers
        self._may_fork = alone and sys.platform == "linux"
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None
        self._tasks: dict[Future[Any], Task] = {}
        self._alone: deque[Task] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self._end(abort=any(problem))

    def submit(self, task: Task) -> None:
        """Hand a task in."""
        try:
            self._tasks[self._executor().submit(task.function, *task.arguments)] = task
        except BrokenProcessPool:
            self._broken([task])

    def next(self) -> Result:
        """The next result; a task on which workers died is done again, alone, so that the others are not lost with it."""
        while self._tasks:
            done, _ = wait(self._tasks, return_when=FIRST_COMPLETED)
            future = next(iter(done))
            task = self._tasks.pop(future)
            error = future.exception()
            if isinstance(error, BrokenProcessPool):
                self._broken([task])
                continue
            if error is not None and not isinstance(error, Exception):
                raise error
            return Result(task.tag, error=error) if error is not None else Result(task.tag, future.result())
        return self._by_itself(self._alone.popleft())

    def _by_itself(self, task: Task) -> Result:
        try:
            return Result(task.tag, self._executor().submit(task.function, *task.arguments).result())
        except BrokenProcessPool:
            self._end(abort=True)
            return Result(task.tag, error=WorkerDiedError("the worker that read it died, twice"))
        except Exception as error:  # noqa: BLE001  # whatever it is belongs to the caller
            return Result(task.tag, error=error)

    def _broken(self, tasks: list[Task]) -> None:
        self._alone.extend([*tasks, *self._tasks.values()])
        self._tasks.clear()
        self._end(abort=True)

    def _executor(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # Forked workers have at once what was imported; with other threads about, or elsewhere than on Linux, it is not safe.
            context = multiprocessing.get_context("fork" if self._may_fork else "spawn")
            self._pool = ProcessPoolExecutor(self._workers, context, initializer=_quiet)
        return self._pool

    def _end(self, *, abort: bool) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        if abort:
            for process in list((getattr(pool, "_processes", None) or {}).values()):
                process.kill()
        pool.shutdown(wait=True, cancel_futures=True)


def _quiet() -> None:
    """Stopping is for the parent to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
