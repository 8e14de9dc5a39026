"""Files and archives for tests of evidence, made on the spot."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from typing import TYPE_CHECKING

import zstandard

from amends.integrations.evidence.sources import Limits, Member, find

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from amends.core.problem import Problem

PACK = {
    "gz": lambda data: gzip.compress(data, mtime=0),
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.ZstdCompressor(write_checksum=True).compress,
}


LOG = b"".join(b"2026-03-04T10:42:%02dZ request %d took %d ms\n" % (number % 60, number, number * 7919 % 911) for number in range(20_000))


def tar(files: Mapping[str, bytes] | Iterable[tuple[str, bytes]], form: int = tarfile.PAX_FORMAT) -> bytes:
    """A tar of these files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as made:
        for name, data in dict(files).items() if not isinstance(files, list) else files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            info.mtime = 1_772_600_000
            made.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in files.items():
            made.writestr(zipfile.ZipInfo(name, (2026, 3, 4, 5, 6, 8)), data, method)
    return out.getvalue()


def streamed_zip(files: dict[str, bytes]) -> bytes:
    """A zip as it is written to a pipe: sizes and checksums stand behind the bytes."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.data += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return bytes(pipe.data)


def lay(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def content(member: Member) -> bytes:
    """The bytes of a member."""
    with member.open() as stream:
        return stream.read()


def gather(*operands: object, limits: Limits | None = None) -> tuple[dict[str, bytes], list[Problem]]:
    """The bytes of each member by its name, in order, and the problems."""
    problems: list[Problem] = []
    found = {member.name: content(member) for member in find([str(one) for one in operands], problems.append, limits)}
    return found, problems


def codes(problems: list[Problem]) -> list[str]:
    """The codes of problems."""
    return [problem.code for problem in problems]
