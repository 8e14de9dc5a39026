"""The HTTP API, from its own OpenAPI document."""

from __future__ import annotations

import json
from typing import Any

from starlette.testclient import TestClient

from amends.interfaces.api.app import create_api
from amends.testing import memory_usecases
from pages.markdown import code, described, document, table

ABOUT = """
`amends start` serves the API beside the workbench, under `/api/v1`. The same description for programs stands at `/api/v1/openapi.json`.
"""


def page() -> str:
    """The page."""
    spec = TestClient(create_api(memory_usecases())).get("/openapi.json").json()
    sections = [
        section(path, verb, operation) for path, verbs in sorted(spec["paths"].items()) for verb, operation in sorted(verbs.items())
    ]
    return document("HTTP API", ABOUT, spec["info"]["description"], *sections)


def section(path: str, verb: str, operation: dict[str, Any]) -> str:
    """One endpoint."""
    name = f"{verb.upper()} /api/v1{path}"
    parts = [f"## {name}", described(name, operation.get("description") or operation.get("summary"))]
    parts.append(table(("parameter", "", "what it is"), (parameter(name, one) for one in operation.get("parameters", ()))))
    for content in operation.get("requestBody", {}).get("content", {}).values():
        parts += [example(title, one) for title, one in content.get("examples", {}).items()]
    answers = (
        (code(status), described(f"{name} {status}", answer["description"])) for status, answer in sorted(operation["responses"].items())
    )
    parts.append(table(("answer", "when"), answers))
    return "\n\n".join(part for part in parts if part)


def parameter(name: str, one: dict[str, Any]) -> tuple[str, str, str]:
    """One parameter."""
    return code(one["name"]), f"in the {one['in']}", str(one.get("description") or one["schema"].get("title", "")) or described(name, None)


def example(title: str, given: dict[str, Any]) -> str:
    """An example of a request body."""
    summary = given.get("summary", title)
    return f"{summary}:\n\n```json\n{json.dumps(given['value'], indent=2, ensure_ascii=False)}\n```"
