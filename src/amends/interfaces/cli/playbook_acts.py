"""`amends playbook start`, `fill`, `unknown` and the others: each does one thing in a run and shows what to do then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amends.core.errors import NotFoundError, UsageError
from amends.interfaces.cli.ledger_desk import Desk, at_desk, event_id
from amends.interfaces.cli.playbook_text import brief, run_history, run_whole
from amends.playbooks import report
from amends.playbooks.known import KINDS

if TYPE_CHECKING:
    from amends.playbooks.state import RunState

_run = click.argument("run", metavar="RUN")
_field = click.argument("field", metavar="FIELD")
_words = click.argument("words", nargs=-1, required=True, metavar="WORDS…")
_why = click.option("--why", metavar="WORDS", required=True, help="The reason, for those who read it at the review.")
_at = click.option("--at", metavar="TIME", help="When it was, as 2026-03-04T10:50:00+00:00, or 10:50 for today. Default: now.")


@click.command()
@click.argument("playbook", metavar="NAME")
@click.option("--incident", metavar="ID", required=True, help="For which incident; a part of its id will do.")
@click.option("--lead", metavar="PERSON", help="Who leads it.")
@click.option("--yes", "yes", metavar="GATE", multiple=True, help="A gate that asks a person, answered with yes; repeatable.")
@click.option("--no", "no", metavar="GATE", multiple=True, help="One answered with no; repeatable.")
@click.option("--override", "overrides", metavar="GATE=REASON", multiple=True, help="Go on in spite of a shut gate, with the reason.")
@at_desk
def start(
    desk: Desk, playbook: str, incident: str, lead: str | None, yes: tuple[str, ...], no: tuple[str, ...], overrides: tuple[str, ...]
) -> None:
    """Begin a playbook for an incident, as its file is now.

    A shut gate refuses with its reason and the first step instead; overriding it takes a written reason, which the review shows.
    """
    answers = {**dict.fromkeys(yes, True), **dict.fromkeys(no, False)}
    reasons = dict(_pair(one) for one in overrides)
    incident_id = desk.incident_id(incident)
    made = desk.usecases.playbooks.start(incident_id, playbook, lead=lead, answers=answers, overrides=reasons, by=desk.person)
    _show(desk, made)


@click.command()
@_run
@click.option("--incident", is_flag=True, help="RUN names an incident: list its runs.")
@at_desk
def status(desk: Desk, run: str, incident: bool) -> None:
    """Show how a run stands: what to do now, its gates, and what each field holds or misses."""
    if incident:
        incident_id = desk.incident_id(run)
        found = desk.usecases.playbooks.of_incident(incident_id, by=desk.person)
        told = report.runs_as_dict(incident_id, found)
        desk.answer(told, told["runs"], "\n".join(brief(desk, one) for one in found) or "no playbook was begun for it\n")
        return
    now = _meant(desk, run)
    told = report.run_as_dict(now)
    desk.answer(told, [told], run_whole(desk, now) + _unwritten(desk, now))


@click.command()
@_run
@at_desk
def history(desk: Desk, run: str) -> None:
    """Tell who did what in a run, and what that changed, a sentence each."""
    now = _meant(desk, run)
    told = report.run_as_dict(now)
    desk.answer(told, told["events"], run_history(desk, now))


@click.command()
@_run
@click.argument("gate", metavar="GATE")
@click.argument("word", metavar="yes|no", type=click.Choice(["yes", "no"]))
@click.option("--person", metavar="NAME", help="By whose word. Default: yours.")
@at_desk
def answer(desk: Desk, run: str, gate: str, word: str, person: str | None) -> None:
    """Answer what a gate asks."""
    now = _meant(desk, run)
    _show(desk, desk.usecases.playbooks.answer_gate(now.run.id, gate, yes=word == "yes", person=person, seen=now.version, by=desk.person))


@click.command()
@_run
@click.argument("gate", metavar="GATE")
@_why
@at_desk
def override(desk: Desk, run: str, gate: str, why: str) -> None:
    """Go on in spite of a shut gate. The reason stays visible, and the review shows it."""
    now = _meant(desk, run)
    _show(desk, desk.usecases.playbooks.override(now.run.id, gate, why=why, seen=now.version, by=desk.person))


@click.command()
@_run
@_field
@click.option("--ref", metavar="KIND:ID", help="Something that the data hold, as `amends playbook status` offers it.")
@click.option("--person", metavar="NAME", help="Who said it, where somebody's word counts.")
@click.option("--says", metavar="WORDS", help="What they said.")
@_at
@at_desk
def fill(desk: Desk, run: str, field: str, ref: str | None, person: str | None, says: str | None, at: str | None) -> None:
    """Put something into a field, named as artifact.field: a reference to the data, or the word of a person."""
    if (ref is None) == (person is None):
        raise UsageError("a field takes a reference, or the word of a person", hint="give --ref KIND:ID, or --person NAME --says WORDS")
    now = _meant(desk, run)
    kind, _, name = ref.partition(":") if ref is not None else ("person", "", "")
    if kind not in KINDS:
        raise UsageError(f"unknown kind of reference {kind[:40]!r}", hint=f"known: {', '.join(KINDS)}")
    filled = desk.usecases.playbooks.fill(
        now.run.id, field, kind=kind, ref=name, person=person, text=says, said_at=desk.past(at), by=desk.person
    )
    _show(desk, filled)


@click.command()
@_run
@_field
@click.option("--asked", metavar="PERSON", required=True, help="Whom you asked.")
@click.option("--why", metavar="WORDS", help="What else there is to say about it.")
@_at
@at_desk
def unknown(desk: Desk, run: str, field: str, asked: str, why: str | None, at: str | None) -> None:
    """Say that nobody knows yet: whom you asked, and when."""
    now = _meant(desk, run)
    _show(desk, desk.usecases.playbooks.unknown(now.run.id, field, asked=asked, asked_at=desk.past(at), why=why, by=desk.person))


@click.command()
@_run
@click.argument("decision", metavar="DECISION")
@_words
@at_desk
def decide(desk: Desk, run: str, decision: str, words: tuple[str, ...]) -> None:
    """Take a decision, in your words or by one of its options."""
    now = _meant(desk, run)
    _show(desk, desk.usecases.playbooks.decide(now.run.id, decision, " ".join(words), seen=now.version, by=desk.person))


@click.command()
@_run
@click.argument("question", metavar="QUESTION")
@_words
@at_desk
def reply(desk: Desk, run: str, question: str, words: tuple[str, ...]) -> None:
    """Write down an answer to one of the questions worth asking."""
    _show(desk, desk.usecases.playbooks.reply(_meant(desk, run).run.id, question, " ".join(words), by=desk.person))


@click.command("follow-up")
@_run
@click.argument("follow_up", metavar="FOLLOW-UP")
@_words
@at_desk
def follow_up(desk: Desk, run: str, follow_up: str, words: tuple[str, ...]) -> None:
    """Say that a follow-up was done, and what came of it."""
    _show(desk, desk.usecases.playbooks.follow_up(_meant(desk, run).run.id, follow_up, " ".join(words), by=desk.person))


@click.command("hand-over")
@_run
@click.argument("person", metavar="PERSON")
@at_desk
def hand_over(desk: Desk, run: str, person: str) -> None:
    """Say who leads a run from now on."""
    _show(desk, desk.usecases.playbooks.hand_over(_meant(desk, run).run.id, person, by=desk.person))


@click.command()
@_run
@click.argument("event", required=False, metavar="[EVENT]")
@at_desk
def undo(desk: Desk, run: str, event: str | None) -> None:
    """Undo what happened last in a run, or EVENT, named by the end of its id. Both stay in the history."""
    now = _meant(desk, run)
    undone = event_id(now.events, event, "run", "amends playbook status RUN") if event is not None else None
    _show(desk, desk.usecases.playbooks.undo(now.run.id, undone, by=desk.person))


@click.command()
@_run
@_why
@at_desk
def stop(desk: Desk, run: str, why: str) -> None:
    """End a run before its end, with the reason. `undo` takes it up again."""
    _show(desk, desk.usecases.playbooks.stop(_meant(desk, run).run.id, why=why, by=desk.person))


@click.command()
@_run
@at_desk
def finish(desk: Desk, run: str) -> None:
    """Say that a run is finished; refused while anything is missing, with what is to be done first."""
    _show(desk, desk.usecases.playbooks.finish(_meant(desk, run).run.id, by=desk.person))


def _unwritten(desk: Desk, now: RunState) -> str:
    """How to take over what was written down, where a step waits for it in the account."""
    if not now.is_open or not any(one.waits_for("account") for one in now.steps):
        return ""
    left = sum(one.item is None for one in desk.usecases.narrating.recorded(now.run.incident_id, by=desk.person))
    take = f"`amends account begin {now.run.incident_id[-6:]}` takes it over"
    return f"\nwritten down of this incident and not in its account yet: {left}; {take}\n" if left else ""


def _meant(desk: Desk, part: str) -> RunState:
    try:
        return desk.usecases.playbooks.meant(part, by=desk.person)
    except NotFoundError as error:
        raise NotFoundError(error.message, hint="`amends playbook status --incident ID` lists the runs of an incident") from error


def _show(desk: Desk, now: RunState) -> None:
    told = report.run_as_dict(now)
    desk.answer(told, [told], brief(desk, now))


def _pair(given: str) -> tuple[str, str]:
    gate, equals, why = given.partition("=")
    if not equals:
        raise UsageError(f"--override {given[:60]!r} gives no reason", hint="write it as GATE=REASON")
    return gate.strip(), why
