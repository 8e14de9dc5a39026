"""The incidents of a status page as its public API v2 gives them, newest first: `incidents.json`, or the bare list in it.

An update counts from `created_at`, when readers could first see it. A `display_at` before that is a time that was written into
the page afterwards (backdated); an `updated_at` after it tells that the words are no longer those that readers saw (edited).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from amends.core.html_text import looks_like_html, text_of
from amends.promises.updates.update import Update, as_text, has_surrogate, problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from amends.core.problem import Problem
    from amends.promises.updates.update import Desk

_SLACK = timedelta(minutes=1)
"""Times of one update that differ by less were taken at the same moment by different machines."""


def incidents_of(value: Any) -> list[Any] | None:
    """The incidents in a document of the API; None when it is none."""
    found = value.get("incidents", value.get("scheduled_maintenances")) if isinstance(value, dict) else value
    if isinstance(value, dict) and found is None and "incident_updates" in value:
        found = [value]
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        return None
    return found if isinstance(value, dict) or any("incident_updates" in one for one in found) else None


def read_statuspage(value: Any, source: str, desk: Desk) -> Iterator[Update | Problem]:
    """The updates of a document of the API, oldest first in each incident."""
    page = value.get("page") if isinstance(value, dict) else None
    named = page.get("time_zone") if isinstance(page, dict) else None
    tz, unknown = desk.known_zone(as_text(named), source, None)
    if unknown is not None:
        yield unknown
    for number, incident in enumerate(incidents_of(value) or (), 1):
        updates = incident.get("incident_updates")
        place = f"$.incidents[{number - 1}]"
        if not isinstance(updates, list):
            hint = "ask the page for /api/v2/incidents.json, which holds them"
            yield problem("missing-field", "an incident without its updates", hint, source, None, f"{place}.incident_updates")
            continue
        name = as_text(incident.get("id")) or as_text(incident.get("name")) or f"incident {number}"
        title = as_text(incident.get("name"))
        for at, one in sorted(enumerate(updates), key=lambda pair: -pair[0]):
            yield from _update(one, name, title, tz, source, f"{place}.incident_updates[{at}]", desk)


def _update(one: Any, incident: str, title: str | None, tz: str | None, source: str, place: str, desk: Desk) -> Iterator[Update | Problem]:
    if not isinstance(one, dict):
        yield problem("bad-field", "an update that is not an object", "ask the page for its API again", source, None, place)
        return
    zone = desk.zone(tz)
    at = _time(one, "created_at", zone, desk) or _time(one, "display_at", zone, desk)
    if at is None:
        hint = "created_at must be a time such as 2026-03-04T10:50:00Z"
        yield problem("bad-time", "an update without the time at which it was published", hint, source, None, f"{place}.created_at")
        return
    body = as_text(one.get("body")) or ""
    if has_surrogate(body):
        yield problem("bad-field", "text holds half of a surrogate pair, which is no character", "", source, None, f"{place}.body")
        return
    shown, changed = _time(one, "display_at", zone, desk), _time(one, "updated_at", zone, desk)
    flags = (
        *(("backdated",) if shown is not None and at - shown >= _SLACK else ()),
        *(("edited",) if changed is not None and changed - at >= _SLACK else ()),
    )
    yield Update(
        as_text(one.get("id")) or f"{incident}#{place.rpartition('[')[2][:-1]}",
        incident,
        at,
        tz,
        text_of(body) if looks_like_html(body) else body,
        as_text(one.get("status")),
        title,
        None,
        desk.audience,
        flags,
        source=source,
    )


def _time(one: dict[str, Any], field: str, zone: tzinfo | None, desk: Desk) -> Any:
    value = one.get(field)
    return desk.instant(value, zone) if isinstance(value, str) else None
