"""`amends message note` and `commits`: the follow-up note, with its two commits and its two boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amends.interfaces.cli.as_text import instant_in_words
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.message_text import STATES
from amends.interfaces.cli.terminal import safe

if TYPE_CHECKING:
    from amends.core.problem import Problem
    from amends.incidents.commits import Found
    from amends.incidents.note import Note, NoteCommit

_incident = click.argument("incident", metavar="INCIDENT")


@click.command()
@_incident
@at_desk
def note(desk: Desk, incident: str) -> int:
    """Show the follow-up note as it stands.

    Two sentences, two commits, two boxes, and who must have it. Exits with 1 while something is missing.
    """
    from amends.incidents import message_report as report

    about = desk.incident_id(incident)
    found = desk.usecases.notes.of(about, zone=desk.zone, by=desk.person)
    told = report.note_as_dict(about, found)
    desk.answer(told, [told], _note(desk, found, about))
    return 1 if found.missing else 0


@click.command()
@_incident
@click.option("--repository", metavar="FOLDER", type=click.Path(), help="A git repository of this machine, and no other place.")
@at_desk
def commits(desk: Desk, incident: str, repository: str | None) -> None:
    """Find the commits that are probably its hotfix, rollback or guardrail.

    Looked for in repositories that are evidence of the incident, and in the GitHub trackers of the project file.
    """
    from amends.incidents import message_report as report

    about = desk.incident_id(incident)
    found = desk.usecases.notes.candidates(about, repository=repository, by=desk.person)
    told = report.commits_as_dict(about, found)
    desk.answer(told, told["candidates"], _commits(desk, found, about))
    for problem in found.problems:
        click.echo(f"problem: {problem.message}; {problem.hint}", err=True)


def _note(desk: Desk, note: Note, about: str) -> str:
    due = instant_in_words(note.due.astimezone(desk.zone))
    sent = f"sent {instant_in_words(note.written_at.astimezone(desk.zone))}" if note.written_at else "not sent"
    lines = [f"follow-up note, due {due}: {sent}{', late' if note.late else ''}", ""]
    lines += [f"  {safe(one)}" for one in note.sentences] if note.sentences else ["  no two sentences yet"]
    lines += ["", f"  hotfix     {_commit(note.repair)}", f"  guardrail  {_commit(note.guard)}", ""]
    for box, event in note.boxes:
        ticked = event is not None and event.value == "ticked"
        lines.append(f"  [{'x' if ticked else ' '}] {box}{': ' + safe(event.text) if event is not None and event.text else ''}")
    for kind, people in note.lists:
        lines += ["", f"  {kind.replace('-', ' ')}" + ("" if people else ": nobody is written down")]
        lines += [f"    - {safe(one.stakeholder.name)}: {STATES[one.state]}" for one in people]
    lines += [""] if note.missing else ["", "nothing is missing"]
    lines += [f"→ {_missing(one)}" for one in note.missing]
    if note.message is None:
        lines.append(f"→ begin it: amends message start {about[-6:]} follow-up-note")
    return "\n".join(lines) + "\n"


def _missing(problem: Problem) -> str:
    return f"{safe(problem.message)}; {safe(problem.hint)}"


def _commit(one: NoteCommit | None) -> str:
    return f"{(one.event.value or '')[:12]}  {safe(one.event.text or '')}" if one is not None else "none yet"


def _commits(desk: Desk, found: Found, about: str) -> str:
    if not found.sources:
        return "there is no repository to look in; name one with --repository, or add it as evidence\n"
    if not found.candidates:
        return f"no commit near the incident in {', '.join(found.sources)}\n"
    lines = []
    for one in found.candidates:
        at = instant_in_words(one.commit.at.astimezone(desk.zone))
        lines += [f"{one.commit.sha[:12]}  {one.kind}: {safe(one.commit.subject)}", f"              {at}; {safe(one.why)}"]
        lines += [f"              write: {safe(lack.instead)} ({safe(lack.message)})" for lack in one.judgements]
    example = found.candidates[0]
    command = f"amends incident commit {about[-6:]} {example.kind} {example.commit.sha[:12]} SUBJECT"
    return "\n".join(lines) + f"\n\nname one: {command}\n"
