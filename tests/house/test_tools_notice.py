"""The other tools of `just check` are awake: each reports a planted break of its own law."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from house.laws import ROOT

BIN = Path(sys.executable).parent


def run(*words: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, cwd=folder, env={**os.environ, "NO_COLOR": "1"}, capture_output=True, text=True, check=False)


def small_house(folder: Path, code: str) -> Path:
    """A copy of the house's rules with one module in it."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "requirements").mkdir()
    for empty in ("tests", "docs"):
        (folder / empty).mkdir()
    (folder / "hatch_build.py").write_text("")
    package = folder / "src" / "amends"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "planted.py").write_text(code)
    return folder


def test_mypy_reports_a_wrong_type(tmp_path: Path) -> None:
    house = small_house(tmp_path, "def length(text: str) -> int:\n    return text\n")

    done = run(BIN / "mypy", "--no-incremental", folder=house)

    assert done.returncode == 1
    assert "Incompatible return value" in done.stdout


def test_mypy_reports_an_untyped_function(tmp_path: Path) -> None:
    house = small_house(tmp_path, "def length(text):\n    return len(text)\n")

    done = run(BIN / "mypy", "--no-incremental", folder=house)

    assert "[no-untyped-def]" in done.stdout


def test_deptry_reports_a_library_that_is_not_declared(tmp_path: Path) -> None:
    house = small_house(tmp_path, "import requests\n")

    done = run(BIN / "deptry", ".", folder=house)

    assert done.returncode == 1
    assert "'requests' imported" in done.stderr + done.stdout


def test_deptry_reports_a_declared_library_that_nobody_uses(tmp_path: Path) -> None:
    house = small_house(tmp_path, "import click\n")

    done = run(BIN / "deptry", ".", folder=house)

    assert "'msgspec' defined as a dependency but not used" in done.stderr + done.stdout


def test_vulture_reports_dead_code(tmp_path: Path) -> None:
    house = small_house(tmp_path, "def answer() -> int:\n    return 42\n    print('never')\n")

    done = run(BIN / "vulture", folder=house)

    assert done.returncode == 3
    assert "unreachable code" in done.stdout
