"""What clients send to runs of playbooks: strictly typed, like the acts of the ledger."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, field

from amends.interfaces.api.ledger_bodies import Name, Strict, Time
from amends.usecases.playbooks import WHY_LIMIT, WORDS_LIMIT

_Id = Annotated[str, Meta(min_length=1, max_length=130)]
_Why = Annotated[str, Meta(min_length=1, max_length=WHY_LIMIT, description="One line, which stays visible and which the review shows.")]
_Words = Annotated[str, Meta(min_length=1, max_length=WORDS_LIMIT)]
_Field = Annotated[_Id, Meta(description="As `artifact.field`.")]
_Seen = Annotated[int, Meta(ge=0, le=2**31, description="The `version` of the run that you saw; absent to act whatever happened since.")]


class StartPlaybookRequest(Strict):
    """Which playbook is begun, who leads it, what the gates that ask a person are answered, and why shut ones are passed."""

    playbook: _Id
    lead: Name | None = None
    answers: Annotated[dict[str, bool], Meta(max_length=40, description="Gates that ask a person, by id.")] = field(default_factory=dict)
    overrides: Annotated[dict[str, str], Meta(max_length=40, description="The reason to pass a shut gate, by its id.")] = field(
        default_factory=dict
    )


class AnswerGateRequest(Strict):
    """The answer to what a gate asks, and by whose word (yours when absent)."""

    gate: _Id
    yes: bool
    person: Name | None = None
    seen: _Seen | None = None


class OverrideGateRequest(Strict):
    """The reason to go on in spite of a shut gate."""

    gate: _Id
    why: _Why
    seen: _Seen | None = None


class FillFieldRequest(Strict):
    """A reference: something that the data hold, by `kind` and `ref`, or somebody's word: `person`, who said it, what, and when."""

    field: _Field
    kind: Literal[
        "message", "point", "entry", "action", "promise", "document", "break", "repair", "review", "wave", "incident", "fact", "commit",
        "link", "sign", "person",
    ]  # fmt: skip
    ref: Annotated[str, Meta(max_length=100)] | None = None
    text: _Words | None = None
    person: Name | None = None
    said_at: Time | None = None


class UnknownFieldRequest(Strict):
    """That nobody knows yet: whom you asked, and when (now when absent)."""

    field: _Field
    asked: Name
    asked_at: Time | None = None
    why: Annotated[str, Meta(max_length=WHY_LIMIT)] | None = None


class DecideRequest(Strict):
    """A decision, in your words or as one of its options."""

    decision: _Id
    text: _Words
    seen: _Seen | None = None


class ReplyRequest(Strict):
    """An answer to one of the questions worth asking."""

    question: _Id
    text: _Words


class FollowUpRequest(Strict):
    """That a follow-up was done, and what came of it."""

    follow_up: _Id
    text: _Words


class HandOverRunRequest(Strict):
    """Who leads it from now on."""

    person: Name


class UndoRunRequest(Strict):
    """Which event is undone; the last one that can be when absent."""

    event: str | None = None


class StopRunRequest(Strict):
    """Why it ends before its end."""

    why: _Why


class FinishRunRequest(Strict):
    """That it is finished."""


REQUESTS = (
    StartPlaybookRequest, AnswerGateRequest, OverrideGateRequest, FillFieldRequest, UnknownFieldRequest, DecideRequest, ReplyRequest,
    FollowUpRequest, HandOverRunRequest, UndoRunRequest, StopRunRequest, FinishRunRequest,
)  # fmt: skip


def playbook_requests() -> dict[str, Any]:
    """The schema of each body, by name."""
    return msgspec.json.schema_components(REQUESTS, ref_template="#/components/schemas/{name}")[1]
