"""What a retold text asserts against its source: each rule on what it must see, and on what only looks like it."""

from __future__ import annotations

import pytest

from amends.narrative.comparing.aligning import Alignment
from amends.narrative.comparing.asserting import find_assertions
from amends.narrative.comparing.clauses import tell
from narrative.comparing.tellings import INDEX

OPEN = "The seal of the pump burst on Monday. Why the seal burst is not known. A second seal will be fitted in May."
BRIEF = "The pump leaked again. A temporary clamp holds the seal of the pump. The new part is on its way."
STATES = "The cellar flooded. Measures: second alarm in the cellar [ordered]; key for the deputy caretaker [done]."
ALL = "All tenants of the north wing were without water. Every letter in the cellar was ruined."
GONE = "The film archive was flooded. The negatives of the harbour were destroyed. They could not be restored."


def seen(source: str, retold: str) -> list[str]:
    """The rules that speak."""
    return [one.rule for one in find_assertions(Alignment(tell(source, INDEX), tell(retold, INDEX)))]


@pytest.mark.parametrize(
    ("source", "retold", "rule"),
    [
        (OPEN, "A second seal will be fitted, so that this cannot happen again.", "vow"),
        (OPEN, "With the second seal in May we guarantee a dry cellar.", "vow"),
        (OPEN, "The second seal rules out a repeat.", "vow"),
        (OPEN, "The seal burst on Monday. The cause is now fully understood.", "settled"),
        (OPEN, "The seal burst on Monday. We know why the seal burst.", "settled"),
        (BRIEF, "The seal of the pump has been repaired.", "for good"),
        (BRIEF, "The seal of the pump is permanently fixed.", "for good"),
        (STATES, "A second alarm is now in place in the cellar.", "in force"),
        (STATES, "We have installed a second alarm in the cellar.", "in force"),
        (ALL, "Some tenants of the north wing were without water.", "some"),
        (ALL, "Several tenants were without water.", "some"),
        (GONE, "The negatives of the harbour are currently unavailable.", "away"),
        (GONE, "The negatives of the harbour are being restored.", "away"),
    ],
)
def test_a_rule_sees_what_it_is_for(source: str, retold: str, rule: str) -> None:
    assert rule in seen(source, retold)


@pytest.mark.parametrize(
    ("source", "retold"),
    [
        pytest.param(OPEN, "We will fit a second seal in May, which makes a repeat less likely.", id="no vow"),
        pytest.param(OPEN + " The maker guarantees the seal.", "The maker guarantees the seal.", id="a vow of the source"),
        pytest.param(OPEN, "The seal burst on Monday. The cause is not known.", id="still open"),
        pytest.param(OPEN, "How high the water stood is clear. Why the seal burst is unknown.", id="open elsewhere in the text"),
        pytest.param(BRIEF, "A clamp holds the seal for now.", id="said to be for now"),
        pytest.param(BRIEF, "The seal will be repaired.", id="to come"),
        pytest.param(STATES, "A second alarm in the cellar is ordered.", id="the state as it is"),
        pytest.param(STATES, "The deputy caretaker now has a key.", id="really done"),
        pytest.param(STATES, "A second alarm for the cellar is not yet in place.", id="denied"),
        pytest.param(ALL, "All tenants of the north wing were without water.", id="all are still all"),
        pytest.param(ALL, "Some visitors wrote to us.", id="some of something else"),
        pytest.param(GONE, "The negatives of the harbour are lost.", id="lost is still lost"),
        pytest.param(GONE, "The film festival was delayed.", id="something else is late"),
    ],
)
def test_a_rule_is_silent_where_it_only_looks_like_it(source: str, retold: str) -> None:
    assert seen(source, retold) == []


@pytest.mark.parametrize("text", [OPEN, BRIEF, STATES, ALL, GONE])
def test_no_rule_speaks_of_a_text_against_itself(text: str) -> None:
    assert seen(text, text) == []


def test_a_short_clause_is_quoted_whole_and_a_long_one_around_the_words() -> None:
    short = "A second seal rules out a repeat."
    long = (
        "In the spring of next year the whole house will get a second seal which rules out a repeat on every floor of the north wing and"
        " of all the south wing"
    )
    for retold in (short, long):
        [one] = (
            one
            for one in find_assertions(Alignment(tell(OPEN, INDEX), tell(retold, INDEX)))
            if one.rule == "vow" and one.retold is not None
        )
        assert one.retold is not None
        words = retold[slice(*one.retold)]
        assert "rules out a repeat" in words
        assert len(words.split()) <= 14
        assert (words == retold) is (retold is short)
        assert one.kind == "raised_certainty"
