"""What `amends export` and `amends import` share: how problems are told, and how a result is written."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from amends.interfaces.cli.as_json import dumps
from amends.interfaces.cli.output import open_output
from amends.interfaces.cli.terminal import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from amends.core.problem import Problem


def warn(problems: Iterable[Problem]) -> None:
    """Tell problems to people, each with its place and what to do about it."""
    for one in problems:
        place = ":".join(str(part) for part in (one.path, one.line, one.field) if part is not None)
        print(f"amends: {safe(f'{place}: ' if place else '')}{safe(one.message)}", file=sys.stderr)
        if one.hint:
            print(f"  {safe(one.hint)}", file=sys.stderr)


def write(text: str) -> None:
    """Write a result for people."""
    _write(text, machine=False)


def write_json(values: Mapping[str, object]) -> None:
    """Write a result for programs."""
    _write(f"{dumps(values)}\n", machine=True)


def _write(text: str, *, machine: bool) -> None:
    out = open_output(None, machine=machine)
    out.write(text)
    out.done()
