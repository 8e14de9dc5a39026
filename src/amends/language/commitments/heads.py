"""Promises by a verb that leads ahead: "we will", "I plan to", "is due", "they expect"."""

from __future__ import annotations

from amends.language.commitments.kinds import is_update, kind_of, tail_condition
from amends.language.commitments.subjects import subject
from amends.language.commitments.words import BILLS, COURSES_OF_THINGS, PASSIVE_DELIVERIES, STATES, UNCONTROLLED, UNPROMISED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.language.commitments.clauses import Clause
    from amends.language.commitments.cues import Cues
    from amends.language.commitments.sentences import Reading
    from amends.language.times.frames import Frame

Head = tuple[int, str]

_SUBORDINATE = frozenset({"when", "if", "whether", "how", "what", "why", "where", "until", "once", "because", "unless", "as"})
_SKIPPED = frozenset(
    "be been being also then now still just again immediately definitely certainly to only both each all automatically continue"
    " keep".split()
)
_YOURS = frozenset({"receive", "get", "have", "hear", "see", "find"})
_STAYING = frozenset({"be", "remain", "keep", "stay"})
_GIVING = frozenset({"issue", "provide", "publish", "notify", "contact", "refund", "credit", "share", "send"})
_LATE = frozenset({"late", "delayed"})
_HUNG_LEADS = frozenset({"by", "at", "in", "within", "before", "on", ""})
_PROMISING_PLANS = frozenset({"plan", "planning", "commit", "promise", "undertake", "pledge"})


def head_of(reading: Reading, clause: Clause, cues: Cues) -> Head | None:
    """The verb that leads the clause ahead: the first "will", or else the first plan or forecast, outside of side clauses."""
    if not cues.heads:
        return None
    side = _side_clause(reading, clause)
    heads = [head for head in cues.heads if head[0] <= side]
    wills = [head for head in heads if head[1] == "will"]
    if wills and heads[0][1] == "plan":
        return heads[0]
    best = wills or [head for head in heads if head[1] != "forecast"] or heads
    return best[0] if best else None


def _side_clause(reading: Reading, clause: Clause) -> int:
    """Where a "when" or a "whether" opens a side clause, as in "an estimate for when it will be done"; else the end."""
    w = reading.w
    if _SUBORDINATE.isdisjoint(w.words[clause.main + 1 : clause.last]):
        return clause.last
    places = range(clause.main + 1, clause.last)
    return next((j for j in places if w.words[j] in _SUBORDINATE and j not in reading.taken and w.at(j - 1) != "is"), clause.last)


def refused(reading: Reading, cues: Cues, head: Head) -> bool:
    """Whether the promise is denied: "will not", "I don't think we will", "no further updates are planned"."""
    return any(i < head[0] or (i - head[0] <= 2 and reading.w.words[i] not in ("no", "nothing")) for i in cues.negated)


def due_frame(reading: Reading, clause: Clause, head: Head, ahead: Sequence[Frame]) -> Frame | None:
    """The time at which it is due: the first that stands in no condition, and one that begins something only for want of others."""
    tail = tail_condition(reading, clause, head[0])
    free = [frame for frame in ahead if clause.main <= frame.first < tail]
    hung = [frame for frame in ahead if not clause.main <= frame.first < tail and frame.lead in _HUNG_LEADS]
    stays = _verb(reading, head[0]) in _STAYING
    fitting = [frame for frame in free or hung if not (stays and frame.lead in ("until", "till"))]
    return min(fitting, key=lambda frame: frame.lead == "from" and frame.until is None, default=None)


def promises(reading: Reading, clause: Clause, cues: Cues, head: Head, frame: Frame | None, *, due: bool, vague: bool) -> str | None:
    """Who promises it, speaker or other; None where the clause is no promise. `due` tells whether the frame names an instant to come."""
    i, kind = head
    doer = subject(reading, clause, cues, i)
    timed = frame is not None or vague
    if (
        frame is not None
        and frame.every is not None
        and kind != "will"
        and doer not in ("speaker", "")
        and not is_update(reading.w, clause)
    ):
        timed = vague
    if kind == "will":
        promised = _will(reading, clause, i, doer, frame, due=due, timed=timed)
    elif kind == "plan":
        promised = _plans(reading.w.words[i], doer, due=due, timed=timed)
    elif kind == "futurate":
        promised = due and (frame is None or frame.every is None) and BILLS.isdisjoint(reading.w.words[clause.main : i])
    else:
        verb = _verb(reading, i)
        lasting = frame is not None and frame.lead in ("until", "till")  # "Expect errors until 14:00"
        promised = timed and not lasting and (verb not in UNPROMISED or (doer in ("speaker", "") and verb in ("know", "hear")))
    if not promised:
        return None
    if _comes_from_us(reading, clause):
        return "speaker"
    return "other" if doer == "other" else "speaker"


def _comes_from_us(reading: Reading, clause: Clause) -> bool:
    """Whether what somebody else will have comes from the speaker: "Finance will have the copies from us by 5"."""
    words = reading.w.words
    return any(words[j] == "from" and words[j + 1] in ("us", "me") for j in range(clause.main, clause.last))


def _will(reading: Reading, clause: Clause, i: int, doer: str, frame: Frame | None, *, due: bool, timed: bool) -> bool:
    """Whether "will" promises here, by who does what."""
    w = reading.w
    verb = _verb(reading, i)
    if doer in ("speaker", ""):
        if verb == "be":
            late = due and not _LATE.isdisjoint(w.words[i : i + 5])
            return late or (frame is not None and frame.until is not None and STATES.isdisjoint(w.words[i + 1 : i + 4]))
        if verb == "know" and timed and "more" in w.words[i : i + 5]:
            return True
        return bool(verb) and verb not in UNPROMISED and not (verb == "do" and "so" in w.words[i + 1 : i + 5])
    if doer == "you":
        return verb in _YOURS and (timed or verb in ("receive", "get", "hear"))
    if verb in UNPROMISED or verb in COURSES_OF_THINGS or doer == "other":
        somewhere = verb == "be" or (w.at(i + 1) == "be" and w.at(i + 2) == "back")
        return timed and verb not in UNPROMISED and doer == "other" and not somewhere
    return _thing_will(reading, clause, i, verb, frame, timed=timed)


def _thing_will(reading: Reading, clause: Clause, i: int, verb: str, frame: Frame | None, *, timed: bool) -> bool:
    """Whether what a thing will do is promised: with a time, or where it is something given to the reader."""
    w = reading.w
    if w.at(i - 1) == "there" or (frame is not None and frame.lead in ("until", "till")):
        return False
    if not UNCONTROLLED.isdisjoint(w.words[clause.main : i]) or w.words[i + 1 : i + 4] == ["be", "on", "site"]:
        return False  # the weather, and where somebody will be
    if frame is None and timed:
        return kind_of(reading, clause) != "other"
    organisation = verb in _GIVING and w.text[w.starts[i - 1] : w.ends[i - 1]].isupper()
    return timed or organisation or _is_delivery(reading, clause) or verb in ("follow", "come")


def _plans(word: str, doer: str, *, due: bool, timed: bool) -> bool:
    """Whether a plan promises: with a time, or where the speaker commits; another's wish only with a date."""
    if word in ("want", "wants"):
        return doer == "other" and due
    return timed or (doer in ("speaker", "") and word in _PROMISING_PLANS)


def _verb(reading: Reading, i: int) -> str:
    """The verb behind "will": the first word that is neither an auxiliary nor an adverb; "be" where a state follows."""
    w = reading.w
    j = i + 1 + (w.words[i] == "going")
    while w.at(j) in _SKIPPED or w.at(j).endswith("ly") or (w.at(j) == "have" and w.at(j + 1).endswith("ed")):
        if w.at(j) == "be" and (w.at(j + 1) in STATES or j + 1 in reading.taken) and w.at(j + 2) != "touch":
            return "be"
        j += 1
    return w.at(j)


def _is_delivery(reading: Reading, clause: Clause) -> bool:
    """Whether a thing is promised in the passive: "Details will be shared"."""
    words = reading.w.words[clause.main : clause.last]
    return not PASSIVE_DELIVERIES.isdisjoint(words) and ("be" in words or "been" in words)


def only_expected(reading: Reading, clause: Clause, cues: Cues, head: Head) -> bool:
    """Whether the promise is a forecast; "Expect the credit by Friday", said to the reader, is none."""
    if not any(kind == "forecast" for _, kind in cues.heads):
        return False
    return not _tells_to_expect(reading, clause, head[0]) or kind_of(reading, clause) == "fix"


def _tells_to_expect(reading: Reading, clause: Clause, i: int) -> bool:
    """Whether "expect" is said to the reader, and not about oneself ("and expect to be done at noon")."""
    w = reading.w
    if w.words[i] != "expect" or w.at(i + 1) == "to":
        return False
    opens = i == clause.main and (clause.first == reading.first or bool(clause.condition))
    return opens or w.at(i - 1) in ("kindly", "please") or (w.at(i - 1) in ("can", "should", "may") and w.at(i - 2) == "you")
