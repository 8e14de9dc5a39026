"""What lies under the address of a storage: its objects in the order of a folder's files, and what had to be left out."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

from amends.core.errors import InputError
from amends.integrations.evidence.addresses import bare
from amends.integrations.evidence.kinds import HEAD
from amends.integrations.evidence.names import is_clutter, is_hidden, paths_in_order, shown
from amends.integrations.evidence.places import Object
from amends.integrations.evidence.shelf import Window
from amends.integrations.evidence.storage import NO_SIZE, Stored, at_once, listed, status

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterator, Sequence

    from amends.integrations.evidence.limits import Teller

_BATCH = 64
"""Objects of which the beginnings are read at once."""


def looked_up(address: str) -> Stored | None:
    """The object of an address, None where it is a folder. Raises InputError where it cannot be asked for."""
    try:
        return status(address)
    except OSError as error:
        hint = "check the address, and the rights of this user"
        raise InputError(f"cannot be read: {error.strerror}", hint=hint, path=bare(address)) from error


class Remote:
    """An object whose bytes are read from its storage."""

    def __init__(self, found: Stored) -> None:
        self.found = found
        self.head = b""
        """Its beginning, as long as that is held."""

    def learn(self) -> None:
        """Hold its beginning; whoever reads it is told when that fails."""
        with suppress(OSError):
            self.head = self._opened().read(0, HEAD)

    def window(self) -> io.RawIOBase:
        """A stream over all of it."""
        size = self.found.size or 0
        head, file = self.head, self._opened()

        def read_at(start: int, length: int) -> bytes:
            return head[start : start + length] if start < len(head) else file.read(start, start + length)

        return Window(read_at, 0, size, file.close)

    def _opened(self) -> Object:
        return Object(self.found.address, self.found.size)


class Elsewhere:
    """A folder of a storage. `wants` tells whether anything below a name is asked for; names carry `prefix`."""

    def __init__(self, address: str, prefix: str, own_name: str, teller: Teller, wants: Callable[[str], bool]) -> None:
        self._address = address
        self._prefix = prefix
        self._own_name = own_name
        self._teller = teller
        self._wants = wants

    def files(self) -> Iterator[Remote]:
        """Its objects, folder by folder, with their beginnings."""
        try:
            found = {one.name: one for one in listed(self._address)}
        except OSError as error:
            self._teller.tell("unreadable", f"the folder cannot be read: {error.strerror}", self._own_name, "ask for the right to list it")
            return
        wanted = iter(self._wanted(paths_in_order(found), found))
        while batch := list(islice(wanted, _BATCH)):
            at_once(Remote.learn, batch)
            for one in batch:
                yield one
                one.head = b""

    def _wanted(self, paths: Sequence[str], found: dict[str, Stored]) -> Iterator[Remote]:
        hidden: dict[str, None] = {}
        has_git = False
        for path in paths:
            parts = path.split("/")
            name = shown(self._prefix + path)
            first = next((number for number, part in enumerate(parts) if is_hidden(part)), None)
            if first is not None:
                has_git = has_git or parts[first] == ".git"
                if not is_clutter(parts[first]):
                    hidden[shown(self._prefix + "/".join(parts[: first + 1]))] = None
            elif found[path].size is None:
                self._teller.tell("unreadable", f"cannot be read: {NO_SIZE}", name, "copy it, and give the copy")
            elif self._wants(name):
                yield Remote(found[path]._replace(name=name))
        self._tell_left(list(hidden), has_git=has_git)

    def _tell_left(self, hidden: list[str], *, has_git: bool) -> None:
        if has_git:
            words = "holds a git repository, whose history is not read from a storage"
            self._teller.tell("git-elsewhere", words, self._own_name, "clone it, and give the folder")
        if hidden:
            what = f"{len(hidden):,} hidden files and folders are" if len(hidden) > 1 else "one hidden file or folder is"
            self._teller.tell("hidden", f"{what} left out, first {hidden[0]}", self._own_name, "give one by its name to read it")
