"""Detectors for what is said to somebody who was hurt: the customer apology and the repair talk."""

from __future__ import annotations

import re

from amends.language.context import Remark
from amends.language.detectors.shape import limit, over
from amends.language.detectors.words import DATED, MONTH, any_of, signs_of

__all__ = [
    "about_the_speaker",
    "change_without_check",
    "explaining_oneself",
    "next_step_without_time",
    "no_human_route",
    "no_room_to_answer",
    "patience_before_fix",
    "repeat_without_promise",
    "repeated_apology",
    "too_many_internals",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.context import Context
    from amends.language.rules import Rule

_INTERNALS = (
    "servers? databases? caches? clusters? migrations? deploy deployed deployments? config configuration queues? api index backend"
    " back-end cron pipeline"
    " schema load_balancer replicas? failover certificate dns nodes? containers? kernel microservice rollout race_condition"
    " memory_leak sprint backlog"
    " ticketing vendor supplier restructure headcount shift_plan on-call"
)
_INTERNAL, _INTERNAL_SIGNS = any_of(_INTERNALS), signs_of(_INTERNALS)
_THANKED_FOR = frozenset({"patience", "understanding"})
_ROUTE = (
    any_of(
        "call phone ring text telephone reply replying reach contact write_to_(?:me|us) e-?mail_me direct_line talk chat speak visit"
        " come_to my_(?:number|line|desk)"
        " ask_for in_person stay_here"
    )
    + r"|\+?\d[\d ()-]{7,}"
)
_ROUTE_WORDS = frozenset({"call", "phone", "ring", "text", "reply", "reach", "contact", "chat", "talk", "speak", "visit"})
"""Each of them alone is a route: the quick way out for most messages."""
_WHEN = (
    rf"{DATED}|\b{MONTH}\b|\b\d+\s*(?:minutes?|hours?|days?|weeks?|months?)\b"
    r"|\b(?:now|noon|midnight|morning|afternoon|evening|already|next|first|each|every|daily|weekly|monthly|once)\b"
    r"|\b(?:within|in|by|after|before|until|from)\s+(?:a|an|one|two|three|the|\d+|now|here)\b"
)
_EXPLAINING = (
    r"\bi(?:'ve| have)? (?:was|were|am|felt|been|had)\b[^.;,]{0,30}\b(?:pressure|stress|stressed|tired|overwhelmed|exhausted|rushed"
    r"|busy|swamped)\b"
    r"|\b(?:rough|bad|hard|long|crazy|busy) (?:day|week|month|quarter|time)\b|\bunder (?:a lot|so much|too much|enormous|pressure)\b"
    r"|\b(?:my intention|i (?:never |only )?(?:meant|intended)|i didn't mean|i was (?:only|just) trying|i thought (?:that )?(?:you"
    r"|it|we))\b"
    r"|\b(?:i had no choice|i had to|you have to understand|the client was really pushing|made me|things got stressful)\b"
    r"|\b(?:because|since|as) (?:i|the client|my boss|management|leadership) (?:was|were|had|needed|wanted|pushed)\b"
)
_AGAIN = any_of("again once_more (?:second|third|another)_time keeps?_(?:doing|happening) repeatedly as_before same_thing")
_AHEAD = r"\b(?:will|from now on|if i|never|next time)\b|'ll\b"
_EARLIER_PROMISE = r"\b(?:promised|told you|said i would|said it would|i said|last time|agreed|gave you my word|earlier)\b"
_INVITES = r"\?|" + any_of(
    "tell_(?:me|us) say_(?:it_)?to let_me_know hold_me_to i'm_listening come_to_me whatever_you_want if_you_want_to_talk"
    " i'd_like_to_hear you_decide your_turn write_me"
)


def repeated_apology(context: Context, _rule: Rule) -> Iterator[Remark]:
    """The message says sorry more often than the form allows."""
    if limit(context, "regret-sentences") is not None:
        places = [place for place in context.places("regret") if context.text.sentences[place].label != "subject"]
        yield from over(context, "regret-sentences", [context.text.sentences[place] for place in places])


def too_many_internals(context: Context, _rule: Rule) -> Iterator[Remark]:
    """More sentences about our own machinery than the form allows."""
    signs = _INTERNAL_SIGNS & context.pieces
    if limit(context, "internal-sentences") is not None and signs:
        yield from over(
            context, "internal-sentences", [one for one in context.prose() if _is_internal(context.text.masked[one.start : one.end], signs)]
        )


def _is_internal(words: str, signs: frozenset[str]) -> bool:
    """Whether a sentence is about our machinery; `signs` are those words of it that the message has."""
    return any(map(words.lower().__contains__, signs)) and re.search(_INTERNAL, words, re.IGNORECASE) is not None


def patience_before_fix(context: Context, _rule: Rule) -> Iterator[Remark]:
    """Thanks for patience that nobody has offered yet: no sentence before it says what was put right."""
    if _THANKED_FOR.isdisjoint(context.pieces):
        return
    found = re.search(
        r"\b(?:thank(?:s| you)|appreciate|grateful)\b.{0,30}\b(?:patience|understanding)\b", context.text.masked, re.IGNORECASE
    )
    if found is None:
        return
    mended = context.places("recovery")
    if not mended or context.text.sentences[mended[0]].start > found.start():
        yield Remark(found.start(), found.end())


def next_step_without_time(context: Context, _rule: Rule) -> Iterator[Remark]:
    """The customer is promised something, and no time says when they will see it."""
    places = context.places("commitment")
    if not places or any(promise.due is not None for promise in context.promises):
        return
    later = [context.text.sentences[place] for place in range(places[0], len(context.moves))]
    if any(re.search(_WHEN, context.text.of(sentence), re.IGNORECASE) for sentence in later):
        return
    sentence = context.text.sentences[places[-1]]
    yield Remark(sentence.start, sentence.end)


def no_human_route(context: Context, _rule: Rule) -> Iterator[Remark]:
    """Nothing tells how to reach a person."""
    if not _ROUTE_WORDS.isdisjoint(context.pieces) or "@" in context.text.raw:
        return
    prose = context.prose()
    if prose and re.search(_ROUTE, context.text.raw, re.IGNORECASE) is None:
        yield Remark(prose[-1].start, prose[-1].end)


def explaining_oneself(context: Context, _rule: Rule) -> Iterator[Remark]:
    """More than the allowed clauses about one's own stress, pressure or intentions."""
    allowed = limit(context, "explaining-clauses")
    if allowed is None:
        return
    found = list(re.finditer(_EXPLAINING, context.text.masked, re.IGNORECASE))
    if len(found) > allowed[0]:
        yield Remark(found[allowed[0]].start(), found[-1].end(), {"count": str(len(found)), "most": str(allowed[0])}, allowed[1])


def change_without_check(context: Context, _rule: Rule) -> Iterator[Remark]:
    """Something is to change, and nothing says from when, or when they can see that it did."""
    places = context.places("prevention")
    if not places:
        return
    later = context.text.masked[context.text.sentences[places[0]].start :]
    if re.search(_WHEN, later, re.IGNORECASE) is None:
        sentence = context.text.sentences[places[-1]]
        yield Remark(sentence.start, sentence.end)


def repeat_without_promise(context: Context, _rule: Rule) -> Iterator[Remark]:
    """It happened before, and the earlier promise is not named."""
    found = re.search(_AGAIN, context.text.masked, re.IGNORECASE)
    if found is None or re.search(_EARLIER_PROMISE, context.text.masked, re.IGNORECASE):
        return
    place = next((place for place, one in enumerate(context.text.sentences) if one.start <= found.start() < one.end), None)
    if place is None or not (context.has(place, "fact") or context.has(place, "ownership")):
        return
    if re.search(_AHEAD, context.text.of(context.text.sentences[place]), re.IGNORECASE) is None:
        yield Remark(found.start(), found.end())


def no_room_to_answer(context: Context, _rule: Rule) -> Iterator[Remark]:
    """Nothing invites an answer."""
    prose = context.prose()
    if prose and re.search(_INVITES, context.text.masked, re.IGNORECASE) is None:
        yield Remark(prose[-1].start, prose[-1].end)


def about_the_speaker(context: Context, _rule: Rule) -> Iterator[Remark]:
    """The second and third sentence speak more of the speaker than of the person hurt."""
    middle = context.prose()[1:3]
    mine = sum(word in _ME for sentence in middle for word in context.words(sentence))
    theirs = sum(word in _YOU for sentence in middle for word in context.words(sentence))
    if mine >= 4 and mine > 2 * theirs + 1:
        yield Remark(middle[0].start, middle[-1].end)


_ME = frozenset("i i'm i've i'd i'll me my mine myself".split())
_YOU = frozenset("you you're you've you'd you'll your yours yourself he him his she her hers they them their theirs".split())
