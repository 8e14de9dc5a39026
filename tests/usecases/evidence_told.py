"""What a timeline tells of evidence, for the tests of it: rows and problems, in one call."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from amends.usecases.timelining import Timelining, index, units
from amends.usecases.timelining.rows import Texts, all_rows, kept_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from amends.core.problem import Problem
    from amends.integrations.evidence.engines import Engine

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
Row = dict[str, Any]


def told(
    root: Path,
    *operands: Path,
    all_entries: bool = True,
    tz: str | None = None,
    workers: int = 1,
    cluster: Callable[[], Engine] | None = None,
) -> tuple[list[Row], list[Problem]]:
    """The rows of the timeline of operands, and what was wrong with them; what was read is kept in `root`."""
    problems: list[Problem] = []
    timelining = Timelining(lambda: NOW, str(root), workers, cluster)
    engine = "local" if cluster is None else "dask"
    with timelining.assemble([str(one) for one in operands], problems.append, tz, engine=engine) as made, Texts() as texts:
        rows = list(all_rows(made, texts) if all_entries else kept_rows(made, made.kept(), texts))
    return rows, problems


def units_of(patch: pytest.MonkeyPatch, size: int) -> None:
    """From now on a unit has so many bytes."""
    for module in (units, index):
        patch.setattr(module, "SIZE", size)


def codes(problems: list[Problem]) -> list[str]:
    return [one.code for one in problems]


def what(rows: list[Row]) -> list[tuple[object, ...]]:
    """What rows say, wherever it stands: when, how bad, what, how often, until when, and why."""
    return [(one["time"], one["level"], said(one["text"]), one["count"], one["last_time"], tuple(one["why"])) for one in rows]


def said(text: str) -> str:
    return text.replace("\r\n", "\n")
