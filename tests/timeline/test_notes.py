"""What people note about entries: a fold that loses nothing, and rows in the order of the times that hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from amends.timeline.entry import UNDATED
from amends.timeline.notes import NOTES, Marks, Note, marks, micros, micros_of, noted

START = datetime(2026, 3, 4, 10, 40, tzinfo=UTC)


def note(number: int, what: str, entry: str = "e1", **more: Any) -> Note:
    return Note(f"n{number}", "i1", entry, what, START + timedelta(minutes=number), "ana", **more)


def row(name: str, time: str | None, **more: Any) -> dict[str, object]:
    return {"id": name, "time": time, "text": name, **more}


def only(*notes: Note) -> Marks:
    return marks(notes)["e1"]


def test_pinning_and_hiding_are_switches_of_which_the_last_holds() -> None:
    assert only(note(1, "pinned")).pinned
    assert not only(note(1, "pinned"), note(2, "unpinned")).pinned
    state = only(note(1, "hidden"), note(2, "shown"), note(3, "hidden"), note(4, "pinned"))
    assert (state.hidden, state.pinned) == (True, True)


def test_of_two_corrections_the_later_one_counts_and_both_are_kept() -> None:
    first = note(1, "corrected", time=START, text="the camera says so")
    second = note(2, "corrected", time=START + timedelta(minutes=3), text="the camera was slow")
    state = only(first, second)
    assert state.correction == second
    assert state.corrections == (first, second)


def test_taking_back_the_later_correction_lets_the_one_before_hold_again_and_stays_in_the_history() -> None:
    first, second = note(1, "corrected", time=START), note(2, "corrected", time=START + timedelta(minutes=3))
    state = only(first, second, note(3, "withdrawn", undoes="n2"))
    assert state.correction == first
    assert [one.what for one in state.history] == ["corrected", "corrected", "withdrawn"]
    assert state.withdrawn == {"n2"}


def test_a_comment_that_was_taken_back_is_no_comment() -> None:
    state = only(note(1, "commented", text="why?"), note(2, "commented", text="found it"), note(3, "withdrawn", undoes="n1"))
    assert [one.text for one in state.comments] == ["found it"]


def test_a_corrected_entry_moves_to_its_time_and_keeps_the_one_of_its_source() -> None:
    rows = [row("e1", "2026-03-04T10:41:00.000000Z"), row("e2", "2026-03-04T10:42:00.000000Z"), row("e3", None)]
    said = marks([note(1, "corrected", time=START + timedelta(minutes=5))])
    found = noted(rows, said, {})
    assert [entry.id for entry in found] == ["e2", "e1", "e3"]
    assert found[1].original == micros("2026-03-04T10:41:00Z")
    assert found[1].time == micros_of(START + timedelta(minutes=5))
    assert found[2].time == UNDATED


def test_an_undated_entry_gets_a_time_by_correction() -> None:
    (entry,) = noted([row("e1", None)], marks([note(1, "corrected", time=START)]), {})
    assert (entry.time, entry.original) == (micros_of(START), UNDATED)


def test_an_added_entry_stands_where_it_happened_until_it_is_withdrawn() -> None:
    rows = [row("e1", "2026-03-04T10:39:00Z"), row("e2", "2026-03-04T10:41:00Z")]
    added = note(1, "added", "n1", time=START, text="Kim called the shop", actor="Kim")
    assert [entry.id for entry in noted(rows, marks([added]), {})] == ["e1", "n1", "e2"]
    found = noted(rows, marks([added]), {})[1]
    assert (found.row["text"], found.row["actor"], found.row["why"]) == ("Kim called the shop", "Kim", ["human"])
    assert found.row["time"] == "2026-03-04T10:40:00.000000Z"
    gone = note(2, "withdrawn", "n1", undoes="n1")
    assert [entry.id for entry in noted(rows, marks([added, gone]), {})] == ["e1", "e2"]


def test_what_somebody_pinned_or_said_something_about_stays_though_the_version_does_not_hold_it_any_more() -> None:
    elsewhere = {name: row(name, "2026-03-04T10:30:00Z") for name in ("old", "quiet")}
    said = marks([note(1, "pinned", "old"), note(2, "hidden", "quiet")])
    found = noted([row("e1", "2026-03-04T10:41:00Z")], said, elsewhere)
    assert [(entry.id, entry.is_current) for entry in found] == [("old", False), ("e1", True)]


def test_entries_of_one_instant_keep_the_order_that_they_came_in() -> None:
    rows = [row(f"e{number}", "2026-03-04T10:41:00Z") for number in range(9, 0, -1)]
    assert [entry.id for entry in noted(rows, {}, {})] == [one["id"] for one in rows]


def test_a_time_beyond_the_calendar_is_no_time() -> None:
    assert micros("12026-03-04T10:41:00Z") == UNDATED
    assert micros(None) == UNDATED


_whats = st.lists(st.tuples(st.sampled_from(NOTES), st.sampled_from(["e1", "e2"]), st.integers(0, 12)), max_size=12)


@given(_whats)
def test_no_history_is_beyond_reading_and_none_of_it_is_lost(said: list[tuple[str, str, int]]) -> None:
    notes = [note(number, what, entry, time=START, undoes=f"n{undoes}") for number, (what, entry, undoes) in enumerate(said)]
    found = marks(notes)
    assert sorted(one.id for state in found.values() for one in state.history) == sorted(one.id for one in notes)
    shown = noted([row("e1", None), row("e2", None)], found, {})
    assert {entry.id for entry in shown} >= {"e1", "e2"}


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)))
def test_an_instant_is_read_back_as_it_was_written(at: datetime) -> None:
    at = at.replace(tzinfo=UTC)
    written = f"{at.isoformat(timespec='microseconds').removesuffix('+00:00')}Z"
    assert micros(written) == micros_of(at)
