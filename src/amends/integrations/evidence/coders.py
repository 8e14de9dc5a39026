"""What undoes each packing, all with the interface of `bz2.BZ2Decompressor`: a bounded piece of output for a piece of input."""

from __future__ import annotations

import bz2
import lzma
import zlib
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol, cast

from amends.core.errors import NeedsExtraError

if TYPE_CHECKING:
    from collections.abc import Callable

_LZMA_MEMORY = 256 << 20
_ZSTD_WINDOW = 128 << 20
_ZSTD_PIECE = 512  # 4 bytes may stand for 128 KiB, and this interface gives all that a piece stands for

EXTRA = "evidence"


class Coder(Protocol):
    """Undoes one packing, piece by piece."""

    @property
    def eof(self) -> bool:
        """Whether the packing has come to its end."""

    @property
    def needs_input(self) -> bool:
        """Whether more output needs more input."""

    @property
    def unused_data(self) -> bytes:
        """What came after the end."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """The next bytes of the output, at most so many."""


class _Inflate:
    """zlib with the interface of the others."""

    def __init__(self, bits: int) -> None:
        self._coder = zlib.decompressobj(bits)
        self._full = False

    @property
    def eof(self) -> bool:
        return self._coder.eof

    @property
    def needs_input(self) -> bool:
        return not (self._coder.eof or self._full or self._coder.unconsumed_tail)

    @property
    def unused_data(self) -> bytes:
        return self._coder.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        tail = self._coder.unconsumed_tail
        out = self._coder.decompress(tail + data if tail else data, max_length)
        self._full = len(out) == max_length
        return out


class _Zstd:
    """zstandard with the interface of the others, fed so little at once that its output stays small."""

    def __init__(self) -> None:
        import zstandard

        self._coder = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
        self._in = memoryview(b"")
        self._out = memoryview(b"")

    @property
    def eof(self) -> bool:
        return self._coder.eof and not self._out

    @property
    def needs_input(self) -> bool:
        return not (self._in or self._out or self._coder.eof)

    @property
    def unused_data(self) -> bytes:
        return self._coder.unused_data + bytes(self._in)

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        if data:
            self._in = memoryview(bytes(self._in) + data) if self._in else memoryview(data)
        while not self._out and self._in and not self._coder.eof:
            piece, self._in = self._in[:_ZSTD_PIECE], self._in[_ZSTD_PIECE:]
            self._out = memoryview(self._coder.decompress(piece))
        out, self._out = self._out[:max_length], self._out[max_length:]
        return bytes(out)


class _Stored:
    """Bytes that were not packed at all."""

    eof = False
    unused_data = b""

    def __init__(self) -> None:
        self._in = memoryview(b"")

    @property
    def needs_input(self) -> bool:
        return not self._in

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        if data:
            self._in = memoryview(bytes(self._in) + data)
        out, self._in = self._in[:max_length], self._in[max_length:]
        return bytes(out)


def _gzip() -> Coder:
    if find_spec("isal") is None:
        return _Inflate(31)
    from isal import igzip_lib

    coder: Coder = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)
    return coder


def _deflate() -> Coder:
    if find_spec("isal") is None:
        return _Inflate(-15)
    from isal import igzip_lib

    coder: Coder = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_DEFLATE)
    return coder


def _xz() -> Coder:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_LZMA_MEMORY)


def _zstd() -> Coder:
    if find_spec("zstandard") is None:
        raise NeedsExtraError("reading Zstandard (.zst)", EXTRA)
    return _Zstd()


CODERS: dict[str, Callable[[], Coder]] = {
    "gzip": _gzip,
    "deflate": _deflate,
    "bzip2": bz2.BZ2Decompressor,
    "xz": _xz,
    "zstd": _zstd,
    "stored": _Stored,
}
"""How each packing is undone. A maker raises NeedsExtraError when a part of Amends that it needs is not installed."""


def errors() -> tuple[type[Exception], ...]:
    """What the coders raise when the packed bytes are wrong."""
    found: list[type[Exception]] = [zlib.error, lzma.LZMAError, OSError, EOFError, ValueError]
    if find_spec("isal") is not None:
        from isal import igzip_lib

        found.append(cast("type[Exception]", igzip_lib.IsalError))  # the stubs call the class an instance of it
    if find_spec("zstandard") is not None:
        import zstandard

        found.append(zstandard.ZstdError)
    return tuple(found)
