"""Whether a promise was kept in time: the arithmetic that the ledger and the audit share.

The conventions are those of the contract: an update is on time until the end of the promised minute, and a promise whose
minute has passed is missed, and late once it is settled afterwards. A due time that was said by the day, the week or the
quarter is the last minute of it already, so no other rule is needed for those.
"""

from __future__ import annotations

from datetime import datetime, timedelta

FATES = ("kept", "late", "missed", "moved", "withdrawn", "open", "unverifiable")
"""What can have become of a promise, as the contract names it."""

_MINUTE = timedelta(minutes=1)


def end_of_minute(due: datetime) -> datetime:
    """The first instant that is too late for a promise due at `due`."""
    return due.replace(second=0, microsecond=0) + _MINUTE


def settled(due: datetime | None, at: datetime) -> str:
    """The fate of a promise that was settled at an instant: kept or late; unverifiable where no time was promised, so none was met."""
    if due is None:
        return "unverifiable"
    return "kept" if at < end_of_minute(due) else "late"


def unsettled(due: datetime | None, now: datetime) -> str:
    """The fate of a promise that nothing has settled yet: open, missed, or unverifiable where it has no time."""
    if due is None:
        return "unverifiable"
    return "open" if now < end_of_minute(due) else "missed"


def late_by(due: datetime, at: datetime) -> int:
    """By how many whole seconds something settled at `at` missed its due time; 0 when it was in time."""
    return int((at - due).total_seconds()) if settled(due, at) == "late" else 0
