"""JSON Schema of what the API takes and returns, made from the records themselves so that it cannot fall behind them."""

from __future__ import annotations

import types
from datetime import datetime
from typing import Any, Union, get_args, get_origin, get_type_hints

from amends.core.people import AUDIENCES
from amends.core.problem import Problem
from amends.language import records
from amends.language.labels import FLAWS, MOVES, SEVERITIES

NARROWER: dict[tuple[str, str], dict[str, Any]] = {
    ("Finding", "severity"): {"enum": list(SEVERITIES)},
    ("Finding", "flaw"): {"enum": [*FLAWS, None]},
    ("Finding", "move"): {"enum": [*MOVES, None]},
    ("FlawLabel", "flaw"): {"enum": list(FLAWS)},
    ("MoveLabel", "move"): {"enum": list(MOVES)},
    ("Commitment", "kind"): {"enum": ["next_update", "fix", "prevention", "deliver", "other"]},
    ("Commitment", "actor"): {"enum": ["speaker", "other"]},
    ("Commitment", "firmness"): {"enum": ["firm", "conditional", "expectation", "vague"]},
    ("Commitment", "grain"): {"enum": ["minute", "hour", "day", "week", "month", "quarter", None]},
    ("Document", "audience"): {"enum": list(AUDIENCES)},
}
"""What a field may hold where its type says less than the contract."""

_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    type(None): {"type": "null"},
}


def document_schemas() -> dict[str, dict[str, Any]]:
    """The schema of each record that a document is made of, by name, with the record's own description."""
    found: dict[str, dict[str, Any]] = {}
    _collect(records.Document, found)
    return found


def _collect(record: type, found: dict[str, dict[str, Any]]) -> None:
    if record.__name__ in found:
        return
    found[record.__name__] = {}
    hints = get_type_hints(record, localns={"datetime": datetime, "Problem": Problem})
    properties = {}
    for name, hint in hints.items():
        if name in record.__slots__:  # type: ignore[attr-defined]  # every record has slots, which `type` does not know
            properties[name] = NARROWER.get((record.__name__, name)) or _schema(hint, found)
    found[record.__name__] = {
        "type": "object",
        "description": (record.__doc__ or "").strip(),
        "properties": properties,
        "required": list(properties),
    }


def _schema(hint: Any, found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    if hint in _PLAIN:
        return _PLAIN[hint]
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _schema(get_args(hint)[0], found)}
    if get_origin(hint) in (Union, types.UnionType):
        return {"anyOf": [_schema(part, found) for part in get_args(hint)]}
    _collect(hint, found)
    return {"$ref": f"#/components/schemas/{hint.__name__}"}
