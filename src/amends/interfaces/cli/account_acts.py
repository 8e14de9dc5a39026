"""`amends account add`, `revise`, `withdraw`, `choose`, `cite` and `uncite`: what is written into the account of an incident."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from amends.core.errors import UsageError
from amends.interfaces.cli.account_desk import citation_meant, meant, told, write
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.narrative.account import CLAIMS, CONDITIONS, EVIDENCE_KINDS, PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

_KINDS = (*CLAIMS, *CONDITIONS)
_AT = "When it happened, as 2026-03-04T10:50:00+00:00, or 10:50 for today."
_EVIDENCE = {
    "entry": ("ID", "The timeline entry that shows it, by its whole id."),
    "message": ("ID", "The message that shows it."),
    "measure": ("WORDS", "What was measured, how, and the figure."),
    "person": ("WORDS", "What somebody said, as “Ines: the shops saw it first”."),
}

_incident = click.argument("incident", metavar="INCIDENT")
_point = click.argument("point", metavar="ID")
_based_on = click.option("--based-on", metavar="REVISION", help="The revision that you saw, by its whole id. Default: the newest.")


def _fields(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options for what a point can have beside its text."""
    options = (
        click.option("--kind", type=click.Choice(_KINDS), help="Of a claim or a condition."),
        click.option("--at", metavar="TIME", help=_AT),
        click.option("--who", metavar="WHO", help="Who saw a signal, holds a position, bore a cost, or whose trust it was."),
        click.option("--figure", metavar="FIGURE", help='The figure of a number with its unit, such as "4212 payments".'),
        click.option("--because", metavar="WORDS", help="What made it reasonable at the time, or why nothing answers it."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@_incident
@click.argument("part", type=click.Choice(PARTS))
@click.argument("words", nargs=-1, required=True, metavar="WORDS…")
@_fields
@click.option("--of", metavar="ID", help="The disagreement that a position belongs to.")
@at_desk
def add(desk: Desk, /, incident: str, part: str, words: tuple[str, ...], of: str | None, **given: str | None) -> None:
    """State a point of the account.

    A claim, a condition, what went well or badly, where luck helped, a question, what it cost people, a broken trust.
    Nothing is cited yet, so a claim stands as unsupported. `amends account cite` says what shows it.
    """
    name = desk.incident_id(incident)
    fields = {**_read(desk, given), "of": meant(desk, of).item if of is not None else None}
    told(desk, lambda: desk.usecases.narrating.state(name, part, " ".join(words), **fields, by=desk.person))


@click.command()
@_point
@click.argument("words", nargs=-1, metavar="[WORDS…]")
@_fields
@click.option("--answer", metavar="WORDS", help="How it was closed; of what went badly, the id of the action item that answers it.")
@_based_on
@at_desk
def revise(desk: Desk, /, point: str, words: tuple[str, ...], answer: str | None, based_on: str | None, **given: str | None) -> None:
    """Say a point otherwise, or close it. What is not given stays, an empty text takes away.

    What it said before stays in its revisions. A withdrawn point comes back.
    """
    now = meant(desk, point).point
    changed = {name: value for name, value in {**_read(desk, given), "answer": answer}.items() if value is not None}
    if not words and not changed and now.what == "written":
        raise UsageError("nothing is to be said otherwise", hint="give the new words, or an option such as --figure")
    revise = partial(desk.usecases.narrating.revise, now.incident_id, now.item, based_on=based_on or now.id)
    told(desk, lambda: revise(text=" ".join(words) or None, by=desk.person, **changed))


@click.command()
@_point
@_based_on
@at_desk
def withdraw(desk: Desk, point: str, based_on: str | None) -> None:
    """Take a point back, and with a disagreement its positions. It stays in the history; `revise` brings it back."""
    now = meant(desk, point).point
    narrating = desk.usecases.narrating
    told(desk, lambda: narrating.withdraw(now.incident_id, now.item, based_on=based_on or now.id, by=desk.person))


@click.command()
@_incident
@click.argument("entries", nargs=-1, required=True, metavar="ENTRY…")
@click.option("--kind", type=click.Choice([kind for kind in CLAIMS if kind != "number"]), default="fact", show_default=True,
              help="What kind of claims they make.")  # fmt: skip
@at_desk
def choose(desk: Desk, incident: str, entries: tuple[str, ...], kind: str) -> None:
    """Make claims from entries of the timeline. Each takes the words and the time of its entry, and cites it; never one twice."""
    name = desk.incident_id(incident)
    write(desk, name, desk.usecases.narrating.choose(name, entries, kind=kind, by=desk.person))


def _shown(command: Callable[..., Any]) -> Callable[..., Any]:
    """An option for each kind of evidence."""
    for kind in reversed(EVIDENCE_KINDS):
        command = click.option(f"--{kind}", metavar=_EVIDENCE[kind][0], help=_EVIDENCE[kind][1])(command)
    return command


@click.command()
@_point
@_shown
@click.option("--words", metavar="WORDS", help="The words of the entry or the message that matter. Default: all of them.")
@click.option("--against", is_flag=True, help="It contradicts the point.")
@at_desk
def cite(desk: Desk, /, point: str, words: str | None, against: bool, **shown: str | None) -> None:
    """Cite what supports or contradicts a point. Its status follows from that, and can be set in no other way."""
    given = [(kind, value) for kind, value in shown.items() if value is not None]
    if len(given) != 1:
        raise UsageError("what is cited?", hint="give one of --entry, --message, --measure and --person")
    now = meant(desk, point).point
    kind, value = given[0]
    held = kind in ("entry", "message")
    if words is not None and not held:
        raise UsageError(f"--words are of an entry or a message, and --{kind} is words itself")
    ref = desk.usecases.messaging.meant(value, by=desk.person).id if kind == "message" else value if held else None
    stance = "contradicts" if against else "supports"
    text = words if held else value
    told(desk, lambda: desk.usecases.narrating.cite(now.incident_id, now.item, kind, ref=ref, text=text, stance=stance, by=desk.person))


@click.command()
@click.argument("citation", metavar="CITATION")
@at_desk
def uncite(desk: Desk, citation: str) -> None:
    """Take a citation back, named by the end of its id. It stays in the history."""
    cited = citation_meant(desk, citation)
    told(desk, lambda: desk.usecases.narrating.uncite(cited.incident_id, cited.id, by=desk.person))


ACTS = (add, revise, withdraw, choose, cite, uncite)


def _read(desk: Desk, given: dict[str, str | None]) -> dict[str, Any]:
    """The fields of a point from their options."""
    return {**{name: given[name] for name in ("kind", "who", "because")}, "value": given["figure"], "at": desk.past(given["at"])}
