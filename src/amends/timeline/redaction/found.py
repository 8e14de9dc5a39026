"""What a rule of redaction finds, and what a rule is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MARK = re.compile(r"\[redacted: [a-z][a-z -]{1,30}(?: \d{1,9})?\]")
"""What stands where something was taken out; never looked into again."""


class Found(NamedTuple):
    """A part of a text that is to be taken out, from `start` to before `end` in characters.

    `value` is what makes it the same as another: a card number without its spaces; empty where the characters themselves do.
    """

    start: int
    end: int
    kind: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Finds one sort of thing, in time linear in the length of the text.

    `signs` are what a text must have one of for the rule to be asked, in the notation of `sieve.Sieve`.
    """

    name: str
    find: Callable[[str], Iterable[Found]]
    signs: tuple[str, ...]


def by_pattern(
    kind: str, pattern: str, signs: Iterable[str], accept: Callable[[re.Match[str]], bool] | None = None, flags: int = 0
) -> Rule:
    """A rule from a regular expression: its group `value` is what is found, else all of it, where `accept` has nothing against it."""
    compiled = re.compile(pattern, flags)
    group: int | str = "value" if "value" in compiled.groupindex else 0

    def find(text: str) -> Iterator[Found]:
        for match in compiled.finditer(text):
            if accept is None or accept(match):
                yield Found(match.start(group), match.end(group), kind)

    return Rule(kind, find, tuple(signs))
