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
    401: {
        "type": "urn:amends:problem:no-account",
        "title": "Unauthorized",
        "status": 401,
        "code": "no-account",
        "detail": "you are not signed in, or not any more",
        "hint": "send a token: Authorization: Bearer amends_…; `amends people tokens` makes one",
    },
    403: {
        "type": "urn:amends:problem:forbidden",
        "title": "Forbidden",
        "status": 403,
        "code": "forbidden",
        "detail": "a reader may not do this",
        "hint": "ask a responder or an owner of the workspace",
    },
    404: {
        "type": "urn:amends:problem:not-found",
        "title": "Not Found",
        "status": 404,
        "code": "not-found",
        "detail": "there is no rule 'vague-tyme'",
        "hint": "GET /api/v1/rules lists them",
    },
    409: {
        "type": "urn:amends:problem:conflict",
        "title": "Conflict",
        "status": 409,
        "code": "conflict",
        "detail": "this promise cannot be kept: it is settled already",
        "hint": "look at it again: somebody may have acted",
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
    501: {
        "type": "urn:amends:problem:needs-extra",
        "title": "Not Implemented",
        "status": 501,
        "code": "needs-extra",
        "detail": "the timeline needs a part of Amends that is not installed",
        "hint": "install it with: pip install 'amends[evidence]'",
    },
    502: {
        "type": "urn:amends:problem:outside",
        "title": "Bad Gateway",
        "status": 502,
        "code": "outside",
        "detail": "ours answered 401: Bad credentials",
        "hint": "the token is wrong or has ended; set a fresh one in trackers.ours.token",
    },
    503: {
        "type": "urn:amends:problem:store",
        "title": "Service Unavailable",
        "status": 503,
        "code": "store",
        "detail": "the store at sqlite:///amends.sqlite3 does not serve: database is locked",
        "hint": "see that it runs, has room and is not damaged, then try again",
    },
}

_PROMISE_ID = "01J8Z4T7Q9M3VZ6K2W5X8Y1N4C"
_INCIDENT_ID = "01J8Z4Q2B7H5C9D1E3F6G8J0KM"

LEDGER_REQUESTS: dict[str, dict[str, dict[str, Any]]] = {
    "AddRequest": {
        "said in a talk": {"summary": "The time is read from the words", "value": {"words": "I will call the three shops by 15:30 UTC"}},
        "with its time": {
            "summary": "Somebody else must keep it, and must accept it first",
            "value": {"words": "Call the three shops", "due": "2026-03-04T15:30:00+00:00", "owner": "Dana", "to": "Ines", "shared": True},
        },
    },
    "MessageRequest": {
        "status update": {
            "summary": "A message that was sent from elsewhere",
            "value": {
                "text": "Since 10:40 UTC checkout fails. I am rolling back, done by 11:20 UTC. Next update 11:10 UTC.",
                "audience": "team",
                "sent_at": "2026-03-04T10:45:00+00:00",
                "tz": "Europe/London",
            },
        }
    },
    "KeepRequest": {
        "your word": {"summary": "Kept just now", "value": {}},
        "a commit": {
            "summary": "Kept before, and a commit shows it",
            "value": {"at": "2026-03-04T10:50:00+00:00", "evidence": {"kind": "commit", "reference": "8c2f1d0"}},
        },
    },
    "MoveRequest": {
        "later": {"summary": "With the reason", "value": {"due": "2026-03-04T16:00:00+00:00", "why": "the rollback failed"}},
    },
    "WithdrawRequest": {"not needed": {"summary": "With the reason", "value": {"why": "the shops were told by others"}}},
    "AcceptRequest": {"for somebody": {"summary": "Dana said yes in a talk", "value": {"owner": "Dana"}}},
    "DeclineRequest": {"refused": {"summary": "With the reason", "value": {"why": "I am away on Friday"}}},
    "OfferRequest": {"asked": {"summary": "Ask Dana", "value": {"to": "Dana", "why": "my shift ends at 12:00"}}},
    "TellRequest": {"told": {"summary": "Ines has heard of it", "value": {"to": "Ines"}}},
    "SnoozeRequest": {"held": {"summary": "No reminders before", "value": {"until": "2026-03-04T11:30:00+00:00"}}},
    "UndoRequest": {"the last": {"summary": "The last event that can be undone", "value": {}}},
}
"""By the name of the body's schema."""

LEDGER: dict[str, Any] = {
    "schema": "amends.ledger/1",
    "promises": [
        {
            "id": _PROMISE_ID,
            "quote": "Next update 11:10 UTC",
            "time_quote": "11:10 UTC",
            "kind": "next_update",
            "firmness": "firm",
            "due": "2026-03-04T11:10:00+00:00",
            "due_earliest": None,
            "grain": "minute",
            "tz": "Europe/London",
            "note": None,
            "maker": "local",
            "owner": "local",
            "audience": "team",
            "made_to": None,
            "made_at": "2026-03-04T10:45:00+00:00",
            "recorded_at": "2026-03-04T10:45:02+00:00",
            "incident": _INCIDENT_ID,
            "message": "01J8Z4T7Q8A1B2C3D4E5F6G7H8",
            "private": False,
            "follows": None,
            "state": "open",
            "closed": False,
            "step": "settle",
            "settled_at": None,
            "settled_by": None,
            "late_by_s": 0,
            "successor": None,
            "offered_to": None,
            "snoozed_until": None,
            "events": [],
        }
    ],
}

TIMELINE_REQUESTS: dict[str, dict[str, dict[str, Any]]] = {
    "EvidenceRequest": {"a folder": {"summary": "A folder with whatever people have", "value": {"path": "/srv/evidence/checkout"}}},
    "ReadRequest": {"in London": {"summary": "Times that name no zone are those of London", "value": {"tz": "Europe/London"}}},
    "EntryRequest": {
        "a call": {
            "summary": "What no log knows",
            "value": {"time": "2026-03-04T10:43:30+00:00", "text": "Kim called the shop: cards work again.", "actor": "Kim"},
        }
    },
    "CommentRequest": {"a remark": {"summary": "For those who read it later", "value": {"text": "This is what the customers saw first."}}},
    "CorrectRequest": {
        "a slow clock": {
            "summary": "With the reason",
            "value": {"time": "2026-03-04T10:38:07+00:00", "why": "the clock of that host is 4 minutes fast"},
        }
    },
    "EmptyRequest": {"nothing": {"summary": "The address says it all", "value": {}}},
}
"""By the name of the body's schema."""
