"""What a worker does with one unit: read it, leave its entries as a part and a record, and tell what it saw. Done again, it does nothing.

A unit is named by what goes into it: the bytes, how they are read, and what was known beside them. So its result can be found by whoever
does the same work, later or elsewhere, and is the same bytes wherever it was made.
"""

from __future__ import annotations

import mmap
import os
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from amends import __version__
from amends.core.zones import zone_named
from amends.integrations.evidence.addresses import is_remote
from amends.integrations.evidence.storage import at_once
from amends.store.evidence.folder import Folder, name_of
from amends.store.evidence.parts import Parts
from amends.timeline import digest as digests
from amends.timeline.lines.block import Block
from amends.timeline.table import Table, joined, order_of
from amends.usecases.timelining.reading import BATCH, by_reader
from amends.usecases.timelining.records import LONG_LINE, Done, Found, Part, gave_nothing, is_endless, record, span_of
from amends.usecases.timelining.units import SIZE, Piece, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]

FORM = 2
"""The form of what is kept; another one makes everything kept before be read anew."""


def work(unit: Unit, root: str) -> Done:
    """Do a unit, or find that it was done. What cannot be read is a problem in what it tells. Raises OSError where the folder fails."""
    folder = Folder(root)
    with ExitStack() as stack:
        given = _all_given(unit.pieces, stack)
        hashes = [repr(one) if isinstance(one, OSError) else sha256(_data(one)).hexdigest() for one in given]
        name = _name(unit, hashes)
        known = record(folder, name)
        if known is not None:
            return known
        found = [_read(*one, unit) for one in zip(unit.pieces, given, hashes, strict=True)]
        parts = _written(folder, name, found)
    told = tuple(
        (number, digests.packed(digests.digest(table, keys, texts)))
        for number, one in enumerate(found)
        for table, keys, texts in one.tables
    )
    done = Done(name, parts, tuple(one.read for one in found), told, next((one.taught for one in found if one.taught), None))
    folder.put("units", name, msgspec.msgpack.encode(done))
    return done


Given = Block | mmap.mmap | OSError
"""The bytes of a piece in memory, or mapped into it, or why there are none."""


def _all_given(pieces: Sequence[Piece], stack: ExitStack) -> list[Given]:
    """The bytes of pieces; those of objects in a storage are asked for at the same time."""
    if len(pieces) > 1 and any(is_remote(piece.path) for piece in pieces):
        return at_once(lambda piece: _given(piece, stack), pieces)
    return [_given(piece, stack) for piece in pieces]


def _given(piece: Piece, stack: ExitStack) -> Given:
    """The bytes of a piece: a long source that is read whole is mapped; of an endless line there is only the beginning."""
    try:
        if piece.is_whole and piece.size > SIZE:  # a map of a file that is cut short meanwhile would be the end of this process
            file = stack.enter_context(open(piece.path, "rb"))  # noqa: SIM115  # the stack closes it
            if os.fstat(file.fileno()).st_size >= piece.size:
                return stack.enter_context(mmap.mmap(file.fileno(), piece.size, access=mmap.ACCESS_READ))
        return piece.block(LONG_LINE if is_endless(piece) and not piece.is_whole else None)
    except OSError as error:
        return error


@cache
def engine_name() -> str:
    """What the results depend on beside their input: this program, by what is in its files, since it may be one that is being worked on."""
    here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    digest = sha256(repr((FORM, __version__)).encode())
    for name in sorted(os.path.join(folder, file) for folder, _, files in os.walk(os.path.join(here, "timeline")) for file in files):
        if name.endswith((".py", ".bin")):
            with open(name, "rb") as file:
                digest.update(file.read())
    return digest.hexdigest()


def _name(unit: Unit, hashes: Sequence[str]) -> str:
    """What a unit is called. A piece of a long log is called the same when the log has grown: what that changes, it is told (`day`)."""
    taught = unit.taught and replace(unit.taught, last=None, written=None)
    made: list[str | bytes | int | None] = [engine_name(), msgspec.msgpack.encode((unit.zone, taught, unit.day, unit.tail, unit.before))]
    for piece, digest in zip(unit.pieces, hashes, strict=True):
        made += [piece.name, piece.start, piece.end - piece.start]
        made += [piece.ended.isoformat(), piece.day.isoformat(), piece.modified_at] if piece.is_whole else []
        made += [repr(sorted(piece.names.items())), digest]
    return name_of(*made)


def _written(folder: Folder, name: str, found: Sequence[Found]) -> tuple[Part, ...]:
    """Leave the entries of a unit: all in one part, but of long structured sources one for each batch."""
    batches: list[list[tuple[Table, Keys]]] = [[]]
    for number, one in enumerate(found):
        for table, keys, _ in one.tables:
            if batches[-1] and sum(len(each) for each, _ in batches[-1]) + len(table) > BATCH and table.events:
                batches.append([])
            batches[-1].append((table.with_columns(source=np.full(len(table), number, np.int32)), keys))
    parts = []
    for number, batch in enumerate(batches):
        table = joined([each for each, _ in batch])
        if len(table):
            order, keys = order_of(table), np.concatenate([each for _, each in batch])
            if order is not None:
                table, keys = table.taken(order), keys[order]
            size = _parts(os.getpid()).write(table, keys, folder.part(name, number))
            parts.append(Part(number, size, *span_of(table), has_texts=bool(table.events)))
    return tuple(parts)


@cache
def _parts(_: int) -> Parts:
    """The connection of this process, which is another one in a fork of it."""
    return Parts(threads=1)


def _data(given: Block | mmap.mmap) -> memoryview | mmap.mmap:
    return given.data if isinstance(given, Block) else given


def _read(piece: Piece, given: Given, digest: str, unit: Unit) -> Found:
    zone = zone_named(unit.zone)
    if isinstance(given, OSError):
        return Found(gave_nothing("unreadable", f"it cannot be read: {(given.strerror or str(given)).lower()}", piece))
    data = _data(given)
    if not len(data):
        return Found(gave_nothing("empty", "the file is empty", piece))
    if len(data) < piece.end - piece.start and (piece.is_whole or not is_endless(piece)):
        end = piece.start + len(data)
        piece = replace(piece, end=end, size=end if piece.is_whole else piece.size)
    found = by_reader(piece, given, unit, zone)
    return replace(found, read=replace(found.read, sha256=digest)) if piece.is_whole else found
