"""Which kind of source something is, told by what is in it: names lie, and people rename files."""

from __future__ import annotations

import json
import os
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, Any

from amends.core.errors import AmendsError, InputError
from amends.core.files import too_large, unreadable
from amends.promises.updates import mailbox, rows, slack, statuspage, texts
from amends.promises.updates.mailbox import Mails
from amends.promises.updates.trees import BROKEN, ENTRY_LIMIT, Archive, Folder
from amends.promises.updates.update import problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from amends.core.problem import Problem
    from amends.promises.updates.trees import Tree
    from amends.promises.updates.update import Desk, Update

TRIED = "JSON lines, a Statuspage incidents.json, a Slack export, mail (mbox, Maildir, .eml), and messages as .md or .txt files"
_HEAD = 65_536
_ZIP = b"PK\x03\x04"
CODES = {"too-large": "too-large"}
"""Errors of a file that are a problem of their own; all others mean that it is no source."""
_ROW_KEYS = frozenset({"incident", "at", "text"})


def read_source(path: str, desk: Desk, stdin: BinaryIO | None = None) -> Iterator[Update | Problem]:
    """The updates of a file, a folder or, for -, of `stdin`. Raises InputError for what is no source of updates, naming what was tried."""
    if path == "-":
        assert stdin is not None, "the interface hands over standard input"
        yield from read_stream(stdin, "<stdin>", desk)
    elif os.path.isdir(path):
        yield from _read_tree(Folder(path), desk)
    elif _is_zip(path):
        yield from _read_tree(Archive(path), desk)
    else:
        try:
            with open(path, "rb") as file:
                yield from read_stream(file, path, desk)
        except OSError as error:
            raise unreadable(path, error) from error


def _is_zip(path: str) -> bool:
    """Whether a file of the disk begins as an archive; a pipe is not looked at, because it can be read only once."""
    try:
        if not os.path.isfile(path):
            return False
        with open(path, "rb") as file:
            return file.read(len(_ZIP)) == _ZIP
    except OSError as error:
        raise unreadable(path, error) from error


def read_stream(file: BinaryIO, label: str, desk: Desk, name: str | None = None, mails: Mails | None = None) -> Iterator[Update | Problem]:
    """The updates of an open file, read once from its beginning to its end; `name` is its path inside a folder."""
    name = os.path.basename(label) if name is None else name
    mails = Mails(desk) if mails is None else mails
    head = _head(file)
    if not head.strip():
        raise InputError("nothing in it", hint=f"a source is one of: {TRIED}", path=label)
    if head.startswith(_ZIP):
        raise InputError("a .zip inside of something else", hint="save it as a file, and give its name", path=label)
    stream = BufferedReader(_Joined(head, file), _HEAD)
    if mailbox.looks_like_mbox(head):
        yield from mailbox.read_mbox(stream, label, mails)
    elif _are_rows(head):
        yield from rows.read_rows(stream, label, desk)
    else:
        data = stream.read(ENTRY_LIMIT + 1) if _is_text(head) else b""
        if len(data) > ENTRY_LIMIT:
            raise too_large(label, ENTRY_LIMIT)
        found = _read_whole(data, name, label, desk, mails)
        if found is None:
            raise unknown(label)
        yield from found


def _is_text(head: bytes) -> bool:
    """Whether it is worth reading on: pictures and databases are not."""
    return b"\0" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff"))


def unknown(label: str) -> InputError:
    """The error for something that is no source, with what was tried."""
    return InputError("no published updates that can be read", hint=f"tried: {TRIED}", path=label)


def _head(file: BinaryIO) -> bytes:
    """The first bytes; a pipe gives them in pieces."""
    pieces: list[bytes] = []
    missing = _HEAD
    while missing and (piece := file.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


class _Joined(RawIOBase):
    """What was read already, and then the rest."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece: bytes | memoryview = self._head[: len(buffer)] if self._head else self._rest.read(len(buffer))
        self._head = self._head[len(piece) :] if self._head else self._head
        buffer[: len(piece)] = piece
        return len(piece)


def _are_rows(head: bytes) -> bool:
    """Whether a file is one object a line: some line of its beginning is a whole object with a key of ours."""
    if not head.lstrip(b" \t\r\n\xef\xbb\xbf").startswith((b"{", b"#")):
        return False
    lines = head.split(b"\n")
    whole = lines if len(head) < _HEAD else lines[:-1]
    for line in whole[:200]:
        try:
            found = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and not _ROW_KEYS.isdisjoint(found) and "incident_updates" not in found:
            return True
    return not whole and b'"incident_updates"' not in head and any(b'"%s"' % key.encode() in head for key in _ROW_KEYS)


def _read_whole(data: bytes, name: str, label: str, desk: Desk, mails: Mails) -> Iterator[Update | Problem] | None:
    """The updates of a file that is in memory; None where it is no source."""
    if data.lstrip(b" \t\r\n\xef\xbb\xbf").startswith((b"{", b"[")):
        return _read_json(data, name, label, desk)
    if mailbox.looks_like_mail(data[:_HEAD]):
        return iter((mails.read(data, label),))
    if name.lower().endswith(texts.SUFFIXES) and data:
        return texts.read_text(data, name, label, desk)
    return None


def _read_json(data: bytes, name: str, label: str, desk: Desk) -> Iterator[Update | Problem] | None:
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    if statuspage.incidents_of(value) is not None:
        return statuspage.read_statuspage(value, label, desk)
    if slack.looks_like_messages(value):
        channel = os.path.basename(os.path.dirname(os.path.abspath(label))) if "/" not in name else name.split("/")[-2]
        return slack.read_day(value, channel, label, slack.People([], desk), {})
    if isinstance(value, dict) and value.keys() >= _ROW_KEYS:
        return rows.read_list([value], label, desk)
    if isinstance(value, list) and value and all(isinstance(one, dict) and not _ROW_KEYS.isdisjoint(one) for one in value[:20]):
        return rows.read_list(value, label, desk)
    return None


def _read_tree(tree: Tree, desk: Desk) -> Iterator[Update | Problem]:
    """The updates of a folder or an archive: a Slack export as a whole, anything else file by file."""
    names = tree.names()
    yield from tree.problems
    root = slack.root_of_export(names)
    if root is not None:
        yield from slack.read_export(tree, root, desk)
        return
    if any(name.startswith(("cur/", "new/")) for name in names):
        names = [name for name in names if not name.startswith("tmp/")]  # a Maildir keeps there what has not arrived yet
    mails = Mails(desk)
    read = 0
    for name in names:
        label = tree.shown(name)
        try:
            with tree.open(name) as file:
                yield from read_stream(file, label, desk, name, mails)
            read += 1
        except AmendsError as error:
            yield problem(CODES.get(error.code, "not-read"), error.message, error.hint, label, getattr(error, "line", None))
        except BROKEN as error:
            yield problem("unreadable", f"it breaks off: {str(error)[:80]}", "copy or export it again", label)
    if not read:
        raise unknown(tree.label)
