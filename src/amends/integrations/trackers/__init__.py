"""Trackers: where a team keeps its tickets. One small protocol for all kinds: make a ticket, and read how it stands.

A tracker is given one ticket at a time and either makes it or says why not. It decides nothing: which action item becomes a ticket, and
what a closed one means, is the business of `usecases.tracking`. It knows neither clock nor environment.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A ticket to be made. `body` are paragraphs of plain text.

    `marker` stands in it and names it to us, so that a second try finds the first one; `since` is no later than that first try.
    """

    title: str
    body: tuple[str, ...]
    marker: str
    since: datetime
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket that there is: how the tracker names it, its address for people, and whether it was there before."""

    ref: str
    url: str
    found: bool = False


@dataclass(frozen=True, slots=True)
class TicketState:
    """How a ticket stands: open or closed, in the tracker's own words where it has more to say, for whom, and due on which day."""

    is_open: bool
    words: str | None
    owner: str | None
    due: date | None
    updated_at: datetime | None
    url: str


class Tracker(ABC):
    """One configured tracker. `name` is that of the project file."""

    def __init__(self, name: str, labels: tuple[str, ...] = ()) -> None:
        self.name = name
        self.labels = labels

    def create(self, ticket: NewTicket) -> Ticket:
        """Make a ticket, or find the one that an earlier try made. Raises OutsideError.

        The list of tickets is asked for the marker first; making one is tried once only, because nobody can tell whether a try that broke
        off had arrived. Call again: what had arrived is found.
        """
        return self.find(ticket) or self.make(ticket)

    @abstractmethod
    def find(self, ticket: NewTicket) -> Ticket | None:
        """The ticket that carries the marker, None where there is none. Raises OutsideError."""

    @abstractmethod
    def make(self, ticket: NewTicket) -> Ticket:
        """Make a ticket, whether there is one or not. Raises OutsideError."""

    @abstractmethod
    def read(self, ref: str) -> TicketState:
        """How a ticket stands. Raises OutsideError."""
