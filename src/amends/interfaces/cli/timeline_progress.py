"""How far the reading of evidence is, on a terminal: how much of how much, how fast, and how long it will still take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.usecases.timelining.index import Progress

_SILENT = 0.7
"""Seconds in which nothing is shown: what is done by then needs no progress."""

_STEP = 0.2
"""Seconds between two lines."""


class Shower:
    """Shows progress on one line of a terminal, which it cleans up; nothing elsewhere. `seconds` is a clock that only counts."""

    def __init__(self, stream: TextIO, seconds: Callable[[], float], *, quiet: bool) -> None:
        self._stream = stream
        self._seconds = seconds
        self._wanted = stream.isatty() and not quiet
        self._begun = self._shown = seconds()
        self._width = 0
        self._any = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()
        if kind is KeyboardInterrupt and self._any:
            self._stream.write("amends: stopped; what was read is kept, and the same command goes on from there\n")

    def show(self, progress: Progress) -> None:
        """Tell of some progress."""
        self._any = True
        now = self._seconds()
        if not self._wanted or now - self._begun < _SILENT or now - self._shown < _STEP:
            return
        self._shown = now
        line = told(progress.done, progress.total, now - self._begun)
        self._stream.write("\r" + line.ljust(self._width))
        self._stream.flush()
        self._width = max(self._width, len(line))


def told(done: int, total: int, seconds: float) -> str:
    """What is shown: `reading 45 % of 305 MB, 160 MB/s, 2 s left`."""
    rate = done / seconds if seconds else 0.0
    share = 100 * done // total if total else 0
    left = f", {_duration((total - done) / rate)} left" if rate and total > done else ""
    return f"reading {share} % of {_size(total)}, {_size(int(rate))}/s{left}"


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def _duration(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"
