"""When a playbook is offered: when one of the signs that it helps shows in the data, with what was seen, and never for anything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.playbooks.gate import SHUT, gate_state

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.playbooks.gate import GateState
    from amends.playbooks.known import Known, Saw
    from amends.playbooks.playbook import Playbook, UseWhen


@dataclass(frozen=True, slots=True)
class Offer:
    """A playbook that may help now: why it is offered, each sign with what was seen, and the gates that the data show as shut."""

    playbook: Playbook
    because: tuple[tuple[UseWhen, Saw], ...]
    shut: tuple[GateState, ...]


def offers(playbooks: Iterable[Playbook], known: Known) -> tuple[Offer, ...]:
    """What is offered for an incident: what can be begun first, and of that the one with most signs."""
    found = []
    for playbook in playbooks:
        because = tuple((one, known.shows[one.condition]) for one in playbook.use_when if one.condition and _shows(one.condition, known))
        if because:
            found.append(Offer(playbook, because, _shut(playbook, known)))
    return tuple(sorted(found, key=lambda one: (bool(one.shut), -len(one.because), one.playbook.number)))


def _shows(condition: str, known: Known) -> bool:
    saw = known.shows.get(condition)
    return saw is not None and saw.holds is True


def _shut(playbook: Playbook, known: Known) -> tuple[GateState, ...]:
    """The gates that the data keep shut; who will lead is not known before somebody begins."""
    states = (gate_state(one, (), known.shows) for one in playbook.gates if one.condition not in (None, "lead-named"))
    return tuple(one for one in states if one.state == SHUT)
