"""The trust board as plain values, the same on the command line and over HTTP: `amends.trust-board/1`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.trust.prepared import repair_shown
from amends.trust.review_report import head_as_dict, time

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from amends.trust.breakmap import BreakMap, TrustBreak
    from amends.trust.remark import Remark
    from amends.trust.repair import Repair
    from amends.trust.review import TrustReview

BOARD = "amends.trust-board/1"


def as_dict(
    incident_id: str,
    told: BreakMap,
    repairs: Iterable[Repair],
    since: datetime | None,
    remarks: Iterable[Remark],
    reviews: Iterable[TrustReview],
) -> dict[str, Any]:
    """The whole board; `since` is since when the incident is contained."""
    return {
        "schema": BOARD,
        "incident": incident_id,
        "contained_at": time(since),
        "breaks": [break_as_dict(one) for one in told.breaks],
        "withdrawn": [
            {"item": one.item, "text": one.text, "whose": one.whose, "why": one.why, "by": one.by, "recorded_at": time(one.at)}
            for one in told.withdrawn
        ],
        "groups": [{"name": one.name, "audience": one.audience} for one in told.groups],
        "repairs": [repair_as_dict(one) for one in repairs],
        "reviews": [head_as_dict(one) for one in reviews],
        "lacks": [remark_as_dict(one) for one in remarks],
    }


def break_as_dict(one: TrustBreak) -> dict[str, Any]:
    """A broken trust with its place on the map; `state` is None where nobody placed it yet."""
    placed = one.placed
    return {
        "item": one.item,
        "text": one.text,
        "open": one.is_open,
        "closed": one.closed,
        "whose": one.whose,
        "state": placed.state if placed else None,
        "subject": placed.subject if placed else None,
        "direction": placed.direction if placed else None,
        "kind": placed.kind if placed else None,
        "fear": placed.fear if placed else None,
        "heard_from": placed.heard_from if placed else None,
        "heard_at": time(placed.heard_at) if placed else None,
        "asked": placed.asked if placed else None,
        "asked_at": time(placed.asked_at) if placed else None,
        "recorded_at": time(placed.recorded_at) if placed else None,
        "by": placed.by if placed else None,
    }


def repair_as_dict(one: Repair) -> dict[str, Any]:
    """A repair action: what people will know, and how its action item stands; done and helped are two answers."""
    shown, action = repair_shown(one), one.action
    return {
        "action": action.action_id,
        "title": one.now.item.title,
        "kind": action.kind,
        "why_other": action.why_other,
        "breaks": list(action.breaks),
        "uncertainty": action.uncertainty,
        "visible": action.visible,
        "check_at": time(action.check_at),
        "owner": one.now.owner,
        "due": time(one.now.due),
        "late": one.now.late,
        "done": shown.done,
        "helped": shown.helped,
        "mechanism": one.is_mechanism,
        "recorded_at": time(action.recorded_at),
        "by": action.by,
    }


def remark_as_dict(one: Remark) -> dict[str, Any]:
    """A remark; `item` is the break, the action item, the group or the direction that it is about."""
    return {"code": one.code, "message": one.message, "hint": one.hint, "field": one.field, "item": one.item, "quote": one.quote or None}
