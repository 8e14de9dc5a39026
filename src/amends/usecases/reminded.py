"""What people are reminded of: promises, unsent drafts, action items, trust reviews, what follows a playbook, and the waves of a pulse.

Each is a `Reminded`: who has to see to it, when they are reminded, and what a notice may say about it. Nobody is reminded of a sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.errors import NotFoundError
from amends.incidents import acting
from amends.promises.ledger import entry_of
from amends.promises.promise import Standing
from amends.promises.reminding import Term, between, planned, unsent
from amends.store import actions, drafts, incidents, promises, reminders, trusting
from amends.trust import review as reviews
from amends.trust.pulse import OPEN
from amends.trust.review_paper import SPANS
from amends.usecases import follow_ups, wave_steps

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from amends.core.incident import SavedDraft
    from amends.incidents.acting import ActionStanding
    from amends.playbooks.followup import Awaited
    from amends.promises.ledger import LedgerEntry
    from amends.promises.reminding import Moment, Plan
    from amends.store.engine import Transaction
    from amends.trust.pulse import WaveStep
    from amends.trust.review import TrustReview

PROMISE, DRAFT, ACTION, REVIEW, WAVE, FOLLOW_UP = "promise", "draft", "action", "review", "wave", "follow-up"


@dataclass(frozen=True, slots=True)
class Reminded:
    """Something that asks to be seen to.

    `subject` is what and which, as `promise/ID`; `to` who sees to it; `due` until when, for a draft when it was written last. `step` is
    what to do, `words` what it says (None for what its author only may read), `private` whether others who read a channel may see them.
    `page` is where it stands in the workbench. Of what is `secret` nobody but who sees to it may even know that it is there.
    """

    subject: str
    to: str
    moments: tuple[Moment, ...]
    due: datetime
    step: str
    words: str | None
    private: bool
    incident_id: str | None
    tz: str | None
    page: str
    secret: bool = False


def everything(connection: Transaction, now: datetime, plan: Plan) -> list[Reminded]:
    """All that somebody may have to be reminded of, now or later."""
    samples = reminders.sample_incidents(connection)
    entries = [entry_of(told, now) for told in promises.unsettled(connection, seen_by=None)]
    known = reminders.known_since(connection, (entry.promise.incident_id for entry in entries if entry.promise.incident_id))
    found = [of_promise(entry, plan) for entry in entries if not _is_history(entry, known)]
    found += [of_draft(draft, now, plan) for draft in drafts.unsent(connection)]
    found += [of_action(acting.standing(*told, now), plan) for told in actions.open_ones(connection, seen_by=None)]
    found += [of_review(connection, reviews.standing(*told, now), plan) for told in trusting.open_reviews(connection)]
    found += [of_follow_up(waiting, plan) for waiting in follow_ups.of_all(connection, now)]
    found += [of_wave(step, plan) for step in wave_steps.steps(connection, now)]
    return [one for one in found if one is not None and one.incident_id not in samples]


def one(connection: Transaction, subject: str, now: datetime, plan: Plan) -> Reminded | None:
    """One of them by its subject, as it stands now; None where nothing is left to be reminded of."""
    kind, _, name = subject.partition("/")
    try:
        if kind == PROMISE:
            return of_promise(entry_of(promises.get(connection, name, seen_by=None), now), plan)
        if kind == DRAFT:
            return of_draft(drafts.by_id(connection, name), now, plan)
        if kind == REVIEW:
            return of_review(connection, reviews.standing(*trusting.review(connection, name), now), plan)
        if kind == FOLLOW_UP:
            run_id, _, follow_up_id = name.partition("/")
            waiting = follow_ups.one(connection, run_id, follow_up_id, now)
            return of_follow_up(waiting, plan) if waiting is not None else None
        if kind == WAVE:
            step = wave_steps.step_of(connection, name.partition("/")[0], now)
            return of_wave(step, plan) if step is not None else None
        return of_action(acting.standing(*actions.get(connection, name), now), plan)
    except NotFoundError:
        return None


def of_promise(entry: LedgerEntry, plan: Plan) -> Reminded | None:
    """A promise, for its owner, or for who made it where nobody owns it or its owner declined."""
    promise, now = entry.promise, entry.standing
    if promise.due is None:
        return None
    return Reminded(
        subject=f"{PROMISE}/{promise.id}",
        to=entry.recipient,
        moments=planned(promise, now, plan),
        due=promise.due,
        step=now.step,
        words=promise.words,
        private=promise.private,
        incident_id=promise.incident_id,
        tz=promise.tz,
        page=f"promises/{promise.id}",
    )


def _is_history(entry: LedgerEntry, known: Mapping[str, datetime]) -> bool:
    """Whether a promise was overdue when its whole incident was written down here, as in what is taken over from elsewhere."""
    since, due = known.get(entry.promise.incident_id or ""), entry.promise.due
    return since is not None and due is not None and due < since


def of_draft(draft: SavedDraft, now: datetime, plan: Plan) -> Reminded | None:
    """A draft with words that lies about an incident, for its author alone. Its words are told to nobody."""
    if not draft.is_open or draft.incident_id is None or not draft.content.text.strip():
        return None
    return Reminded(
        subject=f"{DRAFT}/{draft.id}",
        to=draft.author,
        moments=unsent(draft.updated_at, now, plan),
        due=draft.updated_at,
        step="send",
        words=None,
        private=True,
        incident_id=draft.incident_id,
        tz=draft.content.tz,
        page=f"drafts/{draft.id}",
    )


def of_action(item: ActionStanding, plan: Plan) -> Reminded | None:
    """An action item that somebody accepted, until it is done."""
    if item.due is None or item.owner is None or item.state != "accepted":
        return None
    made = max((event.recorded_at for event in item.events), default=item.item.proposed_at)
    return Reminded(
        subject=f"{ACTION}/{item.item.id}",
        to=item.owner,
        moments=planned(Term(item.due, made, made, "day", None), Standing("open", item.owner), plan),
        due=item.due,
        step="finish",
        words=item.item.title,
        private=False,
        incident_id=item.item.incident_id,
        tz=None,
        page=f"incidents/{item.item.incident_id}/actions",
    )


def of_review(connection: Transaction, review: TrustReview, plan: Plan) -> Reminded | None:
    """A trust review, for who sees to it: on the working day before, on its day, and the working day after, until it is held."""
    incident = incidents.get(connection, review.incident_id)
    if review.state == reviews.HELD or incident.removed_at is not None:
        return None
    changes = (event.recorded_at for event in review.events if event.what in ("moved", "led", "reopened"))
    made = max(changes, default=review.plan.recorded_at)
    return Reminded(
        subject=f"{REVIEW}/{review.id}",
        to=review.lead,
        moments=planned(Term(review.due_at, made, made, "week", None), Standing("open", review.lead), plan),
        due=review.due_at,
        step="review",
        words=f"Trust review after {SPANS[review.which]}: {incident.title}",
        private=False,
        incident_id=review.incident_id,
        tz=None,
        page=f"incidents/{review.incident_id}/trust/reviews/{review.which}",
    )


def of_wave(step: WaveStep, plan: Plan) -> Reminded:
    """A wave of the pulse, for who opens or opened it: twice while it is best opened; a day before it ends, and when it has ended.

    The subject is the incident and the wave, so that a reminder holds nothing that leads to a link. It says nothing of how many answered.
    """
    if step.step == OPEN:
        moments = between(step.first, step.last, plan)
    else:
        term = Term(step.last, step.first, step.first, None, None)
        moments = tuple(one for one in planned(term, Standing("open", step.to), plan) if one.moment != "after")
    span = f"after {SPANS[step.which]}" if step.which in SPANS else "baseline"
    return Reminded(
        subject=f"{WAVE}/{step.incident.id}/{step.which}/{step.step}",
        to=step.to,
        moments=moments,
        due=step.last,
        step=f"{step.step}-wave",
        words=f"Trust pulse, {span}: {step.incident.title}",
        private=False,
        incident_id=step.incident.id,
        tz=None,
        page=f"incidents/{step.incident.id}/pulse",
    )


def of_follow_up(waiting: Awaited, plan: Plan) -> Reminded:
    """What is to be done some days after a playbook was begun, for who leads the run: on its day, and on the working day after."""
    run, due, to = waiting.run, waiting.due_at, waiting.lead
    return Reminded(
        subject=f"{FOLLOW_UP}/{run.id}/{waiting.follow_up.id}",
        to=to,
        moments=planned(Term(due, run.started_at, run.started_at, "day", None), Standing("open", to), plan),
        due=due,
        step="follow-up",
        words=f"{waiting.follow_up.title} (after “{run.title}”). {waiting.follow_up.text}",
        private=waiting.private,
        incident_id=run.incident_id,
        tz=None,
        page=f"incidents/{run.incident_id}/playbooks/{run.id}",
        secret=waiting.private,
    )
