"""Inline switches at word, line, next-line, block and file level, their reasons, and the ones that do nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amends.language.check import check
from amends.language.index import load
from amends.language.records import Document, Draft

AT = datetime(2026, 3, 4, 10, 50, tzinfo=UTC)
INDEX = load()


def checked(text: str) -> Document:
    return check(Draft(text, AT, form="any"), INDEX)


def remarks(text: str) -> list[str]:
    return [one.rule for one in checked(text).findings if one.rule == "vague-time"]


@pytest.mark.parametrize(
    "text",
    [
        "We fix it asap. <!-- amends: ignore vague-time because the vendor gave none -->",
        "We fix it asap. <!-- amends: ignore-line vague-time - the vendor gave none -->",
        "<!-- amends: ignore-next-line vague-time because it is so -->\nWe fix it asap.",
        "<!-- amends: ignore vague-time because it is so -->\nWe fix it asap.",
        "We fix it asap <!-- amends: ignore-word vague-time because it is so --> today.",
        "<!-- amends: ignore-file vague-time because it is so -->\n\nOne.\n\nWe fix it asap.",
        "<!-- amends: ignore-start vague-time because it is so -->\nWe fix it asap.\n<!-- amends: ignore-end vague-time -->",
        "We fix it asap. # amends: ignore vague-time because it is so",
        "<!-- amends: ignore-file all because it is an old text -->\nWe fix it asap.",
    ],
)
def test_a_switch_silences_its_rule_and_the_silence_stays_visible(text: str) -> None:
    document = checked(text)
    assert [one.rule for one in document.findings if one.rule == "vague-time"] == []
    (silenced,) = [one for one in document.suppressed if one.rule == "vague-time"]
    assert text[silenced.start : silenced.end] == "asap"
    assert silenced.reason
    assert not [one for one in document.problems if one.code == "unused-switch"]


def test_a_switch_ends_where_it_says() -> None:
    assert remarks("<!-- amends: ignore-next-line vague-time -->\nFine.\nWe fix it asap.") == ["vague-time"]
    assert remarks("We fix it asap <!-- amends: ignore-word vague-time -->, or asap.") == ["vague-time"]
    block = "<!-- amends: ignore-start vague-time -->\nasap it is\n<!-- amends: ignore-end vague-time -->\nWe fix it asap."
    assert remarks(block) == ["vague-time"]


def test_a_switch_that_silences_nothing_is_reported_with_its_line() -> None:
    (problem,) = checked("At 10:42 it broke.\n<!-- amends: ignore vague-time because of nothing -->\nFixed at 10:50.").problems
    assert (problem.code, problem.line) == ("unused-switch", 2)


@pytest.mark.parametrize(
    ("switch", "says"),
    [
        ("ignore vague-tme because x", "unknown rule"),
        ("ignore-page vague-time", "unknown switch"),
        ("ignore", "names no rule"),
        ("ignore-end vague-time", "without"),
    ],
)
def test_a_switch_that_cannot_be_read_is_a_problem_of_the_document(switch: str, says: str) -> None:
    (problem,) = checked(f"It broke. <!-- amends: {switch} -->").problems
    assert problem.code == "switch"
    assert says in problem.message


@pytest.mark.parametrize("typed", ["amends ignore", "amends : ignore", "Amends: ignore", "amend: ignore", "amends; ignore"])
def test_what_was_probably_meant_as_a_switch_is_told(typed: str) -> None:
    document = checked(f"It broke.\nWe fix it asap. <!-- {typed} vague-time because x -->")
    (problem,) = document.problems
    assert (problem.code, problem.line, problem.hint) == ("switch", 2, "did you mean “amends: ignore”?")
    assert "vague-time" in [finding.rule for finding in document.findings]


def test_a_text_about_making_amends_is_no_mistyped_switch() -> None:
    assert checked("# Amends\n\nMaking amends: ignore nothing.\n\n# amends ignored in March\n").problems == ()


def test_a_switch_without_a_reason_works_and_is_asked_for_one() -> None:
    document = checked("We fix it asap. <!-- amends: ignore vague-time -->")
    assert [problem.message for problem in document.problems] == ["no reason given for ignoring vague-time"]
    assert [one.rule for one in document.suppressed] == ["vague-time"]


def test_a_mistyped_switch_is_looked_for_in_linear_time() -> None:
    for text in ("# amends" + " " * 200_000, "# " * 200_000 + "amends", "<!--" * 100_000 + "amends", "# amends ignor " * 50_000):
        checked(text)
