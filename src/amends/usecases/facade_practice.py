"""The part of the facade that practises: drills of which nothing is kept, and somebody's private practice."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from amends.usecases.facade_foundation import Foundation

if TYPE_CHECKING:
    from amends.usecases.drills import Drills
    from amends.usecases.practising import Practising
    from amends.usecases.practising_shelf import Shelf
    from amends.usecases.voicing import Voicing


class PracticeParts(Foundation):
    """Use cases of practice."""

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
