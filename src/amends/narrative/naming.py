"""Who is named as the agent of what went wrong: words that make a review about somebody, and not about where anybody could have stood.

A name where somebody was told, asked or helped is none of these: people must be named where they are to hear something, or are thanked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from amends.core.people import LOCAL_PERSON
from amends.language.records import Draft

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from amends.incidents.story import Story
    from amends.language.records import Document
    from amends.narrative.account import Account

FORM = "post-incident-review"
_GUESSED = "reads-as-"
"""How the rules are called by which the network alone speaks: of one sentence without its neighbours it guesses too often."""

_CAUSAL = re.compile(
    r"\b(?:because|caus(?:e|ed|es|ing)|led to|leads to|due to|owing to|thanks to|result(?:ed|s|ing)? (?:in|from)|as a result|triggered"
    r"|broke|to blame|why it happened)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-Z][^\W\d_]*(?:['’-][A-Z][^\W\d_]*)*\b")
_TO_THEM = re.compile(
    r"(?:(?<!due )(?<!owing )(?<!thanks )\b(?:to)|\b(?:for|with|without|thank|thanks|tell|tells|telling|told|ask(?:s|ed|ing)?"
    r"|call(?:s|ed|ing)?|pag(?:e|es|ed|ing)|phon(?:e|es|ed|ing)|inform(?:s|ed|ing)?|notif(?:y|ies|ied|ying)|alert(?:s|ed|ing)?"
    r"|warn(?:s|ed|ing)?|reach(?:es|ed|ing)?|e-?mail(?:s|ed|ing)?))(?:\s+[A-Z]\w+\s+(?:and|or))?\s+$",
    re.IGNORECASE,
)
"""What stands before a name where somebody was told, asked or thanked."""

_OF_THEM = re.compile(
    r"^(?:['’]s?\s+(?!(?:\w+\s+)?(?:mistake|error|slip|change|commit|deploy\w*|release|decision|fault|oversight|restart|merge|rollout)\b)"
    r"|\s+(?:(?:was|were|is|are|had been|has been|have been)\s+(?:(?:not|never|only|also|still|then)\s+)?"
    r"(?:told|paged|asked|informed|called|warned|reached|notified|alerted|left|given|sent|on leave)\b"
    r"|(?:never|did not|didn['’]t)\s+(?:get|got|receive|received|hear|heard)\b"
    r"|(?:then\s+)?(?:noticed|found|saw|reported|helped|spotted|stopped|caught|restored|repaired|warned|phoned|said|counted|measured)\b))",
    re.IGNORECASE,
)
"""What stands behind a name where something reached somebody, or did not, or where they helped."""


class Engine(Protocol):
    """What is asked of the language engine; `usecases.checking.Checking` answers."""

    def check(self, draft: Draft) -> Document:
        """Everything it says about a text."""

    def is_first_name(self, word: str) -> bool:
        """Whether a word, as it was written, is the first name of people and hardly anything else."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """Words that pin what went wrong on somebody: the words, and why not, in a sentence."""

    quote: str
    why: str


def pinned(text: str, at: datetime, engine: Engine, people: Iterable[str] = (), *, causal: bool = False) -> tuple[Pinned, ...]:
    """Where a text blames somebody, or names a person in a sentence that says why something happened.

    `causal` says that all of the text says why; else the sentences count that do by their words. `people` are names that are known.
    """
    document = engine.check(Draft(text, at, form=FORM, markup="plain"))
    blamed = [one for one in document.findings if one.flaw == "blame" and not one.rule.startswith(_GUESSED)]
    found = [Pinned(text[one.start : one.end], one.message) for one in blamed]
    known = tuple(people)
    for sentence in document.sentences:
        words = text[sentence.start : sentence.end]
        if any(one.start < sentence.end and sentence.start < one.end for one in blamed):
            continue
        if causal or _CAUSAL.search(words):
            found += [Pinned(name, _WHY.format(name=name)) for name in _agents(words, engine.is_first_name, known)]
    return tuple(dict.fromkeys(found))


_WHY = "{name} is named where it says why it happened; anybody in that place could have done it"


def known_people(story: Story, account: Account, is_first_name: Callable[[str], bool]) -> tuple[str, ...]:
    """The people whom an incident knows: who held a function, wrote, promised, took an action item on, or saw something."""
    names = {one.person for one in story.assignments} | {one.by for one in story.events} | {one.author for one in story.messages}
    names |= {one.owner for one in story.actions if one.owner} | {one.item.proposed_by for one in story.actions}
    names |= {one.promise.owner for one in story.promises if one.promise.owner}
    names |= {one.point.by for one in account.points}
    who = {one.point.who for one in account.points if one.point.who}
    names |= {one for one in who if is_first_name(one.split()[0])}  # the rest are parts of the system, teams and roles
    return tuple(sorted(names - {LOCAL_PERSON}))


def _agents(words: str, is_first_name: Callable[[str], bool], people: tuple[str, ...]) -> Iterator[str]:
    known = {part for name in people for part in _parts(name)}
    end = -1
    for place in _NAME.finditer(words):
        if place.start() < end or not (place[0].casefold() in known or is_first_name(place[0])):
            continue
        end = place.end()
        while (more := _NAME.match(words, end + 1)) and words[end] == " " and (more[0].casefold() in known or end == place.end()):
            end = more.end()  # a first name brings the surname behind it along
        if not _TO_THEM.search(words[: place.start()]) and not _OF_THEM.match(words[end:]):
            yield words[place.start() : end]


def _parts(name: str) -> tuple[str, ...]:
    """The words of a name by which people are called: `mia.chen` and `Mia Chen` are Mia and Chen."""
    return tuple(part.casefold() for part in re.split(r"[\s._@-]+", name) if len(part) > 2)
