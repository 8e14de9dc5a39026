"""Reads scenario files strictly, ours and a team's alike; what is wrong in one is named with file, line and field."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from amends.core.errors import InputError
from amends.core.files import parse_toml, read_text
from amends.core.people import AUDIENCES
from amends.core.shape import require_shape
from amends.core.zones import zone_named
from amends.practice.acts import SKILLS
from amends.practice.condition import parse
from amends.practice.scenario import CONDITIONS, RECORDS, Reply, Scenario

CHANNELS = {"chat": "in a chat", "email": "by e-mail", "call": "on a call", "room": "in a room", "one-to-one": "one to one"}
"""Where people talk, each with its words."""
RELATIONS = ("customer", "peer", "report", "manager", "executive", "partner", "stranger")

_PERSON = {"name": str, "role": str, "relation": RELATIONS}
_MOVING = {"anger?": int, "trust?": int, "clarity?": int}
_FACT = {"id": str, "text": str, "known_to": ("learner", "counterpart"), "match": [str], "reveal?": str}
_CUE = {"id": str, "good": bool, "says": str, "match": [str], "unless?": [str]}
_TRIGGER = {"act": str, **_MOVING, "cap?": int, "needs?": str, "unless?": str}
_ASKING = {"asks?": [str], "question?": str}
_REPLY = {
    "id": str, "say": (str, [str]), "when?": str, "about?": str, "by?": str, **_ASKING, "reveal?": [str], "repeat?": bool, "boost?": int,
}  # fmt: skip
_INJECT = {"id": str, "turn": int, "say": str, "by?": str, "when?": str, **_ASKING, **_MOVING}
_ENDING = {"id": str, "result": ("success", "failure"), "when": str, "say": str, "by?": str}
_ITEM = {
    "id": str, "text": str, "weight": int, "skill": tuple(SKILLS), "all?": [str], "any?": [str], "none?": [str], "within?": int,
    "when?": str, "blocker?": bool,
}  # fmt: skip
_COACHING = {"act": str, "heard": str, "rewrite": str}
_LEVEL = {
    "difficulty": int, "turns": int, "max_change": int, "anger": int, "trust": int, "clarity": int,
    "drift_anger?": int, "drift_trust?": int, "drift_clarity?": int,
}  # fmt: skip
_TRANSCRIPT = {"kind": ("good", "poor"), "turns": [str]}
SHAPE: dict[str, object] = {
    "id": str, "version": int, "number": int, "title": str, "form": str, "audience": AUDIENCES, "learner_role": str, "at": str,
    "zone": str, "channel": tuple(CHANNELS), "stakes": str, "brief": str, "source?": str, "group?": bool, "pace?": int, "patience?": int,
    "promise?": str, "later_of?": str, "in_days?": int, "receiver_of?": str, "opening": str, "opening_asks?": [str],
    "opening_question?": str, "press": [str], "idle": [str], "open": str, "model": str, "anti_model": str, "reflect": [str],
    "cast": [_PERSON], "facts": [_FACT], "cues?": [_CUE], "triggers": [_TRIGGER], "replies": [_REPLY], "injects?": [_INJECT],
    "endings": [_ENDING], "rubric": [_ITEM], "coaching": [_COACHING], "levels": [_LEVEL], "variants": {"*": {"*": str}},
    "transcripts": [_TRANSCRIPT],
}  # fmt: skip
"""The shape of a scenario file."""
INHERITED = (
    "number", "form", "audience", "learner_role", "zone", "channel", "cast", "facts", "cues", "triggers", "coaching", "levels",
    "variants", "press", "idle", "pace", "patience", "group", "source",
)  # fmt: skip
"""What the day after takes from its scenario where it says nothing itself."""
_RECEIVED = ("number", "zone", "variants", "pace", "source")
"""What the other chair takes: the situation, and none of the people."""
SCENARIOS, PERSONAS = (Path(__file__).with_name(name) for name in ("scenarios", "personas"))
"""The folders of what ships."""


def load_folder(folder: Path = SCENARIOS) -> tuple[Scenario, ...]:
    """All scenarios of a folder, in the order of their numbers, each followed by its day after and its other chair.

    Raises:
        InputError: there is no such folder, or a file in it is no scenario; names file, line and field.
    """
    if not folder.is_dir():
        raise InputError("there is no such folder", hint="create it, or correct the project file", path=str(folder))
    sources = {path: read_text(str(path)) for path in sorted(folder.glob("*.toml"))}
    raw = {path: parse_toml(source, str(path))[0] for path, source in sources.items()}
    by_id = {str(values.get("id")): values for values in raw.values()}
    found = [_scenario(path, source, by_id) for path, source in sources.items()]
    return tuple(sorted(found, key=lambda one: (one.number, one.later_of is not None, one.receiver_of is not None, one.id)))


def load_text(source: str, path: str, others: dict[str, dict[str, Any]] | None = None) -> Scenario:
    """A scenario from the text of its file; `path` names it in errors, `others` are the values of the files it may build on."""
    return _scenario(Path(path), source, others or {})


def _scenario(path: Path, source: str, others: dict[str, dict[str, Any]]) -> Scenario:
    own, line_of = parse_toml(source, str(path))
    values = _with_inherited(own, others, path)
    require_shape(values, SHAPE, str(path), line_of)
    wrong = Wrong(str(path), line_of)
    if path.stem != values["id"]:
        raise wrong(f"the id {values['id']!r} is not the name of the file", "id", f"rename the file to {values['id']}.toml")
    _require_time(values, wrong)
    _require_conditions(values, wrong)
    _require_patterns(values, wrong)
    return Scenario(
        **{
            **values,
            **{name: _all(kind, values.get(name, ())) for name, kind in RECORDS.items()},
            "variants": tuple((name, tuple(filling.items())) for name, filling in values["variants"].items()),
            "opening_asks": tuple(values.get("opening_asks", ())),
            "opening_question": values.get("opening_question"),
            **{name: tuple(values[name]) for name in ("press", "idle", "reflect")},
            "sha256": hashlib.sha256(source.encode()).hexdigest(),
            "path": str(path),
        }
    )


class Wrong:
    """Makes the errors of one file, with the line of the field."""

    def __init__(self, path: str, line_of: Any) -> None:
        self._path = path
        self._line_of = line_of

    def __call__(self, message: str, field: str, hint: str = "") -> InputError:
        """The error about a field."""
        return InputError(message, hint=hint, path=self._path, line=self._line_of(field), field=field)


def _with_inherited(own: dict[str, Any], others: dict[str, dict[str, Any]], path: Path) -> dict[str, Any]:
    """The values of a file with those of the scenario that it continues, or sees from the other chair."""
    for key, names in (("later_of", INHERITED), ("receiver_of", _RECEIVED)):
        base = own.get(key)
        if base is None:
            continue
        if base not in others:
            message = f"{key} names {base!r}, and no such scenario is here"
            raise InputError(message, hint="put both in one folder", path=str(path), field=key)
        return {**{name: others[base][name] for name in names if name in others[base]}, **own}
    return own


def _require_time(values: dict[str, Any], wrong: Wrong) -> None:
    try:
        aware = datetime.fromisoformat(values["at"]).tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        raise wrong(f"{values['at']!r} is no time with an offset", "at", 'write it as "2026-03-04T10:47:00+00:00"')
    if zone_named(values["zone"]) is None:
        raise wrong(f"unknown time zone {values['zone']!r}", "zone", "use a name such as Europe/London")


def _require_conditions(values: dict[str, Any], wrong: Wrong) -> None:
    for table, keys in CONDITIONS.items():
        for number, row in enumerate(values.get(table, ())):
            for key in keys:
                if key in row:
                    try:
                        parse(row[key])
                    except InputError as error:
                        raise wrong(error.message, f"{table}[{number}].{key}", error.hint) from error


def _require_patterns(values: dict[str, Any], wrong: Wrong) -> None:
    for table, keys in (("facts", ("match",)), ("cues", ("match", "unless"))):
        for number, row in enumerate(values.get(table, ())):
            for key in keys:
                for place, pattern in enumerate(row.get(key, ())):
                    try:
                        re.compile(re.sub(r"\{[a-z_]+\}", "x", pattern))
                    except re.error as error:
                        field = f"{table}[{number}].{key}[{place}]"
                        raise wrong(f"the pattern {pattern!r} cannot be read: {error}", field) from error


def _all(kind: type[Any], rows: Any) -> tuple[Any, ...]:
    return tuple(kind(**_frozen(row, kind)) for row in rows)


def _frozen(row: dict[str, Any], kind: type[Any]) -> dict[str, Any]:
    """The values of a table as a record takes them; a line may have one wording or several."""
    made = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return {**made, "say": (made["say"],)} if kind is Reply and isinstance(made["say"], str) else made
