"""Times as they are written: atoms joined into frames, before anybody asks which instant they mean.

"Friday 6 March at 14:30 UTC" is a weekday, a date, a clock and a zone, joined by "at": one frame. Two frames joined by
"to" or a dash are the ends of one.
"""

from __future__ import annotations

from datetime import date

from amends.language.times.atoms import Atom, atom, beginnings
from amends.language.times.calendar import exists
from amends.language.times.lexer import Clock, Date, Day, Every, Length, Part, Period, Weekday, Words
from amends.language.times.numbers import meridiem
from amends.language.times.words import AFTER_HOUR, FILLERS, JOINERS, LEADS, RANGES
from amends.language.times.zone_words import zone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from amends.language.times.zones import Zone

_FURTHEST_JOINER = 4
_LONGEST_LEAD = 4
_ETA_FILLERS = frozenset({":", "is", "now", "-"})
_STARTING = frozenset({"starting", "beginning", "commencing"})
_NAME_MARKS = frozenset({".", "_"})


class Frame:
    """One time: which words of which text it takes up, the word that leads it, and what its atoms say.

    `until` is the other end of a range; `relative` is "from now" or "ago" where those follow a length, "hanging" where it
    is counted from something else; `spans` where "between" opens a range; `alias` marks a time that adds none of its own:
    the one before it said again, or a day that gave itself up to a clock further on.
    """

    __slots__ = (
        "alias",
        "clock",
        "date",
        "day",
        "every",
        "first",
        "last",
        "lead",
        "length",
        "part",
        "period",
        "relative",
        "spans",
        "until",
        "weekday",
        "zone",
    )

    def __init__(self, first: int, last: int, lead: str) -> None:
        self.first = first
        self.last = last
        self.lead = lead
        self.clock: Clock | None = None
        self.zone: Zone | None = None
        self.weekday: Weekday | None = None
        self.date: Date | None = None
        self.day: Day | None = None
        self.part: Part | None = None
        self.length: Length | None = None
        self.period: Period | None = None
        self.every: Every | None = None
        self.until: Frame | None = None
        self.relative = ""
        self.spans = lead == "between"
        self.alias = False

    @property
    def dated(self) -> bool:
        """Whether it names a day."""
        return self.date is not None or self.weekday is not None or self.day is not None

    def take(self, found: Atom | Zone) -> bool:
        """Add an atom where its slot is free and it goes with the others; whether it was added."""
        if getattr(self, found.slot) is not None or not self._agrees(found):
            return False
        setattr(self, found.slot, found)
        return True

    def _agrees(self, found: Atom | Zone) -> bool:
        slot = found.slot
        if self.length is not None or slot == "length":
            return False
        if slot == "zone":
            return self.clock is not None or self.part is not None or self.dated
        if slot == "period":
            return self.clock is None and self.day is None and self.date is None
        if self.period is not None:
            return slot in ("weekday", "date", "clock", "part") and self.period.unit in ("week", "month", "weekend")
        if isinstance(found, Day):
            return (self.date is None and self.weekday is None) or found.shift == 0
        return True

    def copy(self) -> Frame:
        """The same frame without its other end."""
        same = Frame(self.first, self.last, self.lead)
        same.clock, same.zone, same.part, same.period, same.every = self.clock, self.zone, self.part, self.period, self.every
        same.share_day(self)
        return same

    def share_day(self, other: Frame) -> None:
        """Take over the day of another frame."""
        self.date, self.weekday, self.day = other.date, other.weekday, other.day


def frames(w: Words) -> list[Frame]:
    """All frames of a stretch of text, in order."""
    found: list[Frame] = []
    words = w.words
    behind = 0
    for i in beginnings(w):
        if i >= behind and (first := atom(w, i)) is not None and not _in_a_name(w, i, words):
            frame = _frame(w, i, first)
            frame.alias = bool(found) and _says_again(w, found[-1], frame)
            found.append(frame)
            behind = frame.last
    return found


def _in_a_name(w: Words, i: int, words: list[str]) -> bool:
    """Whether the word is a part of a host name or a file name: "weekly.ci.example.org", "daily_report"."""
    if words[i + 1] in _NAME_MARKS and w.glued(i + 1) and w.glued(i + 2) and words[i + 2][0].isalpha():
        return True
    return words[i - 1] in _NAME_MARKS and w.glued(i) and w.glued(i - 1) and words[i][0].isalpha()


def _frame(w: Words, i: int, first: tuple[Atom, int], *, ranged: bool = False) -> Frame:
    """The frame that begins at `i` with the atom `first`, and all that is joined to it; `ranged` if it is the other end of one already."""
    frame = Frame(i, first[1], _lead(w, i))
    setattr(frame, first[0].slot, first[0])
    while (behind := _extend(w, frame)) is not None:
        frame.last = behind
    if frame.length is not None:
        _relate(w, frame)
    elif not ranged:
        _close_range(w, frame)
    return frame


# Leads


def _lead(w: Words, i: int) -> str:
    """The word that says how the time relates to what happens: by, in, within, for, since, …; empty where none stands near."""
    for j in range(i - 1, max(-1, i - 1 - _LONGEST_LEAD), -1):
        word = w.words[j]
        if word in LEADS and not (word in FILLERS and w.at(j - 1) in LEADS):
            return _full_lead(w, j, word)
        if word not in FILLERS and not (word in _ETA_FILLERS and (w.at(j - 1) == "eta" or w.at(j - 1) in _ETA_FILLERS)):
            break
    return ""


def _full_lead(w: Words, j: int, word: str) -> str:
    """A lead of two words as one: "no later than" is by, "prior to" before, "in under" within, "starting at" from."""
    before = w.at(j - 1)
    if word == "than":
        if before in ("later", "longer"):
            return "by"
        return "within" if before in ("less", "fewer") and w.at(j - 2) in ("in", "within") else "than"
    if word == "of":
        return {"as": "since", "inside": "within"}.get(before, "of")
    if word == "to":
        return "before" if before == "prior" else "to"
    if before == "since":
        return "since"
    if word == "latest":
        return "by"
    if word in ("under", "inside", "w"):
        return "within"
    return "from" if word in _STARTING or before in _STARTING else word


# Joining


def _extend(w: Words, frame: Frame) -> int | None:
    """Join the next atom to the frame; the place behind it, or None where nothing joins."""
    j = frame.last
    if (stated := zone(w, j)) is not None:
        return stated[1] if frame.take(stated[0]) else None
    if frame.dated and (half := meridiem(w, j))[0]:
        return half[1] if frame.take(Part("morning" if half[0] == "a" else "afternoon")) else None
    for _ in range(_FURTHEST_JOINER):
        if j >= w.size:
            return None
        if (following := atom(w, j)) is not None:
            return _join(w, frame, j, following)
        word = w.words[j]
        if word not in JOINERS and not (word == "." and j == frame.last) and not (word == "t" and w.glued(j) and w.glued(j + 1)):
            return None
        j += 1
        if word == "(" and (bracketed := _bracketed_zone(w, j)) is not None and frame.take(bracketed[0]):
            return bracketed[1]
    return None


def _join(w: Words, frame: Frame, j: int, following: tuple[Atom, int]) -> int | None:
    """Join the atom at `j` where what stands between allows it."""
    if not _joins(w.words[frame.last : j], frame, following[0]) or not frame.take(following[0]):
        return None
    between = w.words[frame.last : j]
    frame.spans = frame.spans or "between" in between
    behind = following[1]
    return behind + 1 if "(" in between and w.at(behind) == ")" else behind


def _joins(between: list[str], frame: Frame, following: Atom) -> bool:
    """Whether words join two atoms: no "or" between two days, a full stop only inside a torn date."""
    if "." in between:
        torn = isinstance(following, Clock) and frame.date is not None
        if isinstance(following, Date) and frame.weekday is not None:
            torn = _falls_on(following, frame.weekday.day)
        return between == ["."] and torn and frame.clock is None
    named = frame.clock is not None and not frame.clock.name
    return between != ["or"] and not (between == ["by"] and frame.clock is not None) and not (between == ["of"] and named)


def _falls_on(written: Date, weekday: int) -> bool:
    """Whether a date could be that day of the week; one without a year could."""
    year, month, day = written.year, written.month, written.day
    if year is None or month is None:
        return True
    return exists(year, month, day) and date(year, month, day).weekday() == weekday


def _bracketed_zone(w: Words, j: int) -> tuple[Zone, int] | None:
    found = zone(w, j)
    return (found[0], found[1] + 1) if found and w.at(found[1]) == ")" else None


def _relate(w: Words, frame: Frame) -> None:
    """Read what follows a length: "from now", "ago"; or that it hangs on something else, "after the deploy"."""
    j = frame.last
    word, second = w.at(j), w.at(j + 1)
    if word in ("ago", "earlier"):
        frame.relative, frame.last = "ago", j + 1
    elif word == "from" and second in ("now", "today", "tomorrow", "yesterday"):
        frame.relative, frame.last = "from " + second, j + 2
    elif word == "today" and frame.length is not None and frame.length.unit == "week":
        frame.relative, frame.last = "from today", j + 1
    elif word in ("after", "before", "later", "past", "prior", "into", "of", "beforehand", "afterwards") and second not in (".", ""):
        frame.relative = "hanging"


def _close_range(w: Words, frame: Frame) -> None:
    """The other end of a range behind "to", "until", a dash, or "and" after "between"."""
    j = frame.last
    word = w.at(j)
    if word == ",":
        if frame.clock is None:
            return
        j += 1
        word = w.at(j) if w.at(j) in ("until", "till", "through") else ""
    opens = word in RANGES or (word == "and" and frame.spans) or (word == "or" and frame.day is not None)
    if not opens or frame.every is not None:
        return
    j += 1
    while w.at(j) in ("at", "on", "the", "about", "around", "~"):
        j += 1
    first = _later_day(w, frame, j) or (atom(w, j) if j < w.size else None)
    if first is None:
        return
    other = _frame(w, j, first, ranged=True)
    if other.length is None and other.every is None and _comparable(frame, other):
        frame.until, frame.last = other, other.last


def _later_day(w: Words, frame: Frame, j: int) -> tuple[Date, int] | None:
    """The bare day at `j` that ends a range of one month: "March 12 to 14"."""
    written, word = frame.date, w.at(j)
    if written is None or frame.clock is not None or not (word.isdecimal() and len(word) <= 2) or not written.day < int(word) <= 31:
        return None
    alone = w.at(j + 1) in AFTER_HOUR or not w.at(j + 1)
    return (Date(written.year, written.month, int(word)), j + 1) if alone and not (w.at(j + 1) == ":" and w.glued(j + 1)) else None


def _comparable(frame: Frame, other: Frame) -> bool:
    """Whether two frames can be the ends of one: two clocks, or two days."""
    if (frame.clock is None) == (other.clock is None):
        return True
    return frame.clock is not None and other.part is not None


def _says_again(w: Words, before: Frame, frame: Frame) -> bool:
    """Whether the frame only repeats the one before: 09:00 JST (00:00 UTC), 10:45 UTC / 11:45 CET."""
    between = w.words[before.last : frame.first]
    counted = before.length is not None and before.lead not in ("in", "within", "over")
    return 0 < len(between) <= 3 and between[0] in ("(", "/", "=", "[") and frame.length is None and not counted
