"""Groups of many commands, listed under a few headings in the order in which people need them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

_HERE = "amends.interfaces.cli"


class Grouped(click.Group):
    """A group that lists its commands under `headings`: each a heading and the names below it."""

    headings: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their one line, by heading."""
        for heading, names in self.headings:
            shown = [(name, self.commands[name].get_short_help_str(80)) for name in names if name in self.commands]
            with formatter.section(heading):
                formatter.write_dl(shown)


def imported(table: Mapping[str, str], name: str) -> click.Command | None:
    """The command of a name, imported now; `table` says where each stands, as `module:function` beside this one. None for another name."""
    if name not in table:
        return None
    module, _, function = table[name].partition(":")
    command = getattr(import_module(f"{_HERE}.{module}"), function)
    assert isinstance(command, click.Command), "the table names commands"
    return command


class LazyGrouped(Grouped):
    """A group under `headings` whose commands stand in `table`: calling one imports that one, and only the help needs all of them."""

    table: Mapping[str, str]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, sorted."""
        return sorted(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now."""
        return imported(self.table, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their one line, by heading."""
        self.commands = {name: command for name in self.table if (command := self.get_command(ctx, name))}
        super().format_commands(ctx, formatter)
