"""`amends promises extract`: the inputs of `check`, and of each text its promises and the times that are none."""

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

    Run = Callable[..., Any]

AT = ("--at", "2026-03-04T10:50:00+00:00", "--tz", "Europe/London")
UPDATE = "At 10:42 the login broke.\nNext update at 11:30. We will fix it soon.\n"


def extract(run: Run, *words: str, **given: Any) -> Any:
    return run("promises", "extract", *words, **given)


def test_each_promise_has_its_words_its_place_and_its_time(run: Run) -> None:
    ran = extract(run, "-", *AT, "--format", "json", stdin=UPDATE)
    report = json.loads(ran.out)
    assert (ran.status, report["schema"]) == (0, "amends.promises/1")
    (document,) = report["documents"]
    assert list(document) == ["id", "path", "at", "tz", "promises", "past_times", "problems"]
    promise = document["promises"][0]
    assert UPDATE[promise["start"] : promise["end"]] == promise["quote"]
    assert (promise["kind"], promise["due"], promise["grain"]) == ("next_update", "2026-03-04T11:30:00+00:00", "minute")
    past = document["past_times"][0]
    assert sorted(past) == ["end", "quote", "start", "time"]
    assert UPDATE[past["start"] : past["end"]] == past["quote"]


def test_rows_give_a_document_a_line_in_order(run: Run) -> None:
    rows = [{"id": str(number), "text": UPDATE, "at": f"2026-03-0{number}T10:50:00+00:00"} for number in (1, 2, 3)]
    ran = extract(run, "--jsonl", "-", stdin="\n".join(map(json.dumps, rows)))
    documents = [json.loads(line) for line in ran.out.splitlines()]
    assert [(one["id"], one["promises"][0]["due"][:10]) for one in documents] == [
        ("1", "2026-03-01"),
        ("2", "2026-03-02"),
        ("3", "2026-03-03"),
    ]


def test_people_read_a_line_for_each(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(UPDATE)
    lines = extract(run, "a.md", *AT).out.splitlines()
    assert lines[0].startswith("a.md:1:")
    assert "no promise: “" in lines[0]
    assert lines[1].startswith("a.md:2:1: next update, firm: “Next update at 11:30” → Wed 4 Mar 2026, 11:30 UTC")
    assert lines[-1] == "2 promises in 1 text"


@pytest.mark.usefixtures("engines")
def test_a_text_without_promises_is_no_silence_and_no_failure(run: Run) -> None:
    assert extract(run, "-", stdin="It broke.").out == "0 promises in 1 text\n"
    assert extract(run, "-", "-q", stdin="It broke.").out == ""
    assert extract(run, "-", stdin="").out == "<stdin>: note: there is nothing here yet\n0 promises in 1 text\n"


@pytest.mark.usefixtures("engines")
def test_what_cannot_be_read_is_told_and_the_rest_is_done(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Back by 14:30.")
    ran = extract(run, "a.md", "none.md", "--format", "json")
    assert ran.status == 2
    assert "amends: none.md: there is no such file" in ran.err
    report = json.loads(ran.out)
    assert [one["path"] for one in report["documents"]] == ["a.md"]
    assert [one["path"] for one in report["problems"]] == ["none.md"]
    ran = extract(run, "--jsonl", "-", stdin='{"text": "x"}\n{\n{"id": "a", "text": "x", "form": "non"}\n')
    assert (ran.status, len(ran.out.splitlines())) == (2, 1)
    assert "<stdin>:2: not a line of JSON" in ran.err
    assert "<stdin>:3: unknown form 'non'" in ran.err


@pytest.mark.usefixtures("engines")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--formt", "json"], "did you mean --format?"),
        (["--format", "sarif"], "'sarif' is not one of 'text', 'json', 'jsonl'"),
        (["--jsonl", "-", "a.md"], "--jsonl reads one file"),
        (["--at", "soon", "-"], "not a time: 'soon'"),
        (["--fix"], "unknown option --fix"),
    ],
)
def test_a_wrong_call_says_what_is_wrong_and_exits_with_2(run: Run, words: list[str], said: str) -> None:
    ran = extract(run, *words)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.usefixtures("engines")
def test_the_result_can_be_written_to_a_file(run: Run, tmp_path: Path) -> None:
    assert extract(run, "-", "--format", "jsonl", "-o", "out.jsonl", stdin="Back by 14:30.").out == ""
    assert json.loads((tmp_path / "out.jsonl").read_text())["promises"][0]["quote"] == "by 14:30"


def test_an_interrupt_ends_with_130_and_leaves_no_half_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupting:
        def check(self, draft: object) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(wiring, "open_checking", lambda _: Interrupting())
    assert extract(run, "-", "-o", "out.txt", stdin="x").status == 130
    assert os.listdir(tmp_path) == []
