"""Detectors for the review after an incident and for the short report on a bug: timeline, conditions, actions."""

from __future__ import annotations

import re

from amends.language.context import Remark
from amends.language.detectors_shape import limit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.context import Context
    from amends.language.rules import Rule

    Line = tuple[int, int, str]
    """Start, end and words of one line."""

TIMELINE = 5
"""A timeline with fewer entries leaves out either the signals or the decisions."""
_ENTRY = (
    r"(?m)^[ \t|*•–-]*(?:\d{1,2}[.)][ \t]+)?(?:(?:\d{4}-\d\d-\d\d|\d{1,2}\.? [A-Z][a-z]{2,8}|[A-Z][a-z]{2,8}\.? \d{1,2}|[A-Z][a-z]{1,8}),?[ \tT]+(?:at )?){0,2}\d{1,2}[:.]\d{2}\b.*$"
)
_EVIDENCE = r"\[[^\]\n]{2,}\]|https?://|\([^)\n]*\b(?:log|logs|chat|ticket|case|graph|screenshot|record|mail|sheet|alert|commit|change|pr|recording)\b[^)\n]*\)|#\d{2,}|`[^`\n]+`|[\ue000\ue001]"
_ACTIONS = r"(?im)^[#*\s]*(?:\d+[.)]\s*)?(?:(?:corrective|preventive|follow-up|agreed|our)\s+)?(?:actions?|action items?|next steps?|remediation|measures|follow-ups?|fixes|what (?:we|changes|we are|we're|will).{0,25}|improvements)(?:\s+(?:and|we)\b.{0,20})?[*\s]*:?[ \t]*$"
_ITEM = r"(?m)^[ \t]*(?:\d{1,2}[.)]|[-*•+])[ \t]+(?P<words>.+(?:\n(?![ \t]*(?:\d{1,2}[.)]|[-*•+])[ \t]|\s*\n|[A-Z][^\n.]{0,40}\n).+)*)$"
_DUE = (
    r"\b(?:\d{1,2}(?:st|nd|rd|th)?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}|\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}"
    r"|(?:due|by|since|from|until|before|on)\s+(?:mon|tues?|wed|thu|fri|sat|sun|end|q[1-4]|next|the \d|sprint|week|today|tomorrow)|today|tomorrow|done|merged|live|in force|deployed|shipped|completed)"
)
_OWNER = (
    r"\b(?:owner|owned|owns|assigned|team|crew|lead|manager|engineering|engineer|engineers|operations|ops|sre|platform|support|security|product|infrastructure|librarian|head|head of|director|desk"
    r"|planning|systems|it|qa|finance|legal|department|office|vendor|supplier|on-call|tools|service|logistics|maintenance|treasury|marketing|sales|we|i)\b|@\w|\[@?[\w -]+\]|\.\s+[A-Z][\w &/-]{2,40},"
)
_CHECKED = (
    r"\b(?:test(?:s|ed)?|tried|try|compar(?:e|ed)|verif\w+|check(?:s|ed)?|shown|seen|visible|log(?:s|ged)|reject(?:s|ed)|drill(?:s|ed)?|pass(?:es|ed)?|fail(?:s|ed)?|red|green|done when"
    r"|count(?:s|ed)?|measur\w+|alerts?|alarm|accept\w+|proof|proven|sampl\w+|enforced|blocks?|refuses?|announced|acceptance|rehears\w+|audit\w*|dashboard|report(?:s|ed)?|in place|list|restore)\b"
)
_SOFT = (
    r"^\W*(?:\d+[.)]\s*)?(?:please\s+)?(?:(?:we|everyone|all of us|the team)\s+(?:will|should|must|need to)\s+)?"
    r"(?:improve|consider|train|retrain|remind|raise awareness|communicate|reflect|strengthen|enhance|encourage|be (?:more )?(?:careful|vigilant|mindful|aware)|pay (?:more )?attention|look into|think about"
    r"|review (?:our|the) process(?:es)?|better|more (?:care|attention|training|communication)|try to|talk)\b"
)
_ORGANISATION = (
    r"\b(?:nobody|no one|no owner|owner|owns|owned|on-call|on call|shift|shifts|process|procedure|checklist|review|reviewer|approval|approve|training|trained|staff|staffing|team|teams|person|people|handover"
    r"|permission|permit|ticket|calendar|runbook|policy|rota|roster|channel|document|documented|agreed|decision|decide|schedule|communication|escalation|responsib\w+|hand-?over|manual(?:ly)?|by hand|priority"
    r"|deadline|workload|organi[sz]ational|engineer|who|contract|tell|told|knew|know|nights?|weekend|alone)\b"
)
_MACHINE = (
    r"\b(?:code|config|configuration|server|service|system|tool|script|cache|queue|database|table|query|index|release|deploy\w*|test|tests|alert|alerts|alarm|monitor\w*|timeout|limit|memory|disk|network|certificate"
    r"|migration|key|api|import|export|file|field|panel|backup|screen|pump|sensor|firmware|version|link|software|hardware|printer|device|button|technical|default|check|checks|retry|retries|schema|data|log|logs|broker)\b"
)
_LUCK = r"\b(?:went well|worked well|what helped|helped|luck|lucky|luckily|fortunate(?:ly)?|what worked|saved us|shortened|on the plus side)\b"
_NUMBER = r"\d|\b(?:no|none|nobody|all|every|one|two|three|four|five|six|seven|eight|nine|ten|twelve|half)\b"
_CAUGHT = r"\b(?:would|could|should|will|might) (?:have )?(?:caught|catch|catches|found|find|show|shown|stop|stopped|block|blocked|flag|flagged|fail|failed)\b|\b(?:test|check|alert|rollout|canary|flag|review|lint|assertion|monitor)\w*\b"


def entries(context: Context) -> list[Line]:
    """The lines of a timeline: each opens with a clock time, perhaps behind a date."""
    return [(found.start(), found.end(), found[0]) for found in re.finditer(_ENTRY, context.text.raw)]


def short_timeline(context: Context, rule: Rule) -> Iterator[Remark]:
    """No timeline, or one with too few timed entries to follow what was known when."""
    found = entries(context)
    if len(found) >= TIMELINE:
        return
    start, end = (found[0][0], found[-1][1]) if found else context.whole()
    yield Remark(start, end, {"count": str(len(found)), "least": str(TIMELINE)})


def timeline_without_evidence(context: Context, rule: Rule) -> Iterator[Remark]:
    """Entries of the timeline, most of them without a log, a graph or a ticket to check them against."""
    found = entries(context)
    bare = [line for line in found if not re.search(_EVIDENCE, line[2], re.IGNORECASE)]
    if len(found) >= 3 and len(bare) * 2 > len(found):
        yield Remark(bare[0][0], bare[0][1], {"count": str(len(bare)), "all": str(len(found))})


def one_sided_conditions(context: Context, rule: Rule) -> Iterator[Remark]:
    """Causes that are only technical or only organisational, while most incidents need both."""
    places = context.places("cause")
    if not places:
        return
    told = " ".join(context.text.of(context.text.sentences[place]) for place in places)
    machine, people = re.search(_MACHINE, told, re.IGNORECASE), re.search(_ORGANISATION, told, re.IGNORECASE)
    if machine and people:
        return
    first = context.text.sentences[places[0]]
    yield Remark(first.start, first.end, {"side": "organisational" if machine else "technical"})


def actions(context: Context) -> list[Line]:
    """The list items below a heading for actions, each with its further lines."""
    raw = context.text.raw
    heading = None
    for heading in re.finditer(_ACTIONS, raw):
        pass
    if heading is None:
        return []
    return [(at + heading.end(), end + heading.end(), words) for at, end, words in _items(raw[heading.end() :])]


def _items(below: str) -> Iterator[Line]:
    for found in re.finditer(_ITEM, below):
        yield found.start("words"), found.end(), found["words"]


def too_many_actions(context: Context, rule: Rule) -> Iterator[Remark]:
    """More actions than anybody will carry through."""
    allowed = limit(context, "actions")
    found = actions(context) if allowed is not None else []
    if allowed is not None and len(found) > allowed[0]:
        yield Remark(found[allowed[0]][0], found[-1][1], {"count": str(len(found)), "most": str(allowed[0])}, allowed[1])


def action_without_owner(context: Context, rule: Rule) -> Iterator[Remark]:
    """An action that no role carries."""
    yield from _lacking(context, _OWNER)


def action_without_date(context: Context, rule: Rule) -> Iterator[Remark]:
    """An action without a due date, and not done either."""
    yield from _lacking(context, _DUE)


def action_without_check(context: Context, rule: Rule) -> Iterator[Remark]:
    """An action of which nobody can see whether it is done."""
    yield from _lacking(context, _CHECKED)


def _lacking(context: Context, pattern: str) -> Iterator[Remark]:
    found = actions(context)
    bare = [line for line in found if not re.search(pattern, line[2], re.IGNORECASE)]
    if bare:
        yield Remark(bare[0][0], bare[0][1], {"count": str(len(bare)), "all": str(len(found))})


def soft_action(context: Context, rule: Rule) -> Iterator[Remark]:
    """An action that only trains, reminds or improves: it changes no condition, and it never ends."""
    for start, end, words in actions(context):
        if re.search(_SOFT, words, re.IGNORECASE):
            yield Remark(start, end, {"words": words})


def nothing_went_well(context: Context, rule: Rule) -> Iterator[Remark]:
    """Nothing is said about what helped: the part that must not be lost when things are changed."""
    if re.search(_LUCK, context.text.masked, re.IGNORECASE) is None:
        yield Remark(*context.whole())


def nothing_would_catch_it(context: Context, rule: Rule) -> Iterator[Remark]:
    """A bug report that plans something, and does not say what would have caught the bug."""
    places = context.places("prevention")
    if places and not any(re.search(_CAUGHT, context.text.of(context.text.sentences[place]), re.IGNORECASE) for place in places):
        sentence = context.text.sentences[places[0]]
        yield Remark(sentence.start, sentence.end)
