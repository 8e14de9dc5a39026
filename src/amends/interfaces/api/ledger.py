"""The ledger over HTTP: promises and what becomes of them, the messages that made them, and the incidents that they are about.

Whoever asks is who signed in, or the one person of an installation without accounts; no request can name another one to act as. Everything
that touches the store runs in the thread pool, and the first such request opens it: checks go on meanwhile.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Path, Request, Response

from amends.core.zones import zone_named
from amends.interfaces.api import ledger_bodies as bodies
from amends.interfaces.api import ledger_describe as describe
from amends.interfaces.api.answering import Answers
from amends.interfaces.api.payload import read_body, who
from amends.promises.promise import Evidence
from amends.promises.report import SCHEMA, as_dict, message_as_dict
from amends.promises.telling import told_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from amends.core.incident import SentMessage
    from amends.promises.ledger import LedgerEntry
    from amends.usecases.facade import UseCases
    from amends.usecases.promising import Promising

    Changed: TypeAlias = "LedgerEntry | tuple[LedgerEntry, LedgerEntry]"

PromiseId = Annotated[str, Path(description="The id of a promise.")]
MessageId = Annotated[str, Path(description="The id of a message.")]
ANSWERS = Answers(
    "GET /api/v1/promises?state=all and GET /api/v1/incidents list what there is", {"made_to": "to", "incident_id": "incident"}
)


def add_ledger(app: FastAPI, usecases: UseCases) -> None:
    """Put the addresses of the ledger beside those that check."""
    _add_lists(app, usecases)
    _add_making(app, usecases)
    for name, kind, act in ACTS:
        _add_act(app, usecases, name, bodies.decoder(kind), act)


def _add_lists(app: FastAPI, usecases: UseCases) -> None:
    @app.get("/promises", **describe.LIST)
    async def promises(request: Request) -> Response:
        """The promises that ask for something, the one due first first; or all of them, the one recorded last first."""
        asked = bodies.read_list(request.query_params)
        return await ANSWERS.of(lambda: _ledger(_listed(usecases, asked, who(request))))

    @app.get("/promises/absence", **describe.ABSENCE)
    async def absence(request: Request) -> Response:
        """What an absence would break: each promise must be handed over, moved or withdrawn before it."""
        person, leaves, returns = bodies.read_absence(request.query_params)
        return await ANSWERS.of(lambda: _ledger(usecases.promising.left_behind(person, leaves, returns, by=who(request))), prefix="")

    @app.get("/promises/{promise_id}", **describe.PROMISE)
    async def promise(request: Request, promise_id: PromiseId) -> Response:
        """One promise with all that happened to it."""
        return await ANSWERS.of(lambda: _ledger([usecases.promising.get(promise_id, by=who(request))]))

    @app.get("/messages/{message_id}", **describe.MESSAGE)
    async def message(request: Request, message_id: MessageId) -> Response:
        """One message, the promises that it made, and those that it kept."""
        by = who(request)
        return await ANSWERS.of(lambda: _of_message(usecases.promising, usecases.messaging.get(message_id, by=by), by))


def _add_making(app: FastAPI, usecases: UseCases) -> None:
    read_add, read_message = bodies.decoder(bodies.AddRequest), bodies.decoder(bodies.MessageRequest)

    @app.post("/promises", **describe.ADD)
    async def add(request: Request) -> Response:
        """Write down a promise that was made in no message kept here. Without `due`, its time is read from the words."""
        body = await request.body()
        asked = read_body(body, read_add)
        key = bodies.once(request.headers, body, "promise", who(request))
        return await ANSWERS.made(request, "promises", lambda: _added(usecases, asked, key, who(request)))

    @app.post("/messages", **describe.RECORD)
    async def record(request: Request) -> Response:
        """Write down a message that was sent: its promises enter the ledger, and it keeps the update that was promised before."""
        body = await request.body()
        asked = read_body(body, read_message)
        key = bodies.once(request.headers, body, "message", who(request))
        return await ANSWERS.made(request, "messages", lambda: _recorded(usecases, asked, key, who(request)))


def _add_act(app: FastAPI, usecases: UseCases, name: str, kind: Any, act: Callable[[Promising, str, Any, str], Changed]) -> None:
    async def handler(request: Request, promise_id: PromiseId) -> Response:
        asked = bodies.read_act(await request.body(), kind)
        return await ANSWERS.of(lambda: _after(act(usecases.promising, promise_id, asked, who(request))))

    handler.__name__ = name
    app.post(f"/promises/{{promise_id}}/{name}", **describe.act(name))(handler)


def _keep(promising: Promising, promise_id: str, asked: bodies.KeepRequest, by: str) -> Changed:
    evidence = Evidence(asked.evidence.kind, asked.evidence.reference) if asked.evidence is not None else None
    return promising.keep(promise_id, evidence=evidence, at=bodies.instant_or_none(asked.at, "$.at"), by=by)


def _move(promising: Promising, promise_id: str, asked: bodies.MoveRequest, by: str) -> Changed:
    return promising.move(promise_id, bodies.instant(asked.due, "$.due"), why=asked.why, by=by)


def _snooze(promising: Promising, promise_id: str, asked: bodies.SnoozeRequest, by: str) -> Changed:
    return promising.snooze(promise_id, bodies.instant(asked.until, "$.until"), by=by)


ACTS: tuple[tuple[str, type[bodies.Strict], Callable[[Promising, str, Any, str], Changed]], ...] = (
    ("keep", bodies.KeepRequest, _keep),
    ("move", bodies.MoveRequest, _move),
    ("withdraw", bodies.WithdrawRequest, lambda promising, one, asked, by: promising.withdraw(one, why=asked.why, by=by)),
    ("accept", bodies.AcceptRequest, lambda promising, one, asked, by: promising.accept(one, owner=asked.owner, by=by)),
    ("decline", bodies.DeclineRequest, lambda promising, one, asked, by: promising.decline(one, why=asked.why, by=by)),
    ("offer", bodies.OfferRequest, lambda promising, one, asked, by: promising.offer(one, asked.to, why=asked.why, by=by)),
    ("tell", bodies.TellRequest, lambda promising, one, asked, by: promising.tell(one, asked.to, by=by)),
    ("snooze", bodies.SnoozeRequest, _snooze),
    ("undo", bodies.UndoRequest, lambda promising, one, asked, by: promising.take_back(one, asked.event, by=by)),
)
"""Each act on a promise: the end of its address, its body, and the use case."""


def _listed(usecases: UseCases, asked: bodies.ListQuery, by: str) -> list[LedgerEntry]:
    if asked.incident is not None:
        usecases.incidents.get(asked.incident, by=by)  # so that a mistyped id is an error, and not an empty list
    if asked.everything:
        return usecases.promising.newest(incident_id=asked.incident, owner=asked.owner, limit=asked.limit, before=asked.before, by=by)
    return usecases.promising.unsettled(incident_id=asked.incident, owner=asked.owner, by=by)[: asked.limit]


def _added(usecases: UseCases, asked: bodies.AddRequest, once: str | None, by: str) -> tuple[str, dict[str, Any]]:
    now, tz = usecases.clock.now(), bodies.require_zone(asked.tz)
    due = bodies.instant_or_none(asked.due, "$.due", tz)
    read = usecases.checking.promise_in(asked.words, now, tz) if due is None or asked.kind is None else None
    time = read.time if read is not None and due is None else None
    entry = usecases.promising.add(
        asked.words,
        time.due if time else due,
        kind=asked.kind or (read.kind if read else "other"),
        grain=time.grain if time else "minute",
        owner=asked.owner,
        made_to=asked.to,
        incident_id=asked.incident,
        tz=tz,
        time_words=time.words if time else None,
        note=time.note if time else read.note if read is not None and due is None else None,
        private=not asked.shared,
        once=once,
        by=by,
    )
    return entry.promise.id, _ledger([entry])


def _recorded(usecases: UseCases, asked: bodies.MessageRequest, once: str | None, by: str) -> tuple[str, dict[str, Any]]:
    tz = bodies.require_zone(asked.tz)
    message = usecases.messaging.record(
        asked.text,
        form=asked.form,
        audience=asked.audience,
        tz=tz,
        incident_id=asked.incident,
        sent_at=bodies.instant_or_none(asked.sent_at, "$.sent_at", tz),
        once=once,
        by=by,
    )
    return message.id, _of_message(usecases.promising, message, by)


def _of_message(promising: Promising, message: SentMessage, by: str) -> dict[str, Any]:
    made = promising.of_message(message.id, by=by)
    kept = [entry for entry in promising.kept_by(message.id, by=by) if entry.promise.message_id != message.id]
    return _ledger([*made, *kept], message=message_as_dict(message))


def _after(changed: Changed) -> dict[str, Any]:
    """A promise as it stands after an act, what took its place, and the first words to tell those who must hear of it."""
    old, new = changed if isinstance(changed, tuple) else (changed, None)
    if not old.standing.untold:
        return _ledger([old])
    zone = zone_named(old.promise.tz) or UTC  # a message may have come with a zone that there is not
    return _ledger([old, *([new] if new else [])], tell=told_text(old, new.promise if new else None, zone))


def _ledger(entries: Sequence[LedgerEntry], **more: Any) -> dict[str, Any]:
    return {"schema": SCHEMA, **more, "promises": [as_dict(entry) for entry in entries]}
