"""`amends account honesty`: how honest the status of an incident was, by what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amends.interfaces.cli.as_text import instant_in_words
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.terminal import safe, wrapped
from amends.narrative import honesty_report as report

if TYPE_CHECKING:
    from amends.narrative.contradicting import Part


@click.command()
@click.argument("incident", metavar="INCIDENT")
@at_desk
def honesty(desk: Desk, incident: str) -> None:
    """Tell how honest its status was, figure by figure.

    What was told and later contradicted, put right before others found it, softened, said in time, and promised again and again. Each
    figure quotes what it rests on, and says so where there is too little to tell. It is about what was said, never about who said it.
    """
    found = desk.usecases.honesty.of(desk.incident_id(incident), zone=desk.zone, by=desk.person)
    told = report.as_dict(found)
    lines: list[str] = []
    for figure in found.figures:
        lines += ["", *wrapped(figure.says, desk.width)] if lines else wrapped(figure.says, desk.width)
        for part in figure.parts:
            lines += _part(desk, part)
    desk.answer(told, told["figures"], "".join(f"{line}\n" for line in lines))


def _part(desk: Desk, part: Part) -> list[str]:
    lines = wrapped(part.text, desk.width, "  - ", "    ")
    for quoted in part.quotes:
        at = instant_in_words(quoted.at.astimezone(desk.zone))
        lines += wrapped(f"“{safe(quoted.words)}” ({quoted.source} {quoted.id[-6:]}, {at})", desk.width, "      ", "      ")
    return lines
