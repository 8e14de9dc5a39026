"""Warning signs: each with a hit and a near-miss of its own, and all of them measured on situations that were written blind.

Of the situations in `apart` nothing is ever shown but the counts: nobody may read them to change a detector.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from amends.core.errors import UnknownNameError
from amends.trust.signs import TITLES, sign, signs
from amends.trust.signs.records import REF_KINDS, SIGNS
from amends.trust.signs.words import names, word_list
from trust.sign_figures import by_sign, measured
from trust.situation_files import APART, OPEN, OWN, SituationError, index, situations

if TYPE_CHECKING:
    from pathlib import Path

    from trust.situation_files import Situation

LEAST = {"open": (0.95, 0.94), "apart": (0.80, 0.80)}
"""Precision and recall that each detector reaches at least, on the situations that were read and on those that never were."""
OVERALL = {"open": (0.99, 0.98), "apart": (0.91, 0.90)}
SHOWS = {
    "cleaner-upward": (0, "told it cleaner than the team knew it", {"message"}),
    "same-promise": (0, "Promised 3 times without a date", {"message"}),
    "careful-in-public": (0, "1 of 9 say that the last one with bad news was treated well", {"document", "wave"}),
    "still-defensive": (0, "usually 55 min since the repair, 12 min before", {"action", "incident"}),
    "faster-than-evidence": (0, "of 1 actions that are done none was shown to help by then", {"message"}),
    "one-person": (0, "A person is given as the reason", {"document"}),
    "closed-unchecked": (0, "Of 3 actions that are done, none was shown to help", {"action"}),
    "no-word-on-people": (0, "none on what it did to anybody", {"document"}),
    "regret-without-change": (1, "were told 3 times on 3 days that we are sorry", {"message"}),
}
"""Of each sign: which of its own situations, words of what it saw, and what it links to."""


def own(name: str) -> tuple[Situation, ...]:
    return situations(OWN / f"{name}.txt")


@pytest.mark.parametrize("name", SIGNS)
def test_a_sign_is_seen_in_its_own_situations_and_in_none_of_its_near_misses(name: str) -> None:
    assert measured(OWN / f"{name}.txt")[2] == []


@pytest.mark.parametrize("name", SIGNS)
def test_a_sign_says_what_it_saw_links_to_it_and_asks_one_thing(name: str) -> None:
    number, words, kinds = SHOWS[name]
    found = sign(name, own(name)[number].material, index())
    assert found is not None
    assert (found.id, found.title) == (name, TITLES[name])
    assert words in found.saw
    assert {ref.kind for ref in found.where} == kinds <= set(REF_KINDS)
    assert found.ask.count(".") == 1


@pytest.mark.parametrize("name", SIGNS)
def test_where_there_is_nothing_no_sign_shows(name: str) -> None:
    full = own(name)[0].material
    bare = replace(full, texts=(), actions=(), promises=(), felt=(), courses=(), estimates=(), account=replace(full.account, points=()))
    assert sign(name, bare, index()) is None


def test_all_signs_are_told_in_their_order() -> None:
    shown = [one.id for one in signs(own("closed-unchecked")[1].material, index())]
    assert shown == ["closed-unchecked"]
    with pytest.raises(UnknownNameError, match="warning sign"):
        sign("bad-mood", own("one-person")[0].material, index())


@pytest.mark.parametrize("half", [OPEN, APART], ids=lambda half: half.name)
def test_signs_are_found_in_situations_that_were_written_blind(half: Path) -> None:
    found = by_sign(half.glob("*.txt"))
    assert set(found) == set(SIGNS)
    low = {name: (one.precision, one.recall) for name, one in found.items() if not _reaches(one.precision, one.recall, LEAST[half.name])}
    assert low == {}
    whole = [sum(getattr(one, name) for one in found.values()) for name in ("found", "wrong", "positives")]
    assert _reaches(whole[0] / (whole[0] + whole[1]), whole[0] / whole[2], OVERALL[half.name]), whole


def _reaches(precision: float, recall: float, least: tuple[float, float]) -> bool:
    return precision >= least[0] and recall >= least[1]


@pytest.mark.parametrize("name", names())
def test_a_list_of_words_is_heard_in_its_hits_and_not_in_its_near_misses(name: str) -> None:
    listed = word_list(name)
    assert len(listed.hits) >= 3
    assert len(listed.misses) >= 3
    assert [one for one in listed.hits if not listed.heard(one)] == []
    assert [one for one in listed.misses if listed.heard(one)] == []


WRONG = [
    ("message 03-04 10:00 team: hello", "a situation begins with"),
    ("== positive: x\nmesage 03-04 10:00 team: hello", "unknown line 'mesage'"),
    ("== positive: x\nmessage 03-04 10:00 teem: hello", "'teem' is no audience"),
    ("== positive: x\naction test done 31-03: late", "month must be in"),
    ("== positive: x\npulse month team n=8: 4=9", "at most 8 favourable"),
    ("== positive: x\nshows measure: 4", "stands under the point or the action"),
]


@pytest.mark.parametrize(("text", "said"), WRONG, ids=[said for _, said in WRONG])
def test_a_situation_that_cannot_be_read_says_where_and_why(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "one-person-x.txt"
    path.write_text(text)
    with pytest.raises(SituationError, match=said) as caught:
        situations(path)
    assert str(caught.value).startswith(f"{path}:")
