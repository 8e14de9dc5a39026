"""What the pure rooms take instead of reaching for it: the time, and fresh names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


class Clock(Protocol):
    """Tells the time. The real one is made in `wiring`, a fixed one ships in `amends.testing`."""

    def now(self) -> datetime:
        """The present instant, always with an offset."""
        ...


class Ids(Protocol):
    """Makes identifiers that were never used before, sortable by the time they were made."""

    def new(self) -> str:
        """A fresh identifier of 26 characters, safe in file names and addresses."""
        ...
