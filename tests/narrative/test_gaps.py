"""What a review still lacks: each want is found where it is there, and nothing is asked for twice or in vain."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from amends.narrative.gaps import GAPS, Gap, gaps
from amends.narrative.naming import known_people, pinned
from amends.usecases.checking import Checking
from narrative.accounts import GUARD, IDEA, WRITTEN, Writing, action, story, whole

if TYPE_CHECKING:
    from collections.abc import Callable

ENGINE = Checking()
TAKEN = action("A2", "Page on slow checkout", kind="alert")


def found(made: Writing, *actions: Any) -> dict[str, list[Gap]]:
    told: dict[str, list[Gap]] = {}
    for one in gaps(made.account(), story(*(actions or (GUARD, TAKEN))), ENGINE):
        told.setdefault(one.code, []).append(one)
    return told


def without(made: Writing, unwanted: Callable[[Any], bool]) -> Writing:
    made.points = [one for one in made.points if not unwanted(one)]
    return made


def test_an_account_with_everything_lacks_nothing() -> None:
    assert found(whole()) == {}


def test_an_empty_account_lacks_one_thing_which_is_where_to_begin() -> None:
    assert list(found(Writing())) == ["empty"]


@pytest.mark.parametrize(
    ("unwanted", "code"),
    [
        (lambda one: one.part == "cost", "cost"),
        (lambda one: one.kind == "signal", "timeline"),
        (lambda one: one.kind == "number", "impact"),
        (lambda one: one.kind == "organisational", "organisational"),
        (lambda one: one.part in ("well", "luck"), "nothing-went-well"),
        (lambda one: one.part == "position" and one.who == "Platform", "one-sided"),
    ],
)
def test_what_is_left_out_is_asked_for(unwanted: Callable[[Any], bool], code: str) -> None:
    assert list(found(without(whole(), unwanted))) == [code]


def test_a_written_reason_stands_for_the_organisational_condition() -> None:
    made = without(whole(), lambda one: one.kind == "organisational")
    made.state("no-organisational", "Rota, hand-over and review were looked at, and each had worked.")
    assert found(made) == {}


def test_one_cause_alone_is_too_few_and_none_at_all_too() -> None:
    made = without(whole(), lambda one: one.part == "condition" or one.kind == "cause")
    (none,) = found(made)["single-cause"]
    made.state("claim", "The index was gone.", kind="cause", cites=(("measure", "the plan of the query"),))
    (alone,) = found(made)["single-cause"]
    assert none.item is None
    assert "nothing says why" in none.message
    assert alone.quote == "The index was gone."


def test_what_went_badly_wants_an_action_item_that_was_not_dropped_or_a_reason() -> None:
    made = whole()
    bare = made.state("badly", "Nobody knew whom to call.")
    assert [one.item for one in found(made)["unanswered"]] == [bare]
    assert [one.quote for one in found(whole(), GUARD)["unanswered"]] == ["The alert rang eight minutes late."], "its action item is gone"


def test_a_decision_wants_what_made_it_reasonable_and_a_claim_its_evidence() -> None:
    made = whole()
    bare = made.state("claim", "We told nobody until noon.", kind="decision")
    told = found(made)
    assert [one.item for one in told["unreasoned"]] == [bare]
    assert [one.item for one in told["unsupported"]] == [bare]
    assert "nothing is cited" in told["unsupported"][0].message


def test_a_broken_trust_is_asked_for_first_until_somebody_says_how_it_was_repaired() -> None:
    made = whole()
    made.points = [replace(one, answer=None) if one.part == "trust-break" else one for one in made.points]
    made.state("badly", "Nobody knew whom to call.")
    assert list(found(made)) == ["trust-break", "unanswered"]
    assert list(GAPS).index("trust-break") < list(GAPS).index("unanswered")


def test_an_action_item_that_nobody_took_on_is_named_and_none_at_all_is_said() -> None:
    (one,) = found(whole(), GUARD, IDEA)["unaccepted"]
    assert "Page on slow checkout" in one.message
    assert "action" in {one.code for one in gaps(whole().account(), story(), ENGINE)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Mia merged the change without a review.", ["Mia"]),
        ("The pool was full because Mia raised the limit.", ["Mia"]),
        ("It was Mia's deploy that dropped the index.", ["Mia"]),
        ("Mia Okafor turned the alert off.", ["Mia Okafor"]),
        ("It happened due to Zbigniew.", ["Zbigniew"]),
        ("The limit was raised by Quill.", ["Quill"]),
        ("Nobody had told Mia that the limit changed.", []),
        ("Mia never got the page, because the rota had an old number.", []),
        ("The alert went to Mia and Zbigniew, who were on leave.", []),
        ("Mia's phone number was an old one in the rota.", []),
        ("Mia noticed that nobody was paged.", []),
        ("Kafka dropped the messages because its disk was full.", []),
        ("May was the month in which the certificate ended.", []),
        ("Nobody owned the runbook, and the team had no second person.", []),
    ],
)
def test_a_person_is_named_where_they_act_in_a_cause_and_not_where_they_are_told_or_help(text: str, names: list[str]) -> None:
    told = pinned(text, WRITTEN, ENGINE, ("zbigniew.nowak", "Quill"), causal=True)
    assert [one.quote for one in told] == names


def test_blame_is_found_by_the_rules_of_the_engine_also_where_nobody_is_named() -> None:
    assert pinned("The intern didn't check the output before sending it.", WRITTEN, ENGINE)
    assert pinned("Support should have read the notice.", WRITTEN, ENGINE)
    assert not pinned("Support was told at 10:12.", WRITTEN, ENGINE)


def test_a_name_counts_only_in_a_sentence_that_says_why() -> None:
    assert not pinned("At 14:02 Mia restarted the queue.", WRITTEN, ENGINE)
    assert pinned("At 14:02 Mia restarted the queue, which led to the loss.", WRITTEN, ENGINE)
    made = whole()
    item = made.state("condition", "Mia had raised the limit.", kind="technical", cites=(("entry", "chat"),))
    (one,) = found(made)["named"]
    assert (one.item, one.quote) == (item, "Mia")


def test_the_people_of_an_incident_are_known_and_parts_of_the_system_are_none() -> None:
    made = whole()
    made.state("claim", "The graph bent.", kind="signal", who="Eva Lindqvist")
    assert known_people(story(TAKEN), made.account(), ENGINE.is_first_name) == ("Eva Lindqvist", "ana", "ben")
