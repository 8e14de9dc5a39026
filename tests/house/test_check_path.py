"""`amends check` starts with next to nothing: that is what makes it answer before somebody looks away."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from house.laws import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DRAFT = (
    "I broke the nightly build at 10:42: my change removed a migration that four teams need. Nobody can deploy until it is back. "
    "I have reverted it and the pipeline is running. Next update at 11:30 UTC."
)
PROBE = """
import json, sys
before = set(sys.modules)
from amends.interfaces.cli.main import main
try:
    main({words!r})
except SystemExit:
    pass
print("\\n" + json.dumps(sorted(set(sys.modules) - before)))
"""
HEAVY = {
    "alembic", "anyio", "click", "fastapi", "httpx2", "jinja2", "markdown_it", "msgspec", "nh3", "numpy", "platformdirs", "psycopg",
    "pydantic", "rich", "sqlalchemy", "starlette", "uvicorn",
}  # fmt: skip
SLOW_STANDARD = {
    "argparse", "ast", "asyncio", "concurrent", "dataclasses", "email", "http", "importlib.metadata", "importlib.resources", "inspect",
    "logging", "multiprocessing", "pathlib", "random", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "textwrap", "tomllib",
    "typing", "unittest", "urllib.request", "uuid",
}  # fmt: skip


def loaded(words: list[str], folder: Path, source: Path = ROOT / "src") -> set[str]:
    """The modules that one command loads beyond bare Python, from a tree of sources."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(words=words)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def tops(modules: set[str]) -> set[str]:
    return modules | {name.split(".")[0] for name in modules}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a draft, as a repository has: no project file."""
    (tmp_path / "draft.md").write_text(DRAFT)
    (tmp_path / ".git").mkdir()
    return tmp_path


def test_a_check_loads_no_library_at_all(folder: Path) -> None:
    modules = tops(loaded(["check", "draft.md"], folder))

    outside = {name for name in modules if "." not in name and name not in sys.stdlib_module_names and name != "amends"}
    assert outside == set()
    assert modules & HEAVY == set()


def test_a_check_loads_none_of_the_slow_parts_of_the_standard_library(folder: Path) -> None:
    assert tops(loaded(["check", "draft.md"], folder)) & (SLOW_STANDARD | {"json"}) == set()


@pytest.mark.parametrize("kind", ["json", "jsonl", "sarif", "github"])
def test_formats_for_machines_add_no_more_than_their_writer(kind: str, folder: Path) -> None:
    assert tops(loaded(["check", "draft.md", "--format", kind], folder)) & (SLOW_STANDARD | HEAVY) == set()


def test_a_check_stays_in_its_rooms(folder: Path) -> None:
    rooms = {name.split(".")[1] for name in loaded(["check", "draft.md"], folder) if name.startswith("amends.")}

    assert rooms <= {"core", "language", "interfaces", "settings", "usecases", "wiring"}


def test_a_comparison_opens_no_store_and_loads_no_library(folder: Path) -> None:
    (folder / "notice.md").write_text("The nightly build was affected for a while.")

    modules = tops(loaded(["compare", "draft.md", "notice.md", "--quiet"], folder))

    assert modules & HEAVY == set()
    assert {name for name in modules if name.startswith("amends.store")} == set()


@pytest.mark.parametrize("heavy", ["sqlalchemy", "rich", "typing"])
def test_a_planted_import_on_the_check_path_is_noticed(heavy: str, folder: Path) -> None:
    source = folder / "src"
    shutil.copytree(ROOT / "src" / "amends", source / "amends", ignore=shutil.ignore_patterns("__pycache__", "static", "templates"))
    with (source / "amends" / "language" / "check.py").open("a") as file:
        file.write(f"\nimport {heavy}\n")

    assert heavy in tops(loaded(["check", "draft.md"], folder, source)) & (SLOW_STANDARD | HEAVY)
