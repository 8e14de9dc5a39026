"""Reads playbook files strictly, ours and a team's alike; what is wrong in one is named with file, line and field."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amends.core.errors import InputError
from amends.core.files import parse_toml, read_text
from amends.core.shape import near, require_shape
from amends.playbooks import playbook as records
from amends.playbooks.playbook import ENDS, PICKS, Playbook
from amends.playbooks.sources import CONDITIONS, METRICS, PLACES, SIGNS, SOURCES

if TYPE_CHECKING:
    from amends.playbooks.run import Run

PROCEDURES = Path(__file__).with_name("procedures")
"""The folder of what ships."""

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")

_FIELD = {
    "id": str, "title": str, "ask": str, "sources?": [str], "pick?": PICKS, "least?": int, "most?": int, "whole?": bool, "words?": bool,
    "may_be_unknown?": bool, "needed?": bool, "needed_if?": [str],
}  # fmt: skip
_GATE = {
    "id": str, "title": str, "because": str, "first": str, "place": tuple(PLACES), "condition?": tuple(CONDITIONS), "holds?": bool,
    "ask?": str, "refuses?": bool,
}  # fmt: skip
_EXAMPLE = {
    "title": str, "ends": ENDS, "at?": str, "lead?": str, "conditions?": {"*": bool}, "held?": {"*": int}, "lacking?": {"*": str},
    "answers?": {"*": bool}, "overrides?": {"*": str}, "chosen?": [str], "words?": [str], "unknown?": [str], "decided?": {"*": str},
}  # fmt: skip
SHAPE: dict[str, object] = {
    "id": str, "version": int, "number": int, "title": str, "situation": str, "goal": str, "owner": str, "roles": [str], "why": str,
    "good": [str], "mistakes": [str], "warnings?": [str], "signs?": [str], "plans_reviews?": bool, "private?": bool,
    "use_when": [{"text": str, "condition?": tuple(CONDITIONS)}],
    "not_when": [{"text": str, "gate?": str}],
    "gates?": [_GATE],
    "prerequisites": [{"text": str, "gate?": str}],
    "inputs": [{"text": str, "source?": tuple(SOURCES)}],
    "steps": [{"id": str, "title": str, "purpose": str, "actions": [str], "outputs": [str]}],
    "artifacts": [{"id": str, "title": str, "text": str, "fields": [_FIELD]}],
    "decisions?": [{"id": str, "step": str, "text": str, "options?": [str], "needed?": bool}],
    "questions?": [{"id": str, "text": str, "step?": str}],
    "follow_ups": [{"id": str, "title": str, "text": str, "days": int, "source?": tuple(SOURCES)}],
    "metrics": [{"id": tuple(METRICS), "text": str}],
    "examples": [_EXAMPLE],
}  # fmt: skip
"""The shape of a playbook file."""

_RECORDS: dict[str, Any] = {
    "use_when": records.UseWhen, "not_when": records.NotWhen, "gates": records.Gate, "prerequisites": records.Prerequisite,
    "inputs": records.Input, "steps": records.Step, "decisions": records.Decision, "questions": records.Question,
    "follow_ups": records.FollowUp, "metrics": records.Metric, "examples": records.Example,
}  # fmt: skip
_NAMED = ("gates", "steps", "artifacts", "decisions", "questions", "follow_ups")
_TABLES = ("conditions", "held", "lacking", "answers", "overrides", "decided")


def load_folder(folder: Path = PROCEDURES) -> tuple[Playbook, ...]:
    """All playbooks of a folder, in the order of their numbers.

    Raises:
        InputError: there is no such folder, or a file in it is no playbook; names file, line and field.
    """
    if not folder.is_dir():
        raise InputError("there is no such folder", hint="create it, or correct the project file", path=str(folder))
    found = [load_text(read_text(str(path)), str(path)) for path in sorted(folder.glob("*.toml"))]
    return tuple(sorted(found, key=lambda one: (one.number, one.id)))


def load_text(source: str, path: str) -> Playbook:
    """A playbook from the text of its file; `path` names it in errors. Raises InputError."""
    values, line_of = parse_toml(source, path)
    require_shape(values, SHAPE, path, line_of)
    wrong = _Wrong(path, line_of)
    if Path(path).suffix == ".toml" and Path(path).stem != values["id"]:
        raise wrong(f"the id {values['id']!r} is not the name of the file", "id", f"rename the file to {values['id']}.toml")
    _require_ids(values, wrong)
    _require_names(values, wrong)
    return _made(values, source, path)


def pinned(run: Run) -> Playbook:
    """The playbook as it was when a run was begun, whatever became of its file since. Raises InputError."""
    return _pinned(run.source, f"{run.playbook_id}.toml")


_pinned = lru_cache(maxsize=32)(load_text)


class _Wrong:
    """Makes the errors of one file, with the line of the field."""

    def __init__(self, path: str, line_of: Any) -> None:
        self._path = path
        self._line_of = line_of

    def __call__(self, message: str, field: str, hint: str = "") -> InputError:
        return InputError(message, hint=hint, path=self._path, line=self._line_of(field), field=field)

    def unless_known(self, what: str, name: str, known: tuple[str, ...], field: str) -> None:
        """Raises InputError for a name that is none of the known ones."""
        if name not in known:
            meant = near(name, known)
            hint = f"did you mean {meant!r}?" if meant else f"known: {', '.join(known)}" if known else f"there is no {what} here"
            raise self(f"unknown {what} {name!r}", field, hint)


def _require_ids(values: dict[str, Any], wrong: _Wrong) -> None:
    for table in _NAMED:
        seen: set[str] = set()
        for number, row in enumerate(values.get(table, ())):
            _require_id(row["id"], seen, f"{table}[{number}].id", wrong)
    for number, artifact in enumerate(values["artifacts"]):
        seen = set()
        for place, field in enumerate(artifact["fields"]):
            _require_id(field["id"], seen, f"artifacts[{number}].fields[{place}].id", wrong)


def _require_id(name: str, seen: set[str], field: str, wrong: _Wrong) -> None:
    if not _ID.fullmatch(name):
        raise wrong(f"{name!r} is no id", field, "use small letters, digits and hyphens")
    if name in seen:
        raise wrong(f"the id {name!r} is here twice", field)
    seen.add(name)


def _require_names(values: dict[str, Any], wrong: _Wrong) -> None:
    ids = {table: tuple(row["id"] for row in values.get(table, ())) for table in _NAMED}
    for table, key, named in (
        ("not_when", "gate", "gates"), ("prerequisites", "gate", "gates"), ("decisions", "step", "steps"), ("questions", "step", "steps"),
    ):  # fmt: skip
        for number, row in enumerate(values.get(table, ())):
            if key in row:
                wrong.unless_known(key, row[key], ids[named], f"{table}[{number}].{key}")
    for number, row in enumerate(values["steps"]):
        for place, name in enumerate(row["outputs"]):
            wrong.unless_known("artifact", name, ids["artifacts"], f"steps[{number}].outputs[{place}]")
    chosen = (f"{row['id']}: {option}" for row in values.get("decisions", ()) for option in row.get("options", ()))
    reasons = (*CONDITIONS, *chosen)
    for number, row in enumerate(values["artifacts"]):
        for place, field in enumerate(row["fields"]):
            for at, name in enumerate(field.get("sources", ())):
                wrong.unless_known("source", name, tuple(SOURCES), f"artifacts[{number}].fields[{place}].sources[{at}]")
            for at, name in enumerate(field.get("needed_if", ())):
                wrong.unless_known("condition or decision", name, reasons, f"artifacts[{number}].fields[{place}].needed_if[{at}]")
    for number, name in enumerate(values.get("signs", ())):
        wrong.unless_known("sign", name, SIGNS, f"signs[{number}]")
    _require_examples(values, ids, wrong)


def _require_examples(values: dict[str, Any], ids: dict[str, tuple[str, ...]], wrong: _Wrong) -> None:
    fields = tuple(f"{one['id']}.{field['id']}" for one in values["artifacts"] for field in one["fields"])
    known = {
        "conditions": tuple(CONDITIONS), "held": tuple(SOURCES), "lacking": tuple(SOURCES), "answers": ids["gates"],
        "overrides": ids["gates"], "chosen": fields, "words": fields, "unknown": fields, "decided": ids["decisions"],
    }  # fmt: skip
    for number, row in enumerate(values["examples"]):
        for key, names in known.items():
            for name in row.get(key, ()):
                wrong.unless_known(key, name, names, f"examples[{number}].{key}")
        if "at" in row:
            wrong.unless_known("gate or step", row["at"], ids["steps"] if row["ends"] == "step" else ids["gates"], f"examples[{number}].at")


def _made(values: dict[str, Any], source: str, path: str) -> Playbook:
    made: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    for name, record in _RECORDS.items():
        made[name] = tuple(record(**_frozen(row)) for row in values.get(name, ()))
    made["artifacts"] = tuple(
        records.Artifact(one["id"], one["title"], one["text"], tuple(records.Field(**_frozen(field)) for field in one["fields"]))
        for one in values["artifacts"]
    )
    for name in ("warnings", "signs"):
        made[name] = tuple(values.get(name, ()))
    return Playbook(**made, sha256=hashlib.sha256(source.encode()).hexdigest(), path=path, text=source)


def _frozen(row: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return {**made, **{key: tuple(made[key].items()) for key in _TABLES if key in made}}
