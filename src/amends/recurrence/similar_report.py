"""What was found alike, as plain values: the same for the command line and the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amends.recurrence.similar import Match, SimilarIncident

SCHEMA = "amends.similar/1"


def whole(matches: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The answer to one question."""
    return {"schema": SCHEMA, "matches": list(matches)}


def answer(id: str | None, matches: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The answer to one question of many."""
    return {"id": id, "matches": list(matches)}


def match_as_dict(match: Match) -> dict[str, Any]:
    """A report that is like another."""
    return {"id": match.id, "score": match.score, "why": list(match.why)}


def incident_as_dict(met: SimilarIncident) -> dict[str, Any]:
    """An incident that is like a text."""
    about = met.incident
    told = {"title": about.title, "severity": about.severity, "status": about.status, "started_at": about.started_at.isoformat()}
    return {"id": about.id, "score": met.score, "why": list(met.why), **told}
