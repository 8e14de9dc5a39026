"""Conversations of one's own at the terminal: the interview, a file of answers, and a draft that is answered."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from amends import wiring
from amends.interfaces.cli import practice_own, practice_own_ask, practice_rehearse
from amends.practice.interview import QUESTIONS
from amends.testing import FixedClock
from amends.usecases.practising_own import Personas
from interfaces.practice_desk import shelf
from interfaces.test_cli_practice_schemas import fits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from interfaces.conftest import Ran

    Run = Callable[..., Ran]

FILE = """name = "Rosalind"
role = "head of the warehouse"
happened = "My change of Tuesday hid 40 orders for 3 hours."
persona = "sceptical-peer"
known = [
    "Hidden from 09:10 to 12:04.",
    "All 40 are back.",
]
questions = ["Why did nobody call me?"]
opening = "So. Tuesday."
"""
TYPED = """Rosalind
head of the warehouse
6
sceptical
call

My change of Tuesday
hid 40 orders.

Hidden from 09:10 to 12:04.
All 40 are back.


Two of my people stayed until 21:00.

Why did nobody call me?

So. Tuesday.

"""
TURN = "My change hid 40 orders from 09:10 to 12:04, and all 40 are back. What did it do to you?\n\n"
DRAFT = "At 10:42 my deploy broke the login. It is back since 10:58. You hear from me by 14:00."


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty workbench with a short shelf, in Oslo."""
    monkeypatch.setattr(wiring, "system_clock", FixedClock)
    monkeypatch.setattr(wiring, "machine_zone", lambda: "Europe/Oslo")
    monkeypatch.setattr("amends.usecases.facade.UseCases._shelf", shelf())
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AMENDS_DATABASE_URL", raising=False)
    (tmp_path / "own.toml").write_text(FILE, encoding="utf-8")


def kept(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = fits("practice-own-1", run("practice", "own", "--format", "json").out)["own"]
    return found


def sessions(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("practice", "history", "--format", "json").out)["sessions"]
    return found


def test_the_interview_asks_every_question_with_its_help_and_makes_a_drill(run: Run) -> None:
    ran = run("practice", "own", "new", stdin=TYPED)

    assert ran.status == 0, ran.err
    said = " ".join(ran.err.split())
    assert all(question in said and help in said for _, question, help in QUESTIONS)
    [own] = kept(run)
    answers = own["answers"]
    assert (answers["relation"], answers["persona"], answers["channel"], answers["form"]) == (
        "partner", "sceptical-peer", "call", "status-update",
    )  # fmt: skip
    assert (answers["happened"], answers["unknown"]) == ("My change of Tuesday\nhid 40 orders.", [])
    assert answers["known"] == ["Hidden from 09:10 to 12:04.", "All 40 are back."]
    name = f"own-{own['id'][-6:]}"
    assert f"amends practice start {name}" in ran.out
    assert name in run("practice", "own").out


def test_an_answer_that_is_none_is_asked_again_and_one_can_go_back(run: Run) -> None:
    typed = TYPED.replace("6\n", "9\nnobody\nc\n\n:back\npartner\n", 1).replace("Two of", ":back\n:back\n\n\nTwo of")

    ran = run("practice", "own", "new", stdin=typed.replace("Rosalind\n", "\nRosalind\n", 1))

    assert ran.status == 0, ran.err
    assert "this is needed" in ran.err
    assert "'9' is none of them" in ran.err
    assert "Until now, and kept by an empty line: Hidden from 09:10" in " ".join(ran.err.split())
    answers = kept(run)[0]["answers"]
    assert (answers["name"], answers["relation"], len(answers["known"])) == ("Rosalind", "partner", 2)


def test_who_leaves_the_interview_keeps_nothing(run: Run) -> None:
    left, ended = run("practice", "own", "new", stdin="Rosalind\n:quit\n"), run("practice", "own", "new", stdin="Rosalind\n")

    assert (left.status, left.out) == (0, "")
    assert "Nothing was kept" in left.err
    assert ended.status == 2
    assert "--from FILE" in ended.err
    assert kept(run) == []
    assert "you have described none yet" in run("practice", "own").out


def test_ctrl_d_at_the_terminal_ends_an_answer_and_not_the_interview(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["Rosalind\n", "", "head of the warehouse\n", ":quit\n"])
    monkeypatch.setattr(practice_own_ask, "sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True, readline=lambda: next(typed))))

    ran = run("practice", "own", "new")

    assert ran.status == 0
    assert "this is needed" in ran.err
    assert next(typed, None) is None


def test_answers_from_a_file_are_played_on_the_clock_of_this_place(run: Run) -> None:
    told = fits("practice-own-1", run("practice", "own", "new", "--from", "own.toml", "--format", "json").out)["own"][0]

    ran = run("practice", "start", f"own-{told['id'][-4:].lower()}", stdin=TURN)

    assert ran.status == 0, ran.err
    assert "Rosalind: So. Tuesday." in ran.out
    assert "Why did nobody call me?" in ran.out
    [session] = sessions(run)
    assert (session["kind"], session["scenario"], session["turns"]) == ("own", told["scenario"], 1)
    assert json.loads(run("practice", "export").out)["sessions"][0]["made_of"]["zone"] == "Europe/Oslo"


@pytest.mark.parametrize("source", ["own.json", "-"])
def test_answers_can_be_json_and_come_from_a_pipe(run: Run, tmp_path: Path, source: str) -> None:
    given = json.dumps({"name": "Ana", "role": "customer", "happened": "Lost.", "persona": "quiet-report", "form": "repair-talk"})
    (tmp_path / "own.json").write_text(given)

    assert run("practice", "own", "new", "--from", source, stdin=given).status == 0
    assert kept(run)[0]["answers"]["channel"] == "email"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("persona =", "person =", "own.toml:4: person: unknown key"),
        ('"sceptical-peer"', '"sceptical"', "own.toml:4: persona: expected one of"),
        ('"All 40 are back."', "40", "own.toml:7: known[1]: expected text"),
        ('"Rosalind"', '" "', "own.toml:1: name: this is needed"),
        ('"So. Tuesday."', f'"{"x" * 2001}"', "own.toml:10: opening: 2,001 characters"),
        ('"Rosalind"', '"Rosa\\u0000lind"', "own.toml:1: name: character 5"),
        ("known = [", "known = ", "own.toml:"),
        ('name = "Rosalind"\n', "", "name: the key 'name' is missing"),
    ],
)
def test_what_is_wrong_in_a_file_is_named_with_its_line_and_field(run: Run, tmp_path: Path, old: str, new: str, place: str) -> None:
    (tmp_path / "own.toml").write_text(FILE.replace(old, new, 1), encoding="utf-8")

    ran = run("practice", "own", "new", "--from", "own.toml")

    assert (ran.status, ran.out) == (2, "")
    assert place in ran.err
    assert kept(run) == []


@pytest.mark.parametrize("given", [b"", b"\x00\xff", b"[]", b"{", b"{" * 9000, b"a = " + b"[" * 9000, b'"x"', "我们".encode()])
def test_no_file_is_a_traceback(run: Run, given: bytes) -> None:
    ran = run("practice", "own", "new", "--from", "-", stdin=given)

    assert (ran.status, ran.out) == (2, "")
    assert "<stdin>" in ran.err
    assert "Traceback" not in ran.err


def test_a_conversation_is_forgotten_once_somebody_says_yes(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("practice", "own", "new", "--from", "own.toml")
    name = kept(run)[0]["scenario"]

    assert run("practice", "own", "drop", name).status == 2
    with monkeypatch.context() as patch:
        patch.setattr(practice_own, "sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True)))
        assert run("practice", "own", "drop", name, stdin="n\n").status == 1
        assert len(kept(run)) == 1
    assert "forgotten: Rosalind" in run("practice", "own", "drop", name[-6:], "--yes").out
    assert kept(run) == []
    assert run("practice", "start", name).status == 2


def test_nobody_elses_conversation_is_there(run: Run) -> None:
    run("practice", "own", "new", "--from", "own.toml")
    name = kept(run)[0]["scenario"]

    for words in (("own", "drop", name, "--yes"), ("start", name)):
        other = run("practice", *words, "--as", "somebody-else")
        assert other.status == 2
        assert "Rosalind" not in other.out + other.err
    assert len(kept(run)) == 1


@pytest.mark.parametrize("words", [("--unsaved",), ("--variant", "one")])
def test_what_does_not_go_with_a_conversation_of_ones_own_is_said(run: Run, words: tuple[str, ...]) -> None:
    run("practice", "own", "new", "--from", "own.toml")

    ran = run("practice", "start", kept(run)[0]["scenario"], *words)

    assert ran.status == 2
    assert "a conversation of your own" in ran.err


def test_a_draft_is_the_first_turn_and_one_goes_on(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mail.md").write_bytes(DRAFT.replace(". ", ".\r\n").encode())

    ran = run("practice", "rehearse", "mail.md", "--persona", "busy-executive", stdin="The login works again since 10:58.\n\n")

    assert ran.status == 0, ran.err
    assert "my deploy broke the login" in " ".join(ran.out.split())
    [session] = sessions(run)
    assert (session["kind"], session["turns"], session["form"]) == ("rehearsal", 2, "status-update")
    made = json.loads(run("practice", "export").out)["sessions"][0]["made_of"]
    assert (made["zone"], "\r" in made["draft"]) == ("Europe/Oslo", False)


def test_a_draft_is_answered_for_programs(run: Run) -> None:
    words = (
        "practice",
        "rehearse",
        "-",
        "--persona",
        "furious-customer",
        "--form",
        "first-message",
        "--tz",
        "Asia/Tokyo",
        "--format",
        "json",
    )

    told = fits("practice-session-1", run(*words, stdin=DRAFT).out)

    assert (told["turns"], told["form"], told["play"]["turns"][0]["text"]) == (1, "first-message", DRAFT)
    assert json.loads(run("practice", "export").out)["sessions"][0]["made_of"]["zone"] == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("words", "text", "told"),
    [
        (("--persona", "furious-customer", "--form", "poem"), DRAFT, "unknown form 'poem'"),
        (("--persona", "nobody"), DRAFT, "furious-customer"),
        (("--persona", "furious-customer"), " \n", "no words in this draft"),
        ((), DRAFT, "--persona"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused_and_not_kept(run: Run, words: tuple[str, ...], text: str, told: str) -> None:
    ran = run("practice", "rehearse", "-", *words, stdin=text)

    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err
    assert sessions(run) == []


def test_the_personas_of_the_command_are_those_that_ship() -> None:
    assert sorted(one.id for one in Personas().all()) == practice_rehearse.NAMES
