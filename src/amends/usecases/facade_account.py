"""The part of the facade that tells what happened: evidence, timelines, the account, its versions and the review."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from amends.usecases.facade_incidents import IncidentParts

if TYPE_CHECKING:
    from amends.usecases.gathering import Gathering
    from amends.usecases.honesty import Honesty
    from amends.usecases.narrating import Narrating
    from amends.usecases.reviewing import Reviewing
    from amends.usecases.suggesting import Suggesting
    from amends.usecases.timelines import Timelines
    from amends.usecases.versions import Versions


class AccountParts(IncidentParts):
    """Use cases of the true account."""

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
    def reviewing(self) -> Reviewing:
        """The review of an incident, made of its account."""
        from amends.usecases.reviewing import Reviewing

        return Reviewing(self.store, self.clock, lambda: self.checking, self.documents, lambda: self.timelines)

    @cached_property
    def honesty(self) -> Honesty:
        """The account over time: how honest the status was, and how the account changed."""
        from amends.usecases.honesty import Honesty

        return Honesty(self.store, self.clock, lambda: self.today)
