"""What a text claims that can be checked later: how many of what came to harm, when something happened, and that it is over.

Reads few claims and those surely: a claim that is held against another kind of thing would accuse honest people.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amends.language.text import parse
from amends.language.times import find_times
from amends.narrative.concepts import STOP, stem
from amends.narrative.numbers import figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from amends.language.text import Text
    from amends.language.times import TimeExpression
    from amends.narrative.numbers import Figure

EVENTS = ("began", "detected", "contained", "recovered")
"""What of an incident a time is told of."""

_HARMS = {
    "fail": "fail(?:s|ed|ing|ure|ures)?", "lose": "lose|loses|losing|lost|loss|losses", "affect": "affect(?:s|ed|ing)?|impacted|hit",
    "charge": "charg(?:e|es|ed|ing)", "reject": "reject(?:s|ed|ing)?|refus(?:e|es|ed|ing)|declin(?:e|es|ed|ing)",
    "delete": "delet(?:e|es|ed|ing)|eras(?:e|ed)|wiped",
    "expose": "expos(?:e|es|ed|ing)|leak(?:s|ed|ing)?", "duplicate": "duplicated|twice",
    "delay": "delay(?:s|ed|ing)?|late", "corrupt": "corrupt(?:s|ed|ing)?", "miss": "miss(?:ed|ing)", "cancel": "cancell?(?:ed|ing)",
    "wait": "wait(?:s|ed|ing)?|queued?|pending|remain(?:s|ed|ing)?", "unavailable": "unavailable|down|offline|unreachable",
    "crash": "crash(?:es|ed|ing)?", "error": "errors?|errored", "unable": "unable", "bounce": "bounced",
}  # fmt: skip
_HARM = re.compile("|".join(rf"(?P<{name}>\b(?:{words})\b)" for name, words in _HARMS.items()))
_STATE = frozenset({"wait", "unavailable"})
"""Harm that is counted as it stands at a moment: fewer later is good news, and contradicts nothing."""

_CUT = re.compile(r"[;:,]\s+|\s+[–—-]\s+|(?<!hundred)(?<!thousand)\s+(?:and|but|while|whereas|because|so that|before|after)\s+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ABOUT = re.compile(
    r"(?:about|around|approximately|roughly|nearly|almost|some|circa|ca\.|~|close to|estimated|estimate of)\s*$", re.IGNORECASE
)
_AT_LEAST = re.compile(r"(?:at least|more than|over|above|no fewer than|not less than|upwards of|so far|already)\s*$", re.IGNORECASE)
_AT_MOST = re.compile(r"(?:up to|at most|fewer than|less than|no more than|not more than|under|below)\s*$", re.IGNORECASE)
_VAGUE = re.compile(
    r"\b(?:some|a few|few|several|a handful of|a (?:small |limited |certain )?number of"
    r"|a (?:small |minor |tiny )?(?:part|share|portion|fraction|subset|percentage) of"
    r"|a couple of|certain)\b(?: of)?(?: (?:the|our|your|these))?",
    re.IGNORECASE,
)
_NARROW = re.compile(
    r"\b(?:first|last|another|further|additional|new|newly|extra|per|each|every|peak|average|daily|hourly|second|again|more (?!than\b)\w+"
    r"|fewer (?!than\b)\w+|would|could|might|may|if|if not|until|expect\w*|estimate[ds]?|not|no|never|none|without|except"
    r"|(?:when|whenever|once)\b(?=.*\d))\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words by which a clause counts only a part of the whole, another time, or what did not happen: it is compared with nothing."""
_ASIDE = re.compile(
    r"\bof (?:these|those|them|which)\b|\b(?:tests?|testing|trial|drill|exercise|staging|simulat\w+)\b|[“”\"]"
    r"|\b(?:wrote|said|stated|claimed|told (?:you|them|us)|(?:was|were) wrong|instead of|rather than)\b|\?\s*$",
    re.IGNORECASE,
)
"""That a sentence claims nothing of its own, or not of the whole: it asks, repeats what was said (often to correct it), tells of a test."""
_SO_FAR = re.compile(r"\b(?:so far|until now|up to now|at the moment|currently|as of|by now|still|now|right now|to date)\b", re.IGNORECASE)
_HARMED = re.compile(
    r"\b(?:fail\w*|error\w*|outage|incident|down|unavailable|slow\w*|time(?:d)?[ -]?outs?|problem|issue|disruption|impact|wrong|lost|losing"
    r"|broken?|refus\w*|reject\w*|degrad\w*|unreachable|crash\w*)\b",
    re.IGNORECASE,
)
_NOT_IT = re.compile(
    r"\b(?:roll(?:ing|ed)?[ -]?back|rollback|revert\w*|deploy\w*|releas\w*|migrat\w*|restor\w*|work(?:ed|ing)?|investigat\w*|fix\w*"
    r"|call|meeting|second|third|next|another|new|again|repair\w*|refund\w*|test\w*|not|no|never|none|without|stop\w*|ended)\b|n['’]t\b",
    re.IGNORECASE,
)
_TOLD_OF = {
    "began": re.compile(r"\b(?:began|begun|begins?|started|since)\b", re.IGNORECASE),
    "detected": re.compile(r"\b(?:noticed|detected|spotted|became aware|discovered)\b", re.IGNORECASE),
    "contained": re.compile(r"\b(?:contained|mitigated)\b", re.IGNORECASE),
    "recovered": re.compile(
        r"\b(?:recovered|resolved|restored|back to normal|right again|work(?:s|ed|ing)? again|working normally)\b", re.IGNORECASE
    ),
}
_OVER = re.compile(
    r"\b(?:(?:the|this) (?:\w+ )?(?:incident|outage|problem|issue|disruption)|everything) (?:is|was|has been)"
    r"(?: now)?(?: fully| completely)? (?:resolved|fixed|solved|over|restored|back to normal"
    r"|working(?: normally)? again|working normally)\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(rf"{_NARROW.pattern}|\b(?:when|once|as soon as|whether|unless|will|after|before)\b", re.IGNORECASE)
_PARTLY = re.compile(r"\b(?:should|most|mostly|majority|some|partly|partially|part of|many|several|half|prior|state)\b", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}[:.h]\d\d")
_ANY_HARM = "|".join(_HARMS.values())
_OF_THEM = re.compile(rf"\b(?:that|which|who)\b.*?\b(?:{_ANY_HARM})\b(?P<rest>.*)", re.IGNORECASE)
"""That something else is told of those who came to harm: "41 payments that failed were refunded"."""
_NOT_ALONE = re.compile(r"\b(?:(?:one|two|1|2) (?:in|out of)(?: every)?|(?:hundred|thousand) and) $", re.IGNORECASE)
"""That a figure is only a part of one: "one in three", "two hundred and fifty-eight"."""
_NOUNS = re.compile(r"(?:\s+[^\W\d_]+(?:-[^\W\d_]+)*){1,3}")
_PARTITIVE = re.compile(r"^\s*(?:out )?of (?:the |our |all )?")
_LONGEST = 2000
"""Code points of a sentence: a longer one is a dump."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Something checkable that a text says: `kind` is count, time or over; `quote` is its sentence, at [start, end) of the text.

    A count has its `value` (None where it is vague), `out_of`, the stem of its `noun`, and in `about` what harm came to them. Its `bound`
    is exact, about, at-least, at-most, or vague: words without a figure ("some payments"). `running` says that it may still grow, or is
    how it stood at a moment; `names` are the names that narrow it down, and `stretch` the times between which it was counted, as told.
    A time has in `about` what of the incident it is told of, and `at`; `bound` is exact or about, and `around` the stems beside it.
    """

    kind: str
    about: str
    quote: str
    start: int
    end: int
    bound: str = "exact"
    value: float | None = None
    out_of: float | None = None
    noun: str = ""
    share: bool = False
    running: bool = False
    at: datetime | None = None
    names: frozenset[str] = frozenset()
    stretch: frozenset[str] = frozenset()
    around: frozenset[str] = frozenset()

    @property
    def is_state(self) -> bool:
        """Whether it counts what stood in a queue or was down at a moment, which changes without anybody having been wrong."""
        return not _STATE.isdisjoint(self.about.split("+"))


def claims(raw: str, at: datetime, tz: str | None, past: Sequence[tuple[int, int, datetime]]) -> tuple[Claim, ...]:
    """The checkable claims of a text that was said `at` in a zone, in order; linear in its length.

    `past` are the spans of the past times in it with their instants, as the engine reads them: only those tell when something happened.
    """
    text = parse(raw)
    times = find_times(text.masked, at, tz)
    told = sorted(past)
    found: list[Claim] = []
    starts, told_starts = [one.start for one in times], [one[0] for one in told]
    for sentence in text.sentences:
        if sentence.kind in ("greeting", "signature", "heading") or sentence.end - sentence.start > _LONGEST:
            continue
        if _ASIDE.search(text.masked[sentence.start : sentence.end]):
            continue
        span = sentence.start, sentence.end
        own = times[bisect_left(starts, span[0]) : bisect_left(starts, span[1])]
        past_own = told[bisect_left(told_starts, span[0]) : bisect_left(told_starts, span[1])]
        over = _OVER.search(text.masked, sentence.start, sentence.end)
        if over is not None and not _is_hedged(text.masked, sentence.start, over.end(), sentence.end):
            found.append(Claim("over", "over", raw[sentence.start : sentence.end], sentence.start, sentence.end))
        for start, end in _clauses(text.masked, *span):
            found += _counts(text, span, start, end, own)
            found += _times(text, span, start, end, past_own)
    return tuple(found)


def _is_hedged(masked: str, start: int, said: int, end: int) -> bool:
    """Whether a sentence that calls it over says so of a part, or of a time to come."""
    return _NOT_YET.search(masked, start, said) is not None or _PARTLY.search(masked, start, end) is not None


def _clauses(masked: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for cut in _CUT.finditer(masked, start, end):
        yield at, cut.start()
        at = cut.end()
    yield at, end


def _counts(text: Text, sentence: tuple[int, int], start: int, end: int, times: list[TimeExpression]) -> Iterator[Claim]:
    words = text.masked[start:end]
    harms = {found.lastgroup or "" for found in _HARM.finditer(words.lower())}
    if not harms or _NARROW.search(words):
        return
    of_them = _OF_THEM.search(words)
    if of_them is not None and _WORD.search(of_them["rest"]):
        return
    harm = "+".join(sorted(harms))
    quote = text.raw[sentence[0] : sentence[1]]
    own = [one for one in times if start <= one.start < end]
    names = _names(text.masked, start, end, [(one.start, one.end) for one in own])
    stretch = frozenset(part for one in own for part in _CLOCK.findall(one.quote) or [one.quote.lower()])
    running = not _STATE.isdisjoint(harms) or _SO_FAR.search(text.masked, *sentence) is not None
    found = list(figures(text.masked, start, end, times))
    counted = list(_joined(text.masked, found))
    for one, whole, behind in counted:
        noun = _noun(text.masked[behind:end])
        readable = one.share or one.value.is_integer()  # 4.212 is a part of a payment to us, and four thousand to others
        if noun and readable and not _NOT_ALONE.search(text.masked, start, one.start):
            yield Claim(
                "count", harm, quote, *sentence, bound=_bound(text.masked[start : one.start]), value=one.value,
                out_of=whole.value if whole is not None else None, noun=noun, share=one.share, running=running, names=names,
                stretch=stretch,
            )  # fmt: skip
    if not counted and of_them is None:
        for vague in _VAGUE.finditer(words):
            noun = _noun(words[vague.end() :])
            if noun:
                yield Claim("count", harm, quote, *sentence, bound="vague", noun=noun, running=running, names=names)


def _joined(masked: str, found: list[Figure]) -> Iterator[tuple[Figure, Figure | None, int]]:
    """Each figure with the one that it is a part of ("258 of 831 payments"), and where what is counted begins."""
    place = 0
    while place < len(found):
        one = found[place]
        whole = found[place + 1] if place + 1 < len(found) else None
        if whole is not None and masked[one.end : whole.start].strip().lower() in ("of", "of the", "of our", "out of"):
            yield one, whole, whole.end
            place += 2
        else:
            yield one, None, one.end
            place += 1


def _noun(behind: str) -> str:
    """The stem of what is counted: the last of the words that follow before a small word, a harm or a mark; empty for none."""
    noun = ""
    found = _NOUNS.match(_PARTITIVE.sub(" ", behind, count=1))
    for word in found.group().lower().split() if found is not None else ():
        if word in STOP or _HARM.fullmatch(word):
            break
        noun = stem(word)
    return noun


def _bound(before: str) -> str:
    for bound, pattern in (("at-least", _AT_LEAST), ("at-most", _AT_MOST), ("about", _ABOUT)):
        if pattern.search(before):
            return bound
    return "exact"


def _names(masked: str, start: int, end: int, times: Sequence[tuple[int, int]]) -> frozenset[str]:
    """Words with a capital that do not begin the clause and belong to no time: they narrow down what is counted."""
    found = [one for one in list(_WORD.finditer(masked, start, end))[1:] if one.group()[0].isupper() and one.group() not in _ZONES]
    return frozenset(one.group().lower() for one in found if not any(first <= one.start() < last for first, last in times))


_ZONES = frozenset({"UTC", "GMT", "CET", "CEST", "BST", "EST", "EDT", "PST", "PDT", "CST", "IST", "JST", "I"})


def _times(text: Text, sentence: tuple[int, int], start: int, end: int, told: Sequence[tuple[int, int, datetime]]) -> Iterator[Claim]:
    words = text.masked[start:end]
    own = [one for one in told if start <= one[0] < end and _CLOCK.search(text.raw[one[0] : one[1]])]
    events = [event for event, pattern in _TOLD_OF.items() if pattern.search(words)]
    if len(events) > 1 and events[0] == "began":
        del events[0]  # "contained since 16:37"
    if len(own) != 1 or len(events) != 1 or "between" in words.lower():
        return
    event = events[0]
    if _PARTLY.search(words) or (_NOT_IT.search(words) if event == "began" else _NARROW.search(words)):
        return
    if event == "began" and not _HARMED.search(words):
        return
    begin, finish, at = own[0]
    bound = "about" if _ABOUT.search(text.masked[start:begin]) else "exact"
    names = _names(text.masked, start, end, [(begin, finish)])
    stems = frozenset(stem(word) for word in _WORD.findall(words.lower()) if word not in STOP)
    yield Claim("time", event, text.raw[sentence[0] : sentence[1]], *sentence, bound=bound, at=at, names=names, around=stems)
