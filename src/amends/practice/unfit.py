"""What no voice may say in the place of a written line, as words: kindness before its time, help, scenes, markup, several answers.

Each of these is held against the written line too: what that says itself may be voiced. They stop more than they must, since what is
stopped costs nothing: the written line is said.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from amends.practice.wording import words_in

_ANY = re.IGNORECASE | re.MULTILINE

SWEET = re.compile(
    r"\b(?:thank\w*|cheers|grateful|appreciat\w*|forg[ia]v\w*|kind of you|kindness|wonderful|excellent|fantastic|amazing"
    r"|awesome|brilliant"
    r"|no (?:worries|problem|harm|hard feelings)|not (?:a problem|your fault|the end of the world)|never mind"
    r"|(?:don't|do not) (?:worry|blame yourself|be (?:so )?hard)|(?:great|good|lovely|perfect|fair) (?:point|question|job"
    r"|work|answer|of you)"
    r"|well (?:said|done|handled)|all (?:is )?(?:good|right|fine|forgiven|forgotten) (?:now|between|then)|(?:we're|we are"
    r"|it's all|all) good"
    r"|(?:that|it|this)(?:'s| is) (?:all |perfectly |totally |completely |absolutely )?(?:ok(?:ay)?|fine|great|perfect"
    r"|alright|all right)"
    r"|happy (?:to|with|that)|glad|relie(?:f|ved)|mind at (?:ease|rest)|feel (?:so |much |a lot )*better|means (?:a lot"
    r"|so much|the world)"
    r"|apolog(?:y|ies) accepted|accept (?:your|the) apology|these things happen|(?:everybody|everyone|we all) makes? mistakes"
    r"|understand (?:completely|perfectly|totally|you|how hard)|(?:completely|perfectly|totally|fully) understand(?:able)?"
    r"|trust you|absolutely right|you(?:'re| are) (?:right|so|too|very|doing)|proud of you|impress\w*|respect (?:you|that)|brave of you"
    r"|(?:i'm|i am|i was|so|very|truly|really) sorry|apologi[sz]e for|my apologies|welcome)\b",
    _ANY,
)
"""Thanks, comfort, praise, forgiveness, and saying sorry oneself."""

HELPING = re.compile(
    r"\bas an? (?:ai|assistant|(?:large )?language model|coach|actor|customer|model)\b|\bas the (?:\w+ )?(?:customer"
    r"|counterpart|character|actor)\b"
    r"|\byou (?:might|may|could|should|can|need to|ought to) (?:want|try|consider|say|start|begin|also|name|own|add"
    r"|be more|answer|explain|tell)\b"
    r"|\b(?:here(?:'s| is| are) (?:a|an|the|my|what|how|some|your)|let me (?:help|rephrase|try|explain|know if|show)"
    r"|i (?:can|could|would|will) (?:help|"
    r"rephrase|put it|suggest|advise|recommend)|happy to help|here to (?:help|support|listen)|help you with|assist you"
    r"|how (?:can|may) i)\b"
    r"|\b(?:i suggest|i recommend|my (?:advice|suggestion|feedback|recommendation)|next time|try (?:to|saying|again"
    r"|naming|starting)|consider"
    r"|remember to|be sure to|make sure (?:to|you)|don't forget to|good practice|best practice|it (?:is|'s) (?:best"
    r"|better|important) to"
    r"|to improve|better way|good (?:apology|answer|start|first)|first (?:attempt|try)|more specific|take ownership"
    r"|work on this together)\b"
    r"|\b(?:scenario|exercise|simulat\w*|role.?play\w*|fiction\w*|prompt|instruct\w*|learner|counterpart|rubric|meter|persona|character"
    r"|chatbot|programmed|guidelines|feedback|tips?)\b"
    r"|\b(?:can(?:no|')t|cannot|unable to|not able to|won't) (?:help|assist|comply|fulfil+|continue|do that|say that"
    r"|voice|provide|answer that)\b"
    r"|^\W*(?:sure|certainly|of course|absolutely|definitely|gladly|understood|got it|great)\b",
    _ANY,
)
"""Advice, offers, refusals, and words about the drill itself."""

_SPEAKER = r"(?:you|me|i|user|learner|assistant|system|human|narrator|\w+ \(\w+\)|[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,2})"
STAGED = re.compile(
    rf"^\W*(?i:{_SPEAKER})\s*(?:[:>]|[-–—]{{1,2}}\s)|^\s*(?:[*(\[_~]|<\w)|\*[^*]+\*|_[^_]+_|~[^~]+~|\[[^\]]+\]|\([^)]+\)"
    r"|(?:^|(?<=[.!?…\"”)])\s+)(?:He|She|They|[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+){0,2})\s+(?:\w+ly\s+)?(?:says?|said|sighs?|looks?|turns?|stares?|leans?"
    r"|crosses|shakes|nods?|pauses?"
    r"|smiles?|frowns?|replies|walks?|waits?|slams?|glances?|shrugs?|stands?|sits?)\b"
    r"|\b(?i:you|i) (?i:then )?(?i:reply|replied|respond\w*|nod|nodded|sigh\w*|stammer\w*|promise|promised"
    r"|apologi[sz]e[sd]?|admit\w*|look (?:down|away))\b"
    r"|\b(?i:you (?:say|tell me|answer) (?:that|:)|then you (?:say|tell|answer|explain))\b",
    re.MULTILINE,
)
"""A name in front, stage directions, a scene that is told, words or deeds of the other side."""

SEVERAL = re.compile(
    r"[\r\n]|(?:^|\s)(?:\d{1,2}|[a-dA-D]|i{1,3})[.)]\s|(?:^|\s)[-•–]\s.*\s[-•]\s|\s(?:/|\||\|\|)\s"
    r"|\b(?:option|version|variant|alternative|answer|take|choice)s?\b(?:\s*(?:\d|[a-d]\b|one|two|first|second)|\s*:)"
    r"|\b(?:first|second|other|another|alternate)\s+(?:option|version|variant|alternative|answer|take|way)\b|\balternatively\b"
    r"|\b(?:or|either|also|and)\s*:",
    re.IGNORECASE,
)
"""Lists, and words between one answer and another."""

PLAIN = frozenset("Sc Pd Ps Pe Pi Pf Po Zs Nd No Lu Ll Lo Lm Mn".split())
_CODE = frozenset("{}[]<>|\\^~#_=*`@")
_LINK = re.compile(r"https?:|www\.|&\w+;|\b\w+\.(?:com|org|net|io)\b", re.IGNORECASE)

NUMBERS = frozenset(
    (
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
        "nineteen twenty thirty forty "
        "fifty sixty seventy eighty ninety hundred thousand million billion dozen dozens hundreds thousands millions twice "
        "thrice half double percent "
        "monday tuesday wednesday thursday friday saturday sunday today tomorrow tonight yesterday noon midday midnight "
        "january february april june july august september october november december"
    ).split()
)
"""Words that say how many or when."""
_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")

_ASKING = frozenset("who whom whose what when where why how which".split())
_SENTENCE = re.compile(r"[^.!?…]*[.!?…]+|[^.!?…]+$")
_PART = re.compile(r"[.!?…,;:()\"“”«»]+(?=\s|$|[\"”)])|[(\"“«]|\s[-–—]+\s|[–—]")
_SMALL = frozenset(
    (
        "a about above after again all also am an and any anybody anyone anything are as at back be because been before but "
        "by can could did do does "
        "down each else even ever every everybody everyone everything for from get getting go had has "
        "have he her here hers him "
        "his how i i'd i'll i'm i've if in into is isn't it it's its just made make me more most much my no "
        "nobody not nothing now of "
        "off oh ok okay on once one only or other our out over own please quite really said same say see she "
        "should since so some "
        "somebody someone something still such than that that's the their them then there they thing things "
        "this those "
        "through time to too under until up us very was wasn't we went were what what's when where which while who "
        "why will with "
        "won't would yes yet you you'd you'll you're you've your yours"
    ).split()
)


FILLERS = frozenset(
    (
        "well|right|fine|ok|okay|all right|alright|look|listen|look here|hm|hmm|so|no|yes|yeah|oh|ah|now|now then|noted|i see|and|but|then"
        "|honestly|frankly|again|once more|please|come on|seriously|really|in fact|actually|anyway|mind you|you know|you see|i mean"
        "|for once|to be clear"
    ).split("|")
)
"""Parts of sentences that say nothing."""


def is_marked_up(text: str, line: str) -> bool:
    """Whether a text has signs that nobody says, and the line does not."""
    return any((unicodedata.category(sign) not in PLAIN or sign in _CODE) and sign not in line for sign in text) or bool(_LINK.search(text))


def repeated(text: str) -> int:
    """How many pairs of sentences of a text are nearly the same."""
    said = [words for one in sentences(text) if len(words := words_in(one)) > 1]
    return sum(_alike(one, other) for at, one in enumerate(said) for other in said[at + 1 :])


def _alike(one: list[str], other: list[str]) -> bool:
    small, large = sorted((set(one), set(other)), key=len)
    return len(small & large) >= 0.8 * len(small) and len(large) <= 2 * len(small)


def sentences(text: str) -> list[str]:
    """The sentences of a text, roughly."""
    return [one for one in _SENTENCE.findall(text) if one.strip()]


def parts(text: str) -> list[str]:
    """The parts of the sentences of a text, between commas, dashes, colons, brackets and the like."""
    return [one for one in _PART.split(text) if one.strip()]


def questions(text: str) -> frozenset[str]:
    """By which words a text asks."""
    return frozenset(word for one in sentences(text) if "?" in one for word in words_in(one) if word in _ASKING)


def counts(text: str) -> Counter[str]:
    """Everything in a text that says how many or when, as it stands there."""
    return Counter(_DIGITS.findall(text)) + Counter(word for part in words_in(text) for word in part.split("-") if word in NUMBERS)


def meaning(text: str) -> frozenset[str]:
    """The words of a text that carry what it says, by how they begin."""
    return frozenset(word.removesuffix("'s")[:5] for word in words_in(text) if word not in _SMALL and len(word) > 2)
