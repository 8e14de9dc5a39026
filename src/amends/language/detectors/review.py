"""Detectors for the review after an incident and for the short report on a bug: timeline, conditions, actions."""

from __future__ import annotations

import re

from amends.language.context import Remark
from amends.language.detectors.shape import limit
from amends.language.detectors.words import DAY_OF_MONTH, ISO_DATE, WEEKDAY, any_of

__all__ = [
    "action_without_check",
    "action_without_date",
    "action_without_owner",
    "nothing_went_well",
    "nothing_would_catch_it",
    "one_sided_conditions",
    "short_timeline",
    "soft_action",
    "timeline_without_evidence",
    "too_many_actions",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.context import Context
    from amends.language.rules import Rule

    Line = tuple[int, int, str]
    """Start, end and words of one line."""

_QUOTED_WORDS = 8
TIMELINE = 5
"""A timeline with fewer entries leaves out either the signals or the decisions."""
_ENTRY = (
    r"(?m)^[ \t|*•–-]*(?:\d{1,2}[.)][ \t]+)?"
    r"(?:(?:\d{4}-\d\d-\d\d|\d{1,2}\.? [A-Z][a-z]{2,8}|[A-Z][a-z]{2,8}\.? \d{1,2}"
    r"|(?!(?:From|Between|Since|Around|Until|On|By|After|Before)\b)[A-Z][a-z]{1,8}),?[ \tT]+(?:at )?){0,2}\d{1,2}[:.]\d{2}\b.*$"
)
_TIMELINE_HEADING = r"(?im)^[#*\s]*(?:timeline|chronology|sequence of events)\b[^\n]{0,40}$"
_EVIDENCE = (
    r"\[[^\]\n]{2,}\]|https?://|#\d{2,}|`[^`\n]+`"
    r"|\([^)\n]*\b(?:logs?|chat|thread|ticket|case|graph|chart|screenshot|records?|e?-?mail|sheet|alert|commit|change|pr|recording"
    r"|export|ledger|dashboard|report|receipt|trace|metrics|query|dump|audit|pager|history|database|file|call|note|statement)\b[^)\n]*\)"
)
_ACTIONS = (
    r"(?im)^[#*\s]*(?:\d+[.)]\s*)?(?:(?:corrective|preventive|follow-up|agreed|our)\s+)?"
    r"(?:actions?|action items?|next steps?|remediation|measures|follow-ups?|fixes|what (?:we|changes|we are|we're|will).{0,25}"
    r"|improvements)"
    r"(?:\s+(?:and|we)\b.{0,20})?[*\s]*:?[ \t]*$"
)
_ITEM = (
    r"(?m)^[ \t]*(?:\d{1,2}[.)]|[-*•+])[ \t]+"
    r"(?P<words>.+(?:\n(?![ \t]*(?:\d{1,2}[.)]|[-*•+])[ \t]|\s*\n|[A-Z][^\n.]{0,40}\n).+)*)$"
)
_DUE = (
    rf"\b(?:{DAY_OF_MONTH}|{ISO_DATE}|\d{{1,2}}/\d{{1,2}}|(?:due|by|since|from|until|before|on)\s+(?:{WEEKDAY}|end|q[1-4]|next"
    rf"|the \d|sprint|week)\b"
    r"|today|tomorrow|done|merged|live|in force|deployed|shipped|completed)"
)
_OWNER = (
    any_of(
        "owner owned owns assigned team crew lead manager engineering engineers? operations ops sre platform support security"
        " product infrastructure librarian head director"
        " desk planning systems it qa finance legal department office vendor supplier on-call tools service logistics maintenance"
        " treasury marketing sales we i"
    )
    + r"|@\w|\[@?[\w -]+\]|\.\s+[A-Z][\w &/-]{2,40},"
)
_CHECKED = any_of(
    "tests? tested tried try compared? verif\\w+ checks? checked shown seen visible logs logged rejects rejected drills? drilled"
    " pass passes passed fails? failed red green"
    " done_when counts? counted measur\\w+ alerts? alarm accept\\w+ proof proven sampl\\w+ enforced blocks? refuses? announced"
    " acceptance rehears\\w+ audit\\w* dashboard"
    " reports? reported in_place list restore"
)
_SOFT = (
    r"^\W*(?:\d+[.)]\s*)?(?:please\s+)?(?:(?:we|everyone|all of us|the team)\s+(?:will|should|must|need to)\s+)?"
    r"(?:improve|consider|train|retrain|remind|raise awareness|communicate|reflect|strengthen|enhance|encourage"
    r"|be (?:more )?(?:careful|vigilant|mindful|aware)|pay (?:more )?attention|look into|think about"
    r"|review (?:our|the) process(?:es)?|better|more (?:care|attention|training|communication)|try to|talk)\b"
)
_ORGANISATION = any_of(
    "nobody no_one owner owns owned on-call on_call shifts? process procedure checklist reviewer? approval approve training trained"
    " staff staffing teams? person people"
    " hand-?over permission permit ticket calendar runbook policy rota roster channel documented? agreed decision decide schedule"
    " communication escalation responsib\\w+"
    " manual(?:ly)? by_hand priority deadline workload organi[sz]ational engineer who contract tell told knew know nights? weekend alone"
)
_MACHINE = any_of(
    "code config configuration server service system tool script cache queue database table query index release deploy\\w* tests?"
    " alerts? alarm monitor\\w* timeout limit"
    " memory disk network certificate migration key api import export file field panel backup screen pump sensor firmware version"
    " link software hardware printer device"
    " button technical default checks? retry retries schema data logs? broker"
)
_LUCK = any_of(
    "went_well worked_well what_helped helped luck lucky luckily fortunate(?:ly)? what_worked saved_us shortened on_the_plus_side"
)

_CAUGHT = (
    r"\b(?:would|could|should|will|might) (?:have )?(?:caught|catch|catches|found|find|show|shown|stop|stopped|block|blocked|flag"
    r"|flagged|fail|failed)\b"
    r"|\b(?:test|check|alert|rollout|canary|flag|review|lint|assertion|monitor)\w*\b"
)


def entries(context: Context) -> list[Line]:
    """The lines of a timeline: each opens with a clock time, perhaps behind a date; below its heading where it has one."""
    raw = context.text.raw
    found = [(line.start(), line.end(), line[0]) for line in re.finditer(_ENTRY, raw)]
    heading = re.search(_TIMELINE_HEADING, raw)
    below = [line for line in found if line[0] >= heading.end()] if heading else []
    return below or found


def short_timeline(context: Context, _rule: Rule) -> Iterator[Remark]:
    """No timeline, or one with too few timed entries to follow what was known when."""
    found = entries(context)
    if len(found) >= TIMELINE:
        return
    start, end = (found[0][0], found[-1][1]) if found else context.whole()
    yield Remark(start, end, {"count": str(len(found)), "least": str(TIMELINE)})


def timeline_without_evidence(context: Context, _rule: Rule) -> Iterator[Remark]:
    """Entries of the timeline, most of them without a log, a graph or a ticket to check them against."""
    found = entries(context)
    bare = [line for line in found if not re.search(_EVIDENCE, line[2], re.IGNORECASE)]
    if len(found) >= 3 and len(bare) * 2 > len(found):
        yield Remark(bare[0][0], bare[0][1], {"count": str(len(bare)), "all": str(len(found))})


def one_sided_conditions(context: Context, _rule: Rule) -> Iterator[Remark]:
    """Causes that are only technical or only organisational, while most incidents need both."""
    places = context.places("cause")
    if not places:
        return
    told = " ".join(context.text.of(context.text.sentences[place]) for place in places)
    machine, people = re.search(_MACHINE, told, re.IGNORECASE), re.search(_ORGANISATION, told, re.IGNORECASE)
    if machine and people:
        return
    first = context.text.sentences[places[0]]
    yield Remark(first.start, first.end, {"side": "an organisational" if machine else "a technical"})


def actions(context: Context) -> list[Line]:
    """The list items below a heading for actions, each with its further lines."""
    raw = context.text.raw
    headings = list(re.finditer(_ACTIONS, raw))
    if not headings:
        return []
    begin = headings[-1].end()
    return [(begin + found.start("words"), begin + found.end(), found["words"]) for found in re.finditer(_ITEM, raw[begin:])]


def too_many_actions(context: Context, _rule: Rule) -> Iterator[Remark]:
    """More actions than anybody will carry through."""
    allowed = limit(context, "actions")
    found = actions(context) if allowed is not None else []
    if allowed is not None and len(found) > allowed[0]:
        yield Remark(found[allowed[0]][0], found[-1][1], {"count": str(len(found)), "most": str(allowed[0])}, allowed[1])


def action_without_owner(context: Context, _rule: Rule) -> Iterator[Remark]:
    """An action that no role carries."""
    yield from _lacking(context, _OWNER)


def action_without_date(context: Context, _rule: Rule) -> Iterator[Remark]:
    """An action without a due date, and not done either."""
    yield from _lacking(context, _DUE)


def action_without_check(context: Context, _rule: Rule) -> Iterator[Remark]:
    """An action of which nobody can see whether it is done."""
    yield from _lacking(context, _CHECKED)


def _lacking(context: Context, pattern: str) -> Iterator[Remark]:
    found = actions(context)
    bare = [line for line in found if not re.search(pattern, line[2], re.IGNORECASE)]
    if bare:
        yield Remark(bare[0][0], bare[0][1], {"count": str(len(bare)), "all": str(len(found))})


def soft_action(context: Context, _rule: Rule) -> Iterator[Remark]:
    """An action that only trains, reminds or improves: it changes no condition, and it never ends."""
    for start, end, words in actions(context):
        if re.search(_SOFT, words, re.IGNORECASE):
            yield Remark(start, end, {"words": _opening(words)})


def _opening(words: str) -> str:
    """The first words of an action, without its box: enough to tell it from the next one."""
    told = re.sub(r"^\W*(?:\[[ xX]\]\s*)?", "", words).split()
    return " ".join(told[:_QUOTED_WORDS]).rstrip(" .,;:") + (" …" if len(told) > _QUOTED_WORDS else "")


def nothing_went_well(context: Context, _rule: Rule) -> Iterator[Remark]:
    """Nothing is said about what helped: the part that must not be lost when things are changed."""
    if re.search(_LUCK, context.text.masked, re.IGNORECASE) is None:
        yield Remark(*context.whole())


def nothing_would_catch_it(context: Context, _rule: Rule) -> Iterator[Remark]:
    """A bug report that plans something, and does not say what would have caught the bug."""
    places = context.places("prevention")
    if places and not any(re.search(_CAUGHT, context.text.of(context.text.sentences[place]), re.IGNORECASE) for place in places):
        sentence = context.text.sentences[places[0]]
        yield Remark(sentence.start, sentence.end)
