"""Nothing that is committed names a package registry or a path of the machine that it was written on."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from house.laws import HOSTS, ROOT, committed_files, foreign_addresses

if TYPE_CHECKING:
    from pathlib import Path

REQUIREMENT_FILES = sorted((ROOT / "requirements").glob("*.txt"))


def test_committed_files_name_no_registry_and_no_machine() -> None:
    assert foreign_addresses(committed_files(ROOT), ROOT) == []


@pytest.mark.parametrize(
    "line", [f"see https://{HOSTS[0]}/simple", "cd /ro" + "ot/project", "open('/ho" + "me/alice/draft.md')", "/wo" + "rk/main"]
)
def test_a_planted_address_is_reported(line: str, tmp_path: Path) -> None:
    planted = tmp_path / "notes.md"
    planted.write_text(f"fine\n{line}\n")

    assert len(foreign_addresses([planted], tmp_path)) == 1


@pytest.mark.parametrize("line", ["/usr/bin/chromium", "/home/you/incidents", "docs/work/plan.md", "GET /api/v1/check", "~/work/notes"])
def test_paths_that_every_machine_has_are_fine(line: str, tmp_path: Path) -> None:
    planted = tmp_path / "notes.md"
    planted.write_text(line)

    assert foreign_addresses([planted], tmp_path) == []


@pytest.mark.parametrize("path", REQUIREMENT_FILES, ids=lambda path: path.name)
def test_a_locked_requirement_is_a_name_a_version_and_hashes(path: Path) -> None:
    text = path.read_text()
    entries = re.split(r"\n(?=[a-z0-9])", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).strip())

    assert "://" not in text
    assert not re.search(r"^\s*-", re.sub(r"--hash=", "", text), re.MULTILINE), "no options: an index line would name a registry"
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+(\[[a-z]+\])?==[^ ]+ ", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def test_new_releases_wait_a_week() -> None:
    assert '--exclude-newer "7 days"' in (ROOT / "requirements" / "lock").read_text()


def test_everything_that_the_project_asks_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = [*project["project"]["dependencies"]]
    asked += [one for extra in project["project"]["optional-dependencies"].values() for one in extra]
    asked += [one for group in project["dependency-groups"].values() for one in group]
    names = {re.split(r"[\[<>=;~ ]", one)[0].lower() for one in asked} - {"amends"}
    text = "".join(path.read_text() for path in REQUIREMENT_FILES)
    locked = set(re.findall(r"^([a-z0-9.-]+)(?:\[[a-z]+\])?==", text, re.MULTILINE))

    assert names - locked == set()
