"""`amends practice`: hard conversations, rehearsed in private with somebody who does not let you off easily."""

from __future__ import annotations

import click

from amends.interfaces.cli.grouped import Grouped
from amends.interfaces.cli.practice_list import list_scenarios
from amends.interfaces.cli.practice_play import play

ABOUT = """Rehearse a hard conversation, in private, with somebody who does not let you off easily.

\b
Examples:
  amends practice list --form customer-apology
  amends practice start charged-twice
  amends practice play charged-twice --transcript turns.jsonl --format json

What you practise is yours: no page, command or export of anybody else shows it. Nothing leaves this machine."""


class Parts(Grouped):
    """Lists its commands in the order in which somebody needs them."""

    headings = (
        ("Practise", ("list", "start", "due", "history", "spin")),
        ("What is kept of it", ("export", "forget")),
        ("For who writes scenarios", ("play", "lint")),
    )


@click.group(cls=Parts, help=ABOUT)
def practice() -> None:
    """What `ABOUT` says."""


for _command in (list_scenarios, play):
    practice.add_command(_command)
