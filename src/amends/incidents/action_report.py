"""An action item as plain values, the same on the command line and over HTTP: the shapes of `amends.actions/1`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.incidents.acting import is_guardrail

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from amends.core.problem import Problem
    from amends.incidents.acting import ActionStanding
    from amends.incidents.actions import ActionEvent
    from amends.promises.promise import Evidence

SCHEMA = "amends.actions/1"


def list_as_dict(items: Iterable[ActionStanding], **more: Any) -> dict[str, Any]:
    """Action items, with what else there is to say; times are RFC 3339 with an offset."""
    return {"schema": SCHEMA, **more, "actions": [as_dict(one) for one in items]}


def as_dict(now: ActionStanding) -> dict[str, Any]:
    """An action item, how it stands, what it asks for next, and its history."""
    item = now.item
    return {
        "id": item.id,
        "incident": item.incident_id,
        "title": item.title,
        "kind": item.kind,
        "detail": item.detail,
        "proposed_at": _time(item.proposed_at),
        "proposed_by": item.proposed_by,
        "state": now.state,
        "step": now.step,
        "owner": now.owner,
        "due": _time(now.due),
        "was_due": [_time(due) for due in now.was_due],
        "late": now.late,
        "overdue": now.overdue,
        "helps_when": now.helps_when,
        "done_at": _time(now.done_at),
        "shown_by": _evidence(now.shown),
        "judged_at": _time(now.judged_at),
        "helps_by": _evidence(now.helps),
        "reason": now.reason,
        "guardrail": is_guardrail(now),
        "ticket": now.ticket,
        "ticket_url": now.ticket_url,
        "there": _said(now),
        "events": [_event(event) for event in now.events],
    }


def remarks_as_dict(remarks: Iterable[Problem]) -> list[dict[str, str]]:
    """Remarks on the words of a title, or on a time; none of them keeps anybody from anything."""
    return [{"code": one.code, "message": one.message, "hint": one.hint} for one in remarks]


def _said(now: ActionStanding) -> dict[str, Any] | None:
    """What the tracker says of the ticket."""
    said = now.said
    if said is None:
        return None
    due = said.due.date().isoformat() if said.due is not None else None
    return {"state": said.state, "words": said.words, "owner": said.owner, "due": due, "told_at": _time(said.told_at)}


def _event(event: ActionEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "what": event.what,
        "at": _time(event.at),
        "recorded_at": _time(event.recorded_at),
        "by": event.by,
        "person": event.person,
        "due": _time(event.due),
        "text": event.text,
        "evidence": f"{event.evidence_kind}:{event.evidence}" if event.evidence_kind else None,
        "undoes": event.undoes,
    }


def _evidence(shown: Evidence | None) -> str | None:
    return f"{shown.kind}:{shown.reference}" if shown is not None else None


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
