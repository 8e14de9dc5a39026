"""Whether a sentence says no more than the claims that it cites: its figures, times, names, denials, and how sure and how fair it sounds.

Stricter than the comparison of two tellings by people (`compare`), on purpose: what a machine wrote is struck out on a doubt, because a
person can put it into words of their own in a moment. The lists of words are ours; a word of theirs may stand where a cited claim has it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from amends.core.problem import Problem
from amends.language.times.words import NUMBERS
from amends.narrative.concepts import STOP, concept

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from amends.narrative.asking import Given

_SMALLER = frozenset(
    "few several some handful couple brief briefly short shortly minor small slight slightly limited minimal minimally negligible isolated"
    " subset tiny temporary temporarily intermittent intermittently momentary mere merely only just partial partially roughly approximately"
    " nearly almost hiccup glitch blip inconvenience".split()
)
_KINDER = frozenset(
    "swift swiftly quick quickly rapid rapidly prompt promptly immediate immediately heroic heroically excellent excellently brilliant"
    " brilliantly outstanding outstandingly impressive impressively exemplary successful successfully seamless seamlessly smooth smoothly"
    " proactive proactively diligent diligently tireless tirelessly dedicated robust best-in-class world-class professional professionally"
    " expertly efficient efficiently fortunately luckily thankfully proud proudly reassuring safe safely effective effectively careful"
    " carefully skilled skilful amazing great fantastic flawless flawlessly".split()
)
_SURER = frozenset(
    "certainly definitely clearly obviously undoubtedly proven proves proved confirmed conclusively fully completely entirely solely"
    " purely always guaranteed guarantee ensured ensures permanently exclusively sole single root".split()
)
_HEDGES = frozenset(
    "likely probably possibly perhaps apparently appears appear appeared seems seem seemed might may suspect suspected believe believed"
    " think thought presumably unconfirmed unclear unknown uncertain disputed inconclusive unproven unsupported unverified".split()
)
_NEEDED = {
    "likely": re.compile(
        r"\b(?:likely|probabl[ey]|possibly|perhaps|apparently|appears?|seems?|may|might|suspect(?:ed)?|believed?|think|unconfirmed)\b"
        r"|\bnot (?:yet )?confirmed\b"
    ),
    "inconclusive": re.compile(
        r"\b(?:inconclusive|unclear|disputed|unconfirmed|conflicting|contradict\w*)\b|\bnot (?:yet )?(?:confirmed|clear|certain)\b"
    ),
    "unsupported": re.compile(
        r"\b(?:unconfirmed|unsupported|unproven|unverified|unknown|no evidence)\b|\bnot (?:yet )?(?:confirmed|known|shown|supported)\b"
    ),
    "open": re.compile(
        r"\b(?:unclear|unknown|open|whether|disagree\w*|disputed?|differ\w*|undecided|unanswered)\b|\?$"
        r"|\bnot (?:yet )?(?:known?|clear|agreed|answered)\b"
    ),
}
"""How a sentence must sound by the weakest claim that it cites."""

_OPENERS = frozenset(
    "afterwards again also altogether among another both contributing during earlier eventually finally first further instead later"
    " meanwhile next overall second still then third today together two three four five yesterday".split()
)
"""Words that begin a sentence and name nothing."""

_LIGHT = frozenset(
    "added asked became been came considered contained described followed following found given happened held involved later included"
    " including known means meant noted occurred one place present read reads recorded regarding remained remains reported said saw says"
    " seen shown shows stated states stood taken there they told took went what when which while who yet".split()
)
"""Words that carry a sentence and claim nothing."""

_WHY = re.compile(r"\b(?:because|due to|owing to|thanks to|caused?|causing|led to|leading to|resulted|resulting|therefore|triggered)\b")
_SAYS_WHY = ("cause", "condition", "decision", "technical", "organisational")

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_][\w'’-]*(?:[./]\w+)*|%|[.,;:!?()—–]")
_NAME_LIKE = re.compile(r"[A-Za-z]*(?:\d|_|[a-z][A-Z]|[./]\w)\S*|[A-Z]{2,}\S*")
_UNSURE = re.compile(
    r"\b(?:(?:is|are|was|were|do|does|did|has|have) )?not (?:yet )?(?:been )?"
    r"(?:confirmed|known?|clear|certain|shown|agreed|answered|supported)\b|\bno evidence\b|\bwhether\b"
)
_DENIAL = re.compile(r"\b(?:no|not|never|none|nobody|nothing|neither|nor|without|cannot)\b|n['’]t\b")
_REDACTED = re.compile(r"\[redacted: [^\]]{1,60}\]")
_MORE_NUMBERS = {
    "thirteen": 13, "fourteen": 14, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "seventy": 70, "eighty": 80,
    "hundred": 100, "hundreds": 100, "thousand": 1000, "thousands": 1000, "million": 1_000_000, "millions": 1_000_000, "billion": 10**9,
    "dozen": 12, "dozens": 12, "half": 0.5, "halved": 0.5, "twice": 2, "double": 2, "doubled": 2,
}  # fmt: skip
_SPELT = {word: f"{value:g}" for word, value in ({**NUMBERS, **_MORE_NUMBERS}).items() if word not in ("a", "an")}
_NO_NUMBER = re.compile(r"\b(?:no one|one another|one of|the one|each one|anyone)\b")
_HALVES = ("am", "pm", "a.m", "p.m")
_BEHIND = 4
"""Words behind a figure among which stands what it counts."""


class Figure(NamedTuple):
    """A number in a text, and the words behind it, of which the first tells what it counts."""

    value: str
    quote: str
    behind: tuple[str, ...]


def ungrounded(text: str, cited: Sequence[Given]) -> Iterator[Problem]:
    """Everything in a sentence that the claims it cites do not say."""
    ground = "\n".join(one.text for one in cited)
    yield from _figures(text, ground)
    yield from _names(text, ground)
    yield from _leanings(text, ground)
    yield from _sureness(text, ground, {one.status for one in cited})
    yield from _denials(text, [one.text for one in cited if one.status != "open"])
    yield from _matter(text, ground)
    says_why = any(one.kind in _SAYS_WHY for one in cited) or bool(_WHY.search(ground.lower()))
    if _WHY.search(text.lower()) and not says_why:
        yield Problem("model-cause", "it says why, and none of its claims does", "cite the claim that does, or tell only what happened")


def figures(text: str) -> list[Figure]:
    """The numbers of a text, in figures or in words; thousands and leading zeros written one way, clock times as they are.

    >>> [(one.value, one.behind[:1]) for one in figures("At 09:05, 1,204 orders failed for two hours.")]
    [('9:05', ()), ('1204', ('orders',)), ('2', ('hours',))]
    """
    tokens = _WORD.findall(_NO_NUMBER.sub(" ", text.lower()))
    found = []
    for place, token in enumerate(tokens):
        value = _value(token) if token[0].isdigit() else _SPELT.get(token)
        if value is not None:
            behind: list[str] = []
            for word in tokens[place + 1 : place + 1 + _BEHIND]:
                if word in ".,;:!?()—–":
                    break
                behind.append(word)
            found.append(Figure(value, token, tuple(behind)))
    return found


def _value(token: str) -> str:
    plain = token.replace(",", "") if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", token) else token
    return plain.lstrip("0") or "0" if not plain.startswith("0.") else plain


def _figures(text: str, ground: str) -> Iterator[Problem]:
    known = figures(ground)
    for one in figures(text):
        same = [other for other in known if other.value == one.value]
        if not same:
            yield Problem("model-number", f"no claim that it cites has {one.quote!r}", "take the figure of the claim")
        elif (unit := _unit(one)) and not any(unit in map(_counted, other.behind) for other in same):
            what = next(word for word in one.behind if _counted(word) == unit)
            yield Problem("model-number", f"{one.quote!r} counts something else in its claims than {what!r}", "take the words of the claim")


def _unit(one: Figure) -> str | None:
    """What a figure counts; of a clock time, which half of the day it says."""
    if ":" in one.value:
        return next((word for word in one.behind[:1] if word in _HALVES), None)
    return next((_counted(word) for word in one.behind if word not in STOP), None)


def _counted(word: str) -> str:
    return word if word == "%" else "%" if word in ("percent", "pct") else concept(word)


def _names(text: str, ground: str) -> Iterator[Problem]:
    """Names, codes and files that no cited claim has."""
    known = {word.casefold() for word in _WORD.findall(ground)} | {
        part for word in _WORD.findall(ground.casefold()) for part in re.split(r"[-'’/]", word)
    }
    unknown = []
    for place, word in enumerate(_WORD.findall(_REDACTED.sub(" ", text))):
        bare = re.sub(r"['’]s$", "", word)
        is_name = bool(_NAME_LIKE.fullmatch(bare)) or (bare[:1].isupper() and bare != "I" and (place > 0 or _may_name(bare, ground)))
        if is_name and not bare[0].isdigit() and bare.casefold() not in known and not {*re.split(r"[-/]", bare.casefold())} <= known:
            unknown.append(bare)
    if unknown:
        yield Problem("model-name", f"no claim that it cites names {_list(unknown)}", "cite the claim that does, or leave it out")


def _may_name(first: str, ground: str) -> bool:
    """Whether the first word of a sentence, which has a capital anyway, may be a name that the claims do not have."""
    word = first.casefold()
    usual = word in STOP or word in _HEDGES or word in _OPENERS or word in _SPELT or bool(_DENIAL.fullmatch(word))
    return not usual and concept(word) not in {concept(one) for one in _words(ground)}


def _leanings(text: str, ground: str) -> Iterator[Problem]:
    words, known = _words(_UNSURE.sub(" ", text.lower())), _words(ground)
    for code, leaning, how in (
        ("model-softened", _SMALLER, "smaller"),
        ("model-flattering", _KINDER, "kinder"),
        ("model-surer", _SURER, "surer"),
    ):
        if found := [word for word in words if word in leaning and word not in known]:
            yield Problem(code, f"it sounds {how} than its claims: {_list(found)}", "say what the claim says")


def _sureness(text: str, ground: str, statuses: set[str]) -> Iterator[Problem]:
    said = text.lower() if " May " not in text else text.replace(" May ", " ").lower()  # the month
    weak = [status for status in _NEEDED if status in statuses]
    for status in weak:  # each by itself: that one thing is told as unknown does not make another one likely
        if not _NEEDED[status].search(said):
            yield Problem("model-surer", f"it is told as certain, and a claim of it is {status}", f"say that it is {_IN_WORDS[status]}")
    if weak:
        return
    unsure = [word for word in _words(said) if word in _HEDGES and word not in _words(ground)]
    if unsure or (_UNSURE.search(said) and not _UNSURE.search(ground.lower())):
        yield Problem("model-softened", "it is told as uncertain, and its claims are confirmed", "say it as the claim does")


_IN_WORDS = {"likely": "likely", "inconclusive": "disputed, and on which evidence", "unsupported": "not confirmed", "open": "not known"}


def _denials(text: str, claims: Sequence[str]) -> Iterator[Problem]:
    if not claims:
        return
    denied = [bool(_DENIAL.search(_UNSURE.sub(" ", one.lower()))) for one in claims]
    denies = bool(_DENIAL.search(_UNSURE.sub(" ", text.lower())))
    if (denies and not any(denied)) or (not denies and all(denied)):
        yield Problem("model-turned", "it denies what its claims say, or says what they deny", "say it as the claim does")


def _matter(text: str, ground: str) -> Iterator[Problem]:
    """Words of meaning that the claims do not have, by what they mean here: one is enough to turn a sentence into another."""
    said = _UNSURE.sub(" ", _REDACTED.sub(" ", text).lower())
    words = [word for word in _words(said) if len(word) > 2 and not (word in STOP or word in _HEDGES or word in _LIGHT or word in _SPELT)]
    known = {concept(word) for word in _words(ground)}
    own = [word for word in words if concept(word) not in known]
    if own:
        yield Problem(
            "model-unsupported", f"the claims that it cites do not speak of {_list(own)}", "cite the claim that does, or leave it out"
        )


def _words(text: str) -> list[str]:
    return [re.sub(r"['’]s$", "", word) for word in _WORD.findall(text.lower()) if word[0].isalpha()]


def _list(words: Iterable[str]) -> str:
    return ", ".join(repr(word) for word in list(dict.fromkeys(words))[:4])
