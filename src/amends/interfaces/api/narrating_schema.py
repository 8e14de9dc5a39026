"""JSON Schema of `amends.account/1`: what the command line and the API say about the account of an incident."""

from __future__ import annotations

from typing import Any

from amends.interfaces.api.shapes import many, record
from amends.narrative.account import CLAIMS, CONDITIONS, EVIDENCE_KINDS, PARTS, STANCES, STATUSES, WITHDRAWN, WRITTEN
from amends.narrative.account_report import ACCOUNT, CITED, DONE, HISTORY, RECORDED
from amends.narrative.recorded import WHERE
from amends.timeline.entry import KINDS

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_MAYBE_TIME: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}


def account_record_schemas(place: str = "#/components/schemas/") -> dict[str, dict[str, Any]]:
    """The records of an account by name, referring to each other below `place`."""
    stated = {
        **_REVISION,
        "open": {"type": "boolean", "description": "A question, a trust break or a disagreement that nobody has closed."},
        "support": _maybe(f"{place}AccountSupport"),
        "evidence": many(f"{place}AccountEvidence"),
        "before": {**many(f"{place}AccountRevision"), "description": "Its earlier revisions, oldest first."},
    }
    change = {
        "done": {"enum": list(DONE)},
        "item": _TEXT,
        "recorded_at": _TIME,
        "by": _TEXT,
        "text": {**_TEXT, "description": "In a sentence."},
        "before": {"enum": [*STATUSES, None], "description": "How well the point was supported before."},
        "after": {"enum": [*STATUSES, None]},
        "revision": _maybe(f"{place}AccountRevision"),
        "evidence": _maybe(f"{place}AccountEvidence"),
        "undoes": {**_MAYBE_TEXT, "description": "The citation that was taken back."},
    }
    points = many(f"{place}AccountPoint")
    return {
        "Account": _whole("The account of an incident, or the points of it that an act was about.", ACCOUNT,
            {"points": points, "withdrawn": {**points, "description": "What was taken back; it stays readable."}}),
        "AccountPoint": record("A point of the account as it stands.", stated),
        "AccountRevision": record("One revision of a point.", _REVISION),
        "AccountSupport": record("How well what is cited supports a point; computed, never typed in.",
            {"status": {"enum": list(STATUSES)}, "why": {**_TEXT, "description": "In a sentence."}}),
        "AccountEvidence": record("Something that a point cites.", _EVIDENCE),
        "AccountHistory": _whole("Everything that was ever written into an account, oldest first.", HISTORY,
            {"changes": many(f"{place}AccountChange")}),
        "AccountChange": record("One change: a revision of a point, a citation, or the taking back of one.", change),
        "AccountRecorded": _whole("What was written down about an incident, as the points of its account that it would become.", RECORDED,
            {"recorded": {"type": "array", "items": record("Something that was written down.", _WRITTEN)}}),
        "Cited": _whole("What a citation rests on, where something holds it: the bytes of an entry, or a message.", CITED,
            {"evidence": {"$ref": f"{place}AccountEvidence"}, "entry": _maybe(f"{place}EntryBytes"),
             "message": _maybe(f"{place}SentMessage")}),
    }  # fmt: skip


def _whole(description: str, schema: str, properties: dict[str, Any]) -> dict[str, Any]:
    return record(description, {"schema": {"const": schema}, "incident": _TEXT, **properties})


def _maybe(record: str) -> dict[str, Any]:
    return {"anyOf": [{"$ref": record}, {"type": "null"}]}


_REVISION: dict[str, Any] = {
    "id": {**_TEXT, "description": "What the next change must say it is based on."},
    "item": {**_TEXT, "description": "The point, in all of its revisions."},
    "incident": _TEXT,
    "part": {"enum": list(PARTS)},
    "kind": {"enum": [*CLAIMS, *CONDITIONS, None], "description": "Of a claim or a condition."},
    "text": _TEXT,
    "what": {"enum": [WRITTEN, WITHDRAWN]},
    "at": {**_MAYBE_TIME, "description": "When it happened."},
    "who": {**_MAYBE_TEXT, "description": "Who saw a signal, holds a position, bore a cost, or whose trust it was."},
    "value": {**_MAYBE_TEXT, "description": "The figure of a number, with its unit."},
    "because": {**_MAYBE_TEXT, "description": "What made a decision reasonable then, or why nothing answers what went badly."},
    "of": {**_MAYBE_TEXT, "description": "The disagreement of a position."},
    "answer": {**_MAYBE_TEXT, "description": "How it was closed; of what went badly, the action item that answers it."},
    "recorded_at": _TIME,
    "by": _TEXT,
}
_WRITTEN: dict[str, Any] = {
    "id": {**_TEXT, "description": "The id of the fact, the milestone, the message or the entry."},
    "where": {"enum": list(WHERE)},
    "part": {"enum": list(PARTS)},
    "text": _TEXT,
    "by": {**_TEXT, "description": "Who wrote it down; of an entry, whom or what it comes from."},
    "kind": {"enum": [*CLAIMS, None]},
    "at": {**_MAYBE_TIME, "description": "When it happened."},
    "value": {**_MAYBE_TEXT, "description": "The figure of a number, with its unit."},
    "item": {**_MAYBE_TEXT, "description": "The point of the account that holds it already."},
    "gone": {"type": "boolean", "description": "A point that held it was withdrawn."},
}
_EVIDENCE: dict[str, Any] = {
    "id": _TEXT,
    "kind": {"enum": list(EVIDENCE_KINDS)},
    "stance": {"enum": list(STANCES)},
    "ref": {
        **_MAYBE_TEXT,
        "description": "The id of the timeline entry or the message; of a word, of the fact that holds it.",
    },
    "text": {**_MAYBE_TEXT, "description": "What was measured, or what a person said."},
    "quote": {**_MAYBE_TEXT, "description": "The cited words as they stood."},
    "entry_kind": {"enum": [*KINDS, None]},
    "source": {**_MAYBE_TEXT, "description": "Two of the same source are not independent."},
    "recorded_at": _TIME,
    "by": _TEXT,
}
