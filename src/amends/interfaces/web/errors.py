"""The one table from errors to pages: which status each error answers with, as a page for people and as JSON for our script."""

from __future__ import annotations

from http import HTTPStatus

from amends.core.accounts import SignInError, TooManyTriesError
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

STATUS: dict[type[AmendsError], HTTPStatus] = {
    UnknownNameError: HTTPStatus.NOT_FOUND,
    UsageError: HTTPStatus.BAD_REQUEST,
    InputError: HTTPStatus.BAD_REQUEST,
    TooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    NotFoundError: HTTPStatus.NOT_FOUND,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    SignInError: HTTPStatus.UNAUTHORIZED,
    TooManyTriesError: HTTPStatus.TOO_MANY_REQUESTS,
    ConflictError: HTTPStatus.CONFLICT,
    NeedsExtraError: HTTPStatus.NOT_IMPLEMENTED,
    OutsideError: HTTPStatus.BAD_GATEWAY,
    AmendsError: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""Looked up by the nearest class. What has no row, such as a store that does not answer, may work again later."""


def status_of(error: AmendsError) -> HTTPStatus:
    """The HTTP status that an error answers with."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def title_of(status: HTTPStatus) -> str:
    """The heading of an error page: what to do now."""
    return {
        HTTPStatus.NOT_FOUND: "There is nothing here.",
        HTTPStatus.METHOD_NOT_ALLOWED: "This page cannot be asked that way.",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "This is too long to check here.",
        HTTPStatus.FORBIDDEN: "This is not yours to do.",
        HTTPStatus.CONFLICT: "Two texts differ.",
        HTTPStatus.BAD_REQUEST: "Something in the request does not fit.",
        HTTPStatus.SERVICE_UNAVAILABLE: "The drafts cannot be reached. Your words are still in the page before this one.",
    }.get(status, "Something went wrong here, not in what you wrote.")
