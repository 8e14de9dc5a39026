"""Bytes of people's files into text, and their TOML into plain values, with errors that name file, line and field.

An encoding is taken only when it is certain: a byte order mark says so, or the bytes are valid UTF-8. Guessing would
move every offset that is reported afterwards.
"""

from __future__ import annotations

import os

from amends.core.errors import InputError, TooLargeError

DRAFT_LIMIT = 20_000_000
"""The largest draft that is read, in bytes. A message is a page or two; what is larger is a mistake or a log."""

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def read_bytes(path: str, limit: int = DRAFT_LIMIT) -> bytes:
    """The bytes of a file of at most `limit` bytes; pipes and devices are read like files.

    Raises InputError when the file is missing, a folder or not readable, TooLargeError when it is larger than the limit.
    """
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            data = b"" if size > limit else file.read(limit + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if max(size, len(data)) > limit:
        raise too_large(path, limit)
    return data


def unreadable(path: str, error: OSError) -> InputError:
    """The error to raise when the system refuses a file, in words that say what to do."""
    if isinstance(error, FileNotFoundError):
        return InputError("there is no such file", hint="check the name, or give - to read standard input", path=path)
    if isinstance(error, IsADirectoryError):
        return InputError("this is a folder, and one file was expected", hint="name a file in it", path=path)
    if isinstance(error, PermissionError):
        return InputError("the file may not be read by this user", hint="change its permissions", path=path)
    return InputError(f"the file cannot be read: {(error.strerror or str(error)).lower()}", path=path)


def too_large(path: str, limit: int) -> TooLargeError:
    """The error to raise when an input is larger than `limit` bytes."""
    return TooLargeError(
        f"{path}: larger than {limit:,} bytes, which is the most that is read as one text",
        hint="check the message itself; split a larger file into its messages and give them with --jsonl",
    )


def decode(data: bytes, path: str) -> tuple[str, str]:
    """The text of some bytes, and the encoding they were in, so that a changed text can be written back the same way.

    Line endings stay as they are; a byte order mark is no part of the text. `path` is only used in errors.
    Raises InputError when the bytes are binary, or text in an encoding that cannot be known.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        nul = data.find(b"\0")
        if encoding == "utf-8" and nul >= 0:
            raise _binary(path, nul) from error
        raise InputError(
            f"not valid {encoding.removesuffix('-sig').upper()} at byte {error.start}",
            hint="save the file as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW",
            path=path,
            line=None if "32" in encoding or "16" in encoding else data.count(b"\n", 0, error.start) + 1,
        ) from error
    nul = text.find("\0")
    if nul >= 0:
        raise _binary(path, nul)
    return text, encoding


def _binary(path: str, offset: int) -> InputError:
    return InputError(
        f"binary, not text: a NUL byte at {offset}",
        hint="give a text file; UTF-16 is read when it starts with a byte order mark",
        path=path,
    )


def read_text(path: str, limit: int = DRAFT_LIMIT) -> str:
    """The text of a file: `read_bytes` and `decode` in one step, with the errors of both."""
    return decode(read_bytes(path, limit), path)[0]


def read_toml(path: str) -> tuple[dict[str, object], LineOf]:
    """The values of a TOML file, and a function that tells the line of a field for later errors.

    Raises InputError, with the line, when the file cannot be read or is not TOML.
    """
    return parse_toml(read_text(path), path)


def parse_toml(source: str, path: str) -> tuple[dict[str, object], LineOf]:
    """As `read_toml`, for a text that is already there; `path` is only used in errors."""
    import tomllib  # only when there is a file to read: parsing costs start-up time

    try:
        values: dict[str, object] = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        message, _, place = str(error).partition(" (at ")
        digits = place.removeprefix("line ").partition(",")[0]
        line = int(digits) if digits.isdigit() else source.count("\n") + 1
        raise InputError(f"not valid TOML: {message[:1].lower()}{message[1:]}", path=path, line=line) from error
    return values, LineOf(source)


class LineOf:
    """Tells the 1-based line on which a field of a TOML text stands.

    A field is written as in errors: `severity.vague-time`, `examples[1].text`, with or without a leading `$.`.
    For a field that is not in the text, the line of the closest table or array around it, or None when there is none.
    The text is only scanned when a line is asked for; it must be valid TOML.
    """

    __slots__ = ("_lines", "_source")

    def __init__(self, source: str) -> None:
        self._source = source
        self._lines: dict[str, int] | None = None

    def __call__(self, field: str) -> int | None:
        """The line of a field."""
        if self._lines is None:
            from amends.core.toml_lines import lines_of_fields

            self._lines = lines_of_fields(self._source)
        field = field.removeprefix("$").removeprefix(".")
        while field:
            if field in self._lines:
                return self._lines[field]
            field = field[: max(field.rfind("."), field.rfind("["), 0)]
        return None


def load_strict(path: str, spec: object) -> dict[str, object]:
    """The values of a TOML file that must have exactly the shape of `spec` (see `amends.core.shape`).

    Raises InputError naming file, line and field for the first thing that is wrong.
    """
    from amends.core.shape import require_shape

    values, line_of = read_toml(path)
    require_shape(values, spec, path, line_of)
    return values
