"""What the compose page shows of a document: one sentence on what to do now, the steps, the findings, the promises.

Offsets for the editor are counted in UTF-16 units, as browsers count; those in documents are code points.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from amends.core.zones import zone_named
from amends.interfaces.web import words
from amends.language.labels import SEVERITIES
from amends.language.records import MoveReport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.core.problem import Problem
    from amends.language.forms import Form
    from amends.language.records import Commitment, Document, Edit, Finding

SHOWN = 3
"""Findings that stand open beside the text; the rest is folded, because nobody acts on twelve remarks at once."""

TOGETHER = 2
"""Missing sentences from which on they share one card, so that remarks about words stay in sight beside it."""

OPEN_GAP = "open-gap"
"""Remarks on gaps stand last: the page counts and leads through gaps anyway."""

LISTED = 50
"""Findings that get a card at all; a text with more of them is read again after the first fifty."""

GAP = re.compile(r"\[(?![ xX]\])[^\[\]\n]{1,200}\](?!\()")
"""Words in square brackets that the author still has to fill in; neither a checkbox nor a link."""

_SWITCH = re.compile(r"<!--\s*amends:.*?-->", re.DOTALL)


class Utf16:
    """Turns code point offsets of one text into UTF-16 offsets."""

    def __init__(self, text: str) -> None:
        self._wide = [] if text.isascii() else [at for at, char in enumerate(text) if char > "\uffff"]

    def __call__(self, offset: int) -> int:
        """The same position as a browser counts it."""
        return offset + bisect_left(self._wide, offset)


@dataclass(frozen=True, slots=True)
class Step:
    """A move as a labelled step: lit when it is there, with the span of its best sentence; `left_out` when its remark is ignored."""

    move: str
    name: str
    question: str
    present: bool
    required: bool
    left_out: bool
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Fix:
    """A rewrite for one click: replace [start, end) by `text`."""

    label: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding as a card: `key` is stable while the text around it changes, `quote` the words it is about (or nothing).

    `tip` is a suggestion for people, `fixes` are those for one click. A `missing` one asks for a sentence that is not there.
    """

    key: str
    rule: str
    severity: str
    severity_name: str
    message: str
    why: str
    source: str
    quote: str
    start: int
    end: int
    underlined: bool
    tip: str
    fixes: tuple[Fix, ...]
    move: str | None
    missing: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A promise as a chip: what it is, when it is due in the reader's zone, and the words that say so."""

    kind: str
    when: str
    iso: str
    quote: str
    start: int
    end: int
    note: str
    by_other: bool


@dataclass(frozen=True, slots=True)
class SignalView:
    """One of the three signals, as a word and a mark."""

    name: str
    met: bool
    says: str


@dataclass(frozen=True, slots=True)
class ComposeView:
    """Everything the compose page says about a draft."""

    now: str
    ready: bool
    empty: bool
    form_id: str
    form_title: str
    audience: str
    signals: tuple[SignalView, ...] = ()
    steps: tuple[Step, ...] = ()
    remarks: tuple[Remark, ...] = ()
    chips: tuple[Chip, ...] = ()
    problems: tuple[Problem, ...] = ()
    counts: tuple[tuple[str, int, str], ...] = ()
    ignored: int = 0
    unlisted: int = 0
    words: int = 0
    sentences: int = 0
    marks: str = field(default="{}")

    @property
    def unsaid(self) -> tuple[Remark, ...]:
        """The missing sentences, where there are enough of them for a card of their own."""
        missing = tuple(remark for remark in self.remarks if remark.missing)
        return missing if len(missing) >= TOGETHER else ()

    @property
    def top(self) -> tuple[Remark, ...]:
        """The best few of the others, shown open."""
        return self._apart()[:SHOWN]

    @property
    def rest(self) -> tuple[Remark, ...]:
        """What is left, folded."""
        return self._apart()[SHOWN:]

    def _apart(self) -> tuple[Remark, ...]:
        together = self.unsaid
        return tuple(sorted((one for one in self.remarks if one not in together), key=lambda one: one.rule == OPEN_GAP))


def compose_view(text: str, document: Document, forms: Sequence[Form]) -> ComposeView:
    """The view of a checked draft. Times are shown in the document's zone, or in the offset it was checked at."""
    at16 = Utf16(text)
    prose = _SWITCH.sub("", text)
    empty = not prose.strip()
    form = next((one for one in forms if one.id == document.form), None)
    steps = _steps(document, form, at16) if is_judged(document) or empty else ()
    remarks = _remarks(text, document, at16)
    chips = tuple(_chip(promise, _reader_zone(document), document.at, at16) for promise in document.promises)
    return ComposeView(
        now=what_now(text, document, steps),
        ready=not empty
        and not document.problems
        and not any(finding.severity == "error" for finding in document.findings)
        and not GAP.search(prose),
        empty=empty,
        form_id=document.form,
        form_title=form.title if form else document.form,
        audience=words.AUDIENCE_NAMES.get(document.audience, document.audience),
        signals=_signals(document, steps) if is_judged(document) or empty else (),
        steps=steps,
        remarks=remarks,
        chips=chips,
        problems=() if empty else document.problems,
        counts=_counts(document.findings),
        ignored=len(document.suppressed),
        unlisted=len(document.findings) - len(remarks),
        words=len(prose.split()),
        sentences=len(document.sentences),
        marks=_marks(steps, remarks, chips),
    )


def is_judged(document: Document) -> bool:
    """Whether the engine understands the language of the text; of others it sees the structure only, and calls nothing missing."""
    return document.language == "en"


def what_now(text: str, document: Document, steps: Sequence[Step]) -> str:
    """The one sentence at the top of the page: the next thing to do."""
    if not text.strip():
        return words.EMPTY_NOW
    if document.problems and not is_judged(document):
        return words.sentence(document.problems[0].message)
    missing = [step.move for step in steps if step.required and not step.present and not step.left_out]
    unmet = [one.signal for one in document.signals if not one.met and one.signal in missing]
    if "fact" in missing:
        return words.DO_NOW["fact"]
    for move in (*unmet, *missing):
        return words.DO_NOW.get(move, f"Add: {words.MOVE_NAMES.get(move, move).lower()}.")
    gap = GAP.search(_SWITCH.sub("", text))
    if gap:
        return f"Fill in {gap[0]}."
    worst = next((one for one in document.findings if one.severity == "error"), None)
    if worst is not None:
        quote = _quote(text, worst)
        return f"Rewrite “{quote}”." if quote else "One thing is left to fix."
    left = sum(one.severity == "warning" for one in document.findings)
    if left:
        return f"{words.READY} {left} {'remark is' if left == 1 else 'remarks are'} left to weigh."
    return words.READY


def _signals(document: Document, steps: Sequence[Step]) -> tuple[SignalView, ...]:
    """The signals that no step speaks of already, in forms whose readers look for them."""
    if document.form not in words.SIGNAL_FORMS:
        return ()
    met = {one.signal for one in document.signals if one.met}
    said = {step.move for step in steps if step.required or step.present}
    left = [(key, told) for key, told in words.SIGNALS.items() if key not in said]
    return tuple(SignalView(name, key in met, says if key in met else not_yet) for key, (name, says, not_yet) in left)


def _steps(document: Document, form: Form | None, at16: Utf16) -> tuple[Step, ...]:
    ignored = {one.rule for one in document.suppressed}
    return tuple(_step(move, form, at16, f"missing-{move.move}" in ignored) for move in document.moves or _not_yet(form))


def _not_yet(form: Form | None) -> tuple[MoveReport, ...]:
    """The moves that a form asks for, none of them made: what an empty draft shows."""
    asked = form.moves if form else ()
    return tuple(MoveReport(one.move, required=one.need == "error", present=False, start=None, end=None) for one in asked)


def _step(move: MoveReport, form: Form | None, at16: Utf16, ignored: bool) -> Step:
    asked = form.move(move.move) if form else None
    shown = move.present and move.start is not None and move.end is not None
    return Step(
        move=move.move,
        name=words.MOVE_NAMES.get(move.move, move.move),
        question=asked.question if asked else words.DO_NOW.get(move.move, ""),
        present=move.present,
        required=move.required,
        left_out=ignored and not move.present,
        start=at16(move.start) if shown and move.start is not None else None,
        end=at16(move.end) if shown and move.end is not None else None,
    )


def _remarks(text: str, document: Document, at16: Utf16) -> tuple[Remark, ...]:
    seen: dict[str, int] = {}
    remarks = []
    for finding in document.findings[:LISTED]:
        seen[finding.rule] = seen.get(finding.rule, 0) + 1
        remarks.append(_remark(text, finding, f"{finding.rule}-{seen[finding.rule]}", at16))
    return tuple(remarks)


def _remark(text: str, finding: Finding, key: str, at16: Utf16) -> Remark:
    return Remark(
        key=key,
        rule=finding.rule,
        severity=finding.severity,
        severity_name=words.SEVERITY_NAMES.get(finding.severity, finding.severity),
        message=finding.message,
        why=finding.why,
        source=finding.source,
        quote=_quote(text, finding),
        start=at16(finding.start),
        end=at16(finding.end),
        underlined=on_words(text, finding),
        tip=_tip(finding),
        fixes=tuple(_fix(edit, at16) for edit in finding.edits),
        move=finding.move,
        missing=_is_missing(finding),
    )


def on_words(text: str, finding: Finding) -> bool:
    """Whether a finding is about particular words; one about what is missing, or about the whole text, underlines nothing."""
    if _is_missing(finding):
        return False
    whole = finding.start <= len(text) - len(text.lstrip()) and finding.end >= len(text.rstrip())
    return finding.end > finding.start and not (whole and len(text.split()) > 12)


def _is_missing(finding: Finding) -> bool:
    return finding.flaw is None and finding.move is not None


def _tip(finding: Finding) -> str:
    """The first suggestion that says more than the rewrites beside it."""
    said = [edit.text.strip() for edit in finding.edits if edit.text.strip()]
    return next((tip for tip in finding.suggestions if not any(text in tip for text in said)), "")


def _fix(edit: Edit, at16: Utf16) -> Fix:
    return Fix(edit.label, at16(edit.start), at16(edit.end), edit.text)


def _quote(text: str, finding: Finding) -> str:
    if not on_words(text, finding):
        return ""
    quote = " ".join(text[finding.start : finding.end].split())
    return quote if len(quote) <= 60 else quote[:57].rstrip() + "…"


def _reader_zone(document: Document) -> tzinfo:
    return zone_named(document.tz) or document.at.tzinfo or UTC  # an unknown zone is told as a problem of the document


def _chip(promise: Commitment, zone: tzinfo, at: datetime, at16: Utf16) -> Chip:
    due = promise.due.astimezone(zone) if promise.due else None
    notes = [words.FIRMNESS_NOTES.get(promise.firmness, ""), promise.note or ""]
    return Chip(
        kind=words.PROMISE_KINDS.get(promise.kind, "Promise"),
        when=say_when(due, promise.grain, at.astimezone(zone)) if due else "no time yet",
        iso=due.isoformat() if due else "",
        quote=promise.quote,
        start=at16(promise.start),
        end=at16(promise.time_end if promise.time_end is not None else promise.end),
        note="; ".join(note for note in notes if note),
        by_other=promise.actor == "other",
    )


def say_when(due: datetime, grain: str | None, now: datetime) -> str:
    """An instant for people, with its zone: the day only where it is another one, the time only where one was meant.

    >>> from datetime import datetime, timedelta, timezone
    >>> now = datetime(2026, 3, 4, 10, 50, tzinfo=timezone.utc)
    >>> say_when(now.replace(hour=14, minute=30), "minute", now)
    '14:30 UTC'
    >>> say_when(now + timedelta(days=2), "day", now)
    'Fri 6 Mar'
    """
    parts = []
    coarse = grain in ("day", "week", "month", "quarter")
    if due.date() != now.date() or coarse:
        parts.append(f"{due:%a} {due.day} {due:%b}" + (f" {due.year}" if due.year != now.year else ""))
    if not coarse:
        parts.append(f"{due:%H:%M} {due.tzname() or ''}".strip())
    return ", ".join(parts)


def _counts(findings: Sequence[Finding]) -> tuple[tuple[str, int, str], ...]:
    counts = []
    for severity in SEVERITIES:
        number = sum(finding.severity == severity for finding in findings)
        one, more = words.SEVERITY_COUNTS[severity]
        if number:
            counts.append((severity, number, (one if number == 1 else more).format(number)))
    return tuple(counts)


def _marks(steps: Sequence[Step], remarks: Sequence[Remark], chips: Sequence[Chip]) -> str:
    """What the script draws into the editor, as compact JSON: spans with keys, nothing that is shown elsewhere."""
    return json.dumps(
        {
            "findings": [[one.start, one.end, one.severity, one.key] for one in remarks if one.underlined],
            "places": {one.key: [one.start, one.end] for one in remarks},
            "moves": {one.move: [one.start, one.end] for one in steps if one.start is not None},
            "promises": [
                [one.start, one.end, one.when, one.kind] for one in chips if one.iso and not one.by_other and one.when not in one.quote
            ],
        },
        separators=(",", ":"),
    )
