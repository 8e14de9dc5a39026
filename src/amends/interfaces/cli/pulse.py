"""`amends pulse`: asking those affected, so that nobody can tell who said what."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from amends.core.address import is_this_machine
from amends.core.errors import AmendsError, NotFoundError
from amends.interfaces.cli.grouped import Grouped
from amends.interfaces.cli.ledger_desk import TIMES, Desk, at_desk
from amends.interfaces.cli.pulse_text import PulseText
from amends.interfaces.cli.terminal import safe
from amends.trust import pulse_report as report
from amends.trust.anonymity import LEAST
from amends.trust.asking import TWICE
from amends.trust.pulse import GROUPS, WAVES, items, questions

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from amends.core.problem import Problem
    from amends.usecases.pulses import Opened

ABOUT = """Ask those affected, so that nobody can tell who said what.

Twelve statements, a minute and a half on a phone, no account. Three waves: the baseline some days after it was contained, one after a
month, one after a quarter. A group is shown from five answers on; what may not be shown is not kept.

\b
Examples:
  amends pulse open 8G2K7M baseline --team 9 --users 30
  amends pulse show 8G2K7M
  amends pulse close 8G2K7M

An incident is named by the end of its id, a wave by its name; without one, the last wave is meant."""


class Parts(Grouped):
    """Lists its commands in the order of a wave."""

    headings = (
        ("A wave", ("open", "links", "extend", "close", "abandon")),
        ("What came of it", ("show", "items")),
        ("Afterwards", ("strike", "forget")),
    )


@click.group(cls=Parts, help=ABOUT)
def pulse() -> None:
    """What `ABOUT` says."""


def _groups(command: Callable[..., Any]) -> Callable[..., Any]:
    for name in reversed(GROUPS):
        command = click.option(f"--{name}", type=int, metavar="N", help=f"How many people are asked as {name}.")(command)
    return command


@pulse.command("open")
@click.argument("incident", metavar="INCIDENT")
@click.argument("which", metavar="WAVE", type=click.Choice(WAVES))
@_groups
@click.option("--until", metavar="TIME", help=f"Until when answers are taken, {TIMES}. Default: two weeks.")
@click.option("--least", type=int, default=LEAST, show_default=True, help="So many answers a group needs to be shown; never below 4.")
@at_desk
def open_wave(
    desk: Desk,
    incident: str,
    which: str,
    team: int | None,
    stakeholders: int | None,
    users: int | None,
    until: str | None,
    least: int,
) -> None:
    """Open a wave, and print a link for each person, this once.

    Hand the links out shuffled and keep no list of who got which: whoever has such a list can answer in somebody's place. Where the same
    people may be asked about another incident, that is said first; at a terminal you are asked whether to go on.
    """
    asked = zip(GROUPS, (team, stakeholders, users), strict=True)
    groups = {name: count for name, count in asked if count is not None}
    closes_at = desk.time(until, "until") if until else None
    incident_id = desk.incident_id(incident)
    if _is_wanted(desk.usecases.pulses.advice(incident_id, which, groups, by=desk.person)):
        opened = desk.usecases.pulses.open(incident_id, which, groups, closes_at=closes_at, least=least, by=desk.person)
        _write_links(desk, opened)
    else:
        click.echo("Nothing was opened.", err=True)


@pulse.command()
@click.argument("incident", metavar="INCIDENT")
@click.argument("wave", metavar="[WAVE]", required=False)
@at_desk
def links(desk: Desk, incident: str, wave: str | None) -> None:
    """Make new links for groups in which nobody has answered yet, where the first ones were lost.

    The old links take no answer any more.
    """
    found = desk.usecases.pulses.meant(desk.incident_id(incident), wave, by=desk.person)
    _write_links(desk, desk.usecases.pulses.links(found.id, by=desk.person))


@pulse.command()
@click.argument("incident", metavar="INCIDENT")
@click.argument("until", metavar="TIME")
@at_desk
def extend(desk: Desk, incident: str, until: str) -> None:
    """Let the last wave take answers until another time, four weeks after it opened at most."""
    found = desk.usecases.pulses.meant(desk.incident_id(incident), None, by=desk.person)
    wave = desk.usecases.pulses.extend(found.id, desk.time(until, "until"), by=desk.person)
    _write(desk, wave.incident_id)


@pulse.command()
@click.argument("incident", metavar="INCIDENT")
@click.argument("wave", metavar="[WAVE]", required=False)
@at_desk
def close(desk: Desk, incident: str, wave: str | None) -> None:
    """Close a wave: its answers are counted and destroyed, and so is their key.

    Fewer answers than a group needs are destroyed unread. A wave that is closed stays as it is.
    """
    found = desk.usecases.pulses.meant(desk.incident_id(incident), wave, by=desk.person)
    closed = desk.usecases.pulses.close(found.id, by=desk.person)
    _write(desk, found.incident_id, closed.problems)


@pulse.command()
@click.argument("incident", metavar="INCIDENT")
@click.argument("wave", metavar="[WAVE]", required=False)
@at_desk
def abandon(desk: Desk, incident: str, wave: str | None) -> None:
    """Destroy an open wave with its answers, unread, so that it can be opened anew.

    For a wave that was asked wrongly, or whose key is gone.
    """
    found = desk.usecases.pulses.meant(desk.incident_id(incident), wave, by=desk.person)
    desk.usecases.pulses.abandon(found.id, by=desk.person)
    _write(desk, found.incident_id)


@pulse.command()
@click.argument("incident", metavar="INCIDENT")
@at_desk
def show(desk: Desk, incident: str) -> None:
    """Show the waves of an incident: how many answered while one is open, and what came of it once it is closed.

    Each figure has its interval; a change is only named where it is likely, and "cannot tell yet" is an answer.
    """
    _write(desk, desk.incident_id(incident))


@pulse.command("items")
@at_desk
def list_items(desk: Desk) -> None:
    """List the twelve statements, the groups that are asked each, and the open questions."""
    rows = [{"number": one.number, "id": one.id, "groups": list(one.groups), "text": one.text, "reverse": one.reverse} for one in items()]
    told = {"schema": report.ITEMS, "items": rows, "questions": [{"id": one.id, "text": one.text} for one in questions()]}
    desk.answer(told, rows, PulseText(desk).statements())


@pulse.command()
@click.argument("incident", metavar="INCIDENT")
@click.argument("comment", metavar="ID")
@at_desk
def strike(desk: Desk, incident: str, comment: str) -> None:
    """Erase a comment for good, such as one that names somebody; `show --format json` tells the id of each."""
    incident_id = desk.incident_id(incident)
    results = desk.usecases.pulses.results(incident_id, by=desk.person)
    waves = [one.id for one in results if comment in {each.id for each in one.comments}]
    if not waves:
        raise NotFoundError(f"there is no comment {comment[:40]!r}", hint="`amends pulse show INCIDENT --format json` tells the ids")
    desk.usecases.pulses.strike(waves[0], comment, by=desk.person)
    _write(desk, incident_id)


@pulse.command()
@click.argument("incident", metavar="INCIDENT")
@at_desk
def forget(desk: Desk, incident: str) -> None:
    """Destroy what ties the same people's answers together over the waves, after the last review.

    What was compared already stays, as counts. The last wave does this by itself when it closes.
    """
    incident_id = desk.incident_id(incident)
    desk.usecases.pulses.forget_pairing(incident_id, by=desk.person)
    _write(desk, incident_id)


def _is_wanted(advice: tuple[Problem, ...]) -> bool:
    """Whether a wave is to be opened in spite of what is said of it: somebody at a terminal is asked where people are asked twice."""
    twice = [one for one in advice if one.code == TWICE]
    for one in twice:
        click.echo(f"note: {safe(one.message)}; {one.hint}", err=True)
    return not twice or not sys.stdin.isatty() or click.confirm("Open it all the same?", err=True)


def _write(desk: Desk, incident_id: str, problems: tuple[Problem, ...] = ()) -> None:
    waves = desk.usecases.pulses.of_incident(incident_id, by=desk.person)
    results = desk.usecases.pulses.results(incident_id, by=desk.person)
    step = desk.usecases.pulses.step(incident_id, by=desk.person)
    advice = desk.usecases.pulses.ahead(incident_id, by=desk.person)
    told = report.pulse_as_dict(waves, results, problems, step, advice)
    asked = [one for one in advice if one.code == TWICE]
    desk.answer(told, told["waves"], PulseText(desk).whole(waves, results, (*problems, *asked), step))


def _write_links(desk: Desk, opened: Opened) -> None:
    try:
        place = desk.usecases.telling.place
    except AmendsError:
        place = None
    told = report.opened_as_dict(opened.wave, opened.links, opened.advice, f"{place or ''}/p/")
    rows = [{"group": group, "link": link} for group, links in told["links"].items() for link in links]
    desk.answer(told, rows, PulseText(desk).opened(opened, told["links"], has_place=place is not None and not is_this_machine(place)))
