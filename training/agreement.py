"""How far two readers of the labelled text agree: the one who wrote a sentence, and a second who saw the message without its labels.

    .venv/bin/python training/agreement.py

`agreement/second.jsonl` holds what the second reader told of some seven hundred sentences of whole messages. A sentence is found by
its words, since lines move when text is edited; one that was edited since, or stands twice with different labels, is left out.
For each label and for all together: in how many sentences either reader tells it, F1 of the one measured on the other, and Cohen's
kappa (1960), which is 0 where they agree no more often than chance would have it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus import HERE, LABELS, messages

from amends.language.labels import FLAWS, MOVES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus import Message

SECOND = HERE / "agreement" / "second.jsonl"


@dataclass(frozen=True)
class Agreement:
    """Decisions of two readers: `both` said yes, only the `first`, only the `second`, or `neither`."""

    both: int
    first: int
    second: int
    neither: int

    @property
    def cases(self) -> int:
        """In how many at least one reader said yes."""
        return self.both + self.first + self.second

    @property
    def f1(self) -> float:
        """F1 of one reader measured on the other, from 0 to 1; the same in both directions."""
        return 2 * self.both / max(1, 2 * self.both + self.first + self.second)

    @property
    def kappa(self) -> float:
        """Cohen's kappa, at most 1."""
        total = self.both + self.first + self.second + self.neither
        yes = (self.both + self.first) * (self.both + self.second)
        no = (self.neither + self.first) * (self.neither + self.second)
        chance = (yes + no) / (total * total)
        return ((self.both + self.neither) / total - chance) / (1 - chance) if chance < 1 else 1.0


def readings(texts: Iterable[Message]) -> list[tuple[frozenset[str], frozenset[str]]]:
    """The labels of the first and of the second reader, for each sentence that both have read."""
    first: dict[str, set[frozenset[str]]] = {}
    for message in texts:
        for one in message.sentences:
            first.setdefault(one.words, set()).add(one.labels)
    rows = [json.loads(line) for line in SECOND.read_text(encoding="utf-8").splitlines()]
    return [
        (next(iter(first[row["words"]])), frozenset([*row["moves"], *row["flaws"]]))
        for row in rows
        if len(first.get(row["words"], ())) == 1
    ]


def agreement(pairs: list[tuple[frozenset[str], frozenset[str]]], labels: Iterable[str] = LABELS) -> Agreement:
    """How far they agree on some labels, every label of every sentence being one decision."""
    told = [(label in first, label in second) for label in labels for first, second in pairs]
    return Agreement(*(told.count(one) for one in ((True, True), (True, False), (False, True), (False, False))))


def main() -> None:
    """Print the table."""
    pairs = readings(messages())
    print(f"{len(pairs)} sentences\n\n{'label':14}{'cases':>6}{'F1':>7}{'kappa':>7}")
    groups = [*((label, (label,)) for label in LABELS), ("all moves", MOVES), ("all flaws", FLAWS), ("all", LABELS)]
    for name, labels in groups:
        found = agreement(pairs, labels)
        print(f"{name:14}{found.cases:6}{found.f1:7.2f}{found.kappa:7.2f}")


if __name__ == "__main__":
    main()
