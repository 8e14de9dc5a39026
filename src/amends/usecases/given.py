"""What people hand us that no database could keep: refused by name, before anything is written."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

from amends.core.errors import InputError, NotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

Thing = TypeVar("Thing")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(text: str, field: str) -> str:
    """The text itself, where every database can hold it. Raises InputError for a NUL or half a surrogate pair."""
    found = _UNSTORABLE.search(text)
    if found:
        where = f"character {found.start() + 1} of the {field} (U+{ord(found[0]):04X})"
        raise InputError(f"{where} cannot be kept in a database", hint="delete it and save again", field=field)
    return text


_NOUNS = {
    "actor": "a name",
    "asked": "a name",
    "address": "an address",
    "evidence": "a reference",
    "heard_from": "a name",
    "helps_when": "what would show that it helps",
    "made_to": "a name",
    "name": "a name",
    "owner": "a name",
    "person": "a name",
    "reason": "a reason",
    "ref": "a reference",
    "sentence": "a sentence",
    "subject": "the subject of a commit",
    "target": "an address or a path",
    "text": "a text",
    "title": "a title",
    "to": "a name",
    "uncertainty": "what people will know",
    "value": "a figure",
    "visible": "how somebody outside sees it",
    "who": "a name",
    "whose": "whose trust it was",
    "why": "a reason",
    "why_other": "a reason",
    "words": "a promise",
}
"""What a person writes into a field of one line; a field without an entry is a time in words."""


def line(text: str, field: str, limit: int, hint: str = "write it in one line") -> str:
    """A short text without its outer spaces. Raises InputError where it is empty, has several lines, or more than `limit` code points."""
    kept = storable(text, field).strip()
    noun = _NOUNS.get(field, "a time")
    if not kept:
        raise InputError(f"{noun} must not be empty", hint=hint, field=field)
    if len(kept) > limit or len(kept.splitlines()) > 1:
        raise InputError(f"{noun} is one line of at most {limit} characters", hint=hint, field=field)
    return kept


def paragraphs(text: str, field: str, limit: int) -> str:
    """A text of one or more lines without its outer spaces. Raises InputError where it is empty or has more than `limit` code points."""
    kept = storable(text, field).strip()
    if not kept or len(kept) > limit:
        raise InputError(f"a text of 1 to {limit:,} characters is needed, not {len(kept):,}", hint="write what matters", field=field)
    return kept


FIRST_YEAR = 2000


def passed(at: datetime | None, now: datetime, field: str) -> datetime:
    """The instant of something that happened, now where none was given.

    Raises InputError for one without an offset, still to come, or before `FIRST_YEAR`, which is a slip and would make every length absurd.
    """
    if at is None:
        return now
    if aware(at, field) > now:
        hint = "say when it happened, with its day where that was not today; what is to come is a promise"
        raise InputError("that time is still to come", hint=hint, field=field)
    if at.year < FIRST_YEAR:
        raise InputError(f"that was in the year {at.year}", hint="see that the year is right", field=field)
    return at


def aware(at: datetime, field: str) -> datetime:
    """The instant itself. Raises InputError for a time without an offset, which could mean any zone."""
    if at.utcoffset() is None:
        what = field.replace("_", " ")
        raise InputError(f"the time of {what!r} has no offset, so it could mean any zone", hint="write +00:00 behind it", field=field)
    return at


def one_meant(what: str, part: str, found: Sequence[tuple[str, str, Thing]], *, hint: str = "") -> Thing:
    """The one thing that part of an id means, of those (id, words, thing) that it could mean; a whole id beats everything.

    Raises NotFoundError with the `hint` where there is none, and UsageError, which lists them, where there are several.
    """
    exact = [thing for name, _, thing in found if name == part.upper()]
    if exact or len(found) == 1:
        return exact[0] if exact else found[0][2]
    if not found:
        raise NotFoundError(f"there is no {what} {part[:40]!r}", hint=hint)
    listed = "; ".join(f"{name} “{words[:60]}”" for name, words, _ in found[:_MOST_MEANT])
    more = f"; and {len(found) - _MOST_MEANT} more" if len(found) > _MOST_MEANT else ""
    raise UsageError(f"{part!r} could be {len(found)} {what}s", hint=f"give more of the id: {listed}{more}")


_MOST_MEANT = 5
KEY_DIGITS = 16
"""How many characters of an id from `id_once` stand for the key alone."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def id_once(key: str, about: bytes, *scope: str) -> str:
    """The id of what a request with this key makes, so that a retry finds what the first try made.

    Its first characters come from the key and its scope (who asks, and what for), the others from what the request is about: the same
    key for something else is seen, because only the beginning is equal.
    """
    digits = _digits("\n".join((*scope, key)).encode(errors="surrogatepass"), KEY_DIGITS)
    return digits + _digits(about, 26 - KEY_DIGITS)


def require_same(made: str, asked: str) -> None:
    """Raises InputError where what was made with a key is not what is asked for with it now; both are ids of `id_once`."""
    if made != asked:
        raise InputError("this key was used for another request", hint="take a fresh key for each thing", field="Idempotency-Key")


def _digits(data: bytes, count: int) -> str:
    number = int.from_bytes(sha256(data).digest())
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in range(count))
