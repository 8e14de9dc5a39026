"""`amends promises audit`: published updates in, each promise with its fate out, for people, for programs and as a page."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest

from amends import wiring
from amends.interfaces.cli.audit_text import CODES, headline, percent, span
from amends.promises.reckon import Reckoning
from amends.promises.updates.update import REFUSED
from amends.testing import FixedClock
from house.laws import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    Run = Callable[..., Any]

SCHEMAS = ROOT / "docs" / "reference" / "schemas"
NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "system_clock", lambda: FixedClock(NOW))


def row(id: str, at: str, text: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "incident": "login", "title": "Logins fail", "at": at, "tz": "UTC", "text": text, **more}


FEED = [
    row("1", "2026-03-04T10:50:00+00:00", "One in five logins fails. Next update at 11:30."),
    row("2", "2026-03-04T11:30:40+00:00", "We found the cause. The next update comes at 12:00. A fix will be deployed by 13:00."),
    row("3", "2026-03-04T12:09:00+00:00", "We are rolling it out."),
    row("4", "2026-03-04T12:40:00+00:00", "All logins work again.", status="Resolved"),
    row("5", "2026-04-02T08:00:00+00:00", "Search is slow. Next update by 09:00.", incident="search", title="Search <slow>"),
    row("6", "2026-04-03T08:00:00+00:00", "", incident="mail", title="Mail & more"),
    row("6", "2026-04-03T08:00:00+00:00", "", incident="mail", title="Mail & more"),
]


def write(path: Path, rows: list[Any]) -> None:
    path.write_text("".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in rows))


@pytest.fixture
def audit(run: Run, tmp_path: Path) -> Run:
    """Runs the command on the feed, which lies in feed.jsonl."""
    write(tmp_path / "feed.jsonl", FEED)

    def run_it(*words: str, **given: Any) -> Any:
        return run("promises", "audit", *(words or ("feed.jsonl",)), **given)

    return run_it


def schema(name: str) -> Any:
    return jsonschema_rs.validator_for(json.loads((SCHEMAS / name).read_text()), validate_formats=True)


def test_each_promise_is_written_with_its_fate_and_the_summary_adds_up(audit: Run) -> None:
    ran = audit("feed.jsonl", "--format", "json")
    report = json.loads(ran.out)
    schema("promise-audit-1.schema.json").validate(report)
    assert (ran.status, ran.err, report["schema"]) == (1, "", "amends.promise-audit/1")
    assert [(one["message"], one["kind"], one["fate"], one["late_by_s"], one["settled_by"]) for one in report["promises"]] == [
        ("1", "next_update", "kept", 0, "2"),
        ("2", "next_update", "late", 540, "3"),
        ("2", "fix", "kept", 0, "4"),
        ("5", "next_update", "missed", None, None),
    ]
    assert report["summary"] == {
        "made": 4,
        "kept": 2,
        "late": 1,
        "missed": 1,
        "moved": 0,
        "open": 0,
        "unverifiable": 0,
        "updates_without_next_time": 1,
        "withdrawn": 0,
        "updates": 6,
        "incidents": 3,
        "hit_rate": 0.5,
        "late_by_s": {"p50": 540, "p90": 540, "p99": 540, "max": 540},
    }
    assert report["problem_counts"] == {"duplicate": 1, "empty": 1}


def test_a_promise_a_line_for_programs_that_read_on(audit: Run) -> None:
    lines = [json.loads(line) for line in audit("feed.jsonl", "--format", "jsonl").out.splitlines()]
    check = schema("promise-audit-1.promise.schema.json")
    for line in lines:
        check.validate(line)
    assert [line["fate"] for line in lines] == ["kept", "late", "kept", "missed"]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ((), "audit.txt"),
        (("--all",), "audit-all.txt"),
        (("--format", "json"), "audit.json"),
        (("--format", "html"), "audit.html"),
    ],
)
def test_what_people_and_programs_see(words: tuple[str, ...], name: str, audit: Run, golden: Callable[[str, str], None]) -> None:
    golden(f"cli/{name}", audit("feed.jsonl", *words).out)


def test_nothing_missed_is_status_0_and_late_counts_where_it_is_asked_for(audit: Run, tmp_path: Path) -> None:
    assert audit("feed.jsonl", "--fail-on", "never").status == 0
    write(tmp_path / "late.jsonl", FEED[:4])
    assert [audit("late.jsonl", *words).status for words in ((), ("--fail-on", "late"), ("--fail-on", "missed"))] == [0, 1, 0]


def test_as_of_a_time_nothing_later_is_known(audit: Run) -> None:
    ran = audit("feed.jsonl", "--at", "2026-03-04T11:45:00+00:00", "--format", "json")
    report = json.loads(ran.out)
    assert [(one["message"], one["fate"]) for one in report["promises"]] == [("1", "kept"), ("2", "open"), ("2", "open")]
    assert (ran.status, report["problem_counts"]) == (0, {"later": 1})


def test_quiet_says_one_sentence(audit: Run) -> None:
    assert audit("feed.jsonl", "-q").out == "2 of 4 promises that can be judged were kept in time: 50 %.\n"


def test_standard_input_is_a_source_and_several_sources_are_one_audit(audit: Run, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", FEED[:2])
    report = json.loads(audit("a.jsonl", "-", "--format", "json", stdin="".join(json.dumps(one) + "\n" for one in FEED[2:4])).out)
    assert [one["fate"] for one in report["promises"]] == ["kept", "late", "kept"]


def test_a_broken_line_is_told_and_skipped_and_the_status_is_2(audit: Run, tmp_path: Path) -> None:
    write(tmp_path / "b.jsonl", [FEED[0], "{", {**FEED[1], "at": "soon"}, FEED[2]])
    ran = audit("b.jsonl", "--format", "json")
    assert ran.status == 2
    assert ran.err.startswith("amends: b.jsonl:2: not a line of JSON at column 2\n  expected {")
    assert "amends: b.jsonl:3: at: not a time: 'soon'\n  write it as 2026-03-04T10:50:00+00:00\n" in ran.err
    report = json.loads(ran.out)
    schema("promise-audit-1.schema.json").validate(report)
    assert [one["fate"] for one in report["promises"]] == ["late"]
    assert [(one["code"], one["line"]) for one in report["problems"]] == [("bad-line", 2), ("bad-time", 3)]


def test_of_very_many_broken_lines_the_first_are_told_and_all_are_counted(audit: Run, tmp_path: Path) -> None:
    write(tmp_path / "b.jsonl", [FEED[0], *["{"] * 1_500])
    ran = audit("b.jsonl", "--format", "json")
    assert ran.err.count("not a line of JSON") == 20
    assert "and 1,480 more that could not be read" in ran.err
    report = json.loads(ran.out)
    assert (report["problem_counts"]["bad-line"], len(report["problems"])) == (1_500, 1_000)


def test_a_source_that_is_none_is_told_and_the_others_are_read(audit: Run, tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\0")
    ran = audit("none.json", "logo.png", "feed.jsonl", "--format", "json")
    assert ran.status == 2
    assert "amends: none.json: there is no such file" in ran.err
    assert "amends: logo.png: no published updates that can be read\n  tried: JSON lines, a Statuspage" in ran.err
    assert len(json.loads(ran.out)["promises"]) == 4


def test_where_nothing_can_be_read_no_file_is_written(audit: Run, tmp_path: Path) -> None:
    ran = audit("none.json", "--format", "html", "-o", "page.html")
    assert (ran.status, ran.out) == (2, "")
    assert sorted(os.listdir(tmp_path)) == ["feed.jsonl"]
    assert audit("none.json").out == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "no source is named"),
        (["--format", "sarif", "feed.jsonl"], "'sarif' is not one of 'text', 'json', 'jsonl', 'html'"),
        (["--tz", "Mars/Olympus", "feed.jsonl"], "there is no zone 'Mars/Olympus'"),
        (["--at", "soon", "feed.jsonl"], "not a time: 'soon'"),
        (["--fix", "feed.jsonl"], "unknown option --fix"),
    ],
)
def test_a_wrong_call_says_what_is_wrong_and_exits_with_2(words: list[str], said: str, run: Run, tmp_path: Path) -> None:
    write(tmp_path / "feed.jsonl", FEED)
    ran = run("promises", "audit", *words)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


def test_a_team_s_zone_and_calendar_hold(audit: Run, tmp_path: Path) -> None:
    (tmp_path / "amends.toml").write_text('tz = "Europe/Berlin"\n[calendar]\neod = 18\n')
    bare = {key: value for key, value in row("1", "2026-03-04T10:50:00+01:00", "Next update by EOD.").items() if key != "tz"}
    write(tmp_path / "e.jsonl", [bare])
    (one,) = json.loads(audit("e.jsonl", "--format", "json").out)["promises"]
    assert one["due"] == "2026-03-04T18:00:00+01:00"


def test_an_interrupt_ends_with_130_and_leaves_no_half_file(audit: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("amends.interfaces.cli.audit.read_source", interrupted)
    assert audit("feed.jsonl", "-o", "out.txt").status == 130
    assert os.listdir(tmp_path) == ["feed.jsonl"]


def test_the_page_fetches_nothing_and_takes_nothing_from_a_feed_for_html(audit: Run, tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>\"'&\u202e\x1b[31m"
    write(
        tmp_path / "evil.jsonl",
        [row(evil, "2026-03-04T10:50:00+00:00", f"Next update at 11:30 {evil}", title=evil, incident=evil, status=evil)],
    )
    page = audit("feed.jsonl", "evil.jsonl", "--format", "html").out
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=|url\(|@import|https?://", page), "nothing is fetched"
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "Search &lt;slow&gt;" in page
    assert "Content-Security-Policy" in page


def test_a_page_stays_small_however_much_is_read(audit: Run, tmp_path: Path) -> None:
    rows = [
        row(
            f"{number}",
            f"2026-0{1 + number % 4}-{1 + number % 28:02d}T10:50:00+00:00",
            "Next update in 20 minutes.",
            incident=f"i{number // 3}",
        )
        for number in range(3_000)
    ]
    write(tmp_path / "many.jsonl", rows)
    page = audit("many.jsonl", "--format", "html").out
    assert len(page) < 400_000
    assert "Drawn are 40 of 1,000 incidents" in page


@pytest.mark.parametrize(
    "seconds", [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3600, "1 h"), (7500, "2 h 5 min"), (86_400, "1 d"), (187_200, "2 d 4 h")]
)
def test_lengths_of_time_are_short(seconds: tuple[int, str]) -> None:
    assert span(seconds[0]) == seconds[1]


def test_only_all_is_a_hundred_percent_and_only_none_is_zero() -> None:
    assert [percent(rate) for rate in (None, 0, 0.001, 0.5, 0.999, 1)] == ["–", "0 %", "1 %", "50 %", "99 %", "100 %"]


def test_silence_is_no_praise(audit: Run, tmp_path: Path) -> None:
    assert headline(Reckoning().figures()) == "Nothing was read, so nothing is known."
    write(tmp_path / "a.jsonl", [row("1", "2026-03-04T10:50:00+00:00", "It broke.")])
    assert audit("a.jsonl").out.startswith("No promise in 1 update of 1 incident.\n")
    write(tmp_path / "a.jsonl", [row("1", "2026-03-04T10:50:00+00:00", "We will update you soon.")])
    assert audit("a.jsonl").out.startswith("1 promise in 1 update; it has not come due in a way that can be judged.\n")


def test_every_problem_that_leaves_something_out_has_words() -> None:
    assert CODES.keys() >= REFUSED
