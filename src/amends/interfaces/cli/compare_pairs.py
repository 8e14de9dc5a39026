"""The pairs of texts that `amends compare` is given: two files, standard input for one of them, or the lines of a file."""

from __future__ import annotations

import sys

from amends.core.errors import AmendsError
from amends.core.files import read_text, unreadable
from amends.core.record import record
from amends.interfaces.cli.inputs import stdin_text
from amends.interfaces.cli.session import STDIN

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from amends.interfaces.cli.options import Given


@record
class Pair:
    """Two texts to compare: what errors and people call each, and for a line of a file where it stands.

    `promises` tells that only the promises of two follow-ups are compared.
    """

    source: str
    retold: str
    source_label: str
    retold_label: str
    audience: str | None
    id: str | None = None
    file: str | None = None
    row: int | None = None
    promises: bool = False


def pairs(given: Given, refuse: Callable[[Exception], None]) -> Iterator[Pair]:
    """The pairs of a run; what cannot be read is handed to `refuse`. Raises InputError where the file of --jsonl cannot be opened."""
    audience = given.text("audience")
    if given.has("jsonl"):
        yield from _rows(given.text("jsonl") or "-", audience, refuse, quiet=given.has("quiet"))
        return
    texts = texts_of(given, refuse)
    if len(texts) == 2:
        (source, source_label), (retold, retold_label) = texts
        yield Pair(source, retold, source_label, retold_label, audience)


def texts_of(given: Given, refuse: Callable[[Exception], None]) -> list[tuple[str, str]]:
    """The texts that a command line names, each with what people call it; fewer where some cannot be read (which is told)."""
    texts = []
    for operand in given.operands:
        try:
            texts.append((stdin_text() if operand == "-" else read_text(operand), STDIN if operand == "-" else operand))
        except AmendsError as error:
            refuse(error)
    return texts


def _rows(name: str, audience: str | None, refuse: Callable[[Exception], None], *, quiet: bool) -> Iterator[Pair]:
    """The pairs of a file, or of standard input for -. Raises InputError when it cannot be opened."""
    if name == "-":
        yield from _read(sys.stdin.buffer, STDIN, audience, refuse, quiet=quiet)
        return
    try:
        file = open(name, "rb")  # noqa: SIM115 (closed below)
    except OSError as error:
        raise unreadable(name, error) from error
    with file:
        yield from _read(file, name, audience, refuse, quiet=quiet)


def _read(file: BinaryIO, name: str, audience: str | None, refuse: Callable[[Exception], None], *, quiet: bool) -> Iterator[Pair]:
    from amends.interfaces.cli.progress import Progress
    from amends.interfaces.cli.rows import PAIRS, read_rows

    progress = Progress(quiet=quiet)
    try:
        for number, row in read_rows(file, name, refuse, PAIRS):
            place = f"{name}:{number}" if row.get("id") is None else f"{name}:{number} (id {row['id']})"
            sides = (f"{place} source", f"{place} retold")
            yield Pair(row["source"], row["retold"], *sides, row.get("audience", audience), row.get("id"), name, number)
            progress.step()
    finally:
        progress.done()
