"""`amends export`: take along an incident, the workspace, documents for people, and a signed bundle; and check such a bundle."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from amends.core.errors import InputError, UsageError
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.result import counted
from amends.interfaces.cli.terminal import safe
from amends.interfaces.cli.transfer_text import warn, write, write_json
from amends.usecases.importing import plain_problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.integrations.export.tree import FolderTree, ZipTree
    from amends.usecases.exporting import Exported

_incident = click.argument("incident", metavar="ID")
_out = click.option("-o", "--output", "output", metavar="PATH", required=True, help="A new or empty folder, or a file that ends in .zip.")
to_file: Callable[[click.decorators.FC], click.decorators.FC] = click.option(
    "-o", "--output", "output", metavar="FILE", help="The file to write; its ending says the format. Default: Markdown on standard output."
)
as_format: Callable[[click.decorators.FC], click.decorators.FC] = click.option(
    "--as-format", "form", type=click.Choice(("markdown", "pdf", "docx")), help="The format, where the name does not say it."
)


@click.group()
def export() -> None:
    """Take along what is here: folders to bring back, documents for people, bundles that others can check."""


@export.command("incident")
@_incident
@_out
@at_desk
def export_incident(desk: Desk, incident: str, output: str) -> None:
    """Write an incident as Markdown for people and JSON for programs, with its evidence.

    `amends import folder` brings it back, here or elsewhere. Drafts that were not sent are their authors' and stay.
    """
    incident_id = desk.incident(incident)
    assert incident_id is not None, "an id was given"
    with _tree(output) as tree:
        told = desk.usecases.exporting.incident(incident_id, tree, by=desk.person)
    _tell(desk, told, output)


@export.command()
@_out
@at_desk
def workspace(desk: Desk, output: str) -> None:
    """Write everything that you may see: all incidents, removed ones too, and what belongs to none."""
    with _tree(output) as tree:
        told = desk.usecases.exporting.workspace(tree, by=desk.person)
    _tell(desk, told, output)


@export.command()
@_out
@at_desk
def mine(desk: Desk, output: str) -> None:
    """Write what is there for you only: your drafts that were not sent, and your private promises."""
    with _tree(output) as tree:
        told = desk.usecases.exporting.mine(tree, by=desk.person)
    _tell(desk, told, output)


@export.command()
@_incident
@click.option("-o", "--output", "output", metavar="FILE", required=True, help="The zip to write.")
@click.option("--include-sources", is_flag=True, help="Take files along that were only named by their path, if they are unchanged.")
@at_desk
def bundle(desk: Desk, incident: str, output: str, include_sources: bool) -> None:
    """Write a signed bundle of evidence.

    It holds the account, the timeline, the sources, and the journal of the incident. The key is made at first use, in the data folder.
    Sources are taken along as they are: what is secret in them is in the bundle.
    """
    from amends.integrations.export.tree import ZipTree

    incident_id = desk.incident(incident)
    assert incident_id is not None, "an id was given"
    with ZipTree(output) as tree:
        told = desk.usecases.bundling.write(incident_id, tree, include_sources=include_sources, by=desk.person)
    warn(told.problems)
    if desk.style == "text":
        write(f"{output}: {counted(told.files, 'file')}, {counted(told.sources, 'source')}\nsigned by {told.fingerprint}\n")
    else:
        shown = {"schema": "amends.bundle-made/1", "path": output, "files": told.files, "sources": told.sources, "key": told.fingerprint}
        write_json({**shown, "problems": [plain_problem(one) for one in told.problems]})


@export.command()
@click.argument("bundle", metavar="FILE")
@click.option(
    "--key", metavar="FINGERPRINT", help="Whose key must have signed it. Without it, any key will do: compare the one that is shown."
)
@click.option("--format", "style", type=click.Choice(("text", "json")), default="text", help="How to write the result.")
def verify(bundle: str, key: str | None, style: str) -> int:
    """Check a bundle: its hashes, its signature and the links of its journal.

    Needs no store. Exits with 1 when something does not fit.
    """
    from amends.usecases.bundling import verify as checked

    told = checked(bundle, key=key)
    if style == "json":
        found = {
            "schema": "amends.bundle-verified/1",
            "path": bundle,
            "files": told.files,
            "journal_rows": told.rows,
            "key": told.fingerprint,
        }
        write_json({**found, "problems": [plain_problem(one) for one in told.problems]})
        return 1 if told.problems else 0
    lines = [f"{safe(one.message)}" for one in told.problems]
    fitting = f"{counted(told.files, 'file')} and {counted(told.rows, 'row')} of the journal are as they were signed"
    signed = f"signed by {told.fingerprint}" if told.fingerprint else "not signed by the key that it carries"
    write("\n".join([*lines, fitting, signed, ""]))
    return 1 if told.problems else 0


def _document(what: str, about: str) -> click.Command:
    @click.command(what, help=about)
    @_incident
    @to_file
    @as_format
    @at_desk
    def command(desk: Desk, incident: str, output: str | None, form: str | None) -> None:
        from amends.integrations.export.documents import render

        incident_id = desk.incident(incident)
        assert incident_id is not None, "an id was given"
        paper = desk.usecases.exporting.paper(incident_id, what, zone=desk.zone, by=desk.person)
        write_bytes(output, render(paper, form or form_of(output)))

    return command


note = _document("note", "Write the follow-up note of an incident as Markdown, PDF or DOCX.")
review = _document("review", "Write the review of an incident as Markdown, PDF or DOCX.")
timeline = _document("timeline", "Write the timeline of an incident, as people noted and corrected it, as Markdown, PDF or DOCX.")
account = _document("account", "Write the whole story of an incident as Markdown, PDF or DOCX.")
for _command in (note, review, timeline, account):
    export.add_command(_command)


def form_of(output: str | None) -> str:
    """The format of a document by the name of its file; Markdown for standard output. Raises UsageError."""
    ending = ".md" if output in (None, "-") else os.path.splitext(str(output))[1].lower()
    found = {".md": "markdown", ".markdown": "markdown", ".pdf": "pdf", ".docx": "docx"}.get(ending)
    if found is None:
        raise UsageError(f"{ending or 'no ending'} says no format", hint="name a file that ends in .md, .pdf or .docx, or say --as-format")
    return found


def _tree(output: str) -> FolderTree | ZipTree:
    from amends.integrations.export.tree import FolderTree, ZipTree

    return ZipTree(output) if output.lower().endswith(".zip") else FolderTree(output)


def _tell(desk: Desk, told: Exported, output: str) -> None:
    warn(told.problems)
    if desk.style == "text":
        rows = sum(number for name, number in told.counts.items() if name != "journal")
        write(f"{output}: {counted(told.incidents, 'incident')}, {counted(rows, 'record')}, {counted(told.files, 'file')}\n")
        return
    shown = {"schema": "amends.exported/1", "path": output, "files": told.files, "incidents": told.incidents, "tables": told.counts}
    write_json({**shown, "problems": [plain_problem(one) for one in told.problems]})


def write_bytes(path: str | None, data: bytes) -> None:
    """A document to its file, whole or not at all, or to standard output."""
    if path in (None, "-"):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    assert path is not None, "it is no standard output"
    beside = f"{path}.{os.getpid()}.new"
    try:
        with open(beside, "xb") as file:
            file.write(data)
        os.replace(beside, path)
    except OSError as error:
        because = (error.strerror or str(error)).lower()
        raise InputError(f"the document cannot be written: {because}", hint="check the folder of --output", path=path) from error
