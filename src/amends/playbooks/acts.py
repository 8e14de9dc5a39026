"""What can be done in a run as it stands, and why not where it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.errors import UnknownNameError
from amends.playbooks.gate import OPEN, UNANSWERED
from amends.playbooks.run import undoable

if TYPE_CHECKING:
    from amends.playbooks.known import Item
    from amends.playbooks.playbook import Playbook
    from amends.playbooks.state import RunState, StepState

ABOUT = {
    "answered": "gate", "overridden": "gate", "filled": "field", "unknown": "field", "decided": "decision", "replied": "question",
    "followed": "follow-up",
}  # fmt: skip
"""What each act is about."""


def require_about(playbook: Playbook, what: str, about: str | None) -> None:
    """Raises UnknownNameError, which lists the names, where the playbook has nothing of this name that the act could be about."""
    kind = ABOUT.get(what)
    known: dict[str, tuple[str, ...]] = {
        "gate": tuple(one.id for one in playbook.gates),
        "field": playbook.addresses,
        "decision": tuple(one.id for one in playbook.decisions),
        "question": tuple(one.id for one in playbook.questions),
        "follow-up": tuple(one.id for one in playbook.follow_ups),
    }
    if kind is not None and about not in known[kind]:
        raise UnknownNameError(kind, (about or "")[:80], known[kind])


def refusal(now: RunState, what: str, about: str | None = None) -> str | None:
    """Why an act cannot be done, as the end of a sentence; None where it can. What it is about is known (`require_about`)."""
    if what == "undone":
        return None if undoable(now.events) else "nothing that happened in it can be undone"
    if not now.is_open and not (what == "followed" and now.finished is not None):
        return "the run was stopped" if now.stopped is not None else "the run is finished"
    if what in ("answered", "overridden"):
        return _at_gate(now, what, about or "")
    if what == "finished":
        return None if now.can_finish else f"first: {now.next.do}"
    if what in ("filled", "unknown", "decided", "replied"):
        return _in_step(now, what, about or "")
    return _too_early(now, about) if what == "followed" else None


def choosable(now: RunState, about: str, ref_kind: str, ref: str) -> Item | None:
    """The thing that the data hold and a field can take; None where there is none, or it stands there already."""
    field = now.field(about)
    if field is None or field.field.pick != "some":
        return None
    return next((one for one in field.offered if (one.kind, one.id) == (ref_kind, ref)), None)


def takes_words(now: RunState, about: str) -> bool:
    """Whether the word of a person counts in a field."""
    field = now.field(about)
    return field is not None and field.field.words


def _at_gate(now: RunState, what: str, about: str) -> str | None:
    found = next(one for one in now.gates if one.gate.id == about)
    if what == "answered":
        return None if found.gate.ask is not None else "the data answer it, not a person"
    if found.state == OPEN:
        return "the gate is open"
    return "the gate was not answered yet: answer it first" if found.state == UNANSWERED else None


def _in_step(now: RunState, what: str, about: str) -> str | None:
    step = _step_about(now, what, about)
    if step is not None and not step.reached:
        return f"the step “{step.step.title}” is not reached; first: {now.next.do}"
    if what == "unknown":
        field = now.field(about)
        if field is not None and not field.field.may_be_unknown:
            return f"“{field.field.title}” cannot stay unknown: this step is about it"
    return None


def _too_early(now: RunState, about: str | None) -> str | None:
    found = next((one for one in now.follow_ups if one.follow_up.id == about and one.is_early), None)
    if found is None:
        return None
    return f"“{found.follow_up.title}” is due on {found.due_at.day} {found.due_at:%B %Y}, and what came of it shows only then"


def _step_about(now: RunState, what: str, about: str) -> StepState | None:
    playbook = now.playbook
    if what in ("filled", "unknown"):
        found = playbook.step_of(about.partition(".")[0])
        return now.step(found.id) if found is not None else None
    if what == "decided":
        decision = playbook.decision(about)
        return now.step(decision.step) if decision is not None else None
    question = playbook.question(about)
    return now.step(question.step) if question is not None and question.step is not None else None
