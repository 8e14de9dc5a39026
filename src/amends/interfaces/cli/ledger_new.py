"""`amends promises add` and `record`: what was promised in words, and what was promised in a message that was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amends.core.errors import UsageError
from amends.core.people import AUDIENCES
from amends.interfaces.cli.ledger_desk import TIMES, Desk, at_desk, read_text
from amends.interfaces.cli.ledger_text import LedgerText
from amends.interfaces.cli.result import counted

if TYPE_CHECKING:
    from amends.core.incident import SentMessage
    from amends.promises.ledger import LedgerEntry
    from amends.usecases.given_time import GivenTime

KINDS = ("next_update", "fix", "prevention", "deliver", "other")


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="WORDS…")
@click.option("--due", metavar="TIME", help=f"Until when, {TIMES}. Without it, the time is read from the words.")
@click.option("--to", "made_to", metavar="NAME", help="Whom it was made to.")
@click.option("--owner", metavar="NAME", help="Who must keep it. Somebody else than you must accept it first.")
@click.option("--incident", metavar="ID", help="The incident that it is about; a part of its id will do.")
@click.option("--kind", type=click.Choice(KINDS), help="What kind of promise it is. Without it, read from the words.")
@click.option("--shared", is_flag=True, help="Let everybody here see it. Without it, only you and its owner do.")
@at_desk
def add(
    desk: Desk,
    words: tuple[str, ...],
    due: str | None,
    made_to: str | None,
    owner: str | None,
    incident: str | None,
    kind: str | None,
    shared: bool,
) -> None:
    """Write down a promise that was made in no message kept here.

    A promise about an incident is seen by everybody here, as the incident is.
    """
    text = " ".join(words)
    checking = desk.usecases.checking
    read = checking.promise_in(text, desk.local_now, desk.tz) if due is None or kind is None else None
    time: GivenTime | None = checking.time_in(due, desk.local_now, desk.tz) if due is not None else read.time if read else None
    if time is not None:
        desk.assume(time.note)
    entry = desk.usecases.promising.add(
        text,
        time.due if time else None,
        kind=kind or (read.kind if read else "other"),
        grain=time.grain if time else None,
        owner=owner,
        made_to=made_to,
        incident_id=desk.incident(incident),
        tz=desk.tz,
        time_words=time.words if time else None,
        note=time.note if time else read.note if read else None,
        private=not shared,
        by=desk.person,
    )
    without = "" if entry.promise.due else "\nkept without a time, so nobody can say whether it was met\n"
    desk.write([entry], LedgerText(desk, [entry]).many([entry]) + without)


@click.command()
@click.argument("file", metavar="FILE", type=click.Path())
@click.option("--incident", metavar="ID", help="The incident that it is about; a part of its id will do.")
@click.option("--new-incident", metavar="TITLE", help="Open an incident that it is about, and say what happened in one sentence.")
@click.option("--audience", type=click.Choice(AUDIENCES), help="Who got it. Without it, the usual reader of its form.")
@click.option("--form", default="auto", metavar="FORM", help="What kind of message it is. Without it, the form is recognised.")
@click.option("--at", metavar="TIME", help="When its readers got it, as 2026-03-04T10:50:00+00:00, or 10:50 for today. Default: now.")
@at_desk
def record(desk: Desk, file: str, incident: str | None, new_incident: str | None, audience: str | None, form: str, at: str | None) -> None:
    """Write down a message that was sent, and its promises.

    FILE holds the message; - reads standard input. Its promises enter the ledger.

    About an incident, it keeps the promise of the next update that was made to the same readers before.
    """
    if incident is not None and new_incident is not None:
        raise UsageError("--incident and --new-incident exclude each other", hint="name the one that there is, or open a new one")
    text = read_text(file)
    sent_at = desk.past(at) or desk.local_now
    message = desk.usecases.messaging.record(
        text, form=form, audience=audience, tz=desk.tz, incident_id=desk.incident(incident), new_incident=new_incident, sent_at=sent_at,
        by=desk.person,
    )  # fmt: skip
    from amends.promises.report import message_as_dict

    made = desk.usecases.promising.of_message(message.id, by=desk.person)
    kept = [entry for entry in desk.usecases.promising.kept_by(message.id, by=desk.person) if entry.promise.message_id != message.id]
    desk.write([*made, *kept], _recorded(LedgerText(desk, [*made, *kept]), message, made, kept), message=message_as_dict(message))


def _recorded(text: LedgerText, message: SentMessage, made: list[LedgerEntry], kept: list[LedgerEntry]) -> str:
    about = f", about incident {text.short(message.incident_id)}" if message.incident_id else ", about no incident"
    said = f"message {text.short(message.id)}, sent {text.when(message.sent_at)}{about}: {counted(len(made), 'promise')}\n"
    said += f"\n{text.many(made)}" if made else ""
    if kept:
        said += f"\nIt settles {counted(len(kept), 'promise')} made before:\n\n{text.many(kept)}"
    return said
