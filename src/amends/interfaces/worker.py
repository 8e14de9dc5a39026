"""The worker: looks every few seconds what is due, and has it delivered by durable jobs; and follows tickets, now and then.

It looks by a clock that cannot be set; what is due is told by the one that can. So a machine whose clock jumps, or that slept, is only as
late as the next look. Where the job engine cannot start, the worker sends by itself: the rows of the store are enough for that.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from amends import wiring
from amends.core.errors import AmendsError, NeedsExtraError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from amends.usecases.due import Due
    from amends.usecases.facade import UseCases

logger = logging.getLogger("amends")

TICK_S = 5.0
"""How long between two looks. A promise is on time until the end of its minute, so this is soon enough, and costs nothing to speak of."""

INTERRUPTED = 130
"""The status that shells know of what was interrupted."""

NO_CHANNELS = "no way to remind anybody is set up"
NO_CHANNELS_HINT = "add a table [channels.NAME] to amends.toml; docs/how-to/be-reminded.md shows each kind"


def work_until(stop: threading.Event, usecases: UseCases, tick_s: float = TICK_S) -> None:
    """Remind people until `stop` is set; ends when what is on its way has arrived. What a look fails at is logged, and looked at again."""
    due = usecases.due
    with due.working(), _looking(due) as look:
        while True:
            try:
                look()
                usecases.pulses.close_due()
            except AmendsError as error:
                logger.warning("%s; %s", error.message, error.hint)
            except Exception:
                logger.exception("the worker could not look what is due")
            if stop.wait(tick_s):
                return


def follow_until(stop: threading.Event, usecases: UseCases, tick_s: float = TICK_S) -> None:
    """Follow tickets in their turn until `stop` is set; beside the reminders, which must not wait for a tracker that is slow."""
    while True:
        try:
            look = usecases.tracking.follow_in_turn()
            for problem in look.problems if look is not None else ():
                logger.warning("%s; %s", problem.message, problem.hint)
        except AmendsError as error:
            logger.warning("%s; %s", error.message, error.hint)
        except Exception:
            logger.exception("the worker could not follow tickets")
        if stop.wait(tick_s):
            return


@contextmanager
def _looking(due: Due) -> Iterator[Callable[[], None]]:
    """How to look and deliver: through durable jobs, or without them where they cannot be had."""
    from amends.integrations.jobs import JobsError, open_jobs

    try:
        opened = open_jobs(wiring.jobs_url(), due.deliver)
        jobs = opened.__enter__()
    except JobsError as error:
        logger.warning("durable jobs cannot start, so reminders are sent without them: %s", error)

        def look_alone() -> None:
            due.run_once()

        yield look_alone
        return

    def look() -> None:
        due.plan()
        for one in due.to_send():
            jobs.start(one.id, one.attempts)
        jobs.tidy()

    try:
        yield look
    finally:
        opened.__exit__(None, None, None)


class Companion:
    """The worker as threads of a server, which it must not delay: it starts when told and ends with the server.

    `remind` says that there are channels, `follow` that there are trackers.
    """

    def __init__(self, usecases: UseCases, *, remind: bool = True, follow: bool = False) -> None:
        self._stop = threading.Event()
        works = [*([self._remind] if remind else []), *([self._follow] if follow else [])]
        self._threads = [threading.Thread(target=one, args=(usecases,), name="amends-worker", daemon=True) for one in works]

    def start(self) -> None:
        """Begin, in threads of its own."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End, after what is on its way."""
        self._stop.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def _remind(self, usecases: UseCases) -> None:
        try:
            work_until(self._stop, usecases)
        except AmendsError as error:
            logger.warning("nobody is reminded of anything: %s; %s", error.message, error.hint)

    def _follow(self, usecases: UseCases) -> None:
        follow_until(self._stop, usecases)


@click.command()
def work() -> None:
    """Remind people of their promises, and follow tickets, until stopped.

    `amends start` does it too; this is for a machine of its own.
    """
    try:
        usecases = wiring.open_usecases(wiring.settings_in(os.getcwd()))
        names = usecases.due.channels
        trackers = usecases.tracking.names
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("amends"):
            raise
        raise NeedsExtraError("the worker", "server") from error
    if not names and not trackers:
        raise UsageError(NO_CHANNELS, hint=NO_CHANNELS_HINT)
    stop = threading.Event()
    _stop_when_told(stop)
    doing = [f"reminding through {', '.join(names)}"] if names else []
    doing += [f"following the tickets of {', '.join(trackers)}"] if trackers else []
    click.echo(f"{' and '.join(doing)} (Ctrl+C stops it)", err=True)
    following = Companion(usecases, remind=False, follow=bool(trackers))
    following.start()
    try:
        if names:
            work_until(stop, usecases)
        else:
            stop.wait()
    finally:
        following.stop()
        usecases.close()


def _stop_when_told(stop: threading.Event) -> None:
    """End after what is on its way. A second interrupt ends at once: what was on its way is sent again by whoever looks next."""

    def told(number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGINT and stop.is_set():
            os._exit(INTERRUPTED)
        stop.set()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
