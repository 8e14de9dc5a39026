"""`amends compare`: two tellings in, and what a reader of the second would wrongly believe, in every format and for bad input."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from amends.narrative.drift import Comparison, Drift, Side, Withheld
from amends.usecases import comparing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from amends.language.index import Index

    Run = Callable[..., Any]

SOURCE = "At 10:42 we deployed a change.\n4,212 payments failed. Our alert was off, so we were late.\n"
RETOLD = "Some payments failed. We guarantee that it is over.\nThe name of the partner is withheld for legal reasons.\n"


def side(text: str, quote: str) -> Side:
    return Side(text.index(quote), text.index(quote) + len(quote), quote)


def drifts(source: str, retold: str, _: Index, **_how: Any) -> Comparison:
    """A comparison that knows three drifts and a redaction by their words."""
    found = []
    if "4,212" in source and "Some" in retold:
        quotes = side(source, "4,212 payments failed."), side(retold, "Some payments failed.")
        found.append(Drift("softened_number", "error", "Its reader would think of a few payments; the source counts 4,212.", *quotes))
    if "alert was off" in source and "alert" not in retold:
        lost = side(source, "Our alert was off, so we were late.")
        found.append(Drift("dropped_fact", "warning", "Its reader would think that we saw it in time.", lost, None))
    if "guarantee" in retold:
        new = side(retold, "We guarantee that it is over.")
        found.append(Drift("raised_certainty", "note", "Its reader would be certain of what nobody has shown.", None, new))
    at = retold.find("The name of the partner")
    withheld = (Withheld(retold[at:].strip(), at, len(retold.rstrip()), "legal"),) if at >= 0 else ()
    return Comparison(tuple(found), withheld, 1 if found else 3)


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts the comparison of these tests in the place of the real one."""
    monkeypatch.setattr(comparing, "hold_against", drifts)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "review.md").write_text(SOURCE)
    (tmp_path / "notice.md").write_text(RETOLD)
    return "review.md", "notice.md"


@pytest.mark.parametrize(("style", "file"), [("text", "txt"), ("json", "json"), ("github", "github.txt"), ("markdown", "md")])
def test_both_sides_are_shown_with_what_would_be_believed(run: Run, pair: tuple[str, str], golden: Any, style: str, file: str) -> None:
    ran = run("compare", *pair, "--audience", "customers", "--format", style)
    assert (ran.status, ran.err) == (1, "")
    golden(f"cli/compare.{file}", ran.out)


def test_quiet_is_a_line_a_drift_where_it_stands(run: Run, pair: tuple[str, str]) -> None:
    assert [line.partition("] ")[0] for line in run("compare", "-q", *pair).out.splitlines()] == [
        "notice.md:1:1: error[softened_number",
        "review.md:2:24: warning[dropped_fact",
        "notice.md:1:23: note[raised_certainty",
    ]


def test_colours_are_only_there_where_they_are_wanted(run: Run, pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;31merror[softened_number]\x1b[0m:" in run("compare", *pair).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("compare", *pair).out


def test_an_honest_telling_has_no_drift_and_no_failure(run: Run, pair: tuple[str, str]) -> None:
    ran = run("compare", pair[0], "-", stdin="4,212 payments failed, and our alert was off.")
    assert (ran.status, ran.out) == (0, "<stdin> against review.md\n  3 sentences of the source told, no drift found\n")


@pytest.mark.parametrize(("bar", "status"), [("error", 0), ("warning", 1), ("note", 1), ("never", 0)])
def test_it_fails_from_the_severity_that_was_given(run: Run, bar: str, status: int) -> None:
    row = json.dumps({"source": SOURCE, "retold": "We repaired it."})
    ran = run("compare", "--jsonl", "-", "--fail-on", bar, stdin=row)
    assert (ran.status, [one["severity"] for one in json.loads(ran.out)["drifts"]]) == (status, ["warning"])


def test_each_line_gives_a_comparison_in_order_and_a_broken_one_is_told(run: Run) -> None:
    rows = [
        '{"id": "a", "source": "It broke.", "retold": "It broke.", "audience": "team", "note": 5}',
        "{",
        '{"id": "b", "source": "It broke."}',
        '{"id": "c", "source": "It broke.", "retold": "It broke.", "audience": "boss"}',
        '{"id": "d", "source": 5, "retold": ""}',
        '{"source": "It broke.", "retold": ""}',
    ]
    ran = run("compare", "--jsonl", "-", "--audience", "customers", stdin="\n".join(rows))
    told = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.status == 2
    assert [(one["id"], one["audience"], len(one["problems"])) for one in told] == [("a", "team", 0), (None, "customers", 1)]
    assert [line for line in ran.err.splitlines() if not line.startswith(" ")] == [
        "amends: <stdin>:2: not a line of JSON at column 2",
        "amends: <stdin>:3: retold: the field retold is missing",
        "amends: <stdin>:4: unknown audience 'boss'",
        "amends: <stdin>:5: source: source must be text, not a number",
    ]


@pytest.mark.parametrize(
    ("retold", "code", "said"),
    [
        ("", "empty-retold", "the retold text is empty"),
        ("Der Dienst war nicht da und wir haben es nicht gesehen, es war für die Kunden ein Tag mit Fehlern.", "other-language", "German"),
    ],
)
def test_what_cannot_be_understood_is_a_problem_and_no_drift(run: Run, pair: tuple[str, str], retold: str, code: str, said: str) -> None:
    ran = run("compare", pair[0], "-", "--format", "json", stdin=retold)
    (document,) = json.loads(ran.out)["documents"]
    (problem,) = document["problems"]
    assert (ran.status, document["drifts"], document["kept"], problem["code"]) == (0, [], 0, code)
    assert said in problem["message"]


def test_a_file_that_is_no_text_is_refused_and_nothing_is_compared(run: Run, pair: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "image.md").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    (tmp_path / "long.md").write_text("It broke again. " * 20_000)
    for name, said in (("image.md", "image.md: binary, not text"), ("none.md", "no such file"), (".", "a folder"), ("long.md", "320,000")):
        ran = run("compare", pair[0], name, "--format", "json")
        assert (ran.status, json.loads(ran.out)["documents"]) == (2, [])
        assert said in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "two texts are compared, and none is named"),
        (["a.md"], "and 1 is named"),
        (["a.md", "b.md", "c.md"], "and 3 are named"),
        (["-", "-"], "only one text can come from standard input"),
        (["--follow-up", "a.md"], "--follow-up needs an earlier text and the latest"),
        (["--follow-up", "--jsonl", "-"], "--follow-up compares a row of files"),
        (["--jsonl", "-", "a.md"], "--jsonl reads one file"),
        (["--jsonl", "none.jsonl"], "there is no such file"),
        (["--formt", "json"], "did you mean --format?"),
        (["--format", "sarif", "a", "b"], "--format does not know 'sarif'"),
    ],
)
def test_a_wrong_call_says_what_is_wrong_and_exits_with_2(run: Run, words: list[str], said: str) -> None:
    ran = run("compare", *words)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


FOLLOW_UPS = (
    "Checkout works again. We will improve our monitoring of failed payments soon. We test the rollback on Friday.",
    "We are sorry. We will improve our monitoring of failed payments shortly.",
    "Refunds are out. We plan to improve our monitoring of failed payments in the future.",
)


def test_a_vague_promise_that_comes_again_is_found_where_it_was_made_first(run: Run, tmp_path: Path) -> None:
    for number, text in enumerate(FOLLOW_UPS):
        (tmp_path / f"{number}.md").write_text(text)
    ran = run("compare", "--follow-up", "0.md", "1.md", "2.md", "--format", "json")
    first, second = json.loads(ran.out)["documents"]
    assert (ran.status, second["drifts"], [one["kind"] for one in first["drifts"]]) == (1, [], ["repeated_promise"])
    drift = first["drifts"][0]
    assert "promised in 3 of these messages, and never with a date" in drift["message"]
    assert "monitoring of failed payments soon" in drift["source"]["quote"]
    assert FOLLOW_UPS[2][drift["retold"]["start"] : drift["retold"]["end"]] == drift["retold"]["quote"]
    assert run("compare", "--follow-up", "0.md", "-", stdin="All refunds are out.").out == "<stdin> against 0.md\n  no drift found\n"
    assert run("compare", "--follow-up", "0.md", "none.md").status == 2


def test_the_result_can_be_written_to_a_file(run: Run, pair: tuple[str, str], tmp_path: Path) -> None:
    assert run("compare", *pair, "--format", "jsonl", "-o", "out.jsonl").out == ""
    assert json.loads((tmp_path / "out.jsonl").read_text())["retold_path"] == "notice.md"
