"""Times as they are written: atoms joined into frames, before anybody asks which instant they mean.

"Friday 6 March at 14:30 UTC" is a weekday, a date, a clock and a zone, joined by "at": one frame. Two frames joined by
"to" or a dash are the ends of one.
"""

from __future__ import annotations

from amends.language.times_atoms import Atom, Clock, Date, Day, Every, Length, Part, Period, Weekday, Words, atom, begins, zone
from amends.language.times_words import FILLERS, JOINERS, LEADS, RANGES
from amends.language.zones import Zone

_FURTHEST_JOINER = 3
_LONGEST_LEAD = 4
_ETA_FILLERS = frozenset({":", "is", "now", "-"})
_HOSTS = ("clock", "day", "weekday", "date", "part", "period")


class Frame:
    """One time: which words of which text it takes up, the word that leads it, and what its atoms say.

    `until` is the other end of a range; `relative` is "from now" or "ago" where those follow a length;
    `spans` where "between" opens a range; `alias` marks a time that says the one before it again, in brackets or behind a slash.
    """

    __slots__ = ("alias", "clock", "date", "day", "every", "first", "last", "lead", "length", "part", "period", "relative", "spans", "until", "weekday", "zone")

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

    def take(self, found: Atom) -> bool:
        """Add an atom where its slot is free and it goes with the others; whether it was added."""
        if getattr(self, found.slot) is not None or not self._agrees(found):
            return False
        setattr(self, found.slot, found)
        return True

    def _agrees(self, found: Atom) -> bool:
        if self.length is not None or found.slot == "length":
            return self.length is None and found.slot != "length" and not any(getattr(self, slot) for slot in _HOSTS)
        if found.slot == "zone":
            return self.clock is not None or self.day is not None or self.weekday is not None or self.date is not None or self.part is not None
        if found.slot == "period":
            return self.period is None and self.clock is None and self.day is None and self.date is None
        if self.period is not None:
            return found.slot in ("weekday", "date", "clock", "part") and self.period.unit in ("week", "month", "weekend")
        if found.slot == "day" and isinstance(found, Day):
            return self.date is None and self.weekday is None or found.shift == 0
        return True


def frames(w: Words) -> list[Frame]:
    """All frames of a stretch of text, in order."""
    found: list[Frame] = []
    words = w.words
    i, size = 0, w.size
    while i < size:
        if begins(words[i]) and not _in_a_name(w, i) and (frame := _frame(w, i)) is not None:
            frame.alias = bool(found) and _says_again(w, found[-1], frame)
            found.append(frame)
            i = frame.last
        else:
            i += 1
    return found


def _in_a_name(w: Words, i: int) -> bool:
    """Whether the word is a part of a host name or a file name: "weekly.ci.example.org", "daily_report"."""
    if w.at(i + 1) in (".", "_") and w.glued(i + 1) and w.glued(i + 2) and w.words[i + 2][0].isalpha():
        return True
    return w.glued(i) and w.words[i - 1] in (".", "_") and w.glued(i - 1) and w.words[i][0].isalpha()


def _frame(w: Words, i: int, *, ranged: bool = False) -> Frame | None:
    """The frame that begins at `i`, with all that is joined to it."""
    first = atom(w, i)
    if first is None:
        return None
    frame = Frame(i, first[1], _lead(w, i))
    setattr(frame, first[0].slot, first[0])
    while (behind := _extend(w, frame)) is not None:
        frame.last = behind
    if frame.length is not None:
        _relate(w, frame)
    elif not ranged:
        _close_range(w, frame)
    return frame


def _lead(w: Words, i: int) -> str:
    """The word that says how the time relates to what happens: by, in, within, for, since, …; empty where none stands near."""
    for j in range(i - 1, max(-1, i - 1 - _LONGEST_LEAD), -1):
        word = w.words[j]
        if word in LEADS and not (word in FILLERS and w.at(j - 1) in LEADS):
            return _two_words(w, j, word)
        if word not in FILLERS and not (word in _ETA_FILLERS and w.at(j - 1) in ("eta", "is", "now", ":")):
            break
    return ""


def _two_words(w: Words, j: int, word: str) -> str:
    """ "no later than" is by, "prior to" is before, "in under" is within, "starting at" is from."""
    before = w.at(j - 1)
    if word == "than":
        if before in ("later", "longer"):
            return "by"
        return "within" if before in ("less", "fewer") and w.at(j - 2) in ("in", "within") else "than"
    if word == "latest":
        return "by"
    if word == "to":
        return "before" if before == "prior" else "to"
    if word in ("under", "inside", "w"):
        return "within"
    if word == "of" and before == "as":
        return "since"
    if word in ("starting", "beginning", "commencing") or before in ("starting", "beginning", "commencing"):
        return "from"
    return word


def _extend(w: Words, frame: Frame) -> int | None:
    """Join the next atom to the frame; the place behind it, or None where nothing joins."""
    j = frame.last
    if (stated := zone(w, j)) is not None:
        return stated[1] if frame.take(stated[0]) else None
    for _ in range(_FURTHEST_JOINER + 1):
        if j >= w.size:
            return None
        word = w.words[j]
        if j > frame.last and (bracketed := _bracketed_zone(w, j)) is not None and frame.take(bracketed[0]):
            return bracketed[1]
        following = atom(w, j) if begins(word) else None
        if following is not None:
            if not _joins(w, frame, j, following[0]) or not frame.take(following[0]):
                return None
            frame.spans = frame.spans or "between" in w.words[frame.last : j]
            return _closing(w, frame.last, following[1])
        if word not in JOINERS and not (word == "." and j == frame.last) and not (word == "t" and w.glued(j) and w.glued(j + 1)):
            return None
        j += 1
    return None


def _joins(w: Words, frame: Frame, j: int, following: Atom) -> bool:
    """Whether what stands between the frame and `j` joins: no "or" between two days, a full stop only inside a torn date."""
    between = w.words[frame.last : j]
    if "." in between:
        torn = (isinstance(following, Clock) and frame.date is not None) or (isinstance(following, Date) and frame.weekday is not None)
        return between == ["."] and torn and frame.clock is None
    if between == ["or"] or between == ["by"] and frame.clock is not None:
        return False
    return not (between == ["of"] and frame.clock is not None and frame.clock.name == "")


def _closing(w: Words, opened: int, j: int) -> int:
    """The place behind a bracket that was opened between two atoms and closes here."""
    return j + 1 if w.at(j) == ")" and "(" in w.words[opened:j] else j


def _bracketed_zone(w: Words, j: int) -> tuple[Zone, int] | None:
    if w.at(j - 1) != "(":
        return None
    found = zone(w, j)
    return (found[0], found[1] + 1) if found and w.at(found[1]) == ")" else None


def _relate(w: Words, frame: Frame) -> None:
    """ "from now", "from today", "ago" behind a length; and "later", "after …", which hang on something else."""
    j = frame.last
    word = w.at(j)
    if word == "ago" or (word == "earlier"):
        frame.relative, frame.last = "ago", j + 1
    elif word == "from" and w.at(j + 1) in ("now", "today", "tomorrow", "yesterday"):
        frame.relative, frame.last = "from " + w.at(j + 1), j + 2
    elif word == "today" and frame.length is not None and frame.length.unit == "week":
        frame.relative, frame.last = "from today", j + 1
    elif word in ("after", "before", "later", "past", "prior", "into", "beforehand", "afterwards") and not (word == "after" and w.at(j + 1) in (".", "")):
        frame.relative = "hanging"


def _close_range(w: Words, frame: Frame) -> None:
    """The other end of a range behind "to", "until", a dash, or "and" after "between"."""
    j = frame.last
    word = w.at(j)
    comma = word == ","
    j += comma
    opens = word in RANGES or (word == "and" and frame.spans) or (word == "or" and frame.day is not None)
    if comma:
        opens = w.at(j) in ("until", "till", "through") and frame.clock is not None
    if not opens or frame.every is not None:
        return
    j += 1
    while w.at(j) in ("at", "on", "the", "about", "around", "~"):
        j += 1
    if j >= w.size or not begins(w.words[j]):
        return
    other = _frame(w, j, ranged=True)
    if other is None or other.length is not None or other.every is not None or not _comparable(frame, other):
        return
    frame.until, frame.last = other, other.last


def _comparable(frame: Frame, other: Frame) -> bool:
    """Whether two frames can be the ends of one: two clocks, or two days."""
    if (frame.clock is None) != (other.clock is None):
        return frame.clock is not None and other.part is not None
    return True


def _says_again(w: Words, before: Frame, frame: Frame) -> bool:
    """Whether the frame only repeats the one before: 09:00 JST (00:00 UTC), 10:45 UTC / 11:45 CET."""
    between = w.words[before.last : frame.first]
    counted = before.length is not None and before.lead not in ("in", "within", "over")
    return len(between) <= 3 and bool(between) and between[0] in ("(", "/", "=", "[") and frame.length is None and not counted
