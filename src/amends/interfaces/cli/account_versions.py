"""`amends account version`: the account as told to one audience, held against it, and who was told which version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amends.core.errors import ConflictError, UsageError
from amends.core.people import AUDIENCES
from amends.interfaces.cli.account_desk import meant
from amends.interfaces.cli.account_text import AccountText
from amends.interfaces.cli.compare_pairs import Pair
from amends.interfaces.cli.compare_text import ComparisonText
from amends.interfaces.cli.ledger_desk import TIMES, Desk, at_desk, read_text
from amends.interfaces.cli.message_text import MessageText
from amends.interfaces.cli.options import FAIL_ON
from amends.interfaces.cli.result import counted, reaches
from amends.interfaces.cli.terminal import safe
from amends.narrative.version import GROUNDS
from amends.usecases import version_report as report
from amends.usecases.comparing import Compared

if TYPE_CHECKING:
    from amends.narrative.drift import Comparison
    from amends.narrative.version import Redaction
    from amends.usecases.versions import VersionHead, VersionTold, VersionView

_incident = click.argument("incident", metavar="INCIDENT")
_audience = click.argument("audience", type=click.Choice(AUDIENCES))
_fail_on = click.option(
    "--fail-on", type=click.Choice(FAIL_ON), default="warning", show_default=True, help="Exit with 1 from this severity on."
)


@click.group()
def version() -> None:
    """The account as told to the team, leadership, customers or a partner."""


@version.command("list")
@_incident
@at_desk
def list_versions(desk: Desk, incident: str) -> None:
    """List the versions, and in how many places each is less true than the account."""
    name = desk.incident_id(incident)
    heads = desk.usecases.versions.of_incident(name, tz=desk.tz, by=desk.person)
    told = report.heads_as_dict(name, heads)
    text = "".join(f"{_head(one)}\n" for one in heads) or "there is no version yet; `amends account version write` begins one\n"
    desk.answer(told, told["versions"], text)


@version.command()
@_incident
@_audience
@at_desk
def show(desk: Desk, incident: str, audience: str) -> None:
    """Write the text of a version to standard output.

    With --format json its sentences, their points and its drifts stand beside it.
    """
    view = desk.usecases.versions.view(desk.incident_id(incident), audience, tz=desk.tz, by=desk.person)
    told = report.view_as_dict(view)
    desk.answer(told, [told], "".join(f"{safe(line)}\n" for line in view.text.splitlines()))


@version.command()
@_incident
@_audience
@at_desk
def offers(desk: Desk, incident: str, audience: str) -> None:
    """Show what there is to tell an audience.

    Those are the points that its version does not tell, and promises that are open.
    """
    name = desk.incident_id(incident)
    offered = desk.usecases.versions.offered(name, audience, tz=desk.tz, by=desk.person)
    told = report.offered_as_dict(name, audience, offered)
    text = AccountText(desk, offered.points)
    lines = [line for one in offered.points for line in text.point(one)]
    lines += [f"  promised: “{safe(one.promise.words)}”" for one in offered.promises]
    desk.answer(told, [told], "".join(f"{line}\n" for line in lines) or "everything is told\n")


@version.command()
@_incident
@_audience
@click.argument("source", metavar="FILE|-")
@click.option("--based-on", type=click.IntRange(1), metavar="N", help="The version of the text that you changed. Default: the newest.")
@_fail_on
@at_desk
def write(desk: Desk, incident: str, audience: str, source: str, based_on: int | None, fail_on: str) -> int:
    """Save what a file holds as a version, and hold it against the account.

    Where there is none for that audience it is begun.
    What others wrote since is joined with it where it touches other paragraphs; else nothing is overwritten, and your text is kept beside.
    """
    from amends.incidents.document import DocumentConflictError

    text = read_text(source)
    name = desk.incident_id(incident)
    begun = desk.usecases.versions.open(name, audience, by=desk.person)
    try:
        desk.usecases.documents.save(begun.head.id, text, based_on or begun.head.version, by=desk.person)
    except DocumentConflictError as error:
        hint = f"{error.hint}; `amends incident document history {begun.head.id[-6:]}` shows both"
        raise ConflictError(error.message, hint=hint) from error
    return _held(desk, desk.usecases.versions.view(name, audience, tz=desk.tz, by=desk.person), fail_on)


@version.command()
@_incident
@_audience
@click.argument("source", metavar="[FILE|-]", required=False)
@click.option("--against", type=click.Choice(AUDIENCES), help="Hold it against the version for these readers, not against the account.")
@_fail_on
@at_desk
def compare(desk: Desk, incident: str, audience: str, source: str | None, against: str | None, fail_on: str) -> int:
    """Hold a version against the account, or a text that is not saved yet.

    Exits with 1 where a reader would be misled.
    """
    name = desk.incident_id(incident)
    versions = desk.usecases.versions
    if against is None:
        text = read_text(source) if source is not None else None
        return _held(desk, versions.view(name, audience, text=text, tz=desk.tz, by=desk.person), fail_on)
    if source is not None:
        raise UsageError("--against compares two versions that are saved", hint="leave out the file, or --against")
    found = versions.between(name, against, audience, tz=desk.tz, by=desk.person)
    first, second = (versions.view(name, one, tz=desk.tz, by=desk.person).text for one in (against, audience))
    told = report.between_as_dict(against, audience, found)
    pair = Pair(first, second, f"version for {against}", f"version for {audience}", None)
    desk.answer(told, [told], ComparisonText(desk.paint, desk.width).comparison(pair, Compared(found, ())))
    return _status(found, fail_on)


@version.command()
@_incident
@_audience
@click.argument("point", metavar="POINT")
@click.argument("sentence", nargs=-1, required=True, metavar="SENTENCE…")
@click.option("--remove", is_flag=True, help="Take the tie back.")
@at_desk
def tie(desk: Desk, incident: str, audience: str, point: str, sentence: tuple[str, ...], remove: bool) -> None:
    """Say that a sentence of a version tells a point of the account."""
    name = desk.incident_id(incident)
    versions = desk.usecases.versions
    document = versions.view(name, audience, by=desk.person).document
    item = meant(desk, point).item
    words = " ".join(sentence)
    act = versions.untie if remove else versions.tie
    made = act(document.head.id, words, item, by=desk.person)
    told = report.ties_as_dict(name, (made,))
    desk.answer(told, told["ties"], f"{'no longer ' if remove else ''}tied to {item[-6:]}: “{safe(made.sentence)}”\n")


@version.command()
@_incident
@_audience
@click.argument("point", metavar="POINT")
@click.option("--ground", type=click.Choice(GROUNDS), required=True, help="On which ground.")
@click.option("--why", metavar="WORDS", required=True, help="The reason, for those who will ask.")
@click.option("--until", metavar="TIME", help=f"When it can be told, {TIMES}. Default: open.")
@at_desk
def redact(desk: Desk, incident: str, audience: str, point: str, ground: str, why: str, until: str | None) -> None:
    """Declare that a point is withheld from an audience. It is shown as withheld, and is no drift."""
    name = desk.incident_id(incident)
    lift_at = desk.time(until, "until") if until is not None else None
    item = meant(desk, point).item
    _redacted(desk, name, desk.usecases.versions.redact(name, item, audience, ground, why, lift_at=lift_at, by=desk.person))


@version.command()
@_incident
@click.argument("redaction", metavar="ID")
@at_desk
def lift(desk: Desk, incident: str, redaction: str) -> None:
    """Withhold a point no longer."""
    name = desk.incident_id(incident)
    part = redaction.upper()
    listed = desk.usecases.versions.redactions(name, by=desk.person)
    found = [one.id for one in listed if one.undoes is None and (one.id.startswith(part) or one.id.endswith(part))]
    if len(found) > 1:
        raise UsageError(f"{redaction[:40]!r} could be several", hint=f"give more of the id: {', '.join(found)}")
    _redacted(desk, name, desk.usecases.versions.lift(name, found[0] if found else redaction, by=desk.person))


@version.command()
@_incident
@at_desk
def redactions(desk: Desk, incident: str) -> None:
    """List what was ever withheld from whom, with the reason, and what was lifted."""
    name = desk.incident_id(incident)
    listed = desk.usecases.versions.redactions(name, by=desk.person)
    told = report.redactions_as_dict(name, listed)
    desk.answer(told, told["redactions"], "".join(_redaction(desk, one) for one in listed) or "nothing is withheld\n")


@version.command()
@_incident
@at_desk
def told(desk: Desk, incident: str) -> None:
    """Tell who was told which version when, and which correction reached whom."""
    name = desk.incident_id(incident)
    listed = desk.usecases.versions.told(name, by=desk.person)
    values = report.versions_told_as_dict(name, listed)
    text = "\n\n".join(_told(desk, one) for one in listed)
    none = "no version was sent yet; in the workbench, the page of a version begins a message with it\n"
    desk.answer(values, values["told"], f"{text}\n" if text else none)


def _held(desk: Desk, view: VersionView, fail_on: str) -> int:
    """Show a version held against the account, and give the exit status."""
    name = f"version {view.document.head.version} for {view.audience}"
    text = AccountText(desk, view.account.points)
    points = {one.item: one.point.text for one in view.account.points}
    about = {one.drift: "; ".join(f"{text.short(item)} {points.get(item, '')}" for item in one.items) for one in view.drifts}
    pair = Pair(view.source.text, view.text, "account", name, None)
    shown = ComparisonText(desk.paint, desk.width, about).comparison(pair, Compared(view.comparison, view.problems))
    if view.redactions:
        shown += "\nwithheld from them\n" + "".join(f"  {_redaction(desk, one)}" for one in view.redactions)
    if view.untold:
        shown += f"\n{counted(len(view.untold), 'point')} not told; `amends account version offers` shows them\n"
    told = report.view_as_dict(view)
    desk.answer(told, [told], shown)
    return _status(view.comparison, fail_on)


def _status(found: Comparison, fail_on: str) -> int:
    return 1 if any(reaches(drift.severity, fail_on) for drift in found.drifts) else 0


def _head(one: VersionHead) -> str:
    drifts = counted(one.drifts, "drift") if one.drifts else "no drift"
    return f"{one.audience:<11} version {one.document.version}, {drifts}, tells {one.told} of {counted(one.points, 'point')}"


def _redacted(desk: Desk, incident_id: str, made: Redaction) -> None:
    values = report.redactions_as_dict(incident_id, (made,))
    desk.answer(values, values["redactions"], _redaction(desk, made))


def _redaction(desk: Desk, one: Redaction) -> str:
    did = "withheld from" if one.undoes is None else "no longer withheld from"
    until = f", until {AccountText(desk).when(one.lift_at)}" if one.lift_at is not None else ""
    return f"{one.id[-6:]}  {one.item[-6:]} {did} {one.audience}, {one.ground}: {safe(one.why)}{until}\n"


def _told(desk: Desk, one: VersionTold) -> str:
    changed = ", changed by its author before it was sent" if one.changed else ""
    text = MessageText(desk, [one.told.message, *(later.message for later in one.corrections)])
    lines = [f"version {one.version} for {one.document.audience}{changed}", *text.entry(one.told)]
    for later in one.corrections:
        lines += ["  corrected by", *(f"  {line}" for line in text.entry(later))]
    return "\n".join(lines)
