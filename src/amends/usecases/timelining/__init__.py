"""Evidence into one timeline: every source is read by what knows it, and each entry can be read back from the bytes it cites.

`units` cuts sources, `work` is what a worker does with a unit, `index` has all of them done, `rows` are entries as the contract has them.
"""

from __future__ import annotations

import json
import os
import threading
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from amends.core.errors import InputError, NotFoundError
from amends.integrations.evidence.addresses import bare, is_remote
from amends.integrations.evidence.engines import Engine, Here, Pool
from amends.integrations.evidence.names import rotated
from amends.integrations.evidence.sources import find, reopen
from amends.store.evidence.folder import Folder
from amends.store.evidence.parts import Parts
from amends.timeline.digest import unpacked
from amends.timeline.highlight import Kept, highlights, rates
from amends.usecases.timelining.ids import HASH, of_id
from amends.usecases.timelining.index import Evidence, Index, Indexing, Progress
from amends.usecases.timelining.records import JSON_LINES, LINES
from amends.usecases.timelining.rows import Texts
from amends.usecases.timelining.showing import Shown, shown
from amends.usecases.timelining.sources import bytes_of, hashed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from amends.core.problem import Problem
    from amends.integrations.evidence.member import Member
    from amends.store.evidence.parts import Redact, Row, Window
    from amends.timeline.digest import Digest
    from amends.timeline.highlight import Place, Rates

ALONE = 4 << 20
"""Bytes of evidence for which no other process is started."""


@dataclass
class Timeline:
    """All entries in order, and the sources that they cite. To be closed: copies of packed sources are removed then."""

    index: Index
    parts: Parts
    zone: str | None = None
    stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove what was only there to be read."""
        self.stack.close()

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The sources, in the order in which they were given."""
        return tuple(self.index.evidence.values())

    @property
    def entries(self) -> int:
        """How many entries there are."""
        return sum(one.entries for one in self.index.evidence.values())

    def kept(self, start: int | None = None, end: int | None = None) -> Kept:
        """What matters in a window, in microseconds since 1970; what is first, or more than before, is judged on everything."""
        logs = rotated({one.number: one.name for one in self.evidence if one.reader in (LINES, JSON_LINES)})
        with Texts() as texts:
            told = texts.teller(self.index.evidence)
            return highlights(self._digests(), self.parts.events(self.index.parts), start, end, logs=logs, said=told)

    def rates(self) -> dict[int, Rates]:
        """How many lines each source had in each minute, by number of source."""
        return rates(self._digests())

    def all(self, start: int | None = None, end: int | None = None) -> Iterator[list[Row]]:
        """Every entry of a window, in order, some thousands at once; what has no time is in every window, and first."""
        return self.parts.ordered(self.index.parts, start, end)

    def count(self, start: int | None = None, end: int | None = None) -> int:
        """How many entries lie in a window."""
        return self.parts.count(self.index.parts, start, end)

    def write_parquet(self, path: str, window: Window = (None, None), redact: Redact | None = None) -> None:
        """Every entry of a window as one sorted file of Parquet, log lines cited, not copied. Raises InputError if it cannot be written."""
        names = {one.number: (one.name, one.sha256) for one in self.evidence}
        sources = [names.get(number, ("", "")) for number in range(max(names) + 1)]
        try:
            self.parts.sorted_file(self.index.parts, sources, path, self.zone or "UTC", window, redact)
        except OSError as error:
            raise InputError(f"{path}: {(error.strerror or str(error)).lower()}", hint="name another file, or make room") from error

    def _digests(self) -> Iterator[tuple[Place, Digest]]:
        return ((place, unpacked(packed)) for place, packed in self.index.digests)


def _nothing(problems: Sequence[Problem]) -> str:
    """That nothing could be read, and what the first sources had."""
    some = "; ".join(f"{one.path}: {one.message}" for one in problems[:3])
    return f"nothing in the sources could be read{': ' if some else ''}{some}"


class Timelining:
    """Assembles timelines.

    `now` tells what day it is where a log says no year and its file no date; `root` is the folder in which what was read is kept, for a run
    that goes on and for the next one; `workers` is how many processes may read at once; `cluster` makes the engine of `--engine dask`.
    """

    def __init__(self, now: Callable[[], datetime], root: str, workers: int = 1, cluster: Callable[[], Engine] | None = None) -> None:
        self._now = now
        self._folder = Folder(root)
        self._workers = workers
        self._cluster = cluster

    def assemble(
        self,
        operands: Sequence[str],
        refuse: Callable[[Problem], None],
        tz: str | None = None,
        progress: Callable[[Progress], None] = lambda _: None,
        engine: str = "local",
    ) -> Timeline:
        """Read every source that the operands hold; `tz` is the IANA name of the zone of times that name none.

        What was read before is not read again; a run that was interrupted goes on where it was.

        Raises:
            InputError: an operand does not exist, nothing could be read, or the folder of parts cannot be written.
        """
        problems: list[Problem] = []

        def told(problem: Problem) -> None:
            problems.append(problem)
            refuse(problem)

        members = list(find(operands, told))
        self._folder.sweep(self._now().timestamp())
        with ExitStack() as stack:
            index = self._indexed(members, told, tz, progress, engine, stack)
            if not index.evidence:
                raise InputError(_nothing(problems), hint="give logs, exports, mails or a repository")
            try:
                self._remember(operands, index, tz)
            except OSError as error:
                raise self._unwritable(error) from error
            parts = Parts(spill=str(self._folder.root))
            stack.callback(parts.close)
            return Timeline(index, parts, tz, stack.pop_all())

    def _indexed(
        self,
        members: Sequence[Member],
        refuse: Callable[[Problem], None],
        tz: str | None,
        progress: Callable[[Progress], None],
        engine: str,
        stack: ExitStack,
    ) -> Index:
        spool: list[str] = []

        def spooled() -> str:
            if not spool:
                spool.append(stack.enter_context(self._folder.spool()))
            return spool[0]

        try:
            with self._engine(members, engine) as chosen:
                return Indexing(self._folder, chosen, tz, self._now(), refuse, progress, spooled).run(members)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> InputError:
        why = (error.strerror or str(error)).lower()
        return InputError(f"{self._folder.root}: {why}", hint="name another folder in AMENDS_HOME, or make room")

    def _engine(self, members: Sequence[Member], engine: str) -> Engine:
        if engine == "dask" and self._cluster is not None:
            return self._cluster()
        small = sum(member.size or ALONE for member in members) <= ALONE
        return Here() if small or self._workers < 2 else Pool(self._workers, alone=threading.active_count() == 1)

    def _remember(self, operands: Sequence[str], index: Index, tz: str | None) -> None:
        """Where sources are, so that an entry can be shown by its id alone."""
        places = [bare(one) if one == "-" or is_remote(one) else os.path.abspath(one) for one in operands]
        for one in index.evidence.values():
            told = json.dumps({"operands": places, "name": one.name, "tz": tz}).encode()
            self._folder.put("known", one.sha256[:HASH], told)

    def around(self, entry: str, operands: Sequence[str], lines: int) -> Shown:
        """The bytes of an entry with the lines before and behind it; without operands, from where its source was when it was read.

        Raises:
            NotFoundError: no such entry is known, or its source is gone or has changed since.
        """
        sha, offset = of_id(entry)
        known = self._known(sha)
        member = self._given(sha, entry, operands) if operands else self._remembered(known, entry)
        refused: list[Problem] = []
        with ExitStack() as stack:
            index = self._indexed([member], refused.append, known.get("tz"), lambda _: None, "local", stack)
            parts = stack.enter_context(Parts(spill=str(self._folder.root)))
            found = next((one for one in index.evidence.values() if one.sha256.startswith(sha)), None)
            row = parts.find(index.parts, found.number, offset) if found else None
            if found is None or row is None:
                raise NotFoundError(f"{member.name} has changed since it was read", hint="give the source as it was, or read it again")
            return shown(found, row, lines)

    def _known(self, sha: str) -> dict[str, Any]:
        """Where the source of a hash was, and how it was read; nothing where no timeline was made of it here."""
        raw = self._folder.get("known", sha)
        with suppress(ValueError):
            told: dict[str, Any] = json.loads(raw or b"{}")
            return told
        return {}

    def _remembered(self, known: dict[str, Any], entry: str) -> Member:
        if not known:
            raise NotFoundError(f"no timeline with {entry!r} was made here", hint="give its sources: amends timeline show ID SOURCE…")
        return reopen(known["name"], known["operands"])

    def _given(self, sha: str, entry: str, operands: Sequence[str]) -> Member:
        with ExitStack() as stack:
            spool = stack.enter_context(self._folder.spool())
            for member in find(operands, lambda _: None):
                given = bytes_of(member, lambda: spool)
                if (given.sha256 or hashed(given.path, given.size)).startswith(sha):
                    return member
        raise NotFoundError(f"no entry {entry!r} in these sources", hint="ids stand in `amends timeline SOURCE… --format jsonl`")
