"""What happened before in like words, over HTTP: among the incidents that whoever asks may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from amends.core.incident import SEVERITIES, STATUSES
from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.payload import encode, read_body, who
from amends.interfaces.api.problems import HEADERS
from amends.interfaces.api.shapes import record
from amends.recurrence.similar import LIMIT
from amends.recurrence.similar_report import SCHEMA, incident_as_dict, whole

if TYPE_CHECKING:
    from amends.usecases.facade import UseCases

MOST = 100


class SimilarRequest(msgspec.Struct):
    """What a client sends; keys that are not listed here are ignored, as in data rows everywhere."""

    text: str
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST)] = LIMIT


_decoder = msgspec.json.Decoder(SimilarRequest)
_TEXT: dict[str, Any] = {"type": "string"}
_REQUEST: dict[str, Any] = {
    "type": "object",
    "required": ["text"],
    "properties": {
        "text": {
            **_TEXT,
            "description": "What went wrong, in any words; the first line is its title. Of a long text the beginning counts.",
        },
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT, "description": "The most matches that are wanted."},
    },
}
EXAMPLES = {
    "what is seen": {
        "summary": "What is seen of something that just broke",
        "value": {"text": "Checkout times out\nThe connection pool is exhausted, pool_timeout in every request.", "limit": 3},
    }
}
"""By what it shows; a test sends each."""

_FOUND = {"$ref": "#/components/schemas/SimilarIncidents"}
_SIMILAR: dict[str, Any] = {
    "responses": answers_of("The incidents, the most alike first", _FOUND, 400, 403, 413, 422, 429, 503),
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SimilarRequest"}, "examples": EXAMPLES}},
        }
    },
}


def add_similar(app: FastAPI, usecases: UseCases) -> None:
    """Put the address beside that of search."""

    def answer(asked: SimilarRequest, by: str) -> bytes:
        return encode(whole(incident_as_dict(one) for one in usecases.similar.like(asked.text, limit=asked.limit, by=by)))

    @app.post("/similar", **_SIMILAR)
    async def similar(request: Request) -> Response:
        """Find the incidents whose words are most like a text, with the reasons. Nothing is kept of the text."""
        asked = read_body(await request.body(), _decoder)
        body = await run_in_threadpool(answer, asked, who(request))
        return Response(body, media_type="application/json", headers=HEADERS)


def similar_requests() -> dict[str, dict[str, Any]]:
    """The schema of the body, by name."""
    return {"SimilarRequest": _REQUEST}


def similar_schemas(place: str = "#/components/schemas/") -> dict[str, dict[str, Any]]:
    """The records of an answer by name, referring to each other below `place`."""
    match = {
        "id": {**_TEXT, "description": "The incident."},
        "score": {"type": "number", "minimum": 0, "maximum": 1, "description": "How alike the words are; the same words come near 1."},
        "why": {"type": "array", "items": _TEXT, "description": "What both have in common, in words."},
        "title": _TEXT,
        "severity": {"enum": list(SEVERITIES)},
        "status": {"enum": list(STATUSES)},
        "started_at": {"type": "string", "format": "date-time"},
    }
    listed = {"schema": {"const": SCHEMA}, "matches": {"type": "array", "items": {"$ref": f"{place}SimilarIncident"}}}
    return {
        "SimilarIncidents": record("Incidents whose words are like a text, the most alike first.", listed),
        "SimilarIncident": record("One of them.", match),
    }
