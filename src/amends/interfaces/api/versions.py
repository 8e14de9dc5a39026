"""Versions of an account over HTTP: the account as told to one audience, held against it while it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Path, Request, Response

from amends.core.people import AUDIENCES
from amends.incidents import document_report
from amends.incidents.document import DocumentConflictError
from amends.interfaces.api import versions_bodies as bodies
from amends.interfaces.api import versions_describe as describe
from amends.interfaces.api.answering import Answers
from amends.interfaces.api.ledger_bodies import decoder, instant_or_none, require_zone
from amends.interfaces.api.payload import read_body, who
from amends.interfaces.api.problems import problem
from amends.usecases import version_report as report

if TYPE_CHECKING:
    from amends.usecases.facade import UseCases

IncidentId = Annotated[str, Path(description="The id of an incident.")]
Audience = Annotated[str, Path(description="Whom it is for.", json_schema_extra={"enum": list(AUDIENCES)})]
RedactionId = Annotated[str, Path(description="The id of what is withheld.")]
INCIDENT = "/incidents/{incident_id}"
HERE = f"{INCIDENT}/versions"
ONE = f"{HERE}/{{audience}}"
ANSWERS = Answers("GET /api/v1/incidents/{incident_id}/versions lists the versions of an incident")


def add_versions(app: FastAPI, usecases: UseCases) -> None:
    """Put the addresses of versions beside those of the account."""
    _add_looking(app, usecases)
    _add_writing(app, usecases)
    _add_tying(app, usecases)
    _add_redacting(app, usecases)


def _add_looking(app: FastAPI, usecases: UseCases) -> None:
    @app.get(HERE, **describe.LIST)
    async def account_versions(request: Request, incident_id: IncidentId) -> Response:
        """The versions of an incident: for whom each is, how many drifts it has, and how much of the account it tells."""
        by, tz = who(request), bodies.read_tz(request.query_params)
        return await ANSWERS.of(lambda: report.heads_as_dict(incident_id, usecases.versions.of_incident(incident_id, tz=tz, by=by)))

    @app.get(f"{HERE}/told", **describe.TOLD)
    async def versions_told(request: Request, incident_id: IncidentId) -> Response:
        """Who was told which version when, and which correction reached whom."""
        by = who(request)
        return await ANSWERS.of(lambda: report.versions_told_as_dict(incident_id, usecases.versions.told(incident_id, by=by)))

    @app.get(f"{HERE}/between", **describe.BETWEEN)
    async def between_versions(request: Request, incident_id: IncidentId) -> Response:
        """Hold the version of one audience against that of another, such as leadership's against the team's."""
        by, (source, retold) = who(request), bodies.read_pair(request.query_params)
        tz = bodies.read_tz(request.query_params)
        return await ANSWERS.of(
            lambda: report.between_as_dict(source, retold, usecases.versions.between(incident_id, source, retold, tz=tz, by=by))
        )

    @app.get(ONE, **describe.ONE)
    async def version(request: Request, incident_id: IncidentId, audience: Audience) -> Response:
        """A version held against the account: its sentences with their points, and where a reader would believe what is not so."""
        by, tz = who(request), bodies.read_tz(request.query_params)
        return await ANSWERS.of(lambda: report.view_as_dict(usecases.versions.view(incident_id, audience, tz=tz, by=by)))

    @app.get(f"{ONE}/offers", **describe.OFFERS)
    async def offers(request: Request, incident_id: IncidentId, audience: Audience) -> Response:
        """What there is to tell an audience: points not yet told, the numbers among them, and open promises."""
        by, tz = who(request), bodies.read_tz(request.query_params)
        return await ANSWERS.of(
            lambda: report.offered_as_dict(incident_id, audience, usecases.versions.offered(incident_id, audience, tz=tz, by=by))
        )


def _add_writing(app: FastAPI, usecases: UseCases) -> None:
    read_save, read_hold = decoder(bodies.SaveVersionRequest), decoder(bodies.HoldRequest)

    @app.post(ONE, **describe.BEGIN)
    async def begin_version(request: Request, incident_id: IncidentId, audience: Audience) -> Response:
        """Begin the version for an audience, or give the one there is."""
        return await ANSWERS.of(lambda: document_report.as_dict(usecases.versions.open(incident_id, audience, by=who(request))))

    @app.put(ONE, **describe.SAVE)
    async def save_version(request: Request, incident_id: IncidentId, audience: Audience) -> Response:
        """Save what somebody wrote, and hold it against the account.

        What others wrote since is joined with it where it touches other paragraphs. Where it touches the same one, the answer is 409:
        `current` is what stands there, and `kept_as` the version under which the refused text is kept.
        """
        asked, by = read_body(await request.body(), read_save), who(request)

        def saved() -> dict[str, Any]:
            document = usecases.versions.view(incident_id, audience, by=by).document
            usecases.documents.save(document.head.id, asked.text, asked.based_on, by=by)
            return report.view_as_dict(usecases.versions.view(incident_id, audience, by=by))

        try:
            return await ANSWERS.of(saved)
        except DocumentConflictError as error:
            return problem(error, current=document_report.as_dict(error.current), kept_as=error.kept_as)

    @app.post(f"{ONE}/hold", **describe.HOLD)
    async def hold_version(request: Request, incident_id: IncidentId, audience: Audience) -> Response:
        """Hold a text against the account while it is written. Nothing is kept."""
        asked, by = read_body(await request.body(), read_hold), who(request)
        tz = require_zone(asked.tz)
        return await ANSWERS.of(lambda: report.view_as_dict(usecases.versions.view(incident_id, audience, text=asked.text, tz=tz, by=by)))

    @app.post(f"{ONE}/draft", **describe.DRAFT)
    async def draft_of_version(request: Request, incident_id: IncidentId, audience: Audience) -> Response:
        """Begin a message with the text of a version. Once it is sent from the workbench, it is known who was told which version."""
        by = who(request)

        def begun() -> dict[str, Any]:
            document = usecases.versions.view(incident_id, audience, by=by).document
            return report.draft_as_dict(usecases.versions.begin_message(document.head.id, by=by))

        return await ANSWERS.of(begun, 201)


def _add_tying(app: FastAPI, usecases: UseCases) -> None:
    read_tie = decoder(bodies.TieRequest)

    async def tied(request: Request, incident_id: str, audience: str, act: str) -> Response:
        asked, by = read_body(await request.body(), read_tie), who(request)

        def done() -> dict[str, Any]:
            document = usecases.versions.view(incident_id, audience, by=by).document
            made = getattr(usecases.versions, act)(document.head.id, asked.sentence, asked.item, by=by)
            return report.ties_as_dict(incident_id, (made,))

        return await ANSWERS.of(done)

    @app.post(f"{ONE}/ties", **describe.TIE)
    async def tie(request: Request, incident_id: IncidentId, audience: Audience) -> Response:
        """Say that a sentence tells a point. It holds as long as the text has that sentence."""
        return await tied(request, incident_id, audience, "tie")

    @app.post(f"{ONE}/ties/remove", **describe.UNTIE)
    async def untie(request: Request, incident_id: IncidentId, audience: Audience) -> Response:
        """Take a tie back. It stays in the history."""
        return await tied(request, incident_id, audience, "untie")


def _add_redacting(app: FastAPI, usecases: UseCases) -> None:
    read_redact = decoder(bodies.RedactRequest)
    here = f"{INCIDENT}/redactions"

    @app.get(here, **describe.REDACTIONS)
    async def redactions(request: Request, incident_id: IncidentId) -> Response:
        """Everything that was ever withheld from somebody, with the reason, and every lifting."""
        by = who(request)
        return await ANSWERS.of(lambda: report.redactions_as_dict(incident_id, usecases.versions.redactions(incident_id, by=by)))

    @app.post(here, **describe.REDACT)
    async def redact(request: Request, incident_id: IncidentId) -> Response:
        """Declare that a point is withheld from an audience, on which ground, why, and until when. It is no drift then."""
        asked, by = read_body(await request.body(), read_redact), who(request)
        until = instant_or_none(asked.lift_at, "$.lift_at")
        what = (asked.item, asked.audience, asked.ground, asked.why)
        redact = usecases.versions.redact
        return await ANSWERS.of(lambda: report.redactions_as_dict(incident_id, (redact(incident_id, *what, lift_at=until, by=by),)), 201)

    @app.post(f"{here}/{{redaction_id}}/lift", **describe.LIFT)
    async def lift(request: Request, incident_id: IncidentId, redaction_id: RedactionId) -> Response:
        """Withhold a point no longer."""
        by = who(request)
        return await ANSWERS.of(lambda: report.redactions_as_dict(incident_id, (usecases.versions.lift(incident_id, redaction_id, by=by),)))
