"""`amends incident`: own what went wrong, from one sentence to the review, in the terminal alone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from amends.core.errors import ConflictError, InputError
from amends.core.incident import SEVERITIES, STATUSES
from amends.interfaces.cli.grouped import Grouped
from amends.interfaces.cli.incident_documents import document
from amends.interfaces.cli.incident_people import PEOPLE
from amends.interfaces.cli.incident_record import RECORD
from amends.interfaces.cli.incident_text import IncidentText
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.result import counted

if TYPE_CHECKING:
    from amends.core.incident import Incident

PAGE = 200
"""How many incidents are asked for at once where all are listed."""

ABOUT = """Own an incident: what went wrong, how bad it is, who does what, and what is known.

\b
Examples:
  amends incident new "Checkout is down since 10:42" --sev 2
  amends incident fact 8G2K7M number "charged twice" --figure "4212 payments"
  amends incident assign 8G2K7M lead ana
  amends incident show 8G2K7M

An incident is named by the end of its id; any beginning or end that no other one shares will do."""


class Incidents(Grouped):
    """Lists its commands in the order in which an incident needs them."""

    headings = (
        ("The incident", ("new", "list", "show", "status", "severity", "rename", "began", "follows", "history", "remove", "restore")),
        ("What is known", ("fact", "milestone", "tick", "commit", "comment", "withdraw")),
        ("Who is in it", ("assign", "leave", "private", "open", "invite", "uninvite", "let-in", "stakeholder", "link")),
        ("Texts", ("document",)),
    )


_incident = click.argument("incident", metavar="ID")


class SeverityType(click.ParamType[str]):
    """A severity, as SEV2 or 2."""

    name = "severity"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Its full name."""
        said = value.strip().upper()
        named = said if said.startswith("SEV") else f"SEV{said}"
        if named not in SEVERITIES:
            self.fail(f"{value!r} is no severity: 1 is the worst, 5 the mildest", param, ctx)
        return named


SEVERITY = SeverityType()


@click.group(cls=Incidents, help=ABOUT)
def incident() -> None:
    """What `ABOUT` says."""


@incident.command()
@click.argument("words", nargs=-1, required=True, metavar="SENTENCE…")
@click.option("--sev", "severity", type=SEVERITY, help="How bad it is, 1 (worst) to 5. Without it, read from the sentence, else 3.")
@click.option("--at", metavar="TIME", help="When it began, as 2026-03-04T10:50:00+00:00, or 10:50 for today. Else read from the sentence.")
@click.option("--private", is_flag=True, help="Only those who are invited see it.")
@click.option("--follows", metavar="ID", help="The incident whose fix brought this one.")
@at_desk
def new(desk: Desk, words: tuple[str, ...], severity: str | None, at: str | None, private: bool, follows: str | None) -> None:
    """Open an incident with one sentence that says what happened."""
    made = desk.usecases.incidents.open(
        " ".join(words), severity=severity, started_at=desk.past(at), private=private, follows=desk.incident(follows), tz=desk.tz,
        by=desk.person,
    )  # fmt: skip
    _show(desk, made)


@incident.command("list")
@click.option(
    "--status", "statuses", type=click.Choice(STATUSES), multiple=True, help="Only those of this status; may be given several times."
)
@click.option("--sev", "severities", type=SEVERITY, multiple=True, help="Only those of this severity; may be given several times.")
@click.option("--all", "everything", is_flag=True, help="Also those that are reviewed.")
@at_desk
def list_incidents(desk: Desk, statuses: tuple[str, ...], severities: tuple[str, ...], everything: bool) -> None:
    """List the incidents that are not reviewed yet.

    The one that began last stands first.
    """
    from amends.incidents import report

    wanted = statuses or (None if everything else STATUSES[:-1])
    found = _all(desk, wanted, severities or None)
    text = IncidentText(desk, found)
    shown = "\n\n".join("\n".join(text.entry(one)) for one in found)
    count = f"{counted(len(found), 'incident')}\n" if found else "there is no incident\n" if everything else "no incident is open\n"
    told = report.list_as_dict(found)
    desk.answer(told, told["incidents"], (f"{shown}\n\n" if shown else "") + count)


@incident.command()
@_incident
@at_desk
def show(desk: Desk, incident: str) -> None:
    """Tell its story.

    What is due stands first, then who is in it, what is known, what was sent and promised, and what will prevent it.
    """
    from amends.incidents import report
    from amends.interfaces.cli.incident_story import story_text

    name = desk.incident_id(incident)
    story = desk.usecases.stories.of(name, by=desk.person)
    owed, silence = desk.usecases.today.of_incident(name, by=desk.person)
    told = report.story_as_dict(story)
    desk.answer(told, [told], story_text(desk, story, owed, silence))


@incident.command()
@_incident
@click.argument("status", type=click.Choice(STATUSES))
@click.option("--reason", metavar="WORDS", help="Why it is so although something is open. It stays visible.")
@click.option("--at", metavar="TIME", help="When it was reached, as 14:20 for today or with its day. Default: now.")
@at_desk
def status(desk: Desk, incident: str, status: str, reason: str | None, at: str | None) -> None:
    """Say how far you are, and since when.

    It cannot be resolved while somebody waits for a promised update or fix, nor reviewed while nothing stands in the way of the same
    mistake; with --reason it can, and the reason stays in the record.
    """
    from amends.incidents.gates import GateError

    seen, reached = desk.incident_meant(incident), desk.past(at)
    change = partial(desk.usecases.incidents.change_status, seen.id, status, reason=reason, reached_at=reached)
    try:
        _show(desk, change(version=seen.version, by=desk.person))
    except GateError as error:
        missing = "; ".join(gate.message for gate in error.gates)
        hints = "; ".join(dict.fromkeys(gate.hint for gate in error.gates))
        hint = f"{hints}; or give the --reason why it is {status} all the same"
        raise ConflictError(f"the incident is not {status} yet: {missing}", hint=hint) from error


@incident.command()
@_incident
@click.argument("severity", type=SEVERITY)
@at_desk
def severity(desk: Desk, incident: str, severity: str) -> None:
    """Say how bad it is: 1 is the worst, 5 the mildest."""
    seen = desk.incident_meant(incident)
    _show(desk, desk.usecases.incidents.change_severity(seen.id, severity, version=seen.version, by=desk.person))


@incident.command()
@_incident
@click.argument("title", nargs=-1, required=True, metavar="TITLE…")
@at_desk
def rename(desk: Desk, incident: str, title: tuple[str, ...]) -> None:
    """Give it another title. The former one stays in the history."""
    seen = desk.incident_meant(incident)
    _show(desk, desk.usecases.incidents.rename(seen.id, " ".join(title), version=seen.version, by=desk.person))


@incident.command()
@_incident
@click.argument("time")
@at_desk
def began(desk: Desk, incident: str, time: str) -> None:
    """Say when it began.

    TIME is written as 10:42 for today, or 2026-03-04T10:42:00+00:00.
    """
    seen, at = desk.incident_meant(incident), desk.past(time)
    assert at is not None, "a time was given"
    _show(desk, desk.usecases.incidents.change_start(seen.id, at, version=seen.version, by=desk.person))


@incident.command()
@_incident
@click.argument("earlier", required=False, metavar="EARLIER-ID")
@click.option("--none", "nothing", is_flag=True, help="It follows from no other after all.")
@at_desk
def follows(desk: Desk, incident: str, earlier: str | None, nothing: bool) -> None:
    """Say from which incident this one follows.

    The fix of that one brought this one. A chain is told as one story.
    """
    if (earlier is None) is not nothing:
        raise InputError("one thing is needed: the earlier incident, or --none", hint="amends incident follows ID EARLIER-ID")
    _show(desk, desk.usecases.incidents.follow(desk.incident_id(incident), desk.incident(earlier), by=desk.person))


@incident.command()
@_incident
@at_desk
def history(desk: Desk, incident: str) -> None:
    """List everything that happened to it.

    In the order in which it was written down; also what was corrected or taken back.
    """
    from amends.incidents import report
    from amends.interfaces.cli.incident_story import history_text

    story = desk.usecases.stories.of(desk.incident_id(incident), by=desk.person)
    told = report.events_as_dict(story.incident.id, story.events)
    desk.answer(told, told["events"], history_text(desk, story))


@incident.command()
@_incident
@at_desk
def remove(desk: Desk, incident: str) -> None:
    """Take it out of every list. Nothing is lost: `restore` brings it back."""
    _show(desk, desk.usecases.incidents.remove(desk.incident_id(incident), by=desk.person))


@incident.command()
@_incident
@at_desk
def restore(desk: Desk, incident: str) -> None:
    """Bring back what was removed."""
    _show(desk, desk.usecases.incidents.restore(desk.incident_id(incident), by=desk.person))


for command in (*RECORD, *PEOPLE, document):
    incident.add_command(command)


def _all(desk: Desk, statuses: tuple[str, ...] | None, severities: tuple[str, ...] | None) -> list[Incident]:
    found: list[Incident] = []
    before: str | None = None
    while True:
        page = desk.usecases.incidents.list(limit=PAGE, statuses=statuses, severities=severities, before=before, by=desk.person)
        found += page
        if len(page) < PAGE:
            return found
        before = page[-1].id


def _show(desk: Desk, one: Incident) -> None:
    from amends.incidents import report

    told = report.as_dict(one)
    desk.answer(told, [told], "\n".join(IncidentText(desk, [one]).entry(one)) + "\n")
