"""Warning signs of an incident over HTTP: each with what was seen, where, and the one thing to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Path, Request, Response

from amends.interfaces.api.answering import Answers
from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.payload import who
from amends.interfaces.api.shapes import record
from amends.trust.signs import report
from amends.trust.signs.records import REF_KINDS, SIGNS

if TYPE_CHECKING:
    from amends.usecases.facade import UseCases

IncidentId = Annotated[str, Path(description="The id of an incident.")]
ANSWERS = Answers("GET /api/v1/incidents lists the incidents")
_TEXT: dict[str, Any] = {"type": "string"}


def add_signs(app: FastAPI, usecases: UseCases) -> None:
    """Put the address beside those of the trust board."""

    @app.get("/incidents/{incident_id}/signs", **_READ)
    async def signs(request: Request, incident_id: IncidentId) -> Response:
        """Warning signs that the repair of an incident is executed and does not land. None is about a person; silence is no proof."""
        by = who(request)
        return await ANSWERS.of(lambda: report.as_dict(incident_id, usecases.signs.of(incident_id, by=by)))


def signs_schemas(place: str = "#/components/schemas/") -> dict[str, dict[str, Any]]:
    """The records of warning signs by name, referring to each other below `place`."""
    ref = {"kind": {"enum": list(REF_KINDS)}, "id": _TEXT, "quote": {**_TEXT, "description": "The words, or the figure, that show it."}}
    sign = {
        "sign": {"enum": list(SIGNS)}, "title": _TEXT, "saw": {**_TEXT, "description": "What was seen, in a sentence."},
        "where": {"type": "array", "items": record("What it rests on.", ref)},
        "ask": {**_TEXT, "description": "The one thing to do."},
    }  # fmt: skip
    whole = {"schema": {"const": report.SCHEMA}, "incident": _TEXT, "signs": {"type": "array", "items": {"$ref": f"{place}WarningSign"}}}
    return {
        "WarningSigns": record("The warning signs that show; an empty list says that none shows, not that there is none.", whole),
        "WarningSign": record("One sign.", sign),
    }


_READ: dict[str, Any] = {"responses": answers_of("The signs", {"$ref": "#/components/schemas/WarningSigns"}, 403, 404, 429, 503)}
