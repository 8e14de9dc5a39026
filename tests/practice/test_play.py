"""The conversation as a state machine: who answers, what moves, what waits, how it ends."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.core.errors import InputError, UnknownNameError
from amends.practice.acts import ACTS
from amends.practice.drill import replay
from amends.practice.feedback import MOST, debrief, remarks
from amends.practice.heard import Heard
from amends.practice.play import begin, step
from amends.practice.report import played_as_values
from amends.practice.stage import stage
from practice.told import DRILL, drill, index, last, play

OWNED = "I broke the export at 10:12, that was my mistake."


def test_it_opens_with_the_other_person_and_a_question_that_waits() -> None:
    played = play()
    assert played.opening.text == "What happened to the export?"
    assert played.state.pending is not None


def test_a_question_that_gets_no_answer_is_put_again_and_costs() -> None:
    played = play("The weather is nice.")
    assert "unanswered" in last(played)
    assert played.steps[-1].lines[-1].text == "Again: What happened?"


def test_a_question_is_put_three_times_and_then_let_go() -> None:
    played = play("The weather is nice.", "It rains in the north.", "Trains run late.", "Birds fly south.")
    assert played.state.pending is None


def test_a_question_of_the_learner_is_answered_before_anything_else() -> None:
    played = play("Is it urgent?")
    assert played.steps[-1].lines[0].text == "I only want my rows."


def test_a_secret_is_told_to_who_asks_openly() -> None:
    played = play(f"{OWNED} What do you need it for?")
    assert played.state.revealed == {"meeting"}
    assert "board" in played.steps[-1].lines[0].text


def test_no_turn_moves_a_meter_further_than_the_level_allows() -> None:
    played = play(OWNED)
    assert (played.first.anger - played.state.anger, played.state.trust - played.first.trust) == (25, 25)


def test_a_turn_that_does_nothing_new_lets_it_drift() -> None:
    played = play("The weather is nice.")
    assert played.steps[0].drifted
    assert played.state.anger > played.first.anger


def test_nobody_is_won_over_by_a_turn_that_blames() -> None:
    won = play(f"{OWNED} The rows are back by 11:30.", "I send you the rows for your report at 11:15.")
    assert won.state.ended == "success"
    blamed = play(f"{OWNED} The rows are back by 11:30. Dave did not read the runbook.")
    assert blamed.state.ended is None


def test_it_ends_open_when_the_turns_are_over_and_hears_nothing_afterwards() -> None:
    played = play(*(f"Number {word} is a nice day." for word in ("one", "two", "three", "four", "five", "six")))
    assert (played.state.ended, played.steps[-1].lines[-1].text, played.unheard) == ("open", "I have to go.", 1)


def test_the_score_is_capped_where_it_failed_or_missed_a_blocker() -> None:
    assert play(OWNED, "I send it at 11:30.").score.raw == 100
    left = play(f"{OWNED} Dave did not read the runbook.", "I send it at 11:30.").score
    assert (left.raw, left.total, set(left.capped)) == (40, 40, {"open", "blocker"})


def test_unknown_levels_and_variants_name_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="difficulty '4'"):
        stage(drill(), 0, 4)
    with pytest.raises(UnknownNameError, match="variant 'third'") as refusal:
        stage(drill(), 0, 1, "third")
    assert refusal.value.known == ("first", "second")


def test_the_seed_chooses_the_variant_and_nothing_else_does() -> None:
    chosen = {seed: stage(drill(), seed).variant for seed in range(20)}
    assert set(chosen.values()) == {"first", "second"}
    assert chosen == {seed: stage(drill(), seed).variant for seed in range(20)}


def test_the_same_turns_give_the_same_bytes() -> None:
    turns = (f"{OWNED} What do you need it for?", "You get it by 11:30.")
    assert json.dumps(played_as_values(play(*turns))) == json.dumps(played_as_values(play(*turns)))


def test_remarks_are_few_about_the_words_and_carry_a_rewrite() -> None:
    played = play("Dave did not read the runbook. We will get back to you soon.")
    told = remarks(played, 1)
    assert 0 < len(told) <= MOST
    blame = told[0]
    assert (blame.act, blame.heard, blame.rewrite) == ("blame", "Somebody else did it.", "I broke it.")
    assert blame.start is not None
    assert "Dave" in played.turns[0].text[blame.start : blame.end]


def test_the_look_back_names_one_goal_and_the_sentence_that_did_most() -> None:
    told = debrief(play(OWNED))
    assert told.best == OWNED
    assert "Says by when." in told.goal
    assert told.model.startswith("I broke the export")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("when = 'can(\"meeting\")'", "when = 'can(meeting)'"), "replies[0].when"),
        (('at = "2026-03-04T10:47:00+00:00"', 'at = "tomorrow"'), "at"),
        (('zone = "Europe/London"', 'zone = "Mars/Olympus"'), "zone"),
        (("'\\bboard\\b'", "'\\b(board'"), "facts[1].match[0]"),
        (("weight = 60", 'weight = "60"'), "rubric[0].weight"),
        (('skill = "timed"', 'skill = "charm"'), "rubric[1].skill"),
        (('id = "drill"', 'id = "other"'), "id"),
        (("stakes = ", "steaks = "), "steaks"),
    ],
)
def test_a_broken_scenario_names_file_line_and_field(change: tuple[str, str], field: str) -> None:
    source = DRILL.replace(*change, 1)
    assert source != DRILL
    with pytest.raises(InputError) as refusal:
        drill(source, "team/drill.toml")
    assert (refusal.value.path, refusal.value.field) == ("team/drill.toml", field)
    assert refusal.value.line


_TURNS = st.lists(st.sets(st.sampled_from([*ACTS, "rows", "meeting"]), max_size=6), max_size=6)


@given(_TURNS, st.sampled_from([1, 3]), st.integers(0, 5))
@settings(max_examples=60)
def test_whatever_is_heard_meters_stay_in_their_range_and_every_turn_is_answered(turns: list[set[str]], level: int, seed: int) -> None:
    ready = stage(drill(), seed, level)
    state, _ = begin(ready)
    for names in turns:
        if state.ended:
            break
        done = step(ready, state, Heard("x", 10, (), frozenset(names)))
        assert all(0 <= done.state.meter(name) <= 100 for name in ("anger", "trust", "clarity"))
        assert all(abs(done.state.meter(name) - state.meter(name)) <= ready.level.max_change for name in ("anger", "trust", "clarity"))
        assert done.lines
        assert done.state.turn == state.turn + 1
        if done.state.ended == "success":
            assert done.state.pending is None
        state = done.state


@given(st.lists(st.text(max_size=60), max_size=4))
@settings(max_examples=40)
def test_any_text_is_a_turn_and_is_kept_as_it_was_written(turns: list[str]) -> None:
    played = replay(stage(drill()), turns, index())
    assert [one.text for one in played.turns] == turns[: len(played.turns)]
    for heard in played.turns:
        assert all(0 <= act.start <= act.end <= len(heard.text) for act in heard.acts)
