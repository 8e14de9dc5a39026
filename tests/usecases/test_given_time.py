"""Times that people write in words: read by the engine, refused with the reason where they leave room for doubt."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amends.core.errors import InputError
from amends.testing import START
from amends.usecases.checking import Checking

ZONE = "Europe/Berlin"


@pytest.fixture(scope="module")
def checking() -> Checking:
    return Checking()


@pytest.mark.parametrize(
    ("words", "due", "grain"),
    [
        ("Friday 17:00", "2026-03-06T17:00:00+01:00", "minute"),
        ("by Friday 17:00", "2026-03-06T17:00:00+01:00", "minute"),
        ("in 45 min", "2026-03-04T11:35:00+00:00", "minute"),
        ("45m", "2026-03-04T11:35:00+00:00", "minute"),
        ("45 min", "2026-03-04T11:35:00+00:00", "minute"),
        ("1 h 30 min", "2026-03-04T12:20:00+00:00", "minute"),
        ("in 2h", "2026-03-04T12:50:00+00:00", "minute"),
        ("15:30", "2026-03-04T15:30:00+01:00", "minute"),
        ("tomorrow 10:00", "2026-03-05T10:00:00+01:00", "minute"),
        ("2026-03-04T15:30:00-05:00", "2026-03-04T15:30:00-05:00", "minute"),
        ("2026-03-06", "2026-03-06T23:59:00+01:00", "day"),
        ("2026-07-01T09:00", "2026-07-01T09:00:00+02:00", "minute"),
    ],
)
def test_a_time_in_words_is_an_instant(checking: Checking, words: str, due: str, grain: str) -> None:
    read = checking.time_in(words, START, ZONE)
    assert (read.due, read.grain) == (datetime.fromisoformat(due), grain)


def test_what_was_assumed_is_told(checking: Checking) -> None:
    read = checking.time_in("10:30", START, ZONE)
    assert read.due.astimezone(UTC) == datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
    assert read.note is not None
    assert "tomorrow" in read.note


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("31 February", "there is no such date"),
        ("2026-02-31T10:00", "there is no such date"),
        ("soon", "no time can be read"),
        ("25:99", "no time can be read"),
        ("12:00 or 13:00", "2 times can be read"),
        ("every Friday", "no single instant"),
        ("10:00 unless it rains", "only “10:00” of it was understood"),
        ("1 day 30 min", "only “30 min”|2 times|no single"),
        (" ", "must not be empty"),
        ("one\ntwo", "one line"),
    ],
)
def test_what_leaves_room_for_doubt_is_refused_with_the_reason(checking: Checking, words: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as refused:
        checking.time_in(words, START, ZONE, "until")
    assert refused.value.field == "until"
    assert refused.value.hint


def test_a_promise_tells_its_kind_and_its_time(checking: Checking) -> None:
    read = checking.promise_in("Next update at 11:30", START, "UTC")
    assert read.kind == "next_update"
    assert read.time is not None
    assert read.time.due == datetime(2026, 3, 4, 11, 30, tzinfo=UTC)
    assert read.time.words == "11:30"


def test_words_that_are_no_promise_still_name_their_time(checking: Checking) -> None:
    read = checking.promise_in("the three shops, Friday 17:00", START, "UTC")
    assert read.time is not None
    assert read.time.due == datetime(2026, 3, 6, 17, 0, tzinfo=UTC)


def test_words_without_a_time_have_none(checking: Checking) -> None:
    assert checking.promise_in("Ask Dana about the three shops", START, "UTC").time is None


def test_an_impossible_time_or_several_are_refused(checking: Checking) -> None:
    with pytest.raises(InputError, match="there is no such date"):
        checking.promise_in("I will have it done by 31 February", START, "UTC")
    with pytest.raises(InputError, match="several times: “12:00”, “13:00”"):
        checking.promise_in("I will call Dana by 12:00 and I will call Bob by 13:00", START, "UTC")
