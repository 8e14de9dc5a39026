"""Accounts over HTTP: who one is, who works here, where one is signed in, and tokens for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from fastapi import FastAPI, Path, Request, Response
from msgspec import Meta

from amends.core.accounts_report import person_as_dict, session_as_dict, token_as_dict
from amends.interfaces.api.answering import Answers
from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.ledger_bodies import Strict, decoder
from amends.interfaces.api.payload import read_body, who
from amends.interfaces.api.problems import WrongFieldError
from amends.interfaces.api.shapes import sent

if TYPE_CHECKING:
    from amends.core.accounts import Person
    from amends.usecases.facade import UseCases

ANSWERS = Answers()
Name = Annotated[str, Path(description="The name of an account.")]
SessionId = Annotated[str, Path(description="The id of a session.")]
TokenId = Annotated[str, Path(description="The id of a token.")]
Role = Literal["owner", "responder", "reader"]
AccountName = Annotated[str, Meta(min_length=1, max_length=40, description="Small letters, digits and hyphens.")]
TokenName = Annotated[str, Meta(min_length=1, max_length=100)]


class NewPersonRequest(Strict):
    """An account to make. It is taken up by the invitation in the answer."""

    name: AccountName
    role: Role = "responder"
    display: Annotated[str, Meta(max_length=100)] | None = None
    email: Annotated[str, Meta(max_length=250)] | None = None


class ChangePersonRequest(Strict):
    """What is to be another way; what is left out stays."""

    role: Role | None = None
    disabled: bool | None = None


class NewTokenRequest(Strict):
    """A token to make, for a program that acts for who asks."""

    name: TokenName
    scopes: Annotated[list[Literal["check", "read", "write", "manage", "practice"]], Meta(min_length=1, max_length=5)]
    days: Annotated[int, Meta(ge=1, le=3660)] | None = None


REQUESTS = (NewPersonRequest, ChangePersonRequest, NewTokenRequest)
_EXAMPLES: dict[str, dict[str, Any]] = {
    "NewPersonRequest": {"a colleague": {"summary": "A colleague", "value": {"name": "ben", "role": "responder", "display": "Ben"}}},
    "ChangePersonRequest": {"another role": {"summary": "Another role", "value": {"role": "reader"}}},
    "NewTokenRequest": {"a dashboard": {"summary": "For a dashboard", "value": {"name": "dashboard", "scopes": ["read"], "days": 90}}},
}
_TIME: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}
_TEXT: dict[str, Any] = {"type": "string"}
_PERSON: dict[str, Any] = {
    "type": "object",
    "required": ["name", "display", "role"],
    "properties": {"name": _TEXT, "display": _TEXT, "role": _TEXT, "email": {"type": ["string", "null"]}, "disabled_at": _TIME},
}
_SESSION: dict[str, Any] = {
    "type": "object",
    "required": ["id", "person", "created_at", "seen_at", "expires_at"],
    "properties": {"id": _TEXT, "person": _TEXT, "created_at": _TIME, "seen_at": _TIME, "expires_at": _TIME},
}
_TOKEN: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name", "person", "scopes", "created_at"],
    "properties": {"id": _TEXT, "name": _TEXT, "person": _TEXT, "scopes": {"type": "array", "items": _TEXT}, "created_at": _TIME},
}


def account_requests() -> dict[str, Any]:
    """The schema of each body, by name."""
    return msgspec.json.schema_components(REQUESTS, ref_template="#/components/schemas/{name}")[1]


def account_schemas() -> dict[str, Any]:
    """The schema of each record, by name."""
    return {"Person": _PERSON, "Session": _SESSION, "Token": _TOKEN}


def _one(name: str, description: str, *refused: int, status: int = 200, more: tuple[str, ...] = ()) -> dict[int | str, dict[str, Any]]:
    """An answer of one record, with secrets beside it that are shown this once."""
    key = name.lower()
    properties = {"schema": _TEXT, key: {"$ref": f"#/components/schemas/{name}"}, **dict.fromkeys(more, _TEXT)}
    schema = {"type": "object", "required": ["schema", key, *more], "properties": properties}
    return answers_of(description, schema, 403, *refused, 429, 503, status=status)


def _many(key: str, name: str, description: str, *refused: int) -> dict[int | str, dict[str, Any]]:
    listed = {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}
    schema = {"type": "object", "required": ["schema", key], "properties": {"schema": _TEXT, key: listed}}
    return answers_of(description, schema, 403, *refused, 429, 503)


def add_accounts(app: FastAPI, usecases: UseCases) -> None:
    """Put the addresses of accounts beside the others."""
    _add_people(app, usecases)
    _add_invitations(app, usecases)
    _add_sessions(app, usecases)
    _add_tokens(app, usecases)


def _add_people(app: FastAPI, usecases: UseCases) -> None:
    read_new, read_change = decoder(NewPersonRequest), decoder(ChangePersonRequest)

    @app.get("/me", responses=_one("Person", "The account of who asks"))
    async def me(request: Request) -> Response:
        """Who asks, and in which role; without accounts, the one person of this machine."""
        return await ANSWERS.of(lambda: _said("person", person_as_dict(usecases.people.me(by=who(request)))))

    @app.get("/people", responses=_many("people", "Person", "The accounts"))
    async def people(request: Request) -> Response:
        """Everybody who has an account, by name."""
        return await ANSWERS.of(lambda: _said("people", [person_as_dict(one) for one in usecases.people.list(by=who(request))]))

    @app.post(
        "/people",
        status_code=201,
        responses=_one("Person", "The account, and the invitation to it", 400, 409, 413, 422, status=201, more=("invitation",)),
        openapi_extra=sent("NewPersonRequest", _EXAMPLES),
    )
    async def add(request: Request) -> Response:
        """Make an account. Its invitation is shown this once: whoever opens `/invitation/` with it chooses the password."""
        asked, by = read_body(await request.body(), read_new), who(request)

        def work() -> dict[str, Any]:
            new = usecases.people.add(asked.name, asked.role, display=asked.display, email=asked.email, by=by)
            return {**_said("person", person_as_dict(new)), "invitation": usecases.people.invite(new.name, by=_first(usecases, new, by))}

        return await ANSWERS.of(work, 201)

    @app.patch(
        "/people/{name}",
        responses=_one("Person", "The account as it is now", 400, 404, 409, 413, 422),
        openapi_extra=sent("ChangePersonRequest", _EXAMPLES),
    )
    async def change(request: Request, name: Name) -> Response:
        """Give somebody another role, close their account, or open it again."""
        asked, by = read_body(await request.body(), read_change), who(request)

        def work() -> dict[str, Any]:
            people = usecases.people
            if asked.role is not None:
                people.change_role(name, asked.role, by=by)
            if asked.disabled is not None:
                (people.disable if asked.disabled else people.enable)(name, by=by)
            return _said("person", person_as_dict(next(one for one in people.list(by=by) if one.name == name)))

        if asked.role is None and asked.disabled is None:
            raise WrongFieldError("$", "$: nothing is to be changed", hint="give `role`, `disabled`, or both")
        return await ANSWERS.of(work)


def _add_invitations(app: FastAPI, usecases: UseCases) -> None:
    schema = {"type": "object", "required": ["schema", "invitation"], "properties": {"schema": _TEXT, "invitation": _TEXT}}
    answers = answers_of("The invitation, shown this once", schema, 403, 404, 422, 429, 503, status=201)

    @app.post("/people/{name}/invitation", status_code=201, responses=answers)
    async def invite(request: Request, name: Name) -> Response:
        """A new invitation for somebody who has an account; earlier ones end."""
        return await ANSWERS.of(lambda: _said("invitation", usecases.people.invite(name, by=who(request))), 201)


def _add_sessions(app: FastAPI, usecases: UseCases) -> None:
    @app.get("/sessions", responses=_many("sessions", "Session", "The sessions"))
    async def sessions(request: Request) -> Response:
        """Where who asks is signed in, the one used last first."""
        return await ANSWERS.of(lambda: _said("sessions", [session_as_dict(one) for one in usecases.signing.sessions(by=who(request))]))

    @app.delete("/sessions/{session_id}", responses=_many("sessions", "Session", "Those that are left", 404))
    async def end(request: Request, session_id: SessionId) -> Response:
        """End a session of one's own."""
        by = who(request)

        def work() -> dict[str, Any]:
            usecases.signing.revoke(session_id, by=by)
            return _said("sessions", [session_as_dict(one) for one in usecases.signing.sessions(by=by)])

        return await ANSWERS.of(work)


def _add_tokens(app: FastAPI, usecases: UseCases) -> None:
    read_token = decoder(NewTokenRequest)

    @app.get("/tokens", responses=_many("tokens", "Token", "The tokens"))
    async def tokens(request: Request) -> Response:
        """The tokens of who asks, without their keys."""
        return await ANSWERS.of(lambda: _said("tokens", [token_as_dict(one) for one in usecases.signing.tokens(by=who(request))]))

    @app.post(
        "/tokens",
        status_code=201,
        responses=_one("Token", "The token, and its key", 400, 413, 422, status=201, more=("key",)),
        openapi_extra=sent("NewTokenRequest", _EXAMPLES),
    )
    async def make(request: Request) -> Response:
        """Make a token. Its key is shown this once."""
        asked, by = read_body(await request.body(), read_token), who(request)

        def work() -> dict[str, Any]:
            lasts = timedelta(days=asked.days) if asked.days else None
            made, key = usecases.signing.new_token(asked.name, tuple(asked.scopes), lasts=lasts, by=by)
            return {**_said("token", token_as_dict(made)), "key": key}

        return await ANSWERS.of(work, 201)

    @app.delete("/tokens/{token_id}", responses=_one("Token", "The token, which opens nothing any more", 404))
    async def revoke(request: Request, token_id: TokenId) -> Response:
        """Let a token open nothing any more."""
        return await ANSWERS.of(lambda: _said("token", token_as_dict(usecases.signing.revoke_token(token_id, by=who(request)))))


def _first(usecases: UseCases, new: Person, by: str) -> str:
    """Who may invite now: the first account ended the time in which everybody could."""
    return new.name if len(usecases.people.list(by=new.name)) == 1 else by


def _said(name: str, value: object) -> dict[str, Any]:
    return {"schema": f"amends.{name}/1", name: value}
