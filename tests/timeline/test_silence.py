"""A log that had a line nearly every minute and has none for long fell silent; one that never had a rhythm did not."""

from __future__ import annotations

import numpy as np
import pytest

from amends.timeline.silence import ENDED, SHORTEST, Silence, silences

ALL = np.arange(1_000)
NONE = np.zeros(0, np.int64)


def minutes(*parts: tuple[int, int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.concatenate([np.arange(first, last) for first, last in parts])


def test_a_log_with_a_rhythm_that_pauses_fell_silent() -> None:
    assert silences(minutes((0, 100), (107, 1_000)), ALL, NONE) == [Silence(99, 7, goes_on=True)]


@pytest.mark.parametrize(("pause", "found"), [(SHORTEST - 1, 0), (SHORTEST, 1)])
def test_a_few_minutes_are_no_silence(pause: int, found: int) -> None:
    assert len(silences(minutes((0, 100), (100 + pause, 1_000)), ALL, NONE)) == found


def test_a_log_that_is_just_beginning_has_no_rhythm_yet() -> None:
    assert silences(minutes((0, 20), (40, 1_000)), ALL, NONE) == []


def test_a_log_with_a_line_now_and_then_has_none() -> None:
    assert silences(np.arange(0, 1_000, 3)[np.r_[0:200, 220:334]], ALL, NONE) == []


def test_a_pause_like_those_before_is_none() -> None:
    often = [(first, first + 24) for first in range(0, 600, 30)]
    assert silences(minutes(*often, (606, 1_000)), ALL, NONE) == []


def test_the_more_minutes_are_empty_the_longer_a_silence_must_be() -> None:
    holey = np.setdiff1d(np.arange(100), np.arange(0, 100, 6))
    assert silences(np.concatenate([holey, minutes((105, 1_000))]), ALL, NONE) == []
    assert silences(np.concatenate([holey, minutes((112, 1_000))]), ALL, NONE) == [Silence(99, 12, goes_on=True)]


def test_a_log_that_ends_while_others_go_on_fell_silent() -> None:
    assert silences(np.arange(100), ALL, NONE) == [Silence(99, 900, goes_on=False)]


@pytest.mark.parametrize(
    ("everyone", "starts"),
    [
        (np.arange(100), NONE),
        (np.arange(99 + ENDED), NONE),
        (ALL, np.array([99])),
        (ALL, np.array([101])),
        (np.append(np.arange(100), 4_000_000_000), NONE),
    ],
    ids=["all end", "others end soon after", "another begins", "another begins a little later", "a wrong date"],
)
def test_a_log_that_ends_did_not_fall_silent_where(
    everyone: np.ndarray[tuple[int], np.dtype[np.int64]], starts: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> None:
    assert silences(np.arange(100), everyone, starts) == []


def test_nothing_is_silent_that_never_spoke() -> None:
    assert silences(NONE, ALL, NONE) == []
