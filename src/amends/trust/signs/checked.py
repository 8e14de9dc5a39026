"""Whether anybody looked at what a done action did."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amends.incidents.acting import ActionStanding

DONE = ("done", "verified", "no-help")
"""The states of what is done, checked or not."""
_CHECKS = frozenset({"measure", "alert", "test"})
"""Evidence that shows an effect; a commit, a ticket or a deploy shows only that work was done."""


def is_checked(one: ActionStanding) -> bool:
    """Whether it was shown to help, or not to."""
    return one.state in ("verified", "no-help") or (one.state == "done" and one.shown is not None and one.shown.kind in _CHECKS)
