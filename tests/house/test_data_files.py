"""A data file without enough examples, or with one that does not hold, fails: ours at collection, a team's in `amends rules test`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amends.core.errors import InputError
from amends.language.index import load
from amends.language.selftest import form_cases, rule_cases
from house.laws import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGE = ROOT / "src" / "amends" / "language"
RULE = """
id = "planted"
title = "Planted"
severity = "warning"
message = "m"
why = "w"
source = "s"
phrases = ["purple elephant"]
hits = {hits}
misses = {misses}
"""
HITS = ["A [[purple elephant]] broke it.", "I saw a [[purple elephant]].", "It was the [[purple elephant]]."]
MISSES = ["A grey elephant.", "Purple paint.", "An elephant in purple."]


def failures(folder: Path, **parts: list[str]) -> dict[str, str]:
    """What the cases of a planted rule say, by name; examples that hold say nothing."""
    from amends.language.overlay import with_team_files

    path = folder / "planted.toml"
    path.write_text(RULE.format(**{"hits": HITS, "misses": MISSES, **parts}))
    index = with_team_files(load(), str(folder), None)
    said = {case.name: case.run() for case in rule_cases(str(path), index)}
    return {name: failure for name, failure in said.items() if failure}


def test_a_rule_with_three_hits_and_three_near_misses_passes(tmp_path: Path) -> None:
    assert failures(tmp_path) == {}


@pytest.mark.parametrize("part", ["hits", "misses"])
def test_a_rule_with_two_examples_of_a_kind_fails(part: str, tmp_path: Path) -> None:
    few = {"hits": HITS[:2]} if part == "hits" else {"misses": MISSES[:2]}

    assert list(failures(tmp_path, **few)) == ["examples"]


def test_a_hit_that_is_not_found_fails(tmp_path: Path) -> None:
    assert list(failures(tmp_path, hits=[*HITS, "Nothing of that colour."])) == ["hit[3]"]


def test_a_hit_whose_marked_words_differ_fails(tmp_path: Path) -> None:
    assert list(failures(tmp_path, hits=[*HITS, "A [[purple]] elephant."])) == ["hit[3]"]


def test_a_near_miss_that_is_found_fails(tmp_path: Path) -> None:
    assert list(failures(tmp_path, misses=[*MISSES, "One purple elephant."])) == ["miss[3]"]


def test_a_rule_with_an_unknown_field_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "planted.toml"
    path.write_text(RULE.format(hits=HITS, misses=MISSES) + "colour = 'purple'\n")

    with pytest.raises(InputError, match="colour"):
        rule_cases(str(path), load())


@pytest.mark.parametrize("lost", ["good", "bad"])
def test_a_form_without_a_good_or_a_bad_message_fails(lost: str, tmp_path: Path) -> None:
    path = tmp_path / "first-message.toml"
    kept = (LANGUAGE / "forms" / "first-message.toml").read_text()
    path.write_text("\n[[".join(part for part in kept.split("\n[[") if not part.startswith(f"{lost}]]")))

    try:
        said = {case.name: case.run() for case in form_cases(str(path), load())}
    except InputError as error:
        assert lost in str(error)  # noqa: PT017  # refused or failed: either way the law was noticed
    else:
        assert said["examples"] is not None


def test_there_are_rules_and_forms_to_collect() -> None:
    assert list((LANGUAGE / "rules").glob("*.toml"))
    assert list((LANGUAGE / "forms").glob("*.toml"))
