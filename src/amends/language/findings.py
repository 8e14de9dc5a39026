"""Turns what rules and detectors found into findings: worded, placed, ordered, and silenced where the author said so."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from amends.core.problem import Problem
from amends.language.context import Remark
from amends.language.detectors import detector
from amends.language.labels import SEVERITIES
from amends.language.records import Edit, Finding, Suppressed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.core.span import LineIndex
    from amends.language.context import Context
    from amends.language.forms import Form
    from amends.language.index import Index
    from amends.language.options import Options
    from amends.language.rules import Rule
    from amends.language.switches import Switch

_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}
_LIGHTEST = -1
"""A rule of this weight speaks where no other does."""
DOUBTFUL, CERTAIN = 0.5, 0.85
"""A flaw is no error below the one, and a grave flaw is an error from the other on: a false accusation costs the author's trust.
Chosen where 0.93 of the errors hold on the evaluation sets (docs/decisions/0010)."""
GRAVE = frozenset({"blame", "deflection", "minimizing", "overclaim"})
"""Flaws that hurt a reader; the others only leave them without something."""
_SHOWN = 80
"""Words of the draft quoted in a message are cut at this many characters."""


def find(
    context: Context, index: Index, options: Options, lines: LineIndex, switches: list[Switch], *, english: bool
) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...], list[Problem]]:
    """The findings, most important first, those that switches silenced, and the switches that silenced nothing."""
    found: list[tuple[int, int, Finding]] = []
    for rule, remark in _remarks(context, index, options, english=english):
        severity = _severity(rule, remark, context, options)
        if severity != "off":
            finding = _finding(rule, remark, severity, context, lines)
            found.append((_RANK[severity], -rule.weight, finding))
    found = _without_doubles(found)
    found.sort(key=lambda one: (one[0], one[1], one[2].start, one[2].rule))
    if not switches:
        return tuple(finding for _, _, finding in found), (), []
    return _silenced([finding for _, _, finding in found], switches)


def _remarks(context: Context, index: Index, options: Options, *, english: bool) -> Iterator[tuple[Rule, Remark]]:
    for place, hits in enumerate(context.reading.rule_hits):
        for number, first, last in hits:
            rule = index.rules[number]
            if applies(rule, context, options):
                start, end = context.marked(rule, first, last)
                yield rule, Remark(start, end, {}, _as_sure(rule, context, place), ())
    if not english:
        return
    for rule in _structural(index, context.form.id, context.audience, options):
        for remark in (_pattern_remarks if rule.detector is None else detector(rule.detector))(context, rule):
            yield rule, remark


def _as_sure(rule: Rule, context: Context, place: int) -> str | None:
    """Another severity for the words of a flaw in a sentence that reads very much like it, or hardly; None for the rule's own."""
    if rule.flaw is None:
        return None
    sure, own = context.sureness(place, rule.flaw), rule.severity_towards(context.audience)
    if not sure:
        return "note"
    if own == "error" and sure < DOUBTFUL:
        return "warning"
    return "error" if own == "warning" and rule.flaw in GRAVE and sure >= CERTAIN else None


@lru_cache(maxsize=128)
def _structural(index: Index, form_id: str, audience: str, options: Options) -> tuple[Rule, ...]:
    """The rules that look at more than words in a draft of a form, for an audience: gathered once, not at each check."""
    form = index.forms[index.form_names.index(form_id)]
    return tuple(rule for rule in index.structural(form_id) if _speaks(rule, form, options) and rule.severity_towards(audience) != "off")


def applies(rule: Rule, context: Context, options: Options) -> bool:
    """Whether a rule speaks at all about a draft of this form, as the team has decided."""
    return _speaks(rule, context.form, options)


def _speaks(rule: Rule, form: Form, options: Options) -> bool:
    if rule.forms and form.id not in rule.forms:
        return False
    if rule.id in form.off or rule.id in options.ignore or (options.select and rule.id not in options.select):
        return False
    return rule.switch is None or rule.switch in options.switches


def _pattern_remarks(context: Context, rule: Rule) -> Iterator[Remark]:
    """A rule by regular expression: tried on the sentences that hold one of its anchor words."""
    anchors = set(rule.anchors)
    for sentence in context.text.sentences:
        if anchors.isdisjoint(context.words(sentence)):
            continue
        for found in re.finditer(rule.pattern or "", context.text.masked[sentence.start : sentence.end], re.IGNORECASE):
            yield Remark(sentence.start + found.start(), sentence.start + found.end())


def _severity(rule: Rule, remark: Remark, context: Context, options: Options) -> str:
    """The team's word outranks the form's, which outranks the audience's and the rule's own."""
    towards = rule.severity_towards(context.audience)
    if towards == "off":
        return "off"
    for table in (options.severity, context.form.severities):
        for name, severity in table:
            if name == rule.id:
                return severity
    return remark.severity or towards


def _finding(rule: Rule, remark: Remark, severity: str, context: Context, lines: LineIndex) -> Finding:
    words = " ".join(context.text.raw[remark.start : remark.end].split())
    values = {"words": words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…", **remark.values}
    line, column = lines.place(remark.start)
    raw = context.text.raw
    edits = remark.edits or tuple(_fitted(Edit(label, remark.start, remark.end, _worded(text, values)), raw) for label, text in rule.edits)
    suggestions = tuple(_worded(text, values) for text in rule.suggest) or tuple(edit.label for edit in edits)
    return Finding(
        rule.id, rule.flaw, rule.move, severity, _worded(rule.message, values), rule.why, remark.start, remark.end, line, column,
        suggestions, rule.source, edits,
    )  # fmt: skip


def _fitted(edit: Edit, raw: str) -> Edit:
    """An edit as the words around it need it: a capital where the words found had one, no double space or lonely comma left behind."""
    start, end, text = edit.start, edit.end, edit.text
    opens = raw[start].isupper() and not raw[start:end].isupper()
    if text:
        return Edit(edit.label, start, end, text[0].upper() + text[1:]) if opens else edit
    after, in_commas = raw[end : end + 1], raw[max(start - 2, 0) : start] == ", "
    if opens or not start or raw[start - 1] == "\n":
        while raw[end : end + 1] in (",", " "):
            end += 1
    elif in_commas and after in ",.!?;":
        start, end = start - 2, end + (after == ",")
    elif start and raw[start - 1] == " ":
        start -= 1
    if opens and end < len(raw):
        return Edit(edit.label, start, end + 1, raw[end].upper())
    return Edit(edit.label, start, end, text)


def _worded(text: str, values: dict[str, str]) -> str:
    if "{" not in text:
        return text
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), text)


def _without_doubles(found: list[tuple[int, int, Finding]]) -> list[tuple[int, int, Finding]]:
    """Of findings about the same flaw on overlapping words, the most severe, then the longest; one of weight 1 only stands in alone."""
    kept: list[tuple[int, int, Finding]] = []
    order = sorted(found, key=lambda one: (one[0], one[1] == _LIGHTEST, one[2].start - one[2].end, one[2].start, one[2].rule))
    taken: dict[str, tuple[list[int], list[int]]] = {}
    for one in order:
        finding = one[2]
        if finding.flaw or finding.move is None:  # two moves may be missing in the same place
            starts, ends = taken.setdefault(finding.flaw or finding.rule, ([], []))
            place = bisect_right(starts, finding.start)
            if (place and ends[place - 1] > finding.start) or (place < len(starts) and starts[place] < finding.end):
                continue
            starts.insert(place, finding.start)
            ends.insert(place, finding.end)
        kept.append(one)
    return kept


def _silenced(findings: list[Finding], switches: list[Switch]) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...], list[Problem]]:
    kept: list[Finding] = []
    silenced: list[Suppressed] = []
    used: set[int] = set()
    for finding in findings:
        covering = next((number for number, switch in enumerate(switches) if switch.covers(finding.rule, finding.start, finding.end)), None)
        if covering is None:
            kept.append(finding)
        else:
            used.add(covering)
            silenced.append(
                Suppressed(finding.rule, finding.start, finding.end, f"switch on line {switches[covering].line}", switches[covering].reason)
            )
    unused = [
        Problem("unused-switch", f"the switch for {', '.join(switch.rules)} silences nothing", "remove it", line=switch.line)
        for number, switch in enumerate(switches)
        if number not in used
    ]
    return tuple(kept), tuple(silenced), unused
