"""How a repair is worded, as the uncertainty that it removes; and the one sentence about trust that nobody here may write."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from amends.core.files import read_toml
from amends.core.shape import require_shape
from amends.language.text import parse
from amends.trust.remark import Remark

PATH = os.path.join(os.path.dirname(__file__), "wording.toml")
_REMARK = {"code": str, "message": str, "hint": str, "examples": [str], "fine": [str]}
_SHAPE: dict[str, object] = {
    "knows": [str],
    "work": [str],
    "when": [str],
    "remark": [_REMARK],
    "declared": {"patterns": [str], "examples": [str], "fine": [str]},
}

INSTEAD = (
    "write what can be counted, and leave the judgement to those whose trust it is: “In 30 days there were 3 errors; you heard first in 2”"
)
"""What to write in place of the sentence that trust is back."""

_OPEN = re.compile(
    r"\b(?:not|no (?:one|trust|confidence)|never|nobody|none|cannot|neither|nor|hardly|before|when|once|how|what|would|could|might|may"
    r"|should|must|needs?|wants?|hopes?|yet to)\b|n['’]t\b",
    re.IGNORECASE,
)
"""What takes the assertion out of a clause: a negation, or what is still to come. It counts in front of the words, and inside them."""

_CONDITION = re.compile(r"\b(?:whether|if|until|unless)\b", re.IGNORECASE)
"""The same for all that follows it in a sentence."""

_CLAUSE = re.compile(r"[,;:–—]| but ")

_QUOTED = re.compile(r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|\"[^\"\n]*\"|(?<!\w)'[^'\n]*'(?!\w)|^>.*$", re.MULTILINE)
"""Words of somebody else, and lines quoted as mail quotes them."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One remark on the wording of a repair action, with texts that show it and texts that must pass."""

    code: str
    message: str
    hint: str
    examples: tuple[str, ...]
    fine: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    remarks: tuple[Wording, ...]
    knows: re.Pattern[str]
    work: re.Pattern[str]
    when: re.Pattern[str]
    declared: re.Pattern[str]
    told: tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Declared:
    """Words that say that trust is back, at [start, end) of a text."""

    start: int
    end: int
    words: str


@cache
def _known() -> _Known:
    values, line_of = read_toml(PATH)
    require_shape(values, _SHAPE, PATH, line_of)
    given: Any = values
    remarks = tuple(Wording(**{**one, "examples": tuple(one["examples"]), "fine": tuple(one["fine"])}) for one in given["remark"])
    told = tuple(given["declared"]["examples"]), tuple(given["declared"]["fine"])
    said = given["declared"]["patterns"]
    return _Known(remarks, _any(given["knows"]), _any(given["work"]), _any(given["when"]), _any(said), told)


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE | re.MULTILINE)


def told() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Texts that say themselves that trust is back, and texts that do not."""
    return _known().told


def wordings() -> tuple[Wording, ...]:
    """The remarks of `wording.toml`, in their order."""
    return _known().remarks


def worded(uncertainty: str) -> tuple[Remark, ...]:
    """What is to be said about the wording of a repair action: at most one remark, the first thing to mend; nothing for an empty text."""
    words = " ".join(uncertainty.split())
    if not words:
        return ()
    known = _known()
    if not known.knows.search(words):
        code = "work-done-only" if known.work.search(words) else "nothing-known"
    elif not known.when.search(words):
        code = "when-unsaid"
    else:
        return ()
    one = next(one for one in known.remarks if one.code == code)
    return (Remark(one.code, one.message, one.hint, field="uncertainty", quote=words),)


def declared(text: str) -> tuple[Declared, ...]:
    """Where a text says itself that trust is back, in the order of the text.

    A question, a negation, a condition, and words in quotation marks are none: the first three assert nothing, the last belong to others.
    """
    masked = _QUOTED.sub(lambda found: " " * len(found[0]), text)
    found = []
    for sentence in parse(text).sentences:
        own = masked[sentence.start : sentence.end]
        match = _known().declared.search(own)
        if match is not None and _is_said(own, match):
            start, end = sentence.start + match.start(), sentence.start + match.end()
            found.append(Declared(start, end, text[start:end]))
    return tuple(found)


def _is_said(sentence: str, words: re.Match[str]) -> bool:
    before = sentence[: words.end()]
    if sentence.rstrip(" )\"'”").endswith("?") or _CONDITION.search(before):
        return False
    clauses = [found.end() for found in _CLAUSE.finditer(sentence, 0, words.start())]
    return not _OPEN.search(before[max(clauses, default=0) :])
