"""A count on standard error for work that takes longer than a second, when somebody is there to see it."""

from __future__ import annotations

import sys

from amends import wiring


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
