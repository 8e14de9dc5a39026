"""What was changed here, by whom and when, and the proof that the record of it was not touched."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from amends.core.people import LOCAL_PERSON
from amends.core.problem import Problem
from amends.store import audit
from amends.store import journal as rows
from amends.store.ledger_audit import ledger_problems
from amends.usecases import access

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amends.core.incident import JournalEntry
    from amends.store.engine import Store, Transaction


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

    def head(self, *, by: str = LOCAL_PERSON) -> tuple[int, str]:
        """The number and the hash of the last row, to be kept elsewhere: with it, `verify` proves that no end was cut off."""
        with self._store.reading() as connection:
            access.require(connection, by, "manage")
            return rows.head(connection)

    def verify(self, *, head: str | None = None, by: str = LOCAL_PERSON) -> list[Problem]:
        """What in the journal, or in what it vouches for, is not as it was written; empty when all is well.

        Reads everything once, a page at a time. A cut-off end is seen where a kept record cites a row of it, and always where `head`, the
        hash of the last row at an earlier time, is given. Raises StoreError.
        """
        with self._store.reading() as connection:
            access.require(connection, by, "manage")
            found = list(problems_in(connection))
            if head is not None and not rows.has_hash(connection, head.strip().lower()):
                told = "no row of the journal has the hash that was kept: its end was cut off, or it is another journal"
                found.append(Problem("journal-head", told, audit.RESTORE, field="journal"))
            return found


def problems_in(connection: Transaction) -> Iterator[Problem]:
    """The same inside a transaction that does more, as it is found."""
    texts = (found(connection, of) for of in audit.TEXTS for found in (audit.text_problems, audit.unrecorded_problems))
    return chain(audit.chain_problems(connection), chain.from_iterable(texts), ledger_problems(connection))
