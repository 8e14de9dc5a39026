"""Time zones by name. A name that this machine does not know is None: what that means is for the caller to say."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import tzinfo


def zone_named(name: str | None) -> ZoneInfo | None:
    """The zone of an IANA name such as Europe/London; None for no name, and for one that there is not."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # no name at all, a folder of the database, not in it
        return None


def zone_or_utc(name: str | None) -> tzinfo:
    """The zone of a name; UTC for none, and for one that there is not: which one is meant is asked when the text is checked."""
    return zone_named(name) or UTC
