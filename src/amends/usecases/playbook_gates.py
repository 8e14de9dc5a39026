"""A playbook that was refused at its gates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.errors import ConflictError

if TYPE_CHECKING:
    from amends.playbooks.gate import GateState


class PlaybookGateError(ConflictError):
    """A playbook cannot be begun now; `gates` are the shut ones, each with its reason and what to do first, `gate` the id of the first."""

    code = "playbook-gate"

    def __init__(self, title: str, gates: tuple[GateState, ...]) -> None:
        first = gates[0]
        more = f" Gates shut besides it: {len(gates) - 1}." if len(gates) > 1 else ""
        super().__init__(
            f"“{title}” is not begun. This must be so: {first.gate.title.lower()}. But {first.saw}. {first.gate.because}{more}",
            hint=f"{first.gate.first} Or override the gate “{first.gate.id}” with a written reason, which stays visible.",
        )
        self.gates = gates
        self.gate = first.gate.id
