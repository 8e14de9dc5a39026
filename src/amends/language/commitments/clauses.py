"""Clauses: the stretches of a sentence that say one thing each, so that a promise quotes its own words only.

A clause ends at a semicolon or a dash, and at a comma or an "and" behind which somebody else begins to do something.
A condition in front of a clause belongs to it ("If the queue drains, we will …").
"""

from __future__ import annotations

from itertools import compress

from amends.language.commitments.words import CONDITIONS, DROPPED, FORECASTS, FUTURE_PRESENTS, IRREGULAR_PASTS, PRONOUNS, SPEAKERS, WILL
from amends.language.match import Memo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.language.times.frames import Frame
    from amends.language.times.lexer import Words

_HARD = frozenset({";", "\u2014"})
_DASHES = frozenset({"-", "\u2013"})
_LINKS = frozenset({"and", "but", "so", "then", "or", "yet", "&", "while"})
_STOPS = frozenset({".", "!", "?"})
_CUTTERS = _HARD | _DASHES | _STOPS | _LINKS | {",", ":"}
_STARTERS = (
    PRONOUNS
    | (WILL - {"'ll"})
    | {
        "expect",
        "hopefully",
        "hope",
        "next",
        "another",
        "done",
        "please",
        "back",
        "status",
        "further",
        "additional",
        "should",
        "expecting",
        "updates",
        "give",
    }
)
_AUXILIARIES = frozenset(
    {"will", "shall", "should", "is", "are", "was", "were", "has", "have", "can", "could", "would", "might", "may", "won't", "can't"}
)
_AROUND_TIMES = frozenset(
    {
        "on",
        "at",
        "from",
        "by",
        "in",
        "starting",
        "beginning",
        "and",
        "the",
        "update",
        "between",
        "during",
        "then",
        "but",
        "so",
        "also",
        "again",
        "finally",
        "both",
    }
)
_BREAKS = _DASHES | _HARD
_OPENERS = CONDITIONS | DROPPED
_OPENING_LINKS = _LINKS - {"while"}
_FINITE = _AUXILIARIES | {word for word in FUTURE_PRESENTS if word[-1] == "s"}
_NO_SUBJECTS = CONDITIONS | {"that", "which", "who", "to"}
_NOT_BEHIND_AND = frozenset({"this", "that", "these", "those", "next", "status", "back"})
"""Starters that an "and" may as well join to what stands before it."""
_TAILS = frozenset({"sorry", "apologies", "thanks", "according"})
"""Words that behind a comma add nothing to what is promised."""
_PARTING = frozenset({"and", ",", "but", "so", "&"})
_VERBS = _AUXILIARIES | WILL | PRONOUNS | IRREGULAR_PASTS
_SUBJECT_REACH = 7


class Clause:
    """Words `first` up to `last`; `main` is where its own statement begins, behind a leading condition."""

    __slots__ = ("companion", "condition", "first", "last", "main")

    def __init__(self, first: int, last: int) -> None:
        self.first = first
        self.last = last
        self.main = first
        self.condition = ""
        self.companion = False


def clauses(w: Words, taken: dict[int, int], first: int = 0) -> list[Clause]:
    """The clauses of a sentence, in order; one that only accompanies another ("As we continue …,") is marked a companion.

    `taken` leads from each word inside a time to the place behind it: nothing is cut there.
    """
    cuts = _cuts(w, taken, first)
    pieces = list(map(Clause, [first, *cuts], [*cuts, w.size]))
    return _trimmed(w, _joined(w, _with_times(w, pieces, taken) if cuts else pieces, taken), taken)


def _cuts(w: Words, taken: dict[int, int], first: int) -> list[int]:
    """Where one clause ends and the next begins."""
    marks = compress(range(first + 1, w.size - 1), map(_CUTTERS.__contains__, w.words[first + 1 : w.size - 1]))
    return [i for i in marks if i not in taken and _cuts_at(w, i, taken)]


def _cuts_at(w: Words, i: int, taken: dict[int, int]) -> bool:
    """Whether a clause ends at the mark or link at `i`."""
    word = w.words[i]
    if word in _HARD:
        return not w.glued(i + 1)
    if word in _DASHES:
        return not w.glued(i) and not w.glued(i + 1)
    if word in _STOPS:
        return w.capital(i + 1) and not w.glued(i + 1)
    return _starts_clause(w, i, taken)


def _starts_clause(w: Words, i: int, taken: dict[int, int]) -> bool:
    """Whether behind the comma or link at `i` somebody else, or the same one anew, begins to do something."""
    link, j = w.words[i], i + 1
    if w.at(j) in _LINKS:
        j += 1
    if link == ":":
        return w.at(j) in PRONOUNS or w.at(j) in WILL
    while j in taken and j < w.size:  # "and next week, we will …"
        j = taken[j]
        j += w.at(j) == ","
    word = w.at(j)
    if link == "," and word in _TAILS:
        return True
    if link == "and" and word == "i" and w.capital(i - 1) and i - 1 not in taken:
        return _speaks_before(w, i, taken)  # "Ms Ruiz and I will"
    if word in _STARTERS:
        return link != "and" or word not in _NOT_BEHIND_AND or _subject_ahead(w, j, taken)
    if word in CONDITIONS:
        return link == "," and _speaker_will(w, j)
    return link in _PARTING and word not in DROPPED and _subject_ahead(w, j, taken) and (link != "and" or _speaks_before(w, i, taken))


def _speaks_before(w: Words, i: int, taken: dict[int, int]) -> bool:
    """Whether a verb stands before the "and" at `i`; else it only joins two nouns."""
    return any(
        j not in taken and (w.words[j] in _VERBS or (w.words[j].endswith(("ed", "s")) and len(w.words[j]) > 3 and not w.capital(j)))
        for j in range(max(0, i - 4 * _SUBJECT_REACH), i)
    )


def _speaker_will(w: Words, j: int) -> bool:
    """Whether behind the condition at `j` the speaker goes on to promise: ", once it is ready we will …"."""
    for k in range(j + 1, min(w.size, j + 2 * _SUBJECT_REACH)):
        word = w.words[k]
        if word in (",", ";", "."):
            return False
        if word in WILL and ("'" in word or w.words[k - 1] in ("we", "i")):
            return True
    return False


def _subject_ahead(w: Words, j: int, taken: dict[int, int]) -> bool:
    """Whether a noun and its auxiliary follow: "email service should", "a third team will"."""
    for k, word in enumerate(w.words[j : min(w.size, j + _SUBJECT_REACH)], j):
        if word in _FINITE:
            return k > j
        if word in _NO_SUBJECTS or k in taken or not word[0].isalpha():
            return False
    return False


def _with_times(w: Words, pieces: list[Clause], taken: dict[int, int]) -> list[Clause]:
    """Pieces that hold nothing but a time joined to what they date: the piece behind ("Next week, …"), or before a dash."""
    found: list[Clause] = []
    start: int | None = None
    for piece in pieces:
        if (
            found
            and start is None
            and w.words[piece.first] in _BREAKS
            and all(i in taken or not w.words[i][0].isalnum() for i in range(piece.first, piece.last))
        ):
            found[-1].last = piece.last  # "raise the limit — 6 March"
            continue
        bare = w.at(piece.last) == "," and all(
            i in taken or not w.words[i][0].isalnum() or w.words[i] in _AROUND_TIMES for i in range(piece.first, piece.last)
        )
        first = piece.first if start is None else start
        if bare and piece is not pieces[-1] and any(i in taken for i in range(piece.first, piece.last)):
            start = first
            continue
        found.append(Clause(first, piece.last))
        start = None
    return found


def _joined(w: Words, pieces: list[Clause], taken: dict[int, int]) -> list[Clause]:
    """Conditions joined to the clause behind them, companions marked."""
    found: list[Clause] = []
    waiting: Clause | None = None
    for piece in pieces:
        opener = _opener(w, piece, taken)
        if waiting is not None:
            piece.condition, piece.main, piece.first = waiting.condition, piece.first, waiting.first
            waiting = None
        elif opener in CONDITIONS or opener == "as soon as":
            comma = _comma(w, piece, taken)
            piece.condition = opener
            if comma is None and piece is not pieces[-1] and not _has_head(w, piece):
                waiting = piece
                continue
            piece.main = comma if comma is not None else _inner_subject(w, piece)
        elif opener in DROPPED and not (opener == "due" and "to" not in w.words[piece.first : piece.first + 3]):
            comma = _comma(w, piece, taken)
            if comma is None:
                piece.companion = not _has_head(w, piece)
            else:
                companion = Clause(piece.first, comma)
                companion.companion = True
                found.append(companion)
                piece.first = piece.main = comma
        found.append(piece)
    if waiting is not None:
        found.append(waiting)
    return found


def _opener(w: Words, clause: Clause, taken: dict[int, int]) -> str:
    """The word by which a clause opens as a condition or a companion, behind marks and links; "as soon as", "the moment" count as one."""
    words, i = w.words, clause.first
    while i < clause.last and (words[i] in _OPENING_LINKS or not words[i][0].isalnum()):
        i += 1
    word = words[i]
    if word == "the" and words[i + 1] == "moment" and words[i + 2][:1].isalpha():
        return "as soon as"
    if word not in _OPENERS or i in taken:
        return ""
    return "as soon as" if words[i : i + 3] == ["as", "soon", "as"] else word


def _comma(w: Words, clause: Clause, taken: dict[int, int]) -> int | None:
    """Where the statement begins behind the first comma that stands in no time."""
    for i in range(clause.first, clause.last - 1):
        if w.words[i] == "," and i not in taken:
            return i + 1
    return None


def _has_head(w: Words, clause: Clause) -> bool:
    return any(word in WILL or word in FORECASTS for word in w.words[clause.first : clause.last])


def _inner_subject(w: Words, clause: Clause) -> int:
    """Where the statement begins in "When we know more we will post": at the subject before the last "will"."""
    for i in range(clause.last - 1, clause.first, -1):
        word = w.words[i]
        if word in WILL:
            return i if "'" in word or w.at(i - 1) not in PRONOUNS else i - 1
    return next((i for i in range(clause.last - 1, clause.first + 2, -1) if w.words[i] in SPEAKERS), clause.first)


def _trimmed(w: Words, found: list[Clause], taken: dict[int, int]) -> list[Clause]:
    """The clauses without marks and links at both ends, as far as anything is left of them."""
    words = w.words
    for clause in found:
        first, last = clause.first, clause.last
        while first < last and (words[first] in _LINKS or _MARK[words[first]]) and first not in taken:
            first += 1
        while last > first and _MARK[words[last - 1]] and last - 1 not in taken:
            if words[last - 1] == ")" and "(" in words[first:last]:
                break
            last -= 1
        clause.first, clause.last = first, last
        clause.main = min(max(clause.main, first), last)
    return [clause for clause in found if clause.first < clause.last]


def _is_mark(word: str) -> bool:
    """Whether nothing is said by a word: it is none, no number, no sign of money or of about, and stands for nothing masked."""
    return not (word[0].isalnum() or word[0] in "~$\u20ac\u00a3@#" or "\ue000" <= word[0] <= "\uf8ff")


_MARK = Memo(_is_mark)


def split_at(w: Words, clause: Clause, frames: Sequence[Frame], taken: dict[int, int]) -> list[Clause]:
    """A clause that holds several times of its own, cut between them where a comma or an "and" stands there."""
    pieces: list[Clause] = []
    rest = clause
    for number, after in enumerate(frames[1:]):
        cut = _last_link(w, frames[number].last, after.first)
        if cut is None or cut <= rest.main:
            continue
        head = Clause(rest.first, cut)
        head.main, head.condition = rest.main, rest.condition
        tail = Clause(cut, rest.last)
        tail.condition = ""
        pieces.append(head)
        rest = tail
    pieces.append(rest)
    return _trimmed(w, pieces, taken)


def _last_link(w: Words, start: int, end: int) -> int | None:
    """The first comma, link or bracket between two times that leaves words for the second."""
    for i in range(start, end):
        if w.words[i] in (",", "and", "then", "&", "but", ";", ".") and not w.words[i][0].isdecimal():
            return i
    return None
