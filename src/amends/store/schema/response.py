"""What belongs to an incident beside its messages and promises: its record, the people in it, action items, and shared texts."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from amends.core.incident import OUTCOMES
from amends.core.people import AUDIENCES
from amends.incidents.actions import ACTION_EVENTS, ACTION_EVIDENCE, ACTION_KINDS
from amends.incidents.event import EVENTS
from amends.incidents.involved import DELIVERIES, FUNCTIONS, LINKS, STAKEHOLDER_KINDS
from amends.store.instant import Instant
from amends.store.schema.base import Number, metadata, one_of

incident_event = Table(
    "incident_event",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("what", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("kind", Text),
    Column("text", Text),
    Column("value", Text),
    Column("replaces", Text, ForeignKey("incident_event.id")),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    one_of("what", EVENTS),
    UniqueConstraint("journal_seq"),
    UniqueConstraint("replaces"),  # two corrections of one fact would be two truths; the second is a conflict
    Index(None, "incident_id", "recorded_at"),
    sqlite_strict=True,
)

assignment = Table(
    "assignment",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("function", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("until", Instant),
    one_of("function", FUNCTIONS),
    Index(None, "incident_id", "since"),
    Index(None, "person"),
    sqlite_strict=True,
)

invitation = Table(
    "invitation",
    metadata,
    Column("incident_id", Text, ForeignKey("incident.id"), primary_key=True),
    Column("person", Text, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("invited_by", Text, nullable=False),
    Column("why", Text),
    Index(None, "person"),
    sqlite_strict=True,
)

stakeholder = Table(
    "stakeholder",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("address", Text),
    Column("size", Number),
    Column("removed_at", Instant),
    one_of("kind", STAKEHOLDER_KINDS),
    one_of("audience", AUDIENCES),
    Index(None, "incident_id", "added_at"),
    sqlite_strict=True,
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Text, primary_key=True),
    Column("message_id", Text, ForeignKey("message.id"), nullable=False),
    Column("stakeholder_id", Text, ForeignKey("stakeholder.id"), nullable=False),
    Column("what", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("via", Text),
    Column("attempt", Integer, nullable=False),
    Column("text", Text),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    one_of("what", DELIVERIES),
    UniqueConstraint("journal_seq"),
    UniqueConstraint("message_id", "stakeholder_id", "what", "attempt"),  # so that one try is claimed by one sender
    Index(None, "stakeholder_id"),
    sqlite_strict=True,
)

link = Table(
    "link",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("title", Text),
    Column("removed_at", Instant),
    one_of("kind", LINKS),
    Index(None, "incident_id", "added_at"),
    sqlite_strict=True,
)

action_item = Table(
    "action_item",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("detail", Text),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    one_of("kind", ACTION_KINDS),
    UniqueConstraint("journal_seq"),
    Index(None, "incident_id", "proposed_at"),
    sqlite_strict=True,
)

action_event = Table(
    "action_event",
    metadata,
    Column("id", Text, primary_key=True),
    Column("action_id", Text, ForeignKey("action_item.id"), nullable=False),
    Column("what", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("person", Text),
    Column("due", Instant),
    Column("text", Text),
    Column("evidence_kind", Text),
    Column("evidence", Text),
    Column("undoes", Text, ForeignKey("action_event.id")),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    one_of("what", ACTION_EVENTS),
    one_of("evidence_kind", ACTION_EVIDENCE),
    UniqueConstraint("journal_seq"),
    UniqueConstraint("undoes"),
    Index(None, "action_id", "recorded_at"),
    sqlite_strict=True,
)

document = Table(
    "document",
    metadata,
    Column("id", Text, primary_key=True),
    Column("incident_id", Text, ForeignKey("incident.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("version", Integer, nullable=False),  # the head; its text stands in document_version and nowhere else
    Column("created_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("removed_at", Instant),
    Column("audience", Text),  # of a version of the account: whom it is for
    one_of("audience", AUDIENCES),
    Index(None, "incident_id", "created_at"),
    sqlite_strict=True,
)

document_version = Table(
    "document_version",
    metadata,
    Column("document_id", Text, ForeignKey("document.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("based_on", Integer),
    Column("outcome", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    one_of("outcome", OUTCOMES),
    UniqueConstraint("journal_seq"),
    sqlite_strict=True,
)
