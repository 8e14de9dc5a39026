"""What incidents owe, for people at a terminal and for programs: beside the promises, in `amends due`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.interfaces.cli.ledger_text import short_length, span
from amends.interfaces.cli.result import counted
from amends.interfaces.cli.terminal import safe, wrapped

if TYPE_CHECKING:
    from datetime import datetime

    from amends.core.incident import Incident, SavedDraft
    from amends.incidents.clock import Owed
    from amends.incidents.silence import Silence
    from amends.interfaces.cli.ledger_desk import Desk
    from amends.usecases.today import TodayView

OWED_STYLES = {"late": "error", "due": "warning", "coming": "note"}
_WORDS = 70
"""How much of a draft is shown."""


def incidents_text(desk: Desk, view: TodayView) -> str:
    """What each live incident owes, the one with the most urgent thing first, and the drafts that nobody has got yet."""
    blocks = [_incident(desk, view, one) for one in _order(view)]
    if view.drafts:
        blocks.append([line for draft in view.drafts for line in _draft(desk, draft, view.now)])
    return "".join("\n".join(block) + "\n\n" for block in blocks)


def incidents_json(view: TodayView) -> dict[str, Any]:
    """The same for programs."""
    return {
        "owed": [_owed_json(one) for one in view.owed],
        "silences": [{"incident": one.incident_id, "since": one.since.isoformat(), "pieces": one.count} for one in view.silences],
        "drafts": [{"id": one.id, "incident": one.incident_id, "written_at": one.updated_at.isoformat()} for one in view.drafts],
    }


def _owed_json(one: Owed) -> dict[str, Any]:
    told = {"incident": one.incident_id, "what": one.what, "audience": one.audience, "due": one.due.isoformat(), "state": one.state}
    return {**told, "title": one.title, "why": one.why, "source": one.source}


def _order(view: TodayView) -> list[Incident]:
    """Incidents that owe something or are silent, by their first time."""
    first: dict[str, datetime] = {}
    times = [(one.incident_id, one.due) for one in view.owed] + [(one.incident_id, one.since) for one in view.silences]
    for name, at in times:
        first[name] = min(first.get(name, at), at)
    return sorted((view.incidents[name] for name in first), key=lambda one: (first[one.id], one.id))


def _incident(desk: Desk, view: TodayView, incident: Incident) -> list[str]:
    length = short_length(list(view.incidents))
    sample = "sample, " if incident.origin == "sample" else ""
    head = f"{incident.id[-length:]}  "
    lines = wrapped(f"{safe(incident.title)} ({sample}{incident.severity}, {incident.status})", desk.width, head, " " * len(head))
    lines[0] = desk.paint("bold", head) + lines[0][len(head) :]
    for one in view.owed:
        if one.incident_id == incident.id:
            state = how_owed(one, view.now)
            more = wrapped(f"{state}: {one.title}", desk.width, "    ", "      ")
            lines += [f"    {desk.paint(OWED_STYLES[one.state], state)}{more[0][4 + len(state) :]}", *more[1:]]
    return lines + [_silence(desk, one, view.now) for one in view.silences if one.incident_id == incident.id]


def how_owed(one: Owed, now: datetime) -> str:
    """How long until it is due, or since it was, in a few words."""
    return f"late by {span(now, one.due)}" if one.state == "late" else f"due in {span(one.due, now)}" if one.due > now else "due now"


def _silence(desk: Desk, one: Silence, now: datetime) -> str:
    said = f"{counted(one.count, 'piece')} of work in the last {span(now, one.since)}, and nobody told"
    return f"    {desk.paint('warning', said)}"


def _draft(desk: Desk, draft: SavedDraft, now: datetime) -> list[str]:
    words = " ".join(draft.content.text.split())
    said = f"not sent, written {span(now, draft.updated_at)} ago: “{safe(words[:_WORDS])}{'…' if len(words) > _WORDS else ''}”"
    return wrapped(said, desk.width, "draft   ", " " * 8)
