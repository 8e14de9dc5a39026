"""`amends practice own`: conversations of one's own, described in a few answers and practised like a drill."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from amends.core.errors import InputError, UsageError
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.terminal import safe
from amends.practice import session_report as report
from amends.practice.scenario import OWN_PREFIX

if TYPE_CHECKING:
    from amends.practice.session import Own
    from amends.usecases.facade import UseCases

ABOUT = """Practise a conversation of your own: one that is coming.

\b
Examples:
  amends practice own
  amends practice own new
  amends practice own new --from tuesday.toml
  amends practice start own-K7M2QP

Without a command, the conversations that you described are listed. They are kept for you alone."""
_NEW = """Describe a conversation that is coming, and have a drill of it.

You are asked question by question. --from reads the answers from a file instead, TOML or JSON: `name`, `role`, `happened` and `persona` are
needed; `relation`, `channel`, `form`, `cost` and `opening` are texts, and `known`, `unknown` and `questions` are lists of texts.

\b
Examples:
  amends practice own new
  amends practice own new --from tuesday.toml"""


class _Listed(click.Group):
    """A group that lists where no command is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The words, with the command that is meant."""
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Listed, help=ABOUT)
def own() -> None:
    """What `ABOUT` says."""


@own.command("list")
@at_desk
def list_own(desk: Desk) -> None:
    """List the conversations that you described, the newest first."""
    _answer(desk, desk.usecases.practising.own(desk.person))


@own.command(help=_NEW)
@click.option("--from", "source", metavar="FILE", help="Take the answers from FILE, TOML or JSON; - for standard input.")
@at_desk
def new(desk: Desk, source: str | None) -> int:
    """What `_NEW` says."""
    kept = _asked(desk) if source is None else _from_file(desk, source)
    if kept is None:
        click.echo("You left. Nothing was kept.", err=True)
        return 0
    values = report.own_as_values(kept)
    text = f"kept: {safe(kept.title)}\nBegin it: amends practice start {short(kept)}\n"
    desk.answer({"schema": report.OWN, "own": [values]}, [values], text)
    return 0


@own.command()
@click.argument("conversation", metavar="ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
@at_desk
def drop(desk: Desk, conversation: str, yes: bool) -> int:
    """Forget a conversation that you described.

    It cannot be undone, so it asks first. What you played of it stays until you forget that: amends practice forget.
    """
    practising = desk.usecases.practising
    meant = practising.own_meant(desk.person, conversation)
    if not yes and not agreed(safe(meant.title)):
        click.echo("nothing was forgotten", err=True)
        return 1
    practising.drop_own(desk.person, meant.id)
    gone = {"schema": "amends.practice-forgotten/1", "session": None, "everything": False, "own": meant.id}
    desk.answer(gone, [gone], f"forgotten: {safe(meant.title)}\n")
    return 0


def scenario_meant(usecases: UseCases, person: str, name: str, *, unkept: bool) -> str:
    """The id of the scenario that a name means: one of ours or the team's, or a conversation of this person's own.

    Raises UnknownNameError, NotFoundError, UsageError for one of their own that is not to be kept.
    """
    if not name.startswith(OWN_PREFIX):
        return usecases.drills.scenario(name).id
    if unkept:
        raise UsageError("a conversation of your own is always kept, for you alone", hint="leave out --unsaved")
    return usecases.practising.own_meant(person, name).scenario_id


def short(one: Own) -> str:
    """The name under which it is begun, as short as the lists write ids."""
    return f"{OWN_PREFIX}{one.id[-6:]}"


def agreed(what: str) -> bool:
    """Whether whoever is there wants to forget it. Raises UsageError where nobody is."""
    if not sys.stdin.isatty():
        raise UsageError("this cannot be undone, and nobody is here to be asked", hint="add --yes to do it")
    return click.confirm(f"Forget {what}? It cannot be undone.", err=True)


def _answer(desk: Desk, found: tuple[Own, ...]) -> None:
    values = [report.own_as_values(one) for one in found]
    lines = [f"{short(one)}  {one.written_at.astimezone(desk.zone):%Y-%m-%d %H:%M}  {safe(one.title)}\n" for one in found]
    more = (
        "\n`amends practice start NAME` begins one.\n"
        if found
        else "you have described none yet; `amends practice own new` asks you about one\n"
    )
    desk.answer({"schema": report.OWN, "own": values}, values, "".join(lines) + more)


def _asked(desk: Desk) -> Own | None:
    from amends.interfaces.cli.practice_own_ask import Interview

    practising = desk.usecases.practising
    personas = [(one.id, one.title) for one in practising.personas()]
    forms = [(one.id, one.title) for one in practising.forms()]
    answers = Interview(personas, forms, desk.width).answers()
    return None if answers is None else practising.keep_own(desk.person, answers)


def _from_file(desk: Desk, source: str) -> Own:
    from amends.interfaces.cli.practice_own_file import answers_of

    practising = desk.usecases.practising
    personas, forms = [one.id for one in practising.personas()], [one.id for one in practising.forms()]
    answers, placed = answers_of(source, personas, forms)
    try:
        return practising.keep_own(desk.person, answers)
    except InputError as error:
        raise placed(error) from error
