"""The tables, declared once. A test holds that the migrations, run from nothing, build exactly this on both databases.

To change it: change it here, raise `REVISION`, add a module to `migrations/versions/`; the test then says what still differs.
Constraints and indexes are named by rule, because a migration can only drop what has a name.
"""

from __future__ import annotations

from amends.store.guards import guard
from amends.store.indexed import index
from amends.store.schema.base import NAMES, Number, is_id, metadata
from amends.store.schema.evidence import evidence, timeline_note, timeline_run, timeline_version
from amends.store.schema.ledger import calendar_address, draft, draft_version, incident, journal, message, promise, promise_event, reminder
from amends.store.schema.narrative import (
    account_evidence,
    account_point,
    model_adoption,
    model_draft,
    redaction,
    version_sent,
    version_tie,
)
from amends.store.schema.people import api_token, person, session, setting, sign_in_attempt
from amends.store.schema.playbooks import playbook_event, playbook_run
from amends.store.schema.practice import (
    practice_card,
    practice_choice,
    practice_own,
    practice_review,
    practice_session,
    practice_turn,
    practice_voice,
)
from amends.store.schema.pulse import pulse_answer, pulse_comment, pulse_group, pulse_held, pulse_link, pulse_wave
from amends.store.schema.recurrence import (
    fingerprint,
    guardrail_event,
    recurrence_doc,
    recurrence_frequency,
    recurrence_judgement,
    recurrence_match,
    recurrence_posting,
    recurrence_stale,
)
from amends.store.schema.response import (
    action_event,
    action_item,
    assignment,
    delivery,
    document,
    document_version,
    incident_event,
    invitation,
    link,
    stakeholder,
)
from amends.store.schema.safety import search_entry, tombstone
from amends.store.schema.trust import repair_action, trust_break, trust_review, trust_review_event

REVISION = "0008"
"""The migration that builds these tables; a database that carries another number is not current."""

guard(
    journal, draft_version, message, promise, promise_event, timeline_version, timeline_note,
    incident_event, delivery, action_item, action_event, document_version, tombstone,
    account_point, account_evidence, version_tie, redaction, version_sent, model_draft, model_adoption,
    trust_break, repair_action, trust_review, trust_review_event, playbook_run, playbook_event,
    fingerprint, recurrence_judgement, guardrail_event,
)  # fmt: skip
index(search_entry)

__all__ = [
    "NAMES",
    "REVISION",
    "Number",
    "account_evidence",
    "account_point",
    "action_event",
    "action_item",
    "api_token",
    "assignment",
    "calendar_address",
    "delivery",
    "document",
    "document_version",
    "draft",
    "draft_version",
    "evidence",
    "fingerprint",
    "guardrail_event",
    "incident",
    "incident_event",
    "invitation",
    "is_id",
    "journal",
    "link",
    "message",
    "metadata",
    "model_adoption",
    "model_draft",
    "person",
    "playbook_event",
    "playbook_run",
    "practice_card",
    "practice_choice",
    "practice_own",
    "practice_review",
    "practice_session",
    "practice_turn",
    "practice_voice",
    "promise",
    "promise_event",
    "pulse_answer",
    "pulse_comment",
    "pulse_group",
    "pulse_held",
    "pulse_link",
    "pulse_wave",
    "recurrence_doc",
    "recurrence_frequency",
    "recurrence_judgement",
    "recurrence_match",
    "recurrence_posting",
    "recurrence_stale",
    "redaction",
    "reminder",
    "repair_action",
    "search_entry",
    "session",
    "setting",
    "sign_in_attempt",
    "stakeholder",
    "timeline_note",
    "timeline_run",
    "timeline_version",
    "tombstone",
    "trust_break",
    "trust_review",
    "trust_review_event",
    "version_sent",
    "version_tie",
]
