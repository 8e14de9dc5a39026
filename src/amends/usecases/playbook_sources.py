"""Gathers what a run of a playbook is told of the data: the account, what was sent and promised, the broken trust, and what else shows."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from amends.language.records import Draft
from amends.playbooks.known import Item, Known
from amends.store import incidents, trusting
from amends.trust.review import standing
from amends.usecases import access
from amends.usecases.narrating import account_within
from amends.usecases.playbook_held import (
    Heard,
    of_account,
    of_board,
    of_reviews,
    of_story,
    of_word_since,
    recorded_moments,
    short,
)
from amends.usecases.playbook_shows import began_lately, shows
from amends.usecases.repairing import board_within
from amends.usecases.stories import told_within
from amends.usecases.trust_planning import contained_within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from amends.core.ports import Clock
    from amends.incidents.story import Story
    from amends.narrative.account import Account
    from amends.store.engine import Store
    from amends.usecases.checking import Checking
    from amends.usecases.playbook_held import Held
    from amends.usecases.versions import VersionHead, Versions

REMEMBERED = 2000
"""How many texts are remembered with what our engine heard in them: a page of a run reads the same ones again and again."""

LATELY = 200
_SLOW = ("recurrence.earlier", "recurrence.guardrails")
_BLAMING = ("claim", "condition", "badly")
"""The parts of the account in which nobody should be blamed; the side of a disagreement says what somebody thinks."""


class PlaybookSources:
    """Reads what an incident holds; nothing here changes anything. Safe to share between threads.

    `others` are rooms that show something besides, by the name of their source: each takes an incident and who asks.
    """

    def __init__(
        self,
        store: Callable[[], Store],
        clock: Clock,
        checking: Callable[[], Checking],
        versions: Callable[[], Versions],
        others: Callable[[], Mapping[str, Callable[[str, str], Iterable[Item]]]] = dict,
    ) -> None:
        self._store = store
        self._clock = clock
        self._checking = checking
        self._versions = versions
        self._others = others
        self._known: dict[tuple[str, str], Heard] = {}
        self._tellings: dict[str, tuple[object, Held]] = {}
        self._lock = Lock()

    def known(self, incident_id: str, *, by: str, quickly: bool = False) -> Known:
        """Everything that the data show of an incident now, as `by` may see it; `quickly` leaves out what a text must be read for.

        Raises NotFoundError, ForbiddenError.
        """
        now = self._clock.now()
        with self._store().reading() as connection:
            story = _without_private(told_within(connection, incident_id, now, by))
            account = account_within(connection, incident_id)
            board = board_within(connection, incident_id, now, by)
            reviews = [standing(plan, events, now) for plan, events in trusting.reviews_of(connection, incident_id)]
            tied = trusting.repairs_of(connection, incident_id)
            since = contained_within(connection, story.incident)
            lately = began_lately(story.incident, incidents.newest(connection, by=by, limit=LATELY))
        heard = {} if quickly else {one.id: self._hear(one.text, one.form or "auto") for one in story.reached}
        blamed = [] if quickly else self._blamed(account, story, heard)
        held = of_story(story, heard) | of_account(account, blamed) | of_board(board) | of_reviews(reviews)
        held["timeline"] += recorded_moments(story)
        held |= of_word_since(story, board, tied)
        held |= {} if quickly else self._told(story, account, by)
        held |= {name: tuple(source(incident_id, by)) for name, source in self._others().items() if name not in _SLOW or not quickly}
        chain = (Item("incident", one.id, one.title, at=one.started_at) for one in story.before)
        met = {one.id: one for one in (*chain, *held.get("recurrence.earlier", ()))}
        held["recurrence.earlier"] = tuple(met.values())
        return Known(held, shows(story, held, since, lately))

    def seen(self, incident_id: str, *, by: str) -> str:
        """The title of an incident that somebody may see. Raises NotFoundError, ForbiddenError."""
        with self._store().reading() as connection:
            return access.seen(connection, incident_id, by).title

    def _blamed(self, account: Account, story: Story, heard: Mapping[str, Heard]) -> list[Item]:
        points = [one for one in account.points if one.point.part in _BLAMING and self._hear(one.point.text, "any").blames]
        blaming = [Item("point", one.item, short(one.point.text)) for one in points]
        return blaming + [
            Item("message", one.id, short(one.text), at=one.sent_at, by=one.author) for one in story.reached if heard[one.id].blames
        ]

    def _told(self, story: Story, account: Account, by: str) -> Held:
        """The tellings, held against the account again only when one of both has changed; a redaction that ends is seen within the hour."""
        points = tuple((one.point.id, len(one.evidence)) for one in account.points)
        texts = tuple((one.id, one.version) for one in story.documents)
        key = (story.incident.id, points, texts, story.now.replace(minute=0, second=0, microsecond=0))
        with self._lock:
            kept = self._tellings.get(story.incident.id)
        if kept is None or kept[0] != key:
            kept = (key, _of_versions(self._versions().of_incident(story.incident.id, by=by)))
            with self._lock:
                if len(self._tellings) >= REMEMBERED:
                    self._tellings.clear()
                self._tellings[story.incident.id] = kept
        return kept[1]

    def _hear(self, text: str, form: str) -> Heard:
        """What our engine hears in a text; the same text is read once."""
        found = self._known.get((form, text))
        if found is None:
            document = self._checking().check(Draft(text, self._clock.now(), form=form))
            moves = frozenset(label.move for one in document.sentences for label in one.moves)
            blames = any(label.flaw == "blame" and label.told for one in document.sentences for label in one.flaws)
            found = Heard(document.form or form, moves, blames=blames)
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[form, text] = found
        return found


def _without_private(story: Story) -> Story:
    """A story without what somebody promised for themselves alone: a run shows what it holds to all who may see the incident."""
    return replace(story, promises=tuple(one for one in story.promises if not one.promise.private))


def _of_versions(heads: Iterable[VersionHead]) -> Held:
    """The tellings of the account, each lacking an answer to what it says less of than the account."""
    return {
        f"documents.version.{one.audience}": (
            Item("document", one.document.id, one.document.title, _drifting(one), one.document.updated_at, one.document.updated_by),
        )
        for one in heads
    }


def _drifting(one: VersionHead) -> tuple[str, ...]:
    if not one.compared:
        return ("was not held against the account yet",)
    if not one.drifts:
        return ()
    return ("says less than the account at 1 place",) if one.drifts == 1 else (f"says less than the account at {one.drifts} places",)
