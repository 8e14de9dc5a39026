"""A worker in a process of its own, to be killed: the real one, but for a channel that waits for the word to go on.

`python worker.py TRACE NOW MODE` works on the store that the environment names, at the time NOW, and writes what it sends to the file
TRACE, a line each. MODE is `stop-before` (waits before it sends), `stop-after` (waits when it has sent), `run`, or `once` (as from cron).
"""

from __future__ import annotations

import sys
import threading
import time
from datetime import datetime
from pathlib import Path

from amends import wiring
from amends.integrations.channels import Channel, Notice
from amends.interfaces.worker import work_until
from amends.testing import FixedClock
from amends.usecases.checking import Checking
from amends.usecases.due import Reminding
from amends.usecases.facade import UseCases


class Trace(Channel):
    """Writes what it sends to a file, whose length says how far it is."""

    def __init__(self, path: str, mode: str) -> None:
        super().__init__("trace")
        self._path = Path(path)
        self._mode = mode

    def send(self, notice: Notice) -> None:
        if self._mode == "stop-before":
            self._say("waiting", notice)
            time.sleep(600)
        self._say("sent", notice)
        if self._mode == "stop-after":
            time.sleep(600)

    def _say(self, what: str, notice: Notice) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{what} {notice.id} {notice.moment} {'repeat' if notice.repeated else 'first'}\n")


def main(trace: str, now: str, mode: str) -> None:
    clock = FixedClock(datetime.fromisoformat(now))
    channel = Trace(trace, mode)
    usecases = UseCases(Checking, wiring.open_store, clock, wiring.ids(), reminding=lambda: Reminding(channels=(channel,)))
    if mode == "once":
        sys.stdout.write(f"{usecases.due.run_once()}\n")
        return
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    work_until(stop, usecases, tick_s=0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
