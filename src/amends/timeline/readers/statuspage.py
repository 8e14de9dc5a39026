"""The incidents of a status page as its public API gives them: each update, and what was written after the fact.

An update counts from `created_at`, when readers could first see it. A `display_at` before that was set afterwards (backdated); an
`updated_at` behind it tells that the words are no longer those that readers saw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.timeline.entry import flag
from amends.timeline.readers.desk import Desk, Element
from amends.timeline.readers.outline import has, keys
from amends.timeline.readers.severity import level
from amends.timeline.readers.source import Reader
from amends.timeline.readers.values import dicts, joined, plain, said, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.core.problem import Problem
    from amends.timeline.entry import Event
    from amends.timeline.readers.source import Source

_MOMENT = 60_000_000
"""Times of one update that differ by less were taken at the same moment by different machines."""


def sniff(head: bytes, _: str) -> bool:
    """Whether a file holds incidents with their updates."""
    return any("incident_updates" in keys(head, path) for path in ("incidents", "scheduled_maintenances", "", "incident")) or has(
        head, "postmortem_body", "shortlink", paths=("incidents", "")
    )


def read(source: Source) -> Iterator[Event | Problem]:
    """The updates of all incidents."""
    return Desk(source, "status").run(_incident, "incidents", "scheduled_maintenances")


def _incident(desk: Desk, one: Element) -> None:
    value = one.value
    if not isinstance(value.get("incident_updates"), list):
        if "incident_updates" not in value and "created_at" not in value:
            desk.tell("bad-field", "not an incident of a status page", one.piece.offset)
            return
        desk.tell("missing-field", "an incident without its updates", one.piece.offset, "ask the page for /api/v2/incidents.json")
        desk.say(one, value.get("created_at"), said(value.get("name")), level=level(value.get("impact")), thread=word(value, "id"))
    for update in desk.inner(one, "incident_updates"):
        _update(desk, one, update)
    if value.get("postmortem_published_at"):
        text = joined(f"{said(value.get('name'))}: post-mortem.", plain(value.get("postmortem_body")))
        desk.say(one, value["postmortem_published_at"], text, thread=word(value, "id"), reference=word(value, "shortlink"))


def _update(desk: Desk, incident: Element, one: Element) -> None:
    created = desk.time(one.get("created_at")) or desk.time(one.get("display_at"))
    shown, changed = desk.time(one.get("display_at")), desk.time(one.get("updated_at"))
    backdated = created and shown and created.time - shown.time >= _MOMENT
    edited = created and changed and changed.time - created.time >= _MOMENT
    text = joined(
        f"{said(incident.get('name'))}: {said(one.get('status')).replace('_', ' ')}.",
        plain(one.get("body")),
        *map(_component, dicts(one.get("affected_components"))),
        f"(shown on the page as of {shown.text}: backdated)" if shown and backdated else "",
    )
    desk.say(
        one,
        created or one.get("created_at"),
        text,
        level=level(incident.get("impact")),
        flags=flag("edited") if edited else 0,
        thread=word(incident.value, "id"),
        reference=word(incident.value, "shortlink"),
        id=word(one.value, "id"),
    )


def _component(one: dict[str, Any]) -> str:
    before, after = said(one.get("old_status")), said(one.get("new_status"))
    return f"[{said(one.get('name'))}: {before} → {after}]".replace("_", " ") if before != after else ""


READER = Reader("statuspage", "status", sniff, read)
