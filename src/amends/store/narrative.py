"""The account of an incident as rows that are only ever added: its points in all revisions, and what they cite."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import insert, or_, select

from amends.core.errors import NotFoundError
from amends.narrative.account import Evidence, Point
from amends.store import journal
from amends.store.access import shown_to
from amends.store.parts import in_parts
from amends.store.schema import account_evidence, account_point, incident, is_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from sqlalchemy import Connection, Select, Table

    from amends.narrative.account import Change

Record = TypeVar("Record", Point, Evidence)

STATED, REVISED, WITHDRAWN = "account.stated", "account.revised", "account.withdrawn"
"""The changes that bring a revision of a point."""

CITED, UNCITED = "account.cited", "account.uncited"
"""The changes that bring a citation, or take one back."""


def add_point(connection: Connection, new: Point, *, salt: str) -> None:
    """Keep one revision of a point for ever, with its row of the journal, which holds none of its words."""
    what = WITHDRAWN if new.what == "withdrawn" else STATED if new.replaces is None else REVISED
    _add(connection, account_point, new, what, {"point": new.id, "item": new.item}, salt)


def add_evidence(connection: Connection, new: Evidence, *, salt: str) -> None:
    """Keep a citation, or the taking back of one, for ever, with its row of the journal."""
    what = CITED if new.undoes is None else UNCITED
    _add(connection, account_evidence, new, what, {"evidence": new.id, "item": new.item}, salt)


def points_of(connection: Connection, incident_id: str) -> tuple[Point, ...]:
    """Every revision of every point of an incident, in the order in which they were recorded."""
    return tuple(one for _, one in _all(connection, account_point, Point, incident_id))


def evidence_of(connection: Connection, incident_id: str) -> tuple[Evidence, ...]:
    """Every citation, and every taking back of one, in the order in which they were recorded."""
    return tuple(one for _, one in _all(connection, account_evidence, Evidence, incident_id))


def of_incidents(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[list[Point], list[Evidence]]]:
    """The same of many incidents, in few statements: for each that has an account its revisions, and its citations."""
    found: dict[str, tuple[list[Point], list[Evidence]]] = defaultdict(lambda: ([], []))
    for part in in_parts(ids):
        for point in _of_several(connection, account_point, Point, part):
            found[point.incident_id][0].append(point)
        for cited in _of_several(connection, account_evidence, Evidence, part):
            found[cited.incident_id][1].append(cited)
    return found


def changes_of(connection: Connection, incident_id: str) -> tuple[Change, ...]:
    """Everything that was ever written into an account, in the order in which it was recorded."""
    told: list[tuple[int, Change]] = [*_all(connection, account_point, Point, incident_id)]
    told += _all(connection, account_evidence, Evidence, incident_id)
    return tuple(one for _, one in sorted(told, key=lambda pair: pair[0]))


def evidence(connection: Connection, incident_id: str, evidence_id: str) -> Evidence:
    """One citation of an incident. Raises NotFoundError."""
    row = None
    if is_id(evidence_id):
        own = account_evidence.c
        row = connection.execute(
            _select(account_evidence, Evidence).where(own.id == evidence_id, own.incident_id == incident_id)
        ).one_or_none()
    if row is None:
        raise NotFoundError(f"nothing of the id {evidence_id[:40]!r} is cited in this account")
    return _made(Evidence, row)


def points_like(connection: Connection, part: str, *, seen_by: str) -> tuple[Point, ...]:
    """The first revisions of the points that somebody may see whose id begins or ends with some characters."""
    found = _like(connection, account_point, Point, part, seen_by)
    return tuple(one for one in found if one.id == one.item)


def evidence_like(connection: Connection, part: str, *, seen_by: str) -> tuple[Evidence, ...]:
    """The citations that somebody may see whose id begins or ends with some characters."""
    return tuple(one for one in _like(connection, account_evidence, Evidence, part, seen_by) if one.undoes is None)


def _add(connection: Connection, table: Table, new: Change, what: str, told: dict[str, object], salt: str) -> None:
    row = asdict(new)
    data = {**told, "sha256": journal.record_hash(salt, row)}
    seq = journal.append(connection, at=new.recorded_at, actor=new.by, what=what, subject=f"incident/{new.incident_id}", data=data)
    connection.execute(insert(table), row | {"salt": salt, "journal_seq": seq})


def _all(connection: Connection, table: Table, kind: type[Record], incident_id: str) -> list[tuple[int, Record]]:
    query = _select(table, kind, table.c.journal_seq).where(table.c.incident_id == incident_id).order_by(table.c.journal_seq)
    return [(row.journal_seq, _made(kind, row)) for row in connection.execute(query)]


def _of_several(connection: Connection, table: Table, kind: type[Record], ids: Sequence[str]) -> Iterator[Record]:
    query = _select(table, kind).where(table.c.incident_id.in_(ids)).order_by(table.c.journal_seq)
    return (_made(kind, row) for row in connection.execute(query))


def _like(connection: Connection, table: Table, kind: type[Record], part: str, seen_by: str) -> list[Record]:
    if not is_id(part):
        return []
    own = table.c.id
    query = _select(table, kind).join(incident, incident.c.id == table.c.incident_id).where(shown_to(seen_by))
    query = query.where(or_(own.startswith(part), own.endswith(part))).order_by(table.c.journal_seq)
    return [_made(kind, row) for row in connection.execute(query)]


def _select(table: Table, kind: type[Record], *more: Any) -> Select[Any]:
    return select(*(table.c[field.name] for field in fields(kind)), *more)


def _made(kind: type[Record], row: Any) -> Record:
    return kind(*row[: len(fields(kind))])
