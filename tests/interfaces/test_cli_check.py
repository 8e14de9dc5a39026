"""`amends check`: what goes in, what comes out, and with which exit status."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from amends import wiring

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from amends.language.records import Draft

    Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("engines")
CLEAN = "At 10:42 I broke the build. A test will catch it.\n"
BAD = "Dave broke it. It works soon. A test will catch it.\n"


def test_a_clean_text_exits_with_0(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(CLEAN)
    ran = run("check", "a.md")
    assert ran.status == 0
    assert ran.err == ""


@pytest.mark.parametrize(("bar", "status"), [("error", 0), ("warning", 1), ("note", 1), ("never", 0)])
def test_fail_on_decides_from_which_severity_the_status_is_1(run: Run, bar: str, status: int) -> None:
    assert run("check", "-", "--fail-on", bar, stdin="Up soon. A test.").status == status


def test_a_note_alone_does_not_fail_by_default(run: Run) -> None:
    assert run("check", "-", stdin="It is very bad. A test.").status == 0


def test_without_a_name_standard_input_is_read(run: Run) -> None:
    assert json.loads(run("check", "--format", "json", stdin=BAD).out)["documents"][0]["path"] is None


def test_an_empty_draft_says_what_to_write_first_and_exits_with_0(run: Run) -> None:
    ran = run("check", "-", stdin="  \n")
    assert ran.status == 0
    assert "write first: what happened, and when" in ran.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--formt", "json"], "did you mean --form"),
        (["--format", "jsn"], "did you mean json?"),
        (["--format"], "--format needs a value (FORMAT)"),
        (["--format", "--all"], "--format needs a value (FORMAT)"),
        (["--all=yes"], "--all takes no value"),
        (["--audience", "boss"], "one of: team, leadership, customers, partner"),
        (["--top", "many"], "--top takes a whole number from 0 on, not 'many'"),
        (["--top", "-1"], "--top takes a whole number from 0 on, not '-1'"),
        (["--top=-1"], "--top takes a whole number from 0 on, not '-1'"),
        (["-x"], "unknown option -x"),
        (["--at", "yesterday"], "not a time: 'yesterday'"),
        (["--at", "25:00"], "write it as 2026-03-04T10:50:00+00:00, or as 10:50 for today"),
        (["--select", "demo-tme", "-"], "did you mean 'demo-time'?"),
        (["--ignore", "nothing-*", "-"], "unknown rule 'nothing-*'"),
        (["--form", "status-updat", "-"], "did you mean 'status-update'?"),
        (["--jsonl", "-", "a.md"], "--jsonl reads one file"),
        (["--profile", "team", "-"], "--profile needs a project file"),
        (["--config", "none.toml", "-"], "none.toml: there is no such file"),
    ],
)
def test_a_wrong_call_says_what_is_wrong_and_exits_with_2(run: Run, words: list[str], said: str) -> None:
    ran = run("check", *words, stdin=CLEAN)
    assert ran.status == 2
    assert said in ran.err
    assert ran.out == ""


def test_options_take_their_value_after_a_space_or_an_equals_sign(run: Run) -> None:
    assert run("check", "-", "--format=json", stdin=BAD).out == run("check", "--format", "json", "-", stdin=BAD).out


def test_after_two_dashes_everything_is_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "--all").write_text(CLEAN)
    assert run("check", "--", "--all").status == 0


def test_a_rule_can_be_given_more_than_once_and_with_commas(run: Run, engines: Any) -> None:
    run("check", "-", "--ignore", "demo-time,demo-empty", "--ignore", "demo-b*", stdin=BAD)
    assert engines[0]._settings.ignore == ("demo-time", "demo-empty", "demo-b*")


def test_options_reach_the_draft(run: Run, engines: Any) -> None:
    run("check", "-", "--form", "status-update", "--audience", "partner", "--at", "2026-03-04T10:50Z", "--tz", "Europe/Berlin", stdin=CLEAN)
    draft = engines[0].checked[0]
    assert (draft.form, draft.audience, draft.tz, draft.at.isoformat()) == (
        "status-update",
        "partner",
        "Europe/Berlin",
        "2026-03-04T10:50:00+00:00",
    )


def test_a_time_without_an_offset_is_read_in_the_zone(run: Run, engines: Any) -> None:
    run("check", "-", "--at", "2026-07-04T10:50", "--tz", "Europe/Berlin", stdin=CLEAN)
    assert engines[0].checked[0].at.isoformat() == "2026-07-04T10:50:00+02:00"


@pytest.mark.parametrize(
    ("at", "tz", "read"),
    [
        ("09:05", "UTC", "2026-03-04T09:05:00+00:00"),
        ("9:05", "Europe/Berlin", "2026-03-04T09:05:00+01:00"),
        ("00:30", "Pacific/Kiritimati", "2026-03-05T00:30:00+14:00"),
        ("09:05Z", "Europe/Berlin", "2026-03-04T09:05:00+00:00"),
        ("09:05:30", "Mars/Base", "2026-03-04T09:05:30+00:00"),
    ],
)
def test_a_time_of_day_is_one_of_today_in_the_zone(run: Run, engines: Any, at: str, tz: str, read: str) -> None:
    run("check", "-", "--at", at, "--tz", tz, stdin=CLEAN)
    assert engines[0].checked[0].at.isoformat() == read


def test_without_a_time_a_draft_is_sent_now(run: Run, engines: Any) -> None:
    run("check", "-", stdin=CLEAN)
    assert engines[0].checked[0].at.isoformat() == "2026-03-04T10:50:00+00:00"


@pytest.mark.parametrize(("name", "markup"), [("a.md", "markdown"), ("a.eml", "email"), ("a.txt", "auto")])
def test_the_kind_of_file_decides_on_its_markup(run: Run, engines: Any, tmp_path: Path, name: str, markup: str) -> None:
    (tmp_path / name).write_text(CLEAN)
    run("check", name)
    assert engines[0].checked[0].markup == markup


def test_one_broken_file_is_told_and_the_others_are_checked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(CLEAN)
    (tmp_path / "b.md").write_bytes(b"caf\xe9")
    (tmp_path / "c.md").write_bytes(b"PK\0\0")
    ran = run("check", "a.md", "b.md", "c.md", "none.md", "--format", "json")
    report = json.loads(ran.out)
    assert ran.status == 2
    assert [document["path"] for document in report["documents"]] == ["a.md"]
    assert [problem["path"] for problem in report["problems"]] == ["b.md", "c.md", "none.md"]
    assert "amends: b.md:1: not valid UTF-8 at byte 3" in ran.err
    assert "amends: c.md: binary, not text: a NUL byte at 2" in ran.err
    assert "amends: none.md: there is no such file" in ran.err


def test_a_file_over_the_limit_is_refused_with_the_limit_named(run: Run, tmp_path: Path) -> None:
    with (tmp_path / "big.md").open("wb") as file:
        file.truncate(100_000_000)
    ran = run("check", "big.md")
    assert ran.status == 2
    assert "big.md: larger than 20,000,000 bytes" in ran.err


def test_standard_input_over_the_limit_is_refused(run: Run) -> None:
    ran = run("check", "-", stdin=b"a" * 20_000_001)
    assert ran.status == 2
    assert "<stdin>: larger than 20,000,000 bytes" in ran.err


def test_a_folder_is_searched_for_texts_in_order_without_hidden_and_ignored_ones(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("build/\n*.txt\n!keep.txt\n")
    names = ["b/a.md", "b/Z.TXT", "b/keep.txt", "a.eml", "build/x.md", ".hidden/x.md", "b/.x.md", "code.py", "b/c/d.markdown"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(CLEAN)
    (tmp_path / "b" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "b" / "dangling.md").symlink_to(tmp_path / "gone.md")
    ran = run("check", ".", "--format", "jsonl")
    assert [json.loads(line)["path"] for line in ran.out.splitlines()] == [
        "./a.eml",
        "./b/Z.TXT",
        "./b/a.md",
        "./b/c/d.markdown",
        "./b/keep.txt",
    ]
    assert ran.status == 0


def test_a_folder_that_may_not_be_read_is_told_and_the_rest_is_checked(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "z.md").write_text(CLEAN)
    scandir = os.scandir

    def scan(folder: Any) -> Any:
        if str(folder).endswith("locked"):
            raise PermissionError(13, "Permission denied", folder)
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", scan)
    ran = run("check", ".", "--quiet")
    assert ran.status == 2
    assert ran.err == "amends: ./locked: the file may not be read by this user\n  change its permissions\n"


def test_a_folder_without_texts_is_told_and_the_rest_is_checked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.png").write_bytes(b"\x89PNG\0")
    (tmp_path / "a.md").write_text(CLEAN)
    ran = run("check", "empty", "pictures", "a.md", "-q")
    assert ran.status == 2
    assert "amends: no texts to check in empty\n" in ran.err
    assert "amends: no texts to check in pictures\n" in ran.err
    assert json.loads(run("check", "empty", "--format", "json").out)["documents"] == []


def test_a_text_in_a_folder_that_is_none_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.md").write_bytes(b"PK\0\0")
    ran = run("check", "texts")
    assert ran.status == 2
    assert ran.err.startswith("amends: texts/a.md: binary, not text")
    assert "no texts" not in ran.err


def test_a_folder_whose_texts_are_all_left_out_by_the_project_is_no_mistake(run: Run, tmp_path: Path) -> None:
    (tmp_path / "amends.toml").write_text('exclude = ["old/**"]\n')
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.md").write_text(CLEAN)
    assert run("check", "old").status == 0


def test_what_makes_a_text_unfit_to_check_is_told_even_when_quiet(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("")
    assert run("check", "-q", "a.md").out == "a.md:1:1: note[empty-draft] there is nothing here yet\n"


def test_very_deep_folders_are_searched(run: Run, tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(300):
        deep /= "d"
    deep.mkdir(parents=True)
    (deep / "a.md").write_text(CLEAN)
    assert len(run("check", "d", "--format", "jsonl").out.splitlines()) == 1


def test_the_result_can_be_written_to_a_file_that_appears_when_complete(run: Run, tmp_path: Path) -> None:
    ran = run("check", "-", "--format", "json", "-o", "out.json", stdin=CLEAN)
    assert ran.out == ""
    assert json.loads((tmp_path / "out.json").read_text())["schema"] == "amends.check/1"
    assert os.listdir(tmp_path) == ["out.json"]


def test_nothing_is_written_when_the_call_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text("before")
    assert run("check", "-", "--format", "json", "-o", "out.json", "--form", "none", stdin=CLEAN).status == 2
    assert (tmp_path / "out.json").read_text() == "before"
    assert os.listdir(tmp_path) == ["out.json"]


def test_an_output_that_cannot_be_written_is_an_input_error(run: Run) -> None:
    ran = run("check", "-", "-o", "none/out.txt", stdin=CLEAN)
    assert ran.status == 2
    assert "none/out.txt: the result cannot be written: no such file or directory" in ran.err


def test_standard_input_can_be_given_a_name(run: Run) -> None:
    ran = run("check", "-", "--stdin-filename", "docs/a.md", "--format", "json", stdin=CLEAN)
    assert json.loads(ran.out)["documents"][0]["path"] == "docs/a.md"


def test_the_same_input_gives_the_same_output(run: Run, tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.md").write_text(BAD)
    assert run("check", ".", "--all").out == run("check", ".", "--all").out


def test_an_interrupt_ends_with_130_and_leaves_no_half_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupting:
        def check(self, draft: Draft) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(wiring, "open_checking", lambda _: Interrupting())
    assert run("check", "-", "-o", "out.txt", stdin=CLEAN).status == 130
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("format", ["json", "jsonl", "sarif", "github", "markdown"])
def test_a_refused_call_writes_no_half_result(run: Run, format: str) -> None:
    ran = run("check", "-", "--form", "none", "--format", format, stdin=CLEAN)
    assert (ran.status, ran.out) == (2, "")
