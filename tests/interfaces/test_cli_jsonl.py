"""`amends check --jsonl`: one document a line, in order, in constant memory; what is broken is told and skipped."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    Run = Callable[..., Any]

GOOD = '{"id": "a", "text": "At 10:42 I broke it. A test will catch it."}'


def documents(ran: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.out.splitlines()]


@pytest.mark.usefixtures("engines")
def test_each_line_gives_a_document_in_order(run: Run) -> None:
    ran = run("check", "--jsonl", "-", stdin=f'{GOOD}\n\n{{"id": "b", "text": ""}}\n{{"text": "x", "id": null}}')
    assert [document["id"] for document in documents(ran)] == ["a", "b", None]


def test_a_row_beats_an_option_and_an_option_beats_the_project_file(run: Run, engines: Any, tmp_path: Path) -> None:
    (tmp_path / "amends.toml").write_text('form = "status-update"\naudience = "customers"\ntz = "Asia/Tokyo"\n')
    rows = ['{"text": "x"}', '{"text": "x", "audience": "team", "form": "status-update", "tz": "UTC", "at": "2026-01-02T03:04:05+06:00"}']
    run("check", "--jsonl", "-", "--audience", "partner", "--form", "first-message", stdin="\n".join(rows))
    seen = [(draft.form, draft.audience, draft.tz) for draft in engines[0].checked]
    assert seen == [("first-message", "partner", "Asia/Tokyo"), ("status-update", "team", "UTC")]
    assert engines[0].checked[1].at.isoformat() == "2026-01-02T03:04:05+06:00"


@pytest.mark.usefixtures("engines")
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "not a line of JSON at column 2"),
        ("[1]", "expected a JSON object, not a list"),
        ('{"id": "a"}', "text: the field text is missing"),
        ('{"text": 5}', "text: text must be text, not a number"),
        ('{"text": "x", "id": 5}', "id: id must be text, not a number"),
        ('{"text": "x", "form": ["a"]}', "form: form must be text, not a list"),
        ('{"text": "x", "form": "status-updat"}', "unknown form 'status-updat'"),
        ('{"text": "x", "audience": "boss"}', "unknown audience 'boss'"),
        ('{"text": "x", "at": "soon"}', "not a time: 'soon'"),
        ('{"text": "\\ud800"}', "half of a surrogate pair"),
        ("[" * 100_000, "not a line of JSON"),
        ("\x00", "not a line of JSON"),
    ],
)
def test_a_broken_line_is_told_with_its_number_and_the_rest_is_done(run: Run, line: str, said: str) -> None:
    ran = run("check", "--jsonl", "-", stdin=f"{GOOD}\n{line}\n{GOOD}\n")
    assert ran.status == 2
    assert len(documents(ran)) == 2
    assert ran.err.startswith("amends: <stdin>:2:")
    assert said in ran.err


@pytest.mark.usefixtures("engines")
def test_a_row_is_named_by_its_place_and_its_id(run: Run) -> None:
    rows = '{"id": "1", "text": "Up soon. A test."}\n{"text": "Up soon. A test."}\n'
    ran = run("check", "--jsonl", "-", "--format", "text", "-q", stdin=rows)
    assert [line.partition(": ")[0] for line in ran.out.splitlines()] == ["<stdin>:1 (id 1):1:4", "<stdin>:2:1:4"]


@pytest.mark.usefixtures("engines")
def test_an_unknown_form_in_a_row_with_an_id_is_told_with_the_line(run: Run) -> None:
    ran = run("check", "--jsonl", "-", stdin='{"id": "a", "text": "x", "form": "non"}\n')
    assert ran.err.startswith("amends: <stdin>:1: unknown form 'non'\n")


@pytest.mark.usefixtures("engines")
def test_a_row_needs_a_date_because_it_may_be_read_on_another_day(run: Run) -> None:
    assert "not a time: '10:50'" in run("check", "--jsonl", "-", stdin='{"text": "x", "at": "10:50"}\n').err


@pytest.mark.usefixtures("engines")
def test_a_line_that_is_not_utf_8_is_told(run: Run) -> None:
    ran = run("check", "--jsonl", "-", stdin=b'{"text": "caf\xe9"}\n' + GOOD.encode())
    assert ran.status == 2
    assert "<stdin>:1: not valid UTF-8 at byte 13 of the line" in ran.err
    assert len(documents(ran)) == 1


@pytest.mark.usefixtures("engines")
def test_unknown_keys_are_ignored_and_a_byte_order_mark_is_no_mistake(run: Run) -> None:
    assert run("check", "--jsonl", "-", stdin=b'\xef\xbb\xbf{"text": "A test.", "more": {"a": 1}}').status == 0


def test_an_unknown_zone_is_a_problem_of_the_document_and_not_of_the_run(run: Run) -> None:
    ran = run("check", "--jsonl", "-", stdin='{"id": "z", "text": "Back by 14:30.", "tz": "Mars/Base", "at": "2026-03-04T10:50"}')
    assert ran.status in (0, 1)
    assert [problem["code"] for problem in documents(ran)[0]["problems"]] == ["unknown-zone"]


@pytest.mark.usefixtures("engines")
def test_a_file_of_rows_that_is_missing_is_an_input_error(run: Run) -> None:
    ran = run("check", "--jsonl", "none.jsonl")
    assert ran.status == 2
    assert "none.jsonl: there is no such file" in ran.err


@pytest.mark.usefixtures("engines")
def test_rows_can_be_written_in_another_format(run: Run, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(f"{GOOD}\n")
    assert json.loads(run("check", "--jsonl", "rows.jsonl", "--format", "json").out)["documents"][0]["id"] == "a"


def test_documents_come_while_rows_are_still_being_written(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; from amends.interfaces.cli.main import main; sys.exit(main())", "check", "--jsonl", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        for id in ("first", "second"):
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps({"id": id, "text": "At 10:42 I broke it."}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == id


def test_memory_does_not_grow_with_the_number_of_rows(tmp_path: Path) -> None:
    code = (
        "import resource, sys; from amends.interfaces.cli.main import main; main(sys.argv[1:]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )

    def peak(count: int) -> int:
        rows = (json.dumps({"id": str(number), "text": "At 10:42 I broke the build. "}) for number in range(count))
        command = [sys.executable, "-c", code, "check", "--jsonl", "-"]
        done = subprocess.run(command, input="\n".join(rows), capture_output=True, text=True, cwd=tmp_path, check=True)
        return int(done.stderr.splitlines()[-1])

    assert peak(3000) < peak(100) + 3000  # kilobytes
