"""What is still to be done after playbooks were begun, read off the rows inside the transaction that reminds of it.

The looks back after a month and a quarter are reminded of as what they are, trust reviews. Of everything else the time is known from the
playbook alone; what the data hold is read only once that time has come, because reading it is dear.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from amends.core.errors import AmendsError
from amends.playbooks.followup import Awaited, awaited
from amends.playbooks.known import Known
from amends.playbooks.loading import pinned
from amends.playbooks.run import counting, last
from amends.store import playbooks as rows
from amends.store import trusting
from amends.store.access import is_shown
from amends.trust.review import standing
from amends.usecases.narrating import account_within
from amends.usecases.playbook_held import Heard, of_account, of_board, of_reviews, of_story
from amends.usecases.repairing import board_within
from amends.usecases.stories import told_within

if TYPE_CHECKING:
    from datetime import datetime

    from amends.playbooks.run import Run
    from amends.store.engine import Transaction
    from amends.store.playbooks import Told

LONGEST = timedelta(days=400)
"""So long after it was begun a run is still looked at: a follow-up after a year, and the weeks around it."""
LATE = timedelta(days=14)
"""So long after its time a follow-up is still waited for; who let two weeks pass is not helped by hearing of it again."""
NEAR = timedelta(days=1)
"""So long before its time the data are asked whether it is done."""


def of_all(connection: Transaction, now: datetime) -> list[Awaited]:
    """What is still to be done after all runs."""
    return [one for told in rows.begun_since(connection, now - LONGEST) for one in _of(connection, told, now)]


def one(connection: Transaction, run_id: str, follow_up_id: str, now: datetime) -> Awaited | None:
    """One follow-up of a run; None where nothing is left to be done. Raises NotFoundError."""
    found = _of(connection, rows.get(connection, run_id), now)
    return next((each for each in found if each.follow_up.id == follow_up_id), None)


def shown(connection: Transaction, now: datetime, by: str) -> tuple[Awaited, ...]:
    """Those that are due, of runs that somebody may see, the oldest first."""
    due = [each for each in of_all(connection, now) if each.due_at <= now and (not each.private or by in (each.run.by, each.lead))]
    seen = [each for each in due if is_shown(connection, each.run.incident_id, by)]
    return tuple(sorted(seen, key=lambda each: (each.due_at, each.run.id, each.follow_up.id)))


def _of(connection: Transaction, told: Told, now: datetime) -> list[Awaited]:
    run, events = told
    if last(counting(events), "stopped") is not None:
        return []
    try:
        waiting = [each for each in awaited(run, pinned(run), events) if now < each.due_at + LATE]
    except AmendsError:  # pinned by an older version of this program, whose words this one does not know
        return []
    return [each for each in waiting if each.due_at > now + NEAR or not _holds(connection, run, each.follow_up.source, now)]


def _holds(connection: Transaction, run: Run, source: str | None, now: datetime) -> bool:
    """Whether the data hold something sound that a follow-up waits for; what only other rooms can tell, they are not asked here."""
    if source is None:
        return False
    try:
        story = told_within(connection, run.incident_id, now, run.by)
        board = board_within(connection, run.incident_id, now, run.by)
    except AmendsError:  # who began it may see it no longer: it is reminded of by its time alone
        return False
    heard = {each.id: Heard(each.form or "", frozenset(), blames=False) for each in story.reached}
    reviews = [standing(plan, events, now) for plan, events in trusting.reviews_of(connection, run.incident_id)]
    account = of_account(account_within(connection, run.incident_id), ())
    held = of_story(story, heard) | account | of_board(board) | of_reviews(reviews)
    return any(each.is_sound for each in Known(held).items(source))
