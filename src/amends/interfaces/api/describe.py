"""What the OpenAPI document says about each address: bodies, answers, examples and every way to be refused."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi

from amends.core.people import AUDIENCES
from amends.incidents.document_report import document_schemas as shared_texts
from amends.interfaces.api.actions_bodies import action_requests
from amends.interfaces.api.actions_schema import action_schemas
from amends.interfaces.api.documents_bodies import shared_text_requests
from amends.interfaces.api.examples import CHECK_REQUESTS, PROBLEMS
from amends.interfaces.api.incidents_bodies import incident_requests
from amends.interfaces.api.incidents_schema import incident_schemas
from amends.interfaces.api.ledger_bodies import request_schemas
from amends.interfaces.api.ledger_schema import ledger_schemas
from amends.interfaces.api.messages_bodies import message_requests
from amends.interfaces.api.messages_schema import message_schemas
from amends.interfaces.api.narrating_bodies import narrating_requests
from amends.interfaces.api.narrating_schema import account_record_schemas
from amends.interfaces.api.practising_bodies import practice_requests
from amends.interfaces.api.practising_schema import practice_schemas
from amends.interfaces.api.problems import MEDIA_TYPE
from amends.interfaces.api.schema import document_schemas
from amends.interfaces.api.suggestions_bodies import suggestion_requests, suggestion_schemas
from amends.interfaces.api.timelines_bodies import timeline_schemas
from amends.interfaces.api.versions_bodies import version_requests
from amends.interfaces.api.versions_schema import version_schemas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import FastAPI

ABOUT = (
    "Checks a message about something that went wrong before it is sent. The same text gets the same answer, here and on the "
    "command line. Offsets count Unicode code points from the start of the text, half-open. What is checked is not kept.\n\n"
    "Keeps the ledger of promises: what was promised, in messages that are recorded here or by word of mouth, and what became of it. "
    "Nothing in it is overwritten; each act is an event that is added.\n\n"
    "Keeps incidents: opened with one sentence, with a record that only grows, the people in them and those who must be told. A change "
    "says which version it is based on, so that nobody undoes another unseen.\n\n"
    "Keeps the timelines of incidents: the evidence, each reading of it as a version, and what people note about the entries, each of "
    "which cites the bytes that it comes from.\n\n"
    "Keeps what you practise, for you alone: no role sees another's drills, nothing of them is in the journal, and a token opens them only "
    "where it was made for `practice`."
)

REFUSED = {
    400: "The body is no JSON in UTF-8; `line` and `column` say where it stops being it",
    401: "The workspace has accounts, and the request brought no key, or one that opens nothing any more",
    403: "Who asks may be here and see it, and may not do this",
    404: "There is nothing of that name or id",
    409: "It makes no sense any more as things stand now; look at it again, somebody may have acted",
    413: "The body is larger than the limit, which `detail` names",
    422: "A field has a value of the wrong kind (`field` names it), or a name that is none of `known`",
    429: "Too many requests; `Retry-After` says how many seconds to wait",
    501: "A part of Amends is not installed, which `hint` names",
    502: "The tracker refused or was not reached; `hint` says what to do",
    503: "The store does not answer, or stayed busy; nothing was written, so try again",
}

_CHECK_REQUEST: dict[str, Any] = {
    "type": "object",
    "required": ["text"],
    "properties": {
        "text": {"type": "string", "description": "The message as it would be sent."},
        "id": {"type": ["string", "null"], "description": "Comes back in the answer."},
        "form": {"type": "string", "default": "auto", "description": "A form of GET /forms, or `auto` to have it recognised."},
        "audience": {"enum": [*AUDIENCES, None], "description": "Who reads it; the form's own when absent."},
        "at": {
            "type": ["string", "null"],
            "format": "date-time",
            "description": "When it is sent, from 1970 to 9998; times in it count from here. Now when absent.",
        },
        "tz": {"type": ["string", "null"], "description": "The sender's IANA zone; the offset of `at` when absent."},
    },
}

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Problem details as in RFC 9457.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable, for programs."},
        "detail": {"type": "string", "description": "What is wrong, for people."},
        "hint": {"type": "string", "description": "What to do."},
        "field": {"type": "string"},
        "line": {"type": "integer"},
        "column": {"type": "integer"},
        "known": {"type": "array", "items": {"type": "string"}},
    },
}

_NAMED: dict[str, Any] = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}


def _listing(name: str) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["schema", name],
        "properties": {"schema": {"type": "string"}, name: {"type": "array", "items": _NAMED}},
    }


def answers_of(description: str, schema: dict[str, Any], *refused: int, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """What an address answers: once well, and in each of the ways in which it can refuse."""
    answers: dict[int | str, dict[str, Any]] = {status: {"description": description, "content": {"application/json": {"schema": schema}}}}
    for code in refused:
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}, "example": PROBLEMS[code]}}
        answers[code] = {"description": REFUSED[code], "content": content}
    return answers


CHECK: dict[str, Any] = {
    "responses": answers_of("The document", {"$ref": "#/components/schemas/Document"}, 400, 413, 422, 429),
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/CheckRequest"}, "examples": CHECK_REQUESTS}},
        }
    },
}
FORMS: dict[str, Any] = {"responses": answers_of("The forms", _listing("forms"), 429)}
RULES: dict[str, Any] = {"responses": answers_of("The rules", _listing("rules"), 429)}
RULE: dict[str, Any] = {"responses": answers_of("The rule", _NAMED, 404, 429)}


SECURITY: dict[str, Any] = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token of the settings, or of `amends people tokens`."},
    "session": {"type": "apiKey", "in": "cookie", "name": "amends-session", "description": "The session of a browser on this host."},
}
"""The keys that a workspace with accounts asks for; `__Host-amends` is the name of the cookie behind https."""

_KEPT_OUT = {
    str(code): {
        "description": REFUSED[code],
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}, "example": PROBLEMS[code]}},
    }
    for code in (401, 403)
}
"""What every address answers in a workspace with accounts to a request without a key, or with one whose scope is too small."""


def openapi(app: FastAPI, forms: Sequence[str], more: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI document, made once: the routes, the schemas of the records that they speak of, `more` of them, and the forms."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        made["servers"] = [{"url": "/api/v1"}]
        asked = deepcopy(_CHECK_REQUEST)
        asked["properties"]["form"]["enum"] = ["auto", *forms]
        own = {"CheckRequest": asked, "ProblemDetails": _PROBLEM, **document_schemas(), **ledger_schemas(), **request_schemas()}
        own |= incident_schemas() | incident_requests()
        own |= action_schemas() | action_requests()
        own |= message_schemas() | message_requests()
        own |= account_record_schemas() | narrating_requests()
        own |= version_schemas() | version_requests()
        own |= suggestion_schemas() | suggestion_requests()
        own |= practice_schemas() | practice_requests()
        own |= timeline_schemas() | shared_texts() | shared_text_requests()
        made["components"] = {"schemas": own | more, "securitySchemes": SECURITY}
        made["security"] = [{}, *({name: []} for name in SECURITY)]
        for operation in (one for methods in made["paths"].values() for one in methods.values()):
            operation["responses"] |= {code: one for code, one in _KEPT_OUT.items() if code not in operation["responses"]}
            if "application/json" in operation["responses"].get("422", {}).get("content", {}):
                del operation["responses"]["422"]  # the framework's own, which never comes: our parameters are all plain text
        app.openapi_schema = made
    return app.openapi_schema
