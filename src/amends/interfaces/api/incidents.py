"""Incidents over HTTP: opened with one sentence, changed with the version that was seen, told whole, and what people write down about them.

Whoever asks is who signed in; what they may not see answers as what is not there.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import msgspec
from fastapi import FastAPI, Path, Request, Response

from amends.core.incident import Incident
from amends.incidents import report
from amends.incidents.gates import GateError
from amends.incidents.stale import StaleError
from amends.interfaces.api import incidents_bodies as bodies
from amends.interfaces.api import incidents_describe as describe
from amends.interfaces.api.answering import Answers
from amends.interfaces.api.ledger_bodies import Strict, instant_or_none, once, require_zone
from amends.interfaces.api.payload import read_body, who
from amends.interfaces.api.problems import problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.incidents.event import IncidentEvent
    from amends.usecases.facade import UseCases

    Act = Callable[[UseCases, str, Any, str], dict[str, Any]]

IncidentId = Annotated[str, Path(description="The id of an incident.")]
PartId = Annotated[str, Path(description="The id of one on the list.")]
HERE = "/incidents/{incident_id}"
Body = TypeVar("Body")
ANSWERS = Answers("GET /api/v1/incidents lists the incidents, and each tells what belongs to it")


def add_incidents(app: FastAPI, usecases: UseCases) -> None:
    """Put the addresses of incidents beside those of the ledger."""
    _add_whole(app, usecases)
    _add_change(app, usecases)
    _add_record(app, usecases)
    for part, told in LOOKS.items():
        _add_look(app, usecases, part, told)
    for name, (kind, act, status) in ACTS.items():
        _add_act(app, usecases, name, kind, act, status)
    for noun in ("stakeholder", "link"):
        _add_removal(app, usecases, noun)


def _add_whole(app: FastAPI, usecases: UseCases) -> None:
    read_open = msgspec.json.Decoder(bodies.OpenRequest)

    @app.get("/incidents", **describe.LIST)
    async def incidents(request: Request) -> Response:
        """The incidents, the one that started last first: their ids are what promises and messages are about."""
        asked, by = bodies.read_list(request.query_params), who(request)
        listed = partial(usecases.incidents.list, limit=asked.limit, statuses=asked.statuses, severities=asked.severities)
        return await _answer(lambda: report.list_as_dict(listed(before=asked.before, by=by)))

    @app.post("/incidents", **describe.OPEN)
    async def open_incident(request: Request) -> Response:
        """Open an incident with one sentence. Its severity and its beginning are read from it where they are not given."""
        body, by = await request.body(), who(request)
        asked = read_body(body, read_open)
        key = once(request.headers, body, "incident", by)

        def made() -> tuple[str, dict[str, Any]]:
            new = _opened(usecases, asked, key, by)
            return new.id, report.as_dict(new)

        return await ANSWERS.made(request, "incidents", made)

    @app.get(HERE, **describe.STORY)
    async def story(request: Request, incident_id: IncidentId) -> Response:
        """Everything that is known of an incident: its record, people, messages, promises, action items, and what it follows from."""
        return await _answer(lambda: report.story_as_dict(usecases.stories.of(incident_id, by=who(request))))


def _add_change(app: FastAPI, usecases: UseCases) -> None:
    read_change, read_follow = msgspec.json.Decoder(bodies.ChangeRequest), msgspec.json.Decoder(bodies.FollowRequest)

    @app.patch(HERE, **describe.CHANGE)
    async def change(request: Request, incident_id: IncidentId) -> Response:
        """Change an incident, having seen a version of it: all that is given, or nothing.

        Where somebody changed it since, the answer is 409 with the incident as it stands in `current`. Where a gate before a status is
        shut, it is 409 with the `gates`; with a `reason` each is passed, and the reason stays in the record.
        """
        asked, by = read_body(await request.body(), read_change), who(request)
        given: dict[str, Any] = {name: getattr(asked, name) for name in ("title", "severity", "status", "reason", "private", "version")}
        given |= {name: instant_or_none(getattr(asked, name), f"$.{name}") for name in ("started_at", "reached_at")}
        return await _answer(lambda: report.as_dict(usecases.incidents.change(incident_id, **given, by=by)))

    @app.post(f"{HERE}/follow", **describe.FOLLOW)
    async def follow(request: Request, incident_id: IncidentId) -> Response:
        """Say which incident this one follows from: its fix brought this one. Never a circle."""
        asked = read_body(await request.body(), read_follow)
        return await _answer(lambda: report.as_dict(usecases.incidents.follow(incident_id, asked.earlier, by=who(request))))

    @app.post(f"{HERE}/remove", **describe.REMOVE)
    async def remove(request: Request, incident_id: IncidentId) -> Response:
        """Take an incident out of every list. Nothing of it is lost."""
        return await _answer(lambda: report.as_dict(usecases.incidents.remove(incident_id, by=who(request))))

    @app.post(f"{HERE}/restore", **describe.RESTORE)
    async def restore(request: Request, incident_id: IncidentId) -> Response:
        """Bring an incident back that was removed."""
        return await _answer(lambda: report.as_dict(usecases.incidents.restore(incident_id, by=who(request))))

    @app.get(f"{HERE}/gates", **describe.GATES)
    async def gates(request: Request, incident_id: IncidentId) -> Response:
        """What keeps an incident from a status; nothing is changed."""
        status, by = bodies.read_status(request.query_params), who(request)
        return await _answer(lambda: report.gates_as_dict(incident_id, status, usecases.incidents.gates(incident_id, status, by=by)))


def _add_record(app: FastAPI, usecases: UseCases) -> None:
    read_event: msgspec.json.Decoder[Any] = msgspec.json.Decoder(bodies.EventRequest)

    @app.get(f"{HERE}/events", **describe.EVENTS)
    async def events(request: Request, incident_id: IncidentId) -> Response:
        """The record of an incident in the order in which it was written: changes, facts, milestones, boxes, commits and comments."""
        by = who(request)
        return await _answer(lambda: report.events_as_dict(incident_id, usecases.recording.events(incident_id, by=by)))

    @app.post(f"{HERE}/events", **describe.RECORD)
    async def record(request: Request, incident_id: IncidentId) -> Response:
        """Write something down: a fact, a milestone, a box, a commit, a comment, or that one of these is taken back.

        A fact that somebody else corrected meanwhile is answered with 409: `current` is what stands now, `refused` what was not taken.
        """
        body, by = await request.body(), who(request)
        asked = read_body(body, read_event)
        key = once(request.headers, body, f"event {incident_id}", by)
        return await _answer(lambda: report.events_as_dict(incident_id, (_recorded(usecases, incident_id, asked, key, by),)), 201)


def _add_look(app: FastAPI, usecases: UseCases, part: str, told: str) -> None:
    async def handler(request: Request, incident_id: IncidentId) -> Response:
        by = who(request)
        return await _answer(lambda: report.parts_as_dict(told, incident_id, getattr(usecases.stories.of(incident_id, by=by), part)))

    handler.__name__ = part
    app.get(f"{HERE}/{part}", **describe.look(part))(handler)


def _add_act(app: FastAPI, usecases: UseCases, name: str, kind: type[Strict], act: Act, status: int) -> None:
    decode = msgspec.json.Decoder(kind)

    async def handler(request: Request, incident_id: IncidentId) -> Response:
        asked, by = read_body(await request.body(), decode), who(request)
        return await _answer(lambda: act(usecases, incident_id, asked, by), status)

    handler.__name__ = name.replace("/", "_").replace("-", "_") + "_act"
    app.post(f"{HERE}/{name}", **describe.act(name, kind.__name__, status))(handler)


def _add_removal(app: FastAPI, usecases: UseCases, noun: str) -> None:
    async def handler(request: Request, incident_id: IncidentId, part_id: PartId) -> Response:
        by, remove = who(request), getattr(usecases.involving, f"remove_{noun}")
        return await _answer(lambda: report.parts_as_dict(LOOKS[f"{noun}s"], incident_id, [remove(incident_id, part_id, by=by)]))

    handler.__name__ = f"remove_{noun}"
    app.post(f"{HERE}/{noun}s/{{part_id}}/remove", **describe.removal(noun))(handler)


LOOKS = {
    "assignments": report.ASSIGNMENTS,
    "invitations": report.INVITATIONS,
    "stakeholders": report.STAKEHOLDERS,
    "links": report.LINKS,
}
"""The lists of an incident, each the end of an address, with the schema of the answer."""


def _opened(usecases: UseCases, asked: bodies.OpenRequest, key: str | None, by: str) -> Incident:
    tz = require_zone(asked.tz)
    began = instant_or_none(asked.started_at, "$.started_at", tz)
    return usecases.incidents.open(
        asked.title, severity=asked.severity, started_at=began, private=asked.private, follows=asked.follows, tz=tz, once=key, by=by
    )


def _recorded(usecases: UseCases, incident_id: str, asked: Any, key: str | None, by: str) -> IncidentEvent:
    recording = usecases.recording
    match asked:
        case bodies.FactRequest(kind, text, value, at, replaces):
            when = instant_or_none(at, "$.at")
            return recording.fact(incident_id, kind, text, value=value, at=when, replaces=replaces, once=key, by=by)
        case bodies.MilestoneRequest(kind, at, value, text, replaces):
            when = instant_or_none(at, "$.at")
            return recording.milestone(incident_id, kind, when, value=value, text=text, replaces=replaces, once=key, by=by)
        case bodies.BoxRequest(kind, ticked, text):
            return recording.tick(incident_id, kind, ticked=ticked, text=text, once=key, by=by)
        case bodies.CommitRequest(kind, sha, subject):
            return recording.commit(incident_id, kind, sha, subject, once=key, by=by)
        case bodies.CommentRequest(text):
            return recording.comment(incident_id, text, once=key, by=by)
        case _:
            return recording.withdraw(incident_id, asked.replaces, once=key, by=by)


def _assign(usecases: UseCases, incident_id: str, asked: bodies.AssignRequest, by: str) -> dict[str, Any]:
    made = usecases.involving.hand_over(incident_id, asked.function, asked.person, by=by)
    return report.parts_as_dict(report.ASSIGNMENTS, incident_id, [made])


def _leave(usecases: UseCases, incident_id: str, asked: bodies.LeaveRequest, by: str) -> dict[str, Any]:
    ended = usecases.involving.leave(incident_id, asked.function, by=by)
    return report.parts_as_dict(report.ASSIGNMENTS, incident_id, [ended])


def _invite(usecases: UseCases, incident_id: str, asked: bodies.InviteRequest, by: str) -> dict[str, Any]:
    made = usecases.involving.invite(incident_id, asked.person, by=by)
    return report.parts_as_dict(report.INVITATIONS, incident_id, [made])


def _uninvite(usecases: UseCases, incident_id: str, asked: bodies.InviteRequest, by: str) -> dict[str, Any]:
    left = usecases.involving.uninvite(incident_id, asked.person, by=by)
    return report.parts_as_dict(report.INVITATIONS, incident_id, left)


def _let_in(usecases: UseCases, incident_id: str, asked: bodies.LetInRequest, by: str) -> dict[str, Any]:
    made = usecases.involving.let_in(incident_id, asked.why, by=by)
    return report.parts_as_dict(report.INVITATIONS, incident_id, [made])


def _add_stakeholder(usecases: UseCases, incident_id: str, asked: bodies.StakeholderRequest, by: str) -> dict[str, Any]:
    made = usecases.involving.add_stakeholder(
        incident_id, asked.name, kind=asked.kind, audience=asked.audience, address=asked.address, size=asked.size, by=by
    )
    return report.parts_as_dict(report.STAKEHOLDERS, incident_id, [made])


def _add_link(usecases: UseCases, incident_id: str, asked: bodies.LinkRequest, by: str) -> dict[str, Any]:
    made = usecases.involving.add_link(incident_id, asked.kind, asked.target, title=asked.title, by=by)
    return report.parts_as_dict(report.LINKS, incident_id, [made])


ACTS: dict[str, tuple[type[Strict], Act, int]] = {
    "assignments": (bodies.AssignRequest, _assign, 201),
    "assignments/leave": (bodies.LeaveRequest, _leave, 200),
    "invitations": (bodies.InviteRequest, _invite, 201),
    "invitations/remove": (bodies.InviteRequest, _uninvite, 200),
    "let-in": (bodies.LetInRequest, _let_in, 201),
    "stakeholders": (bodies.StakeholderRequest, _add_stakeholder, 201),
    "links": (bodies.LinkRequest, _add_link, 201),
}
"""What can be done about the people and links of an incident: the end of its address, its body, the use case, and how it answers."""


async def _answer(work: Callable[[], dict[str, Any]], status: int = 200) -> Response:
    """What some work on the store gives, done in a thread; a conflict tells what stands now."""
    try:
        return await ANSWERS.of(work, status)
    except StaleError as error:
        current = error.current
        told = report.as_dict(current) if isinstance(current, Incident) else report.events_as_rows([current])[0]
        return problem(error, current=told, refused=error.refused)
    except GateError as error:
        return problem(error, gates=report.gates_as_rows(error.gates))
