"""Every command as click knows it, for help and completion, and for all commands but `check`. Loads each one when it is called."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

import click

from amends import __version__
from amends.core.errors import UsageError
from amends.interfaces.cli.failures import INTERRUPTED, USAGE, tell
from amends.interfaces.cli.handed import Handed
from amends.interfaces.cli.options import CHECK_OPTIONS
from amends.interfaces.cli.session import unknown_name

_COMMANDS = {
    "account": ("amends.interfaces.cli.account:account", "The one account of an incident, its evidence, and how it is told to whom."),
    "action": ("amends.interfaces.cli.action:action", "Action items: accepted by somebody, done, and shown to help."),
    "backup": ("amends.interfaces.cli.backup:backup", "Write everything to one file, while people work on."),
    "check": ("amends.interfaces.cli.commands:check", "Check messages before they are sent."),
    "compare": ("amends.interfaces.cli.compare_command:compare", "Find where a retold text became less true than its source."),
    "due": ("amends.interfaces.cli.due:due", "What is due and what was missed; sends reminders, for cron."),
    "export": ("amends.interfaces.cli.export:export", "Take along an incident, the workspace, documents, or a signed bundle."),
    "forms": ("amends.interfaces.cli.forms:forms", "The kinds of messages: what each must hold, and templates."),
    "import": ("amends.interfaces.cli.import_:import_", "Bring back what was exported, or take over what other tools exported."),
    "incident": ("amends.interfaces.cli.incident:incident", "Own an incident: what went wrong, who does what, what is known."),
    "insights": ("amends.interfaces.cli.insights:insights", "What changes over time in how what breaks is owned, with intervals."),
    "people": ("amends.interfaces.cli.people:people", "Accounts: who may work here, in which role."),
    "journal": ("amends.interfaces.cli.journal:journal", "What was changed by whom, the proof that it holds, and erasing what must go."),
    "message": ("amends.interfaces.cli.message:message", "Messages about an incident: begun from facts, sent, heard, corrected."),
    "playbook": ("amends.interfaces.cli.playbook:playbook", "Procedures whose gates hold, run on what the data of an incident show."),
    "practice": ("amends.interfaces.cli.practice:practice", "Rehearse a hard conversation, in private, with an answer to every turn."),
    "promises": ("amends.interfaces.cli.promises:promises", "Promises: in messages, in the ledger, and in what was published."),
    "pulse": ("amends.interfaces.cli.pulse:pulse", "Ask those affected, so that nobody can tell who said what."),
    "recurrence": ("amends.interfaces.cli.recurrence:recurrence", "What was met before, what was promised then, and whether it held."),
    "restore": ("amends.interfaces.cli.backup:restore", "Put a backup into an empty database."),
    "rules": ("amends.interfaces.cli.rules:rules", "The rules: what is found, why it matters, what to write instead."),
    "timeline": ("amends.interfaces.cli.timeline:timeline", "Put evidence into one timeline that cites its bytes."),
    "search": ("amends.interfaces.cli.search:search", "Find again what was written here."),
    "similar": ("amends.interfaces.cli.similar:similar", "Find what happened before in like words, and why it is like."),
    "trust": ("amends.interfaces.cli.trust:trust", "Broken trust on a map, repairs tied to it, and the reviews on evidence."),
    "start": ("amends.interfaces.cli.start:start", "Open the workbench and the HTTP API on this machine."),
    "work": ("amends.interfaces.worker:work", "Remind people of their promises until stopped."),
}
_STYLE: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class LazyGroup(click.Group):
    """The commands of `_COMMANDS`; listing them imports none, calling one imports that one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, sorted."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command), "the table names commands"
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was called. Raises UnknownNameError, with the closest name, when there is none."""
        if args and not args[0].startswith("-") and args[0] not in _COMMANDS:
            raise unknown_name("command", args[0], tuple(sorted(_COMMANDS)))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The names with their one line, without importing what stands behind them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in sorted(_COMMANDS.items())])


@click.group(
    cls=LazyGroup,
    context_settings=_STYLE,
    epilog="Start with: amends check draft.md. `amends COMMAND --help` tells more about a command.",
)
@click.version_option(__version__, message="amends %(version)s")
def amends() -> None:
    """From "something broke, and it was us" to "they trust us again"."""


_CHECK_HELP = """Say what the reader of a message will miss, where, why it matters, and what to write instead.

Reads files, the texts in folders (what is hidden or ignored by git is left out), or standard input. Exits with 0 when
nothing reaches --fail-on, 1 when something does, 2 when an input cannot be read.

\b
Examples:
  amends check draft.md
  pbpaste | amends check --form status-update --tz Europe/London
  amends check docs/postmortems --write-baseline amends-baseline.json
  amends check --jsonl messages.jsonl --fail-on never > checked.jsonl"""


def _run_check(words: list[str]) -> int:
    from amends.interfaces.cli.check import run

    return run(words, lambda: run_click(["check", "--help"]))


check = Handed("check", CHECK_OPTIONS, _run_check, help=_CHECK_HELP, context_settings=_STYLE)


def run_click(words: list[str]) -> int:
    """Run a command through click and give its exit status; errors are told in the words of every other command."""
    try:
        status = amends.main(args=words, prog_name="amends", standalone_mode=False)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return USAGE
    except click.NoSuchOption as error:
        hint = f"did you mean {error.possibilities[0]}?" if error.possibilities else ""
        tell(UsageError(f"unknown option {error.option_name}", hint=hint))
        return USAGE
    except click.ClickException as error:
        where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx is not None else "amends"
        message = error.format_message()
        tell(UsageError(message[:1].lower() + message[1:].rstrip("."), hint=f"`{where} --help` shows what it takes"))
        return USAGE
    except click.Abort:
        return INTERRUPTED
    except SystemExit as done:  # how click ends when it was called to complete a command line
        return done.code if isinstance(done.code, int) else 0
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        tell(UsageError(f"{error.filename or os.curdir}: {(error.strerror or str(error)).lower()}"))
        return USAGE
    return status if isinstance(status, int) else 0
