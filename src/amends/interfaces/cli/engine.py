"""The engine as the project file around the current folder wants it, for the commands that show rules and forms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from amends.interfaces.cli.options import Given
from amends.interfaces.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.settings import Settings
    from amends.usecases.checking import Checking

config_option: Callable[[click.decorators.FC], click.decorators.FC] = click.option(
    "--config", metavar="FILE", help="Use this project file instead of looking for amends.toml."
)
format_option: Callable[[click.decorators.FC], click.decorators.FC] = click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", help="How to write the result."
)


def engine_here(config: str | None) -> Checking:
    """The engine with the team's rules and forms. Raises InputError for a project file that is wrong."""
    session = _session(config)
    return session.engine(session.settings_for(None))


def settings_here(config: str | None) -> Settings:
    """What the project file says. Raises InputError for a project file that is wrong."""
    return _session(config).settings_for(None)


def print_json(value: Any) -> None:
    """Write a value to standard output as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _session(config: str | None) -> Session:
    given = Given()
    if config is not None:
        given.values["config"] = config
    return Session(given)
