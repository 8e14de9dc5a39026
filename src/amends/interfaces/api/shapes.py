"""Shapes of which the OpenAPI document is made: records, lists, parameters and bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def named(name: str) -> dict[str, Any]:
    """The schema with that name."""
    return {"$ref": f"#/components/schemas/{name}"}


def record(description: str, properties: dict[str, Any]) -> dict[str, Any]:
    """A record that always has all of its fields."""
    return {"type": "object", "description": description, "required": list(properties), "properties": properties}


def list_of(item: dict[str, Any]) -> dict[str, Any]:
    """Any number of one thing."""
    return {"type": "array", "items": item}


def many(address: str) -> dict[str, Any]:
    """Any number of the record whose schema has this address."""
    return list_of({"$ref": address})


def parameter(name: str, schema: dict[str, Any], description: str, *, place: str = "query", required: bool = False) -> dict[str, Any]:
    """One parameter of an address; `place` is `query`, `header` or `path`."""
    return {"name": name, "in": place, "schema": schema, "description": description, "required": required}


def sent(name: str, examples: Mapping[str, Any], *, required: bool = True) -> dict[str, Any]:
    """The record that is sent to an address, with the examples of it by its name; for `openapi_extra`."""
    shown = {"schema": named(name), "examples": examples[name]}
    return {"requestBody": {"required": required, "content": {"application/json": shown}}}
