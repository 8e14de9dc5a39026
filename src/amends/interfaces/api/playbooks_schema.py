"""JSON Schema of `amends.playbooks/1` and its kin: what the command line and the API say about playbooks and their runs."""

from __future__ import annotations

from typing import Any

from amends.interfaces.api.shapes import record
from amends.playbooks import artifact, gate, report, state
from amends.playbooks.run import EVENTS

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE: dict[str, Any] = {"type": ["string", "null"]}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_MAYBE_TIME: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}
_YES: dict[str, Any] = {"type": "boolean"}
_WHOLE: dict[str, Any] = {"type": "integer"}
_TEXTS: dict[str, Any] = {"type": "array", "items": _TEXT}


def playbook_schemas(place: str = "#/components/schemas/") -> dict[str, dict[str, Any]]:
    """The records of playbooks by name, referring to each other below `place`."""
    return _library(_Refs(place)) | _runs(_Refs(place)) | _steps(_Refs(place))


class _Refs:
    """Refers to records below a place: to one, to one or none, to a list of them."""

    def __init__(self, place: str) -> None:
        self._place = place

    def one(self, name: str) -> dict[str, Any]:
        return {"$ref": f"{self._place}{name}"}

    def maybe(self, name: str) -> dict[str, Any]:
        return {"anyOf": [self.one(name), {"type": "null"}]}

    def many(self, name: str) -> dict[str, Any]:
        return {"type": "array", "items": self.one(name)}


def _library(ref: _Refs) -> dict[str, dict[str, Any]]:
    sign = {"text": _TEXT, "condition": _MAYBE, "saw": _TEXT, "where": ref.many("PlaybookItem")}
    offer = {
        "playbook": ref.one("PlaybookHead"), "because": _several("A sign that it may help, and what was seen.", sign),
        "shut": ref.many("PlaybookGate"),
    }  # fmt: skip
    return {
        "Playbooks": record(
            "The playbooks that can be run here.",
            {"schema": {"const": report.LIBRARY}, "playbooks": ref.many("PlaybookHead"), "problems": ref.many("PlaybookProblem")},
        ),
        "PlaybookHead": record("A playbook in a few words.", _HEAD),
        "PlaybookProblem": record(
            "What is wrong in a file that cannot be read.",
            {"path": _MAYBE, "line": {"type": ["integer", "null"]}, "field": _MAYBE, "message": _TEXT, "hint": _TEXT},
        ),
        "Playbook": record("A whole playbook.", {"schema": {"const": report.PLAYBOOK}, **_HEAD, **_WHOLE_PLAYBOOK}),
        "PlaybookOffers": record(
            "What may help an incident now, and what in its data says so.",
            {"schema": {"const": report.OFFERS}, "incident": _TEXT, "offers": _several("A playbook that may help.", offer)},
        ),
    }


def _runs(ref: _Refs) -> dict[str, dict[str, Any]]:
    head = {**_RUN_HEAD, "next": ref.one("PlaybookNext")}
    event = ref.maybe("PlaybookEvent")
    return {
        "PlaybookRuns": record(
            "The runs of an incident.", {"schema": {"const": report.RUNS}, "incident": _TEXT, "runs": ref.many("PlaybookRunHead")}
        ),
        "PlaybookRunHead": record("A run in a few words.", head),
        "PlaybookNext": record("What to do now.", _NEXT),
        "PlaybookRun": record(
            "A run as it stands.",
            {
                "schema": {"const": report.RUN}, **head, "gates": ref.many("PlaybookGate"), "steps": ref.many("PlaybookStep"),
                "questions": ref.many("PlaybookQuestion"), "follow_ups": ref.many("PlaybookFollowUp"),
                "overrides": ref.many("PlaybookEvent"), "events": ref.many("PlaybookHappened"),
            },
        ),
        "PlaybookGate": record(
            "A gate as it stands.",
            {
                "id": _TEXT, "title": _TEXT, "state": {"enum": list(gate.STATES)}, "saw": _TEXT, "where": ref.many("PlaybookItem"),
                "because": _TEXT, "first": {**_TEXT, "description": "The step to take instead."}, "place": _TEXT, "ask": _MAYBE,
                "answer": event, "override": event,
            },
        ),
        "PlaybookFollowUp": record(
            "What is done later.",
            {
                "id": _TEXT, "title": _TEXT, "text": _TEXT, "due_at": _TIME, "due": _YES, "done": _YES,
                "shown": ref.many("PlaybookItem"), "said": event,
            },
        ),
        "PlaybookEvent": record("One thing that happened in a run.", _EVENT),
        "PlaybookHappened": record(
            "The same as it stands in the history.",
            {
                **_EVENT, "said": {**_TEXT, "description": "Who did what, and what that changed, in a sentence."},
                "undone": {**_YES, "description": "It holds no more."},
            },
        ),
    }  # fmt: skip


def _steps(ref: _Refs) -> dict[str, dict[str, Any]]:
    event = ref.maybe("PlaybookEvent")
    artifact_now = {"id": _TEXT, "title": _TEXT, "complete": _YES, "fields": ref.many("PlaybookField")}
    decision = {"id": _TEXT, "text": _TEXT, "options": _TEXTS, "needed": _YES, "taken": event}
    return {
        "PlaybookStep": record(
            "A step as it stands.",
            {
                "id": _TEXT, "number": _WHOLE, "title": _TEXT, "state": {"enum": list(state.STEP_STATES)},
                "reached": _YES, "complete": _YES,
                "artifacts": _several("An artifact as it stands.", artifact_now),
                "decisions": _several("A decision point.", decision), "questions": ref.many("PlaybookQuestion"),
            },
        ),
        "PlaybookField": record(
            "A field of an artifact: what it holds, or what it misses.",
            {
                "field": {**_TEXT, "description": "As `artifact.field`."}, "title": _TEXT, "ask": _TEXT,
                "state": {"enum": list(artifact.STATES)}, "holds": _several("Something that stands in it.", {**_ITEM, "event": _MAYBE}),
                "misses": _TEXTS, "unknown": event, "gone": ref.many("PlaybookEvent"), "choices": ref.many("PlaybookItem"),
                "written_at": _TEXTS,
            },
        ),
        "PlaybookItem": record("A reference to something that the data hold.", _ITEM),
        "PlaybookQuestion": record("A question worth asking.", {"id": _TEXT, "text": _TEXT, "replies": ref.many("PlaybookEvent")}),
    }  # fmt: skip


def _several(description: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": record(description, properties)}


def _rows(*names: str) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "object", "required": list(names)}}


_HEAD: dict[str, Any] = {
    "id": _TEXT, "version": _WHOLE, "title": _TEXT, "situation": _TEXT, "goal": _TEXT, "owner": _TEXT,
    "private": {**_YES, "description": "Its runs are there for who began them and who leads them."}, "steps": _WHOLE, "sha256": _TEXT,
}  # fmt: skip
_WHOLE_PLAYBOOK: dict[str, Any] = {
    "roles": _TEXTS, "use_when": _rows("text", "condition"), "not_when": _rows("text", "gate"), "why": _TEXT, "good": _TEXTS,
    "gates": _rows("id", "title", "because", "first", "place", "condition", "ask", "refuses"), "inputs": _rows("text", "source"),
    "prerequisites": _rows("text", "gate"), "procedure": _rows("id", "title", "purpose", "actions", "outputs"),
    "artifacts": _rows("id", "title", "text", "fields"), "decisions": _rows("id", "step", "text", "options", "needed"),
    "questions": _rows("id", "step", "text"), "mistakes": _TEXTS, "warnings": _TEXTS, "signs": _TEXTS,
    "follow_ups": _rows("id", "title", "text", "days"), "metrics": _rows("id", "text", "shows"),
}  # fmt: skip
_RUN_HEAD: dict[str, Any] = {
    "id": _TEXT, "incident": _TEXT, "playbook": _TEXT, "title": _TEXT,
    "sha256": {**_TEXT, "description": "Of the file as it was when the run was begun."}, "started_at": _TIME, "by": _TEXT,
    "state": {"enum": list(state.STATES)},
    "resting": {**_MAYBE, "description": "Why nothing can be taken in it now, where a gate is shut, in a sentence."},
    "lead": _MAYBE, "version": {**_WHOLE, "description": "The number of its newest event."},
    "step": {**_MAYBE, "description": "The step to be taken; none while a gate is shut."},
}  # fmt: skip
_NEXT: dict[str, Any] = {
    "what": {"enum": ["gate", "ask", "field", "decide", "finish", "follow-up", "nothing"]}, "do": _TEXT, "because": _TEXT,
    "about": _MAYBE, "place": _MAYBE,
}  # fmt: skip
_ITEM: dict[str, Any] = {
    "kind": _TEXT, "id": _TEXT, "words": _TEXT, "lacks": {**_TEXTS, "description": "What it misses to count."}, "at": _MAYBE_TIME,
    "by": _MAYBE,
}  # fmt: skip
_EVENT: dict[str, Any] = {
    "id": _TEXT, "number": _WHOLE, "what": {"enum": list(EVENTS)}, "about": _MAYBE, "value": _MAYBE, "kind": _MAYBE, "ref": _MAYBE,
    "text": _MAYBE, "person": _MAYBE, "asked": _MAYBE, "asked_at": _MAYBE_TIME, "why": _MAYBE, "undoes": _MAYBE, "recorded_at": _TIME,
    "by": _TEXT,
}  # fmt: skip
