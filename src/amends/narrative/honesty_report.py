"""The status honesty of an incident, and the history of its account in sentences, as plain values for the command line and HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.narrative.drift_report import drift_as_dict

if TYPE_CHECKING:
    from amends.narrative.contradicting import Part
    from amends.narrative.followups import Repeated
    from amends.narrative.happened import Happened
    from amends.narrative.honesty import Figure, StatusHonesty

SCHEMA = "amends.honesty/1"


def as_dict(found: StatusHonesty) -> dict[str, Any]:
    """Every figure with its parts, and the promises that were repeated without a date."""
    return {
        "schema": SCHEMA,
        "incident": found.incident_id,
        "figures": [_figure(one) for one in found.figures],
        "repeated": [_repeated(one) for one in found.repeated],
    }


def happened_as_dict(one: Happened) -> dict[str, Any]:
    """A change as a sentence, with how well its point was supported before and after."""
    return {"text": one.text, "before": one.before, "after": one.after}


def _figure(one: Figure) -> dict[str, Any]:
    return {
        "name": one.name,
        "says": one.says,
        "known": one.known,
        "n": one.n,
        "count": one.count,
        "share": round(one.share, 4) if one.share is not None else None,
        "seconds": one.seconds,
        "parts": [_part(part) for part in one.parts],
    }


def _part(one: Part) -> dict[str, Any]:
    quotes = [{"source": said.source, "id": said.id, "quote": said.words, "at": said.at.isoformat()} for said in one.quotes]
    return {"text": one.text, "at": one.at.isoformat(), "counts": one.counts, "quotes": quotes}


def _repeated(one: Repeated) -> dict[str, Any]:
    return {
        "audience": one.audience,
        "drift": drift_as_dict(one.drift),
        "ended": one.ended,
        "ended_at": one.ended_at.isoformat() if one.ended_at is not None else None,
        "occurrences": [
            {"message": told.message_id, "at": told.at.isoformat(), "quote": told.quote, "start": told.start, "end": told.end}
            for told in one.occurrences
        ],
    }
