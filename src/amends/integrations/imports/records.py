"""What comes out of another tool's export, before anything is made of it here: neutral records, each with what it is called over there."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from amends.core.errors import InputError, TooLargeError
from amends.core.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 64 << 20
"""The most bytes of one file of another tool."""

TITLE_LIMIT = 200
FIRST_YEAR, LAST_YEAR = 1990, 2200

SEVERITIES = {
    "critical": "SEV1", "sev0": "SEV1", "sev1": "SEV1", "p0": "SEV1", "p1": "SEV1", "highest": "SEV1",
    "major": "SEV2", "high": "SEV2", "sev2": "SEV2", "p2": "SEV2",
    "minor": "SEV3", "medium": "SEV3", "moderate": "SEV3", "sev3": "SEV3", "p3": "SEV3",
    "low": "SEV4", "sev4": "SEV4", "p4": "SEV4",
    "none": "SEV5", "informational": "SEV5", "lowest": "SEV5", "sev5": "SEV5", "p5": "SEV5",
}  # fmt: skip
"""How bad something was, by the names that tools use. Another name is refused: guessing would make it milder or worse."""


@dataclass(frozen=True, slots=True)
class ForeignMessage:
    """An update that was published: `key` names it over there, `remarks` say what about its times or words is not plain."""

    key: str
    sent_at: datetime
    text: str
    tz: str | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignIncident:
    """An incident: `key` names it over there, `address` is where it stands; `moments` are milestones with their times."""

    key: str
    title: str
    severity: str
    status: str
    started_at: datetime
    address: str | None = None
    called: str = ""
    moments: tuple[tuple[str, datetime], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    affected: tuple[str, ...] = ()
    messages: tuple[ForeignMessage, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True)
class ForeignEntry:
    """An entry of a timeline."""

    key: str
    at: datetime
    text: str
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A due date that was moved: when, and to when; None for no date any more."""

    key: str
    at: datetime
    due: datetime | None


@dataclass(frozen=True, slots=True)
class ForeignAction:
    """An action item: `tracker` and `ticket` name it over there; `due` is the first date that it had, `moves` what became of that.

    `state` is open, done or dropped, since `state_at`. `incident` is what the tool calls the incident that it belongs to, where it says so.
    """

    key: str
    tracker: str
    ticket: str
    title: str
    created_at: datetime
    detail: str | None = None
    owner: str | None = None
    due: datetime | None = None
    moves: tuple[Move, ...] = ()
    state: str = "open"
    state_at: datetime | None = None
    address: str | None = None
    incident: str | None = None


Foreign = ForeignIncident | ForeignEntry | ForeignAction


class WrongRowError(ValueError):
    """A row that cannot be used: what is wrong with which field."""

    def __init__(self, code: str, message: str, hint: str = "", field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.field = field

    def problem(self, path: str, line: int | None, place: str = "") -> Problem:
        """The same as a value, with where it stands."""
        field = f"{place}.{self.field}" if place and self.field else self.field or place or None
        return Problem(self.code, self.message, self.hint, path, line, field)


def severity(name: object) -> str:
    """Ours for theirs, by name. Raises WrongRowError."""
    found = SEVERITIES.get(str(name or "").strip().casefold().replace("-", "").replace(" ", ""))
    if found is None:
        known = "critical, major, minor, none, high, medium, low, SEV1 to SEV5, or P1 to P5"
        raise WrongRowError("unknown-severity", f"the severity {str(name)[:60]!r} is none that we know", f"known: {known}", "severity")
    return found


def instant(value: object, field: str) -> datetime:
    """A time as tools write it; one without an offset is UTC, as theirs are. Raises WrongRowError."""
    try:
        found = datetime.fromisoformat(str(value).strip()) if value else None
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise WrongRowError("bad-time", f"{str(value)[:40]!r} is no time", "a time is written as 2026-03-04T10:50:00Z", field)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def perhaps(value: object, field: str) -> datetime | None:
    """The same, None where nothing is written."""
    return instant(value, field) if value not in (None, "") else None


def day_end(value: object, field: str) -> datetime | None:
    """A due day, which is kept until its last minute, in UTC; None where nothing is written. Raises WrongRowError."""
    if value in (None, ""):
        return None
    at = instant(value, field)
    return at.replace(hour=23, minute=59) if len(str(value).strip()) == 10 else at


def text(value: object, field: str, *, needed: bool = True, most: int | None = None) -> str:
    """Words. Raises WrongRowError where they are missing, or cannot be kept."""
    found = value if isinstance(value, str) else ""
    if needed and not found.strip():
        raise WrongRowError("missing-field", f"{field} is missing", field=field)
    if any(char == "\0" or "\ud800" <= char <= "\udfff" for char in found):
        raise WrongRowError("bad-field", f"{field} holds a character that cannot be kept", field=field)
    found = found.strip()
    return found if most is None else " ".join(found.split())[:most]


def read_json(data: bytes, path: str) -> Any:
    """A document. Raises InputError, TooLargeError."""
    if len(data) > LARGEST:
        raise TooLargeError(f"{path} is larger than {LARGEST:,} bytes", hint="export a shorter stretch of time")
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(f"this is not JSON: {str(error)[:100]}", hint="give the file as the tool exported it", path=path) from None


def read_csv(data: bytes, path: str, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table with its line in the file, by the names in its first line. Raises InputError, TooLargeError."""
    if len(data) > LARGEST:
        raise TooLargeError(f"{path} is larger than {LARGEST:,} bytes", hint="export a shorter stretch of time")
    try:
        words = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"this is not UTF-8: byte {error.start:,}", hint="give the file as the tool exported it", path=path) from None
    reader = csv.DictReader(io.StringIO(words, newline=""), restkey="", strict=True)
    try:
        names = reader.fieldnames or ()
        missing = [name for name in needed if name not in names]
        if missing:
            raise InputError(f"the column {missing[0]!r} is missing", hint=f"needed: {', '.join(needed)}", path=path, line=1)
        for row in reader:
            yield reader.line_num, {name: value or "" for name, value in row.items() if name}
    except csv.Error as error:
        raise InputError(
            f"this is no table: {error}", hint="give the file as the tool exported it", path=path, line=reader.line_num
        ) from None


def read_file(path: str) -> bytes:
    """The bytes of a file of another tool. Raises InputError, TooLargeError."""
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        because = (error.strerror or str(error)).lower()
        raise InputError(f"this cannot be read: {because}", hint="name the file that the tool exported", path=path) from error
    if len(data) > LARGEST:
        raise TooLargeError(f"{path} is larger than {LARGEST:,} bytes", hint="export a shorter stretch of time")
    return data
