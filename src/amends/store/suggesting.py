"""What a language model drafted, and what a person took over from it, as rows that are only ever added.

Which sentences were taken stands in the row of the journal about it, by their numbers: the words are those of the draft and of the text.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from amends.core.errors import NotFoundError
from amends.narrative.suggestion import ModelDraft
from amends.narrative.suggestion_report import Adoption
from amends.store import journal
from amends.store.schema import is_id, model_adoption, model_draft
from amends.store.schema import journal as journal_table

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import Connection, Select

DRAFTED, ADOPTED = "model.drafted", "model.adopted"
"""The changes by which these rows come to be."""

_SAID = ("taken", "rewritten")
"""What of an adoption the journal alone holds."""


def add_draft(connection: Connection, new: ModelDraft, *, salt: str) -> None:
    """Keep what a model drafted, with its row of the journal, which says who asked which model and holds none of its words."""
    row = asdict(new)
    told = {"draft": new.id, "model": new.model, "prompt_sha256": new.prompt_sha256, "sha256": journal.record_hash(salt, row)}
    seq = journal.append(connection, at=new.asked_at, actor=new.asked_by, what=DRAFTED, subject=f"incident/{new.incident_id}", data=told)
    connection.execute(insert(model_draft), row | {"salt": salt, "journal_seq": seq})


def add_adoption(connection: Connection, new: Adoption, *, salt: str) -> None:
    """Keep that a person took sentences of a draft over, with its row of the journal."""
    row = asdict(new)
    said = {name: row.pop(name) for name in _SAID}
    told = {"adoption": new.id, "draft": new.draft_id, "document": new.document_id, "version": new.version, **said}
    data = {**told, "sha256": journal.record_hash(salt, row)}
    subject = f"incident/{new.incident_id}"
    seq = journal.append(connection, at=new.adopted_at, actor=new.adopted_by, what=ADOPTED, subject=subject, data=data)
    connection.execute(insert(model_adoption), row | {"salt": salt, "journal_seq": seq})


def draft(connection: Connection, incident_id: str, draft_id: str) -> ModelDraft:
    """One draft of an incident. Raises NotFoundError."""
    row = None
    if is_id(draft_id):
        own = model_draft.c
        row = connection.execute(_drafts().where(own.id == draft_id, own.incident_id == incident_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no draft {draft_id[:40]!r} by a model for this incident")
    return ModelDraft(*row)


def drafts_of(connection: Connection, incident_id: str) -> tuple[ModelDraft, ...]:
    """The drafts of an incident, in the order in which they were recorded."""
    query = _drafts().where(model_draft.c.incident_id == incident_id).order_by(model_draft.c.journal_seq)
    return tuple(ModelDraft(*row) for row in connection.execute(query))


def adoptions_of(connection: Connection, incident_id: str) -> tuple[Adoption, ...]:
    """What was taken over from the drafts of an incident, in the order in which it was recorded."""
    own = model_adoption.c
    names = [own[field.name] for field in fields(Adoption) if field.name not in _SAID]
    query = select(*names, journal_table.c.data).join(journal_table, journal_table.c.seq == own.journal_seq)
    found = []
    for row in connection.execute(query.where(own.incident_id == incident_id).order_by(own.journal_seq)):
        told = json.loads(row.data)
        found.append(Adoption(*row[:-1], *(tuple(told.get(name, ())) for name in _SAID)))
    return tuple(found)


def _drafts() -> Select[Any]:
    return select(*(model_draft.c[field.name] for field in fields(ModelDraft)))
