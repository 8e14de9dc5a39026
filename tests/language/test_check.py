"""The whole check: what goes in, what comes out, and what happens with input that nobody meant."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.core.errors import UnknownNameError
from amends.language.check import check
from amends.language.index import load
from amends.language.labels import FLAWS, MOVES, SEVERITIES
from amends.language.options import Options
from amends.language.records import Draft
from amends.language.report import as_dict

AT = datetime(2026, 3, 4, 10, 50, tzinfo=UTC)
INDEX = load()


def test_the_same_draft_gives_the_same_document() -> None:
    draft = Draft("At 10:42 my deploy broke the login. Mistakes were made. We fix it asap.", AT)
    assert as_dict(check(draft, INDEX)) == as_dict(check(draft, INDEX))


def test_an_empty_draft_has_one_problem_that_says_what_to_write_first() -> None:
    for text in ("", "  \n\t "):
        document = check(Draft(text, AT), INDEX)
        assert [one.code for one in document.problems] == ["empty-draft"]
        assert document.problems[0].hint
        assert document.findings == ()


@pytest.mark.parametrize(("field", "value"), [("form", "firstmessage"), ("audience", "everybody")])
def test_an_unknown_name_is_an_error_with_the_list_of_names(field: str, value: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        check(Draft(**{"text": "It broke.", "at": AT, field: value}), INDEX)
    assert len(caught.value.known) >= 4


def test_an_unknown_zone_is_a_problem_of_the_document() -> None:
    document = check(Draft("Next update 14:30.", AT, tz="Mars/Olympus"), INDEX)
    assert [one.code for one in document.problems] == ["unknown-zone"]
    assert document.tz is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "Der Import ist um 9:12 Uhr ausgefallen, und wir haben die Änderung zurückgenommen. Es tut uns leid, dass das nicht auffiel.",
            "de",
        ),
        (
            "Le service de paiement est tombé à 9 h 12 et nous avons annulé la mise à jour. Nous sommes désolés pour les clients.",
            "fr",
        ),
        ("服务在九点十二分中断，我们已经回滚了更改。", "zh"),
        ("Сервис был недоступен с 9:12, мы откатили изменение.", "ru"),
    ],
)
def test_other_languages_are_named_and_nothing_false_is_found(text: str, code: str) -> None:
    document = check(Draft(text, AT), INDEX)
    assert document.language == code
    assert [one.code for one in document.problems] == ["other-language"]
    assert document.findings == ()
    assert all(not one.moves and not one.flaws for one in document.sentences)


@pytest.mark.parametrize(
    "text",
    [
        "Fixed.",
        "LGTM",
        "rm -rf /",
        "Deploy done: api-gateway v1.2.3 → v1.2.4 (eu-west-1, us-east-1)",
        "José and Zoë fixed the naïve café form at 9:12.",
    ],
)
def test_short_and_technical_english_is_not_taken_for_another_language(text: str) -> None:
    assert check(Draft(text, AT), INDEX).language == "en"


def test_findings_come_most_severe_first_with_lines_and_columns() -> None:
    document = check(Draft("Mistakes were made.\n\nWe fix it asap.", AT, form="first-message"), INDEX)
    order = [SEVERITIES.index(one.severity) for one in document.findings]
    assert order == sorted(order)
    vague = next(one for one in document.findings if one.rule == "vague-time")
    assert (vague.line, vague.column) == (3, 11)


def test_a_team_may_ignore_select_and_reweigh_rules() -> None:
    draft = Draft("We fix it asap.", AT, form="any")
    assert [one.rule for one in check(draft, INDEX).findings] == ["vague-time"]
    assert check(draft, INDEX, Options(ignore=frozenset({"vague-time"}))).findings == ()
    assert check(draft, INDEX, Options(select=frozenset({"asap-other"}))).findings == ()
    assert check(draft, INDEX, Options(severity=(("vague-time", "off"),))).findings == ()
    (finding,) = check(draft, INDEX, Options(severity=(("vague-time", "error"),))).findings
    assert finding.severity == "error"


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400))
def test_any_text_gives_a_document_whose_spans_lie_in_it(text: str) -> None:
    document = check(Draft(text, AT, tz="Europe/London"), INDEX)
    size = len(text)
    for sentence in document.sentences:
        assert 0 <= sentence.start < sentence.end <= size
        assert {one.move for one in sentence.moves} <= set(MOVES)
        for flaw in sentence.flaws:
            assert flaw.flaw in FLAWS
            assert sentence.start <= flaw.start < flaw.end <= sentence.end
    for finding in document.findings:
        assert 0 <= finding.start <= finding.end <= size
        assert finding.severity in SEVERITIES
    for promise in document.promises:
        assert text[promise.start : promise.end] == promise.quote


def test_findings_never_speak_about_the_person() -> None:
    for rule in INDEX.rules:
        for text in (rule.message, rule.why, *rule.suggest):
            assert "you are" not in text.lower(), rule.id
            assert "you're" not in text.lower(), rule.id
