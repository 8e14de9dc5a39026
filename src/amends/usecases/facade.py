"""Everything a user can do, in one object that interfaces are given; its parts are made when they are first asked for.

The parts stand in files by what they are for, each on the one before: foundation, practice, incidents, account, trust, and here the rest.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from amends.usecases.facade_trust import TrustParts

if TYPE_CHECKING:
    from amends.usecases.adopting import Adopting
    from amends.usecases.backup import Backup
    from amends.usecases.bundling import Bundling
    from amends.usecases.downloads import Downloads
    from amends.usecases.elsewhere import Elsewhere
    from amends.usecases.erasing import Erasing
    from amends.usecases.exporting import Exporting
    from amends.usecases.importing import Importing
    from amends.usecases.journal import Journal
    from amends.usecases.people import People
    from amends.usecases.searching import Searching
    from amends.usecases.signing import Signing


class UseCases(TrustParts):
    """All of them; what keeps a workspace stands here: people, the journal, search, and everything that is taken out or brought in."""

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
    def searching(self) -> Searching:
        """Finding again what was written here."""
        from amends.usecases.searching import Searching

        return Searching(self.store)

    @cached_property
    def backup(self) -> Backup:
        """Backing up the whole workspace, and restoring it."""
        store = self.store
        from amends.usecases.backup import Backup

        return Backup(store, self.clock, self.ids, self._home)

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
