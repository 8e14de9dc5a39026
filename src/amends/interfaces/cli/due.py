"""`amends due`: what is due and what was missed, and from cron the reminders of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from amends.core.errors import UsageError
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.ledger_text import LedgerText
from amends.interfaces.cli.result import counted
from amends.interfaces.cli.today_text import incidents_json, incidents_text

if TYPE_CHECKING:
    from amends.store.reminders import Reminder
    from amends.usecases.due import Done, Look


_HELP = """Show what is due and what was missed: promises, and what incidents owe to those who wait.

Exits with 1 while a promise is missed and nobody has answered for it.

\b
Examples:
  amends due --mine
  */5 * * * * amends due --send --quiet      (in a crontab)"""


@click.command(help=_HELP)
@click.option("--mine", is_flag=True, help="Only what you have to see to.")
@click.option("--send", is_flag=True, help="Send the reminders that are due, once; for cron, where no worker runs.")
@click.option("--rules", "preset", metavar="NAME", help="Let the clocks of incidents follow these rules from now on: sources, pagerduty, …")
@click.option("--quiet", is_flag=True, help="Say nothing where nothing is missed and every reminder got through.")
@at_desk
def due(desk: Desk, mine: bool, send: bool, preset: str | None, quiet: bool) -> int:
    """What `_HELP` says."""
    if preset is not None:
        desk.usecases.today.choose_preset(preset, by=desk.person)
    done = _send(desk) if send else None
    look = desk.usecases.due.look(person=desk.person if mine else None, by=desk.person)
    if not (quiet and not look.missed and not look.unsent):
        view = desk.usecases.today.of(by=desk.person)
        text = incidents_text(desk, view) + _text(desk, look, done)
        desk.write([*look.missed, *look.coming], text, **_more(look, done), **incidents_json(view))
    return 1 if look.missed else 0


def _send(desk: Desk) -> Done:
    if not desk.usecases.due.channels:
        hint = "add a table [channels.NAME] to amends.toml; docs/how-to/be-reminded.md shows each kind"
        raise UsageError("no way to remind anybody is set up", hint=hint)
    return desk.usecases.due.run_once()


def _text(desk: Desk, look: Look, done: Done | None) -> str:
    text = LedgerText(desk, [*look.missed, *look.coming])
    parts = [text.many(look.missed), text.many(look.coming)]
    parts += ["".join(_unsent(one, text) for one in look.unsent)]
    counts = f"{counted(len(look.missed), 'promise')} missed, {len(look.coming)} to come\n"
    if done is not None:
        again = f", {done.repeated} of them again" if done.repeated else ""
        counts += f"{counted(done.sent, 'reminder')} sent{again}" + (f", {done.unsent} did not get through" if done.unsent else "") + "\n"
    return "\n".join(part for part in [*parts, counts] if part)


def _unsent(one: Reminder, text: LedgerText) -> str:
    again = "" if one.state == "failed" else "; it is tried again"
    return f"a reminder of {text.short(one.subject)} did not get through {one.channel}: {one.failure}{again}\n"


def _more(look: Look, done: Done | None) -> dict[str, Any]:
    unsent: list[dict[str, Any]] = [
        {"promise": one.promise_id, "subject": one.subject, "moment": one.moment, "channel": one.channel, "at": one.remind_at.isoformat()}
        | {"state": one.state, "tries": one.attempts, "failure": one.failure}
        for one in look.unsent
    ]
    sent = None if done is None else {"sent": done.sent, "repeated": done.repeated, "unsent": done.unsent}
    return {"missed": len(look.missed), "coming": len(look.coming), "unsent": unsent, "run": sent}
