"""Plays the examples of a playbook: the events that an example says, in the order in which a person would cause them, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from amends.playbooks.acts import refusal
from amends.playbooks.gate import UNANSWERED
from amends.playbooks.known import WORD, Item, Known, Saw
from amends.playbooks.run import NO, YES, Run, RunEvent
from amends.playbooks.state import FINISHED, HALTED, RunState, run_state

if TYPE_CHECKING:
    from amends.playbooks.playbook import Example, Playbook

_BEGAN = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
_STEP = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Played:
    """How an example ended: one of `playbook.ENDS`, the gate or the step at which it stands, and the run as it stands then."""

    ends: str
    at: str | None
    state: RunState


def play(playbook: Playbook, example: Example) -> Played:
    """Play an example; the same one always ends alike."""
    player = _Player(playbook, example)
    player.record("started", person=example.lead)
    for gate, yes in example.answers:
        player.record("answered", gate, value=YES if yes else NO)
    for gate, why in example.overrides:
        player.record("overridden", gate, why=why)
    refused = next((one for one in player.now.gates if one.refused), None)
    if refused is not None:
        return Played("refused", refused.gate.id, player.now)
    for _ in playbook.steps:  # a step may be reached only once the one before it is complete
        player.fill()
    if refusal(player.now, "finished") is None:
        player.record("finished")
    return _ended(player.now)


def known_of(playbook: Playbook, example: Example) -> Known:
    """What the data show in an example."""
    lacking = dict(example.lacking)
    held = {
        name: tuple(Item("point", f"{name}-{number}", f"{name} {number + 1}") for number in range(count)) for name, count in example.held
    }
    for name, lack in lacking.items():
        held[name] = (*held.get(name, ()), Item("point", f"{name}-lacking", f"{name} that is not whole", (lack,)))
    gates = {one.condition: one.holds for one in playbook.gates if one.condition is not None}
    shows = {**gates, **dict(example.conditions)}
    return Known(held, {name: Saw(holds, "as the example says", since=_BEGAN) for name, holds in shows.items()})


class _Player:
    def __init__(self, playbook: Playbook, example: Example) -> None:
        self._playbook = playbook
        self._example = example
        self._known = known_of(playbook, example)
        self._run = Run("example", "incident", playbook.id, playbook.title, playbook.sha256, playbook.text, _BEGAN, "somebody")
        self._events: tuple[RunEvent, ...] = ()
        self.now = self._state()

    def record(self, what: str, about: str | None = None, **fields: Any) -> None:
        """One event, where it can happen."""
        if what != "started" and refusal(self.now, what, about) is not None:
            return
        number = len(self._events) + 1
        at = _BEGAN + number * _STEP
        self._events += (RunEvent(f"event-{number}", "example", "incident", number, what, at, at, "somebody", about, **fields),)
        self.now = self._state()

    def fill(self) -> None:
        """Everything that the example puts into fields, as far as the steps are reached."""
        done = {(one.what, one.about) for one in self._events}
        for about in self._example.chosen:
            field = self.now.field(about)
            for item in field.offered if field is not None and field.field.pick == "some" else ():
                self.record("filled", about, ref_kind=item.kind, ref=item.id, text=item.words)
        for about in self._example.words:
            if ("filled", about) not in done:
                self.record("filled", about, ref_kind=WORD, ref="somebody", person="somebody", text="what they said", asked_at=_BEGAN)
        for about in self._example.unknown:
            if ("unknown", about) not in done:
                self.record("unknown", about, asked="somebody", asked_at=_BEGAN)
        for about, option in self._example.decided:
            if ("decided", about) not in done:
                self.record("decided", about, value=option, text=option)

    def _state(self) -> RunState:
        return run_state(self._run, self._playbook, self._events, self._known, _BEGAN + 99 * _STEP)


def _ended(now: RunState) -> Played:
    if now.state == FINISHED:
        return Played("finished", None, now)
    if now.state == HALTED:
        gate = min((one for one in now.gates if not one.lets_through), key=lambda one: one.state == UNANSWERED)
        return Played("gate", gate.gate.id, now)
    current = now.current
    return Played("step", current.step.id if current is not None else None, now)
