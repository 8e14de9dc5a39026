"""What clients send about drafts of a language model, and JSON Schema of what they are told: `amends.suggestion/1`, `amends.model/1`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from amends.core.people import AUDIENCES
from amends.interfaces.api.ledger_bodies import Strict
from amends.interfaces.api.shapes import record
from amends.narrative.asking import LONGEST_SENTENCE, MOST_CLAIMS, MOST_SENTENCES, PURPOSES
from amends.narrative.suggestion_report import ALLOWED_SCHEMA, LIST_SCHEMA, SCHEMA

_Audience = Literal["team", "leadership", "customers", "partner"]


class SuggestRequest(Strict):
    """What a model is to draft: the account for an audience, or a summary of the contributing factors."""

    audience: _Audience = "team"
    purpose: Literal["version", "factors"] = "version"
    items: (
        Annotated[list[str], Meta(min_length=1, max_length=MOST_CLAIMS, description="Only from these points; all that fit when absent.")]
        | None
    ) = None
    private_too: Annotated[bool, Meta(description="Send claims though the incident is private, where an owner allowed that.")] = False


class TakeRequest(Strict):
    """A sentence that a person takes over: as it stands, or in other words."""

    number: Annotated[int, Meta(ge=1, le=MOST_SENTENCES + 1)]
    text: (
        Annotated[str, Meta(min_length=1, max_length=LONGEST_SENTENCE, description="What you made of it; as it stands when absent.")] | None
    ) = None


class AdoptSentencesRequest(Strict):
    """The sentences that a person takes over, and for whom; for whom they were drafted when absent."""

    sentences: Annotated[list[TakeRequest], Meta(min_length=1, max_length=MOST_SENTENCES + 1)]
    audience: _Audience | None = None


class AllowModelRequest(Strict):
    """What a model may be given; what is absent stays as it is."""

    open: Annotated[bool, Meta(description="Claims of open incidents.")] | None = None
    private: Annotated[bool, Meta(description="Claims of private incidents.")] | None = None
    practice: Annotated[bool, Meta(description="What people say in practice, where they switch that on.")] | None = None


REQUESTS = (SuggestRequest, AdoptSentencesRequest, AllowModelRequest)

EXAMPLES: dict[str, dict[str, Any]] = {
    "SuggestRequest": {"for leadership": {"summary": "The account for leadership", "value": {"audience": "leadership"}}},
    "AdoptSentencesRequest": {"two of them": {"summary": "One as it stands, one in other words", "value": {
        "sentences": [{"number": 1}, {"number": 3, "text": "213 orders failed, and we saw it late."}]}}},
    "AllowModelRequest": {"open incidents": {"summary": "Open incidents, and no private ones", "value": {"open": True, "private": False}}},
}  # fmt: skip
"""By the name of the body's schema."""

_TEXT: dict[str, Any] = {"type": "string"}
_FLAG: dict[str, Any] = {"type": "boolean"}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_NUMBERS: dict[str, Any] = {"type": "array", "items": {"type": "integer", "minimum": 1}}


def suggestion_requests() -> dict[str, Any]:
    """The schema of each body, by name."""
    return msgspec.json.schema_components(REQUESTS, ref_template="#/components/schemas/{name}")[1]


def suggestion_schemas(place: str = "#/components/schemas/") -> dict[str, dict[str, Any]]:
    """The records of drafts by name, referring to each other below `place`."""
    remarks = {"type": "array", "items": {"$ref": f"{place}SuggestionRemark"}}
    sentence = {
        "number": {"type": "integer", "minimum": 1},
        "text": _TEXT,
        "items": {"type": "array", "items": _TEXT, "description": "The points that it cites."},
        "reasons": {**remarks, "description": "Why it was struck out."},
        "struck": {"type": "boolean"},
        "adopted": {"type": "boolean"},
    }
    adoption = {"id": _TEXT, "document": _TEXT, "version": {"type": "integer", "minimum": 1}, "at": _TIME, "by": _TEXT}
    draft = {
        "schema": {"const": SCHEMA},
        "id": _TEXT,
        "incident": _TEXT,
        "purpose": {"enum": list(PURPOSES)},
        "audience": {"enum": [*AUDIENCES, None]},
        "model": _TEXT,
        "prompt_sha256": {"type": "string", "description": "SHA-256 of everything that was sent, in hexadecimal."},
        "asked_at": _TIME,
        "asked_by": _TEXT,
        "sentences": {"type": "array", "items": record("A sentence of a draft, judged.", sentence)},
        "remarks": {**remarks, "description": "About all of it: what was not sent, what it leaves out."},
        "adoptions": {
            "type": "array",
            "items": record("What a person took over.", {**adoption, "sentences": _NUMBERS, "rewritten": _NUMBERS}),
        },
    }
    allowed = {"schema": {"const": ALLOWED_SCHEMA}, "model": _MAYBE_TEXT, "host": _MAYBE_TEXT}
    drafts = {"schema": {"const": LIST_SCHEMA}, "drafts": {"type": "array", "items": {"$ref": f"{place}Suggestion"}}}
    return {
        "Suggestion": record("What a language model drafted, judged, with its provenance.", draft),
        "Suggestions": record("The drafts of an incident, oldest first.", drafts),
        "SuggestionRemark": record("What is wrong, and what to do.", {"code": _TEXT, "message": _TEXT, "hint": _TEXT}),
        "ModelAllowed": record(
            "Which model may draft here, and what it may be given.",
            {**allowed, "open": _FLAG, "private": _FLAG, "practice": _FLAG},
        ),
    }
