"""The examples that the API's description shows; a test sends each of them and compares the answer's shape."""

from __future__ import annotations

from typing import Any

CHECK_REQUESTS: dict[str, dict[str, Any]] = {
    "first message": {
        "summary": "The form is recognised, the time is that of the request",
        "value": {
            "text": "At 16:08 I merged a schema change that dropped the region index. Search has been timing out for EU users since 16:11.",
        },
    },
    "status update to customers": {
        "summary": "Form, audience, time and zone are given",
        "value": {
            "id": "update-7",
            "text": "Since 07:52 UTC logins by SMS code fail for 38 % of users. E-mail login works. Next update 08:45 UTC.",
            "form": "status-update",
            "audience": "customers",
            "at": "2026-03-04T08:15:00+00:00",
            "tz": "Europe/London",
        },
    },
}

PROBLEMS: dict[int, dict[str, Any]] = {
    400: {
        "type": "urn:amends:problem:malformed-json",
        "title": "Bad Request",
        "status": 400,
        "code": "malformed-json",
        "detail": "this is not JSON at line 1, column 12",
        "hint": "send one JSON object in UTF-8",
        "line": 1,
        "column": 12,
    },
    404: {
        "type": "urn:amends:problem:not-found",
        "title": "Not Found",
        "status": 404,
        "code": "not-found",
        "detail": "there is no rule 'vague-tyme'",
        "hint": "GET /api/v1/rules lists them",
    },
    413: {
        "type": "urn:amends:problem:too-large",
        "title": "Request Entity Too Large",
        "status": 413,
        "code": "too-large",
        "detail": "the request is larger than the limit of 1,000,000 bytes",
        "hint": "check long documents with `amends check FILE`, which has no such limit",
    },
    422: {
        "type": "urn:amends:problem:unknown-name",
        "title": "Unprocessable Entity",
        "status": 422,
        "code": "unknown-name",
        "detail": "unknown form 'postcard'",
        "hint": "known: first-message, status-update",
        "known": ["first-message", "status-update"],
    },
    429: {
        "type": "urn:amends:problem:too-many-requests",
        "title": "Too Many Requests",
        "status": 429,
        "code": "too-many-requests",
        "detail": "more than 50 requests a second",
        "hint": "wait 1 s and ask again",
    },
}
