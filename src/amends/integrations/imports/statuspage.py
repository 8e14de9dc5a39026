"""The incidents of a status page (`/api/v2/incidents.json`): updates were messages to customers, with the times at which they appeared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.core.errors import InputError
from amends.core.problem import Problem
from amends.core.record import replace
from amends.integrations.imports.records import (
    TITLE_LIMIT,
    ForeignIncident,
    ForeignMessage,
    WrongRowError,
    perhaps,
    read_json,
    severity,
    text,
)
from amends.promises.updates.statuspage import incidents_of, read_statuspage
from amends.promises.updates.update import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator

STATUSES = {
    "investigating": "investigating", "identified": "identified", "monitoring": "monitoring", "resolved": "resolved",
    "postmortem": "reviewed",
}  # fmt: skip
REMARKS = {
    "backdated": "was given an earlier time than that at which it appeared; it counts from when it appeared",
    "edited": "was changed after it appeared; its words now may not be those that readers saw",
}


def read(data: bytes, path: str) -> Iterator[ForeignIncident | Problem]:
    """The incidents, oldest first, each with its updates in order. Raises InputError for what is no document of the API."""
    value = read_json(data, path)
    found = incidents_of(value)
    if found is None:
        raise InputError("this holds no incidents of a status page", hint="ask the page for /api/v2/incidents.json", path=path)
    page = value.get("page") if isinstance(value, dict) else None
    name = str(page.get("id") or "") if isinstance(page, dict) else ""
    zone = {"page": {"time_zone": page.get("time_zone")}} if isinstance(page, dict) else {}
    for number in range(len(found) - 1, -1, -1):
        place = f"$.incidents[{number}]"
        try:
            yield from _incident(found[number], name, zone, path, place)
        except WrongRowError as error:
            yield error.problem(path, None, place)


def _incident(one: dict[str, Any], page: str, zone: dict[str, Any], path: str, place: str) -> Iterator[ForeignIncident | Problem]:
    own = text(one.get("id"), "id")
    status = STATUSES.get(str(one.get("status")))
    if status is None:
        hint = "maintenance that was announced is no incident; known: " + ", ".join(STATUSES)
        raise WrongRowError("unknown-status", f"the status {str(one.get('status'))[:40]!r} is none of an incident", hint, "status")
    messages: list[ForeignMessage] = []
    for update in read_statuspage({**zone, "incidents": [one]}, path, Desk(audience="customers")):
        if isinstance(update, Problem):
            yield replace(update, field=(update.field or "").replace("$.incidents[0]", place))
        elif update.text.strip():
            remarks = tuple(REMARKS[flag] for flag in update.flags if flag in REMARKS)
            messages.append(ForeignMessage(f"statuspage/{page}/{own}/{update.id}", update.at, update.text.strip(), update.tz, remarks))
    messages.sort(key=lambda message: (message.sent_at, message.key))
    title = text(one.get("name"), "name", most=TITLE_LIMIT)
    bad = severity(one.get("impact"))
    started = perhaps(one.get("started_at"), "started_at") or perhaps(one.get("created_at"), "created_at")
    if started is None:
        raise WrongRowError("bad-time", "neither started_at nor created_at is a time", field="started_at")
    told = (("contained", one.get("monitoring_at")), ("recovered", one.get("resolved_at")))
    moments = tuple((kind, at) for kind, written in told if (at := perhaps(written, kind)) is not None)
    listed = one.get("components")
    parts = [part for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []
    affected = tuple(dict.fromkeys(text(part.get("name"), "components", most=100) for part in parts if part.get("name")))
    yield ForeignIncident(
        f"statuspage/{page}/{own}", title, bad, status, started, _address(one.get("shortlink")), f"Status page, incident {own}", moments,
        (), affected, tuple(messages),
    )  # fmt: skip


def _address(value: object) -> str | None:
    """An address that a browser may be sent to."""
    return (
        value if isinstance(value, str) and value.startswith(("https://", "http://")) and len(value) < 500 and value.isprintable() else None
    )
