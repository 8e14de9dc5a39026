"""What is still to be done after a playbook, and when: done as soon as the data show it, or when somebody says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from amends.playbooks.run import counting, last, lead

if TYPE_CHECKING:
    from datetime import datetime

    from amends.playbooks.known import Item, Known
    from amends.playbooks.playbook import FollowUp, Playbook
    from amends.playbooks.run import Run, RunEvent


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


@dataclass(frozen=True, slots=True)
class Awaited:
    """A follow-up that nobody said was done, with its run, who leads it, and when it is due; a `private` one only they may know of."""

    run: Run
    follow_up: FollowUp
    due_at: datetime
    lead: str
    private: bool


def awaited(run: Run, playbook: Playbook, events: tuple[RunEvent, ...]) -> tuple[Awaited, ...]:
    """The follow-ups of a run that nobody said were done, whatever the data show; without the looks back, which have a day of their own."""
    holding = counting(events)
    waiting = (one for one in playbook.follow_ups if not (one.source or "").startswith(_PLANNED))
    return tuple(
        Awaited(run, one, _due_at(one, run.started_at), lead(holding) or run.by, playbook.private)
        for one in waiting
        if last(holding, "followed", one.id) is None
    )


def follow_up_state(one: FollowUp, started_at: datetime, events: tuple[RunEvent, ...], known: Known, now: datetime) -> FollowUpState:
    """How a follow-up stands: counted from when the run was begun, unless what it waits for is planned for a time of its own."""
    items = known.items(one.source) if one.source is not None else ()
    shown = tuple(item for item in items if item.is_sound)
    planned = next((item.at for item in items if not item.is_sound), None) if (one.source or "").startswith(_PLANNED) else None
    said = last(events, "followed", one.id)
    due_at = planned or _due_at(one, started_at)
    return FollowUpState(one, due_at, shown, said, not shown and said is None and now >= due_at)


def _due_at(one: FollowUp, started_at: datetime) -> datetime:
    return started_at + timedelta(days=one.days)
