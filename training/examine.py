"""Examines the labelled text: how much there is of what, and whether it keeps the rules of GUIDELINE.md.

    .venv/bin/python training/examine.py
    .venv/bin/python training/examine.py --against FOLDER-OR-FILE…

The first prints the figures and the broken rules. The second also compares every sentence with those of evaluation sets (`*.jsonl`
with `text`, `sentence`, `source` or `retold` in their rows, split by the engine) and prints the copies and near copies by the place of
both; of an evaluation set it shows no words, since sentences that are kept from sight must stay unseen. The exit status is 1 when a rule is
broken or a copy was found.
"""

from __future__ import annotations

import argparse
import collections
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from corpus import HERE, LABELS, Message, messages

from amends.language.text import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LEAST_DISTINCT = 11_000
"""So many sentences must differ in more than names, numbers and times."""
OPENING, MOST_OPENINGS = 5, 20
"""An opening is this many words, and no more sentences than this may share one."""
LONG = 6
"""A sentence of fewer words may stand twice and may stand in an evaluation set: nobody can write "Resolved." in words of their own."""
GRAM, CONTAINED, ALIKE = 5, 0.5, 0.8
"""Near copies share half of the runs of five words that the shorter one has, or four words in five in their order."""
KEY = 3
"""Two sentences of `LONG` words or more that are `ALIKE` share at least one run of this many: they are found by it."""
MOST_BLANKS = 2
"""A run of five with more blanks is no run of words: `on _ between _ and` is how a span of time is written, by everybody."""
_FIELDS = ("text", "sentence", "source", "retold")
_BLANK = "_"
_WORD = re.compile(r"[^\W_]+(?:['’.:,/-][^\W_]+)*")
_SPELLED = frozenset(
    "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty ninety hundred am pm".split()
)
_NO_NAMES = re.compile(r"I(?:['’]\w+)?")


class Sentence(NamedTuple):
    """A sentence as it is compared: its words lowered, with names, numbers and times blanked, and where it stands."""

    words: tuple[str, ...]
    where: str
    written: str


@dataclass
class Figures:
    """What the text holds."""

    messages: int
    sentences: int
    distinct: int
    unlabelled: int
    kinds: collections.Counter[str]
    labels: collections.Counter[str]
    openings: collections.Counter[tuple[str, ...]]
    repeated: list[list[Sentence]]

    def broken(self) -> list[str]:
        """The rules that the text breaks, each with its case."""
        found = [] if self.distinct >= LEAST_DISTINCT else [f"{self.distinct} distinct sentences, at least {LEAST_DISTINCT} are wanted"]
        found += [
            f"{count} sentences open with {' '.join(words)!r}, at most {MOST_OPENINGS} may"
            for words, count in self.openings.most_common()
            if count > MOST_OPENINGS
        ]
        return found + [f"{', '.join(one.where for one in same)}: the same sentence: {same[0].written}" for same in self.repeated]


def written(texts: Iterable[Message]) -> list[Sentence]:
    """The sentences of the labelled text, one for each line."""
    lines = [
        (f"{message.path.relative_to(HERE)}:{one.line}", one.words.removeprefix("- ").removeprefix("* "))
        for message in texts
        for one in message.sentences
    ]
    ordinary = _ordinary(words for _, words in lines)
    return [Sentence(blanked(words, ordinary), where, words) for where, words in lines]


def examine(texts: list[Message], sentences: list[Sentence]) -> Figures:
    """Count, and look for what stands too often."""
    labels = [one.labels for message in texts for one in message.sentences]
    same: dict[tuple[str, ...], list[Sentence]] = collections.defaultdict(list)
    for one in sentences:
        same[one.words].append(one)
    return Figures(
        len(texts),
        len(sentences),
        len(same),
        sum(not one for one in labels),
        collections.Counter(message.kind for message in texts),
        collections.Counter(label for one in labels for label in one),
        collections.Counter(one.words[:OPENING] for one in sentences if len(one.words) >= OPENING),
        [group for words, group in same.items() if len(group) > 1 and len(words) >= LONG],
    )


def blanked(text: str, ordinary: frozenset[str]) -> tuple[str, ...]:
    """The words of a sentence, lowered, each run of names, numbers and times as one blank.

    A name is a word with a capital letter; the first word of a sentence only when `ordinary` (lowered words) does not hold it.
    """
    found: list[str] = []
    shouted = text.upper() == text
    for place, word in enumerate(_WORD.findall(text)):
        low = word.lower().replace("’", "'")
        capital = word != low and not shouted and not _NO_NAMES.fullmatch(word.replace("’", "'"))
        name = capital and (low not in ordinary if place == 0 else True)
        if name or low in _SPELLED or any(sign.isdigit() for sign in word):
            low = _BLANK
        if low != _BLANK or found[-1:] != [_BLANK]:
            found.append(low)
    return tuple(found)


def _ordinary(texts: Iterable[str]) -> frozenset[str]:
    """Words that are written small anywhere: at the head of a sentence they are no names."""
    return frozenset(word.replace("’", "'") for text in texts for word in _WORD.findall(text) if word.islower())


def evaluated(paths: Iterable[Path], ordinary: frozenset[str]) -> Iterator[Sentence]:
    """The sentences of evaluation sets, as the engine splits them; files of other forms give none."""
    for path in paths:
        for file in sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]:
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                row = json.loads(line) if line.strip() else {}
                for text in (row[name] for name in _FIELDS if isinstance(row.get(name), str)):
                    for one in parse(text).sentences:
                        yield Sentence(blanked(text[one.start : one.end], ordinary), f"{file.name}:{number}", "")


def copies(ours: Iterable[Sentence], theirs: Iterable[Sentence]) -> list[tuple[Sentence, Sentence]]:
    """Pairs of which one is a copy or a near copy of the other, one pair for each sentence of ours."""
    known = {one.words: one for one in theirs if len(one.words) >= LONG}
    by_run: dict[tuple[str, ...], list[Sentence]] = collections.defaultdict(list)
    for one in known.values():
        for run in _runs(one.words, KEY):
            by_run[run].append(one)
    found = []
    for one in ours:
        if len(one.words) >= LONG:
            near = {other.words: other for run in _runs(one.words, KEY) for other in by_run.get(run, ())}
            alike = next((other for other in near.values() if is_near(one.words, other.words)), None)
            if alike:
                found.append((one, alike))
    return found


def is_near(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a sequence of words is a copy or near copy of another: see `GRAM`, `CONTAINED` and `ALIKE`."""
    runs, others = ({run for run in _runs(words, GRAM) if run.count(_BLANK) <= MOST_BLANKS} for words in (one, other))
    if runs and others and len(runs & others) >= CONTAINED * min(len(runs), len(others)):
        return True
    longest = max(len(one), len(other))
    shared = (collections.Counter(one) & collections.Counter(other)).total()
    return shared >= ALIKE * longest and _edits(one, other) <= (1 - ALIKE) * longest


def _runs(words: tuple[str, ...], length: int) -> set[tuple[str, ...]]:
    """The runs of so many words."""
    return {words[at : at + length] for at in range(len(words) - length + 1)}


def _edits(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many words must be put in, left out or changed to make one of the other (Levenshtein 1966)."""
    row = list(range(len(other) + 1))
    for at, word in enumerate(one, 1):
        before, row[0] = row[0], at
        for place, theirs in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (word != theirs))
    return row[-1]


def main() -> int:
    """Print the figures and what is broken; the number is the exit status."""
    arguments = argparse.ArgumentParser(description="Examine the labelled text.")
    arguments.add_argument("--against", nargs="+", type=Path, default=[], metavar="FOLDER", help="evaluation sets that it must not repeat")
    against: list[Path] = arguments.parse_args().against
    texts = list(messages())
    sentences = written(texts)
    figures = examine(texts, sentences)
    _show(figures)
    broken = figures.broken()
    if against:
        found = copies(sentences, evaluated(against, _ordinary(one.written for one in sentences)))
        print(f"\n{len(found)} sentences are copies or near copies of one in the evaluation sets")
        broken += [f"{one.where}: near {other.where}: {one.written}" for one, other in found]
    print("\n" + "\n".join(broken or ["no rule is broken"]))
    return 1 if broken else 0


def _show(figures: Figures) -> None:
    share = figures.unlabelled / max(1, figures.sentences)
    print(f"{figures.messages} messages, {figures.sentences} sentences, {figures.distinct} of them distinct, {share:.1%} without a label\n")
    for name, counts in (("kind", figures.kinds), ("label", figures.labels)):
        print("\n".join(f"{name:6} {one:14}{counts[one]:6}" for one in (LABELS if name == "label" else sorted(counts))))
    print("\nmost frequent openings")
    print("\n".join(f"{count:6}  {' '.join(words)}" for words, count in figures.openings.most_common(10)))


if __name__ == "__main__":
    raise SystemExit(main())
