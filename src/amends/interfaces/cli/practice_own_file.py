"""The answers about a conversation that is coming, from a file: TOML or JSON, and errors that name file, line and field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amends.core.errors import InputError
from amends.core.files import parse_toml, read_text
from amends.core.json_lines import parse_json
from amends.core.shape import require_shape
from amends.interfaces.cli.inputs import stdin_text
from amends.interfaces.cli.session import STDIN
from amends.practice.interview import LISTS, NEEDED, QUESTIONS, Answers, require_answer
from amends.practice.loading import CHANNELS, RELATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    LineOf = Callable[[str], int | None]

USUAL = {"relation": RELATIONS[0], "channel": "email", "form": "status-update"}
"""What is taken where a file does not say it."""
_LARGEST = 1_000_000


def answers_of(name: str, personas: Sequence[str], forms: Sequence[str]) -> tuple[Answers, Callable[[InputError], InputError]]:
    """The answers in a file, or on standard input for `-`; and what puts file and line into an error about one of them.

    Raises InputError, which names file, line and field, TooLargeError.
    """
    path = STDIN if name == "-" else name
    values, line_of = _values(stdin_text() if name == "-" else read_text(name, _LARGEST), path)
    require_shape(values, _shape(personas, forms), path, line_of)
    assert isinstance(values, dict), "the shape is that of a table"

    def placed(error: InputError) -> InputError:
        line = line_of(error.field) if error.field else None
        return InputError(error.message, hint=error.hint, path=path, line=line, field=error.field)

    try:
        for field in (one for one, _, _ in QUESTIONS if one in values):
            require_answer(field, values[field])
    except InputError as error:
        raise placed(error) from None
    given: dict[str, Any] = {field: tuple(value) if isinstance(value, list) else value for field, value in values.items()}
    return Answers(**{**USUAL, **given}), placed


def _values(source: str, path: str) -> tuple[object, LineOf]:
    """JSON where the name or the first character says so, else TOML."""
    if path.endswith(".json") or (not path.endswith(".toml") and source.lstrip()[:1] in ("{", "[")):
        return parse_json(source, path)
    try:
        return parse_toml(source, path)
    except RecursionError as error:
        raise InputError("not TOML that can be read: nested too deeply", path=path) from error


def _shape(personas: Sequence[str], forms: Sequence[str]) -> dict[str, Any]:
    asked: dict[str, Any] = {
        field if field in NEEDED else f"{field}?": [str] if field in LISTS else str for field, _, _ in QUESTIONS
    }  # fmt: skip
    return asked | {"persona": tuple(personas), "relation?": RELATIONS, "channel?": tuple(CHANNELS), "form?": tuple(forms)}
