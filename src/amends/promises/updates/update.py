"""One published update, and the desk at which every reader has its times and zones looked at."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from amends.core.people import AUDIENCES
from amends.core.problem import Problem
from amends.core.record import record
from amends.core.zones import zone_named

if TYPE_CHECKING:
    from datetime import tzinfo
    from zoneinfo import ZoneInfo

TOP = ("",)
"""Where an update stands that answers nothing: on the page, in the channel."""

REFUSED = frozenset(
    {
        "bad-archive",
        "bad-field",
        "bad-line",
        "bad-time",
        "missing-field",
        "no-incident",
        "no-time",
        "too-large",
        "unreadable",
    }
)
"""Problems that left something out. The others tell of something that was read with a remark."""

RESOLVED = frozenset({"resolved", "completed", "complete", "closed", "fixed", "done"})
"""Words of a status that say that it is over."""
FINAL = RESOLVED | {"postmortem", "canceled", "cancelled", "false alarm"}
"""Words of a status after which no update is owed."""

_YEARS = range(1971, 2200)
"""Outside of these a time is a mistake, and arithmetic with zones would leave the calendar."""


@record
class Update:
    """One message that was published about an incident.

    `at` is when its readers could see it; `tz` the zone of its writer, None for the offset of `at`. In `talk` (chat, mail) many
    people speak, and only the same `author` keeps what was promised; elsewhere the page speaks with one voice. `places` are the
    threads in which it stands, "" for none. `flags`: backdated, edited. `source` and `line` tell where it was read.
    """

    id: str
    incident: str
    at: datetime
    tz: str | None
    text: str
    status: str | None = None
    title: str | None = None
    author: str | None = None
    audience: str | None = None
    flags: tuple[str, ...] = ()
    talk: bool = False
    places: tuple[str, ...] = TOP
    source: str = ""
    line: int | None = None

    @property
    def where(self) -> str:
        """What to call its place: the incident, and the thread in it."""
        return self.incident if "" in self.places else f"{self.incident}/{self.places[0]}"


class Desk:
    """What all readers of a run share: the zone and the audience of updates that name none, and which zones there are.

    Raises nothing for what stands in a source; that is a `Problem`, made here with its place.
    """

    __slots__ = ("_zones", "audience", "tz")

    def __init__(self, tz: str | None = None, audience: str | None = None) -> None:
        self._zones: dict[str, ZoneInfo | None] = {}
        self.audience = audience
        self.tz = tz

    def zone(self, name: str | None) -> ZoneInfo | None:
        """The zone of that name; None where there is none of that name."""
        if name is None:
            return None
        if name not in self._zones:
            self._zones[name] = zone_named(name)
        return self._zones[name]

    def instant(self, text: str, zone: tzinfo | None = None) -> datetime | None:
        """The instant that is written as RFC 3339, without an offset in `zone`, else in UTC; None when it is none."""
        try:
            found = datetime.fromisoformat(text.strip())
        except ValueError:
            return None
        if found.tzinfo is None:
            found = found.replace(tzinfo=zone or UTC)
        return whole(found)

    def known_zone(self, name: str | None, source: str, line: int | None) -> tuple[str | None, Problem | None]:
        """The zone of an update: the one it names, else that of the run; with the problem where its name is unknown."""
        if name is None:
            return self.tz, None
        if self.zone(name) is not None:
            return name, None
        hint = "write an IANA name, such as Europe/London"
        return None, problem("unknown-zone", f"there is no zone {name!r}; the offset of the time was used", hint, source, line, "tz")

    def known_audience(self, name: str | None, source: str, line: int | None) -> tuple[str | None, Problem | None]:
        """The audience of an update: the one it names, else that of the run; with the problem where it is none."""
        if name is None or name in AUDIENCES:
            return name or self.audience, None
        hint = f"known: {', '.join(AUDIENCES)}"
        return self.audience, problem("unknown-audience", f"there is no audience {name!r}; it was left out", hint, source, line, "audience")


def whole(time: datetime) -> datetime | None:
    """A time whose offset is whole seconds and whose year is one of ours; None for any other."""
    offset = time.utcoffset()
    if time.year not in _YEARS or offset is None:
        return None
    return time.astimezone(UTC) if offset.microseconds else time


def problem(code: str, message: str, hint: str, source: str | None = None, line: int | None = None, field: str | None = None) -> Problem:
    """What is wrong with a source, where, and what to do about it."""
    return Problem(code, message, hint, source, line, field)


def as_text(value: object) -> str | None:
    """A text, or a number that stands for one (ids often do); None for anything else."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def has_surrogate(text: str) -> bool:
    """Whether half of a surrogate pair stands in a text, which no file can hold."""
    return not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text)


def word(status: str | None) -> str:
    """A status as a plain word."""
    return status.strip().lower().replace("_", " ") if status else ""
