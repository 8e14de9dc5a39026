"""The same sentence again: what was said in one review and is said again in the next, so that nothing has been added to it since.

A figure makes a sentence one of its own time: the same words with other figures tell something new.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from amends.language.text import parse

ALIKE = 0.85
"""From which share of equal characters on, counted twice over both (Ratcliff and Obershelp), two sentences are one."""

LEAST_WORDS = 4
"""A sentence of fewer words says too little to be the same promise."""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_FIGURE = re.compile(r"\d[\d.,:]*")


@dataclass(frozen=True, slots=True)
class Again:
    """A sentence that stood in an earlier text in nearly the same words; `alike` is from `ALIKE` to 1."""

    now: str
    before: str
    alike: float


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text that say enough to be compared, each on one line."""
    found = (" ".join(text[one.start : one.end].split()) for one in parse(text).sentences)
    return tuple(one for one in found if len(_WORD.findall(one)) >= LEAST_WORDS)


def alike(one: str, two: str) -> float:
    """How alike two sentences are, from 0 to 1; 0 where their figures differ."""
    if _FIGURE.findall(one) != _FIGURE.findall(two):
        return 0.0
    words, others = " ".join(_WORD.findall(one.casefold())), " ".join(_WORD.findall(two.casefold()))
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0.0


def repeated(now: str, before: str) -> tuple[Again, ...]:
    """The sentences of a text that stood in an earlier one already, in the order of the text."""
    earlier = sentences(before)
    found = []
    for one in sentences(now):
        best = max(((alike(one, other), other) for other in earlier), default=(0.0, ""))
        if best[0] >= ALIKE:
            found.append(Again(one, best[1], best[0]))
    return tuple(found)
