"""Conversations at the terminal: going away and coming back, ending, pasting, and how it is shown."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from amends import wiring
from amends.interfaces.cli import practice_start, practice_turns
from amends.interfaces.cli.practice_text import PracticeText
from amends.interfaces.cli.terminal import Paint
from amends.practice.drill import start
from amends.practice.stage import stage
from amends.testing import FixedClock
from amends.usecases.practising_shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from interfaces.conftest import Ran

    Run = Callable[..., Ran]

START = ("practice", "start", "charged-twice", "--variant", "jorunn", "--seed", "1")
SCENARIO = Shelf().get("charged-twice")
PASTED = "We charged you twice.\n\nThat was our mistake.\n\n"


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty workbench."""
    monkeypatch.setattr(wiring, "system_clock", FixedClock)
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AMENDS_DATABASE_URL", raising=False)


def drills(run: Run) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run("practice", "history", "--format", "json").out)["sessions"]
    return found


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_drill_that_is_not_finished_is_named_at_the_next_start_and_goes_on_where_somebody_wants_that(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(*START, stdin="We charged you twice.\n\n:quit\n")

    assert "is not finished: 1 turn" in run(*START, stdin=":quit\n").err
    assert len(drills(run)) == 1
    monkeypatch.setattr(practice_start, "sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True), stderr=io.StringIO()))
    ran = run(*START, stdin="y\nIt was our mistake.\n\n:quit\n")
    assert "you: We charged you twice." in ran.out
    assert [one["turns"] for one in drills(run)] == [2]


@pytest.mark.parametrize("words", [(), ("charged-twice", "--go-on", "K7M2QP"), ("--go-on", "K7M2QP")])
def test_what_to_start_must_be_said_and_be_there(run: Run, words: tuple[str, ...]) -> None:
    assert run("practice", "start", *words).status == 2


def test_ending_it_looks_back_at_what_was_said(run: Run) -> None:
    ran = run(*START, stdin="We charged you twice.\n\n:end\n")

    assert "It was not played to its end." in ran.out
    assert drills(run)[0]["left"] is True
    assert "ended early, " in run("practice", "history").out
    nothing = run(*START, stdin=":end\n").out
    assert "nothing to look back at" in nothing
    assert "One way to say it" not in nothing


def test_each_turn_says_which_it_is_and_the_last_that_it_is_the_last(run: Run) -> None:
    ran = run(*START, stdin="\n\n".join(f"Here is the {number}th thing that I wanted to tell." for number in range(9)) + "\n\n")

    assert "turn 1 of 7\n" in ran.err
    assert "turn 7 of 7, the last one\n" in ran.err or "They broke it off." in ran.out


def test_what_does_not_count_is_said_before(run: Run) -> None:
    told = "Only a first try with --no-help does."

    assert told in flat(run(*START, stdin=":quit\n").err)
    assert told not in flat(run(*START, "--no-help", stdin="We charged you twice.\n\n:end\n").err)
    assert "start a scenario that is new to you with --no-help" in flat(run("practice", "history").out)


def test_the_day_after_is_offered_only_where_something_can_come_back(run: Run) -> None:
    nothing = run(*START, stdin="We charged you twice.\n\n:end\n").out
    broken = run(*START, stdin="\n\n".join(["It is your own fault, you liar.", "You stupid idiot."] * 4) + "\n\n").out

    assert "--after" not in nothing
    assert "nothing with a time was promised here" in flat(nothing)
    assert "They broke it off." in broken
    assert "once the other person does not break it off" in flat(broken)


def typist(monkeypatch: pytest.MonkeyPatch, text: str, looks: list[bool]) -> practice_turns.Typist:
    """Somebody at a terminal that cannot edit lines; `looks` says each time whether more was typed already."""
    typed = io.StringIO(text)
    monkeypatch.setattr(typed, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(practice_turns, "sys", SimpleNamespace(stdin=typed, stdout=io.StringIO()))
    monkeypatch.setattr(practice_turns, "waiting", lambda: bool(looks) and looks.pop(0))
    return practice_turns.Typist(lambda word: word)


def test_a_pasted_text_with_empty_lines_is_one_turn_and_nothing_is_written_into_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = typist(monkeypatch, PASTED, [False, True, True, True, False])  # before each line, and after each empty one

    assert made.turn() == "We charged you twice.\n\nThat was our mistake."
    assert capsys.readouterr().err == ">   "


def test_an_empty_line_that_ends_nothing_is_answered(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    made = typist(monkeypatch, "\nWell.\n\n:end\n", [])

    assert made.turn() == "Well."
    assert capsys.readouterr().err == f"> {practice_turns.NOTHING}\n>   "
    with pytest.raises(practice_turns.LeftError) as left:
        made.turn()
    assert left.value.ended
    with pytest.raises(practice_turns.LeftError):
        made.turn()


@pytest.mark.parametrize("width", [50, 60, 100])
def test_nothing_is_wider_than_the_terminal(width: int) -> None:
    text = PracticeText(Paint(on=False), width, bars=True)
    shown = [*text.state(start(stage(SCENARIO, variant="jorunn")).state), *text.paragraphs(practice_turns.HOW).splitlines()]
    shown += text.command("amends practice start interrupted-three-times-later --after K7M2QP").splitlines()

    assert max(len(line) for line in shown) <= width
    assert text.command("amends practice due") == "  amends practice due"


def test_a_bar_and_its_word_say_the_same() -> None:
    text = PracticeText(Paint(on=False), 100, bars=True)

    assert text._meter("anger", 0) == "anger ▯▯▯▯▯▯▯▯ calm"
    assert text._meter("anger", 25).endswith("▮▮▯▯▯▯▯▯ calm")
    assert text._meter("anger", 50).endswith("▮▮▮▮▯▯▯▯ guarded")
    assert text._meter("anger", 51).endswith("▮▮▮▮▮▯▯▯ angry")
    assert text._meter("anger", 100).endswith("▮▮▮▮▮▮▮▮ furious")
