"""`amends promises audit`: published updates in, each promise with its fate out."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

from amends import wiring
from amends.core.errors import AmendsError, InputError, UsageError
from amends.core.problem import Problem
from amends.interfaces.cli.audit_page import AuditPage
from amends.interfaces.cli.audit_text import AuditAsJson, AuditAsLines, AuditAsText, AuditRenderer, Closing
from amends.interfaces.cli.failures import USAGE, rendered, tell
from amends.interfaces.cli.options import CHECK_OPTIONS, Option, parse
from amends.interfaces.cli.output import open_output
from amends.interfaces.cli.result import View
from amends.interfaces.cli.session import Session, moment
from amends.interfaces.cli.terminal import Paint, columns, wants_colour
from amends.promises.picks import Picks
from amends.promises.updates.sources import TRIED, read_source
from amends.promises.updates.update import REFUSED, Desk, problem
from amends.usecases.auditing import Auditing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.interfaces.cli.options import Given
    from amends.interfaces.cli.output import Output
    from amends.promises.updates.update import Update
    from amends.settings import Settings

FORMATS = ("text", "json", "jsonl", "html")
FAIL_ON = ("missed", "late", "never")
_SHARED = ("output", "config", "profile")
OPTIONS = (
    Option("--format", "FORMAT", "How to write the result. Default: text.", choices=FORMATS),
    Option(
        "--at",
        "TIME",
        "Judge as of this time, and leave out what was published later: 2026-03-04T10:50:00+00:00, or 10:50 for today. Default: now.",
    ),
    Option(
        "--tz", "ZONE", "The time zone of whoever wrote the updates that name none, as Europe/London. Default: the offset of each time."
    ),
    Option("--fail-on", "FATE", "Exit with 1 from this fate on. Default: missed.", choices=FAIL_ON),
    Option("--all", "", "List every promise, and every month."),
    *(option for option in CHECK_OPTIONS if option.name in _SHARED),
    Option("-q --quiet", "", "No progress, and in text only the first sentence."),
)
HELP = """Say what became of the promises in published updates.

Each was kept in time, kept late, or missed, or nobody can tell. Reads JSON lines, a Statuspage incidents.json, a Slack
export (folder or .zip), mail (mbox, Maildir, .eml), and folders of .md or .txt files; `-` is standard input. Exits with 1
when a promise was missed, 2 when something could not be read.

\b
Examples:
  amends promises audit incidents.json
  amends promises audit slack-export.zip --format html -o promises.html
  amends promises audit updates.jsonl --at 2026-03-31T23:59:59+00:00 --format json"""

TOLD_AT_ONCE = 20
"""So many lines about what could not be read go to standard error; then only their number, and the result holds the rest."""
LISTED = 1_000
"""So many problems are listed in a result; all are counted."""


class Feed:
    """What was wrong with the sources: counted by code, the first ones kept, those that left something out told at once."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.listed: list[Problem] = []
        self.refused = 0

    def add(self, one: Problem) -> None:
        """Take a problem."""
        self.counts[one.code] += 1
        if len(self.listed) < LISTED:
            self.listed.append(one)
        if one.code in REFUSED:
            self.refused += 1
            if self.refused <= TOLD_AT_ONCE:
                print(rendered(_as_error(one)), file=sys.stderr, flush=True)

    def refuse(self, error: AmendsError, label: str) -> None:
        """Take a source that cannot be read at all."""
        self.refused += 1
        path, line = getattr(error, "path", None) or label, getattr(error, "line", None)
        self.counts["unreadable"] += 1
        self.listed.append(problem("unreadable", error.message, error.hint, path, line))
        tell(error)

    def close(self) -> None:
        """Say how much was not told."""
        if self.refused > TOLD_AT_ONCE:
            print(f"amends: … and {self.refused - TOLD_AT_ONCE:,} more that could not be read", file=sys.stderr, flush=True)


class Watch:
    """A count on standard error while somebody waits; nothing during the first second, or where nobody sees it."""

    STEP = 500

    def __init__(self, *, quiet: bool) -> None:
        self._on = sys.stderr.isatty() and not quiet
        self._clock = wiring.system_clock()
        self._began = self._drawn = self._clock.now()
        self._count = 0

    def step(self) -> None:
        """One more update was read."""
        self._count += 1
        if self._on and self._count % self.STEP == 0:
            self.say(f"{self._count:,} updates read")

    def say(self, words: str) -> None:
        """Show some words, not more often than five times a second."""
        now = self._clock.now()
        if self._on and (now - self._began).total_seconds() > 1 and (now - self._drawn).total_seconds() > 0.2:
            self._drawn = now
            print(f"\r{words:<40}", end="", file=sys.stderr, flush=True)

    def done(self) -> None:
        """Take the words away again."""
        if self._on and self._drawn != self._began:
            print(f"\r{' ' * 40}\r", end="", file=sys.stderr, flush=True)


def run(words: list[str]) -> int:
    """Audit the sources that a command line names, write what became of their promises, and give the exit status."""
    given = parse(words, OPTIONS)
    if not given.operands:
        raise UsageError("no source is named", hint=f"name files or folders, or - for standard input: {TRIED}")
    format = given.text("format") or "text"
    session = Session(given)
    settings = session.settings_for(_first_path(given))
    now = wiring.system_clock().now()
    until = moment(given.text("at") or "", settings.tz, now) if given.has("at") else None
    calendar = wiring.calendar_of(settings)
    feed = Feed()
    auditing = Auditing(until or now, calendar, until=until)
    with open_output(given.text("output"), machine=format != "text") as out:
        _write(auditing, _read(given, session, feed), _renderer(format, given, out), feed, out, quiet=given.has("quiet"))
    return USAGE if feed.refused else _status(auditing, given.text("fail_on") or "missed")


def _status(auditing: Auditing, fail_on: str) -> int:
    figures = auditing.reckoning.figures()
    failed = {"missed": figures.count("missed"), "late": figures.count("missed") + figures.count("late"), "never": 0}[fail_on]
    return 1 if failed else 0


def _write(auditing: Auditing, read: Iterator[Update | Problem], renderer: AuditRenderer, feed: Feed, out: Output, *, quiet: bool) -> None:
    """Write everything piece by piece; a reader of a pipe gets them in blocks."""
    watch = Watch(quiet=quiet)
    picks = Picks()
    pieces = [renderer.begin()]
    size = 0
    for found in auditing.run(_watched(read, watch)):
        if isinstance(found, Problem):
            feed.add(found)
            continue
        picks.add(found)
        piece = renderer.found(found)
        if piece:
            pieces.append(piece)
            size += len(piece)
            if size > 60_000:
                out.write("".join(pieces))
                pieces, size = [], 0
                watch.say(f"{auditing.reckoning.updates:,} updates judged")
    watch.done()
    feed.close()
    if feed.refused and not auditing.reckoning.updates and not isinstance(renderer, AuditAsJson):
        out.drop()  # for an input that is refused nothing is written, but programs get the reason
        return
    pieces.append(renderer.end(Closing(auditing.reckoning.figures(), picks, feed.listed, dict(feed.counts), feed.refused)))
    out.write("".join(pieces))
    out.done()


def _watched(read: Iterator[Update | Problem], watch: Watch) -> Iterator[Update | Problem]:
    for one in read:
        watch.step()
        yield one


def _read(given: Given, session: Session, feed: Feed) -> Iterator[Update | Problem]:
    """The updates of all sources, one after the other; a source that cannot be read is told, and the others are read."""
    for operand in given.operands:
        settings: Settings = session.settings_for(None if operand == "-" else operand)
        desk = Desk(settings.tz, settings.audience)
        if settings.tz is not None and desk.zone(settings.tz) is None:
            raise UsageError(f"there is no zone {settings.tz!r}", hint="write an IANA name, such as Europe/London")
        try:
            yield from read_source(operand, desk, sys.stdin.buffer)
        except AmendsError as error:
            feed.refuse(error, operand)


def _renderer(format: str, given: Given, out: Output) -> AuditRenderer:
    paint = Paint(format == "text" and wants_colour(out.stream, wiring.environment))
    everything = given.has("all")
    width = columns(out.stream, wiring.environment)
    view = View(paint, width, None if everything else 1, explain=False, quiet=given.has("quiet"), rule=lambda _: None)
    kinds: dict[str, type[AuditRenderer]] = {"text": AuditAsText, "json": AuditAsJson, "jsonl": AuditAsLines, "html": AuditPage}
    return kinds[format](view)


def _first_path(given: Given) -> str | None:
    return next((one for one in given.operands if one != "-"), None)


def _as_error(one: Problem) -> AmendsError:
    return InputError(one.message, hint=one.hint, path=one.path, line=one.line, field=one.field)
