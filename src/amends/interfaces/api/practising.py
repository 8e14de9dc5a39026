"""Practice over HTTP: drills, what is due, and history, each of whoever asks and of nobody else.

A token opens this only where it was made for it, because a key that lies in a build must not read what somebody practises.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Path, Request, Response

from amends.interfaces.api import practising_bodies as bodies
from amends.interfaces.api import practising_describe as describe
from amends.interfaces.api.answering import Answers
from amends.interfaces.api.ledger_bodies import decoder, require_zone
from amends.interfaces.api.payload import read_body, who
from amends.interfaces.api.problems import WrongFieldError
from amends.practice import session_report as report
from amends.practice.interview import Answers as Interview
from amends.practice.report import played_as_values
from amends.practice.session import Delivery

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.practice.session import Choices, Session
    from amends.usecases.facade import UseCases

SessionId = Annotated[str, Path(description="The id of a drill of yours.")]
OwnId = Annotated[str, Path(description="The id of a conversation that you described.")]
ANSWERS = Answers("GET /api/v1/practice/sessions lists your drills")
HERE = "/practice/sessions/{session_id}"


def add_practising(app: FastAPI, usecases: UseCases) -> None:
    """Put the addresses of practice beside the others."""
    _add_drills(app, usecases)
    _add_playing(app, usecases)
    _add_own(app, usecases)
    _add_records(app, usecases)


def _add_drills(app: FastAPI, usecases: UseCases) -> None:
    read = decoder(bodies.TryRequest)

    @app.get("/practice", **describe.CATALOGUE)
    async def practice(request: Request) -> Response:
        """The drills that can be played, how often you played each, and whether it is proposed for today."""
        by = who(request)
        return await ANSWERS.of(lambda: _catalogue("scenarios", [report.entry_as_values(one) for one in usecases.practising.catalogue(by)]))

    @app.get("/practice/personas", **describe.PERSONAS)
    async def personas() -> Response:
        """Whom you can rehearse with."""
        return await ANSWERS.of(lambda: _catalogue("personas", [report.scenario_as_values(one) for one in usecases.practising.personas()]))

    @app.post("/practice/try", **describe.TRY)
    async def try_out(request: Request) -> Response:
        """Play a whole conversation of which nothing is kept, as a group does."""
        asked = read_body(await request.body(), read)
        return await ANSWERS.of(
            lambda: played_as_values(
                usecases.drills.try_out(
                    asked.scenario, asked.turns, seed=asked.seed, difficulty=asked.difficulty, variant=asked.variant
                )
            )
        )  # fmt: skip


_BEGUN_WITH = ("difficulty", "variant", "seed", "aided", "after")


def _add_playing(app: FastAPI, usecases: UseCases) -> None:
    read_begin, read_say = decoder(bodies.BeginRequest), decoder(bodies.SayRequest)

    @app.get("/practice/sessions", **describe.SESSIONS)
    async def sessions(request: Request) -> Response:
        """Your drills, the newest first, without what was said."""
        by, limit = who(request), _limit(request.query_params.get("limit", "100"))
        return await ANSWERS.of(
            lambda: {
                "schema": report.SESSIONS,
                "sessions": [report.sitting_as_values(one) for one in usecases.practising.sessions(by, limit)],
            }
        )

    @app.post("/practice/sessions", **describe.BEGIN)
    async def begin(request: Request) -> Response:
        """Begin a drill: the other person opens the conversation."""
        asked, by = read_body(await request.body(), read_begin), who(request)
        given: dict[str, Any] = {"zone": require_zone(asked.tz), **{name: getattr(asked, name) for name in _BEGUN_WITH}}

        def made() -> tuple[str, dict[str, Any]]:
            if asked.voice:
                usecases.voicing.require(by)
            begun = usecases.practising.begin(by, asked.scenario, **given)
            if asked.voice:
                usecases.voicing.switch(by, begun.id, on=True)
                begun = usecases.practising.session(by, begun.id)
            return _made(begun)

        return await ANSWERS.made(request, "practice/sessions", made)

    @app.get(HERE, **describe.SESSION)
    async def session(request: Request, session_id: SessionId) -> Response:
        """One drill of yours with the conversation; with score and look back once it is over."""
        by = who(request)
        return await ANSWERS.of(lambda: report.session_as_values(usecases.practising.session(by, session_id)))

    @app.post(f"{HERE}/turns", **describe.SAY)
    async def say(request: Request, session_id: SessionId) -> Response:
        """Say something, and have the answer. Answers 409 where this turn was taken with other words, or the conversation is over."""
        asked, by = read_body(await request.body(), read_say), who(request)
        how = Delivery(**{name: getattr(asked.delivery, name) for name in Delivery.__slots__}) if asked.delivery else None

        def told() -> dict[str, Any]:
            said = usecases.practising.say(by, session_id, asked.text, asked.turn, how)
            return report.session_as_values(usecases.voicing.voiced(said) if said.sitting.voice else said)

        return await ANSWERS.of(told)

    @app.post(f"{HERE}/leave", **describe.LEAVE)
    async def leave(request: Request, session_id: SessionId) -> Response:
        """Leave a drill before its end: it is scored as it stands, and counts for nothing."""
        by = who(request)
        return await ANSWERS.of(lambda: report.session_as_values(usecases.practising.leave(by, session_id)))

    @app.delete(HERE, **describe.FORGET)
    async def forget(request: Request, session_id: SessionId) -> Response:
        """Forget a drill, with what followed from it. It cannot be undone."""
        by = who(request)
        return await _gone(lambda: usecases.practising.forget(by, session_id))


def _add_own(app: FastAPI, usecases: UseCases) -> None:
    read_own, read_rehearse = decoder(bodies.OwnRequest), decoder(bodies.RehearseRequest)

    @app.get("/practice/own", **describe.OWN)
    async def own(request: Request) -> Response:
        """The conversations that you described, to practise them; each is begun under its `scenario`."""
        by = who(request)
        return await ANSWERS.of(lambda: _own([report.own_as_values(one) for one in usecases.practising.own(by)]))

    @app.post("/practice/own", **describe.KEEP_OWN)
    async def keep_own(request: Request) -> Response:
        """Describe a conversation that is coming, and have a private drill of it."""
        asked, by = read_body(await request.body(), read_own), who(request)
        given: dict[str, Any] = {name: getattr(asked, name) for name in Interview.__slots__}
        given |= {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
        answers = Interview(**given)

        def made() -> tuple[str, dict[str, Any]]:
            new = usecases.practising.keep_own(by, answers)
            return new.id, _own([report.own_as_values(new)])

        return await ANSWERS.made(request, "practice/own", made)

    @app.delete("/practice/own/{own_id}", **describe.FORGET)
    async def drop_own(request: Request, own_id: OwnId) -> Response:
        """Forget a conversation that you described. What you played of it stays until you forget that."""
        by = who(request)
        return await _gone(lambda: usecases.practising.drop_own(by, own_id))

    @app.post("/practice/rehearsals", **describe.REHEARSE)
    async def rehearse(request: Request) -> Response:
        """Hear a draft answered before you send it."""
        asked, by = read_body(await request.body(), read_rehearse), who(request)
        zone = require_zone(asked.tz)
        return await ANSWERS.made(
            request,
            "practice/sessions",
            lambda: _made(usecases.practising.rehearse(by, asked.text, asked.persona, form=asked.form, zone=zone)),
        )


def _add_records(app: FastAPI, usecases: UseCases) -> None:
    read = decoder(bodies.ChooseRealRequest)

    @app.get("/practice/due", **describe.DUE)
    async def due(request: Request) -> Response:
        """What to practise today: at most three, each with a drill that exercises it."""
        by = who(request)
        return await ANSWERS.of(lambda: report.due_as_values(usecases.practising.due(by)))

    @app.get("/practice/history", **describe.HISTORY)
    async def history(request: Request) -> Response:
        """What your drills can honestly say: only first tries without help count, and below eight of a form nothing is called a trend."""
        by = who(request)
        return await ANSWERS.of(lambda: report.history_as_values(usecases.practising.history(by)))

    @app.get("/practice/settings", **describe.SETTINGS)
    async def settings(request: Request) -> Response:
        """What you chose for your practice."""
        by = who(request)
        return await ANSWERS.of(lambda: _chosen(usecases.practising.settings(by)))

    @app.post("/practice/settings", **describe.CHOOSE)
    async def choose(request: Request) -> Response:
        """Choose whether messages that you really send count as looks at a skill."""
        asked, by = read_body(await request.body(), read), who(request)
        return await ANSWERS.of(lambda: _chosen(usecases.practising.set(by, count_real=asked.count_real)))

    @app.get("/practice/export", **describe.EXPORT)
    async def export(request: Request) -> Response:
        """Everything that is kept of your practice, to take along."""
        by = who(request)
        return await ANSWERS.of(lambda: usecases.practising.export(by))

    @app.delete("/practice", **describe.FORGET_ALL)
    async def forget_all(request: Request) -> Response:
        """Forget all of your practice: drills, what is due, conversations of your own. It cannot be undone."""
        by = who(request)
        return await _gone(lambda: usecases.practising.forget(by))


def _catalogue(name: str, told: list[dict[str, Any]]) -> dict[str, Any]:
    return {"schema": report.CATALOGUE, name: told}


def _own(told: list[dict[str, Any]]) -> dict[str, Any]:
    return {"schema": report.OWN, "own": told}


def _made(session: Session) -> tuple[str, dict[str, Any]]:
    return session.id, report.session_as_values(session)


def _chosen(choices: Choices) -> dict[str, Any]:
    return {"count_real": choices.count_real}


async def _gone(work: Callable[[], None]) -> Response:
    def done() -> dict[str, Any]:
        work()
        return {"forgotten": True}

    return await ANSWERS.of(done)


def _limit(said: str) -> int:
    number = int(said) if re.fullmatch(r"[0-9]{1,9}", said) else 0
    if not 1 <= number <= describe.MOST:
        raise WrongFieldError("limit", f"limit: expected a whole number from 1 to {describe.MOST}, got {said[:40]!r}")
    return number
