"""JSON Schemas of what the command line and the API say about recurrence."""

from __future__ import annotations

from typing import Any

from amends.core.incident import SEVERITIES, STATUSES
from amends.interfaces.api.shapes import list_of, many, record
from amends.recurrence import report
from amends.recurrence.fingerprint import DECLARED, PARTS, SAID
from amends.recurrence.matching import MAYBE, MET, MODES, VERDICTS
from amends.recurrence.prevention import HAPPENED, HELD, KINDS, STATES
from amends.recurrence.traits import FILES

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_MAYBE_TIME: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
_SHARE: dict[str, Any] = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
_YES: dict[str, Any] = {"type": "boolean"}
_ABOUT = {"id": _TEXT, "title": _TEXT, "severity": {"enum": list(SEVERITIES)}, "status": {"enum": list(STATUSES)}, "started_at": _TIME}
_EVIDENCE = {**_MAYBE_TEXT, "description": "What shows it, as kind:reference."}
_MODE = {"enum": list(MODES)}


def recurrence_schemas(place: str = "#/components/schemas/") -> dict[str, dict[str, Any]]:
    """The records of recurrence by name, referring to each other below `place`."""
    met, guard = many(f"{place}Met"), many(f"{place}GuardrailStanding")
    return {
        "MetBefore": record("What an incident may be again, and what was promised then.", {
            "schema": {"const": report.SCHEMA}, "incident": record("The incident.", _ABOUT), "mode": _MODE,
            "times": {**_COUNT, "description": "How often the same failure came, this time included."},
            "days": {**_COUNT, "description": "In how many days; 0 where it came once."},
            "fingerprint": list_of(_FINGERPRINT), "same": met, "related": met,
            "to_judge": {**met, "description": "What nobody has judged: at the review also what was found in shadow."}, "judged": met}),
        "Met": record("An earlier incident, why it is taken for the same, and what was promised then.", {
            "incident": record("The earlier incident.", _ABOUT), "strength": {"enum": [MET, MAYBE, None]}, "score": _SHARE,
            "why": {**list_of(_TEXT), "description": "The reasons, the weightiest first."},
            "shadow": {**_YES, "description": "Nobody was shown it before the review."},
            "judgement": {"anyOf": [_JUDGEMENT, {"type": "null"}]}, "promised": guard}),
        "GuardrailStanding": record("Something that was promised so that it does not happen again, and how it did.", _GUARDRAIL),
        "Guardrails": record("Mistakes, each with its guardrails and what shows that they fired or would have.", {
            "schema": {"const": report.GUARDRAILS}, "mistakes": list_of(record("An incident as a mistake.", {
                "incident": record("The incident.", _ABOUT), "category": _MAYBE_TEXT, "guardrails": guard}))}),
        "OnThisDay": record("What began on this date a year ago, and two.", {
            "schema": {"const": report.ON_THIS_DAY}, "incidents": list_of(record("An incident of this date.", {
                "years": _COUNT, "day": {"type": "string", "format": "date"}, **_ABOUT, "promised": guard}))}),
        "Recurrence": record("The mode, what came several times, and how often judged matches were right.", {
            "schema": {"const": report.OVER_TIME}, "mode": _MODE, "repeats": list_of(_REPEAT), "records": list_of(_RECORD)}),
        "RecurrenceKinds": record("What an incident can be declared with.", {
            "schema": {"const": report.KINDS_SCHEMA}, "kinds": list_of(record("One kind.", {
                "part": {"enum": list(FILES)}, "id": _TEXT, "title": _TEXT, "about": _TEXT}))}),
    }  # fmt: skip


_FINGERPRINT = record("One thing by which incidents are compared, and how it is known.", {
    "part": {"enum": list(PARTS)}, "value": _TEXT, "title": _TEXT, "source": {"enum": [DECLARED, *SAID]},
    "ref": {**_MAYBE_TEXT, "description": "The fact, point, message or commit that says it."}, "quote": _TEXT})  # fmt: skip
_JUDGEMENT = record("What people said.", {"verdict": {"enum": list(VERDICTS)}, "why": _MAYBE_TEXT, "at": _TIME, "by": _TEXT})
_GUARDRAIL = {
    "kind": {"enum": list(KINDS)}, "id": _TEXT, "words": _TEXT, "thing": {**_MAYBE_TEXT, "description": "What it puts in place."},
    "state": {"enum": list(STATES)}, "told": {**_TEXT, "description": "How far it is, in words."}, "promised_at": _TIME, "due": _MAYBE_TIME,
    "done_at": _MAYBE_TIME, "late": _YES, "shown_by": _EVIDENCE, "held": {"enum": list(HELD)},
    "says": {**_TEXT, "description": "How it did since, in a sentence."},
    "came": list_of(record("A later incident of the same failure.", {"incident": _TEXT, "started_at": _TIME, "confirmed": _YES})),
    "events": list_of(record("Something that was told of it.", {
        "id": _TEXT, "what": {"enum": list(HAPPENED[:-1])}, "at": _TIME, "by": _TEXT, "shown_by": _EVIDENCE, "text": _MAYBE_TEXT})),
}  # fmt: skip
_REPEAT = record("A category that came several times.", {
    "category": _TEXT, "count": _COUNT, "days": _COUNT, "says": _TEXT,
    "incidents": list_of(record("One of them.", {"incident": _TEXT, "started_at": _TIME}))})  # fmt: skip
_RECORD = record("How often matches of a strength were right, with the 95 % interval of the share.", {
    "strength": {"enum": [MET, MAYBE]}, "judged": _COUNT, "right": _COUNT, "related": _COUNT, "shadow": _COUNT,
    "share": _SHARE, "low": _SHARE, "high": _SHARE})  # fmt: skip
