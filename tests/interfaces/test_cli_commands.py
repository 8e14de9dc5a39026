"""The other commands, the help, and how the command starts and ends."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from amends import __version__
from amends.interfaces.cli import commands, forms, options, start

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    Run = Callable[..., Any]
    Golden = Callable[[str, str], None]

START = [sys.executable, "-c", "import sys; from amends.interfaces.cli.main import main; sys.exit(main())"]


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").out == f"amends {__version__}\n"


def test_help_is_there_at_every_level(run: Run) -> None:
    for words in (
        [],
        ["check"],
        ["rules"],
        ["rules", "list"],
        ["rules", "explain"],
        ["rules", "test"],
        ["forms"],
        ["forms", "new"],
        ["promises"],
        ["promises", "extract"],
        ["start"],
    ):
        ran = run(*words, "--help")
        assert ran.status == 0, words
        assert ran.out.startswith(f"Usage: {' '.join(['amends', *words])}"), words
        assert ran.out == run(*words, "-h").out


def test_every_option_of_check_is_in_its_help(run: Run) -> None:
    out = run("check", "--help").out
    for option in options.CHECK_OPTIONS:
        assert all(flag in out for flag in option.flags)
        assert option.help
        assert option.help.endswith(".")


def test_click_and_check_know_the_same_options() -> None:
    known = {flag for parameter in commands.check.params if isinstance(parameter, click.Option) for flag in parameter.opts}
    assert known | {"-h", "--help"} == {flag for option in options.CHECK_OPTIONS for flag in option.flags}


def test_options_can_be_completed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_AMENDS_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "amends check --fo")
    monkeypatch.setenv("COMP_CWORD", "2")
    assert "--format" in run().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chekc"], "did you mean 'check'?"),
        (["rules", "lst"], "no such command 'lst'"),
        (["rules", "list", "--formt", "json"], "did you mean --format?"),
        (["rules", "explain"], "missing argument 'RULE'"),
        (["rules", "explain", "demo-tim"], "did you mean 'demo-time'?"),
        (["forms", "show", "status"], "did you mean 'status-update'?"),
        (["start", "--port", "99999"], "invalid value for '--port'"),
        (["rules", "test", "none"], "none: there is no such folder"),
    ],
)
@pytest.mark.usefixtures("engines")
def test_a_wrong_call_says_what_is_wrong_and_exits_with_2(run: Run, words: list[str], said: str) -> None:
    ran = run(*words)
    assert ran.status == 2
    assert said in ran.err.lower() or said in ran.err
    assert ran.err.startswith("amends: ")


@pytest.mark.usefixtures("engines")
def test_rules_are_listed_with_severity_and_title(run: Run) -> None:
    out = run("rules", "list").out
    assert "demo-time        warning  A time that nobody can check\n" in out


@pytest.mark.usefixtures("engines")
def test_a_rule_is_explained_with_why_source_and_examples(run: Run, golden: Golden) -> None:
    golden("cli/rule.txt", run("rules", "explain", "demo-time").out)


@pytest.mark.usefixtures("engines")
def test_the_list_of_rules_can_be_narrowed_by_words(run: Run) -> None:
    out = run("rules", "list", "Cause", "person").out
    assert out.startswith("demo-blame  error")
    assert "\n1 of 4 rules." in out
    assert run("rules", "list", "nowhere").out == "none of the 4 rules has nowhere in its name, title or reason\n"


@pytest.mark.usefixtures("engines")
def test_a_family_of_rules_is_explained_together(run: Run) -> None:
    out = run("rules", "explain", "demo-*").out
    assert [line.partition(":")[0] for line in out.splitlines() if line.startswith("demo-")] == [
        "demo-blame",
        "demo-empty",
        "demo-prevention",
        "demo-time",
    ]
    assert len(json.loads(run("rules", "explain", "demo-*", "--format", "json").out)["rules"]) == 4
    assert run("rules", "explain", "nothing-*").status == 2


def test_no_explanation_shows_the_gaps_of_a_rule_file(run: Run) -> None:
    out = run("rules", "explain", "*").out
    assert "It says: <the question of the form>" in out
    assert not re.search(r"\{\w+\}", out)


@pytest.mark.usefixtures("engines")
@pytest.mark.parametrize(
    ("words", "schema"),
    [
        (["rules", "list"], "amends.rules/1"),
        (["rules", "explain", "demo-time"], "amends.rule/1"),
        (["forms", "list"], "amends.forms/1"),
        (["forms", "show", "first-message"], "amends.form/1"),
    ],
)
def test_what_is_shown_can_be_read_by_programs(run: Run, words: list[str], schema: str) -> None:
    assert json.loads(run(*words, "--format", "json").out)["schema"] == schema


@pytest.mark.usefixtures("engines")
def test_a_form_is_shown_with_what_it_must_hold(run: Run, golden: Golden) -> None:
    golden("cli/form.txt", run("forms", "show", "first-message").out)


@pytest.mark.usefixtures("engines")
def test_a_new_message_starts_from_the_template(run: Run) -> None:
    assert run("forms", "new", "first-message").out == "At [time] [what broke]. Back at [time].\n"


@pytest.mark.usefixtures("engines")
def test_a_new_message_can_be_asked_for_part_by_part(run: Run) -> None:
    ran = run("forms", "new", "first-message", "--ask", stdin="10:42\n\n11:00\n")
    assert ran.out == "At 10:42 [what broke]. Back at 11:00.\n"
    assert "At 10:42 [what broke]. Back at [time]: " in ran.err
    assert run("forms", "new", "first-message", "--ask", stdin="10:42").out == "At 10:42 [what broke]. Back at [time].\n"


@pytest.mark.usefixtures("engines")
def test_a_new_message_can_be_written_to_a_file(run: Run, tmp_path: Path) -> None:
    ran = run("forms", "new", "first-message", "-o", "draft.md")
    assert (tmp_path / "draft.md").read_text().startswith("At [time]")
    assert "Next: amends check --form first-message draft.md" in ran.err


@pytest.mark.usefixtures("engines")
def test_a_new_message_is_not_written_over_an_old_one_unless_asked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text("mine")
    ran = run("forms", "new", "first-message", "-o", "draft.md")
    assert ran.status == 2
    assert ran.err == "amends: draft.md: there is such a file already\n  choose another name, or write over it with --force\n"
    assert (tmp_path / "draft.md").read_text() == "mine"
    assert run("forms", "new", "first-message", "-o", "draft.md", "--force").status == 0
    assert (tmp_path / "draft.md").read_text().startswith("At [time]")


def test_a_link_in_a_template_is_no_gap() -> None:
    assert forms._GAP.findall("See [the page](x) at [time]") == ["time"]


RULE = """
id = "team-{name}"
title = "A word of ours"
severity = "note"
message = "Why “{{words}}”?"
why = "Because."
source = "own practice"
phrases = ["grobble"]
hits = ["One [[grobble]].", "Two [[grobble]].", "{hit}"]
misses = ["One.", "Two.", "Three."]
"""


def test_a_teams_rules_are_tested_by_their_examples(run: Run, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "team-a.toml").write_text(RULE.format(name="a", hit="Three [[grobble]]."))
    ran = run("rules", "test", ".")
    assert ran.out == "7 of 7 examples behave as their files say\n"
    assert ran.status == 0


def test_an_example_that_fails_is_told_and_the_status_is_1(run: Run, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "team-b.toml").write_text(RULE.format(name="b", hit="Nothing."))
    ran = run("rules", "test", "rules")
    assert "rules/team-b.toml: hit[2]: finds nothing in 'Nothing.'" in ran.out
    assert ran.status == 1


def test_a_rule_file_that_is_wrong_is_told_with_file_line_and_field(run: Run, tmp_path: Path) -> None:
    (tmp_path / "team-c.toml").write_text(RULE.format(name="c", hit="Nothing.").replace("severity", "severty"))
    ran = run("rules", "test", ".")
    assert ran.status == 2
    assert re.search(r"team-c\.toml:4: severty: unknown key 'severty'\n  did you mean 'severity'\?", ran.err)


def test_a_teams_rule_is_found_and_explained(run: Run, tmp_path: Path) -> None:
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "team-a.toml").write_text(RULE.format(name="a", hit="Three [[grobble]]."))
    (tmp_path / "amends.toml").write_text('rules = "team"\n')
    assert "team-a" in run("check", "-", "--all", stdin="A grobble.").out
    assert "A word of ours" in run("rules", "explain", "team-a").out


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])
def test_the_workbench_lets_nobody_in_from_outside(run: Run, host: str) -> None:
    ran = run("start", "--host", host)
    assert ran.status == 2
    assert "no accounts yet" in ran.err


def test_a_reader_that_stops_early_ends_the_command_quietly(tmp_path: Path) -> None:
    for number in range(400):
        (tmp_path / f"{number}.md").write_text("Back soon. " * 200)
    shell = f"{' '.join(map(repr, START))} check . --all | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", shell], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 141
    assert done.stderr == ""


def test_the_table_of_commands_names_what_there_is() -> None:
    assert isinstance(start.start, click.Command)
    assert os.path.basename(commands.__file__) == "commands.py"
    for name in commands._COMMANDS:
        assert commands.amends.get_command(click.Context(commands.amends), name) is not None
