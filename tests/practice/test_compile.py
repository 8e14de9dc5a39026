"""The compiled scenarios are what the files say, and a file that was changed since is read itself."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import InputError
from amends.practice import compile as compiling
from amends.practice.loading import SCENARIOS, load_folder
from amends.usecases.practising_shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = ("charged-twice.toml", "charged-twice-later.toml")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in NAMES:
        shutil.copy(SCENARIOS / name, tmp_path)
    monkeypatch.setattr(compiling, "FOLDERS", (tmp_path,))
    monkeypatch.setattr(compiling, "INDEX", tmp_path / "scenarios.bin")
    compiling._index.cache_clear()
    yield tmp_path
    compiling._index.cache_clear()


def compiled(folder: Path, name: str) -> object:
    compiling._index.cache_clear()
    return compiling.compiled(folder / name)


def test_what_was_compiled_is_what_the_files_say(folder: Path) -> None:
    assert compiled(folder, NAMES[0]) is None
    assert compiling.main() == 0
    assert sorted(load_folder(folder), key=lambda one: one.id) == [compiled(folder, name) for name in sorted(NAMES, reverse=True)]
    before = (folder / "scenarios.bin").stat().st_ino
    assert compiling.main() == 0
    assert (folder / "scenarios.bin").stat().st_ino == before, "it is current"
    assert compiling.compile_scenarios((folder,)) == (folder / "scenarios.bin").read_bytes()
    assert str(folder).encode() not in (folder / "scenarios.bin").read_bytes()


@pytest.mark.parametrize("changed", NAMES)
def test_a_file_that_was_changed_since_is_read_itself_and_so_is_what_builds_on_it(folder: Path, changed: str) -> None:
    compiling.main()
    path = folder / changed
    path.write_text(path.read_text(encoding="utf-8").replace("version = 1", "version = 2", 1), encoding="utf-8")
    assert compiled(folder, changed) is None
    assert compiled(folder, NAMES[1]) is None
    assert Shelf(shipped=folder).get(changed.removesuffix(".toml")).version == 2


def test_a_file_that_is_no_scenario_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "broken.toml").write_text("id = 3\n", encoding="utf-8")
    assert compiling.main() == 2
    assert "broken.toml:1: id" in capsys.readouterr().err
    with pytest.raises(InputError):
        compiling.compile_scenarios((folder,))


@pytest.mark.parametrize("data", [b"", b"something else"])
def test_an_index_of_another_make_is_left_alone(folder: Path, data: bytes) -> None:
    (folder / "scenarios.bin").write_bytes(data)
    assert compiled(folder, NAMES[0]) is None
