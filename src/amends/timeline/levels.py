"""The words by which programs say how bad a line is, as one of eight levels."""

from __future__ import annotations

from amends.timeline.entry import LEVELS

WORDS = {
    "trace": "trace trc trce finest finer verbose vrb all",
    "debug": "debug dbg dbug fine debug1 debug2 debug3 debug4 debug5",
    "info": "info information informational inf config log statement",
    "notice": "notice note hint success",
    "warning": "warning warn wrn warnung",
    "error": "error err severe failure fail",
    "critical": "critical crit fatal ftl emergency emerg panic alert dpanic",
}
"""The words of each level, in small letters; LOG and STATEMENT are PostgreSQL's, ALERT and EMERG those of syslog."""

NUMBER = {name: number for number, name in enumerate(LEVELS, 1)}
LEVEL_OF = {word.encode(): NUMBER[level] for level, words in WORDS.items() for word in words.split()}
PATTERN = "(?i:" + "|".join(sorted((word for words in WORDS.values() for word in words.split()), key=len, reverse=True)) + ")"
"""A regular expression of any of these words, the longest first."""

_CAPITALS = "TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|SEVERE|CRITICAL|CRIT|FATAL|PANIC|EMERG(?:ENCY)?|ALERT"
_SMALL = "trace|debug|info|notice|warn(?:ing)?|error|err|critical|crit|fatal|panic|emerg|alert"
CERTAIN = rf"(?:(?<!\w)(?:{_CAPITALS})(?!\w)|(?<=[\[<(|])(?i:{_SMALL})(?=[ \])>|]))"
"""A regular expression of the words that are a level wherever they stand: in capitals, or alone between brackets or bars."""

SYSLOG = (7, 7, 7, 6, 5, 4, 3, 2)
"""Levels by the severity of syslog, 0 emergency to 7 debug (RFC 5424, section 6.2.1)."""


def level_of(word: bytes, own: dict[bytes, int]) -> int:
    """The level that a word of a line says, by the words of its format first; 0 where it says none.

    A number in a format that has none of its own is the priority of syslog, of which the lowest three bits are the severity.
    """
    word = word.strip().lower()
    found = own.get(word) or LEVEL_OF.get(word)
    return found or 0


def of_status(status: int) -> int:
    """The level of a request by its HTTP status: what failed here is an error, what the caller did wrong a warning."""
    return NUMBER["error"] if status >= 500 else NUMBER["warning"] if status >= 400 else NUMBER["info"]
