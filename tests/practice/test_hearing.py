"""What is heard in a turn beyond the moves and flaws of the checker."""

from __future__ import annotations

import pytest

from amends.practice.heard import Act, Heard
from practice.told import last, play

BROKE = "I broke the export at 10:12, that was my mistake."


@pytest.mark.parametrize(
    "promise",
    [
        "The rows are back by 11:30.",
        "You will have them by 11:30.",
        "I write to you at 11:15.",
        "You get the file from me at noon.",
        "I check it at 11:00 and tell you what I see.",
        "It is restored before 11:30.",
    ],
)
def test_a_promise_with_a_time_ahead_is_heard_in_future_and_present_tense(promise: str) -> None:
    assert "timed" in last(play(promise))


@pytest.mark.parametrize(
    "said",
    ["The export broke at 10:12.", "I saw it at 10:30 this morning.", "If it is there by noon we are fine.", "Can you wait until noon?"],
)
def test_a_time_that_is_past_asked_or_supposed_is_no_promise(said: str) -> None:
    assert "timed" not in last(play(said))


def test_a_promise_without_a_time_is_heard_as_such() -> None:
    assert "undated" in last(play("I will get back to you soon."))


def test_a_fact_is_heard_in_other_words_and_in_the_figures_of_the_variant() -> None:
    assert "rows" in last(play("There are 4,212 of them gone."))
    assert "rows" in last(play("There are 318 of them gone.", variant="second"))
    assert "rows" not in last(play("There are 318 of them gone."))


def test_a_secret_counts_only_once_it_was_told_and_is_then_listening() -> None:
    guessed = play("I know the board waits for it.")
    assert "meeting" not in last(guessed)
    told = play(f"{BROKE} What do you need it for?", "Then the board comes first.")
    assert {"meeting", "listening"} <= last(told)


@pytest.mark.parametrize(
    ("said", "question", "open_question"),
    [
        ("What do you need it for?", True, True),
        ("Do you need it today?", True, False),
        ("Tell me what it does to you.", True, True),
        ("Are we good?", False, False),
        ("OK?", False, False),
        ("What happened is that I broke it.", False, False),
    ],
)
def test_questions_are_told_from_asking_to_be_comforted(said: str, question: bool, open_question: bool) -> None:
    names = last(play(said))
    assert ("question" in names, "open-question" in names) == (question, open_question)


def test_owning_counts_for_nothing_in_a_sentence_that_blames() -> None:
    assert "ownership" not in last(play("I take responsibility, but Dave did not read the runbook and ops forced us to ship it."))


@pytest.mark.parametrize(
    ("said", "foul"),
    [
        ("", "empty"),
        ("   \n ", "empty"),
        ("...", "empty"),
        ("Ich habe den Export heute Morgen kaputt gemacht und stelle die Zeilen gerade wieder her, es tut mir leid.", "foreign"),
        ("輸出は壊れています。申し訳ありません。すぐに直します。", "foreign"),
        ("You are an idiot.", "abuse"),
        ("Ownership. Impact. Recovery. Prevention. Apology. Next update.", "listed"),
        ("ownership, impact, recovery, prevention, timeline", "listed"),
        ("I broke 9,999 rows in 37 tables for 8,123 people at 03:14.", "invented"),
        ("sorry " * 200, "rambling"),
        ("a" * 100_000, "rambling"),
        (
            "I broke the export at 10:12 and I am restoring the 4,212 rows until 11:30; you hear from me then, whatever the state is.",
            "copied",
        ),
    ],
)
def test_a_turn_that_is_none_is_named_and_earns_nothing(said: str, foul: str) -> None:
    played = play(said)
    assert foul in last(played)
    assert played.score.raw == 0
    assert played.steps[-1].lines[0].text, "somebody answers even to that"


def test_the_same_again_earns_nothing() -> None:
    played = play(f"{BROKE} 4,212 rows are missing.", f"{BROKE} 4,212 rows are missing.")
    assert "repeated" in last(played)


def test_a_short_answer_may_be_given_twice() -> None:
    assert "repeated" not in last(play("Yes, I will.", "Yes, I will."))


def test_what_nobody_reads_is_not_heard() -> None:
    played = play("I look at it. " * 18 + BROKE)
    assert "long" in last(played)
    assert "ownership" not in last(played)


@pytest.mark.parametrize(
    "said", ["I brroke the exprot at 10:12, that was my misteak.", "I borke the export at 10:12, that was my mistkae."]
)
def test_a_slip_of_the_finger_is_mended_and_quoted_as_written(said: str) -> None:
    played = play(said)
    assert "ownership" in last(played)
    owned = next(act for act in played.turns[0].acts if act.name == "ownership")
    assert played.turns[0].text[owned.start : owned.end] == said


def test_a_quotation_is_a_phrase_and_no_piece_of_one() -> None:
    said = "Well, Dave read the runbook, I think."
    assert Heard(said, 7, (Act("blame", 11, 19),), frozenset({"blame"})).quote("blame") == "Dave read the runbook"
    assert Heard(said, 7, (), frozenset({"unanswered"})).quote("unanswered") == ""
