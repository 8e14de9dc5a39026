"""Promises without a verb that leads ahead: "Next update 14:30", "ETA 45 min", "the fix goes out tonight", "done by 5".

Here the time does the work: it must lie ahead, and nothing in the clause may speak of habits, states or what happened.
"""

from __future__ import annotations

from amends.language.commitments.kinds import is_update, vague_time
from amends.language.commitments.subjects import who
from amends.language.commitments.words import (
    COURSES_OF_THINGS,
    DATED_NOUNS,
    DONE,
    FOLLOWING,
    FUTURATE,
    FUTURE_PRESENTS,
    HABITS,
    OTHERS,
    PARTNERS,
    PAST_NOUNS,
    PRONOUNS,
    SPEAKERS,
    STATIVES,
    UNPROMISED,
    UPDATES,
)
from amends.language.times.words import LEADS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.language.commitments.clauses import Clause
    from amends.language.commitments.cues import Cues
    from amends.language.commitments.sentences import Reading
    from amends.language.times.days import Speaker
    from amends.language.times.frames import Frame
    from amends.language.times.lexer import Words
    from amends.language.times.resolve import Moment

_BACKGROUND = frozenset(
    "working looking investigating seeing experiencing having waiting hoping trying continuing monitoring aware observing getting"
    " going".split()
)
_ADVERBS = frozenset({"also", "now", "then", "hereby", "still", "again", "just"})
_FINITE = frozenset(
    {"is", "are", "am", "has", "have", "do", "does", "i'm", "we're", "it's", "that's", "they're", "you're", "there's", "needs", "need"}
)
_DEADLINES = frozenset({"by", "before", "within", "in", "under"})
_LEADS = _DEADLINES | {
    "at",
    "on",
    "until",
    "till",
    "from",
    "between",
    "over",
    "around",
    "about",
    "to",
    "towards",
    "for",
    "during",
    "eta",
    "@",
    "",
    "of",
    "through",
    "after",
    "say",
}
_THANKS = frozenset({"thank", "thanks", "sorry", "apologies", "with", "welcome"})
_YOURS = frozenset({"get", "hear", "receive", "have"})
_ASIDES = frozenset(
    {"tops", "max", "brb", "back", "more", "only", "just", "left", "~", ",", "about", "in", "or", "so", "now", "eta", "another"}
)
_NO_LENGTHS = frozenset({"for", "since", "than", "lasted", "took", "after", "every"})
_CONTENTLESS = frozenset(
    "additionally first second also again finally both and at by on then the in from to of starting beginning around about until between or"
    " no later than is".split()
)
_PARTICLES = frozenset({"in", "over", "through"})
_HALF_A_YEAR = 190
_LONGEST_FRAGMENT = 16


def bare_length(reading: Reading, clause: Clause, own: Sequence[Frame]) -> Frame | None:
    """The length that is one from now on without saying so: "ETA 45 min", "Give us two hours", "20 mins tops"."""
    w = reading.w
    for frame in own[:3]:
        if reading.past or frame.length is None or frame.alias or frame.relative or frame.lead in _NO_LENGTHS:
            continue
        words = w.words[clause.main : clause.last]
        given = w.at(frame.first - 1) in ("me", "us") and w.at(frame.first - 2) in ("give", "allow")
        rest = [word for i, word in enumerate(words, clause.main) if not frame.first <= i < frame.last and word not in _ASIDES]
        if given or not rest or "eta" in words or words[-1] == "tops":
            return frame
    return None


def time_left(reading: Reading, own: Sequence[Frame]) -> Frame | None:
    """The length in "needs another 40 minutes": what is still to come."""
    w = reading.w
    for frame in own:
        if frame.length is not None and frame.lead == "another" and w.at(frame.first - 2) in ("needs", "need", "takes", "take"):
            return frame
    return None


def told_without_time(reading: Reading, clause: Clause, cues: Cues) -> bool:
    """Promises that name no time and need no verb: "More details to follow", "an update follows shortly", "From now on I ask"."""
    w = reading.w
    words = w.words[clause.main : clause.last]
    known = set(words)
    if words[:3] == ["from", "now", "on"]:
        return not SPEAKERS.isdisjoint(known) and not cues.pasts
    if UPDATES.isdisjoint(known) or known.isdisjoint(("follow", "follows", "come", "comes", "coming")):
        return False
    return "to" in known or vague_time(w, clause, reading.taken) is not None


def announces(reading: Reading, clause: Clause, cues: Cues, frame: Frame, moment: Moment, speaker: Speaker) -> str | None:
    """Who promises by naming the time of a thing to come, speaker or other; None where the clause is no promise."""
    words = reading.w.words[clause.main : clause.last]
    if not _could_lie_ahead(reading, clause, frame, moment, speaker) or words[0] in _THANKS or not HABITS.isdisjoint(words):
        return None
    known = set(words)
    if _is_next_update(reading, clause, frame, known):
        return "speaker" if PARTNERS.isdisjoint(known) else "other"
    if frame.every is not None or not known.isdisjoint(PAST_NOUNS):
        return None
    if "eta" in known:
        return "speaker"
    if "rolled" in moment.flags and frame.lead not in ("by", "before") and not _announcing(reading, clause):
        return None
    if "word" in known and "have" in known and not known.isdisjoint(("my", "our")):
        return "speaker"
    actor = _actor(reading, clause, frame)
    if actor != "thing":
        return _person_acts(reading, clause, frame, actor)
    return "speaker" if _thing_happens(reading, clause, cues, frame, known, comes="rolled" not in moment.flags) else None


def _could_lie_ahead(reading: Reading, clause: Clause, frame: Frame, moment: Moment, speaker: Speaker) -> bool:
    """Whether the time may be a due time at all: not past, not of next year by a stretch, not the opening of a log line."""
    if moment.due is None:
        return not moment.flags.isdisjoint(("impossible", "no-calendar"))
    if (
        moment.due <= speaker.at
        or (moment.earliest is not None and moment.earliest < speaker.at and frame.until is not None)
        or (frame.date is not None and frame.date.year is None and (moment.due - speaker.at).days > _HALF_A_YEAR)
    ):
        return False
    clock = frame.clock
    if clock is not None and not clock.name and frame.first == 0 and not is_update(reading.w, clause):
        return False  # "14:05 rolled back"
    if clock is not None and clock.name == "eod" and frame.lead == "at":
        return False  # the idiom: "at the end of the day we all learn"
    return has_words(reading, clause) and not _dates_itself(reading, clause, frame)


def _dates_itself(reading: Reading, clause: Clause, frame: Frame) -> bool:
    """Whether the clause is the heading of an update: "Update on 9 March", but not "Update by 9 March"."""
    near = frame.date is not None and frame.first <= clause.main + 2 and frame.lead in ("", "on")
    return near and reading.w.words[clause.main] == "update"


def has_words(reading: Reading, clause: Clause) -> bool:
    """Whether a clause says more than a time."""
    words = reading.w.words
    return any(
        i not in reading.taken and (words[i][0].isalpha() or words[i] == "%") and words[i] not in _CONTENTLESS
        for i in range(clause.first, clause.last)
    )


def _is_next_update(reading: Reading, clause: Clause, frame: Frame, known: set[str]) -> bool:
    if not is_update(reading.w, clause):
        return False
    return frame.every is not None or not known.isdisjoint(FOLLOWING) or not known.isdisjoint(FUTURE_PRESENTS)


def _actor(reading: Reading, clause: Clause, frame: Frame) -> str:
    """Who acts: the first pronoun or partner before the time or shortly behind it; else a thing."""
    w = reading.w
    for i in range(clause.main, min(clause.last, max(frame.last, clause.main) + 6)):
        word = w.words[i]
        if i in reading.taken:
            continue
        if word in SPEAKERS:
            return "speaker"
        if word in OTHERS and word != "everyone":
            return "other"
        if word == "you" and i < clause.main + 2:
            return "you"
        if word in PARTNERS and i < clause.main + 3:
            return "other"
    return "thing"


def _person_acts(reading: Reading, clause: Clause, frame: Frame, actor: str) -> str | None:
    """Who undertakes it: "I'm adding a check today", "we switch at 08:40", "you hear from me by 5"; not "we have a check at 5"."""
    w = reading.w
    i = next((i for i in range(clause.main, clause.last) if w.words[i] in PRONOUNS and who(w.words[i]) == actor), None)
    if i is None:
        return actor if frame.lead in _LEADS and clause.last - clause.main <= _LONGEST_FRAGMENT else None
    word = w.words[i]
    j = i + 1
    progressive = word in ("i'm", "we're", "they're", "he's", "she's") or w.at(j) in ("am", "are", "is")
    j += w.at(j) in ("am", "are", "is")
    while w.at(j).endswith("ly") or w.at(j) in _ADVERBS:
        j += 1
    verb = w.at(j)
    if progressive:
        return actor if verb.endswith("ing") and verb not in _BACKGROUND else None
    if actor == "you":
        return "speaker" if verb in _YOURS else None
    if verb == "can":
        return actor if actor == "speaker" and frame.lead in _DEADLINES else None
    return actor if verb.isalpha() and verb not in STATIVES and verb not in UNPROMISED else None


def _thing_happens(reading: Reading, clause: Clause, cues: Cues, frame: Frame, known: set[str], *, comes: bool) -> bool:
    """Whether a thing is announced: "The fix goes out tonight", "Audit done by 31 July", "QA on Sat"; not "Doors open at 5"."""
    w = reading.w
    moved = "not" in known or "instead" in known  # a date that takes the place of another
    if not known.isdisjoint(UNPROMISED) or (not known.isdisjoint(COURSES_OF_THINGS) and not moved):
        return False
    if moved or _announcing(reading, clause):
        return moved or frame.lead not in ("until", "till")
    deadline = frame.lead in _DEADLINES
    if not known.isdisjoint(_FINITE):
        if not known.isdisjoint(_BACKGROUND) or _is_duty(w, clause):
            return False
        completed = _is_done(w, clause) or not known.isdisjoint(FUTURATE) or any(word.endswith("ed") for word in known)
        dated = not known.isdisjoint(DATED_NOUNS) and "is" in (w.at(frame.first - 1), w.at(frame.first - 2))
        return completed or dated
    if cues.pasts and (frame.lead not in ("by", "before") or not comes):
        return False
    if not deadline and _has_unknown_verb(reading, clause, frame):
        return False
    return frame.lead in _LEADS and clause.last - clause.main <= _LONGEST_FRAGMENT


def _is_duty(w: Words, clause: Clause) -> bool:
    """Whether something only has to be: "Claims have to be lodged by the 31st"."""
    return any(w.words[i] in ("have", "has", "need", "needs") and w.words[i + 1] == "to" for i in range(clause.main, clause.last))


def _is_done(w: Words, clause: Clause) -> bool:
    """Whether a word tells that a thing is there: "is live at 5", "is in by noon"; not the "in" of "in the hall"."""
    return any(
        w.words[i] in DONE and (w.words[i] not in _PARTICLES or i + 1 == clause.last or w.words[i + 1] in LEADS)
        for i in range(clause.main, clause.last)
    )


def _announcing(reading: Reading, clause: Clause) -> bool:
    """Whether a present form that announces stands behind a noun, or opens with its subject left out: "(and) lands by 6"."""
    words = reading.w.words
    opens = words[clause.main] in FUTURE_PRESENTS and words[clause.main][-1] == "s"
    return opens or any(words[i] in FUTURE_PRESENTS for i in range(clause.main + 1, clause.last))


def _has_unknown_verb(reading: Reading, clause: Clause, frame: Frame) -> bool:
    """Whether a form in -s looks like a verb: right before its "at" in "our office closes at 18:00", or behind a name."""
    w = reading.w
    first = clause.main
    if frame.lead in ("at", "on", "from", "until") and w.at(frame.first - 2).endswith("s"):
        return w.words[first] in ("our", "the", "my", "a", "this") and clause.last - first > 3
    second = w.at(first + 1)
    named = w.capital(first) and not w.text[w.starts[first] : w.ends[first]].isupper()
    return frame.lead == "" and named and second.endswith("s") and not second.endswith("ss") and frame.first > first + 2
