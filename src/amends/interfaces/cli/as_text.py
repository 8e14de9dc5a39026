"""The report for people: the draft marked like a good compiler marks code, the best three remarks first."""

from __future__ import annotations

from amends.core.span import LineIndex
from amends.interfaces.cli.result import SEVERITIES, Renderer, counted
from amends.interfaces.cli.terminal import safe, wrapped
from amends.language.forms import ANY
from amends.language.presence import SIGNALS

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from datetime import datetime

    from amends.interfaces.cli.result import Checked, Tally
    from amends.language.records import Commitment, Document, Finding

_SIGNALS = {"impact": "impact awareness"}
_MOST_PROMISES = 6
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_READERS = {"team": "the team", "leadership": "leadership", "customers": "customers", "partner": "a partner"}


class TextRenderer(Renderer):
    """Writes one block per text, and a count at the end when there was more than one text."""

    _first = True

    def document(self, checked: Checked) -> str:
        """The opening, the findings in their lines, the promises, and what was silenced."""
        index = LineIndex(checked.draft.text)
        lines = [] if self._first else [""]
        self._first = False
        lines += self._opening(checked, index)
        for problem in checked.document.problems:
            place = f"{safe(checked.label)}:{'' if problem.line is None else f'{problem.line}:'} "
            lines += ["", *self._remark(place, "note", problem.code, problem.message)]
            lines += self._aside("try:", problem.hint) if problem.hint else []
        shown = checked.document.findings[: self.view.top]
        for together in _groups(shown):
            lines += ["", *(self._finding(checked, together[0], index) if len(together) == 1 else self._not_said(together))]
        lines += self._more(checked.document.findings[len(shown) :])
        lines += self._promises(checked.document)
        lines += self._silenced(checked.document)
        lines += self._evidence(checked, index)
        return "\n".join(lines) + "\n"

    def end(self, tally: Tally) -> str:
        """The count over all texts."""
        if tally.texts < 2:
            return ""
        found = ", ".join(counted(tally.counts[one], one) for one in SEVERITIES if tally.counts[one]) or "nothing to remark"
        return f"\n{counted(tally.texts, 'text')}: {found}\n"

    def _opening(self, checked: Checked, index: LineIndex) -> list[str]:
        document, paint = checked.document, self.view.paint
        label = safe(checked.label)
        form = f"{document.form} ({'recognised' if checked.guessed else 'as asked'})"
        if checked.guessed and document.form == ANY:
            form = "no form recognised"
        lines = wrapped(f"{form}, for {_READERS.get(document.audience, document.audience)}", self.view.width, f"{label}: ", "  ")
        lines[0] = paint("bold", label) + lines[0][len(label) :]
        if document.signals:
            parts = []
            asked = {move.move for move in document.moves if move.required}
            for signal in document.signals:
                name = _SIGNALS.get(signal.signal, signal.signal)
                at = f" ({_place(index, signal.start)})" if signal.start is not None else ""
                silent = "not met" if not asked or not asked.isdisjoint(SIGNALS[signal.signal]) else "not asked for here"
                parts.append(f"{name} {f'met{at}' if signal.met else silent}")
            lines += wrapped("; ".join(parts), self.view.width, "  signals  ", "           ")
        said = [move.move for move in document.moves if move.present]
        missing = [move.move for move in document.moves if move.required and not move.present]
        if said:
            lines += wrapped(", ".join(said), self.view.width, "  said     ", "           ")
        if missing:
            lines += wrapped(", ".join(missing), self.view.width, "  missing  ", "           ")
        if not document.findings and not document.problems:
            lines.append("  " + paint("good", _praise(document)))
        return lines

    def _evidence(self, checked: Checked, index: LineIndex) -> list[str]:
        """For each sentence its labels, with what spoke for and against each."""
        lines: list[str] = []
        begun = None
        for one in checked.evidence:
            if one.start != begun:
                begun = one.start
                quote = " ".join(checked.draft.text[one.start : one.end].split())
                lines += ["", *wrapped(f"“{safe(quote)}”", self.view.width, f"{_place(index, one.start)}: ", "    ")]
            spoke = "; ".join(f"{evidence.odds:+.1f} {evidence.what}" for evidence in one.evidence)
            head = f"  {one.label} ({one.confidence:.2f}; log-odds {one.odds:+.1f}, told from {one.least:+.1f}): "
            lines += wrapped(safe(spoke) or "nothing alone", self.view.width, head, "      ")
        return lines

    def _finding(self, checked: Checked, finding: Finding, index: LineIndex) -> list[str]:
        lines = self._remark(f"{safe(checked.label)}:{finding.line}:{finding.column}: ", finding.severity, finding.rule, finding.message)
        if not _about_what_is_missing(checked, finding):
            from amends.interfaces.cli.excerpt import excerpt  # a good message needs none

            lines += excerpt(checked.draft.text, index, finding.start, finding.end, self.view.width, self.view.paint, finding.severity)
        lines += self._aside("why:", finding.why)
        for suggestion in finding.suggestions:
            lines += self._aside("try:", suggestion)
        for edit in finding.edits:
            words = edit.text.strip()
            if words and any(words in suggestion for suggestion in finding.suggestions):
                continue  # it is told already
            lines += self._aside("rewrite:", edit.label if not words or words in edit.label else f"{edit.label}: “{words}”")
        if self.view.explain:
            lines += self._explained(finding)
        return lines

    def _not_said(self, missing: list[Finding]) -> list[str]:
        """Moves that are missing, in one block: what the reader will ask, and how a sentence for it may begin."""
        lines = [self.view.paint("bold", "not said yet")]
        for finding in missing:
            question = finding.message[: finding.message.find("?") + 1] or finding.message
            lines += self._remark("  ", finding.severity, finding.rule, question)
            if self.view.top is None or self.view.explain:
                lines += self._aside("why:", finding.why)
            for suggestion in finding.suggestions[:1]:
                lines += self._aside("try:", suggestion.removeprefix("Write: "))
            if self.view.explain:
                lines += self._explained(finding)
        return lines

    def _explained(self, finding: Finding) -> list[str]:
        rule = self.view.rule(finding.rule)
        lines = self._aside("from:", finding.source)
        if rule is not None:
            lines += self._aside("rule:", rule.title)
            lines += [line for example in rule.hits[:1] for line in self._aside("found in:", _plain(example))]
            lines += [line for example in rule.misses[:1] for line in self._aside("not in:", _plain(example))]
        return lines + self._aside("silence:", f"<!-- amends: ignore {finding.rule} because … -->")

    def _remark(self, place: str, severity: str, rule: str, message: str) -> list[str]:
        head = f"{place}{severity}[{rule}]:"
        painted = f"{place}{self.view.paint(severity, f'{severity}[{rule}]')}:"
        if len(head) * 2 > self.view.width:
            return [painted, *wrapped(message, self.view.width, "    ", "    ")]
        lines = wrapped(message, self.view.width, f"{head} ", "    ")
        return [painted + lines[0][len(head) :], *lines[1:]]

    def _aside(self, word: str, text: str) -> list[str]:
        first, later = f"     {word} ", " " * (6 + len(word))
        lines = wrapped(text, self.view.width, first, later)
        return [f"     {self.view.paint('bold', word)} " + lines[0][len(first) :], *lines[1:]]

    def _more(self, rest: tuple[Finding, ...]) -> list[str]:
        if not rest:
            return []
        counts = ((one, sum(finding.severity == one for finding in rest)) for one in SEVERITIES)
        kinds = ", ".join(counted(number, one) for one, number in counts if number)
        return ["", *wrapped(f"… and {len(rest)} more: {kinds} (--all shows them)", self.view.width)]

    def _promises(self, document: Document) -> list[str]:
        if not document.promises:
            return []
        lines = ["", self.view.paint("bold", "promises")]
        most = None if self.view.top is None else _MOST_PROMISES
        for promise in document.promises[:most]:
            lines += wrapped(f"“{promise.quote}” → {due_in_words(promise)}", self.view.width, "  ", "    ")
        rest = 0 if most is None else len(document.promises) - most
        return [*lines, f"  … and {rest} more (--all shows them)"] if rest > 0 else lines

    def _silenced(self, document: Document) -> list[str]:
        if not document.suppressed:
            return []
        if self.view.top is not None:
            return ["", f"{counted(len(document.suppressed), 'finding')} silenced (--all lists them)"]
        lines = ["", self.view.paint("bold", "silenced")]
        for one in document.suppressed:
            because = f": {one.reason}" if one.reason else ""
            lines += wrapped(f"{one.rule}, by {one.by}{because}", self.view.width, "  ", "    ")
        return lines


class LineRenderer(Renderer):
    """One line a finding, for `--quiet` and for tools that jump to places."""

    def document(self, checked: Checked) -> str:
        """The problems and findings of one text as `file:line:column: severity[rule] message`."""
        label = safe(checked.label)
        problems = (
            f"{label}:{problem.line or 1}:1: note[{problem.code}] {safe(problem.message)}\n" for problem in checked.document.problems
        )
        findings = (
            f"{label}:{finding.line}:{finding.column}: {finding.severity}[{finding.rule}] {safe(finding.message)}\n"
            for finding in checked.document.findings[: self.view.top]
        )
        return "".join((*problems, *findings))


def _praise(document: Document) -> str:
    """What is said when there is nothing to remark: the moves that are there by name, and no praise beyond them."""
    needed = [move.move for move in document.moves if move.required]
    if needed and all(signal.met for signal in document.signals):
        return f"All that its reader needs is there: {', '.join(needed)}."
    return "Nothing to remark."


def _groups(findings: tuple[Finding, ...]) -> list[list[Finding]]:
    """The findings in order; neighbours that each miss a move stand together, because they are told in one block."""
    groups: list[list[Finding]] = []
    for finding in findings:
        if groups and _misses_a_move(finding) and _misses_a_move(groups[-1][-1]):
            groups[-1].append(finding)
        else:
            groups.append([finding])
    return groups


def _misses_a_move(finding: Finding) -> bool:
    return finding.move is not None and finding.rule.startswith("missing-")


def _about_what_is_missing(checked: Checked, finding: Finding) -> bool:
    """Whether the remark is about what is not there, or about the text as such, so that marking words would mislead.

    Such a remark stands at the first sentence, below a heading or greeting, because it has to stand somewhere.
    """
    if finding.flaw is not None or finding.end <= finding.start:
        return False
    added = bool(finding.edits) and all(edit.start == edit.end for edit in finding.edits)
    somewhere = any((one.start, one.end) == (finding.start, finding.end) for one in checked.document.sentences[:2])
    whole = finding.end - finding.start >= len(checked.draft.text.strip()) > 80
    return added or finding.rule.startswith("missing-") or somewhere or whole


def _place(index: LineIndex, offset: int) -> str:
    line, column = index.place(offset)
    return f"{line}:{column}"


def _plain(example: object) -> str:
    text = str(example["text"]) if isinstance(example, dict) else str(example)
    return text.replace("[[", "").replace("]]", "")


def due_in_words(promise: Commitment) -> str:
    """When a promise falls due, and what was assumed for it; or why no time follows from it."""
    if promise.due is None:
        return promise.note or "no time that can be checked"
    when = instant_in_words(promise.due) if promise.grain in ("minute", "hour") else f"by the end of {_day(promise.due)}"
    return when + (f"; {promise.note}" if promise.note else "")


def instant_in_words(time: datetime) -> str:
    """A time for people, with its day and offset."""
    return f"{_day(time)}, {time:%H:%M} {_offset(time)}"


def _day(time: datetime) -> str:
    return f"{_DAYS[time.weekday()]} {time.day} {_MONTHS[time.month - 1]} {time.year}"


def _offset(time: datetime) -> str:
    text = f"{time:%z}"
    return "UTC" if text in ("+0000", "") else f"{text[:3]}:{text[3:5]}"
