"""`amends promises`: what messages promise, and until when. A thin face of the engine, with the inputs of `check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from amends import wiring
from amends.core.span import LineIndex
from amends.interfaces.cli import audit
from amends.interfaces.cli.as_json import JsonRenderer, LinesRenderer
from amends.interfaces.cli.as_text import due_in_words, instant_in_words
from amends.interfaces.cli.check import require_sense
from amends.interfaces.cli.failures import USAGE
from amends.interfaces.cli.handed import Handed
from amends.interfaces.cli.inputs import Inputs
from amends.interfaces.cli.ledger import add_ledger
from amends.interfaces.cli.options import CHECK_OPTIONS, Option, parse
from amends.interfaces.cli.output import open_output
from amends.interfaces.cli.result import Checked, Renderer, Tally, View, counted
from amends.interfaces.cli.session import Session
from amends.interfaces.cli.terminal import Paint, columns, safe, wants_colour, wrapped
from amends.language.report import as_dict

if TYPE_CHECKING:
    from amends.interfaces.cli.options import Given
    from amends.interfaces.cli.output import Output
    from amends.language.records import Document

SCHEMA = "amends.promises/1"
FIELDS = ("id", "path", "at", "tz", "promises", "past_times", "problems")
"""What of a document is written: where it comes from, what it promises, and what could not be read."""
FORMATS = ("text", "json", "jsonl")
_SHARED = ("form", "audience", "at", "tz", "jsonl", "output", "config", "profile", "stdin_filename")
OPTIONS = (
    Option("--format", "FORMAT", "How to write the result. Default: text, and jsonl with --jsonl.", choices=FORMATS),
    *(option for option in CHECK_OPTIONS if option.name in _SHARED),
    Option("-q --quiet", "", "No progress, and no count at the end."),
)
_HELP = """List the promises in messages.

Says when each falls due, and lists the times that only tell what happened. Takes the inputs of `amends check`.
A promise without a time that can be checked is listed with the reason.

\b
Examples:
  amends promises extract update.md --at 2026-03-04T10:50:00+00:00 --tz Europe/London
  amends promises extract --jsonl updates.jsonl > promises.jsonl"""


def values_of(document: Document) -> dict[str, Any]:
    """The part of a document that is about promises, in plain values."""
    whole = as_dict(document)
    return {name: whole[name] for name in FIELDS}


class PromisesAsJson(JsonRenderer):
    """One object with all documents."""

    schema = SCHEMA
    values = staticmethod(values_of)


class PromisesAsLines(LinesRenderer):
    """One document a line."""

    values = staticmethod(values_of)


class PromisesAsText(Renderer):
    """A line for each promise and each time that is none, where they stand in the text."""

    _number = 0

    def document(self, checked: Checked) -> str:
        """The lines of one text, in the order of the text."""
        document = checked.document
        index = LineIndex(checked.draft.text)
        self._number += len(document.promises)
        found: list[tuple[int, str, str]] = []
        for promise in document.promises:
            kind = f"{promise.kind.replace('_', ' ')}, {promise.firmness}" + (", by others" if promise.actor == "other" else "")
            found.append((promise.start, kind, f"“{promise.quote}” → {due_in_words(promise)}"))
        for past in document.past_times:
            when = f" → {instant_in_words(past.time)}" if past.time is not None else ""
            found.append((past.start, "no promise", f"“{past.quote}”{when}"))
        lines = [line for problem in document.problems for line in self._line(checked.label, "note", problem.message)]
        for start, kind, text in sorted(found):
            line, column = index.place(start)
            lines += self._line(f"{checked.label}:{line}:{column}", kind, text)
        return "".join(f"{line}\n" for line in lines)

    def end(self, tally: Tally) -> str:
        """The count, so that silence is not taken for an answer."""
        if self.view.quiet or not tally.texts:
            return ""
        return f"{counted(self._number, 'promise')} in {counted(tally.texts, 'text')}\n"

    def _line(self, label: str, kind: str, text: str) -> list[str]:
        first = f"{safe(label)}: {kind}: "
        lines = wrapped(text, self.view.width, first, "    ")
        return [self.view.paint("bold", safe(label)) + lines[0][len(safe(label)) :], *lines[1:]]


def run(words: list[str]) -> int:
    """Find the promises in what a command line names, write them, and give the exit status."""
    given = parse(words, OPTIONS)
    require_sense(given)
    format = given.text("format") or ("jsonl" if given.has("jsonl") else "text")
    tally = Tally()
    inputs = Inputs(Session(given), tally.refuse)
    with open_output(given.text("output"), machine=format != "text") as out:
        _write(inputs, _renderer(format, given, out), tally, out)
    return USAGE if tally.refused else 0


def _write(inputs: Inputs, renderer: Renderer, tally: Tally, out: Output) -> None:
    for item in inputs:
        document = inputs.document(item)
        if document is not None:
            before = "" if tally.texts else renderer.begin()
            tally.add(document)
            out.write(before + renderer.document(Checked(item.draft, document, item.draft.form == "auto", item.label)))
    out.write(("" if tally.texts else renderer.begin()) + renderer.end(tally))
    out.done()


def _renderer(format: str, given: Given, out: Output) -> Renderer:
    paint = Paint(format == "text" and wants_colour(out.stream, wiring.environment))
    view = View(paint, columns(out.stream, wiring.environment), None, explain=False, quiet=given.has("quiet"), rule=lambda _: None)
    return {"text": PromisesAsText, "json": PromisesAsJson, "jsonl": PromisesAsLines}[format](view)


@click.group()
def promises() -> None:
    """Promises: in messages, in the ledger, and in what was published."""


promises.add_command(Handed("extract", OPTIONS, run, help=_HELP))
promises.add_command(Handed("audit", audit.OPTIONS, audit.run, help=audit.HELP))
add_ledger(promises)
