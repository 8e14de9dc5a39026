"""The part of the facade that repairs trust: what was met before, pulses, playbooks, broken trust and its repairs."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.core.ports import Clock, Ids
    from amends.store.engine import Store
    from amends.trust.pulse import WaveResult
    from amends.usecases.checking import Checking
    from amends.usecases.playbooks import Playbooks
    from amends.usecases.pulses import Pulses
    from amends.usecases.recurring import Recurring
    from amends.usecases.repairing import Repairing
    from amends.usecases.versions import Versions


class TrustParts:
    """Use cases that `facade.UseCases` has by this base; what they need of it is named here and made there."""

    clock: Clock
    ids: Ids
    _team_playbooks: str | None
    _new_secret: Callable[[], str]
    _home: Callable[[], str] | None

    @property
    def store(self) -> Store:
        """The open store."""
        raise NotImplementedError

    @property
    def checking(self) -> Checking:
        """Checking drafts."""
        raise NotImplementedError

    @property
    def versions(self) -> Versions:
        """The tellings of the account."""
        raise NotImplementedError

    @cached_property
    def recurring(self) -> Recurring:
        """What was met before, what was promised then, and guardrails."""
        from amends.usecases.recurring import Recurring

        return Recurring(self.store, self.clock, self.ids)

    @cached_property
    def pulses(self) -> Pulses:
        """Asking those affected, so that nobody can tell who said what."""
        from amends.usecases.pulses import Pulses

        return Pulses(self.store, self.clock, self.ids, self._new_secret, self._home)

    def _felt(self, incident_id: str, by: str) -> tuple[WaveResult, ...]:
        return self.pulses.results(incident_id, by=by)

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
