"""What was changed here, by whom and when, and the proof that the record of it was not touched."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from amends.core.people import LOCAL_PERSON
from amends.store import audit
from amends.store import journal as rows
from amends.store.ledger_audit import ledger_problems
from amends.usecases import access

if TYPE_CHECKING:
    from amends.core.incident import JournalEntry
    from amends.core.problem import Problem
    from amends.store.engine import Store


class Journal:
    """The hash-chained record of every change. Every use case that writes appends to it in its own transaction.

    It speaks of everything, private incidents too (by id, without a word of them), so it is for those who manage the workspace.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def entries(self, *, after: int = 0, limit: int = 100, by: str = LOCAL_PERSON) -> tuple[JournalEntry, ...]:
        """Up to `limit` changes in order, beginning after row number `after`."""
        with self._store.reading() as connection:
            access.require(connection, by, "manage")
            return tuple(rows.entries(connection, after=after, limit=limit))

    def about(self, subject: str, *, by: str = LOCAL_PERSON) -> tuple[JournalEntry, ...]:
        """Every change of one thing, in order; a subject reads `draft/ID` or `incident/ID`."""
        with self._store.reading() as connection:
            access.require(connection, by, "manage")
            return tuple(rows.entries(connection, subject=subject))

    def verify(self, *, by: str = LOCAL_PERSON) -> list[Problem]:
        """What in the journal, or in the drafts it vouches for, is not as it was written; empty when all is well.

        Reads everything once. A cut-off end is seen only where a kept draft cites a row of it. Raises StoreError.
        """
        with self._store.reading() as connection:
            access.require(connection, by, "manage")
            texts = (found(connection, of) for of in audit.TEXTS for found in (audit.text_problems, audit.unrecorded_problems))
            return list(chain(audit.chain_problems(connection), *texts, ledger_problems(connection)))
