"""What people hand us that no database could keep: refused by name, before anything is written."""

from __future__ import annotations

import re

from amends.core.errors import InputError

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(text: str, field: str) -> str:
    """The text itself, where every database can hold it. Raises InputError for a NUL or half a surrogate pair."""
    found = _UNSTORABLE.search(text)
    if found:
        where = f"character {found.start() + 1} of the {field} (U+{ord(found[0]):04X})"
        raise InputError(f"{where} cannot be kept in a database", hint="delete it and save again", field=field)
    return text
