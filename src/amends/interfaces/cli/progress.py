"""A word on standard error about work that takes longer than a second, when somebody is there to see it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import Timer

from amends import wiring
from amends.interfaces.cli.terminal import safe, shown_width

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 1.0
"""Seconds of silence that nobody minds."""


class Progress:
    """Counts texts; draws nothing during the first second, without a terminal, or when asked to be quiet."""

    def __init__(self, *, quiet: bool) -> None:
        self._on = sys.stderr.isatty() and not quiet and not sys.stdout.isatty()
        self._clock = wiring.system_clock()
        self._began = self._drawn = self._clock.now()
        self._count = 0

    def step(self) -> None:
        """One more text is done."""
        self._count += 1
        if not self._on:
            return
        now = self._clock.now()
        if (now - self._began).total_seconds() > 1 and (now - self._drawn).total_seconds() > 0.2:
            self._drawn = now
            print(f"\r{self._count} texts checked", end="", file=sys.stderr, flush=True)

    def done(self) -> None:
        """Take the count away again."""
        if self._on and self._drawn != self._began:
            print(f"\r{' ' * 40}\r", end="", file=sys.stderr, flush=True)


@contextmanager
def waiting_for(label: str, size: int, *, quiet: bool, patience: float = PATIENCE) -> Iterator[None]:
    """Says what is being read once it has taken `patience` seconds, and takes the words away when it is done; `size` in characters."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    said = f"reading {safe(label)}, {size:,} characters …"
    timer = Timer(patience, lambda: print(said, end="", file=sys.stderr, flush=True))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        print(f"\r{' ' * shown_width(said)}\r", end="", file=sys.stderr, flush=True)
