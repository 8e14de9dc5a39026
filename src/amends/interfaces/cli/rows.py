"""JSON lines in, read in constant memory; a broken line is told and skipped, the rest is done."""

from __future__ import annotations

import json
import sys

from amends.core.errors import InputError, UsageError
from amends.core.files import DRAFT_LIMIT, too_large, unreadable
from amends.core.people import AUDIENCES
from amends.core.record import record
from amends.interfaces.cli.progress import Progress
from amends.interfaces.cli.session import STDIN, Item, row_error, unknown_name

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from amends.interfaces.cli.session import Session


@record
class Shape:
    """What a line holds: the fields that are known, those that every line needs, what they are for, and how such a line looks."""

    fields: tuple[str, ...]
    needed: tuple[str, ...]
    why: str
    example: str


DRAFTS = Shape(("id", "text", "form", "audience", "at", "tz"), ("text",), "every line needs a text to check", '{"id": "…", "text": "…"}')
PAIRS = Shape(
    ("id", "source", "retold", "audience"),
    ("source", "retold"),
    "every line needs the two texts to compare",
    '{"id": "…", "source": "…", "retold": "…"}',
)
_LINE_LIMIT = 6 * DRAFT_LIMIT + 10_000
"""JSON may write one byte of text as six."""


def read_rows(
    file: BinaryIO, name: str, refuse: Callable[[Exception], None], shape: Shape = DRAFTS
) -> Iterator[tuple[int, dict[str, str]]]:
    """The known fields of each line, with the number of the line; what is wrong with a line goes to `refuse`.

    Blank lines are skipped. Fields that are null are left out. Raises InputError when the file itself fails.
    """
    number = 0
    while True:
        try:
            data = file.readline(_LINE_LIMIT + 1)
        except OSError as error:
            raise unreadable(name, error) from error
        if not data:
            return
        number += 1
        if len(data) > _LINE_LIMIT:
            while data and not data.endswith(b"\n"):
                data = file.readline(_LINE_LIMIT)
            refuse(InputError(str(too_large("this line", _LINE_LIMIT)), path=name, line=number))
        elif data.strip(b" \t\r\n\xef\xbb\xbf"):
            try:
                yield number, row_of(data, name, number, shape)
            except InputError as error:
                refuse(error)


def row_of(data: bytes, name: str, number: int, shape: Shape = DRAFTS) -> dict[str, str]:
    """The known fields of one line. Raises InputError naming the line, the field and what was expected."""
    try:
        values = json.loads(data.decode("utf-8-sig").rstrip("\r\n"))
    except UnicodeDecodeError as error:
        raise InputError(f"not valid UTF-8 at byte {error.start} of the line", path=name, line=number) from error
    except (ValueError, RecursionError) as error:
        at = f" at column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InputError(f"not a line of JSON{at}", hint=f"expected {shape.example}", path=name, line=number) from error
    if not isinstance(values, dict):
        raise InputError(f"expected a JSON object, not {_kind(values)}", hint=f"expected {shape.example}", path=name, line=number)
    row: dict[str, str] = {}
    for field in shape.fields:
        value = values.get(field)
        if isinstance(value, str):
            row[field] = value
        elif value is not None:
            raise InputError(f"{field} must be text, not {_kind(value)}", path=name, line=number, field=field)
    for field in shape.needed:
        if field not in row:
            raise InputError(f"the field {field} is missing", hint=shape.why, path=name, line=number, field=field)
        if not row[field].isascii() and any("\ud800" <= char <= "\udfff" for char in row[field]):
            raise InputError(f"{field} holds half of a surrogate pair, which is no character", path=name, line=number, field=field)
    return row


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    names = {int: "a number", float: "a number", str: "text", list: "a list", dict: "an object", type(None): "null"}
    return names[type(value)]


def row_items(session: Session, name: str, refuse: Callable[[Exception], None]) -> Iterator[Item]:
    """The texts of a file of rows, or of standard input for -, each with what its row says. Raises InputError when it cannot be opened."""
    try:
        file = sys.stdin.buffer if name == "-" else open(name, "rb")  # noqa: SIM115 (closed below; standard input is not ours to close)
    except OSError as error:
        raise unreadable(name, error) from error
    label = STDIN if name == "-" else name
    settings = session.settings_for(None if name == "-" else name)
    progress = Progress(quiet=session.given.has("quiet"))
    try:
        for number, row in read_rows(file, label, refuse):
            if row.get("audience", AUDIENCES[0]) not in AUDIENCES:
                refuse(row_error(unknown_name("audience", row["audience"], AUDIENCES), label, number))
                continue
            try:
                draft = session.draft(row["text"], settings, None, row)
            except UsageError as error:
                refuse(row_error(error, label, number))
                continue
            item = Item(draft, settings, f"{label}:{number}" if draft.id is None else f"{label}:{number} (id {draft.id})")
            item.file, item.row = label, number
            yield item
            progress.step()
    finally:
        progress.done()
        if file is not sys.stdin.buffer:
            file.close()
