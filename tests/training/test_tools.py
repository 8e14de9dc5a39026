"""The training code is held to the types and the tidiness of the product, as far as it runs without numpy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
WITHOUT_NUMPY = [f"training/{name}.py" for name in ("corpus", "examine", "agreement")]


@pytest.mark.parametrize("words", [("mypy", *WITHOUT_NUMPY), ("vulture", "training", "tests/training")], ids=["types", "dead code"])
def test_a_tool_has_nothing_to_say_of_the_training_code(words: tuple[str, ...]) -> None:
    done = subprocess.run([BIN / words[0], *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
