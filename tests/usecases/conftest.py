"""A person at work: every use case over one store, on each kind of database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from amends.core.people import LOCAL_PERSON
from amends.store import people
from amends.testing import CountingIds, FixedClock
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.store.engine import Store


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def usecases(store: Store, clock: FixedClock) -> Iterator[UseCases]:
    made = UseCases(Checking, lambda: store, clock, CountingIds())
    yield made
    if store.answers():
        with store.reading() as connection:
            owner = next((one.name for one in people.listed(connection) if one.role == "owner" and not one.disabled_at), LOCAL_PERSON)
        assert made.journal.verify(by=owner) == [], "whatever a test does through the use cases, the journal stays whole"
