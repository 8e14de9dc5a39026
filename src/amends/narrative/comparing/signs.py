"""What a clause says for or against its teller, told by its words: the signs of `signs.toml`, found in one walk over the words.

A word is looked up once and remembered; a phrase is tried only where one of the words stands that it can begin with.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from amends.narrative.concepts import REMEMBERED

AGAINST = ("fault", "unseen", "slow", "harm", "again", "unknown", "gap", "people", "trust")
"""Signs of what a teller owes the reader."""

_GAP = re.compile(r"~(\d) ")
_LETTERS = r"[\w'’-]*"


def _alternatives(pattern: str) -> list[str]:
    """The parts of a pattern between bars that are in no parentheses."""
    parts, depth, begin = [], 0, 0
    for place, char in enumerate(pattern):
        depth += (char == "(") - (char == ")")
        if char == "|" and not depth:
            parts.append(pattern[begin:place])
            begin = place + 1
    return [*parts, pattern[begin:]]


def _closing(pattern: str, opening: int) -> int:
    depth = 0
    for place in range(opening, len(pattern)):
        depth += (pattern[place] == "(") - (pattern[place] == ")")
        if not depth:
            return place
    raise ValueError(f"a parenthesis of {pattern!r} is not closed")


def spellings(pattern: str) -> list[str]:
    """The words that a pattern can begin with, each spelled out but for `*`."""
    found = [""]
    place = 0
    while place < len(pattern):
        char = pattern[place]
        if char in " ~":
            return found
        if char == "(":
            end = _closing(pattern, place)
            inner = [one for part in _alternatives(pattern[place + 1 : end]) for one in spellings(part)]
            spaced = any(" " in part for part in _alternatives(pattern[place + 1 : end]))
            optional = pattern[end + 1 : end + 2] == "?"
            rest = found if optional else []
            found = [one + other for one in found for other in inner] + rest
            place = end + 1 + optional
            if spaced and place < len(pattern) and pattern[place] == " ":
                return found
        elif char == "[":
            end = pattern.index("]", place)
            optional = pattern[end + 1 : end + 2] == "?"
            rest = found if optional else []
            found = [one + letter for one in found for letter in pattern[place + 1 : end]] + rest
            place = end + 1 + optional
        elif pattern[place + 1 : place + 2] == "?":
            found = [one + char for one in found] + found
            place += 2
        elif pattern.startswith("<num>", place):
            found = [one + "#" for one in found]
            place += 5
        else:
            found = [one + char for one in found]
            place += 1
    return found


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """A phrase as a regular expression; made when it is needed first, since most texts need few."""
    written = _GAP.sub(lambda gap: rf"(?:[\w'’-]+ ){{0,{gap.group(1)}}}", pattern.replace("(", "(?:"))
    return re.compile(written.replace("*", _LETTERS).replace("<num>", r"\d+") + r"(?!\w)")


class Signs:
    """The signs, ready to be looked for."""

    def __init__(self, listed: dict[str, dict[str, object]]) -> None:
        self.names = tuple(listed)
        self._exact: dict[str, list[int]] = {}
        self._begin: dict[str, list[int]] = {}
        self._end: dict[str, list[int]] = {}
        self._phrases: list[tuple[int, str]] = []
        self._openers: tuple[dict[str, list[int]], dict[str, list[int]], dict[str, list[int]]] = ({}, {}, {})
        self._known: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {}
        for number, sign in enumerate(listed.values()):
            for pattern in str(sign["words"]).split():
                for word in spellings(pattern):
                    _put((self._exact, self._begin, self._end), word, number)
            phrases = sign.get("phrases", ())
            assert isinstance(phrases, list | tuple), "a list of phrases"
            for pattern in phrases:
                for word in set(spellings(pattern)):
                    _put(self._openers, word, len(self._phrases))
                self._phrases.append((number, pattern))

    def find(self, low: str, words: list[tuple[str, int]]) -> dict[str, tuple[int, int]]:
        """The signs of a clause, each with the span of its first words in `low`; `words` are its words and where they stand."""
        found: dict[str, tuple[int, int]] = {}
        names = self.names
        for word, start in words:
            alone, openers = self._known.get(word) or self._look_up(word)
            for sign in alone:
                if names[sign] not in found:
                    found[names[sign]] = (start, start + len(word))
            for opener in openers:
                sign, pattern = self._phrases[opener]
                if names[sign] not in found and (match := _expression(pattern).match(low, start)):
                    found[names[sign]] = match.span()
        return found

    def _look_up(self, word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        told = (_get((self._exact, self._begin, self._end), word), _get(self._openers, word))
        if len(self._known) < REMEMBERED:
            self._known[word] = told
        return told


_LONGEST = 14


def _put(tables: tuple[dict[str, list[int]], dict[str, list[int]], dict[str, list[int]]], word: str, number: int) -> None:
    exact, begin, end = tables
    if word.startswith("*") and len(word) > 1:
        end.setdefault(word[1:].rstrip("*"), []).append(number)
    elif "*" in word:
        begin.setdefault(word[: word.index("*")], []).append(number)
    else:
        exact.setdefault(word, []).append(number)


def _get(tables: tuple[dict[str, list[int]], dict[str, list[int]], dict[str, list[int]]], word: str) -> tuple[int, ...]:
    exact, begin, end = tables
    found = list(exact.get(word, ()))
    if word[0].isdigit():
        found += exact.get("#", ())
    for size in range(min(len(word), _LONGEST) + 1):
        found += begin.get(word[:size], ())
    for size in range(1, min(len(word), 6) + 1):
        found += end.get(word[-size:], ())
    return tuple(dict.fromkeys(found))


@cache
def signs() -> Signs:
    """The signs that ship with the package."""
    return Signs(tomllib.loads((resources.files(__package__) / "signs.toml").read_text("utf-8")))
