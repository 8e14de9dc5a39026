"""What is to be done about the waves of an incident, and by whom: the next one opened in its time, the open one closed when it ends.

Read off the rows whenever somebody looks, as with reviews. How many answered is not looked at: a reminder that held it would lie in a
mailbox with its time, and who was at their phone could be found out from two of them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from amends.store import incidents, trusting
from amends.store import pulses as rows
from amends.store.access import is_shown
from amends.trust import anonymity
from amends.trust.pulse import CLOSE, OPEN, WaveStep
from amends.trust.review import HELD, WHICH, standing
from amends.usecases.trust_planning import contained_within

if TYPE_CHECKING:
    from datetime import datetime

    from amends.store.engine import Transaction
    from amends.trust.pulse import Wave

_LOOKS_BACK = timedelta(days=120)
"""So long ago the last wave was opened of an incident that may still be asked about: the quarter, and the weeks around it."""


def steps(connection: Transaction, now: datetime) -> list[WaveStep]:
    """The next step of every incident whose trust is being repaired, or which has been asked about."""
    repaired = {plan.incident_id for plan, _ in trusting.open_reviews(connection)}
    asked = rows.asked_since(connection, now - _LOOKS_BACK)
    names = sorted(repaired.union(asked))
    waves = rows.heads(connection, names)
    found = (_next(connection, name, waves.get(name, []), now) for name in names)
    return [one for one in found if one is not None]


def steps_shown(connection: Transaction, now: datetime, by: str) -> tuple[WaveStep, ...]:
    """Those of the incidents that somebody may see, the one whose time ends first first."""
    shown = [one for one in steps(connection, now) if one.incident.visibility == "open" or is_shown(connection, one.incident.id, by)]
    return tuple(sorted(shown, key=lambda one: (one.last, one.incident.id)))


def step_of(connection: Transaction, incident_id: str, now: datetime) -> WaveStep | None:
    """The next step of one incident; None where nothing is to be done. Raises NotFoundError."""
    return _next(connection, incident_id, rows.heads(connection, (incident_id,)).get(incident_id, []), now)


def _next(connection: Transaction, incident_id: str, waves: list[Wave], now: datetime) -> WaveStep | None:
    incident = incidents.get(connection, incident_id)
    if incident.removed_at is not None:
        return None
    still = next((one for one in waves if one.is_open), None)
    if still is not None:
        return WaveStep(incident, still.which, CLOSE, still.opened_by, still.opened_at, still.closes_at, still.id)
    since = contained_within(connection, incident)
    which = anonymity.coming([one.which for one in waves], since, now) if since is not None else None
    if since is None or which is None:
        return None
    to = _lead(connection, incident_id, which, waves, now)
    return WaveStep(incident, which, OPEN, to, *anonymity.best_time(which, since)) if to is not None else None


def _lead(connection: Transaction, incident_id: str, which: str, waves: list[Wave], now: datetime) -> str | None:
    """Who sees to the review that a wave belongs to, else who opened the last wave; nobody once that review was held without it."""
    wanted = which if which in WHICH else WHICH[0]
    told = next((one for one in trusting.reviews_of(connection, incident_id) if one[0].which == wanted), None)
    if told is None:
        return waves[-1].opened_by if waves else None
    review = standing(*told, now)
    return None if review.state == HELD else review.lead
