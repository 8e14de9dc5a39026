"""From what people give to the pieces of evidence in it, in a fixed order, and from the name in a citation back to the bytes.

Names are relative to what was given. Of one operand they begin in it: `app.log` is a file in the folder, or the file itself. Of several,
what lies in a folder begins with the name of the folder. So a timeline keeps working when its sources are moved as a whole.
"""

from __future__ import annotations

import io
import os
import stat
import sys
from typing import TYPE_CHECKING, BinaryIO

from amends.core.errors import NotFoundError, UsageError
from amends.core.files import unreadable
from amends.integrations.evidence.addresses import bare, is_remote, label
from amends.integrations.evidence.elsewhere import Elsewhere, Remote, looked_up
from amends.integrations.evidence.expand import Blob, Expander
from amends.integrations.evidence.folders import Found, Walk, kind_of_special
from amends.integrations.evidence.git import open_log, readable_repository
from amends.integrations.evidence.limits import Limits, Teller
from amends.integrations.evidence.member import Member, beside
from amends.integrations.evidence.names import INSIDE, shown, unlike
from amends.integrations.evidence.seen import Seen
from amends.integrations.evidence.shelf import FileShelf, SpoolShelf, Window
from amends.integrations.evidence.storage import NO_SIZE, Stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from amends.core.problem import Problem

STANDARD_INPUT = "-"


def find(
    operands: Sequence[str], refuse: Callable[[Problem], None], limits: Limits | None = None, stdin: BinaryIO | None = None
) -> Iterator[Member]:
    """The members of files, folders, archives, repositories and addresses of storages, in a fixed order; `-` is standard input.

    What cannot be read or is left out is passed to `refuse`, while members are looked for or while they are read.
    Raises InputError, before anything else, when an operand does not exist, UsageError when none is given or nothing reads its kind of
    address, and NeedsExtraError when what reads it is not installed.
    """
    if not operands:
        raise UsageError("no source was given", hint="name a file, a folder, an archive or a git repository, or - for standard input")
    stored = _required(operands)
    return _Finder(limits or Limits(), Teller(refuse), None, stdin, stored).all(operands)


def reopen(name: str, base: str | Sequence[str], refuse: Callable[[Problem], None] | None = None, limits: Limits | None = None) -> Member:
    """The member that a citation names, in the sources that were given then: the same operands, or the places they were moved to.

    Only what is on the way to it is looked at. Raises NotFoundError when it is not there any more, InputError when a source is not.
    """
    operands = [base] if isinstance(base, str) else list(base)
    if STANDARD_INPUT in operands and name.partition(INSIDE)[0] == STANDARD_INPUT:
        raise NotFoundError("standard input cannot be read a second time", hint="keep it in a file, and give the file")
    operands = [operand for operand in operands if operand != STANDARD_INPUT] + [one for one in operands if one == STANDARD_INPUT]
    stored = _required(operands)
    finder = _Finder(limits or Limits(), Teller(refuse or _ignore), name, None, stored)
    found = next((member for member in finder.all(operands) if member.name == name), None)
    if found is None:
        raise NotFoundError(f"{name} is not in {', '.join(map(bare, operands))}", hint="give the sources that the timeline was made of")
    return found


class _Finder:
    """Looks through operands; with `wanted` only for the member of that name. `stored` is what `_required` gives."""

    def __init__(
        self, limits: Limits, teller: Teller, wanted: str | None, stdin: BinaryIO | None, stored: Mapping[str, Stored | None]
    ) -> None:
        self._stored = stored
        self._limits = limits
        self._teller = teller
        self._wanted = wanted
        self._stdin = stdin
        self._seen = Seen(teller)
        self._expander = Expander(limits, teller, self._wants)

    def all(self, operands: Sequence[str]) -> Iterator[Member]:
        """The members of the operands, one operand after the other."""
        taken: set[str] = set()
        for operand in operands:
            if operand == STANDARD_INPUT:
                label = STANDARD_INPUT if STANDARD_INPUT not in taken else ""
            else:
                label = unlike(self._label(operand, alone=len(operands) == 1), taken)
            taken.add(label)
            if not label:
                self._teller.tell("duplicate", "standard input was given twice; it is read once", STANDARD_INPUT)
            elif operand == STANDARD_INPUT:
                yield from self._standard_input()
            else:
                yield from self._operand(operand, label, len(operands) == 1)

    def _label(self, operand: str, *, alone: bool) -> str:
        """What an operand is called in names. A single one may have been renamed since: its old name stands in what is wanted."""
        first = (self._wanted or "/").partition(INSIDE)[0]
        if alone and "/" not in first:
            is_folder = self._stored[operand] is None if operand in self._stored else os.path.isdir(operand)
            return first.removesuffix(".git") if is_folder else first
        return shown(label(operand) or "root")

    def _operand(self, operand: str, label: str, alone: bool) -> Iterator[Member]:
        if operand in self._stored:
            yield from self._elsewhere(operand, label, "" if alone else f"{label}/")
            return
        status = os.stat(operand)
        if stat.S_ISDIR(status.st_mode):
            yield from self._folder(operand, label, "" if alone else f"{label}/")
        elif stat.S_ISREG(status.st_mode):
            if self._wants(label):
                yield from self._file(Found(label, operand, status), "")
        else:
            self._teller.tell(
                "not-a-file", f"{kind_of_special(status.st_mode)}; it is not read", label, "pipe it in, and give - as the source"
            )

    def _elsewhere(self, address: str, label: str, prefix: str) -> Iterator[Member]:
        """The members of an object, or of those of a folder, in a storage."""
        stored = self._stored[address]
        if stored is None:
            for number, found in enumerate(Elsewhere(address, prefix, label, self._teller, self._wants).files()):
                if number >= self._limits.members:
                    self._too_many(label)
                    return
                yield from self._object(found, prefix)
        elif stored.size is None:
            self._teller.tell("unreadable", f"cannot be read: {NO_SIZE}", label, "copy it, and give the copy")
        elif self._wants(label):
            yield from self._object(Remote(stored._replace(name=label)), "")

    def _object(self, remote: Remote, root: str) -> Iterator[Member]:
        name, address, size, modified_at = remote.found
        blob = Blob(name, root, size, modified_at, remote.window, address)
        if self._wanted is not None or not self._seen.content(size, name, lambda: io.BufferedReader(remote.window())):
            yield from self._new(blob)

    def _too_many(self, label: str) -> None:
        self._teller.tell(
            "too-many-members", f"more than {self._limits.members:,} files; the rest is left out", label, "give its folders one by one"
        )

    def _folder(self, operand: str, label: str, prefix: str) -> Iterator[Member]:
        for number, found in enumerate(Walk(operand, prefix, label, self._teller, self._wants).files()):
            if number >= self._limits.members:
                self._too_many(label)
                return
            if found.is_repository:
                if self._wants(found.name) and self._is_new(found, operand):
                    yield self._history(found, operand, prefix)
            else:
                yield from self._file(found, prefix)

    def _file(self, found: Found, root: str) -> Iterator[Member]:
        status = found.status
        shelf = FileShelf(found.path, status.st_size)
        blob = Blob(found.name, root, status.st_size, status.st_mtime_ns // 1000, shelf.window, found.path, shelf)
        if self._wanted is not None or not self._was_there(found, shelf):
            yield from self._new(blob)

    def _was_there(self, found: Found, shelf: FileShelf) -> bool:
        """Whether a file, packed as it is, was there before."""
        if self._seen.file(found.status, found.name):
            return True
        return self._seen.content(found.status.st_size, found.name, lambda: io.BufferedReader(shelf.window()))

    def _new(self, blob: Blob) -> Iterator[Member]:
        """The members in some bytes that were not there before."""
        for member in self._expander.members(blob):
            if self._wanted is not None or member.path is not None or not self._seen.content(self._size(member), member.name, member.open):
                yield member

    def _size(self, member: Member) -> int | None:
        """How many bytes a member has, or probably has."""
        return member.size if member.size is not None else self._expander.likely_sizes.get(member.name)

    def _is_new(self, found: Found, operand: str) -> bool:
        """Whether a repository can be read, and is not one that was there under the name of another of its work trees."""
        repository = readable_repository(found.path, operand, found.name, self._teller)
        if repository is None:
            return False
        return self._wanted is not None or not self._seen.file(os.stat(repository.common), found.name)

    def _history(self, found: Found, operand: str, root: str) -> Member:
        def history() -> BinaryIO:
            return io.BufferedReader(open_log(found.path, operand, found.name, self._limits, self._teller))

        return Member(found.name, None, None, None, root, history)

    def _standard_input(self) -> Iterator[Member]:
        if not self._wants(STANDARD_INPUT):
            return
        source = self._stdin if self._stdin is not None else sys.stdin.buffer
        copy = SpoolShelf(_bounded(source, self._limits.unpacked))
        blob = Blob(STANDARD_INPUT, "", copy.size, None, copy.window, None, copy)
        yield from self._new(blob)

    def _wants(self, name: str) -> bool:
        """Whether the wanted member is this one, or lies in it."""
        wanted = self._wanted
        return (
            wanted is None
            or wanted in (name, f"{name}.git")
            or wanted.startswith(name if name.endswith("/") else (f"{name}/", f"{name}{INSIDE}"))
        )


def _required(operands: Sequence[str]) -> dict[str, Stored | None]:
    """The operands that are addresses of a storage, with what is there, None for a folder. Raises InputError where one is not there."""
    stored = {}
    for operand in operands:
        if is_remote(operand):
            stored[operand] = looked_up(operand)
        elif operand != STANDARD_INPUT:
            try:
                os.stat(operand)
            except OSError as error:
                raise unreadable(operand, error) from error
    return stored


def _bounded(source: BinaryIO, most: int) -> io.RawIOBase:
    left = most

    def read_at(_: int, size: int) -> bytes:
        nonlocal left
        data = source.read(min(size, left))
        left -= len(data)
        return data

    return Window(read_at, 0, most)


def _ignore(_: Problem) -> None:
    """Problems were told when the timeline was made."""


__all__ = ["STANDARD_INPUT", "Limits", "Member", "beside", "find", "reopen"]
