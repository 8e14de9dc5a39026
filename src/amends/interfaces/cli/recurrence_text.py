"""Recurrence for people: what it may be again and why, what was promised then, and how each guardrail did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.interfaces.cli.as_text import instant_in_words
from amends.interfaces.cli.intervals import percents
from amends.interfaces.cli.ledger_text import short_length
from amends.interfaces.cli.terminal import safe, wrapped
from amends.recurrence import report
from amends.recurrence.traits import title
from amends.usecases.recurring import WINDOW

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from amends.interfaces.cli.ledger_desk import Desk
    from amends.recurrence.prevention import Guarded, Repeat
    from amends.recurrence.told import Met, MetBefore, Mistake, OnThisDay

_STYLES = {"held": "good", "did-not-hold": "error", "not-in-time": "warning", "not-there": "warning"}
JUDGED = {"repeat": "the same failure again", "related": "related", "new": "another one"}
"""What people said of a pair, in words."""


def answer_met(desk: Desk, told: MetBefore, says: str = "") -> None:
    """What an incident may be again, as the caller wants it, below what was done where something was."""
    whole = report.as_dict(told)
    desk.answer(whole, [*whole["same"], *whole["related"]], f"{says}{RecurrenceText(desk).met_before(told)}")


def answer_over_time(desk: Desk, says: str, days: int = WINDOW, **more: int) -> None:
    """What came several times and how often judged matches were right, below a line that says what was done."""
    recurring = desk.usecases.recurring
    repeats, judged = recurring.repeats(days=days, by=desk.person), recurring.records(by=desk.person)
    shares = [(one.record, (one.share.low, one.share.share, one.share.high) if one.share else None) for one in judged]
    told = report.over_time_as_dict(recurring.mode(by=desk.person), repeats, shares) | more
    lines = [says, "", *RecurrenceText(desk).repeats(repeats), ""]
    for one in judged:
        said = "met before" if one.record.strength == "met-before" else "maybe related"
        right = f"{one.record.right} of {one.record.judged} judged were right"
        lines.append(
            f"“{said}”: {right} ({percents(one.share.low, one.share.high)})" if one.share else f"“{said}”: nobody has judged one yet"
        )
    desk.answer(told, [told], "\n".join(lines) + "\n")


class RecurrenceText:
    """Writes recurrence for the person at a desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def met_before(self, told: MetBefore) -> str:
        """What it may be again, what waits to be judged, and the fingerprint."""
        lines = [f"{safe(told.incident.title)}", ""]
        if told.same:
            lines += [f"You have met this before: {told.often}, this time included.", ""]
        else:
            hidden = {"off": "Nothing is looked for: recurrence is off.", "shadow": "Nothing is shown: recurrence is in shadow."}
            lines += [hidden.get(told.mode, "Nothing earlier is known to be the same failure."), ""]
        for one in told.same:
            lines += [*self._met(one), ""]
        if told.related:
            lines += ["Maybe related", ""]
            for one in told.related:
                lines += [*self._met(one), ""]
        waiting = [one for one in told.to_judge if one not in (*told.same, *told.related)]
        if waiting:
            lines += ["To be judged at the review", ""]
            for one in waiting:
                lines += [*self._met(one), ""]
        if told.to_judge:
            lines += [f"→ amends recurrence judge {told.incident.id[-6:]} EARLIER repeat|related|new", ""]
        lines += ["What it is compared by", *self._fingerprint(told)]
        return "\n".join(lines) + "\n"

    def mistakes(self, found: Sequence[Mistake]) -> str:
        """Mistake, guardrail, and what shows that it fired or would have."""
        lines = []
        for one in found:
            category = f"  ({title('category', one.category)})" if one.category else ""
            lines += wrapped(f"{self.when(one.incident.started_at)}: {safe(one.incident.title)}{category}", self._desk.width, "", "  ")
            lines += self._guarded(one.guarded) or ["  no guardrail yet"]
            lines.append("")
        return "\n".join(lines) if lines else "no guardrail yet: nothing was promised after an incident\n"

    def days(self, found: Sequence[OnThisDay]) -> str:
        """What began on this date."""
        lines = []
        for one in found:
            years = "a year ago" if one.years == 1 else f"{one.years} years ago"
            done, promised = one.kept
            kept = f"; guardrails in place: {done} of {promised}" if promised else ""
            told = f"{years}: {safe(one.incident.title)} ({one.incident.severity}){kept}"
            lines += wrapped(told, self._desk.width, f"{one.incident.id[-6:]}  ", " " * 8)
        return "\n".join(lines) + "\n" if lines else "nothing is known to have begun on this date a year ago, or two\n"

    def repeats(self, found: Iterable[Repeat]) -> list[str]:
        """The categories that came several times, with their exposure."""
        return [f"{title('category', one.category)}: {one.text}" for one in found] or ["no category came twice"]

    def kinds(self, rows: Sequence[Mapping[str, str]]) -> str:
        """The kinds of each part, each with what it is about."""
        lines: list[str] = []
        for number, row in enumerate(rows):
            if number == 0 or rows[number - 1]["part"] != row["part"]:
                lines += ["", row["part"]] if lines else [row["part"]]
            lines += wrapped(f"{row['title']}: {row['about']}", self._desk.width, f"  {row['id']:<21}", " " * 23)
        return "\n".join(lines) + "\n"

    def when(self, at: datetime) -> str:
        """An instant on the reader's clock, with its offset."""
        return instant_in_words(at.astimezone(self._desk.zone))

    def _met(self, one: Met) -> list[str]:
        head = f"{one.incident.id[-6:]}  "
        lines = wrapped(f"{safe(one.incident.title)}, {self.when(one.incident.started_at)}", self._desk.width, head, " " * len(head))
        lines[0] = self._desk.paint("bold", head) + lines[0][len(head) :]
        told = [reason.text for reason in one.match.reasons] if one.match else []
        if one.judgement is not None:
            why = f", because: {safe(one.judgement.why)}" if one.judgement.why else ""
            told.insert(0, f"people say: {JUDGED[one.judgement.verdict]}{why}")
        for reason in told:
            lines += wrapped(safe(reason), self._desk.width, f"{' ' * len(head)}- ", " " * (len(head) + 2))
        return lines + (self._guarded(one.guarded, " " * len(head)) or [f"{' ' * len(head)}nothing was promised then"])

    def _guarded(self, guarded: Sequence[Guarded], margin: str = "  ") -> list[str]:
        lines: list[str] = []
        length = short_length([one.prevention.id for one in guarded])
        for one in guarded:
            own = one.prevention
            head = f"{margin}{own.id[-length:]}  "
            lines += wrapped(f"{safe(own.words)}: {own.told}", self._desk.width, head, " " * len(head))
            style = _STYLES.get(one.held)
            said = wrapped(f"→ {one.text}", self._desk.width, " " * len(head), " " * (len(head) + 2))
            lines += [self._desk.paint(style, line) if style else line for line in said]
            for event in one.events:
                evidence = (event.evidence or "")[-6:] if event.evidence_kind == "incident" else safe(event.evidence or "")
                more = f": {safe(event.text)}" if event.text else ""
                happened = f"{event.what.replace('-', ' ')} {self.when(event.at)}"
                told = f"{happened}, shown by {event.evidence_kind} {evidence}{more} ({event.id[-6:]})"
                lines += wrapped(told, self._desk.width, " " * len(head), " " * (len(head) + 2))
        return lines

    def _fingerprint(self, told: MetBefore) -> list[str]:
        lines = []
        for one in told.fingerprint.traits:
            how = "declared" if one.source == "declared" else f"“{safe(one.quote)}” in the {_PLACES.get(one.source, one.source)}"
            lines += wrapped(f"{safe(one.title)} ({how})", self._desk.width, f"  {one.part:<10} ", " " * 13)
        return lines or ["  nothing yet: say it with `amends recurrence declare`"]


_PLACES = {
    "cause": "cause", "condition": "account", "happened": "facts", "badly": "account", "deploy": "timeline", "claim": "account",
    "commit": "commits", "entry": "timeline", "message": "messages",
}  # fmt: skip
