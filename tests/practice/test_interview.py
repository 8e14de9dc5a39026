"""A conversation of one's own: from a few answers to a drill that knows the case."""

from __future__ import annotations

from pathlib import Path

import pytest

from amends.core.errors import InputError, UnknownNameError
from amends.practice.drill import replay
from amends.practice.interview import LONGEST, MANY, QUESTIONS, Answers, made, rehearsal
from amends.practice.loading import load_folder
from amends.practice.stage import stage
from practice.told import index

PERSONAS = {one.id: one for one in load_folder(Path(__file__).parents[2] / "src" / "amends" / "practice" / "personas")}
NOW = ("2026-11-21T10:00:00+01:00", "Europe/Berlin")
ANSWERS = {
    "name": "Marta",
    "role": "head of the warehouse",
    "relation": "peer",
    "persona": "furious-customer",
    "channel": "call",
    "form": "first-message",
    "happened": "Our label service printed wrong addresses, and 312 parcels left.",
    "known": ("312 parcels left with wrong labels.", "I deployed the template without the print test."),
    "unknown": ("How many have been delivered.",),
    "cost": "My people turned parcels until ten at night, and two missed their bus.",
    "questions": ("Why did nobody test it", "Who pays for the overtime?"),
}
OWNED = "I deployed the template without running the print test, and 312 parcels left with wrong labels; that was my mistake."


def own(**changed: object) -> Answers:
    return Answers(**{**ANSWERS, **changed})  # type: ignore[arg-type]  # some are wrong on purpose


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_case_is_played_with_its_facts_questions_and_cost(persona: str) -> None:
    scenario = made(own(persona=persona), PERSONAS[persona], "k", *NOW)
    played = replay(stage(scenario), [f"{OWNED} What did it do to your people?", "They turned parcels until ten because of me."], index())
    assert {"fact-1", "fact-2", "ownership"} <= played.steps[0].names
    assert played.steps[0].lines[0].id == "tells-cost"
    assert "listening" in played.steps[1].names


def test_the_dreaded_questions_are_asked() -> None:
    scenario = made(own(cost=""), PERSONAS["furious-customer"], "k", *NOW)
    played = replay(stage(scenario), [OWNED, "It works again since ten.", "I know."], index())
    said = [line.text for one in played.steps for line in one.lines]
    assert any("Why did nobody test it?" in text for text in said)


def test_points_still_add_up_to_a_hundred_where_nothing_is_to_be_heard() -> None:
    for cost in ("", "Two missed their bus."):
        scenario = made(own(cost=cost), PERSONAS["furious-customer"], "k", *NOW)
        assert sum(item.weight for item in scenario.rubric) == 100
        assert any(item.id == "listens" for item in scenario.rubric) is bool(cost)


@pytest.mark.parametrize("field", ["name", "role", "happened"])
def test_what_is_needed_is_asked_for_by_name(field: str) -> None:
    with pytest.raises(InputError) as refusal:
        made(own(**{field: "  "}), PERSONAS["furious-customer"], "k", *NOW)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("field", "value"),
    [("happened", "x" * (LONGEST + 1)), ("known", ("one",) * (MANY + 1)), ("questions", ("x" * (LONGEST + 1),))],
)
def test_more_than_can_be_used_is_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(InputError) as refusal:
        made(own(**{field: value}), PERSONAS["furious-customer"], "k", *NOW)
    assert refusal.value.field == field


@pytest.mark.parametrize("field", ["relation", "channel"])
def test_unknown_choices_name_the_known_ones(field: str) -> None:
    with pytest.raises(UnknownNameError):
        made(own(**{field: "cousin"}), PERSONAS["furious-customer"], "k", *NOW)


@pytest.mark.parametrize("odd", ["(", "[a-", "\\", "{name}", "{nobody}", "...", "日本語のみ", "a"])
def test_whatever_is_answered_can_be_played(odd: str) -> None:
    scenario = made(own(known=(odd,), cost=odd, questions=(odd,), happened=odd), PERSONAS["furious-customer"], "k", *NOW)
    assert replay(stage(scenario), ["What did it do to you?", OWNED], index()).turns


def test_a_draft_is_answered_as_it_stands_and_its_figures_are_true() -> None:
    draft = f"{OWNED} 41 were stopped at the gate at 09:35, 77 reached the depot, 194 are on the road. You hear from me by 14:00."
    scenario = rehearsal(draft, "first-message", PERSONAS["furious-customer"], *NOW)
    played = replay(stage(scenario), [draft], index())
    assert {"ownership", "timed"} <= played.steps[0].names
    assert "invented" not in played.steps[0].names


def test_every_field_of_the_interview_is_asked_or_chosen() -> None:
    asked = {field for field, _, _ in QUESTIONS}
    assert asked | {"relation", "persona", "channel", "form"} == set(Answers.__slots__)


def test_nobody_is_won_over_before_the_dreaded_questions_were_asked() -> None:
    persona = PERSONAS["furious-customer"]
    turns = next(one.turns for one in persona.transcripts if one.kind == "good")
    plain = replay(stage(made(own(questions=(), cost="It cost us hours."), persona, "k", *NOW)), turns, index())
    asked = replay(stage(made(own(cost="It cost us hours."), persona, "k", *NOW)), turns, index())
    assert plain.state.ended == "success"
    assert asked.state.ended != "success" or {"theirs-1", "theirs-2"} <= asked.state.used.keys()
