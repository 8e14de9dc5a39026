"""JSON Schema of what the command line and the API say about pulses."""

from __future__ import annotations

from typing import Any

from amends.interfaces.api.shapes import list_of, many, record
from amends.trust.pulse import CLOSE, GROUPS, OPEN, WAVES, items
from amends.trust.pulse_report import ASKED, ITEMS, LINKS, SCHEMA, TAKEN
from amends.trust.statistics import VERDICTS

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
_NUMBER: dict[str, Any] = {"type": "number"}
_GROUP: dict[str, Any] = {"enum": list(GROUPS)}
_WHICH: dict[str, Any] = {"enum": list(WAVES)}
_ITEM: dict[str, Any] = {"enum": [one.id for one in items()]}
_CHANCE: dict[str, Any] = {"type": "number", "minimum": 0, "maximum": 1}


def pulse_schemas(place: str = "#/components/schemas/") -> dict[str, dict[str, Any]]:
    """The records of pulses by name, referring to each other below `place`."""
    said = {"type": "array", "items": record("What is to be said.", {"code": _TEXT, "message": _TEXT, "hint": _TEXT})}
    live = {"type": "array", "items": _TEXT, "description": "What an attacker could still see, in plain words."}
    return {
        "Pulse": record("The waves of an incident and what came of them.", {
            "schema": {"const": SCHEMA}, "waves": many(f"{place}PulseWave"), "results": many(f"{place}PulseResult"),
            "changes": many(f"{place}PulseChange"), "next": {"anyOf": [_step(), {"type": "null"}]},
            "advice": {**said, "description": "What is to be said before the next wave is opened; none of it refuses it."},
            "problems": said, "live": live}),
        "PulseOpened": record("A wave that was opened. Its links are told this once.", {
            "schema": {"const": LINKS}, "wave": {"$ref": f"{place}PulseWave"},
            "links": {"type": "object", "propertyNames": _GROUP, "additionalProperties": list_of(_TEXT)}, "advice": said, "live": live}),
        "PulseAsked": record("What a link asks.", {
            "schema": {"const": ASKED}, "group": _GROUP,
            "items": list_of(record("A statement.", {"id": _ITEM, "number": _COUNT, "text": _TEXT})),
            "questions": list_of(record("An open question.", {"id": _TEXT, "text": _TEXT}))}),
        "PulseTaken": record("That an answer was taken; a second one of the same link is answered alike, and not counted.", {
            "schema": {"const": TAKEN}, "taken": {"const": True}}),
        "PulseItems": record("The statements, and who is asked each.", {
            "schema": {"const": ITEMS},
            "items": list_of(record("A statement.", {
                "number": _COUNT, "id": _ITEM, "groups": list_of(_GROUP), "text": _TEXT, "reverse": {"type": "boolean"}})),
            "questions": list_of(record("An open question.", {"id": _TEXT, "text": _TEXT}))}),
        "PulseWave": record("A wave; while it is open nothing is known of it but how many answered.", {
            "id": _TEXT, "incident": _TEXT, "which": _WHICH, "opened_at": _TIME, "opened_by": _TEXT, "closes_at": _TIME,
            "closed_at": {"type": ["string", "null"], "format": "date-time"}, "least": _COUNT,
            "groups": list_of(record("A group that is asked.", {"group": _GROUP, "invited": _COUNT, "answered": _COUNT}))}),
        "PulseResult": _result(place),
        "PulseGroup": _group_result(),
        "PulseChange": _change(),
    }  # fmt: skip


def _step() -> dict[str, Any]:
    return record("What is to be done next: a wave that is opened between two times, or closed at the second.", {
        "which": _WHICH, "step": {"enum": [OPEN, CLOSE]}, "to": {**_TEXT, "description": "Who does it, and is reminded."},
        "first": _TIME, "last": _TIME})  # fmt: skip


def _result(place: str) -> dict[str, Any]:
    gap = record("How the stakeholders answer against the team.", {"item": _ITEM, "chance": _CHANCE, "words": _TEXT})
    paired = record(
        "The same people's index in two waves.",
        {"group": _GROUP, "earlier": _WHICH, "n": _COUNT, "up": _COUNT, "down": _COUNT, "change": _mean(), "chance": _CHANCE, "p": _CHANCE},
    )
    trend = record("Page's trend over three waves.", {
        "group": _GROUP, "n": _COUNT, "statistic": _NUMBER, "p_rising": _CHANCE, "p_falling": _CHANCE})  # fmt: skip
    return record("What came of a wave.", {
        "wave": _TEXT, "which": _WHICH, "n": _COUNT, "groups": many(f"{place}PulseGroup"), "gap": _or_null(gap), "paired": list_of(paired),
        "trends": list_of(trend), "comments": list_of(record("Somebody's words.", {"id": _TEXT, "question": _TEXT, "text": _TEXT})),
        "comments_hidden": {**_MAYBE_TEXT, "description": "Why no comments are shown."}})  # fmt: skip


def _group_result() -> dict[str, Any]:
    share = record("A share with Jeffreys' interval.", {"n": _COUNT, "count": _COUNT, "share": _CHANCE, "low": _CHANCE, "high": _CHANCE})
    item = record(
        "One statement: the share of those who scored it 5 to 7.",
        {"item": _ITEM, "title": _TEXT, "n": _COUNT, "cannot_say": _COUNT, "favourable": _or_null(share)},
    )
    return record("One group.", {
        "group": _GROUP, "invited": _COUNT, "answered": _COUNT, "counted": _COUNT, "partial": {"type": "boolean"},
        "hidden": {**_MAYBE_TEXT, "description": "Why nothing of it is shown."},
        "index": _or_null(_mean()), "items": list_of(item)})  # fmt: skip


def _change() -> dict[str, Any]:
    wave = record("One of the two waves.", {"which": _WHICH, "value": _NUMBER, "n": _COUNT})
    return record("What changed: the index of a group (`item` null), which is judged, or one statement, which is only described.", {
        "group": _GROUP, "item": {"enum": [None, *_ITEM["enum"]]}, "from": wave, "to": wave, "chance": _CHANCE,
        "verdict": {"enum": [None, *VERDICTS]}, "words": _TEXT})  # fmt: skip


def _mean() -> dict[str, Any]:
    return record("A mean with Student's interval.", {"n": _COUNT, "mean": _NUMBER, "low": _NUMBER, "high": _NUMBER})


def _or_null(record: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [record, {"type": "null"}]}
