"""What is still to be done after a playbook, and when: done as soon as the data show it, or when somebody says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from amends.playbooks.run import last

if TYPE_CHECKING:
    from datetime import datetime

    from amends.playbooks.known import Item, Known
    from amends.playbooks.playbook import FollowUp
    from amends.playbooks.run import RunEvent


_PLANNED = "trust.reviews."
"""What has a day of its own, counted from when it was contained: until it is held, the time of such a thing is the day it is due."""


@dataclass(frozen=True, slots=True)
class FollowUpState:
    """A follow-up with when it is due, what shows that it is done (things that the data hold, or the word of a person), else `is_due`."""

    follow_up: FollowUp
    due_at: datetime
    shown: tuple[Item, ...] = ()
    said: RunEvent | None = None
    is_due: bool = False

    @property
    def is_done(self) -> bool:
        """Whether something shows that it was done, or somebody said so."""
        return bool(self.shown) or self.said is not None

    @property
    def is_early(self) -> bool:
        """Whether it is a look back whose day is still to come: what became of it shows only then. Others may be done early."""
        return not self.is_due and not self.is_done and (self.follow_up.source or "").startswith(_PLANNED)


def follow_up_state(one: FollowUp, started_at: datetime, events: tuple[RunEvent, ...], known: Known, now: datetime) -> FollowUpState:
    """How a follow-up stands: counted from when the run was begun, unless what it waits for is planned for a time of its own."""
    items = known.items(one.source) if one.source is not None else ()
    shown = tuple(item for item in items if item.is_sound)
    planned = next((item.at for item in items if not item.is_sound), None) if (one.source or "").startswith(_PLANNED) else None
    said = last(events, "followed", one.id)
    due_at = planned or started_at + timedelta(days=one.days)
    return FollowUpState(one, due_at, shown, said, not shown and said is None and now >= due_at)
