"""Who told whom first, and how long it took until somebody was told honestly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.incidents.event import standing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from amends.core.incident import Incident, SentMessage
    from amends.incidents.event import IncidentEvent
    from amends.language.records import Document

_KNOWN = ("impact", "constraint")
_DISHONEST = ("blame", "deflection", "minimizing", "spin", "overclaim")


@dataclass(frozen=True, slots=True)
class Firsts:
    """The first moments of an incident, None where nobody wrote them down.

    `began` is when it started, `detected` when somebody noticed; `found_by` is us or others. `told` is the first message to anybody and
    `honest` the first honest one; `seconds_to_told` and `seconds_to_honest` count from the beginning.
    """

    began: datetime
    detected: datetime | None
    found_by: str | None
    told: SentMessage | None
    honest: SentMessage | None

    @property
    def seconds_to_told(self) -> int | None:
        """From the beginning to the first message."""
        return None if self.told is None else max(0, int((self.told.sent_at - self.began).total_seconds()))

    @property
    def seconds_to_honest(self) -> int | None:
        """From the beginning to the first honest status: the figure that a team can be proud of."""
        return None if self.honest is None else max(0, int((self.honest.sent_at - self.began).total_seconds()))


def is_honest(document: Document) -> bool:
    """Whether a message says what happened and whom it hit, or what is not known, and neither blames, belittles nor overclaims.

    The measure is ours: what a reader needs to plan by, without what would have to be taken back.
    """
    said = {label.move for sentence in document.sentences for label in sentence.moves}
    flaws = {label.flaw for sentence in document.sentences for label in sentence.flaws}
    return "fact" in said and bool(said.intersection(_KNOWN)) and not flaws.intersection(_DISHONEST)


def firsts(
    incident: Incident, events: tuple[IncidentEvent, ...], messages: tuple[SentMessage, ...], check: Callable[[SentMessage], Document]
) -> Firsts:
    """The first moments of an incident; `check` reads a message with our own engine, in the order in which they were sent."""
    impact, detected = standing(events, "milestone", "impact-began"), standing(events, "milestone", "detected")
    sent = sorted(messages, key=lambda message: (message.sent_at, message.id))
    return Firsts(
        impact[0].at if impact else incident.started_at,
        detected[0].at if detected else None,
        detected[0].value if detected else None,
        sent[0] if sent else None,
        next((message for message in sent if is_honest(check(message))), None),
    )
