"""`amends check`: drafts in, remarks out. Imports as little as it can, because an engineer waits for it."""

from __future__ import annotations

import gc
import sys

from amends import wiring
from amends.core.errors import UsageError
from amends.interfaces.cli.failures import USAGE
from amends.interfaces.cli.inputs import Inputs
from amends.interfaces.cli.options import CHECK_OPTIONS, parse
from amends.interfaces.cli.result import Checked, Tally, View, reaches
from amends.interfaces.cli.session import Session
from amends.interfaces.cli.terminal import Paint, columns, wants_colour

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.interfaces.cli.options import Given
    from amends.interfaces.cli.output import Output
    from amends.interfaces.cli.result import Renderer
    from amends.interfaces.cli.session import Item
    from amends.language.explain import Explained
    from amends.language.records import Document
    from amends.usecases.baseline import Baseline

BEST = 3
"""How many findings a person is shown at first: more than three at once are read by nobody."""


def run(words: list[str], show_help: Callable[[], int]) -> int:
    """Check what a command line names, write the result, and give the exit status."""
    given = parse(words, CHECK_OPTIONS)
    if given.has("help"):
        return show_help()
    require_sense(given)
    return _Run(given).run()


def require_sense(given: Given) -> None:
    """Raises UsageError for options that contradict each other."""
    if given.has("jsonl") and given.operands:
        raise UsageError("--jsonl reads one file, and others are named too", hint="check them in a second command")
    if given.has("jsonl") and (given.has("fix") or given.has("diff")):
        raise UsageError("--fix and --diff change files, and --jsonl has none")
    if given.has("baseline") and given.has("write_baseline"):
        raise UsageError("--baseline reads what is known and --write-baseline writes it", hint="give one of the two")


class _Run:
    """One run over all inputs, in order, holding one text at a time."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._session = Session(given)
        self._tally = Tally()
        self._inputs = Inputs(self._session, self._tally.refuse)
        self._failed = False
        self._changes = 0
        self._baselines: dict[str, Baseline] = {}
        new = given.text("write_baseline")
        self._new: Baseline | None = None
        if new is not None:
            from amends.usecases.baseline import open_baseline

            self._new = open_baseline(new, new=True)

    def run(self) -> int:
        from amends.interfaces.cli.output import open_output

        given = self._given
        format = given.text("format") or ("jsonl" if given.has("jsonl") else "text")
        with open_output(given.text("output"), machine=format not in ("text", "markdown")) as out:
            renderer = self._renderer(format, out)
            for item in self._inputs:
                self._one(item, renderer, out)
            if not self._given.has("diff"):
                out.write(("" if self._tally.texts else renderer.begin()) + renderer.end(self._tally))
            out.done()
        self._after()
        return USAGE if self._tally.refused else 1 if self._failed else 0

    def _renderer(self, format: str, out: Output) -> Renderer:
        given = self._given
        quiet = given.has("quiet")
        top = given.number("top") if given.has("top") else BEST if format in ("text", "markdown") and not quiet else None
        paint = Paint(format == "text" and wants_colour(out.stream, wiring.environment))
        view = View(
            paint,
            columns(out.stream, wiring.environment),
            None if given.has("all") else top,
            given.has("explain"),
            quiet,
            self._session.rule,
        )
        if format == "text":
            from amends.interfaces.cli import as_text

            return as_text.LineRenderer(view) if quiet else as_text.TextRenderer(view)
        return _machine_renderer(format, view)

    def _one(self, item: Item, renderer: Renderer, out: Output) -> None:
        document = self._inputs.document(item)
        if document is None:
            return
        if self._given.has("fix") or self._given.has("diff"):
            document = self._fix(item, document, out)
        if self._new is not None:
            self._new.learn(document, item.draft.text)
        elif item.settings.baseline is not None:
            document = self._baseline(item.settings.baseline).apply(document, item.draft.text)
        before = "" if self._tally.texts else renderer.begin()
        self._tally.add(document)
        gc.enable()  # see `main`
        bar = item.settings.fail_on
        self._failed = self._failed or any(reaches(finding.severity, bar) for finding in document.findings)
        if not self._given.has("diff"):
            evidence = self._evidence(item, document) if self._given.has("explain") else ()
            out.write(before + renderer.document(Checked(item.draft, document, item.draft.form == "auto", item.label, evidence)))

    def _evidence(self, item: Item, document: Document) -> tuple[Explained, ...]:
        """Why each sentence got its labels; of a text that --fix has just changed, nothing is told."""
        if self._given.has("fix"):
            return ()
        return self._session.engine(item.settings, item.draft.path).explain(item.draft, document)

    def _baseline(self, path: str) -> Baseline:
        if path not in self._baselines:
            from amends.usecases.baseline import open_baseline

            self._baselines[path] = open_baseline(path)
        return self._baselines[path]

    def _fix(self, item: Item, document: Document, out: Output) -> Document:
        from amends.core.record import replace
        from amends.interfaces.cli.fix import diff, fixed, write_back

        text, number = fixed(item.draft.text, document)
        self._changes += number
        if self._given.has("diff"):
            out.write(diff(item.draft.text, text, item.label))
            return document
        if item.encoding is None:
            raise UsageError("--fix changes files, and standard input is none", hint="use --diff to see the changes")
        if not number:
            return document
        write_back(item.label, text, item.encoding)
        item.draft = replace(item.draft, text=text)
        return self._session.engine(item.settings, item.draft.path).check(item.draft)

    def _after(self) -> None:
        """Say when there was nothing to change; write the baseline, and say what became of it."""
        given = self._given
        if (given.has("fix") or given.has("diff")) and self._tally.texts and not self._changes and not given.has("quiet"):
            found = sum(self._tally.counts.values())
            why = "what was found needs words that only its author has" if found else "nothing was found"
            print(f"amends: nothing to change: {why}", file=sys.stderr)
        if self._new is None:
            return
        change = self._new.write()
        if not given.has("quiet"):
            said = f"{change.kept} known before, {change.added} new, {change.fixed} fixed and gone from it"
            print(f"amends: {self._new.path}: {said}", file=sys.stderr)


def _machine_renderer(format: str, view: View) -> Renderer:
    if format == "json":
        from amends.interfaces.cli.as_json import JsonRenderer

        return JsonRenderer(view)
    if format == "jsonl":
        from amends.interfaces.cli.as_json import LinesRenderer

        return LinesRenderer(view)
    if format == "sarif":
        from amends.interfaces.cli.as_sarif import SarifRenderer

        return SarifRenderer(view)
    if format == "github":
        from amends.interfaces.cli.as_github import GithubRenderer

        return GithubRenderer(view)
    from amends.interfaces.cli.as_markdown import MarkdownRenderer

    return MarkdownRenderer(view)
