"""Numbers that a retold text gives away: words without a number where its source counted, and counts rounded in the teller's favour.

A source that is itself vague is no ground for anything, nor is a number that the retold text gives in another place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.narrative.comparing.candidates import Candidate
from amends.narrative.concepts import STOP, concept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.narrative.comparing.clauses import Clause, Telling
    from amends.narrative.comparing.clocked import Alike
    from amends.narrative.numbers import Figure

KIND = "softened_number"

_RARE = (
    r"(?:an?|only a|just a) (?:(?:very |rather |fairly )?(?!unknown|same|true|certain of)\w+ )?"
    r"(?:number|handful|portion|share|fraction|minority|proportion|percentage|quantity|couple|remainder)(?: of)?\b"
    r"|an? (?:small|limited|large|certain|minor|modest|considerable|good) (?:part|amount|group|subset)(?: of)?\b"
    r"|a few(?: hundred| thousand| dozen| million)?\b"
    r"|(?:tens|hundreds) of (?:thousands|millions)\b(?: of)?|thousands\b(?: of)?|hundreds\b(?: of)?|millions\b(?: of)?"
    r"|billions\b(?: of)?|dozens\b(?: of)?"
    r"|several (?:hundred|thousand|dozen|million)|isolated\b|numerous\b|countless\b"
)
_PLAIN = (
    r"some(?= )|several\b|many\b(?! times)(?<!how many)(?<!so many)(?<!too many)(?<!as many)|various\b|parts of\b|further(?= [a-z]+s\b)"
)
_VAGUE = re.compile(rf"\b(?<!-)(?=[abcdfhijmnopqstv])(?:({_RARE})|{_PLAIN})")
"""Words that stand where a number could; the first group holds those which an honest summary hardly ever uses."""
_NUMBER = re.compile(
    r"\W{0,2}(?:[£$€]|\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty"
    r"|sixty|ninety|hundred)\b)"
)
"""A number that follows: "some 300" is a number."""
_LENGTH = re.compile(r"\s*(?:of )?(?:second|minute|hour|day|night|week|month|year|while|period|moment|time)s?\b")
_WORDS = re.compile(r"[a-z][a-z'’-]*|[.,;:()]")
_BETWEEN = frozenset("of the our their its his her your these those all them that other different own".split())
_NOUNS, _AHEAD = 3, 60
"""Words and characters behind a number that may say what is counted."""
_SHARE = re.compile(r"portion|share|fraction|minority|proportion|percentage|part|remainder")
_ALONE = re.compile(r"\s+(?:were|was|had|have|did|could|are)\b")
"""What follows words that stand for a number alone: "some were lost"."""
_OF_ALL = re.compile(r"(?:some|many|most|parts?|a (?:large|good|small) (?:part|share|portion)) of (?:the|our|these|all) $")
"""What stands before a number that the source gives to all of them."""
_ALL = re.compile(r"\b(?:all|every one)(?: the| of| of the| our)? $", re.IGNORECASE)
_WORDS_FOR_ALL = re.compile(r"\b(?:all|every\w*|no|nobody|none|each|both)\b")
_PEOPLE, _MANY, _NEARLY_THE_SAME = concept("customers"), 100, 0.8
"""A hundred people and more are a number that its reader is owed, where the rest is told nearly word for word."""
_LARGE = re.compile(
    r"\b(?:notabl[ey]|considerabl[ey]|substantial(?:ly)?|significant(?:ly)?|sizeable"
    r"|(?:a |at )(?:high|additional|heavy)(?= (?:loss|cost|price|expense)))\b"
)
"""Words for much that stand where the source tells how much."""
_COUNTING = re.compile(
    r"(?:[£$€]?[\d.,]+ ?(?:k|m|bn|%)?|[a-z -]+|.*(?:million|thousand|hundred|billion|dozen|percent|per-cent|%))$", re.IGNORECASE
)
"""How a number is written that counts; what bears other letters is a size or a code."""
_CODES = frozenset({400.0, 401.0, 403.0, 404.0, 429.0, 500.0, 501.0, 502.0, 503.0, 504.0})
_YEARS, _PAIR = (1990, 2099), 2
"""Numbers that are years, and one up to which "several" would say more."""
_EQUAL = 0.02
_LEAST_ROUNDED, _MOST_ROUNDED, _LEAST_LARGE = 0.5, 0.965, 10
"""Of which number another can be a rounding that favours the teller: of one above ten, half of it up to nearly all of it."""
_LIKE, _SHOWN = 0.46, 0.5
"""How alike a place and its source must be, all in all, to be shown, and the confidence from which on a candidate is shown."""
_STEEP = 0.9
_SAME_NOUN, _RARELY, _STANDS_ALONE, _BOTH_SHARES, _MUCH = 0.25, 0.12, 0.15, 0.15, 0.05
"""What adds to the likeness: the same thing is counted, the words are rarely honest, they stand alone, both are shares."""
_QUOTED = 4
"""Words of a quote behind the number: what was counted, and what befell it."""
_LONGEST_LEAD = 40
"""Characters before a number in which its lead is looked for."""
_LEADS_IN = re.compile(r"\b(?:[\w-]+ [\w-]+ of|for|to|on|at|with|by|reached|the) $")


@dataclass(frozen=True, slots=True)
class _Number:
    """A figure of the source that counts something, and the concepts of what it counts."""

    clause: Clause
    figure: Figure
    things: frozenset[str]


def find_numbers(source: Telling, retold: Telling, alike: Alike) -> list[Candidate]:
    """The numbers of a source that a retold text softens; `alike(i, j)` says in 0..1 how alike retold clause i and source clause j are."""
    low, now = source.low, _numbers(retold)
    numbers, told = _numbers(source), [figure.value for clause in retold.clauses for figure in clause.figures]
    untold = [one for one in numbers if not any(abs(value - one.figure.value) <= _EQUAL * one.figure.value for value in told)]
    crowds = [one for one in untold if one.figure.value >= _MANY and _PEOPLE in one.things]
    found: dict[int, Candidate] = {}
    for clause in retold.clauses:
        for candidate in (*_vaguely(low, clause, untold, alike), *_largely(low, clause, untold, alike), *_bare(clause, crowds, alike)):
            at = candidate.source[0] if candidate.source else -1
            if at not in found or found[at].confidence < candidate.confidence:
                found[at] = candidate
    return [*found.values(), *_rounded(source, now, numbers, alike), *_of_all(source, now, numbers)]


def _numbers(telling: Telling) -> list[_Number]:
    """The figures of a telling that count something."""
    text = telling.text.masked
    return [
        _Number(clause, figure, _counted(text[figure.end : figure.end + _AHEAD].lower()))
        for clause in telling.clauses
        for figure in clause.figures
        if _counts(text, figure)
    ]


def _counts(text: str, figure: Figure) -> bool:
    """Whether a figure counts something: no code, version, year, or part of a name."""
    before, written = text[figure.start - 1 : figure.start] or " ", text[figure.start : figure.end]
    if before in "-#_./v" or before.isalnum() or not (written[-1].isdecimal() or _COUNTING.match(written)):
        return False
    if text[figure.end : figure.end + 1] in ("/", "-") or figure.value in _CODES:
        return False
    year = _YEARS[0] <= figure.value <= _YEARS[1] and "," not in written
    return not year and (figure.value > _PAIR or figure.share)


def _counted(words: str) -> frozenset[str]:
    """The concepts of what is counted: of up to three words that follow a number, up to a small word or a mark."""
    things: list[str] = []
    for found in _WORDS.finditer(words):
        word = found.group()
        if word in _BETWEEN and not things:
            continue
        if word in STOP or not word[0].isalpha() or len(things) == _NOUNS:
            break
        things.append(concept(word))
    return frozenset(things)


def _vaguely(low: str, clause: Clause, untold: list[_Number], alike: Alike) -> Iterator[Candidate]:
    """Words without a number where the source counted."""
    for match in _VAGUE.finditer(clause.low):
        said, rest = match.group(), clause.low[match.end() :]
        if (said in ("some", "further") and _NUMBER.match(rest)) or _LENGTH.match(rest):
            continue
        things, share = _counted(rest), _SHARE.search(said) is not None
        best: tuple[float, _Number] | None = None
        for one in () if _as_vague(low, said, things, rest) else untold:
            value = alike(clause.number, one.clause.number)
            value += (_SAME_NOUN if things & one.things else 0.0) + (_BOTH_SHARES if share and one.figure.share else 0.0)
            if best is None or value > best[0]:
                best = value, one
        if best is not None:
            value = best[0] + (_RARELY if match.group(1) else _STANDS_ALONE if _ALONE.match(rest) else 0.0)
            yield _candidate(clause, match.span(), best[1], value, "vague")


def _as_vague(low: str, said: str, things: frozenset[str], rest: str) -> bool:
    """Whether the source says it just as vaguely: the same words before the same thing."""
    follows = rest.split()[:2]
    at = low.find(said)
    while at >= 0:
        behind = low[at + len(said) : at + len(said) + 45]
        if not _NUMBER.match(behind) and (behind.split()[:2] == follows or things & _counted(behind)):
            return True
        at = low.find(said, at + 1)
    return False


def _largely(low: str, clause: Clause, untold: list[_Number], alike: Alike) -> Iterator[Candidate]:
    """Words for much where the source tells how much."""
    for match in _LARGE.finditer(clause.low):
        best = max(untold, key=lambda one: alike(clause.number, one.clause.number), default=None)
        if best is not None and match.group() not in low:
            yield _candidate(clause, match.span(), best, alike(clause.number, best.clause.number) + _MUCH, "large")


def _bare(clause: Clause, crowds: list[_Number], alike: Alike) -> Iterator[Candidate]:
    """People whose number the source tells in the same words, told without any number."""
    for one in crowds if not clause.figures else ():
        if (
            alike(clause.number, one.clause.number) >= _NEARLY_THE_SAME
            and not _WORDS_FOR_ALL.search(clause.low)
            and not _VAGUE.search(clause.low)
        ):
            found = next((word for word in _WORDS.finditer(clause.low) if concept(word.group()) == _PEOPLE), None)
            if found is not None:
                yield _candidate(clause, found.span(), one, _LIKE + 0.05, "bare")


def _rounded(source: Telling, retold: list[_Number], numbers: list[_Number], alike: Alike) -> Iterator[Candidate]:
    """Counts that are lower than the source's."""
    known = [figure.value for clause in source.clauses for figure in clause.figures]
    for now in retold:
        if any(abs(value - now.figure.value) <= _EQUAL * value for value in known):
            continue
        for then in numbers:
            ratio = now.figure.value / then.figure.value
            near = alike(now.clause.number, then.clause.number)
            fits = then.figure.value >= _LEAST_LARGE and now.figure.share == then.figure.share and now.things & then.things
            if fits and _LEAST_ROUNDED <= ratio <= _MOST_ROUNDED:
                span = now.figure.start - now.clause.start, now.figure.end - now.clause.start
                yield _candidate(now.clause, span, then, near + _SAME_NOUN, "rounded")


def _of_all(source: Telling, retold: list[_Number], numbers: list[_Number]) -> Iterator[Candidate]:
    """A part of them where the source says that it was all."""
    text = source.text.masked
    for now in retold:
        start = now.figure.start - now.clause.start
        said = _OF_ALL.search(now.clause.low, max(0, start - _LONGEST_LEAD), start)
        for then in numbers if said else ():
            if then.figure.value == now.figure.value and _ALL.search(text, max(0, then.figure.start - 12), then.figure.start):
                yield _candidate(now.clause, (said.start() if said else start, now.figure.end - now.clause.start), then, 1.0, "of-all")


def _candidate(clause: Clause, words: tuple[int, int], then: _Number, value: float, rule: str) -> Candidate:
    confidence = min(0.95, max(0.0, _SHOWN + (value - _LIKE) * _STEEP))
    lead = _LEADS_IN.search(clause.low, max(0, words[0] - _LONGEST_LEAD), words[0])
    quote = clause.start + (lead.start() if lead else words[0]), _words_behind(clause, words[1])
    number = then.figure.start - then.clause.start, then.figure.end - then.clause.start
    what = f"{then.clause.low[slice(*number)]} => {clause.low[slice(*words)]}"
    return Candidate(KIND, (then.figure.start, _words_behind(then.clause, number[1])), quote, confidence, rule, what)


def _words_behind(clause: Clause, place: int) -> int:
    """Where a quote ends that goes on for a few words behind a place of a clause."""
    end = place
    for _ in range(_QUOTED):
        behind = clause.low.find(" ", end + 1)
        if behind < 0:
            return clause.end
        end = behind
    return clause.start + end
