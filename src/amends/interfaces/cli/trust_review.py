"""`amends trust review`: the looks back after a month and a quarter."""

from __future__ import annotations

import click

from amends.core.errors import UsageError
from amends.interfaces.cli.export import as_format, form_of, to_file, write_bytes
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.trust_desk import write_review, write_reviews
from amends.trust.review import DECISIONS, QUESTIONS, REFERENCES, UNKNOWN, WHICH

_incident = click.argument("incident", metavar="INCIDENT")
_which = click.argument("which", type=click.Choice(WHICH))
_why = click.option("--why", metavar="WORDS", required=True, help="The reason, for those who will ask.")


@click.group()
def review() -> None:
    """Look back after a month and a quarter: prepared on evidence, held with a decision.

    Both are planned when the first repair is tied, 30 and 91 days after the incident was contained.
    """


@review.command("list")
@click.option("--incident", metavar="ID", help="Those of this incident, held ones too. Default: all that still have to be held.")
@click.option("--mine", is_flag=True, help="Only those that you see to.")
@at_desk
def list_reviews(desk: Desk, incident: str | None, mine: bool) -> int:
    """List the reviews that still have to be held, or those of one incident. Exits with 1 while one is overdue."""
    name = desk.incident(incident)
    reviews = desk.usecases.trust_reviews
    person = desk.person if mine else None
    found = reviews.of_incident(name, by=desk.person) if name else reviews.open(person=person, by=desk.person)
    write_reviews(desk, name, found)
    return 1 if any(one.overdue for one in found) else 0


@review.command()
@_incident
@_which
@at_desk
def show(desk: Desk, incident: str, which: str) -> None:
    """Show a review: what lacks, the evidence, and what people answered. Of a held one, the evidence of its day."""
    write_review(desk, desk.usecases.trust_reviews.get(desk.incident_id(incident), which, by=desk.person))


@review.command()
@_incident
@click.option("--lead", metavar="NAME", help="Who sees to them. Default: who leads the incident, else you.")
@at_desk
def plan(desk: Desk, incident: str, lead: str | None) -> None:
    """Plan both reviews, where they are not planned yet."""
    name = desk.incident_id(incident)
    write_reviews(desk, name, desk.usecases.trust_reviews.plan(name, lead=lead, by=desk.person))


@review.command()
@_incident
@_which
@click.argument("time", nargs=-1, required=True, metavar="TIME…")
@_why
@at_desk
def move(desk: Desk, incident: str, which: str, time: tuple[str, ...], why: str) -> None:
    """Give a review another time, with the reason. The old time stays visible."""
    due = desk.time(" ".join(time), "time")
    write_review(desk, desk.usecases.trust_reviews.move(desk.incident_id(incident), which, due, why=why, by=desk.person))


@review.command("hand-over")
@_incident
@_which
@click.argument("person", metavar="NAME")
@at_desk
def hand_over(desk: Desk, incident: str, which: str, person: str) -> None:
    """Say who sees to a review from now on."""
    write_review(desk, desk.usecases.trust_reviews.hand_over(desk.incident_id(incident), which, person, by=desk.person))


@review.command()
@_incident
@_which
@click.argument("question", metavar="QUESTION", type=click.Choice(QUESTIONS))
@click.argument("words", nargs=-1, metavar="[WORDS…]")
@click.option("--ref", metavar="KIND:ID", help=f"What it refers to; kinds: {', '.join(one for one in REFERENCES if one != 'person')}.")
@click.option("--person", metavar="NAME", help="Who said it, where that is all there is; with --at.")
@click.option("--at", metavar="TIME", help="When they said it, or were asked, as 10:50 for today or with its day. Default: now.")
@click.option("--unknown", "asked", metavar="NAME", help="It is not known yet, and NAME was asked.")
@at_desk
def answer(
    desk: Desk,
    incident: str,
    which: str,
    question: str,
    words: tuple[str, ...],
    ref: str | None,
    person: str | None,
    at: str | None,
    asked: str | None,
) -> None:
    """Answer a question of a review: by what is referred to, by somebody's word, or by whom was asked.

    `worse` is what got worse as people say it; `ownership`, `release` and `architecture` what was promoted there; `onboarding` and
    `operating` which documents say by now what was learnt.
    """
    if sum(one is not None for one in (ref, person, asked)) != 1:
        raise UsageError("an answer refers to one thing", hint="give one of --ref, --person and --unknown")
    kind, _, name = ref.partition(":") if ref is not None else ("person" if person is not None else UNKNOWN, "", person or "")
    when = desk.past(at) or desk.now if ref is None else None
    made = desk.usecases.trust_reviews.answer(
        desk.incident_id(incident), which, question, " ".join(words), kind=kind, ref=name or None, asked=asked, asked_at=when,
        by=desk.person,
    )  # fmt: skip
    write_review(desk, made)


@review.command("take-back")
@_incident
@_which
@click.argument("event", metavar="[ID]", required=False)
@at_desk
def take_back(desk: Desk, incident: str, which: str, event: str | None) -> None:
    """Take back the last answer or move, or the one of ID. It stays in the history."""
    write_review(desk, desk.usecases.trust_reviews.take_back(desk.incident_id(incident), which, event, by=desk.person))


@review.command()
@_incident
@_which
@click.argument("decision", type=click.Choice(DECISIONS))
@_why
@click.option("--said", metavar="WORDS", help="What those who were hit are told: what is different now.")
@at_desk
def hold(desk: Desk, incident: str, which: str, decision: str, why: str, said: str | None) -> None:
    """Hold a review: decide to continue, to change or to stop. The evidence of this day is kept with it.

    Every question needs an answer first; "unknown, asked whom, when" is one.
    """
    name = desk.incident_id(incident)
    reviews = desk.usecases.trust_reviews
    laid = reviews.laid(name, which, why=why, said=said or "", decision=decision, by=desk.person)
    held = reviews.hold(name, which, decision, why=why, said=said, by=desk.person)
    if desk.style == "text":
        for one in laid.lacks:
            if one.code not in ("unanswered", "unknown"):
                click.echo(f"note: {one.message} {one.hint}", err=True)
    write_review(desk, held)


@review.command()
@_incident
@_which
@_why
@at_desk
def reopen(desk: Desk, incident: str, which: str, why: str) -> None:
    """Take a held review up again. What was kept with it stays in its history."""
    write_review(desk, desk.usecases.trust_reviews.reopen(desk.incident_id(incident), which, why=why, by=desk.person))


@review.command()
@_incident
@_which
@to_file
@as_format
@at_desk
def paper(desk: Desk, incident: str, which: str, output: str | None, form: str | None) -> None:
    """Write a review as Markdown, PDF or DOCX."""
    from amends.integrations.export.documents import render

    made = desk.usecases.trust_reviews.paper(desk.incident_id(incident), which, zone=desk.zone, by=desk.person)
    write_bytes(output, render(made, form or form_of(output)))
