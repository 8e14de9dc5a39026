"""What is in a zip. Read by ourselves, so that a long list costs little memory, and a zip that breaks off is read as far as it goes."""

from __future__ import annotations

import io
import struct
from calendar import timegm
from typing import TYPE_CHECKING

from amends.integrations.evidence.coders import CODERS, errors
from amends.integrations.evidence.entries import Entry
from amends.integrations.evidence.shelf import read_at
from amends.integrations.evidence.streams import BLOCK, read_exactly
from amends.integrations.evidence.unpack import Promised, Unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.integrations.evidence.limits import Budget
    from amends.integrations.evidence.shelf import Shelf

_LISTED = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_METHODS = {0: "stored", 8: "deflate", 12: "bzip2", 95: "xz", 93: "zstd", 20: "zstd"}
_ENCRYPTED = ("encrypted", "encrypted; it is not read")
_LINK = ("link-in-archive", "a symbolic link; what it leads to is only read where it is a member itself")


def zip_entries(shelf: Shelf, name: str, budget: Budget) -> Iterator[Entry]:
    """The members of a zip, in its order. Without the list at its end, they are found one after the other from the beginning."""
    place = _list_of(shelf)
    teller = budget.teller
    if place is None:
        teller.tell(
            "archive-truncated",
            f"the zip breaks off at byte {shelf.size:,}, before its list of members; what is whole is read",
            name,
            offset=shelf.size,
        )
        yield from _salvage(shelf, budget.allowed)
        return
    start, size, moved = place
    with io.BufferedReader(shelf.window(start, size), BLOCK) as listed:
        while len(record := listed.read(_LISTED.size)) == _LISTED.size and record[:4] == b"PK\x01\x02":
            fields = _LISTED.unpack(record)
            raw, extra, comment = listed.read(fields[10]), listed.read(fields[11]), listed.read(fields[12])
            if len(raw) + len(extra) + len(comment) == sum(fields[10:13]):
                yield _entry(fields, raw, extra, moved)
                record = b""
        if record:
            teller.tell(
                "archive-damaged", "the list of members in the zip is damaged; those before are read", name, offset=start + listed.tell()
            )


def zip_stream(shelf: Shelf, entry: Entry, name: str, budget: Budget) -> io.RawIOBase:
    """The unpacked bytes of a member."""
    header = read_at(shelf, entry.start, _LOCAL.size)
    start = entry.start + _LOCAL.size
    packed = entry.packed
    if len(header) == _LOCAL.size and header[:4] == b"PK\x03\x04":
        start += sum(_LOCAL.unpack(header)[9:11])
    else:
        budget.teller.tell("archive-damaged", f"no member of the zip begins at byte {entry.start:,}", name, offset=entry.start)
        packed = 0
    promised = None if entry.crc is None else Promised(entry.size, entry.crc)
    return Unpacked(shelf.window(start, min(packed, max(shelf.size - start, 0))), entry.packing, name, budget, promised)


def _list_of(shelf: Shelf) -> tuple[int, int, int] | None:
    """Where the list stands, its length, and by how much everything was moved by bytes that were put in front."""
    before = max(shelf.size - _END.size - 65_535, 0)
    tail = read_at(shelf, before, shelf.size - before)
    at = len(tail)
    empty = None
    while (at := tail.rfind(b"PK\x05\x06", 0, at)) >= 0:
        place = _place(shelf, before + at, tail[at : at + _END.size], len(tail) - at)
        if place is not None and place[1]:
            return place
        empty = empty or place
    return empty


def _place(shelf: Shelf, end: int, record: bytes, left: int) -> tuple[int, int, int] | None:
    """What the last record of a zip says; None where it is none, but words of a comment that look like one."""
    if len(record) < _END.size or _END.size + _END.unpack(record)[7] > left:
        return None
    _, _, _, _, count, size, offset, _ = _END.unpack(record)
    if 0xFFFFFFFF in (size, offset) or count == 0xFFFF:
        wide = read_at(shelf, max(end - 20 - _END_64.size, 0), _END_64.size)
        if len(wide) == _END_64.size and wide[:4] == b"PK\x06\x06":
            size, offset = _END_64.unpack(wide)[8:10]
            end -= 20 + _END_64.size
    moved = end - size - offset
    if moved < 0 or (size and read_at(shelf, end - size, 4) != b"PK\x01\x02"):
        return None
    return end - size, size, moved


def _entry(fields: tuple[int, ...], raw: bytes, extra: bytes, moved: int) -> Entry:
    _, version, _, flags, method, time, date, crc, packed, size, _, _, _, _, _, attributes, offset = fields
    wide = _extra(extra, 1)
    values = []
    for value in (size, packed, offset):
        if value == 0xFFFFFFFF and len(wide) >= 8:
            value, wide = int.from_bytes(wide[:8], "little"), wide[8:]
        values.append(value)
    size, packed, offset = values
    is_link = version >> 8 == 3 and attributes >> 16 & 0o170000 == 0o120000
    packing, trouble = _packing(flags, method)
    return Entry(
        _name(raw, flags), offset + moved, packed, size, packing, crc, _modified(extra, time, date), _LINK if is_link else trouble
    )  # fmt: skip


def _packing(flags: int, method: int) -> tuple[str, tuple[str, str] | None]:
    """How a member is packed, and why it cannot be read."""
    if flags & 0x2041 or method == 99:
        return "stored", _ENCRYPTED
    if method not in _METHODS:
        return "stored", ("unsupported-archive", f"packed by method {method}, which is not read")
    return _METHODS[method], None


def _name(raw: bytes, flags: int) -> str:
    """A name: UTF-8 where the zip says so or where it can be nothing else, code page 437 as the format wants it otherwise."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "surrogateescape") if flags & 0x800 else raw.decode("cp437")


def _extra(extra: bytes, wanted: int) -> bytes:
    """One of the further fields of a member."""
    at = 0
    while at + 4 <= len(extra):
        key, size = struct.unpack_from("<2H", extra, at)
        if key == wanted:
            return extra[at + 4 : at + 4 + size]
        at += 4 + size
    return b""


def _modified(extra: bytes, time: int, date: int) -> int | None:
    """When a member was changed: the exact time where it is written, else the local one, whose zone nobody knows, taken as UTC."""
    exact = _extra(extra, 0x5455)
    if len(exact) >= 5 and exact[0] & 1:
        return int.from_bytes(exact[1:5], "little", signed=True) * 1_000_000
    year, month, day = (date >> 9) + 1980, date >> 5 & 15, date & 31
    if not 1 <= month <= 12 or not 1 <= day <= 31 or date == 0x21:  # 1 January 1980 is what is written where no time is known
        return None
    return timegm((year, month, day, time >> 11, time >> 5 & 63, (time & 31) * 2)) * 1_000_000


def _salvage(shelf: Shelf, most: int) -> Iterator[Entry]:
    """The members of a zip without a list."""
    at = 0
    while len(header := read_at(shelf, at, _LOCAL.size)) == _LOCAL.size and header[:4] == b"PK\x03\x04":
        _, _, flags, method, time, date, crc, packed, size, name_length, extra_length = _LOCAL.unpack(header)
        words = read_at(shelf, at + _LOCAL.size, name_length + extra_length)
        extra = words[name_length:]
        data = at + _LOCAL.size + name_length + extra_length
        packing, trouble = _packing(flags, method)
        wide = _extra(extra, 1)
        if 0xFFFFFFFF in (packed, size) and len(wide) >= 16:
            size, packed = int.from_bytes(wide[:8], "little"), int.from_bytes(wide[8:16], "little")
        told: int | None = crc
        end = data + packed
        if flags & 8 and trouble is None:
            packed, size = _measured(shelf, data, packing, most)
            told = None
            end = _behind_descriptor(shelf, data + packed)
        if data <= shelf.size:
            name = _name(words[:name_length], flags)
            if not name.endswith("/"):
                yield Entry(name, at, min(packed, shelf.size - data), size, packing, told, _modified(extra, time, date), trouble)
        at = end


def _measured(shelf: Shelf, data: int, packing: str, most: int) -> tuple[int, int]:
    """How many bytes a member takes, packed and unpacked, when that was only written behind it: found by unpacking it."""
    if packing == "stored":
        return shelf.size - data, shelf.size - data
    coder = CODERS[packing]()
    packed = size = 0
    with shelf.window(data) as source:
        while not coder.eof and size <= most:
            block = read_exactly(source, BLOCK) if coder.needs_input else b""
            packed += len(block)
            try:
                out = coder.decompress(block, 1 << 18)
            except errors():
                break
            size += len(out)
            if not block and not out:
                break
    return packed - len(coder.unused_data), size


def _behind_descriptor(shelf: Shelf, at: int) -> int:
    """Where the next member begins: behind a checksum and two sizes of four or eight bytes, with or without a mark of their own."""
    after = read_at(shelf, at, 28)
    return next((at + skip for skip in (16, 12, 24, 20) if after[skip : skip + 2] == b"PK"), shelf.size)
