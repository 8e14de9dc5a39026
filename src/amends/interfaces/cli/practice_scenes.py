"""Which scenario a command means: one of those that ship, by its id, or a file that somebody is writing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from amends.core.errors import UnknownNameError
from amends.core.files import parse_toml, read_text
from amends.core.shape import near
from amends.practice import loading

if TYPE_CHECKING:
    from amends.practice.scenario import Scenario

SHIPPED = Path(loading.__file__).with_name("scenarios")
_ID = re.compile(r"[a-z0-9-]+")
_LIMIT = 1_000_000
"""More bytes than any scenario has."""


def scenario_named(name: str) -> Scenario:
    """The scenario of an id, or of a file whose name ends in .toml; reads that one and the one it builds on, not all of them.

    Raises UnknownNameError for an id that is none, InputError and TooLargeError for a file that is no scenario.
    """
    if name.endswith(".toml"):
        path = Path(name)
    else:
        path = SHIPPED / f"{name}.toml"
        if not _ID.fullmatch(name) or not path.is_file():
            raise _unknown(name)
    source = read_text(str(path), _LIMIT)
    values, _ = parse_toml(source, str(path))
    others = {}
    for key in ("later_of", "receiver_of"):
        base = values.get(key)
        beside = path.with_name(f"{base}.toml")
        if isinstance(base, str) and _ID.fullmatch(base) and beside.is_file():
            others[base] = parse_toml(read_text(str(beside), _LIMIT), str(beside))[0]
    return loading.load_text(source, str(path), others)


def _unknown(name: str) -> UnknownNameError:
    """The error for an id that is none; the list of all is long, so it is looked up."""
    known = tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))
    error = UnknownNameError("scenario", name[:80], known)
    meant = near(name, known)
    error.hint = f"{f'did you mean {meant!r}? ' if meant else ''}`amends practice list` shows them; a file of your own ends in .toml"
    return error
