"""The network: adds the rows of what it sees in a sentence, and turns the sums into log-odds and confidences.

One hidden layer of rectified linear units beside a direct linear path, trained in floating point and rounded to bytes. All sums
are exact integers, so that the same text gives the same figures everywhere.
"""

from __future__ import annotations

from itertools import islice, pairwise

from amends.language.match import Memo
from amends.language.model.sight import around, names, plain, surroundings
from amends.language.model.weights import LANE, Weights

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from amends.language.features import Reading
    from amends.language.match import Lexicon

_E = 2.718281828459045  # `math.e`, without loading a library for it
_LIMIT = 8.0
"""Log-odds beyond this add nothing: 0.9997 is certain enough."""
_LIFT = 1 << (LANE - 1)
_OUT = 64
"""Bits of a lane in the sums behind the hidden layer: a unit takes up to 32, its weight 16."""
_OUT_LIFT = 1 << (_OUT - 1)


class Network:
    """The judge of sentences; made once for an index, since it knows cues and rules by their numbers.

    `least` are the log-odds from which each of `labels` is told.
    """

    __slots__ = (
        "_around", "_before", "_behind", "_bias", "_calibration", "_classes", "_cue_names", "_cues", "_first", "_half",
        "_lanes", "_last", "_lexicon", "_offset", "_out", "_out_half", "_out_scale", "_pairs", "_plain", "_row", "_rule_names",
        "_rules", "_scale", "_words", "labels", "least",
    )  # fmt: skip

    def __init__(self, weights: Weights, lexicon: Lexicon, cues: Sequence[str], rules: Sequence[str]) -> None:
        head = weights.head
        self._lanes = weights.lanes
        self.labels: tuple[str, ...] = tuple(head["labels"])
        self._calibration: list[tuple[float, float]] = head["calibration"]
        self.least: tuple[float, ...] = tuple(head["least"])
        self._bias: list[int] = [bias + _LIFT for bias in head["bias"]]
        *self._scale, self._out_scale = head["scale"]
        self._offset: list[float] = [offset - scale * _LIFT for offset, scale in zip(head["offset"], self._scale, strict=True)]
        self._out = [_packed(row) for row in head["out"]]
        self._half = _packed([_LIFT] * weights.lanes, LANE)
        self._out_half = _packed([_OUT_LIFT] * len(self.labels))
        self._row = row = weights.row
        self._lexicon, self._cue_names, self._rule_names = lexicon, cues, rules
        self._plain = Memo(plain)
        self._classes = Memo(lambda bits: sum(row("k:" + name) for name in lexicon.names(bits)))
        self._words = Memo(lambda word: row("w:" + word) + self._classes[lexicon.list_bits(word)])
        self._pairs = Memo(lambda pair: row(f"b:{pair[0]} {pair[1]}"))
        self._around = Memo(lambda facts: sum(map(row, surroundings(facts))))
        self._first, self._last = row("<^"), row(">$")
        self._cues = Memo(lambda cue: row("c:" + cues[cue]))
        self._before = Memo(lambda cue: row("<c:" + cues[cue]))
        self._behind = Memo(lambda cue: row(">c:" + cues[cue]))
        self._rules = Memo(lambda number: row("r:" + rules[number]))

    def judge(self, reading: Reading) -> list[list[float]]:
        """The log-odds of each label, in the order of `labels`, for every sentence of a text."""
        return [self._odds(self._sum_at(reading, place)) for place in range(len(reading.text.sentences))]

    def confidence(self, place: int, odds: float) -> float:
        """The confidence from 0 to 1 that label number `place` holds at these log-odds."""
        slope, offset = self._calibration[place]
        chance: float = round(1 / (1 + _E ** -max(-_LIMIT, min(_LIMIT, slope * odds + offset))), 3)
        return chance

    def _sum_at(self, reading: Reading, place: int) -> int:
        """The sum of the rows of a sentence: those of `sight.names`."""
        text, cues = reading.text, reading.cues
        sentence = text.sentences[place]
        words = list(map(self._plain.__getitem__, text.words[sentence.first : sentence.last]))
        rows = [self._around[around(reading, place)]]
        rows += map(self._words.__getitem__, words)
        rows += map(self._pairs.__getitem__, zip(["^", *words], [*words, "$"], strict=True))
        rows += map(self._cues.__getitem__, cues[place])
        rows += map(self._before.__getitem__, cues[place - 1]) if place else [self._first]
        rows += map(self._behind.__getitem__, cues[place + 1]) if place + 1 < len(text.sentences) else [self._last]
        rows += [self._rules[number] for number, _, _ in reading.rule_hits[place]]
        return sum(filter(None, rows))

    def explain(self, reading: Reading, place: int, label: int) -> list[tuple[str, float]]:
        """What spoke for and against label number `label` in a sentence: each feature with what the log-odds lose without it."""
        seen = next(islice(names(reading, self._lexicon, self._cue_names, self._rule_names), place, None))
        rows = {name: self._row(name) * seen.count(name) for name in dict.fromkeys(seen)}
        whole = sum(rows.values())
        with_all = self._odds(whole)[label]
        return [(name, with_all - self._odds(whole - row)[label]) for name, row in rows.items() if row]

    def weigh_words(self, reading: Reading, place: int, label: int) -> list[float]:
        """What the log-odds of a label lose without each word of a sentence, and without the pairs that it stands in."""
        sentence = reading.text.sentences[place]
        words = [self._plain[word] for word in reading.text.words[sentence.first : sentence.last]]
        framed = ["^", *words, "$"]
        pairs = [self._pairs[pair] for pair in pairwise(framed)]
        whole = self._sum_at(reading, place)
        with_all = self._odds(whole)[label]
        return [with_all - self._odds(whole - self._words[word] - pairs[at] - pairs[at + 1])[label] for at, word in enumerate(words)]

    def _odds(self, total: int) -> list[float]:
        """Log-odds from the sum of the rows of a sentence.

        Lanes are read as they stand, lifted by half of what they hold; biases and offsets are lifted with them. Behind the hidden
        layer the lift is too great for a float and is taken off before.
        """
        lanes = memoryview((total + self._half).to_bytes(LANE // 8 * self._lanes, "little")).cast("I")
        behind = self._out_half
        for unit, bias, out in zip(lanes, self._bias, self._out, strict=False):  # the labels stand behind the hidden units
            if unit > bias:
                behind += out * (unit - bias)
        hidden = memoryview(behind.to_bytes(_OUT // 8 * len(self.labels), "little")).cast("Q")
        out_scale = self._out_scale
        return [
            offset + scale * direct + out_scale * (other - _OUT_LIFT)
            for offset, scale, direct, other in zip(self._offset, self._scale, lanes[len(self._bias) :], hidden, strict=True)
        ]


def _packed(values: Iterable[int], width: int = _OUT) -> int:
    """Signed values as one integer, the first in the lowest bits."""
    return sum(value << (width * place) for place, value in enumerate(values))
