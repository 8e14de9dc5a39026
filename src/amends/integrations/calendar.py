"""Promises as a calendar that programs subscribe to.

Each promise is an event and no to-do: subscriptions of the usual calendars show events only. One to the minute stands at its due time
and takes no time of anybody's day; one to the day or longer is an all-day entry on its last day, in the zone it was made in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from amends import __version__
from amends.core.zones import zone_named
from amends.integrations.channels.wording import one_line, when

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.promises.ledger import LedgerEntry

REFRESH = timedelta(minutes=15)
"""How often a program is asked to look again; some look once a day whatever they are asked."""

_STATUS = {"withdrawn": "CANCELLED", "moved": "CANCELLED", "declined": "CANCELLED", "proposed": "TENTATIVE"}
_LENGTH = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Entry:
    """A promise with a due time, when it reminds, and where it can be read."""

    ledger: LedgerEntry
    alarms: tuple[datetime, ...] = ()
    link: str | None = None


def calendar(name: str, entries: Iterable[Entry], now: datetime) -> bytes:
    """A calendar file with these promises."""
    whole = Calendar()
    whole.add("prodid", f"-//Amends//amends {__version__}//EN")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("name", one_line(name))
    whole.add("x-wr-calname", one_line(name))
    whole.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    whole.add("x-published-ttl", "PT15M")
    for entry in entries:
        whole.add_component(_event(entry, now))
    return bytes(whole.to_ical())


def _event(entry: Entry, now: datetime) -> Event:
    promise, events, standing = entry.ledger.promise, entry.ledger.events, entry.ledger.standing
    assert promise.due is not None, "only promises with a time stand in a calendar"
    changed = max((event.recorded_at for event in events), default=promise.recorded_at)
    event = Event()
    event.add("uid", f"{promise.id}@amends")
    event.add("dtstamp", changed)
    event.add("created", promise.recorded_at)
    event.add("last-modified", changed)
    event.add("sequence", len(events))
    event.add("summary", _summary(entry.ledger))
    event.add("description", _description(entry, promise.due))
    event.add("status", _STATUS.get(standing.state, "CONFIRMED"))
    event.add("transp", "TRANSPARENT")
    if promise.private:
        event.add("class", "PRIVATE")
    if entry.link:
        event.add("url", entry.link)
    if promise.grain in (None, "minute", "hour"):
        due = promise.due.astimezone(UTC)
        event.add("dtstart", due)
        event.add("dtend", due + _LENGTH)
    else:
        day = promise.due.astimezone(_zone(promise.tz)).date()
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
    for at in entry.alarms:
        if at > now:
            event.add_component(_alarm(at, _summary(entry.ledger)))
    return event


def _summary(entry: LedgerEntry) -> str:
    words = one_line(entry.promise.words)
    return words if entry.standing.state == "open" else f"{entry.standing.state.capitalize()}: {words}"


def _description(entry: Entry, due: datetime) -> str:
    standing = entry.ledger.standing
    lines = [f"Due: {when(due, entry.ledger.promise.tz or 'UTC')}", f"Owner: {standing.owner or 'nobody yet'}", f"State: {standing.state}"]
    return "\n".join(lines)


def _alarm(at: datetime, words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", at.astimezone(UTC), parameters={"value": "DATE-TIME"})
    return alarm


def _zone(name: str | None) -> ZoneInfo:
    return zone_named(name) or ZoneInfo("UTC")
