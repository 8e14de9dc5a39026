"""What was read already: the same file under another name, or another file with the same bytes, is evidence only once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from amends.integrations.evidence.limits import Teller

_BLOCK = 1 << 20
_TABLES = frozenset(("users.json", "org_users.json", "channels.json", "groups.json", "dms.json", "mpims.json"))
"""Files that others beside them need: two exports may have the same one, and both keep it."""


class Seen:
    """What was read already. Bytes are only compared, by their hash, when their number is the same."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller
        self._files: dict[tuple[int, int], str] = {}
        self._lonely: dict[int, tuple[str, Callable[[], BinaryIO]] | None] = {}
        self._hashes: dict[tuple[int, bytes], str] = {}

    def file(self, status: os.stat_result, name: str) -> bool:
        """Whether a file was there under another name, which is told."""
        if not status.st_ino:
            return False
        first = self._files.setdefault((status.st_dev, status.st_ino), name)
        if first == name:
            return False
        self._tell(name, f"the same file as {first}")
        return True

    def content(self, size: int | None, name: str, opened: Callable[[], BinaryIO]) -> bool:
        """Whether something with the same bytes was there, which is told. Never said of what has no bytes, or an unknown number."""
        if not size or name.rpartition("/")[2] in _TABLES:
            return False
        if size not in self._lonely:
            self._lonely[size] = (name, opened)
            return False
        lonely = self._lonely[size]
        if lonely is not None:
            self._lonely[size] = None
            self._hashes.setdefault((size, _hash(*lonely)), lonely[0])
        first = self._hashes.setdefault((size, _hash(name, opened)), name)
        if first == name:
            return False
        self._tell(name, f"the same bytes as {first}")
        return True

    def _tell(self, name: str, what: str) -> None:
        self._teller.tell("duplicate", f"{what}; it is read once", name)


def _hash(name: str, opened: Callable[[], BinaryIO]) -> bytes:
    digest = hashlib.sha256()
    try:
        with opened() as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    except OSError:
        return name.encode()  # what cannot be read is like nothing; reading it tells why
    return digest.digest()
