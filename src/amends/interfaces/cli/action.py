"""`amends action`: the action items of reviews, from an idea to what was shown to help."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amends.incidents import action_report as report
from amends.interfaces.cli.action_acts import ACTS
from amends.interfaces.cli.action_desk import meant, write
from amends.interfaces.cli.action_text import ActionText
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.result import counted

if TYPE_CHECKING:
    from amends.incidents.acting import ActionStanding

PAGE = 200
"""How many action items are asked for at once where all are listed."""


@click.group()
def action() -> None:
    """The action items of reviews: proposed, accepted by somebody until a time, done, and shown to help.

    An item is named by its id; the beginning or the end of it is enough.
    """


@action.command("list")
@click.option("--incident", metavar="ID", help="Only those of this incident; a part of its id will do.")
@click.option("--owner", metavar="NAME", help="Only those that this person accepted; `me` is you.")
@click.option("--overdue", is_flag=True, help="Only what should have been done by now.")
@click.option("--all", "everything", is_flag=True, help="Also what was dropped, or shown to help, the last first.")
@at_desk
def list_actions(desk: Desk, incident: str | None, owner: str | None, overdue: bool, everything: bool) -> int:
    """List the action items that ask for something.

    What is due first stands first, what nobody has shown to help is among it. Exits with 1 while something is overdue.
    """
    owner = desk.person if owner == "me" else owner
    incident_id = desk.incident(incident)
    if everything:
        items = _everything(desk, incident_id, owner)
    else:
        items = desk.usecases.acting.open(incident_id=incident_id, owner=owner, overdue=overdue, by=desk.person)
    late = sum(one.overdue for one in items)
    none = "there is no action item yet" if everything else "nothing is overdue" if overdue else "no action item asks for anything now"
    number = f"\n{counted(len(items), 'action item')}{f', {late} overdue' if late else ''}\n" if items else f"{none}\n"
    write(desk, items, ActionText(desk, items).many(items) + number)
    return 1 if late else 0


@action.command()
@click.argument("action", metavar="ID")
@at_desk
def show(desk: Desk, action: str) -> None:
    """Show an action item with all that happened to it."""
    now = meant(desk, action)
    remarks = desk.usecases.acting.remarks_on(now, by=desk.person)
    write(desk, [now], ActionText(desk, [now]).whole(now, remarks), remarks=report.remarks_as_dict(remarks))


def _everything(desk: Desk, incident_id: str | None, owner: str | None) -> list[ActionStanding]:
    found: list[ActionStanding] = []
    before: str | None = None
    while True:
        page = desk.usecases.acting.newest(incident_id=incident_id, owner=owner, limit=PAGE, before=before, by=desk.person)
        found += page
        if len(page) < PAGE:
            return found
        before = page[-1].item.id


for _command in ACTS:
    action.add_command(_command)
