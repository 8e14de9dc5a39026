"""What the workspace has decided, one short value for each key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from amends.store import journal
from amends.store.schema import setting

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def get(connection: Connection, key: str) -> str | None:
    """The value of a key, None where nothing was decided."""
    return connection.execute(select(setting.c.value).where(setting.c.key == key)).scalar()


def put(connection: Connection, key: str, value: str, *, at: datetime, by: str) -> None:
    """Decide, with a row of the journal that says what held before."""
    before = get(connection, key)
    if before == value:
        return
    row = {"value": value, "changed_at": at, "changed_by": by}
    if before is None:
        connection.execute(insert(setting), row | {"key": key})
    else:
        connection.execute(update(setting).where(setting.c.key == key).values(**row))
    journal.append(connection, at=at, actor=by, what="setting.changed", subject=f"setting/{key}", data={"before": before, "after": value})
