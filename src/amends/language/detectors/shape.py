"""Detectors for the shape of a message: what is missing, in which order things come, how long it is, who speaks, how it reads.

How much is too much stands in the form (`limits`); a rule only says which count it looks at.
"""

from __future__ import annotations

import re

from amends.language.context import Remark
from amends.language.gaps import gaps
from amends.language.records import Edit

__all__ = [
    "cause_too_long",
    "missing_move",
    "open_gaps",
    "order_of_moves",
    "over_explaining",
    "reads_as_flaw",
    "too_many_sentences",
    "too_many_words",
    "wrong_person",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.language.context import Context
    from amends.language.rules import Rule
    from amends.language.text import Sentence

FRAGMENT = 3
"""A sentence of so few words is a fragment ("Sorry again.") and does not count."""
_ACTING = frozenset(("recovery", "commitment", "request"))
_BEGINS_TO_EXPLAIN = r"\W*(?:(?:it|this|that) (?:all )?(?:happened|failed|broke|was) because|the (?:root )?cause|the reason)\b"
_EXPLAINS = r"\b(?:because|due to|owing to|cause|reason|caused by|turned out|as a result of|which (?:is|was) why)\b"
_EXPLAINING_SIGNS = ("cause", "due to", "owing to", "reason", "turned out", "as a result of", "why")
_NEXT_MOVES = frozenset(("recovery", "prevention", "commitment", "constraint", "request"))
_BEGINNING = frozenset(("fact", "impact", "ownership"))
_EXPLAINING_IS_LONG = 24
"""An explanation of fewer words than this is no over-explanation, however short the rest is."""
_WE = frozenset("we we're we've we'd we'll us our ours ourselves".split())
_I = frozenset("i i'm i've i'd i'll me my mine myself".split())


def missing_move(context: Context, rule: Rule) -> Iterator[Remark]:
    """A move that the form asks for and no sentence makes; as severe as the form says, with a sentence to fill in."""
    if rule.move in context.missing:
        wanted = context.form.move(rule.move)
        if wanted is not None and wanted.condition is None:
            yield from absent(context, wanted.move)


def absent(context: Context, move: str) -> Iterator[Remark]:
    """The remark on a move that the form asks for and the message does not make; nothing where it does."""
    wanted = context.form.move(move)
    report = next((one for one in context.reports if one.move == move), None)
    if wanted is None or wanted.need == "optional" or report is None or report.present:
        return
    if wanted.stub in context.text.raw:
        return  # its gaps are open, and that is said there
    start, end = context.whole()
    at = _insertion_point(context, wanted.move)
    raw = context.text.raw
    lead = "" if at == 0 or raw[at - 1].isspace() else "\n" if context.text.sentences and _on_own_line(context, at) else " "
    tail = " " if at < len(raw) and not raw[at].isspace() else ""
    edit = Edit(f"Add: {wanted.stub}", at, at, lead + wanted.stub + tail)
    yield Remark(start, end, {"question": wanted.question, "stub": wanted.stub, "form": context.form.title.lower()}, wanted.need, (edit,))


def _insertion_point(context: Context, move: str) -> int:
    """Where a sentence for a missing move belongs: behind the last move that the form puts before it."""
    order = [one.move for one in context.form.moves]
    before = set(order[: order.index(move)])
    places = [place for place, labels in enumerate(context.moves) if any(label.move in before for label in labels)]
    if places:
        return context.text.sentences[places[-1]].end
    prose = context.prose()
    return prose[0].start if prose else len(context.text.raw)


def _on_own_line(context: Context, at: int) -> bool:
    """Whether the sentence that ends at `at` is a labelled line or an item, so that what follows it starts a new line."""
    return any(sentence.end == at and sentence.kind in ("label", "item") for sentence in context.text.sentences)


def open_gaps(context: Context, _rule: Rule) -> Iterator[Remark]:
    """Gaps of a template that nobody has filled in yet."""
    for start, end, _ in gaps(context.text, context.form.template):
        yield Remark(start, end)


def limit(context: Context, what: str) -> tuple[int, str] | None:
    """How many of something the form allows, and the severity beyond that."""
    return next(((most, severity) for name, most, severity in context.form.limits if name == what), None)


def over(context: Context, what: str, places: list[Sentence]) -> Iterator[Remark]:
    """The remark on the sentences beyond the limit of the form, if there are any."""
    allowed = limit(context, what)
    if allowed is not None and len(places) > allowed[0]:
        first, last = places[allowed[0]], places[-1]
        yield Remark(first.start, last.end, {"count": str(len(places)), "most": str(allowed[0])}, allowed[1])


def counted_words(context: Context, sentence: Sentence) -> int:
    """How many words a sentence has, without signs such as % and →."""
    size = sentence.last - sentence.first
    return size - sum(map(context.signs.__contains__, context.words(sentence))) if context.signs else size


def too_many_sentences(context: Context, _rule: Rule) -> Iterator[Remark]:
    """More sentences than the form allows; fragments of three words or fewer are not counted, nor is the subject."""
    allowed = limit(context, "sentences")
    if allowed is None or len(context.text.sentences) <= allowed[0]:
        return
    full = [one for one in context.prose() if one.label != "subject" and counted_words(context, one) > FRAGMENT]
    yield from over(context, "sentences", full)


def too_many_words(context: Context, _rule: Rule) -> Iterator[Remark]:
    """More words than the form allows, greeting and signature left out; the remark stands on what goes beyond."""
    allowed = limit(context, "words")
    if allowed is None or len(context.text.words) <= allowed[0]:
        return
    total = 0
    beyond: int | None = None
    prose = [one for one in context.prose() if one.label != "subject"]
    for sentence in prose:
        total += counted_words(context, sentence)
        if beyond is None and total > allowed[0]:
            beyond = sentence.start
    if beyond is not None:
        yield Remark(beyond, prose[-1].end, {"count": str(total), "most": str(allowed[0])}, allowed[1])


def cause_too_long(context: Context, _rule: Rule) -> Iterator[Remark]:
    """More sentences that only explain than the form allows."""
    if limit(context, "cause-sentences") is not None:
        yield from over(context, "cause-sentences", _only_explaining(context))


def _only_explaining(context: Context) -> list[Sentence]:
    """The sentences that say why it went wrong, and nothing that the reader can act on."""
    acting = {place for move in _ACTING for place in context.makers.get(move, ())}
    return [
        sentence
        for place, sentence in enumerate(context.text.sentences)
        if place not in acting and _explains(context.text.of(sentence), cause=context.has(place, "cause"))
    ]


def _explains(words: str, *, cause: bool) -> bool:
    """Whether a sentence says why; one that makes no cause by its words must begin with that."""
    if not cause:
        return re.match(_BEGINS_TO_EXPLAIN, words, re.IGNORECASE) is not None
    return any(map(words.lower().__contains__, _EXPLAINING_SIGNS)) and re.search(_EXPLAINS, words, re.IGNORECASE) is not None


def over_explaining(context: Context, _rule: Rule) -> Iterator[Remark]:
    """More words on why it went wrong than on what happens next (trap 1 of own-it-fix-it-grow)."""
    past = _only_explaining(context)
    spent = sum(counted_words(context, sentence) for sentence in past)
    if spent < _EXPLAINING_IS_LONG:
        return
    ahead = sum(
        counted_words(context, sentence)
        for sentence, labels in zip(context.text.sentences, context.moves, strict=True)
        if sentence not in past and any(label.move in _NEXT_MOVES for label in labels)
    )
    if spent > ahead:
        yield Remark(past[0].start, past[-1].end, {"past": str(spent), "next": str(ahead)})


def order_of_moves(context: Context, _rule: Rule) -> Iterator[Remark]:
    """A required move before one that its reader needs first; ownership may stand anywhere, and so may a subject line."""
    if context.form.ordered == "off":
        return
    wanted = [one.move for one in context.form.moves if one.need in ("error", "warning") and one.move != "ownership"]
    firsts: dict[str, int] = {}
    for place, labels in enumerate(context.moves):
        if labels and context.text.sentences[place].label != "subject":
            moves = {label.move for label in labels}
            begun = moves & _BEGINNING
            if begun == {"fact"} and "recovery" in moves:
                begun.clear()  # a repair that was done is an event as well
                moves.discard("fact")
            for move in begun or moves:  # what tells the event itself is no later part
                firsts.setdefault(move, place)
    seen = [move for move in wanted if move in firsts]
    for place, early in enumerate(seen):
        for late in seen[place + 1 :]:
            if firsts[late] < firsts[early] and early in _BEGINNING and late in _NEXT_MOVES:
                sentence = context.text.sentences[firsts[late]]
                yield Remark(sentence.start, sentence.end, {"early": late, "late": early}, context.form.ordered)
                return


def wrong_person(context: Context, _rule: Rule) -> Iterator[Remark]:
    """`We` where the form wants one person's `I`, or `I` where it wants the team's `we`, in the sentence that owns it."""
    if context.form.person not in ("i", "we"):
        return
    wanted, other = (_I, _WE) if context.form.person == "i" else (_WE, _I)
    owning = [context.text.sentences[place] for place in context.places("ownership")]
    if not owning or any(wanted.intersection(context.words(sentence)) for sentence in owning):
        return
    for sentence in owning:
        if other.intersection(context.words(sentence)):
            yield Remark(sentence.start, sentence.end)
            return


def reads_as_flaw(context: Context, rule: Rule) -> Iterator[Remark]:
    """Each sentence that the network reads as having the flaw of the rule, unless the words of another rule tell it."""
    for labels in context.flaws:
        for label in labels:
            if label.flaw == rule.flaw and not label.told:
                yield Remark(label.start, label.end)
