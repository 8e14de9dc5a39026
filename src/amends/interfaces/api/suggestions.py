"""Drafts of a language model over HTTP: allowed by an owner, asked for, judged, and taken over by a person.

A model takes its time: asking it runs in the thread pool, and holds no transaction meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Path, Request, Response

from amends.interfaces.api import suggestions_bodies as bodies
from amends.interfaces.api.answering import Answers
from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.ledger_bodies import decoder
from amends.interfaces.api.payload import read_body, who
from amends.interfaces.api.problems import WrongFieldError
from amends.interfaces.api.shapes import sent
from amends.narrative import suggestion_report as report

if TYPE_CHECKING:
    from amends.usecases.facade import UseCases
    from amends.usecases.suggesting import Allowed

IncidentId = Annotated[str, Path(description="The id of an incident.")]
DraftId = Annotated[str, Path(description="The id of a draft of a model.")]
HERE = "/incidents/{incident_id}/account/drafts"
ANSWERS = Answers("GET /api/v1/incidents/{incident_id}/account/drafts lists what a model drafted for an incident")


def add_suggestions(app: FastAPI, usecases: UseCases) -> None:
    """Put the addresses of drafts beside those of the account."""
    _add_drafting(app, usecases)
    _add_allowing(app, usecases)


def _answers(name: str, description: str, *refused: int, status: int = 200) -> dict[int | str, dict[str, Any]]:
    return answers_of(description, {"$ref": f"#/components/schemas/{name}"}, *refused, 403, 422, 429, 503, status=status)


def _act(body: str, answer: str, description: str, *refused: int, status: int = 200) -> dict[str, Any]:
    return {
        "responses": _answers(answer, description, 400, 413, *refused, status=status),
        "openapi_extra": sent(body, bodies.EXAMPLES),
    }


_LOCATION: dict[str, Any] = {"Location": {"schema": {"type": "string"}, "required": True, "description": "The address of what was made."}}
_ASK = {"status_code": 201, **_act("SuggestRequest", "Suggestion", "The draft, judged", 404, 409, 501, 502, status=201)}
_ASK["responses"][201]["headers"] = _LOCATION


def _add_drafting(app: FastAPI, usecases: UseCases) -> None:
    read_ask, read_adopt = decoder(bodies.SuggestRequest), decoder(bodies.AdoptSentencesRequest)

    @app.get(HERE, responses=_answers("Suggestions", "The drafts", 404))
    async def suggestions(request: Request, incident_id: IncidentId) -> Response:
        """What a model drafted for an incident, oldest first."""
        return await ANSWERS.of(lambda: report.list_as_dict(usecases.suggesting.of_incident(incident_id, by=who(request))))

    @app.post(HERE, **_ASK)
    async def suggest(request: Request, incident_id: IncidentId) -> Response:
        """Have the model draft from the claims of the account. Nothing of it is part of a version before a person adopts it."""
        asked, by = read_body(await request.body(), read_ask), who(request)

        def made() -> tuple[str, dict[str, Any]]:
            new = usecases.suggesting.draft(
                incident_id, asked.audience, purpose=asked.purpose, items=asked.items, private_too=asked.private_too, by=by
            )
            return new.draft.id, report.as_dict(new)

        return await ANSWERS.made(request, f"incidents/{incident_id}/account/drafts", made)

    @app.get(f"{HERE}/{{draft_id}}", responses=_answers("Suggestion", "The draft", 404))
    async def suggestion(request: Request, incident_id: IncidentId, draft_id: DraftId) -> Response:
        """One draft: its sentences, why some were struck out, which model wrote it for whom, and who adopted what."""
        return await ANSWERS.of(lambda: report.as_dict(usecases.suggesting.get(incident_id, draft_id, by=who(request))))

    @app.post(f"{HERE}/{{draft_id}}/adopt", **_act("AdoptSentencesRequest", "Suggestion", "The draft as it stands then", 404, 409))
    async def adopt_sentences(request: Request, incident_id: IncidentId, draft_id: DraftId) -> Response:
        """Put sentences of a draft behind the version for its audience, tied to their claims; what was struck out only in other words."""
        asked, by = read_body(await request.body(), read_adopt), who(request)
        taken = {one.number: one.text for one in asked.sentences}
        if len(taken) != len(asked.sentences):
            raise WrongFieldError("$.sentences", "$.sentences: a number stands twice")
        return await ANSWERS.of(
            lambda: report.as_dict(usecases.suggesting.adopt(incident_id, draft_id, taken, audience=asked.audience, by=by)[0])
        )


def _add_allowing(app: FastAPI, usecases: UseCases) -> None:
    read = decoder(bodies.AllowModelRequest)

    @app.get("/model", responses=_answers("ModelAllowed", "What is set up and allowed"))
    async def model(request: Request) -> Response:
        """Which language model may draft here, and what an owner allowed it to be given."""
        return await ANSWERS.of(lambda: _allowed(usecases.suggesting.allowed(by=who(request))))

    @app.post("/model", **_act("AllowModelRequest", "ModelAllowed", "What is allowed then"))
    async def allow_model(request: Request) -> Response:
        """Let a model be given claims of open incidents, or of private ones, or no longer. For owners."""
        asked, by = read_body(await request.body(), read), who(request)
        given = {name: getattr(asked, name) for name in ("open", "private", "practice")}
        return await ANSWERS.of(lambda: _allowed(usecases.suggesting.allow(**given, by=by)))


def _allowed(now: Allowed) -> dict[str, Any]:
    return report.allowed_as_dict(now.model, now.host, is_open=now.open, is_private=now.private, practice=now.practice)
