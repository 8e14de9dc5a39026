"""SARIF 2.1.0, which code hosts and editors read. Positions are counted in code points, as everywhere in Amends."""

from __future__ import annotations

from hashlib import sha256
from os.path import isabs
from urllib.parse import quote

from amends import __version__
from amends.core.span import LineIndex
from amends.interfaces.cli.as_json import dumps
from amends.interfaces.cli.result import Renderer

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from typing import Any

    from amends.interfaces.cli.result import Checked, Tally, View
    from amends.language.records import Edit, Finding, Suppressed

_IN_SOURCE = "inSource"


class SarifRenderer(Renderer):
    """One run with all results. The rules stand in the file only where they are used."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._results: list[dict[str, Any]] = []
        self._rules: list[dict[str, Any]] = []
        self._numbers: dict[str, int] = {}
        self._notes: list[dict[str, Any]] = []
        self._seen: dict[str, int] = {}

    def document(self, checked: Checked) -> str:
        """Nothing yet: the results of the text are kept for the end."""
        index = LineIndex(checked.draft.text)
        for problem in checked.document.problems:
            self._notes.append({"level": "note", "descriptor": {"id": problem.code}, "message": _message(problem.message, problem.hint)})
        for finding in checked.document.findings:
            self._results.append(self._result(checked, finding, index))
        for one in checked.document.suppressed:
            self._results.append(self._silenced(checked, one, index))
        return ""

    def end(self, tally: Tally) -> str:
        """The whole log."""
        for error in tally.refused:
            self._notes.append({"level": "error", "descriptor": {"id": error.code}, "message": _message(str(error), error.hint)})
        run = {
            "tool": {"driver": {"name": "amends", "version": __version__, "semanticVersion": __version__, "rules": self._rules}},
            "columnKind": "unicodeCodePoints",
            "invocations": [{"executionSuccessful": not tally.refused, "toolExecutionNotifications": self._notes}],
            "results": self._results,
        }
        return dumps({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}) + "\n"

    def _result(self, checked: Checked, finding: Finding, index: LineIndex) -> dict[str, Any]:
        text = checked.draft.text
        result: dict[str, Any] = {
            "ruleId": finding.rule,
            "ruleIndex": self._number(finding.rule),
            "level": finding.severity,
            "message": _message(finding.message, finding.why, *finding.suggestions),
            "locations": [_location(checked, finding.start, finding.end, index)],
            "partialFingerprints": {"sentence/v1": self._fingerprint(checked, finding.rule, text[finding.start : finding.end])},
        }
        if finding.edits:
            result["fixes"] = [_fix(checked, edit, index) for edit in finding.edits]
        return result

    def _silenced(self, checked: Checked, one: Suppressed, index: LineIndex) -> dict[str, Any]:
        rule = self.view.rule(one.rule)
        suppression = {"kind": "external" if one.by in ("baseline", "project file") else _IN_SOURCE, "justification": one.reason or one.by}
        return {
            "ruleId": one.rule,
            "ruleIndex": self._number(one.rule),
            "level": rule.severity if rule is not None else "note",
            "message": _message(rule.title if rule is not None else one.rule),
            "locations": [_location(checked, one.start, one.end, index)],
            "partialFingerprints": {"sentence/v1": self._fingerprint(checked, one.rule, checked.draft.text[one.start : one.end])},
            "suppressions": [suppression],
        }

    def _fingerprint(self, checked: Checked, rule: str, words: str) -> str:
        """The same for the same words under the same rule in the same file, wherever they move; repeats are numbered."""
        base = sha256(f"{rule}\0{checked.document.id or checked.label}\0{' '.join(words.lower().split())}".encode()).hexdigest()[:24]
        self._seen[base] = self._seen.get(base, 0) + 1
        return f"{base}:{self._seen[base]}"

    def _number(self, id: str) -> int:
        if id not in self._numbers:
            self._numbers[id] = len(self._rules)
            rule = self.view.rule(id)
            said: dict[str, Any] = {"id": id}
            if rule is not None:
                help = f"{rule.why}\n\nSource: {rule.source}"
                said["shortDescription"] = {"text": rule.title}
                said["fullDescription"] = {"text": rule.why}
                said["help"] = {"text": help, "markdown": f"**{rule.title}**\n\n{help}"}
                said["defaultConfiguration"] = {"level": rule.severity}
            self._rules.append(said)
        return self._numbers[id]


def _message(*parts: str) -> dict[str, str]:
    return {"text": "\n".join(part for part in parts if part)}


def _artifact(checked: Checked) -> dict[str, str]:
    """A relative path stays relative to where the command ran; an absolute one becomes a file address."""
    path = (checked.document.path or checked.label).replace("\\", "/").removeprefix("./")
    return {"uri": ("file://" if isabs(path) else "") + quote(path)}


def _location(checked: Checked, start: int, end: int, index: LineIndex) -> dict[str, Any]:
    (line, column), (last_line, last_column) = index.place(start), index.place(end)
    region = {
        "startLine": line,
        "startColumn": column,
        "endLine": last_line,
        "endColumn": last_column,
        "charOffset": start,
        "charLength": end - start,
        "snippet": {"text": checked.draft.text[start:end]},
    }
    return {"physicalLocation": {"artifactLocation": _artifact(checked), "region": region}}


def _fix(checked: Checked, edit: Edit, index: LineIndex) -> dict[str, Any]:
    (line, column), (last_line, last_column) = index.place(edit.start), index.place(edit.end)
    region = {"startLine": line, "startColumn": column, "endLine": last_line, "endColumn": last_column}
    replacement = {"deletedRegion": region, "insertedContent": {"text": edit.text}}
    return {
        "description": {"text": edit.label},
        "artifactChanges": [{"artifactLocation": _artifact(checked), "replacements": [replacement]}],
    }
