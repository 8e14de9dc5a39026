"""What the page of today says: everything that is owed, promised or silent as lines of one kind, and the one sentence at its top."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from amends.incidents import clock
from amends.interfaces.web.playbooks_view import anchor
from amends.interfaces.web.promises_view import SOON
from amends.interfaces.web.words import ASKING
from amends.trust.pulse import OPEN
from amends.trust.review_paper import SPANS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from amends.core.incident import Incident, SavedDraft
    from amends.incidents.acting import ActionStanding
    from amends.incidents.clock import Owed
    from amends.incidents.silence import Silence
    from amends.playbooks.followup import Awaited
    from amends.promises.ledger import LedgerEntry
    from amends.trust.pulse import WaveStep
    from amends.trust.review import TrustReview
    from amends.usecases.today import TodayView

TONES = {"late": "missed", "due": "soon", "coming": "quiet"}
"""How a thing that an incident owes looks."""

MESSAGES = {"first-message": "first-message", "first-customers-message": "status-update", "next-update": "status-update"}
"""Which form the message has that is owed; one click begins it from the facts."""

PLACES = {"timeline": "timeline", "review": "review", "follow-up-note": "note", "checked-in": ""}
"""Where what is owed is done: the end of the address of the incident's page. Everything else is a message."""

MILESTONES = ("checked-in",)
"""What is owed and done with one click, once it has happened."""

SOON_OWED = clock.SOON // timedelta(minutes=1)

SOON_ACTION = 24 * 60
"""Minutes before its time that an action item is due soon: it takes more than the next half hour."""

SOON_REVIEW = 3 * 24 * 60
"""Minutes before its time that a trust review is due soon: people must be asked first."""

SOON_WAVE = 24 * 60
"""Minutes before its end that a wave is soon to be closed, or the best time of opening one is nearly over."""

AHEAD = timedelta(days=14)
"""How long before it is due a trust review stands on the page."""

SHOWN = 8
"""How many of the things to come stand on the page; the rest are in the lists that it leads to."""

PRESSING = 20
"""How many of the late ones, those due soon and the open incidents stand there: nobody can do more than that next."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing with a due time: where it leads, and which incident it is about.

    `milestone` is what one click writes down, `form` and `audience` are those of the message that one click begins. `soon` is how many
    minutes before its time it is due soon.
    """

    title: str
    due: datetime
    tone: str
    href: str
    incident: Incident | None = None
    why: str = ""
    source: str = ""
    milestone: str = ""
    form: str = ""
    audience: str = ""
    soon: int = 60


@dataclass(frozen=True, slots=True)
class TodayPageView:
    """The lines of the page, the most urgent first in each list; `sample` are those of the sample incident."""

    now: datetime
    heading: str
    late: tuple[Line, ...]
    soon: tuple[Line, ...]
    coming: tuple[Line, ...]
    more: int
    silences: tuple[tuple[Silence, Incident], ...]
    asking: tuple[LedgerEntry, ...]
    drafts: tuple[SavedDraft, ...]
    open: tuple[Incident, ...]
    sample: tuple[Line, ...]
    sample_incident: Incident | None

    @property
    def is_quiet(self) -> bool:
        """Whether nothing asks for anything."""
        return not (self.late or self.soon or self.coming or self.silences or self.asking or self.drafts)


def today_view(
    view: TodayView,
    actions: Sequence[ActionStanding] = (),
    reviews: Sequence[TrustReview] = (),
    waves: Sequence[WaveStep] = (),
    follow_ups: Sequence[Awaited] = (),
) -> TodayPageView:
    """The page of what a person should do now.

    `actions` are the open action items, `reviews` the trust reviews to be held, `waves` what is to be done about pulses,
    `follow_ups` what is due after playbooks.
    """
    every = [owed_line(one, view.incidents.get(one.incident_id)) for one in view.owed]
    every += [action_line(one, view.incidents, view.now) for one in actions if one.state == "accepted" and one.due is not None]
    every += [review_line(one, view.incidents, view.now) for one in reviews]
    every += [follow_up_line(one, view.incidents, view.now) for one in follow_ups]
    every += [wave_line(one, view.now) for one in waves if is_near(one, view.now)]
    every += [promise_line(one, view.incidents, view.now) for one in (*view.missed, *view.coming) if one.promise.due is not None]
    every.sort(key=lambda line: line.due)
    lines = [one for one in every if not _is_sample(one.incident)]
    late = tuple(one for one in lines if one.tone == "missed")
    soon = tuple(one for one in lines if one.tone == "soon")
    coming = tuple(one for one in lines if one.tone == "quiet")
    silences = tuple((one, view.incidents[one.incident_id]) for one in view.silences)
    silences = tuple(one for one in silences if not _is_sample(one[1]))
    asking = tuple(one for one in view.asking if not _is_sample(view.incidents.get(one.promise.incident_id or "")))
    drafts = tuple(one for one in view.drafts if one.origin != "sample")
    sample = next((one for one in view.open if _is_sample(one)), None)
    return TodayPageView(
        view.now, heading(late, silences, soon, asking, drafts), late, soon, coming[:SHOWN], len(coming[SHOWN:]), silences, asking, drafts,
        tuple(one for one in view.open if not _is_sample(one)), tuple(one for one in every if _is_sample(one.incident)), sample,
    )  # fmt: skip


def heading(
    late: tuple[Line, ...],
    silences: tuple[tuple[Silence, Incident], ...],
    soon: tuple[Line, ...],
    asking: tuple[LedgerEntry, ...],
    drafts: tuple[SavedDraft, ...],
) -> str:
    """The answer to "what should I do now?", one sentence: the most urgent thing goes before all others."""
    if late:
        return f"{late[0].title.rstrip('.')}." if len(late) == 1 else f"{len(late)} things are late. Begin with the oldest."
    if silences:
        return "People are at work, and nobody was told."
    if soon:
        return f"{soon[0].title.rstrip('.')}."
    if asking:
        one, several = ASKING["untold" if asking[0].standing.step == "tell" else "waiting"]
        return one if len(asking) == 1 else several.format(len(asking))
    if drafts:
        return "One message is not sent yet." if len(drafts) == 1 else f"{len(drafts)} messages are not sent yet."
    return "Nothing is due."


def owed_line(one: Owed, incident: Incident | None) -> Line:
    """What an incident owes, and where it is done."""
    end = PLACES.get(one.what, "messages")
    href = f"/incidents/{one.incident_id}{'/' if end else ''}{end}"
    return Line(
        one.title,
        one.due,
        TONES[one.state],
        href,
        incident,
        one.why,
        one.source,
        milestone=one.what if one.what in MILESTONES else "",
        form=MESSAGES.get(one.what, ""),
        audience=one.audience or "",
        soon=SOON_OWED,
    )


def promise_line(entry: LedgerEntry, incidents: dict[str, Incident], now: datetime) -> Line:
    """A promise with a due time."""
    promise = entry.promise
    assert promise.due is not None
    missed = entry.standing.state == "missed"
    tone = "missed" if missed else "soon" if promise.due - now <= SOON else "quiet"
    return Line(f"“{promise.words}”", promise.due, tone, f"/promises/{promise.id}", incidents.get(promise.incident_id or ""))


def action_line(now: ActionStanding, incidents: dict[str, Incident], at: datetime) -> Line:
    """An action item that somebody accepted, until when."""
    assert now.due is not None
    near = now.due - at <= timedelta(minutes=SOON_ACTION)
    tone = "missed" if now.overdue else "soon" if near else "quiet"
    return Line(now.item.title, now.due, tone, f"/actions/{now.item.id}", incidents.get(now.item.incident_id), soon=SOON_ACTION)


def review_line(review: TrustReview, incidents: dict[str, Incident], at: datetime) -> Line:
    """A trust review that is to be held."""
    tone = "missed" if review.overdue else "soon" if review.due_at - at <= timedelta(minutes=SOON_REVIEW) else "quiet"
    href = f"/incidents/{review.incident_id}/trust/reviews/{review.which}"
    title = f"Look back on trust after {SPANS[review.which]}"
    return Line(title, review.due_at, tone, href, incidents.get(review.incident_id), "The evidence is laid out.", soon=SOON_REVIEW)


def follow_up_line(one: Awaited, incidents: dict[str, Incident], at: datetime) -> Line:
    """What is due after a playbook was begun; it is late once its day is over."""
    tone = "missed" if at - one.due_at >= timedelta(days=1) else "soon"
    href = f"/incidents/{one.run.incident_id}/playbooks/{one.run.id}#{anchor(one.follow_up.id)}"
    return Line(one.follow_up.title, one.due_at, tone, href, incidents.get(one.run.incident_id), one.follow_up.text)


def is_near(step: WaveStep, now: datetime) -> bool:
    """Whether something about a wave can be done now, or soon: it is best opened from now on, or it ends within a day."""
    return step.first <= now if step.step == OPEN else step.last - now <= timedelta(minutes=SOON_WAVE)


def wave_line(step: WaveStep, at: datetime) -> Line:
    """A wave that is to be opened or closed."""
    span = f"after {SPANS[step.which]}" if step.which in SPANS else "for the baseline"
    title = f"Ask those it hit {span}" if step.step == OPEN else f"Close what was asked {span}"
    why = "Then what they say can be compared." if step.step == OPEN else "Until then answers are taken."
    tone = "missed" if step.last <= at else "soon" if step.last - at <= timedelta(minutes=SOON_WAVE) else "quiet"
    return Line(title, step.last, tone, f"/incidents/{step.incident.id}/pulse", step.incident, why, soon=SOON_WAVE)


def _is_sample(incident: Incident | None) -> bool:
    return incident is not None and incident.origin == "sample"
