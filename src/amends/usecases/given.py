"""What people hand us that no database could keep: refused by name, before anything is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amends.core.errors import InputError

if TYPE_CHECKING:
    from datetime import datetime

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(text: str, field: str) -> str:
    """The text itself, where every database can hold it. Raises InputError for a NUL or half a surrogate pair."""
    found = _UNSTORABLE.search(text)
    if found:
        where = f"character {found.start() + 1} of the {field} (U+{ord(found[0]):04X})"
        raise InputError(f"{where} cannot be kept in a database", hint="delete it and save again", field=field)
    return text


def line(text: str, field: str, limit: int, hint: str = "write it in one line") -> str:
    """A short text without its outer spaces. Raises InputError where it is empty, has several lines, or more than `limit` code points."""
    kept = storable(text, field).strip()
    if not kept:
        raise InputError(f"the {field.replace('_', ' ')} must not be empty", hint=hint, field=field)
    if len(kept) > limit or len(kept.splitlines()) > 1:
        raise InputError(f"the {field.replace('_', ' ')} is one line of at most {limit} characters", hint=hint, field=field)
    return kept


def aware(at: datetime, field: str) -> datetime:
    """The instant itself. Raises InputError for a time without an offset, which could mean any zone."""
    if at.utcoffset() is None:
        what = field.replace("_", " ")
        raise InputError(f"the time of {what!r} has no offset, so it could mean any zone", hint="write +00:00 behind it", field=field)
    return at
