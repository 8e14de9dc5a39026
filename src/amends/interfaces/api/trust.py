"""Broken trust over HTTP: the board of an incident, what is tied to it, and the reviews after a month and a quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from fastapi import FastAPI, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from amends.core.zones import zone_or_utc
from amends.integrations.export.documents import FORMATS
from amends.interfaces.api import trust_bodies as bodies
from amends.interfaces.api import trust_describe as describe
from amends.interfaces.api.answering import Answers
from amends.interfaces.api.exports import sent_file
from amends.interfaces.api.ledger_bodies import decoder, instant_or_none, once
from amends.interfaces.api.payload import read_body, who
from amends.interfaces.api.problems import WrongFieldError
from amends.interfaces.api.versions_bodies import read_tz
from amends.trust import board_report, review_report

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.trust.breakmap import TrustBreak
    from amends.trust.repair import Repair
    from amends.trust.review import TrustReview
    from amends.usecases.downloads import Download
    from amends.usecases.facade import UseCases

IncidentId = Annotated[str, Path(description="The id of an incident.")]
ItemId = Annotated[str, Path(description="The broken trust: its `item`.")]
ActionId = Annotated[str, Path(description="The action item.")]
Which = Annotated[str, Path(description="`month` or `quarter`.")]
HERE = "/incidents/{incident_id}/trust"
REVIEWS = f"{HERE}/reviews"
ANSWERS = Answers(
    "GET /api/v1/incidents lists the incidents, and the trust board of each what stands on it", placed=frozenset({"trust review"})
)
_TIMES = ("heard_at", "asked_at", "check_at")


def add_trust(app: FastAPI, usecases: UseCases) -> None:
    """Put the addresses of trust beside those of the account."""
    _add_map(app, usecases)
    _add_repairs(app, usecases)
    _add_reviews(app, usecases)
    _add_answering(app, usecases)
    _add_holding(app, usecases)


def _add_map(app: FastAPI, usecases: UseCases) -> None:
    read_break, read_place = decoder(bodies.BreakRequest), decoder(bodies.PlaceRequest)
    read_group, read_why = decoder(bodies.NotAskedRequest), decoder(bodies.WithdrawBreakRequest)

    @app.get(HERE, **describe.BOARD)
    async def trust_board(request: Request, incident_id: IncidentId) -> Response:
        """The map of broken trust, the repairs tied to it, the reviews, and what is still missing."""
        by = who(request)
        return await ANSWERS.of(lambda: _board(usecases, incident_id, by))

    @app.post(f"{HERE}/breaks", **describe.ADD_BREAK)
    async def add_break(request: Request, incident_id: IncidentId) -> Response:
        """State a broken trust, which makes it a point of the account, and place it on the map."""
        body, by = await request.body(), who(request)
        given = _given(read_body(body, read_break))
        key = once(request.headers, body, f"break {incident_id}", by)

        def made() -> tuple[str, dict[str, Any]]:
            new = usecases.repairing.add_break(incident_id, **given, once=key, by=by)
            return new.item, _break(usecases, incident_id, new, by)

        return await ANSWERS.made(request, f"incidents/{incident_id}/trust/breaks", made)

    @app.post(f"{HERE}/breaks/not-asked", **describe.NOT_ASKED)
    async def not_asked(request: Request, incident_id: IncidentId) -> Response:
        """Put a group on the map that was hit and that nobody has asked yet; the same group twice is one."""
        asked, by = read_body(await request.body(), read_group), who(request)
        return await ANSWERS.of(lambda: _break(usecases, incident_id, usecases.repairing.not_asked(incident_id, asked.group, by=by), by))

    @app.post(f"{HERE}/breaks/{{item_id}}/place", **describe.PLACE)
    async def place_break(request: Request, incident_id: IncidentId, item_id: ItemId) -> Response:
        """Say where a broken trust stands on the map. What is absent stays as it was."""
        given, by = _given(read_body(await request.body(), read_place)), who(request)
        return await ANSWERS.of(lambda: _break(usecases, incident_id, usecases.repairing.place(incident_id, item_id, by=by, **given), by))

    @app.post(f"{HERE}/breaks/{{item_id}}/withdraw", **describe.WITHDRAW_BREAK)
    async def withdraw_break(request: Request, incident_id: IncidentId, item_id: ItemId) -> Response:
        """Take a wrong row of the map back, with the reason, and the point of the account with it. Both stay to be read."""
        asked, by = read_body(await request.body(), read_why), who(request)

        def work() -> dict[str, Any]:
            usecases.repairing.withdraw_break(incident_id, item_id, why=asked.why, by=by)
            return _board(usecases, incident_id, by)

        return await ANSWERS.of(work)

    @app.post(f"{HERE}/breaks/{{item_id}}/restore", **describe.RESTORE_BREAK)
    async def restore_break(request: Request, incident_id: IncidentId, item_id: ItemId) -> Response:
        """Undo that a row of the map was withdrawn."""
        by = who(request)

        def work() -> dict[str, Any]:
            usecases.repairing.restore_break(incident_id, item_id, by=by)
            return _board(usecases, incident_id, by)

        return await ANSWERS.of(work)


def _add_repairs(app: FastAPI, usecases: UseCases) -> None:
    read_new, read_tie = decoder(bodies.ProposeRepairRequest), decoder(bodies.TieRequest)
    read_why = decoder(bodies.WithdrawRepairRequest)

    @app.post(f"{HERE}/repairs", **describe.PROPOSE)
    async def propose_repair(request: Request, incident_id: IncidentId) -> Response:
        """Write down a new action item that repairs trust. The first one plans both reviews; 409 while the incident is not contained."""
        body, by = await request.body(), who(request)
        given = _given(read_body(body, read_new))
        key = once(request.headers, body, f"repair {incident_id}", by)

        def made() -> tuple[str, dict[str, Any]]:
            new = usecases.repairing.propose(incident_id, given.pop("title"), once=key, by=by, **given)
            return new.action.action_id, _repair(usecases, incident_id, new, by)

        return await ANSWERS.made(request, f"incidents/{incident_id}/trust/repairs", made)

    @app.post(f"{HERE}/repairs/{{action_id}}", **describe.TIE)
    async def tie_repair(request: Request, incident_id: IncidentId, action_id: ActionId) -> Response:
        """Say why an action item repairs trust. Saying it again takes the place of what was said."""
        given, by = _given(read_body(await request.body(), read_tie)), who(request)
        return await ANSWERS.of(lambda: _repair(usecases, incident_id, usecases.repairing.tie(incident_id, action_id, by=by, **given), by))

    @app.post(f"{HERE}/repairs/{{action_id}}/withdraw", **describe.WITHDRAW)
    async def withdraw_repair(request: Request, incident_id: IncidentId, action_id: ActionId) -> Response:
        """Say that an action item is no repair of trust any more, and why. The action item stays."""
        asked, by = read_body(await request.body(), read_why), who(request)

        def work() -> dict[str, Any]:
            usecases.repairing.withdraw(incident_id, action_id, why=asked.why, by=by)
            return _board(usecases, incident_id, by)

        return await ANSWERS.of(work)

    @app.post(f"{HERE}/repairs/{{action_id}}/restore", **describe.RESTORE)
    async def restore_repair(request: Request, incident_id: IncidentId, action_id: ActionId) -> Response:
        """Undo that a repair was withdrawn."""
        by = who(request)
        return await ANSWERS.of(lambda: _repair(usecases, incident_id, usecases.repairing.restore(incident_id, action_id, by=by), by))


def _add_reviews(app: FastAPI, usecases: UseCases) -> None:
    read_plan = decoder(bodies.PlanReviewsRequest)

    @app.get(REVIEWS, **describe.REVIEWS)
    async def trust_reviews(request: Request, incident_id: IncidentId) -> Response:
        """The reviews of an incident; none before repair begins."""
        by = who(request)
        return await ANSWERS.of(lambda: _reviews(incident_id, usecases.trust_reviews.of_incident(incident_id, by=by)))

    @app.post(REVIEWS, **describe.PLAN)
    async def plan_reviews(request: Request, incident_id: IncidentId) -> Response:
        """Plan both reviews, once: 30 and 91 days after the containment; 409 while the incident is not contained."""
        asked, by = read_body(await request.body(), read_plan), who(request)
        return await ANSWERS.of(lambda: _reviews(incident_id, usecases.trust_reviews.plan(incident_id, lead=asked.lead, by=by)))

    @app.get(f"{REVIEWS}/{{which}}", **describe.REVIEW)
    async def trust_review(request: Request, incident_id: IncidentId, which: Which) -> Response:
        """A review with its evidence, or as a document. Of a held one it is the evidence of its day."""
        by, zone = who(request), zone_or_utc(read_tz(request.query_params))
        form = request.query_params.get("format", "json")
        if form not in ("json", *FORMATS):
            raise WrongFieldError("format", f"format: expected one of json, {', '.join(FORMATS)}, got {form[:40]!r}")
        if form == "json":
            return await ANSWERS.of(lambda: _review(usecases, incident_id, which, by))
        return sent_file(await run_in_threadpool(lambda: _file(usecases, incident_id, which, form, zone, by)))


def _add_answering(app: FastAPI, usecases: UseCases) -> None:
    read_move, read_lead = decoder(bodies.MoveReviewRequest), decoder(bodies.HandOverReviewRequest)
    read_answer, read_back = decoder(bodies.AnswerRequest), decoder(bodies.TakeBackRequest)

    @app.post(f"{REVIEWS}/{{which}}/move", **describe.MOVE)
    async def move_review(request: Request, incident_id: IncidentId, which: Which) -> Response:
        """Give a review another time, with the reason. The old time stays visible."""
        asked, by = read_body(await request.body(), read_move), who(request)
        due = instant_or_none(asked.due_at, "$.due_at")
        assert due is not None, "the body has one"
        return await _acted(
            usecases, incident_id, which, by, lambda: usecases.trust_reviews.move(incident_id, which, due, why=asked.why, by=by)
        )

    @app.post(f"{REVIEWS}/{{which}}/hand-over", **describe.HAND_OVER)
    async def hand_over_review(request: Request, incident_id: IncidentId, which: Which) -> Response:
        """Say who sees to a review from now on, and is reminded of it."""
        asked, by = read_body(await request.body(), read_lead), who(request)
        return await _acted(
            usecases, incident_id, which, by, lambda: usecases.trust_reviews.hand_over(incident_id, which, asked.person, by=by)
        )

    @app.post(f"{REVIEWS}/{{which}}/answer", **describe.ANSWER)
    async def answer_review(request: Request, incident_id: IncidentId, which: Which) -> Response:
        """Answer a question of a review: by what is referred to, or `unknown`, with whom was asked and when."""
        body, by = await request.body(), who(request)
        given = _given(read_body(body, read_answer))
        key = once(request.headers, body, f"answer {incident_id} {which}", by)
        question, text = given.pop("question"), given.pop("text")
        return await _acted(
            usecases, incident_id, which, by,
            lambda: usecases.trust_reviews.answer(incident_id, which, question, text, once=key, by=by, **given),
        )  # fmt: skip

    @app.post(f"{REVIEWS}/{{which}}/take-back", **describe.TAKE_BACK)
    async def take_back(request: Request, incident_id: IncidentId, which: Which) -> Response:
        """Take back an answer or a move. It stays in the history."""
        asked, by = read_body(await request.body(), read_back), who(request)
        return await _acted(
            usecases, incident_id, which, by, lambda: usecases.trust_reviews.take_back(incident_id, which, asked.event, by=by)
        )


def _add_holding(app: FastAPI, usecases: UseCases) -> None:
    read_hold, read_reopen = decoder(bodies.HoldRequest), decoder(bodies.ReopenRequest)

    @app.post(f"{REVIEWS}/{{which}}/hold", **describe.HOLD)
    async def hold_review(request: Request, incident_id: IncidentId, which: Which) -> Response:
        """Hold a review: decide to continue, to change or to stop. The evidence of this moment is kept with it.

        409 while a question has no answer, or weeks before it is due; 422 for words that say that trust is back.
        """
        asked, by = read_body(await request.body(), read_hold), who(request)
        return await _acted(
            usecases, incident_id, which, by,
            lambda: usecases.trust_reviews.hold(incident_id, which, asked.decision, why=asked.why, said=asked.said, by=by),
        )  # fmt: skip

    @app.post(f"{REVIEWS}/{{which}}/reopen", **describe.REOPEN)
    async def reopen_review(request: Request, incident_id: IncidentId, which: Which) -> Response:
        """Take a held review up again. What was kept with it stays in its history."""
        asked, by = read_body(await request.body(), read_reopen), who(request)
        return await _acted(
            usecases, incident_id, which, by, lambda: usecases.trust_reviews.reopen(incident_id, which, why=asked.why, by=by)
        )


async def _acted(usecases: UseCases, incident_id: str, which: str, by: str, work: Callable[[], TrustReview]) -> Response:
    """A review after something was done to it."""

    def done() -> dict[str, Any]:
        work()
        return _review(usecases, incident_id, which, by)

    return await ANSWERS.of(done)


def _given(asked: msgspec.Struct) -> dict[str, Any]:
    """What a body says, without what is absent; its times as instants."""
    given = {name: value for name, value in msgspec.structs.asdict(asked).items() if value is not None}
    return {name: instant_or_none(value, f"$.{name}") if name in _TIMES else value for name, value in given.items()}


def _board(usecases: UseCases, incident_id: str, by: str) -> dict[str, Any]:
    found = usecases.repairing.board(incident_id, by=by)
    reviews = usecases.trust_reviews.of_incident(incident_id, by=by)
    lacks = (*found.map_lacks, *found.repairs_lack)
    return board_report.as_dict(incident_id, found.map, found.repairs, found.since, lacks, reviews)


def _break(usecases: UseCases, incident_id: str, one: TrustBreak, by: str) -> dict[str, Any]:
    lacks = [each for each in usecases.repairing.board(incident_id, by=by).map_lacks if each.item == one.item]
    told = {"schema": "amends.trust-break/1", "incident": incident_id, **board_report.break_as_dict(one)}
    return {**told, "lacks": [board_report.remark_as_dict(each) for each in lacks]}


def _repair(usecases: UseCases, incident_id: str, one: Repair, by: str) -> dict[str, Any]:
    lacks = [each for each in usecases.repairing.board(incident_id, by=by).repairs_lack if each.item == one.action.action_id]
    told = {"schema": "amends.trust-repair/1", "incident": incident_id, **board_report.repair_as_dict(one)}
    return {**told, "lacks": [board_report.remark_as_dict(each) for each in lacks]}


def _reviews(incident_id: str, found: tuple[TrustReview, ...]) -> dict[str, Any]:
    heads = [review_report.head_as_dict(one) for one in found]
    return {"schema": review_report.REVIEWS, "incident": incident_id, "reviews": heads}


def _review(usecases: UseCases, incident_id: str, which: str, by: str) -> dict[str, Any]:
    laid = usecases.trust_reviews.laid(incident_id, which, by=by)
    return review_report.as_dict(laid.review, laid.told, laid.lacks)


def _file(usecases: UseCases, incident_id: str, which: str, form: str, zone: Any, by: str) -> Download:
    from amends.usecases.downloads import of_paper  # with the archives beside it: the server must not wait for them when it starts

    paper = usecases.trust_reviews.paper(incident_id, which, zone=zone, by=by)
    return of_paper(paper, form, f"trust-review-{which}-{incident_id.lower()}")
