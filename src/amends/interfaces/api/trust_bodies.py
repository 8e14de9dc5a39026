"""What clients send to the trust board of an incident: strictly typed, like the acts of the ledger."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from amends.interfaces.api.ledger_bodies import Strict, Time
from amends.usecases.narrating import NAME_LIMIT, TEXT_LIMIT
from amends.usecases.repairing import WORDS_LIMIT
from amends.usecases.trust_reviews import SAID_LIMIT

Reason = Annotated[str, Meta(min_length=1, max_length=WORDS_LIMIT, description="One line, for those who will ask.")]
_Who = Annotated[str, Meta(max_length=NAME_LIMIT, description="A name or a role; empty takes it away.")]
_Words = Annotated[str, Meta(min_length=1, max_length=WORDS_LIMIT)]
_Group = Annotated[str, Meta(min_length=1, max_length=NAME_LIMIT, description="The group, as it calls itself.")]
_Breaks = Annotated[list[str], Meta(min_length=1, max_length=50, description="The broken trust that it answers, by `item`.")]
_Uncertainty = Annotated[_Words, Meta(description="What people will know, and by when, that they do not know today.")]
_Visible = Annotated[str, Meta(max_length=WORDS_LIMIT, description="How somebody outside the team sees it.")]
_WhyOther = Annotated[str, Meta(max_length=WORDS_LIMIT, description="Why it is none of the four kinds; needed for `other`.")]
_CheckAt = Annotated[Time, Meta(description="When it is looked at whether it helped.")]
_Kind = Literal["misleading-status", "unclear-ownership", "weak-rollback", "alert-gap", "other"]


class PlaceRequest(Strict):
    """Where a broken trust stands. What is absent stays as it was, an empty text takes it away."""

    whose: Annotated[str, Meta(max_length=NAME_LIMIT, description="The group, as it calls itself.")] | None = None
    subject: Annotated[Literal["system", "behaviour"], Meta(description="In what it broke.")] | None = None
    direction: Literal["inside", "upward", "outward"] | None = None
    kind: Annotated[Literal["ability", "honesty", "care"], Meta(description="What they doubt.")] | None = None
    fear: Annotated[str, Meta(max_length=WORDS_LIMIT, description="What they fear will happen again, in their words.")] | None = None
    heard_from: _Who | None = None
    heard_at: Annotated[Time, Meta(description="Now, when absent.")] | None = None
    asked: _Who | None = None
    asked_at: Annotated[Time, Meta(description="Now, when absent.")] | None = None


class BreakRequest(PlaceRequest, kw_only=True):
    """A broken trust, stated in the account and placed on the map."""

    text: Annotated[str, Meta(min_length=1, max_length=TEXT_LIMIT, description="In a sentence or two.")]
    whose: _Group


class NotAskedRequest(Strict):
    """A group that was hit, and that nobody has asked yet."""

    group: _Group


class WithdrawBreakRequest(Strict):
    """That a row of the map is wrong."""

    why: Reason


class TieRequest(Strict, kw_only=True):
    """Why an action item repairs trust. Saying it again takes the place of what was said."""

    kind: _Kind
    breaks: _Breaks
    uncertainty: _Uncertainty
    visible: _Visible | None = None
    check_at: _CheckAt | None = None
    why_other: _WhyOther | None = None


class ProposeRepairRequest(TieRequest, kw_only=True):
    """A new action item that repairs trust."""

    title: Annotated[str, Meta(min_length=1, max_length=200, description="What will be there, in one line.")]
    item_kind: Annotated[
        Literal[
            "test", "test-plan", "checklist", "review", "monitoring", "alert", "soak", "rollout", "kill-switch", "runbook", "automation",
            "limit", "ownership", "documentation", "other",
        ],
        Meta(description="What it puts in place."),
    ] = "other"  # fmt: skip
    detail: Annotated[str, Meta(max_length=4000)] | None = None


class WithdrawRepairRequest(Strict):
    """That an action item is no repair of trust any more."""

    why: Reason


class PlanReviewsRequest(Strict):
    """That both reviews are planned, where they are not planned yet."""

    lead: Annotated[str, Meta(min_length=1, max_length=NAME_LIMIT, description="Who sees to them.")] | None = None


class MoveReviewRequest(Strict):
    """Another time for a review."""

    due_at: Time
    why: Reason


class HandOverReviewRequest(Strict):
    """Who sees to a review from now on."""

    person: Annotated[str, Meta(min_length=1, max_length=NAME_LIMIT)]


class AnswerRequest(Strict):
    """An answer: what it refers to, or `unknown`, with whom was asked and when."""

    question: Literal["worse", "ownership", "release", "architecture", "onboarding", "operating"]
    kind: Literal[
        "message", "point", "entry", "action", "promise", "document", "break", "review", "wave", "incident", "link", "person", "unknown"
    ]
    text: Annotated[str, Meta(max_length=WORDS_LIMIT, description="In one line; may be empty for `unknown`.")] = ""
    ref: Annotated[str, Meta(max_length=WORDS_LIMIT, description="The id or the address; of a person their name.")] | None = None
    asked: Annotated[str, Meta(max_length=NAME_LIMIT, description="Who was asked, for `unknown`.")] | None = None
    asked_at: Annotated[Time, Meta(description="When they were asked, or a person said it.")] | None = None


class TakeBackRequest(Strict):
    """Which answer or move is taken back; the last one when absent."""

    event: Annotated[str, Meta(max_length=26)] | None = None


class HoldRequest(Strict):
    """The decision of a review. Words that say that trust is back are refused."""

    decision: Literal["continue", "change", "stop"]
    why: Annotated[str, Meta(min_length=1, max_length=SAID_LIMIT)]
    said: Annotated[str, Meta(max_length=SAID_LIMIT, description="What those who were hit are told: what is different now.")] | None = None


class ReopenRequest(Strict):
    """Why a held review is taken up again."""

    why: Reason


REQUESTS = (
    PlaceRequest, BreakRequest, NotAskedRequest, WithdrawBreakRequest, TieRequest, ProposeRepairRequest, WithdrawRepairRequest,
    PlanReviewsRequest,
    MoveReviewRequest, HandOverReviewRequest, AnswerRequest, TakeBackRequest, HoldRequest, ReopenRequest,
)  # fmt: skip


def trust_requests() -> dict[str, Any]:
    """The schema of each body, by name."""
    return msgspec.json.schema_components(REQUESTS, ref_template="#/components/schemas/{name}")[1]
