"""How well something is supported follows from what is cited, before anything is written about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from amends.narrative.account import WITHDRAWN, Evidence, Point
from amends.narrative.support import stand, support
from amends.testing import START

FACT = Point("1", "I", "1", "claim", "payments failed", START, "ana", kind="fact")
CAUSE = replace(FACT, kind="cause", text="the pool was too large")
LOG = Evidence("e1", "I", "1", "entry", "supports", START, "ana", ref="a", entry_kind="log", source="app.log")
CHAT = Evidence("e2", "I", "1", "entry", "supports", START, "ana", ref="b", entry_kind="chat", source="#inc: ben")
WORD = Evidence("e3", "I", "1", "person", "supports", START, "ana", text="Ana: I saw it", source="person:Ana")
MEASURE = Evidence("e4", "I", "1", "measure", "supports", START, "ana", text="count of orders without a payment: 12")
AGAINST = replace(LOG, id="e5", stance="contradicts", ref="c")


@pytest.mark.parametrize(
    ("point", "cited", "status"),
    [
        (FACT, (), "unsupported"),
        (FACT, (WORD,), "likely"),
        (FACT, (CHAT,), "likely"),
        (FACT, (WORD, replace(WORD, id="e9")), "likely"),
        (FACT, (WORD, CHAT), "confirmed"),
        (FACT, (LOG,), "confirmed"),
        (FACT, (MEASURE,), "confirmed"),
        (FACT, (LOG, AGAINST), "inconclusive"),
        (FACT, (AGAINST,), "unsupported"),
        (CAUSE, (LOG,), "likely"),
        (CAUSE, (WORD, CHAT), "likely"),
        (CAUSE, (LOG, WORD), "confirmed"),
        (CAUSE, (MEASURE,), "confirmed"),
        (replace(FACT, part="condition", kind="organisational"), (LOG,), "likely"),
    ],
)
def test_the_status_follows_from_what_is_cited(point: Point, cited: tuple[Evidence, ...], status: str) -> None:
    assert support(point, cited).status == status


def test_what_is_taken_back_does_not_count_and_the_newest_revision_stands_with_the_earlier_ones_behind_it() -> None:
    undone = replace(LOG, id="e6", undoes="e1")
    second = replace(FACT, id="2", text="258 payments failed", replaces="1")
    (stated,) = stand("I", [FACT, second], [LOG, undone]).points
    assert (stated.item, stated.point, stated.before) == ("1", second, (FACT,))
    assert (stated.evidence, stated.support.status) == ((), "unsupported")


def test_a_withdrawn_point_stands_apart() -> None:
    gone = replace(FACT, id="2", what=WITHDRAWN, replaces="1")
    account = stand("I", [FACT, gone], [LOG])
    assert account.points == ()
    assert [one.item for one in account.withdrawn] == ["1"]


def test_a_question_is_open_until_its_answer_is_written() -> None:
    question = replace(FACT, part="question", kind=None, text="how many cards were charged?")
    answered = replace(question, id="2", answer="eleven", replaces="1")
    assert stand("I", [question], []).points[0].is_open
    assert not stand("I", [question, answered], []).points[0].is_open
