"""What is told of all that was seen: the likely ones, one a place, nothing where two texts do not drift."""

from __future__ import annotations

import random

from amends.narrative.comparing.choosing import MOST, PAGE, chosen
from amends.narrative.comparing.clauses import Clause, tell
from amends.narrative.comparing.finding import Seen
from amends.narrative.drift import DRIFTS
from narrative.comparing.tellings import INDEX

LEAST = dict.fromkeys(DRIFTS, 0.0)
CLAUSES = tell("".join(f"Clause number {number} tells of door {number}. " for number in range(40)), INDEX).clauses


def dropped(at: int, odds: float, clause: Clause | None = None) -> Seen:
    """A left-out place of ten characters."""
    return Seen("dropped_fact", (at, at + 10), None, clause, None, {}, odds=odds)


def changed(kind: str, ours: Clause, odds: float, *, theirs: Clause | None = None, rule: bool = False) -> Seen:
    source = (theirs.start, theirs.end) if theirs else None
    return Seen(kind, source, (ours.start, ours.end), theirs, ours, None if rule else {}, odds=odds)


def test_the_surest_is_told_first() -> None:
    weak, sure = dropped(0, 0.5), dropped(100, 2.0)
    assert chosen([weak, sure], 0.0, LEAST, -1.0) == [sure, weak]


def test_in_two_texts_that_hardly_drift_a_place_must_speak_for_itself() -> None:
    assert chosen([dropped(0, 1.5)], -1.1, LEAST, -1.0) == []
    assert chosen([dropped(0, 1.5)], -1.0, LEAST, -1.0)
    assert chosen([dropped(0, 1.7)], -1.1, LEAST, -1.0)


def test_each_kind_has_its_own_limit() -> None:
    assert chosen([dropped(0, 0.4)], 0.0, {**LEAST, "dropped_fact": 0.5}, -1.0) == []
    assert chosen([dropped(0, 0.6)], 0.0, {**LEAST, "dropped_fact": 0.5}, -1.0)


def test_less_is_asked_of_a_place_where_the_texts_clearly_drift_but_only_so_much_less() -> None:
    assert chosen([dropped(0, -0.8)], 0.0, LEAST, -1.0) == []
    assert chosen([dropped(0, -0.8)], 3.0, LEAST, -1.0)
    assert chosen([dropped(0, -1.0)], 300.0, LEAST, -1.0) == []


def test_one_drift_is_told_of_a_clause_that_was_weighed_for_several_kinds() -> None:
    one, other = changed("raised_certainty", CLAUSES[0], 2.0), changed("cause_shifted", CLAUSES[0], 1.0)
    assert chosen([other, one], 0.0, LEAST, -1.0) == [one]


def test_a_number_beside_a_judgement_of_the_same_clause_is_told_too() -> None:
    judged, number = changed("softened_severity", CLAUSES[0], 2.0), changed("softened_number", CLAUSES[0], 1.0, rule=True)
    assert chosen([judged, number], 0.0, LEAST, -1.0) == [judged, number]


def test_two_neighbours_that_were_left_out_are_one_place() -> None:
    assert len(chosen([dropped(0, 2.0), dropped(12, 1.0)], 0.0, LEAST, -1.0)) == 1
    assert len(chosen([dropped(0, 2.0), dropped(40, 1.0)], 0.0, LEAST, -1.0)) == 2


def test_what_was_altered_is_not_told_as_left_out_as_well() -> None:
    altered = changed("softened_severity", CLAUSES[3], 2.0, theirs=CLAUSES[5])
    left_out = Seen("dropped_fact", (CLAUSES[5].start, CLAUSES[5].end), None, CLAUSES[5], None, {}, odds=1.0)
    assert chosen([altered, left_out], 0.0, LEAST, -1.0) == [altered]


def test_of_two_that_weigh_the_same_the_first_comes_first_and_the_order_is_always_the_same() -> None:
    seen = [dropped(100 * number, 1.0) for number in range(6)]
    assert chosen(seen, 0.0, LEAST, -1.0) == seen
    mixed = [dropped(100 * number, float(number)) for number in range(6)]
    random.Random(1).shuffle(mixed)
    assert [one.odds for one in chosen(mixed, 0.0, LEAST, -1.0)] == [5.0, 4.0, 3.0, 2.0, 1.0, 0.0]


def test_more_than_a_reader_reads_is_not_told_of_a_page_but_of_a_long_text() -> None:
    seen = [dropped(100 * number, 1.0) for number in range(60)]
    assert len(chosen(seen, 0.0, LEAST, -1.0)) == MOST
    assert len(chosen(seen, 0.0, LEAST, -1.0, 240)) == 40


def test_a_source_of_a_few_clauses_says_little_about_the_whole() -> None:
    assert chosen([dropped(0, 0.6)], -3.0, LEAST, -1.0, PAGE) == []
    assert chosen([dropped(0, 0.6)], -3.0, LEAST, -1.0, 3)
    assert chosen([dropped(0, 0.1)], -3.0, LEAST, -1.0, 3) == []


def test_nothing_seen_is_nothing_told() -> None:
    assert chosen([], 5.0, LEAST, -1.0) == []
