"""Shared texts as plain values, the same on the command line and over HTTP: `amends.document/1` and what goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.core.incident import OUTCOMES
from amends.core.people import AUDIENCES
from amends.incidents.document import DOCUMENT_KINDS, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amends.incidents.document import Document, DocumentHead, DocumentVersion
    from amends.incidents.merging import Hunk

DOCUMENT = "amends.document/1"
DOCUMENTS = "amends.documents/1"
HISTORY = "amends.document-history/1"
DIFFERENCES = "amends.document-differences/1"


def head_as_dict(head: DocumentHead) -> dict[str, Any]:
    """A text without what it says; `length` counts code points."""
    return {
        "id": head.id,
        "incident": head.incident_id,
        "kind": head.kind,
        "audience": head.audience,
        "title": head.title,
        "version": head.version,
        "length": head.length,
        "created_at": head.created_at.isoformat(),
        "created_by": head.created_by,
        "updated_at": head.updated_at.isoformat(),
        "updated_by": head.updated_by,
        "removed_at": head.removed_at.isoformat() if head.removed_at else None,
    }


def as_dict(document: Document) -> dict[str, Any]:
    """A text as it stands."""
    return {"schema": DOCUMENT, **head_as_dict(document.head), "text": document.text}


def list_as_dict(heads: Iterable[DocumentHead]) -> dict[str, Any]:
    """The texts of an incident."""
    return {"schema": DOCUMENTS, "documents": [head_as_dict(head) for head in heads]}


def history_as_dict(document_id: str, versions: Iterable[DocumentVersion]) -> dict[str, Any]:
    """Every text that was given, oldest first."""
    return {"schema": HISTORY, "document": document_id, "versions": [_version(one) for one in versions]}


def differences_as_dict(document_id: str, before: int, after: int, hunks: Sequence[Hunk]) -> dict[str, Any]:
    """What turns one version into another, with the lines around each change."""
    shown = [
        {"before": hunk.before, "after": hunk.after, "lines": [{"what": line.what, "text": line.text} for line in hunk.lines]}
        for hunk in hunks
    ]
    return {"schema": DIFFERENCES, "document": document_id, "from": before, "to": after, "hunks": shown}


def _version(one: DocumentVersion) -> dict[str, Any]:
    return {
        "version": one.version,
        "based_on": one.based_on,
        "outcome": one.outcome,
        "author": one.author,
        "recorded_at": one.recorded_at.isoformat(),
        "text": one.text,
    }


def document_schemas(place: str = "#/components/schemas/") -> dict[str, dict[str, Any]]:
    """JSON Schema of each of these, by name, referring to each other below `place`."""
    head = _record("A shared text of an incident, without what it says.", _HEAD)
    return {
        "SharedText": _record("A shared text as it stands.", {"schema": {"const": DOCUMENT}, **_HEAD, "text": _TEXT}),
        "SharedTextHead": head,
        "SharedTexts": _record(
            "The shared texts of an incident.", {"schema": {"const": DOCUMENTS}, "documents": _list(f"{place}SharedTextHead")}
        ),
        "SharedTextVersion": _record("One text that was given.", _VERSION),
        "SharedTextHistory": _record(
            "Every text that was given, oldest first, those set aside included.",
            {"schema": {"const": HISTORY}, "document": _TEXT, "versions": _list(f"{place}SharedTextVersion")},
        ),
        "SharedTextDifferences": _record(
            "What turns one version into another.",
            {
                "schema": {"const": DIFFERENCES},
                "document": _TEXT,
                "from": _NUMBER,
                "to": _NUMBER,
                "hunks": {"type": "array", "items": _HUNK},
            },
        ),
    }


def _record(description: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "description": description, "required": list(properties), "properties": properties}


def _list(item: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": item}}


_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": "integer", "minimum": 0}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_HEAD: dict[str, Any] = {
    "id": _TEXT,
    "incident": _TEXT,
    "kind": {"enum": [*DOCUMENT_KINDS, VERSION]},
    "audience": {"enum": [*AUDIENCES, None], "description": "Whom a version of the account is for; null for every other kind."},
    "title": _TEXT,
    "version": {**_NUMBER, "description": "What the next save must say it is based on."},
    "length": {**_NUMBER, "description": "In code points."},
    "created_at": _TIME,
    "created_by": _TEXT,
    "updated_at": _TIME,
    "updated_by": _TEXT,
    "removed_at": {"type": ["string", "null"], "format": "date-time"},
}
_VERSION: dict[str, Any] = {
    "version": _NUMBER,
    "based_on": {"type": ["integer", "null"], "description": "The version that its writer saw."},
    "outcome": {
        "enum": list(OUTCOMES),
        "description": "It is the text, was joined with a newer one, or lost and is kept beside.",
    },
    "author": _TEXT,
    "recorded_at": _TIME,
    "text": _TEXT,
}
_LINE: dict[str, Any] = {
    "type": "object",
    "required": ["what", "text"],
    "properties": {"what": {"enum": ["same", "removed", "added"]}, "text": _TEXT},
}
_HUNK: dict[str, Any] = {
    "type": "object",
    "required": ["before", "after", "lines"],
    "properties": {
        "before": {**_NUMBER, "description": "The number of its first line in the one, from 1."},
        "after": {**_NUMBER, "description": "The same in the other."},
        "lines": {"type": "array", "items": _LINE},
    },
}
