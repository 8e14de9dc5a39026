"""Which scenario a command means: one by its id, ours or the team's, or a file that somebody is writing."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from amends import wiring
from amends.core.errors import UnknownNameError
from amends.core.files import unreadable
from amends.core.record import replace
from amends.core.shape import near
from amends.interfaces.cli.engine import settings_here

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.practice.drill import Played
    from amends.practice.scenario import Scenario
    from amends.usecases.drills import Drills
    from amends.usecases.facade import UseCases


def usecases_for(name: str, config: str | None) -> tuple[UseCases, str]:
    """The use cases with the scenarios among which a name is looked up, and the id; a name that ends in .toml is a file of one's own.

    What the file builds on is looked for beside it, and then among ours. Raises InputError where it is not there.
    """
    settings = settings_here(config)
    if name.endswith(".toml"):
        if not os.path.isfile(name):
            raise unreadable(name, FileNotFoundError())
        settings = replace(settings, scenarios=os.path.dirname(os.path.abspath(name)))
        name = os.path.basename(name).removesuffix(".toml")
    return wiring.open_usecases(settings), name


def drills_here(config: str | None) -> Drills:
    """The scenarios that ship and those of the project, and playing them without keeping anything."""
    return wiring.open_usecases(settings_here(config)).drills


@contextmanager
def naming_nearest() -> Iterator[None]:
    """Around looking up a scenario: its ids are too many to read in an error, so the nearest is named."""
    try:
        yield
    except UnknownNameError as error:
        if error.what == "scenario":
            meant = near(error.name, error.known)
            error.hint = f"{f'did you mean {meant!r}? ' if meant else ''}`amends practice list` shows them; a file of yours ends in .toml"
        raise


class Aside:
    """A conversation of which nothing is kept: the turns so far, and what they make."""

    def __init__(self, drills: Drills, scenario: str, seed: int, difficulty: int | None, variant: str | None) -> None:
        self._drills = drills
        self._scenario = scenario
        self._how = {"seed": seed, "difficulty": difficulty, "variant": variant}
        self._said: list[str] = []
        self.played = self._replayed()

    def say(self, text: str) -> Played:
        """The conversation after one more turn. Raises TooLargeError, and then the turn was not said."""
        self._said.append(text)
        try:
            self.played = self._replayed()
        except BaseException:
            self._said.pop()
            raise
        return self.played

    def _replayed(self) -> Played:
        with naming_nearest():
            return self._drills.try_out(self._scenario, self._said, **self._how)  # type: ignore[arg-type]  # each under its own name


def mains(scenarios: tuple[Scenario, ...]) -> Iterator[Scenario]:
    """Those that are neither the day after nor the other chair of one that is here."""
    known = {one.id for one in scenarios}
    return (one for one in scenarios if (one.later_of or one.receiver_of) not in known)
