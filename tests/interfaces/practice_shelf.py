"""Reads each scenario that ships once for all tests of a process: a command reads them anew, and most tests run several."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from amends.usecases.practising_shelf import SHIPPED, Shelf

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from amends.practice.scenario import Scenario

_load = Shelf._load


@cache
def _loaded(path: Path) -> Scenario:
    return _load(Shelf(), path)


def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, until the end of the test."""
    monkeypatch.setattr(Shelf, "_load", lambda shelf, path: _loaded(path) if path.parent == SHIPPED else _load(shelf, path))
