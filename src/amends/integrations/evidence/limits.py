"""How much one source may cost, and who is told when it would cost more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.core.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most.

    `depth` is how many archives and packings may lie in each other; a tar and its packing count as one. `members` is how many files one
    operand may have. An archive may unpack, with all that lies in it, to `ratio` times its own size, or to `free` bytes where that is more,
    but to no more than `unpacked`. `git_seconds`, `git_bytes` and `git_memory` bound one run of git.
    """

    depth: int = 5
    members: int = 250_000
    unpacked: int = 64 << 30
    ratio: int = 1000
    free: int = 256 << 20
    git_seconds: float = 120.0
    git_bytes: int = 1 << 30
    git_memory: int = 4 << 30


class Teller:
    """Passes problems on, each once: a member may be opened many times."""

    def __init__(self, refuse: Callable[[Problem], None]) -> None:
        self._refuse = refuse
        self._told: set[tuple[str, str]] = set()

    def tell(self, code: str, message: str, path: str, hint: str = "", offset: int | None = None) -> None:
        """Tell what is wrong with `path`; `offset` counts bytes in what the message speaks of."""
        if (code, path) not in self._told:
            self._told.add((code, path))
            self._refuse(Problem(code, message, hint, path, None, None if offset is None else f"byte {offset}"))


class Budget:
    """What one archive may still unpack to; what is read again costs nothing."""

    def __init__(self, limits: Limits, packed: int, name: str, teller: Teller) -> None:
        self.allowed = min(limits.unpacked, max(limits.free, limits.ratio * packed))
        self.name = name
        self.teller = teller
        self._total = 0
        self._given: dict[str, int] = {}

    @property
    def spent(self) -> bool:
        """Whether nothing more may be unpacked."""
        return self._total > self.allowed

    def covers(self, size: int) -> bool:
        """Whether so many bytes more would be within the limit."""
        return self._total + size <= self.allowed

    def take(self, name: str, given: int) -> bool:
        """Whether `name` may give `given` bytes, counted from its beginning. The first time that it may not is told."""
        more = given - self._given.get(name, 0)
        if more > 0:
            self._given[name] = given
            self._total += more
            if self.spent:
                self.complain(name, given)
                return False
        return True

    def complain(self, name: str, offset: int | None = None) -> None:
        """Tell that the archive would unpack to more than is allowed."""
        self.teller.tell(
            "archive-bomb",
            f"unpacks to more than {self.allowed:,} bytes; what comes after byte {offset or 0:,} of {name} is left out",
            self.name,
            "unpack it yourself if it is honest, and give the folder",
            offset,
        )
