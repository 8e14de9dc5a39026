"""What in the text of an entry may stand in another source too: ids, commits, tickets, alerts, and messages that somebody quotes.

By such tokens two sources tell of the same event, which is how `skew` compares their clocks.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

OFTEN, LONG = 20, 60_000_000
"""A token in more entries of one source than this, over more microseconds than this, is a name and no event."""

SHORT = "short:"
"""Stands before an abbreviated commit, which counts only where the whole one is known (`skew`)."""

_KEYS = (
    "trace|span|request|req|correlation|order|deploy(?:ment)?|release|build|run|pipeline|job|alert|incident|event|message|msg"
    "|transaction|txn|payment|session|batch|task|ticket|change|invoice|checkout|cart"
)
_SAME = {"req": "request", "deployment": "deploy", "msg": "message", "txn": "transaction"}
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_TICKET = r"[A-Z][A-Z0-9]{1,9}-\d{1,7}"
_INCIDENT = r"[PQ][A-Z0-9]{6}(?:[A-Z0-9]{7})?"
"""Incidents of PagerDuty have seven or fourteen capitals and digits."""

_FOUND = re.compile(
    rf"(?<![\w-]){_UUID}(?![\w-])|(?<![\w.])[0-9a-fA-F]{{7,64}}(?!\w)|(?<![\w-]){_TICKET}(?![\w-])|(?<!\w){_INCIDENT}(?!\w)"
)
_NAMED = re.compile(
    rf"(?P<key>{_KEYS})(?:[_-]?id)?(?:[\"']?\s?[:=]\s?[\"']?(?P<value>[\w./-]{{3,64}})|\s?#?(?P<number>\d{{3,12}})(?![\w:-]))"
)
"""On a text in small letters; what stands before the key is looked at afterwards, since that is four times as fast."""

_HEX = re.compile(r"(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,64}")
_DATE = re.compile(r"\d{4}[-/.]\d\d|\d\d[/.]\d\d")
_STANDARDS = frozenset("UTF SHA ISO HTTP RFC CVE TLS AES RSA EC MD RS HS ES PKCS SSL KB IEEE FIPS".split())
_QUOTED = re.compile(r"`{1,3}([^`\n]{20,300})`|^(?:>|&gt;) ?([^\n]{20,300})$", re.MULTILINE)
_TAIL = re.compile(r".*(?:[\]:|] | - )(.{20,})")
_LONGEST = 300


def tokens(text: str) -> set[str]:
    """The tokens of a text, each written one way: without hyphens, in small letters, with the kind of thing where it is but a number."""
    found = {token for one in _FOUND.findall(text) if (token := _plain(one)) is not None}
    found |= {token for one in _NAMED.finditer(text.lower()) if (token := _named(one)) is not None}
    quoted = [_said(first or second, whole=True) for first, second in _QUOTED.findall(text)]
    messages = quoted or [_said(text.rstrip().rpartition("\n")[2], whole=False)]
    return found | {said for said in messages if said is not None}


def first_seen(rows: Iterable[tuple[Iterable[str], int]]) -> dict[str, int]:
    """The first time (µs) of each token of one source, from the tokens and the time of its entries; without those that are names."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    seen: Counter[str] = Counter()
    for found, time in rows:
        for token in found:
            first[token] = min(time, first.get(token, time))
            last[token] = max(time, last.get(token, time))
            seen[token] += 1
    return {token: time for token, time in first.items() if seen[token] <= OFTEN or last[token] - time <= LONG}


def _named(found: re.Match[str]) -> str | None:
    """The token of what is called the id of something, all in small letters."""
    kind, value, before = found["key"], found["number"] or found["value"].rstrip("./-"), found.string[found.start() - 1 : found.start()]
    if before.isalpha() or len(value) < 3 or not any(sign.isdigit() for sign in value) or _DATE.match(value):
        return None
    return _plain(value) or _plain(value.upper()) or f"{_SAME.get(kind, kind)}:{value}"


def _plain(text: str) -> str | None:
    """The token of what is an id by its looks, whatever stands before it."""
    small = text.lower()
    if re.fullmatch(_UUID, text):
        return small.replace("-", "")
    if _HEX.fullmatch(small):
        return small if len(small) >= 16 else f"{SHORT}{small}" if text == small else None
    if re.fullmatch(_TICKET, text):
        return None if text.partition("-")[0].rstrip("0123456789") in _STANDARDS else text
    is_incident = re.fullmatch(_INCIDENT, text) and any(sign.isdigit() for sign in text)
    return text if is_incident else None


def _said(line: str, *, whole: bool) -> str | None:
    """The message at the end of a line, without what its logger puts before it; only one that holds a number says which event it is.

    `whole` says that a line is a message where nothing stands before it.
    """
    line = line.rstrip()[-_LONGEST:]
    tail = _TAIL.fullmatch(line)
    if tail is None and not whole:
        return None
    message = " ".join((tail[1] if tail else line).lower().split())
    sure = len(message) >= 20 and message.count(" ") >= 2 and any(sign.isdigit() for sign in message)
    return f"said:{message}" if sure else None
