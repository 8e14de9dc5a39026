"""Auditing any number of updates in any order: what is too much for memory goes through files and comes out the same."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.core.problem import Problem
from amends.core.record import replace
from amends.promises.audit import AuditedPromise, Passed
from amends.promises.updates.update import Update
from amends.usecases import auditing
from amends.usecases.auditing import Auditing, Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START = datetime(2026, 3, 4, 10, 50, tzinfo=UTC)
NOW = START + timedelta(days=30)


def update(number: int, incident: str, minutes: int, **changes: Any) -> Update:
    one = Update(f"{number}", incident, START + timedelta(minutes=minutes), "UTC", "Next update at 11:30.", source="u.jsonl", line=number)
    return replace(one, **changes)


def everything(updates: list[Update], **how: Any) -> list[Any]:
    return list(Auditing(NOW, **how).run(iter(updates)))


def test_updates_of_an_incident_may_lie_anywhere_and_problems_come_first() -> None:
    read = [update(1, "a", 0), Problem("bad-line", "x"), update(2, "b", 0), update(3, "a", 10), update(4, "b", 90)]
    audit = Auditing(NOW)
    found = list(audit.run(iter(read)))
    assert isinstance(found[0], Problem)
    assert [(one.incident, one.message, one.fate) for one in found if isinstance(one, AuditedPromise)] == [
        ("a", "1", "kept"),
        ("a", "3", "missed"),
        ("b", "2", "late"),
        ("b", "4", "missed"),
    ]
    assert [one.incident for one in found if isinstance(one, Passed)] == ["a", "b"]
    assert audit.reckoning.figures().updates == 4


UPDATES = st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 90), st.sampled_from([0, 60, -450])), max_size=40)


@given(UPDATES, st.integers(1, 9))
def test_through_files_comes_out_what_comes_out_of_memory(parts: list[tuple[str, int, int]], held: int) -> None:
    updates = [
        update(number, incident, minutes, at=(START + timedelta(minutes=minutes)).astimezone(timezone(timedelta(minutes=offset))))
        for number, (incident, minutes, offset) in enumerate(parts)
    ]
    assert everything(updates, held=held) == everything(updates)


def test_an_update_comes_back_from_a_file_as_it_was() -> None:
    zone = timezone(timedelta(hours=5, minutes=45))
    given = update(
        7, "ä\n", 3, at=datetime(2026, 3, 4, 1, 2, 3, 456789, zone), tz=None, flags=("edited",), places=("", "1.2"), talk=True, title="t"
    )
    with Shelf(held=1) as shelf:
        shelf.add(given)
        ((number, back),) = shelf.sorted()
    assert (number, back) == (0, given)
    assert back.at.utcoffset() == zone.utcoffset(None)


def test_runs_are_merged_when_there_are_too_many_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "MOST_RUNS", 3)
    with Shelf(held=2) as shelf:
        for number in range(40):
            shelf.add(update(number, str(number % 7), -number))
        assert len(shelf._runs) <= 3
        found = [one for _, one in shelf.sorted()]
    assert len(found) == 40
    assert [(one.incident, one.at) for one in found] == sorted((one.incident, one.at) for one in found)


def test_no_file_stays_when_it_is_done_or_broken_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def broken() -> Iterator[Update]:
        for number in range(10):
            yield update(number, "a", number)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(Auditing(NOW, held=2).run(broken()))
    list(Auditing(NOW, held=2).run(update(number, "a", number) for number in range(10)))
    assert os.listdir(tmp_path) == []


def test_as_of_a_time_what_came_later_is_left_out_and_told() -> None:
    until = START + timedelta(minutes=20)
    found = list(Auditing(until, until=until).run(iter([update(1, "a", 0), update(2, "a", 30), update(3, "a", 20, text="Still looking.")])))
    assert [one.fate for one in found if isinstance(one, AuditedPromise)] == ["kept"]
    assert [(one.code, one.message[:20]) for one in found if isinstance(one, Problem)] == [("later", "1 updates are later ")]
    found = list(Auditing(until, until=until).run(iter([update(1, "a", 0), update(2, "a", 30)])))
    assert [one.fate for one in found if isinstance(one, AuditedPromise)] == ["open"]
