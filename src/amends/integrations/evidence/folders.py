"""What is in a folder: its files in a fixed order, its git repositories, and what had to be left out."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING, NamedTuple

from amends.integrations.evidence.names import in_order, is_clutter, is_hidden, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amends.integrations.evidence.limits import Teller

_EVIDENCE = re.compile(r"\.(?:log|out|err|jsonl|ndjson|mbox|eml|zip|tar|tgz|gz|zst|bz2|xz)(?:[._-]\w+)*$", re.IGNORECASE)


class Found(NamedTuple):
    """A file, or with `is_repository` a folder with a git repository.

    `name` is its path below the folder that was given; `work_tree` the name of the repository whose work tree it stands in.
    """

    name: str
    path: str
    status: os.stat_result
    is_repository: bool = False
    work_tree: str | None = None


class Walk:
    """One folder that was given. `wants` tells whether anything below a name is asked for; names carry `prefix`."""

    def __init__(self, top: str, prefix: str, own_name: str, teller: Teller, wants: Callable[[str], bool]) -> None:
        self._top = os.path.realpath(top)
        self._prefix = prefix
        self._own_name = own_name
        self._teller = teller
        self._wants = wants
        self._entered: set[tuple[int, int]] = set()
        self._hidden: list[str] = []
        self._left: dict[str, int] = {}

    def files(self) -> Iterator[Found]:
        """The files, folder by folder."""
        stack = [iter(self._folder(self._top, self._prefix, None))]
        while stack:
            found = next(stack[-1], None)
            if found is None:
                stack.pop()
            elif not found.is_repository and stat.S_ISDIR(found.status.st_mode):
                stack.append(iter(self._folder(found.path, found.name + "/", found.work_tree)))
            else:
                yield found
        self._tell_left()

    def _folder(self, path: str, prefix: str, work_tree: str | None) -> Iterator[Found]:
        """What is in one folder, folders among it."""
        where = prefix.rstrip("/") or self._own_name
        try:
            status = os.stat(path)
            names = os.listdir(path)
        except OSError as error:
            self._teller.tell("unreadable", f"the folder cannot be read: {why(error)}", where, "change its permissions")
            return
        self._entered.add((status.st_dev, status.st_ino))
        if ".git" in names or _is_bare(path, names):
            yield self._repository(path, prefix, status)
            if ".git" not in names:
                return
            work_tree = where
        for name in in_order(names):
            if is_hidden(name):
                self._hidden += [] if is_clutter(name) or work_tree is not None else [shown(prefix + name)]
            elif (found := self._one(os.path.join(path, name), shown(prefix + name))) is not None:
                if work_tree is not None and stat.S_ISREG(found.status.st_mode) and not _EVIDENCE.search(name):
                    self._left[work_tree] = self._left.get(work_tree, 0) + 1
                elif self._wants(found.name):
                    yield found._replace(work_tree=work_tree)

    def _repository(self, path: str, prefix: str, status: os.stat_result) -> Found:
        name = prefix.rstrip("/") or self._own_name
        return Found(name if name.endswith(".git") else f"{name}.git", path, status, is_repository=True)

    def _one(self, path: str, name: str) -> Found | None:
        """One thing in a folder, links resolved; None when it is left out, which is told."""
        try:
            status = os.lstat(path)
            if _is_link(path, status):
                return self._linked(path, name)
        except OSError as error:
            self._teller.tell("unreadable", f"cannot be read: {why(error)}", name, "change its permissions")
            return None
        if stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode):
            return Found(name, path, status)
        self._teller.tell("not-a-file", f"{kind_of_special(status.st_mode)}; it is not read", name)
        return None

    def _linked(self, path: str, name: str) -> Found | None:
        """What a link leads to, when it lies in the folder that was given and is not read under its own name anyway."""
        try:
            target = os.path.realpath(path, strict=True)
        except OSError:
            self._teller.tell("link-broken", "a link that leads nowhere or to itself", name)
            return None
        if target != self._top and not target.startswith(self._top.rstrip(os.sep) + os.sep):
            self._teller.tell(
                "link-outside", "a link that leads out of the folder; it is not followed", name, "give its target as a source of its own"
            )
            return None
        status = os.stat(target)
        below = os.path.relpath(target, self._top)
        if not any(is_hidden(part) for part in below.split(os.sep) if part != "."):
            loops = stat.S_ISDIR(status.st_mode) and (path.startswith(target.rstrip(os.sep) + os.sep))
            code, message = ("link-loop", "a link to a folder that it lies in") if loops else ("duplicate", f"a link to {shown(below)}")
            self._teller.tell(code, f"{message}; it is read once, under its own name", name)
            return None
        if stat.S_ISDIR(status.st_mode) and (status.st_dev, status.st_ino) in self._entered:
            self._teller.tell("link-loop", "a link to a folder that was read already", name)
            return None
        return Found(name, target, status) if stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode) else None

    def _tell_left(self) -> None:
        for where, left in self._left.items():
            self._teller.tell(
                "work-tree-files",
                f"{left:,} files of a git work tree are left out: its history is read, and what is a log, mail or archive by its name",
                where,
                "give a file or folder by its own name to read it",
            )
        if self._hidden:
            count = len(self._hidden)
            what = f"{count:,} hidden files and folders are" if count > 1 else "one hidden file or folder is"
            self._teller.tell("hidden", f"{what} left out, first {self._hidden[0]}", self._own_name, "give one by its name to read it")


def _is_bare(path: str, names: list[str]) -> bool:
    """Whether a folder is a git repository without a work tree."""
    return {"HEAD", "objects", "refs"} <= set(names) and all(os.path.isdir(os.path.join(path, name)) for name in ("objects", "refs"))


def _is_link(path: str, status: os.stat_result) -> bool:
    """Whether a path is a symbolic link, or a junction, which is what Windows has beside them."""
    return stat.S_ISLNK(status.st_mode) or bool(getattr(status, "st_reparse_tag", 0) and os.path.realpath(path) != os.path.abspath(path))


def kind_of_special(mode: int) -> str:
    """What something is that is neither file nor folder."""
    if stat.S_ISFIFO(mode):
        return "a named pipe"
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a device"


def why(error: OSError) -> str:
    """What the system says of an error."""
    return (error.strerror or str(error)).lower()
