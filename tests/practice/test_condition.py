"""Conditions are a language of their own: what they mean, and what they refuse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.errors import InputError
from amends.practice.condition import FLAGS, FUNCTIONS, NUMBERS, parse


class Moment:
    """A moment in which some acts were heard and the meters stand at 50."""

    def __init__(self, *heard: str, pending: bool = False, **meters: int) -> None:
        self.heard = heard
        self.pending = pending
        self.meters = {**dict.fromkeys(NUMBERS, 50), **meters}

    def number(self, name: str) -> int:
        return self.meters[name]

    def flag(self, _: str) -> bool:
        return self.pending

    def call(self, _: str, argument: str) -> int:
        return self.heard.count(argument)


@pytest.mark.parametrize(
    ("source", "moment", "holds"),
    [
        ("always", Moment(), True),
        ('heard("timed")', Moment("timed"), True),
        ('heard("timed")', Moment("blame"), False),
        ("anger < 50", Moment(anger=49), True),
        ("anger < 50", Moment(anger=50), False),
        ("anger <= 50 and trust >= 50", Moment(), True),
        ('not pending and not heard("blame")', Moment(), True),
        ("not pending", Moment(pending=True), False),
        ('heard("a") or heard("b") and heard("c")', Moment("a"), True),  # "and" binds closer
        ('(heard("a") or heard("b")) and heard("c")', Moment("a"), False),
        ('times("blame") >= 2', Moment("blame", "blame"), True),
        ('times("blame") == 1', Moment("blame", "blame"), False),
        ("asked()", Moment(""), True),
    ],
)
def test_a_condition_means_what_it_says(source: str, moment: Moment, holds: bool) -> None:
    assert parse(source).holds(moment) is holds


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "ends too early"),
        ("anger <", "ends too early"),
        ("anger < trust", "a whole number was expected"),
        ("fury > 3", "unknown word 'fury'"),
        ("heard(timed)", "needs the name of a act in quotes"),
        ("heard()", "needs the name"),
        ('heard("a") heard("b")', "was not expected"),
        ("(anger < 3", "')' is missing"),
        ('__import__("os")', "cannot be read"),
        ("anger.real > 3", "cannot be read"),
        ("anger + 1 > 3", "cannot be read"),
        ("[1][0]", "cannot be read"),
    ],
)
def test_what_is_no_condition_is_refused_with_what_is_known(source: str, said: str) -> None:
    with pytest.raises(InputError, match="cannot be read") as refusal:
        parse(source)
    assert said.replace("a act", "a act") in refusal.value.message
    assert "heard(…)" in refusal.value.hint


def test_the_one_that_asks_more_weighs_more() -> None:
    assert parse("always").weight < parse("anger < 5").weight < parse('anger < 5 and heard("a")').weight


_ATOMS = st.sampled_from([*(f"{name} < 50" for name in NUMBERS), *FLAGS, *(f'{name}("x")' for name in FUNCTIONS)])
_CONDITIONS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        inner.map(lambda one: f"not ({one})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda three: f"({three[0]}) {three[1]} ({three[2]})"),
    ),
    max_leaves=8,
)


@given(_CONDITIONS, st.booleans())
def test_a_condition_and_its_negation_never_agree(source: str, pending: bool) -> None:
    moment = Moment("x", pending=pending)
    assert parse(source).holds(moment) is not parse(f"not ({source})").holds(moment)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(source: str) -> None:
    try:
        parse(source)
    except InputError as refusal:
        assert refusal.hint  # noqa: PT017 - both ways are fine, a crash is not
