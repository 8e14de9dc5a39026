"""JSON Schemas of the outputs that scripts rely on, from the records that they are made of."""

from __future__ import annotations

import json
import re
from typing import Any

from amends.incidents.action_report import SCHEMA as ACTIONS
from amends.incidents.document_report import document_schemas as shared_texts
from amends.interfaces.api.actions_schema import action_schemas
from amends.interfaces.api.comparing import comparison_schemas
from amends.interfaces.api.honesty import honesty_schemas
from amends.interfaces.api.incidents_schema import story_schemas
from amends.interfaces.api.insights import insights_schemas
from amends.interfaces.api.ledger_schema import ledger_schemas
from amends.interfaces.api.messages_schema import message_schemas
from amends.interfaces.api.narrating_schema import account_record_schemas
from amends.interfaces.api.playbooks_schema import playbook_schemas
from amends.interfaces.api.pulses_schema import pulse_schemas
from amends.interfaces.api.recurring_schema import recurrence_schemas
from amends.interfaces.api.reviewing import review_schemas
from amends.interfaces.api.schema import document_schemas
from amends.interfaces.api.signs import signs_schemas
from amends.interfaces.api.similar import similar_schemas
from amends.interfaces.api.timelines_bodies import timeline_schemas
from amends.interfaces.api.trust_schema import trust_schemas
from amends.interfaces.api.versions_schema import version_schemas
from amends.interfaces.cli import promises
from amends.interfaces.cli.audit_text import SCHEMA as AUDIT
from amends.language.report import SCHEMA
from amends.narrative.drift_report import SCHEMA as COMPARE
from amends.promises import report
from amends.promises.fate import FATES
from amends.promises.reminding import MOMENTS, REMINDER_STATES
from amends.timeline import entry
from pages import practice_schemas
from pages.markdown import document, table

DRAFT = "https://json-schema.org/draft/2020-12/schema"
ABOUT = """
The outputs for programs, as [JSON Schema](https://json-schema.org/). Fields may be added to an output; none is renamed or dropped without a
new number in its `schema`. Tests hold what the program prints against these files.
"""
REFUSED = {
    "type": "array",
    "description": "Inputs that could not be read, when there were any; what they hold is not among the documents.",
    "items": {
        "type": "object",
        "required": ["code", "message", "hint", "path", "line", "field"],
        "properties": {
            "code": {"type": "string"},
            "message": {"type": "string"},
            "hint": {"type": "string"},
            "path": {"type": ["string", "null"]},
            "line": {"type": ["integer", "null"]},
            "field": {"type": ["string", "null"]},
        },
    },
}


_COUNT = {"type": "integer", "minimum": 0}
DUE = {
    "missed": {**_COUNT, "description": "`amends due` only: how many are missed; they stand first in `promises`."},
    "coming": {**_COUNT, "description": "`amends due` only: how many come next."},
    "unsent": {
        "type": "array",
        "description": "`amends due` only: reminders that did not get through at their last try.",
        "items": {
            "type": "object",
            "required": ["promise", "moment", "channel", "at", "state", "tries", "failure"],
            "properties": {
                "promise": {"type": "string"},
                "moment": {"enum": list(MOMENTS)},
                "channel": {"type": "string"},
                "at": {"type": "string", "format": "date-time"},
                "state": {"enum": list(REMINDER_STATES)},
                "tries": _COUNT,
                "failure": {"type": ["string", "null"]},
            },
        },
    },
    "run": {
        "type": ["object", "null"],
        "description": "`amends due --send` only: what this run sent.",
        "properties": {"sent": _COUNT, "repeated": _COUNT, "unsent": _COUNT},
    },
}


def files() -> dict[str, dict[str, Any]]:
    """The schemas by file name."""
    return {
        "check-1.schema.json": check(),
        "check-1.document.schema.json": check_document(),
        "compare-1.schema.json": comparisons(),
        "compare-1.document.schema.json": comparison(),
        "promises-1.schema.json": promises_report(),
        "promises-1.document.schema.json": promises_document(),
        "promise-audit-1.schema.json": audit_report(),
        "ledger-1.schema.json": ledger_report(),
        "ledger-1.promise.schema.json": ledger_promise(),
        "promise-audit-1.promise.schema.json": audit_promise(),
        "actions-1.schema.json": action_report("Actions", ""),
        "actions-1.item.schema.json": action_report("ActionItem", ", one action item"),
        "timeline.entry.schema.json": timeline_entry(),
        **{f"{name}.schema.json": playbook_report(name, record) for name, (record, _) in PLAYBOOKS.items()},
        **practice_schemas.files(),
        **incidents(),
    }


def check() -> dict[str, Any]:
    """`amends check --format json`."""
    return {
        "$schema": DRAFT,
        "title": SCHEMA,
        "type": "object",
        "required": ["schema", "documents"],
        "properties": {
            "schema": {"const": SCHEMA},
            "documents": {"type": "array", "items": {"$ref": "#/$defs/Document"}},
            "problems": REFUSED,
        },
        "$defs": definitions(),
    }


def check_document() -> dict[str, Any]:
    """One line of `amends check --jsonl`, and the answer of `POST /api/v1/check`."""
    return {"$schema": DRAFT, "title": f"{SCHEMA}, one document", "$ref": "#/$defs/Document", "$defs": definitions()}


def comparisons() -> dict[str, Any]:
    """`amends compare --format json`."""
    properties = {
        "schema": {"const": COMPARE},
        "documents": {"type": "array", "items": {"$ref": "#/$defs/Comparison"}},
        "problems": REFUSED,
    }
    whole = {"type": "object", "required": ["schema", "documents"], "properties": properties}
    return {"$schema": DRAFT, "title": COMPARE, **whole, "$defs": comparison_schemas("#/$defs/")}


def comparison() -> dict[str, Any]:
    """One line of `amends compare --jsonl`, and the answer of `POST /api/v1/compare`."""
    found = comparison_schemas("#/$defs/")
    return {"$schema": DRAFT, "title": f"{COMPARE}, one comparison", "$ref": "#/$defs/Comparison", "$defs": found}


def promises_report() -> dict[str, Any]:
    """`amends promises extract --format json`."""
    properties = {
        "schema": {"const": promises.SCHEMA},
        "documents": {"type": "array", "items": {"$ref": "#/$defs/Document"}},
        "problems": REFUSED,
    }
    return {
        "$schema": DRAFT,
        "title": promises.SCHEMA,
        "type": "object",
        "required": ["schema", "documents"],
        "properties": properties,
        "$defs": promises_definitions(),
    }


def promises_document() -> dict[str, Any]:
    """One line of `amends promises extract --jsonl`."""
    return {"$schema": DRAFT, "title": f"{promises.SCHEMA}, one document", "$ref": "#/$defs/Document", "$defs": promises_definitions()}


def promises_definitions() -> dict[str, Any]:
    """The records that the promises of a document are made of, and the part of the document that is written."""
    found = definitions()
    properties = {name: found["Document"]["properties"][name] for name in promises.FIELDS}
    part = {"type": "object", "description": "What one text promises.", "properties": properties, "required": list(properties)}
    return {"Document": part, **{name: found[name] for name in ("Commitment", "PastTime", "Problem")}}


def audit_report() -> dict[str, Any]:
    """`amends promises audit --format json`."""
    count = {"type": "integer", "minimum": 0}
    rate = {"type": ["number", "null"], "minimum": 0, "maximum": 1, "description": "kept / (kept + late + missed)"}
    summary: dict[str, Any] = dict.fromkeys(("made", *FATES, "updates_without_next_time", "updates", "incidents"), count)
    summary |= {"hit_rate": rate, "late_by_s": {"type": "object", "additionalProperties": {"type": ["integer", "null"]}}}
    month: dict[str, Any] = {"month": {"type": "string"}, "made": count, **dict.fromkeys(FATES, count), "hit_rate": rate}
    properties = {
        "schema": {"const": AUDIT},
        "promises": {"type": "array", "items": {"$ref": "#/$defs/AuditedPromise"}},
        "summary": all_of_them(summary),
        "months": {"type": "array", "items": all_of_them(month)},
        "lateness": {"type": "array", "items": all_of_them({"late": {"type": "string"}, "promises": count})},
        "unverifiable": {"type": "array", "items": all_of_them({"reason": {"type": "string"}, "promises": count})},
        "problem_counts": {"type": "object", "additionalProperties": count},
        "problems": {"type": "array", "items": {"$ref": "#/$defs/Problem"}, "description": "The first thousand; the counts hold for all."},
    }
    definitions_used = {"AuditedPromise": audited_promise(), "Problem": definitions()["Problem"]}
    return {"$schema": DRAFT, "title": AUDIT, **all_of_them(properties), "$defs": definitions_used}


def audit_promise() -> dict[str, Any]:
    """One line of `amends promises audit --format jsonl`."""
    return {"$schema": DRAFT, "title": f"{AUDIT}, one promise", **audited_promise()}


def audited_promise() -> dict[str, Any]:
    """A promise with its fate."""
    text, maybe, time = {"type": "string"}, {"type": ["string", "null"]}, {"type": ["string", "null"], "format": "date-time"}
    commitment = definitions()["Commitment"]["properties"]
    properties: dict[str, Any] = {
        "incident": text,
        "message": {**text, "description": "The id of the update that made it."},
        "made_at": {"type": "string", "format": "date-time"},
        "quote": text,
        "kind": commitment["kind"],
        "due": time,
        "fate": {"enum": list(FATES)},
        "settled_at": time,
        "late_by_s": {"type": ["integer", "null"], "description": "0 where it was kept, null where nothing settled it."},
        "settled_by": {**maybe, "description": "The id of the update that settled or moved it."},
        "firmness": commitment["firmness"],
        "grain": commitment["grain"],
        "reason": {**maybe, "description": "Why nobody can tell, or what moved it."},
        "moved_to": time,
        **dict.fromkeys(("title", "author", "audience"), maybe),
        "source": text,
        "line": {"type": ["integer", "null"]},
    }
    return {**all_of_them(properties), "description": "One promise, and what became of it."}


def all_of_them(properties: dict[str, Any]) -> dict[str, Any]:
    """An object that has all of these fields."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def ledger_report() -> dict[str, Any]:
    """What every command of the ledger prints with `--format json`, and the answers of the API about promises and messages."""
    found = ledger_schemas("#/$defs/")
    found["Ledger"]["properties"] |= DUE
    return {"$schema": DRAFT, "title": report.SCHEMA, "$ref": "#/$defs/Ledger", "$defs": found}


def ledger_promise() -> dict[str, Any]:
    """One line of `amends promises list --format jsonl`."""
    found = ledger_schemas("#/$defs/")
    kept = {name: found[name] for name in ("LedgerPromise", "LedgerEvent")}
    return {"$schema": DRAFT, "title": f"{report.SCHEMA}, one promise", "$ref": "#/$defs/LedgerPromise", "$defs": kept}


def action_report(record: str, which: str) -> dict[str, Any]:
    """What every command of action items prints with `--format json`, or one line of `jsonl`; and the answers of the API."""
    return {
        "$schema": DRAFT,
        "title": f"{ACTIONS}{which}",
        "$ref": f"#/$defs/{record}",
        "$defs": _reached(record, action_schemas("#/$defs/")),
    }


PLAYBOOKS = {
    "playbooks-1": ("Playbooks", "`amends playbook list --format json`, `GET /api/v1/playbooks`"),
    "playbook-1": ("Playbook", "`amends playbook show --format json`, `GET /api/v1/playbooks/NAME`"),
    "playbook-offers-1": ("PlaybookOffers", "`amends playbook offer --format json`, `GET /api/v1/incidents/ID/playbooks/offered`"),
    "playbook-runs-1": ("PlaybookRuns", "`amends playbook status ID --incident --format json`, `GET /api/v1/incidents/ID/playbooks`"),
    "playbook-run-1": ("PlaybookRun", "`amends playbook status --format json` and every act in a run, `/api/v1/playbook-runs/ID`"),
}
"""What is said of playbooks, with the record and where it is said."""


def playbook_report(name: str, record: str) -> dict[str, Any]:
    """What commands of playbooks print with `--format json`; and the answers of the API."""
    title = f"amends.{name.removesuffix('-1')}/1"
    return {"$schema": DRAFT, "title": title, "$ref": f"#/$defs/{record}", "$defs": _reached(record, playbook_schemas("#/$defs/"))}


MESSAGES = {
    "messages-1": ("Messages", "`amends message list --format json`, `/api/v1/incidents/ID/messages` and others"),
    "start-1": ("MessageStart", "`amends message start --format json`, `GET /api/v1/incidents/ID/starts/FORM`"),
    "changes-1": ("MessageChanges", "`amends message since --format json`, `GET /api/v1/incidents/ID/changes`"),
    "note-1": ("FollowUpNote", "`amends message note --format json`, `GET /api/v1/incidents/ID/note`"),
    "commits-1": ("CommitCandidates", "`amends message commits --format json`, `GET /api/v1/incidents/ID/commits`"),
}
"""The outputs about messages, in the same way."""

ACCOUNTS = {
    "account-1": ("Account", "`amends account show --format json` and its acts, `/api/v1/incidents/ID/account` and others"),
    "account-history-1": ("AccountHistory", "`amends account history --format json`, `GET /api/v1/incidents/ID/account/history`"),
    "account-recorded-1": ("AccountRecorded", "`amends account begin --format json`, `GET /api/v1/incidents/ID/account/recorded`"),
    "cited-1": ("Cited", "`amends account behind --format json`, `GET /api/v1/incidents/ID/account/evidence/CITATION`"),
    "versions-1": ("Versions", "`amends account version list --format json`, `GET /api/v1/incidents/ID/versions`"),
    "version-1": ("VersionView", "`amends account version show`, `write` and `compare`, `/api/v1/incidents/ID/versions/AUDIENCE`"),
    "version-offers-1": ("VersionOffers", "`amends account version offers`, `GET /api/v1/incidents/ID/versions/AUDIENCE/offers`"),
    "version-ties-1": ("VersionTies", "`amends account version tie`, `POST /api/v1/incidents/ID/versions/AUDIENCE/ties`"),
    "versions-told-1": ("VersionsTold", "`amends account version told`, `GET /api/v1/incidents/ID/versions/told`"),
    "honesty-1": ("StatusHonesty", "`amends account honesty --format json`, `GET /api/v1/incidents/ID/honesty`"),
    "trust-board-1": ("TrustBoard", "`amends trust board --format json`, `GET /api/v1/incidents/ID/trust`"),
    "trust-break-1": ("PlacedBreak", "`amends trust break add`, `place` and `not-asked`, `/api/v1/incidents/ID/trust/breaks`"),
    "trust-repair-1": ("TiedRepair", "`amends trust repair propose`, `tie`, `show` and `restore`, `/api/v1/incidents/ID/trust/repairs`"),
    "trust-reviews-1": ("TrustReviews", "`amends trust review list` and `plan`, `/api/v1/incidents/ID/trust/reviews`"),
    "trust-review-1": ("TrustReview", "`amends trust review show` and its acts, `/api/v1/incidents/ID/trust/reviews/month` and `quarter`"),
    "insights-1": ("Insights", "`amends insights --format json`, `GET /api/v1/insights`"),
    "trust-signs-1": ("WarningSigns", "`amends trust signs --format json`, `GET /api/v1/incidents/ID/signs`"),
    "pulse-1": ("Pulse", "`amends pulse show`, `close` and others, `GET /api/v1/incidents/ID/pulse`"),
    "pulse-links-1": ("PulseOpened", "`amends pulse open` and `links`, `POST /api/v1/incidents/ID/pulse`"),
    "pulse-asked-1": ("PulseAsked", "`POST /api/v1/pulse/asked`"),
    "pulse-taken-1": ("PulseTaken", "`POST /api/v1/pulse/answers`"),
    "pulse-items-1": ("PulseItems", "`amends pulse items --format json`"),
    "met-before-1": ("MetBefore", "`amends recurrence met-before`, `judge` and `declare`, `/api/v1/incidents/ID/recurrence`"),
    "guardrails-1": ("Guardrails", "`amends recurrence guardrails`, `guardrail` and `undo`, `/api/v1/guardrails`"),
    "on-this-day-1": ("OnThisDay", "`amends recurrence on-this-day`, `GET /api/v1/on-this-day`"),
    "recurrence-1": ("Recurrence", "`amends recurrence mode` and `look-again` (with `looked`), `/api/v1/recurrence`"),
    "recurrence-kinds-1": ("RecurrenceKinds", "`amends recurrence kinds`, `GET /api/v1/recurrence/kinds`"),
    "review-1": ("Review", "`amends account review --format json`, `GET /api/v1/incidents/ID/review`"),
    "redactions-1": ("Redactions", "`amends account version redact` and `redactions`, `/api/v1/incidents/ID/redactions`"),
}
"""The outputs about accounts, in the same way."""

INCIDENTS = {
    "incident-1": ("Incident", "`amends incident new --format json`, `PATCH /api/v1/incidents/ID`"),
    "incidents-1": ("Incidents", "`amends incident list --format json`, `GET /api/v1/incidents`"),
    "story-1": ("Story", "`amends incident show --format json`, `GET /api/v1/incidents/ID`"),
    "incident-events-1": ("IncidentEvents", "`amends incident fact`, `history` and others, `/api/v1/incidents/ID/events`"),
    "incident-assignments-1": ("Assignments", "`amends incident assign`, `/api/v1/incidents/ID/assignments`"),
    "incident-invitations-1": ("Invitations", "`amends incident invite`, `/api/v1/incidents/ID/invitations`"),
    "incident-stakeholders-1": ("Stakeholders", "`amends incident stakeholder`, `/api/v1/incidents/ID/stakeholders`"),
    "similar-1": ("SimilarIncidents", "`amends similar` without `--corpus`, `/api/v1/similar`"),
    "incident-links-1": ("Links", "`amends incident link`, `/api/v1/incidents/ID/links`"),
}
"""The outputs about incidents by the beginning of the file's name: the record, and where it comes from."""


def incidents() -> dict[str, dict[str, Any]]:
    """What the commands and the API say about incidents, messages and accounts, each with the records that it is made of."""
    place = "#/$defs/"
    known = story_schemas() | message_schemas(place) | shared_texts(place) | timeline_schemas(place)
    known |= (
        account_record_schemas(place) | version_schemas(place) | comparison_schemas(place) | review_schemas(place) | honesty_schemas(place)
    )
    known |= (
        insights_schemas(place)
        | trust_schemas(place)
        | signs_schemas(place)
        | similar_schemas(place)
        | pulse_schemas(place)
        | recurrence_schemas(place)
    )
    found = {}
    for name, (record, _) in {**INCIDENTS, **MESSAGES, **ACCOUNTS}.items():
        used = _reached(record, known)
        title = f"amends.{name[:-2]}/{name[-1]}"
        found[f"{name}.schema.json"] = {"$schema": DRAFT, "title": title, "$ref": f"#/$defs/{record}", "$defs": used}
    return found


def _reached(record: str, known: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """A record and all that it refers to."""
    found: dict[str, dict[str, Any]] = {}
    waiting = [record]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = known[name]
            waiting += re.findall(r'"#/\$defs/(\w+)"', json.dumps(known[name]))
    return dict(sorted(found.items()))


def timeline_entry() -> dict[str, Any]:
    """One line of `amends timeline --format jsonl`."""
    text, maybe = {"type": "string"}, {"type": ["string", "null"]}
    time = {"type": ["string", "null"], "format": "date-time"}
    properties: dict[str, Any] = {
        "id": {"type": "string", "pattern": "^[0-9a-f]{8}-[0-9a-f]+$", "description": "Of its source's hash, and its byte."},
        "time": {**time, "description": "In UTC, with microseconds; null for what has no time."},
        "time_text": {**maybe, "description": "The time as the source writes it."},
        "zone": {"type": "string", "pattern": "^(stated|utc|assumed:.+)$"},
        "source": {**text, "description": "The source by its name in what was given; `bundle.zip!/app.log` lies in an archive."},
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "Of the unpacked source."},
        "line": {"type": "integer", "minimum": 0},
        "offset": {**_COUNT, "description": "The byte of the unpacked source at which it begins."},
        "length": _COUNT,
        "flags": {"type": "array", "items": {"enum": list(entry.FLAGS)}},
        "kind": {"enum": list(entry.KINDS)},
        "level": {"enum": [*entry.LEVELS, None]},
        "actor": maybe,
        "text": text,
        "count": {"type": "integer", "minimum": 1, "description": "How many entries it stands for."},
        "last_time": {**time, "description": "The time of the last of them; null where it stands for itself."},
        "why": {"type": "array", "items": {"enum": list(entry.REASONS)}},
        "because": {"type": "array", "items": text, "description": "What there is to say about its reasons, for people."},
    }
    return {"$schema": DRAFT, "title": "amends timeline, one entry", **all_of_them(properties)}


def definitions() -> dict[str, Any]:
    """The records, referring to each other inside the file."""
    text = json.dumps(document_schemas()).replace("#/components/schemas/", "#/$defs/")
    found: dict[str, Any] = json.loads(text)
    return found


def page() -> str:
    """The overview."""
    rows = (
        ("[check-1.schema.json](check-1.schema.json)", "`amends check --format json`"),
        (
            "[check-1.document.schema.json](check-1.document.schema.json)",
            "a line of `amends check --format jsonl`, an answer of `POST /api/v1/check`",
        ),
        ("[compare-1.schema.json](compare-1.schema.json)", "`amends compare --format json`"),
        (
            "[compare-1.document.schema.json](compare-1.document.schema.json)",
            "a line of `amends compare --format jsonl`, an answer of `POST /api/v1/compare`",
        ),
        ("[promises-1.schema.json](promises-1.schema.json)", "`amends promises extract --format json`"),
        ("[promises-1.document.schema.json](promises-1.document.schema.json)", "a line of `amends promises extract --format jsonl`"),
        ("[promise-audit-1.schema.json](promise-audit-1.schema.json)", "`amends promises audit --format json`"),
        ("[promise-audit-1.promise.schema.json](promise-audit-1.promise.schema.json)", "a line of `amends promises audit --format jsonl`"),
        ("[ledger-1.schema.json](ledger-1.schema.json)", "the ledger: `amends promises list --format json`, `/api/v1/promises` and others"),
        ("[ledger-1.promise.schema.json](ledger-1.promise.schema.json)", "a line of `amends promises list --format jsonl`"),
        ("[actions-1.schema.json](actions-1.schema.json)", "`amends action list --format json`, `/api/v1/actions` and others"),
        ("[actions-1.item.schema.json](actions-1.item.schema.json)", "a line of `amends action list --format jsonl`"),
        ("[timeline.entry.schema.json](timeline.entry.schema.json)", "a line of `amends timeline --format jsonl`"),
        *((f"[{name}.schema.json]({name}.schema.json)", where) for name, (_, where) in PLAYBOOKS.items()),
        *((f"[{name}.schema.json]({name}.schema.json)", where) for name, where in practice_schemas.ROWS),
        *((f"[{name}.schema.json]({name}.schema.json)", where) for name, (_, where) in {**INCIDENTS, **MESSAGES, **ACCOUNTS}.items()),
    )
    return document("Schemas", ABOUT, table(("file", "describes"), rows))
