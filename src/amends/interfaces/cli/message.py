"""`amends message`: messages about an incident as a team lives with them, from the first words to the last acknowledgement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amends.core.errors import NotFoundError, UsageError
from amends.core.people import AUDIENCES
from amends.incidents.starts import STARTS
from amends.interfaces.cli.ledger_desk import Desk, at_desk, read_text
from amends.interfaces.cli.message_note import commits, note
from amends.interfaces.cli.message_text import MessageText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.core.incident import SentMessage
    from amends.incidents.hearing import Told
    from amends.incidents.involved import Stakeholder

ABOUT = """Messages about an incident: begin one from its facts, send it, see who has heard it, and correct it.

\b
Examples:
  amends message start 8G2K7M exec-status > draft.md
  amends message record draft.md --incident 8G2K7M --via phone
  amends message send draft.md --incident 8G2K7M --through mail
  amends message told 3F9QXA
  amends message correct 3F9QXA > correction.md

A message is named by the end of its id; any part that no other one shares will do."""

_incident = click.argument("incident", metavar="INCIDENT")
_message = click.argument("message", metavar="ID")
_audience = click.option("--audience", type=click.Choice(AUDIENCES), help="Who reads it.")
_to = click.option("--to", "to", multiple=True, metavar="NAME", help="Whom it is for by name; several times. Default: all of its readers.")
_through = click.option("--through", "channel", metavar="CHANNEL", help="Send it through this channel of the project file.")
_via = click.option("--via", metavar="WORDS", help="How it went out, such as phone or #incidents.")
_corrects = click.option("--corrects", metavar="ID", help="The message that it corrects. It is for everybody who was told that one.")


@click.group(help=ABOUT)
def message() -> None:
    """What `ABOUT` says."""


@message.command()
@_incident
@click.argument("form", type=click.Choice(list(STARTS)))
@_audience
@click.option("--since", "with_changes", is_flag=True, help="Add what changed since the last update to these readers.")
@click.option("--corrects", metavar="ID", help="The message that a correction is of.")
@at_desk
def start(desk: Desk, incident: str, form: str, audience: str | None, with_changes: bool, corrects: str | None) -> None:
    """Begin a text from what is known of an incident.

    What is not known stands as a gap in [brackets]. Nothing is kept: check it, then send it.
    """
    from amends.incidents import message_report as report

    about = desk.incident_id(incident)
    wrong = _meant(desk, corrects).id if corrects is not None else None
    begun = desk.usecases.beginning.start(
        about, form, audience=audience, corrects=wrong, with_changes=with_changes, tz=desk.tz, by=desk.person
    )
    told = report.start_as_dict(about, begun)
    desk.answer(told, [told], begun.text)


@message.command()
@_message
@at_desk
def correct(desk: Desk, message: str) -> None:
    """Begin the correction of a message, and say whom it is for.

    Those are all who were told it, or an earlier correction of it.
    """
    from amends.incidents import message_report as report

    wrong = _meant(desk, message)
    if wrong.incident_id is None:
        raise UsageError("this message is about no incident, so nobody is known to have it", hint="record a new message")
    begun = desk.usecases.beginning.start(wrong.incident_id, "correction", corrects=wrong.id, tz=desk.tz, by=desk.person)
    people = desk.usecases.telling.for_correction(wrong.id, by=desk.person)
    told = report.start_as_dict(wrong.incident_id, begun) | {"for": [{"stakeholder": one.id, "name": one.name} for one in people]}
    desk.answer(told, [told], begun.text)
    if desk.style == "text":
        listed = ", ".join(one.name for one in people) or "nobody by name"
        command = f"amends message record FILE --corrects {wrong.id[-6:]}"
        click.echo(f"for {listed}; when it is written: {command}", err=True)


@message.command()
@_incident
@_audience
@click.option("--message", metavar="ID", help="Since this message, and not since the last one.")
@at_desk
def since(desk: Desk, incident: str, audience: str | None, message: str | None) -> None:
    """Tell what has changed since the last update to some readers."""
    from amends.incidents import message_report as report

    about = desk.incident_id(incident)
    named = _meant(desk, message).id if message is not None else None
    found = desk.usecases.beginning.since(about, audience=audience, message_id=named, tz=desk.tz, by=desk.person)
    told = report.since_as_dict(about, found)
    desk.answer(told, told["changes"], found.text or "nobody has been told anything yet\n")


@message.command()
@click.argument("file", metavar="FILE", type=click.Path())
@click.option("--incident", metavar="ID", help="The incident that it is about. A correction is about that of the wrong message.")
@_audience
@click.option("--form", default="auto", metavar="FORM", help="What kind of message it is. Without it, the form is recognised.")
@click.option("--at", metavar="TIME", help="When its readers got it, as 2026-03-04T10:50:00+00:00, or 10:50 for today. Default: now.")
@_corrects
@_via
@_to
@at_desk
def record(
    desk: Desk,
    file: str,
    incident: str | None,
    audience: str | None,
    form: str,
    at: str | None,
    corrects: str | None,
    via: str | None,
    to: tuple[str, ...],
) -> None:
    """Write down a message that was sent by other means.

    FILE holds the message; - reads standard input. Everybody of its readers who must be told counts as told, unless --to names them.
    """
    text = read_text(file)
    about, wrong = _about(desk, incident, corrects)
    sent = desk.usecases.messaging.record(
        text, form=form, audience=audience, tz=desk.tz, incident_id=about, sent_at=desk.past(at), corrects=wrong.id if wrong else None,
        via=via, to=_chosen(desk, about, to), by=desk.person,
    )  # fmt: skip
    _show(desk, [desk.usecases.telling.of(sent.id, by=desk.person)])


@message.command()
@click.argument("file", metavar="FILE", type=click.Path())
@click.option("--incident", metavar="ID", help="The incident that it is about. A correction is about that of the wrong message.")
@_audience
@click.option("--form", default="auto", metavar="FORM", help="What kind of message it is. Without it, the form is recognised.")
@click.option("--through", "channel", metavar="CHANNEL", required=True, help="The channel of the project file to send it through.")
@_corrects
@_to
@at_desk
def send(
    desk: Desk, file: str, incident: str | None, audience: str | None, form: str, channel: str, corrects: str | None, to: tuple[str, ...]
) -> int:
    """Send a message through a channel, now.

    Each of its readers who must be told gets it once. Exits with 1 where somebody was not reached: `share` tries it again.
    """
    text = read_text(file)
    about, wrong = _about(desk, incident, corrects)
    sent = desk.usecases.messaging.record(
        text, form=form, audience=audience, tz=desk.tz, incident_id=about, corrects=wrong.id if wrong else None, channel=channel,
        to=_chosen(desk, about, to), by=desk.person,
    )  # fmt: skip
    return _show(desk, [desk.usecases.telling.of(sent.id, by=desk.person)])


@message.command("list")
@_incident
@at_desk
def list_messages(desk: Desk, incident: str) -> int:
    """List the messages about an incident.

    In the order in which they were sent. Exits with 1 while somebody still believes what was corrected.
    """
    told = desk.usecases.telling.of_incident(desk.incident_id(incident), by=desk.person)
    _show(desk, told, "there is no message about this incident yet\n")
    return 1 if any(one.still_wrong for one in told) else 0


@message.command()
@_message
@at_desk
def show(desk: Desk, message: str) -> None:
    """Show a message with its text and everybody it was for."""
    told = desk.usecases.telling.of(_meant(desk, message).id, by=desk.person)
    _show(desk, [told], whole=True)


@message.command()
@_message
@at_desk
def told(desk: Desk, message: str) -> int:
    """Tell who has heard a message and who has not. Exits with 1 while somebody has not."""
    found = desk.usecases.telling.of(_meant(desk, message).id, by=desk.person)
    _show(desk, [found])
    return 1 if found.untold or found.still_wrong else 0


@message.command()
@_message
@_through
@_via
@_to
@click.option("--at", metavar="TIME", help="When they got it, where it went out by other means. Default: now.")
@click.option("--again", is_flag=True, help="Also to those whom an interrupted try may have reached already.")
@at_desk
def share(desk: Desk, message: str, channel: str | None, via: str | None, to: tuple[str, ...], at: str | None, again: bool) -> int:
    """Give the same version to those who have not heard it.

    They were added since, or it did not reach them. Nobody gets it twice.
    """
    sent = _meant(desk, message)
    people = _chosen(desk, sent.incident_id, to)
    found = desk.usecases.telling.share(sent.id, to=people, channel=channel, via=via, at=desk.past(at), sure=again, by=desk.person)
    return _show(desk, [found])


@message.command()
@_message
@click.argument("name", required=False)
@click.option("--read", "only_read", is_flag=True, help="They have read it, and said nothing.")
@click.option("--at", metavar="TIME", help="When. Default: now.")
@at_desk
def ack(desk: Desk, message: str, name: str | None, only_read: bool, at: str | None) -> None:
    """Say that somebody has acknowledged a message. Without NAME it is you."""
    sent = _meant(desk, message)
    people = _chosen(desk, sent.incident_id, (name,)) if name is not None else None
    found = desk.usecases.telling.acknowledge(sent.id, people[0] if people else None, only_read=only_read, at=desk.past(at), by=desk.person)
    _show(desk, [found])


@message.command()
@_message
@click.argument("name")
@at_desk
def link(desk: Desk, message: str, name: str) -> None:
    """Make the link by which somebody without an account acknowledges a message."""
    sent = _meant(desk, message)
    people = _chosen(desk, sent.incident_id, (name,)) or [""]
    path = desk.usecases.telling.link(sent.id, people[0], by=desk.person)
    desk.answer({"schema": "amends.link/1", "path": path}, [{"path": path}], f"{path}\n")


for _command in (note, commits):
    message.add_command(_command)


def _meant(desk: Desk, part: str) -> SentMessage:
    return desk.usecases.messaging.meant(part, by=desk.person)


def _about(desk: Desk, incident: str | None, corrects: str | None) -> tuple[str | None, SentMessage | None]:
    wrong = _meant(desk, corrects) if corrects is not None else None
    if incident is not None:
        return desk.incident_id(incident), wrong
    if wrong is None:
        raise UsageError("which incident is it about?", hint="add --incident ID; `amends incident list` shows them")
    return wrong.incident_id, wrong


def _chosen(desk: Desk, incident_id: str | None, names: Sequence[str]) -> list[str] | None:
    """The ids of the stakeholders that are meant by name or by the end of an id; None where nobody is named. Raises NotFoundError."""
    if not names:
        return None
    people = desk.usecases.stories.of(incident_id, by=desk.person).stakeholders if incident_id is not None else ()
    return [_person(people, name).id for name in names]


def _person(people: Sequence[Stakeholder], name: str) -> Stakeholder:
    said = name.casefold()
    found = [one for one in people if one.name.casefold() == said] or [one for one in people if one.id.casefold().endswith(said)]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(one.name for one in people[:8]) or "nobody; add them with `amends incident stakeholder add`"
    if not found:
        raise NotFoundError(f"{name[:60]!r} is nobody who must be told of this incident", hint=f"there are: {listed}")
    raise UsageError(
        f"{name[:60]!r} could be {len(found)} of them", hint="give the end of the id: " + ", ".join(one.id[-6:] for one in found)
    )


def _show(desk: Desk, told: Sequence[Told], none: str = "", *, whole: bool = False) -> int:
    """Messages and who heard them; 1 where a try did not get through."""
    from amends.incidents import message_report as report

    text = MessageText(desk, [one.message for one in told])
    shown = text.whole(told[0]) if whole else text.many(told)
    said = report.messages_as_dict(told)
    desk.answer(said, said["messages"], shown or none)
    for one in told:
        for problem in one.problems:
            click.echo(f"problem: {problem.message}; {problem.hint}", err=True)
    return 1 if any(one.problems for one in told) else 0
