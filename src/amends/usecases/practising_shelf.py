"""The scenarios that can be played here: those that ship and a team's own, each read when it is first asked for.

A file that is wrong takes nothing down but itself.
"""

from __future__ import annotations

import re
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from amends.core.errors import AmendsError, InputError, UnknownNameError
from amends.core.files import parse_toml, read_text
from amends.practice.compile import compiled
from amends.practice.loading import SCENARIOS, load_text

if TYPE_CHECKING:
    from amends.practice.scenario import Scenario

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,80}")
_BUILT_ON = ("later_of", "receiver_of")


class Shelf:
    """Scenarios by id, kept once they were read. Safe to share between threads."""

    def __init__(self, team: str | None = None, shipped: Path = SCENARIOS) -> None:
        self.shipped = shipped
        self._folders = (*((Path(team),) if team else ()), shipped)  # one of the same name replaces ours
        self._lock = RLock()
        self._read: dict[str, Scenario] = {}
        self._wrong: dict[str, AmendsError] = {}
        self._all: tuple[Scenario, ...] | None = None

    def all(self) -> tuple[Scenario, ...]:
        """Every scenario that can be played, by their numbers, each followed by its day after and its other chair."""
        with self._lock:
            if self._all is None:
                self._miss_folders()
                names = {path.stem for folder in self._folders for path in _files(folder)}
                found = [one for name in sorted(names) if (one := self._one(name))]
                self._all = tuple(
                    sorted(found, key=lambda one: (one.number, one.later_of is not None, one.receiver_of is not None, one.id))
                )
            return self._all

    def wrong(self) -> tuple[AmendsError, ...]:
        """What is wrong in files that cannot be played: each names file, line and field."""
        with self._lock:
            self.all()
            return tuple(self._wrong[name] for name in sorted(self._wrong))

    def get(self, scenario_id: str) -> Scenario:
        """One scenario. Raises UnknownNameError, and InputError where its file is wrong."""
        with self._lock:
            found = self._one(scenario_id) if _NAME.fullmatch(scenario_id) else None
            if found is None:
                if scenario_id in self._wrong:
                    raise self._wrong[scenario_id]
                raise UnknownNameError("scenario", scenario_id[:80], tuple(one.id for one in self.all()))
            return found

    def main(self) -> tuple[Scenario, ...]:
        """The main drills: neither a day after nor another chair."""
        return tuple(one for one in self.all() if one.later_of is None and one.receiver_of is None)

    def beside(self, scenario_id: str) -> tuple[str | None, str | None]:
        """The ids of the day after a drill and of its other chair, each None where there is none."""
        later = next((one.id for one in self.all() if one.later_of == scenario_id), None)
        return later, next((one.id for one in self.all() if one.receiver_of == scenario_id), None)

    def _miss_folders(self) -> None:
        for folder in self._folders:
            if not folder.is_dir():
                hint = "create it, or correct the project file"
                self._wrong[str(folder)] = InputError("there is no such folder", hint=hint, path=str(folder))

    def _one(self, name: str) -> Scenario | None:
        """The first file of this name that can be played; ours stands in for a team's that is wrong."""
        if name not in self._read:
            for folder in self._folders:
                try:
                    if (folder / f"{name}.toml").is_file():
                        self._read[name] = self._load(folder, folder / f"{name}.toml")
                        break
                except AmendsError as error:
                    self._wrong[name] = error
        return self._read.get(name)

    def _load(self, folder: Path, path: Path) -> Scenario:
        known = compiled(path)
        if known is not None:
            return known
        source = read_text(str(path))
        values = parse_toml(source, str(path))[0]
        others: dict[str, dict[str, Any]] = {}
        for base in (values.get(key) for key in _BUILT_ON):
            if isinstance(base, str) and _NAME.fullmatch(base):
                found = next((one / f"{base}.toml" for one in (folder, *self._folders) if (one / f"{base}.toml").is_file()), None)
                if found:
                    others[base] = parse_toml(read_text(str(found)), str(found))[0]
        return load_text(source, str(path), others)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.toml"))
