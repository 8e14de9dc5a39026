"""What some bytes are, told by how they begin: names lie, bytes do not."""

from __future__ import annotations

import re

HEAD = 1024
"""Bytes from which everything here is told."""

PACKINGS = ("gzip", "bzip2", "xz", "zstd")
"""What holds one stream of bytes."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK\x03\x04")
_BZIP2_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")
_OTHERS = (
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x1f\x9d", "compress (.Z)"),
    (b"\x04\x22\x4d\x18", "LZ4"),
    (b"\x5d\x00\x00\x80\x00\xff\xff\xff\xff\xff\xff\xff\xff", "LZMA"),
    (b"LZIP\x01", "lzip"),
    (b"\x89LZO\x00\r\n\x1a\n", "lzop"),
    (b"\xff\x06\x00\x00sNaPpY", "Snappy"),
    (b"!<arch>\n", "ar"),
    (b"MSCF\x00\x00\x00\x00", "Cabinet"),
)
_CPIO = re.compile(rb"07070[12][0-9A-Fa-f]{104}")  # its first six digits alone may be a date
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def packing_of(head: bytes) -> str | None:
    """Which packing begins with these bytes."""
    if head[:3] == b"\x1f\x8b\x08":
        return "gzip"
    if head[:3] == b"BZh" and head[3:4] in b"123456789" and head[4:10] in _BZIP2_BLOCKS:
        return "bzip2"
    if head[:6] == b"\xfd7zXZ\x00":
        return "xz"
    if head[:4] == b"\x28\xb5\x2f\xfd" or (head[1:4] == b"\x2a\x4d\x18" and 0x50 <= head[0] <= 0x5F):
        return "zstd"
    return None


def archive_of(head: bytes) -> str | None:
    """Which archive begins with these bytes: `zip` or `tar`."""
    if head.startswith(_ZIP):
        return "zip"
    return "tar" if is_tar_header(head[:512]) else None


def unreadable_archive(head: bytes) -> str | None:
    """The name of an archive or packing that we know and do not read."""
    if _CPIO.match(head):
        return "cpio"
    return next((name for mark, name in _OTHERS if head.startswith(mark)), None)


def is_tar_header(block: bytes) -> bool:
    """Whether a block of 512 bytes describes a member of a tar: the sum of its bytes stands in it."""
    if len(block) < 512 or not block[0] or b"\0" not in block:
        return False
    said = block[148:156].strip(b" \0")
    if not said or any(byte not in b"01234567" for byte in said):
        return False
    total = sum(block) - sum(block[148:156]) + 8 * 32  # the sum itself counts as blanks
    return int(said, 8) == total or int(said, 8) == total - 256 * sum(byte > 127 for byte in block)  # some old programs took signs for it


def encoding_of(head: bytes) -> str | None:
    """The encoding that a byte order mark tells, when the bytes are text in it; None for UTF-8 and for what tells none."""
    found = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    if found is None:
        return None
    width = 4 if found == "utf-32" else 2
    try:
        text = head[: len(head) - len(head) % width].decode(found)
    except UnicodeDecodeError as error:
        if error.end < len(head) - 4:
            return None
        text = head[: error.start].decode(found)
    return None if "\0" in text else found
