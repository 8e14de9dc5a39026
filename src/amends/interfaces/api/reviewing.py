"""The review of an incident over HTTP: made of its account, its timeline and its action items, with what it still lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Path, Request, Response

from amends.core.zones import zone_or_utc
from amends.incidents import document_report
from amends.interfaces.api.answering import Answers
from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.payload import who
from amends.interfaces.api.problems import WrongFieldError
from amends.interfaces.api.versions_bodies import read_tz
from amends.narrative import review_report as report
from amends.narrative.gaps import GAPS
from amends.narrative.review import SHAPES

if TYPE_CHECKING:
    from amends.usecases.facade import UseCases

IncidentId = Annotated[str, Path(description="The id of an incident.")]
HERE = "/incidents/{incident_id}/review"
ANSWERS = Answers("GET /api/v1/incidents lists the incidents")
_SWITCH = ("no", "yes")
_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_LINES: dict[str, Any] = {"type": "array", "items": _TEXT}


def add_reviewing(app: FastAPI, usecases: UseCases) -> None:
    """Put the addresses of the review beside those of the account."""

    @app.get(HERE, **_READ)
    async def review(request: Request, incident_id: IncidentId) -> Response:
        """The review as it can be made now, block by block, with what it still lacks. As a file it is `GET …/export?what=review`."""
        asked, by = request.query_params, who(request)
        shape, root_cause = _one_of(request, "shape", SHAPES), _one_of(request, "root_cause", _SWITCH) == "yes"
        zone = zone_or_utc(read_tz(asked))

        def made() -> dict[str, Any]:
            found = usecases.reviewing.of(incident_id, shape=shape, root_cause=root_cause, zone=zone, by=by)
            return report.as_dict(incident_id, shape, found.paper, found.gaps)

        return await ANSWERS.of(made)

    @app.post(HERE, **_START)
    async def start_review(request: Request, incident_id: IncidentId) -> Response:
        """Begin the shared text of the review from what the account says now; where there is one already, give that one."""
        by, zone = who(request), zone_or_utc(read_tz(request.query_params))
        return await ANSWERS.of(lambda: document_report.as_dict(usecases.reviewing.start(incident_id, zone=zone, by=by)))


def review_schemas(place: str = "#/components/schemas/") -> dict[str, dict[str, Any]]:
    """The records of a review by name, referring to each other below `place`."""
    return {
        "Review": _record("The review of an incident, and what it still lacks.", {
            "schema": {"const": report.SCHEMA}, "incident": _TEXT, "shape": {"enum": list(SHAPES)}, "title": _TEXT,
            "about": {**_TEXT, "description": "One line below the title."},
            "blocks": {"type": "array", "items": {"$ref": f"{place}ReviewBlock"}},
            "gaps": {"type": "array", "items": {"$ref": f"{place}ReviewGap"}}}),
        "ReviewBlock": _record("One part of the review; what its kind does not have is null.", {
            "kind": {"enum": list(report.BLOCKS)}, "level": {"type": ["integer", "null"]}, "text": _MAYBE_TEXT,
            "points": {"type": ["array", "null"], "items": _TEXT}, "head": {"type": ["array", "null"], "items": _TEXT},
            "rows": {"type": ["array", "null"], "items": _LINES}, "source": _MAYBE_TEXT}),
        "ReviewGap": _record("Something that a review still lacks.", {
            "code": {"enum": list(GAPS)}, "message": _TEXT, "hint": _TEXT,
            "item": {**_MAYBE_TEXT, "description": "The point of the account that it is about."}, "quote": _MAYBE_TEXT}),
    }  # fmt: skip


def _record(description: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "description": description, "required": list(properties), "properties": properties}


def _one_of(request: Request, name: str, known: tuple[str, ...]) -> str:
    given = request.query_params.get(name, known[0])
    if given not in known:
        raise WrongFieldError(name, f"{name}: expected {', '.join(known[:-1])} or {known[-1]}, got {given[:40]!r}")
    return given


def _query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": description}


_TZ = _query("tz", _TEXT, "The IANA zone of times in it; UTC when absent.")
_READ: dict[str, Any] = {
    "responses": answers_of("The review", {"$ref": "#/components/schemas/Review"}, 403, 404, 422, 429, 503),
    "openapi_extra": {
        "parameters": [
            _query("shape", {"enum": list(SHAPES), "default": SHAPES[0]},
                   "The whole review, the write-up of a retro, a short bug report, or the review in plain words."),
            _query("root_cause", {"enum": list(_SWITCH), "default": "no"}, "With a section of that name, which some readers ask for."),
            _TZ,
        ]
    },
}  # fmt: skip
_START: dict[str, Any] = {
    "responses": answers_of("The shared text", {"$ref": "#/components/schemas/SharedText"}, 403, 404, 413, 422, 429, 503),
    "openapi_extra": {"parameters": [_TZ]},
}
