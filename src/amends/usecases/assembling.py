"""From the evidence of an incident to what a version of its timeline holds, and from an entry back to the bytes that it cites.

This is the one place where the timeline of an incident meets the engine that reads evidence; everything else takes what stands here.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Any

from amends.core.errors import AmendsError, NeedsExtraError, NotFoundError
from amends.core.problem import Problem
from amends.core.zones import zone_named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from amends.integrations.evidence.member import Member
    from amends.usecases.timelining import Timeline

MOST_ROWS = 20_000
"""Entries of one version. What matters is far less; beyond it the window must be narrowed, and the version says so."""

MOST_PROBLEMS = 500
CONTEXT_LINES = 3
_NEAR = 4096
"""Bytes around an entry in which its neighbouring lines are looked for."""

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


def assembled(now: Callable[[], datetime], operands: Sequence[str], tz: str | None, tell: Callable[[int, int], None]) -> dict[str, Any]:
    """What a version holds: `zone`, `sources`, `rates`, `rows` and `problems`, as plain values.

    `tell` is called now and then with the bytes read and those to read, and may raise to stop the reading.
    Raises InputError when nothing could be read, NeedsExtraError where the reader of evidence is not installed.
    """
    timelining = _engine()
    problems: list[Problem] = []
    tell(0, 0)
    made = timelining.Timelining(now).assemble(operands, problems.append, zone_named(tz), tz)
    size = sum(one.size for one in made.evidence)
    tell(size, size)
    with timelining.Texts() as texts:
        rows = list(islice(timelining.rows(made, texts, all_entries=False), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        del rows[MOST_ROWS:]
        problems.append(Problem("too-many-entries", f"more than {MOST_ROWS:,} entries matter; the later ones are left out", "give less"))
    return {
        "zone": tz or "UTC",
        "sources": _sources(made, problems),
        "rates": _rates(made),
        "rows": [{"because": [], **row} for row in rows],
        "problems": [{"source": one.path, "message": one.message, "hint": one.hint} for one in problems[:MOST_PROBLEMS]],
    }


def _engine() -> Any:
    try:
        from amends.usecases import timelining
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("amends"):
            raise
        raise NeedsExtraError("the timeline", "evidence") from error
    return timelining


def _sources(made: Timeline, problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """What was read of each source, as a page shows it."""
    import numpy as np

    from amends.timeline.entry import UNDATED

    times, sources = np.asarray(made.table["time"], np.int64), np.asarray(made.table["source"], np.int64)
    found = []
    for one in made.evidence:
        own = times[sources == one.number]
        dated = own[own != UNDATED]
        found.append({
            "name": one.name, "sha256": one.sha256, "size": one.size, "reader": one.reader, "formats": list(one.formats),
            "entries": len(own), "undated": len(own) - len(dated),
            "first": int(dated.min()) if len(dated) else None, "last": int(dated.max()) if len(dated) else None,
            "zone": _zone_of(made, own_zones=np.unique(np.asarray(made.table["zone"])[sources == one.number]).tolist()),
            "problems": [problem.message for problem in problems if problem.path == one.name], "skew": [],
        })  # fmt: skip
    return found


def _zone_of(made: Timeline, own_zones: list[int]) -> str:
    from amends.timeline.table import ZONES

    names = {ZONES[number] for number in own_zones}
    return f"assumed:{made.zone or 'UTC'}" if "assumed" in names else "utc" if names == {"utc"} else "stated"


_MOST_BINS = 2_000
"""Points of one rate plot: more than a screen has columns."""


def _rates(made: Timeline) -> list[dict[str, Any]]:
    """Entries a minute of each source, or a few minutes where it is long; `serious` are those from warning on."""
    import numpy as np

    from amends.timeline.entry import LEVELS, UNDATED

    times, sources = np.asarray(made.table["time"], np.int64), np.asarray(made.table["source"], np.int64)
    serious = np.asarray(made.table["level"], np.int64) > LEVELS.index("warning")
    found = []
    for one in made.evidence:
        own = (sources == one.number) & (times != UNDATED)
        if not own.any():
            continue
        minutes = times[own] // 60_000_000
        start = int(minutes.min())
        step = max(1, -(-(int(minutes.max()) - start + 1) // _MOST_BINS))
        bins = (minutes - start) // step
        counts = [np.bincount(bins[which], minlength=int(bins.max()) + 1).tolist() for which in (slice(None), serious[own])]
        found.append({"source": one.number, "start": start, "step": step, "all": counts[0], "serious": counts[1]})
    return found


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

        name, offset, length = str(row["source"]), int(row["offset"]), int(row["length"])
        try:
            member = reopen(name, operands)
            start, window = self._window(member, str(row["sha256"]), offset, length)
        except OSError as error:
            raise NotFoundError(f"{name} cannot be read any more: {(error.strerror or str(error)).lower()}", hint=_HINT) from error
        except NotFoundError:
            raise
        except AmendsError as error:
            raise NotFoundError(f"{name} is not there any more: {error.message}", hint=_HINT) from error
        before = window[: offset - start].splitlines(keepends=True)[-CONTEXT_LINES:]
        itself = window[offset - start :][: min(length, _MOST_SHOWN)]
        after = window[offset - start + length :].lstrip(b"\r\n").splitlines(keepends=True)[:CONTEXT_LINES]
        return Behind(
            name, str(row["sha256"]), int(row["line"]), offset, length,
            _text(b"".join(before)), _text(itself), _text(b"".join(after)), cut=length > _MOST_SHOWN,
        )  # fmt: skip

    def _window(self, member: Member, wanted: str, offset: int, length: int) -> tuple[int, bytes]:
        """Where a stretch around an entry begins, and its bytes. Raises NotFoundError when the source has changed."""
        start, end = max(0, offset - _NEAR), offset + length + _NEAR
        key = _key(member)
        if key is not None and self._known.get(key) == wanted and member.path is not None:
            with open(member.path, "rb") as file:
                file.seek(start)
                return start, file.read(end - start)
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
        return start, bytes(kept)


_HINT = "put it back as it was, or read the evidence again"


def _key(member: Member) -> tuple[str, int, int] | None:
    if member.path is None or member.encoding is not None:
        return None
    status = os.stat(member.path)
    return member.path, status.st_size, status.st_mtime_ns


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace").rstrip("\r\n")
