"""`amends account review` and `gaps`: the review that the account makes, and what it still lacks."""

from __future__ import annotations

import click

from amends.interfaces.cli.export import as_format, form_of, to_file, write_bytes
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.ledger_text import short_length
from amends.interfaces.cli.result import counted
from amends.interfaces.cli.terminal import safe, wrapped
from amends.narrative import review_report as report
from amends.narrative.review import SHAPES

_incident = click.argument("incident", metavar="INCIDENT")


@click.command()
@_incident
@click.option("--shape", type=click.Choice(SHAPES), default=SHAPES[0], show_default=True, help="Which form of it.")
@click.option("--root-cause", is_flag=True, help="With a section of that name, which some readers ask for.")
@click.option("--start", is_flag=True, help="Begin the shared text of the review from it, or name the one there is.")
@to_file
@as_format
@at_desk
def review(desk: Desk, incident: str, shape: str, root_cause: bool, start: bool, output: str | None, form: str | None) -> None:
    """Write the review as Markdown, PDF or DOCX.

    It is made of the account, its timeline and its action items.
    `retro` and `bug-report` are smaller forms, `plain` explains it to a reader who knows none of the words.
    """
    from amends.incidents import document_report
    from amends.integrations.export.documents import render

    name = desk.incident_id(incident)
    if start:
        begun = desk.usecases.reviewing.start(name, zone=desk.zone, by=desk.person)
        told = document_report.as_dict(begun)
        desk.answer(told, [told], f"{begun.head.id[-6:]}  {safe(begun.head.title)}; `amends incident document show` writes it\n")
        return
    found = desk.usecases.reviewing.of(name, shape=shape, root_cause=root_cause, zone=desk.zone, by=desk.person)
    told = report.as_dict(name, shape, found.paper, found.gaps)
    if desk.style != "text":
        desk.answer(told, [told], "")
        return
    write_bytes(output, render(found.paper, form or form_of(output)))
    if found.gaps:
        click.echo(f"note: it lacks {counted(len(found.gaps), 'thing')}; `amends account gaps` tells which", err=True)


@click.command()
@_incident
@at_desk
def gaps(desk: Desk, incident: str) -> int:
    """Tell what the review still lacks, what concerns people first. Exits with 1 while something is missing."""
    name = desk.incident_id(incident)
    found = desk.usecases.reviewing.gaps(name, by=desk.person)
    rows = [report.gap_as_dict(one) for one in found]
    length = short_length([one.item for one in found if one.item])
    lines: list[str] = []
    for one in found:
        quoted = f"“{one.quote}”" if one.quote and one.quote not in one.message else ""
        about = " ".join(part for part in (one.item[-length:] if one.item else "", quoted) if part)
        lines += wrapped(f"{one.message}{f' ({about})' if about else ''}; {one.hint}", desk.width, "- ", "  ")
    text = "".join(f"{line}\n" for line in lines) or "nothing is missing: it can be read out\n"
    desk.answer({"schema": "amends.review-gaps/1", "incident": name, "gaps": rows}, rows, text)
    return 1 if found else 0


REVIEW = (review, gaps)
