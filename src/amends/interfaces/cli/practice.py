"""`amends practice`: hard conversations, rehearsed in private with somebody who does not let you off easily."""

from __future__ import annotations

import click

from amends.interfaces.cli.grouped import LazyGrouped

_COMMANDS = {
    "list": "practice_list:list_scenarios",
    "start": "practice_start:start",
    "own": "practice_own:own",
    "rehearse": "practice_rehearse:rehearse",
    "due": "practice_kept:due",
    "history": "practice_kept:history",
    "spin": "practice_list:spin",
    "export": "practice_kept:export",
    "forget": "practice_kept:forget",
    "play": "practice_play:play",
    "lint": "practice_lint:lint",
}
ABOUT = """Rehearse a hard conversation, in private, with somebody who does not let you off easily.

\b
Examples:
  amends practice list --form customer-apology
  amends practice start charged-twice
  amends practice own new
  amends practice rehearse mail.md --persona furious-customer

What you practise is yours: no page, command or export of anybody else shows it. Nothing leaves this machine, unless you
switch on a model that voices the other person."""


class Parts(LazyGrouped):
    """Lists its commands in the order in which somebody needs them; each is imported when it is called."""

    table = _COMMANDS
    headings = (
        ("Practise", ("list", "start", "own", "rehearse", "due", "history", "spin")),
        ("What is kept of it", ("export", "forget")),
        ("For who writes scenarios", ("play", "lint")),
    )


@click.group(cls=Parts, help=ABOUT)
def practice() -> None:
    """What `ABOUT` says."""
