"""Promises in a message: whose they are, how firm, and when each is due; and the times that are no promise.

The conventions are those of the evaluation sets: a promise binds the speaker, or somebody else by name, to something in
the future. Requests, questions, refusals, duties, habits, quotations and what happened are none. A promise is quoted
with its clause, not with its paragraph.
"""

from __future__ import annotations

import re

from amends.language.calendar import DEFAULT, Calendar
from amends.language.commitments_clauses import Clause, clauses, split_at
from amends.language.commitments_words import (
    ACTIONS,
    ADJECTIVAL_BEFORE,
    CONDITIONS,
    CONTENT_FREE,
    DELIVERIES,
    DONE,
    FOLLOWING,
    FORECASTS,
    FUTURATE,
    FUTURE_PRESENTS,
    IMPERATIVES,
    IRREGULAR_PASTS,
    NEGATIONS,
    OTHERS,
    OWN_ROLES,
    PARTNERS,
    PASSIVE_DELIVERIES,
    PAST_LABELS,
    PLANS,
    PROMISING_LABELS,
    PRONOUNS,
    REPAIRS,
    SAFEGUARDS,
    SPEAKERS,
    STATES,
    UNPROMISED,
    UPDATES,
    VAGUE_TIMES,
    WEAK,
    WILL,
)
from amends.language.records import Commitment, PastTime
from amends.language.times import note_of, quoted
from amends.language.times_atoms import Words
from amends.language.times_frames import Frame, frames
from amends.language.times_resolve import Moment, Speaker, resolve
from amends.language.times_words import CLOCKS, DAYS, MONTHS, PARTS, PERIOD_ENDS, RECURRENCES, UNITS, WEEKDAYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from amends.language.text import Sentence, Text
    from amends.language.zones import Zone

_DIGIT = re.compile(r"\d")
_TRIGGERS = frozenset(
    {
        *WILL,
        *PLANS,
        *FORECASTS,
        *(phrase[0] for phrase in VAGUE_TIMES if len(phrase) == 1),
        *CLOCKS,
        *DAYS,
        *MONTHS,
        *PARTS,
        *PERIOD_ENDS,
        *RECURRENCES,
        *UNITS,
        *WEEKDAYS,
        *(f"mid-{month}" for month in MONTHS),
        "going",
        "follow",
        "follows",
        "come",
        "now",
        "half",
        "ten",
        "quarter",
        "five",
        "twenty",
        "weekend",
        "hour",
        "soon",
        "release",
    }
)
_FORWARD_LEADS = frozenset({"by", "at", "in", "within", "before", "on", "until", "till", "from", "between", "over", "around", "about", "to", "towards", "for", "during", "eta", "@", "", "every", "of", "through", "throughout", "after"})
_SUPERSEDED = frozenset({"was", "not", "instead", "were", "originally", "previously", "formerly", "rather", "missed"})
_BACKGROUND = frozenset("working looking investigating seeing experiencing having waiting hoping trying continuing monitoring aware observing still sorry experiencing getting".split())
_AUXILIARIES = frozenset({"be", "been", "being", "also", "then", "now", "still", "just", "again", "immediately", "definitely", "certainly", "to", "only", "both", "each", "all", "be", "automatically", "continue", "keep"})
_YOURS = frozenset({"receive", "get", "have", "hear", "see", "find", "notice"})
_FINITE = frozenset({"is", "are", "am", "has", "have", "do", "does", "i'm", "we're", "it's", "that's", "they're", "can", "you're", "there's"})
_STOPS = frozenset({";", "\u2014", ".", "!"})
_SETTING = frozenset({*FUTURATE, "aim", "aiming", "target", "targeting", "move", "moved", "moving", "moves", "date", "slot", "window", "plan", "planning", "eta", "set", "postponed", "schedule", "deadline", "shooting", "meeting"})
_TAIL_CONDITIONS = frozenset({"if", "once", "unless", "when", "whenever", "assuming", "after"})
_COPULAS = frozenset({"is", "are", "be", "been", "", ":", "it's", "currently", "now", "fully"})
_RESULTS = frozenset("raised fixed deployed merged restored added patched finished completed published sent closed tested shipped updated reviewed rolled switched moved rotated cleared drained reverted".split())
_SUBORDINATE = frozenset({"when", "if", "whether", "how", "what", "why", "where", "until", "once", "because", "unless", "as"})
_CONTENTLESS = frozenset("also again finally both and at by on then the in from to of starting beginning around about until between or no later than is".split())
_PAST_NOUNS = frozenset({"outage", "outages", "duration", "timeframe", "timeframes", "downtime", "disruption", "impact", "incident", "incidents"})
_THANKS = frozenset({"thank", "thanks", "sorry", "apologies", "with", "happy", "welcome"})
_REPORTING = re.compile(r"\b(?:said|says|wrote|told|promised|replied|asked|announced)\b")
_STRUCK = re.compile(r"~~[^~\n]{1,200}~~")
_HALF_A_YEAR = 190


def find(text: Text, at: datetime, tz: str | None = None, calendar: Calendar = DEFAULT) -> tuple[tuple[Commitment, ...], tuple[PastTime, ...]]:
    """The commitments of a message and its past times, each in order.

    `at` is when it is sent, `tz` the sender's zone (None for the offset of `at`).
    """
    masked = _without_struck(text)
    read = [_Sentence(masked, unit) for unit in _units(text)]
    if not read:
        return (), ()
    speaker = Speaker(at, tz, calendar, _stated(read))
    promises: list[Commitment] = []
    past: list[PastTime] = []
    for sentence in read:
        _Judge(sentence, speaker, promises, past).judge()
    return tuple(promises), tuple(past)


def _stated(read: list[_Sentence]) -> Zone | None:
    """The zone that the whole message goes by: the only one it states."""
    named: dict[str, Zone] = {}
    for sentence in read:
        for frame in sentence.frames:
            for half in (frame, frame.until):
                if half is not None and half.zone is not None:
                    named[half.zone.words.lower()] = half.zone
    return next(iter(named.values())) if len(named) == 1 else None


# Sentences worth reading


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


def _units(text: Text) -> Iterator[tuple[int, int, Sentence]]:
    """The spans that can hold a promise or a time, with their sentence; a sentence torn apart by a stray full stop is one."""
    words, masked = text.words, text.masked
    pending: tuple[int, int, Sentence, bool] | None = None
    for sentence in text.sentences:
        if sentence.kind in ("greeting", "signature"):
            continue
        speaks = not _TRIGGERS.isdisjoint(words[sentence.first : sentence.last]) or _DIGIT.search(masked, sentence.start, sentence.end) is not None
        if pending is not None and _torn(masked, pending, sentence):
            pending = (pending[0], sentence.end, pending[2], pending[3] or speaks)
            continue
        if pending is not None and pending[3]:
            yield pending[:3]
        pending = (sentence.start, sentence.end, sentence, speaks)
    if pending is not None and pending[3]:
        yield pending[:3]


def _torn(masked: str, before: tuple[int, int, Sentence, bool], sentence: Sentence) -> bool:
    """Whether a sentence only carries on the one before: that began with a capital, and this begins small or with a bare clock."""
    if before[2].kind != sentence.kind or before[2].paragraph != sentence.paragraph or sentence.end - before[0] > 1000:
        return False
    first = masked[sentence.start]
    if masked[before[1] - 1] == "," and masked[before[1] : sentence.start].strip(" \t") == "\n":
        return first.islower() or first.isdigit()
    if masked[before[1] - 1] != ".":
        return False
    if first.islower():
        return masked[before[0]].isupper()
    return first.isdigit() and masked[sentence.start + 1 : sentence.start + 3].lstrip("0123456789")[:1] == ":" and masked[before[1] - 2].isdigit()


def _before_speech(masked: str, start: int, end: int) -> int:
    """The end of a sentence before the words of somebody else: 'He said, "I will fix it."'."""
    quote = min((at for mark in '"\u201c' if (at := masked.find(mark, start, end)) > 0), default=-1)
    if quote <= start or _REPORTING.search(masked, start, quote) is None:
        return end
    return quote


class _Sentence:
    """One sentence read for promises: its words, its times, and what its label says."""

    __slots__ = ("frames", "hint", "past_label", "start", "taken", "w")

    def __init__(self, masked: str, unit: tuple[int, int, Sentence]) -> None:
        start, end, sentence = unit
        self.w = Words(masked, start, _before_speech(masked, start, end))
        self.frames = frames(self.w)
        self.taken = {i for frame in self.frames for i in range(frame.first, frame.last)}
        self._share_days()
        self.start = 0
        self.past_label = False
        self.hint = ""
        if sentence.label:
            self._read_label(sentence.label)

    def _share_days(self) -> None:
        """A bare clock takes the day of the time before it.

        "Starts Sunday at 02:00 and should be through by 06:00"; and "On Friday we'll move the queue, at 10:00 UTC", where
        the day only opens the sentence and gives itself up to the clock.
        """
        for before, after in zip(self.frames, self.frames[1:], strict=False):
            opening, closing = before.clock, after.clock
            dated = before.date is not None or before.weekday is not None or (before.day is not None and before.day.shift != 0)
            bare = after.date is None and after.weekday is None and after.day is None and after.part is None and not after.alias
            between = self.w.words[before.last : after.first]
            if not dated or not bare or closing is None or closing.name or not UPDATES.isdisjoint(between) or not _STOPS.isdisjoint(between):
                continue
            if opening is None and before.first <= 1 and before.part is None and before.until is None and after.lead in ("at", "from", "between"):
                before.alias = True
            elif opening is None or (opening.hour, opening.minute) >= (closing.hour, closing.minute) or not SPEAKERS.isdisjoint(between):
                continue
            after.date, after.weekday, after.day = before.date, before.weekday, before.day
            after.zone = after.zone or before.zone

    def _read_label(self, label: str) -> None:
        """Take the label off its line where it is no part of what is promised; later sentences of the line have none."""
        w = self.w
        words = label.split()
        separator = next((i for i in range(min(w.size, 14)) if w.words[i] in (":", "\uff1a", "/", "-", "\u2013", "\u2014")), None)
        if separator is None or " ".join(words) not in " ".join(w.text[w.starts[0] : w.starts[separator]].lower().split()):
            return
        self.past_label = not PAST_LABELS.isdisjoint(words)
        self.hint = label
        if PROMISING_LABELS.isdisjoint(words) or label in ("recovery", "next steps", "next step", "fix"):
            self.start = separator + 1


# What a clause says


class _Cues:
    """The verbs of a clause that tell its direction: heads lead ahead, pasts back, negations and weak verbs take away."""

    __slots__ = ("heads", "negated", "pasts", "weak")

    def __init__(self, w: Words, clause: Clause, taken: set[int]) -> None:
        self.heads: list[tuple[int, str]] = []
        self.pasts: list[tuple[int, bool]] = []
        self.negated: list[int] = []
        self.weak: list[int] = []
        words = w.words
        for i in range(clause.main, clause.last):
            word = words[i]
            if i in taken:
                continue
            if word in _CUE_WORDS:
                self._note(w, i, word, clause)
            elif word.endswith("ed") and len(word) > 4 and _tells_past(w, i, clause):
                self._past(w, i, strong=w.at(i - 1) in PRONOUNS)

    def _past(self, w: Words, i: int, *, strong: bool) -> None:
        """Note a past form, unless it completes a verb that leads ahead ("will have it deployed")."""
        if self.heads and self.heads[-1][1] in ("will", "plan"):
            between = w.words[self.heads[-1][0] + 1 : i]
            if _RELATIVES.isdisjoint(between):
                return
        self.pasts.append((i, strong))

    def _note(self, w: Words, i: int, word: str, clause: Clause) -> None:
        before, after = w.at(i - 1), w.at(i + 1)
        if word in WILL:
            self.heads.append((i, "will"))
        elif word == "going":
            if after == "to" and before != "was" and before != "were":
                self.heads.append((i, "will"))
        elif word in FORECASTS:
            self._forecast(i, word, before, after)
        elif word in PLANS:
            if self._is_verb(word, before, after) and not self.pasts:
                self.heads.append((i, "plan"))
        elif word in FUTURATE:
            if before in ("is", "are", "been", "be", "i", "we", "have", "now") or i == clause.main:
                self.heads.append((i, "futurate"))
        elif word in NEGATIONS:
            if not (word in ("no", "not") and after in ("later", "longer", "only", "-")):
                self.negated.append(i)
        elif word in WEAK:
            if not (word in ("has", "needs", "need", "can") and False):
                self.weak.append(i)
        elif word in IRREGULAR_PASTS and not (word in _HOMONYMS and not _tells_past(w, i, clause)) and not (word in ("was", "were") and before in (",", "(")):
            self._past(w, i, strong=True)

    def _is_verb(self, word: str, before: str, after: str) -> bool:
        """Whether "plan", "promise" or "want" is a verb here, and not "a detailed plan to …"."""
        if word == "about":
            return after == "to"
        if word in ("plan", "promise", "pledge"):
            return before in PRONOUNS or before in ("and", "also", "now", "currently", "do", "to", "hereby", "still", "or")
        return before not in ("the", "a", "our", "this", "no", "my", "their", "can't", "cannot")

    def _forecast(self, i: int, word: str, before: str, after: str) -> None:
        if word == "should" and after in ("have", "not"):
            self.pasts.append((i, True)) if after == "have" else self.negated.append(i)
        elif word in ("expected", "estimated", "anticipated", "projected") and not (before in _COPULAS or (after in ("by", "within", "at", "in", "to", "around", "on") and before != "than")):
            if before == "already":
                self.pasts.append((i, False))
        elif word == "think" and before in ("don't", "not"):
            self.negated.append(i)
        elif word in ("estimate", "target", "targets", "estimates", "estimation") and before in ("the", "an", "a", "our", "no", "this"):
            return
        else:
            self.heads.append((i, "forecast"))

    def governing(self, frame: Frame) -> str:
        """Whether the verb nearest before a time, or else the first behind it, leads ahead or back; "weak" back for a bare form in -ed."""
        cues = sorted([(i, "ahead") for i, _ in self.heads] + [(i, "back" if strong else "weak") for i, strong in self.pasts])
        before = [kind for i, kind in cues if i < frame.first]
        if before:
            return "back" if before[-1] == "weak" and "back" in before else before[-1]
        return cues[0][1] if cues else ""


_RELATIVES = frozenset({"that", "which", "who", "what", "we", "i", "they", "he", "she", "when", "where", "because", "since", "as"})
_HOMONYMS = frozenset({"left", "set", "felt", "shipped", "started", "ended", "lost", "sent", "built", "found", "made", "told", "missed", "failed", "held", "written", "won", "paid", "thought", "kept", "shot", "stuck"})
_CUE_WORDS = frozenset({*WILL, "going", *FORECASTS, *PLANS, *FUTURATE, *NEGATIONS, *WEAK, *IRREGULAR_PASTS})


def _tells_past(w: Words, i: int, clause: Clause) -> bool:
    """Whether a form in -ed tells what happened, and does not describe a noun or complete a "will be"."""
    j = i - 1
    while j > clause.main and w.words[j].endswith("ly"):
        j -= 1
    before = w.at(j)
    return i == clause.main or not before[:1].isalpha() or before not in ADJECTIVAL_BEFORE


class _Judge:
    """Decides for each clause of one sentence what it is."""

    def __init__(self, sentence: _Sentence, speaker: Speaker, promises: list[Commitment], past: list[PastTime]) -> None:
        self.sentence = sentence
        self.w = sentence.w
        self.speaker = speaker
        self.promises = promises
        self.past = past
        self.question = bool(self.w.size) and self.w.words[-1] == "?"
        self.moments: dict[int, Moment] = {}

    def judge(self) -> None:
        """Read every clause, and every part of one that holds several times."""
        for clause in clauses(self.w, self.sentence.frames, self.sentence.start):
            own = [frame for frame in self.sentence.frames if clause.first <= frame.first < clause.last]
            whole = _Cues(self.w, clause, self.sentence.taken)
            plain = [frame for frame in own if not frame.alias and frame.first >= clause.main and self._usable(frame) and not self._superseded(frame)]
            parts = split_at(self.w, clause, plain) if len(plain) > 1 else [clause]
            for part in parts:
                if len(parts) > 1 and not self._has_words(part):
                    continue
                if clause.companion:
                    self._tell_all(whole, own, clause)
                    continue
                self._clause(part, [frame for frame in own if part.first <= frame.first < part.last], whole)

    def _tell_all(self, cues: _Cues, own: list[Frame], clause: Clause) -> None:
        """The past times of a clause that only accompanies another."""
        for frame in own:
            if not frame.alias and self._lies_back(frame, cues, clause):
                self._tell_past(frame)

    def _has_words(self, clause: Clause) -> bool:
        return any(i not in self.sentence.taken and self.w.words[i][0].isalpha() and self.w.words[i] not in _CONTENTLESS for i in range(clause.first, clause.last))

    # Times

    def _moment(self, frame: Frame) -> Moment:
        if frame.first not in self.moments:
            self.moments[frame.first] = resolve(frame, self.speaker)
        return self.moments[frame.first]

    def _usable(self, frame: Frame) -> bool:
        """Whether a time can be the due time of something."""
        if frame.lead in ("since", "than", "lasted", "took", "lasting") or frame.relative in ("ago", "hanging"):
            return False
        if frame.lead == "" and self.w.at(frame.first - 1) == ")":
            return False
        if frame.lead == "for" and not self._set_for(frame):
            return False
        moment = self._moment(frame)
        return moment.due is not None and "past" not in moment.flags or not moment.flags.isdisjoint(("impossible", "no-calendar", "uncounted"))

    def _set_for(self, frame: Frame) -> bool:
        """Whether "for Friday" says when something is planned, and not what it is for."""
        words = self.w.words[max(0, frame.first - 9) : frame.first]
        return not _SETTING.isdisjoint(words)

    def _superseded(self, frame: Frame) -> bool:
        """Whether the time is named only to say that it no longer holds."""
        for j in range(frame.first - 1, max(-1, frame.first - 4), -1):
            word = self.w.words[j]
            if word in _SUPERSEDED:
                return True
            if word not in ("of", "the", "on", "for", "at", "by", "due", "than"):
                return False
        return False

    # Clauses

    def _clause(self, clause: Clause, own: list[Frame], whole: _Cues) -> None:
        cues = _Cues(self.w, clause, self.sentence.taken)
        if not cues.heads and not cues.pasts:
            cues.pasts = whole.pasts
        ahead: list[Frame] = []
        for frame in own:
            if frame.alias:
                continue
            if self._lies_back(frame, cues, clause):
                self._tell_past(frame)
            elif self._usable(frame) and not self._superseded(frame):
                ahead.append(frame)
        if self.question or self._requests(clause):
            return
        if (left := self._time_left(own)) is not None:
            self._add(clause, self._as_deadline(left), None, actor="speaker", forecast=True)
            return
        head = self._head(clause, cues)
        if head is not None:
            if not self._refused(head, cues, clause):
                self._with_head(clause, cues, head, ahead, own)
        elif not cues.negated and not (cues.weak and not self._only_has(cues)) and not (any(strong for _, strong in cues.pasts) and not ahead):
            self._fragment(clause, cues, ahead, own)

    def _only_has(self, cues: _Cues) -> bool:
        return all(self.w.words[i] == "has" for i in cues.weak)

    def _lies_back(self, frame: Frame, cues: _Cues, clause: Clause) -> bool:
        """Whether a time tells when something happened."""
        if frame.lead in ("since", "lasted", "took", "lasting") or frame.relative == "ago" or "past" in self._moment(frame).flags:
            return True
        if (frame.day is not None and frame.day.shift < 0) or (frame.weekday is not None and frame.weekday.shift == -1) or (frame.period is not None and frame.period.shift < 0):
            return True
        direction = cues.governing(frame)
        if direction == "back":
            return True
        if direction == "weak":
            return not (frame.lead in ("by", "before") and self._comes(frame) and self._aims(clause))
        if not direction:
            return self.sentence.past_label and not (frame.lead in ("by", "before") and self._comes(frame))
        return False

    def _aims(self, clause: Clause) -> bool:
        """Whether a past participle names a result to reach ("pool raised to 200 by 10:40"), not what happened."""
        words = self.w.words[clause.main : clause.last]
        return words[0] not in ("the", "a", "an", "this", "these", "that", "all", "it") and not _RESULTS.isdisjoint(words)

    def _comes(self, frame: Frame) -> bool:
        """Whether the time, read plainly, has not passed yet."""
        moment = self._moment(frame)
        return moment.due is not None and moment.due > self.speaker.at and "rolled" not in moment.flags

    def _tell_past(self, frame: Frame) -> None:
        moment = resolve(frame, self.speaker, back=True)
        start, end = quoted(self.w, frame)
        self.past.append(PastTime(self.w.text[start:end], start, end, moment.due if "duration" not in moment.flags else None))

    def _requests(self, clause: Clause) -> bool:
        """Whether the clause asks the reader to do something."""
        w = self.w
        words = w.words[clause.main : clause.last]
        if "please" in words or "kindly" in words:
            return True
        i = clause.main
        while i < clause.last and words[i - clause.main] in ("and", "then", "so", "but", "also", "just", "or"):
            i += 1
        first, second = w.at(i), w.at(i + 1)
        if first in ("can", "could", "would", "will") and second in ("you", "somebody", "someone", "anyone"):
            return True
        if first in ("you", "you'll") and second in ("must", "need", "should", "can", "have", "may", "might", "could") and not (second == "have" and w.at(i + 2) == "my"):
            return True
        if first == "let":
            return second == "me" and w.at(i + 2) == "know"
        if first in IMPERATIVES and not (first in ("update", "review", "release", "fix") and second not in ("your", "the", "us", "me")):
            return not (first == "give" and second in ("me", "us") and bool(self._length_ahead(i + 2))) and (second in ("your", "me", "us", "the", "a", "to", "our", "this", "in", "it", "if", "for", "on", "by") or first in ("please",))
        return False

    def _length_ahead(self, i: int) -> bool:
        return any(frame.first - i in (0, 1) and frame.length is not None for frame in self.sentence.frames)

    def _head(self, clause: Clause, cues: _Cues) -> tuple[int, str] | None:
        """The verb that leads ahead: the first "will", or else the first plan or forecast."""
        heads = [head for head in cues.heads if not self._subordinate(clause, head[0])]
        wills = [head for head in heads if head[1] == "will"]
        firm = [head for head in heads if head[1] != "forecast"]
        if wills and heads[0][1] == "plan":
            return heads[0]
        best = wills or firm or heads
        return best[0] if best else None

    def _subordinate(self, clause: Clause, i: int) -> bool:
        """Whether a verb stands behind a "when" or a "whether" inside the clause: "an estimate for when it will be done"."""
        return any(self.w.words[j] in _SUBORDINATE and j not in self.sentence.taken and self.w.at(j - 1) != "is" for j in range(clause.main + 1, i))

    def _refused(self, head: tuple[int, str], cues: _Cues, clause: Clause) -> bool:
        """Whether the promise is denied: "will not", "I don't think we will", "no further updates are planned"."""
        return any(i < head[0] or i - head[0] <= 2 and self.w.words[i] not in ("no", "nothing") for i in cues.negated) and clause.main <= head[0]

    # Who

    def _subject(self, clause: Clause, i: int, first: int) -> str:
        """Who does it: speaker, other, you, thing, or nobody named; looked for from the verb back to `first`."""
        w = self.w
        word = w.words[i]
        if "'" in word:
            return _who(word.partition("'")[0])
        for j in range(i - 1, first - 1, -1):
            before = w.words[j]
            if before in PRONOUNS:
                return _who(before.partition("'")[0])
            if before in (",", ":") or (before in ("and", "or") and i - j > 1):
                break
        first = max([j + 1 for j in range(first, i) if w.words[j] in ("and", ",", "but")], default=first)
        names = [name for j, name in enumerate(w.words[first:i], first) if j not in self.sentence.taken and name[0].isalpha()]
        names = [name for name in names if name not in ("is", "are", "am", "was", "has", "and", "then", "also", "so", "but", "still", "now", "hopefully", "accordingly", "finally")]
        if not names and first > clause.main:
            return self._subject(clause, first - 1, clause.main)
        return self._noun(names, first, i) if names else ""

    def _noun(self, names: list[str], first: int, i: int) -> str:
        """Who a noun names: our own people, somebody else, or a thing."""
        known = set(names)
        if not PARTNERS.isdisjoint(known):
            return "other"
        if not OWN_ROLES.isdisjoint(known):
            return "speaker"
        if not OTHERS.isdisjoint(known):
            return "other"
        if len(names) == 1 and self._is_name(first, i, names[0]):
            return "other"
        return "thing"

    def _is_name(self, first: int, i: int, name: str) -> bool:
        """Whether a single capitalised word before a verb of doing is a person: "Marta will draft", but "Access will be"."""
        w = self.w
        j = next((j for j in range(first, i) if w.words[j] == name), first)
        written = w.text[w.starts[j] : w.ends[j]]
        after = w.at(i + 1) if w.at(i) != "going" else w.at(i + 2)
        return written[0].isupper() and not written.isupper() and not name.endswith("s") and after not in ("be", "have") and (after in ACTIONS or w.words[i] in PLANS)

    # With a verb that leads ahead

    def _with_head(self, clause: Clause, cues: _Cues, head: tuple[int, str], ahead: list[Frame], own: list[Frame]) -> None:
        i, kind = head
        subject = self._subject(clause, i, max((j + 1 for j, _ in cues.heads if j < i), default=clause.main))
        verb = self._verb(i)
        frame = self._due_frame(clause, head, ahead)
        if frame is not None and frame.every is not None and kind != "will" and subject not in ("speaker", "") and not self._is_update(clause):
            frame = None
        vague = self._vague_time(clause)
        timed = frame is not None or vague is not None
        if not self._promises(clause, kind, subject, verb, timed=timed, frame=frame, i=i):
            return
        forecast = any(k == "forecast" for _, k in cues.heads) and not (self._tells_to_expect(clause, i) and self._kind(clause) != "fix")
        self._add(clause, frame, vague, actor="other" if subject == "other" else "speaker", forecast=forecast)

    def _verb(self, i: int) -> str:
        """The verb behind "will": the first word that is neither an auxiliary nor an adverb."""
        w = self.w
        j = i + 1 + (w.words[i] == "going")
        while w.at(j) in _AUXILIARIES or w.at(j).endswith("ly") or (w.at(j) == "have" and w.at(j + 1).endswith("ed")):
            if w.at(j) == "be" and (w.at(j + 1) in STATES or j + 1 in self.sentence.taken):
                return "be"
            j += 1
        return w.at(j)

    def _promises(self, clause: Clause, kind: str, subject: str, verb: str, *, timed: bool, frame: Frame | None, i: int) -> bool:
        """Whether a clause with a verb that leads ahead is a promise, by who does what."""
        w = self.w
        due = frame is not None and self._moment(frame).due is not None
        if kind == "will":
            if not verb:
                return False
            if subject in ("speaker", ""):
                late = verb == "be" and due and not {"late", "delayed"}.isdisjoint(w.words[i : i + 5])
                again = verb == "do" and "so" in w.words[i + 1 : i + 5]
                return late or not (verb in UNPROMISED or again or (verb == "be" and not self._is_window(frame)))
            if subject == "you":
                return verb in _YOURS and (timed or verb in ("receive", "get", "hear"))
            if subject == "other":
                return timed and verb not in UNPROMISED
            if verb in UNPROMISED or w.at(i - 1) == "there":
                return False
            if frame is None and timed:
                return self._kind(clause) != "other"
            return timed or self._is_delivery(clause) or verb in ("follow", "come")
        if kind == "plan":
            word = w.words[i]
            if word in ("want", "wants"):
                return subject == "other" and due
            return timed or (subject in ("speaker", "") and word in ("plan", "commit", "promise", "planning", "undertake", "pledge"))
        if kind == "futurate":
            return due and (frame is None or frame.every is None)
        return timed and (verb not in UNPROMISED or (subject in ("speaker", "") and verb in ("know", "hear")))

    def _is_window(self, frame: Frame | None) -> bool:
        return frame is not None and frame.until is not None

    def _tells_to_expect(self, clause: Clause, i: int) -> bool:
        """ "Expect an update at noon" is said to the reader; "Expect to be done at noon" about oneself."""
        return self.w.words[i] == "expect" and i == clause.main and self.w.at(i + 1) != "to" and (clause.first == self.sentence.start or bool(clause.condition))

    def _is_delivery(self, clause: Clause) -> bool:
        words = self.w.words[clause.main : clause.last]
        return not PASSIVE_DELIVERIES.isdisjoint(words) and ("be" in words or "been" in words)

    def _is_update(self, clause: Clause) -> bool:
        words = set(self.w.words[clause.main : clause.last])
        return not UPDATES.isdisjoint(words)

    def _due_frame(self, clause: Clause, head: tuple[int, str], ahead: list[Frame]) -> Frame | None:
        """The time at which it is due: the first that stands in no condition."""
        tail = self._tail_condition(clause, head[0])
        free = [frame for frame in ahead if clause.main <= frame.first < tail]
        hung = [frame for frame in ahead if frame.first >= tail and frame.lead in ("by", "at", "in", "within", "before", "on", "")]
        stays = self._verb(head[0]) in ("be", "remain", "keep", "stay")
        fitting = [frame for frame in free or hung if not (stays and frame.lead in ("until", "till"))]
        return min(fitting, key=lambda frame: frame.lead == "from" and frame.until is None, default=None)

    def _tail_condition(self, clause: Clause, i: int) -> int:
        """Where a condition behind the verb begins; the end of the clause where there is none."""
        w = self.w
        for j in range(i + 1, clause.last):
            word = w.words[j]
            if j in self.sentence.taken:
                continue
            if word in _TAIL_CONDITIONS and not (word in ("after", "when") and (j + 1 in self.sentence.taken or w.at(j - 1) == "is")):
                return j
            if word == "provided" and w.at(j + 1) in ("that", "the", "no", "we", "all", "nothing") and w.at(j - 1) not in ("be", "been", "is", "are"):
                return j
            if word == "as" and w.at(j + 1) == "soon" and w.at(j + 2) == "as":
                return j
        return clause.last

    def _vague_time(self, clause: Clause) -> tuple[int, int] | None:
        """The words of a time that binds to nothing, if the clause has one."""
        words = self.w.words
        for j in range(clause.main, clause.last):
            for phrase in _VAGUE_BY_FIRST.get(words[j], ()):
                if tuple(words[j : j + len(phrase)]) == phrase and not (phrase[0] in ("soon", "shortly") and self.w.at(j + 1) in ("after", "thereafter", "afterwards", "as")):
                    if phrase[0] == "soon" and self.w.at(j - 1) == "as":
                        continue
                    return j, j + len(phrase)
        return None

    # Without

    def _fragment(self, clause: Clause, cues: _Cues, ahead: list[Frame], own: list[Frame]) -> None:
        """A clause without a verb that leads ahead: "Next update 14:30", "ETA 45 min", "The fix goes out tonight"."""
        w = self.w
        words = w.words[clause.main : clause.last]
        lengths = [frame for frame in own if frame.length is not None and not frame.alias and frame.relative == "" and frame.lead not in ("for", "since", "than", "lasted", "took")]
        if self._asks_for_time(clause, lengths) or (lengths and "eta" in words and not ahead):
            self._add(clause, self._as_deadline(lengths[0]), None, actor="speaker", forecast=False)
            return
        if not ahead:
            self._timeless(clause, words, cues)
            return
        frame = ahead[0]
        moment = self._moment(frame)
        if moment.due is None and "impossible" not in moment.flags and "no-calendar" not in moment.flags:
            return
        if self._stale(frame, moment) or self._opens_entry(clause, frame) or not self._has_words(clause) or words[0] in _THANKS:
            return
        if frame.lead == "at" and frame.clock is not None and frame.clock.name == "eod":
            return  # the idiom: "at the end of the day it works"
        if self._announces(clause, cues, words, frame):
            self._add(clause, frame, None, actor=self._fragment_actor(clause, frame), forecast=False)

    def _asks_for_time(self, clause: Clause, lengths: list[Frame]) -> bool:
        """ "Give us two hours", "Half an hour and I'll …"."""
        w = self.w
        if not lengths or self._moment(lengths[0]).due is not None:
            return False
        frame = lengths[0]
        return (w.at(frame.first - 1) in ("me", "us") and w.at(frame.first - 2) == "give") or (frame.first == clause.first and frame.last >= clause.last)

    def _time_left(self, own: list[Frame]) -> Frame | None:
        """The length in "needs another 40 minutes": what is still to come."""
        for frame in own:
            if frame.length is not None and frame.lead == "another" and self.w.at(frame.first - 2) in ("needs", "need", "takes", "take"):
                return frame
        return None

    def _as_deadline(self, frame: Frame) -> Frame:
        self.moments[frame.first] = resolve(frame, self.speaker, deadline=True)
        return frame

    def _timeless(self, clause: Clause, words: list[str], cues: _Cues) -> None:
        """Promises that name no time and need no verb: "More details to follow", "an update follows shortly", "From now on I ask"."""
        known = set(words)
        vague = self._vague_time(clause)
        if words[:3] == ["from", "now", "on"] and not SPEAKERS.isdisjoint(known) and not cues.pasts:
            self._add(clause, None, None, actor="speaker", forecast=False)
            return
        if UPDATES.isdisjoint(known):
            return
        if ("to" in known and not known.isdisjoint(("follow", "come"))) or (vague is not None and not known.isdisjoint(("follow", "follows", "coming", "comes"))):
            self._add(clause, None, vague, actor="speaker", forecast=False)

    def _stale(self, frame: Frame, moment: Moment) -> bool:
        """Whether a time could only be ahead by a stretch: a date of next year, or one that is past."""
        if moment.due is None:
            return False
        if moment.due < self.speaker.at:
            return True
        return frame.date is not None and frame.date.year is None and (moment.due - self.speaker.at).days > _HALF_A_YEAR

    def _opens_entry(self, clause: Clause, frame: Frame) -> bool:
        """Whether the time opens a line of a timeline ("14:05 rolled back")."""
        return frame.first == 0 and frame.clock is not None and not self._is_update(clause) and frame.clock.name == ""

    def _announces(self, clause: Clause, cues: _Cues, words: list[str], frame: Frame) -> bool:
        w = self.w
        known = set(words)
        update = not UPDATES.isdisjoint(known) and (not FOLLOWING.isdisjoint(known) or frame.every is not None or not known.isdisjoint(FUTURE_PRESENTS))
        if update:
            return True
        if frame.every is not None or ("rolled" in self._moment(frame).flags and frame.lead not in ("by", "before") and "eta" not in known) or not known.isdisjoint(_PAST_NOUNS):
            return False
        if "word" in known and "have" in known and not known.isdisjoint(("my", "our")):
            return True
        subject = next((i for i in range(clause.main, min(clause.last, frame.last + 6)) if w.words[i] in SPEAKERS), None)
        if subject is not None:
            return self._speaker_acts(subject, known)
        if not known.isdisjoint(UNPROMISED):
            return False
        if not known.isdisjoint(FUTURE_PRESENTS) and self._has_future_present(clause, frame):
            return True
        if not _FINITE.isdisjoint(known):
            return not known.isdisjoint(DONE) or not known.isdisjoint(FUTURATE)
        if frame.lead in ("at", "on", "from", "until") and w.at(frame.first - 2).endswith("s") and words[0] in ("our", "the", "my", "a", "this") and len(words) > 3:
            return False  # an unknown verb: "our office closes at 18:00"
        return frame.lead in _FORWARD_LEADS and not (cues.pasts and frame.lead not in ("by", "before")) and len(words) <= 16

    def _speaker_acts(self, i: int, known: set[str]) -> bool:
        """ "I'm adding a check today", "we switch over at 08:40"; not "we have a check at 08:40"."""
        w = self.w
        word = w.words[i]
        j = i + 1
        if word in ("i'm", "we're") or w.at(j) in ("am", "are"):
            j += w.at(j) in ("am", "are")
            while w.at(j).endswith("ly") or w.at(j) in ("also", "now", "still", "then"):
                j += 1
            return w.at(j).endswith("ing") and w.at(j) not in _BACKGROUND
        while w.at(j).endswith("ly") or w.at(j) in ("also", "now", "then", "hereby"):
            j += 1
        return w.at(j) in ACTIONS and w.at(j) not in ("have", "run", "get")

    def _has_future_present(self, clause: Clause, frame: Frame) -> bool:
        """Whether an announcing verb stands behind a noun, not at the head of a command."""
        return any(self.w.words[i] in FUTURE_PRESENTS for i in range(clause.main + 1, clause.last))

    def _fragment_actor(self, clause: Clause, frame: Frame) -> str:
        words = set(self.w.words[clause.main : clause.last])
        if not SPEAKERS.isdisjoint(words):
            return "speaker"
        return "other" if not PARTNERS.isdisjoint(words) or not OTHERS.isdisjoint(words) else "speaker"

    # The record

    def _add(self, clause: Clause, frame: Frame | None, vague: tuple[int, int] | None, *, actor: str, forecast: bool) -> None:
        w = self.w
        start, end = w.starts[clause.first], w.ends[clause.last - 1]
        moment = self._moment(frame) if frame is not None else None
        if moment is not None and "duration" in moment.flags and frame is not None:
            moment = self._moment(self._as_deadline(frame))
        span = quoted(w, frame) if frame is not None else (w.starts[vague[0]], w.ends[vague[1] - 1]) if vague else None
        due = moment.due if moment is not None else None
        self.promises.append(
            Commitment(
                quote=w.text[start:end],
                start=start,
                end=end,
                time_quote=w.text[span[0] : span[1]] if span else None,
                kind=self._kind(clause),
                actor=actor,
                firmness=self._firmness(clause, moment, vague, forecast=forecast),
                due=due,
                due_earliest=moment.earliest if moment is not None else None,
                grain=moment.grain if moment is not None else None,
                time_start=span[0] if span else None,
                time_end=span[1] if span else None,
                note=note_of(moment) if moment is not None else None,
            )
        )

    def _firmness(self, clause: Clause, moment: Moment | None, vague: tuple[int, int] | None, *, forecast: bool) -> str:
        """Conditional on something that can be checked, a forecast, firm, or vague."""
        conditional = self._checkable(clause)
        forecast = forecast or "eta" in self.w.words[clause.first : clause.last]
        if moment is not None and (moment.due is not None or "impossible" in moment.flags):
            return "conditional" if conditional else "expectation" if forecast else "firm"
        if vague is not None or moment is not None:
            return "vague"
        return "conditional" if conditional else "expectation" if forecast else "vague"

    def _checkable(self, clause: Clause) -> bool:
        """Whether the clause hangs on a condition that somebody could check."""
        if clause.condition and clause.main > clause.first:
            return not self._free_of_content(clause.first, clause.main, clause.condition)
        tail = self._tail_condition(clause, clause.main)
        return tail < clause.last and not self._free_of_content(tail, clause.last, self.w.words[tail])

    def _free_of_content(self, first: int, last: int, opener: str) -> bool:
        words = self.w.words[first:last]
        if "that" in words or "confirmed" in words:
            return False
        return not CONTENT_FREE.isdisjoint(words) and opener not in ("if", "unless") and len([word for word in words if word[0].isalpha()]) <= 9

    def _kind(self, clause: Clause) -> str:
        """next_update, prevention, fix, deliver or other, by the words of the statement and its label."""
        words = self.w.words[clause.main : self._tail_condition(clause, clause.main)]
        known = set(words)
        if self._tells_next(known | ({"more"} & set(self.w.words[clause.first : clause.main])), words):
            return "next_update"
        hint = set(self.sentence.hint.split())
        if words[:3] == ["from", "now", "on"]:
            return "prevention"
        if "prevention" in hint or not SAFEGUARDS.isdisjoint(known - {"monitor", "checks", "check", "review", "test", "reviews", "process", "processes"}) or (not SAFEGUARDS.isdisjoint(known) and not known.isdisjoint(("add", "adding"))):
            return "prevention"
        if not REPAIRS.isdisjoint(known) or not hint.isdisjoint(("recovery", "fix")):
            return "fix"
        if "back" in known and words[0] != "back" and "call" not in known:
            return "fix"
        return "deliver" if not DELIVERIES.isdisjoint(known) else "other"

    def _tells_next(self, known: set[str], words: list[str]) -> bool:
        """Whether what is promised is news."""
        if "keep" in known and not known.isdisjoint(("current", "fresh")):
            return True
        if not known.isdisjoint(("posted", "informed", "apprised", "update", "updates", "updated")):
            return "update" not in known or "runbook" not in known
        if "know" in known and ("let" in known or "more" in known):
            return True
        if "back" in known and not known.isdisjoint(("circle", "check", "report", "get", "news", "word", "come")):
            return True
        return not UPDATES.isdisjoint(known) and (not FOLLOWING.isdisjoint(known) or not known.isdisjoint(("respond", "reply", "report", "hear", "news", "here", "there", "confirm")))


def _who(pronoun: str) -> str:
    if pronoun in ("i", "we"):
        return "speaker"
    if pronoun in ("you", "your"):
        return "you"
    if pronoun in ("they", "he", "she", "somebody", "someone", "nobody"):
        return "other"
    return "thing"


_VAGUE_BY_FIRST: dict[str, list[tuple[str, ...]]] = {}
for _phrase in VAGUE_TIMES:
    _VAGUE_BY_FIRST.setdefault(_phrase[0], []).append(_phrase)
