"""What is said of a drift: what a reader would wrongly believe, with the words of both sides."""

from __future__ import annotations

import pytest

from amends.narrative.comparing.clauses import tell
from amends.narrative.comparing.finding import Seen
from amends.narrative.comparing.saying import message
from amends.narrative.drift import DRIFTS
from narrative.comparing.tellings import INDEX

THERE, HERE = "We opened the wrong sluice at nine.", "A sluice was open for a while."


def said(kind: str, source: str | None = THERE, retold: str | None = HERE) -> str:
    """The message of a drift whose sides are whole texts."""
    there, here = (None if text is None else (0, len(text)) for text in (source, retold))
    return message(Seen(kind, there, here, None, None, {}), source or "", retold or "")


@pytest.mark.parametrize(
    ("kind", "belief"),
    [
        ("softened_severity", "it was milder"),
        ("raised_certainty", "certain, done or over"),
        ("agent_removed", "would not see that somebody of ours did it"),
        ("cause_shifted", "the cause lies elsewhere"),
        ("unsupported_claim", "the source says otherwise"),
        ("softened_number", "it was less"),
        ("changed_time", "another time"),
    ],
)
def test_each_kind_says_what_a_reader_would_wrongly_believe_and_quotes_the_source(kind: str, belief: str) -> None:
    told = said(kind)
    assert told.startswith("A reader would")
    assert belief in told
    assert "“We opened the wrong sluice at nine”" in told


def test_kinds_in_which_two_wordings_stand_against_each_other_quote_both() -> None:
    for kind in ("softened_severity", "softened_number", "changed_time"):
        assert "“A sluice was open for a while”" in said(kind)


@pytest.mark.parametrize(
    ("clause", "belief"),
    [
        ("The tenants no longer trust us.", "trust was hurt"),
        ("Two nurses worked through the night.", "cost the people"),
        ("It is unclear who opened the sluice.", "nothing about this is open"),
        ("This happened before, in autumn.", "for the first time"),
        ("Nobody noticed it.", "noticed in time"),
        ("Ole had forgotten the chain.", "wrong, left out or not checked"),
        ("The lists are kept by hand.", "missing in how we work"),
        ("The repair took much longer.", "worked at once"),
        ("Forty sacks were ruined and lost.", "less came to harm"),
        ("The sluice is green.", "nothing says that it was left out"),
    ],
)
def test_what_was_left_out_is_told_by_what_it_bears(clause: str, belief: str) -> None:
    [theirs] = tell(clause, INDEX).clauses
    assert belief in message(Seen("dropped_fact", (0, len(clause)), None, theirs, None, {}), clause, "")


def test_what_is_nowhere_in_the_source_is_said_to_be_nowhere() -> None:
    assert said("unsupported_claim", source=None).endswith("nothing in the source says it.")


def test_a_long_quotation_is_cut_and_the_cut_is_shown() -> None:
    told = said("changed_time", source="word " * 60)
    assert "word …”" in told
    assert len(told.split()) < 50


def test_every_kind_that_the_engine_tells_has_its_words() -> None:
    assert all(said(kind) for kind in DRIFTS if kind not in ("repeated_promise", "dropped_fact"))
