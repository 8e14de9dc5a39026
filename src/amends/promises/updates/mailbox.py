"""Mail: an mbox, a Maildir, a folder of .eml files or one of them. A thread is an incident; the subject is its name.

A mail belongs to the thread of a mail that it refers to, else to that of its subject without Re: and Fwd:. The text is the plain
part, or the HTML part reduced to text. A mail without a readable Date is a problem, because nothing else says when it was sent.
"""

from __future__ import annotations

import re
from email.errors import MessageError
from email.utils import getaddresses, parsedate_to_datetime
from typing import TYPE_CHECKING

from amends.core.files import DRAFT_LIMIT
from amends.core.html_text import text_of
from amends.core.mails import body_of, mail_of
from amends.promises.updates.update import Update, problem, whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from email.message import EmailMessage
    from typing import BinaryIO

    from amends.core.problem import Problem
    from amends.promises.updates.update import Desk

_REPLY = re.compile(r"\s*(?:(?:re|aw|antw|sv|vs|fw|fwd|wg|tr|rv)(?:\[\d+\])?\s*:|\[(?:ext|external)\])\s*", re.IGNORECASE)
_ID = re.compile(r"<[^<>\s]+>")
_HEADER = re.compile(rb"(?:From |[A-Za-z][A-Za-z0-9-]{1,40}:[ \t])")
_USUAL = (b"from:", b"date:", b"subject:", b"message-id:", b"to:", b"received:")
_MOST_THREADS = 200_000
"""How many message ids are remembered; beyond that the oldest are forgotten, so that memory stays flat."""


def looks_like_mail(head: bytes) -> bool:
    """Whether a file begins with the headers of a mail."""
    lines = head.lstrip(b"\r\n").splitlines()[:60]
    if not lines or not _HEADER.match(lines[0]):
        return False
    headers = lines[: lines.index(b"")] if b"" in lines else lines
    return sum(any(line.lower().startswith(name) for name in _USUAL) for line in headers) >= 2


def looks_like_mbox(head: bytes) -> bool:
    """Whether a file begins as a mailbox does."""
    first, _, rest = head.partition(b"\n")
    return first.startswith(b"From ") and looks_like_mail(rest)


class Mails:
    """Reads mails one after the other, and remembers to which thread each belongs."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._threads: dict[str, str] = {}

    def read(self, data: bytes, source: str, line: int | None = None) -> Update | Problem:
        """One mail."""
        try:
            return self._read(mail_of(data), source, line)
        except (MessageError, ValueError, LookupError, TypeError, AttributeError, IndexError, RecursionError) as error:
            # the standard library meets headers that it does not foresee with whatever its parts raise
            return problem("bad-line", f"not a mail that can be read: {str(error)[:80]}", "save it again as .eml", source, line)

    def _read(self, mail: EmailMessage, source: str, line: int | None) -> Update | Problem:
        said = str(mail.get("Date", "") or "").strip()
        at = sent_at(said)
        if at is None:
            told = f"a mail whose Date is no time: {said[:60]!r}" if said else "a mail without a Date"
            return problem("bad-time", told, "add the header Date, such as: Wed, 4 Mar 2026 10:50:00 +0000", source, line, "Date")
        subject = " ".join(str(mail.get("Subject", "") or "").split())
        id = _first_id(str(mail.get("Message-ID", "") or "")) or f"{source}:{line or 1}"
        thread = self._thread(mail, id, subject)
        people = getaddresses([str(mail.get("From", "") or "")])
        author = (people[0][1] or people[0][0]).lower() if people else None
        text = text_in(mail)
        return Update(
            id, thread, at, self._desk.tz, text, None, subject or None, author or None, self._desk.audience,
            talk=True, source=source, line=line,
        )  # fmt: skip

    def _thread(self, mail: EmailMessage, id: str, subject: str) -> str:
        """The thread of a mail: that of what it refers to, else that of its subject, else its own."""
        before = _ID.findall(f"{mail.get('References', '') or ''} {mail.get('In-Reply-To', '') or ''}")
        known = next((self._threads[one] for one in reversed(before) if one in self._threads), None)
        thread = known or bare_subject(subject) or (before[0] if before else id)
        for one in (*before, id):
            self._threads.setdefault(one, thread)
        while len(self._threads) > _MOST_THREADS:
            del self._threads[next(iter(self._threads))]
        return thread


def bare_subject(subject: str) -> str:
    """A subject without the marks that programs put before it."""
    while (found := _REPLY.match(subject)) is not None:
        subject = subject[found.end() :]
    return subject.strip()


def sent_at(date: str) -> datetime | None:
    """The instant of a Date header with its offset; None when it is none. An unknown offset is read as UTC."""
    try:
        found = parsedate_to_datetime(date)
        if found.tzinfo is None:
            from datetime import UTC

            found = found.replace(tzinfo=UTC)
        return whole(found)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def text_in(mail: EmailMessage) -> str:
    """What a mail says: its plain part, else its HTML part as text."""
    content, is_html = body_of(mail)
    clean = content.replace("\r\n", "\n").encode("utf-8", "replace").decode()  # headers' escapes may leave half characters
    return text_of(clean) if is_html else clean


def read_mbox(file: BinaryIO, source: str, mails: Mails) -> Iterator[Update | Problem]:
    """The mails of an mbox, one in memory at a time."""
    begun, number, size = 0, 0, 0
    lines: list[bytes] = []
    empty = True
    while data := file.readline(DRAFT_LIMIT):
        number += 1
        if data.startswith(b"From ") and empty:
            if begun:
                yield _mail(lines, size, source, begun, mails)
            begun, lines, size = number, [], 0
        elif begun:
            size += len(data)
            if size <= DRAFT_LIMIT:
                lines.append(data[1:] if data.startswith(b">") and data.lstrip(b">").startswith(b"From ") else data)
        empty = not data.strip(b"\r\n")
    if begun:
        yield _mail(lines, size, source, begun, mails)


def _mail(lines: list[bytes], size: int, source: str, line: int, mails: Mails) -> Update | Problem:
    if size > DRAFT_LIMIT:
        return problem("too-large", f"a mail of {size:,} bytes", f"at most {DRAFT_LIMIT:,} are read", source, line)
    return mails.read(b"".join(lines), source, line)


def _first_id(value: str) -> str:
    found = _ID.search(value)
    return found[0] if found else ""
