"""Modules and functions that fit a reader, every function typed, nothing left for later, no tool silenced without a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from house import laws

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LATER = "TO" + "DO"
SILENCE = "# no" + "qa"
SILENCE_TYPES = "# type: " + "ignore"

LAWS = [laws.long_modules, laws.long_functions, laws.untyped_functions, laws.unfinished, laws.bare_ignores]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_house_keeps_the_law(law: Callable[[Path], list[str]]) -> None:
    assert law(laws.ROOT) == []


PLANTED = [
    (laws.long_modules, "x = 1\n" * 501),
    (laws.long_functions, "def long() -> None:\n" + "    print()\n" * 60),
    (laws.untyped_functions, "def bare(given) -> None: ...\n"),
    (laws.untyped_functions, "def bare(given: int): ...\n"),
    (laws.untyped_functions, "async def bare(*given) -> None: ...\n"),
    (laws.unfinished, f"x = 1  # {LATER}: finish\n"),
    (laws.bare_ignores, f"x = 1  {SILENCE}\n"),
    (laws.bare_ignores, f"x = 1  {SILENCE}: E501\n"),
    (laws.bare_ignores, f"x = 1  {SILENCE_TYPES}\n"),
    (laws.bare_ignores, f"x = 1  {SILENCE_TYPES}[attr-defined]\n"),
    (laws.bare_ignores, f"x = 1  {SILENCE_TYPES}  # the library has no types\n"),
]


@pytest.mark.parametrize(("law", "code"), PLANTED, ids=lambda part: getattr(part, "__name__", ""))
def test_a_planted_break_is_reported(law: Callable[[Path], list[str]], code: str, tmp_path: Path) -> None:
    planted = tmp_path / "src" / "amends" / "core" / "planted.py"
    planted.parent.mkdir(parents=True)
    planted.write_text(code)

    found = law(tmp_path)

    assert len(found) == 1
    assert found[0].startswith("src/amends/core/planted.py")


def test_an_ignore_with_its_code_and_its_reason_is_fine(tmp_path: Path) -> None:
    planted = tmp_path / "src" / "planted.py"
    planted.parent.mkdir()
    planted.write_text(
        f"x = 1  {SILENCE_TYPES}[attr-defined]  # the library has no types\ny = 2  {SILENCE}: S302, S101  # the file is our own\n"
    )

    assert laws.bare_ignores(tmp_path) == []
