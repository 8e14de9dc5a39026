"""`amends account`: the one account of an incident, what it rests on, and its versions for different readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amends.core.incident import SentMessage
from amends.interfaces.cli.account_acts import ACTS
from amends.interfaces.cli.account_begin import begin
from amends.interfaces.cli.account_desk import citation_meant, meant
from amends.interfaces.cli.account_drafts import DRAFTS
from amends.interfaces.cli.account_entries import entries
from amends.interfaces.cli.account_honesty import honesty
from amends.interfaces.cli.account_review import REVIEW
from amends.interfaces.cli.account_text import AccountText
from amends.interfaces.cli.account_versions import version
from amends.interfaces.cli.grouped import Grouped
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.terminal import safe
from amends.narrative import account_report as report
from amends.narrative import happened
from amends.narrative.honesty_report import happened_as_dict

if TYPE_CHECKING:
    from amends.usecases.assembling import Behind

ABOUT = """The one true account of an incident: what is claimed, on what evidence, and how it is told to whom.

\b
Examples:
  amends account begin 8G2K7M --all
  amends account choose 8G2K7M 3f2a91c0-15a39 --kind signal
  amends account add 8G2K7M claim "Payments that were charged twice" --kind number --figure "4212 payments"
  amends account cite K7M2QP --measure "4212 rows with two charges, counted in the ledger"
  amends account show 8G2K7M
  amends account version write 8G2K7M leadership summary.md

An incident, a point and a citation are named by the end of their id."""


class Parts(Grouped):
    """Lists its commands in the order in which an account needs them."""

    headings = (
        ("The account", ("show", "begin", "add", "revise", "withdraw", "point", "history")),
        ("What it rests on", ("entries", "choose", "cite", "uncite", "behind")),
        ("How it is told", ("version", "gaps", "review", "honesty")),
        ("Drafts by a model", ("draft", "drafts", "adopt", "model")),
    )


@click.group(cls=Parts, help=ABOUT)
def account() -> None:
    """What `ABOUT` says."""


@account.command()
@click.argument("incident", metavar="INCIDENT")
@at_desk
def show(desk: Desk, incident: str) -> None:
    """Show the account: each point with how well it is supported, and by what.

    A status is computed from what is cited: confirmed, likely, inconclusive or unsupported.
    """
    found = desk.usecases.narrating.get(desk.incident_id(incident), by=desk.person)
    rows = [report.stated_as_dict(one) for one in found.points]
    desk.answer(report.as_dict(found), rows, AccountText(desk, (*found.points, *found.withdrawn)).account(found))


@account.command()
@click.argument("point", metavar="ID")
@at_desk
def point(desk: Desk, point: str) -> None:
    """Show one point with all of its revisions, and why it stands as it does."""
    found = meant(desk, point)
    told = report.points_as_dict(found.point.incident_id, [found])
    desk.answer(told, [report.stated_as_dict(found)], AccountText(desk, [found]).whole(found))


@account.command()
@click.argument("citation", metavar="CITATION")
@at_desk
def behind(desk: Desk, citation: str) -> None:
    """Show what a citation rests on: the bytes of its entry, or the message.

    The lines around the bytes are shown with them.
    """
    cited = citation_meant(desk, citation)
    found = desk.usecases.narrating.behind(cited.incident_id, cited.id, by=desk.person)
    told = report.cited_as_dict(cited, found)
    desk.answer(told, [told], _message(found) if isinstance(found, SentMessage) else _bytes(found))


@account.command()
@click.argument("incident", metavar="INCIDENT")
@at_desk
def history(desk: Desk, incident: str) -> None:
    """Tell how the account came to be: every revision and citation, by whom and when."""
    name = desk.incident_id(incident)
    changes = desk.usecases.narrating.history(name, by=desk.person)
    said = happened.told(changes)
    told = report.history_as_dict(name, changes, {one.id: happened_as_dict(one) for one in said})
    desk.answer(told, told["changes"], AccountText(desk).history(said))


for _command in (begin, entries, *ACTS, version, *REVIEW, honesty, *DRAFTS):
    account.add_command(_command)


def _message(sent: SentMessage) -> str:
    head = f"message {sent.id}, sent {sent.sent_at.isoformat()} by {safe(sent.author)}"
    return f"{head}\n\n" + "".join(f"> {safe(line)}\n" for line in sent.text.splitlines())


def _bytes(found: Behind) -> str:
    head = f"{safe(found.source)}, line {found.line}, byte {found.offset}, {found.length} bytes, sha256 {found.sha256}\n\n"
    parts = ((found.before, "  "), (found.itself, "> "), (found.after, "  "))
    return head + "".join(f"{mark}{safe(line)}\n" for part, mark in parts for line in part.splitlines())
