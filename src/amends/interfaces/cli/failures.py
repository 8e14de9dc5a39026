"""What the command line says when something cannot be done: one line that says what, one that says what to do."""

from __future__ import annotations

import sys

from amends.core.errors import AmendsError

INTERRUPTED = 130
USAGE = 2


def tell(error: Exception) -> None:
    """Write an error to standard error."""
    print(rendered(error), file=sys.stderr, flush=True)


def rendered(error: Exception) -> str:
    """`amends: file:line: field: what is wrong`, and the hint on a second line."""
    if not isinstance(error, AmendsError):
        return f"amends: {error}"
    line = getattr(error, "line", None)
    path = getattr(error, "path", None)
    field = getattr(error, "field", None)
    place = f"{path}:" if path else ""
    place += f"{line}:" if line is not None else ""
    place += f" {field}:" if field else ""
    head = f"amends: {place.lstrip()} {error.message}" if place else f"amends: {error.message}"
    return f"{head}\n  {error.hint}" if error.hint else head
