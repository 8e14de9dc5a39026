"""What a search found, as plain values: the same for the command line and the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amends.core.search import Found, Hit, Snippet

SCHEMA = "amends.search/1"


def as_dict(found: Found) -> dict[str, Any]:
    """A page of hits; `total` counts up to a bound, and `more` says that there are more."""
    problems = [{"code": one.code, "field": one.field, "message": one.message, "hint": one.hint} for one in found.problems]
    hits = [hit_as_dict(hit) for hit in found.hits]
    return {"schema": SCHEMA, "total": found.total, "more": found.more, "hits": hits, "problems": problems}


def hit_as_dict(hit: Hit) -> dict[str, Any]:
    """One hit; ranges in texts are half-open and count code points."""
    incident = {"id": hit.incident_id, "title": hit.incident_title, "status": hit.incident_status, "severity": hit.incident_severity}
    return {
        "kind": hit.kind,
        "id": hit.ref,
        "incident": incident if hit.incident_id is not None else None,
        "by": hit.person,
        "at": hit.at.isoformat(),
        "own": hit.is_own,
        "title": _snippet(hit.title),
        "snippet": _snippet(hit.snippet),
    }


def _snippet(snippet: Snippet) -> dict[str, Any]:
    return {"text": snippet.text, "marks": [list(mark) for mark in snippet.marks]}
