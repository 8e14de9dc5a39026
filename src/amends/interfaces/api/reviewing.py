"""The review of an incident over HTTP: made of its account, its timeline and its action items, with what it still lacks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from amends.core.zones import zone_or_utc
from amends.incidents import document_report
from amends.integrations.export.documents import FORMATS, MEDIA
from amends.interfaces.api.answering import Answers
from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.exports import sent_file
from amends.interfaces.api.payload import who
from amends.interfaces.api.problems import WrongFieldError
from amends.interfaces.api.shapes import record
from amends.interfaces.api.versions_bodies import read_tz
from amends.narrative import review_report as report
from amends.narrative.gaps import GAPS
from amends.narrative.review import SHAPES

if TYPE_CHECKING:
    from amends.core.paper import Paper
    from amends.usecases.downloads import Download
    from amends.usecases.facade import UseCases
    from amends.usecases.reviewing import Reviewed

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
        """The review as it can be made now: block by block with what it still lacks, or as a document."""
        by, zone = who(request), zone_or_utc(read_tz(request.query_params))
        shape, root_cause = _one_of(request, "shape", SHAPES), _one_of(request, "root_cause", _SWITCH) == "yes"
        form = _one_of(request, "format", ("json", *FORMATS))
        made = partial(usecases.reviewing.of, incident_id, shape=shape, root_cause=root_cause, zone=zone, by=by)
        if form == "json":
            return await ANSWERS.of(lambda: _as_dict(incident_id, shape, made()))
        return sent_file(await run_in_threadpool(lambda: _as_file(made().paper, form, f"{shape}-{incident_id.lower()}")))

    @app.post(HERE, **_START)
    async def start_review(request: Request, incident_id: IncidentId) -> Response:
        """Begin the shared text of the review from what the account says now; where there is one already, give that one."""
        by, zone = who(request), zone_or_utc(read_tz(request.query_params))
        return await ANSWERS.of(lambda: document_report.as_dict(usecases.reviewing.start(incident_id, zone=zone, by=by)))


def _as_dict(incident_id: str, shape: str, found: Reviewed) -> dict[str, Any]:
    return report.as_dict(incident_id, shape, found.paper, found.gaps)


def _as_file(paper: Paper, form: str, name: str) -> Download:
    from amends.usecases.downloads import of_paper  # with the archives beside it: the server must not wait for them when it starts

    return of_paper(paper, form, name)


def review_schemas(place: str = "#/components/schemas/") -> dict[str, dict[str, Any]]:
    """The records of a review by name, referring to each other below `place`."""
    return {
        "Review": record("The review of an incident, and what it still lacks.", {
            "schema": {"const": report.SCHEMA}, "incident": _TEXT, "shape": {"enum": list(SHAPES)}, "title": _TEXT,
            "about": {**_TEXT, "description": "One line below the title."},
            "blocks": {"type": "array", "items": {"$ref": f"{place}ReviewBlock"}},
            "gaps": {"type": "array", "items": {"$ref": f"{place}ReviewGap"}}}),
        "ReviewBlock": record("One part of the review; what its kind does not have is null.", {
            "kind": {"enum": list(report.BLOCKS)}, "level": {"type": ["integer", "null"]}, "text": _MAYBE_TEXT,
            "points": {"type": ["array", "null"], "items": _TEXT}, "head": {"type": ["array", "null"], "items": _TEXT},
            "rows": {"type": ["array", "null"], "items": _LINES}, "source": _MAYBE_TEXT}),
        "ReviewGap": record("Something that a review still lacks.", {
            "code": {"enum": list(GAPS)}, "message": _TEXT, "hint": _TEXT,
            "item": {**_MAYBE_TEXT, "description": "The point of the account that it is about."}, "quote": _MAYBE_TEXT}),
    }  # fmt: skip


def _one_of(request: Request, name: str, known: tuple[str, ...]) -> str:
    given = request.query_params.get(name, known[0])
    if given not in known:
        raise WrongFieldError(name, f"{name}: expected {', '.join(known[:-1])} or {known[-1]}, got {given[:40]!r}")
    return given


def _query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": description}


_TZ = _query("tz", _TEXT, "The IANA zone of times in it; UTC when absent.")
_READ: dict[str, Any] = {
    "responses": answers_of("The review", {"$ref": "#/components/schemas/Review"}, 403, 404, 413, 422, 429, 501, 503),
    "openapi_extra": {
        "parameters": [
            _query("shape", {"enum": list(SHAPES), "default": SHAPES[0]},
                   "The whole review, the write-up of a retro, a short bug report, or the review in plain words."),
            _query("root_cause", {"enum": list(_SWITCH), "default": "no"}, "With a section of that name, which some readers ask for."),
            _query("format", {"enum": ["json", *FORMATS], "default": "json"}, "Block by block, or as a document."),
            _TZ,
        ]
    },
}  # fmt: skip
_READ["responses"][200]["content"] |= {
    MEDIA[form].partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for form in FORMATS
}
_START: dict[str, Any] = {
    "responses": answers_of("The shared text", {"$ref": "#/components/schemas/SharedText"}, 403, 404, 413, 422, 429, 503),
    "openapi_extra": {"parameters": [_TZ]},
}
