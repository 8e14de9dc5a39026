"""`amends timeline`: what it writes in each form, what it says on the side, and with which status it ends."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from interfaces.conftest import Ran

    Run = Callable[..., Ran]

LOG = """2026-03-04 10:40:00 INFO checkout v214 is live
2026-03-04 10:42:07 ERROR card service does not answer
  at shop.Cart.pay(Cart.java:411)
2026-03-04 10:42:09 ERROR card service does not answer
2026-03-04 10:55:00 INFO recovered
"""
FIELDS = [
    "id",
    "time",
    "time_text",
    "zone",
    "source",
    "sha256",
    "line",
    "offset",
    "length",
    "flags",
    "kind",
    "level",
    "actor",
    "text",
    "count",
]
FIELDS += ["last_time", "why", "because"]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    made = tmp_path / "evidence" / "app.log"
    made.parent.mkdir()
    made.write_text(LOG)
    return made


def entries(ran: Ran) -> list[dict[str, Any]]:
    assert ran.status == 0, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


def jsonl(run: Run, *words: str) -> list[dict[str, Any]]:
    return entries(run("timeline", "evidence", "--format", "jsonl", *words))


@pytest.mark.usefixtures("log")
def test_for_people_each_entry_is_a_line_with_its_place(run: Run) -> None:
    ran = run("timeline", "evidence")
    assert ran.status == 0
    assert ran.err == "amends: no zone is told in app.log; times there were read as UTC, and --tz says another\n"
    (line,) = ran.out.splitlines()
    assert line.startswith("2026-03-04 10:42:07.000Z log error ")
    assert "(×2 until 2026-03-04 10:42:09.000Z)" in line
    assert re.search(r"\[app\.log:2, [0-9a-f]{8}-[0-9a-f]+\]$", line)
    assert len(run("timeline", "evidence", "--all").out.splitlines()) == 4


def test_for_programs_each_entry_has_the_fields_of_the_contract(run: Run, log: Path) -> None:
    found = jsonl(run, "--all")
    assert [set(one) for one in found] == [set(FIELDS)] * 4
    error = found[1]
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]+", error["id"])
    assert error["time"] == "2026-03-04T10:42:07.000000Z"
    assert error["time_text"] == "2026-03-04 10:42:07"
    assert error["zone"] == "assumed:UTC"
    assert error["source"] == "app.log"
    assert (error["line"], error["kind"], error["level"], error["actor"]) == (2, "log", "error", None)
    assert error["flags"] == ["zone_assumed"]
    assert (error["count"], error["last_time"], error["why"]) == (1, None, [])
    assert log.read_bytes()[error["offset"] : error["offset"] + error["length"]].decode() == error["text"]
    (kept,) = jsonl(run)
    assert (kept["count"], kept["last_time"], kept["why"]) == (2, "2026-03-04T10:42:09.000000Z", ["first-seen"])


@pytest.mark.usefixtures("log")
def test_a_zone_moves_times_that_name_none(run: Run) -> None:
    found = jsonl(run, "--all", "--tz", "America/New_York")
    assert found[0]["time"] == "2026-03-04T15:40:00.000000Z"
    assert found[0]["zone"] == "assumed:America/New_York"
    assert run("timeline", "evidence", "--tz", "Mars/Olympus").status == 2


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        (("--from", "2026-03-04T10:42:08+00:00"), ["42", "55"]),
        (("--to", "2026-03-04T10:42:07+00:00"), ["40", "42"]),
        (("--from", "2026-03-04T10:41:00+00:00", "--to", "2026-03-04T10:50:00+00:00"), ["42", "42"]),
        (("--from", "2026-03-04T12:41:00+02:00", "--to", "2026-03-04T12:42:07+02:00"), ["42"]),
        (("--from", "2026-03-05T00:00:00+00:00"), []),
    ],
)
def test_a_part_is_taken_by_time(run: Run, words: tuple[str, ...], minutes: list[str]) -> None:
    assert [one["time"][14:16] for one in jsonl(run, "--all", *words)] == minutes


@pytest.mark.usefixtures("log")
def test_a_time_that_is_none_is_refused(run: Run) -> None:
    ran = run("timeline", "evidence", "--from", "some day")
    assert ran.status == 2
    assert ran.out == ""
    assert "some day" in ran.err


@pytest.mark.usefixtures("log")
def test_a_table_has_a_head_and_a_row_for_each_entry(run: Run) -> None:
    ran = run("timeline", "evidence", "--all", "--format", "csv")
    found = list(csv.DictReader(io.StringIO(ran.out)))
    assert set(found[0]) <= set(FIELDS)
    assert [row["line"] for row in found] == ["1", "2", "4", "5"]
    assert found[1]["text"] == "\n".join(LOG.splitlines()[1:3])


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_of_a_table_is_a_formula(run: Run, log: Path, start: str) -> None:
    log.write_text(f'{start}cmd("a")\n2026-03-04 10:42:07 ERROR fell\n')
    found = list(csv.DictReader(io.StringIO(run("timeline", "evidence", "--all", "--format", "csv").out)))
    assert found[0]["text"] == f'\'{start}cmd("a")'


@pytest.mark.parametrize("start", ["\t=", "\r="])
def test_no_cell_of_a_table_is_a_formula_behind_a_space(run: Run, log: Path, start: str) -> None:
    log.write_bytes(f'{start}cmd("a")\n2026-03-04 10:42:07 ERROR fell\n'.encode())
    found = list(csv.DictReader(io.StringIO(run("timeline", "evidence", "--all", "--format", "csv").out, newline="")))
    assert found[0]["text"].startswith("'")


@pytest.mark.parametrize("name", ["a|b.log", "a`b.log"])
def test_no_name_of_a_source_breaks_a_document(run: Run, log: Path, name: str) -> None:
    log.rename(log.with_name(name))
    row = run("timeline", "evidence", "--format", "markdown").out.splitlines()[2]
    assert len(re.findall(r"(?<!\\)\|", row)) == 4
    assert row.count("`") == 2


def test_a_document_shows_text_as_text(run: Run, log: Path) -> None:
    log.write_text("2026-03-04 10:42:07 ERROR a | b <script>x</script> `c` \\| d\n  second | line\n")
    head, rule, row = run("timeline", "evidence", "--all", "--format", "markdown").out.splitlines()
    assert head.count("|") == rule.count("|") == 4
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == 4
    assert "<" not in row
    assert "second" in row


def test_a_terminal_is_not_steered_by_what_a_log_says(run: Run, log: Path) -> None:
    log.write_bytes(b"2026-03-04 10:42:07 ERROR \x1b[2J\x07 \xe2\x80\xae gone \xff\n")
    ran = run("timeline", "evidence")
    assert ran.status == 0
    assert not set(ran.out) & {"\x1b", "\x07", "\u202e"}
    assert jsonl(run)[0]["text"] == "2026-03-04 10:42:07 ERROR \x1b[2J\x07 \u202e gone \ufffd"


@pytest.mark.usefixtures("log")
def test_a_file_is_written_when_asked_for(run: Run, tmp_path: Path) -> None:
    ran = run("timeline", "evidence", "--all", "--format", "jsonl", "-o", "out.jsonl")
    assert (ran.status, ran.out) == (0, "")
    assert (tmp_path / "out.jsonl").read_text().splitlines() == run("timeline", "evidence", "--all", "--format", "jsonl").out.splitlines()


@pytest.mark.usefixtures("log")
def test_an_entry_is_shown_in_its_place(run: Run) -> None:
    error = jsonl(run)[0]
    ran = run("timeline", "show", error["id"], "evidence")
    assert ran.status == 0
    head, _, *lines = ran.out.splitlines()
    assert head == f"app.log, byte {error['offset']}, {error['length']} bytes, sha256 {error['sha256']}"
    assert [line[2:] for line in lines] == LOG.splitlines()
    assert [line[:2] for line in lines] == ["  ", "> ", "> ", "  ", "  "]


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    "words",
    [
        ("show", "00000000-0", "evidence"),
        ("show", "00000000-0"),
        ("show", "no id", "evidence"),
        ("show",),
        ("gone.log",),
        (),
        ("evidence", "--format", "xml"),
        ("evidence", "--format", "parquet"),
    ],
)
def test_what_cannot_be_done_ends_with_two_and_says_why(run: Run, words: tuple[str, ...]) -> None:
    ran = run("timeline", *words)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err


def test_a_folder_where_nothing_can_be_read_ends_with_two(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run("timeline", "empty").status == 2
    (tmp_path / "empty" / "a.log").touch()
    assert run("timeline", "empty").status == 2


def test_what_was_wrong_with_a_source_is_told_aside_unless_it_is_not_asked_for(run: Run, log: Path) -> None:
    (log.parent / "empty.log").touch()
    ran = run("timeline", "evidence", "--format", "jsonl")
    assert len(entries(ran)) == 1
    assert "empty.log" in ran.err
    assert run("timeline", "evidence", "--quiet").err == ""


def test_standard_input_is_a_source(run: Run) -> None:
    found = entries(run("timeline", "-", "--all", "--format", "jsonl", stdin=LOG))
    assert [one["line"] for one in found] == [1, 2, 4, 5]
    assert {one["source"] for one in found} == {"-"}


def test_what_has_no_time_stands_first_and_says_so(run: Run, log: Path) -> None:
    log.write_text("nobody knows when\n" + LOG)
    first = jsonl(run, "--all")[0]
    assert (first["time"], first["time_text"], first["flags"], first["text"]) == (None, None, ["unparsed"], "nobody knows when")
    assert run("timeline", "evidence", "--all").out.startswith("undated")


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("form", ["text", "jsonl", "csv", "markdown"])
def test_the_same_evidence_gives_the_same_bytes(run: Run, form: str) -> None:
    assert run("timeline", "evidence", "--all", "--format", form) == run("timeline", "evidence", "--all", "--format", form)


@pytest.mark.usefixtures("log")
def test_with_a_zone_nothing_is_said_beside(run: Run) -> None:
    assert run("timeline", "evidence", "--tz", "UTC").err == ""


def test_what_people_wrote_is_not_cut(run: Run, log: Path) -> None:
    said = "word " * 200 + "end"
    message = {
        "type": "message",
        "user": "U01",
        "text": said,
        "ts": "1772621000.000100",
        "edited": {"user": "U01", "ts": "1772621900.000100"},
    }
    log.with_name("2026-03-04.json").write_text(json.dumps([message]))
    lines = run("timeline", "evidence").out.splitlines()
    assert any(f"{said} (edited later)" in line for line in lines)


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("words", [(), ("--all",)])
def test_parquet_holds_the_fields_of_the_contract(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    assert run("timeline", "evidence", *words, "--format", "parquet", "-o", "out.parquet").status == 0
    with duckdb.connect() as asked:
        asked.execute(f"select * from '{tmp_path / 'out.parquet'}'")
        names = [one[0] for one in asked.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in asked.fetchall()]
    assert names == FIELDS
    by_id = {one["id"]: one for one in jsonl(run, *words)}
    assert [row["id"] for row in rows] == list(by_id)
    for row in rows:
        other = by_id[row["id"]]
        assert {name: row[name] for name in ("kind", "level", "source", "sha256", "line", "offset", "length", "zone", "count")} == {
            name: other[name] for name in ("kind", "level", "source", "sha256", "line", "offset", "length", "zone", "count")
        }
        assert row["flags"] == " ".join(other["flags"])
        assert f"{row['time'].astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z" == other["time"]
        assert row["text"] == (None if words else other["text"])


@pytest.mark.usefixtures("log")
def test_a_window_without_entries_is_a_table_without_rows(run: Run, tmp_path: Path) -> None:
    wanted = ("--all", "--format", "parquet", "-o", "out.parquet")
    described = []
    for words in (wanted, (*wanted, "--from", "2026-03-05T00:00:00+00:00")):
        assert run("timeline", "evidence", *words).status == 0
        with duckdb.connect() as asked:
            described.append([one[:1] for one in asked.execute(f"describe select * from '{tmp_path / 'out.parquet'}'").fetchall()])
            rows = asked.execute(f"select count(*) from '{tmp_path / 'out.parquet'}'").fetchall()
    assert rows == [(0,)]
    assert described[0] == described[1]


@pytest.mark.usefixtures("log")
def test_secrets_are_made_unreadable_in_every_form(run: Run, log: Path, tmp_path: Path) -> None:
    secret = "hunter2-correct-horse"
    log.write_text(f"2026-03-04 10:42:07 ERROR login failed, password={secret}\n")
    message = {"type": "message", "user": "U01", "text": f"it was password={secret}", "ts": "1772621000.000100"}
    log.with_name("2026-03-04.json").write_text(json.dumps([message]))
    for form in ("text", "jsonl", "csv", "markdown", "html", "parquet"):
        for every in ((), ("--all",)):
            ran = run("timeline", "evidence", *every, "--format", form, "-o", "out")
            assert ran.status == 0, ran.err
            assert secret.encode() not in (tmp_path / "out").read_bytes(), form
    assert secret in run("timeline", "evidence", "--redact", "none").out
    assert "1 × password" in run("timeline", "evidence/app.log").err


def test_a_page_is_one_file_that_needs_nothing_else(run: Run, log: Path, tmp_path: Path) -> None:
    log.write_text(LOG + "2026-03-04 10:56:00 ERROR </script><script>alert(1)</script>\n")
    assert run("timeline", "evidence", "--format", "html", "-o", "out.html").status == 0
    page = (tmp_path / "out.html").read_text()
    assert page.startswith("<!doctype html>")
    assert "alert(1)</script>" not in page
    assert "http:" not in page.replace("http://www.w3.org", "")


@pytest.mark.usefixtures("log")
def test_an_entry_is_shown_by_its_id_alone(run: Run) -> None:
    error = jsonl(run)[0]
    assert run("timeline", "show", error["id"]).out == run("timeline", "show", error["id"], "evidence").out
