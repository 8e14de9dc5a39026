"""`amends practice rehearse`: a draft is answered before it is sent; it is the first turn of a conversation."""

from __future__ import annotations

import sys

import click

from amends.core.files import read_text
from amends.interfaces.cli.inputs import stdin_text
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.practice_start import Kept, hold
from amends.practice import session_report as report
from amends.practice.loading import PERSONAS

NAMES = sorted(path.stem for path in PERSONAS.glob("*.toml"))
_HELP = """Hear a draft answered before you send it.

The draft in FILE is the first turn of a conversation, in which everything that it says is true. Read how it is taken, and go on if you
like. What is said is kept for you alone, as every drill. With --format json the draft alone is answered. FILE may be - for standard input.

\b
Examples:
  amends practice rehearse mail.md --persona furious-customer
  amends practice rehearse note.txt --persona sceptical-peer --form follow-up-note"""


@click.command("rehearse", help=_HELP)
@click.argument("file", metavar="FILE")
@click.option("--persona", type=click.Choice(NAMES), required=True, help="Who answers.")
@click.option("--form", metavar="FORM", default="status-update", show_default=True, help="The kind of message that it is.")
@at_desk
def rehearse(desk: Desk, file: str, persona: str, form: str) -> int:
    """What `_HELP` says."""
    text = _draft(file).replace("\r\n", "\n")
    practising = desk.usecases.practising
    begun = practising.rehearse(desk.person, text, persona, form=form, zone=desk.tz)
    if desk.style == "text":
        return hold(Kept(desk.usecases, desk.person, begun), aided=True)
    told = report.session_as_values(practising.leave(desk.person, begun.id))
    desk.answer(told, [told], "")
    return 0


def _draft(name: str) -> str:
    """The draft. Raises InputError, TooLargeError."""
    if name != "-":
        return read_text(name)
    if sys.stdin.isatty():
        click.echo("Paste your draft, then press Ctrl-D on an empty line.", err=True)
    return stdin_text()
