"""`amends playbook list`, `show`, `offer` and `lint`: the library, what of it may help now, and whether a file of one's own holds."""

from __future__ import annotations

import os

import click

from amends.core.errors import AmendsError, InputError
from amends.core.files import read_text
from amends.interfaces.cli.as_json import dumps
from amends.interfaces.cli.engine import config_option, settings_here
from amends.interfaces.cli.failures import tell
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.output import open_output
from amends.interfaces.cli.playbook_text import library, offered, whole
from amends.interfaces.cli.result import counted
from amends.interfaces.cli.terminal import safe
from amends.playbooks import report
from amends.playbooks.linting import Fault


@click.command("list")
@at_desk
def list_playbooks(desk: Desk) -> None:
    """List the playbooks, those that ship and the team's own."""
    found, wrong = desk.usecases.playbooks.list(), desk.usecases.playbooks.wrong()
    for error in wrong:
        tell(error)
    told = report.library_as_dict(found, wrong)
    desk.answer(told, told["playbooks"], library(desk, found))


@click.command()
@click.argument("playbook", metavar="NAME")
@at_desk
def show(desk: Desk, playbook: str) -> None:
    """Show a whole playbook, as something to read."""
    found = desk.usecases.playbooks.get(playbook)
    told = report.playbook_as_dict(found)
    desk.answer(told, [told], whole(desk, found))


@click.command()
@click.argument("incident", metavar="INCIDENT")
@at_desk
def offer(desk: Desk, incident: str) -> None:
    """Show which playbooks may help an incident now, and what in its data says so. A part of the incident's id will do."""
    incident_id = desk.incident_id(incident)
    found = desk.usecases.playbooks.offered(incident_id, by=desk.person)
    told = report.offers_as_dict(incident_id, found)
    desk.answer(told, told["offers"], offered(desk, found))


_HELP = """Try playbooks, and say what is wrong with them.

Tried is that every step can be reached and leaves something behind, that every field can be filled, that what the data know is asked before
people are, that the examples end as they say, and that the words keep our own rules.

All faults of all files are shown at once. The examples of a file are tried once everything in it can be read.

PATH is a playbook file or a folder of them; without one, those of the project file, else those that ship. Exits with 1 when something
is wrong."""


@click.command("lint", help=_HELP)
@click.argument("paths", nargs=-1, metavar="[PATH]…", type=click.Path())
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", help="How to write the result.")
@config_option
def lint(paths: tuple[str, ...], style: str, config: str | None) -> int:
    """What `_HELP` says."""
    from amends import wiring
    from amends.playbooks.loading import PROCEDURES

    settings = settings_here(config)
    playbooks = wiring.open_usecases(settings).playbooks
    files = [file for path in (paths or (settings.playbooks or str(PROCEDURES),)) for file in _files(path)]
    found: list[tuple[str, Fault]] = []
    for path in files:
        try:
            found += [(_near(path), fault) for fault in playbooks.lint(read_text(path), path)]
        except AmendsError as error:  # what is no text at all
            found.append((_near(path), Fault("", error.message, error.hint, getattr(error, "line", None))))
    out = open_output(None, machine=style == "json")
    if style == "json":
        out.write(f"{dumps(report.lint_as_dict(len(files), found))}\n")
    else:
        out.write("".join(map(_said, found)) + f"{counted(len(files), 'playbook')}, {counted(len(found), 'fault')}\n")
    out.done()
    return 1 if found else 0


def _files(path: str) -> list[str]:
    """The playbook files that a path means. Raises InputError."""
    if os.path.isdir(path):
        found = [os.path.join(path, name) for name in sorted(os.listdir(path)) if name.endswith(".toml")]
        if not found:  # or a step in CI with the wrong folder would stay green
            raise InputError("no playbook is in this folder", hint="a playbook is a file whose name ends in .toml", path=path)
        return found
    if not os.path.isfile(path):
        raise InputError("there is no such file or folder", hint="name a playbook file, or a folder of them", path=path)
    if not path.endswith(".toml"):
        raise InputError("a playbook is a file whose name ends in .toml", hint="name one, or its folder", path=path)
    return [path]


def _near(path: str) -> str:
    near = os.path.relpath(path)
    return path if near.startswith("..") else near


def _said(found: tuple[str, Fault]) -> str:
    path, one = found
    place = f"{path}:{one.line}" if one.line is not None else path
    hint = f"\n  {safe(one.hint)}" if one.hint else ""
    field = f"{one.field}: " if one.field else ""
    return f"{place}: {field}{safe(one.message)}{hint}\n"
