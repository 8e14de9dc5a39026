"""What the OpenAPI document says about the addresses of the ledger."""

from __future__ import annotations

from typing import Any

from amends.interfaces.api import examples
from amends.interfaces.api.describe import answers_of
from amends.interfaces.api.ledger_bodies import KEY, KEY_LIMIT, KEY_PATTERN, LIMIT
from amends.interfaces.api.shapes import parameter, sent

_ID: dict[str, Any] = {"type": "string", "pattern": "^[0-9A-Z]{26}$"}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_IDEMPOTENCY: dict[str, Any] = {
    "name": KEY,
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LIMIT, "pattern": KEY_PATTERN},
    "description": "Fresh for each thing, such as a UUID. A second try with the same key and body makes nothing new and gives what the "
    "first one made, as it stands now; the same key with another body is refused.",
}
_LOCATION: dict[str, Any] = {"Location": {"schema": {"type": "string"}, "required": True, "description": "The address of what was made."}}


def _ledger(description: str, *refused: int, status: int = 200) -> dict[int | str, dict[str, Any]]:
    answers = answers_of(description, {"$ref": "#/components/schemas/Ledger"}, *refused, 429, 503, status=status)
    answers[status]["content"]["application/json"]["example"] = examples.LEDGER
    if status == 201:
        answers[status]["headers"] = _LOCATION
    return answers


LIST: dict[str, Any] = {
    "responses": _ledger("The promises", 404, 422),
    "openapi_extra": {
        "parameters": [
            parameter("incident", {"type": "string"}, "Only those about this incident."),
            parameter("owner", {"type": "string"}, "Only those that this person must keep."),
            parameter("state", {"enum": ["unsettled", "all"], "default": "unsettled"}, "Those that ask for something, or all."),
            parameter("limit", {"type": "integer", "minimum": 1, "maximum": LIMIT, "default": 100}, "The most that are wanted."),
            parameter("before", _ID, "With `state=all`: the id of the last promise of the answer before, to go on behind it."),
        ]
    },
}
PROMISE: dict[str, Any] = {"responses": _ledger("The promise", 404)}
ABSENCE: dict[str, Any] = {
    "responses": _ledger("The promises that would be broken", 422),
    "openapi_extra": {
        "parameters": [
            parameter("person", {"type": "string", "minLength": 1}, "Who is away.", required=True),
            parameter("leaves", _TIME, "When the absence begins.", required=True),
            parameter("returns", _TIME, "When the person is back.", required=True),
        ]
    },
}
ADD: dict[str, Any] = {
    "status_code": 201,
    "responses": _ledger("The promise as it stands", 400, 404, 413, 422, status=201),
    "openapi_extra": {"parameters": [_IDEMPOTENCY], **sent("AddRequest", examples.LEDGER_REQUESTS)},
}
RECORD: dict[str, Any] = {
    "status_code": 201,
    "responses": _ledger("The message, the promises that it made, then those that it kept", 400, 404, 413, 422, status=201),
    "openapi_extra": {"parameters": [_IDEMPOTENCY], **sent("MessageRequest", examples.LEDGER_REQUESTS)},
}
MESSAGE: dict[str, Any] = {
    "responses": _ledger("The message, the promises that it made, then those that it kept", 404),
}

_ACTS = {
    "keep": ("KeepRequest", "Say that a promise was kept, when, and by what that is shown."),
    "move": (
        "MoveRequest",
        "Give a promise another time: before its time it is moved, after it it stays missed. A new one follows.",
    ),
    "withdraw": ("WithdrawRequest", "Take back a promise that you made. After its time it stays missed."),
    "accept": ("AcceptRequest", "Take on a promise that was proposed, or handed over."),
    "decline": ("DeclineRequest", "Refuse a promise that was proposed, or handed over."),
    "offer": ("OfferRequest", "Ask somebody to take a promise over. Until they accept, it stays with its owner."),
    "tell": ("TellRequest", "Say that those who were promised have heard of the change."),
    "snooze": ("SnoozeRequest", "Hold the reminders of a promise until a time. Its own time stays as it is."),
    "undo": ("UndoRequest", "Undo one event. It stays in the history, and so does its undoing. A moved promise is moved again instead."),
}
_NEEDED = ("move", "withdraw", "offer", "snooze")


def act(name: str) -> dict[str, Any]:
    """The description of one act on a promise."""
    body, description = _ACTS[name]
    return {
        "description": description,
        "responses": _ledger("The promise as it stands now, and the one that took its place", 400, 404, 409, 413, 422),
        "openapi_extra": sent(body, examples.LEDGER_REQUESTS, required=name in _NEEDED),
    }
