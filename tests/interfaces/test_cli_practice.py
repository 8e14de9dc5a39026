"""`amends practice` without a store: the scenarios, and conversations played again from their transcripts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from amends.practice.stage import stage
from amends.usecases.practising_shelf import Shelf
from house.laws import ROOT
from house.test_check_path import HEAVY, loaded, tops

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from interfaces.conftest import Ran

    Run = Callable[..., Ran]

PLAY = ("practice", "play", "charged-twice", "--transcript", "-")


def lines(*texts: str) -> str:
    return "".join(json.dumps({"text": text}) + "\n" for text in texts)


def transcript(kind: str) -> str:
    """A transcript that ships with the scenario, with its first variant filled in."""
    scenario = Shelf().get("charged-twice")
    told = stage(scenario, variant=scenario.variants[0][0]).scenario
    return lines(*next(one for one in told.transcripts if one.kind == kind).turns)


def test_the_list_names_each_scenario_with_its_form(run: Run) -> None:
    ran = run("practice", "list")

    assert ran.status == 0
    assert "customer-apology" in ran.out
    assert "charged-twice" in ran.out
    assert "the day after: " in ran.out


def test_the_list_can_be_of_one_form(run: Run) -> None:
    found = json.loads(run("practice", "list", "--form", "customer-apology", "--format", "json").out)

    assert found["schema"] == "amends.scenarios/1"
    assert {one["form"] for one in found["scenarios"]} == {"customer-apology"}
    assert "charged-twice" in [one["id"] for one in found["scenarios"]]


def test_a_form_that_nothing_exercises_is_refused_with_those_that_there_are(run: Run) -> None:
    ran = run("practice", "list", "--form", "poem")

    assert ran.status == 2
    assert "unknown form 'poem'" in ran.err
    assert "customer-apology" in ran.err


def test_a_good_transcript_ends_well(run: Run) -> None:
    ran = run(*PLAY, "--variant", "jorunn", "--format", "json", stdin=transcript("good"))

    played = json.loads(ran.out)
    assert (ran.status, ran.err) == (0, "")
    assert played["schema"] == "amends.practice/1"
    assert (played["end"], played["score"]["passed"], played["variant"]) == ("success", True, "jorunn")
    assert set(played["turns"][0]["state"]) == {"anger", "trust", "clarity"}
    assert all(len(turn["findings"]) <= 3 for turn in played["turns"])


def test_a_poor_transcript_does_not(run: Run) -> None:
    played = json.loads(run(*PLAY, "--format", "json", stdin=transcript("poor")).out)

    assert played["end"] != "success"
    assert not played["score"]["passed"]


def test_people_read_the_conversation_and_what_it_is_worth(run: Run) -> None:
    ran = run(*PLAY, "--variant", "jorunn", stdin=transcript("good"))

    assert "Jorunn Haugsether: " in ran.out
    assert "passed." in ran.out
    assert "One way to say it" in ran.out
    assert "{" not in ran.out
    assert "\x1b" not in ran.out


def test_the_same_turns_and_seed_give_the_same_bytes_in_another_process() -> None:
    command = [sys.executable, "-c", "from amends.interfaces.cli.main import main; raise SystemExit(main())", *PLAY]

    def played(hash_seed: str) -> bytes:
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        words = [*command, "--seed", "7", "--format", "json"]
        return subprocess.run(words, input=transcript("poor").encode(), env=environment, stdout=subprocess.PIPE, check=True).stdout

    assert played("1") == played("2")


def test_a_broken_line_is_told_and_skipped(run: Run) -> None:
    ran = run(*PLAY, "--format", "json", stdin=lines("We charged you twice.") + '{"text": 5}\nnonsense\n' + lines("It was our mistake."))

    assert ran.status == 2
    assert [turn["text"] for turn in json.loads(ran.out)["turns"]] == ["We charged you twice.", "It was our mistake."]
    assert "<stdin>:2: text: text must be text, not a number" in ran.err
    assert "<stdin>:3: not a line of JSON" in ran.err


@pytest.mark.parametrize(
    "given",
    [b"", b"\x00\xff\xfe\x80\n", b"\n\n", lines("").encode(), lines("我们很抱歉").encode(), lines("\x00\x1b[31m").encode(), b"{" * 9000],
    ids=["empty", "binary", "blank", "empty turn", "foreign", "control", "deep"],
)
@pytest.mark.parametrize("style", ["text", "json"])
def test_no_input_is_a_traceback(run: Run, given: bytes, style: str) -> None:
    ran = run(*PLAY, "--format", style, stdin=given)

    assert ran.status in (0, 2)
    assert ran.out
    assert "Traceback" not in ran.err
    assert "\x1b" not in ran.out


def test_an_enormous_turn_is_answered_and_shown_in_part(run: Run) -> None:
    ran = run(*PLAY, stdin=lines("x" * 3_000_000))

    assert ran.status == 0
    assert "Two or three sentences, please." in ran.out
    assert "note: <stdin>:1: 3,000,000 characters" in ran.err
    assert len(ran.out) < 20_000


def test_more_turns_than_any_drill_has_are_refused(run: Run) -> None:
    ran = run(*PLAY, stdin=lines(*(["And?"] * 300)))

    assert (ran.status, ran.out) == (2, "")
    assert "more than 200 turns" in ran.err


def test_a_wheel_gives_the_same_drill_for_the_same_number(run: Run) -> None:
    first = run("practice", "spin", "--seed", "4")
    [chosen] = json.loads(run("practice", "spin", "--seed", "4", "--format", "json").out)["scenarios"]

    assert chosen["title"] in first.out
    assert f"amends practice start {chosen['id']} --unsaved" in first.out
    assert json.loads(run("practice", "spin", "--seed", "4", "--without", chosen["id"], "--format", "json").out)["scenarios"] != [chosen]


def test_a_teams_own_scenarios_are_listed_and_a_broken_one_is_told(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "drills"
    folder.mkdir()
    (tmp_path / "amends.toml").write_text('scenarios = "drills"\n')
    source = (ROOT / "src/amends/practice/scenarios/charged-twice-later.toml").read_text()
    (folder / "ours.toml").write_text(source.replace('id = "charged-twice-later"', 'id = "ours"'))
    (folder / "broken.toml").write_text('id = "broken"\nversion = "one"\n')

    ran = run("practice", "list")

    assert ran.status == 2
    assert "ours" in ran.out
    assert "broken.toml:2: version: " in ran.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["charged-twic"], "did you mean 'charged-twice'?"),
        (["../../etc/passwd"], "unknown scenario"),
        (["gone.toml"], "there is no such file"),
        (["charged-twice", "--difficulty", "9"], "known: 3, 4"),
        (["charged-twice", "--variant", "x"], "unknown variant 'x'"),
        (["charged-twice", "--seed", "-1"], "--seed"),
    ],
)
def test_a_call_that_cannot_be_met_says_what_can(run: Run, words: list[str], told: str) -> None:
    ran = run("practice", "play", *words, "--transcript", "-")

    assert ran.status == 2
    assert told in ran.err
    assert not ran.out


def test_a_transcript_that_is_not_there_is_named(run: Run) -> None:
    ran = run("practice", "play", "charged-twice", "--transcript", "gone.jsonl")

    assert (ran.status, ran.out) == (2, "")
    assert "gone.jsonl: there is no such file" in ran.err


def test_a_file_of_ones_own_is_played_with_what_it_builds_on(run: Run, tmp_path: Path) -> None:
    for name in ("charged-twice", "charged-twice-later"):
        source = (ROOT / "src/amends/practice/scenarios" / f"{name}.toml").read_text()
        (tmp_path / f"{name}.toml").write_text(source)

    ran = run("practice", "play", "charged-twice-later.toml", "--transcript", "-", "--format", "json", stdin=lines("It came back."))

    assert json.loads(ran.out)["scenario"]["id"] == "charged-twice-later"


def test_a_broken_file_names_line_and_field(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('id = "mine"\nversion = "one"\n')

    ran = run("practice", "play", "mine.toml", "--transcript", "-")

    assert ran.status == 2
    assert "mine.toml:2: version: " in ran.err


def test_a_play_opens_no_store_and_loads_no_server(tmp_path: Path) -> None:
    (tmp_path / "turns.jsonl").write_text(lines("We charged you twice."))

    modules = tops(loaded(["practice", "play", "charged-twice", "--transcript", "turns.jsonl", "--format", "json"], tmp_path))

    assert modules & (HEAVY - {"click"}) == set()
    assert {name for name in modules if name.startswith(("amends.store", "amends.integrations", "asyncio"))} == set()
