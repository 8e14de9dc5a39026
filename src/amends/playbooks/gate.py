"""Gates that hold: whether each is open, by the data or by the answer of a person, and what overriding one with a reason reaches.

An override stands for as long as its gate stays shut. A gate that opened and shut again later asks anew, because somebody who went on in
spite of one live incident has not decided about the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.playbooks.known import Saw
from amends.playbooks.run import YES, last, lead

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amends.playbooks.known import Item
    from amends.playbooks.playbook import Gate
    from amends.playbooks.run import RunEvent

OPEN, SHUT, UNANSWERED, OVERRIDDEN = "open", "shut", "unanswered", "overridden"
STATES = (OPEN, SHUT, UNANSWERED, OVERRIDDEN)


@dataclass(frozen=True, slots=True)
class GateState:
    """How a gate stands: one of `STATES`, what was seen or said, where, the answer and the override that hold, None without them."""

    gate: Gate
    state: str
    saw: str
    where: tuple[Item, ...] = ()
    answer: RunEvent | None = None
    override: RunEvent | None = None

    @property
    def lets_through(self) -> bool:
        """Whether a step may be taken as far as this gate goes."""
        return self.state in (OPEN, OVERRIDDEN)

    @property
    def refused(self) -> bool:
        """Whether a run may not be begun because of it."""
        return self.state == SHUT and self.gate.refuses


def gate_state(gate: Gate, events: tuple[RunEvent, ...], shows: Mapping[str, Saw]) -> GateState:
    """How a gate stands after some events that hold, and with what shows in the data."""
    answer = last(events, "answered", gate.id)
    shut, saw, since = False, "", None
    where: tuple[Item, ...] = ()
    if gate.condition is not None:
        seen = _seen(gate.condition, events, shows)
        if seen is None or seen.holds is None:
            shut, saw = True, seen.words if seen is not None else "the data cannot show it"
        else:
            shut, saw, where, since = seen.holds != gate.holds, seen.words, seen.where, seen.since
    if gate.ask is not None and not shut:
        if answer is None:
            return GateState(gate, UNANSWERED, gate.ask, where)
        shut, since = answer.value != YES, answer.recorded_at
        saw = f"the answer was {answer.value}"
    if not shut:
        return GateState(gate, OPEN, saw, where, answer)
    override = last(events, "overridden", gate.id)
    if override is not None and (since is None or override.recorded_at >= since):
        return GateState(gate, OVERRIDDEN, saw, where, answer, override)
    return GateState(gate, SHUT, saw, where, answer)


def _seen(condition: str, events: tuple[RunEvent, ...], shows: Mapping[str, Saw]) -> Saw | None:
    """What is seen of a condition; who leads is known from the run itself."""
    if condition != "lead-named":
        return shows.get(condition)
    who = lead(events)
    return Saw(who is not None, f"{who} leads it" if who else "nobody is named who leads it")
