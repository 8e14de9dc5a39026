"""Playbooks and their runs as plain values, the same on the command line and over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.playbooks import happened
from amends.playbooks.sources import METRICS, PLACES, SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from amends.core.errors import AmendsError
    from amends.playbooks.artifact import ArtifactState, FieldState, Held
    from amends.playbooks.followup import FollowUpState
    from amends.playbooks.gate import GateState
    from amends.playbooks.happened import Happened
    from amends.playbooks.known import Item, Saw
    from amends.playbooks.linting import Fault
    from amends.playbooks.offering import Offer
    from amends.playbooks.playbook import Artifact, Playbook
    from amends.playbooks.run import RunEvent
    from amends.playbooks.state import QuestionState, RunState, StepState

LIBRARY = "amends.playbooks/1"
PLAYBOOK = "amends.playbook/1"
OFFERS = "amends.playbook-offers/1"
RUN = "amends.playbook-run/1"
RUNS = "amends.playbook-runs/1"
LINT = "amends.playbook-lint/1"


def library_as_dict(playbooks: Iterable[Playbook], wrong: Iterable[AmendsError] = ()) -> dict[str, Any]:
    """Every playbook in a few words, and what is wrong in files that cannot be read."""
    return {"schema": LIBRARY, "playbooks": [head_as_dict(one) for one in playbooks], "problems": [_wrong(one) for one in wrong]}


def head_as_dict(one: Playbook) -> dict[str, Any]:
    """A playbook in a few words."""
    return {
        "id": one.id, "version": one.version, "title": one.title, "situation": one.situation, "goal": one.goal, "owner": one.owner,
        "private": one.private, "steps": len(one.steps), "sha256": one.sha256,
    }  # fmt: skip


def playbook_as_dict(one: Playbook) -> dict[str, Any]:
    """A whole playbook."""
    return {
        "schema": PLAYBOOK,
        **head_as_dict(one),
        "roles": list(one.roles),
        "use_when": [{"text": row.text, "condition": row.condition} for row in one.use_when],
        "not_when": [{"text": row.text, "gate": row.gate} for row in one.not_when],
        "why": one.why,
        "good": list(one.good),
        "gates": [
            {
                "id": row.id, "title": row.title, "because": row.because, "first": row.first, "place": row.place,
                "condition": row.condition, "ask": row.ask, "refuses": row.refuses,
            }
            for row in one.gates
        ],
        "inputs": [{"text": row.text, "source": row.source} for row in one.inputs],
        "prerequisites": [{"text": row.text, "gate": row.gate} for row in one.prerequisites],
        "procedure": [
            {"id": row.id, "title": row.title, "purpose": row.purpose, "actions": list(row.actions), "outputs": list(row.outputs)}
            for row in one.steps
        ],
        "artifacts": [_artifact(row) for row in one.artifacts],
        "decisions": [
            {"id": row.id, "step": row.step, "text": row.text, "options": list(row.options), "needed": row.needed} for row in one.decisions
        ],
        "questions": [{"id": row.id, "step": row.step, "text": row.text} for row in one.questions],
        "mistakes": list(one.mistakes),
        "warnings": list(one.warnings),
        "signs": list(one.signs),
        "follow_ups": [{"id": row.id, "title": row.title, "text": row.text, "days": row.days} for row in one.follow_ups],
        "metrics": [{"id": row.id, "text": row.text, "shows": METRICS[row.id]} for row in one.metrics],
    }  # fmt: skip


def offers_as_dict(incident_id: str, offers: Iterable[Offer]) -> dict[str, Any]:
    """What may help an incident now, and what in its data says so."""
    return {
        "schema": OFFERS,
        "incident": incident_id,
        "offers": [
            {
                "playbook": head_as_dict(one.playbook),
                "because": [{"text": use.text, "condition": use.condition, **_saw(saw)} for use, saw in one.because],
                "shut": [gate_as_dict(gate) for gate in one.shut],
            }
            for one in offers
        ],
    }


def runs_as_dict(incident_id: str, runs: Iterable[RunState]) -> dict[str, Any]:
    """The runs of an incident, each in a few words."""
    return {"schema": RUNS, "incident": incident_id, "runs": [_head(one) for one in runs]}


def run_as_dict(now: RunState) -> dict[str, Any]:
    """A run as it stands: what to do now, its gates, its steps with their artifacts, and everything that happened."""
    return {
        "schema": RUN,
        **_head(now),
        "gates": [gate_as_dict(one) for one in now.gates],
        "steps": [_step(one) for one in now.steps],
        "questions": [_question(one) for one in now.questions],
        "follow_ups": [_follow_up(one) for one in now.follow_ups],
        "overrides": [_event(one) for one in now.overrides],
        "events": [_happened(one) for one in happened.told(now.playbook, now.events)],
    }


def lint_as_dict(count: int, faults: Iterable[tuple[str, Fault]]) -> dict[str, Any]:
    """What is wrong with playbooks: each with its file, line and field."""
    return {
        "schema": LINT,
        "playbooks": count,
        "faults": [{"path": path, "line": one.line, "field": one.field, "message": one.message, "hint": one.hint} for path, one in faults],
    }


def gate_as_dict(one: GateState) -> dict[str, Any]:
    """A gate as it stands."""
    return {
        "id": one.gate.id,
        "title": one.gate.title,
        "state": one.state,
        "saw": one.saw,
        "where": [_item(item) for item in one.where],
        "because": one.gate.because,
        "first": one.gate.first,
        "place": one.gate.place,
        "ask": one.gate.ask,
        "answer": _event(one.answer) if one.answer is not None else None,
        "override": _event(one.override) if one.override is not None else None,
    }


def _head(now: RunState) -> dict[str, Any]:
    run = now.run
    current = now.current
    return {
        "id": run.id,
        "incident": run.incident_id,
        "playbook": run.playbook_id,
        "title": now.playbook.title,
        "sha256": run.sha256,
        "started_at": _time(run.started_at),
        "by": run.by,
        "state": now.state,
        "resting": now.resting,
        "lead": now.lead,
        "version": now.version,
        "step": current.step.id if current is not None else None,
        "next": {
            "what": now.next.what, "do": now.next.do, "because": now.next.because, "about": now.next.about,
            "place": PLACES[now.next.place] if now.next.place else None,
        },
    }  # fmt: skip


def _step(one: StepState) -> dict[str, Any]:
    return {
        "id": one.step.id,
        "number": one.number,
        "title": one.step.title,
        "state": one.state,
        "reached": one.reached,
        "complete": one.complete,
        "artifacts": [_artifact_now(artifact) for artifact in one.artifacts],
        "decisions": [
            {
                "id": row.decision.id, "text": row.decision.text, "options": list(row.decision.options), "needed": row.decision.needed,
                "taken": _event(row.taken) if row.taken is not None else None,
            }
            for row in one.decisions
        ],
        "questions": [_question(row) for row in one.questions],
    }  # fmt: skip


def _artifact(one: Artifact) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "text": one.text,
        "fields": [
            {
                "id": field.id, "title": field.title, "ask": field.ask, "sources": list(field.sources), "pick": field.pick,
                "least": field.least, "most": field.most, "words": field.words, "may_be_unknown": field.may_be_unknown,
                "needed": field.needed,
            }
            for field in one.fields
        ],
    }  # fmt: skip


def _artifact_now(one: ArtifactState) -> dict[str, Any]:
    return {
        "id": one.artifact.id,
        "title": one.artifact.title,
        "complete": one.is_complete,
        "fields": [_field(field) for field in one.fields],
    }


def _field(one: FieldState) -> dict[str, Any]:
    return {
        "field": one.about,
        "title": one.field.title,
        "ask": one.field.ask,
        "state": one.state,
        "holds": [_held(row) for row in one.held],
        "misses": list(one.misses),
        "unknown": _event(one.unknown) if one.unknown is not None else None,
        "gone": [_event(row) for row in one.gone],
        "choices": [_item(item) for item in one.offered] if one.field.pick == "some" else [],
        "written_at": sorted({PLACES[SOURCES[name].place] for name in one.field.sources}),
    }


def _held(one: Held) -> dict[str, Any]:
    return {**_item(one.item), "event": one.event.id if one.event is not None else None}


def _item(one: Item) -> dict[str, Any]:
    return {"kind": one.kind, "id": one.id, "words": one.words, "lacks": list(one.lacks), "at": _time(one.at), "by": one.by}


def _saw(saw: Saw) -> dict[str, Any]:
    return {"saw": saw.words, "where": [_item(one) for one in saw.where]}


def _question(one: QuestionState) -> dict[str, Any]:
    return {"id": one.question.id, "text": one.question.text, "replies": [_event(row) for row in one.replies]}


def _follow_up(one: FollowUpState) -> dict[str, Any]:
    return {
        "id": one.follow_up.id,
        "title": one.follow_up.title,
        "text": one.follow_up.text,
        "due_at": _time(one.due_at),
        "due": one.is_due,
        "done": one.is_done,
        "shown": [_item(item) for item in one.shown],
        "said": _event(one.said) if one.said is not None else None,
    }


def _happened(one: Happened) -> dict[str, Any]:
    return {**_event(one.event), "said": one.text, "undone": one.undone}


def _event(one: RunEvent) -> dict[str, Any]:
    return {
        "id": one.id,
        "number": one.number,
        "what": one.what,
        "about": one.about,
        "value": one.value,
        "kind": one.ref_kind,
        "ref": one.ref,
        "text": one.text,
        "person": one.person,
        "asked": one.asked,
        "asked_at": _time(one.asked_at),
        "why": one.why,
        "undoes": one.undoes,
        "recorded_at": _time(one.recorded_at),
        "by": one.by,
    }


def _wrong(error: AmendsError) -> dict[str, Any]:
    return {
        "path": getattr(error, "path", None),
        "line": getattr(error, "line", None),
        "field": getattr(error, "field", None),
        "message": error.message,
        "hint": error.hint,
    }


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
