"""Words as two tellings share them: the file that ships, and how alike two words are."""

from __future__ import annotations

import zlib

import pytest

from amends.narrative.comparing.vocabulary import SAME_CONCEPT, SAME_STEM, Vocabulary, alike, near, pack, vocabulary, weight

MADE = pack(["boat", "ship", "river"], [0.2, 0.5, 1.0], [[(1, 204)], [], [(0, 51), (1, 102)]])


def test_what_was_packed_is_read_again() -> None:
    made = Vocabulary(MADE)
    assert [round(made.weight(word), 2) for word in ("boat", "ship", "river")] == [0.2, 0.5, 1.0]
    assert made.near("boat") == {"ship": pytest.approx(0.8)}
    assert made.near("ship") == {}
    assert made.near("river") == {"boat": pytest.approx(0.2), "ship": pytest.approx(0.4)}


def test_the_same_words_give_the_same_bytes() -> None:
    assert pack(["boat", "ship", "river"], [0.2, 0.5, 1.0], [[(1, 204)], [], [(0, 51), (1, 102)]]) == MADE


@pytest.mark.parametrize("data", [b"", b"amends-drift-1\n", b"PK\x03\x04", MADE[1:]])
def test_what_is_no_vocabulary_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no vocabulary of ours"):
        Vocabulary(data)


def test_a_vocabulary_that_was_cut_off_is_refused() -> None:
    with pytest.raises(zlib.error):
        Vocabulary(MADE[:-8])


def test_small_words_say_nothing_common_words_little_and_names_most() -> None:
    assert weight("the") == 0
    assert 0 < weight("people") < weight("harbour") <= 1
    assert weight("ebbesen-hutchkins") == 1, "what is in no file says most"


def test_a_compound_is_known_by_its_letters() -> None:
    assert Vocabulary(pack(["runbook"], [0.5], [[]])).weight("run-book") == pytest.approx(0.5, abs=0.01)


def test_words_are_alike_in_both_directions_also_where_one_list_names_the_other_only() -> None:
    words = ("doctor", "physician", "patient", "ferry", "boat", "harbour", "refund", "invoice")
    assert all(alike(one, other) == alike(other, one) for one in words for other in words)
    one_way = next((one, other) for one in vocabulary()._words[2000:4000] for other in near(one) if one not in near(other))
    assert alike(*one_way) == alike(*reversed(one_way)) > 0


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("ferry", "ferry", 1.0, 1.0),
        ("ferry", "ferries", SAME_STEM, SAME_STEM),
        ("deploy", "rollout", SAME_CONCEPT, 1.0),
        ("doctor", "physician", 0.3, 1.0),
        ("ferry", "spreadsheet", 0.0, 0.0),
        ("qwzxv", "vxzwq", 0.0, 0.0),
    ],
)
def test_words_are_as_alike_as_their_meaning(one: str, other: str, least: float, most: float) -> None:
    assert least <= alike(one, other) <= most


def test_neighbours_of_the_file_that_ships_are_shares_and_never_the_word_itself() -> None:
    for word in ("ferry", "hospital", "server", "monday", "lost"):
        assert near(word)
        assert word not in near(word)
        assert all(0 < value <= 1 for value in near(word).values())
