"""Numbers that a retold text softens: what is seen, and what only looks like it."""

from __future__ import annotations

import pytest

from amends.narrative.comparing.counting import find_numbers
from narrative.comparing.tellings import two

SHOWN = 0.5


def softened(source: str, retold: str) -> list[tuple[str, str]]:
    """The rules that see a softened number, and the words of the retold text that they quote."""
    found = find_numbers(*two(source, retold))
    return [(one.rule, retold[slice(*one.retold)]) for one in found if one.confidence >= SHOWN and one.retold]


def rules(source: str, retold: str) -> list[str]:
    return [rule for rule, _ in softened(source, retold)]


BOOKS = "The mailing reached 4,180 readers twice. Of these, 37 readers cancelled their card."


@pytest.mark.parametrize(
    "words",
    [
        "some",
        "several",
        "many",
        "a number of",
        "a handful of",
        "a few",
        "thousands of",
        "a small share of",
        "a limited number of",
        "isolated",
    ],
)
def test_words_without_a_number_are_seen_where_the_source_counted(words: str) -> None:
    assert rules(BOOKS, f"The mailing reached {words} readers twice.") == ["vague"]


def test_a_quote_holds_the_words_and_what_they_count() -> None:
    source = BOOKS
    [one] = find_numbers(*two(source, "The mailing reached a number of readers twice."))
    assert one.what == "4,180 => a number of"
    assert one.source is not None
    assert source[slice(*one.source)].startswith("4,180 readers")


@pytest.mark.parametrize(
    "honest",
    [
        "The mailing reached 4,180 readers twice, and 37 of them cancelled.",
        "The mailing reached about 4,200 readers twice; some readers, 37 in all, cancelled their card.",
        "The mailing reached some 4,180 readers twice, and thirty-seven readers cancelled their card.",
    ],
)
def test_a_number_that_is_told_somewhere_is_none(honest: str) -> None:
    assert softened(BOOKS, honest) == []


@pytest.mark.parametrize(
    ("source", "retold"),
    [
        ("Some readers got the letter twice. We wrote to 90 shops.", "Some readers got the letter twice."),
        ("A subset of readers got error 503 or error 500.", "Some readers got an error."),
        ("In 2021 the readers moved to version 4.2 of shelf-12.", "Several readers moved in 2021."),
        ("One reader lost a card.", "Some readers lost a card."),
        ("It is not known how many readers left. 12 shelves fell.", "How many readers left is not known."),
    ],
)
def test_a_source_that_does_not_count_is_no_ground(source: str, retold: str) -> None:
    assert softened(source, retold) == []


def test_a_share_is_a_number() -> None:
    assert rules("At the peak 34% of the calls failed.", "At the peak a portion of the calls failed.") == ["vague"]


def test_a_count_told_lower_is_seen_and_one_rounded_closely_is_not() -> None:
    source = "In all 2,460 parcels were lost."
    assert rules(source, "In all about 2,000 parcels were lost.") == ["rounded"]
    assert rules(source, "In all about 2,450 parcels were lost.") == []
    assert rules(source, "In all 2,500 parcels were lost.") == []


def test_another_thing_that_is_counted_is_no_rounding() -> None:
    assert softened("In all 90 parcels were lost. 70 drivers drove.", "In all 90 parcels were lost, by 60 of the vans.") == []


def test_a_part_of_them_is_seen_where_it_was_all() -> None:
    source = "The fault reached all 3,300 members."
    assert rules(source, "The fault reached a large part of our 3,300 members.") == ["of-all"]
    assert rules(source, "The fault reached our 3,300 members.") == []


def test_words_for_much_are_seen_where_the_source_tells_how_much() -> None:
    source = "The turnover of the shop dropped by 72%."
    assert rules(source, "The turnover of the shop dropped considerably.") == ["large"]
    assert rules(source, "The turnover of the shop dropped considerably, by 72%.") == []


def test_people_told_without_their_number_in_the_same_words_are_seen() -> None:
    source = "All 1,900 customers in the valley lost heating."
    assert rules(source, "The customers in the valley lost heating.") == ["bare"]
    assert rules(source, "All customers in the valley lost heating.") == []
    assert rules(source, "It got cold in the valley.") == []


def test_a_text_against_itself_softens_nothing() -> None:
    assert softened(BOOKS, BOOKS) == []


def test_the_same_texts_give_the_same_candidates() -> None:
    retold = "Some readers got it twice, and a few readers cancelled."
    assert find_numbers(*two(BOOKS, retold)) == find_numbers(*two(BOOKS, retold))
