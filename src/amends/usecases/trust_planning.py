"""Planning the looks back after a month and a quarter: rows, once, from the moment at which repair begins.

The rows are the truth. Reminders are read off them whenever somebody looks (`usecases/reminded.py`), so a job that was lost loses nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.errors import ConflictError
from amends.store import involved, record, trusting
from amends.trust.review import AFTER, WHICH, PlannedReview, contained_at

if TYPE_CHECKING:
    from datetime import datetime

    from amends.core.incident import Incident
    from amends.core.ports import Clock, Ids
    from amends.store.engine import Transaction

LIVE = "this incident is not contained yet, and repair begins when nothing hurts any more"
LIVE_HINT = "write the next message and contain it first; then set its status to monitoring or resolved"


def contained_within(connection: Transaction, incident: Incident) -> datetime | None:
    """Since when an incident is contained, None while it is not; inside a transaction that asked who may see it."""
    return contained_at(incident, record.events_of(connection, incident.id))


def plan_within(connection: Transaction, clock: Clock, ids: Ids, incident: Incident, by: str, lead: str | None = None) -> bool:
    """Plan both reviews where they are not planned yet; whether that wrote anything. `lead` is who sees to them.

    Without one it is who leads the incident, else `by`. Raises ConflictError for an incident that is not contained.
    """
    since = contained_within(connection, incident)
    if since is None:
        raise ConflictError(LIVE, hint=LIVE_HINT)
    known = {plan.which for plan, _ in trusting.reviews_of(connection, incident.id)}
    leading = next(
        (one.person for one in involved.assignments_of(connection, incident.id) if one.function == "lead" and one.until is None), None
    )
    missing = [which for which in WHICH if which not in known]
    for which in missing:
        plan = PlannedReview(ids.new(), incident.id, which, since + AFTER[which], clock.now(), by, lead or leading or by)
        trusting.add_review(connection, plan, salt=ids.new())
    return bool(missing)
