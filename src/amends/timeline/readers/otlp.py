"""Logs of OpenTelemetry as JSON: resources, scopes and records in them, one document or one a line.

Counts of nanoseconds are texts. A record without a time of its own was observed at one, which is taken, and said beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.timeline.readers import pieces
from amends.timeline.readers.desk import Desk, Element
from amends.timeline.readers.outline import keys
from amends.timeline.readers.severity import level, otlp
from amends.timeline.readers.source import Reader
from amends.timeline.readers.values import at, dicts, joined, parsed, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.core.problem import Problem
    from amends.timeline.entry import Event
    from amends.timeline.readers.pieces import Piece
    from amends.timeline.readers.source import Source

_DEEP = 8
_MARKS = ("exception.type", "exception.message", "error.type")


def sniff(head: bytes, _: str) -> bool:
    """Whether a file holds logs of OpenTelemetry."""
    return "resourceLogs" in keys(head)


def read(source: Source) -> Iterator[Event | Problem]:
    """The log records."""
    desk = Desk(source, "log")
    for document in pieces.documents(source.view):
        resources = pieces.members(document).get("resourceLogs")
        if resources is None:
            if document.broken:
                desk.element(document)
            else:
                desk.tell("bad-field", "no logs of OpenTelemetry", document.offset)
            yield from desk.flush()
            continue
        for resource in pieces.within(resources, "*"):
            yield from _resource(desk, resource)


def _resource(desk: Desk, resource: Piece) -> Iterator[Event | Problem]:
    parts = pieces.members(resource)
    service = _attribute(_value(parts.get("resource")), "service.name")
    for scopes in (parts[name] for name in ("scopeLogs", "instrumentationLibraryLogs") if name in parts):
        for scope in pieces.within(scopes, "*"):
            for name in ("logRecords", "logs"):
                for piece in pieces.within(scope, name, "*"):
                    record = desk.element(piece)
                    if record is not None:
                        _record(desk, record, service)
                    yield from desk.flush()
            if scope.broken:
                desk.tell("truncated", f"not read: {scope.broken}", scope.offset, "export it again")
    if resource.broken and not parts:
        desk.element(resource)
    yield from desk.flush()


def _record(desk: Desk, one: Element, service: str) -> None:
    value = one.value
    own, observed = said(value.get("timeUnixNano")), said(value.get("observedTimeUnixNano"))
    told = desk.time(own, "ns") if own.strip("0") else None
    if told is None:
        if own.strip("0"):
            desk.tell("bad-time", f"not nanoseconds since 1970: {own[:40]!r}", one.piece.offset)
        told = desk.time(observed, "ns") if observed.strip("0") else None
        told = told._replace(text=f"observed {told.text}") if told else None
    body = text_of(value.get("body")) or joined(*(_attribute(value, mark) for mark in _MARKS), by=": ")
    bad = otlp(value.get("severityNumber")) or level(value.get("severityText"))
    text = joined(service, body, by=": ")
    desk.say(
        one, told, text, level=bad, thread=said(value.get("traceId")).lower() or None, reference=said(value.get("spanId")).lower() or None
    )


def text_of(value: object, depth: int = 0) -> str:
    """The words of a value of any of the kinds there are."""
    if not isinstance(value, dict) or depth > _DEEP:
        return ""
    if "arrayValue" in value:
        return ", ".join(text_of(one, depth + 1) for one in dicts(at(value, "arrayValue", "values")))
    if "kvlistValue" in value:
        pairs = dicts(at(value, "kvlistValue", "values"))
        return ", ".join(f"{said(pair.get('key'))}={text_of(pair.get('value'), depth + 1)}" for pair in pairs)
    if "boolValue" in value:
        return "true" if value["boolValue"] is True else "false"
    return next((said(value[kind]) for kind in ("stringValue", "intValue", "doubleValue", "bytesValue") if kind in value), "")


def _attribute(value: Any, name: str) -> str:
    return next((text_of(one.get("value")) for one in dicts(at(value, "attributes")) if one.get("key") == name), "")


def _value(piece: Piece | None) -> Any:
    try:
        return parsed(piece.raw) if piece is not None else None
    except ValueError:
        return None


READER = Reader("otlp", "log", sniff, read)
