"""Runs to try things on: a playbook that ships, what the data show, and events one after the other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from amends.playbooks.acts import refusal
from amends.playbooks.known import Known
from amends.playbooks.loading import load_folder
from amends.playbooks.run import Run, RunEvent
from amends.playbooks.state import RunState, run_state

PLAYBOOKS = {one.id: one for one in load_folder()}
BEGAN = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


class Running:
    """A run of a playbook to which events can be told; what the data hold may change while it goes on."""

    def __init__(self, playbook_id: str, known: Known | None = None, lead: str | None = "Mara") -> None:
        self.playbook = PLAYBOOKS[playbook_id]
        self.known = known or Known()
        self.run = Run("run", "incident", playbook_id, self.playbook.title, self.playbook.sha256, self.playbook.text, BEGAN, "Mara")
        self.events: tuple[RunEvent, ...] = ()
        self._tell("started", None, {"person": lead})

    @property
    def now(self) -> RunState:
        """How it stands."""
        return run_state(self.run, self.playbook, self.events, self.known, self.at)

    @property
    def at(self) -> datetime:
        """When the next event would be."""
        return BEGAN + timedelta(hours=len(self.events))

    def tell(self, what: str, about: str | None = None, **fields: Any) -> str | None:
        """One event, where it can happen; else why it cannot."""
        because = refusal(self.now, what, about)
        if because is None:
            self._tell(what, about, fields)
        return because

    def _tell(self, what: str, about: str | None, fields: dict[str, Any]) -> None:
        number = len(self.events) + 1
        self.events += (RunEvent(f"e{number}", "run", "incident", number, what, self.at, self.at, "Mara", about, **fields),)
