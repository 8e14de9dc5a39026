"""A repair says what people will know, and nobody declares trust restored. The data bring their own examples, which are the tests."""

from __future__ import annotations

import pytest

from amends.trust.same import repeated
from amends.trust.wording import declared, told, worded, wordings

SAID, NOT_SAID = told()


@pytest.mark.parametrize(("code", "text"), [(one.code, text) for one in wordings() for text in one.examples])
def test_every_example_is_remarked_upon(code: str, text: str) -> None:
    assert [one.code for one in worded(text)] == [code]


@pytest.mark.parametrize("text", [text for one in wordings() for text in one.fine])
def test_every_near_miss_passes(text: str) -> None:
    assert worded(text) == ()


@pytest.mark.parametrize("text", SAID)
def test_trust_is_not_declared_restored(text: str) -> None:
    assert len(declared(text)) == 1


@pytest.mark.parametrize("text", NOT_SAID)
def test_a_question_a_negation_a_condition_and_the_words_of_others_declare_nothing(text: str) -> None:
    assert declared(text) == ()


def test_what_is_declared_is_quoted_from_where_it_stands() -> None:
    text = "Three alerts fired in time. Trust in us is back."

    (found,) = declared(text)

    assert text[found.start : found.end] == found.words == "Trust in us is back"


BEFORE = "We are committed to better communication with our partners. The alert fired 3 times in 30 days."


@pytest.mark.parametrize(
    ("now", "count"),
    [
        ("We are committed to better communication with our partners.", 1),
        ("We remain committed to better communication with our partners!", 1),
        ("The alert fired 5 times in 61 days.", 0),  # other figures: it tells something new
        ("The alert fired 3 times in 30 days.", 1),
        ("Partners get a note before 08:00 when an import failed.", 0),
        ("Thank you.", 0),
    ],
)
def test_the_same_sentence_again_is_seen_unless_its_figures_are_new(now: str, count: int) -> None:
    assert len(repeated(now, BEFORE)) == count
