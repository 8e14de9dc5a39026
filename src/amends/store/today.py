"""What goes on in all incidents at once, for the page of today: read in a fixed number of queries, however many incidents there are."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, not_, or_, select

from amends.core.incident import Incident, SentMessage
from amends.incidents.event import IncidentEvent
from amends.incidents.hearing import REACHED
from amends.store.access import shown_to
from amends.store.parts import in_parts
from amends.store.schema import delivery, document, incident, incident_event, message, timeline_version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy import ColumnElement, Connection

NOTE_FORM = "follow-up-note"
REVIEW_KIND = "review"
_EVENT = tuple(column for column in incident_event.c if column.name not in ("salt", "journal_seq"))


def live(connection: Connection, by: str, since: datetime, limit: int) -> tuple[Incident, ...]:
    """Incidents that may still owe something: not reviewed, or begun after `since`; those that somebody may see, the latest first."""
    own = incident.c
    query = select(incident).where(own.removed_at.is_(None), shown_to(by), or_(own.status != "reviewed", own.recorded_at >= since))
    query = query.order_by(own.started_at.desc(), own.id.desc()).limit(limit)
    return tuple(Incident(**row) for row in connection.execute(query).mappings())


def events(connection: Connection, ids: tuple[str, ...]) -> dict[str, tuple[IncidentEvent, ...]]:
    """The record of each incident, in the order in which it was written."""
    found: dict[str, list[IncidentEvent]] = defaultdict(list)
    for part in in_parts(ids):
        query = select(*_EVENT).where(incident_event.c.incident_id.in_(part))
        for row in connection.execute(query.order_by(incident_event.c.recorded_at, incident_event.c.journal_seq)).mappings():
            found[row["incident_id"]].append(IncidentEvent(**row))
    return {name: tuple(one) for name, one in found.items()}


def messages(connection: Connection, ids: tuple[str, ...]) -> dict[str, tuple[SentMessage, ...]]:
    """What was sent about each incident and was not lost on the way, in the order in which it went out.

    Without the texts: nothing here reads them.
    """
    found: dict[str, list[SentMessage]] = defaultdict(list)
    own = message.c
    names = [column.name for column in own if column.name in SentMessage.__dataclass_fields__]
    for part in in_parts(ids):
        query = select(*(own[name] for name in names)).where(own.incident_id.in_(part), _ARRIVED)
        query = query.order_by(own.sent_at, own.id)
        for row in connection.execute(query).mappings():
            found[row["incident_id"]].append(SentMessage(**row, text=""))
    return {name: tuple(one) for name, one in found.items()}


def _was(*what: str) -> ColumnElement[bool]:
    """Whether a delivery of the message to anybody came so far."""
    return exists().where(delivery.c.message_id == message.c.id, delivery.c.what.in_(what))


_ARRIVED = or_(not_(_was("trying")), _was(*REACHED))
"""That a message was not lost on the way; the pure twin is `incidents.hearing.unreached`."""


def done(connection: Connection, ids: tuple[str, ...]) -> dict[str, dict[str, datetime]]:
    """When each incident got what a clock waits for: its first timeline, its follow-up note, its review."""
    found: dict[str, dict[str, datetime]] = defaultdict(dict)
    for part in in_parts(ids):
        for name, query in _firsts(part).items():
            for row in connection.execute(query):
                found[row[0]].setdefault(name, row[1])
    return dict(found)


def newest_versions(connection: Connection, ids: tuple[str, ...]) -> dict[str, int]:
    """The number of the newest timeline of each incident that has one."""
    own = timeline_version.c
    found: dict[str, int] = {}
    for part in in_parts(ids):
        query = select(own.incident_id, func.max(own.number)).where(own.incident_id.in_(part)).group_by(own.incident_id)
        found |= {row[0]: row[1] for row in connection.execute(query)}
    return found


def _firsts(ids: Sequence[str]) -> dict[str, Any]:
    made, sent, text = timeline_version.c, message.c, document.c
    note = select(sent.incident_id, func.min(sent.sent_at)).where(sent.form == NOTE_FORM, _ARRIVED)
    review = select(text.incident_id, func.min(text.created_at)).where(text.removed_at.is_(None), text.kind == REVIEW_KIND)
    return {
        "timeline": select(made.incident_id, func.min(made.made_at)).where(made.incident_id.in_(ids)).group_by(made.incident_id),
        NOTE_FORM: note.where(sent.incident_id.in_(ids)).group_by(sent.incident_id),
        "review": review.where(text.incident_id.in_(ids)).group_by(text.incident_id),
    }
