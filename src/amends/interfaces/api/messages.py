"""Messages about incidents over HTTP: begun from facts, sent, heard, shared again, corrected, and the follow-up note.

What sends through a channel or asks a repository runs in the thread pool, and holds no transaction meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Path, Request, Response

from amends.core.zones import zone_or_utc
from amends.incidents import message_report as report
from amends.interfaces.api import messages_bodies as bodies
from amends.interfaces.api import messages_describe as describe
from amends.interfaces.api.answering import Answers
from amends.interfaces.api.ledger_bodies import KEY, decoder, instant_or_none, once, read_act, require_zone
from amends.interfaces.api.payload import read_body, who

if TYPE_CHECKING:
    from amends.usecases.facade import UseCases

IncidentId = Annotated[str, Path(description="The id of an incident.")]
MessageId = Annotated[str, Path(description="The id of a message.")]
FormName = Annotated[str, Path(description="What is begun, such as `exec-status` or `correction`.")]
ANSWERS = Answers("GET /api/v1/incidents and their messages list what there is", untold=frozenset({KEY}))


def add_messages(app: FastAPI, usecases: UseCases) -> None:
    """Put the addresses of messages beside those of incidents."""
    _add_reading(app, usecases)
    _add_sending(app, usecases)
    _add_acts(app, usecases)
    _add_starts(app, usecases)


def _add_reading(app: FastAPI, usecases: UseCases) -> None:
    @app.get("/incidents/{incident_id}/messages", **describe.OF_INCIDENT)
    async def messages(request: Request, incident_id: IncidentId) -> Response:
        """The messages about an incident, each with who heard it."""
        return await ANSWERS.of(lambda: report.messages_as_dict(usecases.telling.of_incident(incident_id, by=who(request))))

    @app.get("/messages/{message_id}/deliveries", **describe.DELIVERIES)
    async def deliveries(request: Request, message_id: MessageId) -> Response:
        """Who was told a message, when it was read or acknowledged, and who has not been told."""
        return await ANSWERS.of(lambda: report.messages_as_dict([usecases.telling.of(message_id, by=who(request))]))

    @app.get("/messages/{message_id}/corrections", **describe.CORRECTIONS)
    async def corrections(request: Request, message_id: MessageId) -> Response:
        """The line of a message: what it corrects and what corrects it, and who has not heard the last of it."""

        def line() -> dict[str, Any]:
            told = usecases.telling.of(message_id, by=who(request))
            return report.messages_as_dict([usecases.telling.of(one.id, by=who(request)) for one in told.line])

        return await ANSWERS.of(line)


def _add_sending(app: FastAPI, usecases: UseCases) -> None:
    read, read_correction = decoder(bodies.IncidentMessageRequest), decoder(bodies.CorrectionRequest)

    @app.post("/incidents/{incident_id}/messages", **describe.SEND)
    async def send(request: Request, incident_id: IncidentId) -> Response:
        """Mark a message as sent, or send it through a channel. What did not get through stands among its problems."""
        body, by = await request.body(), who(request)
        asked = read_body(body, read)
        key = once(request.headers, body, f"message {incident_id}", by)
        return await ANSWERS.made(request, "messages", lambda: _sent(usecases, incident_id, asked, asked.corrects, key, by))

    @app.post("/messages/{message_id}/corrections", **describe.CORRECT)
    async def correct(request: Request, message_id: MessageId) -> Response:
        """Correct a message, for everybody who was told it or an earlier correction of it."""
        body, by = await request.body(), who(request)
        asked = read_body(body, read_correction)
        key = once(request.headers, body, f"correction {message_id}", by)
        return await ANSWERS.made(request, "messages", lambda: _sent(usecases, None, asked, message_id, key, by))


def _add_acts(app: FastAPI, usecases: UseCases) -> None:
    read_share, read_ack = decoder(bodies.ShareRequest), decoder(bodies.AcknowledgeRequest)

    @app.post("/messages/{message_id}/deliveries", **describe.SHARE)
    async def share(request: Request, message_id: MessageId) -> Response:
        """Give the same version to those who have not heard it; nobody gets it twice."""
        asked, by = read_act(await request.body(), read_share), who(request)

        def told() -> dict[str, Any]:
            at = instant_or_none(asked.at, "$.at")
            found = usecases.telling.share(message_id, to=asked.to, channel=asked.channel, via=asked.via, at=at, sure=asked.sure, by=by)
            return report.messages_as_dict([found])

        return await ANSWERS.of(told)

    @app.post("/messages/{message_id}/acknowledge", **describe.ACKNOWLEDGE)
    async def acknowledge(request: Request, message_id: MessageId) -> Response:
        """Say that somebody has read or acknowledged a message."""
        asked, by = read_act(await request.body(), read_ack), who(request)

        def told() -> dict[str, Any]:
            at = instant_or_none(asked.at, "$.at")
            found = usecases.telling.acknowledge(message_id, asked.stakeholder, only_read=asked.only_read, at=at, by=by)
            return report.messages_as_dict([found])

        return await ANSWERS.of(told)


def _add_starts(app: FastAPI, usecases: UseCases) -> None:
    @app.get("/incidents/{incident_id}/starts/{form}", **describe.START)
    async def start(request: Request, incident_id: IncidentId, form: FormName) -> Response:
        """A text begun from what is known of an incident, with [gaps] for what is not."""
        query = request.query_params
        tz, changes = require_zone(query.get("tz")), query.get("changes") in ("true", "1")
        return await ANSWERS.of(
            lambda: report.start_as_dict(
                incident_id,
                usecases.beginning.start(
                    incident_id, form, audience=query.get("audience"), corrects=query.get("corrects"), with_changes=changes, tz=tz,
                    by=who(request),
                ),
            )
        )  # fmt: skip

    @app.get("/incidents/{incident_id}/changes", **describe.CHANGES)
    async def changes(request: Request, incident_id: IncidentId) -> Response:
        """What changed since the last update to an audience, or since one message."""
        query = request.query_params
        tz = require_zone(query.get("tz"))
        return await ANSWERS.of(
            lambda: report.since_as_dict(
                incident_id,
                usecases.beginning.since(
                    incident_id, audience=query.get("audience"), message_id=query.get("message"), tz=tz, by=who(request)
                ),
            )
        )

    @app.get("/incidents/{incident_id}/note", **describe.NOTE)
    async def note(request: Request, incident_id: IncidentId) -> Response:
        """The follow-up note: two sentences, two commits, two boxes, and who has it."""
        zone = zone_or_utc(require_zone(request.query_params.get("tz")))
        return await ANSWERS.of(lambda: report.note_as_dict(incident_id, usecases.notes.of(incident_id, zone=zone, by=who(request))))

    @app.get("/incidents/{incident_id}/commits", **describe.COMMITS)
    async def commits(request: Request, incident_id: IncidentId) -> Response:
        """The commits that are probably its hotfix, rollback or guardrail, from its repositories and the GitHub trackers."""
        return await ANSWERS.of(lambda: report.commits_as_dict(incident_id, usecases.notes.candidates(incident_id, by=who(request))))


def _sent(
    usecases: UseCases,
    incident_id: str | None,
    asked: bodies.IncidentMessageRequest | bodies.CorrectionRequest,
    corrects: str | None,
    key: str | None,
    by: str,
) -> tuple[str, dict[str, Any]]:
    tz = require_zone(asked.tz)
    first = asked if isinstance(asked, bodies.IncidentMessageRequest) else None
    sent = usecases.messaging.record(
        asked.text,
        form=first.form if first else "auto",
        audience=first.audience if first else None,
        tz=tz,
        incident_id=incident_id,
        sent_at=instant_or_none(asked.sent_at, "$.sent_at", tz),
        corrects=corrects,
        via=asked.via,
        channel=asked.channel,
        to=asked.to,
        once=key,
        by=by,
    )
    return sent.id, report.messages_as_dict([usecases.telling.of(sent.id, by=by)])
