"""What is to be done about the waves of an incident, and by whom: the next one opened in its time, the open one closed when it ends.

Read off the rows whenever somebody looks, as with reviews. How many answered is not looked at: a reminder that held it would lie in a
mailbox with its time, and who was at their phone could be found out from two of them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from amends.store import pulses as rows
from amends.store import recurring, today, trusting
from amends.trust import anonymity
from amends.trust.pulse import CLOSE, OPEN, WaveStep
from amends.trust.review import HELD, WHICH, contained_at, standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from amends.core.incident import Incident
    from amends.store.engine import Transaction
    from amends.store.trusting import Told
    from amends.trust.pulse import Wave

_LOOKS_BACK = timedelta(days=120)
"""So long ago the last wave was opened of an incident that may still be asked about: the quarter, and the weeks around it."""


def steps(connection: Transaction, now: datetime, seen_by: str | None = None) -> tuple[WaveStep, ...]:
    """The next step of every incident whose trust is being repaired, or which has been asked about, what ends first first.

    Of the incidents that somebody may see; None for the machinery that reminds. Asked in few statements, however many there are.
    """
    repaired = {plan.incident_id for plan, _ in trusting.open_reviews(connection)}
    found = _of(connection, sorted(repaired.union(rows.asked_since(connection, now - _LOOKS_BACK))), now, seen_by)
    return tuple(sorted(found, key=lambda one: (one.last, one.incident.id)))


def step_of(connection: Transaction, incident_id: str, now: datetime) -> WaveStep | None:
    """The next step of one incident; None where nothing is to be done, or where there is none of this id."""
    return next(iter(_of(connection, [incident_id], now, None)), None)


def _of(connection: Transaction, names: Sequence[str], now: datetime, seen_by: str | None) -> list[WaveStep]:
    found = recurring.incidents_of(connection, names, seen_by=seen_by)
    ids = tuple(found)
    waves, events, reviews = rows.heads(connection, ids), today.events(connection, ids), trusting.reviews_of_incidents(connection, ids)
    made = (_next(one, waves.get(name, []), contained_at(one, events.get(name, ())), reviews[name], now) for name, one in found.items())
    return [one for one in made if one is not None]


def _next(incident: Incident, waves: list[Wave], since: datetime | None, reviews: list[Told], now: datetime) -> WaveStep | None:
    still = next((one for one in waves if one.is_open), None)
    if still is not None:
        return WaveStep(incident, still.which, CLOSE, still.opened_by, still.opened_at, still.closes_at, still.id)
    which = anonymity.coming([one.which for one in waves], since, now) if since is not None else None
    to = _lead(which, waves, reviews, now) if which is not None else None
    if since is None or which is None or to is None:
        return None
    return WaveStep(incident, which, OPEN, to, *anonymity.best_time(which, since))


def _lead(which: str, waves: list[Wave], reviews: list[Told], now: datetime) -> str | None:
    """Who sees to the review that a wave belongs to, else who opened the last wave; nobody once that review was held without it."""
    wanted = which if which in WHICH else WHICH[0]
    told = next((one for one in reviews if one[0].which == wanted), None)
    if told is None:
        return waves[-1].opened_by if waves else None
    review = standing(*told, now)
    return None if review.state == HELD else review.lead
