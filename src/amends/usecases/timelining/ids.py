"""Ids of entries: a piece of the hash of their source, and the byte at which they begin, so that an id leads straight to the bytes."""

from __future__ import annotations

from contextlib import suppress

from amends.core.errors import NotFoundError

HASH = 8
"""Characters of a source's hash that begin the id of its entries."""


def entry_id(sha: str, offset: int) -> str:
    """The name of an entry: the same wherever and whenever its source is read again."""
    return f"{sha[:HASH]}-{offset:x}"


def of_id(entry: str) -> tuple[str, int]:
    """The beginning of the hash, and the byte, of an id. Raises NotFoundError for what is none."""
    sha, dash, offset = entry.partition("-")
    with suppress(ValueError):
        if dash and len(sha) == HASH and int(sha, 16) >= 0:
            return sha, int(offset, 16)
    raise NotFoundError(f"{entry!r} is no id of an entry", hint="ids look like 3f2a91c0-15a39, and stand in every timeline")
