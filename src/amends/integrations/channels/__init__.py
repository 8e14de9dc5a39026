"""Ways to reach a person: each kind is a folder with its sender and an example of what it sends, which is a test.

A sender is given one notice (a reminder) or one letter (a message about an incident) at a time and either hands it over or says why not.
It decides nothing: when, to whom and how often are the business of `usecases.due` and `usecases.posting`. It knows neither clock nor
environment.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

TIMEOUT_S = 10
"""How long a sender waits for each answer of the other side."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A reminder on its way to a person.

    `id` is the same for every try and names the reminder to the other side. `subject` is what it is about: `promise/ID`, `draft/ID`,
    `action/ID`, `review/ID`, `follow-up/RUN/ID` or `wave/INCIDENT/WAVE/STEP`. `to` is the person, `step` what they have to do
    (`promises.promise.Standing.step`, `send`, `finish`, `review`, `follow-up`, `open-wave` or `close-wave`). `words` are None where they
    are private and others read the channel, and always for a draft. `repeated` says that this may have arrived before. `at` is when it is
    sent; `tz` the zone in which times are told; `link` leads to the page where it can be seen to.
    """

    id: str
    subject: str
    moment: str
    step: str
    to: str
    words: str | None
    due: datetime
    tz: str
    at: datetime
    repeated: bool = False
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A message about an incident on its way to one of those who must be told.

    `id` is the same for every try, so that the other side can drop what it has already. `to` is the name of who is told and `address`
    their mailbox, None where nobody wrote one down. `subject` is one line, `text` what people wrote, as they wrote it. `link` leads to
    the page where the reader says that they have read it.
    """

    id: str
    message_id: str
    to: str
    address: str | None
    audience: str
    subject: str
    text: str
    at: datetime
    link: str | None = None


class Channel(ABC):
    """One configured way to reach people. `person` is whose it is; None where several read it."""

    def __init__(self, name: str, person: str | None = None) -> None:
        self.name = name
        self.person = person

    def serves(self, person: str) -> bool:
        """Whether reminders for a person go here."""
        return self.person in (None, person)

    def is_of(self, person: str) -> bool:
        """Whether nobody but this person reads what is sent here for them; to others, private promises are shown without their words."""
        return self.person == person

    @abstractmethod
    def send(self, notice: Notice) -> None:
        """Hand a notice over. Raises ChannelError."""

    def post(self, letter: Letter) -> None:
        """Hand a message over. Raises ChannelError; a channel that can only remind refuses every message."""
        raise ChannelError(f"the channel {self.name} carries reminders only, and not the message to {letter.to[:100]}", retry=False)


class ChannelError(Exception):
    """A notice or a letter could not be handed over.

    `retry` says whether the same thing may succeed later; `uncertain` that it may have arrived all the same, so that the next try is a
    repeat.
    """

    def __init__(self, message: str, *, retry: bool, uncertain: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.retry = retry
        self.uncertain = uncertain
