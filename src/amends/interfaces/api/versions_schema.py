"""JSON Schema of `amends.version/1` and what goes with it: the account as told to one audience."""

from __future__ import annotations

from typing import Any

from amends.core.people import AUDIENCES
from amends.interfaces.api.shapes import many
from amends.narrative.version import GROUNDS
from amends.usecases import version_report as report

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
_ITEMS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
_AUDIENCE: dict[str, Any] = {"enum": list(AUDIENCES)}


def version_schemas(place: str = "#/components/schemas/") -> dict[str, dict[str, Any]]:
    """The records of versions by name, referring to each other, and to those of accounts, comparisons and messages, below `place`."""
    head = {"$ref": f"{place}SharedTextHead"}
    traced = {"allOf": [{"$ref": f"{place}Drift"}, _object({"items": {**_ITEMS, "description": "The points that it is about."}})]}
    listed = {
        "audience": _AUDIENCE,
        "drifts": {**_COUNT, "description": "How many places are less true than the account."},
        "told": {**_COUNT, "description": "How many points of the account it tells."},
        "points": {**_COUNT, "description": "How many points the account has."},
        "document": head,
    }
    return {
        "Versions": _whole("The versions of an incident.", report.VERSIONS, {"versions": {"type": "array", "items": _object(listed)}}),
        "VersionView": _whole("A version held against the account.", report.VERSION, _view(place, head, traced)),
        "VersionSentence": _record("A sentence of a version, and the points that it tells.", {
            "start": _COUNT, "end": _COUNT, "text": _TEXT,
            "tied": {**_ITEMS, "description": "Those that people tied it to."},
            "offered": {**_ITEMS, "description": "Those that it seems to tell."}}),
        "VersionOffers": _whole("What there is to tell an audience.", report.OFFERS, {
            "audience": _AUDIENCE, "points": many(f"{place}AccountPoint"),
            "numbers": {**_ITEMS, "description": "Which of the points have a figure."},
            "promises": many(f"{place}LedgerPromise")}),
        "VersionTies": _whole("That sentences tell points, or no longer do.", report.TIES, {"ties": many(f"{place}VersionTie")}),
        "VersionTie": _record("That a sentence of a version tells a point; it holds as long as the text has that sentence.", {
            "id": _TEXT, "document": _TEXT, "sentence": _TEXT, "item": _TEXT, "recorded_at": _TIME, "by": _TEXT, "undoes": _MAYBE_TEXT}),
        "Redactions": _whole("What is withheld from whom, and what was lifted, oldest first.", report.REDACTIONS, {
            "redactions": many(f"{place}Redaction")}),
        "Redaction": _record("That a point is withheld from an audience; with `undoes`, that it is no longer.", _REDACTION),
        "VersionsTold": _whole("Who was told which version, and which correction reached whom.", report.TOLD, {
            "told": {"type": "array", "items": _object({
                "document": _TEXT, "audience": _AUDIENCE, "version": _COUNT,
                "changed": {"type": "boolean", "description": "Its author changed the text before sending it."},
                "message": {"$ref": f"{place}MessageTold"}, "corrections": many(f"{place}MessageTold")})}}),
        "VersionDraft": _whole("A draft begun with the text of a version.", report.DRAFT, {
            "draft": _TEXT, "form": _TEXT, "audience": _AUDIENCE, "text": _TEXT}),
    }  # fmt: skip


def _view(place: str, head: dict[str, Any], traced: dict[str, Any]) -> dict[str, Any]:
    return {
        "audience": _AUDIENCE,
        "document": head,
        "text": {**_TEXT, "description": "What was held against the account: the text that is kept, or the one being written."},
        "account_text": {**_TEXT, "description": "The account as plain prose; the source of each drift stands in it."},
        "sentences": many(f"{place}VersionSentence"),
        "drifts": {"type": "array", "items": traced},
        "kept": {**_COUNT, "description": "How many sentences of the account it tells."},
        "declared": {**many(f"{place}DeclaredRedaction"), "description": "What the text itself says is withheld."},
        "untold": {**_ITEMS, "description": "The points that it tells nowhere, and that are not withheld."},
        "redactions": {**many(f"{place}Redaction"), "description": "What is withheld from this audience now."},
        "problems": many(f"{place}ComparisonProblem"),
    }


def _whole(description: str, schema: str, properties: dict[str, Any]) -> dict[str, Any]:
    return _record(description, {"schema": {"const": schema}, "incident": _TEXT, **properties})


def _record(description: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {**_object(properties), "description": description}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


_REDACTION: dict[str, Any] = {
    "id": _TEXT,
    "item": _TEXT,
    "audience": _AUDIENCE,
    "ground": {"enum": list(GROUNDS)},
    "why": _TEXT,
    "lift_at": {"type": ["string", "null"], "format": "date-time", "description": "Until when; null for open."},
    "recorded_at": _TIME,
    "by": _TEXT,
    "undoes": {**_MAYBE_TEXT, "description": "The one that this lifts."},
}
