"""`amends playbook`: procedures whose gates hold, run on what an incident's data show."""

from __future__ import annotations

import click

from amends.interfaces.cli.grouped import LazyGrouped

_COMMANDS = {
    "list": "playbook_shelf:list_playbooks",
    "show": "playbook_shelf:show",
    "offer": "playbook_shelf:offer",
    "lint": "playbook_shelf:lint",
    "start": "playbook_acts:start",
    "status": "playbook_acts:status",
    "history": "playbook_acts:history",
    "answer": "playbook_acts:answer",
    "override": "playbook_acts:override",
    "fill": "playbook_acts:fill",
    "unknown": "playbook_acts:unknown",
    "decide": "playbook_acts:decide",
    "reply": "playbook_acts:reply",
    "follow-up": "playbook_acts:follow_up",
    "hand-over": "playbook_acts:hand_over",
    "undo": "playbook_acts:undo",
    "stop": "playbook_acts:stop",
    "finish": "playbook_acts:finish",
}
ABOUT = """Procedures for what comes after: to repair trust, to own a mistake within the hour, to review so that it helps.

A step is reached when its gates are open and everything before it holds references to the data, or says who was asked.

\b
Examples:
  amends playbook offer INCIDENT
  amends playbook start repair-trust --incident INCIDENT --lead Mara --yes lead
  amends playbook status RUN
  amends playbook unknown RUN trust-break-map.fears --asked "Bo of Finance\""""


class Parts(LazyGrouped):
    """Lists its commands in the order in which somebody needs them; each is imported when it is called."""

    table = _COMMANDS
    headings = (
        ("The library", ("list", "show", "offer")),
        ("Run one", ("start", "status", "history", "answer", "override", "fill", "unknown", "decide", "reply", "follow-up")),
        ("End it, hand it over, go back", ("finish", "stop", "hand-over", "undo")),
        ("For who writes playbooks", ("lint",)),
    )


@click.group(cls=Parts, help=ABOUT)
def playbook() -> None:
    """What `ABOUT` says."""
