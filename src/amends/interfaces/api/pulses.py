"""Pulses over HTTP: opened, closed and compared by people of the workspace, and answered by whoever holds a link.

The secret of a link stands in the body of a request and in no address, because addresses end up in logs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from fastapi import FastAPI, Path, Request, Response
from msgspec import Meta

from amends.interfaces.api.answering import Answers
from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.ledger_bodies import Strict, Time, decoder, instant, instant_or_none, read_act
from amends.interfaces.api.payload import read_body, who
from amends.interfaces.api.pulses_schema import pulse_schemas
from amends.interfaces.api.shapes import sent
from amends.trust import pulse_report as report
from amends.trust.anonymity import FLOOR, LEAST, MOST_INVITED
from amends.trust.pulse import item_named, items
from amends.trust.scoring import COMMENT_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.usecases.facade import UseCases

ANSWERS = Answers("GET /api/v1/incidents/{incident_id}/pulse lists the waves of an incident")
IncidentId = Annotated[str, Path(description="The id of an incident.")]
WaveId = Annotated[str, Path(description="The id of a wave.")]
_People = Annotated[int, Meta(ge=1, le=MOST_INVITED, description="How many people are in the group.")]
_Comment = Annotated[str, Meta(max_length=COMMENT_LIMIT, description="Name no people in it.")]
_Token = Annotated[str, Meta(min_length=1, max_length=100, description="What stands behind /p/ in the link.")]


class PulseGroupsRequest(Strict):
    """Who is asked, and how many they are."""

    team: _People | None = None
    stakeholders: _People | None = None
    users: _People | None = None


class OpenPulseRequest(Strict):
    """A wave to open."""

    which: Literal["baseline", "month", "quarter"]
    groups: PulseGroupsRequest
    closes_at: Annotated[Time, Meta(description="Two weeks from now when absent.")] | None = None
    least: Annotated[int, Meta(ge=FLOOR, le=MOST_INVITED, description="So many answers a group needs to be shown.")] = LEAST


class ExtendPulseRequest(Strict):
    """Another time at which a wave ends."""

    closes_at: Time


class PulseNothingRequest(Strict):
    """The address says it all."""


class StrikePulseRequest(Strict):
    """A comment to erase."""

    comment: Annotated[str, Meta(min_length=1, max_length=100, description="The id of the comment.")]


class PulseAskedRequest(Strict):
    """A link."""

    token: _Token


class PulseCommentsRequest(Strict):
    """Words to the open questions."""

    fear: _Comment = ""
    seen: _Comment = ""


class PulseAnswerRequest(Strict):
    """An answer. A score is from 1 (not at all) to 7 (entirely), null for "cannot say"; statements may be left out."""

    token: _Token
    scores: dict[str, Annotated[int, Meta(ge=1, le=7)] | None]
    comments: PulseCommentsRequest = msgspec.field(default_factory=PulseCommentsRequest)
    code: Annotated[str, Meta(max_length=60, description="A word that you make up and remember, to be compared with yourself.")] = ""


REQUESTS = (OpenPulseRequest, ExtendPulseRequest, StrikePulseRequest, PulseNothingRequest, PulseAskedRequest, PulseAnswerRequest)
EXAMPLES: dict[str, dict[str, Any]] = {
    "OpenPulseRequest": {"two groups": {"summary": "Two groups, for two weeks", "value": {
        "which": "baseline", "groups": {"team": 9, "users": 30}}}},
    "ExtendPulseRequest": {"longer": {"summary": "Some days more", "value": {"closes_at": "2026-03-20T17:00:00+00:00"}}},
    "StrikePulseRequest": {"one": {"summary": "It names somebody", "value": {"comment": "Vq2Xw8Zr5Tn1Lk7Hd3Jf9B"}}},
    "PulseNothingRequest": {"now": {"summary": "The address says it all", "value": {}}},
    "PulseAskedRequest": {"a link": {"summary": "The end of a link", "value": {"token": "Vq2Xw8Zr5Tn1Lk7Hd3Jf9B"}}},
    "PulseAnswerRequest": {"short": {"summary": "Two statements and a word", "value": {
        "token": "Vq2Xw8Zr5Tn1Lk7Hd3Jf9B", "scores": {"kept-word": 5, "braced": None},
        "comments": {"fear": "That the nightly job stops again and nobody looks."}, "code": "blue door 17"}}},
}  # fmt: skip


def add_pulses(app: FastAPI, usecases: UseCases) -> None:
    """Put the addresses of pulses beside those of incidents."""
    _add_waves(app, usecases)
    for name, act in ACTS.items():
        _add_act(app, usecases, name, act)
    _add_answering(app, usecases)


def pulse_requests() -> dict[str, Any]:
    """The schema of each body, by name."""
    return msgspec.json.schema_components(REQUESTS, ref_template="#/components/schemas/{name}")[1]


def _add_waves(app: FastAPI, usecases: UseCases) -> None:
    read = decoder(OpenPulseRequest)

    @app.get("/incidents/{incident_id}/pulse", responses=_answers("Pulse", "The waves", 404))
    async def pulse(request: Request, incident_id: IncidentId) -> Response:
        """The waves of an incident, what came of those that are closed, and what changed from each to the next."""
        by = who(request)
        return await ANSWERS.of(lambda: _told(usecases, incident_id, by))

    @app.post(
        "/incidents/{incident_id}/pulse",
        status_code=201,
        responses=_answers("PulseOpened", "The wave, and its links", 400, 404, 409, 413, 422, status=201),
        openapi_extra=sent("OpenPulseRequest", EXAMPLES),
    )
    async def open_wave(request: Request, incident_id: IncidentId) -> Response:
        """Open a wave. Its links are told this once: hand them out shuffled, and keep no list of who got which."""
        asked, by = read_body(await request.body(), read), who(request)

        def made() -> tuple[str, dict[str, Any]]:
            ends = instant_or_none(asked.closes_at, "$.closes_at")
            opened = usecases.pulses.open(incident_id, asked.which, _groups(asked.groups), closes_at=ends, least=asked.least, by=by)
            return incident_id, report.opened_as_dict(opened.wave, opened.links, opened.advice)

        return await ANSWERS.of(lambda: made()[1], 201)

    @app.post(
        "/incidents/{incident_id}/pulse/forget",
        responses=_answers("Pulse", "The waves", 400, 404, 413, 422),
        openapi_extra=sent("PulseNothingRequest", EXAMPLES),
    )
    async def forget(request: Request, incident_id: IncidentId) -> Response:
        """Destroy what ties the same people's answers together over the waves, after the last review."""
        read_act(await request.body(), decoder(PulseNothingRequest))
        by = who(request)

        def done() -> dict[str, Any]:
            usecases.pulses.forget_pairing(incident_id, by=by)
            return _told(usecases, incident_id, by)

        return await ANSWERS.of(done)


def _add_act(app: FastAPI, usecases: UseCases, name: str, act: Callable[[UseCases, str, Any, str], dict[str, Any]]) -> None:
    kind = BODIES.get(name, PulseNothingRequest)
    read, shape = decoder(kind), "PulseOpened" if name == "links" else "Pulse"

    async def handler(request: Request, wave_id: WaveId) -> Response:
        asked, by = read_act(await request.body(), read), who(request)
        return await ANSWERS.of(lambda: act(usecases, wave_id, asked, by))

    handler.__name__, handler.__doc__ = f"{name}_wave", SAYS[name]
    answers = _answers(shape, "How it stands", 400, 404, 409, 413, 422)
    app.post(f"/pulse/waves/{{wave_id}}/{name}", responses=answers, openapi_extra=sent(kind.__name__, EXAMPLES))(handler)


def _add_answering(app: FastAPI, usecases: UseCases) -> None:
    read_asked, read_answer = decoder(PulseAskedRequest), decoder(PulseAnswerRequest)

    @app.post(
        "/pulse/asked",
        responses=_answers("PulseAsked", "The statements", 400, 404, 409, 413, 422),
        openapi_extra=sent("PulseAskedRequest", EXAMPLES),
    )
    async def asked(request: Request) -> Response:
        """What a link asks; nobody has to be signed in. It does not tell whether the link has answered."""
        given = read_body(await request.body(), read_asked)

        def told() -> dict[str, Any]:
            found = usecases.pulses.asked(given.token)
            return report.asked_as_dict(found.group, found.items, found.questions)

        return await ANSWERS.of(told)

    @app.post(
        "/pulse/answers",
        responses=_answers("PulseTaken", "It was taken", 400, 404, 409, 413, 422),
        openapi_extra=sent("PulseAnswerRequest", EXAMPLES),
    )
    async def answer(request: Request) -> Response:
        """Answer by a link; nobody has to be signed in. The first answer of a link counts, and another changes nothing."""
        given = read_body(await request.body(), read_answer)

        def taken() -> dict[str, Any]:
            scores = {item_named(name).number: score for name, score in given.scores.items()}
            comments = {"fear": given.comments.fear, "seen": given.comments.seen}
            usecases.pulses.answer(given.token, scores, comments=comments, code=given.code)
            return {"schema": report.TAKEN, "taken": True}

        return await ANSWERS.of(taken)


def _close(usecases: UseCases, wave_id: str, _: Any, by: str) -> dict[str, Any]:
    closed = usecases.pulses.close(wave_id, by=by)
    return _told(usecases, closed.result.incident_id, by, closed.problems)


def _extend(usecases: UseCases, wave_id: str, asked: Any, by: str) -> dict[str, Any]:
    wave = usecases.pulses.extend(wave_id, instant(asked.closes_at, "$.closes_at"), by=by)
    return _told(usecases, wave.incident_id, by)


def _abandon(usecases: UseCases, wave_id: str, _: Any, by: str) -> dict[str, Any]:
    incident_id = usecases.pulses.get(wave_id, by=by).incident_id
    usecases.pulses.abandon(wave_id, by=by)
    return _told(usecases, incident_id, by)


def _strike(usecases: UseCases, wave_id: str, asked: Any, by: str) -> dict[str, Any]:
    return _told(usecases, usecases.pulses.strike(wave_id, asked.comment, by=by).incident_id, by)


def _links(usecases: UseCases, wave_id: str, _: Any, by: str) -> dict[str, Any]:
    opened = usecases.pulses.links(wave_id, by=by)
    return report.opened_as_dict(opened.wave, opened.links, opened.advice)


ACTS: dict[str, Callable[[UseCases, str, Any, str], dict[str, Any]]] = {
    "close": _close,
    "extend": _extend,
    "abandon": _abandon,
    "links": _links,
    "strike": _strike,
}
"""Each act on a wave: the end of its address, and what it does."""
BODIES: dict[str, type[Strict]] = {"extend": ExtendPulseRequest, "strike": StrikePulseRequest}
"""What is sent to an act, where the address does not say it all."""
SAYS = {
    "close": "Close a wave: its answers are counted and destroyed, and so is their key. A closed one stays as it is.",
    "extend": "Let a wave take answers until another time, four weeks after it opened at most.",
    "abandon": "Destroy an open wave with its answers, unread, so that it can be opened anew.",
    "links": "New links for groups in which nobody has answered yet; the old ones take no answer any more.",
    "strike": "Erase a comment for good, such as one that names somebody.",
}


def _told(usecases: UseCases, incident_id: str, by: str, problems: Any = ()) -> dict[str, Any]:
    waves = usecases.pulses.of_incident(incident_id, by=by)
    results = usecases.pulses.results(incident_id, by=by)
    step, advice = usecases.pulses.step(incident_id, by=by), usecases.pulses.ahead(incident_id, by=by)
    return report.pulse_as_dict(waves, results, problems, step, advice)


def _groups(asked: PulseGroupsRequest) -> dict[str, int]:
    given = {"team": asked.team, "stakeholders": asked.stakeholders, "users": asked.users}
    return {name: count for name, count in given.items() if count is not None}


def _answers(name: str, description: str, *refused: int, status: int = 200) -> dict[int | str, dict[str, Any]]:
    return answers_of(description, {"$ref": f"#/components/schemas/{name}"}, 403, *refused, 429, 503, status=status)


def pulse_components() -> dict[str, Any]:
    """Every record and body of pulses, for the description of the API; which statements a score may be for is said there too."""
    found = pulse_schemas() | pulse_requests()
    found["PulseAnswerRequest"]["properties"]["scores"]["propertyNames"] = {"enum": [one.id for one in items()]}
    return found
