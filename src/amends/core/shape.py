"""The shape that a data file must have, written as plain values, and the errors when it does not.

A shape is
- a type (`str`, `int`, `float`, `bool`, `datetime.date`): a value of exactly that type (an int passes as a float);
- a tuple: one of several shapes, where a string stands for itself: `("error", "warning", "note")`;
- a list with one shape: a list of such values;
- a dict: a table with these keys and no others. A key ending in `?` may be absent; the key `*` gives the shape of every
  other key.
"""

from __future__ import annotations

from amends.core.errors import InputError

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_WORDS = {str: "text in quotes", int: "a whole number", float: "a number", bool: "true or false"}


def require_shape(value: object, shape: object, path: str, line_of: Callable[[str], int | None], field: str = "") -> None:
    """Raises InputError for the first place where `value` is not of `shape`; `path` and `line_of` say where it stands."""
    for error in misfits(value, shape, path, line_of, field):
        raise error


def misfits(value: object, shape: object, path: str, line_of: Callable[[str], int | None], field: str = "") -> Iterator[InputError]:
    """Every place where `value` is not of `shape`, as the error to raise or to show; the same arguments as `require_shape`."""
    for where, message, hint in _misfits(value, shape, field):
        yield InputError(message, hint=hint, path=path, line=line_of(where), field=where or None)


def near(name: str, known: Iterator[str] | tuple[str, ...] | list[str]) -> str | None:
    """The known name that was probably meant, if any is close."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, list(known), n=1, cutoff=0.6)), None)


def _misfits(value: object, shape: object, field: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(shape, dict):
        yield from _table_misfits(value, shape, field)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield field, f"expected a list of {_describe(shape[0])}, not {_show(value)}", ""
            return
        for index, item in enumerate(value):
            yield from _misfits(item, shape[0], f"{field}[{index}]")
    elif isinstance(shape, tuple):
        if not any(_fits(value, one) for one in shape):
            words = [one for one in shape if isinstance(one, str)]
            meant = near(value, words) if isinstance(value, str) else None
            yield field, f"expected {_describe(shape)}, not {_show(value)}", f"did you mean {meant!r}?" if meant else ""
    elif not _fits(value, shape):
        yield field, f"expected {_describe(shape)}, not {_show(value)}", ""


def _table_misfits(value: object, shape: dict[str, object], field: str) -> Iterator[tuple[str, str, str]]:
    if not isinstance(value, dict):
        yield field, f"expected a table, not {_show(value)}", ""
        return
    known = {key.removesuffix("?"): one for key, one in shape.items() if key != "*"}
    for key, item in value.items():
        where = f"{field}.{key}" if field else key
        one = known.get(key, shape.get("*"))
        if one is None:
            meant = near(key, list(known))
            yield where, f"unknown key {key!r}", f"did you mean {meant!r}?" if meant else f"known: {', '.join(sorted(known))}"
        else:
            yield from _misfits(item, one, where)
    for key, one in shape.items():
        if key != "*" and not key.endswith("?") and key not in value:
            yield f"{field}.{key}" if field else key, f"the key {key!r} is missing", f"add {key} = {_example(one)}"


def _fits(value: object, shape: object) -> bool:
    if isinstance(shape, str):
        return value == shape
    if shape is float:
        return type(value) in (int, float)
    if isinstance(shape, type):
        return type(value) is shape
    return next(_misfits(value, shape, ""), None) is None


def _describe(shape: object) -> str:
    if isinstance(shape, tuple):
        return "one of " + ", ".join(repr(one) if isinstance(one, str) else _describe(one) for one in shape)
    if isinstance(shape, list):
        return f"a list of {_describe(shape[0])}"
    if isinstance(shape, dict):
        return "a table"
    if isinstance(shape, type):
        return _WORDS.get(shape, f"a {shape.__name__}")
    return repr(shape)


def _show(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    shown = repr(value)
    return shown if len(shown) <= 40 else f"{shown[:37]}…"


def _example(shape: object) -> str:
    if isinstance(shape, tuple):
        return _example(shape[0])
    if isinstance(shape, str):
        return f'"{shape}"'
    if isinstance(shape, list):
        return "[…]"
    if isinstance(shape, dict):
        return "{…}"
    return {int: "1", float: "1.0", bool: "true"}.get(shape, '"…"') if isinstance(shape, type) else '"…"'
