"""Lines that say the same are of one kind, whatever numbers and names they carry; lines that say something else are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.timeline import kinds
from amends.timeline.kinds import clusters, is_change, wording

if TYPE_CHECKING:
    from random import Random


@pytest.mark.parametrize(
    "lines",
    [
        (b"took 9 ms", b"took 1234 ms", b"took 12.5 ms", b"took 1,250 ms"),
        (b"peer 10.0.0.7 left", b"peer 192.168.100.200 left", b"peer 10.0.0.7:8080 left"),
        (b"job 3f2a91c0-15a3-4b77-9c0d-aa0011bb22cc failed", b"job 00000000-1111-2222-3333-444444444444 failed", b"job 42 failed"),
        (b"commit 3f2a91c0 refused", b"commit deadbeef0123456789abcdefdeadbeef01234567 refused", b"commit 77 refused"),
        (b"at 0xdeadbeef", b"at 0x7f"),
        (b"peer fe80:0:0:0:1ff:fe23:4567:890a left", b"peer 7 left"),
        (b'{"time":"2026-03-04T10:42:07Z","level":"error","msg":"no disk 4"}', b"no disk 17"),
        (b"trailing space 1 \r", b"trailing space 22"),
    ],
)
def test_what_differs_between_lines_that_say_the_same_makes_no_kind(lines: tuple[bytes, ...]) -> None:
    assert len({wording(line) for line in lines}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b"disk full", b"disk fault"),
        (b"a bad face", b"a bad cafe"),
        (b"x" * 100 + b" opened", b"x" * 100 + b" closed"),
        (b"r\xc3\xa9seau", b"reseau"),
    ],
)
def test_words_make_kinds(one: bytes, other: bytes) -> None:
    assert wording(one) != wording(other)


@given(st.binary(max_size=1500))
def test_any_bytes_have_a_wording_that_is_its_own(line: bytes) -> None:
    said = wording(line)
    assert len(said) <= 1024
    assert not any(digit in said for digit in "0123456789")


@pytest.mark.parametrize(
    "said",
    [
        "Deployed checkout v#",
        "deploying checkout to production",
        "Deployment of payments finished",
        "Rolled back checkout to #",
        "rollout completed for web",
        "Released version #",
        "Applying migration #_add_index",
        "Running upgrade a# -> b#, add orders",
        "feature flag new-cart turned on",
        "Enabled feature flag new-cart",
        "Configuration reloaded",
        "reloading config from disk",
        "Scaled up replica set web-# to #",
        "Service nginx restarted",
    ],
)
def test_lines_that_tell_of_a_change_are_known(said: str) -> None:
    assert is_change(said)
    assert any(stem.decode() in said.lower() for stem in kinds.STEMS)


@pytest.mark.parametrize(
    "said",
    [
        "Served request in # ms",
        "Rolling back transaction #",
        "Rolled back to savepoint a",
        "released lock #",
        "No migrations to apply",
        "Back-off restarting failed container",
        "unknown flag --foo",
        "scale is # percent",
        "read configuration",
        "employment record # stored",
    ],
)
def test_other_lines_are_no_change(said: str) -> None:
    assert not is_change(said)


def grouped(*wordings: str) -> set[frozenset[str]]:
    found = clusters(dict(enumerate(wordings)))
    return {frozenset(wordings[key] for key in found if found[key] == head) for head in set(found.values())}


def test_wordings_that_differ_in_a_name_are_one_kind() -> None:
    assert grouped("user anna was refused by the bank", "user bert was refused by the bank", "user carl was refused by the bank") == {
        frozenset({"user anna was refused by the bank", "user bert was refused by the bank", "user carl was refused by the bank"})
    }


@pytest.mark.parametrize(
    "wordings",
    [
        ("disk full", "disk slow"),
        ("cannot open file", "cannot open file twice"),
        ("refused: no money left", "accepted: no money left"),
        ("", "a"),
    ],
)
def test_wordings_of_other_words_or_length_are_not(wordings: tuple[str, str]) -> None:
    assert len(grouped(*wordings)) == 2


WORDINGS = st.lists(st.lists(st.sampled_from(["a", "b", "c", "#", "d="]), min_size=1, max_size=5).map(" ".join), unique=True, max_size=25)


@given(WORDINGS, st.randoms())
def test_clusters_do_not_depend_on_the_order_in_which_wordings_come(wordings: list[str], random: Random) -> None:
    other = list(wordings)
    random.shuffle(other)
    assert grouped(*wordings) == grouped(*other)


@given(WORDINGS)
def test_every_wording_is_in_one_cluster_whose_name_is_one_of_its_own(wordings: list[str]) -> None:
    found = clusters(dict(enumerate(wordings)))
    assert set(found) == set(range(len(wordings)))
    assert all(found[head] == head for head in found.values())


def test_beyond_a_number_of_wordings_only_first_words_count(monkeypatch: pytest.MonkeyPatch) -> None:
    wordings = [f"cannot open the file {chr(97 + n)} {chr(98 + n)} {chr(99 + n)} {chr(100 + n)}" for n in range(20)]
    assert len(grouped(*wordings)) == 20
    monkeypatch.setattr(kinds, "MOST_WORDINGS", 10)
    assert len(grouped(*wordings)) == 1
