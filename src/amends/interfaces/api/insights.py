"""What changes over time over all incidents together, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response  # noqa: TC002  # FastAPI reads the annotations when it runs

from amends.core.errors import InputError
from amends.core.zones import zone_or_utc
from amends.interfaces.api.answering import Answers
from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.payload import who
from amends.interfaces.api.shapes import record
from amends.interfaces.api.versions_bodies import read_tz
from amends.trust import insights_report as report
from amends.trust.insights import METRICS
from amends.trust.periods import COUNT, LENGTHS, MOST
from amends.trust.statistics import VERDICTS

if TYPE_CHECKING:
    from amends.usecases.facade import UseCases

ANSWERS = Answers("GET /api/v1/incidents lists the incidents")
_TEXT: dict[str, Any] = {"type": "string"}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
_NUMBER: dict[str, Any] = {"type": ["number", "null"]}


def add_insights(app: FastAPI, usecases: UseCases) -> None:
    """Put the address beside the others."""

    @app.get("/insights", **_READ)
    async def insights(request: Request) -> Response:
        """Seven figures over months or quarters, each with its interval, its exposure and its trap; none of a person or of one team."""
        query = request.query_params
        by, kind, zone = who(request), query.get("by", "quarter"), zone_or_utc(read_tz(query))

        def told() -> dict[str, Any]:
            return report.as_dict(usecases.insights.over(kind, count=_count(query.get("count")), zone=zone, by=by))

        return await ANSWERS.of(told, prefix="")


def insights_schemas(place: str = "#/components/schemas/") -> dict[str, dict[str, Any]]:
    """The records of insights by name, referring to each other below `place`."""
    figures = {"type": "array", "items": {"$ref": f"{place}InsightFigure"}}
    period = {"name": _TEXT, "start": _TIME, "end": _TIME, "running": {"type": "boolean"}, "days": {"type": "number"}}
    return {
        "Insights": record("What changes over time.", {
            "schema": {"const": report.SCHEMA}, "periods": {"type": "array", "items": record("A month or a quarter.", period)},
            "incidents": _COUNT, "metrics": {"type": "array", "items": {"$ref": f"{place}InsightMetric"}}}),
        "InsightMetric": record("One figure over time.", {
            "metric": {"enum": list(METRICS)}, "title": _TEXT, "means": _TEXT, "unit": {"enum": ["share", "seconds"]},
            "better": {"enum": ["lower", "higher"]}, "trap": {**_TEXT, "description": "How it can be misread."},
            "verdict": {"enum": list(VERDICTS)}, "chance": {**_NUMBER, "description": "That it improved; null where that cannot be told."},
            "says": _TEXT, "figures": figures, "beside": figures, "beside_title": {"type": ["string", "null"]}}),
        "InsightFigure": record("What one period shows.", {
            "period": _TEXT, "n": {**_COUNT, "description": "What it rests on."}, "value": _NUMBER,
            "low": {**_NUMBER, "description": "Where the 95 % interval begins."}, "high": _NUMBER, "says": _TEXT}),
    }  # fmt: skip


def _count(given: str | None) -> int:
    if given is None:
        return COUNT
    if not (given.isascii() and given.isdigit()) or len(given) > 3:
        raise InputError(f"{given[:20]!r} is no count of periods", hint=f"ask for 1 to {MOST}", field="count")
    return int(given)


_READ: dict[str, Any] = {
    "responses": answers_of("The figures", {"$ref": "#/components/schemas/Insights"}, 403, 422, 429, 503),
    "openapi_extra": {
        "parameters": [
            {"name": "by", "in": "query", "schema": {"enum": list(LENGTHS)}, "description": "What the periods are; quarters when absent."},
            {
                "name": "count", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": MOST},
                "description": f"How many periods, the last one running; {COUNT} when absent.",
            },
            {"name": "tz", "in": "query", "schema": _TEXT, "description": "The IANA zone in which periods begin; UTC when absent."},
        ]
    },
}  # fmt: skip
