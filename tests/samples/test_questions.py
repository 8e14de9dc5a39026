"""Ten questions about an incident are answered from its timeline alone, as `amends timeline` writes it, without a look at the sources."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from house.laws import ROOT

SAMPLE = ROOT / "src" / "amends" / "samples" / "checkout"
QUESTIONS: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "questions.toml").read_text("utf-8"))["question"]
ENOUGH = 9
START = "import sys; from amends.interfaces.cli.main import main; sys.exit(main())"

Row = dict[str, Any]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """The rows of the timeline in its default form: what matters."""
    return timeline(tmp_path_factory.mktemp("home"))


def timeline(home: Path, *words: str) -> list[Row]:
    target = home / "timeline.jsonl"
    command = [
        sys.executable,
        "-c",
        START,
        "timeline",
        str(SAMPLE),
        "--tz",
        "Europe/Berlin",
        "--format",
        "jsonl",
        "-o",
        str(target),
        *words,
    ]
    places = {"AMENDS_HOME": str(home), "HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, env=places, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in target.read_text("utf-8").splitlines()]


def found(rows: list[Row], fact: dict[str, Any]) -> Row | None:
    """The row that a fact is looked up in."""
    dated = sorted((row for row in rows if row["time"]), key=lambda row: row["time"])
    fitting = [row for row in dated if fits(row, fact)]
    return fitting[0 if fact["pick"] == "first" else -1] if fitting else None


def fits(row: Row, fact: dict[str, Any]) -> bool:
    return (
        row["kind"] in fact.get("kind", [row["kind"]])
        and row["level"] in fact.get("level", [row["level"]])
        and fnmatch(row["source"], fact.get("source", "*"))
        and fact.get("from", "") <= row["time"] <= fact.get("until", "9999")
        and re.search(fact.get("text", ""), row["text"]) is not None
    )


def wrong(rows: list[Row], fact: dict[str, Any]) -> list[str]:
    """What a fact says that its row does not."""
    row = found(rows, fact)
    if row is None:
        return [f"no row fits {fact}"]
    told = {name: str(row[name]) for name in fact["has"]}
    right = {
        name: told[name].startswith(value) if name == "time" else re.search(value, told[name], re.DOTALL) is not None
        if name == "text" else told[name] == value
        for name, value in fact["has"].items()
    }  # fmt: skip
    return [f"{name}: {told[name]!r}, not {fact['has'][name]!r}" for name, is_right in right.items() if not is_right]


def test_ten_questions_are_asked_and_nine_are_answered_from_the_rows_alone(kept: list[Row]) -> None:
    troubles = {question["ask"]: [trouble for fact in question["facts"] for trouble in wrong(kept, fact)] for question in QUESTIONS}
    unanswered = {ask: said for ask, said in troubles.items() if said}

    assert len(QUESTIONS) == 10
    assert len(QUESTIONS) - len(unanswered) >= ENOUGH, json.dumps(unanswered, indent=1, ensure_ascii=False)


def test_a_timeline_without_its_alerts_does_not_answer_which_one_fired(kept: list[Row]) -> None:
    (question,) = [one for one in QUESTIONS if one["ask"].startswith("Which alert")]
    without = [row for row in kept if row["kind"] != "alert"]

    assert all(wrong(without, fact) for fact in question["facts"])


def test_the_password_that_slipped_into_a_log_is_not_shown(kept: list[Row]) -> None:
    (slip,) = [row for row in kept if row["source"] == "logs/orders-worker.log" and "postgresql://orders:" in row["text"]]

    assert "EXAMPLE-not-a-real-password" not in json.dumps(kept)
    assert slip["count"] > 1


def test_what_matters_can_be_read_by_a_person(kept: list[Row], tmp_path: Path) -> None:
    everything = timeline(tmp_path, "--all")

    assert len(everything) > 15_000
    assert len(kept) < 250
    assert all(row["why"] for row in kept)
    assert all(row["time"] for row in everything)
