"""Groups of many commands, listed under a few headings in the order in which people need them."""

from __future__ import annotations

import click


class Grouped(click.Group):
    """A group that lists its commands under `headings`: each a heading and the names below it."""

    headings: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their one line, by heading."""
        for heading, names in self.headings:
            shown = [(name, self.commands[name].get_short_help_str(80)) for name in names if name in self.commands]
            with formatter.section(heading):
                formatter.write_dl(shown)
