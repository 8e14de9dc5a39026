"""What an incident owes and when: the first message, the timeline, the check-in, the note, and the next word to each audience.

The rules are data (`presets/`), each with its source; here is only the arithmetic. A promise of a next update goes before a rhythm, because
what was said is what people wait for. Nothing is owed for long after an incident is resolved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from amends.core.incident import STATUSES
from amends.incidents.event import standing
from amends.promises.fate import end_of_minute

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from amends.core.incident import Incident, SentMessage
    from amends.incidents.event import IncidentEvent
    from amends.incidents.presets import Deadline, Preset, Rhythm
    from amends.promises.ledger import LedgerEntry

OWED_STATES = ("late", "due", "coming")

SOON = timedelta(minutes=10)
"""What comes within this is due now: long enough to write three sentences, short enough to be the next thing."""

FADES = timedelta(days=14)
"""How long after the resolution something is still asked for: the longest deadline of the presets. Later it is history, and a metric."""

_RESOLVED = STATUSES.index("resolved")


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that an incident owes: `what` is the deadline's name, `audience` whom it is for (None: nobody in particular).

    `due` is until when, `state` one of `OWED_STATES`; `title` says it in words, `why` what happens without it, `source` who asks for it.
    """

    what: str
    title: str
    due: datetime
    state: str
    incident_id: str
    audience: str | None = None
    why: str = ""
    source: str = ""


def owed(
    incident: Incident,
    events: tuple[IncidentEvent, ...],
    messages: tuple[SentMessage, ...],
    promises: Iterable[LedgerEntry],
    done: Mapping[str, datetime],
    preset: Preset,
    now: datetime,
) -> tuple[Owed, ...]:
    """What is owed at `now`, the earliest first. `done` tells when a timeline, a note or a review was there, by the deadline's name."""
    if incident.removed_at is not None:
        return ()
    starts = _starts(incident, events)
    there = {**{event.kind: event.at for event in standing(events, "milestone") if event.kind}, **done}
    found = [_deadline(one, incident, starts, messages, there, now) for one in preset.deadlines if one.holds(incident.severity)]
    if STATUSES.index(incident.status) < _RESOLVED:
        waiting = {entry.promise.audience for entry in promises if entry.promise.kind == "next_update" and not entry.standing.closed}
        rhythms = [one for one in preset.rhythms if one.holds(incident.severity) and one.audience not in waiting]
        found += [_next_word(one, incident, starts["detected"], messages, now) for one in rhythms]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: (one.due, one.what, one.audience or "")))


def _starts(incident: Incident, events: tuple[IncidentEvent, ...]) -> dict[str, datetime]:
    """From when each deadline counts. What nobody wrote down counts from when we were told of the incident."""
    detected = standing(events, "milestone", "detected")
    starts = {"detected": detected[0].at if detected else max(incident.started_at, incident.recorded_at), "started": incident.started_at}
    for status in STATUSES[1:]:
        reached = [event.at for event in events if event.what == "status" and event.kind == status]
        if reached:
            starts[status] = reached[-1]
    contained = standing(events, "milestone", "contained")
    if contained:
        starts["monitoring"] = contained[-1].at
    return starts


def _deadline(
    one: Deadline,
    incident: Incident,
    starts: Mapping[str, datetime],
    messages: tuple[SentMessage, ...],
    there: Mapping[str, datetime],
    now: datetime,
) -> Owed | None:
    start = starts.get(one.after)
    if start is None or one.what in there or (one.is_message and _to(messages, one.audience)):
        return None
    ended = starts.get("resolved") if STATUSES.index(incident.status) >= _RESOLVED else None
    if ended is not None and now > ended + FADES:
        return None
    return _owed(one.what, one.title, one.until(start), incident, now, one.audience, one.why, one.source)


def _next_word(rhythm: Rhythm, incident: Incident, start: datetime, messages: tuple[SentMessage, ...], now: datetime) -> Owed | None:
    """The next update to an audience that was told something and was not told when they hear more."""
    told = _to(messages, rhythm.audience)
    if not told:
        return None  # the first message is a deadline of its own
    last = told[-1].sent_at
    quick = last < start + rhythm.quick_for
    due = last + (rhythm.every if quick else rhythm.later)
    title = f"Tell {rhythm.named} how it stands; nobody has said when they hear from you again"
    return _owed("next-update", title, due, incident, now, rhythm.audience, rhythm.why, rhythm.source)


def _to(messages: tuple[SentMessage, ...], audience: str | None) -> list[SentMessage]:
    return [message for message in messages if audience in (None, message.audience)]


def _owed(what: str, title: str, due: datetime, incident: Incident, now: datetime, audience: str | None, why: str, source: str) -> Owed:
    late = now >= end_of_minute(due)
    state = "late" if late else "due" if due - now <= SOON else "coming"
    return Owed(what, title, due, state, incident.id, audience, why, source)
