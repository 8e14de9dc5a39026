"""Which moves a sentence makes: the evidence for and against each, added up in log-odds and turned into a confidence.

Evidence is data (`lexicons/move-*.toml`): phrases, labels and features of the sentence with weights. A move counts when its
confidence reaches `THRESHOLD`; `explain` tells which evidence spoke for and against.
"""

from __future__ import annotations

from amends.language.labels import MOVES
from amends.language.records import MoveLabel
from amends.language.sections import label_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.language.features import Reading

    Weights = Sequence[tuple[int, float]]
    """Pairs of a move's place in `MOVES` and what is added to its log-odds."""

THRESHOLD = 0.5
_E = 2.718281828459045  # `math.e`, without loading a library for it
_LIMIT = 8.0
"""Log-odds beyond this add nothing: 0.9997 is certain enough."""


class MoveScorer:
    """The weights of all evidence, as compiled from the move lexicons."""

    __slots__ = ("_biases", "_cues", "_features", "_labels", "names")

    def __init__(
        self, biases: Sequence[float], cues: Sequence[tuple[str, Weights]], labels: dict[str, Weights], features: dict[str, Weights]
    ) -> None:
        self._biases = biases
        self._cues = cues
        self.names = [name for name, _ in cues]
        self._labels = labels
        self._features = tuple(features.items())

    def score(self, reading: Reading, place: int) -> tuple[MoveLabel, ...]:
        """The moves of one sentence at or above the threshold, in the order of `MOVES`."""
        sentence = reading.text.sentences[place]
        if sentence.kind in ("greeting", "signature") or sentence.last == sentence.first:
            return ()
        scores = list(self._biases)
        for _, weights in self._evidence(reading, place):
            for move, weight in weights:
                scores[move] += weight
        if max(scores) < 0:
            return ()
        made = zip(MOVES, scores, strict=True)
        return tuple([MoveLabel(name, round(1 / (1 + _E ** -min(_LIMIT, score)), 3)) for name, score in made if score >= 0])

    def explain(self, reading: Reading, place: int, move: str) -> list[tuple[str, float]]:
        """The evidence about one move in one sentence, strongest first, as (what, log-odds); the bias is named `before`."""
        wanted = MOVES.index(move)
        found = [("before", self._biases[wanted])]
        found += [(name, weight) for name, weights in self._evidence(reading, place) for number, weight in weights if number == wanted]
        return sorted(found, key=lambda pair: (-abs(pair[1]), pair[0]))

    def _evidence(self, reading: Reading, place: int) -> list[tuple[str, Weights]]:
        """What speaks about a sentence, features in the order of the lexicons: that of a set differs from run to run, and sums with it."""
        cues = self._cues
        marks = reading.features[place]
        found = [cues[cue] for cue in reading.cues[place]]
        found += [pair for pair in self._features if pair[0] in marks]
        label = label_of(reading.text, reading.text.sentences[place])
        if label is not None and label in self._labels:
            found.append((f"label {label}", self._labels[label]))
        return found
