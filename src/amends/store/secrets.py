"""Secrets that the workspace keeps for itself, made once and never shown; the journal says that one was made, and not what it is.

Who reads the database reads them too. That is enough for what they sign: links by which somebody says that they have read a message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from amends.store import journal
from amends.store.schema import setting

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

PREFIX = "secret."
"""How the keys of secrets begin, so that what lists or exports settings can leave them out."""


def get(connection: Connection, name: str) -> str | None:
    """The secret of a name, None where none was made yet."""
    return connection.execute(select(setting.c.value).where(setting.c.key == PREFIX + name)).scalar()


def add(connection: Connection, name: str, value: str, *, at: datetime, by: str) -> None:
    """Keep a new secret for good."""
    connection.execute(insert(setting), {"key": PREFIX + name, "value": value, "changed_at": at, "changed_by": by})
    journal.append(connection, at=at, actor=by, what="secret.made", subject=f"setting/{PREFIX}{name}", data={})
