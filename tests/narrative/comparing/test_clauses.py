"""How a telling is cut into clauses, and what each clause is known to hold."""

from __future__ import annotations

import pytest

from amends.narrative.comparing.clauses import Clause, Telling, tell
from narrative.comparing.tellings import INDEX


def cut(text: str) -> list[str]:
    """The clauses of a text, in its own words; a dash goes with either side."""
    return [text[one.start : one.end].strip(" –") for one in tell(text, INDEX).clauses]


def only(text: str) -> Clause:
    [clause] = tell(text, INDEX).clauses
    return clause


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("The pump stopped at nine, and the cellar filled with water.", ["The pump stopped at nine", "and the cellar filled with water."]),
        ("The cellar was dark because the fuse had blown.", ["The cellar was dark", "because the fuse had blown."]),
        ("The pump was old; the seal was older still.", ["The pump was old", "the seal was older still."]),
        (
            "By nine the water stood a metre high there – it ruined two stores.",
            ["By nine the water stood a metre high there", "it ruined two stores."],
        ),
        ("Tins, jars, sacks and the bread were ruined.", ["Tins, jars, sacks and the bread were ruined."]),
        ("We ran, but late.", ["We ran, but late."]),
    ],
)
def test_a_sentence_is_cut_where_another_thing_is_said(text: str, clauses: list[str]) -> None:
    assert cut(text) == clauses


def test_a_clause_stands_where_the_text_has_it_even_behind_markup_and_emoji() -> None:
    text = "🚨 **The pump** stopped.\n\n- The cellar filled with *water*, and nobody came."
    telling = tell(text, INDEX)
    assert all(text[one.start : one.end].strip() for one in telling.clauses)
    assert "nobody came" in text[telling.clauses[-1].start : telling.clauses[-1].end]
    assert [one.number for one in telling.clauses] == list(range(len(telling.clauses)))


def test_the_label_of_a_line_holds_until_the_next() -> None:
    told = tell("Impact: 40 sacks were ruined. The bread was late.\n\nWhat went badly: nobody had a key.", INDEX)
    assert [one.label for one in told.clauses] == ["impact", "impact", "what went badly"]


@pytest.mark.parametrize("row", ["10:04 The pump stopped.", "- 2026-05-03 10:04 The pump stopped.", "10:04 UTC The pump stopped."])
def test_a_line_that_begins_with_a_time_is_a_row(row: str) -> None:
    assert only(row).row


def test_a_sentence_with_a_time_inside_is_no_row() -> None:
    assert not only("The pump stopped at 10:04.").row


def test_each_item_of_a_list_is_a_clause_with_its_state_in_brackets() -> None:
    told = tell("Measures:\n\n- Second pump [ordered]\n- Key for the deputy (done)\n", INDEX)
    assert [one.low for one in told.clauses][-2:] == ["second pump [ordered]", "key for the deputy (done)"]
    assert "planned" in told.clauses[-2].signs
    assert "done" in told.clauses[-1].signs


def test_a_clause_knows_its_figures_and_times_apart() -> None:
    clause = only("At 10:04 water ruined forty sacks for 3 hours.")
    assert [one.value for one in clause.figures] == [40]
    assert len(clause.times) == 2


def test_small_words_and_digits_carry_no_matter_and_parts_of_a_compound_each_do() -> None:
    assert set(only("The 3 load-balancers of the pump.").matter) == {"load", "balancers", "pump"}


def test_words_of_a_sign_are_given_back_as_they_stand() -> None:
    clause = only("Our deputy had forgotten the key.")
    assert clause.told("fault") == "forgotten"
    assert clause.told("people") is None


def test_the_words_around_a_sign_are_whole_words_of_the_text() -> None:
    text = "Once more our deputy had forgotten the only key at home."
    clause = only(text)
    assert text[slice(*clause.around(clause.signs["fault"], 2, 2))] == "deputy had forgotten the only"
    assert text[slice(*clause.around(clause.signs["fault"], 99, 99))] == text


def test_log_odds_of_a_move_are_bounded() -> None:
    clause = only("We are sorry, so very sorry, and we apologise.")
    assert 0 < clause.moves["regret"] <= 1


def test_what_is_quoted_from_somebody_else_is_not_told() -> None:
    assert cut("The pump stopped.\n\n> The cellar is dry, says the owner.") == ["The pump stopped."]


@pytest.mark.parametrize("text", ["", " \n ", "…", "---", "🚨"])
def test_a_text_without_words_has_no_clause_that_carries_matter(text: str) -> None:
    told: Telling = tell(text, INDEX)
    assert not any(one.matter for one in told.clauses)
