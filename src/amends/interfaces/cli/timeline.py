"""`amends timeline`: evidence into one timeline, each entry with the bytes that it cites."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from amends import wiring
from amends.core.errors import NeedsExtraError, NotFoundError, UsageError
from amends.core.zones import zone_named
from amends.interfaces.cli.handed import Handed
from amends.interfaces.cli.options import Option, parse
from amends.interfaces.cli.output import open_output
from amends.interfaces.cli.terminal import safe

if TYPE_CHECKING:
    from amends.core.problem import Problem
    from amends.interfaces.cli.options import Given
    from amends.interfaces.cli.output import Output
    from amends.usecases.timelining import Timeline

FORMATS = ("text", "jsonl", "csv", "markdown")
OPTIONS = (
    Option("--format", "FORMAT", "How to write the result. Default: text.", choices=FORMATS),
    Option("--tz", "ZONE", "The zone of times that name none, as Europe/London. Default: UTC, assumed and said so."),
    Option("--from", "TIME", "Only entries from this time on, as 2026-03-04T10:50:00+00:00."),
    Option("--to", "TIME", "Only entries until this time."),
    Option("--all", "", "Every entry, not only what matters."),
    Option("-o --output", "FILE", "Write the result to FILE instead of standard output."),
    Option("-q --quiet", "", "Say nothing about what was wrong with the sources."),
)
HELP = """Put logs, chats, alerts, tickets, mails and commits into one timeline.

A SOURCE is a file, a folder, an archive, a git repository, or - for standard input. Each entry cites its source, byte and length.
Without --all only what matters is kept: changes, alerts, what people wrote, and the first of each kind of error, repeats counted.

\b
Examples:
  amends timeline evidence/ --tz Europe/London
  amends timeline app.log.gz slack-export.zip repo/ --from 2026-03-04T10:00Z --format markdown -o timeline.md
  amends timeline show 3f2a91c0d4e7 evidence/"""
SHOWN_TROUBLES = 20
_CONTEXT = 3


def run(words: list[str]) -> int:
    """Make a timeline, or show one entry of it in its place, and give the exit status."""
    given = parse(words, OPTIONS)
    operands = list(given.operands)
    try:
        from amends.usecases import timelining
    except ModuleNotFoundError as error:
        raise NeedsExtraError("the timeline", "evidence") from error
    troubles: list[Problem] = []
    tz = given.text("tz")
    zone = zone_named(tz)
    if tz is not None and zone is None:
        raise UsageError(f"unknown time zone {tz!r}", hint="write an IANA name such as Europe/London")
    wanted = _wanted(operands)
    made = timelining.Timelining(wiring.system_clock().now).assemble(operands, troubles.append, zone, tz)
    with open_output(given.text("output"), machine=given.text("format") not in (None, "text", "markdown")) as out:
        if wanted is not None:
            _show(made, wanted, out)
        else:
            _write(made, given, out)
        out.done()
    if not given.has("quiet"):
        _tell(troubles)
    return 0


def _wanted(operands: list[str]) -> str | None:
    """The entry to show, which is taken off the operands with the word before it; None to make a whole timeline."""
    if operands[:1] != ["show"] or os.path.exists("show"):
        return None
    if len(operands) < 3:
        raise UsageError("show needs an id and the sources of its timeline", hint="amends timeline show ID SOURCE…")
    del operands[0]
    return operands.pop(0)


def _write(made: Timeline, given: Given, out: Output) -> None:
    from amends.interfaces.cli.timeline_forms import writer
    from amends.usecases.timelining import Texts, between, rows

    made = between(made, _instant(given, "from"), _instant(given, "to"))
    write = writer(given.text("format") or "text", out)
    with Texts() as texts:
        for row in rows(made, texts, all_entries=given.has("all")):
            write(row)


def _instant(given: Given, name: str) -> int | None:
    if not given.has(name):
        return None
    from amends.interfaces.cli.session import moment

    at = moment(given.text(name) or "", given.text("tz"))
    return int(at.timestamp() * 1_000_000)


def _show(made: Timeline, wanted: str, out: Output) -> None:
    """The bytes of an entry as they are, with the lines around them."""
    from amends.usecases.timelining import Texts, entry_id

    for place in range(len(made.table)):
        source = made.evidence[int(made.table["source"][place])]
        offset, length = int(made.table["offset"][place]), int(made.table["length"][place])
        if entry_id(source, offset).startswith(wanted):
            with Texts() as texts:
                before, itself, after = texts.around(source, offset, length, _CONTEXT)
            out.write(f"{safe(source.name)}, byte {offset}, {length} bytes, sha256 {source.sha256}\n\n")
            parts = ((before, "  "), (itself, "> "), (after, "  "))
            out.write("".join(f"{mark}{safe(line.decode('utf-8', 'replace'))}\n" for part, mark in parts for line in part.splitlines()))
            return
    raise NotFoundError(f"no entry {wanted!r} in these sources", hint="ids stand in `amends timeline SOURCE… --format jsonl`")


def _tell(troubles: list[Problem]) -> None:
    for one in troubles[:SHOWN_TROUBLES]:
        place = f"{one.path}: " if one.path else ""
        print(f"amends: {safe(place)}{safe(one.message)}", file=sys.stderr)
    if len(troubles) > SHOWN_TROUBLES:
        print(f"amends: … and {len(troubles) - SHOWN_TROUBLES} more", file=sys.stderr)


timeline = Handed("timeline", OPTIONS, run, help=HELP)
