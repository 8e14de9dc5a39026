"""Ready means: the store answers and has the tables that this version works with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from amends.store.engine import Store, StoreError, open_store
from amends.testing import memory_store, memory_usecases
from amends.usecases.readiness import Readiness

if TYPE_CHECKING:
    import pytest

    from amends.usecases.facade import UseCases


def test_a_migrated_store_that_answers_is_ready(usecases: UseCases) -> None:
    assert usecases.readiness.problems() == ()


def test_an_empty_database_is_not_ready(empty_url: str) -> None:
    store = open_store(empty_url)
    assert [problem.code for problem in Readiness(lambda: store).problems()] == ["migrations"]
    store.close()


def test_a_store_that_a_newer_amends_migrated_meanwhile_is_not_ready(usecases: UseCases, store: Store) -> None:
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert [problem.code for problem in usecases.readiness.problems()] == ["migrations"]


def test_a_store_that_is_away_is_a_problem_with_its_reason_and_no_password() -> None:
    store = open_store("postgresql://u:secret@127.0.0.1:1/d")
    (problem,) = Readiness(lambda: store).problems()
    assert problem.code == "store"
    assert "secret" not in problem.message


def test_a_store_that_could_not_be_opened_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    usecases = memory_usecases()

    def refused() -> Store:
        raise StoreError("still starting")

    monkeypatch.setattr(usecases, "_open_store", refused)
    assert [problem.message for problem in usecases.readiness.problems()] == ["still starting"]
    monkeypatch.setattr(usecases, "_open_store", memory_store)
    assert usecases.readiness.problems() == ()
    usecases.close()
