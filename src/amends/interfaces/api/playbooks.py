"""Playbooks over HTTP: the library, what may help an incident, and running one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Path, Request, Response

from amends.interfaces.api import playbooks_bodies as bodies
from amends.interfaces.api import playbooks_describe as describe
from amends.interfaces.api.answering import Answers
from amends.interfaces.api.ledger_bodies import KEY, decoder, instant_or_none, once, read_act
from amends.interfaces.api.payload import read_body, who
from amends.playbooks import report

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.interfaces.api.ledger_bodies import Strict
    from amends.playbooks.state import RunState
    from amends.usecases.facade import UseCases
    from amends.usecases.playbooks import Playbooks

    Act = Callable[[Playbooks, str, Any, str], RunState]

IncidentId = Annotated[str, Path(description="The id of an incident.")]
PlaybookId = Annotated[str, Path(description="The id of a playbook.")]
RunId = Annotated[str, Path(description="The id of a run.")]
HERE = "/incidents/{incident_id}/playbooks"
ANSWERS = Answers(
    "GET /api/v1/incidents, /api/v1/playbooks and /api/v1/incidents/ID/playbooks list what there is",
    untold=frozenset({KEY}),
    placed=frozenset({"playbook"}),
)


def add_playbooks(app: FastAPI, usecases: UseCases) -> None:
    """Put the addresses of playbooks beside those of trust."""
    _add_library(app, usecases)
    _add_runs(app, usecases)
    for name, (kind, act) in ACTS.items():
        _add_act(app, usecases, name, decoder(kind), act)


def _add_library(app: FastAPI, usecases: UseCases) -> None:
    @app.get("/playbooks", **describe.LIBRARY)
    async def playbooks(_: Request) -> Response:
        """The playbooks that can be run here, and what is wrong in files that cannot be read."""
        return await ANSWERS.of(lambda: report.library_as_dict(usecases.playbooks.list(), usecases.playbooks.wrong()))

    @app.get("/playbooks/{playbook_id}", **describe.PLAYBOOK)
    async def playbook(_: Request, playbook_id: PlaybookId) -> Response:
        """One playbook, whole."""
        return await ANSWERS.of(lambda: report.playbook_as_dict(usecases.playbooks.get(playbook_id)))


def _add_runs(app: FastAPI, usecases: UseCases) -> None:
    read = decoder(bodies.StartPlaybookRequest)

    @app.get(f"{HERE}/offered", **describe.OFFERED)
    async def offered_playbooks(request: Request, incident_id: IncidentId) -> Response:
        """The playbooks that may help an incident now, each with what in its data says so."""
        return await ANSWERS.of(lambda: report.offers_as_dict(incident_id, usecases.playbooks.offered(incident_id, by=who(request))))

    @app.get(HERE, **describe.RUNS)
    async def playbook_runs(request: Request, incident_id: IncidentId) -> Response:
        """The runs of an incident. Those of private playbooks are there for who began them and who leads them."""
        return await ANSWERS.of(lambda: report.runs_as_dict(incident_id, usecases.playbooks.of_incident(incident_id, by=who(request))))

    @app.get("/playbook-runs/{run_id}", **describe.RUN)
    async def playbook_run(request: Request, run_id: RunId) -> Response:
        """A run as it stands, with what the data hold now."""
        return await ANSWERS.of(lambda: report.run_as_dict(usecases.playbooks.state(run_id, by=who(request))))

    @app.post(HERE, **describe.START)
    async def start_playbook(request: Request, incident_id: IncidentId) -> Response:
        """Begin a playbook. 409 where a gate refuses, with its reason and the first step instead."""
        body, by = await request.body(), who(request)
        asked = read_body(body, read)
        key = once(request.headers, body, f"playbook {incident_id}", by)

        def made() -> tuple[str, dict[str, Any]]:
            now = usecases.playbooks.start(
                incident_id, asked.playbook, lead=asked.lead, answers=asked.answers, overrides=asked.overrides, once=key, by=by
            )
            return now.run.id, report.run_as_dict(now)

        return await ANSWERS.made(request, "playbook-runs", made)


def _add_act(app: FastAPI, usecases: UseCases, name: str, kind: Any, act: Act) -> None:
    async def handler(request: Request, run_id: RunId) -> Response:
        asked, by = read_act(await request.body(), kind), who(request)
        return await ANSWERS.of(lambda: report.run_as_dict(act(usecases.playbooks, run_id, asked, by)))

    handler.__name__ = f"{name.replace('-', '_')}_playbook"
    app.post(f"/playbook-runs/{{run_id}}/{name}", **describe.act(name))(handler)


def _fill(use: Playbooks, run: str, asked: bodies.FillFieldRequest, by: str) -> RunState:
    at = instant_or_none(asked.said_at, "$.said_at")
    return use.fill(run, asked.field, kind=asked.kind, ref=asked.ref, text=asked.text, person=asked.person, said_at=at, by=by)


def _unknown(use: Playbooks, run: str, asked: bodies.UnknownFieldRequest, by: str) -> RunState:
    at = instant_or_none(asked.asked_at, "$.asked_at")
    return use.unknown(run, asked.field, asked=asked.asked, asked_at=at, why=asked.why, by=by)


ACTS: dict[str, tuple[type[Strict], Act]] = {
    "answer": (
        bodies.AnswerGateRequest,
        lambda use, run, asked, by: use.answer_gate(run, asked.gate, yes=asked.yes, person=asked.person, seen=asked.seen, by=by),
    ),
    "override": (
        bodies.OverrideGateRequest,
        lambda use, run, asked, by: use.override(run, asked.gate, why=asked.why, seen=asked.seen, by=by),
    ),
    "fill": (bodies.FillFieldRequest, _fill),
    "unknown": (bodies.UnknownFieldRequest, _unknown),
    "decide": (
        bodies.DecideRequest,
        lambda use, run, asked, by: use.decide(run, asked.decision, asked.text, seen=asked.seen, by=by),
    ),
    "reply": (bodies.ReplyRequest, lambda use, run, asked, by: use.reply(run, asked.question, asked.text, by=by)),
    "follow-up": (bodies.FollowUpRequest, lambda use, run, asked, by: use.follow_up(run, asked.follow_up, asked.text, by=by)),
    "hand-over": (bodies.HandOverRunRequest, lambda use, run, asked, by: use.hand_over(run, asked.person, by=by)),
    "undo": (bodies.UndoRunRequest, lambda use, run, asked, by: use.undo(run, asked.event, by=by)),
    "stop": (bodies.StopRunRequest, lambda use, run, asked, by: use.stop(run, why=asked.why, by=by)),
    "finish": (bodies.FinishRunRequest, lambda use, run, _, by: use.finish(run, by=by)),
}
"""Each act in a run: the end of its address, its body, and the use case."""
