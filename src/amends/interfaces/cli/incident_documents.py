"""`amends incident document`: the shared texts of an incident, in which several people write at once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from amends.core.errors import NotFoundError, UsageError
from amends.incidents import document_report as report
from amends.incidents.document import DOCUMENT_KINDS
from amends.interfaces.cli.ledger_desk import Desk, at_desk, read_text
from amends.interfaces.cli.ledger_text import short_length
from amends.interfaces.cli.terminal import safe

if TYPE_CHECKING:
    from datetime import datetime

    from amends.incidents.document import Document, DocumentHead, DocumentVersion
    from amends.incidents.merging import Hunk

_OUTCOMES = {"saved": "", "merged": "joined with a newer one", "set-aside": "kept beside, the text is another"}
_SIGNS = {"same": " ", "removed": "-", "added": "+"}


@click.group()
def document() -> None:
    """Shared texts of an incident: notes, reviews, agendas.

    Whatever several people write at once, every text that is saved is kept as a version. Part of an ID is enough.
    """


@document.command("list")
@click.argument("incident", metavar="INCIDENT")
@click.option("--removed", is_flag=True, help="Also those that were removed.")
@at_desk
def list_documents(desk: Desk, incident: str, removed: bool) -> None:
    """List the shared texts of an incident."""
    heads = desk.usecases.documents.list(desk.incident(incident) or "", removed=removed, by=desk.person)
    length = short_length([head.id for head in heads])
    text = "".join(f"{_line(desk, head, length)}\n" for head in heads) or "this incident has no shared text yet\n"
    desk.answer(report.list_as_dict(heads), [report.head_as_dict(head) for head in heads], text)


@document.command()
@click.argument("incident", metavar="INCIDENT")
@click.argument("title")
@click.argument("source", metavar="FILE|-", required=False)
@click.option("--kind", type=click.Choice(DOCUMENT_KINDS), default="note", show_default=True, help="What it is for.")
@at_desk
def new(desk: Desk, incident: str, title: str, source: str | None, kind: str) -> None:
    """Begin a shared text, empty or with what a file holds."""
    text = read_text(source) if source else ""
    made = desk.usecases.documents.new(desk.incident(incident) or "", title, kind=kind, text=text, by=desk.person)
    _told(desk, made, "began")


@document.command()
@click.argument("document", metavar="ID")
@click.option("--version", "number", type=click.IntRange(1), metavar="N", help="An older version instead of the newest.")
@at_desk
def show(desk: Desk, document: str, number: int | None) -> None:
    """Write a shared text to standard output, as it is."""
    head = _meant(desk, document)
    if number is None:
        found = desk.usecases.documents.get(head.id, by=desk.person)
        desk.answer(report.as_dict(found), [report.as_dict(found)], _shown(found.text))
        return
    version = desk.usecases.documents.version(head.id, number, by=desk.person)
    told = report.history_as_dict(head.id, [version])
    desk.answer(told, told["versions"], _shown(version.text))


@document.command()
@click.argument("document", metavar="ID")
@click.argument("source", metavar="FILE|-")
@click.option("--based-on", type=click.IntRange(1), metavar="N", help="The version that you changed, as `list` and `save` tell it.")
@at_desk
def save(desk: Desk, document: str, source: str, based_on: int | None) -> None:
    """Save what a file holds as the text.

    With --based-on, changes that others made since are joined with it where they touch other paragraphs. Where they touch the same one,
    nothing is overwritten: your text is kept as a version beside, and the message says which. Without it, the newest version is replaced.
    """
    head = _meant(desk, document)
    saved = desk.usecases.documents.save(head.id, read_text(source), based_on or head.version, by=desk.person)
    _told(desk, saved, "saved" if saved.head.version != head.version else "nothing changed in")


@document.command()
@click.argument("document", metavar="ID")
@click.option("--from", "before", type=click.IntRange(1), metavar="N", help="Show what changed since this version.")
@click.option("--to", "after", type=click.IntRange(1), metavar="N", help="Until this version; the newest when absent.")
@at_desk
def history(desk: Desk, document: str, before: int | None, after: int | None) -> None:
    """List every version of a shared text, or show what changed between two."""
    head = _meant(desk, document)
    documents = desk.usecases.documents
    if before is None:
        if after is not None:
            raise UsageError("--to alone compares with nothing", hint="give --from N too")
        versions = documents.versions(head.id, by=desk.person)
        told = report.history_as_dict(head.id, versions)
        desk.answer(told, told["versions"], "".join(f"{_version(desk, one)}\n" for one in versions))
        return
    last = after or head.version
    hunks = documents.differences(head.id, before, last, by=desk.person)
    differences = report.differences_as_dict(head.id, before, last, hunks)
    desk.answer(differences, differences["hunks"], "".join(_hunk(one) for one in hunks) or "no difference\n")


@document.command("go-back")
@click.argument("document", metavar="ID")
@click.argument("version", type=click.IntRange(1))
@at_desk
def go_back(desk: Desk, document: str, version: int) -> None:
    """Make an earlier version the newest one; what stood until now stays in the history."""
    _told(desk, desk.usecases.documents.go_back(_meant(desk, document).id, version, by=desk.person), "went back in")


@document.command()
@click.argument("document", metavar="ID")
@click.argument("title")
@at_desk
def rename(desk: Desk, document: str, title: str) -> None:
    """Give a shared text another title."""
    _told(desk, desk.usecases.documents.rename(_meant(desk, document).id, title, by=desk.person), "renamed")


@document.command()
@click.argument("document", metavar="ID")
@at_desk
def remove(desk: Desk, document: str) -> None:
    """Hide a shared text. `restore` brings it back."""
    _told(desk, desk.usecases.documents.remove(_meant(desk, document).id, by=desk.person), "removed")


@document.command()
@click.argument("document", metavar="ID")
@at_desk
def restore(desk: Desk, document: str) -> None:
    """Bring a shared text back that was removed."""
    _told(desk, desk.usecases.documents.restore(_meant(desk, document).id, by=desk.person), "brought back")


def _meant(desk: Desk, part: str) -> DocumentHead:
    try:
        return desk.usecases.documents.meant(part, by=desk.person)
    except NotFoundError as error:
        raise NotFoundError(error.message, hint="`amends incident document list INCIDENT` shows those of an incident") from error


def _told(desk: Desk, document: Document, did: str) -> None:
    desk.answer(
        report.as_dict(document),
        [report.as_dict(document)],
        f"{did} {_line(desk, document.head, short_length([document.head.id]))}\n",
    )


def _line(desk: Desk, head: DocumentHead, length: int) -> str:
    state = "  removed" if head.removed_at else ""
    about = f"{head.kind}, version {head.version} by {_who(desk, head.updated_by)}, {_at(desk, head.updated_at)}"
    return f"{head.id[-length:]}  {safe(head.title)} ({about}){state}"


def _version(desk: Desk, one: DocumentVersion) -> str:
    based = f" after {one.based_on}" if one.based_on else ""
    outcome = f"  {_OUTCOMES[one.outcome]}" if _OUTCOMES[one.outcome] else ""
    return f"{one.version}{based}  {_at(desk, one.recorded_at)}  {_who(desk, one.author)}  {len(one.text):,} characters{outcome}"


def _hunk(hunk: Hunk) -> str:
    lines = "".join(f"{_SIGNS[line.what]} {safe(line.text)}".rstrip() + "\n" for line in hunk.lines)
    return f"@ line {hunk.before} became line {hunk.after}\n{lines}"


def _who(desk: Desk, name: str) -> str:
    return "you" if name == desk.person else safe(name)


def _at(desk: Desk, at: datetime) -> str:
    return f"{at.astimezone(desk.zone):%Y-%m-%d %H:%M %Z}"


def _shown(text: str) -> str:
    """A text as it is where a file or a pipe takes it; on a terminal so that it cannot steer it."""
    if sys.stdout.isatty():
        text = "\n".join(safe(line) for line in text.split("\n"))
    return text if text.endswith("\n") or not text else f"{text}\n"
