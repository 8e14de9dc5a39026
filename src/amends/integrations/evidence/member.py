"""One piece of evidence: bytes with a name under which they are cited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Member:
    """One piece of evidence.

    `name` is how citations write it, relative to what was given: `bundle.zip!/app.log.gz`; its bytes are the unpacked ones. `size` is how
    many there are, None where only reading tells. `modified_at` is in microseconds since 1970. `path` is set for plain files, which can be
    mapped into memory, and for plain objects of a storage, where it is their address (`places`). `root` is the beginning of the name that
    members of one folder or archive share (`""`, `logs/`, `bundle.zip!/`). `open` gives the bytes, each call from the beginning; the caller
    closes what it gets. `encoding` is that of the original where the bytes are a UTF-8 copy of it, in which offsets count.
    """

    name: str
    size: int | None
    modified_at: int | None
    path: str | None
    root: str
    open: Callable[[], BinaryIO]
    encoding: str | None = None


def beside(member: Member, file: str) -> list[str]:
    """Names under which a file that goes with a member may stand, the nearest first, up to its root: `users.json` of a Slack export."""
    folder = member.name[len(member.root) :].rpartition("/")[0]
    found = []
    while folder:
        found.append(f"{member.root}{folder}/{file}")
        folder = folder.rpartition("/")[0]
    return [*found, member.root + file]
