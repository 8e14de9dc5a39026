"""Tasks that do their work, and some that first kill the worker that has them."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from amends.usecases.timelining import work as work_of_units

if TYPE_CHECKING:
    from amends.usecases.timelining.units import Unit
    from amends.usecases.timelining.work import Done


def deadly(unit: Unit, root: str) -> Done:
    """Kill the worker on what is named so, always."""
    if any("deadly" in piece.name for piece in unit.pieces):
        os.kill(os.getpid(), signal.SIGKILL)
    return work_of_units.work(unit, root)


def deadly_once(unit: Unit, root: str) -> Done:
    """Kill the first worker that comes to the third range or beyond."""
    mark = f"{root}/killed"
    if unit.pieces[0].start > 0 and not os.path.exists(mark):
        with open(mark, "w", encoding="ascii"):
            os.kill(os.getpid(), signal.SIGKILL)
    return work_of_units.work(unit, root)
