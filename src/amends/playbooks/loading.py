"""Reads playbook files strictly, ours and a team's alike; what is wrong in one is named with file, line and field."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amends.core.errors import InputError
from amends.core.files import parse_toml, read_text
from amends.core.shape import misfits, near
from amends.playbooks import playbook as records
from amends.playbooks.playbook import ENDS, PICKS, Playbook
from amends.playbooks.sources import CONDITIONS, METRICS, PLACES, SIGNS, SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    for error in _errors(values, path, line_of):
        raise error
    return _made(values, source, path)


def read_whole(source: str, path: str) -> tuple[Playbook | None, tuple[InputError, ...]]:
    """Everything for which `load_text` would refuse a text, in the order of what it looks at, and the playbook as far as it can be read.

    It can be read where only names in it are wrong. A text that is no TOML has one error: what is behind it cannot be told.
    """
    try:
        values, line_of = parse_toml(source, path)
    except InputError as error:
        return None, (error,)
    if misshapen := tuple(misfits(values, SHAPE, path, line_of)):
        return None, (*misshapen, *_wrong_names(values, _Wrong(path, line_of)))
    return _made(values, source, path), tuple(_wrong_names(values, _Wrong(path, line_of)))


def _errors(values: dict[str, Any], path: str, line_of: Any) -> Iterator[InputError]:
    yield from misfits(values, SHAPE, path, line_of)
    yield from _wrong_names(values, _Wrong(path, line_of))


def pinned(run: Run) -> Playbook:
    """The playbook as it was when a run was begun, whatever became of its file since. Raises InputError."""
    return _pinned(run.source, f"{run.playbook_id}.toml")


_pinned = lru_cache(maxsize=32)(load_text)


class _Wrong:
    """Makes the errors of one file, with the line of the field."""

    def __init__(self, path: str, line_of: Any) -> None:
        self.path = path
        self._line_of = line_of

    def __call__(self, message: str, field: str, hint: str = "") -> InputError:
        return InputError(message, hint=hint, path=self.path, line=self._line_of(field), field=field)

    def unless_known(self, what: str, name: object, known: tuple[str, ...], field: str) -> Iterator[InputError]:
        """The error for a name that is none of the known ones; nothing for what is no name at all, which the shape says."""
        if isinstance(name, str) and name not in known:
            meant = near(name, known)
            hint = f"did you mean {meant!r}?" if meant else f"known: {', '.join(known)}" if known else f"there is no {what} here"
            yield self(f"unknown {what} {name!r}", field, hint)


def _wrong_names(values: dict[str, Any], wrong: _Wrong) -> Iterator[InputError]:
    """Every id that cannot be one, and every name of something that is not there; what is not of the shape is passed over."""
    name = values.get("id")
    if isinstance(name, str) and Path(wrong.path).suffix == ".toml" and Path(wrong.path).stem != name:
        yield wrong(f"the id {name!r} is not the name of the file", "id", f"rename the file to {name}.toml")
    for table in _NAMED:
        yield from _wrong_ids(values, table, table, wrong)
    for place, artifact in _rows(values, "artifacts"):
        yield from _wrong_ids(artifact, "fields", f"artifacts[{place}].fields", wrong)
    ids = {table: _ids(values, table) for table in _NAMED}
    yield from _wrong_references(values, ids, wrong)
    yield from _wrong_fields(values, wrong)
    for number, one in _items(values, "signs"):
        yield from wrong.unless_known("sign", one, SIGNS, f"signs[{number}]")
    yield from _wrong_examples(values, ids, wrong)


def _wrong_ids(within: dict[str, Any], table: str, where: str, wrong: _Wrong) -> Iterator[InputError]:
    seen: set[str] = set()
    for number, row in _rows(within, table):
        name, field = row.get("id"), f"{where}[{number}].id"
        if not isinstance(name, str):
            continue
        if not _ID.fullmatch(name):
            yield wrong(f"{name!r} is no id", field, "use small letters, digits and hyphens")
        if name in seen:
            yield wrong(f"the id {name!r} is here twice", field, "give one of them another id")
        seen.add(name)


def _wrong_references(values: dict[str, Any], ids: dict[str, tuple[str, ...]], wrong: _Wrong) -> Iterator[InputError]:
    for table, key, named in (
        ("not_when", "gate", "gates"), ("prerequisites", "gate", "gates"), ("decisions", "step", "steps"), ("questions", "step", "steps"),
    ):  # fmt: skip
        for number, row in _rows(values, table):
            yield from wrong.unless_known(key, row.get(key), ids[named], f"{table}[{number}].{key}")
    for number, row in _rows(values, "steps"):
        for place, name in _items(row, "outputs"):
            yield from wrong.unless_known("artifact", name, ids["artifacts"], f"steps[{number}].outputs[{place}]")


def _wrong_fields(values: dict[str, Any], wrong: _Wrong) -> Iterator[InputError]:
    chosen = (f"{row.get('id')}: {option}" for _, row in _rows(values, "decisions") for _, option in _items(row, "options"))
    known = {"sources": ("source", tuple(SOURCES)), "needed_if": ("condition or decision", (*CONDITIONS, *chosen))}
    for number, artifact in _rows(values, "artifacts"):
        for place, field in _rows(artifact, "fields"):
            for key, (what, names) in known.items():
                for at, name in _items(field, key):
                    yield from wrong.unless_known(what, name, names, f"artifacts[{number}].fields[{place}].{key}[{at}]")


def _wrong_examples(values: dict[str, Any], ids: dict[str, tuple[str, ...]], wrong: _Wrong) -> Iterator[InputError]:
    artifacts = [one for _, one in _rows(values, "artifacts")]
    fields = tuple(f"{one.get('id')}.{name}" for one in artifacts for name in _ids(one, "fields"))
    known = {
        "conditions": tuple(CONDITIONS), "held": tuple(SOURCES), "lacking": tuple(SOURCES), "answers": ids["gates"],
        "overrides": ids["gates"], "chosen": fields, "words": fields, "unknown": fields, "decided": ids["decisions"],
    }  # fmt: skip
    for number, row in _rows(values, "examples"):
        for key, names in known.items():
            given = row.get(key)
            for name in given if isinstance(given, list | dict) else ():
                yield from wrong.unless_known(key, name, names, f"examples[{number}].{key}")
        at = ids["steps"] if row.get("ends") == "step" else ids["gates"]
        yield from wrong.unless_known("gate or step", row.get("at"), at, f"examples[{number}].at")


def _rows(within: dict[str, Any], table: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The tables of a list with their numbers; what is none is passed over."""
    rows = within.get(table)
    yield from ((number, row) for number, row in enumerate(rows if isinstance(rows, list) else ()) if isinstance(row, dict))


def _items(within: dict[str, Any], key: str) -> Iterator[tuple[int, object]]:
    listed = within.get(key)
    yield from enumerate(listed if isinstance(listed, list) else ())


def _ids(within: dict[str, Any], table: str) -> tuple[str, ...]:
    return tuple(row["id"] for _, row in _rows(within, table) if isinstance(row.get("id"), str))


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
