"""Entries that tell of one change are one; what only looks alike, or takes a change back, is another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.timeline.folding import AT_ONCE, LATE, NEAR, Change, end_of, folded, steps_of, title_of

SECOND = 1_000_000


def told(*entries: tuple[int, str, str]) -> list[Change]:
    """Changes by their second, kind and words."""
    return [Change(at * SECOND, 1, kind, text) for at, kind, text in entries]


def groups(*entries: tuple[int, str, str]) -> list[int]:
    return folded(told(*entries))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("deploy", "deploy of v2.1.0 to live"), ("chat", "shop v2.1.0 \u2192 live: finished")),
        (("deploy", "deploy of 2.1.0 to live"), ("log", "INFO Deployed shop v2.1.0")),
        (("deploy", "workflow build on main (38ab1849cc8a) began"), ("chat", "38ab184 is live")),
        (("deploy", "merged #7 Wider pool"), ("deploy", "deploy of main to live: wider (#7)")),
        (("commit", "Make the pool wider (#7)"), ("deploy", "merged !9 Make the pool wider")),
        (("log", "feature flag new-cart turned on"), ("chat", "Flag changed\nnew-cart: 10 % to 50 %, by Ada")),
        (("log", "New size: 6; reason: cpu"), ("log", "Scaled up replica set shop-7c5d9 to 6 from 4")),
        (("log", "Scaled up replica set shop-7c5d9 to 6 from 4"), ("chat", "shop: scaled from 4 to 6 pods by Ada")),
        (("deploy", "in progress: shop v2.1.0 rolls out"), ("log", "Scaled up replica set shop-7c5d9 to 1 from 0")),
    ],
)
def test_entries_of_one_change_are_one(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert groups((0, *one), (30, *other)) == [0, 0]
    assert groups((0, *one), (LATE // SECOND + 1, *other)) == [0, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("deploy", "deploy of v2.1.0 to live"), ("deploy", "deploy of v2.1.1 to live")),
        (("deploy", "merged #7 Wider pool"), ("deploy", "merged #8 Revert wider pool (takes back #7)")),
        (("log", "took 1.5 s, restarted"), ("log", "took 1.5 s, reloaded config")),
        (("log", "Scaled up replica set shop-7c5d9 to 6 from 4"), ("log", "Scaled down replica set shop-7c5d9 to 4 from 6")),
        (("deploy", "shop v2.1.0 is live"), ("deploy", "shop v2.1.1 is live")),
    ],
)
def test_what_only_looks_alike_is_another(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert groups((0, *one), (30, *other)) == [0, 1]


@pytest.mark.parametrize(("kind", "apart"), [("deploy", NEAR), ("commit", LATE)])
def test_little_time_lies_between_entries_of_one_change_and_more_behind_a_commit(kind: str, apart: int) -> None:
    ends = [Change(at, 1, "deploy", "deploy of v2.1.0 to live") for at in (apart, apart + 1)]
    assert [folded([Change(0, 1, kind, "shop v2.1.0"), end]) for end in ends] == [[0, 0], [0, 1]]


def test_steps_of_an_autoscaler_are_one_only_where_they_come_at_once() -> None:
    later = AT_ONCE // SECOND + 1
    assert groups((0, "log", "New size: 6; reason: cpu"), (later, "log", "Scaled up replica set a-1 to 6 from 4")) == [0, 1]


def test_what_stands_for_a_change_is_its_deployment_and_when_it_was_out() -> None:
    members = told(
        (0, "deploy", "merged #7 Wider pool"),
        (10, "deploy", "deploy of v2.1.0 to live: wider (#7)"),
        (20, "deploy", "deploy of v2.1.0 to live: in progress"),
        (90, "deploy", "deploy of v2.1.0 to live: success"),
        (92, "chat", "shop v2.1.0 is live"),
    )
    assert title_of(members) == "deploy of v2.1.0 to live"
    assert steps_of(members) == "merged 00:00:00Z, out 00:01:30Z"
    assert steps_of(members[:3]) == "merged 00:00:00Z, began 00:00:20Z"
    assert end_of(members) == 90 * SECOND
    assert steps_of(told((0, "deploy", "workflow tests on main: failure"))) == ""


ENTRIES = st.lists(
    st.tuples(
        st.integers(0, 4000), st.sampled_from(["log", "deploy", "chat"]), st.sampled_from(["v1.0.1", "v1.0.2", "#3", "v1.0.1 (#3)", "x"])
    ),
    max_size=12,
)


@given(ENTRIES)
def test_each_change_is_named_by_its_first_entry(entries: list[tuple[int, str, str]]) -> None:
    found = groups(*sorted(entries))
    assert all(found[head] == head <= place for place, head in enumerate(found))
