"""Conversations at the terminal, and what is kept of them for the person who had them."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from amends import wiring
from amends.interfaces.cli import practice_own, practice_turns
from amends.practice.stage import stage
from amends.testing import FixedClock
from amends.testing.actors import HOST, NAME, Actor
from amends.usecases.practising_shelf import Shelf
from house.laws import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from interfaces.conftest import Ran

    Run = Callable[..., Ran]

START = ("practice", "start", "charged-twice", "--variant", "jorunn", "--seed", "1")
SCENARIO = Shelf().get("charged-twice")
TURNS = next(one.turns for one in stage(SCENARIO, variant="jorunn").scenario.transcripts if one.kind == "good")
TYPED = "\n\n".join(TURNS) + "\n\n"
SCENARIOS = ROOT / "src/amends/practice/scenarios"


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty workbench."""
    monkeypatch.setattr(wiring, "system_clock", FixedClock)
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AMENDS_DATABASE_URL", raising=False)
    return tmp_path / "home"


def drills(run: Run) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run("practice", "history", "--format", "json").out)["sessions"]
    return found


def test_a_conversation_is_had_to_its_end_and_kept(run: Run) -> None:
    ran = run(*START, stdin=TYPED)

    assert ran.status == 0, ran.err
    assert ran.out.index("At stake: ") < ran.out.index("\nanger ") < ran.out.index("It ended well.")
    assert "One way to say it" in ran.out
    [kept] = drills(run)
    assert (kept["scenario"], kept["passed"], kept["left"], kept["aided"]) == ("charged-twice", True, False, True)
    assert f"amends practice start charged-twice-later --after {str(kept['id'])[-6:]}" in ran.out


def test_what_is_missing_is_named_once_it_could_be_said(run: Run) -> None:
    ran = run(*START, stdin="I have read both of your mails.\n\n:quit\n")

    assert ran.out.count("not heard yet") == 1


def test_without_help_there_are_no_remarks_before_the_end(run: Run) -> None:
    ran = run(*START, "--no-help", stdin=TYPED)

    assert "not heard yet" not in ran.out.partition("It ended")[0]
    assert drills(run)[0]["aided"] is False
    assert "cannot tell yet (7 more to tell)" in run("practice", "history").out


def test_help_and_the_last_words_can_be_had_again_and_are_no_turn(run: Run) -> None:
    ran = run(*START, stdin=":help\n:repeat\n\n:quit\n")

    assert ran.status == 0
    assert " ".join(ran.err.split()).count("an empty line ends your turn") == 2
    assert "it is as resolved as it was last Friday" in " ".join(ran.err.split())
    assert "Nothing was said, so nothing was kept." in ran.err
    assert drills(run) == []


def test_a_turn_has_as_many_lines_as_one_likes(run: Run) -> None:
    run(*START, stdin="We charged you twice.\nIt was our mistake.")

    [session] = json.loads(run("practice", "export").out)["sessions"]
    assert "We charged you twice.\nIt was our mistake." in json.dumps(session, ensure_ascii=False).replace("\\n", "\n")
    assert not session["left"]


def test_ctrl_c_keeps_the_drill_open_and_one_goes_on_later(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["We charged you twice. It was our mistake.\n", "\n"])

    def line(_self: practice_turns.Typist, *, first: bool) -> str:
        del first
        for one in typed:
            return one
        raise KeyboardInterrupt

    with monkeypatch.context() as at_keys:
        at_keys.setattr(practice_turns.Typist, "_line", line)
        ran = run(*START)

    assert ran.status == 130
    assert "Traceback" not in ran.err
    [kept] = drills(run)
    assert (kept["ended_at"], kept["turns"]) == (None, 1)
    assert f"Go on later:\n  amends practice start --go-on {str(kept['id'])[-6:]}" in ran.err

    ran = run("practice", "start", "--go-on", str(kept["id"])[-6:], stdin=TYPED)
    assert "you: We charged you twice." in ran.out
    assert "turn 2 of 7" in ran.err
    assert run("practice", "start", "--go-on", str(kept["id"])[-6:]).status == 2


def test_what_is_unsaved_leaves_no_trace(run: Run, home: Path) -> None:
    ran = run(*START, "--unsaved", stdin=TYPED)

    assert "It ended well." in ran.out
    assert not home.exists()


def test_a_file_that_is_being_written_is_played_and_not_kept(run: Run, tmp_path: Path, home: Path) -> None:
    (tmp_path / "charged-twice.toml").write_text((SCENARIOS / "charged-twice.toml").read_text())

    ran = run("practice", "start", "charged-twice.toml", "--variant", "jorunn", stdin=TYPED)

    assert "It ended well." in ran.out
    assert not home.exists()


def test_the_day_after_quotes_what_was_promised(run: Run) -> None:
    run(*START, stdin=TYPED)
    first = str(drills(run)[0]["id"])

    ran = run("practice", "start", "charged-twice-later", "--after", first[-6:], stdin="Hello.\n\n:quit\n")

    opening = " ".join(ran.out.split())
    assert "Jorunn" in opening
    promised = str(json.loads(run("practice", "history", "--format", "json").out)["sessions"][0]["promise"])
    assert f'"{promised}"' in opening


def test_a_turn_that_is_too_long_is_refused_and_can_be_said_again(run: Run) -> None:
    ran = run(*START, stdin=f"{'very ' * 5000}\n\n{TYPED}")

    assert "a turn has at most 20,000 characters" in ran.err
    assert "It ended well." in ran.out


def test_one_drill_is_shown_whole(run: Run) -> None:
    run(*START, stdin=TYPED)
    name = str(drills(run)[0]["id"])

    ran = run("practice", "history", name[-6:])

    assert "you: I have read both of your mails now" in ran.out
    assert "It ended well." in ran.out
    whole = json.loads(run("practice", "history", name, "--format", "json").out)
    assert whole["play"]["schema"] == "amends.practice/1"
    assert whole["changed"] is False


def test_nothing_practised_is_said_in_words(run: Run) -> None:
    assert "you have not practised yet" in run("practice", "history").out
    assert "nothing is due" in run("practice", "due").out


def test_what_went_wrong_is_due_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    poor = next(one.turns for one in SCENARIO.transcripts if one.kind == "poor")
    run(*START, stdin="\n\n".join(poor) + "\n\n")

    class Later(FixedClock):
        def now(self) -> datetime:
            return super().now().replace(year=super().now().year + 1)

    monkeypatch.setattr(wiring, "system_clock", Later)
    cards = json.loads(run("practice", "due", "--format", "json").out)["due"]

    assert 1 <= len(cards) <= 3
    assert {one["form"] for one in cards} == {"customer-apology"}
    assert "amends practice start " in run("practice", "due").out


def test_nobody_elses_drill_is_there(run: Run) -> None:
    run(*START, stdin=TYPED)
    name = str(drills(run)[0]["id"])

    other = run("practice", "history", name, "--as", "somebody-else")

    assert other.status == 2
    assert "Jorunn" not in other.out + other.err


def test_a_drill_and_everything_can_be_forgotten(run: Run, tmp_path: Path) -> None:
    run(*START, stdin=TYPED)
    run(*START, stdin="Hello.\n\n:quit\n")
    name = str(drills(run)[0]["id"])

    assert run("practice", "forget", name).status == 2
    assert len(drills(run)) == 2
    assert "forgotten: " in run("practice", "forget", name, "--yes").out
    assert len(drills(run)) == 1
    assert "forgotten: everything" in run("practice", "forget", "--all", "--yes").out
    run("practice", "export", "-o", "mine.json")
    assert json.loads((tmp_path / "mine.json").read_text())["sessions"] == []


@pytest.mark.parametrize("words", [(), ("K7M2QP", "--all"), ("K7M2QP", "--yes")])
def test_what_to_forget_must_be_said(run: Run, words: tuple[str, ...]) -> None:
    assert run("practice", "forget", *words).status == 2


def test_somebody_at_the_terminal_is_asked_first(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run(*START, stdin="Hello.\n\n:quit\n")
    monkeypatch.setattr(practice_own, "sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True)))

    assert run("practice", "forget", "--all", stdin="n\n").status == 1
    assert len(drills(run)) == 1
    assert run("practice", "forget", "--all", stdin="y\n").status == 0
    assert drills(run) == []


def test_a_scenario_is_proved(run: Run) -> None:
    ran = run("practice", "lint", str(SCENARIOS / "charged-twice-later.toml"))

    assert (ran.status, ran.out) == (0, "1 scenario, 0 faults\n")


def test_a_fault_names_file_line_and_field(run: Run, tmp_path: Path) -> None:
    source = (SCENARIOS / "charged-twice.toml").read_text()
    folder = tmp_path / "drills"
    folder.mkdir()
    (folder / "charged-twice.toml").write_text(source.replace('act = "refund"\nclarity', 'act = "refnud"\nclarity'))
    (folder / "broken.toml").write_text("id = ")

    ran = run("practice", "lint", "drills", "--format", "json")

    told = json.loads(ran.out)
    assert ran.status == 1
    assert (told["schema"], told["scenarios"]) == ("amends.practice-lint/1", 2)
    assert {"drills/broken.toml", "drills/charged-twice.toml"} == {one["path"] for one in told["faults"]}
    assert all(one["line"] for one in told["faults"])
    assert "'refnud'" in run("practice", "lint", "drills").out


@pytest.mark.parametrize("path", ["gone", "gone.toml", "notes.md"])
def test_what_is_no_scenario_is_refused(run: Run, tmp_path: Path, path: str) -> None:
    (tmp_path / "notes.md").write_text("x")

    ran = run("practice", "lint", path)

    assert ran.status == 2
    assert path in ran.err


def test_a_model_voices_the_other_person_where_it_is_allowed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "model", lambda _: Actor())
    ran = run(*START, "--voice", stdin=TYPED)
    assert (ran.status, ran.out) == (2, "")
    assert "--allow-practice" in ran.err
    assert drills(run) == []
    assert "voicing drills: allowed" in run("account", "model", "--allow-practice").out

    ran = run(*START, "--voice", stdin=TYPED)
    assert f"voiced by {NAME} at {HOST}: what both of you say goes there" in ran.err
    assert f"(voiced by {NAME})" in ran.out
    assert ": Well. " in ran.out
    assert f"(voiced by {NAME})" in run("practice", "history", str(drills(run)[0]["id"])).out
    assert run(*START, "--voice", "--unsaved").status == 2
