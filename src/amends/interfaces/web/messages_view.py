"""What the pages of messages show: by audience, the last first, with how far each has come and what to do about it now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.people import AUDIENCES
from amends.incidents.letters import parts_of
from amends.interfaces.web.words import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.incidents.hearing import Heard, Told
    from amends.incidents.involved import Stakeholder

HEARD_NAMES = {
    "untold": "not told", "trying": "may have got it", "failed": "did not get it", "sent": "was told", "read": "has read it",
    "acknowledged": "acknowledged",
}  # fmt: skip
HEARD_TONES = {"untold": "soon", "trying": "soon", "failed": "missed", "sent": "quiet", "read": "kept", "acknowledged": "kept"}
START_NAMES = {
    "first-message": "First message",
    "status-update": "Status update",
    "exec-status": "Executive status",
    "customer-apology": "Customer apology, as an e-mail",
    "internal-apology": "Apology to the team, one paragraph",
    "follow-up-note": "Follow-up note",
}
"""What can be begun on the page; a correction is begun at the message that was wrong."""

SAYS = {
    "shared": "Shared. Who has it stands below.",
    "acknowledged": "Noted.",
    "link": "Give this link to nobody else; it is theirs.",
    "sent": "Sent. Who has it stands below.",
    "ticked": "Noted.",
    "named": "Named.",
}


_OPENING = 90
"""How much of a message names it in a list."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One message on the page; `others` are those who could still be given it."""

    told: Told
    title: str
    others: tuple[Stakeholder, ...]

    @property
    def id(self) -> str:
        """The id of the message."""
        return self.told.message.id

    @property
    def reached(self) -> int:
        """How many by name have it."""
        return sum(one.reached for one in self.told.heard)


def shown(told: Sequence[Told]) -> dict[str, list[Shown]]:
    """The messages by audience, in the order of the audiences, the one sent last first; called by their subject, or by how they begin."""
    found: dict[str, list[Shown]] = {audience: [] for audience in AUDIENCES}
    for one in reversed(told):
        others = tuple(heard.stakeholder for heard in one.heard if not heard.reached)
        found.setdefault(one.message.audience or "", []).append(
            Shown(one, parts_of(one.message.text, _opening(one.message.text))[0], others)
        )
    return {audience: rows for audience, rows in found.items() if rows}


def _opening(text: str) -> str:
    words = plain(text)
    return words if len(words) <= _OPENING else f"{words[: _OPENING - 1].rsplit(' ', 1)[0]}…"


def heading(told: Sequence[Told], wrong: Sequence[Heard], people: Sequence[Stakeholder] = ()) -> str:
    """What to do now, in one line; `people` are all who must be told, also as readers that no message was for yet."""
    if not told:
        return "Nobody has been told yet."
    if wrong:
        return "One reader still believes what was corrected." if len(wrong) == 1 else f"{len(wrong)} still believe what was corrected."
    last = {one.message.audience: one for one in told}
    missing = sum(len(one.untold) for one in last.values())
    if missing:
        return "One reader has not heard the last message." if missing == 1 else f"{missing} have not heard the last message."
    had = {heard.stakeholder.id for one in told for heard in one.heard if heard.reached}
    unheard = [one.name for one in people if one.id not in had]
    if unheard:
        name = f"{unheard[0][:1].upper()}{unheard[0][1:60]}"
        return f"{name} has not heard anything yet." if len(unheard) == 1 else f"{len(unheard)} have not heard anything yet."
    return "Everybody who must know has heard the last message."
