"""Clocks of sources are compared by what two of them tell; latency, chance and too little say nothing."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.timeline.skew import FEWEST, Skew, between, estimates, words

SECOND = 1_000_000
START = 1_772_621_000 * SECOND
SHA = "3f2a91c04b7d5e6f8a9b0c1d2e3f405162738495"
NAMES = ("chat.json", "app.log", "proxy.log", "db.log")


def events(count: int, kind: str = "trace", every: float = 7.0) -> dict[str, int]:
    """What truly happened, and when."""
    return {f"{kind}:{number}": START + int(number * every * SECOND) for number in range(count)}


def seen(true: dict[str, int], ahead: float = 0.0, late: tuple[float, float] = (0.0, 0.2), seed: int = 1) -> dict[str, int]:
    """The events as a source with a clock that is `ahead` writes them down, each between `late` seconds after it happened."""
    dice = random.Random(seed)
    return {token: at + int((ahead + dice.uniform(*late)) * SECOND) for token, at in true.items()}


def one(found: tuple[Skew, ...]) -> Skew:
    (skew,) = found
    return skew


@pytest.mark.parametrize("ahead", [-86_400.0, -40.0, -3.0, 3.0, 77.7, 5000.0])
def test_a_clock_that_is_off_is_said_with_its_sign(ahead: float) -> None:
    true = events(30)
    skew = one(estimates([seen(true), seen(true, ahead, seed=2)], NAMES, trust=[1, 0]))
    assert (skew.source, skew.against, skew.anchors) == ("app.log", "chat.json", 30)
    assert skew.seconds == pytest.approx(ahead, abs=0.2)
    assert skew.spread < 0.2


@pytest.mark.parametrize(
    ("ahead", "zone"),
    [
        (3600, "+01:00"),
        (-18_000, "-05:00"),
        (20_700, "+05:45"),
        (3600.5, "+01:00"),
        (-7195, "-02:00"),
        (3660, None),
        (400, None),
        (90_000, None),
    ],
)
def test_a_difference_of_whole_quarters_of_an_hour_looks_like_a_zone(ahead: float, zone: str | None) -> None:
    true = events(20)
    skew = one(estimates([seen(true), seen(true, ahead, seed=2)], NAMES, trust=[1, 0]))
    assert skew.looks_like_zone == zone
    assert ("looks like a zone" in words(skew)) is (zone is not None)


def test_people_who_quote_an_id_minutes_later_still_tell_a_zone() -> None:
    true = events(20, every=300)
    skew = one(estimates([seen(true, late=(20, 200)), seen(true, 3600, seed=2)], NAMES, trust=[1, 0]))
    assert skew.looks_like_zone == "+01:00"


@pytest.mark.parametrize("late", [(0.0, 30.0), (1.0, 300.0), (0.0, 3600.0)])
def test_latency_is_no_skew(late: tuple[float, float]) -> None:
    true = events(40)
    sources = [seen(true), seen(true, late=late, seed=2)]
    assert estimates(sources, NAMES) == ()
    assert one(between(sources, NAMES)).anchors == 40


@pytest.mark.parametrize("mean", [2.0, 20.0])
def test_waiting_in_a_queue_is_no_skew(mean: float) -> None:
    true = events(200)
    dice = random.Random(5)
    queued = {token: at + int(dice.expovariate(1 / mean) * SECOND) for token, at in true.items()}
    assert estimates([true, queued], NAMES) == ()


def test_less_than_a_second_is_none() -> None:
    true = events(40)
    assert estimates([true, seen(true, 0.8, late=(0, 0.1))], NAMES) == ()


def test_few_anchors_say_nothing() -> None:
    true = events(FEWEST - 1)
    assert estimates([true, seen(true, 60)], NAMES) == ()
    assert between([true, seen(true, 60)], NAMES) == ()


def test_ids_that_only_look_alike_do_not_move_the_median() -> None:
    true, chance = events(30), events(10, "order")
    dice = random.Random(3)
    other = {token: START + dice.randrange(10**12) for token in chance}
    skew = one(estimates([true | chance, seen(true, 30, seed=2) | other], NAMES, trust=[1, 0]))
    assert skew.seconds == pytest.approx(30, abs=0.3)


def test_ids_that_all_only_look_alike_say_nothing() -> None:
    dice = random.Random(3)
    chance = [{f"order:{number}": START + dice.randrange(10**10) for number in range(50)} for _ in range(2)]
    assert estimates(chance, NAMES) == ()


def test_sources_that_share_nothing_are_compared_over_a_third() -> None:
    traces, deploys = events(30), events(12, "deploy", every=60)
    app = seen(traces | deploys, 20)
    found = estimates([deploys, app, seen(traces, 50, seed=2)], NAMES, trust=[1, 0, 0])
    assert [(one.source, round(one.seconds), one.anchors) for one in found] == [("app.log", 20, 12), ("proxy.log", 50, 12)]


def test_latency_to_the_most_trusted_does_not_hide_what_two_others_tell() -> None:
    true = events(40)
    found = estimates([seen(true, late=(0, 600)), seen(true, seed=2), seen(true, 30, seed=3)], NAMES, trust=[1, 0, 0])
    assert [(one.source, one.against, round(one.seconds)) for one in found] == [("proxy.log", "app.log", 30)]


def test_without_trust_the_source_with_most_anchors_counts() -> None:
    traces, orders = events(30), events(30, "order")
    found = estimates([seen(traces, 9), seen(orders, 5, seed=2), seen(traces | orders, seed=3)], NAMES)
    assert [(one.source, one.against, round(one.seconds)) for one in found] == [("chat.json", "proxy.log", 9), ("app.log", "proxy.log", 5)]


def test_an_abbreviated_commit_counts_where_exactly_one_whole_one_begins_so() -> None:
    commits = [f"{number:07x}" + SHA[7:] for number in range(0xA000001, 0xA000009)]
    whole = {commit: START + place * SECOND * 90 for place, commit in enumerate(commits)}
    short = {f"short:{commit[:7]}": at + 40 * SECOND for commit, at in whole.items()}
    assert one(estimates([whole, short], NAMES, trust=[1, 0])).seconds == 40
    assert estimates([dict.fromkeys(short, START), short], NAMES) == ()
    ambiguous = whole | {commit[:-1] + "0": at for commit, at in whole.items()}
    assert estimates([ambiguous, short], NAMES) == ()


def test_nothing_says_nothing() -> None:
    assert estimates([], ()) == ()
    assert estimates([{}, {}], NAMES) == ()
    assert estimates([events(9)], NAMES) == ()


@settings(max_examples=60)
@given(
    st.lists(st.integers(-40_000, 40_000), min_size=2, max_size=4),
    st.integers(FEWEST, 60),
    st.floats(0, 0.25),
    st.integers(0, 10**6),
    st.integers(0, 3),
)
def test_whatever_the_offsets_are_they_are_found_again(ahead: list[int], count: int, noise: float, seed: int, unrelated: int) -> None:
    true = events(count)
    sources = [
        seen(true, offset, (0, noise), seed + number) | {f"own:{number}-{other}": START for other in range(unrelated)}
        for number, offset in enumerate(ahead)
    ]
    found = estimates(sources, NAMES, trust=[1] + [0] * (len(ahead) - 1))
    wanted = {NAMES[number]: offset - ahead[0] for number, offset in enumerate(ahead) if abs(offset - ahead[0]) > 2}
    told = {one.source: one.seconds for one in found}
    assert wanted.keys() <= told.keys()
    assert all(told[name] == pytest.approx(offset, abs=2 * noise + 0.01) for name, offset in wanted.items())
    assert all(one.against == NAMES[0] for one in found)


@settings(max_examples=60)
@given(st.permutations(range(4)), st.integers(0, 10**6))
def test_the_order_of_sources_does_not_matter(order: list[int], seed: int) -> None:
    true = events(12)
    sources = [seen(true, ahead, seed=seed + number) for number, ahead in enumerate((0, 4, 3600, -90))]
    trust = [3, 2, 1, 0]
    straight = estimates(sources, NAMES, trust)
    mixed = estimates([sources[n] for n in order], [NAMES[n] for n in order], [trust[n] for n in order])
    assert set(straight) == set(mixed)


def test_time_grows_with_the_pairs() -> None:
    """Four times the pairs take about four times as long; were each compared with each, sixteen times."""

    def took(events_told: int) -> float:
        true = events(events_told)
        sources = [seen(true, 2.0 * number, seed=number) for number in range(8)]
        began = time.process_time()
        assert len(estimates(sources, [f"{number}.log" for number in range(8)])) == 7
        return time.process_time() - began

    small, large = (min(took(number) for _ in range(3)) for number in (6_250, 25_000))
    assert large < 10 * small
