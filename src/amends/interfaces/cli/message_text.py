"""Messages for people: to whom, when, how far each has come, and the next step with its command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.interfaces.cli.as_text import instant_in_words
from amends.interfaces.cli.ledger_text import name_of, short_length
from amends.interfaces.cli.result import counted
from amends.interfaces.cli.terminal import safe, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from amends.core.incident import SentMessage
    from amends.incidents.hearing import Heard, Told
    from amends.interfaces.cli.ledger_desk import Desk

STATES = {
    "untold": "not told", "trying": "may have got it", "failed": "did not get it", "sent": "told", "read": "read it",
    "acknowledged": "acknowledged",
}  # fmt: skip
_STYLES = {"untold": "warning", "trying": "warning", "failed": "error", "acknowledged": "good"}


class MessageText:
    """Writes messages for the person at a desk; `among` are those whose short ids must differ."""

    def __init__(self, desk: Desk, among: Sequence[SentMessage] = ()) -> None:
        self._desk = desk
        self._length = short_length([one.id for one in among])

    def many(self, told: Sequence[Told]) -> str:
        """Messages with an empty line between them."""
        return "\n\n".join("\n".join(self.entry(one)) for one in told) + ("\n" if told else "")

    def whole(self, told: Told) -> str:
        """A message with its text."""
        return "\n".join([*self.entry(told), "", *(f"    {safe(line)}" for line in told.message.text.strip().splitlines())]) + "\n"

    def entry(self, told: Told) -> list[str]:
        """A message in a few lines: its version, its first words, who has heard it, and what to do."""
        message = told.message
        name = message.id[-self._length :]
        later = " " * (len(name) + 2)
        to = message.audience or "nobody in particular"
        facts = f"version {told.version} to {to}, sent {self.when(message.sent_at)} by {name_of(message.author, self._desk.person)}"
        facts += f", via {safe(message.via)}" if message.via else ""
        facts += f", corrects {message.corrects[-self._length :]}" if message.corrects else ""
        facts += f", corrected by {told.corrected_by.id[-self._length :]}" if told.corrected_by else ""
        lines = wrapped(facts, self._desk.width, f"{name}  ", later)
        first = next((line for line in message.text.splitlines() if line.strip()), "")
        lines += wrapped(f"“{safe(first.strip())[:120]}”", self._desk.width, later, later)
        for one in told.heard:
            lines += self._heard(one, later)
        step = self._step(told, name)
        return [*lines, *wrapped(step, self._desk.width, later, f"{later}  ")] if step else lines

    def when(self, at: datetime) -> str:
        """An instant on the reader's clock."""
        return instant_in_words(at.astimezone(self._desk.zone))

    def _heard(self, one: Heard, indent: str) -> list[str]:
        at = one.acknowledged_at or one.read_at or one.sent_at
        said = STATES[one.state] + (f", {self.when(at)}" if at else "") + (f": {safe(one.why)}" if one.why else "")
        style = _STYLES.get(one.state)
        said = self._desk.paint(style, said) if style else said
        return [f"{indent}- {safe(one.stakeholder.name)}: {said}"]

    def _step(self, told: Told, name: str) -> str:
        if told.still_wrong and told.corrected_by is None:
            names = ", ".join(safe(one.stakeholder.name) for one in told.still_wrong)
            return f"→ not heard by {names}, who were told the wrong one: amends message share {name}"
        if told.untold and told.corrected_by is None:
            return f"→ {counted(len(told.untold), 'reader')} not told: amends message share {name}"
        return ""
