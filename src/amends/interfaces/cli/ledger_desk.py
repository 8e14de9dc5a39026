"""What every command of the ledger shares: who is at the keyboard, in which zone, over which store, and how results are written."""

from __future__ import annotations

import sys
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

import click

from amends import wiring
from amends.core.errors import InputError, NoAccountError, NotFoundError, UsageError
from amends.core.people import LOCAL_PERSON
from amends.interfaces.cli.as_json import dumps
from amends.interfaces.cli.engine import config_option, settings_here
from amends.interfaces.cli.output import open_output
from amends.interfaces.cli.session import moment
from amends.interfaces.cli.terminal import Paint, columns, wants_colour

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime, tzinfo

    from amends.core.incident import Incident
    from amends.incidents.actions import ActionEvent
    from amends.playbooks.run import RunEvent
    from amends.promises.ledger import LedgerEntry
    from amends.promises.promise import Event, Evidence
    from amends.usecases.facade import UseCases

P = ParamSpec("P")
FORMATS = ("text", "json", "jsonl")
PERSON = "AMENDS_PERSON"
"""The variable of the environment that says who is at the keyboard."""
TIMES = "as 15:30, “tomorrow 10:00”, “in 45 min” or 2026-03-04T15:30:00+00:00"


class Desk:
    """One run of a command: the use cases, opened when they are first needed, and where and how to answer."""

    def __init__(self, person: str, tz: str | None, style: str, config: str | None) -> None:
        settings = settings_here(config)
        self.person = person
        self.style = style
        self.now = wiring.system_clock().now()
        self.tz = tz or settings.tz or wiring.machine_zone()
        self.zone: tzinfo = _zone(self.tz, self.now)
        self.usecases: UseCases = wiring.open_usecases(settings)

    def promise(self, part: str) -> LedgerEntry:
        """The promise that an id, or the beginning or the end of one, means. Raises NotFoundError, UsageError."""
        try:
            return self.usecases.promising.meant(part, by=self.person)
        except NotFoundError as error:
            raise NotFoundError(error.message, hint="`amends promises list --all` shows them, with the end of each id") from error

    def incident(self, part: str | None) -> str | None:
        """The id of the incident that is meant, None for none. Raises NotFoundError, UsageError."""
        return self.incident_meant(part).id if part is not None else None

    def incident_id(self, part: str) -> str:
        """The same where one is needed."""
        return self.incident_meant(part).id

    def incident_meant(self, part: str) -> Incident:
        """The incident itself. Raises NotFoundError, UsageError."""
        try:
            return self.usecases.incidents.meant(part, by=self.person)
        except NotFoundError as error:
            known = self.usecases.incidents.list(limit=5, by=self.person)
            listed = "; ".join(f"{one.id} “{one.title}”" for one in known)
            raise NotFoundError(error.message, hint=f"the last ones are {listed}" if known else "there is no incident yet") from error

    def time(self, words: str, field: str) -> datetime:
        """An instant to come that was written in words; what was assumed is told. Raises InputError."""
        read = self.usecases.checking.time_in(words, self.local_now, self.tz, field)
        self.assume(read.note)
        return read.due

    def day(self, words: str, field: str) -> datetime:
        """An instant that was written in words, a day alone from its beginning. Raises InputError."""
        read = self.usecases.checking.time_in(words, self.local_now, self.tz, field)
        return read.due if read.grain == "minute" else read.due.replace(hour=0, minute=0, second=0, microsecond=0)

    def past(self, words: str | None) -> datetime | None:
        """An instant that has passed, written as `--at` everywhere; None for none. Raises UsageError."""
        return None if words is None else moment(words, self.tz, self.local_now)

    def evidence(self, given: dict[str, str | None]) -> Evidence | None:
        """What shows something, from the one option that names it; a part of a message's id will do. Raises NotFoundError, UsageError."""
        from amends.promises.promise import Evidence

        shown = _one_of(given)
        if shown is None:
            return None
        kind, reference = shown
        return Evidence(kind, self.usecases.messaging.meant(reference, by=self.person).id if kind == "message" else reference)

    def assume(self, note: str | None) -> None:
        """Tell people what was assumed about a time."""
        if note and self.style == "text":
            click.echo(f"note: {note}", err=True)

    @property
    def local_now(self) -> datetime:
        """Now, on the clock of the reader's zone."""
        return self.now.astimezone(self.zone)

    def write(self, entries: Sequence[LedgerEntry], text: str, **more: Any) -> None:
        """Promises as the caller wants them: `text` for people, else the entries as plain values, with `more` beside them."""
        from amends.promises.report import SCHEMA, as_dict

        rows = [as_dict(entry) for entry in entries] if self.style != "text" else []
        given = {name: value for name, value in more.items() if value is not None}
        self.answer({"schema": SCHEMA, **given, "promises": rows}, rows, text)

    def answer(self, whole: dict[str, Any], rows: Sequence[dict[str, Any]], text: str) -> None:
        """A result as the caller wants it: `text` for people, `whole` as JSON, or each of `rows` as a line of JSON."""
        out = open_output(None, machine=self.style != "text")
        if self.style == "text":
            out.write(text)
        elif self.style == "jsonl":
            out.write("".join(f"{dumps(row)}\n" for row in rows))
        else:
            out.write(f"{dumps(whole)}\n")
        out.done()

    @property
    def paint(self) -> Paint:
        """Colours, where the output takes them."""
        return Paint(self.style == "text" and wants_colour(sys.stdout, wiring.environment))

    @property
    def width(self) -> int:
        """The columns to write for."""
        return columns(sys.stdout, wiring.environment)


def at_desk(command: Callable[Concatenate[Desk, P], int | None]) -> Callable[..., int | None]:
    """Gives a command the options that all of them have, and a desk made from them, which is left in order afterwards."""

    @click.option("--as", "acting", metavar="PERSON", help=f"Who you are. Default: {PERSON}, else the one person of this machine.")
    @click.option("--tz", metavar="ZONE", help="The time zone to read and show times in. Default: the project's, else this machine's.")
    @click.option("--format", "style", type=click.Choice(FORMATS), default="text", help="How to write the result.")
    @config_option
    @wraps(command)
    def run(*words: Any, acting: str | None, tz: str | None, style: str, config: str | None, **given: Any) -> int | None:
        desk = Desk(acting or wiring.environment("AMENDS_PERSON") or LOCAL_PERSON, tz, style, config)
        try:
            return command(desk, *words, **given)
        except NoAccountError as error:
            error.hint = f"this workspace has accounts: say which one is yours with --as NAME, or in {PERSON}"
            raise
        finally:
            desk.usecases.close()

    return run


def _zone(name: str | None, now: datetime) -> tzinfo:
    if name is None:
        here = now.astimezone().tzinfo
        assert here is not None, "an instant on the machine's clock has its offset"
        return here
    from amends.core.zones import zone_named

    zone = zone_named(name)
    if zone is None:
        raise UsageError(f"unknown time zone {name!r}", hint="write an IANA name such as Europe/London")
    return zone


def event_id(events: Iterable[Event | ActionEvent | RunEvent], part: str, thing: str, looked_up: str) -> str:
    """The id of the event that a part of it means. `looked_up` is the command that lists what happened to the `thing`.

    Raises NotFoundError, and UsageError where it could be several.
    """
    found = [event.id for event in events if event.id.startswith(part.upper()) or event.id.endswith(part.upper())]
    if not found:
        raise NotFoundError(f"nothing of the id {part[:40]!r} happened to this {thing}", hint=f"`{looked_up}` lists what did")
    if len(found) > 1:
        raise UsageError(f"{part[:40]!r} could be several events", hint=f"give more of the id: {', '.join(found)}")
    return found[0]


def _one_of(given: dict[str, str | None]) -> tuple[str, str] | None:
    """The one option that has a value, with it; None where none has. Raises UsageError for several."""
    found = [(name, value) for name, value in given.items() if value is not None]
    if len(found) > 1:
        raise UsageError(f"{' and '.join(f'--{name}' for name, _ in found)} exclude each other", hint="give the one that matters most")
    return found[0] if found else None


def read_text(path: str) -> str:
    """A message from a file, or from standard input for `-`. Raises InputError, TooLargeError."""
    from amends.core.files import DRAFT_LIMIT, decode, read_bytes, too_large

    if path != "-":
        return decode(read_bytes(path), path)[0]
    if sys.stdin.isatty():
        click.echo("Paste the message that was sent, then press Ctrl-D on an empty line.", err=True)
    data = sys.stdin.buffer.read(DRAFT_LIMIT + 1)
    if len(data) > DRAFT_LIMIT:
        raise too_large("<stdin>", DRAFT_LIMIT)
    text, _ = decode(data, "<stdin>")
    if not text.strip():
        raise InputError("there is nothing on standard input", hint="paste the message that was sent, then press Ctrl-D")
    return text
