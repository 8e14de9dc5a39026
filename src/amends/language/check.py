"""Checks a draft: reads it once, and says what it does for its reader, what in it costs trust, and what is promised.

The one entry for every interface. Deterministic: the same draft and options give the same document.
"""

from __future__ import annotations

from datetime import UTC

from amends.core.errors import UnknownNameError
from amends.core.people import AUDIENCES
from amends.core.problem import Problem
from amends.core.span import LineIndex
from amends.language import commitments, judging
from amends.language.context import Context
from amends.language.english import foreign_language
from amends.language.features import read
from amends.language.findings import applies, find
from amends.language.forms import recognise
from amends.language.gaps import unsaid
from amends.language.options import Options
from amends.language.presence import move_reports, signals
from amends.language.records import Document, Draft, FlawLabel, SentenceReport
from amends.language.switches import read_switches
from amends.language.text import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import tzinfo

    from amends.language.forms import Form
    from amends.language.index import Index
    from amends.language.records import Commitment, PastTime


def check(draft: Draft, index: Index, options: Options | None = None) -> Document:
    """Everything that the engine says about a draft.

    Bad data is a value: an empty draft, an unknown zone or a text in another language is a problem of the document.

    Raises:
        UnknownNameError: the form or the audience is none of the known ones; carries the list of names.
    """
    options = options or Options()
    form = _form_named(draft.form, index)
    if draft.audience is not None and draft.audience not in AUDIENCES:
        raise UnknownNameError("audience", draft.audience, AUDIENCES)
    if not draft.text.strip():
        return _empty(draft, form, index)
    problems: list[Problem] = []
    tz = _known_zone(draft, problems)
    text = parse(draft.text, draft.markup)
    foreign = foreign_language(text)
    promises: tuple[Commitment, ...] = ()
    past: tuple[PastTime, ...] = ()
    if foreign:
        problems.append(Problem("other-language", f"this does not read as English but as {foreign[1]}", "only its structure was checked"))
    else:
        promises, past = commitments.find(text, draft.at, tz, options.calendar)
    reading = read(text, index.lexicon, index.tables, promises, index.labels)
    if foreign:
        reading.silence()
    if form is None:
        form = index.forms[recognise(index.form_names, reading, index.form_signs, index.form_labels)]
    reading.odds, reading.least = index.network.judge(reading), index.network.least
    gaps = unsaid(text, form.template)
    moves = judging.moves(index.network, reading, range(len(text.sentences)) if foreign else gaps)
    context = Context(reading, moves, form, draft.audience or form.audience, promises, past, draft.at, tz, options.calendar)
    context.unsaid = gaps
    if not foreign:
        context.flaws = [_flaws(context, place, index, options) for place in range(len(text.sentences))]
    context.reports = move_reports(context)
    lines = LineIndex(draft.text)
    switches, wrong = read_switches(draft.text, lines, index.rule_names)
    problems += wrong
    findings, suppressed, unused = find(context, index, options, lines, switches, english=not foreign)
    problems += unused
    return Document(
        draft.id, draft.path, form.id, context.audience, draft.at, tz, foreign[0] if foreign else "en", signals(context),
        _sentences(context), context.reports, findings, promises, past, suppressed, tuple(problems),
    )  # fmt: skip


def _form_named(name: str, index: Index) -> Form | None:
    if name == "auto":
        return None
    if name not in index.form_names:
        raise UnknownNameError("form", name, ("auto", *index.form_names))
    return index.forms[index.form_names.index(name)]


def _empty(draft: Draft, form: Form | None, index: Index) -> Document:
    """An empty draft has one problem, which says what to write first, and no findings."""
    wanted = form or index.forms[index.form_names.index("first-message")]
    first = wanted.moves[0].prompt if wanted.moves else "what happened, and when"
    problem = Problem("empty-draft", "there is nothing here yet", f"write first: {first}")
    audience = draft.audience or wanted.audience
    return Document(draft.id, draft.path, wanted.id, audience, draft.at, draft.tz, "en", (), (), (), (), (), (), (), (problem,))


def _known_zone(draft: Draft, problems: list[Problem]) -> str | None:
    """The draft's zone where it exists; an unknown one is a problem and the offset of `at` is used."""
    if draft.tz is None:
        return None
    if zone_of(draft.tz) is None:
        problems.append(
            Problem(
                "unknown-zone",
                f"unknown time zone {draft.tz!r}",
                "use a name such as Europe/London; times were read with the offset of `at`",
            )
        )
        return None
    return draft.tz


def zone_of(name: str) -> tzinfo | None:
    """The zone of that name, or None; plain UTC needs no zone data."""
    if name in ("UTC", "Etc/UTC"):
        return UTC
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _sentences(context: Context) -> tuple[SentenceReport, ...]:
    return tuple(
        SentenceReport(sentence.start, sentence.end, moves, tuple(flaws))
        for sentence, moves, flaws in zip(context.text.sentences, context.moves, context.flaws, strict=True)
    )


def _flaws(context: Context, place: int, index: Index, options: Options) -> list[FlawLabel]:
    """The flaws of one sentence: those that the network sees, with the words of the surest rule for each where one speaks."""
    told: dict[str, tuple[float, int, int]] = {}
    unwanted: set[str] = set()  # the team does not want to hear of these words: neither from the rule nor from the network
    for number, first, last in context.reading.rule_hits[place]:
        rule = index.rules[number]
        if rule.flaw is None:
            continue
        if rule.severity_towards(context.audience) == "off" or not applies(rule, context, options):
            unwanted.add(rule.flaw)
            continue
        if rule.flaw not in told or rule.confidence > told[rule.flaw][0]:
            told[rule.flaw] = (rule.confidence, *context.marked(rule, first, last))
    spans = {flaw: (start, end) for flaw, (_, start, end) in told.items()}
    return judging.flaws(index.network, context.reading, place, spans, unwanted - spans.keys())
