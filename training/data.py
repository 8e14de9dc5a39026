"""The labelled text as numbers: which features each sentence has, and which labels."""

from __future__ import annotations

import collections
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from corpus import INDEX, LABELS, Message, labels_of, messages, mostly, reading_of

from amends import language
from amends.language.datafiles import read_lexicon
from amends.language.model.sight import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BELIEF = 0.5
"""How much of the weights of the lexicons is believed."""
LEAST = 2
"""A feature is kept when this many sentences have it."""


@dataclass
class Sentences:
    """Sentences of whole messages: their features, wanted labels (None where no label was given), and the number of their message."""

    features: list[list[str]]
    wanted: list[frozenset[str] | None]
    message: list[int]
    spans: list[tuple[int, int]]

    def counts(self, place: dict[str, int]) -> sp.csr_matrix:
        """How often each known feature stands in each sentence."""
        found, ends = [], [0]
        for one in self.features:
            found += [place[name] for name in one if name in place]
            ends.append(len(found))
        matrix = sp.csr_matrix((np.ones(len(found), np.float32), found, ends), shape=(len(self.features), len(place)))
        matrix.sum_duplicates()
        return matrix

    def labels(self) -> tuple[np.ndarray, np.ndarray]:
        """The numbers of the labelled sentences, and their labels as 0 and 1 in the order of `LABELS`."""
        labelled = [number for number, wanted in enumerate(self.wanted) if wanted is not None]
        return np.array(labelled), np.array([[label in (self.wanted[n] or ()) for label in LABELS] for n in labelled], np.float32)


def sentences_of(texts: Iterable[Message]) -> Sentences:
    """Read messages with the engine."""
    found = Sentences([], [], [], [])
    for number, message in enumerate(texts):
        reading = reading_of(message.text)
        found.features += names(reading, INDEX.lexicon, INDEX.cues, INDEX.rule_names)
        found.wanted += labels_of(message, reading)
        found.spans += [(sentence.start, sentence.end) for sentence in reading.text.sentences]
        found.message += [number] * len(reading.text.sentences)
    return found


def training() -> tuple[list[Message], Sentences]:
    """All messages of the training text, and their sentences."""
    texts = list(messages())
    return texts, sentences_of(texts)


def vocabulary(sentences: Sentences) -> dict[str, int]:
    """A number for each feature that enough sentences have, in the order of names."""
    seen = collections.Counter(name for one in sentences.features for name in set(one))
    return {name: number for number, name in enumerate(sorted(name for name, count in seen.items() if count >= LEAST))}


def fold(message: Message, folds: int) -> int:
    """The fold of a message, by its text: adding a message moves no other."""
    return hashlib.md5(message.text.encode(), usedforsecurity=False).digest()[0] % folds


def evaluation(path: Path) -> list[dict]:
    """The rows of an evaluation set."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def read_rows(rows: list[dict]) -> Sentences:
    """Rows with a `text` as sentences."""
    return sentences_of(Message("", "", path=None, text=row["text"]) for row in rows)  # type: ignore[arg-type]


def pairs(rows: list[dict], sentences: Sentences, found: list[set[str]]) -> list[tuple[set[str], set[str]]]:
    """For each labelled sentence of the rows what is wanted and what was found, disputed labels left out."""
    spans: dict[int, list[int]] = collections.defaultdict(list)
    for number, message in enumerate(sentences.message):
        spans[message].append(number)
    made = []
    for message, row in enumerate(rows):
        for one in row["sentences"]:
            got = set().union(*(found[n] for n in spans[message] if mostly(*sentences.spans[n], one["start"], one["end"])))
            disputed = set(one.get("disputed", ()))
            made.append(({*one["moves"], *one["flaws"]} - disputed, got - disputed))
    return made


def belief(place: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """What the move lexicons hold each feature to be worth for each label (features × labels), and their offsets.

    Written by hand beside the evaluation sets, they know that kind of text and too much of it: a part of them is believed.
    """
    found, offset = np.zeros((len(place), len(LABELS)), np.float32), np.zeros(len(LABELS), np.float32)
    for path in sorted((Path(language.__file__).parent / "lexicons").glob("move-*.toml")):
        lexicon = read_lexicon(str(path))
        move = LABELS.index(lexicon["move"])
        offset[move] = BELIEF * lexicon["bias"]
        for name, label, weight in _worth(lexicon, move):
            if name in place:
                found[place[name], label] += BELIEF * weight
    return found, offset


def _worth(lexicon: dict, move: int) -> Iterator[tuple[str, int, float]]:
    """Features, labels and weights of one lexicon."""
    for feature, weight in lexicon.get("features", {}).items():
        yield f"f:{feature}", move, weight
    if labels := lexicon.get("labels"):
        yield f"f:named {lexicon['move']}", move, sum(labels.values()) / len(labels)
    for cue in lexicon.get("cues", ()):
        name = f"c:{lexicon['move']}: {cue['name']}"
        yield name, move, cue["weight"]
        for other, weight in cue.get("also", {}).items():
            yield name, LABELS.index(other), weight
