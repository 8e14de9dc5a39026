"""What clients send to timelines: strictly typed, and a key that nobody knows is refused, since a note must mean what it says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from amends.interfaces.api.ledger_bodies import Name, Strict, Time
from amends.interfaces.api.problems import WrongFieldError
from amends.interfaces.api.shapes import record
from amends.timeline.entry import FLAGS, KINDS, LEVELS, REASONS
from amends.timeline.notes import NOTES
from amends.timeline.versions import INTERRUPTED, RUN_STATES

if TYPE_CHECKING:
    from collections.abc import Mapping

Text = Annotated[str, Meta(min_length=1, max_length=2000)]


class EvidenceRequest(Strict):
    """A file or folder of the machine that Amends runs on; it is read where it lies."""

    path: Annotated[str, Meta(min_length=1, max_length=4000, description="Its path.")]


class ReadRequest(Strict):
    """How to read the evidence."""

    tz: Annotated[str, Meta(description="The IANA zone of times that name none; UTC, assumed and said so, when absent.")] | None = None


class EntryRequest(Strict):
    """What no log knows."""

    time: Time
    text: Annotated[Text, Meta(description="What happened.")]
    actor: Annotated[Name, Meta(description="Who did it.")] | None = None


class CommentRequest(Strict):
    """What to say about an entry."""

    text: Text


class CorrectRequest(Strict):
    """When it really was, and why the source says otherwise."""

    time: Time
    why: Text


class EmptyRequest(Strict):
    """Nothing: the address says it all."""


REQUESTS = (EvidenceRequest, ReadRequest, EntryRequest, CommentRequest, CorrectRequest, EmptyRequest)


def read_version(query: Mapping[str, str]) -> int | None:
    """Which version an address asks for, None for the newest. Raises WrongFieldError."""
    said = query.get("version")
    if said is None:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,8}", said):
        raise WrongFieldError("version", f"version: expected a whole number from 1 on, got {said[:40]!r}")
    return int(said)


_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_NUMBER: dict[str, Any] = {"type": "integer"}
_MAYBE_NUMBER: dict[str, Any] = {"type": ["integer", "null"]}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_MAYBE_TIME: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}
_NOTE: dict[str, Any] = {
    "id": _TEXT,
    "what": {"enum": list(NOTES)},
    "recorded_at": _TIME,
    "by": _TEXT,
    "text": _MAYBE_TEXT,
    "time": _MAYBE_TIME,
    "undoes": {**_MAYBE_TEXT, "description": "The note that this one takes back."},
}
_ENTRY: dict[str, Any] = {
    "id": {**_TEXT, "description": "The beginning of the hash of its source, and the byte at which it begins."},
    "time": {**_MAYBE_TEXT, "description": "As its source says, in UTC; null where it says none."},
    "corrected_time": {**_MAYBE_TIME, "description": "The time of the last correction that holds."},
    "time_text": _MAYBE_TEXT,
    "zone": {**_TEXT, "description": "stated, utc, or assumed with the zone that was."},
    "source": _TEXT,
    "sha256": _TEXT,
    "line": _NUMBER,
    "offset": _NUMBER,
    "length": _NUMBER,
    "flags": {"type": "array", "items": {"enum": list(FLAGS)}},
    "kind": {"enum": list(KINDS)},
    "level": {"enum": [*LEVELS, None]},
    "actor": _MAYBE_TEXT,
    "text": _TEXT,
    "count": _NUMBER,
    "last_time": _MAYBE_TEXT,
    "why": {"type": "array", "items": {"enum": list(REASONS)}},
    "because": {"type": "array", "items": _TEXT},
    "pinned": {"type": "boolean"},
    "hidden": {"type": "boolean"},
    "current": {"type": "boolean", "description": "Whether the version shown holds it; else it stays because of what was noted."},
}
_EVIDENCE: dict[str, Any] = {
    "id": _TEXT,
    "name": _TEXT,
    "kept": {"type": "boolean", "description": "Whether the file was handed over, and is kept by Amends."},
    "path": {**_MAYBE_TEXT, "description": "Where it lies, for one that was named by its path."},
    "sha256": {**_MAYBE_TEXT, "description": "Of a file, when it was added."},
    "size": _MAYBE_NUMBER,
    "added_at": _TIME,
    "added_by": _TEXT,
    "read": {"type": "boolean", "description": "Whether the version shown was made of it."},
}
_READING: dict[str, Any] = {
    "state": {"enum": [*RUN_STATES, INTERRUPTED]},
    "started_at": _TIME,
    "done": {**_NUMBER, "description": "Bytes."},
    "total": {**_NUMBER, "description": "Bytes; 0 while nobody knows."},
    "version": _MAYBE_NUMBER,
    "failure": _MAYBE_TEXT,
}


def timeline_schemas(place: str = "#/components/schemas/") -> dict[str, Any]:
    """The bodies and answers of timelines by name, referring to each other below `place`."""
    bodies: dict[str, Any] = msgspec.json.schema_components(REQUESTS, ref_template=f"{place}{{name}}")[1]
    noted = {**_ENTRY, "notes": {"type": "array", "items": {"$ref": f"{place}TimelineNote"}}}
    return bodies | {
        "IncidentTimeline": _timeline(place),
        "TimelineEntry": record("One entry, as its source has it, and what people noted.", noted),
        "TimelineNote": record("One thing that a person noted.", _NOTE),
        "TimelineEvidence": record("A source of an incident.", _EVIDENCE),
        "TimelineReading": record("The reading of the evidence that began last.", _READING),
        "EntryBytes": record(
            "The bytes that an entry cites, as text, between the lines around them.",
            {"schema": {"const": "amends.entry-bytes/1"}, "source": _TEXT, "sha256": _TEXT, "line": _NUMBER, "offset": _NUMBER,
             "length": _NUMBER, "before": _TEXT, "text": _TEXT, "after": _TEXT, "cut": {"type": "boolean"}},
        ),
    }  # fmt: skip


def _timeline(place: str) -> dict[str, Any]:
    properties = {
        "schema": {"const": "amends.incident-timeline/1"},
        "incident": _TEXT,
        "version": _MAYBE_NUMBER,
        "versions": {"type": "array", "items": _NUMBER},
        "evidence": {"type": "array", "items": {"$ref": f"{place}TimelineEvidence"}},
        "reading": {"anyOf": [{"$ref": f"{place}TimelineReading"}, {"type": "null"}]},
        "problems": {"type": "array", "items": {"type": "object"}},
        "entries": {"type": "array", "items": {"$ref": f"{place}TimelineEntry"}},
    }
    return record("The timeline of an incident: its evidence, how far a reading is, and the entries in the order of time.", properties)
