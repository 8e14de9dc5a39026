"""The one table from errors to HTTP: which status each error of `core.errors` answers with, as RFC 9457 problem details."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import Response

from amends.core.accounts import SignInError
from amends.core.errors import (
    AmendsError,
    ConflictError,
    ForbiddenError,
    InputError,
    NeedsExtraError,
    NotFoundError,
    OutsideError,
    TooLargeError,
    UnknownNameError,
    UsageError,
)
from amends.interfaces.api.limits import TooManyRequestsError

if TYPE_CHECKING:
    from starlette.requests import Request

MEDIA_TYPE = "application/problem+json"

STATUS: dict[type[AmendsError], HTTPStatus] = {
    UnknownNameError: HTTPStatus.UNPROCESSABLE_ENTITY,
    UsageError: HTTPStatus.UNPROCESSABLE_ENTITY,
    InputError: HTTPStatus.BAD_REQUEST,
    TooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    TooManyRequestsError: HTTPStatus.TOO_MANY_REQUESTS,
    NotFoundError: HTTPStatus.NOT_FOUND,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    SignInError: HTTPStatus.UNAUTHORIZED,
    ConflictError: HTTPStatus.CONFLICT,
    NeedsExtraError: HTTPStatus.NOT_IMPLEMENTED,
    OutsideError: HTTPStatus.BAD_GATEWAY,
    AmendsError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""Looked up by the nearest class: a new error gets its parent's status until it has a row of its own."""

UNAVAILABLE = "store"
"""The code of the error for a database that does not answer. It stands for its class, whose module brings the database's own library."""

HEADERS = {"x-content-type-options": "nosniff", "cache-control": "no-store"}


class WrongFieldError(UsageError):
    """A field of the request has a value of the wrong kind; `field` is its path, such as `$.text`."""

    code = "wrong-field"

    def __init__(self, field: str, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.field = field


def status_of(error: AmendsError) -> HTTPStatus:
    """The HTTP status that an error answers with."""
    return status_of_kind(type(error))


def status_of_kind(kind: type[AmendsError]) -> HTTPStatus:
    """The HTTP status that a class of errors answers with."""
    if kind.code == UNAVAILABLE:
        return HTTPStatus.SERVICE_UNAVAILABLE
    return next(STATUS[parent] for parent in kind.__mro__ if parent in STATUS)


def problem(error: AmendsError, status: HTTPStatus | None = None, **more: Any) -> Response:
    """The response for an error: what is wrong, what to do, the field, line or known names where it has them, and `more` beside."""
    status = status or status_of(error)
    body: dict[str, Any] = {
        "type": f"urn:amends:problem:{error.code}",
        "title": status.phrase,
        "status": int(status),
        "code": error.code,
        "detail": error.message,
    }
    for name in ("hint", "field", "line", "column", "known", "gate"):
        value = getattr(error, name, None)
        if value:
            body[name] = value
    body |= more
    headers = dict(HEADERS)
    if isinstance(error, TooManyRequestsError):
        headers["retry-after"] = str(error.retry_after)
    return Response(msgspec.json.encode(body), status_code=int(status), media_type=MEDIA_TYPE, headers=headers)


async def on_error(_: Request, error: Exception) -> Response:
    """Renders an error of the tree; anything else is ours, and says so without showing its inside."""
    if isinstance(error, AmendsError):
        return problem(error)
    return problem(AmendsError("something went wrong here, not in your request", hint="the server's log has the details"))


async def on_http_error(_: Request, error: Exception) -> Response:
    """Renders what the router refuses: an unknown address, a method that an address does not have."""
    status = HTTPStatus(getattr(error, "status_code", 500))
    response = problem(_routing_error(status), status)
    response.headers.update(getattr(error, "headers", None) or {})
    return response


def _routing_error(status: HTTPStatus) -> AmendsError:
    if status is HTTPStatus.NOT_FOUND:
        return NotFoundError("there is nothing at this address", hint="the addresses are listed in /api/v1/openapi.json")
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        return UsageError("this address does not take this method", hint="the `allow` header names those that it takes")
    return AmendsError(status.phrase.lower())
