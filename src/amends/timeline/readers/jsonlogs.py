"""Logs as JSON, mostly one object a line: the common loggers, containers, the journal, and audit logs of clouds and Kubernetes.

Who did something is told only by audit logs; a line of a program names none. What stands between and is no JSON, such as a stack trace,
belongs to the object before it.
"""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from amends.timeline.entry import UNDATED, Event, flag
from amends.timeline.readers import logkeys, pieces
from amends.timeline.readers.desk import Desk, Element
from amends.timeline.readers.outline import keys, outline
from amends.timeline.readers.severity import level, python, syslog
from amends.timeline.readers.source import Reader, Source
from amends.timeline.readers.values import at, clean, joined, parsed, plain, said, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amends.core.problem import Problem
    from amends.timeline.readers.pieces import Piece
    from amends.timeline.readers.times import Instant

_LISTS = ("Records", "items", "entries", "logs", "events")
_ASKED = 8
_UNPARSED = flag("unparsed") | flag("continuation")


def sniff(head: bytes, _: str) -> bool:
    """Whether a file holds objects that say when, and what or how bad."""
    return any(_is_log(keys(head, path), outline(head), path) for path in ("", *_LISTS)) and _says_when(head)


def _is_log(found: frozenset[str], known: dict[str, frozenset[str]], path: str) -> bool:
    if any(wanted <= found for wanted, _ in _TELLERS):
        return True
    timed = any(name.partition(".")[0] in found for name in logkeys.TIMES)
    nested = {f"{name}.{inner}" for name in found for inner in known.get(f"{path}.{name}".lstrip("."), ())}
    return timed and not (found | nested).isdisjoint((*logkeys.MESSAGES, *logkeys.LEVELS))


def _says_when(head: bytes) -> bool:
    """Whether one of the first objects has a time; so it is, where the first goes on behind what is seen of it."""
    desk = Desk(Source("", head), "log")
    objects = (piece for document in islice(pieces.documents(head), _ASKED) for piece in islice(_objects(document), _ASKED))
    for piece in objects:
        if piece.broken and piece.sign == b"{" and piece.offset + piece.length == len(head):
            return True
        element = desk.element(piece)
        if element is not None:
            _line(desk, element)
        if any(isinstance(one, Event) and one.time != UNDATED for one in desk.flush()):
            return True
    return False


def read(source: Source) -> Iterator[Event | Problem]:
    """The objects, and between them what is none."""
    desk = Desk(source, "log")
    last: Event | None = None
    for document in pieces.documents(source.view):
        if document.broken and document.sign != b"[":
            yield from _unread(desk, document, last)
            continue
        for piece in _objects(document):
            element = desk.element(piece)
            if element is not None:
                _line(desk, element)
            for one in desk.flush():
                last = one if isinstance(one, Event) else last
                yield one


def _objects(document: Piece) -> Iterator[Piece]:
    if document.sign == b"[":
        yield from pieces.within(document, "*")
        return
    if document.length > 256 and any(b'"%s"' % name.encode() in bytes(document.raw[:256]) for name in _LISTS):
        found = pieces.members(document)
        lists = [found[name] for name in _LISTS if name in found and found[name].sign == b"["]
        if lists and "message" not in found and "msg" not in found:
            for one in lists:
                yield from pieces.within(one, "*")
            return
    yield document


def _unread(desk: Desk, piece: Piece, last: Event | None) -> Iterator[Event | Problem]:
    """What is no JSON: a problem, and an entry with the time of the one before, which says so."""
    desk.element(piece)
    yield from desk.flush()
    text = clean(bytes(piece.raw[: 1 << 16]).decode("utf-8", "replace").strip())
    time, written, zone = (last.time, last.time_text, last.zone) if last else (UNDATED, "", "stated")
    yield Event(time, written, zone, piece.offset, piece.length, "log", text, flags=_UNPARSED)


def is_special(value: dict[str, Any]) -> bool:
    """Whether an object is more than a line of a program: of a container, the journal, or an audit log."""
    return any(wanted <= value.keys() for wanted, _ in _TELLERS)


def _line(desk: Desk, one: Element) -> None:
    value = one.value
    for wanted, teller in _TELLERS:
        if wanted <= value.keys():
            teller(desk, one)
            return
    _plain(desk, one, value)


def _plain(desk: Desk, one: Element, value: dict[str, Any]) -> None:
    """A line of a program."""
    found = _first(value, logkeys.TIMES)
    told = _time(desk, found)
    if told is None and found is None:
        told = _time(desk, word(value, "jsonPayload.timestamp", "fields.time"))
    text = said(_first(value, logkeys.MESSAGES)) or _pairs(value)
    logger = said(_first(value, logkeys.LOGGERS))
    error = said(_first(value, logkeys.ERRORS))
    said_in_line = joined(f"{logger}:" if logger and len(logger) <= 120 and logger != text else "", text)
    text = joined(said_in_line, error if error and error not in text else "", by="\n")
    thread = said(_first(value, logkeys.TRACES))
    desk.say(one, told or found, text, level=_level(value), thread=thread or None, reference=word(value, "insertId", "_id", "id", "uuid"))


def _time(desk: Desk, value: object) -> Instant | None:
    if isinstance(value, dict):
        seconds, nanos = value.get("epochSecond"), value.get("nanoOfSecond")
        if isinstance(seconds, int) and isinstance(nanos, int) and 0 <= nanos < 10**9:
            return desk.time(f"{seconds}.{nanos:09d}", "s")
        return desk.time(value.get("$date", value.get("$numberLong")))
    if isinstance(value, list) and 6 <= len(value) <= 7 and all(isinstance(part, int) and not isinstance(part, bool) for part in value):
        return desk.time("{:04d}-{:02d}-{:02d}T{:02d}:{:02d}:{:02d}".format(*value[:6]) + (f".{value[6]:09d}" if len(value) == 7 else ""))
    return desk.time(value)


def _level(value: dict[str, Any]) -> str | None:
    number = value.get(logkeys.PYTHON_LEVEL)
    if number is not None and "levelname" not in value:
        return python(number)
    found = _first(value, logkeys.LEVELS)
    if logkeys.GELF_LEVEL in value and isinstance(found, int) and 0 <= found < 8:
        return syslog(found)
    if isinstance(found, dict):
        found = word(found, "name", "level", "text")
    return level(found)


class _Roots(frozenset[str]):
    """The keys by which one of some names begins, and each name with the keys on its way."""

    paths: tuple[tuple[str, tuple[str, ...]], ...] = ()


@cache
def _roots(names: tuple[str, ...]) -> _Roots:
    found = _Roots((*names, *(name.partition(".")[0] for name in names)))
    found.paths = tuple((name, tuple(name.split(".")) if "." in name else ()) for name in names)
    return found


def _first(value: dict[str, Any], names: tuple[str, ...]) -> Any:
    roots = _roots(names)
    if value.keys().isdisjoint(roots):
        return None
    for name, path in roots.paths:
        found = value.get(name)
        if found is None and path:
            found = at(value, *path)
        if found is not None and found != "":
            return found
    return None


def _pairs(value: dict[str, Any]) -> str:
    """What a line without a message says: its short values by their names."""
    untold = {*logkeys.TIMES, *logkeys.LEVELS}
    return ", ".join(
        f"{key}={said(found)}" for key, found in value.items() if key not in untold and said(found) and len(said(found)) <= 200
    )


def _container(desk: Desk, one: Element) -> None:
    """A line of Docker's json-file or of Kubernetes: the line of the program stands in it, which may be JSON itself."""
    line = said(one.get("log"))
    inner: Any = None
    if line.startswith("{"):
        try:
            inner = parsed(line.encode("utf-8", "replace"))
        except ValueError:
            inner = None
    told = one.get("time") or at(one.value, "@timestamp") or one.get("timestamp")
    if isinstance(inner, dict) and _first(inner, logkeys.MESSAGES) is not None:
        own = _time(desk, _first(inner, logkeys.TIMES))
        _plain(desk, one, {**inner, "@timestamp": own.text if own else told})
        return
    desk.say(one, told, line, level=level(_first(one.value, ("level", "severity"))))


def _journal(desk: Desk, one: Element) -> None:
    """An entry of the journal of systemd; a message that is no UTF-8 is a list of its bytes."""
    value = one.value
    raw = value.get("MESSAGE")
    if isinstance(raw, list):
        is_bytes = all(isinstance(part, int) and 0 <= part < 256 for part in raw)
        raw = bytes(raw).decode("utf-8", "replace") if is_bytes else "\n".join(said(part) for part in raw)
    unit = word(value, "SYSLOG_IDENTIFIER", "_SYSTEMD_UNIT", "_COMM")
    priority = said(value.get("PRIORITY"))
    bad = syslog(int(priority)) if len(priority) == 1 and priority in "01234567" else None
    text = said(raw) if raw is not None else "a message that was too large to be exported"
    written = value.get("__REALTIME_TIMESTAMP")
    when = desk.time(written, "us") or written
    desk.say(one, when, joined(f"{unit}:" if unit else "", text), level=bad, reference=None, id=word(value, "__CURSOR"))


def _cloudtrail(desk: Desk, one: Element) -> None:
    value = one.value
    actor = word(
        value, "userIdentity.userName", "userIdentity.sessionContext.sessionIssuer.userName", "userIdentity.arn", "userIdentity.invokedBy"
    )
    failed = word(value, "errorCode")
    service = said(value.get("eventSource")).removesuffix(".amazonaws.com")
    text = joined(f"{service}: {said(value.get('eventName'))}", f"failed: {failed}" if failed else "", word(value, "errorMessage"))
    id = word(value, "eventID")
    desk.say(
        one,
        value.get("eventTime"),
        text,
        actor=actor,
        level="error" if failed else None,
        thread=word(value, "sharedEventID"),
        reference=id,
        id=id,
    )


def _audit(desk: Desk, one: Element) -> None:
    """A line of the audit log of Kubernetes, or one of its events, or an object that says neither."""
    value = one.value
    if "verb" in value and "auditID" in value:
        target = "/".join(part for key in ("resource", "namespace", "name", "subresource") if (part := said(at(value, "objectRef", key))))
        code = at(value, "responseStatus", "code")
        failed = isinstance(code, int) and code >= 400
        text = joined(said(value.get("verb")), target or said(value.get("requestURI")), f"({code})" if code else "", by=" ")
        when = value.get("requestReceivedTimestamp") or value.get("stageTimestamp") or value.get("timestamp")
        id = f"{said(value.get('auditID'))} {said(value.get('stage'))}"
        actor, bad, audit = word(value, "user.username"), "warning" if failed else None, word(value, "auditID")
        desk.say(one, when, text, actor=actor, level=bad, thread=audit, reference=audit, id=id)
    elif value.get("kind") == "Event" or "involvedObject" in value:
        thing = at(value, "involvedObject") or at(value, "regarding")
        when = next(
            (value[key] for key in ("lastTimestamp", "eventTime", "firstTimestamp") if value.get(key)),
            at(value, "metadata", "creationTimestamp"),
        )
        name = joined(word(thing, "kind"), "/".join(part for part in (word(thing, "namespace"), word(thing, "name")) if part))
        count = value.get("count")
        text = joined(
            f"{name}: {said(value.get('reason'))}:",
            word(value, "message", "note"),
            f"({count} times)" if isinstance(count, int) and count > 1 else "",
        )
        desk.say(one, when, text, level=level(value.get("type")), thread=word(thing, "uid") or name, reference=word(value, "metadata.uid"))
    elif _first(value, logkeys.TIMES) is not None:
        _plain(desk, one, value)
    else:
        created = at(value, "metadata", "creationTimestamp")
        name = joined(said(value.get("kind")), word(value, "metadata.name"))
        desk.say(one, created, f"{name} was created", thread=word(value, "metadata.uid"))


def _update(desk: Desk, one: Element) -> None:
    """What was published of an incident, in the lines that `amends audit` reads too."""
    value = one.value
    text = joined(joined(word(value, "title"), word(value, "status"), by=": "), plain(value.get("text")), by=" – ")
    thread, actor = word(value, "incident"), word(value, "author")
    desk.say(one, value.get("at"), text, kind="status", actor=actor, thread=thread, reference=word(value, "id"), id=word(value, "id"))


_TELLERS: tuple[tuple[set[str], Callable[[Desk, Element], None]], ...] = (
    ({"__REALTIME_TIMESTAMP"}, _journal),
    ({"eventTime", "eventName"}, _cloudtrail),
    ({"kind", "apiVersion"}, _audit),
    ({"at", "incident", "text"}, _update),
    ({"log", "stream"}, _container),
    ({"log", "time"}, _container),
)

READER = Reader("jsonlogs", "log", sniff, read)
