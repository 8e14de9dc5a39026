"""The rows of a table as JSON, and back: read strictly, by the schema, so that a wrong file is refused by line or field."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Integer, Text

from amends.core.errors import InputError
from amends.store import schema
from amends.store.instant import Instant
from amends.store.transfer import JOURNAL_COLUMNS, plain

if TYPE_CHECKING:
    from sqlalchemy import Column

    from amends.store.transfer import Row

SCHEMA = "amends.rows."
"""A file of rows is called by this, the table, and the number of its form."""

VERSION = "/1"
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_WIDE, _NARROW = 2**63 - 1, 2**31 - 1
_PLACE = re.compile(r" - at `\$\.rows\[(\d+)\]\.?([^`]*)`$")


def encode(table: str, rows: list[Row]) -> bytes:
    """Rows as a file: one a line, names sorted, the same bytes for the same rows."""
    lines = ",\n".join(
        json.dumps({name: plain(value) for name, value in row.items()}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        for row in rows
    )
    return f'{{"schema":"{SCHEMA}{table}{VERSION}","rows":[\n{lines}\n]}}\n'.encode()


def decode(table: str, data: bytes, path: str) -> list[Row]:
    """The rows of a file. Raises InputError with the file, and the line or the field that is wrong."""
    try:
        read = msgspec.json.decode(data, type=_file(table))
    except msgspec.ValidationError as error:
        raise _wrong(str(error), path) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"this is not JSON in UTF-8: {error}", hint="take the file as it was exported", path=path) from None
    if read.schema != f"{SCHEMA}{table}{VERSION}":
        hint = f"this Amends reads {SCHEMA}{table}{VERSION}"
        raise InputError(f"a file of the form {read.schema[:60]!r}", hint=hint, path=path, field="schema")
    rows = [{name: getattr(row, _attribute(name)) for name in names_of(table)} for row in read.rows]
    for number, row in enumerate(rows):
        for name, value in row.items():
            _check(table, name, value, path, number)
    return rows


def names_of(table: str) -> tuple[str, ...]:
    """The names in a row of a file: the columns, with the row of the journal by hash."""
    columns = tuple(column.name for column in schema.metadata.tables[table].columns)
    return tuple(JOURNAL_COLUMNS.get(name, name) for name in columns)


@cache
def _file(table: str) -> type[Any]:
    fields = [_field(column) for column in schema.metadata.tables[table].columns]
    row = msgspec.defstruct(table, fields, forbid_unknown_fields=True, kw_only=True, frozen=True)
    file: type[Any] = msgspec.defstruct(f"{table}_file", [("schema", str), ("rows", list[row])], forbid_unknown_fields=True)  # type: ignore[valid-type]  # made here
    return file


def _field(column: Column[Any]) -> tuple[str, Any, Any]:
    if column.name in JOURNAL_COLUMNS:
        name = JOURNAL_COLUMNS[column.name]
        return _attribute(name), str, msgspec.field(name=name)
    kind: Any = datetime if isinstance(column.type, Instant) else int if isinstance(column.type, Integer) else str
    assert kind is not str or isinstance(column.type, Text), f"{column} is of a type that has no form in a file"
    name = _attribute(str(column.name))
    if column.nullable:  # a column that a newer store has is not in the files of an older one
        return name, kind | None, msgspec.field(default=None, name=str(column.name))
    return name, kind, msgspec.field(name=str(column.name))


def _attribute(name: str) -> str:
    return f"{name}_"


def _check(table: str, name: str, value: object, path: str, number: int) -> None:
    where = f"$.rows[{number}].{name}"
    if isinstance(value, str) and (found := _UNSTORABLE.search(value)):
        told = f"character {found.start() + 1} (U+{ord(found[0]):04X}) cannot be kept in a database"
        raise InputError(told, hint="take the file as it was exported", path=path, line=number + 2, field=where)
    if isinstance(value, datetime) and value.tzinfo is not UTC and value.utcoffset() is None:
        raise InputError("a time without an offset", hint="write +00:00 behind it", path=path, line=number + 2, field=where)
    if isinstance(value, int):
        wide = schema.metadata.tables[table].c[name].type is schema.Number
        if not -_NARROW <= value <= (_WIDE if wide else _NARROW):
            raise InputError(f"the number {value} is too large", path=path, line=number + 2, field=where)


def _wrong(message: str, path: str) -> InputError:
    """What msgspec says, with the line of the file: rows stand one a line, from the second on."""
    found = _PLACE.search(message)
    told = message[: found.start()] if found else message.partition(" - at `")[0]
    line = int(found[1]) + 2 if found else None
    field = f"$.rows[{found[1]}]{'.' + found[2] if found[2] else ''}" if found else None
    hint = "take the file as it was exported; this one was changed, or comes from a newer Amends"
    return InputError(told[:1].lower() + told[1:], hint=hint, path=path, line=line, field=field)
