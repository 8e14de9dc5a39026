"""Whether the program can do its work right now: what a load balancer asks, and what a person reads when something is down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.core.errors import AmendsError
from amends.core.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.store.engine import Store


class Readiness:
    """Asks the store, opening it first where that was not possible before."""

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store

    def problems(self) -> tuple[Problem, ...]:
        """What keeps the store from being used: it does not open or answer, or has tables of another version. Empty when ready."""
        from amends.store.migrate import is_current

        try:
            current = is_current(self._store())
        except AmendsError as error:
            return (Problem(error.code, error.message, error.hint),)
        if not current:
            return (
                Problem("migrations", "the store has tables of another version of Amends", "restart with the version that last opened it"),
            )
        return ()
