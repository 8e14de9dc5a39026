"""What the API answers at the door: which addresses are open to all, which scope each other one asks for, and how it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.accounts import PRACTICE
from amends.core.errors import ForbiddenError
from amends.interfaces.api.problems import problem

if TYPE_CHECKING:
    from amends.core.accounts import Caller
    from amends.core.errors import AmendsError
    from amends.interfaces.api.limits import App, Receive, Scope, Send

CALLER = "amends.scopes"
"""Under which name the server puts the token that a request came with into its scope."""

_CHECKS = ("check", "compare", "forms", "rules")
"""Parts of the address that ask the engine alone."""
_MANAGED = ("people", "tokens", "sessions", "journal", "model")
"""Parts of the address whose changes are about people and keys, and about what leaves the workspace."""


def is_described(path: str) -> bool:
    """Whether nobody has to be signed in for a path: the description of the API, and what is asked and answered by a link of a pulse.

    For these not even a session is looked up, so that nothing remembers who came.
    """
    return path.endswith(("/openapi.json", "/v1/pulse/asked", "/v1/pulse/answers"))


def is_check(scope: Scope) -> bool:
    """Whether a request checks a draft, compares two tellings, or looks up what is checked: no store is needed for that."""
    last = scope["path"].rpartition("/v1/")[2].partition("/")[0]
    return last in _CHECKS


def scope_for(method: str, path: str) -> str:
    """The scope that a token needs for a request."""
    part = path.rpartition("/v1/")[2].partition("/")[0]
    if part == PRACTICE:
        return PRACTICE
    if part in _CHECKS:
        return "check"
    if method in ("GET", "HEAD", "OPTIONS"):
        return "read"
    return "manage" if part in _MANAGED else "write"


class Scoped:
    """An ASGI layer that holds tokens to their scopes."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request, or refuses it with 403."""
        caller: Caller | None = scope.get(CALLER)
        needed = scope_for(scope["method"], scope["path"]) if scope["type"] == "http" else "check"
        if caller is not None and not caller.may(needed):
            error = ForbiddenError(f"this token may not {needed}", hint=f"make one with the scope {needed}")
            await problem(error)(scope, receive, send)
            return
        await self._app(scope, receive, send)


async def not_signed_in(error: AmendsError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answers 401, and says which key is asked for (RFC 6750)."""
    from http import HTTPStatus

    error.hint = "send a token: Authorization: Bearer amends_…; `amends people tokens` makes one"
    response = problem(error, HTTPStatus.UNAUTHORIZED)
    response.headers["www-authenticate"] = 'Bearer realm="amends"'
    await response(scope, receive, send)
