"""Two people changed the same thing, and the second had not seen what the first one did."""

from __future__ import annotations

from typing import Any

from amends.core.errors import ConflictError


class StaleError(ConflictError):
    """What somebody wanted to change is no longer as they saw it.

    `current` is the incident, its event, or the point of its account as it stands now, whichever they wanted to change; `refused` are the
    words that were not taken, so that nothing is lost.
    """

    code = "stale"

    def __init__(self, message: str, current: Any, refused: str | None = None) -> None:
        super().__init__(message, hint="look at what stands now, then decide again")
        self.current = current
        self.refused = refused
