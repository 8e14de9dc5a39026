"""The journal, incidents, drafts, messages and promises, with reminders and calendars."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, Table, Text, UniqueConstraint, text

from amends.core.incident import ORIGINS, OUTCOMES, SEVERITIES, STATUSES
from amends.incidents.involved import VISIBILITIES
from amends.promises.promise import EVENTS, EVIDENCE
from amends.promises.reminding import MOMENTS, REMINDER_STATES
from amends.store.instant import Instant
from amends.store.schema.base import Number, metadata, one_of

journal = Table(
    "journal",
    metadata,
    Column("seq", Number, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    UniqueConstraint("previous"),  # two rows after the same row would be a fork
    UniqueConstraint("hash"),
    Index(None, "subject", "seq"),
    sqlite_strict=True,
)

incident = Table(
    "incident",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("removed_at", Instant),
    Column("visibility", Text, nullable=False),
    Column("follows", Text, ForeignKey("incident.id")),  # the incident whose fix brought this one
    Column("version", Integer, nullable=False),  # grows with every change of the row, so that a stale edit is seen
    one_of("severity", SEVERITIES),
    one_of("status", STATUSES),
    one_of("origin", ORIGINS),
    one_of("visibility", VISIBILITIES),
    Index(None, "started_at", "id"),
    Index(None, "follows"),
    sqlite_strict=True,
)

draft = Table(
    "draft",
    metadata,
    Column("id", Text, primary_key=True),
    Column("author", Text, nullable=False),
    Column("incident_id", Text, ForeignKey("incident.id")),
    Column("version", Integer, nullable=False),  # the head; its text stands in draft_version and nowhere else
    Column("created_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("discarded_at", Instant),
    Index(None, "author", "created_at"),
    Index(None, "incident_id"),
    sqlite_strict=True,
)

draft_version = Table(
    "draft_version",
    metadata,
    Column("draft_id", Text, ForeignKey("draft.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("audience", Text),
    Column("tz", Text),
    Column("based_on", Integer),
    Column("outcome", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("salt", Text, nullable=False),  # so that the hash in the journal does not let a reader guess a short text
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    one_of("outcome", OUTCOMES),
    UniqueConstraint("journal_seq"),
    sqlite_strict=True,
)

message = Table(
    "message",
    metadata,
    Column("id", Text, primary_key=True),
    Column("draft_id", Text, nullable=False),  # what was sent is a version of a draft, and its text stands there
    Column("version", Integer, nullable=False),
    Column("incident_id", Text, ForeignKey("incident.id")),
    Column("audience", Text),
    Column("author", Text, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    Column("corrects", Text, ForeignKey("message.id")),
    Column("via", Text),
    Column("form", Text),
    ForeignKeyConstraint(["draft_id", "version"], ["draft_version.draft_id", "draft_version.version"]),
    UniqueConstraint("journal_seq"),
    Index(None, "incident_id", "sent_at"),
    Index(None, "draft_id"),
    sqlite_strict=True,
)

promise = Table(
    "promise",
    metadata,
    Column("id", Text, primary_key=True),
    Column("words", Text, nullable=False),
    Column("time_words", Text),
    Column("kind", Text, nullable=False),
    Column("firmness", Text, nullable=False),
    Column("due", Instant),
    Column("due_earliest", Instant),
    Column("grain", Text),
    Column("tz", Text),
    Column("note", Text),
    Column("maker", Text, nullable=False),
    Column("owner", Text),
    Column("audience", Text),
    Column("made_to", Text),
    Column("made_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("message_id", Text, ForeignKey("message.id")),
    Column("incident_id", Text, ForeignKey("incident.id")),
    Column("proposed", Integer, nullable=False),
    Column("private", Integer, nullable=False),
    Column("follows", Text, ForeignKey("promise.id")),
    Column("salt", Text, nullable=False),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    UniqueConstraint("journal_seq"),
    UniqueConstraint("follows"),  # two successors would be two answers to one question
    Index(None, "due", "id"),
    Index(None, "incident_id", "due"),
    Index(None, "message_id"),
    sqlite_strict=True,
)

promise_event = Table(
    "promise_event",
    metadata,
    Column("id", Text, primary_key=True),
    Column("promise_id", Text, ForeignKey("promise.id"), nullable=False),
    Column("what", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("why", Text),
    Column("to", Text),
    Column("until", Instant),
    Column("evidence_kind", Text),
    Column("evidence", Text),
    Column("successor", Text, ForeignKey("promise.id")),
    Column("undoes", Text, ForeignKey("promise_event.id")),
    Column("journal_seq", Number, ForeignKey("journal.seq"), nullable=False),
    one_of("what", EVENTS),
    one_of("evidence_kind", EVIDENCE),
    UniqueConstraint("journal_seq"),
    UniqueConstraint("undoes"),  # an event is taken back once; and lists ask for each whether it was
    Index(None, "promise_id", "recorded_at"),
    sqlite_strict=True,
)

reminder = Table(
    "reminder",
    metadata,
    Column("id", Text, primary_key=True),
    Column("subject", Text, nullable=False),  # what it is of: promise/ID, draft/ID, action/ID
    Column("moment", Text, nullable=False),
    Column("remind_at", Instant, nullable=False),
    Column("channel", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("claimed_by", Text),
    Column("claimed_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", Instant),
    Column("repeated", Integer, nullable=False),  # sent again, because a crash fell between sending and recording
    Column("failure", Text),
    one_of("moment", MOMENTS),
    one_of("state", REMINDER_STATES),
    UniqueConstraint("subject", "moment", "remind_at", "channel"),
    Index(None, "state", "remind_at"),
    sqlite_strict=True,
)

calendar_address = Table(
    "calendar_address",
    metadata,
    Column("id", Text, primary_key=True),
    Column("token_sha256", Text, nullable=False),  # the address itself is known to who asked for it, and to nobody here
    Column("person", Text),
    Column("incident_id", Text, ForeignKey("incident.id")),
    Column("created_at", Instant, nullable=False),
    Column("made_by", Text, nullable=False),  # it shows what they may see
    Column("revoked_at", Instant),
    CheckConstraint(text("(person IS NULL) <> (incident_id IS NULL)"), name="of_one"),
    UniqueConstraint("token_sha256"),
    sqlite_strict=True,
)
