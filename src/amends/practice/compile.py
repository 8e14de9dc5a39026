"""Compiles the scenarios and personas into one file, because reading sixty of them as TOML takes more than a second.

Each stands under a hash of the bytes that it was made from, so that what was changed since is read from its file, and nothing can be
stale. Run as a module, `python -m amends.practice.compile` writes the index beside this file (decision 0003).
"""

from __future__ import annotations

import hashlib
import marshal
import os
import re
import sys
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from amends.core.errors import InputError
from amends.core.files import read_text
from amends.practice.loading import PERSONAS, SCENARIOS, load_folder
from amends.practice.scenario import RECORDS, Scenario

FOLDERS = (SCENARIOS, PERSONAS)
INDEX = Path(__file__).with_name("scenarios.bin")
_MAKERS = ("acts.py", "compile.py", "condition.py", "loading.py", "scenario.py")
"""The modules that the index depends on."""
_MAGIC = b"amends scenarios 1\n"
_MARSHAL_VERSION = 2
"""The newest one that writes the same bytes for the same values."""

_BUILT_ON = re.compile(r'^(?:later_of|receiver_of)\s*=\s*"([a-z0-9-]+)"', re.MULTILINE)


def compiled(path: Path) -> Scenario | None:
    """The scenario of a file as it was compiled; None where it was not, or the file is another now."""
    found = _index().get(key_of(path))
    return None if found is None else replace(_scenario(found), path=str(path))


def key_of(path: Path) -> str:
    """A hash of all that a scenario is made from: its file, the one that it builds on, and the modules that read them.

    Raises InputError for a file that cannot be read.
    """
    source = read_text(str(path))
    bases = [path.with_name(f"{name}.toml") for name in _BUILT_ON.findall(source)]
    parts = [_makers(), source, *(read_text(str(base)) for base in bases if base.is_file())]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def compile_scenarios(folders: tuple[Path, ...]) -> bytes:
    """The index of all scenarios of the folders; the same bytes for the same files.

    Raises:
        InputError: a file that is no scenario; names the file, and the line or field.
    """
    found = [one for folder in folders for one in load_folder(folder)]
    return _MAGIC + marshal.dumps({key_of(Path(one.path)): _plain(replace(one, path="")) for one in found}, _MARSHAL_VERSION)


@cache
def _makers() -> str:
    here = Path(__file__)
    read = (here.with_name(name) for name in _MAKERS)
    return hashlib.sha256(b"\0".join(one.read_bytes() if one.is_file() else b"" for one in read)).hexdigest()


@cache
def _index() -> dict[str, tuple[Any, ...]]:
    try:
        data = INDEX.read_bytes()
    except OSError:  # not compiled
        return {}
    if not data.startswith(_MAGIC):
        return {}
    found: dict[str, tuple[Any, ...]] = marshal.loads(data[len(_MAGIC) :])  # noqa: S302 - the package's own file, built with it
    return found


def _plain(record: Any) -> tuple[Any, ...]:
    """A record as a plain tuple, with those inside it likewise."""
    values = ((one.name, getattr(record, one.name)) for one in fields(record))
    inside = RECORDS if isinstance(record, Scenario) else {}
    return tuple(tuple(map(_plain, value)) if name in inside else value for name, value in values)


def _scenario(plain: tuple[Any, ...]) -> Scenario:
    values: dict[str, Any] = dict(zip((one.name for one in fields(Scenario)), plain, strict=True))
    values |= {name: tuple(record(*row) for row in values[name]) for name, record in RECORDS.items()}
    return Scenario(**values)


def _is_current() -> bool:
    """Whether the index holds exactly the files as they are."""
    return set(_index()) == {key_of(path) for folder in FOLDERS for path in folder.glob("*.toml")}


def main() -> int:
    """Write the index of this package where it is not current; says what is wrong with a scenario and returns 2 when it cannot."""
    if _is_current():
        return 0
    try:
        data = compile_scenarios(FOLDERS)
    except InputError as error:
        place = f"{error.path}:{error.line}" if error.line else error.path
        print(f"{place}: {error.field or 'file'}: {error.message} {error.hint}".rstrip(), file=sys.stderr)
        return 2
    # Several processes may do this at once: each writes its own file and puts it in place in one step.
    own = INDEX.with_suffix(f".{os.getpid()}")
    own.write_bytes(data)
    own.replace(INDEX)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
