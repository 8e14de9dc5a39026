"""What is in a tar. Read by ourselves: the standard library stops silently where a tar is damaged, and trusts the sizes it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.integrations.evidence.entries import Entry
from amends.integrations.evidence.kinds import is_tar_header
from amends.integrations.evidence.shelf import read_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.integrations.evidence.limits import Teller
    from amends.integrations.evidence.shelf import Shelf

_BLOCK = 512
_MOST_WORDS = 1 << 20  # a longer name or list of attributes is an attack
_FILES = b"0\x007"
_FOLDERS = b"5D"
_NOT_FILES = {
    b"1": ("link-in-archive", "a second name of another member; it is read under its first"),
    b"2": ("link-in-archive", "a symbolic link; what it leads to is only read where it is a member itself"),
    b"3": ("not-a-file", "a device"),
    b"4": ("not-a-file", "a device"),
    b"6": ("not-a-file", "a named pipe"),
    b"S": ("unsupported-archive", "a file with holes (sparse), which is not read"),
    b"M": ("unsupported-archive", "the rest of a member that begins in another part of the archive"),
}


def tar_entries(shelf: Shelf, name: str, teller: Teller) -> Iterator[Entry]:
    """The members of a tar, in its order. Where it is damaged or breaks off, what came before is given and the place is told."""
    at = 0
    said: dict[str, str] = {}
    lasting: dict[str, str] = {}
    while at < shelf.size:
        block = read_at(shelf, at, _BLOCK)
        if not block.strip(b"\0"):
            at = _behind_zeros(shelf, at)
            continue
        if not is_tar_header(block):
            code, what = ("archive-truncated", "breaks off") if len(block) < _BLOCK else ("archive-damaged", "is damaged")
            teller.tell(code, f"the tar {what} at byte {at:,}; what stands before is read", name, offset=at)
            return
        kind = block[156:157]
        size = _number(block[124:136])
        data = at + _BLOCK
        if kind in b"LKxgX":
            words = read_at(shelf, data, min(size, _MOST_WORDS))
            if len(words) < size:
                teller.tell("archive-damaged", f"the tar is damaged at byte {at:,}: a name longer than the archive", name, offset=at)
                return
            _remember(kind, words, said, lasting)
            at = data + -(-size // _BLOCK) * _BLOCK
            continue
        entry = _entry(block, kind, data, {**lasting, **said})
        said = {}
        if data + entry.packed > shelf.size:
            teller.tell("archive-truncated", f"the tar breaks off in {entry.name}; what was whole is read", name, offset=shelf.size)
            entry = entry._replace(packed=shelf.size - data, size=shelf.size - data)
        at = data + -(-entry.packed // _BLOCK) * _BLOCK
        if kind not in _FOLDERS and not entry.name.endswith("/"):
            yield entry


def _entry(block: bytes, kind: bytes, data: int, said: dict[str, str]) -> Entry:
    name = _text(block[:100])
    if block[257:263] == b"ustar\0" and (folder := _text(block[345:500])):
        name = f"{folder}/{name}"
    name = said.get("path", name)
    has_data = kind in _FILES or kind not in b"123456"
    size = _whole(said.get("size"), _number(block[124:136])) if has_data else 0
    modified = _micros(said.get("mtime"), _number(block[136:148]))
    trouble = _NOT_FILES.get(kind)
    if any(key.startswith("GNU.sparse") for key in said):
        trouble = _NOT_FILES[b"S"]
    return Entry(name, data, size, size, modified_at=modified, trouble=trouble)


def _remember(kind: bytes, words: bytes, said: dict[str, str], lasting: dict[str, str]) -> None:
    """Words about the next member: a name that is too long for its place, or a list of attributes."""
    if kind == b"L":
        said["path"] = _text(words)
    elif kind in b"xX":
        said.update(_attributes(words))
    elif kind == b"g":
        lasting.update(_attributes(words))


def _attributes(words: bytes) -> dict[str, str]:
    """The records `LENGTH KEY=VALUE` of a pax header; what is no record ends the list."""
    found = {}
    at = 0
    while at < len(words):
        digits, space, _ = words[at : at + 21].partition(b" ")
        if not space or not digits.isdigit() or not len(digits) + 2 < int(digits) <= len(words) - at:
            break
        key, _, value = words[at + len(digits) + 1 : at + int(digits) - 1].partition(b"=")
        found[_text(key)] = value.decode("utf-8", "surrogateescape")
        at += int(digits)
    return found


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def _number(field: bytes) -> int:
    """A number in octal digits, or in bytes where it is too large for them; negative ones are none."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b" \0")
    return int(digits, 8) if digits and not digits.strip(b"01234567") else 0


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 20 else otherwise


def _micros(text: str | None, seconds: int) -> int | None:
    try:
        value = float(text) if text is not None else float(seconds)
    except ValueError:
        value = float(seconds)
    return round(value * 1e6) if 0 < value < 1e11 else None


def _behind_zeros(shelf: Shelf, at: int) -> int:
    """Where the next block stands that is not empty: another tar may have been written behind the end of one."""
    while block := read_at(shelf, at, 1 << 20):
        rest = block.lstrip(b"\0")
        if rest:
            return at + (len(block) - len(rest)) // _BLOCK * _BLOCK
        at += len(block)
    return at
