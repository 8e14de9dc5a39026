"""`amends practice lint`: proves scenario files, and names file, line and field of whatever cannot be proved."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from amends.core.errors import InputError
from amends.core.files import unreadable
from amends.core.record import replace
from amends.interfaces.cli.as_json import dumps
from amends.interfaces.cli.engine import config_option, settings_here
from amends.interfaces.cli.output import open_output
from amends.interfaces.cli.result import counted
from amends.interfaces.cli.terminal import safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from amends.core.errors import AmendsError
    from amends.practice.linting import Fault
    from amends.settings import Settings

SCHEMA = "amends.practice-lint/1"
_HELP = """Prove scenarios, and say what is wrong with them.

Proved is that names exist and points add up, that the good transcript succeeds and the poor one does not, that success and failure can be
reached within the turns of each level, that every line can be heard, and that no fact is needed that cannot be earned.

PATH is a scenario file or a folder of them; without one, those of the project file, else those that ship. What a file builds on is looked
for beside it and among those that ship. Exits with 1 when something is wrong. A scenario takes a few seconds.

\b
Examples:
  amends practice lint drills/
  amends practice lint drills/freezer.toml --format json"""


@click.command("lint", help=_HELP)
@click.argument("paths", nargs=-1, metavar="[PATH]…", type=click.Path())
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", help="How to write the result.")
@config_option
def lint(paths: tuple[str, ...], style: str, config: str | None) -> int:
    """What `_HELP` says."""
    settings = settings_here(config)
    wanted: list[tuple[str | None, str | None]] = [_wanted(path) for path in paths] or [(settings.scenarios, None)]
    found: list[dict[str, Any]] = []
    count = 0
    for folder, name in wanted:
        faults, proved = _linted(settings, folder, name)
        found += faults
        count += proved
    out = open_output(None, machine=style == "json")
    if style == "json":
        out.write(f"{dumps({'schema': SCHEMA, 'scenarios': count, 'faults': found})}\n")
    else:
        out.write("".join(_line(one) for one in found) + f"{counted(count, 'scenario')}, {counted(len(found), 'fault')}\n")
    out.done()
    return 1 if found else 0


def _wanted(path: str) -> tuple[str | None, str | None]:
    """The folder of a path, and the name of the one scenario in it that is meant, if one is. Raises InputError."""
    if os.path.isdir(path):
        return os.path.abspath(path), None
    if not os.path.isfile(path):
        raise unreadable(path, FileNotFoundError())
    if not path.endswith(".toml"):
        raise InputError("a scenario is a file whose name ends in .toml", hint="name one, or its folder", path=path)
    return os.path.dirname(os.path.abspath(path)), os.path.basename(path).removesuffix(".toml")


def _linted(settings: Settings, folder: str | None, only: str | None) -> tuple[list[dict[str, Any]], int]:
    """What is wrong in a folder (those that ship, for None), or with one scenario of it; and how many were looked at."""
    from amends import wiring
    from amends.language.index import load
    from amends.practice.linting import lint as prove

    drills = wiring.open_usecases(replace(settings, scenarios=folder)).drills
    every, broken = drills.scenarios(), drills.wrong()
    names = [one.id for one in every if _meant(one.path, folder, only)]
    unread = [error for error in broken if _meant(getattr(error, "path", None) or "", folder, only)]
    found = [_unread(error) for error in unread]
    for name in _told(names):
        found += [_fault(one) for one in prove(every, load(), (name,))]
    return found, len(names) + len(unread)


def _meant(path: str, folder: str | None, only: str | None) -> bool:
    inside = folder is None or os.path.dirname(os.path.abspath(path)) == folder
    return inside and only in (None, os.path.basename(path).removesuffix(".toml"))


def _told(names: Sequence[str]) -> Iterator[str]:
    """The names one by one; which one is proved is told where somebody waits for it."""
    waits = sys.stderr.isatty() and len(names) > 1
    for number, name in enumerate(names, 1):
        said = f"{number} of {len(names)}: {name}" if waits else ""
        print(said, end="", file=sys.stderr, flush=True)
        yield name
        print(f"\r{' ' * len(said)}\r" if said else "", end="", file=sys.stderr, flush=True)


def _fault(one: Fault) -> dict[str, Any]:
    return {"path": _near(one.path), "line": one.line, "field": one.field, "message": one.message, "hint": one.hint}


def _unread(error: AmendsError) -> dict[str, Any]:
    path = getattr(error, "path", None)
    place = {"path": _near(path) if path else None, "line": getattr(error, "line", None), "field": getattr(error, "field", None)}
    return {**place, "message": error.message, "hint": error.hint}


def _near(path: str) -> str:
    """A path as it is shortest to read: from here, where it lies below."""
    below = os.path.relpath(path)
    return path if below.startswith(os.pardir) else below


def _line(one: dict[str, Any]) -> str:
    field = f" {one['field']}:" if one["field"] else ""
    hint = f"\n  {safe(one['hint'])}" if one["hint"] else ""
    return f"{safe(one['path'] or '?')}:{one['line'] or 1}:{safe(field)} {safe(one['message'])}{hint}\n"
