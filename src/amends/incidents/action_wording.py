"""Whether the title of an action item says what will be different: it starts with a verb, has an end, and names a thing. Only remarks."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from amends.core.files import read_toml
from amends.core.problem import Problem
from amends.core.shape import require_shape

PATH = os.path.join(os.path.dirname(__file__), "action_wording.toml")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_SHAPE: dict[str, object] = {
    "remark": [
        {
            "code": str,
            "message": str,
            "hint": str,
            "first?": str,
            "endings?": str,
            "endings_except?": str,
            "endless?": str,
            "endless_pairs?": str,
            "things?": str,
            "examples": [str],
            "fine": [str],
        }
    ]
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that a title should not be, with titles that show it and titles that must pass."""

    code: str
    message: str
    hint: str
    first: frozenset[str]
    endings: tuple[str, ...]
    endings_except: frozenset[str]
    endless: frozenset[str]
    endless_pairs: frozenset[str]
    things: frozenset[str]
    examples: tuple[str, ...]
    fine: tuple[str, ...]

    def found(self, words: list[str]) -> str | None:
        """The word of a title that it is about, None where there is nothing to say."""
        if words[0] in self.first or (words[0].endswith(self.endings) and words[0] not in self.endings_except):
            return words[0]
        if words[0] in self.endless:
            return words[0]
        if " ".join(words[:2]) in self.endless_pairs:
            return " ".join(words[:2])
        return words[0] if self.things and all(word in self.things for word in words[1:]) else None


@cache
def remarks_known() -> tuple[Remark, ...]:
    """The remarks of `action_wording.toml`, in their order."""
    values, line_of = read_toml(PATH)
    require_shape(values, _SHAPE, PATH, line_of)
    given: Any = values
    return tuple(_remark(one) for one in given["remark"])


def _remark(given: dict[str, Any]) -> Remark:
    def listed(key: str) -> frozenset[str]:
        return frozenset(word.replace("_", " ") for word in given.get(key, "").split())

    return Remark(
        given["code"],
        given["message"],
        given["hint"],
        listed("first"),
        tuple(sorted(listed("endings"))),
        listed("endings_except"),
        listed("endless"),
        listed("endless_pairs"),
        listed("things"),
        tuple(given["examples"]),
        tuple(given["fine"]),
    )


def remarks(title: str) -> tuple[Problem, ...]:
    """What is to be said about a title; nothing where it is as it should be, or holds no words."""
    words = [word.casefold() for word in _WORD.findall(title)]
    if not words:
        return ()
    found = ((remark, remark.found(words)) for remark in remarks_known())
    return tuple(Problem(one.code, one.message.format(word=word), one.hint, field="title") for one, word in found if word is not None)
