"""How bad something is, by the words and numbers that programs use for it, as one of the levels of an entry."""

from __future__ import annotations

from amends.timeline.entry import LEVELS
from amends.timeline.levels import LEVEL_OF, SYSLOG

_OWN = {
    "normal": "info", "ok": "info", "none": "info", "operational": "info", "maintenance": "info", "minor": "warning", "moderate": "warning",
    "degraded_performance": "warning", "partial_outage": "error", "major": "error", "major_outage": "critical", "high": "error",
    "medium": "warning", "low": "info", "page": "critical", "sample": "debug", "i": "info", "w": "warning", "e": "error", "f": "critical",
    "d": "debug", "t": "trace", "v": "trace", "c": "critical", "n": "notice", "default": "info", "p1": "critical", "p2": "error",
    "p3": "warning", "p4": "notice", "p5": "info",
}  # fmt: skip


def level(word: object) -> str | None:
    """The level that a word says; None where it says none. Numbers are those of pino and bunyan, 10 trace to 60 fatal."""
    if isinstance(word, bool) or word is None:
        return None
    if isinstance(word, (int, float)):
        return by_tens(word)
    if not isinstance(word, str) or len(word) > 40:
        return None
    small = word.strip().lower()
    if small.isdigit() and small.isascii():
        return by_tens(int(small))
    number = LEVEL_OF.get(small.encode("utf-8", "replace"))
    return LEVELS[number - 1] if number else _OWN.get(small)


def by_tens(number: float) -> str | None:
    """The level of a number of pino or bunyan; smaller ones are those of syslog, which counts the other way."""
    if 0 <= number < 8:
        return syslog(int(number))
    if not 10 <= number < 70:
        return None
    return ("trace", "debug", "info", "warning", "error", "critical")[int(number) // 10 - 1]


def python(number: object) -> str | None:
    """The level of a `levelno` of Python."""
    if not isinstance(number, int) or not 5 <= number < 60:
        return None
    return ("trace", "debug", "info", "warning", "error", "critical")[number // 10]


def syslog(number: int) -> str:
    """The level of a severity of syslog."""
    return LEVELS[SYSLOG[number & 7] - 1]


def otlp(number: object) -> str | None:
    """The level of a severityNumber of OpenTelemetry: four numbers each from 1 trace to 24 fatal."""
    if not isinstance(number, int) or not 1 <= number <= 24:
        return None
    return ("trace", "debug", "info", "warning", "error", "critical")[(number - 1) // 4]
