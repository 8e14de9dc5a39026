"""JSON Schema of messages, texts begun from facts, changes and the follow-up note: what the command line and the API say of them."""

from __future__ import annotations

from typing import Any

from amends.core.people import AUDIENCES
from amends.incidents import message_report as report
from amends.incidents.changes import CHANGES
from amends.incidents.event import BOXES, COMMITS
from amends.incidents.hearing import STATES
from amends.incidents.note import LISTS
from amends.interfaces.api.ledger_schema import ledger_schemas
from amends.interfaces.api.shapes import many, record

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_MAYBE_TIME: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}
_NUMBER: dict[str, Any] = {"type": "integer"}


def message_schemas(place: str = "#/components/schemas/") -> dict[str, dict[str, Any]]:
    """The records by name, referring to each other below `place`."""
    known = ledger_schemas(place)["SentMessage"]["properties"]
    told = {
        **known,
        "version": {**_NUMBER, "description": "Which message to its audience this is, from 1."},
        "corrects": _MAYBE_TEXT,
        "corrected_by": {**_MAYBE_TEXT, "description": "The last correction of it."},
        "via": _MAYBE_TEXT,
        "heard": many(f"{place}Heard"),
        "still_wrong": {
            **many(f"{place}Heard"),
            "description": "Who heard something of this line of corrections, and not its last.",
        },
        "problems": {"type": "array", "items": record("What did not get through.", {"code": _TEXT, "message": _TEXT, "hint": _TEXT})},
    }
    return {
        "Messages": _whole("Messages and who heard them.", report.MESSAGES, {"messages": many(f"{place}MessageTold")}),
        "MessageTold": record("A message and how far it has come.", told),
        "Heard": record("How far a message has come with one stakeholder.", _HEARD),
        "MessageStart": _whole("A text begun from facts, with gaps in [brackets].", report.START, _START),
        "MessageChanges": _whole("What changed since an update.", report.CHANGES, _changes()),
        "FollowUpNote": _whole("The follow-up note as it stands.", report.NOTE, _note(place)),
        "CommitCandidates": _whole("Commits that probably belong to an incident, the likeliest first.", report.COMMITS, _COMMITS),
    }


def _whole(description: str, name: str, properties: dict[str, Any]) -> dict[str, Any]:
    return record(description, {"schema": {"const": name}, **properties})


_HEARD: dict[str, Any] = {
    "stakeholder": _TEXT,
    "name": _TEXT,
    "audience": {"enum": list(AUDIENCES)},
    "state": {"enum": list(STATES), "description": "`trying` has no outcome: it may have reached them."},
    "tries": _NUMBER,
    "via": _MAYBE_TEXT,
    "why": {**_MAYBE_TEXT, "description": "Why the last try did not get through."},
    "sent_at": _MAYBE_TIME,
    "read_at": _MAYBE_TIME,
    "acknowledged_at": _MAYBE_TIME,
}
_START: dict[str, Any] = {
    "incident": _TEXT,
    "text": _TEXT,
    "form": {**_TEXT, "description": "The form to check it as."},
    "audience": {"enum": list(AUDIENCES)},
    "corrects": _MAYBE_TEXT,
}
_PROBLEMS: dict[str, Any] = {"type": "array", "items": record("A problem.", {"code": _TEXT, "message": _TEXT, "hint": _TEXT})}
_LACKS: dict[str, Any] = {
    "type": "array",
    "items": record("What the words of a commit lack.", {"code": _TEXT, "message": _TEXT, "instead": _TEXT}),
}
_COMMITS: dict[str, Any] = {
    "incident": _TEXT,
    "sources": {"type": "array", "items": _TEXT},
    "candidates": {
        "type": "array",
        "items": record(
            "A commit.",
            {
                "sha": _TEXT, "at": _TIME, "subject": _TEXT, "body": _TEXT, "url": _MAYBE_TEXT,
                "kind": {"enum": list(COMMITS)}, "why": _TEXT, "judgements": _LACKS,
            },
        ),
    },
    "problems": _PROBLEMS,
}  # fmt: skip


def _changes() -> dict[str, Any]:
    change = record("One change.", {"kind": {"enum": list(CHANGES)}, "text": _TEXT, "at": _TIME, "about": _TEXT})
    update = record("The update.", {"message": _TEXT, "audience": {"enum": [*AUDIENCES, None]}, "sent_at": _TIME})
    since = {"anyOf": [update, {"type": "null"}]}
    return {"incident": _TEXT, "since": since, "changes": {"type": "array", "items": change}, "text": _TEXT}


def _note(place: str) -> dict[str, Any]:
    commit = record("A commit of the note.", {"kind": {"enum": list(COMMITS)}, "sha": _TEXT, "subject": _TEXT, "judgements": _LACKS})
    maybe = {"anyOf": [commit, {"type": "null"}]}
    box = record("A box.", {"ticked": {"type": "boolean"}, "text": _MAYBE_TEXT})
    return {
        "incident": _TEXT,
        "due": _TIME,
        "sent_at": _MAYBE_TIME,
        "late": {"type": "boolean"},
        "message": _MAYBE_TEXT,
        "sentences": {"anyOf": [{"type": "array", "items": _TEXT}, {"type": "null"}]},
        "hotfix": maybe,
        "guardrail": maybe,
        "boxes": record("The two boxes.", dict.fromkeys(BOXES, box)),
        "lists": record("Whom it is owed to.", dict.fromkeys(LISTS, many(f"{place}Heard"))),
        "missing": _PROBLEMS,
    }
