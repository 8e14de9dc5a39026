"""Detectors for what is said to somebody who was hurt: the customer apology and the repair talk."""

from __future__ import annotations

import re

from amends.language.context import Remark
from amends.language.detectors_shape import limit, over

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.context import Context
    from amends.language.rules import Rule

_INTERNAL = (
    r"\b(?:server|servers|database|databases|cache|caches|cluster|clusters|migration|deploy|deployed|deployment|config|configuration|queue|queues|api|index|backend"
    r"|back-end|cron|pipeline|schema|load balancer|replica|replicas|failover|certificate|dns|node|nodes|container|kernel|microservice|rollout|race condition|memory leak"
    r"|sprint|backlog|ticketing|vendor|supplier|restructure|headcount|shift plan|on-call)\b"
)
_ROUTE = (
    r"\b(?:call|phone|ring|text|telephone|reply|replying|reach|contact|write to me|write to us|email me|e-mail me|direct line|talk|chat|speak|visit|come to|my (?:number|line|desk)|ask for|tailor"
    r"|in person|stay here)\b|\+?\d[\d ()-]{7,}"
)
_WHEN = (
    r"\d[:.h]\d\d|\b\d{1,2}\s*[ap]\.?m\b|\b(?:today|tonight|tomorrow|now|noon|midnight|morning|afternoon|evening|already|next|first|each|every|daily|weekly|monthly|once)\b"
    r"|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?\b|\b(?:within|in|by|after|before|until|from)\s+(?:a|an|one|two|three|the|\d+|now|here)\b"
    r"|\b(?:\d{1,2}(?:st|nd|rd|th)?\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\b\d+\s*(?:minutes?|hours?|days?|weeks?|months?)\b"
)
_EXPLAINING = (
    r"\bi(?:'ve| have)? (?:was|were|am|felt|been|had)\b[^.;,]{0,30}\b(?:pressure|stress|stressed|tired|overwhelmed|exhausted|month|week|day|lot going on|rushed|busy|swamped)\b"
    r"|\b(?:rough|bad|hard|long|crazy|busy) (?:day|week|month|quarter|time)\b|\bunder (?:a lot|so much|too much|enormous|pressure)\b"
    r"|\b(?:my intention|i (?:never |only )?(?:meant|intended)|i didn't mean|i was (?:only|just) trying|i thought (?:that )?(?:you|it|we)|i had no choice|i had to|you have to understand)\b"
    r"|\b(?:the client was really pushing|made me|things got stressful)\b|\b(?:because|since|as) (?:i|the client|my boss|management|leadership) (?:was|were|had|needed|wanted|pushed)\b"
)
_AGAIN = (
    r"\b(?:again|once more|second time|third time|another time|keep(?:s)? (?:doing|happening)|repeatedly|yet again|as before|same thing)\b"
)
_EARLIER_PROMISE = r"\b(?:promised|told you|said i would|said it would|i said|last time|agreed|gave you my word|earlier)\b"
_INVITES = r"\?|\b(?:tell me|tell us|say (?:it )?to|let me know|hold me to|i'm listening|come to me|whatever you want|if you want to talk|i'd like to hear|you decide|your turn|write me|in room)\b"


def repeated_apology(context: Context, rule: Rule) -> Iterator[Remark]:
    """The message says sorry more often than the form allows."""
    if limit(context, "regret-sentences") is not None:
        places = [place for place in context.places("regret") if context.text.sentences[place].label != "subject"]
        yield from over(context, "regret-sentences", [context.text.sentences[place] for place in places])


def too_many_internals(context: Context, rule: Rule) -> Iterator[Remark]:
    """More sentences about our own machinery than the form allows."""
    if limit(context, "internal-sentences") is None:
        return
    told = [one for one in context.prose() if re.search(_INTERNAL, context.text.masked[one.start : one.end], re.IGNORECASE)]
    yield from over(context, "internal-sentences", told)


def next_step_without_time(context: Context, rule: Rule) -> Iterator[Remark]:
    """The customer is promised something, and no time says when they will see it."""
    places = context.places("commitment")
    if not places or any(promise.due is not None for promise in context.promises):
        return
    later = [context.text.sentences[place] for place in range(places[0], len(context.moves))]
    if any(re.search(_WHEN, context.text.of(sentence), re.IGNORECASE) for sentence in later):
        return
    sentence = context.text.sentences[places[-1]]
    yield Remark(sentence.start, sentence.end)


def no_human_route(context: Context, rule: Rule) -> Iterator[Remark]:
    """Nothing tells how to reach a person."""
    prose = context.prose()
    if prose and re.search(_ROUTE, context.text.raw, re.IGNORECASE) is None and "@" not in context.text.raw:
        yield Remark(prose[-1].start, prose[-1].end)


def explaining_oneself(context: Context, rule: Rule) -> Iterator[Remark]:
    """More than the allowed clauses about one's own stress, pressure or intentions."""
    allowed = limit(context, "explaining-clauses")
    if allowed is None:
        return
    found = list(re.finditer(_EXPLAINING, context.text.masked, re.IGNORECASE))
    if len(found) > allowed[0]:
        yield Remark(found[allowed[0]].start(), found[-1].end(), {"count": str(len(found)), "most": str(allowed[0])}, allowed[1])


def change_without_check(context: Context, rule: Rule) -> Iterator[Remark]:
    """Something is to change, and nothing says from when, or when they can see that it did."""
    places = context.places("prevention")
    if not places:
        return
    later = context.text.masked[context.text.sentences[places[0]].start :]
    if re.search(_WHEN, later, re.IGNORECASE) is None:
        sentence = context.text.sentences[places[-1]]
        yield Remark(sentence.start, sentence.end)


def repeat_without_promise(context: Context, rule: Rule) -> Iterator[Remark]:
    """It happened before, and the earlier promise is not named."""
    found = re.search(_AGAIN, context.text.masked, re.IGNORECASE)
    if found is None or re.search(_EARLIER_PROMISE, context.text.masked, re.IGNORECASE):
        return
    place = next((place for place, one in enumerate(context.text.sentences) if one.start <= found.start() < one.end), None)
    if place is not None and (context.has(place, "fact") or context.has(place, "ownership")) and not context.has(place, "prevention"):
        yield Remark(found.start(), found.end())


def no_room_to_answer(context: Context, rule: Rule) -> Iterator[Remark]:
    """Nothing invites an answer."""
    prose = context.prose()
    if prose and re.search(_INVITES, context.text.masked, re.IGNORECASE) is None:
        yield Remark(prose[-1].start, prose[-1].end)


def about_the_speaker(context: Context, rule: Rule) -> Iterator[Remark]:
    """The second and third sentence speak more of the speaker than of the person hurt."""
    middle = context.prose()[1:3]
    mine = sum(word in _ME for sentence in middle for word in context.words(sentence))
    theirs = sum(word in _YOU for sentence in middle for word in context.words(sentence))
    if mine >= 4 and mine > 2 * theirs + 1:
        yield Remark(middle[0].start, middle[-1].end)


_ME = frozenset("i i'm i've i'd i'll me my mine myself".split())
_YOU = frozenset("you you're you've you'd you'll your yours yourself he him his she her hers they them their theirs".split())
