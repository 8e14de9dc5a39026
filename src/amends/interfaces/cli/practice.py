"""`amends practice`: hard conversations, rehearsed in private with somebody who does not let you off easily."""

from __future__ import annotations

from importlib import import_module

import click

from amends.interfaces.cli.grouped import Grouped

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


class Parts(Grouped):
    """Lists its commands in the order in which somebody needs them; each is imported when it is called."""

    headings = (
        ("Practise", ("list", "start", "own", "rehearse", "due", "history", "spin")),
        ("What is kept of it", ("export", "forget")),
        ("For who writes scenarios", ("play", "lint")),
    )

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(f"amends.interfaces.cli.{module}"), name)
        assert isinstance(command, click.Command), "the table names commands"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their one line, by heading; the help needs all of them."""
        self.commands = {name: command for name in _COMMANDS if (command := self.get_command(ctx, name))}
        super().format_commands(ctx, formatter)


@click.group(cls=Parts, help=ABOUT)
def practice() -> None:
    """What `ABOUT` says."""
