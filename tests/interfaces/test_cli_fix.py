"""`--fix` and `--diff`: only changes that need nobody's knowledge, made in one step, in the file's own encoding."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("engines")


def test_fix_makes_complete_changes_and_reports_what_is_left(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("It is very, very bad and up soon. A test.")
    ran = run("check", "a.md", "--fix", "-q")
    assert (tmp_path / "a.md").read_text() == "It is very, bad and up soon. A test."
    assert ran.out == "a.md:1:24: warning[demo-time] When exactly is “soon”?\n"
    assert ran.status == 1


def test_a_change_that_its_author_must_fill_in_is_not_made(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Up soon. A test.")
    run("check", "a.md", "--fix")
    assert (tmp_path / "a.md").read_text() == "Up soon. A test."


def test_diff_shows_the_changes_and_makes_none(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("It is very bad.\nA test.")
    ran = run("check", "a.md", "--diff")
    assert ran.out == "--- a.md\n+++ a.md\n@@ -1,2 +1,2 @@\n-It is very bad.\n+It is bad.\n A test.\n\\ No newline at end of file\n"
    assert (tmp_path / "a.md").read_text() == "It is very bad.\nA test."


def test_diff_of_standard_input_shows_what_would_change(run: Run) -> None:
    assert "+It is bad. A test." in run("check", "-", "--diff", stdin="It is very bad. A test.").out


def test_fix_of_standard_input_is_refused(run: Run) -> None:
    ran = run("check", "-", "--fix", stdin="It is very bad. A test.")
    assert ran.status == 2
    assert "--fix changes files" in ran.err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_file_keeps_its_encoding_line_endings_and_permissions(run: Run, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.md"
    path.write_bytes("It is very bad – 日本.\r\nA test.\r\n".encode(encoding))
    path.chmod(0o640)
    run("check", "a.md", "--fix")
    assert path.read_bytes() == "It is bad – 日本.\r\nA test.\r\n".encode(encoding)
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["a.md"]


def test_a_link_stays_a_link(run: Run, tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("It is very bad. A test.")
    (tmp_path / "a.md").symlink_to("real.md")
    run("check", "a.md", "--fix")
    assert (tmp_path / "a.md").is_symlink()
    assert (tmp_path / "real.md").read_text() == "It is bad. A test."


def test_a_file_without_changes_is_not_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("A test.")
    before = (tmp_path / "a.md").stat().st_ino
    run("check", "a.md", "--fix")
    assert (tmp_path / "a.md").stat().st_ino == before


@pytest.mark.parametrize("how", ["--fix", "--diff"])
@pytest.mark.parametrize(
    ("text", "why"),
    [("Up soon. A test.", "what was found needs words that only its author has"), ("A test.", "nothing was found")],
)
def test_it_is_told_when_nothing_can_be_changed(run: Run, tmp_path: Path, how: str, text: str, why: str) -> None:
    (tmp_path / "a.md").write_text(text)
    assert run("check", "a.md", how).err == f"amends: nothing to change: {why}\n"
    assert run("check", "a.md", how, "-q").err == ""


def test_nothing_is_told_when_something_was_changed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("It is very bad.")
    (tmp_path / "b.md").write_text("A test.")
    assert run("check", "a.md", "b.md", "--diff").err == ""
