"""`amends check`: drafts in, remarks out. Imports as little as it can, because an engineer waits for it."""

from __future__ import annotations

import gc
import os
import sys

from amends import wiring
from amends.core.errors import AmendsError, InputError, UnknownNameError, UsageError
from amends.core.files import DRAFT_LIMIT, decode, read_bytes, too_large, unreadable
from amends.core.people import AUDIENCES
from amends.interfaces.cli.failures import INTERRUPTED, USAGE, tell
from amends.interfaces.cli.options import CHECK_OPTIONS, parse
from amends.interfaces.cli.result import Checked, Tally, View, reaches
from amends.interfaces.cli.session import Session, row_error, unknown_name
from amends.interfaces.cli.terminal import Paint, columns, wants_colour

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amends.interfaces.cli.options import Given
    from amends.interfaces.cli.output import Output
    from amends.interfaces.cli.result import Renderer
    from amends.language.records import Document, Draft
    from amends.settings import Settings
    from amends.usecases.baseline import Baseline

BEST = 3
"""How many findings a person is shown at first: more than three at once are read by nobody."""
_STDIN = "<stdin>"


class _Item:
    """One text to check: the draft, its settings, how to name it, the row it came from, and the encoding of its file."""

    __slots__ = ("draft", "encoding", "label", "row", "settings")

    def __init__(self, draft: Draft, settings: Settings, label: str, row: int | None = None, encoding: str | None = None) -> None:
        self.draft = draft
        self.settings = settings
        self.label = label
        self.row = row
        self.encoding = encoding


def run(words: list[str], show_help: Callable[[], int]) -> int:
    """Check what a command line names, write the result, and give the exit status."""
    given = parse(words, CHECK_OPTIONS)
    if given.has("help"):
        return show_help()
    _require_sense(given)
    return _Run(given).run()


def _require_sense(given: Given) -> None:
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
        self._failed = False
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
        out = open_output(given.text("output"), machine=format not in ("text", "markdown"))
        try:
            renderer = self._renderer(format, out)
            for item in self._items():
                self._one(item, renderer, out)
            if not self._given.has("diff"):
                out.write(("" if self._tally.texts else renderer.begin()) + renderer.end(self._tally))
            out.done()
        except KeyboardInterrupt:
            out.drop()
            return INTERRUPTED
        except BaseException:
            out.drop()
            raise
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

    def _one(self, item: _Item, renderer: Renderer, out: Output) -> None:
        document = self._checked(item)
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
            out.write(before + renderer.document(Checked(item.draft, document, item.draft.form == "auto", item.label)))

    def _checked(self, item: _Item) -> Document | None:
        """What the engine says, or None when a row asks for something that is not there (which is then told)."""
        engine = self._session.engine(item.settings, item.draft.path)
        try:
            return engine.check(item.draft)
        except UnknownNameError as error:
            named = unknown_name(error.what, error.name, error.known)
            if item.row is None:
                raise named from error
            self._refuse(row_error(named, item.label, item.row))
            return None

    def _baseline(self, path: str) -> Baseline:
        if path not in self._baselines:
            from amends.usecases.baseline import open_baseline

            self._baselines[path] = open_baseline(path)
        return self._baselines[path]

    def _fix(self, item: _Item, document: Document, out: Output) -> Document:
        from amends.core.record import replace
        from amends.interfaces.cli.fix import diff, fixed, write_back

        text, number = fixed(item.draft.text, document)
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
        """Write the baseline, and say what became of it."""
        if self._new is None:
            return
        change = self._new.write()
        if not self._given.has("quiet"):
            said = f"{change.kept} known before, {change.added} new, {change.fixed} fixed and gone from it"
            print(f"amends: {self._new.path}: {said}", file=sys.stderr)

    def _refuse(self, error: Exception) -> None:
        self._tally.refused.append(error if isinstance(error, AmendsError) else InputError(str(error)))
        tell(error)

    def _items(self) -> Iterator[_Item]:
        if self._given.has("jsonl"):
            yield from self._rows(self._given.text("jsonl") or "-")
            return
        for operand in self._given.operands or ["-"]:
            if operand == "-":
                yield from self._stdin(asked=bool(self._given.operands))
            elif os.path.isdir(operand):
                yield from self._folder(operand)
            elif not self._session.excluded(operand):
                yield from self._file(operand)

    def _stdin(self, asked: bool) -> Iterator[_Item]:
        name = self._given.text("stdin_filename")
        if not asked and sys.stdin.isatty() and not self._given.has("quiet"):
            print("Paste or type the message, then press Ctrl-D on an empty line.", file=sys.stderr)
        data = sys.stdin.buffer.read(DRAFT_LIMIT + 1)
        try:
            if len(data) > DRAFT_LIMIT:
                raise too_large(name or _STDIN, DRAFT_LIMIT)
            text, _ = decode(data, name or _STDIN)
        except AmendsError as error:
            self._refuse(error)
            return
        settings = self._session.settings_for(name)
        yield _Item(self._session.draft(text, settings, name), settings, name or _STDIN)

    def _folder(self, folder: str) -> Iterator[_Item]:
        from amends.interfaces.cli.folders import texts_in
        from amends.interfaces.cli.progress import Progress

        progress = Progress(quiet=self._given.has("quiet"))
        for path in texts_in(folder, lambda path, error: self._refuse(unreadable(path, error))):
            if not self._session.excluded(path):
                yield from self._file(path)
                progress.step()
        progress.done()

    def _file(self, path: str) -> Iterator[_Item]:
        try:
            text, encoding = decode(read_bytes(path), path)
        except AmendsError as error:
            self._refuse(error)
            return
        settings = self._session.settings_for(path)
        yield _Item(self._session.draft(text, settings, path), settings, path, encoding=encoding)

    def _rows(self, name: str) -> Iterator[_Item]:
        from amends.interfaces.cli.rows import read_rows

        try:
            file = sys.stdin.buffer if name == "-" else open(name, "rb")  # noqa: SIM115 (closed below; standard input is not ours to close)
        except OSError as error:
            raise unreadable(name, error) from error
        label = _STDIN if name == "-" else name
        settings = self._session.settings_for(None if name == "-" else name)
        try:
            for number, row in read_rows(file, label, self._refuse):
                if row.get("audience", AUDIENCES[0]) not in AUDIENCES:
                    self._refuse(row_error(unknown_name("audience", row["audience"], AUDIENCES), label, number))
                    continue
                try:
                    draft = self._session.draft(row["text"], settings, None, row)
                except UsageError as error:
                    self._refuse(row_error(error, label, number))
                    continue
                yield _Item(draft, settings, f"{label}:{number}" if draft.id is None else draft.id, number)
        finally:
            if file is not sys.stdin.buffer:
                file.close()


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
