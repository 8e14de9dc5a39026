"""Which clause of one telling tells what a clause of the other tells."""

from __future__ import annotations

import pytest

from amends.narrative.comparing.aligning import Alignment, clocks
from amends.narrative.comparing.clauses import tell
from narrative.comparing.tellings import INDEX


def held(source: str, retold: str) -> Alignment:
    return Alignment(tell(source, INDEX), tell(retold, INDEX))


def test_a_text_tells_itself_clause_by_clause() -> None:
    text = "The pump stopped at nine. Water ruined forty sacks. Nobody had the key."
    found = held(text, text)
    assert found.best == pytest.approx([1.0] * 3)
    assert found.lost == [[0.0] * len(one.matter) for one in found.source.clauses]
    assert [found.nearest(number)[0].number for number in range(3)] == [0, 1, 2]
    assert (found.mean_kept, found.mean_based) == pytest.approx((1.0, 1.0))


def test_other_words_of_one_meaning_are_nearer_than_other_matter() -> None:
    found = held("The doctor cured the patient. The ferry left the harbour.", "Physicians healed the sick.")
    assert found.nearest(0)[0].number == 0
    assert found.alike[0][0] > 2 * found.alike[0][1]
    assert found.kept[0] > 0.4 > found.kept[1]


def test_what_is_nowhere_told_is_lost_the_heaviest_word_first() -> None:
    found = held("The ferry left the harbour without Ebbesen.", "The ferry left.")
    [lost] = found.lost
    assert lost == sorted(lost, reverse=True)
    assert lost[0] == pytest.approx(1.0), "a name says most"
    assert found.based == pytest.approx([1.0]), "nothing was added"


@pytest.mark.parametrize(
    ("source", "same", "other"),
    [
        ("The gate counted 412 guests.", "There were 412 of them.", "There were 290 of them."),
        ("The bell rang at 10:04.", "The noise came at 10:04.", "The noise came at 11:20."),
        ("The bell rang for 3 hours.", "The noise went on for 3 hours.", "The noise went on for 5 hours."),
        ("The gate counted forty-one guests.", "There were 41 of them.", "There were 29 of them."),
    ],
)
def test_numbers_and_times_that_both_have_draw_clauses_together(source: str, same: str, other: str) -> None:
    assert held(source, same).alike[0][0] > held(source, other).alike[0][0] + 0.1


def test_of_two_that_say_the_same_the_one_at_the_same_place_is_nearer() -> None:
    text = "The bell rang twice. Water ruined forty sacks. The bell rang twice."
    found = held(text, text)
    assert found.nearest(0)[0].number == 0
    assert found.nearest(2)[0].number == 2


def test_told_in_one_sentence_is_more_than_told_in_scattered_words() -> None:
    found = held("The ferry struck the quay.", "The ferry sailed on. A seagull struck a mast. We met on the quay.")
    assert found.kept == pytest.approx([1.0])
    assert found.best[0] < 0.7


def test_a_long_clause_is_told_by_a_short_one_less_than_the_short_one_by_it() -> None:
    found = held("The ferry struck the quay and sank with its crew of eleven sailors.", "The ferry sank.")
    assert found.tells[0][0] > found.told[0][0]
    assert 0 < found.teller(0) < 1


@pytest.mark.parametrize(("source", "retold"), [("", ""), ("The ferry sank.", ""), ("", "The ferry sank."), ("---", "…")])
def test_an_empty_text_tells_nothing(source: str, retold: str) -> None:
    found = held(source, retold)
    assert found.best == [0.0] * len(found.source.clauses)
    assert found.closest == [0.0] * len(found.retold.clauses)
    assert all(found.teller(one.number) < 0.1 for one in found.source.clauses)


def test_only_times_of_day_are_clocks() -> None:
    times = tell("From 10:04 to 11:20 on 3 May, for two hours.", INDEX).times
    assert {minute for one in times for minute in clocks(one)} >= {604, 680}
    assert all(0 <= minute < 24 * 60 for one in times for minute in clocks(one))
    assert not any(clocks(one) for one in times if one.length is not None)
