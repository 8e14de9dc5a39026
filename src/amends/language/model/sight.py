"""What the network sees in a sentence: features with names, each as often as it occurs.

| name | what it is |
|---|---|
| `w:rolled`, `b:rolled back` | a word, two neighbouring words; numbers by their kind, `^` and `$` at the ends |
| `k:fixed` | a word of a class (`lexicons/classes.toml`) |
| `c:…`, `<c:…`, `>c:…` | a cue of the lexicons in this sentence, the one before it, the one behind it; `<^`, `>$` where there is none |
| `r:…` | a rule whose phrases stand in the sentence |
| `f:…` | a fact about its place (`features.FEATURES`), its kind, its label |
| `n:…`, `p:…`, `m:…` | its size, its place in the message, the size of the message; sizes in powers of two |
"""

from __future__ import annotations

from amends.language.match import is_clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from amends.language.features import Reading
    from amends.language.match import Lexicon

    Facts = tuple[frozenset[str], str, str | None, int, str, int]

_STAND_INS = {"\ue000": "<code>", "\ue001": "<link>", "\ue002": "<quote>", "\ue003": "<mention>"}
_UNIT = 4
"""So many letters of the unit behind a number are kept: 45min and 45minutes are the same."""
_LONGEST, _MOST = 8, 6
"""Sizes of sentences and of messages are told apart up to here."""


def plain(word: str) -> str:
    """A lower-case word as the network knows it: times as `<clock>`, other numbers as `<num>` and their unit."""
    first = word[0]
    if first.isdigit():
        return "<clock>" if is_clock(word) else "<num>" + word.lstrip("0123456789.,:/-")[:_UNIT]
    return _STAND_INS.get(first, word)


def around(reading: Reading, place: int) -> Facts:
    """What there is to know about a sentence besides its words: marks, kind, label, size, place, size of the message."""
    sentences = reading.text.sentences
    sentence, count = sentences[place], len(sentences)
    where = "only" if count == 1 else "first" if place == 0 else "last" if place == count - 1 else "second" if place == 1 else "middle"
    size = (sentence.last - sentence.first).bit_length()
    return frozenset(reading.features[place]), sentence.kind, sentence.label, min(_LONGEST, size), where, min(_MOST, count)


def surroundings(facts: Facts) -> list[str]:
    """The features of what stands around the words of a sentence."""
    marks, kind, label, size, where, count = facts
    found = [*("f:" + mark for mark in marks), "f:kind " + kind, f"n:{size}", "p:" + where, f"m:{count}"]
    return [*found, "f:label " + label] if label else found


def names(reading: Reading, lexicon: Lexicon, cues: Sequence[str], rules: Sequence[str]) -> Iterator[list[str]]:
    """The features of every sentence by name; `cues` and `rules` are the names by number.

    The network adds their rows in another order and grouping (`network.Network.judge`), with the same sum.
    """
    text = reading.text
    for place, sentence in enumerate(text.sentences):
        words = [plain(word) for word in text.words[sentence.first : sentence.last]]
        found = ["w:" + word for word in words]
        found += ["k:" + name for word in words for name in lexicon.names(lexicon.list_bits(word))]
        found += [f"b:{one} {next_one}" for one, next_one in zip(["^", *words], [*words, "$"], strict=True)]
        found += ["c:" + cues[cue] for cue in reading.cues[place]]
        found += ["<c:" + cues[cue] for cue in reading.cues[place - 1]] if place else ["<^"]
        found += [">c:" + cues[cue] for cue in reading.cues[place + 1]] if place + 1 < len(text.sentences) else [">$"]
        found += ["r:" + rules[number] for number, _, _ in reading.rule_hits[place]]
        yield found + surroundings(around(reading, place))
