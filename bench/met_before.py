"""How often “you have met this before” is right: on pairs of incidents that were written for it, and on real reports with a known twin.

    .venv/bin/python bench/met_before.py [--sets FOLDER]

The pairs are those of `tests/recurrence/pairs.toml`, on which the weights were chosen. With --sets, a folder that
holds `recurrence_docs*.jsonl` (reports) and `recurrence*.jsonl` (which report is the twin of which), each of those is taken for an incident
that is opened when all others are known. One twin of each is labelled; reports with the same twin are twins too, and so on from twin
to twin. Others may be the same fault and nobody said so: what is counted as wrong may be right. Writes `results/met-before.md`.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common import publish, table

if TYPE_CHECKING:
    from amends.recurrence.fingerprint import Fingerprint
    from amends.recurrence.matching import Match
    from amends.recurrence.postings import Corpus, Report

PAIRS = Path(__file__).resolve().parents[1] / "tests" / "recurrence" / "pairs.toml"
CANDIDATES = 12
NOTES = [
    "Of the pairs: those that are told as they should be. Of the reports: of what is told, the share that is a twin, by its label or over",
    "a twin of both, and of all labelled twins, the share that is told. Reports of defects share components by the hundred and bring no",
    "account; incidents may do otherwise.",
]


class Known:
    """Reports that are all known, and what of them an incident may be again."""

    def __init__(self, told: dict[str, dict[str, str]]) -> None:
        from amends.recurrence.postings import Corpus

        self._told = told
        self._prints: dict[str, Fingerprint] = {}
        self.corpus: Corpus = Corpus((name, report(one)) for name, one in told.items())

    def matches(self, name: str, one: dict[str, str]) -> tuple[Match, ...]:
        """What a report is told to be again, with the weights that the workbench uses."""
        from amends.recurrence.fingerprint import usualness
        from amends.recurrence.matching import Alike, best, match
        from amends.recurrence.similar import similar
        from amends.recurrence.terms import terms

        here, usual = fingerprint_of(name, one), {}
        for trait in here.of("component"):
            words = terms(trait.value)
            holding = self.corpus.frequencies(words)
            rarest = min((holding.get(word, 0) for word in words), default=0)
            usual["component", trait.value] = usualness(rarest, self.corpus.documents())
        alike = similar(self.corpus, report(one), limit=CANDIDATES, without={name})
        return best((match(here, self._print(other.id), Alike(other.id, other.score, other.why), usual) for other in alike), CANDIDATES)

    def _print(self, name: str) -> Fingerprint:
        if name not in self._prints:
            self._prints[name] = fingerprint_of(name, self._told[name])
        return self._prints[name]


def report(told: dict[str, str]) -> Report:
    """The words of an incident."""
    from amends.recurrence.postings import Report

    return Report(told["title"], "\n".join(text for name, text in told.items() if name != "title"))


def fingerprint_of(name: str, told: dict[str, str]) -> Fingerprint:
    """Its fingerprint, by what was written where."""
    from amends.recurrence.fingerprint import Said, fingerprint

    return fingerprint(name, [Said({"fact": "happened"}.get(source, source), text) for source, text in told.items()])


def of_pairs() -> list[str]:
    """How many pairs are told as they should be, of those that are the same failure and of the near-misses."""
    pairs = tomllib.loads(PAIRS.read_text(encoding="utf-8"))["pair"]
    known = Known({str(number): one["there"] for number, one in enumerate(pairs)})
    right: Counter[bool] = Counter()
    total: Counter[bool] = Counter()
    for number, one in enumerate(pairs):
        found = {two.other_id: two.strength for two in known.matches("here", one["here"])}.get(str(number), "new")
        same = one["expect"] == "met-before"
        total[same] += 1
        right[same] += found == one["expect"]
    return ["pairs written for it", f"{right[True]} of {total[True]}", f"{right[False]} of {total[False]} others told as they should be"]


def of_reports(folder: Path) -> list[list[str]]:
    """Of real reports with a known twin: the share of right ones among what is told, and of the twins that are told."""
    docs: dict[str, dict[str, str]] = {}
    twins: dict[str, str] = {}
    for path in sorted(folder.glob("recurrence*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row: dict[str, Any] = json.loads(line)
            if "query" in row:
                twins[row["query"]] = row["relevant"]
            else:
                docs[row["id"]] = {"title": row.get("title") or "", "fact": row["text"]}
    known, family = Known(docs), families(twins)
    told: Counter[str] = Counter()
    right: Counter[str] = Counter()
    labelled: Counter[str] = Counter()
    for name, twin in twins.items():
        for one in known.matches(name, docs[name]):
            told[one.strength] += 1
            right[one.strength] += family.get(one.other_id) == family[name]
            labelled[one.strength] += one.other_id == twin
    return [
        [
            f"{len(twins)} real reports among {len(docs):,}, “{called}”",
            f"{right[one]} of {told[one]} ({right[one] / max(1, told[one]):.0%})",
            f"{labelled[one] / len(twins):.0%} of the twins",
        ]
        for one, called in (("met-before", "met before"), ("maybe", "maybe related"))
    ]


def families(twins: dict[str, str]) -> dict[str, str]:
    """By each report with a twin, one of all that are its twins, directly or from twin to twin."""
    first: dict[str, str] = {}
    for pair in twins.items():
        known = {first.get(name, name) for name in pair}
        first |= {name: min(known) for name in {*pair, *(name for name, one in first.items() if one in known)}}
    return first


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sets", type=Path, help="a folder with reports and their twins")
    sets: Path | None = parser.parse_args().sets
    rows = [of_pairs(), *(of_reports(sets) if sets else [])]
    publish("met-before.md", table("Met before", ["what", "right", "found"], rows, NOTES))


if __name__ == "__main__":
    main()
