"""JSON Schema of `amends.trust-board/1` and `amends.trust-review/1`: what the command line and the API say about repairing trust."""

from __future__ import annotations

from typing import Any

from amends.interfaces.api.shapes import many, record
from amends.trust.board_report import BOARD
from amends.trust.breakmap import DIRECTIONS, SUBJECTS
from amends.trust.breakmap import KINDS as BREAK_KINDS
from amends.trust.breakmap import STATES as BREAK_STATES
from amends.trust.prepared import DONE, HELPED
from amends.trust.repair import KINDS as REPAIR_KINDS
from amends.trust.review import DECISIONS, QUESTIONS, REFERENCES, REVIEW_EVENTS, STATES, UNKNOWN, WHICH
from amends.trust.review_report import REVIEW, REVIEWS

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_MAYBE_TIME: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}
_COUNT: dict[str, Any] = {"type": "integer"}
_BOOL: dict[str, Any] = {"type": "boolean"}


def trust_schemas(place: str = "#/components/schemas/") -> dict[str, dict[str, Any]]:
    """The records of a trust board by name, referring to each other below `place`."""
    lacks = {**many(f"{place}TrustRemark"), "description": "What is still missing; none of it keeps anybody from anything."}
    lacking = {"schema": _TEXT, "incident": _TEXT, "lacks": lacks}
    return {
        "TrustBoard": record("The map of broken trust, the repairs tied to it, and the reviews.", {
            "schema": {"const": BOARD}, "incident": _TEXT,
            "contained_at": {**_MAYBE_TIME, "description": "Since when the incident is contained; nothing is tied before."},
            "breaks": many(f"{place}TrustBreak"),
            "withdrawn": {"type": "array", "items": record("A break that stands no more, and counts nowhere.", {
                "item": _TEXT, "text": _TEXT, "whose": _MAYBE_TEXT, "why": _MAYBE_TEXT, "by": _TEXT, "recorded_at": _TIME})},
            "groups": {**many(f"{place}TrustGroup"), "description": "Who was hit."},
            "repairs": many(f"{place}TrustRepair"), "reviews": many(f"{place}TrustReviewHead"), "lacks": lacks}),
        "TrustGroup": record("A group that was hit.", {"name": _TEXT, "audience": _MAYBE_TEXT}),
        "TrustRemark": record("Something that should be otherwise, and what to do about it.", {
            "code": _TEXT, "message": _TEXT, "hint": _TEXT, "field": _MAYBE_TEXT,
            "item": {**_MAYBE_TEXT, "description": "The break, the action item, the group or the direction that it is about."},
            "quote": _MAYBE_TEXT}),
        "TrustBreak": record("A broken trust with its place on the map.", _BREAK),
        "PlacedBreak": record("A broken trust as it stands then, and what its row lacks.", {**_BREAK, **lacking}),
        "TrustRepair": record("An action item that repairs trust.", _REPAIR),
        "TiedRepair": record("A repair as it stands then, and what it lacks.", {**_REPAIR, **lacking}),
        "TrustReviewHead": record("How a review stands.", _HEAD),
        "TrustReviews": record("The reviews of an incident.", {
            "schema": {"const": REVIEWS}, "incident": _TEXT, "reviews": many(f"{place}TrustReviewHead")}),
        "TrustReview": record("A review with its evidence: as it lies now, or as it was pinned when it was held.", {
            "schema": {"const": REVIEW}, **_HEAD, "why": _MAYBE_TEXT, "said": _MAYBE_TEXT,
            "questions": many(f"{place}TrustQuestion"),
            "evidence": {"anyOf": [{"$ref": f"{place}TrustEvidence"}, {"type": "null"}]}, "lacks": lacks,
            "events": many(f"{place}TrustReviewEvent")}),
        "TrustQuestion": record("A question that people answer, because no data can.", {
            "question": {"enum": list(QUESTIONS)}, "asked": {**_TEXT, "description": "In words."},
            "answers": many(f"{place}TrustAnswer")}),
        "TrustAnswer": record("What an answer refers to, or whom we asked and when.", _ANSWER),
        "TrustReviewEvent": record("Something that happened to a review.", {
            "id": _TEXT, "what": {"enum": list(REVIEW_EVENTS)}, "recorded_at": _TIME, "by": _TEXT, "text": _MAYBE_TEXT,
            "undoes": _MAYBE_TEXT}),
        "TrustEvidence": record("What the program lays out for a review.", {
            "which": {"enum": list(WHICH)}, "incident_id": _TEXT, "at": _TIME, "since": _MAYBE_TIME,
            "repairs": many(f"{place}TrustRepairShown"),
            "promises": record("What became of the promises since the containment.", {
                **dict.fromkeys(("kept", "late", "missed", "moved", "open"), _COUNT), "broken": many(f"{place}TrustShown")}),
            **dict.fromkeys(("pulse", "signs", "worse", "overrides", "absent"), many(f"{place}TrustShown")),
            "limits": {"type": "array", "items": _TEXT, "description": "What must not be read out of it."}}),
        "TrustRepairShown": record("A repair, with what shows that it was done and, apart from that, that it helped.",
            _repair_shown(place)),
        "TrustShown": record("Something that a review rests on.", {"kind": _TEXT, "ref": _MAYBE_TEXT, "words": _TEXT}),
    }  # fmt: skip


def _repair_shown(place: str) -> dict[str, Any]:
    shown = {"anyOf": [{"$ref": f"{place}TrustShown"}, {"type": "null"}]}
    return {
        "action_id": _TEXT, "title": _TEXT, "kind": {"enum": list(REPAIR_KINDS)}, "uncertainty": _TEXT, "visible": _MAYBE_TEXT,
        "breaks": {"type": "array", "items": _TEXT}, "owner": _MAYBE_TEXT, "due": _MAYBE_TIME, "check_at": _MAYBE_TIME, "late": _BOOL,
        "done": {"enum": list(DONE)}, "done_at": _MAYBE_TIME, "done_by": shown, "helped": {"enum": list(HELPED)}, "helped_by": shown,
        "helps_when": _MAYBE_TEXT, "guardrail": _BOOL,
    }  # fmt: skip


_BREAK: dict[str, Any] = {
    "item": {**_TEXT, "description": "The point of the account."},
    "text": _TEXT,
    "open": _BOOL,
    "closed": {**_MAYBE_TEXT, "description": "How it was closed, which the account says."},
    "whose": {**_MAYBE_TEXT, "description": "The group, as it calls itself."},
    "state": {"enum": [*BREAK_STATES, None], "description": "How we know; null where nobody placed it yet."},
    "subject": {"enum": [*SUBJECTS, None]},
    "direction": {"enum": [*DIRECTIONS, None]},
    "kind": {"enum": [*BREAK_KINDS, None]},
    "fear": _MAYBE_TEXT,
    "heard_from": _MAYBE_TEXT,
    "heard_at": _MAYBE_TIME,
    "asked": _MAYBE_TEXT,
    "asked_at": _MAYBE_TIME,
    "recorded_at": _MAYBE_TIME,
    "by": _MAYBE_TEXT,
}
_REPAIR: dict[str, Any] = {
    "action": {**_TEXT, "description": "The action item."},
    "title": _TEXT,
    "kind": {"enum": list(REPAIR_KINDS)},
    "why_other": _MAYBE_TEXT,
    "breaks": {"type": "array", "items": _TEXT, "description": "The broken trust that it answers."},
    "uncertainty": {**_TEXT, "description": "What people will know, and by when."},
    "visible": {**_MAYBE_TEXT, "description": "How somebody outside sees it."},
    "check_at": _MAYBE_TIME,
    "owner": _MAYBE_TEXT,
    "due": _MAYBE_TIME,
    "late": _BOOL,
    "done": {"enum": list(DONE)},
    "helped": {"enum": list(HELPED), "description": "A question of its own."},
    "mechanism": {**_BOOL, "description": "Whether it works when nobody thinks of it, and others can check it."},
    "recorded_at": _TIME,
    "by": _TEXT,
}
_HEAD: dict[str, Any] = {
    "id": _TEXT,
    "incident": _TEXT,
    "which": {"enum": list(WHICH)},
    "state": {"enum": list(STATES)},
    "due_at": _TIME,
    "opens_at": {**_TIME, "description": "From when it can be held."},
    "was_due": {"type": "array", "items": _TIME, "description": "The times that it was moved from."},
    "overdue": _BOOL,
    "lead": {**_TEXT, "description": "Who sees to it, and is reminded."},
    "unanswered": {"type": "array", "items": {"enum": list(QUESTIONS)}},
    "decision": {"enum": [*DECISIONS, None]},
    "held_at": _MAYBE_TIME,
    "held_by": _MAYBE_TEXT,
}
_ANSWER: dict[str, Any] = {
    "id": {**_TEXT, "description": "By which it can be taken back."},
    "text": _MAYBE_TEXT,
    "kind": {"enum": [*REFERENCES, UNKNOWN]},
    "ref": _MAYBE_TEXT,
    "asked": _MAYBE_TEXT,
    "asked_at": _MAYBE_TIME,
    "recorded_at": _TIME,
    "by": _TEXT,
}
