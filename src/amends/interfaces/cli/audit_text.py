"""An audit for people at a terminal, and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.record import record
from amends.interfaces.cli.as_json import dumps
from amends.interfaces.cli.as_text import instant_in_words
from amends.interfaces.cli.result import counted
from amends.interfaces.cli.terminal import safe, wrapped
from amends.language.report import plain
from amends.promises.audit import AuditedPromise, as_values
from amends.promises.reckon import months, summary
from amends.promises.waiting import TOLD

if TYPE_CHECKING:
    from amends.core.problem import Problem
    from amends.interfaces.cli.result import View
    from amends.promises.audit import Passed, Silent
    from amends.promises.picks import Picks
    from amends.promises.reckon import Figures, Month

SCHEMA = "amends.promise-audit/1"
WORST = 5
SILENT = 3
MONTHS = 12
EXAMPLES = 3
_BAR = 20

CODES = {
    "backdated": "backdated",
    "bad-archive": "left closed in an archive",
    "bad-field": "with a field that is not text",
    "bad-line": "broken lines",
    "bad-time": "with a time that is none",
    "deleted": "changed or deleted, so that their words are lost",
    "duplicate": "there twice, counted once",
    "edited": "changed after they were published",
    "empty": "without a text",
    "later": "cut, because of --at",
    "missing-field": "with a field missing",
    "no-incident": "that belong to no incident",
    "no-time": "without a time",
    "not-read": "files without updates",
    "same-id": "with the id of another",
    "too-large": "too large",
    "unknown-audience": "with an audience that is none",
    "unknown-zone": "with a zone that is none",
    "unordered": "incidents out of order, sorted",
    "unreadable": "that could not be read",
}
"""What a problem of the feed is called beside its number."""


_REASONS = {
    TOLD["timeless"]: ("names no time that can be checked", "name no time that can be checked"),
    TOLD["unseen"]: ("is about work that updates do not show", "are about work that updates do not show"),
    TOLD["past"]: ("named a time that had passed when it was published", "named a time that had passed when they were published"),
    TOLD["unsaid"]: ("promised a fix, and no later update says resolved", "promised a fix, and no later update says resolved"),
}


@record
class Closing:
    """Everything that is known at the end: the figures, what is worth showing, and what was wrong with the sources."""

    figures: Figures
    picks: Picks
    problems: list[Problem]
    problem_counts: dict[str, int]
    refused: int


class AuditRenderer:
    """A way of writing an audit: something before, a piece for each finding, something after."""

    def __init__(self, view: View) -> None:
        self.view = view

    def begin(self) -> str:
        """What stands before the first finding."""
        return ""

    def found(self, found: AuditedPromise | Silent | Passed) -> str:
        """One finding; empty where it is not written by itself."""
        return ""

    def end(self, closing: Closing) -> str:
        """What stands after the last."""
        return ""


class AuditAsLines(AuditRenderer):
    """One promise a line."""

    def found(self, found: AuditedPromise | Silent | Passed) -> str:
        """A line for a promise, nothing for the rest."""
        return dumps(as_values(found)) + "\n" if isinstance(found, AuditedPromise) else ""


class AuditAsJson(AuditRenderer):
    """One object, written promise by promise."""

    _first = True

    def begin(self) -> str:
        """The start of the object."""
        return f'{{"schema": "{SCHEMA}", "promises": ['

    def found(self, found: AuditedPromise | Silent | Passed) -> str:
        """A promise on a line of its own."""
        if not isinstance(found, AuditedPromise):
            return ""
        comma = "\n" if self._first else ",\n"
        self._first = False
        return comma + dumps(as_values(found))

    def end(self, closing: Closing) -> str:
        """The figures, and what was wrong with the sources."""
        figures = closing.figures
        parts = {
            "summary": summary(figures),
            "months": months(figures),
            "lateness": [{"late": name, "promises": count} for name, count in figures.lateness],
            "unverifiable": [{"reason": name, "promises": count} for name, count in figures.reasons],
            "problem_counts": dict(sorted(closing.problem_counts.items())),
            "problems": [plain(one) for one in closing.problems],
        }
        written = ",\n".join(f'"{name}": {dumps(value)}' for name, value in parts.items())
        return ("]" if self._first else "\n]") + f",\n{written}}}\n"


class AuditAsText(AuditRenderer):
    """One screen: how many promises were kept, when, the worst of them, and what was wrong with what was read."""

    _listed = False

    def found(self, found: AuditedPromise | Silent | Passed) -> str:
        """With --all a line for each promise, as it is judged."""
        if self.view.top is not None or self.view.quiet or not isinstance(found, AuditedPromise):
            return ""
        head = "" if self._listed else self.view.paint("bold", "promises") + "\n"
        self._listed = True
        return head + self._promise(found)

    def end(self, closing: Closing) -> str:
        """The report."""
        figures = closing.figures
        first = headline(figures)
        if self.view.quiet:
            return first + "\n"
        lines = ["", *wrapped(first, self.view.width)] if self._listed else wrapped(first, self.view.width)
        lines[1 if self._listed else 0] = self.view.paint("bold", lines[1 if self._listed else 0])
        for part in (_counts(figures), lateness_in_words(figures), _unverifiable(figures)):
            lines += wrapped(part, self.view.width, "  ", "  ") if part else []
        lines += self._months(figures)
        lines += self._worst(closing)
        lines += self._silent(closing)
        lines += self._feed(closing)
        return "\n".join(lines) + "\n"

    def _months(self, figures: Figures) -> list[str]:
        shown = figures.months if self.view.top is None else figures.months[-MONTHS:]
        judged = [month for month in shown if month.hit_rate is not None]
        if len(judged) < 2:
            return []
        lines = ["", self.view.paint("bold", "by month") + "   kept  late  missed  in time"]
        lines += [_month_line(month) for month in judged]
        hidden = sum(month.hit_rate is not None for month in figures.months) - len(judged)
        return [*lines, f"  … and {counted(hidden, 'month')} before (--all shows them)"] if hidden > 0 else lines

    def _worst(self, closing: Closing) -> list[str]:
        worst = closing.picks.worst.items()[:WORST]
        if not worst:
            return []
        lines = ["", self.view.paint("bold", "the worst")]
        for one in worst:
            lines += self._promise(one).splitlines()
        return lines

    def _promise(self, one: AuditedPromise) -> str:
        style = {"kept": "good", "missed": "error", "late": "warning"}.get(one.fate, "dim")
        first = f"  {one.fate:<12}"
        what = f"“{one.quote}”" + (f", due {instant_in_words(one.due)}" if one.due is not None else "") + outcome(one)
        lines = wrapped(what, self.view.width, first, " " * 14)
        lines[0] = "  " + self.view.paint(style, one.fate) + lines[0][2 + len(one.fate) :]
        place = f"{one.source}:{one.line}" if one.line is not None else one.source
        named = f"{one.title} ({one.incident})" if one.title and one.title != one.incident else one.incident
        lines += wrapped(f"{named}, {place}", self.view.width, " " * 14, " " * 14)
        return "".join(f"{line}\n" for line in lines)

    def _silent(self, closing: Closing) -> list[str]:
        figures = closing.figures
        if not figures.updates_without_next_time:
            return []
        updates = counted_k(figures.updates, "update")
        said = f"{figures.updates_without_next_time:,} of {updates} neither ended their incident nor said when the "
        said += "next one comes"
        lines = ["", self.view.paint("bold", "no next time"), *wrapped(said, self.view.width, "  ", "  ")]
        for one in closing.picks.silent.items()[:SILENT]:
            place = f"{one.source}:{one.line}" if one.line is not None else one.source
            lines += wrapped(f"{instant_in_words(one.at)}, {one.title or one.incident}, {place}", self.view.width, "  - ", "    ")
        return lines

    def _feed(self, closing: Closing) -> list[str]:
        if not closing.problem_counts:
            return []
        lines = ["", self.view.paint("bold", "what was read")]
        for code, count in sorted(closing.problem_counts.items(), key=lambda pair: (-pair[1], pair[0])):
            lines += wrapped(f"{count:,} {CODES.get(code, code)}", self.view.width, "  ", "    ")
            examples = [one for one in closing.problems if one.code == code]
            for one in examples[: EXAMPLES if self.view.top is not None else None]:
                lines += wrapped(f"{_place(one)}{one.message}", self.view.width, "    - ", "      ")
        return lines


def headline(figures: Figures) -> str:
    """The one sentence that answers the question."""
    if not figures.updates:
        return "Nothing was read, so nothing is known."
    if not figures.made:
        return f"No promise in {counted_k(figures.updates, 'update')} of {counted_k(figures.incidents, 'incident')}."
    if not figures.judged:
        made = counted_k(figures.made, "promise")
        verb = "none of them has" if figures.made > 1 else "it has not"
        return f"{made} in {counted_k(figures.updates, 'update')}; {verb} come due in a way that can be judged."
    kept = figures.count("kept")
    were = "was" if kept == 1 else "were"
    return f"{kept:,} of {counted_k(figures.judged, 'promise')} that can be judged {were} kept in time: {percent(figures.hit_rate)}."


def counted_k(number: int, word: str) -> str:
    """A number with its noun, in thousands."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def percent(rate: float | None) -> str:
    """A rate for people. Only all is 100 %, only none is 0 %."""
    if rate is None:
        return "–"
    shown = round(rate * 100)
    shown = 99 if shown == 100 and rate < 1 else 1 if shown == 0 and rate > 0 else shown
    return f"{shown} %"


def span(seconds: int) -> str:
    """A length of time for people: 40 s, 9 min, 2 h 5 min, 3 d 4 h."""
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def outcome(one: AuditedPromise) -> str:
    """What became of a promise, in the words that follow its due time."""
    if one.fate == "late" and one.late_by_s is not None:
        return f": {span(one.late_by_s)} late"
    if one.fate == "missed":
        return ": no update came"
    if one.fate == "moved" and one.moved_to is not None:
        return f": moved to {instant_in_words(one.moved_to)} before it was due"
    return f": {one.reason}" if one.fate == "unverifiable" and one.reason else ""


def _counts(figures: Figures) -> str:
    counts = dict(figures.counts)
    names = [
        name for name in ("kept", "late", "missed", "moved", "withdrawn", "open") if counts[name] or name in ("kept", "late", "missed")
    ]
    return ", ".join(f"{counts[name]:,} {name}" for name in names)


def lateness_in_words(figures: Figures) -> str:
    """How late the late ones were; empty when none was. Shares are told of ten or more."""
    if figures.latest_s is None:
        return ""
    said = dict(figures.late_quantiles)
    if figures.count("late") < 10:
        return f"When late, then by {span(figures.latest_s)} at most."
    return f"When late: half by at most {span(said[50])}, nine of ten by at most {span(said[90])}, the latest by {span(figures.latest_s)}."


def _unverifiable(figures: Figures) -> str:
    count = figures.count("unverifiable")
    if not count:
        return ""
    return f"{counted_k(count, 'more promise')} cannot be judged: " + "; ".join(reason_in_words(*one) for one in figures.reasons) + "."


def reason_in_words(reason: str, number: int) -> str:
    """Why so many promises cannot be judged."""
    one, many = _REASONS[reason]
    return f"{number:,} {one if number == 1 else many}"


def _month_line(month: Month) -> str:
    counts = dict(month.counts)
    bar = "█" * round((month.hit_rate or 0) * _BAR)
    return f"  {month.month}  {counts['kept']:>6,}{counts['late']:>6,}{counts['missed']:>8,}{percent(month.hit_rate):>9}  {bar}".rstrip()


def _place(one: Problem) -> str:
    place = f"{safe(one.path)}:" if one.path else ""
    return place + (f"{one.line}: " if one.line is not None else " " if place else "")
