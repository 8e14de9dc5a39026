"""The playbooks that can be run here: those that ship and a team's own, read when they are first asked for.

A file that is wrong takes nothing down but itself; where it has the name of one of ours, ours stands in for it.
"""

from __future__ import annotations

from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from amends.core.errors import AmendsError, InputError, UnknownNameError
from amends.core.files import read_text
from amends.playbooks.loading import PROCEDURES, read_whole

if TYPE_CHECKING:
    from amends.playbooks.playbook import Playbook


class PlaybookShelf:
    """Playbooks by id, kept once they were read. Safe to share between threads."""

    def __init__(self, team: str | None = None, shipped: Path = PROCEDURES) -> None:
        self.shipped = shipped
        self._folders = (shipped, *((Path(team),) if team else ()))  # a team's of the same name replaces ours
        self._lock = RLock()
        self._read: dict[str, Playbook] | None = None
        self._wrong: list[AmendsError] = []

    def all(self) -> tuple[Playbook, ...]:
        """Every playbook that can be run, by their numbers."""
        return tuple(sorted(self._found().values(), key=lambda one: (one.number, one.id)))

    def wrong(self) -> tuple[AmendsError, ...]:
        """What is wrong in files that cannot be read: each names file, line and field."""
        self._found()
        return tuple(self._wrong)

    def get(self, playbook_id: str) -> Playbook:
        """One playbook. Raises UnknownNameError, and InputError where its file is wrong."""
        found = self._found()
        if playbook_id not in found:
            for error in self._wrong:
                if isinstance(error, InputError) and error.path is not None and Path(error.path).stem == playbook_id:
                    raise error
            raise UnknownNameError("playbook", playbook_id[:80], tuple(one.id for one in self.all()))
        return found[playbook_id]

    def is_own(self, playbook: Playbook) -> bool:
        """Whether it is a team's own."""
        return bool(playbook.path) and Path(playbook.path).parent != self.shipped

    def _found(self) -> dict[str, Playbook]:
        with self._lock:
            if self._read is None:
                self._read = {}
                for folder in self._folders:
                    self._add(folder, self._read)
            return self._read

    def _add(self, folder: Path, found: dict[str, Playbook]) -> None:
        if not folder.is_dir():
            hint = "create it, or correct the project file"
            self._wrong.append(InputError("there is no such folder", hint=hint, path=str(folder)))
            return
        for path in sorted(folder.glob("*.toml")):
            try:
                playbook, errors = read_whole(read_text(str(path)), str(path))
            except AmendsError as error:
                self._wrong.append(error)
                continue
            self._wrong += errors
            if playbook is not None and not errors:
                found[path.stem] = playbook
