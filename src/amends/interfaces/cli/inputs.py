"""The texts that a command line names: files, folders, standard input or rows, one at a time, with the settings of their place."""

from __future__ import annotations

import os
import sys

from amends.core.errors import AmendsError, UnknownNameError
from amends.core.files import DRAFT_LIMIT, decode, read_bytes, too_large, unreadable
from amends.interfaces.cli.session import STDIN, Item, row_error, unknown_name

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amends.interfaces.cli.options import Given
    from amends.interfaces.cli.session import Session
    from amends.language.records import Document

_LONG = 200_000
"""Characters from which on a text may take so long that somebody who waits should hear of it."""


def stdin_text(name: str = STDIN) -> str:
    """The text on standard input, which errors call `name`. Raises InputError, TooLargeError."""
    data = sys.stdin.buffer.read(DRAFT_LIMIT + 1)
    if len(data) > DRAFT_LIMIT:
        raise too_large(name, DRAFT_LIMIT)
    return decode(data, name)[0]


class Inputs:
    """Iterates over the texts of a run. What cannot be read is handed to `refuse`, and the rest is done."""

    def __init__(self, session: Session, refuse: Callable[[Exception], None]) -> None:
        self._session = session
        self._given: Given = session.given
        self._quiet = self._given.has("quiet")
        self._refuse = refuse

    def __iter__(self) -> Iterator[Item]:
        if self._given.has("jsonl"):
            from amends.interfaces.cli.rows import row_items

            yield from row_items(self._session, self._given.text("jsonl") or "-", self._refuse)
            return
        for operand in self._given.operands or ["-"]:
            if operand == "-":
                yield from self._stdin(asked=bool(self._given.operands))
            elif os.path.isdir(operand):
                yield from self._folder(operand)
            elif not self._session.excluded(operand):
                yield from self.file(operand)

    def document(self, item: Item) -> Document | None:
        """What the engine says, or None when a row asks for something that is not there (which is then told)."""
        engine = self._session.engine(item.settings, item.draft.path)
        try:
            if len(item.draft.text) > _LONG:
                from amends.interfaces.cli.progress import waiting_for

                with waiting_for(item.label, len(item.draft.text), quiet=self._quiet):
                    return engine.check(item.draft)
            return engine.check(item.draft)
        except UnknownNameError as error:
            named = unknown_name(error.what, error.name, error.known)
            if item.row is None:
                raise named from error
            self._refuse(row_error(named, item.file, item.row))
            return None

    def file(self, path: str) -> Iterator[Item]:
        """The text of one file, or nothing when it cannot be read (which is then told)."""
        try:
            text, encoding = decode(read_bytes(path), path)
        except AmendsError as error:
            self._refuse(error)
            return
        settings = self._session.settings_for(path)
        yield Item(self._session.draft(text, settings, path), settings, path, encoding=encoding)

    def _stdin(self, *, asked: bool) -> Iterator[Item]:
        name = self._given.text("stdin_filename")
        if not asked and sys.stdin.isatty() and not self._quiet:
            print("Paste or type the message, then press Ctrl-D on an empty line.", file=sys.stderr)
        try:
            text = stdin_text(name or STDIN)
        except AmendsError as error:
            self._refuse(error)
            return
        settings = self._session.settings_for(name)
        yield Item(self._session.draft(text, settings, name), settings, name or STDIN)

    def _folder(self, folder: str) -> Iterator[Item]:
        from amends.interfaces.cli.folders import nothing_in, texts_in
        from amends.interfaces.cli.progress import Progress

        progress = Progress(quiet=self._quiet)
        refused: list[str] = []

        def refuse(path: str, error: OSError) -> None:
            refused.append(path)
            self._refuse(unreadable(path, error))

        found = 0
        for path in texts_in(folder, refuse):
            found += 1
            if not self._session.excluded(path):
                yield from self.file(path)
                progress.step()
        progress.done()
        if not found and not refused:
            self._refuse(nothing_in(folder))
