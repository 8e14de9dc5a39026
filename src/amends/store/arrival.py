"""Rows that come from another store, put into this one with their times and versions, each vouched for by a new row of the journal.

What is checked before anything is written: that each row of the journal that came along is as it was written, that each record is the one
that its row of the journal speaks of, and that every reference leads somewhere. Ids stay where they are free, and get new ones with all
references where they are taken. A record whose id or reference had to change has another hash, so the new row of the journal tells both.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError

from amends.core.errors import InputError
from amends.store import journal as chain
from amends.store import schema
from amends.store.instant import stamp
from amends.store.ledger_audit import erased_hash, stone_hash
from amends.store.messages import LATER
from amends.store.parts import in_parts
from amends.store.transfer import ARRIVED, IMPORTED, JOURNAL_COLUMNS, ORDER, journal_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Table

    from amends.store.transfer import Row, Rows

OPTIONAL = (("incident", "follows"), ("draft", "incident_id"))
"""References that may lead to what did not come along: they are left empty here, and told."""

SOFT = (
    ("promise_event", "evidence"), ("action_event", "evidence"), ("timeline_note", "entry"), ("incident_event", "kind"),
    ("account_point", "answer"), ("account_evidence", "ref"), ("trust_review_event", "ref"), ("playbook_event", "ref"),
    ("recurrence_judgement", "other_id"), ("guardrail_event", "guardrail"), ("guardrail_event", "evidence"),
)  # fmt: skip
"""Columns beside the foreign keys in which an id of ours may stand."""

HOLDING = {"model_draft": "answer", "repair_action": "breaks", "trust_review_event": "prepared"}
"""Columns of JSON in which ids of ours stand among other things, by their table."""

_ID = re.compile(r"[0-9A-Z]{26}")


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came of it: how many rows of each table, the new ids by the old ones that were taken, and references that lead nowhere here."""

    counts: dict[str, int]
    renamed: dict[str, str]
    missing: tuple[tuple[str, str, str], ...]


def check(rows: Rows, path_of: Callable[[str], str]) -> None:
    """Raises InputError, naming the file, where rows and the journal that came along do not fit; see the module."""
    told: dict[str, Row] = {}
    for number, row in enumerate(rows.get("journal", [])):
        if journal_hash(row) != row["hash"]:
            raise _wrong(path_of("journal"), number, "hash", f"row {row['seq']} of the journal is not as it was written")
        if told.setdefault(row["hash"], row) is not row:
            raise _wrong(path_of("journal"), number, "hash", f"row {row['seq']} of the journal stands here twice")
    salts, cited = _salts(rows), set[str]()
    erased = {(row["kept_in"], row["row"]) for row in rows.get("tombstone", [])}
    for table in ORDER:
        for number, row in enumerate(rows.get(table, [])):
            if "journal" not in row:
                continue
            vouched = told.get(row["journal"])
            if vouched is None or row["journal"] in cited:
                raise _wrong(path_of(table), number, "journal", "no row of the journal speaks of this record")
            cited.add(row["journal"])
            sha = None if (table, row["journal"]) in erased else _sha_of(table, row, salts)
            if sha is not None and sha != _told(vouched).get("sha256"):
                raise _wrong(path_of(table), number, "journal", "this is not the record that the journal speaks of")
    for number, (name, must) in enumerate(_of_stones(rows).items()):
        if not must.items() <= _told(told[name]).items():
            raise _wrong(path_of("tombstone"), number, "journal", "this is not what the journal says was erased")


def put(connection: Connection, rows: Rows, *, new_id: Callable[[], str], at: datetime, by: str, source: str) -> Arrived:
    """Write rows that `check` found whole, in a transaction of `Store.writing`; `source` is the hash of the manifest they came with.

    Raises InputError where a reference leads nowhere, or the database refuses a value.
    """
    renamed = _renamed(connection, rows, new_id)
    missing = _references(connection, rows)
    moved = {name: [_moved(name, row, renamed) for row in listed] for name, listed in rows.items() if name != "journal"}
    for name, row_id, _ in missing:
        column = dict(OPTIONAL)[name]
        for row in moved[name]:
            if row["id"] == renamed.get(row_id, row_id):
                row[column] = None
    seqs = _vouch(connection, rows, moved, renamed, at, by)
    for name in ORDER:
        table = schema.metadata.tables[name]
        for row in _parents_first(moved.get(name, []), "follows" if name == "incident" else None):
            _insert(connection, table, row, seqs)
    _tell(connection, moved.get("incident", []), missing, renamed, at, by, source)
    return Arrived({name: len(listed) for name, listed in rows.items()}, renamed, tuple(missing))


def _renamed(connection: Connection, rows: Rows, new_id: Callable[[], str]) -> dict[str, str]:
    """New ids for those that are taken here, in the same order: what was recorded at one instant is told apart by its id."""
    taken: set[str] = set()
    coming = {row["id"] for listed in rows.values() for row in listed if "id" in row}
    for name, listed in rows.items():
        column = schema.metadata.tables[name].c.get("id")
        ids = [row["id"] for row in listed] if column is not None else []
        for part in in_parts(ids):
            assert column is not None, "there are ids"
            taken.update(connection.execute(select(column).where(column.in_(part))).scalars())
    fresh: set[str] = set()
    while len(fresh) < len(taken):
        fresh.add(new_id())
        fresh -= coming
    return dict(zip(sorted(taken), sorted(fresh), strict=True))


def _references(connection: Connection, rows: Rows) -> list[tuple[str, str, str]]:
    """The optional references that lead nowhere. Raises InputError for others."""
    known = {name: {row["id"] for row in listed if "id" in row} for name, listed in rows.items()}
    missing = []
    for name, listed in rows.items():
        for column, target in _foreign(name):
            wanted = {row[column] for row in listed if row[column] is not None} - known.get(target, set())
            if not wanted:
                continue
            own = schema.metadata.tables[target].c.id
            here = set(connection.execute(select(own).where(own.in_(sorted(wanted)))).scalars()) if (name, column) in OPTIONAL else set()
            for row in listed:
                if row[column] in wanted - here:
                    if (name, column) not in OPTIONAL:
                        told = f"{name} {row.get('id', '')} refers to the {target} {row[column]!r}, which did not come along"
                        raise InputError(told, hint="take the folder as it was exported", field=column)
                    missing.append((name, row["id"], row[column]))
    return missing


def _foreign(name: str) -> list[tuple[str, str]]:
    """The columns of a table that hold the id of a row, with the table of that row."""
    keys = [key for column in schema.metadata.tables[name].columns for key in column.foreign_keys]
    found = [(str(key.parent.name), str(key.column.table.name)) for key in keys if key.column.name == "id"]
    if name == "message":
        found.append(("draft_id", "draft"))  # by way of the version of the draft
    return found


def _moved(name: str, row: Row, renamed: Mapping[str, str]) -> Row:
    """A row with the new ids in place of those that were taken."""
    if not renamed:
        return dict(row)
    columns = {"id", *(column for column, _ in _foreign(name)), *(column for table, column in SOFT if table == name)}
    if name == "tombstone":
        return row | {"subject": _ID.sub(lambda found: renamed.get(found[0], found[0]), row["subject"])}
    made = {key: renamed.get(value, value) if key in columns and isinstance(value, str) else value for key, value in row.items()}
    if name == "timeline_version":
        document = json.loads(row["document"])
        document["evidence"] = [renamed.get(one, one) for one in document.get("evidence", [])]
        made["document"] = chain.canonical(document)
    if (column := HOLDING.get(name)) and row[column] is not None:
        made[column] = _ID.sub(lambda found: renamed.get(found[0], found[0]), row[column])
    return made


def _vouch(connection: Connection, rows: Rows, moved: Rows, renamed: Mapping[str, str], at: datetime, by: str) -> dict[str, int]:
    """Append a row to the journal for each that came along; the new numbers by the hashes that the records name."""
    salts = _salts(moved)
    erased = {(row["kept_in"], row["row"]) for row in rows.get("tombstone", [])}
    records = ((name, row) for name, listed in moved.items() for row in listed if "journal" in row)
    shas = {row["journal"]: sha for name, row in records if (name, row["journal"]) not in erased and (sha := _sha_of(name, row, salts))}
    stones = _of_stones(moved)
    seqs = {}
    for row in rows.get("journal", []):
        data: dict[str, Any] = json.loads(row["data"])
        first = {name: row[name] for name in ("seq", "actor", "previous", "hash")} | {"at": stamp(row["at"])}
        if IMPORTED in data:
            first["before"] = data.pop(IMPORTED)
        data = _renamed_in(data, renamed)
        if row["hash"] in shas:
            data["sha256"] = shas[row["hash"]]
        data |= stones.get(row["hash"], {})
        subject = _ID.sub(lambda found: renamed.get(found[0], found[0]), row["subject"])
        told = data | {IMPORTED: first}
        seqs[row["hash"]] = chain.append(connection, at=at, actor=by, what=row["what"], subject=subject, data=told)
    return seqs


def _renamed_in(value: Any, renamed: Mapping[str, str]) -> Any:
    """Data of the journal, which holds ids, numbers and names, with the new ids."""
    if isinstance(value, dict):
        return {name: _renamed_in(one, renamed) for name, one in value.items()}
    if isinstance(value, list):
        return [_renamed_in(one, renamed) for one in value]
    return renamed.get(value, value) if isinstance(value, str) else value


def _insert(connection: Connection, table: Table, row: Row, seqs: Mapping[str, int]) -> None:
    values = dict(row)
    for number, name in JOURNAL_COLUMNS.items():
        if name in values:
            values[number] = seqs[values.pop(name)]
    try:
        connection.execute(insert(table), values)
    except DBAPIError as error:
        reason = str(error.orig).strip().partition("\n")[0]
        told = f"the {table.name.replace('_', ' ')} {row.get('id', '')} cannot be kept: {reason}"
        raise InputError(told, hint="take the folder as it was exported") from error


def _tell(
    connection: Connection,
    incidents: list[Row],
    missing: list[tuple[str, str, str]],
    renamed: Mapping[str, str],
    at: datetime,
    by: str,
    source: str,
) -> None:
    """Write down that these incidents came from elsewhere."""
    follows = {renamed.get(row_id, row_id): target for name, row_id, target in missing if name == "incident"}
    before = {new: old for old, new in renamed.items()}
    for row in incidents:
        told = {"manifest": source, "follows": follows.get(row["id"]), "was": before.get(row["id"])}
        data = {name: value for name, value in told.items() if value is not None}
        chain.append(connection, at=at, actor=by, what=ARRIVED, subject=f"incident/{row['id']}", data=data)


def _parents_first(rows: list[Row], column: str | None) -> list[Row]:
    """Rows in their order, but each behind the one that it refers to."""
    if column is None:
        return rows
    left = {row["id"]: row for row in rows}
    found: list[Row] = []
    while left:
        ready = [row for row in left.values() if row[column] not in left]
        if not ready:
            name = next(iter(left))
            raise InputError(f"the {column} of {name} goes round in a circle", hint="take the folder as it was exported", field=column)
        found += ready
        for row in ready:
            del left[row["id"]]
    return found


def _salts(rows: Rows) -> dict[str, str]:
    """The salts by which the journal knows what hangs on a promise or an action item; where one was erased, nobody knows it any more."""
    erased = {row["row"] for row in rows.get("tombstone", [])}
    return {row["id"]: row["salt"] for name in ("promise", "action_item") for row in rows.get(name, []) if row["journal"] not in erased}


def _sha_of(table: str, row: Row, salts: Mapping[str, str]) -> str | None:
    """The hash by which the journal knows a record, None where that cannot be told; `ledger_audit` reads the same from the store."""
    if table == "tombstone":
        return None
    if table in ("draft_version", "document_version"):
        return chain.text_hash(row["salt"], row["text"])
    if table == "timeline_version":
        return chain.text_hash(row["salt"], row["document"])
    known = {name: value for name, value in row.items() if name not in ("salt", "journal") and (value is not None or name not in LATER)}
    if table in ("message", "delivery"):
        return chain.record_hash(row["id"], known)
    above = {"promise_event": "promise_id", "action_event": "action_id"}.get(table)
    salt = salts.get(row[above]) if above else row["salt"]
    return None if salt is None else chain.record_hash(salt, known)


def _of_stones(rows: Rows) -> dict[str, dict[str, str]]:
    """What the journal must say of each tombstone and of what is left of its row, by the row of the journal that it names."""
    records = {(name, row["journal"]): row for name, listed in rows.items() for row in listed if "journal" in row}
    found = {}
    for stone in rows.get("tombstone", []):
        row = records.get((stone["kept_in"], stone["row"]))
        left = {name: value for name, value in (row or {}).items() if name != "journal"}
        found[stone["journal"]] = {"tombstone": stone_hash(stone), "sha256": erased_hash(stone["salt"], left)}
    return found


def _told(row: Row) -> dict[str, Any]:
    data = json.loads(row["data"])
    return data if isinstance(data, dict) else {}


def _wrong(path: str, number: int, field: str, told: str) -> InputError:
    hint = "take the file as it was exported; this one was changed"
    return InputError(told, hint=hint, path=path, line=number + 2, field=f"$.rows[{number}].{field}")
