"""A mail from its bytes, by the standard library, guarded against headers on which that takes time by the square."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import EmailMessage

LONGEST_HEADER = 8192
"""Bytes of a header that are read; a longer one lists thousands of people, or wants to do harm."""

_BLANK = re.compile(rb"\r?\n\r?\n")
_FOLDED = re.compile(rb"^[^\s:]++:[^\n]*+(?:\n[ \t][^\n]*+)*+", re.MULTILINE)


def mail_of(data: bytes) -> EmailMessage:
    """The mail with its headers, of which what is too long is cut off. The library raises many kinds of errors for damaged ones."""
    blank = _BLANK.search(data)
    head = data[: blank.start()] if blank else data
    tame = data if len(head) <= LONGEST_HEADER else _FOLDED.sub(_cut, head) + data[len(head) :]
    return message_from_bytes(tame, policy=policy.default)


def body_of(mail: EmailMessage) -> tuple[str, bool]:
    """What a mail says, and whether that is HTML: its plain part, else its HTML part; empty where it has neither."""
    body = mail.get_body(preferencelist=("plain", "html"))
    if body is None:
        return "", False
    try:
        content = body.get_content()
    except (LookupError, KeyError, ValueError, AttributeError):  # an unknown charset, or damage: read what can be
        raw = body.get_payload(decode=True)
        content = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
    return (content, body.get_content_subtype() == "html") if isinstance(content, str) else ("", False)


def _cut(found: re.Match[bytes]) -> bytes:
    """A header, or the beginning of a long one; half of one that says how the body is written would say something else."""
    if len(found[0]) <= LONGEST_HEADER:
        return found[0]
    return b"X-Left-Out: Content" if found[0][:8].lower() == b"content-" else found[0][:LONGEST_HEADER]
