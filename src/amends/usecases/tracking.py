"""Action items as tickets of a tracker: pushed there once, and followed. What a tracker says is shown; it decides nothing here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from amends.core.errors import ConflictError, OutsideError, UnknownNameError, UsageError
from amends.core.people import LOCAL_PERSON
from amends.core.problem import Problem
from amends.incidents.acting import CLOSED, OPEN, Said, refusal, standing
from amends.integrations.trackers import NewTicket
from amends.store import actions as rows
from amends.usecases import access

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from amends.core.ports import Clock
    from amends.incidents.acting import ActionStanding
    from amends.integrations.trackers import TicketState, Tracker
    from amends.store.engine import Store
    from amends.usecases.acting import Acting

EVERY = timedelta(minutes=15)
"""How often a ticket is looked at, while there are no more of them than one look takes."""

AT_ONCE = 50
"""Tickets of one look, so that it ends, and no tracker is asked too often."""

_PATIENCE = 3
"""Refusals in a row after which a tracker is left alone for this look."""

_NONE_SET_UP = "no tracker is set up"
_SET_UP = "add a table [trackers.NAME] to amends.toml; docs/how-to/follow-through.md shows each kind"
_FOLLOWED = ("idea", "accepted", "done")
"""States in which what the ticket says may still matter."""


@dataclass(frozen=True, slots=True)
class Outside:
    """The trackers of a team by name, the zone in which its days end, and the address of its workbench for links, if it has one."""

    trackers: Mapping[str, Tracker] = field(default_factory=dict)
    zone: tzinfo = UTC
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the tickets brought: how many were asked for, the items about which something new was said, and what failed."""

    asked: int
    news: tuple[ActionStanding, ...]
    problems: tuple[Problem, ...]


class Tracking:
    """Pushing action items to trackers and following their tickets. Nothing is sent while the store is being written."""

    def __init__(self, store: Store, clock: Clock, acting: Acting, open_outside: Callable[[], Outside]) -> None:
        self._store = store
        self._clock = clock
        self._acting = acting
        self._open_outside = open_outside
        self._opened: Outside | None = None
        self._slot = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The trackers that are set up. Raises UsageError where one names a variable that is not set."""
        return tuple(self._outside.trackers)

    def push(
        self, action_id: str, tracker: str | None = None, *, private_too: bool = False, by: str = LOCAL_PERSON
    ) -> tuple[ActionStanding, bool]:
        """Make an action item a ticket; as it stands then, and whether the ticket was there already from an earlier try.

        Of a private incident nothing is sent unless `private_too` says so, and then the title only.
        Raises UsageError for the choice of tracker, or of a private incident; ConflictError where it has a ticket; OutsideError.
        """
        to = self._chosen(tracker)
        now = self._acting.get(action_id, by=by)
        with self._store.reading() as connection:
            private = access.changed(connection, now.item.incident_id, by).visibility != "open"
        if because := refusal(now, "linked"):
            raise ConflictError(f"this action item cannot become a ticket: {because}", hint="look at it again: somebody may have acted")
        if private and not private_too:
            raise UsageError(
                "this action item belongs to a private incident, of which nothing is sent",
                hint="say --private-too (private_too over HTTP) to send its title, and nothing else",
            )
        ticket = to.create(self._ticket(now, private=private))
        with self._store.writing() as connection:
            access.changed(connection, now.item.incident_id, by)
            named = f"{to.name}:{ticket.ref}"
            try:
                linked = self._acting.record_within(
                    connection, action_id, "linked", by, text=ticket.url or None, evidence_kind="ticket", evidence=named
                )
            except ConflictError as error:
                error.hint = f"somebody acted meanwhile; {named} {ticket.url} may be one too many: close it there"
                raise
        return linked, ticket.found

    def follow(self, action_id: str, *, by: str = LOCAL_PERSON) -> ActionStanding:
        """Ask the tracker of one action item how its ticket stands. Raises ConflictError where it has none, OutsideError."""
        now = self._acting.get(action_id, by=by)
        with self._store.reading() as connection:
            access.changed(connection, now.item.incident_id, by)
        if because := refusal(now, "followed"):
            raise ConflictError(f"this action item cannot be followed: {because}", hint="push it to a tracker first")
        return self._followed(now) or now

    def follow_all(self, *, by: str | None = None) -> Look:
        """Look at the tickets of open action items, at most `AT_ONCE` of them, each look the next ones; None for `by` is the worker.

        A tracker that stumbles, or asks for patience, is left alone until the next look; what it failed at is a problem.
        """
        if not self._outside.trackers:
            return Look(0, (), ())
        waiting = self._waiting(by)
        news: list[ActionStanding] = []
        refused: dict[str, list[OutsideError]] = {}
        asked = 0
        for now in waiting:
            name = _tracker_of(now)
            before = refused.setdefault(name, [])
            if before and (before[-1].passing or len(before) >= _PATIENCE):
                continue
            asked += 1
            try:
                if (changed := self._followed(now)) is not None:
                    news.append(changed)
            except OutsideError as error:
                before.append(error)
        problems = [Problem("tracker", errors[-1].message, errors[-1].hint) for errors in refused.values() if errors]
        return Look(asked, tuple(news), tuple(problems))

    def follow_in_turn(self) -> Look | None:
        """The same for a worker that asks every few seconds: looks once in `EVERY`, else None."""
        slot = self._turn()
        if slot == self._slot:
            return None
        self._slot = slot
        return self.follow_all()

    # Within

    @property
    def _outside(self) -> Outside:
        if self._opened is None:
            self._opened = self._open_outside()
        return self._opened

    def _chosen(self, name: str | None) -> Tracker:
        known = self._outside.trackers
        if not known:
            raise UsageError(_NONE_SET_UP, hint=_SET_UP)
        if name is None and len(known) > 1:
            raise UsageError("several trackers are set up", hint=f"name one of them: {', '.join(known)}")
        chosen = name or next(iter(known))
        if chosen not in known:
            raise UnknownNameError("tracker", chosen[:80], tuple(known))
        return known[chosen]

    def _ticket(self, now: ActionStanding, *, private: bool) -> NewTicket:
        item = now.item
        body = [item.detail] if item.detail else []
        body += [f"It helps when: {now.helps_when}"] if now.helps_when else []
        link = self._outside.link
        body += [f"{link.rstrip('/')}/actions/{item.id}"] if link else []
        due = now.due.astimezone(self._outside.zone).date() if now.due is not None else None
        return NewTicket(item.title, () if private else tuple(body), f"amends-{item.id}", item.proposed_at, None if private else due)

    def _waiting(self, by: str | None) -> list[ActionStanding]:
        """The items to look at this time: of all that have a ticket in a tracker that is set up, the next ones in turn."""
        with self._store.reading() as connection:
            if by is not None:
                access.require(connection, by, "write")
            told = rows.open_ones(connection, seen_by=by)
        found = [standing(item, events, self._clock.now()) for item, events in told]
        linked = [one for one in found if one.state in _FOLLOWED and _tracker_of(one) in self._outside.trackers]
        if len(linked) <= AT_ONCE:
            return linked
        start = self._turn() * AT_ONCE % len(linked)
        return (linked[start:] + linked[:start])[:AT_ONCE]

    def _turn(self) -> int:
        return int(self._clock.now().timestamp() // EVERY.total_seconds())

    def _followed(self, now: ActionStanding) -> ActionStanding | None:
        """Ask for one ticket, and write down what is new; None where nothing is. Raises OutsideError, UnknownNameError."""
        name, _, ref = (now.ticket or "").partition(":")
        state = self._chosen(name).read(ref)
        told_at = self._clock.now()
        said = self._said(state, told_at)
        if now.said is not None and replace(said, told_at=now.said.told_at) == now.said:
            return None
        at = min(state.updated_at or told_at, told_at)
        text = f"{said.state}: {said.words}" if said.words else said.state
        with self._store.writing() as connection:
            current = standing(*rows.get(connection, now.item.id), told_at)
            if current.ticket != now.ticket or current.said != now.said:
                return None  # somebody unlinked it, or another run was told the same meanwhile
            return self._acting.record_within(
                connection, now.item.id, "followed", f"tracker:{name}", at,
                text=text, person=said.owner, due=said.due, evidence_kind="ticket", evidence=now.ticket,
            )  # fmt: skip

    def _said(self, state: TicketState, told_at: datetime) -> Said:
        due = datetime.combine(state.due, time(23, 59), self._outside.zone) if state.due is not None else None
        return Said(OPEN if state.is_open else CLOSED, state.words, state.owner, due, told_at)


def _tracker_of(now: ActionStanding) -> str:
    return (now.ticket or "").partition(":")[0]
