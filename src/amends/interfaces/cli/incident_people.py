"""`amends incident assign`, `invite`, `stakeholder`, `link` and others: who is in an incident, who sees it, and who must be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amends.core.errors import NotFoundError, UsageError
from amends.core.people import AUDIENCES
from amends.incidents.involved import FUNCTIONS, LINKS, STAKEHOLDER_KINDS
from amends.interfaces.cli.incident_text import IncidentText
from amends.interfaces.cli.ledger_desk import Desk, at_desk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amends.incidents.involved import Assignment, Invitation, Link, Stakeholder

_incident = click.argument("incident", metavar="ID")
_function = click.argument("function", type=click.Choice(FUNCTIONS))


@click.command()
@_incident
@_function
@click.argument("person")
@at_desk
def assign(desk: Desk, incident: str, function: str, person: str) -> None:
    """Give somebody a function. Who held it until now holds it no longer."""
    name = desk.incident_id(incident)
    made = desk.usecases.involving.hand_over(name, function, desk.person if person == "me" else person, by=desk.person)
    _told(desk, "assignments", name, [made], IncidentText(desk).assignment(made))


@click.command()
@_incident
@_function
@at_desk
def leave(desk: Desk, incident: str, function: str) -> None:
    """Let nobody hold a function any more."""
    name = desk.incident_id(incident)
    ended = desk.usecases.involving.leave(name, function, by=desk.person)
    _told(desk, "assignments", name, [ended], IncidentText(desk).assignment(ended))


@click.command()
@_incident
@at_desk
def private(desk: Desk, incident: str) -> None:
    """Show it only to those who are invited.

    You are, and so is everybody who holds a function in it or wrote a message about it.
    """
    _seen_by(desk, incident, private=True)


@click.command("open")
@_incident
@at_desk
def open_(desk: Desk, incident: str) -> None:
    """Show it to everybody here again."""
    _seen_by(desk, incident, private=False)


@click.command()
@_incident
@click.argument("person")
@at_desk
def invite(desk: Desk, incident: str, person: str) -> None:
    """Let somebody see a private incident."""
    name = desk.incident_id(incident)
    made = desk.usecases.involving.invite(name, person, by=desk.person)
    _told(desk, "invitations", name, [made], IncidentText(desk).invitation(made))


@click.command()
@_incident
@click.argument("person")
@at_desk
def uninvite(desk: Desk, incident: str, person: str) -> None:
    """Let somebody see a private incident no longer."""
    name = desk.incident_id(incident)
    left = desk.usecases.involving.uninvite(name, person, by=desk.person)
    _told(desk, "invitations", name, left, "\n".join(IncidentText(desk).invitation(one) for one in left))


@click.command("let-in")
@click.argument("incident", metavar="FULL-ID")
@click.option("--why", metavar="WORDS", required=True, help="Why you need to see it. Everybody in it reads this.")
@at_desk
def let_in(desk: Desk, incident: str, why: str) -> None:
    """Let yourself see a private incident.

    Only an owner of the workspace can.
    """
    made = desk.usecases.involving.let_in(incident.upper(), why, by=desk.person)
    _told(desk, "invitations", made.incident_id, [made], IncidentText(desk).invitation(made))


@click.group()
def stakeholder() -> None:
    """Groups and people that must be told."""


@stakeholder.command("add")
@_incident
@click.argument("name", nargs=-1, required=True, metavar="NAME…")
@click.option("--kind", type=click.Choice(STAKEHOLDER_KINDS), default="affected", show_default=True, help="Why they must be told.")
@click.option("--audience", type=click.Choice(AUDIENCES), default="customers", show_default=True, help="As which readers.")
@click.option("--address", metavar="ADDRESS", help="How they are told: a mailbox, a channel.")
@click.option("--size", type=click.IntRange(0, 10**12), metavar="N", help="How many they are.")
@at_desk
def add_stakeholder(
    desk: Desk, incident: str, name: tuple[str, ...], kind: str, audience: str, address: str | None, size: int | None
) -> None:
    """Write down a group or a person that must be told."""
    about = desk.incident_id(incident)
    made = desk.usecases.involving.add_stakeholder(
        about, " ".join(name), kind=kind, audience=audience, address=address, size=size, by=desk.person
    )
    _told(desk, "stakeholders", about, [made], IncidentText(desk).stakeholder(made))


@stakeholder.command("remove")
@_incident
@click.argument("stakeholder")
@at_desk
def remove_stakeholder(desk: Desk, incident: str, stakeholder: str) -> None:
    """Take somebody off the list of those who must be told. What they were told stays."""
    about = desk.incident_id(incident)
    one = _meant(desk.usecases.stories.of(about, by=desk.person).stakeholders, stakeholder)
    gone = desk.usecases.involving.remove_stakeholder(about, one, by=desk.person)
    _told(desk, "stakeholders", about, [gone], IncidentText(desk).stakeholder(gone))


@click.group()
def link() -> None:
    """Where else something about it stands."""


@link.command("add")
@_incident
@click.argument("kind", type=click.Choice(LINKS))
@click.argument("target")
@click.option("--title", metavar="WORDS", help="What it is called.")
@at_desk
def add_link(desk: Desk, incident: str, kind: str, target: str, title: str | None) -> None:
    """Write down where else something stands: an address, a path, or the name of a channel or ticket."""
    about = desk.incident_id(incident)
    made = desk.usecases.involving.add_link(about, kind, target, title=title, by=desk.person)
    _told(desk, "links", about, [made], IncidentText(desk).link(made))


@link.command("remove")
@_incident
@click.argument("link")
@at_desk
def remove_link(desk: Desk, incident: str, link: str) -> None:
    """Take a link off the list."""
    about = desk.incident_id(incident)
    one = _meant(desk.usecases.stories.of(about, by=desk.person).links, link)
    gone = desk.usecases.involving.remove_link(about, one, by=desk.person)
    _told(desk, "links", about, [gone], IncidentText(desk).link(gone))


PEOPLE = (assign, leave, private, open_, invite, uninvite, let_in, stakeholder, link)


def _seen_by(desk: Desk, part: str, *, private: bool) -> None:
    from amends.incidents import report

    name = desk.incident_id(part)
    changed = desk.usecases.incidents.set_private(name, private, by=desk.person)
    story = desk.usecases.stories.of(name, by=desk.person)
    text = IncidentText(desk)
    who = "only those who are invited see it:" if private else "everybody here sees it"
    lines = [*text.entry(changed), f"        {who}", *(f"        {text.invitation(one)}" for one in story.invitations if private)]
    told = report.as_dict(changed)
    desk.answer(told, [told], "\n".join(lines) + "\n")


def _meant(known: Iterable[Stakeholder | Link], part: str) -> str:
    """The id that an end or a beginning of it means. Raises NotFoundError, UsageError."""
    said = part.upper()
    found = [one.id for one in known if one.id.startswith(said) or one.id.endswith(said)]
    if not found or not said:
        raise NotFoundError(f"there is none of the id {part[:40]!r}", hint="`amends incident show ID` lists them")
    if len(found) > 1:
        raise UsageError(f"{part[:40]!r} could be {len(found)}", hint=f"give more of the id: {', '.join(found[:5])}")
    return found[0]


def _told(desk: Desk, part: str, about: str, given: Iterable[Assignment | Invitation | Link | Stakeholder], text: str) -> None:
    from amends.incidents import report

    told = report.parts_as_dict(f"amends.incident-{part}/1", about, given)
    desk.answer(told, told[part], f"{text}\n" if text else "")
