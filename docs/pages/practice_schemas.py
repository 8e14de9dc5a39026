"""JSON Schemas of what practice says: a played conversation piece by piece, and the lists of the commands."""

from __future__ import annotations

from typing import Any

from amends.core.people import AUDIENCES
from amends.interfaces.api.practising_schema import practice_schemas
from amends.interfaces.cli import practice_lint, practice_list
from amends.practice.acts import SKILLS
from amends.practice.loading import CHANNELS
from amends.practice.report import SCHEMA
from amends.practice.scenario import METERS
from amends.practice.score import CAPS

DRAFT = "https://json-schema.org/draft/2020-12/schema"
TEXT: dict[str, Any] = {"type": "string"}
MAYBE: dict[str, Any] = {"type": ["string", "null"]}
COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
PLACE: dict[str, Any] = {"type": ["integer", "null"], "minimum": 0}
FLAG: dict[str, Any] = {"type": "boolean"}
ENDS = ("success", "failure", "open")

RECORDS = {
    "practice-catalogue-1": ("PracticeCatalogue", "`GET /api/v1/practice`"),
    "practice-session-1": ("PracticeSession", "`amends practice history ID --format json`, `/api/v1/practice/sessions/ID`"),
    "practice-sessions-1": ("PracticeSessions", "`GET /api/v1/practice/sessions`"),
    "practice-due-1": ("PracticeDue", "`amends practice due --format json`, `GET /api/v1/practice/due`"),
    "practice-history-1": ("PracticeHistory", "`amends practice history --format json`, `GET /api/v1/practice/history`"),
    "practice-own-1": ("PracticeOwn", "`amends practice own --format json`, `/api/v1/practice/own`"),
    "practice-export-1": ("PracticeExport", "`amends practice export`, `GET /api/v1/practice/export`"),
}
"""The outputs that the terminal shares with the API: the record, and where it comes from."""

ROWS = (
    ("practice-1", "`amends practice play --format json`, `POST /api/v1/practice/try`"),
    ("scenarios-1", "`amends practice list --format json`, `amends practice spin --format json`"),
    ("practice-lint-1", "`amends practice lint --format json`"),
    *((name, where) for name, (_, where) in RECORDS.items()),
)
"""Each file with where it comes from, for the overview."""


def files() -> dict[str, dict[str, Any]]:
    """The schemas by file name."""
    known = {**practice_schemas("#/$defs/"), "Play": _played(), **_parts()}
    found = {
        "practice-1": {"$schema": DRAFT, "title": SCHEMA, **_played(), "$defs": _parts()},
        "scenarios-1": _scenarios(),
        "practice-lint-1": _lint(),
    }
    for name, (record, _) in RECORDS.items():
        used = {"Play": known["Play"], **_parts()} if record == "PracticeSession" else {}
        found[name] = {
            "$schema": DRAFT,
            "title": f"amends.{name[:-2]}/1",
            "$ref": f"#/$defs/{record}",
            "$defs": {record: known[record], **used},
        }
    return {f"{name}.schema.json": schema for name, schema in found.items()}


def _record(description: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "description": description, "required": list(properties), "properties": properties}


def _many(name: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}


def _played() -> dict[str, Any]:
    """A conversation. The same turns, scenario, seed, difficulty and variant give the same bytes."""
    going = "Null only in a drill that goes on (`practice-session-1`)."
    debrief = _record("The look back.", model=TEXT, anti_model=TEXT, reflect={"type": "array", "items": TEXT}, goal=TEXT, best=MAYBE)
    return _record(
        "A conversation: what was heard in each turn, what was answered, and what it is worth.",
        schema={"const": SCHEMA},
        scenario=_record(
            "What was played.", id=TEXT, version={"type": "integer"}, sha256={"type": "string", "pattern": "^[0-9a-f]{64}$"}, title=TEXT
        ),
        engine={"type": "integer", "description": "Counts up whenever the same turns may be played otherwise than before."},
        seed={"type": "integer"},
        difficulty={"type": "integer"},
        variant=TEXT,
        opening={"$ref": "#/$defs/Line"},
        start={"$ref": "#/$defs/State"},
        turns=_many("Turn"),
        end={"enum": list(ENDS)},
        ending={**MAYBE, "description": "The id of the ending; null while nothing ended it."},
        unheard_turns={**COUNT, "description": "Turns that came after the end."},
        score={"oneOf": [{"$ref": "#/$defs/Score"}, {"type": "null"}], "description": going},
        debrief={"oneOf": [debrief, {"type": "null"}], "description": going},
    )


def _parts() -> dict[str, dict[str, Any]]:
    meter = {"type": "integer", "minimum": 0, "maximum": 100}
    act = _record("Something that was heard, and where.", act=TEXT, start=COUNT, end=COUNT)
    finding = _record(
        "A remark on a turn: what the other person heard, and one way to write it. At most three a turn.",
        kind={"enum": ["costly", "missing", "foul"]}, act=TEXT, start=PLACE, end=PLACE, quote=TEXT, rule=MAYBE, heard=TEXT, rewrite=TEXT,
    )  # fmt: skip
    quote = _record(
        "Words of the learner that decide an item.", turn={"type": "integer", "minimum": 1}, start=COUNT, end=COUNT, text=TEXT, act=TEXT
    )
    return {
        "Line": _record("Something that is said, or (`outside`) that happens.", by=TEXT, text=TEXT, id=TEXT, outside=FLAG),
        "State": _record("How the other person takes it.", **dict.fromkeys(METERS, meter)),
        "Turn": _record(
            "A turn of the learner, and what came of it.",
            turn={"type": "integer", "minimum": 1}, text=TEXT, acts={"type": "array", "items": act}, state={"$ref": "#/$defs/State"},
            drifted={**FLAG, "description": "Nothing good was done for the first time, so it became worse by itself."},
            replies=_many("Line"), waiting_for={**MAYBE, "description": "The question that still waits for its answer."},
            findings={"type": "array", "maxItems": 3, "items": finding},
        ),
        "Score": _record(
            "What it is worth: `raw` is the sum of the points, `total` what remains under the caps.",
            total=meter, raw=meter, **{"pass": meter}, passed=FLAG,
            capped={"type": "array", "items": {"enum": list(CAPS)}}, items=_many("Item"),
        ),
        "Item": _record(
            "A question of the rubric with its answer, and the words for it and against it.",
            id=TEXT, text=TEXT, weight=COUNT, skill={"enum": list(SKILLS)}, blocker=FLAG, passed=FLAG, points=COUNT, quotes=_many("Quote"),
            against=_many("Quote"), missing={"type": "array", "items": TEXT},
        ),
        "Quote": quote,
    }  # fmt: skip


def _scenarios() -> dict[str, Any]:
    one = _record(
        "A scenario that can be played.",
        id=TEXT, version={"type": "integer"}, sha256=TEXT, number={"type": "integer"}, title=TEXT, form=TEXT,
        audience={"enum": list(AUDIENCES)},
        learner_role=TEXT, channel={"enum": list(CHANNELS)}, group=FLAG, difficulties={"type": "array", "items": {"type": "integer"}},
        variants={"type": "array", "items": TEXT}, later_of={**MAYBE, "description": "The scenario whose day after this is."},
        receiver_of={**MAYBE, "description": "The scenario whose other chair this is."},
    )  # fmt: skip
    listed = _record("Scenarios.", schema={"const": practice_list.SCHEMA}, scenarios={"type": "array", "items": one})
    return {"$schema": DRAFT, "title": practice_list.SCHEMA, **listed}


def _lint() -> dict[str, Any]:
    fault = _record(
        "Something that is wrong with a scenario.", path=MAYBE, line={"type": ["integer", "null"]}, field=MAYBE, message=TEXT, hint=TEXT
    )
    found = _record(
        "What is wrong with scenarios.", schema={"const": practice_lint.SCHEMA}, scenarios=COUNT, faults={"type": "array", "items": fault}
    )
    return {"$schema": DRAFT, "title": practice_lint.SCHEMA, **found}
