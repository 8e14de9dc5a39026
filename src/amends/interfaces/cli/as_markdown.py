"""A comment for a pull request: what its readers will miss, in Markdown."""

from __future__ import annotations

from amends.interfaces.cli.result import SEVERITIES, Renderer, counted

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from amends.interfaces.cli.result import Checked, Tally
    from amends.language.records import Finding

_SPECIAL = str.maketrans({char: f"\\{char}" for char in "\\`*_{}[]<>#|~"} | {"@": "@\u200b", "\n": " ", "\r": None})


class MarkdownRenderer(Renderer):
    """A section per text, a count at the end."""

    def document(self, checked: Checked) -> str:
        """One section: the signals, the findings, the promises."""
        document = checked.document
        lines = [f"### {plain(checked.label)}: {document.form}, for {document.audience}", ""]
        if document.signals:
            lines.append(" · ".join(f"{signal.signal}: {'met' if signal.met else '**not met**'}" for signal in document.signals))
        missing = [move.move for move in document.moves if move.required and not move.present]
        if missing:
            lines += ["", f"Missing: {', '.join(missing)}"]
        lines += [""] if lines[-1] else []
        for problem in document.problems:
            lines.append(f"- {plain(problem.message)} {plain(problem.hint)}".rstrip())
        shown = document.findings[: self.view.top]
        for finding in shown:
            lines += _item(checked.draft.text, finding)
        rest = len(document.findings) - len(shown)
        lines += [f"- … and {rest} more"] if rest else []
        if not document.findings and not document.problems:
            lines.append("Nothing to remark.")
        if document.promises:
            lines += ["", "| promise | due |", "|---|---|"]
            for promise in document.promises:
                lines.append(f"| {plain(promise.quote)} | {promise.due.isoformat() if promise.due else 'no time that can be checked'} |")
        return "\n".join(lines) + "\n\n"

    def end(self, tally: Tally) -> str:
        """The count over all texts."""
        found = ", ".join(counted(tally.counts[one], one) for one in SEVERITIES if tally.counts[one])
        return f"{counted(tally.texts, 'text')}: {found or 'nothing to remark'}\n"


def _item(text: str, finding: Finding) -> list[str]:
    quote = text[finding.start : finding.end]
    quote = quote if len(quote) <= 120 else quote[:117] + "…"
    lines = [f"- **{finding.severity}** `{finding.rule}` at {finding.line}:{finding.column}: {plain(finding.message)}"]
    if quote.strip():
        lines.append(f"  > {plain(quote)}")
        lines.append("")
    lines.append(f"  {plain(finding.why)}")
    lines += [f"  - {plain(suggestion)}" for suggestion in finding.suggestions]
    return lines


def plain(text: str) -> str:
    """A text that Markdown shows as it is, and that mentions nobody."""
    return text.translate(_SPECIAL)
