"""`amends incident fact`, `milestone`, `tick`, `commit`, `comment` and `withdraw`: what is written down about an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amends.core.errors import ConflictError, NotFoundError, UsageError
from amends.incidents.event import BOXES, COMMITS, FACTS, FINDERS, MILESTONES
from amends.interfaces.cli.incident_text import IncidentText
from amends.interfaces.cli.ledger_desk import Desk, at_desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.incidents.event import IncidentEvent

_incident = click.argument("incident", metavar="ID")
_words = click.argument("words", nargs=-1, required=True, metavar="WORDS…")
_at = click.option("--at", metavar="TIME", help="When, as 2026-03-04T10:50:00+00:00, or 10:50 for today. Default: now.")


@click.command()
@_incident
@click.argument("kind", type=click.Choice(FACTS))
@_words
@click.option("--figure", metavar="FIGURE", help='The figure of a number with its unit, such as "4212 payments".')
@_at
@click.option("--corrects", metavar="EVENT", help="The fact whose place this one takes, by the end of its id.")
@at_desk
def fact(desk: Desk, incident: str, kind: str, words: tuple[str, ...], figure: str | None, at: str | None, corrects: str | None) -> None:
    """Write down a fact. A correction takes the place of a fact; the former one stays in the history."""
    name = desk.incident_id(incident)
    old = _event(desk, name, corrects) if corrects is not None else None
    text, when = " ".join(words), desk.past(at)
    recording = desk.usecases.recording
    _told(desk, lambda: recording.fact(name, kind, text, value=figure, at=when, replaces=old, by=desk.person))


@click.command()
@_incident
@click.argument("kind", type=click.Choice(MILESTONES))
@_at
@click.option("--found-by", type=click.Choice(FINDERS), help="For `detected`: whether you found it, or others told you.")
@click.option("--note", metavar="WORDS", help="What there is to say about it.")
@at_desk
def milestone(desk: Desk, incident: str, kind: str, at: str | None, found_by: str | None, note: str | None) -> None:
    """Write down when a milestone was reached.

    Of the kinds that an incident has once, it takes the place of the one that stands.
    """
    name, when = desk.incident_id(incident), desk.past(at)
    if kind == "detected" and found_by is None:
        raise UsageError("who found it: you, or others?", hint="add --found-by us or --found-by others")
    recording = desk.usecases.recording
    _told(desk, lambda: recording.milestone(name, kind, when, value=found_by, text=note, by=desk.person))


@click.command()
@_incident
@click.argument("box", type=click.Choice(BOXES))
@click.option("--open", "opened", is_flag=True, help="Open the box again, or with --note date it: until when it will be there.")
@click.option("--note", metavar="WORDS", help="What shows it.")
@at_desk
def tick(desk: Desk, incident: str, box: str, opened: bool, note: str | None) -> None:
    """Tick a box of the follow-up note.

    `impact`: it is known and told whom it hit. `prevention`: what stands in the way of the same mistake is in place.
    """
    name = desk.incident_id(incident)
    _told(desk, lambda: desk.usecases.recording.tick(name, box, ticked=not opened, text=note, by=desk.person))


@click.command()
@_incident
@click.argument("kind", type=click.Choice(COMMITS))
@click.argument("sha", metavar="HASH")
@click.argument("words", nargs=-1, required=True, metavar="SUBJECT…")
@at_desk
def commit(desk: Desk, incident: str, kind: str, sha: str, words: tuple[str, ...]) -> None:
    """Name a commit, and what it does."""
    name = desk.incident_id(incident)
    _told(desk, lambda: desk.usecases.recording.commit(name, kind, sha, " ".join(words), by=desk.person))


@click.command()
@_incident
@_words
@at_desk
def comment(desk: Desk, incident: str, words: tuple[str, ...]) -> None:
    """Say something to those who work on it."""
    name = desk.incident_id(incident)
    _told(desk, lambda: desk.usecases.recording.comment(name, " ".join(words), by=desk.person))


@click.command()
@_incident
@click.argument("event")
@at_desk
def withdraw(desk: Desk, incident: str, event: str) -> None:
    """Take back what was written down.

    A fact, milestone, box or commit, or a comment of your own. It stays in the history.
    """
    name = desk.incident_id(incident)
    old = _event(desk, name, event)
    _told(desk, lambda: desk.usecases.recording.withdraw(name, old, by=desk.person))


RECORD = (fact, milestone, tick, commit, comment, withdraw)


def _event(desk: Desk, incident_id: str, part: str) -> str:
    """The id of the event that an end or a beginning of it means. Raises NotFoundError, UsageError."""
    said = part.upper()
    events = desk.usecases.recording.events(incident_id, by=desk.person)
    found = [event.id for event in events if event.id.startswith(said) or event.id.endswith(said)]
    if not found or not said:
        raise NotFoundError(
            f"nothing of the id {part[:40]!r} happened to this incident", hint="`amends incident history ID` lists what did"
        )
    if len(found) > 1:
        raise UsageError(f"{part[:40]!r} could be {len(found)} events", hint=f"give more of the id: {', '.join(found[:5])}")
    return found[0]


def _told(desk: Desk, act: Callable[[], IncidentEvent]) -> None:
    """What was written down; where somebody changed it meanwhile, what stands now and what was not taken."""
    from amends.incidents import report
    from amends.incidents.event import IncidentEvent
    from amends.incidents.stale import StaleError

    try:
        made = act()
    except StaleError as error:
        current = error.current
        assert isinstance(current, IncidentEvent), "events are changed here"
        stands = IncidentText(desk).event(current)
        refused = f"; not taken: “{error.refused}”" if error.refused else ""
        hint = f"it stands as {current.id[-6:]}, {stands}{refused}"
        raise ConflictError(error.message, hint=hint) from error
    told = report.events_as_dict(made.incident_id, (made,))
    desk.answer(told, told["events"], f"{made.id[-6:]}  {IncidentText(desk).event(made)}\n")
