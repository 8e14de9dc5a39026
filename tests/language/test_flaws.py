"""How a flaw becomes a finding: what rules tell by their words, what the network believes, and how severe the two make it."""

from __future__ import annotations

from copy import copy
from datetime import UTC, datetime
from math import exp, log
from typing import TYPE_CHECKING

import pytest

from amends.language.check import check
from amends.language.datafiles import read_form, read_rule
from amends.language.findings import CERTAIN, DOUBTFUL
from amends.language.index import Index, load
from amends.language.judging import RULE_ODDS
from amends.language.labels import FLAWS, MOVES
from amends.language.model.network import Network
from amends.language.overlay import with_team_files
from amends.language.records import Draft, Finding
from amends.language.selftest import unmark
from house.laws import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from amends.language.features import Reading

AT = datetime(2026, 3, 4, 10, 50, tzinfo=UTC)
LABELS = (*MOVES, *FLAWS)
LANGUAGE = ROOT / "src" / "amends" / "language"
RULE = """
id = "planted"
title = "Planted"
flaw = "{flaw}"
severity = "{severity}"
message = "m"
why = "w"
source = "s"
phrases = ["purple elephant"]
hits = ["A [[purple elephant]] broke it.", "I saw a [[purple elephant]].", "It was the [[purple elephant]]."]
misses = ["A grey elephant.", "Purple paint.", "An elephant in purple."]
"""
SENTENCE = "It was the purple elephant in the cellar."
LEAST = -1.0


def odds_at(chance: float) -> float:
    """The log-odds of a chance."""
    return log(chance / (1 - chance))


SURENESS = {
    "hardly": LEAST - 0.5,
    "doubtful": (LEAST + odds_at(DOUBTFUL)) / 2,
    "likely": odds_at((DOUBTFUL + CERTAIN) / 2),
    "certain": odds_at((CERTAIN + 1) / 2),
}
"""Log-odds of a flaw with the words of a rule, on each side of the borders that findings draw."""


class Sworn(Network):
    """A network that believes the same of every sentence: the given log-odds of some labels, and nothing else."""

    def __init__(self, believed: dict[str, float]) -> None:
        self.labels = LABELS
        self.least = (LEAST,) * len(LABELS)
        self.believed = [believed.get(label, -99.0) for label in LABELS]

    def judge(self, reading: Reading) -> list[list[float]]:
        return [self.believed for _ in reading.text.sentences]

    def confidence(self, place: int, odds: float) -> float:
        assert 0 <= place < len(LABELS)
        return 1 / (1 + exp(-odds))

    def weigh_words(self, reading: Reading, place: int, label: int) -> list[float]:
        assert 0 <= label < len(LABELS)
        sentence = reading.text.sentences[place]
        return [float(word == "cellar") for word in reading.text.words[sentence.first : sentence.last]]


def index_with(believed: dict[str, float], folder: Path | None = None, **rule: str) -> Index:
    """The index with a network that believes this, and with a planted rule where its flaw and severity are given."""
    if folder is None:
        index = copy(load())
    else:
        (folder / "planted.toml").write_text(RULE.format(**rule), encoding="utf-8")
        index = with_team_files(load(), str(folder), None)
    index._network = Sworn(believed)
    return index


def found(index: Index, text: str = SENTENCE) -> list[Finding]:
    return list(check(Draft(text, AT, form="any"), index).findings)


@pytest.mark.parametrize(
    ("flaw", "own", "belief", "severity"),
    [
        ("blame", "error", "hardly", "note"),
        ("blame", "warning", "hardly", "note"),
        ("vague", "warning", "hardly", "note"),
        ("blame", "error", "doubtful", "warning"),
        ("blame", "error", "likely", "error"),
        ("blame", "error", "certain", "error"),
        ("blame", "warning", "doubtful", "warning"),
        ("blame", "warning", "likely", "warning"),
        ("blame", "warning", "certain", "error"),
        ("deflection", "warning", "certain", "error"),
        ("minimizing", "warning", "certain", "error"),
        ("overclaim", "warning", "certain", "error"),
        ("vague", "warning", "certain", "warning"),
        ("hedge", "warning", "certain", "warning"),
        ("spin", "warning", "certain", "warning"),
        ("blame", "note", "certain", "note"),
    ],
)
def test_a_rule_is_as_severe_as_its_words_and_the_belief_of_the_network_make_it(
    flaw: str, own: str, belief: str, severity: str, tmp_path: Path
) -> None:
    index = index_with({flaw: SURENESS[belief] - RULE_ODDS}, tmp_path, flaw=flaw, severity=own)
    (finding,) = [one for one in found(index) if one.rule == "planted"]
    assert finding.severity == severity


def test_a_flaw_that_the_network_alone_sees_is_told_by_its_own_rule_at_the_words_that_weigh_most() -> None:
    for flaw in FLAWS:
        (finding,) = found(index_with({flaw: 3.0}))
        assert (finding.rule, finding.flaw, finding.severity) == (f"reads-as-{flaw}", flaw, "warning")
        assert SENTENCE[finding.start : finding.end] == "cellar"
        assert "“cellar”" in finding.message
        assert "?" in finding.message


def test_where_the_words_of_a_rule_tell_a_flaw_the_network_adds_no_finding_of_its_own(tmp_path: Path) -> None:
    (finding,) = found(index_with({"blame": 3.0}, tmp_path, flaw="blame", severity="warning"))
    assert finding.rule == "planted"


def test_a_rule_of_one_flaw_leaves_the_others_to_the_network(tmp_path: Path) -> None:
    rules = {one.rule for one in found(index_with({"blame": 3.0, "spin": 3.0}, tmp_path, flaw="blame", severity="warning"))}
    assert rules == {"planted", "reads-as-spin"}


def test_a_sentence_without_a_word_has_no_flaw_that_could_be_pointed_at() -> None:
    everything = dict.fromkeys(LABELS, 9.0)
    for text in ("-", "…", "—\n\n—", "***\n", "> \n\n- \n", "It broke.\n\n-\n\n…"):
        for one in found(index_with(everything), text):
            assert 0 <= one.start <= one.end <= len(text)


def _examples() -> list[tuple[str, str]]:
    """Every example text of our rules and forms, with the form that it is checked as."""
    kept: list[tuple[str, str]] = []
    for path in sorted((LANGUAGE / "rules").glob("*.toml")):
        rule, _, _ = read_rule(str(path))
        for example in (*rule.hits, *rule.misses):
            given = {"text": example} if isinstance(example, str) else example
            kept.append((unmark(given["text"])[0], given.get("form", rule.forms[0] if rule.forms else "any")))
    for path in sorted((LANGUAGE / "forms").glob("*.toml")):
        form, _, _, good, bad = read_form(str(path))
        kept += [(example["text"], form.id) for example in (*good, *bad)]
    return kept


def test_in_no_example_of_ours_does_the_network_speak_beside_a_rule_of_the_same_flaw() -> None:
    index, spoke = load(), 0
    for text, form in _examples():
        document = check(Draft(text, AT, form=form), index)
        for one in document.findings:
            if not one.rule.startswith("reads-as-"):
                continue
            spoke += 1
            sentence = next(place for place in document.sentences if place.start <= one.start < place.end)
            others = [other for other in document.findings if other.flaw == one.flaw and other is not one]
            assert not [other.rule for other in others if other.start < sentence.end and other.end > sentence.start], text
    assert spoke >= 7
