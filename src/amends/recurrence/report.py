"""What was met before, guardrails and days that look back as plain values, the same on the command line and over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.recurrence.traits import FILES, kinds

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from amends.core.incident import Incident
    from amends.recurrence.fingerprint import Fingerprint
    from amends.recurrence.matching import Judgement, Record
    from amends.recurrence.prevention import Guarded, GuardrailEvent, Repeat
    from amends.recurrence.told import Met, MetBefore, Mistake, OnThisDay

SCHEMA = "amends.met-before/1"
GUARDRAILS = "amends.guardrails/1"
ON_THIS_DAY = "amends.on-this-day/1"
OVER_TIME = "amends.recurrence/1"
KINDS_SCHEMA = "amends.recurrence-kinds/1"


def as_dict(told: MetBefore) -> dict[str, Any]:
    """What an incident may be again, why, what was promised then, and its fingerprint."""
    return {
        "schema": SCHEMA,
        "incident": _incident(told.incident),
        "mode": told.mode,
        "times": told.times,
        "days": told.days,
        "fingerprint": _fingerprint(told.fingerprint),
        "same": [_met(one) for one in told.same],
        "related": [_met(one) for one in told.related],
        "to_judge": [_met(one) for one in told.to_judge],
        "judged": [_met(one) for one in told.judged],
    }


def guardrails_as_dict(mistakes: Iterable[Mistake]) -> dict[str, Any]:
    """Mistakes with their guardrails, and what shows that each fired or would have."""
    return {"schema": GUARDRAILS, "mistakes": [mistake_as_dict(one) for one in mistakes]}


def mistake_as_dict(one: Mistake) -> dict[str, Any]:
    """One mistake and what stands in the way of its repetition."""
    return {"incident": _incident(one.incident), "category": one.category, "guardrails": [_guarded(guard) for guard in one.guarded]}


def days_as_dict(told: Iterable[OnThisDay]) -> dict[str, Any]:
    """What began on this date in earlier years."""
    return {"schema": ON_THIS_DAY, "incidents": [_day(one) for one in told]}


def over_time_as_dict(
    mode: str, repeats: Iterable[Repeat], records: Iterable[tuple[Record, tuple[float, float, float] | None]]
) -> dict[str, Any]:
    """The mode, the categories that came several times with their exposure, and how often judged matches were right.

    With each record comes the share of right ones between the ends of its interval, None where none was judged.
    """
    return {"schema": OVER_TIME, "mode": mode, "repeats": [_repeat(one) for one in repeats], "records": [_record(*one) for one in records]}


def _day(one: OnThisDay) -> dict[str, Any]:
    return {
        "years": one.years,
        "day": one.day.isoformat(),
        **_incident(one.incident),
        "promised": [_guarded(guard) for guard in one.guarded],
    }


def kinds_as_dict() -> dict[str, Any]:
    """The categories, triggers and conditions that an incident can be declared with."""
    told = [{"part": part, "id": one.id, "title": one.title, "about": one.about} for part in FILES for one in kinds(part)]
    return {"schema": KINDS_SCHEMA, "kinds": told}


def _met(one: Met) -> dict[str, Any]:
    found = one.match
    return {
        "incident": _incident(one.incident),
        "strength": found.strength if found else None,
        "score": found.score if found else None,
        "why": [reason.text for reason in found.reasons] if found else [],
        "shadow": one.shadow,
        "judgement": _judgement(one.judgement) if one.judgement else None,
        "promised": [_guarded(guard) for guard in one.guarded],
    }


def _judgement(one: Judgement) -> dict[str, Any]:
    return {"verdict": one.verdict, "why": one.why, "at": _time(one.recorded_at), "by": one.by}


def _guarded(one: Guarded) -> dict[str, Any]:
    own = one.prevention
    return {
        "kind": own.kind,
        "id": own.id,
        "words": own.words,
        "thing": own.thing,
        "state": own.state,
        "told": own.told,
        "promised_at": _time(own.promised_at),
        "due": _time(own.due),
        "done_at": _time(own.done_at),
        "late": own.late,
        "shown_by": f"{own.shown.kind}:{own.shown.reference}" if own.shown else None,
        "held": one.held,
        "says": one.text,
        "came": [
            {"incident": again.incident_id, "started_at": _time(again.started_at), "confirmed": again.confirmed} for again in one.came
        ],
        "events": [_event(event) for event in one.events],
    }


def _event(one: GuardrailEvent) -> dict[str, Any]:
    shown = f"{one.evidence_kind}:{one.evidence}" if one.evidence_kind else None
    return {"id": one.id, "what": one.what, "at": _time(one.at), "by": one.by, "shown_by": shown, "text": one.text}


def _fingerprint(one: Fingerprint) -> list[dict[str, Any]]:
    return [
        {"part": trait.part, "value": trait.value, "title": trait.title, "source": trait.source, "ref": trait.ref, "quote": trait.quote}
        for trait in one.traits
    ]


def _repeat(one: Repeat) -> dict[str, Any]:
    told = [{"incident": name, "started_at": _time(at)} for name, at in one.incidents]
    return {"category": one.category, "count": one.count, "days": one.days, "says": one.text, "incidents": told}


def _record(one: Record, share: tuple[float, float, float] | None) -> dict[str, Any]:
    counts = {"strength": one.strength, "judged": one.judged, "right": one.right, "related": one.related, "shadow": one.shadow}
    low, middle, high = (round(value, 4) for value in share) if share else (None, None, None)
    return counts | {"share": middle, "low": low, "high": high}


def _incident(one: Incident) -> dict[str, Any]:
    return {"id": one.id, "title": one.title, "severity": one.severity, "status": one.status, "started_at": _time(one.started_at)}


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
