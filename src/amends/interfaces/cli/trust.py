"""`amends trust`: what was broken between people, what is done about it, and the looks back after a month and a quarter."""

from __future__ import annotations

import click

from amends.interfaces.cli.grouped import imported

_COMMANDS = {
    "board": ("trust_board:board", "Show the map of broken trust, the repairs, and what both still lack."),
    "break": ("trust_break:break_", "The map: whose trust broke, in what, and what they fear."),
    "repair": ("trust_repair:repair", "Repair actions: changes worded as what people will know."),
    "review": ("trust_review:review", "The looks back: prepared on evidence, held with a decision."),
    "signs": ("trust_signs:signs", "Warning signs that the data show."),
}


class TrustGroup(click.Group):
    """The commands of `_COMMANDS`; listing them imports none, calling one imports that one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which people need them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now."""
        return imported({name: place for name, (place, _) in _COMMANDS.items()}, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The names with their one line, without importing what stands behind them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])


@click.group(cls=TrustGroup)
def trust() -> None:
    """What was broken between people, what is done about it, and whether it helped.

    A break is a point of the account; a repair is an action item. Nothing here says that trust is back: that is for those to say whose
    trust it is.
    """
