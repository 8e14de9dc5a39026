"""`amends import`: bring back what was exported, and take over what other tools exported."""

from __future__ import annotations

import sys

import click

from amends.interfaces.cli.failures import USAGE
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.result import counted
from amends.interfaces.cli.transfer_text import warn, write, write_json

_dry = click.option("--dry-run", "dry", is_flag=True, help="Say what would be made, and make nothing.")
_HELP = {
    "statuspage": "Take over the incidents of a status page (incidents.json): updates become messages to customers, with their promises.",
    "dispatch": "Take over incidents of Dispatch, or with --incident the timeline of one (CSV).",
    "incidentio": "Take over follow-ups of incident.io (JSON of its API, or CSV) as action items.",
    "jira": "Take over issues of Jira (JSON with the changelog) as action items; due dates that were changed are moves.",
}


@click.group("import")
def import_() -> None:
    """Bring in what was exported: our own folders, and the files of other tools."""


@import_.command()
@click.argument("folder", metavar="FOLDER")
@_dry
@at_desk
def folder(desk: Desk, folder: str, dry: bool) -> None:
    """Bring back a folder, or a zip, that `amends export` wrote.

    Everything is checked first: then all of it is kept, or nothing. Times and versions stay; ids stay where they are free. What was changed
    in the Markdown after the export is told, and not imported.
    """
    told = desk.usecases.importing.folder(folder, dry_run=dry, by=desk.person)
    warn(told.problems)
    rows = sum(number for name, number in told.counts.items() if name != "journal")
    if desk.style != "text":
        write_json(told.as_dict())
        return
    lines = [f"{'would bring in' if dry else 'brought in'} {counted(len(told.incidents), 'incident')}, {counted(rows, 'record')}"]
    if told.renamed:
        lines.append(f"{counted(len(told.renamed), 'id')} were taken here; those records have new ones, with all references")
    lines += [f"  {name}" for name in told.incidents[:20]]
    write("\n".join([*lines, ""]))


def _tool(tool: str) -> click.Command:
    @click.command(tool, help=_HELP[tool])
    @click.argument("file", metavar="FILE")
    @click.option("--incident", metavar="ID", help="The incident that entries and action items belong to; a part of its id will do.")
    @_dry
    @at_desk
    def command(desk: Desk, file: str, incident: str | None, dry: bool) -> int:
        from amends.integrations.imports.records import read_file

        data = sys.stdin.buffer.read() if file == "-" else read_file(file)
        path = "<stdin>" if file == "-" else file
        told = desk.usecases.adopting.take(tool, data, path, incident_id=desk.incident(incident), dry_run=dry, by=desk.person)
        warn(told.problems)
        made, known = +told.made, +told.known
        if desk.style != "text":
            write_json(told.as_dict(tool))
        else:
            new = ", ".join(_said(name, number) for name, number in made.items()) or "nothing"
            old = ", ".join(_said(name, number) for name, number in known.items())
            says = f"{'would make' if dry else 'made'} {new}" + (f"; here already: {old}" if old else "")
            write(says + (f"; {counted(told.refused, 'row')} refused" if told.refused else "") + "\n")
        return USAGE if told.refused else 0

    return command


def _said(name: str, number: int) -> str:
    """A number of things whose name is a plural, as people say it."""
    one = f"{name[:-3]}y" if name.endswith("ies") else name[:-1]
    return f"{number:,} {one if number == 1 else name}"


for _name in _HELP:
    import_.add_command(_tool(_name))
