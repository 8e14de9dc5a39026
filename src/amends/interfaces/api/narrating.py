"""The account of an incident over HTTP: its points, what they cite, and the bytes behind that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Path, Request, Response

from amends.core.errors import NotFoundError
from amends.incidents.stale import StaleError
from amends.interfaces.api import narrating_bodies as bodies
from amends.interfaces.api import narrating_describe as describe
from amends.interfaces.api.answering import Answers
from amends.interfaces.api.ledger_bodies import decoder, instant_or_none, once
from amends.interfaces.api.payload import read_body, who
from amends.interfaces.api.problems import problem
from amends.narrative import account_report as report
from amends.narrative import happened
from amends.narrative.account import Evidence
from amends.narrative.honesty_report import happened_as_dict

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.narrative.account import Account, Stated
    from amends.usecases.facade import UseCases

IncidentId = Annotated[str, Path(description="The id of an incident.")]
ItemId = Annotated[str, Path(description="The point: its `item`.")]
CitationId = Annotated[str, Path(description="The id of something that a point cites.")]
HERE = "/incidents/{incident_id}/account"
ANSWERS = Answers("GET /api/v1/incidents lists the incidents, and the account of each its points", called={"entry_ids": "entries"})
_FIELDS = ("kind", "who", "value", "because", "of")


def add_narrating(app: FastAPI, usecases: UseCases) -> None:
    """Put the addresses of the account beside those of the incident."""
    _add_looking(app, usecases)
    _add_stating(app, usecases)
    _add_citing(app, usecases)


def _add_looking(app: FastAPI, usecases: UseCases) -> None:
    @app.get(HERE, **describe.ACCOUNT)
    async def account(request: Request, incident_id: IncidentId) -> Response:
        """The account as it stands: its points with how well each is supported, and what it cites."""
        return await ANSWERS.of(lambda: report.as_dict(usecases.narrating.get(incident_id, by=who(request))))

    @app.get(f"{HERE}/history", **describe.HISTORY)
    async def account_history(request: Request, incident_id: IncidentId) -> Response:
        """How the account came to be what it is: every revision, citation, and taking back of one."""
        by = who(request)
        return await ANSWERS.of(lambda: _history(usecases, incident_id, by))

    @app.get(f"{HERE}/recorded", **describe.RECORDED)
    async def account_recorded(request: Request, incident_id: IncidentId) -> Response:
        """What was written down elsewhere (facts, milestones, messages, marked entries), as the points that it would become."""
        by = who(request)
        return await ANSWERS.of(lambda: report.recorded_as_dict(incident_id, usecases.narrating.recorded(incident_id, by=by)))

    @app.get(f"{HERE}/points/{{item_id}}", **describe.ONE)
    async def point(request: Request, incident_id: IncidentId, item_id: ItemId) -> Response:
        """One point, withdrawn or not, with its earlier revisions."""
        by = who(request)
        return await _points(incident_id, lambda: (_point(usecases.narrating.get(incident_id, by=by), item_id),))


def _add_stating(app: FastAPI, usecases: UseCases) -> None:
    read_state, read_revise = decoder(bodies.StateRequest), decoder(bodies.ReviseRequest)
    read_withdraw, read_choose = decoder(bodies.WithdrawPointRequest), decoder(bodies.ChooseRequest)
    read_begin = decoder(bodies.BeginRequest)

    @app.post(f"{HERE}/points", **describe.STATE)
    async def state(request: Request, incident_id: IncidentId) -> Response:
        """State a point: a claim, a condition, what went well or badly, a disagreement, a question, a cost, a broken trust."""
        body, by = await request.body(), who(request)
        asked = read_body(body, read_state)
        key = once(request.headers, body, f"point {incident_id}", by)
        given: dict[str, Any] = {name: getattr(asked, name) for name in _FIELDS}
        at = instant_or_none(asked.at, "$.at")

        def made() -> tuple[str, dict[str, Any]]:
            new = usecases.narrating.state(incident_id, asked.part, asked.text, **given, at=at, once=key, by=by)
            return new.item, report.points_as_dict(incident_id, (new,))

        return await ANSWERS.made(request, f"incidents/{incident_id}/account/points", made)

    @app.post(f"{HERE}/points/{{item_id}}/revise", **describe.REVISE)
    async def revise(request: Request, incident_id: IncidentId, item_id: ItemId) -> Response:
        """Say a point otherwise, or close it. What it said stays in its revisions; a withdrawn point comes back.

        Where somebody revised it since, the answer is 409: `current` is what stands now, `refused` the text that was not taken.
        """
        asked, by = read_body(await request.body(), read_revise), who(request)
        given: dict[str, Any] = {name: value for name in (*_FIELDS, "answer") if (value := getattr(asked, name)) is not None}
        given |= {"at": at} if (at := instant_or_none(asked.at, "$.at")) is not None else {}
        narrating = usecases.narrating
        return await _points(
            incident_id, lambda: (narrating.revise(incident_id, item_id, based_on=asked.based_on, text=asked.text, by=by, **given),)
        )

    @app.post(f"{HERE}/points/{{item_id}}/withdraw", **describe.WITHDRAW)
    async def withdraw_point(request: Request, incident_id: IncidentId, item_id: ItemId) -> Response:
        """Take a point back, and with a disagreement its positions. It stays in the history, and revising it brings it back."""
        asked, by = read_body(await request.body(), read_withdraw), who(request)
        narrating = usecases.narrating
        return await _points(incident_id, lambda: (narrating.withdraw(incident_id, item_id, based_on=asked.based_on, by=by),))

    @app.post(f"{HERE}/begin", **describe.BEGIN)
    async def begin(request: Request, incident_id: IncidentId) -> Response:
        """Make points of what was written down already: each cites where it stands. Never one twice."""
        asked, by = read_body(await request.body(), read_begin), who(request)
        return await _points(incident_id, lambda: usecases.narrating.begin(incident_id, asked.names, by=by))

    @app.post(f"{HERE}/choose", **describe.CHOOSE)
    async def choose(request: Request, incident_id: IncidentId) -> Response:
        """Make claims from entries of the timeline: each with the words and the time of its entry, which it cites. Never one twice."""
        asked, by = read_body(await request.body(), read_choose), who(request)
        return await _points(incident_id, lambda: usecases.narrating.choose(incident_id, asked.entries, kind=asked.kind, by=by))


def _add_citing(app: FastAPI, usecases: UseCases) -> None:
    read_cite = decoder(bodies.CiteRequest)

    @app.post(f"{HERE}/points/{{item_id}}/cite", **describe.CITE)
    async def cite(request: Request, incident_id: IncidentId, item_id: ItemId) -> Response:
        """Cite what supports or contradicts a point. Its status follows from what it cites, and can be set in no other way."""
        asked, by = read_body(await request.body(), read_cite), who(request)
        given: dict[str, Any] = {name: getattr(asked, name) for name in ("ref", "text", "stance")}
        return await _points(incident_id, lambda: (usecases.narrating.cite(incident_id, item_id, asked.kind, **given, by=by),))

    @app.get(f"{HERE}/evidence/{{citation_id}}", **describe.BEHIND)
    async def behind_citation(request: Request, incident_id: IncidentId, citation_id: CitationId) -> Response:
        """What a citation rests on: the bytes of the entry, or the message. Nothing holds a measure, or a word."""
        return await ANSWERS.of(lambda: _cited(usecases, incident_id, citation_id, who(request)))

    @app.post(f"{HERE}/evidence/{{citation_id}}/remove", **describe.UNCITE)
    async def uncite(request: Request, incident_id: IncidentId, citation_id: CitationId) -> Response:
        """Take a citation back. It stays in the history."""
        return await _points(incident_id, lambda: (usecases.narrating.uncite(incident_id, citation_id, by=who(request)),))


def _history(usecases: UseCases, incident_id: str, by: str) -> dict[str, Any]:
    changes = usecases.narrating.history(incident_id, by=by)
    return report.history_as_dict(incident_id, changes, {one.id: happened_as_dict(one) for one in happened.told(changes)})


def _point(account: Account, item: str) -> Stated:
    found = next((one for one in (*account.points, *account.withdrawn) if one.item == item), None)
    if found is None:
        raise NotFoundError(f"there is no point {item[:40]!r} in this account")
    return found


def _cited(usecases: UseCases, incident_id: str, citation_id: str, by: str) -> dict[str, Any]:
    narrating = usecases.narrating
    found = narrating.behind(incident_id, citation_id, by=by)
    cited = next(one for one in narrating.history(incident_id, by=by) if one.id == citation_id and isinstance(one, Evidence))
    return report.cited_as_dict(cited, found)


async def _points(incident_id: str, work: Callable[[], tuple[Stated, ...]]) -> Response:
    """The points that some work gives; a conflict tells what stands now."""
    try:
        return await ANSWERS.of(lambda: report.points_as_dict(incident_id, work()))
    except StaleError as error:
        return problem(error, current=report.revision_as_dict(error.current), refused=error.refused)
