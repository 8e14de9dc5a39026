"""What the program prints is what the published schemas describe: for every example message that we have, and for bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from amends.language.compile import HERE
from amends.language.datafiles import read_form
from house.laws import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SCHEMAS = ROOT / "docs" / "reference" / "schemas"
FORMS = sorted((HERE / "forms").glob("*.toml"))


def schema(name: str) -> Any:
    return jsonschema_rs.validator_for(json.loads((SCHEMAS / name).read_text()), validate_formats=True)


def check(*words: str, folder: Path, given: str = "", command: tuple[str, ...] = ("check",)) -> str:
    """What `amends check`, or another command, prints to standard output."""
    command = (sys.executable, "-c", "from amends.interfaces.cli.main import main; raise SystemExit(main())", *command, *words)
    return subprocess.run(command, cwd=folder, input=given, capture_output=True, text=True, check=False).stdout


def messages() -> list[dict[str, str]]:
    """The example messages of all forms, as lines for `--jsonl`."""
    found = []
    for path in FORMS:
        form, _, _, good, bad = read_form(str(path))
        found += [{"id": form.id, "form": form.id, "text": one["text"], "at": "2026-03-04T10:50:00+01:00"} for one in (*good, *bad)]
    return found


def test_the_schemas_are_schemas() -> None:
    for path in SCHEMAS.glob("*.json"):
        assert jsonschema_rs.meta.is_valid(json.loads(path.read_text()))


def test_every_document_of_a_stream_fits(tmp_path: Path) -> None:
    lines = "".join(json.dumps(message) + "\n" for message in messages())
    validator = schema("check-1.document.schema.json")

    printed = check("--jsonl", "-", folder=tmp_path, given=lines).splitlines()

    assert len(printed) == len(messages())
    for line in printed:
        validator.validate(json.loads(line))


def test_every_list_of_promises_fits(tmp_path: Path) -> None:
    lines = "".join(json.dumps(message) + "\n" for message in messages())
    extract = ("promises", "extract", "--jsonl", "-")
    line = schema("promises-1.document.schema.json")

    for printed in check(folder=tmp_path, given=lines, command=extract).splitlines():
        line.validate(json.loads(printed))
    report = json.loads(check("--format", "json", folder=tmp_path, given=lines + "{\n", command=extract))
    schema("promises-1.schema.json").validate(report)
    assert len(report["documents"]) == len(messages())
    assert report["problems"][0]["line"] == len(messages()) + 1


def test_every_comparison_fits(tmp_path: Path) -> None:
    texts = [message["text"] for message in messages()]
    pairs = [{"id": str(number), "source": one, "retold": other} for number, (one, other) in enumerate(pairwise(texts))]
    lines = "".join(json.dumps(pair) + "\n" for pair in (*pairs, {"source": texts[0], "retold": ""}))
    one = schema("compare-1.document.schema.json")

    printed = check("--jsonl", "-", folder=tmp_path, given=lines, command=("compare",)).splitlines()
    report = json.loads(check("--jsonl", "-", "--format", "json", folder=tmp_path, given=lines + "{\n", command=("compare",)))

    assert len(printed) == len(pairs) + 1
    for line in printed:
        one.validate(json.loads(line))
    schema("compare-1.schema.json").validate(report)
    assert report["problems"][0]["line"] == len(pairs) + 2


@pytest.mark.parametrize("text", ["", "Le serveur est en panne depuis ce matin, nous travaillons dessus.", "🙂\r\n\u202eabc\u0301"])
def test_a_text_that_is_no_message_fits_too(text: str, tmp_path: Path) -> None:
    printed = check("--format", "json", "--tz", "Mars/Olympus", "-", folder=tmp_path, given=text)

    schema("check-1.schema.json").validate(json.loads(printed))


def test_refused_inputs_are_part_of_the_output(tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text("The fix goes out asap.")
    (tmp_path / "image.md").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")

    printed = json.loads(check("--format", "json", "draft.md", "image.md", folder=tmp_path))

    schema("check-1.schema.json").validate(printed)
    assert len(printed["documents"]) == 1
    assert printed["problems"][0]["path"] == "image.md"


def test_every_entry_of_a_timeline_fits(tmp_path: Path) -> None:
    lines = schema("timeline.entry.schema.json")
    evidence = str(ROOT / "src" / "amends" / "samples" / "checkout")

    kept = check("--format", "jsonl", "--quiet", evidence, folder=tmp_path, command=("timeline",)).splitlines()
    every = check("--format", "jsonl", "--quiet", "--all", evidence, folder=tmp_path, command=("timeline",)).splitlines()

    assert 0 < len(kept) < len(every)
    for printed in (*kept, *every[::50]):
        lines.validate(json.loads(printed))
