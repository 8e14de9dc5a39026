"""Comparisons for programs, for the pull request and for a workflow: JSON, JSON lines, Markdown, annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.core.span import LineIndex
from amends.interfaces.cli.as_github import COMMANDS, command
from amends.interfaces.cli.as_json import closing, dumps, opening
from amends.interfaces.cli.as_markdown import plain
from amends.interfaces.cli.result import SEVERITIES, Tally, counted
from amends.narrative.drift_report import SCHEMA, as_dict, reworded

if TYPE_CHECKING:
    from amends.interfaces.cli.compare_pairs import Pair
    from amends.narrative.drift import Drift
    from amends.usecases.comparing import Compared


class ComparisonRenderer:
    """A way of writing comparisons: something before, one piece a pair, something after. Each piece ends its own lines."""

    def begin(self) -> str:
        """What stands before the first pair."""
        return ""

    def comparison(self, pair: Pair, compared: Compared) -> str:
        """One pair."""
        raise NotImplementedError

    def end(self, tally: Tally) -> str:
        """What stands after the last pair."""
        return ""


class ComparisonAsLines(ComparisonRenderer):
    """One comparison a line, in order."""

    def comparison(self, pair: Pair, compared: Compared) -> str:
        """One line."""
        return dumps(values_of(pair, compared)) + "\n"


class ComparisonAsJson(ComparisonRenderer):
    """One object with all comparisons."""

    _first = True

    def begin(self) -> str:
        """The start of the object."""
        return opening(SCHEMA)

    def comparison(self, pair: Pair, compared: Compared) -> str:
        """One comparison on a line of its own."""
        comma = "\n" if self._first else ",\n"
        self._first = False
        return comma + dumps(values_of(pair, compared))

    def end(self, tally: Tally) -> str:
        """The end of the object, with the inputs that were refused."""
        return closing(tally, empty=self._first)


class ComparisonForGithub(ComparisonRenderer):
    """One workflow command a drift, in the retold file; what it does not tell is marked at its beginning."""

    def comparison(self, pair: Pair, compared: Compared) -> str:
        """The commands of one pair."""
        where = {"file": pair.retold_label, "line": 1}
        out = [command("notice", {**where, "title": one.code}, f"{one.message} {one.hint}".strip()) for one in compared.problems]
        index = LineIndex(pair.retold)
        return "".join((*out, *(_annotation(pair, index, drift) for drift in compared.comparison.drifts)))


class ComparisonAsMarkdown(ComparisonRenderer):
    """A section a pair, for a comment on a pull request."""

    def comparison(self, pair: Pair, compared: Compared) -> str:
        """One section: each drift with what both sides say."""
        lines = [f"### {plain(pair.retold_label)} against {plain(pair.source_label)}", ""]
        lines += [f"- {plain(one.message)}: {plain(one.hint)}" for one in compared.problems]
        found = compared.comparison
        for drift in found.drifts:
            lines += [f"- **{drift.severity}** `{drift.kind}`: {plain(drift.message)}", ""]
            lines += [f"  | {plain(pair.source_label)} | {plain(pair.retold_label)} |", "  |---|---|"]
            lines += [f"  | {_cell(drift.source)} | {_cell(drift.retold)} |", ""]
        if not found.drifts and not compared.problems:
            told = "" if pair.promises else f"; {counted(found.kept, 'sentence')} of the source told"
            lines.append(f"No drift found{told}.")
        lines += [f"- withheld, and said so: {plain(one.quote)}" for one in found.redactions]
        return "\n".join(lines).rstrip() + "\n\n"

    def end(self, tally: Tally) -> str:
        """The count over all pairs."""
        return f"{counted(tally.texts, 'comparison')}: {counts(tally)}\n"


RENDERERS: dict[str, type[ComparisonRenderer]] = {
    "json": ComparisonAsJson,
    "jsonl": ComparisonAsLines,
    "github": ComparisonForGithub,
    "markdown": ComparisonAsMarkdown,
}


def values_of(pair: Pair, compared: Compared) -> dict[str, Any]:
    """One comparison as plain values; the texts of a line of JSON have no path."""
    paths = (pair.source_label, pair.retold_label) if pair.row is None else (None, None)
    return as_dict(compared.comparison, compared.problems, id=pair.id, source_path=paths[0], retold_path=paths[1], audience=pair.audience)


def counts(tally: Tally) -> str:
    """How many drifts there are, by how grave they are."""
    return ", ".join(counted(tally.counts[one], one) for one in SEVERITIES if tally.counts[one]) or "no drift"


def _annotation(pair: Pair, index: LineIndex, drift: Drift) -> str:
    where: dict[str, object] = {"file": pair.retold_label, "line": 1}
    if drift.retold is not None:
        line, column = index.place(drift.retold.start)
        last_line, last_column = index.place(drift.retold.end)
        where |= {"line": line, "endLine": last_line}
        if line == last_line:  # columns are only understood within one line
            where |= {"col": column, "endColumn": last_column}
    where["title"] = drift.kind
    said = f"\n{pair.source_label}: “{drift.source.quote}”" if drift.source is not None else ""
    lost = f"\nLost: {', '.join(reworded(drift)[0])}" if reworded(drift)[0] else ""
    return command(COMMANDS[drift.severity], where, f"{drift.message}{said}{lost}")


def _cell(side: Any) -> str:
    return plain(side.quote) if side is not None else "(nothing)"
