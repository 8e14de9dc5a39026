"""The formats for programs: JSON, JSON lines, SARIF, GitHub annotations, Markdown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema_rs import Draft7Validator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]
    Golden = Callable[[str, str], None]

DRAFT = "Dave broke the login at 10:42.\nIt is very bad, and it works soon.\nQuietly, quietly: soon.\nWe write again by 14:30.\n"

pytestmark = pytest.mark.usefixtures("engines")


def checked(run: Run, tmp_path: Path, format: str, text: str = DRAFT, name: str = "drafts/a b.md") -> Any:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    return run("check", name, "--format", format)


@pytest.mark.parametrize(
    ("format", "file"), [("json", "report.json"), ("sarif", "report.sarif"), ("github", "report.github.txt"), ("markdown", "report.md")]
)
def test_each_format_looks_as_agreed(run: Run, tmp_path: Path, golden: Golden, format: str, file: str) -> None:
    out = checked(run, tmp_path, format).out
    golden(f"cli/{file}", json.dumps(json.loads(out), indent=2, ensure_ascii=False) + "\n" if format in ("json", "sarif") else out)


def test_json_has_the_fields_of_the_contract(run: Run, tmp_path: Path) -> None:
    report = json.loads(checked(run, tmp_path, "json").out)
    assert list(report) == ["schema", "documents"]
    document = report["documents"][0]
    wanted = {"id", "path", "form", "audience", "at", "tz", "sentences", "moves", "findings", "promises", "problems"}
    assert wanted <= set(document)
    finding = {"rule", "flaw", "move", "severity", "message", "why", "start", "end", "line", "column", "suggestions", "source"}
    assert finding <= set(document["findings"][0])
    promise = {"quote", "start", "end", "time_quote", "kind", "actor", "firmness", "due", "due_earliest", "grain"}
    assert promise <= set(document["promises"][0])


def test_json_without_any_document_is_still_one_object(run: Run) -> None:
    assert json.loads(run("check", "--jsonl", "-", "--format", "json").out) == {"schema": "amends.check/1", "documents": []}


def test_json_keeps_characters_as_they_are(run: Run, tmp_path: Path) -> None:
    assert '"path": "日本.md"' in checked(run, tmp_path, "json", "A test.", "日本.md").out


@pytest.mark.parametrize("format", ["json", "jsonl", "sarif"])
def test_programs_get_all_findings_and_not_the_best_three(run: Run, tmp_path: Path, format: str) -> None:
    assert checked(run, tmp_path, format, "soon " * 9).out.count('"demo-time"') >= 9


def test_annotations_escape_what_a_workflow_would_read_as_its_own(run: Run, tmp_path: Path) -> None:
    out = checked(run, tmp_path, "github", "100% soon, test", "a,b:c%.md").out
    assert out.startswith("::warning file=a%2Cb%3Ac%25.md,line=1,endLine=1,col=6,endColumn=10,title=demo-time::When exactly")
    assert out.count("\n") == 1


def test_an_annotation_over_several_lines_has_no_columns(run: Run, tmp_path: Path) -> None:
    first = checked(run, tmp_path, "github", "one\ntwo\n").out.splitlines()[0]
    assert first.startswith("::error file=drafts/a b.md,line=1,endLine=3,title=demo-prevention::")


def test_markdown_mentions_nobody_and_breaks_out_of_nothing(run: Run, tmp_path: Path) -> None:
    out = checked(run, tmp_path, "markdown", "<b>Dave</b> | `x` @ops [a](b)").out
    quoted = next(line for line in out.splitlines() if line.startswith("  > "))
    assert quoted == "  > \\<b\\>Dave\\</b\\> \\| \\`x\\` @\u200bops \\[a\\](b)"


def test_sarif_is_as_the_standard_demands(run: Run, tmp_path: Path) -> None:
    log = json.loads(checked(run, tmp_path, "sarif").out)
    Draft7Validator(SARIF).validate(log)
    results = log["runs"][0]["results"]
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in results)
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert {result["level"] for result in results} == {"error", "warning", "note"}


def test_sarif_places_count_code_points_and_quote_the_text(run: Run, tmp_path: Path) -> None:
    text = "👍🏽 日本 soon.\nA test.\n"
    result = json.loads(checked(run, tmp_path, "sarif", text).out)["runs"][0]["results"][0]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert text[region["charOffset"] : region["charOffset"] + region["charLength"]] == region["snippet"]["text"] == "soon"
    assert (region["startLine"], region["startColumn"], region["endLine"], region["endColumn"]) == (1, 7, 1, 11)
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "drafts/a%20b.md"


def test_sarif_tells_what_was_silenced_and_why(run: Run, tmp_path: Path) -> None:
    results = json.loads(checked(run, tmp_path, "sarif").out)["runs"][0]["results"]
    silenced = [result for result in results if "suppressions" in result]
    assert [one["suppressions"] for one in silenced] == [[{"kind": "inSource", "justification": "asked for"}]]


def test_sarif_fingerprints_survive_lines_that_are_inserted_above(run: Run, tmp_path: Path) -> None:
    def prints(text: str) -> list[str]:
        results = json.loads(checked(run, tmp_path, "sarif", text).out)["runs"][0]["results"]
        return [result["partialFingerprints"]["sentence/v1"] for result in results]

    text = "Up soon. And soon. A test."
    assert prints(f"Hello.\n\n{text}") == prints(text)
    assert len(set(prints(text))) == 2


def test_sarif_tells_which_inputs_were_refused(run: Run) -> None:
    log = json.loads(run("check", "none.md", "--format", "sarif").out)
    Draft7Validator(SARIF).validate(log)
    invocation = log["runs"][0]["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["level"] == "error"


def closed(required: str, **properties: Any) -> dict[str, Any]:
    """An object with these properties and no others, as every object of the standard is."""
    return {"type": "object", "additionalProperties": False, "required": required.split(), "properties": properties}


def listed(of: dict[str, Any], least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": of, "minItems": least}


TEXT = {"type": "string"}
NATURAL = {"type": "integer", "minimum": 0}
ORDINAL = {"type": "integer", "minimum": 1}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
MESSAGE = closed("text", text=TEXT, markdown=TEXT)
ARTIFACT = closed("uri", uri={"type": "string", "pattern": r"^[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+$"})
REGION = closed(
    "startLine",
    startLine=ORDINAL,
    startColumn=ORDINAL,
    endLine=ORDINAL,
    endColumn=ORDINAL,
    charOffset=NATURAL,
    charLength=NATURAL,
    snippet=closed("text", text=TEXT),
)
LOCATION = closed("physicalLocation", physicalLocation=closed("artifactLocation region", artifactLocation=ARTIFACT, region=REGION))
REPLACEMENT = closed("deletedRegion", deletedRegion=REGION, insertedContent=closed("text", text=TEXT))
CHANGE = closed("artifactLocation replacements", artifactLocation=ARTIFACT, replacements=listed(REPLACEMENT, 1))
RESULT = closed(
    "ruleId ruleIndex level message locations partialFingerprints",
    ruleId=TEXT,
    ruleIndex=NATURAL,
    level=LEVEL,
    message=MESSAGE,
    locations={**listed(LOCATION, 1), "maxItems": 1},
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
    fixes={**listed(closed("artifactChanges", description=MESSAGE, artifactChanges=listed(CHANGE, 1))), "uniqueItems": True},
    suppressions={**listed(closed("kind", kind={"enum": ["inSource", "external"]}, justification=TEXT)), "uniqueItems": True},
)
RULE = closed(
    "id",
    id=TEXT,
    shortDescription=MESSAGE,
    fullDescription=MESSAGE,
    help=MESSAGE,
    defaultConfiguration=closed("level", level=LEVEL),
)
DRIVER = closed("name version rules", name=TEXT, version=TEXT, semanticVersion=TEXT, rules={**listed(RULE), "uniqueItems": True})
NOTIFICATION = closed("message", message=MESSAGE, level=LEVEL, descriptor=closed("id", id=TEXT))
INVOCATION = closed("executionSuccessful", executionSuccessful={"type": "boolean"}, toolExecutionNotifications=listed(NOTIFICATION))
RUN = closed(
    "tool results",
    tool=closed("driver", driver=DRIVER),
    columnKind={"const": "unicodeCodePoints"},
    invocations=listed(INVOCATION, 1),
    results=listed(RESULT),
)
SARIF = closed("version runs", **{"$schema": {"type": "string", "format": "uri"}, "version": {"const": "2.1.0"}, "runs": listed(RUN, 1)})
