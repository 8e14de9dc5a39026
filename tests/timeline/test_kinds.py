"""Lines that say the same are of one kind, whatever numbers and names they carry; lines that say something else are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.timeline import kinds
from amends.timeline.kinds import clusters, is_change, is_told_by_bot, wording

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
        (b"peer 2001:db8::7 left", b"peer 10.0.0.7 left"),
        (b'failed, referrer: "https://shop.example/a"', b'failed, referrer: "http://a.example/b?c"'),
        (b'refused "Mozilla/5.0 (X11; Linux) Gecko/2 Firefox/1.0"', b'refused "curl/8.9.1"', b'refused "Go-http-client/1.1"'),
        (b'upstream timed out, request: "GET /a?q=x HTTP/1.1"', b'upstream timed out, request: "GET /a?q=yes&z=1 HTTP/1.1"'),
        (
            b'] "GET /orders/17/items?a=b HTTP/1.1" 504 164 "-" "Mozilla/5.0 (X11)" 0.1',
            b'+0100] "GET /orders/4/items HTTP/2.0" 504 3 "https://shop.example/cart" "curl/8.9.1" 10.007',
            b'"GET http://10.0.0.7:80/orders/3f2a91c0/items HTTP/1.0" 504',
        ),
    ],
)
def test_what_differs_between_lines_that_say_the_same_makes_no_kind(lines: tuple[bytes, ...]) -> None:
    assert len({wording(line) for line in lines}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b"disk full", b"disk fault"),
        (b'"GET /a HTTP/1.1" 502 1', b'"GET /a HTTP/1.1" 504 1'),
        (b'"GET /a HTTP/1.1" 502 1', b'"GET /b HTTP/1.1" 502 1'),
        (b'"GET /a HTTP/1.1" 502 1', b'"PUT /a HTTP/1.1" 502 1'),
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
        "New size: #; reason: cpu resource utilization above target",
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
        "GET /config/updated 504",
        '] "GET /deployed/finished HTTP/#" # #',
    ],
)
def test_other_lines_are_no_change(said: str) -> None:
    assert not is_change(said)


@pytest.mark.parametrize(
    ("actor", "text", "told"),
    [
        ("deploybot", "shop v2.31.0 (38ab184) → production: started by Ada", True),
        ("flagbot", "Flag changed\nexpress-checkout: 10 % → 50 % of visitors", True),
        ("Deploy Bot", "payments: scaled from 6 to 4 pods by Ada", True),
        ("jenkins", "Deployed shop 7 to staging", True),
        ("Ada", "I deployed shop v2.31.0 to production: finished", False),
        ("newsletter", "“Tents” was sent to 48,211 readers", False),
        ("deploybot", "good morning", False),
        (None, "Deployed shop", False),
    ],
)
def test_in_a_chat_programs_tell_of_changes_and_people_talk(actor: str | None, text: str, told: bool) -> None:
    assert is_told_by_bot(actor, text) == told


def test_of_a_few_paths_each_is_a_kind_and_of_many_all_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "MOST_PATHS", 2)
    few, many = ["GET /a 504", "GET /b 504"], ["GET /a 404", "GET /b 404", "GET /c 404"]
    assert grouped(*few, *many) == {frozenset({"GET /a 504"}), frozenset({"GET /b 504"}), frozenset(many)}


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
