"""The phrase language and the table it is compiled into, held against a naive reading of the same phrases."""

from __future__ import annotations

import itertools
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.language.match import SHAPES, Lexicon, PhraseError, PhraseTable, compile_phrases

LEXICON = Lexicon(["be", "we"], ("is was we us", array("H", [0, 0, 1, 1]).tobytes(), [1 << len(SHAPES), 2 << len(SHAPES)]))


def found(phrase: str, words: str) -> list[str]:
    table = PhraseTable(compile_phrases([(phrase, 7)], LEXICON.bit), LEXICON)
    written = words.split()
    hits: list[tuple[int, int, int]] = []
    table.scan(written, 0, len(written), hits)
    assert all(number == 7 for number, _, _ in hits)
    return sorted({" ".join(written[first:last]) for _, first, last in hits})


@pytest.mark.parametrize(
    ("phrase", "words", "hits"),
    [
        ("as soon as", "as soon as we can", ["as soon as"]),
        ("my|our fault", "our fault not my fault", ["my fault", "our fault"]),
        ("that's on me|all_of_us", "that's on all of us", ["that's on all of us"]),
        ("very? sorry", "very sorry", ["sorry", "very sorry"]),
        ("<be> down", "it was down and is up", ["was down"]),
        ("<be|we> *", "we know", ["we know"]),
        ("fix *2 soon", "fix it very soon", ["fix it very soon"]),
        ("fix *2 soon", "fix it very very soon", []),
        ("^ soon", "soon is not soon", ["soon"]),
        ("down $", "down goes down", ["down"]),
        ("<num> %?", "38 % of", ["38", "38 %"]),
        ("<clock>", "at 14:30 or 5pm not 1430x", ["14:30", "5pm"]),
        ("<cap> said", "Dave said and dave said", ["Dave said"]),
        ("<we>_<be> sorry", "we is sorry", ["we is sorry"]),
    ],
)
def test_a_phrase_finds_its_words(phrase: str, words: str, hits: list[str]) -> None:
    assert found(phrase, words) == hits


@pytest.mark.parametrize(
    ("phrase", "says"), [("", "no words"), ("^ $", "no words"), ("<nope> x", "<nope>"), ("a||b", "empty word"), ("a|b|c " * 9, "variants")]
)
def test_a_phrase_that_cannot_be_read_says_why(phrase: str, says: str) -> None:
    with pytest.raises(PhraseError, match=says.replace("|", r"\|")):
        compile_phrases([(phrase, 0)], LEXICON.bit)


WORDS = ["a", "b", "c", "is", "we"]
ELEMENTS = ["a", "b", "a|b", "c?", "<be>", "*", "*2", "<we>?", "a_b|c"]


def naive(elements: list[str], words: list[str]) -> set[tuple[int, int]]:
    """Every span that the elements can cover, by trying all ways."""

    def ways(element: str) -> list[list[str]]:
        optional, body = element.endswith("?"), element.removesuffix("?")
        kinds = {"<be>": [["is"]], "<we>": [["we"]], "*": [["*"]], "*2": [[], ["*"], ["*", "*"]]}
        choices = kinds.get(body) or [one.split("_") for one in body.split("|")]
        return [[], *choices] if optional else choices

    spans = set()
    for choice in itertools.product(*(ways(element) for element in elements)):
        steps = [step for part in choice for step in part]
        for first in range(len(words) - len(steps) + 1):
            if steps and all(step in ("*", word) for step, word in zip(steps, words[first:], strict=False)):
                spans.add((first, first + len(steps)))
    return spans


@given(st.lists(st.sampled_from(ELEMENTS), min_size=1, max_size=4), st.lists(st.sampled_from(WORDS), max_size=8))
def test_the_table_finds_exactly_what_trying_all_ways_finds(elements: list[str], words: list[str]) -> None:
    try:
        table = PhraseTable(compile_phrases([(" ".join(elements), 0)], LEXICON.bit), LEXICON)
    except PhraseError:
        return
    hits: list[tuple[int, int, int]] = []
    table.scan(words, 0, len(words), hits)
    assert {(first, last) for _, first, last in hits} == naive(elements, words)


def test_many_phrases_share_one_table_and_keep_their_numbers() -> None:
    table = PhraseTable(compile_phrases([("a b", 0), ("a b c", 1), ("a", 2), ("a b", 3)], LEXICON.bit), LEXICON)
    hits: list[tuple[int, int, int]] = []
    table.scan(["a", "b", "c"], 0, 3, hits)
    assert sorted(hits) == [(0, 0, 2), (1, 0, 3), (2, 0, 1), (3, 0, 2)]
