"""Auditing published updates: any number of them, in any order, in memory that does not grow with them.

Updates of one incident may lie far apart in what is read. Up to `HELD` updates are sorted in memory; beyond that sorted runs go
to temporary files, which are merged. Incidents come out in the order of their names either way, so both ways give the same.
"""

from __future__ import annotations

import heapq
import marshal
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta, timezone
from itertools import groupby
from typing import TYPE_CHECKING, Any, Self

from amends.core.problem import Problem
from amends.language.times.calendar import DEFAULT
from amends.promises.audit import Audit, AuditedPromise, Passed, Silent
from amends.promises.reckon import Reckoning
from amends.promises.sift import Sift, in_order
from amends.promises.updates.update import Update, problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from amends.language.times.calendar import Calendar

HELD = 20_000
"""How many updates are held in memory, some 30 MB."""

MOST_RUNS = 200
"""How many files are open at once; beyond that, runs are merged into longer ones."""

Found = AuditedPromise | Silent | Passed | Problem

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_Numbered = tuple[int, Update]


class Auditing:
    """One audit. `now` decides what is open and what missed; updates after `until`, where it is given, are left out and told.

    `reckoning` holds the figures of what `run` has given until then.
    """

    def __init__(self, now: datetime, calendar: Calendar = DEFAULT, *, until: datetime | None = None, held: int = HELD) -> None:
        self._audit = Audit(now, calendar)
        self._until = until
        self._held = held
        self.reckoning = Reckoning()

    def run(self, read: Iterable[Update | Problem]) -> Iterator[Found]:
        """What the updates promised and what became of it, incident by incident; problems of the sources as they are met."""
        with Shelf(self._held) as shelf:
            later = 0
            for one in read:
                if isinstance(one, Problem):
                    yield one
                elif self._until is not None and one.at > self._until:
                    later += 1
                else:
                    shelf.add(one)
            if later and self._until is not None:
                what = f"{later:,} updates are later than {self._until.isoformat()} and were left out"
                yield problem("later", what, "give a later time to judge by")
            for _, numbered in groupby(shelf.sorted(), key=_incident):
                sift = Sift()
                for found in self._audit.incident(sift(numbered)):
                    yield from sift.problems
                    sift.problems.clear()
                    self._count(found)
                    yield found
                yield from sift.problems

    def _count(self, found: Found) -> None:
        if isinstance(found, AuditedPromise):
            self.reckoning.promise(found)
        elif isinstance(found, Silent):
            self.reckoning.silent += 1
        elif isinstance(found, Passed):
            self.reckoning.passed(found)


class Shelf:
    """Holds any number of updates and gives them sorted by incident and time; what does not fit in memory lies in temporary files."""

    def __init__(self, held: int = HELD) -> None:
        self._held = held
        self._number = 0
        self._memory: list[_Numbered] = []
        self._runs: list[BinaryIO] = []
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, update: Update) -> None:
        """Take one more."""
        self._memory.append((self._number, update))
        self._number += 1
        if len(self._memory) >= self._held:
            self._spill(iter(sorted(self._memory, key=_order)))
            self._memory = []
            if len(self._runs) >= MOST_RUNS:
                whole, self._runs = self._runs, []
                self._spill(heapq.merge(*(_read(run) for run in whole), key=_order))
                for run in whole:
                    run.close()

    def sorted(self) -> Iterator[_Numbered]:
        """All of them, each with its number in the order of adding."""
        rest = iter(sorted(self._memory, key=_order))
        if not self._runs:
            return rest
        return heapq.merge(*(_read(run) for run in self._runs), rest, key=_order)

    def _spill(self, ordered: Iterator[_Numbered]) -> None:
        file = tempfile.TemporaryFile(prefix="amends-")  # noqa: SIM115  # the stack closes it, when all are merged
        self._stack.enter_context(file)
        for numbered in ordered:
            marshal.dump(_packed(numbered), file)
        file.seek(0)
        self._runs.append(file)


def _incident(numbered: _Numbered) -> str:
    return numbered[1].incident


def _order(numbered: _Numbered) -> tuple[object, ...]:
    return (numbered[1].incident, *in_order(numbered[1]), numbered[0])


def _packed(numbered: _Numbered) -> tuple[Any, ...]:
    """An update as plain values: marshal writes them five times as fast as pickle, and only this process reads them."""
    number, one = numbered
    offset = one.at.utcoffset()
    assert offset is not None, "updates have aware times"
    time = ((one.at - _EPOCH) // _TICK, int(offset.total_seconds()))
    said = (one.tz, one.text, one.status, one.title, one.author, one.audience, one.flags, one.talk, one.places, one.source, one.line)
    return (number, one.id, one.incident, time, said)


def _read(file: BinaryIO) -> Iterator[_Numbered]:
    zones: dict[int, timezone] = {0: UTC}
    while True:
        try:
            number, id, incident, (ticks, offset), said = marshal.load(file)  # noqa: S302  # our own file, made by this process, without a name
        except EOFError:
            return
        zone = zones.setdefault(offset, timezone(timedelta(seconds=offset)))
        yield number, Update(id, incident, (_EPOCH + ticks * _TICK).astimezone(zone), *said)
