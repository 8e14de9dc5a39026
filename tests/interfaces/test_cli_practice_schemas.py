"""What practice prints for programs is what the published schemas describe."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from amends import wiring
from amends.practice.stage import stage
from amends.testing import FixedClock
from amends.usecases.practising_shelf import Shelf
from house.laws import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from interfaces.conftest import Ran

    Run = Callable[..., Ran]

SCHEMAS = ROOT / "docs" / "reference" / "schemas"
TOLD = stage(Shelf().get("charged-twice"), variant="jorunn").scenario


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(wiring, "system_clock", FixedClock)
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AMENDS_DATABASE_URL", raising=False)


def fits(name: str, printed: str) -> Any:
    """The value that was printed, which fits the schema."""
    value = json.loads(printed)
    jsonschema_rs.validator_for(json.loads((SCHEMAS / f"{name}.schema.json").read_text()), validate_formats=True).validate(value)
    return value


@pytest.mark.parametrize("kind", ["good", "poor", "none", "odd"])
def test_every_conversation_fits(run: Run, kind: str) -> None:
    turns = next((one.turns for one in TOLD.transcripts if one.kind == kind), ("", "我们很抱歉", "x" * 5000) if kind == "odd" else ())
    said = "".join(json.dumps({"text": text}) + "\n" for text in turns)

    ran = run("practice", "play", TOLD.id, "--variant", "jorunn", "--transcript", "-", "--format", "json", stdin=said)

    fits("practice-1", ran.out)


def test_the_lists_fit(run: Run) -> None:
    assert fits("scenarios-1", run("practice", "list", "--format", "json").out)["scenarios"]
    assert fits("scenarios-1", run("practice", "spin", "--format", "json").out)["scenarios"]
    path = ROOT / "src/amends/practice/scenarios/charged-twice-later.toml"
    fits("practice-lint-1", run("practice", "lint", str(path), "--format", "json").out)


def test_what_is_kept_fits(run: Run) -> None:
    run("practice", "start", TOLD.id, "--variant", "jorunn", "--no-help", stdin="\n\n".join(TOLD.transcripts[0].turns) + "\n\n")

    kept = fits("practice-history-1", run("practice", "history", "--format", "json").out)["sessions"]
    fits("practice-session-1", run("practice", "history", kept[0]["id"], "--format", "json").out)
    fits("practice-due-1", run("practice", "due", "--format", "json").out)
    fits("practice-export-1", run("practice", "export").out)
