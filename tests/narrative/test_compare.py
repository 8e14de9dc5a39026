"""What a comparison of two tellings is held to, on small accounts of our own."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.core.errors import TooLargeError
from amends.language.index import load
from amends.language.text import parse
from amends.narrative import compare as module
from amends.narrative.compare import compare
from amends.narrative.drift import DRIFTS, Comparison
from amends.usecases import comparing
from narrative.comparing.versions import TOLD

if TYPE_CHECKING:
    from amends.narrative.drift import Drift

INDEX = load()
ACCOUNT = """\
Fact: On 3 March at 09:00 the wrong doses were printed on 62 labels of the ward.
Cause: We had loaded the list of the children's ward, and nobody had compared it.
What it cost people: Two nurses worked through the night to look at every bottle.
Trust broken and not repaired: The ward no longer trusts printed labels.
Not known: It is unclear whether three bottles were used.
"""
SHORT = "On 3 March at 09:00 wrong doses were printed on 62 labels. We had loaded the wrong list, and nobody had compared it."


@cache
def held(source: str, retold: str, audience: str | None = None) -> Comparison:
    return compare(source, retold, INDEX, audience=audience)


def kinds(source: str, retold: str) -> set[str]:
    return {one.kind for one in held(source, retold).drifts}


def quotes(drifts: tuple[Drift, ...]) -> list[str]:
    return [side.quote for one in drifts for side in (one.source, one.retold) if side is not None]


@pytest.mark.parametrize("kind", TOLD)
def test_a_version_that_drifts_is_told_so_by_kind(kind: str) -> None:
    assert kind in kinds(TOLD[kind].source, TOLD[kind].drifting)


@pytest.mark.parametrize("kind", TOLD)
def test_its_honest_twin_has_no_drift(kind: str) -> None:
    assert held(TOLD[kind].source, TOLD[kind].honest).drifts == ()


@pytest.mark.parametrize("kind", TOLD)
def test_a_text_against_itself_has_no_drift_and_is_kept_whole(kind: str) -> None:
    source = TOLD[kind].source
    found = held(source, source)
    assert (found.drifts, found.problems) == ((), ())
    assert found.kept == len(parse(source).sentences)


@pytest.mark.parametrize("kind", TOLD)
def test_what_is_only_background_is_not_told_as_left_out_of_the_first_half(kind: str) -> None:
    source = TOLD[kind].source
    sentences = parse(source).sentences
    half = source[: sentences[len(sentences) // 2].start]
    said = [one.source.quote for one in held(source, half).drifts if one.source]
    assert not [quote for quote in said if re.search(r"printed from the large table|worked normally all day|refunds went out", quote)]
    assert {one.kind for one in held(source, half).drifts} <= {"dropped_fact"}


def test_one_number_that_was_softened_in_an_otherwise_faithful_version_is_told() -> None:
    honest = TOLD["softened_number"].honest
    assert "softened_number" in kinds(TOLD["softened_number"].source, honest.replace("3,140 passengers", "a number of passengers"))


def test_a_drift_names_its_kind_weight_and_belief_and_quotes_what_the_texts_say() -> None:
    for told in TOLD.values():
        for one in held(told.source, told.drifting).drifts:
            assert one.kind in DRIFTS
            assert one.severity in {"error", "warning"}
            assert one.message.startswith("A reader w")
            assert one.source or one.retold
            for side, text in ((one.source, told.source), (one.retold, told.drifting)):
                if side is not None:
                    assert text[side.start : side.end] == side.quote
                    assert len(parse(side.quote).sentences) <= 2


def test_drifts_stand_in_the_order_of_the_version_and_then_what_it_leaves_out() -> None:
    drifts = held(TOLD["softened_number"].source, TOLD["softened_number"].drifting).drifts
    places = [(one.retold is None, one.retold.start if one.retold else one.source.start if one.source else 0) for one in drifts]
    assert places == sorted(places)
    assert places[-1][0], "something is left out as well"


def test_each_sentence_of_the_version_is_shown_beside_what_it_tells() -> None:
    told = TOLD["agent_removed"]
    found = held(told.source, told.honest)
    assert [side.quote for side, _ in found.pairs] == [told.honest[one.start : one.end] for one in parse(told.honest).sentences]
    first, beside = found.pairs[0]
    assert "deleted the seat table" in first.quote
    assert any("deleted the seat table" in one.quote for one in beside)
    assert all(told.source[one.start : one.end] == one.quote for _, sides in found.pairs for one in sides)


def test_a_declared_redaction_is_honest_and_is_listed() -> None:
    source = TOLD["dropped_fact"].source
    retold = TOLD["dropped_fact"].honest + " The name of the colleague is withheld for privacy reasons."
    found = held(source, retold)
    assert found.drifts == ()
    assert [(one.quote, one.ground) for one in found.redactions] == [
        ("The name of the colleague is withheld for privacy reasons.", "privacy")
    ]


def test_a_span_that_was_withheld_by_a_decision_is_not_told_as_left_out() -> None:
    source, retold = TOLD["dropped_fact"].source, TOLD["dropped_fact"].drifting
    left_out = [one for one in held(source, retold).drifts if one.kind == "dropped_fact" and one.source]
    assert left_out
    spans = [(one.source.start, one.source.end) for one in left_out if one.source]
    found = compare(source, retold, INDEX, withheld=spans)
    places = [(one.source.start, one.source.end) for one in found.drifts if one.source]
    assert not [place for place in places if any(place[0] < end and place[1] > start for start, end in spans)]


def owed(retold: str, audience: str | None) -> str:
    """What a version of the account is said to leave out; the labels are not the teller's words, as in `telling`."""
    labels = [found.span() for found in re.finditer(r"(?m)^[A-Z][\w ]+:", ACCOUNT)]
    return " ".join(quotes(compare(ACCOUNT, retold, INDEX, audience=audience, withheld=labels).drifts))


@pytest.mark.parametrize("audience", ["team", "leadership"])
def test_people_inside_are_owed_open_trust_breaks_and_the_cost_to_people(audience: str) -> None:
    said = owed(SHORT, audience)
    assert "no longer trusts printed labels" in said
    assert "worked through the night" in said


def test_people_inside_who_are_told_of_them_are_not_warned() -> None:
    whole = SHORT + " The ward no longer trusts printed labels. Two nurses worked through the night to look at every bottle."
    said = owed(whole, "team")
    assert "trust" not in said
    assert "nurses" not in said


@pytest.mark.parametrize("audience", ["customers", "partner", None])
def test_others_are_not_owed_them(audience: str | None) -> None:
    said = owed(SHORT, audience)
    assert "worked through the night" not in said
    assert "no longer trusts" not in said


def test_offsets_count_code_points_behind_emoji_and_combining_marks() -> None:
    told = TOLD["softened_number"]
    before = "🚨👩🏽‍🚒 Ole\u0301 scha\u0308tzt: "
    plain, moved = held(told.source, told.drifting), held(before + told.source, before + told.drifting)
    assert moved.drifts
    for one in moved.drifts:
        if one.retold is not None:
            assert (before + told.drifting)[one.retold.start : one.retold.end] == one.retold.quote
    assert set(quotes(plain.drifts)) & set(quotes(moved.drifts))
    decomposed = unicodedata.normalize("NFD", told.drifting.replace("Tuesday", "Tuesdäy"))
    sides = [one.retold for one in held(told.source, decomposed).drifts if one.retold]
    assert all(decomposed[one.start : one.end] == one.quote for one in sides)


@pytest.mark.parametrize(("source", "retold"), [("", ""), ("", "All is well."), ("All is lost.", ""), (" \n", "…"), ("🚨", "🚨")])
def test_texts_with_nothing_in_them_compare_without_a_drift_of_a_side_that_is_empty(source: str, retold: str) -> None:
    found = held(source, retold)
    assert not [one for one in found.drifts if (one.source and not source) or (one.retold and not retold)]


def test_texts_too_long_to_be_held_together_are_a_problem_and_not_a_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PAIRS", 20)
    found = compare(TOLD["dropped_fact"].source, TOLD["dropped_fact"].drifting, INDEX)
    assert found.drifts == ()
    assert found.pairs == ()
    assert "part by part" in found.problems[0]


def test_a_text_longer_than_any_telling_is_refused_with_what_to_do() -> None:
    with pytest.raises(TooLargeError, match="200,000") as refused:
        comparing.compare("a " * comparing.LIMIT, "All is well.", INDEX)
    assert "without logs" in str(refused.value.hint)


WORDS = st.sampled_from(
    [
        *"we lost 412 orders at 10:04 because nobody noticed . The cause is unknown , and it was fixed ; some users".split(),
        *"- [done] | # * > é 🚨 % $ (".split(),
        "\n\n",
    ]
)
TEXTS = st.one_of(st.lists(WORDS, max_size=40).map(" ".join), st.text(max_size=80))


@settings(max_examples=60)
@given(TEXTS, TEXTS, st.sampled_from([None, "team", "customers"]))
def test_any_two_texts_compare_twice_the_same_with_spans_that_hold(source: str, retold: str, audience: str | None) -> None:
    found = compare(source, retold, INDEX, audience=audience, withheld=[(2, 9)])
    assert found == compare(source, retold, INDEX, audience=audience, withheld=[(2, 9)])
    for one in found.drifts:
        for side, text in ((one.source, source), (one.retold, retold)):
            assert side is None or (0 <= side.start < side.end <= len(text) and text[side.start : side.end] == side.quote)
    assert 0 <= found.kept <= len(parse(source).sentences)
    for told in found.redactions:
        assert told.start is not None
        assert retold[told.start : told.end] == told.quote


@settings(max_examples=15)
@given(TEXTS)
def test_any_text_against_itself_has_no_drift(text: str) -> None:
    assert compare(text, text, INDEX).drifts == ()


@pytest.mark.parametrize(
    ("source", "retold"), [("10:04 " * 8_000, "10:05 " * 8_000), ("1 " * 20_000, "2 " * 20_000)], ids=["times", "numbers"]
)
def test_a_log_or_a_table_is_a_problem_and_no_drift(source: str, retold: str) -> None:
    found = held(source, retold)
    assert not found.drifts
    assert "too many figures" in found.problems[0]


def test_words_without_any_mark_take_no_time() -> None:
    assert held("some of the " * 4_000, "all of the " * 4_000) is not None
