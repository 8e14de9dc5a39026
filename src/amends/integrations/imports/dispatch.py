"""Dispatch: its table of incidents and the timeline of one of them, as its pages export them (CSV, fields of a field with a dot)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.errors import InputError
from amends.integrations.imports.records import (
    TITLE_LIMIT,
    ForeignEntry,
    ForeignIncident,
    WrongRowError,
    instant,
    perhaps,
    read_csv,
    severity,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.core.problem import Problem

STATUSES = {"active": "investigating", "stable": "monitoring", "closed": "resolved"}
_EVENTS = ("started_at", "description")
_INCIDENTS = ("name", "title", "status", "incident_severity.name", "reported_at")


def read(data: bytes, path: str) -> Iterator[ForeignIncident | ForeignEntry | Problem]:
    """The rows of either table, told apart by their columns. Raises InputError for another table."""
    names = data[:4096].partition(b"\n")[0].decode("utf-8-sig", "replace").strip().replace('"', "").split(",")
    is_events = all(name in names for name in _EVENTS)
    if not is_events and "title" not in names:
        hint = f"a timeline has {', '.join(_EVENTS)}; incidents have {', '.join(_INCIDENTS)}"
        raise InputError("this is neither a timeline nor a list of incidents of Dispatch", hint=hint, path=path, line=1)
    for line, row in read_csv(data, path, _EVENTS if is_events else _INCIDENTS):
        try:
            yield _entry(row) if is_events else _incident(row)
        except WrongRowError as error:
            yield error.problem(path, line)


def _entry(row: dict[str, str]) -> ForeignEntry:
    at = instant(row["started_at"], "started_at")
    words = text(row["description"], "description")
    actor = row.get("owner") or row.get("source") or None
    own = row.get("uuid") or f"{at.isoformat()} {words}"
    return ForeignEntry(f"dispatch/{own}", at, words, text(actor, "owner", needed=False, most=100) or None)


def _incident(row: dict[str, str]) -> ForeignIncident:
    name = text(row["name"], "name", most=100)
    status = STATUSES.get(row["status"].strip().casefold())
    if status is None:
        raise WrongRowError(
            "unknown-status", f"the status {row['status'][:40]!r} is none that we know", f"known: {', '.join(STATUSES)}", "status"
        )
    moments = tuple(
        (kind, at) for kind, field in (("contained", "stable_at"), ("recovered", "closed_at")) if (at := perhaps(row.get(field), field))
    )
    facts = tuple(
        (kind, words)
        for kind, field in (("happened", "description"), ("recovery", "resolution"))
        if (words := text(row.get(field), field, needed=False))
    )
    return ForeignIncident(
        f"dispatch/{name}", text(row["title"], "title", most=TITLE_LIMIT), severity(row["incident_severity.name"]), status,
        instant(row["reported_at"], "reported_at"), None, f"Dispatch {name}", moments, facts,
        private=row.get("visibility", "").strip().casefold() == "restricted",
    )  # fmt: skip
