"""Redactions that a text declares: what is said to be withheld, and why, is honest, and no drift."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amends.narrative.drift import Withheld

if TYPE_CHECKING:
    from amends.narrative.comparing.aligning import Alignment
    from amends.narrative.comparing.clauses import Telling

_NOT_TOLD = "disclose|name|publish|share|identify|reveal|state|describe|give|list|say|quote|tell"
_DECLARED = re.compile(
    r"\b(?:withh[eo]ld\w*|redact\w*|le(?:ave|ft|aving) out|omit\w*"
    r"|not (?:disclos|nam|publish|shar|identif|reveal|stat|describ|giv|list|quot)\w*"
    rf"|(?:don't|won't|cannot|can't|do not|will not|may not) (?:\w+ )?(?:{_NOT_TOLD}))\b"
)
_GROUNDS = {
    "legal": re.compile(r"\blegal|law\b|lawyer|court|contract(?:s|ual\w*)?\b|litigation|regulator|confidential|police|prosecut"),
    "privacy": re.compile(r"\bprivacy|personal|private|data protection|names? of (?:people|persons|customers|patients)|anonym|colleague"),
    "security": re.compile(r"\bsecurity|attack|vulnerab|exploit|abuse|safe\b|until (?:the|it|a|we|this)"),
}
_REASON = re.compile(
    r"\b(?:reasons?|because|while|until|on purpose|deliberately|for (?:legal|privacy|security)|here"
    r"|in this (?:summary|version|note|report))\b"
)
_NEAR = 0.22
"""A clause of the source is what a declaration speaks of from this likeness on."""


def declared(retold: Telling) -> dict[int, Withheld]:
    """The sentences that declare a redaction, by number: they say that something is not told, and on what ground or until when."""
    found = {}
    for place, clauses in enumerate(retold.sentences):
        sentence = retold.text.sentences[place]
        words = retold.text.masked[sentence.start : sentence.end].lower()
        if clauses and _DECLARED.search(words) and _REASON.search(words):
            ground = next((name for name, pattern in _GROUNDS.items() if pattern.search(words)), None)
            if ground is not None or re.search(r"\bhere\b|\bin this\b|\bwithh", words):
                quote = retold.text.raw[sentence.start : sentence.end]
                found[place] = Withheld(quote, sentence.start, sentence.end, ground)
    return found


def covered(alignment: Alignment, sentences: dict[int, Withheld]) -> frozenset[int]:
    """The clauses of the source that the declarations speak of, by number."""
    retold = alignment.retold
    return frozenset(
        other.number
        for place in sentences
        for clause in retold.sentences[place]
        for other in alignment.nearest(clause.number)[:2]
        if alignment.alike[clause.number][other.number] >= _NEAR
    )
