"""Does one long piece of work in a process of its own, so that its memory goes when it ends and its crash takes nobody along.

Reading evidence brings libraries of a hundred megabytes; a server that stays up for months should not keep them for one reading.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
from contextlib import suppress
from multiprocessing.util import Finalize
from threading import Event
from typing import TYPE_CHECKING, Any, TypeVar

from amends.core.errors import AmendsError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    Tell = Callable[[int, int], None]

Made = TypeVar("Made")


class ApartError(AmendsError):
    """What was done in a process of its own failed there, or its process died."""

    code = "apart"


def apart(work: Callable[..., Made], arguments: tuple[object, ...], tell: Tell) -> Made:
    """What `work(*arguments, tell)` gives, done in a process of its own. Function, arguments and result must travel.

    `tell` is called here with what is called there; where it raises, the process is ended. Raises ApartError with the words of what went
    wrong there.
    """
    spawning = multiprocessing.get_context("spawn")  # a server has threads, and a fork copies what they hold
    here, there = spawning.Pipe(duplex=False)
    process = spawning.Process(target=_work, args=(there, work, arguments), name="amends-reading")
    process.start()
    there.close()
    stopping = Event()

    def stop() -> None:
        stopping.set()
        process.terminate()

    at_end = Finalize(None, stop, exitpriority=1)  # a server that stops waits for no reading
    try:
        while True:
            kind, *said = here.recv()
            if kind == "told":
                tell(*said)
            elif kind == "made":
                made: Made = said[0]
                return made
            else:
                raise ApartError(said[0], hint=said[1])
    except EOFError:
        if stopping.is_set():
            raise SystemExit from None  # the thread that waits ends, and says nothing of a reading that was interrupted
        raise ApartError("the process that read the evidence died", hint="read it again; if it dies again, try each source alone") from None
    finally:
        at_end.cancel()
        if process.is_alive():
            process.terminate()
        process.join()
        here.close()


def _work(there: Connection, work: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this process
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # so that the workers of this process end with it
    with suppress(BrokenPipeError):  # nobody waits for the answer any more
        try:
            answer: tuple[object, ...] = ("made", work(*arguments, lambda done, total: there.send(("told", done, total))))
        except AmendsError as error:
            answer = ("failed", error.message, error.hint)
        there.send(answer)
