"""Passwords, kept as hashes of argon2id with the parameters that argon2-cffi holds for right: the second choice of RFC 9106.

That is 3 passes over 64 MiB in 4 lanes, some 50 ms. Where a later version of the library holds others for right, a hash is made anew when
its owner next signs in.
"""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_AT_ONCE = Lock()
"""Each hash fills 64 MiB while it is made; several at once would let strangers fill the machine's memory by signing in."""


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def nobodys() -> str:
    """The hash of no password: compared for names that are not there, so that they take as long as those that are."""
    return hashed("")


def hashed(password: str) -> str:
    """The hash to keep."""
    with _AT_ONCE:
        return _hasher().hash(password)


def matches(kept: str, password: str) -> bool:
    """Whether this is the password of a hash; False also for a hash that cannot be read."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        with _AT_ONCE:
            return _hasher().verify(kept, password)
    except (InvalidHashError, VerificationError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than those of today."""
    return _hasher().check_needs_rehash(kept)
