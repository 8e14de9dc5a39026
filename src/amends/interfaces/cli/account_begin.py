"""`amends account begin`: points made of what was written down already, so that nobody types it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amends.core.errors import UsageError
from amends.interfaces.cli.account_desk import write
from amends.interfaces.cli.as_text import instant_in_words
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.ledger_text import short_length
from amends.interfaces.cli.terminal import safe, wrapped
from amends.narrative.account_report import recorded_as_dict
from amends.usecases.given import one_meant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.narrative.recorded import Recorded

_NONE = "nothing is written down of this incident that the account could begin with\n"


@click.command()
@click.argument("incident", metavar="INCIDENT")
@click.argument("names", nargs=-1, metavar="[ID]…")
@click.option("--all", "everything", is_flag=True, help="All that the account does not hold yet.")
@at_desk
def begin(desk: Desk, incident: str, names: tuple[str, ...], everything: bool) -> None:
    """Begin the account from what was written down already.

    Facts, milestones, messages, and entries of the timeline that somebody pinned or added become points that cite them, never one twice.
    Without an ID it lists them and changes nothing; what the account holds already is marked with *.
    """
    incident_id = desk.incident_id(incident)
    found = desk.usecases.narrating.recorded(incident_id, by=desk.person)
    if not names and not everything:
        told = recorded_as_dict(incident_id, found)
        desk.answer(told, told["recorded"], _listed(desk, incident_id, found))
        return
    if names and everything:
        raise UsageError("--all leaves nothing to name", hint="name what is to be taken, or leave the ids out")
    named = [one.id for one in found if one.item is None] if everything else [_meant(found, one) for one in names]
    if not named:
        raise UsageError("nothing is left to take", hint="`amends account show` shows what the account holds")
    write(desk, incident_id, desk.usecases.narrating.begin(incident_id, named, by=desk.person))


def _meant(found: Sequence[Recorded], part: str) -> str:
    alike = [one for one in found if one.id == part] or [one for one in found if one.id.upper().endswith(part.upper())]
    return one_meant("fact, milestone, message or marked entry", part, [(one.id, one.text, one) for one in alike]).id


def _listed(desk: Desk, incident_id: str, found: Sequence[Recorded]) -> str:
    length = short_length([one.id for one in found])
    lines: list[str] = []
    for one in found:
        at = f", {instant_in_words(one.at.astimezone(desk.zone))}" if one.at is not None else ""
        head = f"{'*' if one.item else ' '} {one.id[-length:]}  "
        value = f" ({safe(one.value)})" if one.value and one.value.casefold() not in one.text.casefold() else ""
        lines += wrapped(f"{one.where} → {one.kind or one.part}{at}: {safe(one.text)}{value}", desk.width, head, " " * len(head))
    left = sum(one.item is None for one in found)
    hint = f"\n`amends account begin {incident_id[-6:]} ID…` takes those that you name, `--all` takes all {left}\n" if left else ""
    return "".join(f"{line}\n" for line in lines) + hint if lines else _NONE
