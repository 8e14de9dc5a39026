"""How honest the status of an incident was, over HTTP: figures with what each rests on, and promises made again without a date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Path, Request, Response

from amends.core.people import AUDIENCES
from amends.core.zones import zone_or_utc
from amends.interfaces.api.answering import Answers
from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.payload import who
from amends.interfaces.api.shapes import list_of, many, record
from amends.interfaces.api.versions_bodies import read_tz
from amends.narrative import honesty_report as report
from amends.narrative.contradicting import SOURCES
from amends.narrative.honesty import FIGURES

if TYPE_CHECKING:
    from amends.usecases.facade import UseCases

IncidentId = Annotated[str, Path(description="The id of an incident.")]
ANSWERS = Answers("GET /api/v1/incidents lists the incidents")
_TEXT: dict[str, Any] = {"type": "string"}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
_YES: dict[str, Any] = {"type": "boolean"}


def add_honesty(app: FastAPI, usecases: UseCases) -> None:
    """Put the address beside those of the account."""

    @app.get("/incidents/{incident_id}/honesty", **_READ)
    async def honesty(request: Request, incident_id: IncidentId) -> Response:
        """How honest the status of an incident was. Each figure quotes what it rests on, and nothing is said of who wrote what."""
        by, zone = who(request), zone_or_utc(read_tz(request.query_params))
        return await ANSWERS.of(lambda: report.as_dict(usecases.honesty.of(incident_id, zone=zone, by=by)))


def honesty_schemas(place: str = "#/components/schemas/") -> dict[str, dict[str, Any]]:
    """The records of status honesty by name, referring to each other, and to those of comparisons, below `place`."""
    share = {"type": ["number", "null"], "minimum": 0, "maximum": 1, "description": "Null where there is too little, or it means nothing."}
    quoted = {"source": {"enum": list(SOURCES)}, "id": _TEXT, "quote": _TEXT, "at": _TIME}
    told = {"message": _TEXT, "at": _TIME, "quote": _TEXT, "start": _COUNT, "end": _COUNT}
    return {
        "StatusHonesty": record("How honest the status of an incident was.", {
            "schema": {"const": report.SCHEMA}, "incident": _TEXT, "figures": many(f"{place}HonestyFigure"),
            "repeated": many(f"{place}RepeatedPromise")}),
        "HonestyFigure": record("One figure, and what it rests on.", {
            "name": {"enum": list(FIGURES)}, "says": {**_TEXT, "description": "In a sentence."},
            "known": {**_YES, "description": "Whether there is enough to tell."}, "n": _COUNT, "count": _COUNT, "share": share,
            "seconds": {"type": ["integer", "null"]}, "parts": many(f"{place}HonestyPart")}),
        "HonestyPart": record("One thing that a figure counts, or looked at.", {
            "text": _TEXT, "at": _TIME, "counts": {**_YES, "description": "It is among those counted."},
            "quotes": list_of(record("Words that it rests on.", quoted))}),
        "RepeatedPromise": record("A promise that came again without a date.", {
            "audience": {"enum": [*AUDIENCES, None]}, "drift": {"$ref": f"{place}Drift"},
            "ended": {"enum": ["dated", "kept", None], "description": "How it ended: with a date, or by being kept; null while it hangs."},
            "ended_at": {"type": ["string", "null"], "format": "date-time"},
            "occurrences": list_of(record("One telling of it.", told))}),
    }  # fmt: skip


_READ: dict[str, Any] = {
    "responses": answers_of("The figures", {"$ref": "#/components/schemas/StatusHonesty"}, 403, 404, 422, 429, 503),
    "openapi_extra": {
        "parameters": [
            {"name": "tz", "in": "query", "schema": _TEXT, "description": "The IANA zone of times in sentences; UTC when absent."}
        ]
    },
}
