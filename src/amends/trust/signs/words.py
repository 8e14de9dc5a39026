"""Lists of phrases that the detectors listen for; each is data with sentences in which it is heard, and near-misses in which it is not.

`words/` holds a file for each sign. A list says what it is `about`, the patterns of which `any` must stand in a sentence, those of which
`both` halves must (with && between), and what means that it is not meant (`unless`). Patterns are regular expressions without regard to
case; {part} stands for any pattern of a part in `words/parts.toml`. A pattern may go over several lines: line ends and the blanks after
them count for nothing. Its examples are tests.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from amends.core.files import load_strict
from amends.trust.signs.records import SIGNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from amends.trust.signs.records import Text

LONGEST = 1500
"""So much of a sentence is listened to, in code points; what is longer is a log or a table."""
FOLDER = os.path.join(os.path.dirname(__file__), "words")
_PARTS: dict[str, object] = {"*": {"any": [str]}}
_LIST = {"about": str, "any?": [str], "both?": [str], "unless?": [str], "hits": [str], "misses": [str]}
_LISTS: dict[str, object] = {"*": _LIST}
_PART = re.compile(r"\{([a-z_]+)\}")
_AND = "&&"
_LINE_END = re.compile(r"\n\s*")
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class WordList:
    """One list: its phrases, those of which two must stand in one sentence in any order, and what means that it is not meant."""

    name: str
    any: re.Pattern[str]
    both: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    unless: re.Pattern[str] | None
    hits: tuple[str, ...]
    misses: tuple[str, ...]

    def heard(self, sentence: str) -> str | None:
        """The words of a sentence in which the list is heard, None where it is not."""
        plain = sentence[:LONGEST].replace("’", "'")
        place = self._place(plain)
        if place is None or (self.unless is not None and self.unless.search(plain)):
            return None
        return sentence[slice(*place)]

    def _place(self, plain: str) -> tuple[int, int] | None:
        if match := self.any.search(plain):
            return match.span()
        for one, other in self.both:
            if (first := one.search(plain)) and (second := other.search(plain)):
                return min(first.start(), second.start()), max(first.end(), second.end())
        return None


@cache
def _told() -> tuple[dict[str, Any], dict[str, str]]:
    """The lists as they are written, and their parts with the parts in them filled in."""
    told: Any = load_strict(os.path.join(FOLDER, "parts.toml"), _PARTS)
    parts: dict[str, str] = {}
    for name, part in told.items():
        parts[name] = "|".join(_filled(one, parts) for one in part["any"])
    lists: dict[str, Any] = {}
    for sign in SIGNS:
        lists.update(load_strict(os.path.join(FOLDER, f"{sign}.toml"), _LISTS))
    return lists, parts


def names() -> tuple[str, ...]:
    """The names of all lists. Raises InputError for a file that is none."""
    return tuple(_told()[0])


@cache
def word_list(name: str) -> WordList:
    """The list of a name, compiled when somebody listens for it first."""
    listed, parts = _told()
    one = listed[name]
    unless = _pattern(one["unless"], parts) if one.get("unless") else None
    phrases = _pattern(one["any"], parts) if one.get("any") else _NEVER
    return WordList(name, phrases, _halves(one.get("both", ()), parts), unless, tuple(one["hits"]), tuple(one["misses"]))


def _halves(told: Iterable[str], parts: dict[str, str]) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """Each two patterns, written with && between them."""
    return tuple((_pattern([first], parts), _pattern([second], parts)) for first, _, second in (one.partition(_AND) for one in told))


def _pattern(phrases: list[str], parts: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?:{_filled(one, parts)})" for one in phrases), re.IGNORECASE)


def _filled(pattern: str, parts: dict[str, str]) -> str:
    return _PART.sub(lambda found: f"(?:{parts[found[1]]})", _LINE_END.sub("", pattern.strip()))


_QUOTED = re.compile(r"[“\"«][^”\"»]{3,}[”\"»]")


def unquoted(sentence: str) -> str:
    """A sentence without what stands in quotation marks: that is reported, and not said."""
    return _QUOTED.sub(" ", sentence)


def heard(name: str, sentence: str) -> str | None:
    """The words of a sentence in which a list is heard, None where it is not."""
    return word_list(name).heard(sentence)


def sentences(text: Text) -> Iterator[tuple[int, str]]:
    """The sentences of a text with their places in its document."""
    for place, one in enumerate(text.document.sentences):
        yield place, text.text[one.start : one.end]


def places(name: str, sentence: str) -> Iterator[tuple[int, int]]:
    """Every place of a sentence in which a list would be heard, whatever spares it."""
    for match in word_list(name).any.finditer(sentence[:LONGEST].replace("’", "'")):
        yield match.span()


def spared(name: str, sentence: str) -> bool:
    """Whether something in a sentence means that the list is not meant: denied, asked, wished, reported, of another thing."""
    unless = word_list(name).unless
    return unless is not None and unless.search(sentence.replace("’", "'")) is not None


def heard_in(name: str, text: Text) -> list[str]:
    """The sentences of a text in which a list is heard."""
    return [sentence for _, sentence in sentences(text) if heard(name, sentence)]
