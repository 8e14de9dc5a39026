"""Instants come back as they went in, in UTC, and text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from amends.store.instant import Instant, stamp

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

DIALECTS = [make_url(f"{kind}://").get_dialect()() for kind in ("sqlite", "postgresql+psycopg")]

aware = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)).flatmap(
    lambda naive: st.integers(-14 * 60, 14 * 60).map(lambda minutes: naive.replace(tzinfo=timezone(timedelta(minutes=minutes))))
)


@given(aware, aware)
def test_the_text_of_an_instant_sorts_like_the_instant(one: datetime, other: datetime) -> None:
    assert (one < other) == (stamp(one) < stamp(other))
    assert datetime.fromisoformat(stamp(one)) == one


@pytest.mark.parametrize("dialect", DIALECTS)
@given(at=aware)
def test_an_instant_comes_back_equal_and_in_utc(dialect: Dialect, at: datetime) -> None:
    column = Instant()
    back = column.process_result_value(column.process_bind_param(at, dialect), dialect)
    assert back == at
    assert back is not None
    assert back.tzinfo is UTC


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_time_without_an_offset_is_refused_and_no_time_stays_none(dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="no instant"):
        Instant().process_bind_param(datetime(2026, 3, 4, 10, 50), dialect)
    assert Instant().process_bind_param(None, dialect) is None
    assert Instant().process_result_value(None, dialect) is None
