"""What Ctrl+C does to this process: the first is an interrupt that tidies up, the next ends it at once, and neither prints a traceback.

Only the program itself listens so, not a function that a test or another program calls.
"""

from __future__ import annotations

import signal
import sys

from amends.interfaces.cli.failures import INTERRUPTED

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from types import FrameType

_heard = False


def heed() -> None:
    """Listen from now on; where interrupts are ignored, as in the background of a shell, they stay so."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        import atexit

        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)  # the first to register runs last: only Python itself is left then
        signal.signal(signal.SIGINT, _interrupted)


def led_to(error: BaseException) -> bool:
    """Whether an error came while an interrupt was tidied up after: what is half closed then is no news to who pressed the key."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, KeyboardInterrupt):
        seen = seen.__context__
    return seen is not None


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    global _heard  # one process hears its first interrupt once
    if _heard:
        _end()
    _heard = True
    raise KeyboardInterrupt


def _end() -> None:
    """End without waiting for what is tidied up; a worker process that nobody waits for any more must not stay behind."""
    import os

    processes = sys.modules.get("multiprocessing")
    for child in processes.active_children() if processes is not None else ():
        child.terminate()
    os._exit(INTERRUPTED)
