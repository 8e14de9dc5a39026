"""`amends similar` over a file of reports and over the incidents kept here: answers with reasons, and what is refused where."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from amends import wiring
from amends.interfaces.api.similar import similar_schemas
from amends.testing import FixedClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]

REPORTS = (
    {
        "id": "R1",
        "title": "Checkout answers with errors",
        "text": "Every request waits for the connection pool until pool_timeout.",
        "n": 1,
    },
    {"id": "R2", "title": "Nightly export skips rows", "text": "The cursor is closed while the ledger is still being read."},
    {"id": "R3", "text": "Partners cannot log in: the certificate of the gateway expired."},
)
ASKED = "Payments hang\nAll threads wait for the connection pool, pool_timeout in every log"


@pytest.fixture
def corpus(tmp_path: Path) -> str:
    (tmp_path / "reports.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in REPORTS))
    return "reports.jsonl"


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Three incidents on a clock that stands still."""
    made = FixedClock()
    monkeypatch.setattr(wiring, "system_clock", lambda: made)
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TZ", "Europe/London")
    usecases = wiring.open_usecases()
    for report in REPORTS:
        incident = usecases.incidents.open(str(report.get("title", "Partners cannot log in")))
        usecases.recording.fact(incident.id, "impact", str(report["text"]))
    usecases.close()


@pytest.mark.parametrize(("style", "file"), [("text", "txt"), ("json", "json"), ("jsonl", "jsonl")])
def test_a_question_is_answered_with_the_reasons(run: Run, golden: Any, corpus: str, style: str, file: str) -> None:
    ran = run("similar", "--corpus", corpus, "-", "--limit", "2", "--format", style, stdin=ASKED)
    assert (ran.status, ran.err) == (0, "")
    golden(f"cli/similar.{file}", ran.out)


def test_a_line_is_answered_with_a_line_in_order_and_nothing_is_like_itself(run: Run, golden: Any, corpus: str) -> None:
    questions = ({"id": "R1", "text": ASKED}, {"text": "…"}, {"id": "q", "title": "Export", "text": "rows are missing"})
    ran = run("similar", "--corpus", corpus, "--jsonl", "-", stdin="".join(f"{json.dumps(one)}\n" for one in questions))
    assert (ran.status, ran.err) == (0, "")
    golden("cli/similar-lines.jsonl", ran.out)
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [one["id"] for one in answers] == ["R1", None, "q"]
    assert "R1" not in [match["id"] for match in answers[0]["matches"]]
    assert answers[1]["matches"] == []
    assert answers[2]["matches"][0]["id"] == "R2"


def test_the_order_of_the_reports_does_not_matter(run: Run, corpus: str, tmp_path: Path) -> None:
    lines = (tmp_path / corpus).read_text().splitlines(keepends=True)
    (tmp_path / "turned.jsonl").write_text("".join(reversed(lines)))
    first, second = (run("similar", "--corpus", name, ASKED, "--format", "json").out for name in (corpus, "turned.jsonl"))
    assert first == second


@pytest.mark.usefixtures("home")
def test_the_incidents_kept_here_are_searched_and_told_by_title(run: Run) -> None:
    ran = run("similar", "-", stdin=ASKED)
    assert ran.status == 0, ran.err
    head, *why = ran.out.splitlines()
    assert "2026-03-04  SEV3  Checkout answers with errors  (investigating, " in head
    assert "pool_timeout" in "".join(why[:2])
    whole = json.loads(run("similar", "connection", "pool", "--format", "json").out)
    described = jsonschema_rs.validator_for({"$ref": "#/$defs/SimilarIncidents", "$defs": similar_schemas("#/$defs/")})
    described.validate(whole)
    assert [one["title"] for one in whole["matches"]] == ["Checkout answers with errors"]
    line = run("similar", "--jsonl", "-", stdin=json.dumps({"id": "q", "text": ASKED}))
    assert json.loads(line.out)["matches"][0]["id"] == whole["matches"][0]["id"]
    assert run("similar", "giraffe").out == "nothing is like it\n"
    own = whole["matches"][0]["id"]
    assert own not in run("similar", own[-6:].lower()).out, "the end of an id means that incident, which is not like itself"
    assert run("similar", own).out == run("similar", own[-6:]).out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "reports.jsonl:2: not a line of JSON at column 2"),
        ('{"id": "R9"}', "reports.jsonl:2: text: the field text is missing"),
        ('{"text": "a"}', "reports.jsonl:2: id: the field id is missing"),
        ('{"id": 9, "text": "a"}', "reports.jsonl:2: id: id must be text, not a number"),
        ('{"id": "R9", "title": ["a"], "text": "a"}', "reports.jsonl:2: title: title must be text, not a list"),
        ('{"id": "R1", "text": "again"}', "reports.jsonl:2: id: 'R1' is already the id of line 1"),
    ],
)
def test_a_bad_line_is_told_with_file_line_and_field_and_the_rest_is_searched(run: Run, tmp_path: Path, line: str, said: str) -> None:
    first, last = json.dumps(REPORTS[0]), json.dumps(REPORTS[1])
    (tmp_path / "reports.jsonl").write_text(f"{first}\n{line}\n\n{last}\n")
    ran = run("similar", "--corpus", "reports.jsonl", "--jsonl", "-", stdin=json.dumps({"id": "q", "text": "export skips rows"}))
    assert ran.status == 2
    assert said in ran.err
    assert json.loads(ran.out)["matches"][0]["id"] == "R2"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--corpus", "none.jsonl", "a"), "none.jsonl: there is no such file"),
        (("--corpus", "empty.jsonl", "a"), "empty.jsonl: no report is in it"),
        (("--corpus", "-", "--jsonl", "-"), "cannot both come from standard input"),
        ((), "give one text"),
        ((" ",), "nothing to look for"),
        (("-",), "nothing to look for"),
        (("a", "--jsonl", "-"), "give one text"),
        (("a", "--limit", "0"), "0 is not in the range"),
    ],
)
def test_what_cannot_be_asked_is_refused(run: Run, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    ran = run("similar", *words)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


def test_of_a_huge_report_the_beginning_is_read(run: Run, tmp_path: Path) -> None:
    huge = {"id": "huge", "text": "certificate expired " + "x y z " * 300_000}
    (tmp_path / "reports.jsonl").write_text(f"{json.dumps(huge)}\n")
    ran = run("similar", "--corpus", "reports.jsonl", "the certificate expired", "--format", "json")
    assert json.loads(ran.out)["matches"][0]["id"] == "huge"


@pytest.mark.usefixtures("own_home")
def test_where_nothing_is_kept_yet_that_is_said(run: Run) -> None:
    assert run("similar", "giraffe").out.startswith("there is no incident yet that it could be like")
