"""Mail: a mailbox (mbox) or one saved message. The text is what its sender wrote: what is quoted of others is left out, and still cited.

`Date` is what the sender's clock said; where it is missing or no time, the server that got it first says when, and that is told.
"""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from email.errors import MessageError
from email.utils import getaddresses, parsedate_to_datetime
from typing import TYPE_CHECKING

from amends.core.html_text import text_of
from amends.core.mails import body_of, mail_of
from amends.timeline.entry import UNDATED, Event
from amends.timeline.readers.source import Reader, trouble
from amends.timeline.readers.times import Instant, at
from amends.timeline.readers.values import clean, joined

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from amends.core.problem import Problem
    from amends.timeline.readers.source import Source

LARGEST = 32 << 20
"""Bytes of one mail that are parsed; what stands behind is an attachment."""

_UNREADABLE = (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What the parts of the standard library raise when a mail has what they do not foresee; an IndexError is a LookupError."""
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:[ \t]")
_USUAL = (b"from:", b"date:", b"subject:", b"message-id:", b"to:", b"received:", b"mime-version:")
_BEGIN = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From (?=\S)(?=[^\r\n]{0,300}?\d\d:\d\d)[^\r\n]*+\r?\n")
_ID = re.compile(r"<[^<>\s]+>")
_ATTRIBUTION = re.compile(
    r"\s*(?:On .{4,200}wrote|Am .{4,200}schrieb.{0,120}|Le .{4,200}a écrit|El .{4,200}escribió"
    r"|-{2,}.{0,10}Original Message.{0,10}-{2,}|_{20,})\s*:?\s*",
    re.DOTALL,
)
_FORWARDED = re.compile(r"\s*(?:From|Von|De):\s.+\n\s*(?:Sent|Date|Gesendet|Envoyé|To):\s")
_HTML_QUOTE = re.compile(r"<(?:blockquote\b|div[^>]{0,200}class=\"?(?:gmail_quote|moz-cite-prefix|OutlookMessageHeader))", re.IGNORECASE)
_QUOTING = re.compile(rb"^>(?=>*From )", re.MULTILINE)
_ATTRIBUTES = frozenset(("On ", "Am ", "Le ", "El "))
_APART = timedelta(days=1)


def sniff(head: bytes, _: str) -> bool:
    """Whether a file begins with the headers of a mail, or with the line before them in a mailbox."""
    begin = _BEGIN.match(head)
    lines = head[begin.end() if begin else 0 :].lstrip(b"\r\n").split(b"\n", 80)[:80]
    if not lines or not _HEADER.match(lines[0]):
        return False
    usual = {name for line in lines for name in _USUAL if line[:20].lower().startswith(name)}
    return len(usual) >= 2 and bool(usual & {b"from:", b"date:", b"received:", b"message-id:"})


def read(source: Source) -> Iterator[Event | Problem]:
    """The mails."""
    view = source.view
    begins = [found.span() for found in _BEGIN.finditer(view)] or [(0, 0)]
    if begins[0][0]:
        begins.insert(0, (0, 0))
    seen: set[str] = set()
    for number, (start, body) in enumerate(begins):
        end = begins[number + 1][0] if number + 1 < len(begins) else len(view)
        yield from _mail(source, start, body, end, seen)


def _mail(source: Source, start: int, body: int, end: int, seen: set[str]) -> Iterator[Event | Problem]:
    """One mail from its first byte to that behind its last."""
    data = bytes(source.view[body : min(end, body + LARGEST)])
    if end - body > LARGEST:
        yield trouble(source, "too-large", f"a mail of {end - body:,} bytes: the first {LARGEST:,} are read", start)
    try:
        mail = mail_of(_QUOTING.sub(b"", data) if body > start else data)
        if not mail.keys():
            yield trouble(source, "bad-line", "no mail: it has no headers", start)
            return
        yield from _event(source, mail, start, end, seen)
    except _UNREADABLE as error:
        yield trouble(source, "bad-line", f"not a mail that can be read: {clean(str(error))[:80]}", start, "save it again as .eml")


def _event(source: Source, mail: EmailMessage, start: int, end: int, seen: set[str]) -> Iterator[Event | Problem]:
    id = next(iter(_ID.findall(_header(mail, "Message-ID"))), None)
    if id is not None and id in seen:
        yield trouble(source, "duplicate", f"a mail that is there twice: {clean(id)[:80]}", start)
        return
    if id is not None:
        seen.add(id)
    date = next((" ".join(str(value).split()) for name, value in mail.raw_items() if name.lower() == "date"), "")
    told, received = sent_at(date, source), _received(mail, source)
    if told is None:
        instead = "; the time at which it was received is taken" if received else ""
        yield trouble(source, "bad-time" if date else "no-time", f"a mail whose Date is no time: {clean(date)[:60]!r}{instead}", start)
    elif received and abs(told.time - received.time) > _APART // timedelta(microseconds=1):
        yield trouble(source, "clocks-differ", f"sent on {told.text}, received on {received.text}: one of the clocks is wrong", start)
    when = told or received or Instant(UNDATED, clean(date)[:80], "stated")
    people = getaddresses([_header(mail, "From")])
    author = (people[0][0] or people[0][1]) if people else None
    before = _ID.findall(f"{_header(mail, 'References')} {_header(mail, 'In-Reply-To')}")
    try:
        words = joined(own_words(mail), *(f"[file: {name}]" for part in mail.iter_attachments() if (name := part.get_filename())), by="\n")
    except _UNREADABLE as error:
        yield trouble(source, "bad-line", f"a mail whose body cannot be read: {clean(str(error))[:80]}", start)
        words = ""
    text = joined(_header(mail, "Subject"), words, by="\n")
    yield Event(
        when.time,
        clean(when.text),
        when.zone,
        start,
        end - start,
        "mail",
        clean(text),
        clean(author) if author else None,
        flags=when.flags,
        thread=clean(before[0]) if before else id and clean(id),
        reference=id and clean(id),
    )


def _header(mail: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(mail.get(name, "") or "").split())
    except _UNREADABLE:
        return ""


def sent_at(date: str, source: Source) -> Instant | None:
    """The instant of a Date header; `-0000` is UTC of somebody who does not say where."""
    try:
        found = parsedate_to_datetime(date)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    if found.tzinfo is None and date.rstrip().endswith("-0000"):
        found = found.replace(tzinfo=UTC)
    try:
        return at(found, date, source.zone)
    except (ValueError, OverflowError):
        return None


def _received(mail: EmailMessage, source: Source) -> Instant | None:
    """When the first server got it, which wrote the last of these headers."""
    for header in reversed(mail.get_all("Received", [])):
        found = sent_at(" ".join(str(header).rpartition(";")[2].split()), source)
        if found is not None:
            return found
    return None


def own_words(mail: EmailMessage) -> str:
    """What the sender wrote: the plain part, else the HTML part as text, without what is quoted."""
    content, is_html = body_of(mail)
    if is_html:
        quote = _HTML_QUOTE.search(content)
        content = text_of(content[: quote.start()] if quote else content)
    return unquoted(content.replace("\r\n", "\n"))


def unquoted(text: str) -> str:
    """A text without quoted lines, the line that says whose they are, and everything behind a forwarded message's head."""
    lines = text.split("\n")
    kept: list[str] = []
    number = 0
    while number < len(lines) and not _ends_here(lines, number):
        many = _attribution(lines, number)
        if not many and not lines[number].startswith(">"):
            kept.append(lines[number])
        number += many or 1
    return "\n".join(kept).strip()


def _attribution(lines: list[str], number: int) -> int:
    """How many lines from here, one or two, say who wrote the quoted lines that follow; mostly 0."""
    if lines[number][:3] not in _ATTRIBUTES:
        return 0
    for many in (1, 2):
        behind = next((line for line in lines[number + many : number + many + 3] if line.strip()), "")
        if behind.startswith(">") and _ATTRIBUTION.fullmatch(" ".join(lines[number : number + many])):
            return many
    return 0


def _ends_here(lines: list[str], number: int) -> bool:
    """Whether all that follows is the message that is answered, as some programs put it, without marks."""
    line = lines[number]
    if line.startswith(("-", "_")):
        return _ATTRIBUTION.fullmatch(line) is not None
    if line.startswith(("From:", "Von:", "De:")):
        return _FORWARDED.match("\n".join(lines[number : number + 3])) is not None
    return False


READER = Reader("mail", "mail", sniff, read)
