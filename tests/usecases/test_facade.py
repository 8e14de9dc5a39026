"""One object for interfaces, whose parts are made when first asked for; the store by the first part that needs one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

import pytest

from amends.core.errors import NeedsExtraError
from amends.testing import CountingIds, FixedClock, memory_store, memory_usecases
from amends.usecases.checking import Checking
from amends.usecases.facade import UseCases


def unavailable() -> NoReturn:
    raise NeedsExtraError("the store", "server")


def test_checking_works_where_no_store_can_be_opened() -> None:
    usecases = UseCases(Checking, unavailable, FixedClock(), CountingIds())
    assert usecases.checking.forms() is not None
    with pytest.raises(NeedsExtraError, match="the store"):
        _ = usecases.drafting
    usecases.close()


def test_threads_that_ask_at_once_share_one_store() -> None:
    opened = []

    def counted() -> object:
        opened.append(memory_store())
        return opened[-1]

    usecases = UseCases(Checking, counted, FixedClock(), CountingIds())  # type: ignore[arg-type]  # a store, whose type needs SQL to name
    with ThreadPoolExecutor(8) as pool:
        ids = {pool.submit(lambda: usecases.drafting.new("a").id).result() for _ in range(16)}
    assert (len(opened), len(ids), len(usecases.drafting.list_open())) == (1, 16, 16)
    usecases.close()


def test_the_doubles_that_we_ship_make_a_whole_workbench() -> None:
    clock = FixedClock()
    usecases = memory_usecases(clock)
    draft = usecases.drafting.new("I broke the export.", incident_id=usecases.incidents.open("The export").id)
    clock.advance(minutes=5)
    assert usecases.drafting.save(draft.id, "I fixed it.", "auto", None, None, 1).updated_at == clock.now()
    assert (usecases.journal.verify(), usecases.readiness.problems()) == ([], ())
    usecases.close()
