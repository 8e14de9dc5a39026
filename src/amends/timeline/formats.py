"""Formats of line logs, each one data file: where a line has its time and its level, and samples that are its tests.

A format's `pattern` is a regular expression on the beginning of a line in which `{time}` stands for a time written as `time` says
(`layout`), `{level}` for a word that says how bad it is, and `{LEVEL}` for one that can be nothing else, as is to be asked where a
level may stand among other words. What a time looks like in detail is learnt from each file.

There are hundreds of formats, and a program meets a handful. So they come in one file that is made with the package (`compile`), and the
pattern of one is compiled when a line looks as its lines must (`looks`).
"""

from __future__ import annotations

import marshal
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
    from amends.timeline.looks import Look

FOLDER = os.path.join(os.path.dirname(__file__), "formats")
INDEX = os.path.join(os.path.dirname(__file__), "formats.bin")
MAGIC = b"amends-formats-1\n"
FINGERPRINT = 32
"""Bytes behind the magic ones that tell from which files the index was made."""

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

    `said` is the pattern as its file has it. `look` is what each of its lines must look like, all digits made zeros: the bytes by which
    one may begin, and the runs of bytes that it must hold in that order, each with its place, -1 for anywhere behind the one before.
    `rank` orders formats: smaller ones are asked first, since their patterns say more. `number` says what digits in the place of the
    level are: an HTTP status, or the priority of syslog. `zone` is "utc" where the times are so by the format's own rules, though no
    line says it.
    """

    id: str
    title: str
    source: str
    layout: Layout
    said: str
    look: Look
    rank: int = 50
    number: str | None = None
    zone: str | None = None
    levels: dict[bytes, int] = field(default_factory=dict)
    samples: tuple[Sample, ...] = ()
    path: str = ""

    @cached_property
    def regex(self) -> bytes:
        """The regular expression of the beginning of its lines."""
        return regex_of(self.said, self.layout, self.levels, self.number)

    @cached_property
    def pattern(self) -> re.Pattern[bytes]:
        """The same, compiled."""
        return re.compile(self.regex)

    def may_be(self, blanked: bytes) -> bool:
        """Whether a line, its digits made zeros, may be one of this format; where it may not, the pattern does not match it."""
        begins, runs = self.look
        if blanked[:1] not in begins:
            return False
        behind = 0
        for at, run in runs:
            found = blanked.find(run, behind) if at < 0 else at if blanked.startswith(run, at) else -1
            if found < 0:
                return False
            behind = found + len(run)
        return True

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
    """The formats of the package, those asked first first; read from its files where the index is missing or of another make."""
    try:
        with open(INDEX, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        data = b""
    return unpacked(data) if data.startswith(MAGIC) else load(FOLDER)


def unpacked(index: bytes) -> tuple[Format, ...]:
    """The formats of an index that `compile` made."""
    made = []
    for plain in marshal.loads(index[len(MAGIC) + FINGERPRINT :]):  # noqa: S302  # the package's own file, built with it
        id, title, source, base, said, look, rank, number, zone, own, samples, name = plain
        told = tuple(Sample(*sample) for sample in samples)
        path = os.path.join(FOLDER, name)
        made.append(Format(id, title, source, Layout(base), said, look, rank, number, zone, own, told, path))
    return tuple(made)


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
    regex = regex_of(given["pattern"], layout, own, number)
    try:
        re.compile(regex)
    except re.error as error:
        raise InputError(f"not a regular expression: {error}", path=path, line=line_of("pattern"), field="pattern") from error
    from amends.timeline.looks import look_of

    words = given["id"], given["title"], given["source"]
    rank, zone = given.get("rank", 50), given.get("zone")
    return Format(*words, layout, given["pattern"], look_of(regex), rank, number, zone, own, samples, path)


def regex_of(pattern: str, layout: Layout, own: dict[bytes, int], number: str | None = None) -> bytes:
    """The pattern of a format as a regular expression on bytes."""
    words = "|".join([*(re.escape(word.decode()) for word in sorted(own, key=len, reverse=True)), levels.PATTERN])
    level = _DIGITS[number] if number else f"(?i:{words})"
    said = pattern.replace("{time}", f"(?P<time>{layout.source})").replace("{level}", f"(?P<level>{level})")
    return said.replace("{LEVEL}", f"(?P<level>{levels.CERTAIN})").encode()


_BLANK = bytes(48 if 48 <= byte <= 57 else byte for byte in range(256))


def blanked(line: bytes) -> bytes:
    """A line with all its digits made zeros."""
    return line.translate(_BLANK)


def match(formats: tuple[Format, ...], line: bytes) -> tuple[Format, re.Match[bytes]] | None:
    """The first format that knows a line, with what it found; None where none does."""
    look = blanked(line)
    for one in formats:
        if one.may_be(look) and (found := one.pattern.match(line)) is not None:
            return one, found
    return None
