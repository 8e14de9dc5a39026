"""`amends compare`: two tellings of one incident in, and out the places where the second became cleaner but less true."""

from __future__ import annotations

from amends import wiring
from amends.core.errors import AmendsError, UnknownNameError, UsageError
from amends.core.people import AUDIENCES
from amends.interfaces.cli.compare_pairs import Pair, pairs, texts_of
from amends.interfaces.cli.failures import USAGE
from amends.interfaces.cli.options import FAIL_ON, Option, parse
from amends.interfaces.cli.result import Tally, reaches
from amends.interfaces.cli.session import STDIN, row_error, unknown_name
from amends.interfaces.cli.terminal import Paint, columns, wants_colour

TYPE_CHECKING = False  # known to type checkers; importing `typing` would cost start-up time
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amends.interfaces.cli.compare_forms import ComparisonRenderer
    from amends.interfaces.cli.options import Given
    from amends.interfaces.cli.output import Output
    from amends.usecases.checking import Checking
    from amends.usecases.comparing import Compared

FORMATS = ("text", "json", "jsonl", "github", "markdown")
OPTIONS = (
    Option("--audience", "WHO", "Who reads the retold text.", choices=AUDIENCES),
    Option("--format", "FORMAT", "How to write the result. Default: text, and jsonl with --jsonl.", choices=FORMATS),
    Option("--fail-on", "SEVERITY", "Exit with 1 from this severity on. Default: warning.", choices=FAIL_ON),
    Option("--jsonl", "FILE", 'Read one {"id", "source", "retold", "audience"} a line from FILE or -, and write one comparison a line.'),
    Option("--follow-up", "", "Read several follow-ups, the latest last, and find promises that it makes again without a date."),
    Option("-o --output", "FILE", "Write the result to FILE instead of standard output."),
    Option("-q --quiet", "", "One line a drift, and nothing else but errors."),
    Option("-h --help", "", "Show this message and exit."),
)


def run(words: list[str], show_help: Callable[[], int]) -> int:
    """Compare what a command line names, write the result, and give the exit status."""
    given = parse(words, OPTIONS, "compare")
    if given.has("help"):
        return show_help()
    _require_sense(given)
    from amends.interfaces.cli.output import open_output

    format = given.text("format") or ("jsonl" if given.has("jsonl") else "text")
    tally = Tally()
    with open_output(given.text("output"), machine=format not in ("text", "markdown")) as out:
        failed = _write(given, _renderer(format, given, out), tally, out)
    return USAGE if tally.refused else 1 if failed else 0


def _require_sense(given: Given) -> None:
    """Raises UsageError for anything but two texts, or one file of pairs."""
    if given.has("jsonl"):
        if given.operands:
            raise UsageError("--jsonl reads one file, and others are named too", hint="compare them in a second command")
        if given.has("follow_up"):
            raise UsageError("--follow-up compares a row of files, and --jsonl has pairs", hint="give one of the two")
        return
    if given.operands.count("-") > 1:
        raise UsageError("only one text can come from standard input", hint="give the others as files, or pairs as lines of --jsonl -")
    if given.has("follow_up"):
        if len(given.operands) < 2:
            raise UsageError("--follow-up needs an earlier text and the latest", hint="amends compare --follow-up EARLIER… LATEST")
        return
    if len(given.operands) != 2:
        said = f"two texts are compared, and {len(given.operands) or 'none'} {'is' if len(given.operands) < 2 else 'are'} named"
        raise UsageError(said, hint="amends compare SOURCE RETOLD, where - is standard input")


def _write(given: Given, renderer: ComparisonRenderer, tally: Tally, out: Output) -> bool:
    """Compare and write; whether something reached the severity that makes the command fail."""
    engine = wiring.open_checking()
    bar = given.text("fail_on") or "warning"
    failed = False
    for pair, compared in _found(engine, given, tally.refuse):
        before = "" if tally.texts else renderer.begin()
        tally.texts += 1
        for drift in compared.comparison.drifts:
            tally.counts[drift.severity] += 1
            failed = failed or reaches(drift.severity, bar)
        out.write(before + renderer.comparison(pair, compared))
    out.write(("" if tally.texts else renderer.begin()) + renderer.end(tally))
    out.done()
    return failed


def _found(engine: Checking, given: Given, refuse: Callable[[Exception], None]) -> Iterator[tuple[Pair, Compared]]:
    """The pairs of a run, each with what there is to say of it."""
    if given.has("follow_up"):
        yield from _followed_up(engine, given, refuse)
        return
    for pair in pairs(given, refuse):
        compared = _compared(engine, pair, refuse)
        if compared is not None:
            yield pair, compared


def _followed_up(engine: Checking, given: Given, refuse: Callable[[Exception], None]) -> Iterator[tuple[Pair, Compared]]:
    """Each earlier follow-up against the latest; nothing where one of them cannot be read."""
    texts = texts_of(given, refuse)
    if len(texts) != len(given.operands):
        return
    *earlier, (latest, label) = texts
    try:
        found = engine.follow_ups([text for text, _ in earlier], latest, wiring.system_clock().now())
    except AmendsError as error:
        refuse(error)
        return
    for (text, name), compared in zip(earlier, found, strict=True):
        yield Pair(text, latest, name, label, given.text("audience"), promises=True), compared


def _compared(engine: Checking, pair: Pair, refuse: Callable[[Exception], None]) -> Compared | None:
    """What there is to say of a pair, or None where it cannot be compared (which is then told)."""
    try:
        return engine.compare(pair.source, pair.retold, pair.audience)
    except AmendsError as error:
        named = unknown_name(error.what, error.name, error.known) if isinstance(error, UnknownNameError) else error
        refuse(named if pair.row is None else row_error(named, pair.file or STDIN, pair.row))
        return None


def _renderer(format: str, given: Given, out: Output) -> ComparisonRenderer:
    from amends.interfaces.cli import compare_forms

    if format == "text":
        from amends.interfaces.cli.compare_text import ComparisonLines, ComparisonText

        paint = Paint(wants_colour(out.stream, wiring.environment))
        return (ComparisonLines if given.has("quiet") else ComparisonText)(paint, columns(out.stream, wiring.environment))
    return compare_forms.RENDERERS[format]()
