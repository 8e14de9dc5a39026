"""What clients send to action items: strictly typed, like the acts of the ledger."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from amends.interfaces.api.ledger_bodies import LIMIT, Name, Reason, Strict, Time, Words
from amends.interfaces.api.problems import WrongFieldError
from amends.usecases.acting import DETAIL_LIMIT, TITLE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping

STATES = ("open", "overdue", "all")
USUAL_LIMIT = 100
_ID = re.compile(r"[0-9A-Z]{26}")
_Reason = Annotated[Reason, Meta(min_length=1)]


class ProposeActionRequest(Strict):
    """An idea of what would keep it from happening again."""

    title: Annotated[str, Meta(min_length=1, max_length=TITLE_LIMIT, description="One line: what will be there.")]
    kind: Literal[
        "test", "test-plan", "checklist", "review", "monitoring", "alert", "soak", "rollout", "kill-switch", "runbook", "automation",
        "limit", "ownership", "documentation", "other",
    ] = "other"  # fmt: skip
    detail: Annotated[str, Meta(max_length=DETAIL_LIMIT, description="What else whoever does it must know.")] | None = None


class AcceptActionRequest(Strict):
    """That an idea is taken on: what would show that it helps, by whom (you when absent) and until when (the due rule when absent)."""

    helps_when: Annotated[Words, Meta(description="What would show that it helps, in one line.")]
    person: Name | None = None
    due: Time | None = None


class DeclineActionRequest(Strict):
    """That what was accepted is given back."""

    why: Reason | None = None


class MoveActionRequest(Strict):
    """Another time."""

    due: Time
    why: Reason | None = None


class ActionEvidenceRequest(Strict):
    """What shows that it is done, or that it helps; `person` is somebody's word, and counts only where it is called that."""

    kind: Literal["measure", "alert", "test", "message", "commit", "ticket", "deploy", "person"]
    reference: Words


class DoneActionRequest(Strict):
    """That it is done: when (now when absent), and by what that is shown (your word when absent)."""

    at: Time | None = None
    evidence: ActionEvidenceRequest | None = None


class ReopenActionRequest(Strict):
    """That it is not done after all, or must be done otherwise, and until when where that is another time."""

    why: _Reason
    due: Time | None = None


class VerifyActionRequest(Strict):
    """By what evidence it was shown that it helps."""

    evidence: ActionEvidenceRequest
    at: Time | None = None
    note: Reason | None = None


class NoHelpActionRequest(Strict):
    """That it did not help, and how that was seen."""

    why: _Reason
    evidence: ActionEvidenceRequest | None = None
    at: Time | None = None


class DropActionRequest(Strict):
    """That nobody will do it, and why."""

    why: _Reason


class UndoActionRequest(Strict):
    """Which event is undone; the last one that can be when absent."""

    event: str | None = None


class PushActionRequest(Strict):
    """To which tracker, where there are several; `private_too` sends the title though the incident is private, and nothing else."""

    tracker: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    private_too: bool = False


class FollowActionRequest(Strict):
    """That the tracker is asked how the ticket stands."""


REQUESTS = (
    ProposeActionRequest, AcceptActionRequest, DeclineActionRequest, MoveActionRequest, DoneActionRequest, ReopenActionRequest,
    VerifyActionRequest, NoHelpActionRequest, DropActionRequest, UndoActionRequest, PushActionRequest, FollowActionRequest,
)  # fmt: skip


def action_requests() -> dict[str, Any]:
    """The schema of each body, by name."""
    return msgspec.json.schema_components(REQUESTS, ref_template="#/components/schemas/{name}")[1]


class ListQuery(msgspec.Struct):
    """Which action items are asked for."""

    incident: str | None
    owner: str | None
    state: str
    limit: int
    before: str | None


def read_list(query: Mapping[str, str]) -> ListQuery:
    """Which action items an address asks for. Raises WrongFieldError."""
    state = query.get("state", "open")
    if state not in STATES:
        raise WrongFieldError("state", f"state: expected {', '.join(STATES[:-1])} or {STATES[-1]}, got {state[:40]!r}")
    said = query.get("limit", str(USUAL_LIMIT))
    limit = int(said) if re.fullmatch(r"[0-9]{1,9}", said) else 0
    if not 1 <= limit <= LIMIT:
        raise WrongFieldError("limit", f"limit: expected a whole number from 1 to {LIMIT}, got {said[:40]!r}")
    before = query.get("before")
    if before is not None and (state != "all" or not _ID.fullmatch(before)):
        hint = "take the id of the last action item of the answer before"
        raise WrongFieldError("before", "before: expected the id of an action item, together with state=all", hint=hint)
    return ListQuery(query.get("incident"), query.get("owner"), state, limit, before)
