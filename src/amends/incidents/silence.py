"""Silence: people work on an incident, and nobody has been told since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from amends.core.incident import STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.core.incident import Incident, SentMessage

PATIENCE = timedelta(minutes=5)
"""How long work may go on before its silence is worth a word: the time that a first message is given."""

_RESOLVED = STATUSES.index("resolved")


@dataclass(frozen=True, slots=True)
class Silence:
    """Work since an instant that nobody was told of; `count` is how many pieces of it there are, `last` when the last one was."""

    incident_id: str
    since: datetime
    last: datetime
    count: int


def silence(incident: Incident, work: Iterable[datetime], messages: Iterable[SentMessage], now: datetime) -> Silence | None:
    """The work after the last message to anybody, once it is `PATIENCE` old; None while people know, and when the incident is over.

    `work` are the instants of commits, chat, deploys and entries of the record. Work from before the incident is not of it.
    """
    if STATUSES.index(incident.status) >= _RESOLVED or incident.removed_at is not None:
        return None
    told = max((message.sent_at for message in messages), default=None)
    since = sorted(at for at in work if incident.started_at <= at <= now and (told is None or at > told))
    if not since or now - since[0] < PATIENCE:
        return None
    return Silence(incident.id, since[0], since[-1], len(since))
