"""Promises in a message: whose they are, how firm, and when each is due; and the times that are no promise.

The conventions are those of the evaluation sets: a promise binds the speaker, or somebody else by name, to something in
the future. Requests, questions, refusals, duties, habits, quotations and what happened are none. A promise is quoted
with its clause, not with its paragraph.
"""

from __future__ import annotations

from bisect import bisect_left

from amends.language.commitments.clauses import Clause, clauses, split_at
from amends.language.commitments.cues import Cues
from amends.language.commitments.heads import due_frame, head_of, only_expected, promises, refused
from amends.language.commitments.kinds import firmness_of, kind_of, vague_time
from amends.language.commitments.presents import announces, bare_length, has_words, time_left, told_without_time
from amends.language.commitments.sentences import Reading, readings
from amends.language.commitments.words import AHEAD, ANNOUNCING, FUTURATE, IMPERATIVES, PAST_NOUNS, RESULTS, SETTING, SUPERSEDED
from amends.language.records import Commitment, PastTime
from amends.language.times import note_of, quoted
from amends.language.times.calendar import DEFAULT, Calendar
from amends.language.times.days import Speaker
from amends.language.times.resolve import Moment, resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from amends.language.text import Text
    from amends.language.times.frames import Frame
    from amends.language.times.zones import Zone

_REACH = 40
"""How many words of a clause are looked at for each of its times: a longer one is no sentence but a dump."""
_SINCE = frozenset({"since", "lasted", "took", "lasting"})
_NO_DUE_LEADS = _SINCE | {"than"}
_REGRET = frozenset({"sorry", "apologise", "apologize", "apologies"})
_ASKED = frozenset({"you", "somebody", "someone", "anyone"})
_YOUR_DUTIES = frozenset({"must", "need", "should", "can", "have", "may", "might", "could"})
_OBJECTS = frozenset({"your", "me", "us", "the", "a", "to", "our", "this", "in", "it", "if", "for", "on", "by", "before"})
_LINKS = frozenset({"and", "then", "so", "but", "also", "just", "or"})
_NOUNS_TOO = frozenset({"update", "review", "release", "fix", "call", "draft", "report"})


def find(
    text: Text, at: datetime, tz: str | None = None, calendar: Calendar = DEFAULT
) -> tuple[tuple[Commitment, ...], tuple[PastTime, ...]]:
    """The commitments of a message and its past times, each in order.

    `at` is when it is sent, `tz` the sender's zone (None for the offset of `at`).
    """
    read = readings(text)
    if not read:
        return (), ()
    speaker = Speaker(at, tz, calendar, _stated(read))
    promises: list[Commitment] = []
    past: list[PastTime] = []
    for reading in read:
        _Judge(reading, speaker, promises, past).judge()
    return tuple(promises), tuple(past)


def _stated(read: list[Reading]) -> Zone | None:
    """The zone that the whole message goes by: the only one it states."""
    named: dict[str, Zone] = {}
    for reading in read:
        for frame in reading.frames:
            for half in (frame, frame.until):
                if half is not None and half.zone is not None:
                    named[half.zone.words.lower()] = half.zone
    return next(iter(named.values())) if len(named) == 1 else None


class _Judge:
    """Decides for each clause of one sentence what it is, and adds what it finds to `promises` and `past`."""

    __slots__ = ("carried", "moments", "past", "places", "promises", "reading", "speaker", "w")

    def __init__(self, reading: Reading, speaker: Speaker, promises: list[Commitment], past: list[PastTime]) -> None:
        self.reading = reading
        self.w = reading.w
        self.speaker = speaker
        self.promises = promises
        self.past = past
        self.moments: dict[int, Moment] = {}
        self.places = [frame.first for frame in reading.frames]
        self.carried: tuple[str, bool] | None = None  # by whom, and whether expected, the part of a clause before was promised

    def judge(self) -> None:
        """Read every clause, and every part of one that holds several times."""
        for clause in clauses(self.w, self.reading.taken, self.reading.first):
            own = self._times_of(clause)
            if not own and (clause.companion or AHEAD.isdisjoint(self.w.words[clause.first : clause.last])):
                continue
            cues = Cues(self.w, clause, self.reading.taken)
            if clause.companion:
                self._sort(clause, own, cues)
            elif len(own) > 1 and len(plain := self._plain(clause, own)) > 1:
                self._parts(clause, plain, cues)
            else:
                self._clause(clause, own, cues)

    def _times_of(self, clause: Clause) -> Sequence[Frame]:
        """The times inside a clause."""
        return self.reading.frames[bisect_left(self.places, clause.first) : bisect_left(self.places, clause.last)]

    def _plain(self, clause: Clause, own: Sequence[Frame]) -> list[Frame]:
        """The times by each of which something could be due."""
        return [frame for frame in own if not frame.alias and frame.first >= clause.main and self._usable(frame)]

    def _parts(self, clause: Clause, plain: Sequence[Frame], whole: Cues) -> None:
        """The parts of a clause that holds several times; one that says nothing but its time adds no promise."""
        self.carried = None
        for number, part in enumerate(split_at(self.w, clause, plain, self.reading.taken)):
            says = number == 0 or has_words(self.reading, part) or "again" in self.w.words[part.first : part.last]
            if says:
                self._part(part, self._times_of(part), whole)

    def _part(self, part: Clause, own: Sequence[Frame], whole: Cues) -> None:
        """One of several parts of a clause; without verbs of its own it goes by those of the part before, or of the whole."""
        cues = Cues(self.w, part, self.reading.taken)
        bare = not cues.heads and not cues.pasts and not cues.presents
        if bare:
            cues.pasts = whole.pasts
        carried = self.carried if bare else None
        if carried is not None and not cues.pasts and not cues.negated and (ahead := self._sort(part, own, cues)):
            self._add(part, ahead[0], None, actor=carried[0], forecast=carried[1])
            return
        self._clause(part, own, cues)

    # Times

    def _moment(self, frame: Frame) -> Moment:
        if frame.first not in self.moments:
            self.moments[frame.first] = resolve(frame, self.speaker)
        return self.moments[frame.first]

    def _as_deadline(self, frame: Frame) -> Frame:
        """Take a bare length as one from now on."""
        self.moments[frame.first] = resolve(frame, self.speaker, deadline=True)
        return frame

    def _usable(self, frame: Frame) -> bool:
        """Whether a time can be the due time of something."""
        if frame.lead in _NO_DUE_LEADS or frame.relative in ("ago", "hanging"):
            return False
        if (frame.lead == "" and self.w.at(frame.first - 1) == ")") or (frame.lead == "for" and not self._set_for(frame)):
            return False
        moment = self._moment(frame)
        named = (moment.due is not None and "past" not in moment.flags) or not moment.flags.isdisjoint(
            ("impossible", "no-calendar", "uncounted")
        )
        return named and not self._superseded(frame)

    def _set_for(self, frame: Frame) -> bool:
        """Whether "for Friday" says when something is planned, and not what it is for."""
        words = self.w.words[max(0, frame.first - 9) : frame.first]
        return not SETTING.isdisjoint(words) or not FUTURATE.isdisjoint(words)

    def _superseded(self, frame: Frame) -> bool:
        """Whether the time is named only to say that it no longer holds: "not 9 May", "instead of Friday"."""
        for j in range(frame.first - 1, max(-1, frame.first - 4), -1):
            word = self.w.words[j]
            if word in SUPERSEDED:
                return True
            if word not in ("of", "the", "on", "for", "at", "by", "due", "than"):
                return False
        return False

    def _lies_back(self, frame: Frame, cues: Cues, clause: Clause) -> bool:
        """Whether a time tells when something happened."""
        if frame.lead in _SINCE or frame.relative == "ago" or (frame.length is not None and frame.length.past):
            return True
        if self._names_what_was(frame, clause):
            return True
        for atom in (frame.day, frame.weekday, frame.period):
            if atom is not None and atom.shift is not None and atom.shift < 0:
                return True
        direction = cues.governing(self.w, frame)
        if direction == "back" and frame.lead in ("by", "before") and cues.leads(frame) and self._comes(frame):
            return False  # "We'll credit everyone who tried it by Friday"
        if direction in ("weak", ""):
            could = any(self.w.words[i] == "could" for i in cues.weak[:_REACH]) and not self._comes(frame)
            told = direction == "weak" or self.reading.past or could
            return told and not (frame.lead in ("by", "before") and self._comes(frame) and (not direction or self._aims(clause)))
        return direction == "back"

    def _names_what_was(self, frame: Frame, clause: Clause) -> bool:
        """Whether a time only tells which one is spoken of: "the 5 September outage", "I am sorry for Tuesday"."""
        if frame.lead == "for" and not _REGRET.isdisjoint(self.w.words[max(clause.first, frame.first - 3) : frame.first]):
            return True
        if self.w.at(frame.last) not in PAST_NOUNS or not FUTURATE.isdisjoint(self.w.words[max(0, frame.first - 9) : frame.first]):
            return False
        return frame.lead not in ("by", "before") and (frame.date is not None or not self._comes(frame))

    def _is_due(self, frame: Frame, kind: str) -> bool:
        """Whether a time names an instant; what is only "scheduled" must be still to come."""
        due = self._moment(frame).due
        return due is not None and (kind != "futurate" or due >= self.speaker.at)

    def _comes(self, frame: Frame) -> bool:
        """Whether the time, read plainly, has not passed yet."""
        moment = self._moment(frame)
        return moment.due is not None and moment.due > self.speaker.at and "rolled" not in moment.flags

    def _aims(self, clause: Clause) -> bool:
        """Whether a past participle names a result to reach ("pool raised to 200 by 10:40"), not what happened."""
        words = self.w.words[clause.main : min(clause.last, clause.main + _REACH)]
        return words[0] not in ("the", "a", "an", "this", "these", "that", "all", "it") and not RESULTS.isdisjoint(words)

    def _sort(self, clause: Clause, own: Sequence[Frame], cues: Cues) -> list[Frame]:
        """Record the past times of a clause, and answer with those that lie ahead."""
        ahead: list[Frame] = []
        for frame in own:
            if frame.alias:
                continue
            if self._lies_back(frame, cues, clause):
                if frame.part is not None and not (
                    frame.part.this or frame.part.name == "overnight" or frame.dated or frame.clock is not None
                ):
                    continue  # "40 shops shut for the evening" tells no time
                moment = resolve(frame, self.speaker, back=True)
                start, end = quoted(self.w, frame)
                self.past.append(PastTime(self.reading.raw[start:end], start, end, moment.due))
            elif self._usable(frame):
                ahead.append(frame)
        return ahead

    # Clauses

    def _clause(self, clause: Clause, own: Sequence[Frame], cues: Cues) -> None:
        reading = self.reading
        ahead = self._sort(clause, own, cues)
        if clause.main == clause.last or not (ahead or cues.heads or self._may_promise(clause, own)):
            return  # a condition, and nothing that hangs on it; or only what happened
        if reading.question or self._requests(clause):
            return
        if (left := time_left(reading, own)) is not None:
            self._add(clause, self._as_deadline(left), None, actor="speaker", forecast=True)
            return
        head = head_of(reading, clause, cues)
        if head is None:
            if not cues.negated and not (cues.weak and not self._offers(cues)) and (ahead or not cues.certainly_past):
                self._without_head(clause, own, cues, ahead)
            return
        if refused(reading, cues, head):
            return
        frame = due_frame(reading, clause, head, ahead)
        vague = vague_time(self.w, clause, reading.taken)
        due = frame is not None and self._is_due(frame, head[1])
        actor = promises(reading, clause, cues, head, frame, due=due, vague=vague is not None)
        if actor is not None:
            self.carried = actor, only_expected(reading, clause, cues, head)
            self._add(clause, frame, vague, actor=actor, forecast=self.carried[1])

    def _may_promise(self, clause: Clause, own: Sequence[Frame]) -> bool:
        """Whether a clause without a verb that leads ahead and without a time to come may still promise: "ETA 45 min", "more to follow"."""
        lengths = any(frame.length is not None for frame in own)
        return lengths or not ANNOUNCING.isdisjoint(self.w.words[clause.main : clause.last])

    def _offers(self, cues: Cues) -> bool:
        """Whether the only weak verbs are those by which one may still promise: "has", "can", "needs"."""
        return all(self.w.words[i] in ("has", "can", "needs", "need") for i in cues.weak)

    def _without_head(self, clause: Clause, own: Sequence[Frame], cues: Cues, ahead: Sequence[Frame]) -> None:
        reading = self.reading
        if not ahead and (length := bare_length(reading, clause, own)) is not None:
            self._add(clause, self._as_deadline(length), None, actor="speaker", forecast=False)
        elif ahead:
            actor = announces(reading, clause, cues, ahead[0], self._moment(ahead[0]), self.speaker)
            theirs = actor == "other" and ahead[0].first < clause.main  # "Unless it is paid by Friday, the bank blocks the card"
            if actor is not None and not theirs:
                self._add(clause, ahead[0], None, actor=actor, forecast="can" in self.w.words[clause.main : clause.last])
        elif told_without_time(reading, clause, cues):
            self._add(clause, None, vague_time(self.w, clause, reading.taken), actor="speaker", forecast=False)

    def _requests(self, clause: Clause) -> bool:
        """Whether the clause asks the reader to do something."""
        w = self.w
        words = w.words[clause.main : clause.last]
        if "please" in words or "kindly" in words:
            return "expect" not in words and "note" not in words[:3]
        i = clause.main
        while i < clause.last and w.words[i] in _LINKS:
            i += 1
        first, second, third = w.at(i), w.at(i + 1), w.at(i + 2)
        if first in ("can", "could", "would", "will"):
            return second in _ASKED
        if first in ("you", "you'll"):
            given = first == "you'll" and second == "have" and third != "to"  # "You'll have a label by noon"
            return second in _YOUR_DUTIES and third not in ("my", "our", "expect") and not given
        if first == "let":
            return second == "me" and third == "know"
        if first == "give" and second in ("me", "us"):
            return not any(
                frame.first - i in (2, 3) and (frame.length is not None or frame.lead == "until") for frame in self.reading.frames
            )
        if first in _NOUNS_TOO:
            return second in ("your", "the", "us", "me")
        return first in IMPERATIVES and second in _OBJECTS

    # Records

    def _add(self, clause: Clause, frame: Frame | None, vague: tuple[int, int] | None, *, actor: str, forecast: bool) -> None:
        """Record a promise with its clause, its time and what was assumed."""
        w = self.w
        start, end = w.starts[clause.first], w.ends[clause.last - 1]
        if frame is not None and "duration" in self._moment(frame).flags:
            self._as_deadline(frame)
        moment = self._moment(frame) if frame is not None else None
        span = quoted(w, frame) if frame is not None else (w.starts[vague[0]], w.ends[vague[1] - 1]) if vague else None
        forecast = forecast or "eta" in w.words[clause.first : clause.last]
        raw = self.reading.raw
        time_start, time_end = span or (None, None)
        firmness = firmness_of(self.reading, clause, moment, vague=vague is not None, forecast=forecast)
        due, earliest, grain = (moment.due, moment.earliest, moment.grain) if moment is not None else (None, None, None)
        note = note_of(moment) if moment is not None else None
        # in the order of the record's fields: by name, making one takes as long as reading its clause
        self.promises.append(
            Commitment(
                raw[start:end],
                start,
                end,
                raw[time_start:time_end] if span else None,
                kind_of(self.reading, clause),
                actor,
                firmness,
                due,
                earliest,
                grain,
                time_start,
                time_end,
                note,
            )
        )
