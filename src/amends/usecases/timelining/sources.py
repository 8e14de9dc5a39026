"""From members of what was given to bytes that a worker can open: packed ones are unpacked once, what tells names is read first."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from amends.integrations.evidence.member import beside
from amends.integrations.evidence.places import opened, size_of
from amends.timeline.dates import day_of_end
from amends.timeline.readers import slack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from amends.integrations.evidence.member import Member

_TELLERS = ("users.json", "org_users.json", "channels.json")
_BLOCK = 1 << 20


class Bytes(NamedTuple):
    """Where the bytes of a member are: a file or an object, how many there are, and their hash where they were unpacked."""

    path: str
    size: int
    sha256: str | None = None


def bytes_of(member: Member, spool: Callable[[], str]) -> Bytes:
    """The bytes of a member: its own file or object, or a copy. Raises OSError."""
    if member.path is not None:
        return Bytes(member.path, size_of(member.path))
    return copy_of(member, spool)


def copy_of(member: Member, spool: Callable[[], str]) -> Bytes:
    """The bytes of a member as a file in the folder that `spool` names. Raises OSError."""
    digest, size = sha256(), 0
    path = os.path.join(spool(), sha256(member.name.encode("utf-8", "surrogateescape")).hexdigest())
    with member.open() as stream, open(path, "wb") as copy:
        while block := stream.read(_BLOCK):
            digest.update(block)
            copy.write(block)
            size += len(block)
    return Bytes(path, size, digest.hexdigest())


def hashed(path: str, size: int) -> str:
    """The SHA-256 of the first bytes of a file or an object. Raises OSError."""
    digest = sha256()
    with opened(path, size) as file:
        for start in range(0, size, _BLOCK):
            digest.update(file.read(start, min(size, start + _BLOCK)))
    return digest.hexdigest()


def days_of(member: Member, now: datetime) -> tuple[date, date]:
    """The day on which a source ended, if its lines say days and if they say none. Today where nobody knows, and no day to come."""
    modified = None if member.modified_at is None else min(datetime.fromtimestamp(member.modified_at / 1e6, UTC), now).date()
    with_days, without = (day_of_end(member.name, modified, has_day=has_day) or now.date() for has_day in (True, False))
    return with_days, without


class Names:
    """What sibling files tell about a source, such as the names of a Slack workspace; they are read first, and are no entries."""

    def __init__(self) -> None:
        self._of_folder: dict[str, dict[str, str]] = {}
        self._tellers: set[str] = set()

    def learn(self, member: Member) -> None:
        """Read a member that tells names. Raises OSError."""
        folder, _, file = member.name.rpartition("/")
        if file not in _TELLERS:
            return
        with member.open() as stream:
            told = slack.names_of([(file, stream.read())])
        if told:
            self._of_folder.setdefault(folder, {}).update(told)
            self._tellers.add(member.name)

    def is_of(self, member: Member) -> bool:
        """Whether a member only told names."""
        return member.name in self._tellers

    def of(self, member: Member) -> Mapping[str, str]:
        """The names that hold for a member: those told nearest to it."""
        if not self._of_folder:
            return {}
        folders = (name.rpartition("/")[0] for name in beside(member, "users.json"))
        return next((self._of_folder[folder] for folder in folders if folder in self._of_folder), {})
