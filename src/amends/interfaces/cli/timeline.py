"""`amends timeline`: evidence into one timeline, each entry with the bytes that it cites."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from amends import wiring
from amends.core.errors import UsageError
from amends.core.zones import zone_named
from amends.interfaces.cli.handed import Handed
from amends.interfaces.cli.options import Option, parse
from amends.interfaces.cli.output import open_output
from amends.interfaces.cli.terminal import safe

if TYPE_CHECKING:
    from amends.core.problem import Problem
    from amends.interfaces.cli.options import Given
    from amends.usecases.timelining import Timeline
    from amends.usecases.timelining.showing import Shown

FORMATS = ("text", "markdown", "html", "jsonl", "csv", "parquet")
OPTIONS = (
    Option("--format", "FORMAT", "How to write the result. Default: text.", choices=FORMATS),
    Option("--tz", "ZONE", "The zone of times that name none, as Europe/London. Default: UTC, assumed and said so."),
    Option("--from", "TIME", "Only entries from this time on, as 2026-03-04T10:50:00+00:00."),
    Option("--to", "TIME", "Only entries until this time."),
    Option("--all", "", "Every entry, not only what matters."),
    Option("--redact", "WHAT", "What is made unreadable in the result. Default: secrets.", choices=("secrets", "personal", "none")),
    Option("--engine", "ENGINE", "Where sources are read: in processes here, or on the cluster of AMENDS_DASK.", choices=("local", "dask")),
    Option("-o --output", "FILE", "Write the result to FILE instead of standard output."),
    Option("-q --quiet", "", "Say nothing about what was wrong with the sources, nor how far the reading is."),
)
HELP = """Put logs, chats, alerts, tickets, mails and commits into one timeline.

A SOURCE is a file, a folder, an archive, a git repository, an address as s3://bucket/folder, or - for standard input.
Each entry cites its source, byte and length.
Without --all only what matters is kept: changes, alerts, what people wrote, and of errors the first of each kind, bursts and changes of
rate, repeats counted. What was read is kept for a month, so that the next time is quick and an interrupted run goes on.

\b
Examples:
  amends timeline evidence/ --tz Europe/London
  amends timeline app.log.gz slack-export.zip repo/ --from 2026-03-04T10:00Z --format html -o timeline.html
  amends timeline s3://incidents/7711/ --engine dask
  amends timeline show 3f2a91c0-15a39"""
SHOWN_TROUBLES = 20
_CONTEXT = 3


def run(words: list[str]) -> int:
    """Make a timeline, or show one entry of it in its place, and give the exit status."""
    given = parse(words, OPTIONS)
    operands = list(given.operands)
    tz = given.text("tz")
    if tz is not None and zone_named(tz) is None:
        raise UsageError(f"unknown time zone {tz!r}", hint="write an IANA name such as Europe/London")
    wanted = _wanted(operands)
    if wanted is not None:
        _show(wiring.timelining().around(wanted, operands, _CONTEXT), given)
        return 0
    form = given.text("format") or "text"
    if form == "parquet" and given.text("output") in (None, "-"):
        raise UsageError("Parquet is no text for a terminal or a pipe", hint="name a file with --output")
    troubles: list[Problem] = []
    window = _instant(given, "from"), _instant(given, "to")
    with _assembled(operands, troubles, given, tz) as made:
        beside = _write(made, form, window, troubles, given)
    if not given.has("quiet"):
        _tell(troubles)
        for line in beside:
            print(f"amends: {safe(line)}", file=sys.stderr)
    return 0


def _assembled(operands: list[str], troubles: list[Problem], given: Given, tz: str | None) -> Timeline:
    from amends.interfaces.cli.timeline_progress import Shower

    with Shower(sys.stderr, wiring.stopwatch, quiet=given.has("quiet")) as shower:
        return wiring.timelining().assemble(operands, troubles.append, tz, shower.show, given.text("engine") or "local")


def _wanted(operands: list[str]) -> str | None:
    """The entry to show, which is taken off the operands with the word before it; None to make a whole timeline."""
    if operands[:1] != ["show"] or os.path.exists("show"):
        return None
    if len(operands) < 2:
        raise UsageError("show needs the id of an entry", hint="amends timeline show ID, or with the sources: show ID SOURCE…")
    del operands[0]
    return operands.pop(0)


def _write(made: Timeline, form: str, window: tuple[int | None, int | None], troubles: list[Problem], given: Given) -> list[str]:
    from amends.interfaces.cli import timeline_forms as forms

    if form == "parquet":
        forms.write_parquet(made, given, window)
        return []
    with open_output(given.text("output"), machine=form not in ("text", "markdown")) as out:
        beside = forms.write(made, form, given, window, troubles, out)
        out.done()
    return beside


def _instant(given: Given, name: str) -> int | None:
    if not given.has(name):
        return None
    from amends.interfaces.cli.session import moment

    at = moment(given.text(name) or "", given.text("tz"))
    return int(at.timestamp() * 1_000_000)


def _show(found: Shown, given: Given) -> None:
    """The bytes of an entry as they are, with the lines around them."""
    with open_output(given.text("output"), machine=False) as out:
        source = found.source
        out.write(f"{safe(source.name)}, byte {found.offset}, {len(found.itself)} bytes, sha256 {source.sha256}\n\n")
        parts = ((found.before, "  "), (found.itself, "> "), (found.after, "  "))
        out.write("".join(f"{mark}{safe(line.decode('utf-8', 'replace'))}\n" for part, mark in parts for line in part.splitlines()))
        out.done()


def _tell(troubles: list[Problem]) -> None:
    for one in troubles[:SHOWN_TROUBLES]:
        place = ", ".join([f"{one.path}:{one.line}" if one.line is not None else one.path or "", one.field or ""]).strip(", ")
        print(f"amends: {safe(place)}{': ' if place else ''}{safe(one.message)}", file=sys.stderr)
    if len(troubles) > SHOWN_TROUBLES:
        print(f"amends: … and {len(troubles) - SHOWN_TROUBLES} more", file=sys.stderr)


timeline = Handed("timeline", OPTIONS, run, help=HELP)
