"""What every part of the facade stands on: the store that the first of them opens, the checks, the clock and what was set."""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.core.ports import Clock, Ids
    from amends.integrations.llm import Model
    from amends.store.engine import Store
    from amends.usecases.checking import Checking
    from amends.usecases.due import Reminding
    from amends.usecases.elsewhere import Rules
    from amends.usecases.readiness import Readiness
    from amends.usecases.tracking import Outside


class Foundation:
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

    @property
    def store(self) -> Store:
        """The open store, migrated; for use cases, not for interfaces. Raises StoreError, and tries again at the next call."""
        with self._opening:
            if self._store is None:
                from amends.usecases.denials import Denials

                self._store = self._open_store()
                self._store.on_refusal = Denials(self._store, self.clock).note
            return self._store

    @cached_property
    def readiness(self) -> Readiness:
        """Whether the store can be worked with; opens it only when asked."""
        from amends.usecases.readiness import Readiness

        return Readiness(lambda: self.store)

    def close(self) -> None:
        """Let go of the store's connections, if it was opened."""
        with self._opening:
            if self._store is not None:
                self._store.close()
