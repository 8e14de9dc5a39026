"""JSON lines: one update a line, read in constant memory. Unknown keys are passed over; a broken line is told and skipped."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from amends.core.files import DRAFT_LIMIT
from amends.promises.updates.update import Update, as_text, has_surrogate, problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from amends.core.problem import Problem
    from amends.promises.updates.update import Desk

SHAPE = '{"id": "…", "incident": "…", "at": "2026-03-04T10:50:00+00:00", "text": "…"}'
FIELDS = ("id", "incident", "at", "tz", "text", "status", "audience", "title", "author")
_NEEDED = ("incident", "at", "text")
_LINE_LIMIT = 6 * DRAFT_LIMIT
"""JSON may write one byte of text as six."""


def read_rows(file: BinaryIO, source: str, desk: Desk) -> Iterator[Update | Problem]:
    """The updates of a file of JSON lines, in its order."""
    number = 0
    while data := file.readline(_LINE_LIMIT + 1):
        number += 1
        if len(data) > _LINE_LIMIT:
            while data and not data.endswith(b"\n"):
                data = file.readline(_LINE_LIMIT)
            yield problem("too-large", f"a line of more than {_LINE_LIMIT:,} bytes", "split it into its updates", source, number)
        elif data.strip(b" \t\r\n\xef\xbb\xbf"):
            try:
                values = json.loads(data.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n"))
            except UnicodeDecodeError as error:
                yield problem("bad-line", f"not valid UTF-8 at byte {error.start} of the line", f"expected {SHAPE}", source, number)
            except (ValueError, RecursionError) as error:
                at = f" at column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
                yield problem("bad-line", f"not a line of JSON{at}", f"expected {SHAPE}", source, number)
            else:
                yield from read_row(values, source, number, desk)


def read_list(values: Iterable[Any], source: str, desk: Desk) -> Iterator[Update | Problem]:
    """The updates of a JSON list of such objects, counted from 1."""
    for number, one in enumerate(values, 1):
        yield from read_row(one, source, number, desk)


def read_row(values: Any, source: str, number: int, desk: Desk) -> Iterator[Update | Problem]:
    """The update of one object, after what is to be remarked about it; only the problem where it cannot be used."""
    if not isinstance(values, dict):
        yield problem("bad-line", "not an object", f"expected {SHAPE}", source, number)
        return
    row: dict[str, str] = {}
    for field in FIELDS:
        value = values.get(field)
        if value is None:
            continue
        text = as_text(value) if field in ("id", "incident") else value
        if not isinstance(text, str) or has_surrogate(text):
            yield problem("bad-field", f"{field} must be text", f"expected {SHAPE}", source, number, field)
            return
        row[field] = text
    for field in _NEEDED:
        if field not in row:
            yield problem("missing-field", f"the field {field} is missing", f"expected {SHAPE}", source, number, field)
            return
    tz, unknown = desk.known_zone(row.get("tz"), source, number)
    if unknown is not None:
        yield unknown
    at = desk.instant(row["at"], desk.zone(tz))
    if at is None:
        hint = "write it as 2026-03-04T10:50:00+00:00"
        yield problem("bad-time", f"not a time: {row['at'][:60]!r}", hint, source, number, "at")
        return
    audience, strange = desk.known_audience(row.get("audience"), source, number)
    if strange is not None:
        yield strange
    id = row.get("id") or f"{source}:{number}"
    status, title, author = row.get("status"), row.get("title"), row.get("author")
    yield Update(id, row["incident"], at, tz, row["text"], status, title, author, audience, source=source, line=number)
