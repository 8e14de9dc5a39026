"""The timeline of an incident as rows: its evidence, its versions, how far a reading is, and the notes about its entries."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from amends.core.errors import NotFoundError
from amends.store import access, journal
from amends.store.schema import evidence, incident, is_id, timeline_note, timeline_run, timeline_version
from amends.timeline.notes import Note
from amends.timeline.versions import Evidence, Run, Version, VersionHead

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, RowMapping

ASSEMBLED = "timeline.assembled"
"""The change by which a new version comes to be."""

LARGEST_VERSION = 2**31 - 1
"""What the column holds; a caller may name any number."""


# Evidence


def add_evidence(connection: Connection, new: Evidence) -> None:
    """Keep a source of an incident, with a row of the journal that knows it by its id and its hash."""
    told = {"evidence": new.id, "sha256": new.sha256, "size": new.size}
    journal.append(connection, at=new.added_at, actor=new.added_by, what="evidence.added", subject=_subject(new.incident_id), data=told)
    connection.execute(insert(evidence), asdict(new) | {"kept": int(new.kept)})


def set_removed(connection: Connection, source: Evidence, removed_at: datetime | None, *, at: datetime, by: str) -> None:
    """Leave a source out of what is read next, or with None for `removed_at` take it in again; with its row of the journal."""
    what = "evidence.restored" if removed_at is None else "evidence.removed"
    journal.append(connection, at=at, actor=by, what=what, subject=_subject(source.incident_id), data={"evidence": source.id})
    connection.execute(update(evidence).where(evidence.c.id == source.id).values(removed_at=removed_at))


def evidence_of(connection: Connection, incident_id: str) -> tuple[Evidence, ...]:
    """The sources of an incident in the order in which they were added, removed ones too."""
    query = select(evidence).where(evidence.c.incident_id == incident_id).order_by(evidence.c.added_at, evidence.c.id)
    return tuple(_evidence(row) for row in connection.execute(query).mappings())


def one_evidence(connection: Connection, incident_id: str, evidence_id: str) -> Evidence:
    """One source of an incident, removed or not. Raises NotFoundError."""
    row = None
    if is_id(evidence_id):
        query = select(evidence).where(evidence.c.id == evidence_id, evidence.c.incident_id == incident_id)
        row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"there is no source {evidence_id[:40]!r} in this incident")
    return _evidence(row)


# Versions


def add_version(connection: Connection, new: Version, *, salt: str) -> None:
    """Keep an assembled timeline for ever, with a row of the journal that knows it by its hash."""
    document = journal.canonical(new.document)
    told = {"version": new.number, "entries": new.entries, "tz": new.tz, "sha256": journal.text_hash(salt, document)}
    subject = _subject(new.incident_id)
    seq = journal.append(connection, at=new.made_at, actor=new.made_by, what=ASSEMBLED, subject=subject, data=told)
    connection.execute(insert(timeline_version), asdict(new) | {"document": document, "salt": salt, "journal_seq": seq})


def heads(connection: Connection, incident_id: str) -> tuple[VersionHead, ...]:
    """The versions of an incident without what they hold, the newest first."""
    own = timeline_version.c
    query = select(own.number, own.made_at, own.made_by, own.entries).where(own.incident_id == incident_id).order_by(own.number.desc())
    return tuple(VersionHead(**row) for row in connection.execute(query).mappings())


def last_number(connection: Connection, incident_id: str) -> int:
    """The number of the newest version, 0 where there is none."""
    query = select(func.max(timeline_version.c.number)).where(timeline_version.c.incident_id == incident_id)
    return connection.execute(query).scalar() or 0


def version(connection: Connection, incident_id: str, number: int) -> Version:
    """One version. Raises NotFoundError."""
    own = timeline_version.c
    row = None
    if 0 < number <= LARGEST_VERSION:
        query = select(own.incident_id, own.number, own.made_at, own.made_by, own.tz, own.entries, own.document)
        row = connection.execute(query.where(own.incident_id == incident_id, own.number == number)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(f"this timeline has no version {number}")
    return Version(**{**row, "document": json.loads(row["document"])})


def with_any(connection: Connection, *, seen_by: str) -> dict[str, tuple[int, int]]:
    """Incidents that have evidence and that somebody may see: how many sources were not removed, how many entries the newest version has.

    The second number is -1 where there is no version.
    """
    sources = select(evidence.c.incident_id, func.count()).where(evidence.c.removed_at.is_(None)).group_by(evidence.c.incident_id)
    sources = sources.join(incident, incident.c.id == evidence.c.incident_id).where(access.shown_to(seen_by))
    found = {row[0]: (row[1], -1) for row in connection.execute(sources)}
    own = timeline_version.c
    newest = select(own.incident_id, func.max(own.number).label("number")).group_by(own.incident_id).subquery()
    query = select(own.incident_id, own.entries).join(
        newest, (newest.c.incident_id == own.incident_id) & (newest.c.number == own.number)
    )  # fmt: skip
    query = query.join(incident, incident.c.id == own.incident_id).where(access.shown_to(seen_by))
    for name, entries in connection.execute(query):
        found[name] = (found.get(name, (0, -1))[0], entries)
    return found


# Readings


def add_run(connection: Connection, new: Run) -> None:
    """Note that a reading began."""
    connection.execute(insert(timeline_run), asdict(new))


def last_run(connection: Connection, incident_id: str) -> Run | None:
    """The reading of an incident that began last."""
    query = select(timeline_run).where(timeline_run.c.incident_id == incident_id)
    query = query.order_by(timeline_run.c.started_at.desc(), timeline_run.c.id.desc()).limit(1)
    row = connection.execute(query).mappings().one_or_none()
    return Run(**row) if row else None


def get_run(connection: Connection, run_id: str) -> Run:
    """A reading as it stands."""
    return Run(**connection.execute(select(timeline_run).where(timeline_run.c.id == run_id)).mappings().one())


def set_run(connection: Connection, run_id: str, **values: Any) -> None:
    """Change what is known of a reading: `state`, `beat_at`, `done`, `total`, `version`, `failure`."""
    connection.execute(update(timeline_run).where(timeline_run.c.id == run_id).values(**values))


# Notes


def add_note(connection: Connection, new: Note, *, salt: str) -> None:
    """Keep one note for ever, with its row of the journal, which holds none of its words."""
    row = asdict(new)
    told = {"note": new.id, "entry": new.entry, "sha256": journal.record_hash(salt, row)}
    what, subject = f"timeline.{new.what}", _subject(new.incident_id)
    seq = journal.append(connection, at=new.recorded_at, actor=new.by, what=what, subject=subject, data=told)
    connection.execute(insert(timeline_note), row | {"salt": salt, "journal_seq": seq})


def notes_of(connection: Connection, incident_id: str) -> tuple[Note, ...]:
    """Every note about the timeline of an incident in the order in which they were recorded."""
    query = select(timeline_note).where(timeline_note.c.incident_id == incident_id).order_by(timeline_note.c.journal_seq)
    return tuple(_note(row) for row in connection.execute(query).mappings())


def _subject(incident_id: str) -> str:
    return f"incident/{incident_id}"


def _evidence(row: RowMapping) -> Evidence:
    return Evidence(**{**row, "kept": bool(row["kept"])})


def _note(row: RowMapping) -> Note:
    return Note(**{name: value for name, value in row.items() if name not in ("salt", "journal_seq")})
