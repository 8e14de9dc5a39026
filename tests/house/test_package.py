"""The package that is shipped holds what the program needs, and checks a message with nothing else installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from house.laws import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PARTS = ("src", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE")


def copy_of_the_sources(target: Path) -> Path:
    for name in PARTS:
        if (ROOT / name).is_dir():
            made = shutil.ignore_patterns("__pycache__", "index.bin", "formats.bin", "scenarios.bin")
            shutil.copytree(ROOT / name, target / name, ignore=made)
        else:
            shutil.copy(ROOT / name, target)
    return target


def build(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    return subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The contents of the wheel."""
    folder = tmp_path_factory.mktemp("package")
    done = build(copy_of_the_sources(folder), folder / "dist")
    assert done.returncode == 0, done.stderr
    (wheel,) = (folder / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def test_the_wheel_holds_the_index_the_types_and_every_data_file(unpacked: Path) -> None:
    kept = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src" / "amends").rglob("*") if path.is_file()}
    built = {"amends/language/index.bin", "amends/timeline/formats.bin", "amends/practice/scenarios.bin"}
    wanted = {name for name in kept if "__pycache__" not in name and not name.endswith((".pyc", ".so"))} | built

    assert {name for name in wanted if not (unpacked / name).exists()} == set()


def test_a_message_is_checked_with_nothing_but_python(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text("The fix goes out asap.")
    start = "import sys; from amends.interfaces.cli.main import main; sys.exit(main(['check', 'draft.md']))"

    done = subprocess.run(
        [sys.executable, "-S", "-c", start],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(unpacked), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert "vague-time" in done.stdout
    assert done.returncode == 1


def test_a_wrong_data_file_fails_the_build_and_is_named(tmp_path: Path) -> None:
    source = copy_of_the_sources(tmp_path)
    rule = source / "src" / "amends" / "language" / "rules" / "vague-time.toml"
    rule.write_text(rule.read_text() + 'colour = "purple"\n')

    done = build(source, tmp_path / "dist")

    assert done.returncode != 0
    assert "vague-time.toml" in done.stderr
    assert "colour" in done.stderr
