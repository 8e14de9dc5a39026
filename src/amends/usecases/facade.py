"""Everything a user can do, in one object that interfaces are given; its parts are made when they are first asked for."""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from amends.usecases.facade_trust import TrustParts

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.core.ports import Clock, Ids
    from amends.integrations.llm import Model
    from amends.store.engine import Store
    from amends.usecases.acting import Acting
    from amends.usecases.adopting import Adopting
    from amends.usecases.backup import Backup
    from amends.usecases.beginning import Beginning
    from amends.usecases.bundling import Bundling
    from amends.usecases.calendars import Calendars
    from amends.usecases.checking import Checking
    from amends.usecases.documents import Documents
    from amends.usecases.downloads import Downloads
    from amends.usecases.drafting import Drafting
    from amends.usecases.drills import Drills
    from amends.usecases.due import Due, Reminding
    from amends.usecases.elsewhere import Elsewhere, Rules
    from amends.usecases.erasing import Erasing
    from amends.usecases.exporting import Exporting
    from amends.usecases.gathering import Gathering
    from amends.usecases.honesty import Honesty
    from amends.usecases.importing import Importing
    from amends.usecases.incidents import Incidents
    from amends.usecases.insights import Insights
    from amends.usecases.involving import Involving
    from amends.usecases.journal import Journal
    from amends.usecases.messaging import Messaging
    from amends.usecases.narrating import Narrating
    from amends.usecases.notes import Notes
    from amends.usecases.people import People
    from amends.usecases.posting import Posting
    from amends.usecases.practising import Practising
    from amends.usecases.practising_shelf import Shelf
    from amends.usecases.promising import Promising
    from amends.usecases.readiness import Readiness
    from amends.usecases.recording import Recording
    from amends.usecases.reviewing import Reviewing
    from amends.usecases.searching import Searching
    from amends.usecases.signing import Signing
    from amends.usecases.signs import Signs
    from amends.usecases.similar import Similar
    from amends.usecases.stories import Stories
    from amends.usecases.suggesting import Suggesting
    from amends.usecases.telling import Telling
    from amends.usecases.timelines import Timelines
    from amends.usecases.today import Today
    from amends.usecases.tracking import Outside, Tracking
    from amends.usecases.trust_reviews import TrustReviews
    from amends.usecases.versions import Versions
    from amends.usecases.voicing import Voicing
    from amends.usecases.watching import Watching


class UseCases(TrustParts):
    """Safe to share between threads. The store is opened by the first part that needs one; checking never does."""

    def __init__(
        self,
        open_checking: Callable[[], Checking],
        open_store: Callable[[], Store],
        clock: Clock,
        ids: Ids,
        *,
        reminding: Callable[[], Reminding] | None = None,
        new_secret: Callable[[], str] | None = None,
        home: Callable[[], str] | None = None,
        outside: Callable[[], Outside] | None = None,
        read_apart: bool = False,
        elsewhere: Callable[[], Rules | None] | None = None,
        model: Callable[[], Model | None] | None = None,
        scenarios: str | None = None,
        playbooks: str | None = None,
        zone: Callable[[], str | None] | None = None,
    ) -> None:
        self._open_checking = open_checking
        self._open_store = open_store
        self._reminding = reminding
        self._new_secret = new_secret or ids.new
        self._home = home
        self._outside = outside
        self._read_apart = read_apart
        self._elsewhere = elsewhere or (lambda: None)
        self._model = model or (lambda: None)
        self._scenarios = scenarios
        self._team_playbooks = playbooks
        self._zone = zone or (lambda: None)
        self._opening = Lock()
        self._store: Store | None = None
        self.clock = clock
        self.ids = ids

    @cached_property
    def checking(self) -> Checking:
        """Checking drafts, looking up rules and forms."""
        return self._open_checking()

    @cached_property
    def drafting(self) -> Drafting:
        """Writing drafts and keeping their versions. Raises StoreError when the store cannot be opened, as all below do."""
        from amends.usecases.drafting import Drafting

        return Drafting(self.store, self.clock, self.ids)

    @cached_property
    def documents(self) -> Documents:
        """Shared texts of incidents."""
        from amends.usecases.documents import Documents

        return Documents(self.store, self.clock, self.ids)

    @cached_property
    def incidents(self) -> Incidents:
        """Owning incidents."""
        from amends.usecases.incidents import Incidents

        return Incidents(
            self.store, self.clock, self.ids, lambda: self.checking,
            opened=lambda incident_id: self.recurring.opened(incident_id),  # noqa: PLW0108  # made when one is opened, not before
        )  # fmt: skip

    @cached_property
    def recording(self) -> Recording:
        """Writing down what is known of an incident."""
        from amends.usecases.recording import Recording

        return Recording(self.store, self.clock, self.ids)

    @cached_property
    def involving(self) -> Involving:
        """The people of an incident, and its links."""
        from amends.usecases.involving import Involving

        return Involving(self.store, self.clock, self.ids)

    @cached_property
    def stories(self) -> Stories:
        """Incidents told whole."""
        from amends.usecases.stories import Stories

        return Stories(self.store, self.clock)

    @cached_property
    def promising(self) -> Promising:
        """The ledger of promises."""
        from amends.usecases.promising import Promising

        return Promising(self.store, self.clock, self.ids)

    @cached_property
    def acting(self) -> Acting:
        """The action items of reviews."""
        from amends.usecases.acting import Acting

        return Acting(self.store, self.clock, self.ids, lambda: self.checking)

    @cached_property
    def tracking(self) -> Tracking:
        """Action items as tickets of a tracker."""
        from amends.usecases.tracking import Outside, Tracking

        return Tracking(self.store, self.clock, self.acting, self._outside or Outside)

    @cached_property
    def messaging(self) -> Messaging:
        """Sending messages, which puts their promises into the ledger."""
        from amends.usecases.messaging import Messaging

        return Messaging(
            self.store, self.clock, self.ids, lambda: self.checking, self.incidents, self.drafting, self.promising, self._posting,
            lambda *sent: self.practising.count_within(*sent),  # noqa: PLW0108  # made when something is sent, not before
        )  # fmt: skip

    @cached_property
    def telling(self) -> Telling:
        """Who heard which message, corrections, and sharing one again."""
        from amends.usecases.telling import Telling

        return Telling(self.store, self.clock, self.ids, self._posting, self._new_secret)

    @cached_property
    def beginning(self) -> Beginning:
        """Beginning messages from what is known of an incident, and holding drafts against it."""
        from amends.usecases.beginning import Beginning

        return Beginning(self.store, self.clock)

    @cached_property
    def notes(self) -> Notes:
        """The follow-up note: its commits, its boxes, and who has it."""
        from amends.usecases.notes import Notes
        from amends.usecases.tracking import Outside

        return Notes(self.store, self.clock, self.telling, lambda: (self._outside or Outside)().trackers)

    @cached_property
    def _posting(self) -> Posting:
        from amends.usecases.posting import Posting

        return Posting(self.store, self.clock, self.ids, lambda: self.due.team, self._new_secret, self.promising)

    @cached_property
    def due(self) -> Due:
        """Looking at what is due and missed, and reminding people of it."""
        store = self.store  # first, because it says what to install where it cannot be had
        from amends.usecases.due import Due, Reminding

        return Due(store, self.clock, self.ids, self._reminding or Reminding)

    @cached_property
    def calendars(self) -> Calendars:
        """Promises as calendars that a person subscribes to."""
        store = self.store
        from amends.usecases.calendars import Calendars

        return Calendars(store, self.clock, self.ids, self._new_secret, lambda: self.due.team)

    @cached_property
    def gathering(self) -> Gathering:
        """The evidence of incidents, and reading it."""
        store = self.store
        from amends.usecases.gathering import Gathering

        return Gathering(store, self.clock, self.ids, self._home, read_apart=self._read_apart)

    @cached_property
    def timelines(self) -> Timelines:
        """The timelines of incidents, and what people note about their entries."""
        gathering = self.gathering
        from amends.usecases.timelines import Timelines

        return Timelines(self.store, self.clock, self.ids, gathering, self.promising)

    @cached_property
    def narrating(self) -> Narrating:
        """The account of an incident, and what it rests on."""
        from amends.usecases.narrating import Narrating

        return Narrating(self.store, self.clock, self.ids, lambda: self.timelines)

    @cached_property
    def versions(self) -> Versions:
        """The account as it is told to each audience, held against it."""
        from amends.usecases.versions import Versions

        return Versions(
            self.store, self.clock, self.ids, checking=lambda: self.checking, documents=self.documents, drafting=self.drafting,
            telling=lambda: self.telling,
        )  # fmt: skip

    @cached_property
    def suggesting(self) -> Suggesting:
        """Drafts of versions by a language model, for people to adopt."""
        from amends.usecases.suggesting import Suggesting

        return Suggesting(
            self.store, self.clock, self.ids, checking=lambda: self.checking, documents=self.documents, versions=lambda: self.versions,
            model=self._model,
        )  # fmt: skip

    @cached_property
    def _shelf(self) -> Shelf:
        from amends.usecases.practising_shelf import Shelf

        return Shelf(self._scenarios)

    @cached_property
    def drills(self) -> Drills:
        """Playing drills of which nothing is kept; never touches the store."""
        from amends.usecases.drills import Drills

        return Drills(self.ids, self._shelf)

    @cached_property
    def practising(self) -> Practising:
        """Somebody's private practice."""
        store = self.store
        from amends.usecases.practising import Practising

        return Practising(store, self.clock, self.ids, self._shelf, self._zone)

    @cached_property
    def voicing(self) -> Voicing:
        """Lines of drills voiced by a language model, where it is allowed and wanted."""
        from amends.usecases.voicing import Voicing

        return Voicing(self.store, self.clock, self._model)

    @cached_property
    def reviewing(self) -> Reviewing:
        """The review of an incident, made of its account."""
        from amends.usecases.reviewing import Reviewing

        return Reviewing(self.store, self.clock, lambda: self.checking, self.documents, lambda: self.timelines)

    @cached_property
    def trust_reviews(self) -> TrustReviews:
        """The looks back after a month and a quarter."""
        from amends.usecases.trust_reviews import TrustReviews
        from amends.usecases.trust_sources import TrustSources

        return TrustReviews(self.store, self.clock, self.ids, lambda: self.checking, TrustSources(self).of)

    @cached_property
    def signs(self) -> Signs:
        """Warning signs that a repair is executed and does not land."""
        from amends.usecases.signs import Signs

        return Signs(
            self.store, self.clock, checking=lambda: self.checking, today=lambda: self.today,
            pulses=self._felt,
        )  # fmt: skip

    @cached_property
    def honesty(self) -> Honesty:
        """The account over time: how honest the status was, and how the account changed."""
        from amends.usecases.honesty import Honesty

        return Honesty(self.store, self.clock, lambda: self.today)

    @cached_property
    def insights(self) -> Insights:
        """What changes over time, over all incidents together."""
        from amends.usecases.insights import Insights

        return Insights(
            self.store, self.clock, honesty=lambda: self.honesty, today=lambda: self.today,
            pulses=self._felt,
        )  # fmt: skip

    @cached_property
    def today(self) -> Today:
        """What a person should do now, over all incidents."""
        store = self.store
        from amends.usecases.today import Today

        return Today(store, self.clock, lambda: self.checking)

    @cached_property
    def watching(self) -> Watching:
        """Noticing what changes in an incident, for pages that stay live."""
        from amends.usecases.watching import Watching

        return Watching(self.store, self.clock)

    @cached_property
    def people(self) -> People:
        """Accounts: who may work here, in which role."""
        from amends.usecases.people import People

        return People(self.store, self.clock, self.ids, self._new_secret)

    @cached_property
    def signing(self) -> Signing:
        """Signing in, sessions and tokens."""
        from amends.usecases.signing import Signing

        return Signing(self.store, self.clock, self.ids, self._new_secret)

    @cached_property
    def elsewhere(self) -> Elsewhere | None:
        """Signing in at a company's own server; None where the team has not set one up. Raises UsageError."""
        rules = self._elsewhere()
        if rules is None:
            return None
        store = self.store
        from amends.usecases.elsewhere import Elsewhere

        return Elsewhere(store, self.clock, self._new_secret, self.people, rules)

    @cached_property
    def journal(self) -> Journal:
        """Reading and verifying the record of every change."""
        from amends.usecases.journal import Journal

        return Journal(self.store)

    @cached_property
    def backup(self) -> Backup:
        """Backing up the whole workspace, and restoring it."""
        store = self.store
        from amends.usecases.backup import Backup

        return Backup(store, self.clock, self.ids, self._home)

    @cached_property
    def searching(self) -> Searching:
        """Finding again what was written here."""
        from amends.usecases.searching import Searching

        return Searching(self.store)

    @cached_property
    def similar(self) -> Similar:
        """Meeting again what happened before; comparing reports that somebody brings opens no store."""
        from amends.usecases.similar import Similar

        return Similar(lambda: self.store)

    @cached_property
    def erasing(self) -> Erasing:
        """Erasing what a person asked to have erased."""
        from amends.usecases.erasing import Erasing

        return Erasing(self.store, self.clock, self.ids)

    @cached_property
    def exporting(self) -> Exporting:
        """Taking along an incident, the workspace, or documents for people."""
        store = self.store
        from amends.usecases.exporting import Exporting

        return Exporting(store, self._home, lambda: self.reviewing)

    @cached_property
    def bundling(self) -> Bundling:
        """Signed bundles of evidence."""
        exporting = self.exporting
        from amends.usecases.bundling import Bundling

        return Bundling(self.store, exporting, self._home)

    @cached_property
    def downloads(self) -> Downloads:
        """What is exported as one file."""
        exporting = self.exporting
        from amends.usecases.downloads import Downloads

        return Downloads(exporting, lambda: self.bundling)

    @cached_property
    def importing(self) -> Importing:
        """Bringing back what was exported."""
        store = self.store
        from amends.usecases.importing import Importing

        return Importing(store, self.clock, self.ids, self._home)

    @cached_property
    def adopting(self) -> Adopting:
        """Taking over what other tools exported."""
        store = self.store
        from amends.usecases.adopting import Adopting

        return Adopting(
            store, self.clock, self.ids, incidents=self.incidents, involving=self.involving, recording=self.recording,
            messaging=self.messaging, promising=self.promising,
        )  # fmt: skip

    @cached_property
    def readiness(self) -> Readiness:
        """Whether the store can be worked with; opens it only when asked."""
        from amends.usecases.readiness import Readiness

        return Readiness(lambda: self.store)

    @property
    def store(self) -> Store:
        """The open store, migrated; for use cases, not for interfaces. Raises StoreError, and tries again at the next call."""
        with self._opening:
            if self._store is None:
                from amends.usecases.denials import Denials

                self._store = self._open_store()
                self._store.on_refusal = Denials(self._store, self.clock).note
            return self._store

    def close(self) -> None:
        """Let go of the store's connections, if it was opened."""
        with self._opening:
            if self._store is not None:
                self._store.close()
