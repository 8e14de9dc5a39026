"""Members out of one file, however it is packed: archives in archives, packings in packings, down to plain bytes."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from amends.core.errors import NeedsExtraError
from amends.integrations.evidence.kinds import HEAD, archive_of, encoding_of, packing_of, unreadable_archive
from amends.integrations.evidence.limits import Budget, Limits, Teller
from amends.integrations.evidence.member import Member
from amends.integrations.evidence.names import INSIDE, inner_name, is_clutter, is_hidden, paths_in_order, shown, unlike
from amends.integrations.evidence.recode import Recoded
from amends.integrations.evidence.shelf import CopyShelf, FileShelf, OpenFiles, PartShelf, Shelf, Spools, read_at
from amends.integrations.evidence.streams import BLOCK, read_exactly
from amends.integrations.evidence.tars import tar_entries
from amends.integrations.evidence.unpack import unpacked
from amends.integrations.evidence.zips import zip_entries, zip_stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amends.integrations.evidence.entries import Entry

_UNSAFE = ("unsafe-name", "has a name that leads out of the archive; it is left out")


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes of which nobody knows yet what they are. `shelf` is set where they can be read at any place without a copy."""

    name: str
    root: str
    size: int | None
    modified_at: int | None
    stream: Callable[[], io.RawIOBase]
    path: str | None = None
    shelf: Shelf | None = None


class Expander:
    """Takes packed things apart. `wants` tells whether anything whose name begins so is asked for."""

    def __init__(self, limits: Limits, teller: Teller, wants: Callable[[str], bool]) -> None:
        self._limits = limits
        self._teller = teller
        self._wants = wants
        self._spools = Spools()
        self._files = OpenFiles()
        self.likely_sizes: dict[str, int] = {}
        """What a gzip says at its end of its size; that is only true of the last of several, and below 4 GiB."""

    def members(self, blob: Blob, budget: Budget | None = None, depth: int = 0, *, unpacked_now: bool = False) -> Iterator[Member]:
        """The members in some bytes, in a fixed order."""
        try:
            with blob.stream() as stream:
                head = read_exactly(stream, HEAD)
        except NeedsExtraError as error:
            self._teller.tell(error.code, error.message, blob.name, error.hint)
            return
        except OSError as error:
            self._teller.tell(
                "unreadable", f"cannot be read: {(error.strerror or str(error)).lower()}", blob.name, "change its permissions"
            )
            return
        packing, archive = packing_of(head), archive_of(head)
        if packing is None and archive is None:
            yield from self._plain(blob, head)
            return
        depth += not (archive == "tar" and unpacked_now)
        if depth > self._limits.depth:
            self._teller.tell(
                "too-deep",
                f"lies in more than {self._limits.depth} archives; it is not unpacked",
                blob.name,
                "unpack it yourself, and give the folder",
            )
            return
        budget = budget or Budget(self._limits, blob.size or 0, blob.name, self._teller)
        if packing is not None:
            yield from self._packed(blob, packing, head, budget, depth)
        else:
            yield from self._archive(blob, archive or "", budget, depth)

    def _plain(self, blob: Blob, head: bytes) -> Iterator[Member]:
        other = unreadable_archive(head)
        if other is not None:
            self._teller.tell("unsupported-archive", f"{other} is not read", blob.name, "unpack it, and give the folder")
            return
        encoding = encoding_of(head)
        if encoding is None:
            yield Member(blob.name, blob.size, blob.modified_at, blob.path, blob.root, _opener(blob.stream))
            return

        def recoded() -> io.RawIOBase:
            return Recoded(blob.stream(), encoding, blob.name, self._teller)

        yield Member(blob.name, None, blob.modified_at, None, blob.root, _opener(recoded), encoding)

    def _packed(self, blob: Blob, packing: str, head: bytes, budget: Budget, depth: int) -> Iterator[Member]:
        stream = unpacked(blob.stream, packing, blob.name, budget)
        modified_at = blob.modified_at
        if packing == "gzip":
            modified_at = int.from_bytes(head[4:8], "little") * 1_000_000 or modified_at
            if blob.shelf is not None:
                self.likely_sizes[blob.name] = int.from_bytes(read_at(blob.shelf, max(blob.shelf.size - 4, 0), 4), "little")
        inner = Blob(blob.name, blob.root, None, modified_at, stream)
        yield from self.members(inner, budget, depth, unpacked_now=True)

    def _archive(self, blob: Blob, archive: str, budget: Budget, depth: int) -> Iterator[Member]:
        """The members of a zip or tar."""
        root = blob.name + INSIDE
        if not self._wants(root):
            return
        shelf = self._files.shelf(blob.shelf) if isinstance(blob.shelf, FileShelf) else blob.shelf
        shelf = shelf or CopyShelf(self._spools, f"{depth} {blob.name}", blob.stream)
        entries = zip_entries(shelf, blob.name, budget) if archive == "zip" else tar_entries(shelf, blob.name, self._teller)
        try:
            chosen = self._chosen(entries, root, archive, budget)
        except NeedsExtraError as error:
            self._teller.tell(error.code, error.message, blob.name, error.hint)
            return
        except OSError as error:
            self._teller.tell("unreadable", f"cannot be read: {(error.strerror or str(error)).lower()}", blob.name, "is the disk full?")
            return
        for path in paths_in_order(chosen):
            if budget.spent:
                return
            entry = chosen[path]
            if self._wants(root + path) and self._affordable(entry, root + path, archive, budget):
                yield from self.members(self._blob(entry, root + path, root, shelf, archive, budget), budget, depth)

    def _chosen(self, entries: Iterator[Entry], root: str, archive: str, budget: Budget) -> dict[str, Entry]:
        """The entries that may be read, by their names; tells of the others."""
        chosen: dict[str, Entry] = {}
        taken: set[str] = set()
        hidden: list[str] = []
        troubles: dict[str, list[tuple[str, str]]] = {}
        has_git = False
        for number, entry in enumerate(entries):
            if number >= self._limits.members:
                self._teller.tell(
                    "too-many-members", f"more than {self._limits.members:,} members; the rest is left out", root[: -len(INSIDE)]
                )
                break
            name = inner_name(entry.name, archive == "zip")
            parts = (name or "").split("/")
            if name is None:
                if entry.name.strip("./"):
                    troubles.setdefault(_UNSAFE[0], []).append((shown(entry.name), _UNSAFE[1]))
            elif any(is_hidden(part) for part in parts):
                has_git = has_git or ".git" in parts
                hidden += [] if any(is_clutter(part) for part in parts) else [shown(name)]
            elif not entry.name.endswith(("/", "\\") if archive == "zip" else "/"):
                if entry.trouble is not None:
                    troubles.setdefault(entry.trouble[0], []).append((shown(name), entry.trouble[1]))
                else:
                    chosen[unlike(shown(name), taken)] = entry
        self._tell(root[: -len(INSIDE)], troubles, hidden, has_git)
        return chosen

    def _tell(self, name: str, troubles: dict[str, list[tuple[str, str]]], hidden: list[str], has_git: bool) -> None:
        for code, found in troubles.items():
            first, why = found[0]
            others = f" (and {len(found) - 1:,} more like it)" if len(found) > 1 else ""
            self._teller.tell(code, f"{first}: {why}{others}", name)
        if hidden:
            self._teller.tell("hidden", f"{len(hidden):,} hidden members are left out, first {hidden[0]}", name)
        if has_git:
            self._teller.tell(
                "git-in-archive", "holds a git repository, whose history is not read in an archive", name, "unpack it, and give the folder"
            )

    def _affordable(self, entry: Entry, name: str, archive: str, budget: Budget) -> bool:
        """Whether a member may be unpacked, by what the zip says of its size."""
        if archive == "zip" and not budget.covers(entry.size):
            budget.complain(name)
            return False
        return True

    def _blob(self, entry: Entry, name: str, root: str, shelf: Shelf, archive: str, budget: Budget) -> Blob:
        if archive == "tar":
            part = PartShelf(shelf, entry.start, entry.packed)
            return Blob(name, root, entry.size, entry.modified_at, part.window, None, part)

        def stream() -> io.RawIOBase:
            return zip_stream(shelf, entry, name, budget)

        return Blob(name, root, entry.size, entry.modified_at, stream)


def _opener(stream: Callable[[], io.RawIOBase]) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        return io.BufferedReader(stream(), BLOCK)

    return opened
