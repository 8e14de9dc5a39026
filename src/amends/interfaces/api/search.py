"""Search over HTTP: what was written here, found again by those who may see it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from amends.core.search_report import SCHEMA, as_dict
from amends.core.zones import zone_named
from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.payload import encode, who
from amends.interfaces.api.problems import HEADERS, WrongFieldError
from amends.interfaces.api.shapes import parameter

if TYPE_CHECKING:
    from amends.usecases.facade import UseCases

LIMIT, FURTHEST, USUAL = 100, 1000, 20

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_MARKS: dict[str, Any] = {
    "type": "array",
    "description": "Where the words stand that were found, as half-open ranges of code points.",
    "items": {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2},
}
_PART: dict[str, Any] = {"type": "object", "required": ["text", "marks"], "properties": {"text": _TEXT, "marks": _MARKS}}
_INCIDENT: dict[str, Any] = {"type": ["object", "null"], "properties": dict.fromkeys(("id", "title", "status", "severity"), _TEXT)}
_HIT: dict[str, Any] = {
    "kind": _TEXT,
    "id": _TEXT,
    "incident": {**_INCIDENT, "required": ["id", "title", "status", "severity"]},
    "by": _MAYBE_TEXT,
    "at": {"type": "string", "format": "date-time"},
    "own": {"type": "boolean", "description": "Whether only you see it."},
    "title": _PART,
    "snippet": _PART,
}
_PROBLEM: dict[str, Any] = {"type": "object", "properties": dict.fromkeys(("code", "field", "message", "hint"), _MAYBE_TEXT)}
_FOUND: dict[str, Any] = {
    "type": "object",
    "required": ["schema", "total", "more", "hits", "problems"],
    "properties": {
        "schema": {"const": SCHEMA},
        "total": {"type": "integer", "description": f"How many were found, up to {FURTHEST}."},
        "more": {"type": "boolean", "description": "Whether there are more than `total` says."},
        "hits": {"type": "array", "items": {"type": "object", "required": list(_HIT), "properties": _HIT}},
        "problems": {"type": "array", "items": _PROBLEM, "description": "Filters that were left out."},
    },
}


_WORDS = (
    "Words, “phrases” in straight quotes, -words that must not be there, and kind:, status:, sev:, from:, before:, after: with a value."
)
_SEARCH: dict[str, Any] = {
    "responses": answers_of("What was found, the best first", _FOUND, 403, 422, 429, 503),
    "openapi_extra": {
        "parameters": [
            parameter("q", _TEXT, _WORDS, required=True),
            parameter("limit", {"type": "integer", "minimum": 1, "maximum": LIMIT, "default": USUAL}, "The most hits that are wanted."),
            parameter("after", {"type": "integer", "minimum": 0, "maximum": FURTHEST, "default": 0}, "Behind how many hits to begin."),
            parameter("tz", _TEXT, "The IANA zone in which the days of filters begin; UTC when absent."),
        ]
    },
}


def add_search(app: FastAPI, usecases: UseCases) -> None:
    """Put the address of search beside the others."""

    @app.get("/search", **_SEARCH)
    async def search(request: Request) -> Response:
        """Find incidents, facts, messages, promises, action items, texts, and what hangs on them."""
        query, by = request.query_params, who(request)
        if "q" not in query:
            raise WrongFieldError("q", "q: this parameter is missing", hint="write what you are looking for")
        limit, after = _number(query.get("limit"), "limit", USUAL, 1, LIMIT), _number(query.get("after"), "after", 0, 0, FURTHEST)
        zone = zone_named(query.get("tz", "UTC"))
        if zone is None:
            raise WrongFieldError("tz", f"tz: unknown time zone {query['tz'][:40]!r}", hint="write an IANA name such as Europe/London")
        found = await run_in_threadpool(usecases.searching.find, query["q"], by=by, limit=limit, after=after, zone=zone)
        return Response(encode(as_dict(found)), media_type="application/json", headers=HEADERS)


def _number(said: str | None, name: str, usual: int, least: int, most: int) -> int:
    number = usual if said is None else int(said) if re.fullmatch(r"[0-9]{1,9}", said) else -1
    if not least <= number <= most:
        raise WrongFieldError(name, f"{name}: expected a whole number from {least} to {most}, got {str(said)[:40]!r}")
    return number
