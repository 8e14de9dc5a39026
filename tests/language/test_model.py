"""The network: its file, its sums against a plain reading of them, its confidences, and what it points at."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING
from zlib import crc32

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import amends.language.model as model_package
from amends.language import commitments, judging
from amends.language.features import read
from amends.language.index import load
from amends.language.labels import FLAWS, MOVES
from amends.language.model.sight import names
from amends.language.model.weights import LANE, MAGIC, Weights, pack
from amends.language.text import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amends.language.features import Reading

AT = datetime(2026, 3, 4, 10, 50, tzinfo=UTC)
INDEX = load()
NETWORK = INDEX.network
LABELS = (*MOVES, *FLAWS)
WEIGHTS = Weights((Path(model_package.__file__).parent / "model.bin").read_bytes())
HEAD = WEIGHTS.head
NEAR = 1e-3
"""Log-odds that differ by less read the same: thresholds have two decimals."""

LANES = 5
PIECES = (
    "we|I|you|the team|broke|restored|rolled back|the deploy|checkout|at|since|10:42|14:30 UTC|38 minutes|4%|12|v1.2.3|45min|because"
    "|2026-03-04|sorry|my fault|thanks|please|soon|only|a few|some users|never again|mistakes were made|should have|lazy|perhaps|may have"
    "|the vendor|nobody|guaranteed|top priority|next update|will|add|a test|is down|investigating|Impact:|Constraints: none|- |# |\n|\n\n"
    "|.|?|!|,|;|:|–|…|(|)|[|]|`code`|https://example.org/a|@ana|> |\"|'|💥|日志|Ошибка|قاعدة|naïve"
).split("|")
speech = st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map(" ".join)
texts = st.one_of(speech, st.text(max_size=120), st.builds("{} {}".format, speech, st.text(max_size=30)))
TEMPLATES = [pytest.param(form.template, id=form.id) for form in INDEX.forms if form.template]
row_of_a_feature = st.lists(st.integers(-127, 127), min_size=LANES, max_size=LANES)


def reading_of(text: str) -> Reading:
    parsed = parse(text)
    promises, _ = commitments.find(parsed, AT, None)
    reading = read(parsed, INDEX.lexicon, INDEX.tables, promises, INDEX.labels)
    reading.odds, reading.least = NETWORK.judge(reading), NETWORK.least
    return reading


def seen_in(reading: Reading) -> list[list[str]]:
    """The features of each sentence by name."""
    return list(names(reading, INDEX.lexicon, INDEX.cues, INDEX.rule_names))


def lanes_of(total: int, count: int) -> list[int]:
    """The lanes of a sum as signed integers, taken apart one by one."""
    found = []
    for _ in range(count):
        lane = (total + (1 << (LANE - 1))) % (1 << LANE) - (1 << (LANE - 1))
        found.append(lane)
        total = (total - lane) >> LANE
    return found


def odds_of(features: Sequence[str]) -> list[float]:
    """The log-odds of a bag of features, worked out as the decision describes the network and not as the network does it."""
    sums = [0] * WEIGHTS.lanes
    for name in features:
        sums = [one + other for one, other in zip(sums, row_of(name), strict=True)]
    hidden = [max(0, one - bias) for one, bias in zip(sums, HEAD["bias"], strict=False)]
    *scales, out_scale = HEAD["scale"]
    return [
        HEAD["offset"][label]
        + scales[label] * sums[HEAD["hidden"] + label]
        + out_scale * sum(out[label] * unit for out, unit in zip(HEAD["out"], hidden, strict=True))
        for label in range(len(LABELS))
    ]


_rows: dict[str, list[int]] = {}


def row_of(name: str) -> list[int]:
    """The weights of a feature, remembered."""
    if name not in _rows:
        _rows[name] = lanes_of(WEIGHTS.row(name), WEIGHTS.lanes)
    return _rows[name]


# The file


@given(st.dictionaries(st.text(max_size=12), row_of_a_feature, max_size=30), st.text(max_size=12))
def test_rows_come_back_as_they_were_packed_and_a_feature_without_one_weighs_nothing(rows: dict[str, Sequence[int]], other: str) -> None:
    assume(len({crc32(name.encode()) for name in {*rows, other}}) == len({*rows, other}))
    weights = Weights(pack({"labels": ["one", "two"], "hidden": 3}, rows))
    assert weights.lanes == LANES
    for name, row in rows.items():
        assert lanes_of(weights.row(name), LANES) == row
    assert other in rows or weights.row(other) == 0


def test_the_head_comes_back_as_it_was_packed() -> None:
    head = {"labels": ("one",), "hidden": 1, "least": (-0.5,), "calibration": ((1.0, 0.25),)}
    packed = Weights(pack(head, {"w:it": [1, -1]})).head
    assert {name: packed[name] for name in head} == head


@pytest.mark.parametrize("data", [b"", b"amends", b"amends-model-0-little\n" + bytes(64), bytes(200)])
def test_a_file_of_another_make_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(ValueError, match="train it anew"):
        Weights(data)


def test_a_model_of_a_processor_with_the_other_order_of_bytes_is_refused() -> None:
    data = pack({"labels": ("one",), "hidden": 0}, {"w:it": [1]})
    here, there = (b"little", b"big") if b"little" in MAGIC else (b"big", b"little")
    with pytest.raises(ValueError, match="another kind of processor"):
        Weights(data.replace(here, there, 1))


def test_two_features_with_one_checksum_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="buckeroo"):
        pack({"labels": ("one",), "hidden": 0}, {"plumless": [1], "buckeroo": [2]})


@pytest.mark.parametrize("weight", [128, 1000, -129])
def test_a_weight_that_a_byte_cannot_hold_is_refused(weight: int) -> None:
    with pytest.raises(ValueError, match="byte"):
        pack({"labels": ("one",), "hidden": 0}, {"w:it": [weight]})


def test_the_labels_of_the_network_are_the_moves_and_the_flaws_each_with_a_threshold_and_a_calibration() -> None:
    assert NETWORK.labels == LABELS
    assert len(NETWORK.least) == len(HEAD["calibration"]) == len(HEAD["offset"]) == len(LABELS)
    assert len(HEAD["scale"]) == len(LABELS) + 1
    assert len(HEAD["bias"]) == len(HEAD["out"]) == HEAD["hidden"]


# The sums


@settings(deadline=None)
@given(texts)
def test_what_the_network_adds_up_is_what_it_says_that_it_sees(text: str) -> None:
    reading = reading_of(text)
    for seen, odds in zip(seen_in(reading), reading.odds, strict=True):
        assert odds == pytest.approx(odds_of(seen), abs=NEAR)


@pytest.mark.parametrize("text", TEMPLATES)
def test_the_same_holds_for_headings_labels_and_lists(text: str) -> None:
    reading = reading_of(text)
    assert len(reading.odds) == len(reading.text.sentences) > 3
    for seen, odds in zip(seen_in(reading), reading.odds, strict=True):
        assert odds == pytest.approx(odds_of(seen), abs=NEAR)


@pytest.mark.parametrize("word", ["sorry", "broke", "zyxwv", "日志"])
def test_a_sentence_of_fifty_thousand_words_overflows_nowhere(word: str) -> None:
    reading = reading_of(f"{word} " * 50_000)
    assert len(reading.text.words) == 50_000
    (odds,) = reading.odds
    # So great a sum has fewer places behind the point.
    assert odds == pytest.approx(odds_of(seen_in(reading)[0]), rel=1e-6, abs=NEAR)
    assert all(0 <= NETWORK.confidence(place, value) <= 1 for place, value in enumerate(odds))


def test_judging_and_pointing_take_time_that_grows_with_the_words() -> None:
    def seconds(words: int) -> float:
        reading = reading_of("the deploy broke " * (words // 3))
        begun = process_time()
        NETWORK.judge(reading)
        judging.span(NETWORK, reading, 0, LABELS.index("blame"))
        return process_time() - begun

    seconds(300)
    assert seconds(15_000) < 30 * max(seconds(1_500), 0.01)


@pytest.mark.parametrize(
    "text", ["qwxz vbnm plokij.", "日志 系统 崩溃", "Ошибка базы данных", "خطأ في قاعدة البيانات", "💥🔥", "%%% ###", "ẞ ﬀ ǅ"]
)
def test_unknown_words_and_other_scripts_are_judged_by_what_stands_around_them(text: str) -> None:
    reading = reading_of(text)
    for seen, odds in zip(seen_in(reading), reading.odds, strict=True):
        assert len(odds) == len(LABELS)
        assert odds == pytest.approx(odds_of(seen), abs=NEAR)


MESSAGE = (
    "At 10:42 my deploy broke the checkout, sorry. 38 orders failed. We rolled back at 11:05.\n\n"
    "## Actions\n\n- Add a test for empty carts\n- Next update at 14:30 UTC\n\nThe vendor was careless. It might possibly be the cache."
)


def test_the_same_text_gives_the_same_figures_in_every_process() -> None:
    first, second = reading_of(MESSAGE).odds, reading_of(MESSAGE).odds
    assert first == second
    program = (
        "import json, sys\nsys.path.insert(0, sys.argv[1])\nfrom test_model import MESSAGE, reading_of\n"
        "print(json.dumps(reading_of(MESSAGE).odds))"
    )
    for seed in ("1", "4711"):  # sets of words are walked in another order
        done = subprocess.run(
            [sys.executable, "-c", program, str(Path(__file__).parent)],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert json.loads(done.stdout) == first


# What it says and points at


@pytest.mark.parametrize(
    ("text", "label", "feature"),
    [
        ("That's on me.", "ownership", "b:on me"),
        ("The vendor was careless.", "blame", "k:slur"),
        ("Thanks for the quick triage.", "thanks", "w:thanks"),
        ("Please rotate your keys.", "request", "w:please"),
    ],
)
def test_an_explanation_names_each_feature_that_weighs_with_what_the_odds_lose_without_it(text: str, label: str, feature: str) -> None:
    reading = reading_of(text)
    (seen,) = seen_in(reading)
    place = LABELS.index(label)
    told = dict(NETWORK.explain(reading, 0, place))
    assert set(told) == {name for name in seen if WEIGHTS.row(name)}
    assert told[feature] > 0.1
    for name, change in told.items():
        without = odds_of([one for one in seen if one != name])[place]
        assert change == pytest.approx(reading.odds[0][place] - without, abs=2 * NEAR), name


@settings(deadline=None)
@given(texts)
def test_the_words_pointed_at_lie_in_their_sentence(text: str) -> None:
    reading = reading_of(text)
    for place, sentence in enumerate(reading.text.sentences):
        if sentence.first == sentence.last:
            continue
        ends = {end for _, end in reading.text.spans[sentence.first : sentence.last]}
        for label in range(len(MOVES), len(LABELS)):
            start, end = judging.span(NETWORK, reading, place, label)
            assert sentence.start <= start < end <= sentence.end
            assert end in ends


@given(st.integers(0, len(LABELS) - 1), st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_confidence_never_falls_where_the_log_odds_rise(place: int, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= NETWORK.confidence(place, low) <= NETWORK.confidence(place, high) <= 1


@pytest.mark.parametrize("place", range(len(LABELS)), ids=LABELS)
def test_confidence_at_the_threshold_of_a_label_is_far_from_both_ends(place: int) -> None:
    """A calibration that did not converge says 0 or 1 of everything, and the surest sentence is then any."""
    at = NETWORK.least[place]
    assert 0.1 < NETWORK.confidence(place, at) < 0.95
    assert NETWORK.confidence(place, at - 2) < NETWORK.confidence(place, at) < NETWORK.confidence(place, at + 2)


def test_a_sentence_at_the_threshold_makes_a_move_and_one_below_it_does_not() -> None:
    reading = reading_of("It is late.")
    reading.odds = [list(NETWORK.least)]
    assert [label.move for label in judging.moves(NETWORK, reading, ())[0]] == list(MOVES)
    assert [label.flaw for label in judging.flaws(NETWORK, reading, 0, {})] == list(FLAWS)
    reading.odds = [[value - 0.01 for value in NETWORK.least]]
    assert judging.moves(NETWORK, reading, ()) == [()]
    assert judging.flaws(NETWORK, reading, 0, {}) == []


def test_the_words_of_a_rule_add_their_odds_and_are_what_is_pointed_at() -> None:
    reading = reading_of("It is late.")
    reading.odds = [[value - judging.RULE_ODDS for value in NETWORK.least]]
    (label,) = judging.flaws(NETWORK, reading, 0, {"blame": (3, 5)})
    assert (label.flaw, label.start, label.end, label.told) == ("blame", 3, 5, True)


def test_greetings_signatures_and_gaps_make_no_move_whatever_their_odds() -> None:
    reading = reading_of("Hi Ana,\n\nThe build is broken. It is late.\n\nThanks,\nJo")
    reading.odds = [[9.0] * len(LABELS) for _ in reading.text.sentences]
    made = judging.moves(NETWORK, reading, {2})
    kinds = [sentence.kind for sentence in reading.text.sentences]
    assert [bool(labels) for labels in made] == [kind == "sentence" and place != 2 for place, kind in enumerate(kinds)]
