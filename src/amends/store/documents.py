"""Shared texts of incidents and their versions as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, insert, or_, select, update

from amends.core.errors import NotFoundError
from amends.incidents.document import Document, DocumentHead, DocumentVersion
from amends.store import journal
from amends.store.access import shown_to
from amends.store.schema import document, document_version, incident, is_id

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, Row, Select

_version = document_version.c

LARGEST_VERSION = 2**31 - 1
"""What the column holds; a caller may name any number."""


def add(
    connection: Connection, *, document_id: str, incident_id: str, kind: str, title: str, at: datetime, by: str, audience: str | None = None
) -> None:
    """Begin a shared text; its first version follows in the same transaction."""
    row = {"id": document_id, "incident_id": incident_id, "kind": kind, "title": title, "version": 1, "audience": audience}
    connection.execute(insert(document), row | {"created_at": at, "created_by": by})


def add_version(connection: Connection, new: DocumentVersion, *, what: str, salt: str) -> None:
    """Keep a text for ever, with the row of the journal about it, which knows the text by hash and length only."""
    told = {"version": new.version, "based_on": new.based_on, "length": len(new.text), "sha256": journal.text_hash(salt, new.text)}
    seq = journal.append(connection, at=new.recorded_at, actor=new.author, what=what, subject=f"document/{new.document_id}", data=told)
    row = {"document_id": new.document_id, "version": new.version, "text": new.text, "based_on": new.based_on, "outcome": new.outcome}
    row |= {"author": new.author, "recorded_at": new.recorded_at, "salt": salt, "journal_seq": seq}
    connection.execute(insert(document_version), row)


def set_head(connection: Connection, document_id: str, version: int) -> None:
    """Say which version the text stands at."""
    _set(connection, document_id, version=version)


def set_title(connection: Connection, document_id: str, title: str) -> None:
    """Call it otherwise."""
    _set(connection, document_id, title=title)


def set_removed(connection: Connection, document_id: str, at: datetime | None) -> None:
    """Hide a text, or with None show it again."""
    _set(connection, document_id, removed_at=at)


def get(connection: Connection, document_id: str) -> Document:
    """A text as it stands, removed or not. Raises NotFoundError."""
    row = None
    if is_id(document_id):
        row = connection.execute(_heads(_version.text).where(document.c.id == document_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no document {document_id!r}")
    return Document(_head(row), row.text)


def named_like(connection: Connection, part: str, by: str) -> tuple[DocumentHead, ...]:
    """The texts that somebody may see whose id begins or ends with some characters; none for what cannot be part of an id."""
    if not is_id(part):
        return ()
    query = _heads().join(incident, incident.c.id == document.c.incident_id).where(shown_to(by))
    query = query.where(or_(document.c.id.startswith(part), document.c.id.endswith(part))).order_by(document.c.id)
    return tuple(_head(row) for row in connection.execute(query))


def begun_with(connection: Connection, digits: str) -> str | None:
    """The id that begins with some characters, None where there is none; ids made from a key differ in their ends only."""
    return connection.execute(select(document.c.id).where(document.c.id.startswith(digits)).limit(1)).scalar()


def heads(connection: Connection, incident_id: str, *, removed: bool = False) -> tuple[DocumentHead, ...]:
    """The texts of an incident without what they say, in the order in which they were begun; with those that were removed, or without."""
    query = _heads().where(document.c.incident_id == incident_id).order_by(document.c.created_at, document.c.id)
    if not removed:
        query = query.where(document.c.removed_at.is_(None))
    return tuple(_head(row) for row in connection.execute(query))


def version(connection: Connection, document_id: str, number: int) -> DocumentVersion | None:
    """One version, or None where there is none of that number."""
    if not 0 < number <= LARGEST_VERSION:
        return None
    row = connection.execute(_versions().where(_version.document_id == document_id, _version.version == number)).mappings().one_or_none()
    return DocumentVersion(**row) if row else None


def versions(connection: Connection, document_id: str) -> tuple[DocumentVersion, ...]:
    """Every text that was given for it, oldest first, those that lost a conflict included."""
    query = _versions().where(_version.document_id == document_id).order_by(_version.version)
    return tuple(DocumentVersion(**row) for row in connection.execute(query).mappings())


def last_number(connection: Connection, document_id: str) -> int:
    """The highest version number; texts set aside count too."""
    number: int = connection.execute(select(func.max(_version.version)).where(_version.document_id == document_id)).scalar_one()
    return number


def given_before(connection: Connection, document_id: str, text: str, *, based_on: int, author: str) -> DocumentVersion | None:
    """The version under which somebody gave this very text after the same version, if they did: a page that retries is no news."""
    query = _versions().where(_version.document_id == document_id, _version.author == author, _version.based_on == based_on)
    row = connection.execute(query.where(_version.text == text).order_by(_version.version).limit(1)).mappings().one_or_none()
    return DocumentVersion(**row) if row else None


def _set(connection: Connection, document_id: str, **values: Any) -> None:
    connection.execute(update(document).where(document.c.id == document_id).values(**values))


def _heads(*more: Any) -> Select[Any]:
    own = document.c
    return select(
        own.id, own.incident_id, own.kind, own.title, own.version, own.created_at, own.created_by,
        _version.recorded_at, _version.author, func.length(_version.text).label("size"), own.removed_at,
        own.audience, *more,
    ).join_from(document, document_version, and_(_version.document_id == own.id, _version.version == own.version))  # fmt: skip


def _head(row: Row[Any]) -> DocumentHead:
    return DocumentHead(
        id=row.id,
        incident_id=row.incident_id,
        kind=row.kind,
        title=row.title,
        version=row.version,
        created_at=row.created_at,
        created_by=row.created_by,
        updated_at=row.recorded_at,
        updated_by=row.author,
        length=row.size,
        removed_at=row.removed_at,
        audience=row.audience,
    )


def _versions() -> Select[Any]:
    own = _version
    return select(own.document_id, own.version, own.text, own.based_on, own.outcome, own.author, own.recorded_at)
