"""What is done apart in tests: in a module of its own, because a process of its own must be able to import it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

from amends.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    Tell = Callable[[int, int], None]


def counting(to: int, tell: Tell) -> dict[str, int]:
    for number in range(to):
        tell(number, to)
    return {"process": os.getpid()}


def refusing(name: str, _: Tell) -> None:
    raise InputError(f"nothing could be read of {name}", hint="give another file")


def dying(_: Tell) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def endless(folder: str, tell: Tell) -> None:
    (Path(folder) / str(os.getpid())).touch()
    while True:
        tell(0, 0)
        time.sleep(0.01)
