"""`amends similar`: what is like some text, among the incidents kept here or among the reports of a file, and why."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from amends.core.errors import InputError, NotFoundError, UsageError
from amends.core.files import DRAFT_LIMIT, decode, too_large, unreadable
from amends.interfaces.cli.as_json import dumps
from amends.interfaces.cli.failures import USAGE
from amends.interfaces.cli.ledger_desk import Desk, at_desk
from amends.interfaces.cli.output import open_output
from amends.interfaces.cli.progress import Progress
from amends.interfaces.cli.result import Tally, counted
from amends.interfaces.cli.rows import Shape, read_rows
from amends.interfaces.cli.session import STDIN
from amends.interfaces.cli.similar_text import NO_INCIDENT, incidents_as_text, matches_as_text
from amends.recurrence.postings import Report, report_of
from amends.recurrence.similar import LIMIT
from amends.recurrence.similar_report import answer, incident_as_dict, match_as_dict, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from amends.usecases.similar import Among

REPORTS = Shape(
    ("id", "title", "text"), ("id", "text"), "every line is a report: an id and a text", '{"id": "…", "title": "…", "text": "…"}'
)
QUESTIONS = Shape(("id", "title", "text"), ("text",), "every line needs a text to look for", '{"id": "…", "text": "…"}')

_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{5,26}", re.IGNORECASE)
"""What part of an id looks like: as much of one as no common word is by chance."""

_HELP = """Find what is like a text: the same words, rare ones first, with the reasons.

Looks among the incidents of the workspace that you may see, or among the reports of --corpus, a file of JSON lines. The text is given in
the words of the command, or comes from standard input for -; its first line is its title. The id of an incident, or the end of it, asks
for what is like that incident. A report with the id of the question is not
among its own matches. Words only propose: whether it is the same fault is for people to say.

\b
Examples:
  amends similar "checkout times out, connection pool exhausted"
  amends similar 40K9K0
  amends similar - < report.md
  amends similar --corpus reports.jsonl --jsonl - < new.jsonl"""


@click.command(help=_HELP, context_settings={"ignore_unknown_options": True})
@click.argument("text", nargs=-1)
@click.option("--corpus", type=click.Path(), metavar="FILE", help='Look among the reports {"id", "title", "text"} of FILE, one a line.')
@click.option(
    "--jsonl", type=click.Path(), metavar="FILE", help='Read one question {"id", "text"} a line from FILE or -; one answer a line.'
)
@click.option("--limit", type=click.IntRange(1, 100), default=LIMIT, show_default=True, help="The most matches of an answer.")
@click.option("--rebuild", is_flag=True, help="Read the words of all incidents anew, and nothing else; needed after repairs by hand only.")
@at_desk
def similar(desk: Desk, text: tuple[str, ...], corpus: str | None, jsonl: str | None, limit: int, rebuild: bool) -> int:
    """What `_HELP` says."""
    if rebuild and not (text or corpus or jsonl):
        print(f"the words of {counted(desk.usecases.similar.rebuild(by=desk.person), 'incident')} were read anew")
        return 0
    if rebuild or bool(text) == (jsonl is not None):
        raise UsageError("give one text, - for standard input, or --jsonl with a file of them", hint="`amends similar --help` shows how")
    if corpus == "-" and jsonl == "-":
        raise UsageError("--corpus and --jsonl cannot both come from standard input", hint="write one of them to a file")
    tally = Tally()
    among = None if corpus is None else _among(desk, corpus, tally.refuse)
    if jsonl is not None:
        _each(desk, among, jsonl, limit, tally.refuse)
    else:
        asked = _given(text)
        _one(desk, among, asked, limit)
    return USAGE if tally.refused else 0


def _given(text: tuple[str, ...]) -> str:
    """The question, which is not empty: to an empty one “nothing is like it” would be no answer. Raises InputError."""
    if text != ("-",):
        asked = " ".join(text)
    else:
        data = sys.stdin.buffer.read(DRAFT_LIMIT + 1)
        if len(data) > DRAFT_LIMIT:
            raise too_large(STDIN, DRAFT_LIMIT)
        asked, _ = decode(data, STDIN)
    if not asked.strip():
        hint = "give the words of what broke: its title, what people saw, what was in the logs"
        raise InputError("there is nothing to look for", hint=hint)
    return asked


def _one(desk: Desk, among: Among | None, asked: str, limit: int) -> None:
    if among is not None:
        matches = among.like(report_of(asked), limit=limit)
        desk.answer(whole(map(match_as_dict, matches)), [match_as_dict(one) for one in matches], matches_as_text(desk.paint, matches))
        return
    meant = _incident(desk, asked)
    if meant is None:
        met = desk.usecases.similar.like(asked, limit=limit, by=desk.person)
    else:
        met = desk.usecases.similar.like_incident(meant, limit=limit, by=desk.person)
    text = incidents_as_text(desk.paint, desk.zone, met) if met or desk.usecases.incidents.list(limit=1, by=desk.person) else NO_INCIDENT
    desk.answer(whole(map(incident_as_dict, met)), [incident_as_dict(one) for one in met], text)


def _incident(desk: Desk, asked: str) -> str | None:
    """The id of the incident that is meant where what is asked can be part of an id and is that of one; else None. Raises UsageError."""
    if _ID.fullmatch(asked.strip()) is None:
        return None
    try:
        return desk.usecases.incidents.meant(asked.strip(), by=desk.person).id
    except NotFoundError:
        return None


def _each(desk: Desk, among: Among | None, name: str, limit: int, refuse: Callable[[Exception], None]) -> None:
    """An answer a line to a question a line, in order."""
    out, progress = open_output(None, machine=True), Progress(quiet=False)
    with _opened(name) as (file, label):
        for _, row in read_rows(file, label, refuse, QUESTIONS):
            id, report = row.get("id"), _report(row)
            if among is not None:
                found = [match_as_dict(one) for one in among.like(report, limit=limit, without=() if id is None else (id,))]
            else:
                text = f"{report.title}\n{report.text}" if report.title else report.text
                found = [incident_as_dict(one) for one in desk.usecases.similar.like(text, limit=limit, by=desk.person)]
            out.write(f"{dumps(answer(id, found))}\n")
            progress.step()
    progress.done()
    out.done()


def _among(desk: Desk, name: str, refuse: Callable[[Exception], None]) -> Among:
    """The reports of a file, indexed. Raises InputError for a file that cannot be read or holds none."""
    with _opened(name) as (file, label):
        among = desk.usecases.similar.among(_reports(file, label, refuse))
    if not len(among):
        raise InputError("no report is in it", hint=f"expected a line {REPORTS.example} for each", path=label)
    return among


def _reports(file: BinaryIO, name: str, refuse: Callable[[Exception], None]) -> Iterator[tuple[str, Report]]:
    """The reports of a file, an id that came before left out (which is told)."""
    first: dict[str, int] = {}
    for number, row in read_rows(file, name, refuse, REPORTS):
        before = first.setdefault(row["id"], number)
        if before != number:
            hint = "the first one counts; give each report an id of its own"
            refuse(InputError(f"{row['id'][:40]!r} is already the id of line {before}", hint=hint, path=name, line=number, field="id"))
            continue
        yield row["id"], Report(row.get("title", ""), row["text"])


def _report(row: dict[str, str]) -> Report:
    return Report(row["title"], row["text"]) if "title" in row else report_of(row["text"])


@contextmanager
def _opened(name: str) -> Iterator[tuple[BinaryIO, str]]:
    """A file, or standard input for -, with what errors call it. Raises InputError when it cannot be opened."""
    if name == "-":
        yield sys.stdin.buffer, STDIN
        return
    try:
        file = open(name, "rb")  # noqa: SIM115 (closed below)
    except OSError as error:
        raise unreadable(name, error) from error
    with file:
        yield file, name
