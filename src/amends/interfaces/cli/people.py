"""`amends people`: who has an account in this workspace, in which role, and how they come in."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from amends.core.accounts import TOKEN_SCOPES
from amends.core.accounts_report import person_as_dict, session_as_dict, token_as_dict
from amends.core.errors import InputError, UsageError
from amends.core.people import ROLES
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.terminal import safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.core.accounts import Person

ADDRESS = "http://127.0.0.1:8321"
"""Where the workbench is reached when nothing else is known."""


_HELP = """Accounts: who may work here, in which role.

\b
Examples:
  amends people add anna --role owner
  amends people add ben --role responder --invite --as anna
  amends people disable ben --as anna"""


@click.group(help=_HELP)
def people() -> None:
    """What `_HELP` says."""


@people.command("list")
@at_desk
def list_people(desk: Desk) -> None:
    """List everybody who has an account."""
    found = desk.usecases.people.list(by=desk.person)
    lines = [f"{one.name:<20}  {one.role:<9}  {safe(one.display)}{_more(one)}" for one in found]
    text = (
        "".join(f"{line}\n" for line in lines)
        or "nobody has an account yet; make the first one with: amends people add NAME --role owner\n"
    )
    _write(desk, "amends.people/1", "people", [person_as_dict(one) for one in found], text)


@people.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="responder", show_default=True, help="What they may do.")
@click.option("--display", metavar="NAME", help="What people call them.")
@click.option("--email", metavar="ADDRESS", help="Where they are written to.")
@click.option("--invite", is_flag=True, help="Print a link by which they choose their own password, once and within a week.")
@at_desk
def add(desk: Desk, name: str, role: str, display: str | None, email: str | None, invite: bool) -> None:
    """Make an account.

    Without --invite a password is asked for, twice, on the terminal; from a pipe it is read as one line.
    """
    given = None if invite else _password()
    first = not desk.usecases.people.are_here()
    new = desk.usecases.people.add(name, role, display=display, email=email, password=given, by=desk.person)
    said = f"{new.name} is {_a(new.role)} now\n"
    if first:
        said += f"this workspace has accounts from now on; in the terminal say who you are with --as {new.name}, or AMENDS_PERSON\n"
    if invite:
        said += _invitation(desk, new.name, by=new.name if first else desk.person)
    _write(desk, "amends.people/1", "people", [person_as_dict(new)], said)


@people.command()
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@at_desk
def role(desk: Desk, name: str, role: str) -> None:
    """Give somebody another role."""
    changed = desk.usecases.people.change_role(name, role, by=desk.person)
    _write(desk, "amends.people/1", "people", [person_as_dict(changed)], f"{changed.name} is {_a(changed.role)} now\n")


@people.command()
@click.argument("name")
@at_desk
def disable(desk: Desk, name: str) -> None:
    """Let somebody in no more; their sessions and tokens end at once."""
    changed = desk.usecases.people.disable(name, by=desk.person)
    _write(desk, "amends.people/1", "people", [person_as_dict(changed)], f"{changed.name} can do nothing here any more\n")


@people.command()
@click.argument("name")
@at_desk
def enable(desk: Desk, name: str) -> None:
    """Let somebody in again."""
    changed = desk.usecases.people.enable(name, by=desk.person)
    _write(desk, "amends.people/1", "people", [person_as_dict(changed)], f"{changed.name} is {_a(changed.role)} again\n")


@people.command()
@click.argument("name")
@click.option("--invite", is_flag=True, help="Print a link by which they choose their own password, once and within a week.")
@at_desk
def password(desk: Desk, name: str, invite: bool) -> None:
    """Give somebody another password; every session of theirs ends."""
    if invite:
        _write(desk, "amends.people/1", "people", [], _invitation(desk, name, by=desk.person))
        return
    current = _asked("The password that you have now: ") if name == desk.person and sys.stdin.isatty() else None
    if name == desk.person and current is None:
        raise UsageError("your own password is changed at a terminal, or in the settings", hint="or use --invite")
    desk.usecases.people.set_password(name, _password(), current=current, by=desk.person)
    _write(desk, "amends.people/1", "people", [], f"{name} has another password now, and was signed out everywhere\n")


@people.command()
@click.argument("name", required=False)
@click.option("--end", metavar="ID", help="End this session; `all` ends every one.")
@at_desk
def sessions(desk: Desk, name: str | None, end: str | None) -> None:
    """List where somebody is signed in (you, where nobody is named), or end it."""
    signing = desk.usecases.signing
    if end is not None:
        ended = signing.revoke(None if end == "all" else end, name=name, by=desk.person)
        _write(desk, "amends.sessions/1", "sessions", [], f"{ended} ended\n")
        return
    found = signing.sessions(name, by=desk.person)
    text = "".join(f"{one.id}  since {one.created_at:%Y-%m-%d %H:%M}  {safe(one.agent or 'no name')}\n" for one in found)
    _write(desk, "amends.sessions/1", "sessions", [session_as_dict(one) for one in found], text or "signed in nowhere\n")


@people.command()
@click.option("--new", "name", metavar="NAME", help="Make a token of that name, and print it this once.")
@click.option("--scope", type=click.Choice(TOKEN_SCOPES), default="read", show_default=True, help="What the new token may be used for.")
@click.option("--days", type=click.IntRange(1, 3660), help="After how many days the new token ends.")
@click.option("--revoke", metavar="ID", help="Let a token open nothing any more.")
@at_desk
def tokens(desk: Desk, name: str | None, scope: str, days: int | None, revoke: str | None) -> None:
    """List your tokens, make one, or revoke one."""
    signing = desk.usecases.signing
    if revoke is not None:
        gone = signing.revoke_token(revoke, by=desk.person)
        _write(desk, "amends.tokens/1", "tokens", [token_as_dict(gone)], f"{safe(gone.name)} opens nothing any more\n")
        return
    if name is not None:
        made, key = signing.new_token(name, (scope,), lasts=timedelta(days=days) if days else None, by=desk.person)
        _write(desk, "amends.tokens/1", "tokens", [{**token_as_dict(made), "key": key}], f"{key}\n")
        return
    found = signing.tokens(by=desk.person)
    text = "".join(f"{one.id}  {', '.join(one.scopes):<7}  {safe(one.name)}\n" for one in found)
    _write(desk, "amends.tokens/1", "tokens", [token_as_dict(one) for one in found], text or "no token\n")


def _write(desk: Desk, schema: str, name: str, values: Sequence[dict[str, Any]], text: str) -> None:
    desk.answer({"schema": schema, name: list(values)}, values, text)


def _invitation(desk: Desk, name: str, *, by: str) -> str:
    elsewhere = desk.usecases.elsewhere
    base = desk.usecases.due.team.link or (elsewhere.address if elsewhere else None) or ADDRESS
    link = f"{base.rstrip('/')}/invitation/{desk.usecases.people.invite(name, by=by)}"
    return f"{link}\nIt works once, and for a week. Hand it over by a way that only {name} reads.\n"


def _password() -> str:
    """A password, never from the command line, where every process of the machine could read it. Raises InputError."""
    if not sys.stdin.isatty():
        line = sys.stdin.readline().rstrip("\r\n")
        if not line:
            raise InputError("there is no password on standard input", hint="run it in a terminal, or use --invite", field="password")
        return line
    first, second = _asked("Password: "), _asked("The same again: ")
    if first != second:
        raise InputError("these are two different passwords", hint="write the same one twice", field="password")
    return first


def _asked(prompt: str) -> str:
    given: str = click.prompt(prompt, prompt_suffix="", hide_input=True, err=True)
    return given


def _more(one: Person) -> str:
    told = ([f"<{safe(one.email)}>"] if one.email else []) + (["closed"] if one.disabled_at else [])
    return f"  {' '.join(told)}" if told else ""


def _a(role: str) -> str:
    return f"{'an' if role == 'owner' else 'a'} {role}"
