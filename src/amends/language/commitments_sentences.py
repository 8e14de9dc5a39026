"""The sentences of a message that can hold a promise or a time, read into words and times, with what their label says."""

from __future__ import annotations

import re

from amends.language import zones
from amends.language.commitments_words import PAST_LABELS, PROMISING_LABELS, SPEAKERS, TRIGGERS, UPDATES
from amends.language.times_frames import Frame, frames
from amends.language.times_lexer import Words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.text import Sentence, Text

_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(r"\d{1,2}:\d\d")
_WORD = re.compile(r"[A-Za-z]{2,5}\b")
_STRUCK = re.compile(r"~~[^~\n]{1,200}~~")
_REPORTING = re.compile(r"\b(?:said|says|wrote|told|promised|replied|asked|announced)\b")
_SEPARATORS = frozenset({":", "\uff1a", "/", "-", "\u2013", "\u2014"})
_STOPS = frozenset({";", "\u2014", ".", "!"})
_LONGEST_JOINED = 1000
_TAKEN_OFF = frozenset({"recovery", "next steps", "next step", "fix"})
"""Labels that only sort what stands behind them, although their words would belong to a promise elsewhere."""


class Reading:
    """A sentence read for promises.

    `taken` leads from each word inside a time to the place behind that time; `first` is where the sentence begins behind its
    label, `label` the words of that, `past` whether the label tells of what happened; `question` whether it asks.
    """

    __slots__ = ("first", "frames", "label", "past", "question", "taken", "w")

    def __init__(self, masked: str, start: int, end: int, label: str | None) -> None:
        self.w = Words(masked, start, _before_speech(masked, start, end))
        self.frames = frames(self.w)
        if len(self.frames) > 1:
            _share_days(self.w, self.frames)
        self.taken = {i: frame.last for frame in self.frames for i in range(frame.first, frame.last)}
        self.question = bool(self.w.size) and self.w.words[-1] == "?"
        self.first, self.past, self.label = 0, False, frozenset[str]()
        if label:
            self._read_label(label)

    def _read_label(self, label: str) -> None:
        """Take the label off its line where it is no part of what is promised; later sentences of the line have none."""
        w = self.w
        mark = next((i for i in range(min(w.size, 14)) if w.words[i] in _SEPARATORS), None)
        if mark is None or label not in " ".join(w.text[w.starts[0] : w.starts[mark]].lower().split()):
            return
        self.label = frozenset(label.split())
        self.past = not PAST_LABELS.isdisjoint(self.label)
        if PROMISING_LABELS.isdisjoint(self.label) or label in _TAKEN_OFF:
            self.first = mark + 1


def readings(text: Text) -> list[Reading]:
    """The sentences of a text that can hold a promise or a time."""
    masked = _without_struck(text)
    return [Reading(masked, start, end, label) for start, end, label in _spans(text, masked)]


def _spans(text: Text, masked: str) -> Iterator[tuple[int, int, str | None]]:
    """The spans worth reading and their labels; a sentence torn apart by a stray full stop or a line end is one."""
    words = text.words
    before: Sentence | None = None
    start, end, label, speaks = 0, 0, None, False
    for sentence in text.sentences:
        if sentence.kind in ("greeting", "signature"):
            continue
        own = not TRIGGERS.isdisjoint(words[sentence.first : sentence.last]) or _DIGIT.search(masked, sentence.start, sentence.end) is not None
        if before is not None and _torn(masked, start, before, sentence):
            end, speaks = sentence.end, speaks or own
        else:
            if speaks:
                yield start, end, label
            start, end, label, speaks = sentence.start, sentence.end, sentence.label, own
        before = sentence
    if speaks:
        yield start, end, label


def _torn(masked: str, start: int, before: Sentence, sentence: Sentence) -> bool:
    """Whether a sentence only carries on the one before.

    That one began with a capital and this one begins small, or goes on with the clock or the zone of a time.
    """
    if before.kind != sentence.kind or before.paragraph != sentence.paragraph or sentence.end - start > _LONGEST_JOINED:
        return False
    first = masked[sentence.start]
    last = masked[before.end - 1]
    if last == ",":
        return (first.islower() or first.isdigit()) and masked[before.end : sentence.start].strip(" \t") == "\n"
    if last != ".":
        return False
    if first.islower():
        return masked[start].isupper()
    if first.isdigit():
        return masked[before.end - 2].isdigit() and _CLOCK.match(masked, sentence.start) is not None
    if masked[before.end - 3 : before.end].lower() != ".m.":
        return False
    word = _WORD.match(masked, sentence.start)
    return word is not None and zones.abbreviation(word[0]) is not None


def _without_struck(text: Text) -> str:
    """The masked text with struck words blanked: "~~17:00~~ 13:00 UTC" is at 13:00."""
    masked = text.masked
    if "~~" not in text.raw:
        return masked
    pieces: list[str] = []
    done = 0
    for found in _STRUCK.finditer(text.raw):
        pieces += (masked[done : found.start()], " " * (found.end() - found.start()))
        done = found.end()
    return "".join([*pieces, masked[done:]])


def _before_speech(masked: str, start: int, end: int) -> int:
    """The end of a sentence before the words of somebody else: 'He said, "I will fix it."'."""
    quote = min((at for mark in '"\u201c' if (at := masked.find(mark, start, end)) > start), default=start)
    return quote if quote > start and _REPORTING.search(masked, start, quote) else end


def _share_days(w: Words, found: list[Frame]) -> None:
    """A bare clock takes the day of the time before it.

    "Starts Sunday at 02:00 and should be through by 06:00"; and "On Friday we'll move the queue, at 10:00 UTC", where
    the day only opens the sentence and gives itself up to the clock.
    """
    for before, after in zip(found, found[1:], strict=False):
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
