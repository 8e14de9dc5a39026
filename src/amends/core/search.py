"""What somebody searches for, read from what they typed, and what is found: pure, so that it means the same on every database.

A query is words, "phrases", -what must not be there, and filters (`kind:`, `status:`, `sev:`, `from:`, `before:`, `after:`). Whatever else
is typed is words too: nothing a person writes is ever the syntax of a database. The last word also finds longer ones.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from amends.core.incident import SEVERITIES, STATUSES
from amends.core.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

WORDS_LIMIT = 32
"""The words of one query; more make no answer better, and each costs time."""
WORD_LIMIT = 100
"""Characters of one word that are looked at."""
QUERY_LIMIT = 2000
"""Characters of one query that are read."""
SHORTEST_BEGINNING = 2
"""Letters that a last word needs before it finds longer ones: one letter begins a tenth of all words."""
AROUND = 90
"""Characters that a snippet shows before the first word found, and twice as many behind it."""

_PART = re.compile(r'(?P<minus>-)?(?:(?P<filter>kind|status|sev|from|before|after):)?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))')
_WORD = re.compile("(?:[^\\W_][\u0300-\u036f]*)+")
_MARK = re.compile("[\u0300-\u036f]+")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand one after the other, or must not; `begins` says that the last one may go on."""

    words: tuple[str, ...]
    negated: bool = False
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: all terms, and of each filter any of its values."""

    terms: tuple[Term, ...] = ()
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    before: datetime | None = None
    after: datetime | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def asks_nothing(self) -> bool:
        """Whether there is nothing to search for."""
        filters = (self.kinds, self.statuses, self.severities, self.people, self.before, self.after)
        return not self.terms and not any(filters)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A part of a text, and in it the half-open ranges (in code points) of the words that were found."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: `ref` is the id of a thing of this `kind`; the rest of its incident is None where it is about none."""

    kind: str
    ref: str
    incident_id: str | None
    incident_title: str | None
    incident_status: str | None
    incident_severity: str | None
    person: str | None
    at: datetime
    title: Snippet
    snippet: Snippet
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits, the best first. `total` counts them all, up to a bound; `more` says that there are more than it counts."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    more: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Read:
    terms: list[Term] = field(default_factory=list)
    filters: dict[str, list[str]] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def parse(text: str, kinds: tuple[str, ...], zone: tzinfo = UTC) -> Query:
    """What a text asks for; days of filters begin in `zone`. A value that a filter cannot have is a problem, and the rest is searched."""
    read = _Read()
    text = text[:QUERY_LIMIT]
    for part in _PART.finditer(text):
        named, value = part["filter"], part["phrase"] if part["phrase"] is not None else part["word"]
        if named and not part["minus"]:
            _filter(read, named, value, kinds, zone)
            continue
        words = tuple(word[:WORD_LIMIT] for word in plain_words(f"{named or ''} {value}"))
        begins = part["word"] is not None and part.end() == len(text) and bool(words) and len(words[-1]) >= SHORTEST_BEGINNING
        if words and sum(len(term.words) for term in read.terms) + len(words) <= WORDS_LIMIT:
            read.terms.append(Term(words, negated=bool(part["minus"]), begins=begins))
    given = {name: tuple(dict.fromkeys(values)) for name, values in read.filters.items()}
    return Query(
        terms=tuple(read.terms),
        kinds=given.get("kind", ()),
        statuses=given.get("status", ()),
        severities=given.get("sev", ()),
        people=given.get("from", ()),
        before=read.times.get("before"),
        after=read.times.get("after"),
        problems=tuple(read.problems),
    )


def plain_words(text: str) -> Iterator[str]:
    """The words of a text as they are compared: small letters without marks."""
    return (_plain(match[0]) for match in _WORD.finditer(text))


def snippet(text: str, query: Query, *, around: int = AROUND) -> Snippet:
    """The part of a text in which the words of a query stand first, with those words marked; its beginning where none does."""
    wanted = {word for term in query.terms if not term.negated for word in term.words}
    beginnings = tuple(term.words[-1] for term in query.terms if term.begins and not term.negated)
    start, end = 0, 3 * around
    marks: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        if marks and match.start() >= end:
            break
        word = _plain(match[0])
        if word in wanted or word.startswith(beginnings or ("\0",)):
            if not marks and match.end() > end - around:
                start = _edge(text, match.start() - around)
                end = start + 3 * around
            marks.append((match.start(), match.end()))
    end = min(end, len(text))
    shown = tuple((a - start, b - start) for a, b in marks if b <= end)
    return Snippet(text[start:end], shown)


def _edge(text: str, at: int) -> int:
    """The beginning of a word near a place."""
    found = text.find(" ", max(at, 0), max(at, 0) + 30)
    return found + 1 if found >= 0 else max(at, 0)


def _plain(word: str) -> str:
    if word.isascii():
        return word.lower()
    return _MARK.sub("", unicodedata.normalize("NFD", word)).lower()


def _filter(read: _Read, name: str, value: str, kinds: tuple[str, ...], zone: tzinfo) -> None:
    if name in ("before", "after"):
        day = _day(value)
        if day is None:
            read.problems.append(_refused(name, value, "write a day as 2026-03-04"))
        else:
            read.times[name] = datetime.combine(day, time(), zone)
        return
    known = {"kind": kinds, "status": STATUSES, "sev": SEVERITIES}.get(name)
    plain = value.strip().lower()
    found = f"SEV{plain.removeprefix('sev')}" if name == "sev" else plain
    if known is not None and found not in known:
        read.problems.append(_refused(name, value, f"known: {', '.join(known)}"))
    elif found:
        read.filters.setdefault(name, []).append(found)


def _day(value: str) -> date | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if 1970 <= day.year <= 9998 else None  # as for all times: counting from it must not leave the calendar


def _refused(name: str, value: str, hint: str) -> Problem:
    return Problem("search-filter", f"{name}: cannot be {value[:40]!r}, so it is left out", hint, field=name)
