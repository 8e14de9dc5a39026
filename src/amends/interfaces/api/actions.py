"""Action items over HTTP: proposed for an incident, accepted, done, shown to help, and as tickets of a tracker.

What asks a tracker runs in the thread pool like everything that touches the store, and holds no transaction meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Path, Request, Response

from amends.incidents import action_report as report
from amends.interfaces.api import actions_bodies as bodies
from amends.interfaces.api import actions_describe as describe
from amends.interfaces.api.answering import Answers
from amends.interfaces.api.ledger_bodies import KEY, decoder, instant, instant_or_none, once, read_act
from amends.interfaces.api.payload import read_body, who
from amends.promises.promise import Evidence

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.incidents.acting import ActionStanding
    from amends.interfaces.api.ledger_bodies import Strict
    from amends.usecases.facade import UseCases

    Act = Callable[[UseCases, str, Any, str], ActionStanding]

IncidentId = Annotated[str, Path(description="The id of an incident.")]
ActionId = Annotated[str, Path(description="The id of an action item.")]
ANSWERS = Answers("GET /api/v1/actions?state=all and GET /api/v1/incidents list what there is", untold=frozenset({KEY}))


def add_actions(app: FastAPI, usecases: UseCases) -> None:
    """Put the addresses of action items beside those of incidents."""
    _add_lists(app, usecases)
    _add_proposing(app, usecases)
    for name, (kind, act) in ACTS.items():
        _add_act(app, usecases, name, decoder(kind), act)


def _add_lists(app: FastAPI, usecases: UseCases) -> None:
    @app.get("/actions", **describe.LIST)
    async def actions(request: Request) -> Response:
        """The action items that ask for something, the one due first first; or all of them, the one proposed last first."""
        asked = bodies.read_list(request.query_params)
        return await ANSWERS.of(lambda: report.list_as_dict(_listed(usecases, asked, who(request))))

    @app.get("/actions/{action_id}", **describe.ONE)
    async def action(request: Request, action_id: ActionId) -> Response:
        """One action item with all that happened to it, and remarks on its words and its time."""
        return await ANSWERS.of(lambda: _told(usecases, usecases.acting.get(action_id, by=who(request)), who(request)))

    @app.get("/incidents/{incident_id}/actions", **describe.OF_INCIDENT)
    async def of_incident(request: Request, incident_id: IncidentId) -> Response:
        """The action items of one incident, the one proposed first first."""
        return await ANSWERS.of(lambda: report.list_as_dict(usecases.acting.of_incident(incident_id, by=who(request))))


def _add_proposing(app: FastAPI, usecases: UseCases) -> None:
    read = decoder(bodies.ProposeActionRequest)

    @app.post("/incidents/{incident_id}/actions", **describe.PROPOSE)
    async def propose(request: Request, incident_id: IncidentId) -> Response:
        """Write down an idea of what would keep it from happening again. It binds nobody before somebody accepts it."""
        body, by = await request.body(), who(request)
        asked = read_body(body, read)
        key = once(request.headers, body, f"action {incident_id}", by)

        def made() -> tuple[str, dict[str, Any]]:
            new = usecases.acting.propose(incident_id, asked.title, kind=asked.kind, detail=asked.detail, once=key, by=by)
            return new.item.id, _told(usecases, new, by)

        return await ANSWERS.made(request, "actions", made)


def _add_act(app: FastAPI, usecases: UseCases, name: str, kind: Any, act: Act) -> None:
    async def handler(request: Request, action_id: ActionId) -> Response:
        asked, by = read_act(await request.body(), kind), who(request)
        return await ANSWERS.of(lambda: _told(usecases, act(usecases, action_id, asked, by), by))

    handler.__name__ = f"{name.replace('-', '_')}_action"
    app.post(f"/actions/{{action_id}}/{name}", **describe.act(name))(handler)


def _accept(usecases: UseCases, one: str, asked: bodies.AcceptActionRequest, by: str) -> ActionStanding:
    due = instant_or_none(asked.due, "$.due")
    return usecases.acting.accept(one, helps_when=asked.helps_when, person=asked.person, due=due, by=by)


def _done(usecases: UseCases, one: str, asked: bodies.DoneActionRequest, by: str) -> ActionStanding:
    return usecases.acting.done(one, evidence=_evidence(asked.evidence), at=instant_or_none(asked.at, "$.at"), by=by)


def _verify(usecases: UseCases, one: str, asked: bodies.VerifyActionRequest, by: str) -> ActionStanding:
    at = instant_or_none(asked.at, "$.at")
    return usecases.acting.verify(one, _evidence(asked.evidence), at=at, note=asked.note, by=by)


def _no_help(usecases: UseCases, one: str, asked: bodies.NoHelpActionRequest, by: str) -> ActionStanding:
    at = instant_or_none(asked.at, "$.at")
    return usecases.acting.no_help(one, why=asked.why, evidence=_evidence(asked.evidence), at=at, by=by)


def _push(usecases: UseCases, one: str, asked: bodies.PushActionRequest, by: str) -> ActionStanding:
    pushed, _ = usecases.tracking.push(one, asked.tracker, private_too=asked.private_too, by=by)
    return pushed


ACTS: dict[str, tuple[type[Strict], Act]] = {
    "accept": (bodies.AcceptActionRequest, _accept),
    "decline": (bodies.DeclineActionRequest, lambda usecases, one, asked, by: usecases.acting.decline(one, why=asked.why, by=by)),
    "move": (
        bodies.MoveActionRequest,
        lambda usecases, one, asked, by: usecases.acting.move(one, instant(asked.due, "$.due"), why=asked.why, by=by),
    ),
    "done": (bodies.DoneActionRequest, _done),
    "reopen": (
        bodies.ReopenActionRequest,
        lambda usecases, one, asked, by: usecases.acting.reopen(one, why=asked.why, due=instant_or_none(asked.due, "$.due"), by=by),
    ),
    "verify": (bodies.VerifyActionRequest, _verify),
    "no-help": (bodies.NoHelpActionRequest, _no_help),
    "drop": (bodies.DropActionRequest, lambda usecases, one, asked, by: usecases.acting.drop(one, why=asked.why, by=by)),
    "undo": (bodies.UndoActionRequest, lambda usecases, one, asked, by: usecases.acting.undo(one, asked.event, by=by)),
    "push": (bodies.PushActionRequest, _push),
    "follow": (bodies.FollowActionRequest, lambda usecases, one, _, by: usecases.tracking.follow(one, by=by)),
}
"""Each act on an action item: the end of its address, its body, and the use case."""


def _listed(usecases: UseCases, asked: bodies.ListQuery, by: str) -> list[ActionStanding]:
    acting = usecases.acting
    if asked.state == "all":
        return acting.newest(incident_id=asked.incident, owner=asked.owner, limit=asked.limit, before=asked.before, by=by)
    return acting.open(incident_id=asked.incident, owner=asked.owner, overdue=asked.state == "overdue", by=by)[: asked.limit]


def _told(usecases: UseCases, now: ActionStanding, by: str) -> dict[str, Any]:
    return report.list_as_dict([now], remarks=report.remarks_as_dict(usecases.acting.remarks_on(now, by=by)))


def _evidence(asked: bodies.ActionEvidenceRequest | None) -> Evidence | None:
    return Evidence(asked.kind, asked.reference) if asked is not None else None
