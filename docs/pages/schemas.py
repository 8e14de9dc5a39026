"""JSON Schemas of the outputs that scripts rely on, from the records that they are made of."""

from __future__ import annotations

import json
from typing import Any

from amends.interfaces.api.schema import document_schemas
from amends.interfaces.cli import promises
from amends.language.report import SCHEMA
from pages.markdown import document, table

DRAFT = "https://json-schema.org/draft/2020-12/schema"
ABOUT = """
The outputs for programs, as [JSON Schema](https://json-schema.org/). Fields may be added to an output; none is renamed or dropped without a
new number in its `schema`. Tests hold what the program prints against these files.
"""
REFUSED = {
    "type": "array",
    "description": "Inputs that could not be read, when there were any; what they hold is not among the documents.",
    "items": {
        "type": "object",
        "required": ["code", "message", "hint", "path", "line", "field"],
        "properties": {
            "code": {"type": "string"},
            "message": {"type": "string"},
            "hint": {"type": "string"},
            "path": {"type": ["string", "null"]},
            "line": {"type": ["integer", "null"]},
            "field": {"type": ["string", "null"]},
        },
    },
}


def files() -> dict[str, dict[str, Any]]:
    """The schemas by file name."""
    return {
        "check-1.schema.json": check(),
        "check-1.document.schema.json": check_document(),
        "promises-1.schema.json": promises_report(),
        "promises-1.document.schema.json": promises_document(),
    }


def check() -> dict[str, Any]:
    """`amends check --format json`."""
    return {
        "$schema": DRAFT,
        "title": SCHEMA,
        "type": "object",
        "required": ["schema", "documents"],
        "properties": {
            "schema": {"const": SCHEMA},
            "documents": {"type": "array", "items": {"$ref": "#/$defs/Document"}},
            "problems": REFUSED,
        },
        "$defs": definitions(),
    }


def check_document() -> dict[str, Any]:
    """One line of `amends check --jsonl`, and the answer of `POST /api/v1/check`."""
    return {"$schema": DRAFT, "title": f"{SCHEMA}, one document", "$ref": "#/$defs/Document", "$defs": definitions()}


def promises_report() -> dict[str, Any]:
    """`amends promises extract --format json`."""
    properties = {
        "schema": {"const": promises.SCHEMA},
        "documents": {"type": "array", "items": {"$ref": "#/$defs/Document"}},
        "problems": REFUSED,
    }
    return {
        "$schema": DRAFT,
        "title": promises.SCHEMA,
        "type": "object",
        "required": ["schema", "documents"],
        "properties": properties,
        "$defs": promises_definitions(),
    }


def promises_document() -> dict[str, Any]:
    """One line of `amends promises extract --jsonl`."""
    return {"$schema": DRAFT, "title": f"{promises.SCHEMA}, one document", "$ref": "#/$defs/Document", "$defs": promises_definitions()}


def promises_definitions() -> dict[str, Any]:
    """The records that the promises of a document are made of, and the part of the document that is written."""
    found = definitions()
    properties = {name: found["Document"]["properties"][name] for name in promises.FIELDS}
    part = {"type": "object", "description": "What one text promises.", "properties": properties, "required": list(properties)}
    return {"Document": part, **{name: found[name] for name in ("Commitment", "PastTime", "Problem")}}


def definitions() -> dict[str, Any]:
    """The records, referring to each other inside the file."""
    text = json.dumps(document_schemas()).replace("#/components/schemas/", "#/$defs/")
    found: dict[str, Any] = json.loads(text)
    return found


def page() -> str:
    """The overview."""
    rows = (
        ("[check-1.schema.json](check-1.schema.json)", "`amends check --format json`"),
        (
            "[check-1.document.schema.json](check-1.document.schema.json)",
            "a line of `amends check --format jsonl`, an answer of `POST /api/v1/check`",
        ),
        ("[promises-1.schema.json](promises-1.schema.json)", "`amends promises extract --format json`"),
        ("[promises-1.document.schema.json](promises-1.document.schema.json)", "a line of `amends promises extract --format jsonl`"),
    )
    return document("Schemas", ABOUT, table(("file", "describes"), rows))
