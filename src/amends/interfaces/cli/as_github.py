"""Annotations that a GitHub workflow shows in the changed files (workflow commands on standard output)."""

from __future__ import annotations

from amends.core.span import LineIndex
from amends.interfaces.cli.result import Renderer

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from amends.interfaces.cli.result import Checked

COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
"""The workflow command of each severity."""


class GithubRenderer(Renderer):
    """One workflow command a finding and a problem."""

    def document(self, checked: Checked) -> str:
        """The commands of one text."""
        index = LineIndex(checked.draft.text)
        out = [
            command(
                "notice",
                {"file": checked.label, "line": problem.line or 1, "title": problem.code},
                f"{problem.message} {problem.hint}".strip(),
            )
            for problem in checked.document.problems
        ]
        for finding in checked.document.findings:
            last_line, last_column = index.place(finding.end)
            where: dict[str, object] = {"file": checked.label, "line": finding.line, "endLine": last_line}
            if last_line == finding.line:  # columns are only understood within one line
                where |= {"col": finding.column, "endColumn": last_column}
            where["title"] = finding.rule
            suggestion = f"\nTry: {finding.suggestions[0]}" if finding.suggestions else ""
            out.append(command(COMMANDS[finding.severity], where, f"{finding.message}\n{finding.why}{suggestion}"))
        return "".join(out)


def command(name: str, properties: dict[str, object], message: str) -> str:
    """One workflow command: an `error`, a `warning` or a `notice`, with where it stands and what it says."""
    said = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {said}::{_data(message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
