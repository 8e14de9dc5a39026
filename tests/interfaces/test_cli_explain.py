"""`amends check --explain`: what spoke for and against each label, for people and for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]

TEXT = "At 10:42 I dropped the wrong index.\n\nI'm sorry. We are restoring it, next update at 11:15.\n"


def test_each_sentence_is_quoted_with_its_labels_and_what_spoke(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TEXT)

    out = run("check", "a.md", "--explain", "--fail-on", "never").out

    assert "1:1: “At 10:42 I dropped the wrong index.”" in out
    assert "regret (" in out
    assert "told from" in out
    assert "the word “sorry”" in out


def test_programs_read_the_same_as_evidence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TEXT)

    document = json.loads(run("check", "a.md", "--explain", "--format", "json", "--fail-on", "never").out)["documents"][0]

    told = [(one["start"], one["label"]) for one in document["evidence"]]
    given = [(sentence["start"], move["move"]) for sentence in document["sentences"] for move in sentence["moves"]]
    assert set(given) <= set(told)
    for one in document["evidence"]:
        assert one["odds"] >= one["least"] - 0.05
        assert all(evidence["what"] and evidence["odds"] for evidence in one["evidence"])


def test_without_the_option_no_evidence_is_worked_out(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TEXT)

    document = json.loads(run("check", "a.md", "--format", "json", "--fail-on", "never").out)["documents"][0]

    assert "evidence" not in document
