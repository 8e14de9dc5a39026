"""The commands and their options, from what the command line itself knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amends.interfaces.cli.commands import amends
from pages.markdown import code, described, document, table

if TYPE_CHECKING:
    from collections.abc import Iterator

CONVENTIONS = """
Results go to standard output, problems and progress to standard error. `-` reads standard input. Colours and pictures appear only at a
terminal, and never where `NO_COLOR` is set.

| exit status | means |
|---|---|
| `0` | done, and nothing at or above the failing severity |
| `1` | findings at or above it, or promises that are missed |
| `2` | the call is wrong, or an input cannot be read; what could be done was done |
| `130` | interrupted |
"""


def page() -> str:
    """The page."""
    return document("Commands", CONVENTIONS, *(section(path, command) for path, command in every_command()))


def every_command() -> Iterator[tuple[str, click.Command]]:
    """All commands with their full names, groups before what they hold."""
    yield from below("amends", amends)


def below(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """A command and, when it is a group, its commands."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None, "a listed command exists"
            yield from below(f"{path} {name}", found)


def section(path: str, command: click.Command) -> str:
    """One command."""
    context = click.Context(command, info_name=path)
    usage = " ".join(command.collect_usage_pieces(context))
    return "\n\n".join(part for part in (f"## {path}", f"`{path} {usage}`", help_of(path, command), options_of(path, command)) if part)


def help_of(path: str, command: click.Command) -> str:
    """The help text; a paragraph that click must not fill stays as it is."""
    blocks = described(f"command {path}", command.help).split("\n\n")
    shown = []
    for block in blocks:
        if block.startswith("\b\n"):
            shown.append("```text\n" + block[2:].rstrip() + "\n```")
        else:
            shown.append(" ".join(line.strip() for line in block.splitlines()))
    return "\n\n".join(shown)


def options_of(path: str, command: click.Command) -> str:
    """A table of the options."""
    options = [one for one in command.params if isinstance(one, click.Option)]
    return table(("option", "what it does"), ((spelling(one), help_and_default(path, one)) for one in options))


def spelling(option: click.Option) -> str:
    """All spellings, with the word for the value."""
    names = ", ".join(code(name) for name in (*option.opts, *option.secondary_opts))
    if option.is_flag:
        return names
    kind = "\\|".join(option.type.choices) if isinstance(option.type, click.Choice) else (option.metavar or option.type.name.upper())
    return f"{names} {kind}"


def help_and_default(path: str, option: click.Option) -> str:
    """The help, and the default where it is shown."""
    text = described(f"{path} {option.opts[0]}", option.help)
    default = option.get_default(click.Context(click.Command("x")), call=False)
    return f"{text} Default: {code(str(default))}." if option.show_default and default is not None else text
