"""Commands whose options stand in a table of our own: click shows and completes them, and hands their words to what runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.interfaces.cli.options import Option


class Handed(click.Command):
    """A command over texts. Run, it gives its words, as they were written, to `run`, which needs no click."""

    def __init__(
        self, name: str, options: tuple[Option, ...], run: Callable[[list[str]], int], *, inputs: str = "[FILE|FOLDER|-]…", **how: Any
    ) -> None:
        operands = click.Argument(["inputs"], nargs=-1, metavar=inputs, type=click.Path())
        super().__init__(name, params=[operands, *(parameter(one) for one in options if one.name != "help")], **how)
        self._run = run

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the words as they were given, for `invoke`."""
        ctx.meta["amends.words"] = list(args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> int:
        """Run the command."""
        return self._run(ctx.meta["amends.words"])


def parameter(option: Option) -> click.Option:
    """An option of a table in click's terms."""
    if not option.metavar:
        return click.Option(option.flags, help=option.help, is_flag=True)
    if option.choices:
        return click.Option(option.flags, help=option.help, type=click.Choice(option.choices), multiple=option.many)
    kind = click.Path() if option.metavar == "FILE" else None
    return click.Option(option.flags, help=option.help, metavar=option.metavar, type=kind, multiple=option.many)
