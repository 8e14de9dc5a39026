"""The account of an incident for people: by parts, with how well each point is supported, and the end of each id to name it by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.interfaces.cli.as_text import instant_in_words
from amends.interfaces.cli.ledger_text import name_of, short_length
from amends.interfaces.cli.terminal import safe, wrapped
from amends.narrative.account import WITHDRAWN
from amends.narrative.account_report import NOT_SHOWN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from amends.interfaces.cli.ledger_desk import Desk
    from amends.narrative.account import Account, Evidence, Point, Stated
    from amends.narrative.happened import Happened

HEADINGS = {
    "claim": "claims",
    "condition": "what contributed",
    "no-organisational": "why no organisational condition",
    "badly": "what did not go well",
    "well": "what went well",
    "luck": "where luck helped",
    "cost": "what it cost people",
    "trust-break": "trust that was broken",
    "disagreement": "not agreed on",
    "question": "not known",
}
"""The parts in the order in which they are told; a position stands below its disagreement."""
_STYLES = {"confirmed": "good", "likely": "note", "inconclusive": "warning", "unsupported": "warning"}


class AccountText:
    """Writes points for the person at a desk. `among` are those whose short ids must differ from each other."""

    def __init__(self, desk: Desk, among: Sequence[Stated] = ()) -> None:
        self._desk = desk
        self._length = short_length([one.item for one in among])

    def short(self, name: str) -> str:
        """The end of an id, which is enough to name it."""
        return name[-self._length :]

    def account(self, account: Account) -> str:
        """All of it, by parts; what somebody has to add is said at the end."""
        blocks = []
        for part, heading in HEADINGS.items():
            found = account.claims if part == "claim" else account.of(part)
            if found:
                lines = [line for one in found for line in (*self.point(one), *self._sides(account, one))]
                blocks.append("\n".join([self._desk.paint("bold", heading), *lines]))
        if account.withdrawn:
            blocks.append(f"{len(account.withdrawn)} withdrawn; `amends account history` tells what they said")
        return "\n\n".join(blocks) + "\n" if blocks else _EMPTY

    def point(self, one: Stated) -> list[str]:
        """A point: its id, how well it is supported, what it says, and what it cites."""
        head = f"  {self.short(one.item)}  "
        later = " " * len(head)
        state = self._state(one)
        *before, last = (self._words(one.point), *self._facts(one.point))
        words = "; ".join([*(part.removesuffix(".") for part in before), last])
        label = ", ".join(part for part in (state, one.point.kind) if part)
        lines = wrapped(f"{label}: {words}" if label else words, self._desk.width, head, later)
        if state:
            lines[0] = lines[0].replace(state, self._desk.paint(_STYLES.get(one.support.status, "note"), state), 1)
        if one.evidence:
            cited = "; ".join(self.citation(cited) for cited in one.evidence)
            lines += wrapped(cited, self._desk.width, f"{later}cites ", f"{later}      ")
        return lines

    def whole(self, one: Stated) -> str:
        """A point with why it stands as it does, and its earlier revisions."""
        lines = self.point(one)
        if one.point.part not in NOT_SHOWN:
            lines += wrapped(f"{one.support.status}, because {one.support.why}", self._desk.width, "          ", "          ")
        for before in (*one.before, one.point):
            said = f"{self.when(before.recorded_at)}, {self._name(before.by)}: "
            said += "withdrawn" if before.what == WITHDRAWN else f"“{self._words(before)}”"
            lines += wrapped(said, self._desk.width, f"    {self.short(before.id)}  ", "            ")
        return "\n".join(lines) + "\n"

    def citation(self, one: Evidence) -> str:
        """What is cited, with the end of its id."""
        against = "against it: " if one.stance == "contradicts" else ""
        words = one.text or one.quote or ""
        words = words if len(words) <= _LONGEST_QUOTE else words[:_LONGEST_QUOTE] + "…"
        source = f", {safe(one.source)}" if one.source and one.kind == "entry" else ""
        if one.kind == "person" and one.ref and one.source:  # of a fact, whose words do not begin with who said them
            source = f", written down by {self._name(one.source.removeprefix('person:'))}"
        return f"{against}{one.kind} “{safe(words)}”{source} [{one.id[-self._length :]}]"

    def history(self, changes: Sequence[Happened]) -> str:
        """Each change as a sentence, oldest first, behind the point that it is about, and when and by whom it was made."""
        length = short_length([one.item for one in changes])
        lines: list[str] = []
        for one in changes:
            head = f"{one.item[-length:]}  {self.when(one.at)}, {self._name(one.by)}: "
            lines += wrapped(one.text, self._desk.width, head, " " * (length + 2))
        return "\n".join(lines) + "\n" if lines else _EMPTY

    def when(self, at: datetime) -> str:
        """An instant on the reader's clock, with its offset."""
        return instant_in_words(at.astimezone(self._desk.zone))

    def _sides(self, account: Account, one: Stated) -> list[str]:
        if one.point.part != "disagreement":
            return []
        sides = [side for side in account.of("position") if side.point.of == one.item]
        return [f"  {line}" for side in sides for line in self.point(side)]

    def _state(self, one: Stated) -> str:
        """How it stands: its support, or whether somebody closed it."""
        if one.point.what == WITHDRAWN:
            return "withdrawn"
        if one.is_open:
            return "open"
        needs = one.point.part in _NEEDS_EVIDENCE or (one.evidence and one.point.part not in NOT_SHOWN)
        return one.support.status if needs else ""

    def _words(self, point: Point) -> str:
        figure = point.value if point.value and point.value.casefold() not in point.text.casefold() else None
        return safe(point.text) + (f" ({safe(figure)})" if figure else "")

    def _facts(self, point: Point) -> list[str]:
        facts = [self.when(point.at)] if point.at is not None else []
        who = point.who if point.who and point.who.casefold() not in point.text.casefold() else None
        facts += [f"seen by {safe(who)}" if point.kind == "signal" else safe(who)] if who else []
        facts += [f"because {safe(point.because)}"] if point.because else []
        return facts + ([f"answered: {safe(point.answer)}"] if point.answer else [])

    def _name(self, person: str) -> str:
        return name_of(person, self._desk.person)


_NEEDS_EVIDENCE = ("claim", "condition")
"""Parts that are called unsupported where nothing is cited; what else people write is theirs to say."""
_LONGEST_QUOTE = 80
_EMPTY = "this account is empty; `amends account begin` takes what is written down already, `amends account add` states the rest\n"
