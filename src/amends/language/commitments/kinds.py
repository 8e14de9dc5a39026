"""What is promised, and how firmly: the kind of a clause, its condition, and the times that bind to nothing."""

from __future__ import annotations

from itertools import compress, pairwise

from amends.language.commitments.words import (
    CONTENT_FREE,
    DELIVERIES,
    FOLLOWING,
    REPAIRS,
    SAFEGUARDS,
    SPEAKERS,
    UPDATES,
    VAGUE_TIMES,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container

    from amends.language.commitments.clauses import Clause
    from amends.language.commitments.sentences import Reading
    from amends.language.times.lexer import Words
    from amends.language.times.resolve import Moment

_TAIL_CONDITIONS = frozenset({"if", "once", "unless", "when", "whenever", "assuming", "after"})
_TAIL_WORDS = _TAIL_CONDITIONS | {"as", "moment", "provided"}
_EVERYDAY_SAFEGUARDS = frozenset(
    {"monitor", "checks", "check", "review", "test", "reviews", "process", "processes", "limit", "block", "rule", "canary"}
)
"""Safeguards that are also everyday work: they prevent something only where they are added or raised."""
_LASTING_SAFEGUARDS = SAFEGUARDS - _EVERYDAY_SAFEGUARDS
_ADDING = frozenset({"add", "adding", "gets", "raise", "introduce", "lands", "rule"})
_INFORMED = frozenset({"posted", "informed", "apprised", "intimated"})
_OTHER_NEWS = UPDATES - {"update", "updates", "updated"}
_ANOTHER = frozenset({"next", "another", "further", "more", "following", "new", "first", "final", "last"})
_READERS = frozenset("you everyone everybody all customers users folks people us them team community keep kept stay".split())
_PLACES = frozenset(
    "page thread ticket incident status statuspage post issue channel topic announcement progress here below again this".split()
)
_NEWS = frozenset("eta estimate timeline status information info statement time figures numbers news report progress".split())
_BEHIND_NEWS = frozenset(
    "at by in within on to will before after as when once with from about regarding is are was soon shortly later tomorrow today tonight"
    " this every each and or but no not around until if or follows following expected due scheduled planned coming comes via per round"
    " follow either whether even should lands posted provided sent shared given published goes for come until we i around approximately"
    " monday tuesday wednesday thursday friday saturday sunday next further more".split()
)
"""Words that may stand behind "update" where it is news; any other word is what is updated: "the update center", "update the firmware"."""
_TELLING = frozenset({"respond", "reply", "report", "hear", "news", "here", "there", "confirm"})
_BACK_WITH = frozenset({"circle", "check", "report", "news", "word"})
_RETURNING = _BACK_WITH | {"get", "come", "you", "more"}
_WRITING = frozenset({"write", "speak", "call"})
_MONEY = frozenset({"$", "\u20ac", "\u00a3", "money"})
_PAYING = frozenset({"pay", "repay", "repaid"})
_RETURNED = frozenset({"back", "return", "returned"})
_BEING = frozenset({"be", "have"})
_TELLING_MORE = frozenset({("share", "more"), ("tell", "more"), ("say", "more")})
_PUTTING_RIGHT = frozenset({("in", "place"), ("it", "off")})
_HANDING = frozenset({("get", "you"), ("bring", "you"), ("reach", "you"), ("round", "to")})
_MAILING = frozenset({(before, "mail") for before in ("will", "to", "i'll", "we'll", "shall")})
_EMPTY_ENDS = (["it", "is"], ["have", "them"], ["have", "it"])
"""Ends of a condition that says nothing: "when it is", "as soon as we have them"."""
_BEFORE_VERBS = frozenset({"and", "will", "to", "we", "i", "we'll", "i'll", "then", ",", "shall"})
_VAGUE_BY_FIRST: dict[str, list[tuple[str, ...]]] = {}
for _phrase in VAGUE_TIMES:
    _VAGUE_BY_FIRST.setdefault(_phrase[0], []).append(_phrase)


def kind_of(reading: Reading, clause: Clause) -> str:
    """next_update, prevention, fix, deliver or other, by the words of the statement and of its label."""
    words = reading.w.words[clause.main : tail_condition(reading, clause, clause.main)]
    known = set(words)
    more = {"more"} & set(reading.w.words[clause.first : clause.main])
    if words[:3] == ["from", "now", "on"]:
        return "prevention"
    pairs = set(pairwise(words))
    if words[0] == "more" or not _TELLING_MORE.isdisjoint(pairs) or _tells_next(known | more) or _updates(words, known) or _reports(words):
        return "next_update"
    safeguards = _LASTING_SAFEGUARDS if known.isdisjoint(_ADDING) else SAFEGUARDS
    if "prevention" in reading.label or not known.isdisjoint(safeguards):
        return "prevention"
    if _hands_over(known, pairs):
        return "deliver"
    if not REPAIRS.isdisjoint(known) or not reading.label.isdisjoint(("recovery", "fix")) or not _PUTTING_RIGHT.isdisjoint(pairs):
        return "fix"
    if "back" in known and words[0] != "back" and "call" not in known:
        return "fix"
    if not DELIVERIES.isdisjoint(known) or not _HANDING.isdisjoint(pairs):
        return "deliver"
    return "prevention" if reading.prevents else "other"


def _hands_over(known: set[str], pairs: set[tuple[str, str]]) -> bool:
    """Whether something reaches the reader, whatever was repaired about it: money, mail, "the corrected one with you"."""
    paid = not _PAYING.isdisjoint(known) or (not _MONEY.isdisjoint(known) and not _RETURNED.isdisjoint(known))
    return paid or not _MAILING.isdisjoint(pairs) or (("with", "you") in pairs and not _BEING.isdisjoint(known))


def _tells_next(known: set[str]) -> bool:
    """Whether what is promised is news."""
    if "keep" in known and not known.isdisjoint(("current", "fresh")):
        return True
    if not known.isdisjoint(_INFORMED):
        return True
    if not known.isdisjoint(_WRITING) and "again" in known:
        return True
    if "know" in known and not known.isdisjoint(("let", "more")):
        return True
    if "back" in known and not known.isdisjoint(_RETURNING):
        return not known.isdisjoint(_BACK_WITH) or not known.isdisjoint(SPEAKERS) or "you" in known
    if "next" in known and not known.isdisjoint(("checkpoint", "communication", "communications", "message")):
        return True
    return not _OTHER_NEWS.isdisjoint(known) and (not FOLLOWING.isdisjoint(known) or not known.isdisjoint(_TELLING))


def _updates(words: list[str], known: set[str]) -> bool:
    """Whether an update is news for the reader, and not a change to a thing: "updated at 14:00" is one of a page, not of a server."""
    for i, word in enumerate(words):
        following = words[i + 1] if i + 1 < len(words) else ""
        if word == "updated" and (following in _NEWS or not known.isdisjoint(_READERS) or not known.isdisjoint(_PLACES)):
            return True
        if word in ("update", "updates"):
            told = not following[:1].isalpha() or following in _BEHIND_NEWS or (i > 0 and words[i - 1] in _ANOTHER)
            if told or _for_readers(words, i):
                return True
    return False


def _for_readers(words: list[str], i: int) -> bool:
    """Whether somebody, or the place where they read, is updated: "update you", "update the status page"."""
    behind = set(words[i + 1 : i + 4])
    return not behind.isdisjoint(_READERS) or not behind.isdisjoint(_PLACES)


def _reports(words: list[str]) -> bool:
    """Whether "report" is a verb here: "and report back", "will report at 7", not "the report"."""
    if "report" not in words:
        return False
    i = words.index("report")
    following = words[i + 1] if i + 1 < len(words) else ""
    return following == "back" or (words[i - 1] in _BEFORE_VERBS if i else following in ("at", "here", "again"))


def is_update(w: Words, clause: Clause) -> bool:
    """Whether the clause speaks of news at all."""
    return not UPDATES.isdisjoint(w.words[clause.main : clause.last])


def tail_condition(reading: Reading, clause: Clause, i: int) -> int:
    """Where a condition behind the word at `i` begins; the end of the clause where there is none."""
    w = reading.w
    if _TAIL_WORDS.isdisjoint(w.words[i + 1 : clause.last]):
        return clause.last
    for j in range(i + 1, clause.last):
        word = w.words[j]
        if word in _TAIL_CONDITIONS:
            if j not in reading.taken and not (word in ("after", "when") and (j + 1 in reading.taken or w.at(j - 1) == "is")):
                return j
        elif word == "as":
            if w.at(j + 1) == "soon" and w.at(j + 2) == "as":
                return j
        elif word == "moment":
            if w.at(j - 1) == "the" and j - 1 > i and w.at(j + 1)[:1].isalpha():
                return j - 1
        elif (
            word == "provided"
            and w.at(j + 1) in ("that", "the", "no", "we", "all", "nothing")
            and w.at(j - 1) not in ("be", "been", "is", "are")
        ):
            return j
    return clause.last


def vague_time(w: Words, clause: Clause, taken: Container[int]) -> tuple[int, int] | None:
    """The words of a time that binds to nothing ("soon"), if the clause has one."""
    words = w.words
    for j in compress(range(clause.main, clause.last), map(_VAGUE_BY_FIRST.__contains__, words[clause.main : clause.last])):
        for phrase in _VAGUE_BY_FIRST[words[j]]:
            if j not in taken and tuple(words[j : j + len(phrase)]) == phrase and not _relates(w, j):
                return j, j + len(phrase)
    return None


def _relates(w: Words, j: int) -> bool:
    """Whether "soon" or "shortly" is counted from something: "soon after that", "as soon as"."""
    return w.words[j] in ("soon", "shortly") and (
        w.at(j - 1) == "as" or w.at(j + 1) in ("after", "thereafter", "afterwards", "as", "before")
    )


def firmness_of(reading: Reading, clause: Clause, moment: Moment | None, *, vague: bool, forecast: bool) -> str:
    """Conditional on something that can be checked, an expectation, firm; vague where no usable time is named."""
    conditional = _hangs_on_something(reading, clause)
    if moment is not None and (moment.due is not None or "impossible" in moment.flags):
        return "conditional" if conditional else "expectation" if forecast else "firm"
    if vague or moment is not None:
        return "vague"
    return "conditional" if conditional else "expectation" if forecast else "vague"


def _hangs_on_something(reading: Reading, clause: Clause) -> bool:
    """Whether the clause hangs on a condition that somebody could check."""
    words = reading.w.words
    if clause.condition and clause.main > clause.first:
        return not _free_of_content(words[clause.first : clause.main], clause.condition)
    tail = tail_condition(reading, clause, clause.main)
    return tail < clause.last and not _free_of_content(words[tail : clause.last], words[tail])


def _free_of_content(words: list[str], opener: str) -> bool:
    """Whether a condition leaves nothing to check: "when we know more"."""
    if "that" in words or "confirmed" in words or opener in ("if", "unless"):
        return False
    if words[-2:] in _EMPTY_ENDS or "round" in words:
        return True
    return not CONTENT_FREE.isdisjoint(words) and sum(word[0].isalpha() for word in words) <= 9
