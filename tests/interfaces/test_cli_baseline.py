"""The baseline: an old corpus is taken over, only new findings count, and it shrinks honestly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("engines")


@pytest.fixture
def corpus(run: Run, tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("Dave broke it. Up soon.")
    (tmp_path / "docs" / "b.md").write_text("Up soon. A test.")
    ran = run("check", "docs", "--write-baseline", "known.json")
    assert ran.status == 1
    assert "known.json: 0 known before, 4 new, 0 fixed and gone from it" in ran.err
    return tmp_path


def test_what_is_known_does_not_fail_any_more(run: Run, corpus: Path) -> None:
    ran = run("check", str(corpus / "docs"), "--baseline", "known.json", "--format", "json")
    assert ran.status == 0
    documents = json.loads(ran.out)["documents"]
    assert [len(document["findings"]) for document in documents] == [0, 0]
    assert [len(document["suppressed"]) for document in documents] == [3, 1]
    assert {one["by"] for document in documents for one in document["suppressed"]} == {"baseline"}


def test_lines_inserted_above_change_nothing(run: Run, corpus: Path) -> None:
    text = (corpus / "docs" / "a.md").read_text()
    (corpus / "docs" / "a.md").write_text(f"Hello.\n\n\n{text}")
    assert run("check", "docs", "--baseline", "known.json").status == 0


def test_a_second_finding_of_the_same_kind_is_new(run: Run, corpus: Path) -> None:
    (corpus / "docs" / "b.md").write_text("Up soon. A test. Up soon.")
    assert run("check", "docs", "--baseline", "known.json").status == 1


def test_the_same_words_in_another_file_are_new(run: Run, corpus: Path) -> None:
    (corpus / "docs" / "c.md").write_text("Up soon. A test.")
    assert run("check", "docs", "--baseline", "known.json").status == 1


def test_writing_it_anew_says_what_was_fixed_and_takes_it_out(run: Run, corpus: Path) -> None:
    (corpus / "docs" / "b.md").write_text("Up at 14:30. A test.")
    ran = run("check", "docs", "--write-baseline", "known.json")
    assert "known.json: 3 known before, 0 new, 1 fixed and gone from it" in ran.err
    assert list(json.loads((corpus / "known.json").read_text())["findings"]) == ["docs/a.md"]


def test_files_that_were_not_checked_keep_what_is_known_and_deleted_ones_do_not(run: Run, corpus: Path) -> None:
    (corpus / "docs" / "c.md").write_text("Up soon. A test.")
    run("check", "docs/c.md", "--write-baseline", "known.json")
    assert list(json.loads((corpus / "known.json").read_text())["findings"]) == ["docs/a.md", "docs/b.md", "docs/c.md"]
    (corpus / "docs" / "a.md").unlink()
    run("check", "docs/c.md", "--write-baseline", "known.json")
    assert list(json.loads((corpus / "known.json").read_text())["findings"]) == ["docs/b.md", "docs/c.md"]


def test_the_file_is_the_same_wherever_the_command_is_run(run: Run, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (corpus / "known.json").read_text()
    monkeypatch.chdir(corpus / "docs")
    run("check", ".", "--write-baseline", "../known.json")
    assert (corpus / "known.json").read_text() == before


def test_the_project_file_can_name_it(run: Run, corpus: Path) -> None:
    (corpus / "amends.toml").write_text('baseline = "known.json"\n')
    assert run("check", "docs").status == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not a baseline: not valid JSON"),
        ('{"schema": "x"}', "expected the schema amends.baseline/1"),
        (
            '{"schema": "amends.baseline/1", "findings": {"a": {"r": {"f": -1}}}}',
            "findings.a.r.f: not a baseline: expected a count, not -1",
        ),
    ],
)
def test_a_file_that_is_no_baseline_is_an_input_error(run: Run, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "known.json").write_text(text)
    ran = run("check", "-", "--baseline", "known.json", stdin="A test.")
    assert ran.status == 2
    assert said in ran.err


def test_a_missing_baseline_is_an_input_error(run: Run) -> None:
    assert run("check", "-", "--baseline", "known.json", stdin="A test.").status == 2


def test_reading_and_writing_at_once_is_refused(run: Run) -> None:
    assert run("check", "-", "--baseline", "a", "--write-baseline", "b", stdin="").status == 2
