"""Units of work on a Dask cluster, for evidence that outgrows one machine.

Workers must see the sources and the folder of parts under the same paths, as on a shared file system; what a worker had in hand when it
died is done by another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from distributed import Client, LocalCluster, as_completed

from amends.core.errors import UsageError
from amends.integrations.evidence.engines import Result, Task

if TYPE_CHECKING:
    from collections.abc import Iterator

RETRIES = 2
"""How often a task is tried again that raised an error because its worker went away."""

_PATIENCE = 10
"""Seconds in which a scheduler must answer."""


class Dask:
    """Does tasks on the cluster of a scheduler's address, or, without one, on workers of this machine that it starts and stops."""

    def __init__(self, address: str | None, workers: int) -> None:
        self._cluster = (
            None if address else LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0", protocol="tcp://")
        )
        try:
            self._client = Client(address or self._cluster, timeout=_PATIENCE, set_as_default=False)
        except OSError as error:
            raise UsageError(f"no Dask scheduler answers at {address}", hint="name one as tcp://host:8786, in AMENDS_DASK") from error
        self.width = 4 * max(1, len(self._client.scheduler_info()["workers"]) or workers)
        self._tasks: dict[Any, Task] = {}
        self._done: Any = as_completed(loop=self._client.loop)
        self._results: Iterator[Any] = iter(self._done)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()

    def submit(self, task: Task) -> None:
        """Hand a task in."""
        future = self._client.submit(task.function, *task.arguments, pure=False, retries=RETRIES)
        self._tasks[future.key] = task
        self._done.add(future)

    def next(self) -> Result:
        """The next result, waited for."""
        future = next(self._results)
        task = self._tasks.pop(future.key)
        error = future.exception()
        return Result(task.tag, error=error) if error is not None else Result(task.tag, future.result())
