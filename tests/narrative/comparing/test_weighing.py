"""How likely a place is a drift: the line, the trees, and the file that ships."""

from __future__ import annotations

import json
import zlib
from importlib import resources

import pytest

from amends.narrative.comparing import weighing
from amends.narrative.comparing.altering import ALTERED
from amends.narrative.comparing.weighing import CLEAR, HOPELESS, MAGIC, Line, Scale, Trees, chance, evidence, odds_of, pack, scale
from amends.narrative.drift import DRIFTS

LINE = {"bias": 0.5, "features": {"gone": [0.4, 0.2, 1.0], "size": [2.0, 1.0, -0.5]}}
TREES = {"bias": -0.25, "trees": [[["gone", 0.5, 1, 2], ["", 0.1, 0, 0], ["size", 1.0, 3, 4], ["", 0.6, 0, 0], ["", -0.7, 0, 0]]]}


def test_a_line_is_the_sum_of_what_stands_out() -> None:
    assert Line(LINE).odds({"gone": 0.8, "size": 3.0}) == pytest.approx(0.5 + 1.0 * 2.0 - 0.5 * 1.0)


def test_a_feature_that_is_absent_counts_as_nought_and_one_that_is_unknown_not_at_all() -> None:
    line = Line(LINE)
    assert line.odds({}) == line.odds({"gone": 0.0, "size": 0.0}) == pytest.approx(0.5 - 2.0 + 1.0)
    assert line.odds({"never heard of": 9.0}) == line.odds({})


def test_a_feature_far_out_says_no_more_than_one_that_is_clear() -> None:
    assert Line(LINE).odds({"gone": 1e9}) == pytest.approx(Line(LINE).odds({"gone": 0.4 + CLEAR * 0.2}))


@pytest.mark.parametrize(
    ("features", "odds"),
    [({}, -0.15), ({"gone": 0.5}, -0.15), ({"gone": 0.6}, 0.35), ({"gone": 0.6, "size": 1.0}, 0.35), ({"gone": 0.6, "size": 1.1}, -0.95)],
)
def test_a_tree_goes_low_at_its_limit_and_high_above_it(features: dict[str, float], odds: float) -> None:
    assert Trees(TREES).odds(features) == pytest.approx(odds)


def test_a_place_is_weighed_by_line_and_trees_half_and_half_unless_the_line_sees_no_hope() -> None:
    told = {"kinds": {"dropped_fact": {"line": LINE, "trees": TREES}}, "pair": LINE, "least": {"dropped_fact": 0.0}, "gate": 0}
    made = Scale(told)
    assert made.odds("dropped_fact", {"gone": 0.6, "size": 1.0}) == pytest.approx((2.0 + 0.35) / 2)
    hopeless = {"gone": -9.0, "size": 9.0}
    assert made.odds("dropped_fact", hopeless) == Line(LINE).odds(hopeless) < HOPELESS


def test_a_probability_and_its_log_odds_are_the_same_told_otherwise() -> None:
    assert all(chance(odds_of(share)) == pytest.approx(share) for share in (0.01, 0.3, 0.5, 0.97))
    assert -20 < odds_of(0.0) < odds_of(1.0) < 20


def test_what_speaks_for_a_pair_does_not_depend_on_the_order() -> None:
    found = [("dropped_fact", 1.0), ("agent_removed", -0.5), ("dropped_fact", -2.0)]
    assert evidence(found, 0.7, 0.6) == evidence(found[::-1], 0.7, 0.6)


def test_a_pair_in_which_nothing_was_seen_has_evidence_all_the_same() -> None:
    told = evidence((), 0.0, 0.0)
    assert told["all"] == 0
    assert {told[f"{kind} 0"] for kind in DRIFTS} == {-CLEAR}


def test_the_model_that_ships_knows_every_kind_that_is_weighed_and_a_limit_for_every_drift() -> None:
    model = scale()
    assert set(model.least) == set(DRIFTS)
    assert all(abs(model.odds(kind, {})) < 50 for kind in ("dropped_fact", *ALTERED))
    assert model.drifting([("dropped_fact", 4.0)] * 5, 0.6, 0.6) > model.drifting([], 0.9, 0.9)


@pytest.mark.parametrize("data", [b"", b"amends-vocabulary-1\n", b"{}"])
def test_a_file_that_holds_no_model_is_refused_and_says_how_to_make_one(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    with pytest.raises(ValueError, match=r"training/drift\.py"):
        loaded(monkeypatch, data)


def test_a_model_that_was_cut_off_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(zlib.error):
        loaded(monkeypatch, pack({"kinds": {}})[:-6])


def test_a_packed_model_is_the_same_bytes_in_whatever_order_it_was_told() -> None:
    one = pack({"gate": 1, "least": {"a": 1, "b": 2}})
    assert one == pack({"least": {"b": 2, "a": 1}, "gate": 1})
    assert json.loads(zlib.decompress(one.removeprefix(MAGIC))) == {"gate": 1, "least": {"a": 1, "b": 2}}


def loaded(monkeypatch: pytest.MonkeyPatch, data: bytes) -> Scale:
    """The model of a file with these bytes."""
    monkeypatch.setattr(resources, "files", lambda _: _Folder(data))
    return weighing.scale.__wrapped__()


class _Folder:
    """A folder in which every file has the same bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __truediv__(self, _: str) -> _Folder:
        return self

    def read_bytes(self) -> bytes:
        return self._data
