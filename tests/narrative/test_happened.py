"""The history of an account in sentences: what changed, and how well the point was supported before and after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from amends.narrative.account import Evidence, Point
from amends.narrative.happened import Happened, told
from narrative.accounts import INCIDENT, WRITTEN, minute

FIRST = Point("P1", INCIDENT.id, "P1", "claim", "Payments failed", WRITTEN, "ana", kind="number", value="40 payments")


def cited(name: str, **more: Any) -> Evidence:
    given = {"kind": "person", "stance": "supports", "text": "Ben: I counted them", **more}
    return Evidence(name, INCIDENT.id, "P1", recorded_at=WRITTEN, by="ben", **given)


def revised(name: str, before: Point, **more: Any) -> Point:
    return replace(before, id=name, replaces=before.id, by="ben", **more)


def sentence(*changes: Point | Evidence) -> Happened:
    return told(changes)[-1]


def test_a_statement_a_citation_and_its_taking_back_tell_how_the_point_stands() -> None:
    measure = cited("E2", kind="measure", text="count in the ledger: 40")
    found = told([FIRST, cited("E1"), measure, cited("E3", undoes="E2")])
    assert [(one.done, one.before, one.after) for one in found] == [
        ("stated", None, "unsupported"), ("cited", "unsupported", "likely"), ("cited", "likely", "confirmed"),
        ("taken-back", "confirmed", "likely"),
    ]  # fmt: skip
    assert found[0].text == "Stated as claim (number): “Payments failed (40 payments)”. It stands as unsupported."
    assert found[2].text == (
        "A measure was cited for “Payments failed (40 payments)”: “count in the ledger: 40”. It went from likely to confirmed."
    )
    assert (
        found[3].text == "The citation of a measure was taken back from “Payments failed (40 payments)”. It went from confirmed to likely."
    )
    assert [one.turned for one in found] == [False, True, True, True]
    assert [(one.id, one.item, one.by) for one in found][1:3] == [("E1", "P1", "ben"), ("E2", "P1", "ben")]


def test_a_revision_says_what_was_and_what_is() -> None:
    assert sentence(FIRST, revised("P2", FIRST, text="Card payments failed")).text == "“Payments failed” became “Card payments failed”."
    figure = sentence(FIRST, revised("P2", FIRST, value="258 payments"))
    assert figure.text == "Of “Payments failed”, its figure became “258 payments”, and was “40 payments”."
    assert (figure.before, figure.after, figure.turned) == ("unsupported", "unsupported", False)
    timed = sentence(FIRST, revised("P2", FIRST, text="They failed", at=minute(3)))
    assert timed.text == "“Payments failed” became “They failed”. Also its time was added: 2026-03-04 10:45 UTC."


def test_a_withdrawal_and_a_coming_back_keep_the_words() -> None:
    gone = revised("P2", FIRST, what="withdrawn")
    found = told([FIRST, gone, revised("P3", gone, what="written")])
    assert [one.text for one in found[1:]] == [
        "Withdrawn: “Payments failed (40 payments)”.", "Brought back: “Payments failed (40 payments)”. It stands as unsupported.",
    ]  # fmt: skip


def test_a_question_is_answered_and_nothing_is_shown_by_evidence() -> None:
    asked = Point("Q1", INCIDENT.id, "Q1", "question", "How many?", WRITTEN, "ana")
    closed = revised("Q2", asked, answer="258")
    found = told([asked, closed, revised("Q3", closed, answer=None)])
    assert [one.text for one in found] == [
        "Stated as what is not known: “How many?”.", "“How many?” was answered: “258”.", "“How many?” was opened again.",
    ]  # fmt: skip
    assert {one.after for one in found} == {None}
    assert sentence(Point("C1", INCIDENT.id, "C1", "cost", "Two people worked at night.", WRITTEN, "ana")).after is None
    badly = Point("B1", INCIDENT.id, "B1", "badly", "The alert rang late", WRITTEN, "ana")
    assert sentence(badly, revised("B2", badly, answer="A1")).text.startswith("“The alert rang late” is answered by an action item.")
