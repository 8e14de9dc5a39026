"""Comparisons for people: for each drift what its reader would wrongly believe, what both texts say, and the words that were lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.span import LineIndex
from amends.interfaces.cli.compare_forms import ComparisonRenderer, counts
from amends.interfaces.cli.result import counted
from amends.interfaces.cli.terminal import safe, wrapped
from amends.narrative.drift_report import reworded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amends.interfaces.cli.compare_pairs import Pair
    from amends.interfaces.cli.result import Tally
    from amends.interfaces.cli.terminal import Paint
    from amends.narrative.drift import Drift, Side
    from amends.usecases.comparing import Compared

_READERS = {"team": "the team", "leadership": "leadership", "customers": "customers", "partner": "a partner"}
_MOST_WORDS = 12
"""Where more words than this differ, the sentence was written anew, and a list of them says nothing."""


class ComparisonText(ComparisonRenderer):
    """Writes one block a pair, and a count at the end when there was more than one.

    `about` says of drifts what else there is to say about them, such as the point of an account that they leave out.
    """

    def __init__(self, paint: Paint, width: int, about: Mapping[Drift, str] | None = None) -> None:
        self._about = about or {}
        self._paint = paint
        self._width = width
        self._first = True

    def comparison(self, pair: Pair, compared: Compared) -> str:
        """The opening, the drifts with both sides, and what was declared as withheld."""
        lines = [] if self._first else [""]
        self._first = False
        found = compared.comparison
        label = safe(pair.retold_label)
        reader = f", for {_READERS[pair.audience]}" if pair.audience else ""
        opening = wrapped(f"{label} against {safe(pair.source_label)}{reader}", self._width, "", "  ")
        lines += [opening[0].replace(label, self._paint("bold", label), 1), *opening[1:]]
        for problem in compared.problems:
            lines += self._remark("note", problem.code, problem.message)
            lines += self._aside("try", problem.hint) if problem.hint else []
        if not compared.problems or found.drifts:
            told = "" if pair.promises else f"{counted(found.kept, 'sentence')} of the source told, "
            number = f"{counted(len(found.drifts), 'drift') if found.drifts else 'no drift'} found"
            lines.append("  " + (told + number if found.drifts else self._paint("good", told + number)))
        places = LineIndex(pair.source), LineIndex(pair.retold)
        for drift in found.drifts:
            lines += ["", *self._drift(pair, drift, *places)]
        if found.redactions:
            lines += ["", self._paint("bold", "withheld, and said so")]
        for one in found.redactions:
            lines += wrapped(f"“{one.quote}”" + (f" ({one.ground})" if one.ground else ""), self._width, "  ", "    ")
        return "\n".join(lines) + "\n"

    def end(self, tally: Tally) -> str:
        """The count over all pairs."""
        return f"\n{counted(tally.texts, 'comparison')}: {counts(tally)}\n" if tally.texts > 1 else ""

    def _drift(self, pair: Pair, drift: Drift, source: LineIndex, retold: LineIndex) -> list[str]:
        lines = self._remark(drift.severity, drift.kind, drift.message)
        lines += self._aside("source", _said(drift.source, source, pair.source_label, "nothing in it says so"))
        lines += self._aside("retold", _said(drift.retold, retold, pair.retold_label, "says nothing of it"))
        for word, words in zip(("lost", "new"), reworded(drift), strict=True):
            if 0 < len(words) <= _MOST_WORDS:
                lines += self._aside(word, " · ".join(words))
        return lines + (self._aside("point", self._about[drift]) if self._about.get(drift) else [])

    def _remark(self, severity: str, kind: str, message: str) -> list[str]:
        head = f"{severity}[{kind}]:"
        lines = wrapped(message, self._width, f"{head} ", "    ")
        return [self._paint(severity, head[:-1]) + lines[0][len(head) - 1 :], *lines[1:]]

    def _aside(self, word: str, text: str) -> list[str]:
        first = f"     {word:<7}"
        lines = wrapped(text, self._width, first, " " * len(first))
        return ["     " + self._paint("bold", f"{word:<7}") + lines[0][len(first) :], *lines[1:]]


class ComparisonLines(ComparisonRenderer):
    """One line a drift, for `--quiet` and for tools that jump to places."""

    def __init__(self, paint: Paint, width: int) -> None:
        pass

    def comparison(self, pair: Pair, compared: Compared) -> str:
        """The drifts as `file:line:column: severity[kind] message`, in the source where the retold text says nothing."""
        label = safe(pair.retold_label)
        lines = [f"{label}:1:1: note[{one.code}] {safe(one.message)}\n" for one in compared.problems]
        for drift in compared.comparison.drifts:
            told = drift.retold is not None
            side, text, name = (drift.retold, pair.retold, label) if told else (drift.source, pair.source, safe(pair.source_label))
            line, column = LineIndex(text).place(side.start if side is not None else 0)
            lines.append(f"{name}:{line}:{column}: {drift.severity}[{drift.kind}] {safe(drift.message)}\n")
        return "".join(lines)


def _said(side: Side | None, index: LineIndex, label: str, otherwise: str) -> str:
    if side is None:
        return f"({otherwise})"
    line, column = index.place(side.start)
    return f"“{' '.join(side.quote.split())}” ({safe(label)}:{line}:{column})"
