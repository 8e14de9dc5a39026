"""The labelled text that the network is trained from keeps the rules of training/GUIDELINE.md. Nothing here needs numpy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from agreement import SECOND, Agreement, agreement, readings
from corpus import LABELS, CorpusError, Message, messages
from examine import MOST_OPENINGS, Figures, Sentence, blanked, copies, evaluated, examine, is_near, written
from hypothesis import given
from hypothesis import strategies as st

from amends.language.labels import FLAWS, MOVES

if TYPE_CHECKING:
    from pathlib import Path

LEAST_CASES = 100
LEAST_F1, LEAST_KAPPA, LEAST_COMPARED = 0.85, 0.85, 600
LEAST_F1_OF_A_LABEL = 0.75


@pytest.fixture(scope="module")
def texts() -> list[Message]:
    return list(messages())


@pytest.fixture(scope="module")
def figures(texts: list[Message]) -> Figures:
    return examine(texts, written(texts))


def test_the_text_keeps_its_rules(figures: Figures) -> None:
    assert figures.broken() == []


@pytest.mark.parametrize("label", LABELS)
def test_every_label_has_cases_enough_to_learn_from(label: str, figures: Figures) -> None:
    assert figures.labels[label] >= LEAST_CASES


def test_two_readers_agree_on_the_labels(texts: list[Message]) -> None:
    pairs = readings(texts)
    pooled = agreement(pairs)

    assert len(pairs) >= LEAST_COMPARED
    assert pooled.f1 >= LEAST_F1
    assert pooled.kappa >= LEAST_KAPPA
    assert {label: agreement(pairs, [label]).f1 for label in LABELS if agreement(pairs, [label]).f1 < LEAST_F1_OF_A_LABEL} == {}


def test_the_second_reading_holds_each_sentence_once() -> None:
    words = [json.loads(line)["words"] for line in SECOND.read_text(encoding="utf-8").splitlines()]

    assert len(words) == len(set(words))


def test_agreement_is_counted_over_every_decision() -> None:
    pairs = [(frozenset({"fact"}), frozenset({"fact"})), (frozenset({"fact"}), frozenset()), (frozenset(), frozenset())]

    found = agreement(pairs, ["fact"])

    assert found == Agreement(both=1, first=1, second=0, neither=1)
    assert found.f1 == pytest.approx(2 / 3)
    assert found.kappa == pytest.approx(0.4)


WORDS = st.lists(st.sampled_from("we lost 12 files :: and | soon = - it’s *late* (again) …".split()), min_size=1, max_size=9).map(" ".join)
LABELLED = st.tuples(
    WORDS.filter(lambda words: not words.startswith("=== ")),
    st.lists(st.sampled_from(MOVES), unique=True),
    st.lists(st.sampled_from(FLAWS), unique=True),
    st.booleans(),
)


@given(lines=st.lists(LABELLED, min_size=1, max_size=6))
def test_what_was_written_is_read(lines: list[tuple[str, list[str], list[str], bool]], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("text")
    body = [
        ("\n" if paragraph else "") + f"{words} ::" + "".join(f" {move}" for move in moves) + (f" | {' '.join(flaws)}" if flaws else "")
        for words, moves, flaws, paragraph in lines
    ]
    (folder / "one.txt").write_text("\n".join(["=== chat | somebody", *body]) + "\n", encoding="utf-8")

    (message,) = messages(folder)

    assert (message.kind, message.voice) == ("chat", "somebody")
    assert [(one.words, one.labels) for one in message.sentences] == [(words, frozenset(moves + flaws)) for words, moves, flaws, _ in lines]
    assert [message.text[one.start : one.end] for one in message.sentences] == [words for words, *_ in lines]


@pytest.mark.parametrize("line", ["no labels here", "wrong label :: fact oops", "=== chat without a voice"])
def test_a_line_that_cannot_be_read_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text(f"=== chat | somebody\n{line}\n", encoding="utf-8")

    with pytest.raises(CorpusError, match=r"bad\.txt:2"):
        list(messages(tmp_path))


ORDINARY = frozenset("the disk was full at and we lost".split())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("At 9:12 UTC Mara Lind lost 40 files.", "at _ lost _ files"),
        ("Mara lost four files, and I know.", "_ lost _ files and i know"),
        ("THE DISK WAS FULL", "the disk was full"),
    ],
)
def test_names_numbers_and_times_are_blanked(text: str, words: str) -> None:
    assert " ".join(blanked(text, ORDINARY)) == words


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("the disk of the mail host was full", "the disk of the web host was full", True),
        ("the disk of the mail host was full", "last night the disk of the mail host was full and nobody saw it", True),
        ("the disk of the mail host was full", "the mail host stopped because its disk had no room", False),
        ("on _ between _ and _ the tills were closed", "on _ between _ and _ nobody could log in", False),
    ],
)
def test_a_near_copy_shares_most_of_its_words_in_order(one: str, other: str, *, near: bool) -> None:
    assert is_near(tuple(one.split()), tuple(other.split())) is near
    assert is_near(tuple(other.split()), tuple(one.split())) is near


def test_a_planted_copy_of_an_evaluated_sentence_is_found(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps({"text": "Hello all. On Monday the second disk of Aurora was full by 9:20."}) + "\n\n", encoding="utf-8")
    planted = Sentence(blanked("On Friday the second disk of Borealis was full by 7:45.", ORDINARY), "here", "")

    found = copies([planted], evaluated([tmp_path], ORDINARY))

    assert [(one.where, other.where) for one, other in found] == [("here", "set.jsonl:1")]


def test_broken_rules_are_told() -> None:
    opening = ("it", "was", "late", "and", "we")
    sentences = [Sentence((*opening, "slept"), f"there:{number}", "It was late and we slept.") for number in range(MOST_OPENINGS + 1)]

    distinct, openings, same = examine([], sentences).broken()

    assert distinct.startswith("1 distinct sentences")
    assert openings.startswith(f"{MOST_OPENINGS + 1} sentences open with")
    assert same.startswith("there:0, there:1")
