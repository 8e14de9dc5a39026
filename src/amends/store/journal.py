"""The journal: one row a change, each naming the row before it by hash, so that no row can be altered, dropped or slipped in unseen.

A hash is SHA-256, in hexadecimal, over the row as canonical JSON: keys sorted, no spaces, ASCII only. `data` goes in as the text that is
stored, which is canonical JSON itself. The first row follows `ORIGIN`.
"""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from amends.core.incident import JournalEntry
from amends.store.instant import stamp
from amends.store.schema import journal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

ORIGIN = "0" * 64
"""What the first row names as the row before it."""

PAGE = 1000


def canonical(data: Mapping[str, object]) -> str:
    """The one way to write this as JSON, so that equal things have equal hashes."""
    return json.dumps(data, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def row_hash(*, seq: int, at: datetime, actor: str, what: str, subject: str, data: str, previous: str) -> str:
    """The hash that a row with these values must carry."""
    row = {"journal": "amends/1", "seq": seq, "at": stamp(at), "actor": actor, "what": what, "subject": subject}
    return sha256(canonical({**row, "data": data, "previous": previous}).encode("ascii")).hexdigest()


def text_hash(salt: str, text: str) -> str:
    """The hash by which the journal knows a text of a person without holding it; the salt keeps short texts from being guessed."""
    return sha256(f"{salt}\n{text}".encode()).hexdigest()


def record_hash(salt: str, record: Mapping[str, object]) -> str:
    """The hash by which the journal knows a whole record, whose words it does not hold; instants as text, names sorted."""
    plain = {name: stamp(value) if isinstance(value, datetime) else value for name, value in record.items()}
    return text_hash(salt, canonical(plain))


def append(connection: Connection, *, at: datetime, actor: str, what: str, subject: str, data: Mapping[str, object]) -> int:
    """Write down one change, in the transaction that makes it, which must come from `Store.writing`; the number of the new row."""
    last, previous = head(connection)
    seq = last + 1
    text = canonical(data)
    own = row_hash(seq=seq, at=at, actor=actor, what=what, subject=subject, data=text, previous=previous)
    row = {"seq": seq, "at": at, "actor": actor, "what": what, "subject": subject, "data": text, "previous": previous, "hash": own}
    connection.execute(insert(journal), row)
    return seq


def last_at(connection: Connection, *, what: str, actor: str, subject: str) -> datetime | None:
    """When somebody last caused such a change of a thing, None where they never did."""
    own = journal.c
    query = select(own.at).where(own.subject == subject, own.what == what, own.actor == actor).order_by(own.seq.desc()).limit(1)
    return connection.execute(query).scalar()


def head(connection: Connection) -> tuple[int, str]:
    """The number and the hash of the last row; 0 and `ORIGIN` where there is none."""
    row = connection.execute(select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)).one_or_none()
    return (row.seq, row.hash) if row else (0, ORIGIN)


def has_hash(connection: Connection, hash_: str) -> bool:
    """Whether a row has this hash; the journal of no rows ends with `ORIGIN`."""
    if not hash_.isalnum() or hash_ == ORIGIN:
        return hash_ == ORIGIN
    return connection.execute(select(journal.c.seq).where(journal.c.hash == hash_)).first() is not None


def entries(connection: Connection, *, after: int = 0, subject: str | None = None, limit: int | None = None) -> Iterator[JournalEntry]:
    """The rows in order, read a page at a time: from the one after number `after`, of one subject or of all, at most `limit`."""
    query = select(journal).where(journal.c.seq > after).order_by(journal.c.seq).limit(limit)
    if subject is not None:
        query = query.where(journal.c.subject == subject)
    for row in connection.execution_options(yield_per=PAGE).execute(query).mappings():
        yield JournalEntry(**row)
