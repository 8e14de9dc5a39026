"""Formats of line logs, each one data file: where a line has its time and its level, and samples that are its tests.

A format's `pattern` is a regular expression on the beginning of a line in which `{time}` stands for a time written as `time` says
(`layout`), `{level}` for a word that says how bad it is, and `{LEVEL}` for one that can be nothing else, as is to be asked where a
level may stand among other words. What a time looks like in detail is learnt from each file.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from amends.core.errors import InputError
from amends.core.files import read_toml
from amends.core.shape import require_shape
from amends.timeline import levels
from amends.timeline.entry import LEVELS
from amends.timeline.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = os.path.join(os.path.dirname(__file__), "formats")
GENERIC = 90
"""The rank from which on formats are asked only for lines that no particular one knows."""

_SAMPLE = {"line": str, "time": str, "level?": LEVELS, "day?": str}
_SHAPE: dict[str, object] = {
    "id": str,
    "title": str,
    "source": str,
    "pattern": str,
    "time": str,
    "rank?": int,
    "number?": ("status", "syslog"),
    "zone?": ("utc",),
    "levels?": {"*": LEVELS},
    "samples": [_SAMPLE],
}


_DIGITS = {"status": r"[0-5]\d\d", "syslog": r"\d{1,3}"}


@dataclass(frozen=True, slots=True)
class Sample:
    """A line of a format, with what is to be read from it; `day` is the day on which a time without a date was written."""

    line: str
    time: str
    level: str | None = None
    day: str | None = None


@dataclass(frozen=True)
class Format:
    """How the lines of one kind of log begin.

    `rank` orders formats: smaller ones are asked first, since their patterns say more. `number` says what digits in the place of the
    level are: an HTTP status, or the priority of syslog. `zone` is "utc" where the times are so by the format's own rules, though no
    line says it.
    """

    id: str
    title: str
    source: str
    layout: Layout
    pattern: re.Pattern[bytes]
    rank: int = 50
    number: str | None = None
    zone: str | None = None
    levels: dict[bytes, int] = field(default_factory=dict)
    samples: tuple[Sample, ...] = ()
    path: str = ""

    @cached_property
    def level_apart(self) -> bool:
        """Whether what follows the time, its digits blanked, does not tell the level: it is a number, or stands before the time."""
        groups = self.pattern.groupindex
        digits = self.number is not None or re.search(rb"\d", b"".join(self.levels)) is not None
        return "level" in groups and (digits or groups["level"] < groups["time"])

    def level(self, word: bytes | None) -> int:
        """The number of the level that a line says by a word or a number; 0 where it says none."""
        if not word:
            return 0
        if self.number == "status" and word.isdigit():
            return levels.of_status(int(word))
        if self.number == "syslog" and word.isdigit():
            return levels.SYSLOG[int(word) & 7]
        return levels.level_of(word, self.levels)


@cache
def shipped() -> tuple[Format, ...]:
    """The formats of the package, those asked first first."""
    return load(FOLDER)


def load(folder: str) -> tuple[Format, ...]:
    """The formats of a folder. Raises InputError, with file, line and field, for what is wrong in one."""
    names = sorted(name for name in os.listdir(folder) if name.endswith(".toml"))
    return tuple(sorted((read(os.path.join(folder, name)) for name in names), key=lambda one: (one.rank, one.id)))


def read(path: str) -> Format:
    """One format from its file. Raises InputError."""
    values, line_of = read_toml(path)
    require_shape(values, _SHAPE, path, line_of)
    given: Any = values
    layout = Layout(given["time"])
    own = {word.lower().encode(): levels.NUMBER[level] for word, level in given.get("levels", {}).items()}
    samples = tuple(Sample(**sample) for sample in given["samples"])
    number = given.get("number")
    try:
        pattern = compiled(given["pattern"], layout, own, number)
    except re.error as error:
        raise InputError(f"not a regular expression: {error}", path=path, line=line_of("pattern"), field="pattern") from error
    words = given["id"], given["title"], given["source"]
    return Format(*words, layout, pattern, given.get("rank", 50), number, given.get("zone"), own, samples, path)


def compiled(pattern: str, layout: Layout, own: dict[bytes, int], number: str | None = None) -> re.Pattern[bytes]:
    """The pattern of a format as a regular expression on bytes."""
    words = "|".join([*(re.escape(word.decode()) for word in sorted(own, key=len, reverse=True)), levels.PATTERN])
    level = _DIGITS[number] if number else f"(?i:{words})"
    said = pattern.replace("{time}", f"(?P<time>{layout.source})").replace("{level}", f"(?P<level>{level})")
    return re.compile(said.replace("{LEVEL}", f"(?P<level>{levels.CERTAIN})").encode())


def match(
    formats: tuple[Format, ...], line: bytes, keep: Callable[[Format], bool] = lambda _: True
) -> tuple[Format, re.Match[bytes]] | None:
    """The first format that knows a line, with what it found; None where none does."""
    for one in formats:
        if keep(one) and (found := one.pattern.match(line)) is not None:
            return one, found
    return None
