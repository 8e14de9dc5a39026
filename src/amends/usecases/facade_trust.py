"""The part of the facade that repairs trust: playbooks, the map and its repairs, pulses, reviews, warning signs, and insights."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from amends.usecases.facade_account import AccountParts

if TYPE_CHECKING:
    from amends.trust.pulse import WaveResult
    from amends.usecases.insights import Insights
    from amends.usecases.playbooks import Playbooks
    from amends.usecases.pulses import Pulses
    from amends.usecases.repairing import Repairing
    from amends.usecases.signs import Signs
    from amends.usecases.trust_reviews import TrustReviews


class TrustParts(AccountParts):
    """Use cases of trust and its repair."""

    @cached_property
    def playbooks(self) -> Playbooks:
        """Procedures, and running them; the store is opened by the first run."""
        from amends.usecases.playbook_others import others
        from amends.usecases.playbook_shelf import PlaybookShelf
        from amends.usecases.playbook_sources import PlaybookSources
        from amends.usecases.playbooks import Playbooks

        shelf = PlaybookShelf(self._team_playbooks)
        sources = PlaybookSources(
            lambda: self.store, self.clock, lambda: self.checking, lambda: self.versions,
            lambda: others(lambda: self.pulses, lambda: self.recurring),
        )  # fmt: skip
        return Playbooks(lambda: self.store, self.clock, self.ids, shelf, sources)

    @cached_property
    def repairing(self) -> Repairing:
        """Broken trust on a map, and the repairs tied to it."""
        from amends.usecases.repairing import Repairing

        return Repairing(self.store, self.clock, self.ids)

    @cached_property
    def pulses(self) -> Pulses:
        """Asking those affected, so that nobody can tell who said what."""
        from amends.usecases.pulses import Pulses

        return Pulses(self.store, self.clock, self.ids, self._new_secret, self._home)

    def _felt(self, incident_id: str, by: str) -> tuple[WaveResult, ...]:
        return self.pulses.results(incident_id, by=by)

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
    def insights(self) -> Insights:
        """What changes over time, over all incidents together."""
        from amends.usecases.insights import Insights

        return Insights(
            self.store, self.clock, honesty=lambda: self.honesty, today=lambda: self.today,
            pulses=self._felt,
        )  # fmt: skip
