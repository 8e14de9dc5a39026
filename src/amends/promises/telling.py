"""The first words of the message that tells people that a promise to them has changed: what was said, what holds now, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo

    from amends.promises.ledger import LedgerEntry
    from amends.promises.promise import Promise


def told_text(entry: LedgerEntry, successor: Promise | None, zone: tzinfo) -> str:
    """A draft in the first person, with [gaps] for what only its author knows; times are on the clock of `zone`."""
    promise, now = entry.promise, entry.standing
    said = f"I told you: “{promise.words}”."
    why = next((event.why for event in reversed(entry.events) if event.what in ("moved", "withdrawn", "offered") and event.why), None)
    reason = f"The reason: {why}." if why else "The reason: [why]."
    missed = " That time has passed, and I did not keep it." if now.state == "missed" else ""
    if successor is not None and successor.due is not None:
        return f"{said}{missed} The new time is {successor.due.astimezone(zone):%a %d %b %H:%M %Z}. {reason}"
    if now.closed:
        return f"{said}{missed} I take that back. {reason} What you can count on instead: [what, until when]."
    due = f", until {promise.due.astimezone(zone):%a %d %b %H:%M %Z} as before" if promise.due is not None else ""
    return f"{said} {now.owner} does this now{due}. {reason}"
