"""Playbooks and runs for people at a terminal: what to do now first, then the gates, then what each field holds or misses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.interfaces.cli.as_text import instant_in_words
from amends.interfaces.cli.ledger_text import name_of
from amends.interfaces.cli.terminal import safe, wrapped
from amends.playbooks.happened import told
from amends.playbooks.sources import PLACES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amends.interfaces.cli.ledger_desk import Desk
    from amends.playbooks.artifact import FieldState
    from amends.playbooks.gate import GateState
    from amends.playbooks.offering import Offer
    from amends.playbooks.playbook import Decision, Field, Gate, Playbook
    from amends.playbooks.state import RunState, StepState

_MARKS = {"filled": "✓", "unknown": "?", "missing": "·", "optional": " "}
_GATES = {"open": "✓", "shut": "✗", "unanswered": "?", "overridden": "!"}
_STEPS = {"finished": "finished", "now": "now", "waiting": "waits at a gate"}
_SHORT = 6


def library(desk: Desk, playbooks: Sequence[Playbook]) -> str:
    """The playbooks, each with the situation that it is for."""
    lines = []
    for one in playbooks:
        lines += [desk.paint("bold", one.id), *wrapped(safe(one.title), desk.width, "  ", "  ")]
        lines += wrapped(safe(one.situation), desk.width, "  ", "  ")
    return "\n".join(lines) + "\n"


def offered(desk: Desk, offers: Sequence[Offer]) -> str:
    """What may help now, and what in the data says so."""
    if not offers:
        return "nothing in the data asks for a playbook now\n"
    lines = []
    for one in offers:
        lines += [f"{desk.paint('bold', one.playbook.id)}  {safe(one.playbook.title)}"]
        for use, saw in one.because:
            lines += wrapped(f"{safe(use.text)} ({safe(saw.words)})", desk.width, "  · ", "    ")
        for gate in one.shut:
            lines += wrapped(f"not yet: {safe(gate.saw)}. {safe(gate.gate.first)}", desk.width, "  ✗ ", "    ")
    return "\n".join(lines) + "\n"


def whole(desk: Desk, one: Playbook) -> str:
    """A whole playbook to read."""
    width = desk.width
    lines = [desk.paint("bold", safe(one.title)), "", *wrapped(safe(one.situation), width), ""]
    lines += [*_part(desk, "Goal", [one.goal]), *_part(desk, "Why it matters", [one.why])]
    lines += _part(desk, "Who", [f"led by: {one.owner}", *one.roles])
    lines += _part(desk, "Use it when", [row.text for row in one.use_when])
    lines += _part(desk, "Not when", [row.text for row in one.not_when])
    lines += _part(desk, "Gates", [_gate_told(row) for row in one.gates])
    lines += _part(desk, "Before you begin", [*(row.text for row in one.prerequisites), *(row.text for row in one.inputs)])
    for number, step in enumerate(one.steps, 1):
        named = [artifact for artifact in one.artifacts if artifact.id in step.outputs]
        outputs = [f"→ {row.title} ({row.id}): {', '.join(_field_told(field) for field in row.fields)}" for row in named]
        lines += _part(desk, f"{number}. {step.title}", [step.purpose, *step.actions, *outputs])
    lines += _part(desk, "Decisions", [_decision_told(row) for row in one.decisions])
    lines += _part(desk, "Questions worth asking", [f"{row.text} ({row.id})" for row in one.questions])
    lines += _part(desk, "Common mistakes", one.mistakes)
    lines += _part(desk, "Signs that it does not land", one.warnings)
    lines += _part(desk, "What good looks like", one.good)
    lines += _part(desk, "Afterwards", [f"after {row.days} days: {row.title} ({row.id}). {row.text}" for row in one.follow_ups])
    lines += _part(desk, "What to watch", [row.text for row in one.metrics])
    return "\n".join(lines) + "\n"


def _gate_told(row: Gate) -> str:
    """A gate with all that a start answers: its id, what a person is asked, and whether it keeps a run from being begun."""
    refuses = ", refuses to begin" if row.refuses else ""
    asks = f" Asks: {row.ask}" if row.ask else ""
    return f"{row.title} ({row.id}{refuses}).{asks} Else: {row.first}"


def _field_told(field: Field) -> str:
    return f"{field.title.lower()} ({field.id}{'' if field.needed else ', if you like'})"


def _decision_told(row: Decision) -> str:
    needed = ", needed" if row.needed else ""
    options = f" Such as: {'; '.join(row.options)}." if row.options else ""
    return f"{row.text} ({row.id}{needed}){options}"


def brief(desk: Desk, now: RunState) -> str:
    """A run in a few lines: which, how it stands, and what to do now."""
    at = now.standing
    step = f", step {at.number} of {len(now.steps)}: {at.step.title}" if at is not None and now.is_open else ""
    lines = wrapped(f"{safe(now.playbook.title)}: {now.state}{safe(step)}", desk.width, f"{now.run.id[-_SHORT:]}  ", "        ")
    lines += wrapped(safe(now.resting), desk.width, "        ", "        ") if now.resting else []
    return "\n".join([*lines, *_next(desk, now)]) + "\n"


def run_whole(desk: Desk, now: RunState) -> str:
    """A run with its gates, its steps, and what each field holds or misses."""
    lines = [brief(desk, now).rstrip("\n"), ""]
    lines += wrapped(f"begun {_when(desk, now)} by {safe(now.run.by)}; led by {safe(now.lead or 'nobody')}", desk.width, "  ", "  ")
    lines += [desk.paint("bold", "Gates")] if now.gates else []
    for gate in now.gates:
        lines += _gate(desk, gate)
    for step in now.steps:
        lines += ["", *_step(desk, step)]
    lines += ["", desk.paint("bold", "Afterwards")] if now.follow_ups else []
    for one in now.follow_ups:
        state = "done" if one.is_done else "due" if one.is_due else instant_in_words(one.due_at.astimezone(desk.zone))
        lines += wrapped(f"{state}: {safe(one.follow_up.title)} ({one.follow_up.id})", desk.width, "  ", "    ")
    lines += ["", desk.paint("bold", "What happened")]
    lines += [f"  {line}" for line in run_history(desk, now).splitlines()]
    return "\n".join(lines) + "\n"


def run_history(desk: Desk, now: RunState) -> str:
    """Who did what in a run and what it changed, a sentence each, oldest first, behind the end of the id that `undo` takes."""
    lines: list[str] = []
    for one in told(now.playbook, now.events, lambda person: name_of(person, desk.person)):
        at = instant_in_words(one.event.recorded_at.astimezone(desk.zone))
        undone = " (undone)" if one.undone else ""
        lines += wrapped(f"{at}: {safe(one.text)}{undone}", desk.width, f"{one.event.id[-_SHORT:]}  ", "        ")
    return "".join(f"{line}\n" for line in lines)


def _next(desk: Desk, now: RunState) -> list[str]:
    to_do = now.next
    place = f" ({PLACES[to_do.place]})" if to_do.place else ""
    lines = wrapped(f"{safe(to_do.do)}{place}", desk.width, "→ ", "  ")
    lines += wrapped(safe(to_do.because), desk.width, "  ", "  ") if to_do.because else []
    return [*lines, f"  {to_do.about}"] if to_do.about else lines


def _when(desk: Desk, now: RunState) -> str:
    return instant_in_words(now.run.started_at.astimezone(desk.zone))


def _gate(desk: Desk, one: GateState) -> list[str]:
    lines = wrapped(f"{_GATES[one.state]} {safe(one.gate.title)} ({one.gate.id}): {safe(one.saw)}", desk.width, "  ", "    ")
    if one.override is not None:
        lines += wrapped(f"overridden by {safe(one.override.by)}: {safe(one.override.why or '')}", desk.width, "    ", "    ")
    return lines


def _step(desk: Desk, one: StepState) -> list[str]:
    state = f", {_STEPS[one.state]}" if one.state in _STEPS else ""
    lines = [desk.paint("bold", f"{one.number}. {safe(one.step.title)}{state}")]
    for artifact in one.artifacts:
        lines += [f"  {safe(artifact.artifact.title)}"]
        for field in artifact.fields:
            lines += _field(desk, field, reached=one.reached)
    for decision in one.decisions:
        taken = f" → {safe(decision.taken.text or '')}" if decision.taken is not None else ""
        lines += wrapped(f"{safe(decision.decision.text)} ({decision.decision.id}){taken}", desk.width, "    ⋔ ", "      ")
    return lines


def _field(desk: Desk, one: FieldState, *, reached: bool) -> list[str]:
    lines = wrapped(f"{_MARKS[one.state]} {safe(one.field.title)} ({one.about})", desk.width, "    ", "      ")
    held = (f"{row.item.kind}: {safe(row.item.words)}" for row in one.held)
    lines += _listed(desk, held, "      ")
    if one.unknown is not None:
        lines += wrapped(f"unknown: {safe(one.unknown.asked or '')} was asked", desk.width, "      ", "      ")
    elif one.state == "missing" and (reached or one.held):  # of what stands there already, why it does not count yet
        lines += _listed(desk, one.misses, "      ")
    if reached and one.unknown is None and one.state == "missing":
        lines += _listed(
            desk, (f"--ref {item.kind}:{item.id}  {safe(item.words)}" for item in one.offered if one.field.pick == "some"), "        "
        )
    return lines


def _listed(desk: Desk, rows: Iterable[str], indent: str) -> list[str]:
    lines: list[str] = []
    every = list(rows)
    for row in every[:_MOST]:
        lines += wrapped(row, desk.width, indent, f"{indent}  ")
    return [*lines, f"{indent}and {len(every) - _MOST} more"] if len(every) > _MOST else lines


def _part(desk: Desk, title: str, rows: Iterable[str]) -> list[str]:
    lines = [desk.paint("bold", safe(title))]
    for row in rows:
        lines += wrapped(safe(row), desk.width, "  · ", "    ")
    return [*lines, ""]


_MOST = 6
