"""Recurrence over HTTP: what was met before and what was promised then, judged and declared; guardrails; days that look back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Path, Request, Response

from amends.interfaces.api import recurring_bodies as bodies
from amends.interfaces.api import recurring_describe as describe
from amends.interfaces.api.answering import Answers
from amends.interfaces.api.ledger_bodies import decoder, instant_or_none, once
from amends.interfaces.api.payload import read_body, who
from amends.interfaces.api.versions_bodies import read_tz
from amends.promises.promise import Evidence
from amends.recurrence import report
from amends.usecases.recurring import WINDOW

if TYPE_CHECKING:
    from amends.usecases.facade import UseCases

IncidentId = Annotated[str, Path(description="The id of an incident.")]
EventId = Annotated[str, Path(description="What was told of a guardrail: its id.")]
ANSWERS = Answers("GET /api/v1/incidents lists the incidents")


def add_recurring(app: FastAPI, usecases: UseCases) -> None:
    """Put the addresses of recurrence beside those of the account."""
    _add_met(app, usecases)
    _add_guardrails(app, usecases)
    _add_over_time(app, usecases)


def _add_met(app: FastAPI, usecases: UseCases) -> None:
    read_judge, read_declare = decoder(bodies.JudgeRequest), decoder(bodies.DeclareRequest)

    @app.get("/incidents/{incident_id}/recurrence", **describe.MET)
    async def met_before(request: Request, incident_id: IncidentId) -> Response:
        """The earlier incidents that this one may be again, why, what was promised then, and whether it was done and held."""
        by = who(request)
        return await ANSWERS.of(lambda: report.as_dict(usecases.recurring.met_before(incident_id, by=by)))

    @app.post("/incidents/{incident_id}/recurrence/judge", **describe.JUDGE)
    async def judge_match(request: Request, incident_id: IncidentId) -> Response:
        """Say whether an earlier incident is the same failure. The program need not have found it; the last word counts."""
        asked, by = read_body(await request.body(), read_judge), who(request)
        judge = usecases.recurring.judge
        return await ANSWERS.of(lambda: report.as_dict(judge(incident_id, asked.earlier, asked.verdict, why=asked.why, by=by)))

    @app.post("/incidents/{incident_id}/recurrence/declare", **describe.DECLARE)
    async def declare_fingerprint(request: Request, incident_id: IncidentId) -> Response:
        """Say what an incident is, where its words do not say it. An empty value leaves a part to the words again."""
        asked, by = read_body(await request.body(), read_declare), who(request)
        parts = {"category": asked.category, "component": asked.component, "condition": asked.condition, "trigger": asked.trigger}
        return await ANSWERS.of(lambda: report.as_dict(usecases.recurring.declare(incident_id, by=by, **parts)))


def _add_guardrails(app: FastAPI, usecases: UseCases) -> None:
    read_tell, read_undo = decoder(bodies.TellGuardrailRequest), decoder(bodies.UndoGuardrailRequest)

    @app.get("/guardrails", **describe.LIST)
    async def guardrails(request: Request) -> Response:
        """Mistakes, each with what keeps it from coming back and what shows that it fired or would have, the latest first."""
        by, before = who(request), bodies.read_before(request.query_params)
        return await ANSWERS.of(lambda: report.guardrails_as_dict(usecases.recurring.guardrails(before=before, by=by)))

    @app.get("/incidents/{incident_id}/guardrails", **describe.OF_INCIDENT)
    async def guardrails_of_incident(request: Request, incident_id: IncidentId) -> Response:
        """The guardrails of one incident, and how each did since."""
        by = who(request)
        return await ANSWERS.of(lambda: report.guardrails_as_dict(usecases.recurring.guardrails(incident_id=incident_id, by=by)))

    @app.post("/incidents/{incident_id}/guardrails", **describe.TELL)
    async def tell_guardrail(request: Request, incident_id: IncidentId) -> Response:
        """Write down that a guardrail fired, would have fired, or let something pass, and what shows it."""
        body, by = await request.body(), who(request)
        asked = read_body(body, read_tell)
        key = once(request.headers, body, f"guardrail {incident_id}", by)
        at = instant_or_none(asked.at, "$.at")
        shown = Evidence(asked.evidence.kind, asked.evidence.reference)

        def told() -> dict[str, Any]:
            about = (incident_id, asked.kind, asked.guardrail, asked.what)
            mistake = usecases.recurring.tell_guardrail(*about, at=at, evidence=shown, text=asked.text, once=key, by=by)
            return report.guardrails_as_dict([mistake])

        return await ANSWERS.of(told)

    @app.post("/guardrails/events/{event_id}/undo", **describe.UNDO)
    async def undo_guardrail(request: Request, event_id: EventId) -> Response:
        """Take back what was told of a guardrail. It stays in the history."""
        read_body(await request.body() or b"{}", read_undo)
        by = who(request)
        return await ANSWERS.of(lambda: report.guardrails_as_dict([usecases.recurring.undo_guardrail(event_id, by=by)]))


def _add_over_time(app: FastAPI, usecases: UseCases) -> None:
    read_mode = decoder(bodies.ModeRequest)

    def over_time(days: int, by: str) -> dict[str, Any]:
        recurring = usecases.recurring
        judged = recurring.records(by=by)
        shares = [(one.record, (one.share.low, one.share.share, one.share.high) if one.share else None) for one in judged]
        return report.over_time_as_dict(recurring.mode(by=by), recurring.repeats(days=days, by=by), shares)

    @app.get("/on-this-day", **describe.DAY)
    async def on_this_day(request: Request) -> Response:
        """What began on this date a year ago, and two, with what was promised then. 29 February is looked back at on the 28th."""
        by, tz = who(request), read_tz(request.query_params)
        return await ANSWERS.of(lambda: report.days_as_dict(usecases.recurring.on_this_day(tz=tz, by=by)))

    @app.get("/recurrence", **describe.OVER_TIME)
    async def recurrence(request: Request) -> Response:
        """Whether matches are looked for and shown, the categories that came several times, and how often judged matches were right."""
        by, days = who(request), bodies.read_days(request.query_params)
        return await ANSWERS.of(lambda: over_time(days, by))

    @app.get("/recurrence/kinds", **describe.KINDS)
    async def recurrence_kinds() -> Response:
        """The categories, triggers and conditions that an incident can be declared with."""
        return await ANSWERS.of(report.kinds_as_dict)

    @app.post("/recurrence", **describe.MODE)
    async def choose_recurrence(request: Request) -> Response:
        """Choose whether matches are looked for and shown; for owners. `shadow` shows them to nobody before the review."""
        asked, by = read_body(await request.body(), read_mode), who(request)

        def chosen() -> dict[str, Any]:
            usecases.recurring.set_mode(asked.mode, by=by)
            return over_time(WINDOW, by)

        return await ANSWERS.of(chosen)
