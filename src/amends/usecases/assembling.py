"""From the evidence of an incident to what a version of its timeline holds, and from an entry back to the bytes that it cites.

This is the one place where the timeline of an incident meets the engine that reads evidence; everything else takes what stands here.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any

from amends.core.errors import AmendsError, NeedsExtraError, NotFoundError
from amends.core.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from amends.integrations.evidence.member import Member

MOST_ROWS = 20_000
"""Entries of one version. What matters is far less; beyond it the window must be narrowed, and the version says so."""

MOST_PROBLEMS = 500
CONTEXT_LINES = 3
_MOST_SHOWN = 64_000
"""Bytes of one entry that are shown."""

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Behind:
    """The bytes of an entry as text, with the lines before and behind it; `cut` says that the entry is longer than what is shown."""

    source: str
    sha256: str
    line: int
    offset: int
    length: int
    before: str
    itself: str
    after: str
    cut: bool = False


def assembled(now: datetime, root: str, operands: Sequence[str], tz: str | None, tell: Callable[[int, int], None]) -> dict[str, Any]:
    """What a version holds: `zone`, `sources`, `rates`, `rows`, `problems` and `unreadable`, as plain values.

    Secrets are made unreadable in the rows, and counted by kind in `unreadable`: a version is kept for ever, and shown to all.
    What is read of the evidence is kept in the folder `root`, for the next time.
    `tell` is called now and then with the bytes read and those to read, and may raise to stop the reading.
    Raises InputError when nothing could be read, NeedsExtraError where the reader of evidence is not installed.
    """
    timelining = _engine()
    from amends.integrations.evidence.engines import cores
    from amends.integrations.evidence.secrets import redactor
    from amends.usecases.timelining.page import beside
    from amends.usecases.timelining.rows import Texts, kept_rows
    from amends.usecases.timelining.skews import skews

    problems: list[Problem] = []
    redact = redactor()
    tell(0, 0)
    engine = timelining.Timelining(lambda: now, root, cores())
    with engine.assemble(operands, problems.append, tz, lambda progress: tell(*progress)) as made, Texts() as texts:
        kept = made.kept()
        rows = list(redact.rows(islice(kept_rows(made, kept, texts), MOST_ROWS + 1)))
        if len(rows) > MOST_ROWS:
            del rows[MOST_ROWS:]
            problems.append(Problem("too-many-entries", f"more than {MOST_ROWS:,} entries matter; later ones are left out", "give less"))
        return beside(made, problems[:MOST_PROBLEMS], skews(made, lambda: kept, texts)) | {"rows": rows, "unreadable": dict(redact.counts)}


def is_installed() -> bool:
    """Whether evidence can be read here; looks for what the reader needs without loading it."""
    return all(find_spec(name) is not None for name in ("duckdb", "numpy"))


def _engine() -> Any:
    try:
        from amends.usecases import timelining
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("amends"):
            raise
        raise NeedsExtraError("the timeline", "evidence") from error
    return timelining


class Sources:
    """Reads the bytes behind entries; a source that was found to be what it was is not hashed again until it changes."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int, int], str] = {}

    def behind(self, row: Mapping[str, Any], operands: Sequence[str]) -> Behind:
        """The bytes of an entry with its neighbours.

        Raises NotFoundError, in words for people, where its source is gone or is not what it was when the timeline was made.
        """
        _engine()
        from amends.integrations.evidence.sources import reopen
        from amends.usecases.timelining.showing import NEAR, parted

        name, offset, length = str(row["source"]), int(row["offset"]), int(row["length"])
        try:
            member = reopen(name, operands)
            start = max(0, offset - NEAR)
            window = self._window(member, str(row["sha256"]), start, offset + length + NEAR)
        except OSError as error:
            raise NotFoundError(f"{name} cannot be read any more: {(error.strerror or str(error)).lower()}", hint=_HINT) from error
        except NotFoundError:
            raise
        except AmendsError as error:
            raise NotFoundError(f"{name} is not there any more: {error.message}", hint=_HINT) from error
        before, itself, after = parted(window, offset - start, length, CONTEXT_LINES)
        return Behind(
            name, str(row["sha256"]), int(row["line"]), offset, length,
            _text(before), _text(itself[:_MOST_SHOWN]), _text(after), cut=length > _MOST_SHOWN,
        )  # fmt: skip

    def _window(self, member: Member, wanted: str, start: int, end: int) -> bytes:
        """The bytes of a stretch of a source. Raises NotFoundError when the source has changed."""
        key = _key(member)
        if key is not None and self._known.get(key) == wanted and member.path is not None:
            with open(member.path, "rb") as file:
                file.seek(start)
                return file.read(end - start)
        digest, place, kept = sha256(), 0, bytearray()
        with member.open() as stream:
            while part := stream.read(_CHUNK):
                digest.update(part)
                kept += part[max(0, start - place) : max(0, end - place)]
                place += len(part)
        if digest.hexdigest() != wanted:
            raise NotFoundError(f"{member.name} has changed since the timeline was made", hint=_HINT)
        if key is not None:
            self._known[key] = wanted
        return bytes(kept)


_HINT = "put it back as it was, or read the evidence again"


def _key(member: Member) -> tuple[str, int, int] | None:
    if member.path is None or member.encoding is not None:
        return None
    status = os.stat(member.path)
    return member.path, status.st_size, status.st_mtime_ns


_SIGNS = {number: f"\\x{number:02x}" for number in (*range(32), 127) if number not in (9, 10)}
"""Control characters as programmers write them, so that nothing in a source is invisible."""


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace").replace("\r\n", "\n").rstrip("\r\n").translate(_SIGNS)
