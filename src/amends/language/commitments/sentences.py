"""The sentences of a message that can hold a promise or a time, read into words and times, with what their label says."""

from __future__ import annotations

import re

from amends.language.commitments.words import AHEAD, PAST_LABELS, PROMISING_LABELS, SPEAKERS, TRIGGERS, UPDATES, WILL
from amends.language.times import zones
from amends.language.times.frames import Frame, frames
from amends.language.times.lexer import Words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.text import Sentence, Text

_DIGIT = re.compile(r"[0-9]")
_REPORTING = frozenset({"said", "says", "wrote", "told", "promised", "replied", "asked", "announced"})
_LONGEST_STRUCK = 200
_RETURNS = frozenset({"recur", "recurs", "recurring", "recurrence", "prevent"})
_HAPPENING = frozenset({"happen", "happens", "happening", "happened"})
_OWN_STATEMENTS = WILL | SPEAKERS
"""Words that in small letters, as in a chat, begin a sentence of their own."""
_SEPARATORS = frozenset({":", "\uff1a", "/", "-", "\u2013", "\u2014"})
_STOPS = frozenset({";", "\u2014", ".", "!"})
_OPEN_ENDS = frozenset({"by", "at", "on", "until", "till", "before", "within", "in", "for", "the", "from", "to"})
"""Words with which no sentence ends: a line end behind them is no end."""
_LONGEST_JOINED = 1000
_TAKEN_OFF = frozenset({"recovery", "next steps", "next step", "fix"})
"""Labels that only sort what stands behind them, although their words would belong to a promise elsewhere."""


class Reading:
    """A sentence read for promises.

    `raw` is the text as it was given, to quote from; `taken` leads from each word inside a time to the place behind that
    time; `first` is where the sentence begins behind its label, `label` the words of that, `past` whether the label tells
    of what happened; `question` whether it asks.
    """

    __slots__ = ("_prevents", "first", "frames", "label", "past", "question", "raw", "taken", "w")

    def __init__(self, raw: str, masked: str, start: int, end: int, label: str | None) -> None:
        self.raw = raw
        self.w = Words(masked, start, end)
        self.frames = frames(self.w)
        if len(self.frames) > 1:
            _share_days(self.w, self.frames)
        self.taken = {i: frame.last for frame in self.frames for i in range(frame.first, frame.last)}
        self.question = bool(self.w.size) and self.w.words[self.w.size - 1] == "?"
        self.first, self.past, self.label = 0, False, frozenset[str]()
        self._prevents: bool | None = None
        if label:
            self._read_label(label)

    @property
    def prevents(self) -> bool:
        """Whether the sentence says what its promises are for: "so this can't recur", "to stop it happening again"."""
        if self._prevents is None:
            words = self.w.words
            again = "again" in words and words[words.index("again") - 1] in _HAPPENING
            self._prevents = again or not _RETURNS.isdisjoint(words)
        return self._prevents

    def _read_label(self, label: str) -> None:
        """Take the label off its line where it is no part of what is promised; later sentences of the line have none."""
        w = self.w
        mark = next((i for i in range(min(w.size, 14)) if w.words[i] in _SEPARATORS and not w.glued(i + 1)), None)
        if mark is None or label not in " ".join(w.text[w.starts[0] : w.starts[mark]].lower().split()):
            return
        self.label = frozenset(label.split())
        self.past = not PAST_LABELS.isdisjoint(self.label)
        if PROMISING_LABELS.isdisjoint(self.label) or label in _TAKEN_OFF:
            self.first = mark + 1


def readings(text: Text) -> list[Reading]:
    """The sentences of a text that can hold a promise or a time."""
    masked = _without_struck(text)
    read = []
    speaks = '"' in masked or "\u201c" in masked
    for start, end, label in _spans(text, masked):
        if speaks:
            end = _before_speech(masked, start, end)
        reading = Reading(text.raw, masked, start, end, label)
        if reading.frames or not AHEAD.isdisjoint(reading.w.words):
            read.append(reading)
    return read


def _spans(text: Text, masked: str) -> Iterator[tuple[int, int, str | None]]:
    """The spans worth reading, with their labels; a sentence torn apart by a stray full stop or a line end is one."""
    words = text.words
    before: Sentence | None = None
    start, end, label, worth = 0, 0, None, False
    for sentence in text.sentences:
        if sentence.kind in ("greeting", "signature"):
            continue
        own = not TRIGGERS.isdisjoint(words[sentence.first : sentence.last]) or bool(_DIGIT.search(masked, sentence.start, sentence.end))
        if before is not None and _carries_on(masked, start, before, sentence):
            end, worth = sentence.end, worth or own
        else:
            if worth:
                yield start, end, label
            start, end, label, worth = sentence.start, sentence.end, sentence.label, own
        before = sentence
    if worth:
        yield start, end, label


def _carries_on(masked: str, start: int, before: Sentence, sentence: Sentence) -> bool:
    """Whether a sentence belongs to the one before, which begins at `start`."""
    if masked[sentence.start].isupper():
        return masked[before.end - 2] in "mM" and _goes_on_with_zone(masked, before, sentence)
    return _torn(masked, start, before, sentence)


def _torn(masked: str, start: int, before: Sentence, sentence: Sentence) -> bool:
    """Whether a sentence only carries on the one before.

    That one began with a capital and this one begins small, or goes on with the date of a weekday or the clock of a date.
    """
    same = before.kind == sentence.kind or (before.kind, sentence.kind) == ("label", "sentence")
    if not same or before.paragraph != sentence.paragraph or sentence.end - start > _LONGEST_JOINED:
        return False
    first = masked[sentence.start]
    last = masked[before.end - 1]
    if last != ".":
        broken = masked[before.end : sentence.start].strip(" \t\r") == "\n"
        if not broken or not (first.islower() or first.isdecimal()):
            return False
        dated = _is_clock(masked, sentence.start) and _is_date(masked[before.end - 10 : before.end])
        return last == "," or dated or masked[start : before.end].rpartition(" ")[2].lower() in _OPEN_ENDS
    if first.islower():
        begins_anew = masked[sentence.start : sentence.start + 12].split(maxsplit=1)[0] in _OWN_STATEMENTS
        return masked[start].isupper() and not begins_anew
    if first.isdecimal():
        dated = masked[before.end - 2].isdecimal() or masked[before.end - 4 : before.end] == "day."
        return dated and (_is_clock(masked, sentence.start) or _is_date(masked[sentence.start : sentence.start + 10]))
    return False


def _goes_on_with_zone(masked: str, before: Sentence, sentence: Sentence) -> bool:
    """Whether a sentence opens with the zone of the clock before it: "4 p.m. ET and …"."""
    if masked[before.end - 3 : before.end].lower() != ".m.":
        return False
    word = masked[sentence.start : sentence.start + 10].split(maxsplit=1)[0]
    return zones.abbreviation(word.strip(",.;:)")) is not None or word.strip(",.;:)").lower() in zones.NAMES


def _is_clock(masked: str, at: int) -> bool:
    """Whether a clock such as 9:30 stands at an offset."""
    hour, mark, minute = masked[at : at + 5].partition(":")
    return bool(mark) and hour.isdecimal() and minute[:2].isdecimal()


def _is_date(tail: str) -> bool:
    """Whether the end of a text is a date or a day of the week."""
    return tail.endswith("day") or (len(tail) == 10 and tail[4] == tail[7] == "-" and tail.replace("-", "").isdecimal())


def _without_struck(text: Text) -> str:
    """The masked text with struck words blanked: "~~17:00~~ 13:00 UTC" is at 13:00."""
    raw, masked = text.raw, text.masked
    opening = raw.find("~~")
    pieces: list[str] = []
    done = 0
    while opening >= 0:
        closing = raw.find("~~", opening + 2, opening + _LONGEST_STRUCK)
        if closing > 0 and "\n" not in raw[opening:closing]:
            pieces += (masked[done:opening], " " * (closing + 2 - opening))
            done = closing + 2
        opening = raw.find("~~", max(done, opening + 2))
    return "".join([*pieces, masked[done:]]) if done else masked


def _before_speech(masked: str, start: int, end: int) -> int:
    """The end of a sentence before the words of somebody else: 'He said, "I will fix it."'."""
    quote = min((at for mark in '"\u201c' if (at := masked.find(mark, start, end)) > start), default=start)
    return quote if quote > start and not _REPORTING.isdisjoint(masked[start:quote].lower().replace(",", " ").split()) else end


def _share_days(w: Words, found: list[Frame]) -> None:
    """A bare clock takes the day of the time before it.

    "Starts Sunday at 02:00 and should be through by 06:00"; and "On Friday we'll move the queue, at 10:00 UTC", where
    the day only opens the sentence and gives itself up to the clock.
    """
    for number, after in enumerate(found[1:]):
        before = found[number]
        opening, closing = before.clock, after.clock
        between = w.words[before.last : after.first]
        named = before.date is not None or before.weekday is not None or (before.day is not None and before.day.shift != 0)
        bare = not after.dated and after.part is None and not after.alias and closing is not None and not closing.name
        if not named or not bare or not UPDATES.isdisjoint(between) or not _STOPS.isdisjoint(between):
            continue
        if opening is None:
            opens = before.first <= 1 and before.part is None and before.until is None
            if not opens or after.lead not in ("at", "from", "between"):
                continue
            before.alias = True
        elif closing is None or (opening.hour, opening.minute) >= (closing.hour, closing.minute) or not SPEAKERS.isdisjoint(between):
            continue
        after.share_day(before)
        after.zone = after.zone or before.zone
