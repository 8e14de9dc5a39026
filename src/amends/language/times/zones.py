"""Zones as people write them: abbreviations, "Pacific", "London time", "US/Pacific", "UTC+2", resolved in context.

An abbreviation names several zones in the world; the one that the sender lives in wins, then the most usual one, and
the ambiguity is told. The letters S and D are not taken at their word: "9:00 PST" in July means Pacific time. Names and
meanings follow the IANA zone database and its list of abbreviations in use.
"""

from __future__ import annotations

from datetime import UTC, timedelta, timezone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime, tzinfo

_EASTERN, _CENTRAL, _MOUNTAIN, _PACIFIC = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"

ABBREVIATIONS: dict[str, tuple[str, ...]] = {
    "utc": ("UTC",),
    "gmt": ("UTC",),
    "z": ("UTC",),
    "zulu": ("UTC",),
    "et": (_EASTERN,),
    "est": (_EASTERN, "Australia/Sydney", "Australia/Brisbane"),
    "edt": (_EASTERN,),
    "ct": (_CENTRAL,),
    "cst": (_CENTRAL, "Asia/Shanghai", "Asia/Taipei"),
    "cdt": (_CENTRAL,),
    "mt": (_MOUNTAIN,),
    "mst": (_MOUNTAIN, "America/Phoenix"),
    "mdt": (_MOUNTAIN,),
    "pt": (_PACIFIC,),
    "pst": (_PACIFIC, "Asia/Manila"),
    "pdt": (_PACIFIC,),
    "akst": ("America/Anchorage",),
    "akdt": ("America/Anchorage",),
    "hst": ("Pacific/Honolulu",),
    "ast": ("America/Halifax", "Asia/Riyadh", "America/Puerto_Rico"),
    "adt": ("America/Halifax",),
    "nst": ("America/St_Johns",),
    "ndt": ("America/St_Johns",),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "wet": ("Europe/Lisbon",),
    "west": ("Europe/Lisbon",),
    "cet": ("Europe/Berlin",),
    "cest": ("Europe/Berlin",),
    "eet": ("Europe/Athens",),
    "eest": ("Europe/Athens",),
    "msk": ("Europe/Moscow",),
    "trt": ("Europe/Istanbul",),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "idt": ("Asia/Jerusalem",),
    "gst": ("Asia/Dubai",),
    "pkt": ("Asia/Karachi",),
    "npt": ("Asia/Kathmandu",),
    "ict": ("Asia/Bangkok",),
    "wib": ("Asia/Jakarta",),
    "pht": ("Asia/Manila",),
    "myt": ("Asia/Kuala_Lumpur",),
    "sgt": ("Asia/Singapore",),
    "hkt": ("Asia/Hong_Kong",),
    "jst": ("Asia/Tokyo",),
    "kst": ("Asia/Seoul",),
    "awst": ("Australia/Perth",),
    "acst": ("Australia/Adelaide",),
    "acdt": ("Australia/Adelaide",),
    "aest": ("Australia/Sydney", "Australia/Brisbane"),
    "aedt": ("Australia/Sydney",),
    "nzst": ("Pacific/Auckland",),
    "nzdt": ("Pacific/Auckland",),
    "sast": ("Africa/Johannesburg",),
    "eat": ("Africa/Nairobi",),
    "cat": ("Africa/Maputo",),
    "wat": ("Africa/Lagos",),
    "brt": ("America/Sao_Paulo",),
    "art": ("America/Argentina/Buenos_Aires",),
    "clt": ("America/Santiago",),
    "cot": ("America/Bogota",),
}
"""What an abbreviation can mean, the usual meaning first."""

AMBIGUOUS = frozenset({"cst", "ist", "bst", "ast", "est", "pst", "mst"})
"""Abbreviations that mean zones of different continents to different readers, so that the choice is worth telling."""

_STANDARD = frozenset({"cet", "eet", "wet", "est", "cst", "mst", "pst", "akst", "nst", "aest", "acst", "nzst"})
"""Abbreviations of standard time where clocks change: where an hour comes twice, they mean the second."""

_SPOKEN = frozenset({"z", "zulu", "et", "ct", "mt", "pt", "cat", "eat", "art", "wat", "west", "est", "trt", "clt", "cot", "ict"})
"""Abbreviations that are words of other kinds in small letters."""

NAMES = {
    "pacific": _PACIFIC,
    "eastern": _EASTERN,
    "central": _CENTRAL,
    "mountain": _MOUNTAIN,
    "zulu": "UTC",
}
"""Zones of North America by their everyday names."""

CITIES = {
    "amsterdam": "Europe/Amsterdam",
    "auckland": "Pacific/Auckland",
    "berlin": "Europe/Berlin",
    "bangalore": "Asia/Kolkata",
    "bengaluru": "Asia/Kolkata",
    "boston": _EASTERN,
    "chicago": _CENTRAL,
    "delhi": "Asia/Kolkata",
    "denver": _MOUNTAIN,
    "dubai": "Asia/Dubai",
    "dublin": "Europe/Dublin",
    "india": "Asia/Kolkata",
    "japan": "Asia/Tokyo",
    "lisbon": "Europe/Lisbon",
    "london": "Europe/London",
    "madrid": "Europe/Madrid",
    "manila": "Asia/Manila",
    "melbourne": "Australia/Melbourne",
    "mumbai": "Asia/Kolkata",
    "nairobi": "Africa/Nairobi",
    "nyc": _EASTERN,
    "paris": "Europe/Paris",
    "prague": "Europe/Prague",
    "rome": "Europe/Rome",
    "seattle": _PACIFIC,
    "seoul": "Asia/Seoul",
    "sf": _PACIFIC,
    "singapore": "Asia/Singapore",
    "stockholm": "Europe/Stockholm",
    "sydney": "Australia/Sydney",
    "tokyo": "Asia/Tokyo",
    "toronto": "America/Toronto",
    "uk": "Europe/London",
    "vienna": "Europe/Vienna",
    "warsaw": "Europe/Warsaw",
    "zurich": "Europe/Zurich",
}
"""Places whose time people name ("London time")."""

_US = {"pacific": _PACIFIC, "eastern": _EASTERN, "central": _CENTRAL, "mountain": _MOUNTAIN}
REGIONS = frozenset({"us", "europe", "america", "asia", "africa", "australia", "pacific", "atlantic", "indian", "antarctica"})
"""First halves of zone names such as Europe/Berlin."""
PATH = r"[A-Za-z]{2,10} ?/ ?[A-Za-z]{3,20}(?:[_-][A-Za-z]{2,12}){0,3}(?:/[A-Za-z_]{3,20})?"
"""A zone name as it is written; compiled when a region is first met."""
LONGEST_PATH = 80


class Zone:
    """A zone as stated: the words, the candidates for its meaning (IANA names), or a fixed offset in minutes."""

    slot = "zone"
    __slots__ = ("names", "offset", "words")

    def __init__(self, words: str, names: tuple[str, ...] = (), offset: int | None = None) -> None:
        self.words = words
        self.names = names
        self.offset = offset

    @property
    def ambiguous(self) -> bool:
        """Whether readers elsewhere would take the words for another zone."""
        return self.words.lower() in AMBIGUOUS

    @property
    def standard(self) -> bool:
        """Whether the words say that the clocks are not on summer time."""
        return self.words.lower() in _STANDARD


def abbreviation(written: str) -> Zone | None:
    """The zone of an abbreviation such as CET; short ones that are also words must be in capitals."""
    names = ABBREVIATIONS.get(written.lower())
    if names is None or (written.lower() in _SPOKEN and not written.isupper()):
        return None
    return Zone(written, names)


def path(written: str) -> Zone | None:
    """The zone of a name such as "Europe/Berlin" or "US / Pacific"; None where there is no such zone."""
    name = written.replace(" ", "")
    region, _, place = name.partition("/")
    if region.lower() == "us":
        known = _US.get(place.lower())
        return Zone(written, (known,)) if known else None
    return Zone(written, (name,)) if named(name) is not None else None


_known: dict[str, tzinfo | None] = {"UTC": UTC}


def named(name: str) -> tzinfo | None:
    """The zone of an IANA name, or None where it is unknown; loads the zone database only when first asked."""
    if name not in _known:
        if len(_known) > 600:  # more names than there are zones: somebody is feeding us nonsense
            _known.clear()
            _known["UTC"] = UTC
        _known[name] = _load(name)
    return _known[name]


def _load(name: str) -> tzinfo | None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # costs 3 ms, and most drafts name no zone

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def meaning(zone: Zone, home: tzinfo, at: datetime) -> tuple[str, tzinfo]:
    """What a stated zone means to somebody who lives in `home`: its name and the zone itself.

    Of several candidates the sender's own wins, then one with the sender's offset on the sender's continent, else the usual one.
    """
    if zone.offset is not None:
        return zone.words, timezone(timedelta(minutes=zone.offset))
    if len(zone.names) == 1:
        only = named(zone.names[0])
        return (zone.names[0], only) if only is not None else (zone.words, home)
    candidates = [(name, found) for name in zone.names if (found := named(name)) is not None]
    if not candidates:
        return zone.words, home
    own = str(home)
    for name, found in candidates:
        if name == own:
            return name, found
    here = at.astimezone(home).utcoffset()
    for name, found in candidates[1:]:
        if _could_be_home(name, own) and at.astimezone(found).utcoffset() == here:
            return name, found
    return candidates[0]


def _could_be_home(name: str, own: str) -> bool:
    """Whether somebody in the zone `own`, which may be a bare offset, would mean `name`; America has its own usual meanings."""
    continent = own.partition("/")
    return not continent[1] or (continent[0] == name.partition("/")[0] != "America")
