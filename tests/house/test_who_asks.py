"""Every call of a use case by an interface says who asks: what forgets it would ask as nobody, or as the one person of this machine."""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import amends.interfaces
from amends.usecases.facade import UseCases

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(amends.interfaces.__file__).parent
MODULES = sorted(FOLDER.rglob("*.py"))


@cache
def parts() -> dict[str, type]:
    """The parts of the facade by name, each with its class."""
    return {name: part for half in UseCases.__mro__[:-1] for name, part in parts_in(half)}


def parts_in(half: type) -> Iterator[tuple[str, type]]:
    """The parts that one class of the facade declares, found by what they are annotated to be and where that is imported from."""
    homes = {
        alias.name: node.module
        for node in ast.walk(ast.parse(inspect.getsource(sys.modules[half.__module__])))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("amends.usecases.")
        for alias in node.names
    }
    for name, part in vars(half).items():
        said = getattr(part, "func", None) and part.func.__annotations__["return"].split(" ")[0]
        if said in homes:
            yield name, getattr(import_module(homes[said]), said)


def part_of(value: ast.expr) -> str | None:
    """The part that something is asked of: `usecases.part`, or a name that it was given to."""
    if isinstance(value, ast.Name):
        return value.id if value.id != "incidents" else None  # in the views this is a dictionary of them
    if isinstance(value, ast.Attribute):
        owner = getattr(value.value, "attr", getattr(value.value, "id", ""))
        return value.attr if owner.lstrip("_") == "usecases" else None
    return None


def test_the_parts_of_the_facade_are_found() -> None:
    assert {"promising", "incidents", "people", "timelines", "drafting", "pulses", "practising"} <= parts().keys()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_each_call_says_who_asks(path: Path) -> None:
    silent = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        asked = getattr(parts().get(part_of(node.func.value) or ""), node.func.attr, None)
        if asked is None or "by" not in inspect.signature(asked).parameters:
            continue
        if not any(one.arg in ("by", None) for one in node.keywords):
            silent.append(f"line {node.lineno}: {ast.unparse(node.func)}")
    assert silent == []
