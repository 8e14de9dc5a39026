"""Two tellings of one incident held against each other over HTTP. Like a check, it touches no store, and keeps nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from amends.core.people import AUDIENCES
from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.payload import encode, read_body
from amends.interfaces.api.problems import HEADERS
from amends.interfaces.api.shapes import record
from amends.language.labels import SEVERITIES
from amends.narrative.drift import DRIFTS
from amends.narrative.drift_report import as_dict

if TYPE_CHECKING:
    from amends.usecases.checking import Checking


class CompareRequest(msgspec.Struct):
    """What a client sends; keys that are not listed here are ignored, as in data rows everywhere."""

    source: str
    retold: str
    id: str | None = None
    audience: str | None = None


_decoder = msgspec.json.Decoder(CompareRequest)

_REQUEST: dict[str, Any] = {
    "type": "object",
    "required": ["source", "retold"],
    "properties": {
        "source": {"type": "string", "description": "What is known, such as the review for the team."},
        "retold": {"type": "string", "description": "What somebody else is told, such as the notice for customers."},
        "id": {"type": ["string", "null"], "description": "Comes back in the answer."},
        "audience": {"enum": [*AUDIENCES, None], "description": "Who reads the retold text."},
    },
}
EXAMPLES = {
    "a notice": {
        "summary": "A notice for customers against the review",
        "value": {
            "id": "notice-1",
            "source": "At 10:42 we deployed a change and did not test it. 4,212 payments failed for 48 minutes. Our alert was off.",
            "retold": "On Wednesday a change was deployed. Some payments were delayed for a few minutes.",
            "audience": "customers",
        },
    },
}
"""By what it shows; a test sends each."""

COMPARE: dict[str, Any] = {
    "responses": answers_of("The comparison", {"$ref": "#/components/schemas/Comparison"}, 400, 413, 422, 429),
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/CompareRequest"}, "examples": EXAMPLES}},
        }
    },
}


def add_comparing(app: FastAPI, checking: Checking) -> None:
    """Put the address beside that of checks."""

    def answer(asked: CompareRequest) -> bytes:
        compared = checking.compare(asked.source, asked.retold, asked.audience)
        return encode(as_dict(compared.comparison, compared.problems, id=asked.id, audience=asked.audience))

    @app.post("/compare", **COMPARE)
    async def compare(request: Request) -> Response:
        """Compare two tellings of one incident: where the second became cleaner but less true, with the words of both."""
        asked = read_body(await request.body(), _decoder)
        return Response(await run_in_threadpool(answer, asked), media_type="application/json", headers=HEADERS)


def comparison_requests() -> dict[str, dict[str, Any]]:
    """The schema of the body, by name."""
    return {"CompareRequest": _REQUEST}


def comparison_schemas(place: str = "#/components/schemas/") -> dict[str, dict[str, Any]]:
    """The records of a comparison by name, referring to each other below `place`."""
    text, maybe, count = {"type": "string"}, {"type": ["string", "null"]}, {"type": "integer", "minimum": 0}
    side = {"anyOf": [{"$ref": f"{place}TellingSide"}, {"type": "null"}]}
    return {
        "Comparison": record(
            "Two tellings of one incident, and where the second became cleaner but less true.",
            {
                "id": maybe,
                "source_path": {**maybe, "description": "The file of the source; null where there is none."},
                "retold_path": maybe,
                "audience": {"enum": [*AUDIENCES, None], "description": "Who reads the retold text, where that was said."},
                "drifts": {"type": "array", "items": {"$ref": f"{place}Drift"}},
                "redactions": {"type": "array", "items": {"$ref": f"{place}DeclaredRedaction"}},
                "kept": {**count, "description": "How many sentences of the source the retold text tells."},
                "problems": {"type": "array", "items": {"$ref": f"{place}ComparisonProblem"}},
            },
        ),
        "Drift": record(
            "One place where a retold text is less true than its source. One side may be missing.",
            {
                "kind": {"enum": list(DRIFTS)},
                "severity": {"enum": list(SEVERITIES)},
                "message": {**text, "description": "What a reader of the retold text alone would wrongly believe."},
                "source": side,
                "retold": side,
            },
        ),
        "TellingSide": record(
            "What one text says, in at most two sentences. Offsets count Unicode code points, half-open.",
            {"start": count, "end": count, "quote": text},
        ),
        "DeclaredRedaction": record(
            "Something that is withheld, and said to be withheld.",
            {
                "quote": {**text, "description": "The sentence that declares it, or the reason that was recorded."},
                "start": {"type": ["integer", "null"]},
                "end": {"type": ["integer", "null"]},
                "ground": {**maybe, "description": "Legal, privacy or security, where that was said."},
            },
        ),
        "ComparisonProblem": record(
            "What of the two texts could not be used.", {"code": text, "message": text, "hint": text, "field": maybe}
        ),
    }
