"""Playing a drill of which nothing is kept: for the command line, and for a group that plays together. Never touches the store."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from amends.core.errors import TooLargeError
from amends.language.index import load
from amends.practice.drill import replay
from amends.practice.session import TEXT_LIMIT, Entry
from amends.practice.stage import chance, stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.core.errors import AmendsError
    from amends.core.ports import Ids
    from amends.language.index import Index
    from amends.practice.drill import Played
    from amends.practice.scenario import Scenario
    from amends.usecases.practising_shelf import Shelf

TURNS_LIMIT = 200
"""The most turns of one transcript; no drill has more than some ten."""


class Drills:
    """The scenarios that can be played here, and playing them."""

    def __init__(self, ids: Ids, shelf: Shelf) -> None:
        self._ids = ids
        self._shelf = shelf

    @cached_property
    def _index(self) -> Index:
        """What a turn is heard with: our own rules, not a team's, so that the same words are worth the same everywhere."""
        return load()

    def scenarios(self) -> tuple[Scenario, ...]:
        """Every scenario, each main drill followed by its day after and its other chair. Raises InputError for a folder that is away."""
        return self._shelf.all()

    def mains(self) -> tuple[Scenario, ...]:
        """The main drills: neither a day after nor another chair."""
        return self._shelf.main()

    def beside(self, scenario_id: str) -> tuple[str | None, str | None]:
        """The ids of the day after a drill and of its other chair, each None where there is none."""
        return self._shelf.beside(scenario_id)

    def wrong(self) -> tuple[AmendsError, ...]:
        """What is wrong in files of scenarios, which are left out: each names file, line and field."""
        return self._shelf.wrong()

    def scenario(self, scenario_id: str) -> Scenario:
        """One scenario. Raises UnknownNameError, and InputError where its file is wrong."""
        return self._shelf.get(scenario_id)

    def try_out(
        self, scenario_id: str, texts: Sequence[str], *, seed: int = 0, difficulty: int | None = None, variant: str | None = None
    ) -> Played:
        """The conversation that these turns make; nothing of it is kept. Raises UnknownNameError, InputError, TooLargeError."""
        if len(texts) > TURNS_LIMIT:
            raise TooLargeError(f"more than {TURNS_LIMIT} turns", hint="play one conversation at a time")
        for text in texts:
            require_short(text)
        return replay(stage(self._shelf.get(scenario_id), seed, difficulty, variant), texts, self._index)

    def spin(self, seed: int | None = None, *, without: Sequence[str] = ()) -> Entry:
        """A main drill by chance, for a weekly meeting: none of `without`, unless no other is there. The same seed gives the same one."""
        drills = self._shelf.main()
        left = [one for one in drills if one.id not in without] or list(drills)
        chosen = left[chance(self._dice() if seed is None else seed, "wheel") % len(left)]
        later, receiver = self._shelf.beside(chosen.id)
        return Entry(chosen, later, receiver, 0, None, due=False)

    def _dice(self) -> int:
        """A seed by chance, small enough to be read out."""
        return chance(0, self._ids.new()) % 1_000_000


def require_short(text: str) -> None:
    """Raises TooLargeError for a turn that nobody would listen to."""
    if len(text) > TEXT_LIMIT:
        raise TooLargeError(f"a turn has at most {TEXT_LIMIT:,} characters, this one has {len(text):,}", hint="say one thing at a time")
