"""Practice as rows: bound to one person, and gone from the file when it is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amends.practice.session import Delivery, Locked, Sitting
from amends.store import practising as rows
from amends.store.engine import open_store
from amends.store.migrate import migrate
from amends.store.schema import metadata
from amends.testing import START

if TYPE_CHECKING:
    from pathlib import Path

    from amends.store.engine import Store

WORDS = "The wombat ate the invoice."


def sitting(name: str, person: str = "ana") -> Sitting:
    locked = Locked(1, "0" * 64, 1, 7, 3, "liv")
    return Sitting(
        name, person, "charged-twice", "Charged twice", "customer-apology", "drill", aided=False, started_at=START, ended_at=None,
        score=None, passed=None, first=False, left=False, turns=0, locked=locked,
    )  # fmt: skip


def test_a_drill_comes_back_as_it_was_kept_for_its_person_alone(store: Store) -> None:
    with store.writing() as connection:
        rows.add(connection, sitting("A"), "made of this")
        assert rows.find(connection, "ana", "A") == (sitting("A"), "made of this")
        assert rows.find(connection, "bo", "A") is None
        assert rows.find(connection, "ana", "'; --") is None
        assert rows.listed(connection, "bo") == ()


def test_a_turn_is_kept_only_where_it_is_the_next_one_of_a_drill_that_goes_on(store: Store) -> None:
    spoken = Delivery(3.5, 1)
    with store.writing() as connection:
        rows.add(connection, sitting("A"))
        assert not rows.add_turn(connection, "A", 2, WORDS, START, None)
        assert rows.add_turn(connection, "A", 1, WORDS, START, spoken)
        assert not rows.add_turn(connection, "A", 1, "Others.", START, None)
        rows.end(connection, "A", START, score=40, passed=False, first=True, left=False)
        assert not rows.add_turn(connection, "A", 2, "Too late.", START, None)
        assert rows.said(connection, "A") == ((WORDS, START, spoken),)


def test_no_row_of_practice_refers_outside_or_is_referred_to_or_kept_by_the_journal() -> None:
    for table in metadata.tables.values():
        for key in table.foreign_keys:
            ours, theirs = table.name.startswith("practice_"), key.column.table.name.startswith("practice_")
            assert ours == theirs, f"{table.name} and {key.column.table.name}"
    assert not any("journal_seq" in table.c for table in rows.TABLES)
    assert {table.name for table in rows.TABLES} == {name for name in metadata.tables if name.startswith("practice_")}


def test_forgotten_words_are_not_left_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "amends.sqlite3"
    store = open_store(f"sqlite:///{path}")
    migrate(store)
    with store.writing() as connection:
        rows.add(connection, sitting("A"))
        for number in range(1, 60):
            rows.add_turn(connection, "A", number, f"{WORDS} {number}" * 20, START, None)
    assert any(WORDS.encode() in one.read_bytes() for one in tmp_path.iterdir())
    with store.writing() as connection:
        rows.drop(connection, "A")
    rows.sweep(store)
    assert [one.name for one in tmp_path.iterdir() if WORDS.encode() in one.read_bytes()] == []
    store.close()


@pytest.mark.parametrize("whose", ["ana", "bo"])
def test_everything_of_one_person_goes_and_nothing_of_another(store: Store, whose: str) -> None:
    with store.writing() as connection:
        for name, person in (("A", "ana"), ("B", "bo")):
            rows.add(connection, sitting(name, person))
            rows.add_turn(connection, name, 1, WORDS, START, None)
            rows.put_card(connection, person, "fact", "bug-report", due=START, scenario_id=None, state="{}")
        rows.drop_all(connection, whose)
        other = "bo" if whose == "ana" else "ana"
        assert (rows.listed(connection, whose), rows.cards(connection, whose)) == ((), {})
        assert [len(rows.said(connection, one.id)) for one in rows.listed(connection, other)] == [1]
        assert len(rows.cards(connection, other)) == 1
