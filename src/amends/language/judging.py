"""Which moves a sentence makes and which flaws it has: the network's log-odds, with the hits of rules as further evidence.

A label counts from a confidence on that was chosen for it on the evaluation sets (`training/choose.py`); the confidence is
calibrated on messages that the network had not seen.
"""

from __future__ import annotations

from amends.language.labels import FLAWS, MOVES
from amends.language.records import FlawLabel, MoveLabel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from amends.language.features import Reading
    from amends.language.model.network import Network

RULE_ODDS = 5.0
"""What the words of a rule add to the log-odds of its flaw: few sentences of the training text hold them, so that the network
trusts them too little. Chosen on the evaluation sets among 0 to 5 (docs/decisions/0010)."""
NAMED_ODDS = 6.0
"""What the name of a line adds to the log-odds of the move that it names: "Constraints: none" tells by its name, not by its words."""
_SILENT = ("greeting", "signature")
_NAMED = tuple(f"named {move}" for move in MOVES)


def moves(network: Network, reading: Reading, empty: Container[int]) -> list[tuple[MoveLabel, ...]]:
    """The moves of each sentence, in the order of `MOVES`; greetings, signatures, titles and the sentences in `empty` make none."""
    found: list[tuple[MoveLabel, ...]] = []
    for place, sentence in enumerate(reading.text.sentences):
        if place in empty or sentence.kind in _SILENT or place in reading.titles or sentence.last == sentence.first:
            found.append(())
            continue
        odds = _with_names(reading, place)
        found.append(
            tuple(
                [
                    MoveLabel(move, network.confidence(number, value))
                    for number, (move, value, least) in enumerate(zip(MOVES, odds, network.least, strict=False))
                    if value >= least
                ]
            )
        )
    return found


def _with_names(reading: Reading, place: int) -> list[float]:
    """The log-odds of the moves of a sentence, with what the name of its line adds."""
    odds, marks = reading.odds[place], reading.features[place]
    return odds if marks.isdisjoint(_NAMED) else [odds[number] + added(reading, place, number) for number in range(len(MOVES))]


def added(reading: Reading, place: int, number: int, *, told: bool = False) -> float:
    """What is added to the network's log-odds of label `number`: for the name of the line, or for the words that a rule tells."""
    if number < len(MOVES):
        return NAMED_ODDS if _NAMED[number] in reading.features[place] else 0.0
    return RULE_ODDS if told else 0.0


def flaws(
    network: Network, reading: Reading, place: int, told: Mapping[str, tuple[int, int]], unwanted: Container[str] = ()
) -> list[FlawLabel]:
    """The flaws of one sentence, in the order of `FLAWS`.

    `told` are those that rules tell, with the words that they point at; of those `unwanted` nothing is said.
    """
    found = []
    for number, flaw in enumerate(FLAWS, len(MOVES)):
        odds = reading.odds[place][number] + added(reading, place, number, told=flaw in told)
        if odds >= network.least[number] and flaw not in unwanted:
            start, end = told[flaw] if flaw in told else span(network, reading, place, number)
            found.append(FlawLabel(flaw, network.confidence(number, odds), start, end, flaw in told))
    return found


def span(network: Network, reading: Reading, place: int, label: int) -> tuple[int, int]:
    """The words of a sentence that speak most for a label: the run with the greatest sum of what each adds (Kadane)."""
    weights = network.weigh_words(reading, place, label)
    mean = max(0.0, sum(weights) / len(weights))  # words that add no more than any other are not pointed at
    best = run = weights[0] - mean
    first = last = begin = 0
    for at, weight in enumerate(weights[1:], 1):
        run, begin = (run + weight - mean, begin) if run > 0 else (weight - mean, at)
        if run > best:
            best, first, last = run, begin, at
    words = reading.text.spans[reading.text.sentences[place].first :]
    return words[first][0], words[last][1]
