"""Where results go: standard output, flushed text by text, or a file that appears when it is complete."""

from __future__ import annotations

import os
import sys

from amends.core.errors import InputError

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from typing import Self, TextIO


class Output:
    """A stream of results. `done` makes a file appear under its name, `drop`, or an error inside, leaves what was there."""

    __slots__ = ("_beside", "_path", "stream")

    def __init__(self, stream: TextIO, path: str | None = None, beside: str | None = None) -> None:
        self.stream = stream
        self._path = path
        self._beside = beside

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            self.drop()

    def write(self, text: str) -> None:
        """Write some text; readers of a pipe see it at once."""
        if text:
            self.stream.write(text)
            self.stream.flush()

    def done(self) -> None:
        """All is written."""
        if self._path is not None and self._beside is not None:
            self.stream.close()
            os.replace(self._beside, self._path)

    def drop(self) -> None:
        """Give up: a file that was begun does not stay."""
        if self._beside is not None:
            self.stream.close()
            os.unlink(self._beside)


def open_output(path: str | None, *, machine: bool) -> Output:
    """Standard output for None or -, else a file. `machine` formats are UTF-8 everywhere. Raises InputError when it cannot be."""
    if path is None or path == "-":
        if machine:
            _reconfigure(sys.stdout, encoding="utf-8", errors="strict", newline="\n")
        else:
            _reconfigure(sys.stdout, errors="replace")
        return Output(sys.stdout)
    if os.path.exists(path) and not os.path.isfile(path):  # a device or a pipe is written as it is
        try:
            return Output(open(path, "w", encoding="utf-8", newline="\n"))
        except OSError as error:
            raise _unwritable(path, error) from error
    beside = f"{path}.{os.getpid()}.new"
    try:
        return Output(open(beside, "w", encoding="utf-8", newline="\n"), path, beside)
    except OSError as error:
        raise _unwritable(path, error) from error


def _reconfigure(stream: object, **how: str) -> None:
    change = getattr(stream, "reconfigure", None)  # a stream that replaced the real one may not have it
    if change is not None:
        change(**how)


def _unwritable(path: str, error: OSError) -> InputError:
    return InputError(
        f"the result cannot be written: {(error.strerror or str(error)).lower()}", hint="check the folder of --output", path=path
    )
