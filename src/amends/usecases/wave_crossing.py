"""Looks for other waves that ask the same people, by what incidents say of who was in them and who is to be told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from amends.store import incidents, involved
from amends.store import pulses as rows
from amends.store.access import is_shown
from amends.trust.asking import LATELY_DAYS, AskedLately, asked_twice

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from amends.core.problem import Problem
    from amends.store.engine import Transaction

_GROUP_OF = {"team": "stakeholders", "leadership": "stakeholders", "partner": "stakeholders", "customers": "users"}
"""As whom those are asked who are told as an audience: who relies on the team and who leads, or who uses the service."""


def crossing(connection: Transaction, incident_id: str, groups: Collection[str], by: str, now: datetime) -> tuple[Problem, ...]:
    """What is to be said before these groups are asked about an incident; of incidents that `by` may not see nothing is."""
    others = []
    for wave, asked in rows.asked_lately(connection, now - timedelta(days=LATELY_DAYS)):
        if wave.incident_id == incident_id or not is_shown(connection, wave.incident_id, by):
            continue
        one = incidents.get(connection, wave.incident_id)
        if one.removed_at is None and one.origin != "sample":
            others.append(AskedLately(one.title, wave.opened_at, wave.is_open, asked, _names(connection, one.id)))
    return asked_twice(groups, _names(connection, incident_id), others, now) if others else ()


def _names(connection: Transaction, incident_id: str) -> dict[str, frozenset[str]]:
    """By group who is known to belong to it: who holds or held a function in the incident, and who is to be told of it."""
    found: dict[str, set[str]] = {"team": {one.person for one in involved.assignments_of(connection, incident_id)}}
    for one in involved.stakeholders_of(connection, incident_id):
        if one.removed_at is None:
            found.setdefault(_GROUP_OF[one.audience], set()).add(one.name)
    return {group: frozenset(names) for group, names in found.items()}
