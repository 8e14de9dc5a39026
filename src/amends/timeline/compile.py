"""Compiles the formats of line logs into one file, when the package is built and whenever a test run starts and one was changed.

Run as a module, `python -m amends.timeline.compile` writes the index beside this file.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from typing import TYPE_CHECKING

from amends.core.errors import InputError
from amends.timeline.formats import FINGERPRINT, FOLDER, INDEX, MAGIC, load

if TYPE_CHECKING:
    from typing import Any

    from amends.timeline.formats import Format

_MARSHAL_VERSION = 2
"""The newest one that writes the same bytes for the same values."""

_MAKERS = ("compile.py", "formats.py", "layout.py", "levels.py", "looks.py")
"""The modules that the index depends on."""


def compile_formats() -> bytes:
    """The index of all formats of the package; the same bytes for the same files.

    Raises:
        InputError: a file that is no format; names the file, and the line or field.
    """
    return MAGIC + fingerprint() + marshal.dumps([_plain(one) for one in load(FOLDER)], _MARSHAL_VERSION)


def fingerprint() -> bytes:
    """A hash of the files that the index is made from."""
    here = os.path.dirname(__file__)
    paths = [os.path.join(FOLDER, name) for name in sorted(os.listdir(FOLDER)) if name.endswith(".toml")]
    found = hashlib.sha256()
    for path in [*(os.path.join(here, name) for name in _MAKERS), *paths]:
        with open(path, "rb") as file:
            found.update(os.path.basename(path).encode() + b"\0" + file.read() + b"\0")
    return found.digest()[:FINGERPRINT]


def is_current() -> bool:
    """Whether the index is there and made from the files as they are."""
    try:
        with open(INDEX, "rb") as file:
            return file.read(len(MAGIC) + FINGERPRINT) == MAGIC + fingerprint()
    except FileNotFoundError:
        return False


def _plain(one: Format) -> tuple[Any, ...]:
    samples = [(sample.line, sample.time, sample.level, sample.day) for sample in one.samples]
    words = one.id, one.title, one.source, one.layout.base, one.said, one.look
    return (*words, one.rank, one.number, one.zone, one.levels, samples, os.path.basename(one.path))


def main() -> int:
    """Write the index of this package where it is not current; says what is wrong with a format and returns 2 when it cannot."""
    if is_current():
        return 0
    try:
        data = compile_formats()
    except InputError as error:
        place = f"{error.path}:{error.line}" if error.line else error.path
        print(f"{place}: {error.field or 'file'}: {error.message} {error.hint}".rstrip(), file=sys.stderr)
        return 2
    # Several processes of a test run may do this at once: each writes its own file and puts it in place in one step.
    own = f"{INDEX}.{os.getpid()}"
    with open(own, "wb") as file:
        file.write(data)
    os.replace(own, INDEX)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
