"""JSON Schema of what the API says about practice: `amends.practice/1`, and the catalogue, drills, due, history and own ones beside it."""

from __future__ import annotations

from typing import Any

from amends.interfaces.api.shapes import record
from amends.practice.report import SCHEMA
from amends.practice.session import KINDS, NOTES
from amends.practice.session_report import CATALOGUE, DUE, EXPORT, HISTORY, OWN, SESSION, SESSIONS

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_NUMBER: dict[str, Any] = {"type": "integer"}
_MAYBE_NUMBER: dict[str, Any] = {"type": ["integer", "null"]}
_FLAG: dict[str, Any] = {"type": "boolean"}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_MAYBE_TIME: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}
_TEXTS: dict[str, Any] = {"type": "array", "items": _TEXT}
_MANY: dict[str, Any] = {"type": "array", "items": {"type": "object"}}

_SCENARIO: dict[str, Any] = {
    **dict.fromkeys(("id", "title", "form", "audience", "learner_role", "channel", "stakes", "brief"), _TEXT),
    "version": _NUMBER, "group": _FLAG, "cast": _MANY, "pass": _NUMBER, "levels": _MANY, "variants": _TEXTS,
}  # fmt: skip
_ENTRY = {**_SCENARIO, "later": _MAYBE_TEXT, "receiver": _MAYBE_TEXT, "played": _NUMBER, "best": _MAYBE_NUMBER, "due": _FLAG}
_SITTING: dict[str, Any] = {
    **dict.fromkeys(("id", "scenario", "title", "form", "variant", "sha256"), _TEXT),
    **dict.fromkeys(("turns", "version", "engine", "seed", "difficulty"), _NUMBER),
    **dict.fromkeys(("aided", "left", "first"), _FLAG),
    "kind": {"enum": list(KINDS)}, "started_at": _TIME, "ended_at": _MAYBE_TIME, "score": _MAYBE_NUMBER,
    "passed": {"type": ["boolean", "null"]}, "promise": _MAYBE_TEXT,
    "voice": {"type": ["string", "null"], "description": "The model and its host that voice the other person; they change nothing else."},
}  # fmt: skip
_PLAY: dict[str, Any] = {
    "schema": {"const": SCHEMA}, "scenario": {"type": "object"}, "engine": _NUMBER, "seed": _NUMBER, "difficulty": _NUMBER,
    "variant": _TEXT, "opening": {"type": "object"}, "start": {"type": "object"}, "turns": _MANY,
    "end": {"enum": ["success", "failure", "open"]}, "ending": _MAYBE_TEXT, "unheard_turns": _NUMBER,
    "score": {"type": ["object", "null"], "description": "None while a drill goes on."},
    "debrief": {"type": ["object", "null"], "description": "None while a drill goes on."},
}  # fmt: skip

_VOICE: dict[str, Any] = {"turn": _NUMBER, "number": _NUMBER, "line": _TEXT, "model": _TEXT, "text": _MAYBE_TEXT,
                          "note": {"enum": [*NOTES, None], "description": "Why the written line was said instead."}}  # fmt: skip
_VOICES: dict[str, Any] = {
    "type": "array", "description": "Lines of `play` that a model voiced: of which turn, and which line of it, from 0.",
    "items": {"type": "object", "required": list(_VOICE), "properties": _VOICE},
}  # fmt: skip


def practice_schemas(place: str = "#/components/schemas/") -> dict[str, dict[str, Any]]:
    """The records of practice by name, referring to each other below `place`."""
    session = {
        "schema": {"const": SESSION}, **_SITTING, "stakes": _TEXT, "brief": _TEXT, "learner_role": _TEXT, "turns_left": _NUMBER,
        "changed": {"type": "boolean", "description": "The scenario is another now; score and result are those of the day."},
        "delivery": {"type": "array", "items": {"type": ["object", "null"]}}, "voices": _VOICES, "play": {"$ref": f"{place}Play"},
    }  # fmt: skip
    card = {"skill": _TEXT, "form": _TEXT, "due": _TIME, "scenario": _MAYBE_TEXT}
    own = {"id": _TEXT, "scenario": _TEXT, "title": _TEXT, "answers": {"type": "object"}, "written_at": _TIME}
    history = {
        "schema": {"const": HISTORY}, "drills": _NUMBER, "counted": _NUMBER, "forms": _MANY, "skills": _MANY, "delivery": _MANY,
    }  # fmt: skip
    export = {"schema": {"const": EXPORT}, "person": _TEXT, "sessions": _MANY, "reviews": _MANY, "cards": _MANY, "own": _MANY}
    return {
        "Play": record("A conversation: what was heard in each turn, what was answered, and what it is worth.", _PLAY),
        "PracticeCatalogue": _listed("The drills, and what you played of them.", CATALOGUE, "scenarios", record("A drill.", _ENTRY)),
        "PracticePersonas": _listed("Whom you can rehearse with.", CATALOGUE, "personas", record("A persona.", _SCENARIO)),
        "PracticeSession": record("A drill of yours with the conversation.", session),
        "PracticeSessions": _listed("Your drills, the newest first.", SESSIONS, "sessions", record("A drill of yours.", _SITTING)),
        "PracticeDue": _listed("What to practise today, at most three.", DUE, "due", record("A skill in a form.", card)),
        "PracticeHistory": record("What your drills can honestly say.", history),
        "PracticeOwn": _listed("Conversations that you described.", OWN, "own", record("One of them.", own)),
        "PracticeSettings": record("What you chose.", {"count_real": _FLAG}),
        "PracticeExport": record("Everything that is kept of your practice.", {**export, "settings": {"type": "object"}}),
        "PracticeForgotten": record("That it is gone.", {"forgotten": _FLAG}),
    }


def _listed(description: str, schema: str, name: str, items: dict[str, Any]) -> dict[str, Any]:
    return record(description, {"schema": {"const": schema}, name: {"type": "array", "items": items}})
