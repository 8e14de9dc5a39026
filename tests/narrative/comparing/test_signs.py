"""Every sign of `signs.toml` against its own examples, and the patterns that they are written in."""

from __future__ import annotations

import re
import tomllib
from importlib import resources

import pytest

from amends.narrative import comparing
from amends.narrative.comparing.signs import AGAINST, Signs, signs, spellings

FILE = tomllib.loads((resources.files(comparing) / "signs.toml").read_text("utf-8"))
WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


def found(clause: str, those: Signs | None = None) -> dict[str, tuple[int, int]]:
    """The signs of a clause, as `clauses` asks for them."""
    return (those or signs()).find(clause, [(one.group(), one.start()) for one in WORD.finditer(clause)])


def made(words: str = "", *phrases: str) -> Signs:
    return Signs({"sign": {"words": words, "phrases": list(phrases)}})


@pytest.mark.parametrize("name", FILE)
def test_a_sign_is_seen_in_its_hits_and_not_in_its_misses(name: str) -> None:
    sign = FILE[name]
    assert len(sign["hits"]) >= 3
    assert len(sign["misses"]) >= 3
    assert not [clause for clause in sign["hits"] if name not in found(clause.lower())], "not seen"
    assert not [clause for clause in sign["misses"] if name in found(clause.lower())], "wrongly seen"


def test_every_sign_says_what_it_is_about_and_those_that_speak_against_the_teller_exist() -> None:
    assert all(set(sign) == {"about", "words", "phrases", "hits", "misses"} or "phrases" not in sign for sign in FILE.values())
    assert all(sign["about"] for sign in FILE.values())
    assert set(AGAINST) <= set(FILE)


def test_every_pattern_can_be_read_and_can_begin_with_some_word() -> None:
    for sign in FILE.values():
        for pattern in (*sign["words"].split(), *sign.get("phrases", ())):
            assert all(spellings(pattern)), pattern


@pytest.mark.parametrize(
    ("pattern", "begins"),
    [
        ("lost", ["lost"]),
        ("fail(ed|s)?", ["failed", "fails", "fail"]),
        ("q[12]", ["q1", "q2"]),
        ("refunds?", ["refunds", "refund"]),
        ("<num> hours", ["#"]),
        ("(by|on) its own", ["by", "on"]),
        ("no ~2 alarm", ["no"]),
    ],
)
def test_a_pattern_is_spelled_out_to_find_its_first_word(pattern: str, begins: list[str]) -> None:
    assert spellings(pattern) == begins


def test_words_may_lie_between_the_parts_of_a_phrase_but_not_more_than_allowed() -> None:
    sign = made("", "no ~2 alarm")
    assert found("there was no loud red alarm", sign) == {"sign": (10, 27)}
    assert not found("there was no loud bright red alarm", sign)


def test_a_star_stands_for_letters_at_the_beginning_and_at_the_end_of_a_word() -> None:
    assert found("it wasn't there", made("*n't")) == {"sign": (3, 9)}
    assert found("an uncorrupted copy of corruption", made("corrupt*")) == {"sign": (23, 33)}


def test_numbers_stand_for_any_digits_and_a_phrase_ends_where_a_word_ends() -> None:
    sign = made("", "<num> hours? straight")
    assert found("for 11 hours straight", sign)
    assert not found("for 11 hours straightened", sign)


def test_the_span_is_that_of_the_first_words() -> None:
    assert found("we lost it, and it is lost", made("lost")) == {"sign": (3, 7)}


def test_a_parenthesis_that_is_not_closed_is_told() -> None:
    with pytest.raises(ValueError, match="not closed"):
        spellings("(one|two")
