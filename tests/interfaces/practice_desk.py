"""What the tests of the pages of practice share: a shelf of few drills, read once, and a browser before it."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from amends.practice.loading import SCENARIOS
from amends.usecases.practising_shelf import Shelf

DRILL = "charged-twice"
OTHER = "charged-again"
_FOLDER = TemporaryDirectory(prefix="amends-drills-")


@cache
def shelf() -> Shelf:
    """One drill with its day after, and the same once more under another name, so that there is something to choose."""
    folder = Path(_FOLDER.name)
    for name in (DRILL, f"{DRILL}-later"):
        shutil.copy(SCENARIOS / f"{name}.toml", folder)
    source = (SCENARIOS / f"{DRILL}.toml").read_text(encoding="utf-8")
    (folder / f"{OTHER}.toml").write_text(source.replace(f'id = "{DRILL}"', f'id = "{OTHER}"', 1), encoding="utf-8")
    made = Shelf(shipped=folder)
    made.all()
    return made
