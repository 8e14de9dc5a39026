"""Two people change one text: nothing that either of them added is ever lost, and no sentence is made that nobody wrote."""

from __future__ import annotations

import random
import time
from collections import Counter
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.incidents.matching import Matcher
from amends.incidents.merging import blocks, differences, in_lines, merged, regions

LINES = st.sampled_from(
    ["", "The queue is full.", "It drains.", "- call Dana", "- roll back", "# Impact", "| a | b |", "1. first", "\r", "é"]
)
TEXTS = st.lists(LINES, max_size=9).map("\n".join) | st.text(alphabet="ab\n- #", max_size=40)


@given(TEXTS)
def test_blocks_are_the_text_again(text: str) -> None:
    assert "\n".join(blocks(text)) == text


@given(TEXTS, TEXTS)
def test_who_alone_changed_something_gets_just_that(base: str, text: str) -> None:
    assert merged(base, text, base) == text
    assert merged(base, base, text) == text
    assert merged(base, text, text) == text


@given(TEXTS, TEXTS, TEXTS)
def test_every_block_that_somebody_added_stands_in_the_joined_text(base: str, theirs: str, mine: str) -> None:
    joined = merged(base, theirs, mine)
    if joined is None:
        return
    before, kept = Counter(blocks(base)), Counter(blocks(joined))
    for text in (theirs, mine):
        added = Counter(blocks(text)) - before
        assert not [block for block in added if block.strip() and block not in kept], (base, theirs, mine, joined)


@given(TEXTS, TEXTS, TEXTS)
def test_a_conflict_shows_every_block_of_both(base: str, theirs: str, mine: str) -> None:
    found = regions(base, theirs, mine)
    for text, side in ((theirs, "theirs"), (mine, "mine")):
        shown = Counter(block for region in found for block in (region.theirs, region.mine)[side == "mine"])
        added = Counter(blocks(text)) - Counter(blocks(base))
        assert not [block for block in added if block not in shown], (base, theirs, mine)


@given(st.lists(st.integers(0, 9), min_size=6, max_size=12), st.data())
def test_changes_of_different_blocks_are_joined_whoever_came_first(numbers: list[int], data: st.DataObject) -> None:
    base = [f"- item {place}: {number}" for place, number in enumerate(numbers)]
    one = data.draw(st.integers(0, len(base) - 1))
    two = data.draw(st.integers(0, len(base) - 1).filter(lambda place: abs(place - one) > 1))
    theirs = "\n".join(line + " (Ana)" if place == one else line for place, line in enumerate(base))
    mine = "\n".join(line + " (Ben)" if place == two else line for place, line in enumerate(base))
    joined = merged("\n".join(base), theirs, mine)
    assert joined == merged("\n".join(base), mine, theirs)
    assert joined is not None
    assert joined.count("(Ana)") == joined.count("(Ben)") == 1


def test_two_changes_of_one_paragraph_are_a_conflict_even_on_different_lines() -> None:
    base = "The queue was full.\nWe drained it."
    assert merged(base, "The queue was stuck.\nWe drained it.", "The queue was full.\nWe emptied it.") is None


def test_two_items_of_one_list_are_joined() -> None:
    base = "- call Dana\n- write the note\n- close"
    assert merged(base, "- call Dana and Ben\n- write the note\n- close", base + " the ticket") == (
        "- call Dana and Ben\n- write the note\n- close the ticket"
    )


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "joined"),
    [
        ("", "Ana was here.", "Ben too.", "Ana was here.\n\nBen too."),
        ("- 10:40 alert", "- 10:40 alert\n- 10:42 paged", "- 10:40 alert\n- 10:43 call", "- 10:40 alert\n- 10:42 paged\n- 10:43 call"),
        ("Start.\n", "Start.\n\nOne.\n", "Start.\n\nTwo.\n", "Start.\n\nOne.\n\nTwo.\n"),
        ("a", "a\n", "# t\na", "# t\na\n"),
    ],
)
def test_what_both_add_in_one_place_stands_one_after_the_other(base: str, theirs: str, mine: str, joined: str) -> None:
    assert merged(base, theirs, mine) == joined


def test_a_longer_form_of_the_same_addition_is_a_conflict_and_no_repetition() -> None:
    assert merged("", "We roll back", "We roll back now.") is None
    assert merged("- a", "- a\n- b", "- a\n- b\n- c") is None


def test_a_deletion_and_a_change_of_the_same_paragraph_are_a_conflict() -> None:
    assert merged("One.\n\nTwo.\n\nThree.", "One.\n\nThree.", "One.\n\nTwo, and more.\n\nThree.") is None


def test_line_ends_of_another_system_are_no_change() -> None:
    base = in_lines("One.\r\n\r\nTwo.\rThree.")
    assert base == "One.\n\nTwo.\nThree."
    assert merged(base, in_lines("One!\r\n\r\nTwo.\r\nThree."), base) == "One!\n\nTwo.\nThree."


def test_no_final_newline_is_kept_as_it_is() -> None:
    assert merged("# A\n\nB", "# A1\n\nB", "# A\n\nB") == "# A1\n\nB"
    assert merged("# A\n\nB\n", "# A1\n\nB\n", "# A\n\nB\n\nC\n") == "# A1\n\nB\n\nC\n"


@pytest.mark.parametrize("kind", ["numbered", "repeating", "unlike", "alike"])
def test_time_grows_with_the_lines(kind: str) -> None:
    """Four times the lines take about four times as long; were each compared with each, sixteen times."""
    line = {"numbered": "- line {0}", "repeating": "- line {1}", "unlike": "- {0} {2}", "alike": "- the same"}[kind]

    def took(lines: int) -> float:
        dice = random.Random(7)
        base = [line.format(number, number % 7, dice.random()) for number in range(lines)]
        theirs = [text + " theirs" if number % 40 == 0 else text for number, text in enumerate(base)]
        mine = [text + " mine" if number % 40 == 20 else text for number, text in enumerate(base)]
        began = time.process_time()
        merged("\n".join(base), "\n".join(theirs), "\n".join(mine))
        return time.process_time() - began

    small, large = (min(took(lines) for _ in range(3)) for lines in (2_500, 10_000))
    assert large < 10 * small


@given(st.lists(st.sampled_from("abcde"), max_size=12), st.lists(st.sampled_from("abcde"), max_size=12))
def test_matches_are_true_and_in_order(one: list[str], two: list[str]) -> None:
    at = there = 0
    for start, place, size in Matcher(None, one, two).get_matching_blocks():
        assert (start - at, place - there) >= (0, 0)
        assert one[start : start + size] == two[place : place + size]
        at, there = start + size, place + size
    assert (at, there) == (len(one), len(two))


@given(TEXTS, TEXTS)
def test_differences_lead_from_one_text_to_the_other(before: str, after: str) -> None:
    hunks = differences(before, after)
    assert (hunks == ()) == (before == after)
    rebuilt, at = [], 0
    old = before.split("\n")
    for hunk in hunks:
        rebuilt += old[at : hunk.before - 1]
        assert hunk.after == len(rebuilt) + 1
        rebuilt += [line.text for line in hunk.lines if line.what != "removed"]
        at = hunk.before - 1 + sum(line.what != "added" for line in hunk.lines)
    assert rebuilt + old[at:] == after.split("\n")


def test_a_small_change_is_found_as_small_as_others_find_it() -> None:
    base = [f"line {number}" for number in range(50)]
    other = [*base[:10], "new", *base[10:30], *base[31:]]
    ours = list(Matcher(None, base, other).get_matching_blocks())
    assert ours == [tuple(match) for match in SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()]
