"""Arrows point down, siblings do not know each other, SQL has one room: the contracts hold, and each notices a planted break."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from house.laws import ROOT

LINT = Path(sys.executable).with_name("lint-imports")

BREAKS = {
    "an arrow that points up": (
        "language/check.py",
        "import amends.usecases.checking",
        "amends.language is not allowed to import amends.usecases",
    ),
    "the floor below reaching for settings": (
        "core/span.py",
        "import amends.settings",
        "amends.core is not allowed to import amends.settings",
    ),
    "siblings that know each other": (
        "promises/__init__.py",
        "import amends.timeline",
        "amends.promises is not allowed to import amends.timeline",
    ),
    "a sideways import between interfaces": (
        "interfaces/api/app.py",
        "import amends.interfaces.cli.options",
        "amends.interfaces.api is not allowed to import amends.interfaces.cli",
    ),
    "SQL outside the store": ("language/text.py", "import sqlalchemy", "amends.language is not allowed to import sqlalchemy"),
    "a driver in a use case": ("usecases/checking.py", "import sqlite3", "amends.usecases is not allowed to import sqlite3"),
    "the network in a pure room": ("core/problem.py", "import socket", "amends.core is not allowed to import socket"),
    "the job engine anywhere": ("usecases/checking.py", "import dbos", "amends is not allowed to import dbos"),
    "the model client anywhere": ("integrations/__init__.py", "import openai", "amends is not allowed to import openai"),
    "an import circle": ("core/people.py", "import amends.core.incident", "No cycles are allowed in amends.core"),
    "an import that is only for types": (
        "core/ports.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import amends.store",
        "amends.core is not allowed to import amends.store",
    ),
}


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts on a tree; the tree's own `src` comes before the installed package."""
    return subprocess.run(
        [LINT, "--no-cache", "--config", root / "pyproject.toml"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def copy_of_the_house(target: Path) -> Path:
    shutil.copytree(ROOT / "src", target / "src", ignore=shutil.ignore_patterns("__pycache__", "*.toml", "static", "templates", "*.bin"))
    shutil.copy(ROOT / "pyproject.toml", target)
    return target


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said about a copy of the house with every break in it at once."""
    root = copy_of_the_house(tmp_path_factory.mktemp("broken"))
    for path, code, _ in BREAKS.values():
        with (root / "src" / "amends" / path).open("a") as file:
            file.write(f"\n{code}\n")
    # people → incident is half a circle; this is the other half, whatever incident imports today.
    with (root / "src" / "amends" / "core" / "incident.py").open("a") as file:
        file.write("\nimport amends.core.people\n")
    done = lint(root)
    assert done.returncode == 1
    return done.stdout


def test_the_house_keeps_its_import_laws() -> None:
    done = lint(ROOT)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", BREAKS)
def test_a_planted_break_is_reported(name: str, broken: str) -> None:
    assert BREAKS[name][2] in broken


def test_a_room_that_is_not_in_the_plan_is_reported(tmp_path: Path) -> None:
    root = copy_of_the_house(tmp_path)
    (root / "src" / "amends" / "helpers").mkdir()
    (root / "src" / "amends" / "helpers" / "__init__.py").write_text("")

    done = lint(root)

    assert done.returncode == 1
    assert "helpers" in done.stdout
