"""Messages, who heard them, what changed since and the follow-up note as plain values: the same on the command line and over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.promises.report import message_as_dict

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from amends.core.problem import Problem
    from amends.incidents.changes import Change, Since
    from amends.incidents.commits import Candidate, Found, Judgement
    from amends.incidents.event import IncidentEvent
    from amends.incidents.hearing import Heard, Told
    from amends.incidents.note import Note, NoteCommit
    from amends.incidents.starts import Begun

MESSAGES, START, CHANGES, NOTE, COMMITS = (
    "amends.messages/1", "amends.start/1", "amends.changes/1", "amends.note/1", "amends.commits/1",
)  # fmt: skip


def messages_as_dict(told: Iterable[Told]) -> dict[str, Any]:
    """Messages in the order in which they were sent, each with who heard it."""
    return {"schema": MESSAGES, "messages": [told_as_dict(one) for one in told]}


def told_as_dict(told: Told) -> dict[str, Any]:
    """One message: which version to its audience it is, who heard it, and who still believes what it corrects, or what corrects it."""
    later = told.corrected_by
    return {
        **message_as_dict(told.message),
        "version": told.version,
        "corrects": told.message.corrects,
        "corrected_by": later.id if later is not None else None,
        "via": told.message.via,
        "heard": [heard_as_dict(one) for one in told.heard],
        "still_wrong": [heard_as_dict(one) for one in told.still_wrong],
        "problems": [problem_as_dict(one) for one in told.problems],
    }


def heard_as_dict(one: Heard) -> dict[str, Any]:
    """How far a message has come with one stakeholder."""
    return {
        "stakeholder": one.stakeholder.id,
        "name": one.stakeholder.name,
        "audience": one.stakeholder.audience,
        "state": one.state,
        "tries": one.tries,
        "via": one.via,
        "why": one.why,
        "sent_at": _time(one.sent_at),
        "read_at": _time(one.read_at),
        "acknowledged_at": _time(one.acknowledged_at),
    }


def problem_as_dict(problem: Problem) -> dict[str, Any]:
    """What is wrong, and what to do."""
    return {"code": problem.code, "message": problem.message, "hint": problem.hint}


def start_as_dict(incident_id: str, begun: Begun) -> dict[str, Any]:
    """A text begun from facts."""
    told = {"text": begun.text, "form": begun.form, "audience": begun.audience, "corrects": begun.corrects}
    return {"schema": START, "incident": incident_id, **told}


def since_as_dict(incident_id: str, since: Since) -> dict[str, Any]:
    """What changed since an update."""
    message = since.message
    return {
        "schema": CHANGES,
        "incident": incident_id,
        "since": {"message": message.id, "audience": message.audience, "sent_at": _time(message.sent_at)} if message is not None else None,
        "changes": [_change(one) for one in since.changes],
        "text": since.text,
    }


def note_as_dict(incident_id: str, note: Note) -> dict[str, Any]:
    """The follow-up note as it stands."""
    return {
        "schema": NOTE,
        "incident": incident_id,
        "due": _time(note.due),
        "sent_at": _time(note.written_at),
        "late": note.late,
        "message": note.message.id if note.message is not None else None,
        "sentences": list(note.sentences) if note.sentences is not None else None,
        "hotfix": _note_commit(note.repair),
        "guardrail": _note_commit(note.guard),
        "boxes": {box: _box(event) for box, event in note.boxes},
        "lists": {kind: [heard_as_dict(one) for one in people] for kind, people in note.lists},
        "missing": [problem_as_dict(one) for one in note.missing],
    }


def commits_as_dict(incident_id: str, found: Found) -> dict[str, Any]:
    """Candidates for the commits of an incident, the likeliest first."""
    return {
        "schema": COMMITS,
        "incident": incident_id,
        "sources": list(found.sources),
        "candidates": [_candidate(one) for one in found.candidates],
        "problems": [problem_as_dict(one) for one in found.problems],
    }


def _candidate(one: Candidate) -> dict[str, Any]:
    commit = one.commit
    told = {"sha": commit.sha, "at": _time(commit.at), "subject": commit.subject, "body": commit.body, "url": commit.url}
    return {**told, "kind": one.kind, "why": one.why, "judgements": [_judgement(lack) for lack in one.judgements]}


def _change(one: Change) -> dict[str, Any]:
    return {"kind": one.kind, "text": one.text, "at": _time(one.at), "about": one.about}


def _note_commit(one: NoteCommit | None) -> dict[str, Any] | None:
    if one is None:
        return None
    told = {"kind": one.event.kind, "sha": one.event.value, "subject": one.event.text}
    return {**told, "judgements": [_judgement(lack) for lack in one.judgements]}


def _judgement(one: Judgement) -> dict[str, Any]:
    return {"code": one.code, "message": one.message, "instead": one.instead}


def _box(event: IncidentEvent | None) -> dict[str, Any]:
    return {"ticked": event is not None and event.value == "ticked", "text": event.text if event is not None else None}


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
