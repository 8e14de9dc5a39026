"""What rooms beside the account show to playbooks: waves of the pulse, earlier incidents like this one, and guardrails that stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.playbooks.known import Item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from amends.usecases.pulses import Pulses
    from amends.usecases.recurring import Recurring


def others(pulses: Callable[[], Pulses], recurring: Callable[[], Recurring]) -> Mapping[str, Callable[[str, str], Iterable[Item]]]:
    """What each source asks, by its name in `playbooks.sources`; each takes an incident and who asks."""
    return {
        "pulse.waves": lambda incident_id, by: _waves(pulses(), incident_id, by),
        "recurrence.earlier": lambda incident_id, by: _earlier(recurring(), incident_id, by),
        "recurrence.guardrails": lambda incident_id, by: _guardrails(recurring(), incident_id, by),
    }


def _waves(pulses: Pulses, incident_id: str, by: str) -> Iterable[Item]:
    for one in pulses.of_incident(incident_id, by=by):
        lacks = () if one.closed_at is not None else ("still takes answers",)
        yield Item("wave", one.id, f"the pulse of the {one.which}", lacks, one.closed_at or one.closes_at)


def _earlier(recurring: Recurring, incident_id: str, by: str) -> Iterable[Item]:
    for one in recurring.met_before(incident_id, by=by).same:
        yield Item("incident", one.incident.id, one.incident.title, at=one.incident.started_at)


def _guardrails(recurring: Recurring, incident_id: str, by: str) -> Iterable[Item]:
    for mistake in recurring.guardrails(incident_id=incident_id, by=by):
        for one in mistake.guarded:
            lacks = () if one.prevention.is_done else ("is not in place yet",)
            yield Item(one.prevention.kind, one.prevention.id, one.prevention.words, lacks, one.prevention.done_at or one.prevention.due)
