"""Only `wiring.py` reaches for the clock, for dice, for fresh names and for the environment; whoever else tries is told what to take."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from house.laws import ROOT

RUFF = Path(sys.executable).with_name("ruff")
FUTURE = '"""Planted."""\n\nfrom __future__ import annotations\n\n'


def ruff(code: str, name: str) -> str:
    """What ruff says, with our settings, about code as if it stood in the file of that name."""
    done = subprocess.run(
        [RUFF, "check", "--no-cache", "--output-format", "concise", "--stdin-filename", name, "-"],
        cwd=ROOT,
        input=code,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


BANNED = {
    "datetime.now": ("import datetime\n\nNOW = datetime.datetime.now(datetime.UTC)\n", "Take a Clock"),
    "datetime.now of the class": ("from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n", "Take a Clock"),
    "datetime.utcnow": ("import datetime\n\nNOW = datetime.datetime.utcnow()\n", "Take a Clock"),
    "date.today": ("import datetime\n\nNOW = datetime.date.today()\n", "Take a Clock"),
    "time.time": ("import time\n\nNOW = time.time()\n", "Take a Clock"),
    "random": ("import random\n\nDICE = random.random()\n", "random.Random made from a seed"),
    "uuid": ("import uuid\n\nNAME = uuid.uuid4()\n", "Take Ids"),
    "secrets": ("import secrets\n\nNAME = secrets.token_hex()\n", "Take Ids"),
    "os.environ": ("import os\n\nHOME = os.environ['HOME']\n", "Take Settings"),
    "os.getenv": ("import os\n\nHOME = os.getenv('HOME')\n", "Take Settings"),
}


@pytest.mark.parametrize("name", BANNED)
@pytest.mark.parametrize("path", ["src/amends/core/planted.py", "src/amends/usecases/planted.py", "src/amends/interfaces/cli/planted.py"])
def test_a_planted_call_is_reported_with_what_to_take_instead(name: str, path: str) -> None:
    code, instead = BANNED[name]

    said = ruff(FUTURE + code, path)

    assert "TID251" in said
    assert instead in said


def test_wiring_may_ask_for_the_time() -> None:
    assert "TID251" not in ruff(FUTURE + "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n", "src/amends/wiring.py")


def test_a_time_without_a_zone_is_reported() -> None:
    assert "DTZ001" in ruff(FUTURE + "import datetime\n\nTHEN = datetime.datetime(2026, 3, 4)\n", "src/amends/core/planted.py")


def test_a_function_without_types_is_reported() -> None:
    said = ruff(FUTURE + 'def bare(given):\n    """Planted."""\n    return given\n', "src/amends/core/planted.py")

    assert "ANN001" in said
    assert "ANN201" in said
