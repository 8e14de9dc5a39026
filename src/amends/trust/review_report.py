"""A trust review as plain values, the same on the command line and over HTTP: `amends.trust-review/1`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.trust.review import QUESTIONS, unanswered
from amends.trust.review_words import ASKED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from amends.trust.remark import Remark
    from amends.trust.review import Answer, TrustReview

REVIEW = "amends.trust-review/1"
REVIEWS = "amends.trust-reviews/1"


def as_dict(review: TrustReview, evidence: dict[str, Any], lacks: Iterable[Remark]) -> dict[str, Any]:
    """A review with its evidence: as it lies now, or as it was pinned when it was held."""
    return {
        "schema": REVIEW,
        **head_as_dict(review),
        "why": review.why,
        "said": review.said,
        "questions": [
            {"question": one, "asked": ASKED[one], "answers": [answer_as_dict(each) for each in review.answered(one)]} for one in QUESTIONS
        ],
        "evidence": evidence or None,
        "lacks": [
            {"code": one.code, "message": one.message, "hint": one.hint, "field": one.field, "item": one.item, "quote": one.quote or None}
            for one in lacks
        ],
        "events": [
            {"id": one.id, "what": one.what, "recorded_at": time(one.recorded_at), "by": one.by, "text": one.text, "undoes": one.undoes}
            for one in review.events
        ],
    }


def head_as_dict(review: TrustReview) -> dict[str, Any]:
    """How a review stands, without its evidence."""
    return {
        "id": review.id,
        "incident": review.incident_id,
        "which": review.which,
        "state": review.state,
        "due_at": time(review.due_at),
        "opens_at": time(review.opens_at),
        "was_due": [time(one) for one in review.was_due],
        "overdue": review.overdue,
        "lead": review.lead,
        "unanswered": list(unanswered(review)),
        "decision": review.decision,
        "held_at": time(review.held_at),
        "held_by": review.held_by,
    }


def answer_as_dict(one: Answer) -> dict[str, Any]:
    """An answer: what it refers to, or whom we asked and when."""
    return {
        "id": one.id,
        "text": one.text or None,
        "kind": one.kind,
        "ref": one.ref,
        "asked": one.asked,
        "asked_at": time(one.asked_at),
        "recorded_at": time(one.recorded_at),
        "by": one.by,
    }


def time(at: datetime | None) -> str | None:
    """An instant as RFC 3339 with an offset."""
    return at.isoformat() if at is not None else None
