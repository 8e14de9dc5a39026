"""Timelines over HTTP: the evidence of an incident, reading it, the entries with the bytes behind them, and what people note.

Evidence is named by its path on the machine that Amends runs on; files are handed over in the workbench. Everything that touches
the store or a source runs in the thread pool; a reading runs beside all of it.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Path, Request, Response

from amends.interfaces.api import timelines_bodies as bodies
from amends.interfaces.api import timelines_describe as describe
from amends.interfaces.api.answering import Answers
from amends.interfaces.api.ledger_bodies import Strict, decoder, instant, read_act
from amends.interfaces.api.payload import read_body, who

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.timeline.notes import Entry, Note
    from amends.usecases.facade import UseCases
    from amends.usecases.timelines import Timelines, Told

IncidentId = Annotated[str, Path(description="The id of an incident.")]
EntryId = Annotated[str, Path(description="The id of an entry.")]
HERE = "/incidents/{incident_id}/timeline"
TIMELINE_SCHEMA, BYTES_SCHEMA = "amends.incident-timeline/1", "amends.entry-bytes/1"
ANSWERS = Answers("GET /api/v1/incidents lists the incidents, and the timeline of each its entries", untold=frozenset({"evidence"}))


def add_timelines(app: FastAPI, usecases: UseCases) -> None:
    """Put the addresses of timelines beside those of the ledger."""
    _add_looking(app, usecases)
    _add_evidence(app, usecases)
    _add_reading(app, usecases)
    _add_entries(app, usecases)
    for name, kind, act in ACTS:
        _add_act(app, usecases, name, decoder(kind), act)


def _add_looking(app: FastAPI, usecases: UseCases) -> None:
    @app.get(HERE, **describe.TIMELINE)
    async def timeline(request: Request, incident_id: IncidentId) -> Response:
        """The timeline of an incident: its evidence, how far a reading is, and the entries, hidden ones too."""
        version = bodies.read_version(request.query_params)
        return await ANSWERS.of(lambda: as_dict(usecases.timelines.get(incident_id, version, by=who(request))))

    @app.get(f"{HERE}/entries/{{entry_id}}/bytes", **describe.BYTES)
    async def behind(request: Request, incident_id: IncidentId, entry_id: EntryId) -> Response:
        """The bytes that an entry cites. Not found also where its source is gone, or is not what it was."""
        return await ANSWERS.of(lambda: _bytes(usecases.timelines, incident_id, entry_id, who(request)))


def _add_evidence(app: FastAPI, usecases: UseCases) -> None:
    read_evidence = decoder(bodies.EvidenceRequest)

    @app.post("/incidents/{incident_id}/evidence", **describe.EVIDENCE)
    async def evidence(request: Request, incident_id: IncidentId) -> Response:
        """Name a file or folder as evidence. The same path twice is one source."""
        asked = read_body(await request.body(), read_evidence)
        return await _changed(
            usecases, incident_id, who(request), lambda by: usecases.gathering.add_path(incident_id, asked.path, by=by), 201
        )

    @app.post("/incidents/{incident_id}/evidence/{evidence_id}/remove", **describe.SOURCE)
    async def remove(
        request: Request, incident_id: IncidentId, evidence_id: Annotated[str, Path(description="The id of a source.")]
    ) -> Response:
        """Leave a source out of what is read next. Its file stays."""
        return await _changed(usecases, incident_id, who(request), lambda by: usecases.gathering.remove(incident_id, evidence_id, by=by))

    @app.post("/incidents/{incident_id}/evidence/{evidence_id}/restore", **describe.SOURCE)
    async def restore(
        request: Request, incident_id: IncidentId, evidence_id: Annotated[str, Path(description="The id of a source.")]
    ) -> Response:
        """Take a source in again that was left out."""
        return await _changed(usecases, incident_id, who(request), lambda by: usecases.gathering.restore(incident_id, evidence_id, by=by))


def _add_reading(app: FastAPI, usecases: UseCases) -> None:
    read_how = decoder(bodies.ReadRequest)

    @app.post(f"{HERE}/read", **describe.READ)
    async def read(request: Request, incident_id: IncidentId) -> Response:
        """Begin to read the evidence into a new version; `reading` of the timeline tells how far it is."""
        asked = read_act(await request.body(), read_how)
        return await _changed(
            usecases, incident_id, who(request), lambda by: usecases.gathering.start(incident_id, tz=asked.tz, by=by), 202
        )

    @app.post(f"{HERE}/stop", **describe.STOP)
    async def stop(request: Request, incident_id: IncidentId) -> Response:
        """Stop the reading that is under way, and keep nothing of it."""
        return await _changed(usecases, incident_id, who(request), lambda by: usecases.gathering.stop(incident_id, by=by))


def _add_entries(app: FastAPI, usecases: UseCases) -> None:
    read_entry = decoder(bodies.EntryRequest)

    @app.post(f"{HERE}/entries", **describe.ADD)
    async def add(request: Request, incident_id: IncidentId) -> Response:
        """Write down what no log knows."""
        asked = read_body(await request.body(), read_entry)
        at = instant(asked.time, "$.time")
        return await _noted(
            usecases.timelines,
            incident_id,
            who(request),
            lambda by: usecases.timelines.add(incident_id, at, asked.text, actor=asked.actor, by=by).entry,
            201,
        )

    @app.post(f"{HERE}/notes/{{note_id}}/withdraw", **describe.WITHDRAW)
    async def withdraw(
        request: Request, incident_id: IncidentId, note_id: Annotated[str, Path(description="The id of a note.")]
    ) -> Response:
        """Take back a comment, a correction or an added entry of yours. It stays in the history."""
        work: Callable[[str], str] = lambda by: usecases.timelines.withdraw(incident_id, note_id, by=by).entry  # noqa: E731  # one of several
        return await _noted(usecases.timelines, incident_id, who(request), work)


def _add_act(app: FastAPI, usecases: UseCases, name: str, kind: Any, act: Callable[[Timelines, str, str, Any, str], Note | None]) -> None:
    async def handler(request: Request, incident_id: IncidentId, entry_id: EntryId) -> Response:
        asked = read_act(await request.body(), kind)

        def work(by: str) -> str:
            act(usecases.timelines, incident_id, entry_id, asked, by)
            return entry_id

        return await _noted(usecases.timelines, incident_id, who(request), work)

    handler.__name__ = f"{name}_entry"
    app.post(f"{HERE}/entries/{{entry_id}}/{name}", **describe.act(name))(handler)


ACTS: tuple[tuple[str, type[Strict], Callable[[Timelines, str, str, Any, str], Note | None]], ...] = (
    ("pin", bodies.EmptyRequest, lambda timelines, incident, entry, _, by: timelines.pin(incident, entry, by=by)),
    ("unpin", bodies.EmptyRequest, lambda timelines, incident, entry, _, by: timelines.unpin(incident, entry, by=by)),
    ("hide", bodies.EmptyRequest, lambda timelines, incident, entry, _, by: timelines.hide(incident, entry, by=by)),
    ("show", bodies.EmptyRequest, lambda timelines, incident, entry, _, by: timelines.show(incident, entry, by=by)),
    ("comment", bodies.CommentRequest, lambda timelines, incident, entry, asked, by: timelines.comment(incident, entry, asked.text, by=by)),
    (
        "correct",
        bodies.CorrectRequest,
        lambda timelines, incident, entry, asked, by: timelines.correct(incident, entry, instant(asked.time, "$.time"), asked.why, by=by),
    ),
)
"""Each note about an entry: the end of its address, its body, and the use case."""


def as_dict(told: Told) -> dict[str, Any]:
    """The timeline of an incident as plain values; times are RFC 3339."""
    read = set(told.version.document["evidence"]) if told.version else set()
    return {
        "schema": TIMELINE_SCHEMA,
        "incident": told.incident.id,
        "version": told.version.number if told.version else None,
        "versions": [one.number for one in told.versions],
        "evidence": [
            {
                "id": one.id, "name": one.name, "kept": one.kept, "path": None if one.kept else one.place, "sha256": one.sha256,
                "size": one.size, "added_at": one.added_at.isoformat(), "added_by": one.added_by, "read": one.id in read,
            }
            for one in told.evidence
        ],
        "reading": None if told.run is None else {
            "state": told.run.state, "started_at": told.run.started_at.isoformat(), "done": told.run.done, "total": told.run.total,
            "version": told.run.version, "failure": told.run.failure,
        },
        "problems": told.version.document["problems"] if told.version else [],
        "entries": [entry_as_dict(entry) for entry in told.entries],
    }  # fmt: skip


def entry_as_dict(entry: Entry) -> dict[str, Any]:
    """One entry in the form of the contract, with what was noted."""
    correction = entry.marks.correction
    return {
        **entry.row,
        "corrected_time": correction.time.isoformat() if correction and correction.time else None,
        "pinned": entry.marks.pinned,
        "hidden": entry.marks.hidden,
        "current": entry.is_current,
        "notes": [
            {
                "id": note.id, "what": note.what, "recorded_at": note.recorded_at.isoformat(), "by": note.by, "text": note.text,
                "time": note.time.isoformat() if note.time else None, "undoes": note.undoes,
            }
            for note in entry.marks.history
        ],
    }  # fmt: skip


def _bytes(timelines: Timelines, incident_id: str, entry_id: str, by: str) -> dict[str, Any]:
    found = asdict(timelines.behind(incident_id, entry_id, by=by))
    return {"schema": BYTES_SCHEMA, "text": found.pop("itself"), **found}


async def _changed(usecases: UseCases, incident_id: str, by: str, work: Callable[[str], object], status: int = 200) -> Response:
    def both() -> dict[str, Any]:
        work(by)
        return as_dict(usecases.timelines.get(incident_id, by=by))

    return await ANSWERS.of(both, status)


async def _noted(timelines: Timelines, incident_id: str, by: str, work: Callable[[str], str], status: int = 200) -> Response:
    return await ANSWERS.of(lambda: entry_as_dict(timelines.entry(incident_id, work(by), by=by)), status)
