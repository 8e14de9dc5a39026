"""Where the fields of a JSON text stand: the standard parser gives values without lines, and errors need lines."""

from __future__ import annotations

import json
import re

from amends.core.errors import InputError

_BLANK = re.compile(r"[ \t\r\n,:]*")


def parse_json(source: str, path: str) -> tuple[object, JsonLineOf]:
    """The value of a JSON text, and a function that tells the line of a field for later errors; `path` is only used in errors.

    Raises InputError, with the line, when it is not JSON.
    """
    try:
        return json.loads(source), JsonLineOf(source)
    except json.JSONDecodeError as error:
        message = f"not valid JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        raise InputError(message, hint=f"look at column {error.colno}", path=path, line=error.lineno) from error
    except (RecursionError, ValueError) as error:  # a number of thousands of digits
        raise InputError("not JSON that can be read: nested too deeply, or a number too long", path=path) from error


class JsonLineOf:
    """Tells the 1-based line on which a field of the outermost table of a JSON text stands: `known`, `known[1]`.

    For a field that is not there, the line of the list around it, else that of the table. The text must be valid JSON.
    """

    __slots__ = ("_lines", "_source")

    def __init__(self, source: str) -> None:
        self._source = source
        self._lines: dict[str, int] | None = None

    def __call__(self, field: str) -> int | None:
        """The line of a field."""
        if self._lines is None:
            self._lines = _lines(self._source)
        found = self._lines.get(field) or self._lines.get(field.partition("[")[0].partition(".")[0])
        return found or self._lines.get("")


def _lines(source: str) -> dict[str, int]:
    """The lines of every key of the outermost table, and of every item of the lists in it."""
    start = _after_blank(source, 0)
    lines = {"": _line(source, start)}
    if source[start : start + 1] != "{":
        return lines
    at, decode = _after_blank(source, start + 1), json.JSONDecoder().raw_decode
    while source[at] != "}":
        key, end = decode(source, at)
        lines[key] = _line(source, at)
        at = _after_blank(source, end)
        if source[at] == "[":
            at, number = _after_blank(source, at + 1), 0
            while source[at] != "]":
                lines[f"{key}[{number}]"] = _line(source, at)
                at, number = _after_blank(source, decode(source, at)[1]), number + 1
            at = _after_blank(source, at + 1)
        else:
            at = _after_blank(source, decode(source, at)[1])
    return lines


def _after_blank(source: str, at: int) -> int:
    found = _BLANK.match(source, at)
    assert found is not None, "nothing at all matches too"
    return found.end()


def _line(source: str, at: int) -> int:
    return source.count("\n", 0, at) + 1
